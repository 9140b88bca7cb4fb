"""Which problem an improvement answers: same order by default, shared words against it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mining.report import PointKind
from mining.themes.cues import pairs_of
from mining.themes.likeness import PLANES, Likenesses, compare
from mining.themes.weights import TextSheet

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

_HEAD = 24
# 针对第二个问题 or 针对问题二 tells which problem is meant.
_NUMBERS = "一二三四五六七八九十"
_MEANT = "(?:针对|对于|关于|就|对)(?:上述|以上|前述|存在的)?"
_NUMBERED = re.compile(
    rf"{_MEANT}(?:第(?P<nth>[{_NUMBERS}]|\d{{1,2}})"
    rf"(?:个|条|项|点|类|方面的?){{0,2}}(?:问题|不足|短板)"
    rf"|(?:问题|不足|短板)之?(?P<named>[{_NUMBERS}]|\d{{1,2}})(?![个些条项点]))"
)
# How such words begin: few sections have any, which one scan tells for all improvements.
_NUMBERS_BEGIN = re.compile(rf"{_MEANT}(?:第|(?:问题|不足|短板)之?)[{_NUMBERS}\d]")

Key = tuple[int, ...]


class Statement(NamedTuple):
    """A point on its way: place, kind, enumerated item, and where the words before it begin."""

    start: int
    end: int
    kind: PointKind
    item: int
    lead: int
    fresh: bool


class PairSheet:
    """The problems and improvements of one section, and what each pair of them has in common.

    What is seen is told as keys of small numbers, for which scores are remembered.
    """

    def __init__(self, sheet: TextSheet, statements: Sequence[Statement]) -> None:
        self._sheet, self._all = sheet, statements
        self.problems = [i for i, s in enumerate(statements) if s.kind == "problem"]
        self.improvements = [i for i, s in enumerate(statements) if s.kind == "improvement"]
        self._place = {i: r for r, i in enumerate(self.improvements)}
        self._nearest: list[int] = []
        last = -1
        for i, s in enumerate(statements):
            last = i if s.kind == "problem" else last
            self._nearest.append(last)
        self._first = bool(self.problems and self.improvements) and (
            self.improvements[0] < self.problems[-1]
        )
        self._more = max(-3, min(len(self.improvements) - len(self.problems), 3))
        self._numbers = _NUMBERS_BEGIN.search(sheet.text) is not None

    def nothing(self, improvement: int, last: int) -> Key:
        """Return what speaks for an improvement that answers none of the problems."""
        place = self._place[improvement]
        left = min(len(self.improvements) - place, 4)
        behind = self._is_behind_problem(improvement)
        start, end = self._stretch(improvement)
        size = min((end - start - 1) // 8, 5)
        return (self._first, self._more, left, size, last < 0, place == 0, behind)

    def head(self, improvement: int) -> tuple[int, int]:
        """Return the stretch of the improvement's own first pairs of characters."""
        start, end = self._stretch(improvement)
        return start, min(start + _HEAD, end - 1)

    def head_features(self, improvement: int) -> list[str]:
        """Return the features of the same pairs."""
        start, stop = self.head(improvement)
        return [f"N{pair}" for pair in pairs_of(self._sheet.text, start, stop + 1)]

    def compared(self) -> Likenesses:
        """Return how alike improvements and problems are, in the order of both lists."""
        stretches = [self._stretch(i) for i in (*self.improvements, *self.problems)]
        words, sums = self._sheet.spoken(stretches)
        n = len(self.improvements)
        return compare(self._sheet.weights.subjects, sums, words[:n], words[n:])

    def _stretch(self, statement: int) -> tuple[int, int]:
        """Return where the words of a statement are: what leads in an improvement is of it."""
        s = self._all[statement]
        return (s.lead if s.kind == "improvement" else s.start), s.end

    def told(self, improvement: int) -> int | None:
        """Return the rank of the problem that an improvement names by its number."""
        if not self._numbers:
            return None
        start, _ = self._stretch(improvement)
        own = self._all[improvement]
        match = _NUMBERED.search(self._sheet.text, start, min(own.start + _HEAD, own.end))
        if match is None:
            return None
        number = match["nth"] or match["named"]
        rank = int(number) if number.isdigit() else _NUMBERS.index(number) + 1
        return rank - 1 if 0 < rank <= len(self.problems) else None

    def stands(self, improvement: int) -> list[Key]:
        """Return a key of each problem: how it stands to an improvement, whatever was answered."""
        first, nearest, place = self._first, self._nearest[improvement], self._place[improvement]
        behind = self._is_behind_problem(improvement)
        even = len(self.problems) == len(self.improvements)
        return [
            (first, nearest == problem, behind, even, max(min(apart, 4), -4), problem > improvement)
            for apart, problem in enumerate(self.problems, -place)
        ]

    def _is_behind_problem(self, improvement: int) -> bool:
        return improvement > 0 and self._all[improvement - 1].kind == "problem"

    def orders(self, last: int, answered: int) -> list[Key]:
        """Return a key of each problem: how it stands when that of rank `last` was answered before.

        `last` is -1 before the first; `answered` holds the ranks of all answered problems as bits.
        """
        first = self._first
        keys: list[Key] = []
        left = 0
        for step in range(-last, len(self.problems) - last):
            done = answered & 1
            answered >>= 1
            keys.append((first, max(min(step, 4), -3), done, step == 0, min(left, 3)))
            left += 1 - done
        return keys


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
    """Return the features of a key of `PairSheet.stands`."""
    first, near, behind, even, apart, later = key
    return [
        f"near{near:d}{behind:d}{first:d}",
        f"same{apart == 0:d}{even:d}{first:d}",
        f"apart{apart}{first:d}",
        f"later{later:d}",
    ]


def order_features(key: Key) -> list[str]:
    """Return the features of a key of `PairSheet.orders`."""
    first, step, done, again, left = key
    return [
        f"step{step}{first:d}",
        f"done{done:d}{first:d}{again:d}",
        f"open{left}{done:d}{first:d}",
    ]


_FEATURES = (alone_features, nothing_features, stand_features, order_features)


def pair(sheet: TextSheet, statements: Sequence[Statement]) -> list[int | None]:
    """Return, for each statement, the position of the problem that it answers, or ``None``.

    Each improvement takes what is likeliest after the answers before it.
    """
    answers: list[int | None] = [None] * len(statements)
    own = PairSheet(sheet, statements)
    if not own.problems or not own.improvements:
        return answers
    found = own.compared()
    weights = sheet.weights
    alone, nothing, stand, order = weights.pair_memories(_FEATURES)
    last, answered = -1, 0
    likes = sheet.alike(found.bins)
    for place, i in enumerate(own.improvements):
        told = own.told(i)
        if told is None:
            generic = alone[found.alone[place]] + nothing[own.nothing(i, last)]
            generic += sheet.none(*own.head(i))
            keys = zip(likes[place], own.stands(i), own.orders(last, answered), strict=True)
            scores = [like + stand[s] + order[o] for like, s, o in keys]
            best = max(scores)
            if best <= generic:
                continue
            told = scores.index(best)
        last = told
        answered |= 1 << last
        answers[i] = own.problems[last]
    return answers
