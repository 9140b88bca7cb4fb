"""Who the reports of a run are of: one name for each agency, the same in all its years."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mining.history.mapping import AgencyMap
from mining.history.names import Identity, likeness
from mining.origin.agencies import parse_agency
from mining.settings import Settings

__all__ = ["Agency", "map_digest", "name_agencies"]

_Told = tuple[str, str | None, int | None]


@dataclass(frozen=True, slots=True)
class Agency:
    """The agency that a report is of.

    Parameters
    ----------
    name
        The same for all reports of the agency: its latest name, with the place.
    is_known
        Whether other reports of this name are of this agency: 水务局 without any place is not.
    """

    name: str
    is_known: bool


def name_agencies(
    told: Iterable[_Told],
    agencies: AgencyMap | None = None,
    *,
    sure: float = Settings().sure_agency,
) -> list[Agency]:
    """Return the agency of each report, told by name, region and year, whatever their order.

    Names that differ by a prefix, a status of the place or a new name of the office are one
    agency; a merged office is another one, as in the rules over years.

    Parameters
    ----------
    told
        Name (not empty), region and year of each report.
    agencies
        A user's file of agencies that are the same.
    sure
        How alike all names of one agency must be, see `mining.history.names.likeness`.

    Examples
    --------
    >>> told = [("宁波市江宁区环保局", None, 2018), ("宁波市生态环境局江宁分局", None, 2020)]
    >>> {agency.name for agency in name_agencies(told)}
    {'宁波市生态环境局江宁分局'}
    """
    rows = list(told)
    known = agencies or AgencyMap(entries={}, targets=frozenset())
    identities = [known.identify(*row) for row in rows]
    # The latest report names the agency, so the names of each identity are kept with their years.
    latest: dict[Identity, tuple[int, str]] = {}
    for (name, region, year), identity in zip(rows, identities, strict=True):
        full = identity.name if identity.is_mapped else _with_place(identity.name, name, region)
        latest[identity] = max(latest.get(identity, (0, "")), (year or 0, full))
    by_key: dict[str, list[Identity]] = {}
    for identity in latest:
        by_key.setdefault(identity.key, []).append(identity)
    found: dict[Identity, Agency] = {}
    for group in by_key.values():
        for members in _same(group, sure):
            is_known = likeness(members[0], members[0]) >= sure
            name = max(latest[member] for member in members)[1]
            found |= dict.fromkeys(members, Agency(name, is_known))
    return [found[identity] for identity in identities]


def map_digest(agencies: AgencyMap | None) -> str | None:
    """Return a hash of what a user's file tells, for the settings of a study."""
    if agencies is None:
        return None
    return hashlib.sha256(repr(sorted(agencies.entries.items())).encode()).hexdigest()


def _with_place(bare: str, name: str, region: str | None) -> str:
    return bare if not region or parse_agency(name).level else region + bare


def _same(group: Sequence[Identity], sure: float) -> list[list[Identity]]:
    """Return who of one key is the same; a name that fits two others is of neither."""
    found: list[list[Identity]] = []
    # Names with most parts first: 鼓楼区教育局 may be of any 鼓楼区 that is told in full.
    for identity in sorted(group, key=lambda i: (-sum(map(bool, i.parts)), i.parts, i.name)):
        fits = [m for m in found if all(likeness(identity, other) >= sure for other in m)]
        if len(fits) == 1:
            fits[0].append(identity)
        else:
            found.append([identity])
    return found
