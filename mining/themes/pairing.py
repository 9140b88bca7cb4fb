"""Which problem an improvement answers: same order by default, shared words against it."""

from __future__ import annotations

import heapq
import math
import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mining.report import PointKind
from mining.themes.cues import blanked, pairs_of, telling_pairs
from mining.themes.likeness import PLANES, Likeness, Likenesses
from mining.themes.weights import PointWeights

__all__ = [
    "PairSheet",
    "Statement",
    "alike_features",
    "alone_features",
    "nothing_features",
    "order_features",
    "pair",
    "stand_features",
]

# Runs of answers that are followed further, the likeliest first. A run is its log-probability, the
# ranks of the problems that it answers, the last of them, and all of them as bits.
_WIDTH = 2
_HEAD = 24

Key = tuple[int, ...]
_Run = tuple[float, tuple[int | None, ...], int, int]


@dataclass(frozen=True, slots=True)
class Statement:
    """A point on its way: place, kind, enumerated item, and where the words before it begin."""

    start: int
    end: int
    kind: PointKind
    item: int
    lead: int
    fresh: bool


@dataclass(frozen=True, slots=True)
class _Words:
    """Words of a statement: its first pairs of characters, how many, all that tell something."""

    head: Sequence[str]
    size: int
    all: set[str]


class PairSheet:
    """The problems and improvements of one section, and what each pair of them has in common.

    What is seen is told as keys of small numbers, for which scores are remembered.
    """

    def __init__(self, text: str, statements: Sequence[Statement]) -> None:
        self._all = statements
        self.problems = [i for i, s in enumerate(statements) if s.kind == "problem"]
        self.improvements = [i for i, s in enumerate(statements) if s.kind == "improvement"]
        self._rank = {p: r for r, p in enumerate(self.problems)}
        self._place = {i: r for r, i in enumerate(self.improvements)}
        plain = blanked(text)
        self._words = {
            i: _words_of(text, plain, s.lead if s.kind == "improvement" else s.start, s.end)
            for i, s in enumerate(statements)
            if s.kind != "neither"
        }
        self._nearest: list[int] = []
        last = -1
        for i, s in enumerate(statements):
            last = i if s.kind == "problem" else last
            self._nearest.append(last)
        self._first = bool(self.problems and self.improvements) and (
            self.improvements[0] < self.problems[-1]
        )
        self._more = max(-3, min(len(self.improvements) - len(self.problems), 3))

    def nothing(self, improvement: int, last: int) -> Key:
        """Return what speaks for an improvement that answers none of the problems."""
        words, place = self._words[improvement], self._place[improvement]
        left = min(len(self.improvements) - place, 4)
        behind = bool(improvement) and self._all[improvement - 1].kind == "problem"
        size = min(words.size // 8, 5)
        return (self._first, self._more, left, size, last < 0, place == 0, behind)

    def head(self, improvement: int) -> list[str]:
        """Return the features of the improvement's own first words."""
        return [f"N{pair}" for pair in self._words[improvement].head]

    def compared(self, likeness: Likeness) -> Likenesses:
        """Return how alike improvements and problems are, in the order of both lists."""
        words = self._words
        return likeness.compare(
            [words[i].all for i in self.improvements], [words[p].all for p in self.problems]
        )

    def stand(self, improvement: int, problem: int) -> Key:
        """Return how a problem stands to an improvement, whatever was answered before."""
        apart = self._rank[problem] - self._place[improvement]
        return (
            self._first,
            self._nearest[improvement] == problem,
            bool(improvement) and self._all[improvement - 1].kind == "problem",
            len(self.problems) == len(self.improvements),
            max(min(apart, 4), -4),
            problem > improvement,
        )

    def order(self, rank: int, last: int, answered: int) -> Key:
        """Return how the problem of a rank stands when that of rank `last` was answered before.

        `last` is -1 before the first; `answered` holds the ranks of all answered problems as bits.
        """
        step, left = rank - last, rank - (answered & ((1 << rank) - 1)).bit_count()
        return (
            self._first,
            max(min(step, 4), -3),
            answered >> rank & 1,
            rank == last,
            min(left, 3),
        )


def nothing_features(key: Key) -> list[str]:
    """Return the features of a key of `PairSheet.nothing`."""
    first, more, left, size, fresh, start, behind = key
    end = f"{left == 1:d}{first:d}"
    return [
        "N",
        f"N{more}{first:d}",
        f"Nleft{left}{first:d}",
        f"Nend{end}{more > 0:d}",
        f"Nsize{size}{end}",
        f"Nlast{fresh:d}{start:d}{first:d}",
        f"Nnear{behind:d}{first:d}",
    ]


def alike_features(bins: Iterable[int]) -> list[str]:
    """Return the features of the steps of one pair."""
    return [f"{plane}{step}" for plane, step in zip(PLANES, bins, strict=True)]


def alone_features(steps: tuple[int, int, int]) -> list[str]:
    """Return the features of what `Likenesses.alone` tells of an improvement."""
    mix, theme, words = steps
    return [f"Nmix{mix}", f"Nth{theme}", f"Ncos{words}"]


def stand_features(key: Key) -> list[str]:
    """Return the features of a key of `PairSheet.stand`."""
    first, near, behind, even, apart, later = key
    return [
        f"near{near:d}{behind:d}{first:d}",
        f"same{apart == 0:d}{even:d}{first:d}",
        f"apart{apart}{first:d}",
        f"later{later:d}",
    ]


def order_features(key: Key) -> list[str]:
    """Return the features of a key of `PairSheet.order`."""
    first, step, done, again, left = key
    return [
        f"step{step}{first:d}",
        f"done{done:d}{first:d}{again:d}",
        f"open{left}{done:d}{first:d}",
    ]


def pair(text: str, statements: Sequence[Statement], weights: PointWeights) -> list[int | None]:
    """Return, for each statement, the position of the problem that it answers, or ``None``."""
    answers: list[int | None] = [None] * len(statements)
    sheet = PairSheet(text, statements)
    if not sheet.problems or not sheet.improvements:
        return answers
    found = sheet.compared(weights.likeness)
    score_of = weights.remembered
    runs: list[_Run] = [(0.0, (), -1, 0)]
    for i, likes, alone in zip(
        sheet.improvements, weights.alike(found.bins), found.alone, strict=True
    ):
        generic = weights.pair_score(sheet.head(i)) + score_of(alone_features, alone)
        stands = [score_of(stand_features, sheet.stand(i, p)) for p in sheet.problems]
        scores = [generic, *map(operator.add, likes, stands)]
        runs = _further(sheet, i, runs, scores, weights)
    for i, rank in zip(sheet.improvements, runs[0][1], strict=True):
        answers[i] = None if rank is None else sheet.problems[rank]
    return answers


def _further(
    sheet: PairSheet,
    improvement: int,
    runs: Sequence[_Run],
    scores: Sequence[float],
    weights: PointWeights,
) -> list[_Run]:
    """Return the likeliest runs of answers with one improvement more.

    `scores` are of the improvement that answers nothing, then of each problem, whatever was
    answered before.
    """
    score_of, order = weights.remembered, sheet.order
    further: list[_Run] = []
    for before, run, last, answered in runs:
        options = [
            scores[rank + 1] + score_of(order_features, order(rank, last, answered))
            for rank in range(len(scores) - 1)
        ]
        nothing = scores[0] + score_of(nothing_features, sheet.nothing(improvement, last))
        # A run's score is its probability: what was answered before changes what is open.
        top = max(nothing, *options)
        total = math.exp(nothing - top) + sum([math.exp(o - top) for o in options])
        base = before - top - math.log(total)
        further.append((base + nothing, (*run, None), last, answered))
        further += [
            (base + option, (*run, rank), rank, answered | 1 << rank)
            for rank, option in enumerate(options)
        ]
    return heapq.nlargest(_WIDTH, further, key=operator.itemgetter(0))


def _words_of(text: str, plain: str, start: int, end: int) -> _Words:
    return _Words(
        pairs_of(text, start, min(start + _HEAD, end - 1) + 1),
        end - start - 1,
        telling_pairs(plain, start, end),
    )
