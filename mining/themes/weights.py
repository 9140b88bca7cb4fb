"""The weights by which points are cut and told apart: one plain JSON file, made by a script."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["PointWeights", "point_weights"]

_FILE = "points-weights.json"
_MOST_KNOWN = 20_000


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
    """

    clauses: Mapping[str, float]
    kinds: Mapping[str, complex]
    first: Sequence[Sequence[Sequence[float]]]
    transitions: Sequence[Sequence[Sequence[Sequence[float]]]]
    pairs: Mapping[str, float]
    _known: dict[Any, dict[object, float]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def clause_score(self, features: Iterable[str]) -> float:
        """Return the log-odds that a comma parts two points."""
        get = self.clauses.get
        return get("", 0.0) + sum(filter(None, map(get, features)))

    def pair_score(self, features: Iterable[str]) -> float:
        """Return the sum of the weights for an improvement that answers a problem, or none."""
        return sum(filter(None, map(self.pairs.get, features)))

    def remembered(self, features: Callable[[Any], Iterable[str]], key: object) -> float:
        """Return `pair_score` of the features that `features` makes of a key."""
        known = self._known.setdefault(features, {})
        score = known.get(key)
        if score is None:
            if len(known) > _MOST_KNOWN:
                known.clear()
            score = known[key] = self.pair_score(features(key))
        return score

    def kind_scores(self, features: Iterable[str]) -> tuple[float, float, float]:
        """Return a score for problem, improvement and neither."""
        total = sum(filter(None, map(self.kinds.get, features)), 0j)
        return total.real, total.imag, 0.0


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
    )
