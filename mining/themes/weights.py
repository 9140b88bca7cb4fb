"""The weights by which points are cut and told apart: one plain JSON file, made by a script."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["PointWeights", "point_weights"]

_FILE = "points-weights.json"


@dataclass(frozen=True, slots=True)
class PointWeights:
    """Linear models over character features.

    Parameters
    ----------
    clauses
        Weight of each feature for a comma that parts two points; ``""`` holds the bias.
    kinds
        Weights of each feature for problem, improvement and neither; ``""`` holds the biases.
    first, transitions
        Weight of each kind at the start of a section by its look and layout, and after each kind
        by layout and what parts the two.
    pairs
        Weight of each feature for an improvement that answers a problem.
    """

    clauses: Mapping[str, float]
    kinds: Mapping[str, tuple[float, float, float]]
    first: Sequence[Sequence[Sequence[float]]]
    transitions: Sequence[Sequence[Sequence[Sequence[float]]]]
    pairs: Mapping[str, float]

    def clause_score(self, features: Iterable[str]) -> float:
        """Return the log-odds that a comma parts two points."""
        get = self.clauses.get
        return get("", 0.0) + sum([get(name, 0.0) for name in features])

    def pair_score(self, features: Iterable[str]) -> float:
        """Return the log-odds that an improvement answers a problem."""
        get = self.pairs.get
        return get("", 0.0) + sum([get(name, 0.0) for name in features])

    def kind_scores(self, features: Iterable[str]) -> tuple[float, float, float]:
        """Return a score for problem, improvement and neither."""
        get = self.kinds.get
        problem, improvement, neither = get("", (0.0, 0.0, 0.0))
        for name in features:
            if found := get(name):
                problem += found[0]
                improvement += found[1]
                neither += found[2]
        return problem, improvement, neither


@cache
def point_weights() -> PointWeights:
    """Return the weights that come with the package, loaded once."""
    data = json.loads((files("mining") / "data" / _FILE).read_text(encoding="utf-8"))
    return PointWeights(
        clauses=data["clauses"],
        kinds={name: (w[0], w[1], w[2]) for name, w in data["kinds"].items()},
        first=data["first"],
        transitions=data["transitions"],
        pairs=data["pairs"],
    )
