"""How alike a problem and an improvement are: shared rare words, and what each speaks of."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "N_BINS",
    "PLANES",
    "Likeness",
    "Likenesses",
    "Subjects",
    "likeness_from_json",
    "likeness_to_json",
    "make_subjects",
]

Floats = NDArray[np.float32]
Bins = NDArray[np.intp]

_VALUES = (0.0001, 0.01, 0.02, 0.04, 0.07, 0.11, 0.16, 0.22, 0.3, 0.4, 0.55, 0.75, 1.0, 1.2)
_LEADS = (-0.5, -0.3, -0.2, -0.12, -0.06, -0.02, 0.0001, 0.02, 0.06, 0.12, 0.2, 0.3, 0.5)
_BOTH = (-0.1, 0.0, 0.1)
_SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
N_BINS = 16
PLANES = ("cos", "th", "mix", "cr", "tr", "mr", "cc", "tc", "mc", "mu")
"""What is told of a pair in steps: likeness by words, by subject, by both; each again by how far it
leads the other problems of the improvement (r) and the other improvements of the problem (c); and
the last two of these together."""

_SUBJECT_SHARE = 0.5
# Keeps what speaks of nothing in particular from being like everything.
_LEAST_NORM = 0.15
_SCALE, _RARITY = 32, 16


@dataclass(frozen=True, slots=True)
class Subjects:
    """What was learnt of words, which are pairs of characters, in whole numbers.

    Sums of whole numbers are the same in any order, and sets have none.

    Parameters
    ----------
    columns
        Row of each word in `weights`.
    weights
        Log-odds of each theme by word, times `_SCALE`: whole numbers, too.
    bias
        Log-odds of each theme for no words.
    common
        How much less the square of a word's rarity counts than that of a word never seen.
    rarest
        The square of the rarity of a word never seen, times `_RARITY`.
    """

    columns: Mapping[str, int]
    weights: Floats
    bias: Floats
    common: Mapping[str, int]
    rarest: int

    def shares(self, words: Sequence[AbstractSet[str]]) -> Floats:
        """Return the probability of each theme for each statement."""
        get = self.columns.get
        rows = [[c for c in map(get, own) if c is not None] for own in words]
        scores = np.zeros((len(rows), len(self.bias)), np.float32)
        full = [i for i, row in enumerate(rows) if row]
        if full:
            starts = np.cumsum([0, *(len(rows[i]) for i in full[:-1])])
            taken = self.weights[np.array([c for row in rows for c in row])]
            scores[full] = np.add.reduceat(taken, starts, axis=0)
        log_odds = self.bias + scores / _SCALE
        return (1.0 / (1.0 + np.exp(-log_odds))).astype(np.float32)

    def shared(
        self, first: Sequence[AbstractSet[str]], second: Sequence[AbstractSet[str]]
    ) -> Floats:
        """Return the cosine of the words of each of `first` with those of each of `second`."""
        worth = self._worth
        norms = [math.sqrt(worth(own)) or 1.0 for own in second]
        found: list[list[float]] = []
        for x in first:
            norm = math.sqrt(worth(x)) or 1.0
            found.append(
                [
                    worth(both) / (norm * other) if (both := x & y) else 0.0
                    for y, other in zip(second, norms, strict=True)
                ]
            )
        return np.array(found, np.float32)

    def _worth(self, words: AbstractSet[str]) -> int:
        return self.rarest * len(words) - sum(filter(None, map(self.common.get, words)))


def make_subjects(
    words: Sequence[str],
    weights: NDArray[Any],
    bias: Floats,
    rarity: Mapping[str, float],
    rarest: float,
) -> Subjects:
    """Return subjects from weights and inverse document frequencies, in whole numbers."""
    most = round(rarest**2 * _RARITY)
    return Subjects(
        columns={w: i for i, w in enumerate(words)},
        weights=np.clip(np.rint(weights * _SCALE), -127, 127).astype(np.float32),
        bias=bias,
        common={w: most - round(rarity[w] ** 2 * _RARITY) for w in words},
        rarest=most,
    )


@dataclass(frozen=True, slots=True)
class Likenesses:
    """The steps of all pairs of a section, and those that tell an improvement without a problem.

    Parameters
    ----------
    bins
        Step of each plane of `PLANES` for each improvement and problem.
    alone
        Steps of the greatest likeness of each improvement, of its likeliest theme, and of the
        greatest likeness by words.
    """

    bins: Bins
    alone: list[tuple[int, int, int]]


class Likeness:
    """Compares the improvements of a section with its problems."""

    def __init__(self, subjects: Subjects) -> None:
        self._subjects = subjects

    def compare(
        self, improvements: Sequence[AbstractSet[str]], problems: Sequence[AbstractSet[str]]
    ) -> Likenesses:
        """Return what is told of each pair; neither side may be empty."""
        shares = self._subjects.shares([*improvements, *problems])
        n = len(improvements)
        norms = np.sqrt((shares**2).sum(axis=1, keepdims=True)) + _LEAST_NORM
        unit = shares / norms
        by_words = self._subjects.shared(improvements, problems)
        by_themes = unit[:n] @ unit[n:].T
        values = np.stack([by_words, by_themes, by_words + _SUBJECT_SHARE * by_themes])
        leads = np.concatenate([_lead(values, 2), _lead(values, 1)])
        both = _steps(leads[[2, 5]], _BOTH)
        bins = np.concatenate(
            [_steps(values, _VALUES), _steps(leads, _LEADS), (both[0] * 4 + both[1])[None]]
        )
        most = _steps(values[[2, 0]].max(axis=2), _VALUES)
        themes = _steps(shares[:n].max(axis=1), _SHARES)
        alone = list(zip(most[0].tolist(), themes.tolist(), most[1].tolist(), strict=True))
        return Likenesses(bins, alone)


def _lead(values: Floats, axis: int) -> Floats:
    """Return how far each value is ahead of the best of the others along an axis."""
    if values.shape[axis] == 1:
        return values
    ends = np.partition(values, -2, axis=axis).take([-2, -1], axis=axis)
    second, best = np.split(ends, 2, axis=axis)
    leads: Floats = values - np.where(values == best, second, best)
    return leads


def _steps(values: Floats, borders: Sequence[float]) -> Bins:
    return np.searchsorted(np.array(borders, np.float32), values, side="right")


def likeness_to_json(subjects: Subjects) -> dict[str, Any]:
    """Return what was learnt as plain data: weights in a byte each, words of two characters."""
    words = sorted(subjects.columns)
    table = subjects.weights[[subjects.columns[w] for w in words]].astype(np.int8)
    return {
        "words": "".join(words),
        "weights": base64.b64encode(table.tobytes()).decode("ascii"),
        "bias": [round(float(b), 3) for b in subjects.bias],
        "common": [subjects.common[w] for w in words],
        "rarest": subjects.rarest,
    }


def likeness_from_json(data: Mapping[str, Any]) -> Subjects:
    """Read what `likeness_to_json` wrote."""
    joined = data["words"]
    words = [joined[i : i + 2] for i in range(0, len(joined), 2)]
    table = np.frombuffer(base64.b64decode(data["weights"]), np.int8)
    return Subjects(
        columns={w: i for i, w in enumerate(words)},
        weights=table.reshape(len(words), -1).astype(np.float32),
        bias=np.array(data["bias"], np.float32),
        common=dict(zip(words, data["common"], strict=True)),
        rarest=data["rarest"],
    )
