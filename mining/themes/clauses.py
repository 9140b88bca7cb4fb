"""Commas that part two statements of one sentence, told from those inside a statement."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from mining.themes.cues import pairs_of
from mining.themes.weights import TextSheet

__all__ = ["CommaSheet", "Sentence", "clause_cuts", "clause_features", "commas_of"]

_COMMAS = "，,、"
_OPENING, _CLOSING = "“（(《【", "”）)》】"
_MARK = re.compile(f"[{_COMMAS}{_OPENING}{_CLOSING}]")
_STEPS = (4, 6, 8, 10, 13, 17, 22, 30, 45, 70, 110)
# Nearer than this a 、 stands in a list of nouns.
_SHORTEST = 4
# A sentence of prose longer than this is not looked at clause by clause.
_MAX_SENTENCE = 600
# So many pairs of characters on each side of a comma are looked at.
_REACH = 12

Key = tuple[object, ...]


class Sentence(NamedTuple):
    """A stretch between sentence marks.

    Parameters
    ----------
    start, end
        Its place.
    item
        Whether it is of an enumerated item, which is one statement but for an answer behind it.
    crowd
        Number of sentences in the section: in a short one a sentence tells more than one thing.
    closed
        Whether it is a list that 等问题 ends.
    """

    start: int
    end: int
    item: bool
    crowd: int
    closed: bool = False


def clause_cuts(sheet: TextSheet, sentence: Sentence, *, turn: re.Pattern[str] | None) -> list[int]:
    """Return the commas of a sentence at which a new point begins, in order.

    Behind a comma, words that `turn` matches open an answer for sure, where there is a `turn`.
    """
    start, end = sentence.start, sentence.end
    text = sheet.text
    plain = sentence.item and not sentence.closed
    if end - start > _MAX_SENTENCE or (
        plain and (turn is None or not turn.search(text, start, end))
    ):
        return []
    commas = commas_of(text, start, end)
    if not commas:
        return []
    own = None if plain else CommaSheet(sheet, sentence, commas)
    found: list[int] = []
    last = start
    for index, comma in enumerate(commas):
        if (turn is not None and turn.match(text, comma + 1, end)) or (
            own is not None and own.parts(index, last)
        ):
            found.append(comma)
            last = comma + 1
    return found


def commas_of(text: str, start: int, end: int) -> list[int]:
    """Return the commas outside of quotes and brackets, and each 、 with enough words around it."""
    marks = [(m.start(), m[0]) for m in _MARK.finditer(text, start, end)]
    found: list[int] = []
    depth = 0
    last = start - 1
    for n, (i, char) in enumerate(marks, start=1):
        if char in _COMMAS:
            if depth == 0 and (char != "、" or _is_apart(marks, n, i - last, end)):
                found.append(i)
            last = i
        elif char in _OPENING:
            depth += 1
        else:
            depth = max(depth - 1, 0)
    return found


def _is_apart(marks: Sequence[tuple[int, str]], n: int, before: int, end: int) -> bool:
    """Tell whether enough words stand on both sides of the mark before the one at `n`."""
    after = marks[n][0] if n < len(marks) and marks[n][1] in _COMMAS else end
    return before > _SHORTEST and after - marks[n - 1][0] > _SHORTEST


class CommaSheet:
    """The commas of one sentence and what each looks like.

    What is seen of lengths and cues is told as keys of small numbers, for which scores are
    remembered.
    """

    def __init__(self, sheet: TextSheet, sentence: Sentence, commas: Sequence[int]) -> None:
        start, end = sentence.start, sentence.end
        self._sheet, self._text, self._marks = sheet, sheet.text, sheet.marks
        self._end, self._closed = end, sentence.closed
        self._ends = [start - 1, *commas, end]
        text = sheet.text
        self._chain = text[end : end + 1] in "；;" or text[start - 1 : start] in "；;"
        self.whole: Key = (
            self._chain,
            min(sentence.crowd, 9),
            min(len(commas), 8),
            _step(end - start),
        )
        wholes, *self._known = sheet.weights.comma_memories(_FEATURES)
        self._base = sheet.weights.clauses.get("", 0.0) + wholes[self.whole]

    def parts(self, index: int, last: int) -> bool:
        """Tell whether a new point begins behind a comma; the one before it begins at `last`."""
        if self._closed and self._both_lack(index, last):
            return True
        lengths, places, cues, afters, befores, starts = self._known
        (begin, middle), (behind, stop) = self._windows(index)
        after, before, start = self.edges(index)
        score: float = self._base + self._sheet.before(begin, middle)
        score += self._sheet.after(behind, stop)
        score += lengths[self.lengths(index)]
        score += places[self.places(index, last)]
        score += cues[self.cues(index, last)]
        score += afters[after]
        score += befores[before]
        score += starts[start]
        return score > 0.0

    def _side(self, index: int) -> tuple[int, int, int]:
        """Return where the clause before a comma begins, the comma, and the end of the next."""
        left, here, right = self._ends[index : index + 3]
        return left + 1, here, right

    def lengths(self, index: int) -> Key:
        """Return how long the clauses beside a comma are, and which comma it is."""
        left, here, right = self._side(index)
        mark = self._text[here] == "、"
        return _step(here - left), _step(right - here - 1), mark, self._closed, self._chain

    def places(self, index: int, last: int) -> Key:
        """Return how far a comma is from both ends of what it may part."""
        here = self._ends[index + 1]
        passed = index + 1 - bisect_right(self._ends, last - 1, 1, index + 1)
        return _step(here - last), _step(self._end - here), passed, self._chain

    def cues(self, index: int, last: int) -> Key:
        """Return whether each side of a comma tells a lack or an action of its own."""
        _, here, right = self._side(index)
        marks = self._marks
        told, next_ = marks[last : here - 1].rstrip(), marks[here + 1 : right - 1]
        return (
            ("l" in told, "a" in told, "l" in next_, "a" in next_),
            "l" in marks[max(last, here - 6) : here - 1],
            "l" in marks[max(here + 1, right - 6) : right - 1],
            marks[here + 1 : min(here + 4, right - 1)].strip()[:1],
            told[-1:] + next_.lstrip()[:1],
            (self._chain, self._closed),
        )

    def _both_lack(self, index: int, last: int) -> bool:
        """Tell whether both sides of a comma end in a lack: members of a list of lacks."""
        _, here, right = self._side(index)
        marks = self._marks
        return (
            "l" in marks[max(last, here - 6) : here - 1]
            and "l" in marks[max(here + 1, right - 6) : right - 1]
        )

    def edges(self, index: int) -> tuple[str, str, str]:
        """Return the characters behind and before a comma, and at the start of its clause."""
        left, here, right = self._side(index)
        text = self._text
        return (
            text[here + 1 : min(here + 3, right)],
            text[max(here - 2, left) : here],
            text[left : min(left + 2, here)],
        )

    def words(self, index: int) -> tuple[list[str], list[str]]:
        """Return the pairs of characters before and behind a comma, near to it."""
        (begin, middle), (behind, stop) = self._windows(index)
        text = self._text
        return pairs_of(text, begin, middle + 1), pairs_of(text, behind, stop + 1)

    def _windows(self, index: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """Return the first pair, and that after the last, before and behind a comma."""
        left, here, right = self._side(index)
        begin = max(here - _REACH, left)
        # The first pair behind it is told as an edge.
        behind = min(here + 2, right - 1)
        stop = min(here + 1 + _REACH, right - 1)
        return (begin, max(here - 1, begin)), (behind, max(stop, behind))


def clause_features(sheet: CommaSheet, index: int, last: int) -> list[str]:
    """Return all features of a comma; the point that it may end begins at `last`."""
    before, after = sheet.words(index)
    edges = sheet.edges(index)
    return [
        *_whole_features(sheet.whole),
        *_length_features(sheet.lengths(index)),
        *_place_features(sheet.places(index, last)),
        *_cue_features(sheet.cues(index, last)),
        *(f for features, edge in zip(_EDGES, edges, strict=True) for f in features(edge)),
        *(f"L{pair}" for pair in before),
        *(f"R{pair}" for pair in after),
    ]


def _whole_features(key: Key) -> Iterator[str]:
    chain, crowd, commas, size = key
    yield f"c{chain:d}"
    yield f"w{crowd}c{chain:d}"
    yield f"w{crowd}n{commas}c{chain:d}"
    yield f"n{commas}"
    yield f"n{commas}c{chain:d}"
    yield f"c{chain:d}s{size}"
    yield f"s{size}"


def _length_features(key: Key) -> Iterator[str]:
    before, after, mark, closed, chain = key
    yield f"m{mark:d}{closed:d}"
    yield f"m{mark:d}{closed:d}c{chain:d}"
    yield f"m{mark:d}{closed:d}l{before}"
    yield f"m{mark:d}{closed:d}r{after}"
    yield f"l{before}"
    yield f"r{after}"


def _place_features(key: Key) -> Iterator[str]:
    begun, left, passed, chain = key
    yield f"p{begun}e{left}"
    yield f"c{chain:d}p{begun}"
    yield f"c{chain:d}e{left}"
    yield f"p{begun}"
    yield f"e{left}"
    yield f"k{passed}c{chain:d}"


def _cue_features(key: Any) -> Iterator[str]:  # noqa: ANN401 - numbers and words in a fixed order
    told, near, far, begin, turn, kinds = key
    sides, regime = "".join(map("01".__getitem__, told)), "".join(map("01".__getitem__, kinds))
    yield f"x{sides}"
    yield f"x{sides}{regime}"
    yield f"y{near:d}{far:d}{regime}"
    yield f"z{begin}{regime}"
    yield f"t{turn}"


def _after_features(edge: str) -> Iterator[str]:
    yield f"a0{edge[:1]}"
    yield f"a1{edge[1:]}"
    yield f"A{edge}"


def _before_features(edge: str) -> Iterator[str]:
    yield f"b0{edge[-1:]}"
    yield f"B{edge}"


def _start_features(edge: str) -> Iterator[str]:
    yield f"S{edge}"


_EDGES = (_after_features, _before_features, _start_features)
_FEATURES = (_whole_features, _length_features, _place_features, _cue_features, *_EDGES)


def _step(length: int) -> int:
    return bisect_right(_STEPS, length)
