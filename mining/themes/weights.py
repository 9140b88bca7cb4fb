"""The weights by which points are cut and told apart: one plain JSON file, made by a script."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

import numpy as np

from mining.themes.likeness import (
    N_BINS,
    PLANES,
    Bins,
    Floats,
    Likeness,
    Subjects,
    likeness_from_json,
)

__all__ = ["PointWeights", "point_weights"]

_FILE = "points-weights.json"
_MOST_KNOWN = 20_000

Features = Callable[[Any], Iterable[str]]
_Weight = TypeVar("_Weight", float, complex)


@dataclass(frozen=True, slots=True)
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
    likeness: Likeness = field(init=False, repr=False, compare=False)
    _bias: float = field(init=False, repr=False, compare=False)
    _before: Mapping[str, float] = field(init=False, repr=False, compare=False)
    _after: Mapping[str, float] = field(init=False, repr=False, compare=False)
    _planes: Floats = field(init=False, repr=False, compare=False)
    _known: dict[Features, dict[object, Any]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        """Lay out the weights of words around commas, and those of pairs, for quick look-up."""
        get = self.pairs.get
        table = [[get(f"{plane}{step}", 0.0) for step in range(N_BINS)] for plane in PLANES]
        object.__setattr__(self, "_bias", self.clauses.get("", 0.0))
        for name, side in (("_before", "L"), ("_after", "R")):
            own = {n[1:]: w for n, w in self.clauses.items() if n[:1] == side}
            object.__setattr__(self, name, own)
        object.__setattr__(self, "_planes", np.array(table, np.float32))
        object.__setattr__(self, "likeness", Likeness(self.subjects))

    def clause_score(
        self, edges: Iterable[str], before: Iterable[str], after: Iterable[str]
    ) -> float:
        """Return what characters around a comma add to the log-odds that it parts two points."""
        return (
            self._bias
            + sum(filter(None, map(self.clauses.get, edges)))
            + sum(filter(None, map(self._before.get, before)))
            + sum(filter(None, map(self._after.get, after)))
        )

    def comma_score(self, features: Features, key: object) -> float:
        """Return what the features that `features` makes of a key add to the same log-odds."""
        return self._recall(self.clauses, features, key)

    def pair_score(self, features: Iterable[str]) -> float:
        """Return the sum of the weights for an improvement that answers a problem, or none."""
        return sum(filter(None, map(self.pairs.get, features)))

    def alike(self, bins: Bins) -> list[list[float]]:
        """Return the sum of the weights of each pair of `mining.themes.likeness.Likenesses`."""
        planes = np.arange(len(PLANES))[:, None, None]
        sums: list[list[float]] = self._planes[planes, bins].sum(axis=0).tolist()
        return sums

    def remembered(self, features: Features, key: object) -> float:
        """Return `pair_score` of the features that `features` makes of a key."""
        return self._recall(self.pairs, features, key)

    def kind_score(self, features: Features, key: object) -> complex:
        """Return what features of a key add to problem (real part) and improvement."""
        return self._recall(self.kinds, features, key)

    def _recall(self, weights: Mapping[str, _Weight], features: Features, key: object) -> _Weight:
        known = self._known.get(features)
        if known is None:
            known = self._known[features] = {}
        score = known.get(key)
        if score is None:
            if len(known) > _MOST_KNOWN:
                known.clear()
            score = known[key] = sum(filter(None, map(weights.get, features(key))))
        return score

    def kind_words(self, features: Iterable[str]) -> complex:
        """Return the sum of the weights of features, as `kind_score` does."""
        return sum(filter(None, map(self.kinds.get, features)), 0j)


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
