"""Long passages that two texts share word for word, found in linear time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from mining.spans import Span

__all__ = ["Shared", "find_shared"]

_ENDS = "，,。；;：:！？!?"
# A passage holds whole clauses, so that only clauses need to be looked up. Clauses of a text with
# its blanks and those of the text without them are the same ones, in the same order.
_CLAUSE = re.compile(rf"[^{_ENDS}\s][^{_ENDS}\n]*(?:[{_ENDS}]|[^\S\n])*")
_BARE_CLAUSE = re.compile(rf"[^{_ENDS}\n]+[{_ENDS}]*")
# A clause that stands in a text many times is tried at its first places only.
_MOST_PLACES = 4
# Shorter clauses (一是, 同时) begin no passage.
_SHORTEST = 6


@dataclass(frozen=True, slots=True)
class Shared:
    """A passage that stands in both texts: where in this year's, and where in last year's."""

    here: Span
    there: Span


class _Clauses:
    """The clauses of the sections of one text, without blanks."""

    def __init__(self, text: str, sections: Sequence[Span]) -> None:
        self._text, self._sections = text, sections
        self.words: list[str] = []
        self.owners: list[int] = []
        for number, section in enumerate(sections):
            lines = section.of(text).split("\n")
            found = _BARE_CLAUSE.findall("\n".join(["".join(line.split()) for line in lines]))
            self.words += found
            self.owners += [number] * len(found)

    @cached_property
    def _spans(self) -> tuple[Span, ...]:
        return tuple(
            Span(match.start(), match.start() + len(match[0].rstrip()))
            for section in self._sections
            for match in _CLAUSE.finditer(self._text, section.start, section.end)
        )

    def span(self, start: int, length: int) -> Span:
        """Return where `length` clauses from `start` on stand."""
        return Span(self._spans[start].start, self._spans[start + length - 1].end)

    def run(self, start: int, other: _Clauses, at: int) -> int:
        """Return how many clauses from `start` on are those of `other` from `at` on."""
        length = 0
        while (
            start + length < len(self.words)
            and at + length < len(other.words)
            and self.words[start + length] == other.words[at + length]
            and self.owners[start + length] == self.owners[start]
            and other.owners[at + length] == other.owners[at]
        ):
            length += 1
        return length


def find_shared(
    text: str, sections: Sequence[Span], other: str, other_sections: Sequence[Span], *, least: int
) -> Iterator[Shared]:
    """Yield the runs of clauses that stand in both texts, in the order of the first.

    Blanks and line ends do not count; a run ends with its section; none overlaps another.

    Parameters
    ----------
    text, sections
        This year's text and the stretches of it to look at.
    other, other_sections
        Last year's.
    least
        Passages of fewer characters, blanks not counted, are left out.
    """
    mine, theirs = _Clauses(text, sections), _Clauses(other, other_sections)
    known = set(theirs.words)
    # Most texts have too little in common for any passage.
    if sum([len(words) for words in mine.words if words in known]) < least:
        return
    for start, at, length in _runs(mine, theirs):
        if sum([len(words) for words in mine.words[start : start + length]]) >= least:
            yield Shared(mine.span(start, length), theirs.span(at, length))


def _runs(mine: _Clauses, theirs: _Clauses) -> Iterator[tuple[int, int, int]]:
    """Yield where each run begins in both texts, and how many clauses it has."""
    places: dict[str, list[int]] = {}
    for i, words in enumerate(theirs.words):
        known = places.setdefault(words, [])
        if len(known) < _MOST_PLACES:
            known.append(i)
    start = 0
    while start < len(mine.words):
        words = mine.words[start]
        found = places.get(words, ()) if len(words) >= _SHORTEST else ()
        runs = [(mine.run(start, theirs, at), -at) for at in found]
        length, at = max(runs, default=(0, 0))
        if length:
            yield start, -at, length
        start += length or 1
