"""Reports of a year that are nearly the same text: MinHash finds them, exact counting decides.

Broder (1997), *On the resemblance and containment of documents*, on resemblance and MinHash;
Li, Owen & Zhang (2012), *One permutation hashing*, on one pass for all hashes of a signature.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mining.study.reuse.shingles import Hashes, Places
from mining.study.reuse.texts import YearTexts

__all__ = ["Alike", "alike_pairs", "groups_of"]

# Reports that are 60 % alike meet in one of the bands with a probability of 98.8 %.
_BANDS, _ROWS = 32, 4
_BINS = _BANDS * _ROWS
_EDGES = np.arange(_BINS, dtype=np.uint64) << np.uint64(64 - (_BINS - 1).bit_length())
_STEP = np.uint32(0x9E3779B1)
_KEY = np.uint64(0xD6E8FEB86659FD93)
# A signature of 128 values is off by more than this in one of a thousand cases.
_MARGIN = 0.15
# Reports of a band that are like none of its first ones are compared in their other bands.
_MOST_LEADERS = 8


@dataclass(frozen=True, slots=True)
class Alike:
    """Two reports of a year by their positions, the first one first, and how alike they are."""

    one: int
    other: int
    likeness: float


def alike_pairs(texts: YearTexts, *, least: float = 0.6) -> list[Alike]:
    """Return pairs of reports that are at least so alike, enough to tell all groups.

    How alike two reports are is the share of the runs of 13 characters of either that stand in
    both (Jaccard), counted exactly. Of a group not all pairs are counted.

    Parameters
    ----------
    texts
        The reports of one year.
    least
        The least share.
    """
    signatures, members = _signatures(texts)
    search = _Search(texts, signatures, members, least)
    for band in range(_BANDS):
        keys = np.zeros(len(members), dtype=np.uint64)
        for column in range(band * _ROWS, (band + 1) * _ROWS):
            keys = (keys ^ signatures[:, column]) * _KEY
            keys ^= keys >> np.uint64(32)
        for bucket in _equal(keys):
            search.compare(bucket)
    return search.pairs


def groups_of(pairs: list[Alike], n: int) -> list[list[int]]:
    """Return the groups that pairs among `n` reports make, in the order of their first reports.

    Examples
    --------
    >>> groups_of([Alike(1, 4, 0.9), Alike(4, 5, 0.8), Alike(0, 2, 0.7)], 6)
    [[0, 2], [1, 4, 5]]
    """
    roots = _Roots(n)
    for pair in pairs:
        roots.join(pair.one, pair.other)
    found: dict[int, list[int]] = {}
    for i in sorted({i for pair in pairs for i in (pair.one, pair.other)}):
        found.setdefault(roots.of(i), []).append(i)
    return list(found.values())


class _Roots:
    """Which group each report is in; a group is named by its first report."""

    def __init__(self, n: int) -> None:
        self._parents = list(range(n))

    def of(self, i: int) -> int:
        while self._parents[i] != i:
            self._parents[i] = i = self._parents[self._parents[i]]
        return i

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.of(one), self.of(other)))
        self._parents[high] = low


@dataclass(slots=True)
class _Search:
    texts: YearTexts
    signatures: NDArray[np.uint32]
    members: Places
    least: float
    pairs: list[Alike] = field(default_factory=list)
    _roots: _Roots = field(init=False)
    _refused: set[tuple[int, int]] = field(default_factory=set)
    _held: tuple[int, Hashes] = (-1, np.empty(0, dtype=np.uint64))

    def __post_init__(self) -> None:
        self._roots = _Roots(len(self.members))

    def compare(self, bucket: Places) -> None:
        """Compare reports that share a band: with the first of them, the rest with its first."""
        for _ in range(_MOST_LEADERS):
            leader, bucket = bucket[0], bucket[1:]
            agree = self.signatures[bucket] == self.signatures[leader]
            near = agree.mean(axis=1) >= self.least - _MARGIN
            for other in bucket[near].tolist():
                self._verify(int(leader), other)
            bucket = bucket[~near]
            if len(bucket) < 2:
                return

    def _verify(self, one: int, other: int) -> None:
        if self._roots.of(one) == self._roots.of(other) or (one, other) in self._refused:
            return
        first, second = int(self.members[one]), int(self.members[other])
        self._held = (one, self._runs(one))
        likeness = _jaccard(self._held[1], self._runs(other))
        if likeness < self.least:
            self._refused.add((one, other))
            return
        self._roots.join(one, other)
        self.pairs.append(Alike(first, second, likeness))

    def _runs(self, member: int) -> Hashes:
        """Return the hashes of one report, sorted; one leader is compared with many."""
        if self._held[0] == member:
            return self._held[1]
        report = int(self.members[member])
        return np.unique(self.texts.runs(report, report + 1)[1])


def _jaccard(one: Hashes, other: Hashes) -> float:
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / (len(one) + len(other) - common)


def _equal(keys: Hashes) -> Iterator[Places]:
    """Yield the positions of equal keys, where there are two or more, in ascending order."""
    order = np.argsort(keys, kind="stable")
    edges = np.flatnonzero(np.diff(keys[order])) + 1
    starts, ends = np.append(0, edges), np.append(edges, len(keys))
    for i in np.flatnonzero(ends - starts > 1).tolist():
        yield order[starts[i] : ends[i]]


def _signatures(texts: YearTexts) -> tuple[NDArray[np.uint32], Places]:
    """Return the signatures of the reports that have any, and which reports these are."""
    rows: list[NDArray[np.uint32]] = []
    members: list[int] = []
    for first, last in texts.blocks():
        at, hashes = texts.runs(first, last)
        bounds = np.searchsorted(at, texts.starts[first : last + 1])
        for i in np.flatnonzero(np.diff(bounds)).tolist():
            rows.append(_signature(hashes[bounds[i] : bounds[i + 1]]))
            members.append(first + i)
    table = np.array(rows, dtype=np.uint32).reshape(-1, _BINS)
    return table, np.array(members, dtype=np.int64)


def _signature(hashes: Hashes) -> NDArray[np.uint32]:
    """Return the smallest hash of each bin; an empty bin takes that of the next one that is not."""
    ranked = np.sort(hashes)
    places = np.searchsorted(ranked, _EDGES)
    # A bin whose edges fall on one place is empty and would show the hash of a later bin.
    nexts = np.append(places[1:], len(ranked))
    filled = np.flatnonzero(nexts > places)
    values = (ranked[places[filled]] >> np.uint64(16)).astype(np.uint32)
    if len(filled) == _BINS:
        return values
    source = np.searchsorted(filled, np.arange(_BINS)) % len(filled)
    distance = (filled[source] - np.arange(_BINS)) % _BINS
    return values[source] + distance.astype(np.uint32) * _STEP
