"""A sample of a packed corpus: seeded, spread over groups, whatever the order of its parts."""

from __future__ import annotations

import hashlib
import heapq
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mining.corpus.inputs import Input, Inputs
from mining.corpus.packs import PackPart, part_places
from mining.errors import SettingsError

__all__ = ["Sample", "draw_sample"]

Group = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Some reports of a pack.

    Parameters
    ----------
    inputs
        The reports, in the order of the pack.
    groups
        For each group, how many reports it has in the corpus and in the sample.
    """

    inputs: Inputs
    groups: Mapping[Group, tuple[int, int]]


def draw_sample(place: str | Path, n: int, *, by: Sequence[str] = (), seed: int = 0) -> Sample:
    """Draw `n` readable reports, from each group in proportion to its size.

    Chance is a hash of seed and report id, so that a report that is added or left out changes
    little, and the order of the parts nothing.

    Parameters
    ----------
    place
        A packed corpus.
    n
        How many; all when there are fewer.
    by
        Document variables that make the groups; reports without one are a group too.
    seed
        Another seed draws another sample.

    Raises
    ------
    SettingsError
        E401 when the pack lacks a variable.
    ReadError
        When the pack is damaged: a sample of the rest would mislead.
    """
    totals: Counter[Group] = Counter()
    # For each group the reports of the smallest hashes; a heap gives the largest of them back.
    drawn: dict[Group, list[tuple[int, int, Input]]] = {}
    for position, (group, item) in enumerate(_reports(place, by)):
        totals[group] += 1
        heap = drawn.setdefault(group, [])
        entry = -_chance(seed, item.report_id), -position, item
        if len(heap) < n:
            heapq.heappush(heap, entry)
        elif heap and entry[:2] > heap[0][:2]:
            heapq.heapreplace(heap, entry)
    shares = _shares(totals, n)
    chosen = [e for g, heap in drawn.items() for e in heapq.nlargest(shares[g], heap)]
    chosen.sort(key=lambda entry: -entry[1])
    return Sample(
        inputs=Inputs(items=tuple(item for *_, item in chosen), skipped={}),
        groups={g: (totals[g], shares[g]) for g in sorted(totals)},
    )


def _chance(seed: int, report: str) -> int:
    told = f"{seed}\0{report}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.sha256(told).digest()[:8])


def _reports(place: str | Path, by: Sequence[str]) -> Iterator[tuple[Group, Input]]:
    for path in part_places(place):
        with PackPart(path) as part:
            missing = [name for name in by if name not in part.variables.names]
            if missing:
                known = ", ".join(part.variables.names) or "none"
                msg = f"no such document variable: {', '.join(missing)} (there are: {known})"
                hint = "add variables with `mining corpus pack --variables`"
                raise SettingsError(msg, code="E401", path=place, hint=hint)
            groups = _groups(part, by)
            for row in part.rows():
                group = next(groups)
                if not row.is_failed and row.refusal is None:
                    name, member = row.report, row.index
                    yield (
                        group,
                        Input(report_id=name, path=Path(path), member=member, name=row.name),
                    )


def _groups(part: PackPart, by: Sequence[str]) -> Iterator[Group]:
    if not by:
        for _ in range(part.n_rows):
            yield ()
        return
    for batch in part.columns(by):
        values = [batch.column(name).to_pylist() for name in by]
        for told in zip(*values, strict=True):
            yield tuple("" if value is None else str(value) for value in told)


def _shares(totals: Mapping[Group, int], n: int) -> dict[Group, int]:
    """Return how many of each group: in proportion, largest remainders first."""
    total = sum(totals.values())
    n = min(n, total)
    shares = {group: n * size // total for group, size in totals.items()}
    left = n - sum(shares.values())
    by_rest = sorted(totals, key=lambda group: (-(n * totals[group] % total), group))
    for group in by_rest[:left]:
        shares[group] += 1
    return shares
