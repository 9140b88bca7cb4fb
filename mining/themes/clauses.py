"""Commas that part two statements of one sentence, told from those inside a statement."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mining.themes.cues import pairs_of, point_cues
from mining.themes.weights import PointWeights

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


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch between sentence marks.

    Parameters
    ----------
    start, end
        Its place.
    enumerated
        Whether it is an item of a list.
    crowd
        Number of sentences in the section: in a short one a sentence tells more than one thing.
    closed
        Whether it is a list that 等问题 ends.
    """

    start: int
    end: int
    enumerated: bool
    crowd: int
    closed: bool = False


def clause_cuts(
    text: str, sentence: Sentence, *, weights: PointWeights, turn: re.Pattern[str] | None
) -> list[int]:
    """Return the commas of a sentence at which a new point begins, in order.

    Behind a comma, words that `turn` matches open an answer for sure, where there is a `turn`.
    """
    start, end = sentence.start, sentence.end
    commas = commas_of(text, start, end)
    if not commas or end - start > _MAX_SENTENCE:
        return []
    sheet = CommaSheet(text, sentence, commas)
    found: list[int] = []
    last = start
    for index, comma in enumerate(commas):
        turns = turn is not None and turn.match(text, comma + 1, end)
        lacks = sentence.closed and sheet.both_lack(index, last)
        if turns or lacks or _score(sheet, index, last, weights) > 0:
            found.append(comma)
            last = comma + 1
    return found


def commas_of(text: str, start: int, end: int) -> list[int]:
    """Return the commas outside of quotes and brackets, and each 、 with enough words around it."""
    found: list[int] = []
    depth = 0
    last = start - 1
    for match in _MARK.finditer(text, start, end):
        i, char = match.start(), match[0]
        if char in _COMMAS:
            if depth == 0 and (char != "、" or _is_apart(text, last, i, end)):
                found.append(i)
            last = i
        elif char in _OPENING:
            depth += 1
        else:
            depth = max(depth - 1, 0)
    return found


def _is_apart(text: str, last: int, here: int, end: int) -> bool:
    following = _MARK.search(text, here + 1, end)
    after = following.start() if following and following[0] in _COMMAS else end
    return here - last > _SHORTEST and after - here > _SHORTEST


class CommaSheet:
    """The commas of one sentence and what each looks like.

    What is seen of lengths and cues is told as keys of small numbers, for which scores are
    remembered.
    """

    def __init__(self, text: str, sentence: Sentence, commas: Sequence[int]) -> None:
        start, end = sentence.start, sentence.end
        self._text, self._sentence = text, sentence
        self._ends = [start - 1, *commas, end]
        self._pairs = pairs_of(text, start, end)
        self._marks = list(map(point_cues().classes.get, self._pairs))
        self._chain = text[end : end + 1] in "；;" or text[start - 1 : start] in "；;"
        self.whole: Key = (
            self._chain,
            sentence.enumerated,
            min(sentence.crowd, 9),
            min(len(commas), 8),
            _step(end - start),
        )

    def _side(self, index: int) -> tuple[int, int, int]:
        """Return where the clause before a comma begins, the comma, and the end of the next."""
        ends = self._ends
        return ends[index] + 1, ends[index + 1], ends[index + 2]

    def lengths(self, index: int) -> Key:
        """Return how long the clauses beside a comma are, and which comma it is."""
        left, here, right = self._side(index)
        mark = self._text[here] == "、"
        sizes = _step(here - left), _step(right - here - 1)
        return (*sizes, mark, self._sentence.closed, self._chain, self._sentence.enumerated)

    def places(self, index: int, last: int) -> Key:
        """Return how far a comma is from both ends of what it may part."""
        here = self._ends[index + 1]
        passed = sum(1 for c in self._ends[1 : index + 1] if c >= last)
        apart = _step(here - last), _step(self._sentence.end - here)
        return (*apart, passed, self._chain, self._sentence.enumerated)

    def cues(self, index: int, last: int) -> Key:
        """Return whether each side of a comma tells a lack or an action of its own."""
        _, here, right = self._side(index)
        told, next_ = self._between(last, here), self._between(here + 1, right)
        near_end = self._between(max(last, here - 6), here)
        far_end = self._between(max(here + 1, right - 6), right)
        begin = self._between(here + 1, min(here + 5, right))
        return (
            f"{'l' in told:d}{'a' in told:d}{'l' in next_:d}{'a' in next_:d}",
            f"{'l' in near_end:d}{'l' in far_end:d}",
            begin[:1],
            told[-1:] + next_[:1],
            f"{self._chain:d}{self._sentence.enumerated:d}{self._sentence.closed:d}",
        )

    def both_lack(self, index: int, last: int) -> bool:
        """Tell whether both sides of a comma end in a lack: members of a list of lacks."""
        _, here, right = self._side(index)
        sides = ((last, here), (here + 1, right))
        return all("l" in self._between(max(first, stop - 6), stop) for first, stop in sides)

    def _between(self, start: int, end: int) -> str:
        """Return the classes of the pairs of characters that lie in a stretch of the text."""
        base = self._sentence.start
        return "".join(filter(None, self._marks[start - base : max(end - base - 1, 0)]))

    def edges(self, index: int) -> list[str]:
        """Return the features of the characters next to a comma."""
        left, here, right = self._side(index)
        text = self._text
        after, before = text[here + 1 : min(here + 3, right)], text[max(here - 2, left) : here]
        return [
            "a0" + after[:1],
            "a1" + after[1:],
            "A" + after,
            "b0" + before[-1:],
            "B" + before,
            "S" + text[left : min(left + 2, here)],
        ]

    def words(self, index: int) -> tuple[list[str], list[str]]:
        """Return the pairs of characters before and behind a comma, near to it."""
        left, here, right = self._side(index)
        base = self._sentence.start
        before = self._pairs[max(here - _REACH, left) - base : max(here - base - 1, 0)]
        # The first pair is told as an edge.
        after = self._pairs[here + 2 - base : max(min(here + 1 + _REACH, right - 1) - base, 0)]
        return before, after


def _score(sheet: CommaSheet, index: int, last: int, weights: PointWeights) -> float:
    known = weights.comma_score
    before, after = sheet.words(index)
    return (
        known(_whole_features, sheet.whole)
        + known(_length_features, sheet.lengths(index))
        + known(_place_features, sheet.places(index, last))
        + known(_cue_features, sheet.cues(index, last))
        + weights.clause_score(sheet.edges(index), before, after)
    )


def clause_features(sheet: CommaSheet, index: int, last: int) -> list[str]:
    """Return all features of a comma; the point that it may end begins at `last`."""
    before, after = sheet.words(index)
    return [
        *_whole_features(sheet.whole),
        *_length_features(sheet.lengths(index)),
        *_place_features(sheet.places(index, last)),
        *_cue_features(sheet.cues(index, last)),
        *sheet.edges(index),
        *(f"L{pair}" for pair in before),
        *(f"R{pair}" for pair in after),
    ]


def _whole_features(key: Key) -> Iterator[str]:
    chain, enumerated, crowd, commas, size = key
    regime = f"{chain:d}{enumerated:d}"
    yield f"c{regime}"
    yield f"w{crowd}c{regime}"
    yield f"w{crowd}n{commas}c{regime}"
    yield f"n{commas}"
    yield f"n{commas}c{regime}"
    yield f"c{regime}s{size}"
    yield f"s{size}"


def _length_features(key: Key) -> Iterator[str]:
    before, after, mark, closed, chain, enumerated = key
    yield f"m{mark:d}{closed:d}"
    yield f"m{mark:d}{closed:d}c{chain:d}{enumerated:d}"
    yield f"m{mark:d}{closed:d}l{before}"
    yield f"m{mark:d}{closed:d}r{after}"
    yield f"l{before}"
    yield f"r{after}"


def _place_features(key: Key) -> Iterator[str]:
    begun, left, passed, chain, enumerated = key
    regime = f"{chain:d}{enumerated:d}"
    yield f"p{begun}e{left}"
    yield f"c{regime}p{begun}"
    yield f"c{regime}e{left}"
    yield f"p{begun}"
    yield f"e{left}"
    yield f"k{passed}c{regime}"


def _cue_features(key: Key) -> Iterator[str]:
    sides, ends, begin, turn, regime = key
    yield f"x{sides}"
    yield f"x{sides}{regime}"
    yield f"y{ends}{regime}"
    yield f"z{begin}{regime}"
    yield f"t{turn}"


def _step(length: int) -> int:
    return bisect_right(_STEPS, length)
