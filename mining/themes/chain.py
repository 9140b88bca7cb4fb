"""A linear chain over the statements of a section, trained as a whole (conditional field)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Chain", "Run", "fit_chain"]

Floats = npt.NDArray[np.float64]
# Kinds, and kinds in each of the two layouts: answers after all problems, or each after its own.
_KINDS = 3
_LAYOUTS = 2
_STATES = _KINDS * _LAYOUTS
_NOTHING = -1e9


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One section: the features of each statement, what parts it from the last, and its kind.

    `look` is a class of sections by their leads; `layout` is 1 where problems follow answers.
    """

    look: int
    features: Sequence[Sequence[str]]
    bounds: Sequence[int]
    kinds: Sequence[int]
    layout: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """What was learned: weights of kinds by feature, at the start, and from kind to kind.

    `first` is told by look and layout, `moves` by layout and what parts two statements.
    """

    weights: dict[str, tuple[float, ...]]
    first: list[list[list[float]]]
    moves: list[list[list[list[float]]]]


class _Batch:
    """All runs side by side, padded to the longest."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self.lengths = np.array([len(r.kinds) for r in runs])
        self.looks = np.array([r.look for r in runs])
        count, longest = len(runs), int(self.lengths.max())
        self.mask = np.arange(longest)[None, :] < self.lengths[:, None]
        self.states = np.zeros((count, longest), dtype=np.int64)
        self.bounds = np.zeros((count, longest), dtype=np.int64)
        for i, run in enumerate(runs):
            self.states[i, : len(run.kinds)] = np.array(run.kinds) + _KINDS * run.layout
            self.bounds[i, 1 : len(run.kinds)] = run.bounds

    def loss(
        self, scores: Floats, first: Floats, moves: Floats
    ) -> tuple[float, Floats, Floats, Floats]:
        """Return the negative log-likelihood, and its slopes by score, start and move.

        `first` has a row of states for each look, `moves` a table of states for each bound.
        """
        padded = np.zeros((*self.mask.shape, _STATES))
        padded[self.mask] = np.tile(scores, _LAYOUTS)
        steps = moves[self.bounds]
        alpha = self._forward(padded, first[self.looks], steps)
        beta = self._backward(padded, steps)
        total = _log_sum(alpha[np.arange(len(self.lengths)), self.lengths - 1])
        gold = np.eye(_STATES)[self.states]
        excess = np.exp(alpha + beta - total[:, None, None]) - gold
        both = alpha[:, :-1, :, None] + steps[:, 1:] + (padded + beta)[:, 1:, None, :]
        inner = self.mask[:, 1:]
        pairs = (self.bounds[:, 1:][inner], self.states[:, :-1][inner], self.states[:, 1:][inner])
        slope_moves = np.zeros(moves.shape)
        np.add.at(slope_moves, pairs[0], np.exp((both - total[:, None, None, None])[inner]))
        np.add.at(slope_moves, pairs, -1.0)
        slope_first = np.zeros(first.shape)
        np.add.at(slope_first, self.looks, excess[:, 0])
        told = (padded * gold)[self.mask].sum() + first[self.looks, self.states[:, 0]].sum()
        told += moves[pairs].sum()
        slope = excess[self.mask].reshape(-1, _LAYOUTS, _KINDS).sum(axis=1)
        return float(total.sum() - told), slope, slope_first, slope_moves

    def _forward(self, padded: Floats, first: Floats, steps: Floats) -> Floats:
        alpha = np.full(padded.shape, _NOTHING)
        alpha[:, 0] = first + padded[:, 0]
        for t in range(1, padded.shape[1]):
            alpha[:, t] = _log_sum(alpha[:, t - 1, :, None] + steps[:, t], axis=1) + padded[:, t]
        return alpha

    def _backward(self, padded: Floats, steps: Floats) -> Floats:
        beta = np.zeros(padded.shape)
        for t in range(padded.shape[1] - 2, -1, -1):
            further = _log_sum(steps[:, t + 1] + (padded + beta)[:, t + 1, None, :], axis=2)
            beta[:, t] = np.where(self.mask[:, t + 1, None], further, 0.0)
        return beta


def fit_chain(runs: Sequence[Run], *, n_bounds: int, n_looks: int, c: float) -> Chain:
    """Fit a chain; the smaller `c`, the nearer to zero are the weights.

    The same runs give the same chain.
    """
    # Training alone needs these.
    from scipy.optimize import minimize  # noqa: PLC0415
    from sklearn.feature_extraction import DictVectorizer  # noqa: PLC0415

    runs = [run for run in runs if run.kinds]
    vectorizer = DictVectorizer()
    rows: Any = vectorizer.fit_transform([dict(Counter(f)) for run in runs for f in run.features])
    batch = _Batch(runs)
    shapes = ((rows.shape[1], _KINDS), (n_looks, _STATES), (_LAYOUTS, n_bounds, _KINDS, _KINDS))

    def target(values: Floats) -> tuple[float, Floats]:
        weights, first, moves = _parts(values, shapes)
        loss, slope, slope_first, slope_moves = batch.loss(rows @ weights, first, _blocks(moves))
        inside = np.stack([_block(slope_moves, i) for i in range(_LAYOUTS)])
        slopes = ((rows.T @ slope).ravel(), slope_first.ravel(), inside.ravel())
        return c * loss + float(values @ values) / 2, c * np.concatenate(slopes) + values

    start = np.zeros(sum(int(np.prod(shape)) for shape in shapes))
    found = minimize(target, start, jac=True, method="L-BFGS-B", options={"maxiter": 400})
    weights, first, moves = _parts(found.x, shapes)
    names = vectorizer.get_feature_names_out()
    return Chain(
        weights={str(n): tuple(row) for n, row in zip(names, weights.tolist(), strict=True)},
        first=first.reshape(n_looks, _LAYOUTS, _KINDS).tolist(),
        moves=moves.tolist(),
    )


def _parts(values: Floats, shapes: Sequence[tuple[int, ...]]) -> list[Floats]:
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    pieces = np.split(values, ends[:-1])
    return [piece.reshape(shape) for piece, shape in zip(pieces, shapes, strict=True)]


def _blocks(moves: Floats) -> Floats:
    """Return moves between all states: a section never changes its layout."""
    whole = np.full((moves.shape[1], _STATES, _STATES), _NOTHING)
    for i in range(_LAYOUTS):
        _block(whole, i)[...] = moves[i]
    return whole


def _block(moves: Floats, layout: int) -> Floats:
    own = slice(_KINDS * layout, _KINDS * (layout + 1))
    return moves[:, own, own]


def _log_sum(values: Floats, axis: int = -1) -> Floats:
    top = values.max(axis=axis, keepdims=True)
    result: Floats = np.log(np.exp(values - top).sum(axis=axis)) + top.squeeze(axis)
    return result
