"""Which report is last year's of which: grouped by agency, each used once, the rest told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from mining.history.names import Identity, likeness

__all__ = ["Entry", "Gap", "GapReason", "Pair", "match_years"]

GapReason = Literal["no-last-year", "duplicate-report", "no-agency", "no-year"]

# Two reports of one year that are at least so alike are the same one twice: names that differ by a
# left-out prefix, but not a township and a subdistrict, which would not both report.
_SAME = 0.95
# A name that more reports of one year bear than this tells nothing about who they are of.
_MOST_ALIKE = 50
# What is left of a match when another agency's report fits as well.
_AMBIGUOUS = 0.6
_MARGIN = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One report as far as it is matched: its id, who it is of, its year, how rich it is."""

    report: str
    identity: Identity | None
    year: int | None
    n_cells: int
    n_chars: int

    @property
    def rank(self) -> tuple[int, int, str]:
        """The richest of equal reports first, whatever order they came in."""
        return (-self.n_cells, -self.n_chars, self.report)


@dataclass(frozen=True, slots=True)
class Pair:
    """Positions of this year's and last year's report of one agency, and how sure that is."""

    this: int
    last: int
    score: float


@dataclass(frozen=True, slots=True)
class Gap:
    """A report that can't be compared, why, and the report that stands for it, if one does."""

    this: int
    reason: GapReason
    other: int | None = None


def match_years(entries: Sequence[Entry], *, years: Iterable[int] = ()) -> list[Pair | Gap]:
    """Return a pair or a gap for each report that a comparison over years concerns.

    Only consecutive years are matched. Where no report of the year before is there at all, nothing
    is missing and nothing is said.

    Parameters
    ----------
    entries
        The reports of a run, in any order: the same ones are matched in all. Those that may be of
        one agency can be matched apart from all others.
    years
        Years of the reports that are left out.

    Returns
    -------
    list[Pair | Gap]
        In the order of the entries.
    """
    known = {e.year for e in entries if e.year is not None} | set(years)
    if len(known) < 2:
        return []
    found: list[Pair | Gap] = []
    places = [(e.identity.key, i) for i, e in enumerate(entries) if e.identity and e.year]
    for _, group in groupby(sorted(places), key=lambda place: place[0]):
        found.extend(_match_group(entries, [i for _, i in group]))
    paired = {item.this for item in found}
    for i, entry in enumerate(entries):
        if i in paired:
            continue
        if entry.year is None:
            found.append(Gap(i, "no-year"))
        elif entry.year - 1 in known:
            found.append(Gap(i, "no-last-year" if entry.identity else "no-agency"))
    return sorted(found, key=lambda item: item.this)


def _match_group(entries: Sequence[Entry], group: list[int]) -> Iterator[Pair | Gap]:
    """Match the reports of one key, and tell which ones are there twice."""
    by_year: dict[int, list[int]] = {}
    for i in sorted(group, key=lambda i: entries[i].rank):
        year = entries[i].year or 0
        kept = by_year.setdefault(year, [])
        twin = next((k for k in kept if _alike(entries, i, k) >= _SAME), None)
        if twin is None and len(kept) <= _MOST_ALIKE:
            kept.append(i)
        elif twin is None:
            continue
        else:
            yield Gap(i, "duplicate-report", twin)
    for year, these in by_year.items():
        if len(these) > _MOST_ALIKE:
            continue
        yield from _match_years(entries, these, by_year.get(year - 1, []))


def _match_years(entries: Sequence[Entry], these: list[int], lasts: list[int]) -> Iterator[Pair]:
    """Match two years: a pair must be the best one for both of its reports."""
    for this in these:
        last, score = _best(entries, this, lasts)
        if last is None:
            continue
        back, back_score = _best(entries, last, these)
        if back == this:
            yield Pair(this, last, min(score, back_score))


def _best(entries: Sequence[Entry], i: int, others: list[int]) -> tuple[int | None, float]:
    ranked = sorted((-_alike(entries, i, k), entries[k].rank, k) for k in others)
    if not ranked or not ranked[0][0]:
        return None, 0.0
    score = -ranked[0][0]
    if len(ranked) > 1 and -ranked[1][0] > score - _MARGIN:
        score = min(score, _AMBIGUOUS)
    return ranked[0][2], score


def _alike(entries: Sequence[Entry], i: int, k: int) -> float:
    one, other = entries[i].identity, entries[k].identity
    return likeness(one, other) if one and other else 0.0
