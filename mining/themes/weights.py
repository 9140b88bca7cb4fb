"""The weights by which points are cut and told apart: one plain JSON file, made by a script."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mining.themes.cues import point_cues
from mining.themes.likeness import (
    N_BINS,
    PLANES,
    Bins,
    Floats,
    Subjects,
    likeness_from_json,
)
from mining.themes.lookup import Keys, PairTable, keys_of, units_of

__all__ = ["Memory", "PointWeights", "TextSheet", "blank_weights", "point_weights"]

_FILE = "points-weights.json"
_MOST_KNOWN = 20_000
_NO_MARK = " "
_PLANE_STARTS = np.arange(0, len(PLANES) * N_BINS, N_BINS)[:, None, None]
# Characters from the first ideograph to before the full-width marks.
_PLAIN = np.zeros(1 << 16, np.float32)
_PLAIN[0x3400:0xFF00] = 1.0

Features = Callable[[Any], Iterable[str]]
Move = tuple[tuple[float, ...], ...]


class Memory(dict[Any, Any]):
    """Sums of the weights of the features that a function makes of a key, remembered."""

    def __init__(self, weights: Mapping[str, Any], features: Features) -> None:
        super().__init__()
        self._weights, self._features = weights, features

    def __missing__(self, key: Any) -> Any:  # noqa: ANN401 - whatever the function takes
        if len(self) > _MOST_KNOWN:
            self.clear()
        score = sum(filter(None, map(self._weights.get, self._features(key))))
        self[key] = score
        return score


@dataclass(frozen=True)
class PointWeights:
    """Linear models over character features.

    Parameters
    ----------
    clauses
        Weight of each feature for a comma that parts two points; ``""`` holds the bias.
    kinds
        Weight of each feature for problem (real part) and improvement, against neither.
    first, transitions
        Weight of each kind at the start of a section by its look and layout, and after each kind
        by layout and what parts the two.
    pairs
        Weight of each feature for an improvement that answers a problem, or none.
    subjects
        What words speak of.
    """

    clauses: Mapping[str, float]
    kinds: Mapping[str, complex]
    first: Sequence[Sequence[Sequence[float]]]
    transitions: Sequence[Sequence[Sequence[Sequence[float]]]]
    pairs: Mapping[str, float]
    subjects: Subjects
    _known: dict[tuple[Features, ...], tuple[Memory, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def comma_memories(self, features: tuple[Features, ...]) -> tuple[Memory, ...]:
        """Return what features add to the log-odds that a comma parts two points, by key."""
        return self._memories(self.clauses, features)

    def kind_memories(self, features: tuple[Features, ...]) -> tuple[Memory, ...]:
        """Return what features add to problem (real part) and improvement, by key."""
        return self._memories(self.kinds, features)

    def pair_memories(self, features: tuple[Features, ...]) -> tuple[Memory, ...]:
        """Return what features add to one answer of an improvement, by key."""
        return self._memories(self.pairs, features)

    def _memories(
        self, weights: Mapping[str, Any], features: tuple[Features, ...]
    ) -> tuple[Memory, ...]:
        known = self._known.get(features)
        if known is None:
            known = self._known[features] = tuple(Memory(weights, f) for f in features)
        return known

    @cached_property
    def moves(self) -> list[list[Move]]:
        """Transitions by layout and what parts two pieces; of each kind, from each kind."""
        return [
            [tuple(zip(*moves, strict=True)) for moves in layout] for layout in self.transitions
        ]

    @cached_property
    def columns(self) -> _Columns:
        """All that is known of pairs of characters, laid out by row."""
        return _Columns(self)


class _Columns:
    """What is known of pairs of characters: a table to find them, and a column for each use."""

    def __init__(self, weights: PointWeights) -> None:
        classes = point_cues().classes
        before = {n[1:]: w for n, w in weights.clauses.items() if n[:1] == "L" and len(n) == 3}
        after = {n[1:]: w for n, w in weights.clauses.items() if n[:1] == "R" and len(n) == 3}
        kinds = {n[1:]: w for n, w in weights.kinds.items() if n[:1] == "W"}
        none = {n[1:]: w for n, w in weights.pairs.items() if n[:1] == "N" and len(n) == 3}
        subjects = weights.subjects
        # The most telling come first: the table keeps them.
        pairs = list(dict.fromkeys([*classes, *kinds, *before, *after, *subjects.columns, *none]))
        self.table = PairTable(pairs)
        rows = dict(zip(pairs, range(1, len(pairs) + 1), strict=True))
        # All of one pair lies together, as it is fetched together: a table for each use would be
        # a place in memory for each pair and use.
        sides = [("before", "f4"), ("after", "f4"), ("none", "f4")]
        themes = ("themes", "f4", len(subjects.bias) + 1)
        parts = [("kind", "c8"), *sides, themes, ("mark", "u1")]
        self.records = np.zeros(len(pairs) + 1, np.dtype(parts, align=True))
        self.records["mark"] = ord(_NO_MARK)
        _fill(self.records["mark"], rows, {w: ord(c[0]) for w, c in classes.items()})
        _fill(self.records["before"], rows, before)
        _fill(self.records["after"], rows, after)
        _fill(self.records["none"], rows, none)
        _fill(self.records["kind"], rows, kinds)
        # Themes, and in the last column what a word counts by its rarity.
        own = [rows[w] for w in subjects.columns]
        told = self.records["themes"]
        told[own, :-1] = subjects.weights
        told[:, -1] = subjects.rarest
        told[own, -1] -= list(subjects.common.values())
        # Weight of each step of each plane of a pair.
        get = weights.pairs.get
        self.planes = np.array(
            [get(f"{plane}{step}", 0.0) for plane in PLANES for step in range(N_BINS)]
        )


def _fill(column: NDArray[Any], rows: Mapping[str, int], values: Mapping[str, Any]) -> None:
    column[[rows[w] for w in values]] = list(values.values())


class TextSheet:
    """A text and what is known of its pairs of characters, looked up once.

    Weights are of like size and have 24 bits: their sums are exact, and the same in any order.
    """

    def __init__(self, text: str, weights: PointWeights) -> None:
        columns = weights.columns
        self.text, self.weights = text, weights
        self._keys: Keys = keys_of(text)
        self._records = columns.records.take(columns.table.rows(self._keys))
        self.marks = self._records["mark"].tobytes().decode("ascii")
        self._columns = columns

    def before(self, begin: int, stop: int) -> float:
        """Return what a stretch of pairs adds to a comma behind it that parts two points."""
        return self._sum("before", begin, stop)

    def after(self, begin: int, stop: int) -> float:
        """Return what a stretch of pairs adds to a comma before it that parts two points."""
        return self._sum("after", begin, stop)

    def none(self, begin: int, stop: int) -> float:
        """Return what a stretch of pairs adds to an improvement that answers no problem."""
        return self._sum("none", begin, stop)

    def _sum(self, name: str, begin: int, stop: int) -> float:
        # Of a dozen numbers: quicker than a sum by numpy.
        found: list[float] = self._records[name][begin:stop].tolist()
        return sum(found)

    @cached_property
    def kinds(self) -> list[complex]:
        """Sums, from the first pair on, of the weights for the kind of a statement."""
        return list(accumulate(self._records["kind"].tolist(), initial=0j))

    def spoken(
        self, stretches: Sequence[tuple[int, int]]
    ) -> tuple[list[set[int]], tuple[Floats, Floats]]:
        """Return of each stretch the keys of its words, which are pairs of ideographs, and sums.

        These are what the words add to each theme, and to its rarity: sums of whole numbers.
        """
        each = _PLAIN.take(np.frombuffer(units_of(self.text), ">u2"))
        plain = each[:-1] * each[1:]
        keys = (self._keys * (plain > 0)).tolist()
        inside = np.zeros((len(stretches), len(plain)), np.float32)
        words: list[set[int]] = []
        for row, (start, end) in zip(inside, stretches, strict=True):
            stop = end - 1
            row[start:stop] = plain[start:stop]
            found = set(keys[start:stop])
            found.discard(0)
            words.append(found)
        sums = inside @ self._records["themes"]
        return words, (sums[:, :-1], sums[:, -1])

    def alike(self, bins: Bins) -> list[list[float]]:
        """Return the sum of the weights of each pair of `mining.themes.likeness.Likenesses`."""
        each = self._columns.planes.take(bins + _PLANE_STARTS)
        sums: list[list[float]] = np.add.reduce(each).tolist()
        return sums


def blank_weights() -> PointWeights:
    """Return weights that know nothing, to start training from."""
    none = Subjects({}, np.zeros((0, 1), np.float32), np.zeros(1, np.float32), {}, 0)
    return PointWeights(
        clauses={"": -1.0}, kinds={}, first=(), transitions=(), pairs={}, subjects=none
    )


@cache
def point_weights() -> PointWeights:
    """Return the weights that come with the package, loaded once."""
    data = json.loads((files("mining") / "data" / _FILE).read_text(encoding="utf-8"))
    return PointWeights(
        clauses=data["clauses"],
        kinds={name: complex(*w) for name, w in data["kinds"].items()},
        first=data["first"],
        transitions=data["transitions"],
        pairs=data["pairs"],
        subjects=likeness_from_json(data["likeness"]),
    )
