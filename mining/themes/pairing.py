"""Which problem an improvement answers: same order by default, shared words against it."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from mining.report import PointKind
from mining.themes.cues import blanked, pairs_of, point_cues, telling_pairs
from mining.themes.weights import PointWeights

__all__ = [
    "PairSheet",
    "Statement",
    "nothing_features",
    "order_features",
    "pair",
    "shared_features",
    "subject_features",
]

# Runs of answers that are followed further, the likeliest first.
_WIDTH = 4
_HEAD = 24

Key = tuple[int, ...]
_Run = tuple[float, tuple[int | None, ...], int | None, int]


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
    """What a statement is about: its pairs of characters, those that are no cue, its subjects."""

    head: Sequence[str]
    size: int
    all: set[str]
    rare: set[str]
    bits: int


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
        self._spread = Counter(w for p in self.problems for w in self._words[p].all)
        self._nearest: list[int] = []
        last = -1
        for i, s in enumerate(statements):
            last = i if s.kind == "problem" else last
            self._nearest.append(last)
        self._first = bool(self.problems and self.improvements) and (
            self.improvements[0] < self.problems[-1]
        )
        self._more = max(-3, min(len(self.improvements) - len(self.problems), 3))

    def nothing(self, improvement: int, last: int | None) -> Key:
        """Return what speaks for an improvement that answers none of the problems."""
        words, place = self._words[improvement], self._place[improvement]
        left = min(len(self.improvements) - place, 4)
        behind = bool(improvement) and self._all[improvement - 1].kind == "problem"
        subjects, size = min(words.bits.bit_count(), 3), min(words.size // 8, 5)
        return (self._first, self._more, left, subjects, size, last is None, place == 0, behind)

    def head(self, improvement: int) -> list[str]:
        """Return the features of the improvement's own first words."""
        return [f"N{pair}" for pair in self._words[improvement].head]

    def shared(self, improvement: int) -> dict[int, tuple[Key, int]]:
        """Return, for each problem, how much its words share with the improvement's.

        The number beside the key holds the subjects of both as bits.
        """
        own, spread = self._words[improvement], self._spread
        rows: dict[int, tuple[int, int, int, int]] = {}
        for p in self.problems:
            words = self._words[p]
            both = own.all & words.all
            single = {w for w in both if spread[w] == 1}
            rare = len(single & own.rare)
            rows[p] = (len(single), rare, len(both) - len(single), own.bits & words.bits)
        rares = [*sorted((row[1] for row in rows.values()), reverse=True), 0]
        counts = [*sorted((row[3].bit_count() for row in rows.values()), reverse=True), 0]
        found: dict[int, tuple[Key, int]] = {}
        for p, (n_single, rare, other, bits) in rows.items():
            count = bits.bit_count()
            over = rare - (rares[1] if rare == rares[0] else rares[0])
            ahead = count - (counts[1] if count == counts[0] else counts[0])
            key = (
                min(n_single, 6),
                min(rare, 6),
                min(other, 3),
                min(count, 4),
                max(min(over, 4), -4),
                max(min(ahead, 3), -3),
            )
            found[p] = (key, bits)
        return found

    def order(self, improvement: int, problem: int, last: int | None, answered: int) -> Key:
        """Return how a problem stands to an improvement when `last` was answered before it.

        `answered` holds the ranks of all answered problems as bits.
        """
        rank, place = self._rank[problem], self._place[improvement]
        step = rank - self._rank[last] if last is not None else rank + 1
        below = (1 << rank) - 1
        return (
            self._first,
            self._nearest[improvement] == problem,
            bool(improvement) and self._all[improvement - 1].kind == "problem",
            len(self.problems) == len(self.improvements),
            max(min(rank - place, 4), -4),
            max(min(step, 4), -3),
            answered >> rank & 1,
            problem == last,
            min(rank - (answered & below).bit_count(), 3),
            problem > improvement,
        )

    def bit(self, problem: int) -> int:
        """Return the bit of a problem's rank."""
        return 1 << self._rank[problem]


def nothing_features(key: Key) -> list[str]:
    """Return the features of a key of `PairSheet.nothing`."""
    first, more, left, subjects, size, fresh, start, behind = key
    end = f"{left == 1:d}{first:d}"
    return [
        "N",
        f"N{more}{first:d}",
        f"Nleft{left}{first:d}",
        f"Nend{end}{more > 0:d}",
        f"Nbits{subjects}{end}",
        f"Nsize{size}{end}",
        f"Nlast{fresh:d}{start:d}{first:d}",
        f"Nnear{behind:d}{first:d}",
    ]


def shared_features(key: Key) -> list[str]:
    """Return the features of a key of `PairSheet.shared`."""
    single, rare, other, bits, over, ahead = key
    return [
        f"single{single}",
        f"rare{rare}",
        f"other{other}",
        f"bits{bits}",
        f"over{over}",
        f"overbits{ahead}",
        f"best{over > 0:d}{ahead > 0:d}",
    ]


def subject_features(bits: int) -> list[str]:
    """Return the features of subjects that both speak of."""
    return [f"both{i}" for i in range(bits.bit_length()) if bits >> i & 1]


def order_features(key: Key) -> list[str]:
    """Return the features of a key of `PairSheet.order`."""
    first, near, behind, even, apart, step, done, again, left, later = key
    return [
        f"near{near:d}{behind:d}{first:d}",
        f"same{apart == 0:d}{even:d}{first:d}",
        f"apart{apart}{first:d}",
        f"step{step}{first:d}",
        f"done{done:d}{first:d}{again:d}",
        f"open{left}{done:d}{first:d}",
        f"later{later:d}",
    ]


def pair(text: str, statements: Sequence[Statement], weights: PointWeights) -> list[int | None]:
    """Return, for each statement, the position of the problem that it answers, or ``None``."""
    answers: list[int | None] = [None] * len(statements)
    sheet = PairSheet(text, statements)
    if not sheet.problems:
        return answers
    runs: list[_Run] = [(0.0, (), None, 0)]
    for i in sheet.improvements:
        runs = _further(sheet, i, runs, weights)
    for i, answer in zip(sheet.improvements, runs[0][1], strict=True):
        answers[i] = answer
    return answers


def _further(
    sheet: PairSheet, improvement: int, runs: Sequence[_Run], weights: PointWeights
) -> list[_Run]:
    """Return the likeliest runs of answers with one improvement more."""
    score_of = weights.remembered
    words = {
        p: score_of(shared_features, key) + score_of(subject_features, bits)
        for p, (key, bits) in sheet.shared(improvement).items()
    }
    generic = weights.pair_score(sheet.head(improvement))
    further: list[_Run] = []
    for score, run, last, answered in runs:
        nothing = generic + score_of(nothing_features, sheet.nothing(improvement, last))
        further.append((score + nothing, (*run, None), last, answered))
        for p, shared in words.items():
            order = score_of(order_features, sheet.order(improvement, p, last, answered))
            further.append((score + shared + order, (*run, p), p, answered | sheet.bit(p)))
    further.sort(key=operator.itemgetter(0), reverse=True)
    return further[:_WIDTH]


def _words_of(text: str, plain: str, start: int, end: int) -> _Words:
    cues = point_cues()
    pairs = pairs_of(text, start, end)
    told = telling_pairs(plain, start, end)
    bits = reduce(operator.or_, filter(None, map(cues.subjects.get, pairs)), 0)
    return _Words(pairs[:_HEAD], len(pairs), told, told - cues.classes.keys(), bits)
