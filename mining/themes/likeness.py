"""How alike a problem and an improvement are: shared rare words, and what each speaks of."""

from __future__ import annotations

import base64
import bisect
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mining.themes.lookup import keys_of

__all__ = [
    "N_BINS",
    "PLANES",
    "Likenesses",
    "Subjects",
    "compare",
    "likeness_from_json",
    "likeness_to_json",
    "make_subjects",
]

Floats = NDArray[np.float32]
Bins = NDArray[np.intp]

_VALUES = np.array(
    (0.0001, 0.01, 0.02, 0.04, 0.07, 0.11, 0.16, 0.22, 0.3, 0.4, 0.55, 0.75, 1.0, 1.2), np.float32
)
_LEADS = np.array(
    (-0.5, -0.3, -0.2, -0.12, -0.06, -0.02, 0.0001, 0.02, 0.06, 0.12, 0.2, 0.3, 0.5), np.float32
)
_SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
N_BINS = 16
PLANES = ("cos", "th", "mix", "cr", "tr", "mr", "cc", "tc", "mc")
"""What is told of a pair in steps: likeness by words, by subject, by both; each again by how far it
leads the other problems of the improvement (r) and the other improvements of the problem (c)."""

_SUBJECT_SHARE = 0.5
# Keeps what speaks of nothing in particular from being like everything.
_LEAST_NORM = 0.15
_ONE, _NONE = np.float32(1), np.float32(-9)
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
        How much less the square of a word's rarity counts than that of a word never seen, by the
        word's key of `mining.themes.lookup.keys_of`.
    rarest
        The square of the rarity of a word never seen, times `_RARITY`.
    """

    columns: Mapping[str, int]
    weights: Floats
    bias: Floats
    common: Mapping[int, int]
    rarest: int

    def shares(self, sums: Floats) -> Floats:
        """Return the probability of each theme from sums of `weights` over statements."""
        # One array all along: with few points a new one costs as much as the sum.
        odds: Floats = sums * np.float32(-1 / _SCALE)
        odds -= self.bias
        np.exp(odds, out=odds)
        odds += 1.0
        return np.reciprocal(odds, out=odds)

    def shared(
        self,
        first: Sequence[AbstractSet[int]],
        second: Sequence[AbstractSet[int]],
        norms: Sequence[float],
    ) -> list[list[float]]:
        """Return the cosine of the words of each of `first` with those of each of `second`.

        `norms` are those of all of `first`, then of all of `second`.
        """
        worth = self._worth
        others = list(zip(second, norms[len(first) :], strict=True))
        return [
            [worth(both) / (norm * other) if (both := x & y) else 0.0 for y, other in others]
            for x, norm in zip(first, norms, strict=False)
        ]

    def _worth(self, words: AbstractSet[int]) -> int:
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
        common=_by_key(words, [most - round(rarity[w] ** 2 * _RARITY) for w in words]),
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


def compare(
    subjects: Subjects,
    sums: tuple[Floats, Floats],
    improvements: Sequence[AbstractSet[int]],
    problems: Sequence[AbstractSet[int]],
) -> Likenesses:
    """Return what is told of each pair; neither side may be empty.

    `sums` are those of `mining.themes.weights.TextSheet.spoken` of all improvements, then of all
    problems.
    """
    n, m = len(improvements), len(problems)
    values = np.empty((3, n, m), np.float32)
    shares = subjects.shares(sums[0])
    length = np.add.reduce(shares * shares, axis=1, keepdims=True)
    np.sqrt(length, out=length)
    length += _LEAST_NORM
    unit = shares / length
    norms = np.sqrt(np.maximum(sums[1], _ONE)).tolist()
    words, subject, mix = values
    words[:] = subjects.shared(improvements, problems, norms)
    np.matmul(unit[:n], unit[n:].T, out=subject)
    np.multiply(subject, _SUBJECT_SHARE, out=mix)
    mix += words
    bins = np.concatenate(
        (
            _VALUES.searchsorted(values, side="right"),
            _LEADS.searchsorted(_leads(values, 2), side="right"),
            _LEADS.searchsorted(_leads(values, 1), side="right"),
        )
    )
    likest_words, _, likest = np.maximum.reduce(bins[:3], axis=2).tolist()
    likeliest = np.maximum.reduce(shares[:n], axis=1).tolist()
    themes = [bisect.bisect_right(_SHARES, share) for share in likeliest]
    return Likenesses(bins, list(zip(likest, themes, likest_words, strict=True)))


def _leads(values: Floats, axis: int) -> Floats:
    """Return how far each value is ahead of the best of the others along an axis."""
    if values.shape[axis] == 1:
        return values
    # The reductions of ufuncs, as the methods of arrays go there by way of Python.
    best = np.maximum.reduce(values, axis=axis, keepdims=True)
    top = values == best
    second = np.maximum.reduce(np.where(top, _NONE, values), axis=axis, keepdims=True)
    found: Floats = values - np.where(top, second, best)
    return found


def likeness_to_json(subjects: Subjects) -> dict[str, Any]:
    """Return what was learnt as plain data: weights in a byte each, words of two characters."""
    words = sorted(subjects.columns)
    table = subjects.weights[[subjects.columns[w] for w in words]].astype(np.int8)
    return {
        "words": "".join(words),
        "weights": base64.b64encode(table.tobytes()).decode("ascii"),
        "bias": [round(float(b), 3) for b in subjects.bias],
        "common": [subjects.common[k] for k in keys_of("".join(words))[::2].tolist()],
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
        common=_by_key(words, data["common"]),
        rarest=data["rarest"],
    )


def _by_key(words: Sequence[str], values: Sequence[int]) -> dict[int, int]:
    return dict(zip(keys_of("".join(words))[::2].tolist(), values, strict=True)) if words else {}
