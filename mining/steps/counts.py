"""The counts of a text in order, as lists of parts are read from them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mining.frozen import maker
from mining.report import Breakdown, Figure, Number
from mining.spans import Span

__all__ = [
    "MOST_PARTS",
    "Counts",
    "adds_up",
    "fit",
    "heads_that_add_up",
    "is_alike",
    "is_other_business",
    "make_breakdown",
    "sum_of",
    "without_brackets",
]

# No real list is longer; without a bound a text of numbers alone takes quadratic time.
MOST_PARTS = 100
_MOST_HEADED = 24
_ITEMS = frozenset(("条", "篇", "件", "个", "则", "期", "条次", "份", "项", "篇次", "件次"))
_CASES = frozenset(("件", "项", "个", "条", "份", "件次", "起", "宗", "例", "封"))
_PEOPLE = frozenset(("人", "名", "位", "人次", "人（次）", "人(次)"))
_EVENTS = frozenset(("次", "场", "场次", "期", "班次"))
_WHOLE_BRACKET = re.compile(r"[（(][^（）()]{0,60}[）)]")
_COLON = re.compile("[:：]")
_MARK = re.compile(r"[,，、。；;：:\s]")
# Another piece of business than the total's, unless the total is of that business too.
_BUSINESS = re.compile(
    r"培训|召开|举办|开展|组织|复议|诉讼|应诉|制发|制定|印发|出台|废止|解读|新收|会议|活动|访谈|参加"
)
_WORDS_BEFORE = 40
_WORDS_AFTER = 12
_HALF_STOP = re.compile("[；;]")
_BRACKET = re.compile("[（(）)]")
_OPENING = "（("
_CUT_BRACKET = re.compile(r"[（(][^（）()]{0,60}$|^[^（）()]{0,60}[）)]")


@dataclass(frozen=True, slots=True)
class Counts:
    """Figures that can be totals or parts, how deep in brackets each stands, places by id.

    `values`, `units`, `kinds`, `starts` and `ends` say of each figure what is asked most. `lasts`
    tells the last figure of its sentence.
    """

    text: str
    figures: tuple[Figure, ...]
    depths: tuple[int, ...]
    places: Mapping[int, int]
    values: tuple[Number, ...]
    units: tuple[str, ...]
    kinds: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sentences: tuple[tuple[int, int], ...]
    lasts: tuple[int, ...]

    @classmethod
    def of(cls, text: str, figures: tuple[Figure, ...]) -> Counts:
        """Return the counts with their depths."""
        # Plain pairs are compared ten times as fast as spans.
        sentences = [(f.sentence.start, f.sentence.end) for f in figures]
        last = {sentence: index for index, sentence in enumerate(sentences)}
        return _make_counts(
            text=text,
            figures=figures,
            depths=_depths(text, figures),
            places={figure.id: index for index, figure in enumerate(figures)},
            values=tuple([f.quantity.value for f in figures]),
            units=tuple([f.quantity.unit for f in figures]),
            kinds=tuple([f.kind for f in figures]),
            starts=tuple([f.span.start for f in figures]),
            ends=tuple([f.span.end for f in figures]),
            sentences=tuple(sentences),
            lasts=tuple([last[sentence] for sentence in sentences]),
        )

    def by_id(self, number: int) -> Figure:
        """Return the figure with an id."""
        return self.figures[self.places[number]]

    def gap(self, left: int, right: int) -> str:
        """Return the words between two of the figures."""
        return self.text[self.ends[left] : self.starts[right]]


_make_counts = maker(Counts)


def _depths(text: str, figures: tuple[Figure, ...]) -> tuple[int, ...]:
    """Return how many brackets are open at each figure, counted from its sentence's start."""
    depths: list[int] = []
    position, sentence, balance, bracket = 0, -1, 0, -1
    for figure in figures:
        if figure.sentence.start != sentence:
            sentence = figure.sentence.start
            if sentence < position:
                bracket = -1
            position, balance = sentence, 0
        start = figure.span.start
        if bracket < position:
            # Looked for once from here on, not before each figure.
            found = _BRACKET.search(text, position)
            bracket = found.start() if found else len(text)
        if bracket < start:
            for mark in _BRACKET.findall(text, position, start):
                balance += 1 if mark in _OPENING else -1
        position = start
        depths.append(max(0, balance))
    return tuple(depths)


def adds_up(total: Figure, part: Figure) -> bool:
    """Tell whether the two can be counted together."""
    a, b = total.quantity.unit, part.quantity.unit
    if a == b:
        return True
    return total.kind == part.kind and fit(a, b)


@lru_cache(maxsize=4096)
def fit(unit: str, other: str) -> bool:
    """Tell whether two units that are not the same may count the same things."""
    if "元" in (unit, other):
        return False
    both = {unit, other}
    return "" in both or any(both <= units for units in (_ITEMS, _CASES, _PEOPLE, _EVENTS))


def is_alike(total: Figure, part: Figure) -> bool:
    """Tell whether two units are so close that a sum means something: 人 and 人次, 件 and none."""
    one, other = total.quantity.unit, part.quantity.unit
    return adds_up(total, part) and (one == other or not one or not other or one[0] == other[0])


def is_other_business(counts: Counts, index: int, at: int, gap: str) -> bool:
    """Tell whether the words around a figure tell of other business than the total's."""
    pieces = [p for p in _MARK.split(without_brackets(gap)) if p]
    end = counts.figures[at].span.end
    words = (pieces[-1] if pieces else "") + _MARK.split(counts.text[end : end + 6])[0]
    total = counts.figures[index]
    begin = max(total.sentence.start, total.span.start - _WORDS_BEFORE)
    own = counts.text[begin : total.span.end + _WORDS_AFTER]
    told = _BUSINESS.findall(words.replace("公益组织", "").replace("其他组织", ""))
    return any(word not in own for word in told)


def sum_of(figures: Sequence[Figure]) -> Number:
    """Return the sum of what the figures say."""
    told: Number = sum((f.quantity.value for f in figures), start=0)
    return told


def make_breakdown(
    total: Figure, parts: Sequence[Figure], *, closed: bool, marker: str
) -> Breakdown:
    """Return a list; its span goes from the first of its figures to the last."""
    ends = [total.span, *(p.span for p in parts)]
    return Breakdown(
        total=total.id,
        parts=tuple(p.id for p in parts),
        closed=closed,
        span=Span(min(s.start for s in ends), max(s.end for s in ends)),
        marker=marker,
    )


def without_brackets(gap: str) -> str:
    """Drop what stands in brackets, whole or cut off, between two figures."""
    if not _BRACKET.search(gap):
        return gap
    return _CUT_BRACKET.sub("", _WHOLE_BRACKET.sub("", gap))


def heads_that_add_up(counts: Counts, index: int, first: int) -> list[int]:
    """Return the first figures between semicolons that add up: 9件，维持7件；5件，维持3件."""
    total, sentence = counts.figures[index], counts.sentences[first]
    # Without another figure in the sentence, after a semicolon, there is no second head.
    last = counts.starts[min(counts.lasts[first], first + _MOST_HEADED)]
    end = counts.ends[first]
    if counts.text.find("；", end, last) < 0 and counts.text.find(";", end, last) < 0:
        return []
    left: Number = total.quantity.value
    heads: list[int] = []
    for at in range(first, min(len(counts.figures), first + _MOST_HEADED)):
        figure = counts.figures[at]
        gap = counts.gap(at - 1, at)
        if heads and not _HALF_STOP.search(gap):
            continue
        if counts.sentences[at] != sentence or (heads and _COLON.search(gap)):
            return []
        if not is_alike(total, figure):
            return []
        if figure.quantity.approx or (heads and is_other_business(counts, index, at, gap)):
            return []
        left -= figure.quantity.value
        heads.append(at)
        if left <= 0:
            break
    return heads if left == 0 and len(heads) > 1 else []
