"""Look a form's statements of none up in a text: where one can begin, and which can match there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from mining.phrases import LONGEST_OPENING, NoneSpec

__all__ = ["NoneIndex"]

_FULL_STOP = re.compile("[。\n]")
# A line without end is not looked through for each of its words.
_LONGEST_SENTENCE = 400


class _Tries(NamedTuple):
    """What can match behind an opening: specs, and by each of their cues the bits of its specs."""

    specs: tuple[NoneSpec, ...]
    uncued: int
    cues: tuple[tuple[str, int], ...]


class NoneIndex:
    """The statements of none of a form, by how they begin and by what they hold.

    Parameters
    ----------
    nones
        In order of the form.
    signs
        Characters, one of which every match holds before the next 。 or line end: 未, 没, 无.
        Nine in ten places where a statement could begin have none of them in their sentence. Empty
        where such characters can't be told.
    """

    def __init__(self, nones: tuple[NoneSpec, ...], signs: Collection[str]) -> None:
        self._tries = _by_opening(nones)
        # The first character of an opening, wherever the whole opening stands.
        starts = [f"{re.escape(c)}(?={_any_of(r)})" for c, r in _by_first(self._tries)]
        self._start = re.compile("|".join(starts)) if starts else None
        self._sign = re.compile(f"[{re.escape(''.join(sorted(signs)))}]") if signs else None

    def matches(self, text: str, start: int, end: int) -> Iterator[tuple[re.Match[str], NoneSpec]]:
        """Yield what the patterns match in a stretch of text, overlapping ones included."""
        if self._start is None:
            return
        for left, last, right in self._sentences(text, start, end):
            stop = left
            for begun in self._start.finditer(text, left, right):
                at = begun.start()
                if at > last:
                    break
                if at >= stop:
                    full_stop = _FULL_STOP.search(text, at, right)
                    stop = full_stop.end() if full_stop else right
                for spec in self._specs_at(text, at, stop):
                    match = spec.pattern.match(text, at, end)
                    if match is not None:
                        yield match, spec

    def _sentences(self, text: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Yield where sentences with a sign begin, where their last sign stands, and their ends."""
        if self._sign is None:
            yield start, end, end
            return
        left = right = start
        last = -1
        for sign in self._sign.finditer(text, start, end):
            at = sign.start()
            if at >= right:
                if last >= 0:
                    yield left, last, right
                left = max(text.rfind("。", right, at), text.rfind("\n", right, at), right - 1) + 1
                full_stop = _FULL_STOP.search(text, at, end)
                right = full_stop.end() if full_stop else end
            last = at
        if last >= 0:
            yield left, last, right

    def _specs_at(self, text: str, at: int, stop: int) -> Iterable[NoneSpec]:
        """Return what can match at an opening whose sentence ends at `stop`."""
        begun = text[at : at + LONGEST_OPENING]
        while begun not in self._tries:
            begun = begun[:-1]
        specs, bits, cues = self._tries[begun]
        if stop - at > _LONGEST_SENTENCE:
            return specs
        ahead = text[at:stop]
        for cue, holders in cues:
            if cue in ahead:
                bits |= holders
        return [spec for number, spec in enumerate(specs) if bits >> number & 1]


def _by_opening(nones: tuple[NoneSpec, ...]) -> dict[str, _Tries]:
    """Return the specs by what a match of theirs can begin with, in this or fewer letters."""
    begun: dict[str, list[int]] = {}
    for number, spec in enumerate(nones):
        for opening in spec.openings:
            begun.setdefault(opening, []).append(number)
    # Hundreds of openings share a few dozen sets of specs.
    made: dict[tuple[int, ...], _Tries] = {}
    found = {}
    for opening in begun:
        shorter = (begun.get(opening[:length], ()) for length in range(1, len(opening) + 1))
        numbers = tuple(sorted(set(chain.from_iterable(shorter))))
        if numbers not in made:
            made[numbers] = _tries(tuple(nones[number] for number in numbers))
        found[opening] = made[numbers]
    return found


def _tries(specs: tuple[NoneSpec, ...]) -> _Tries:
    cues: dict[str, int] = {}
    uncued = 0
    for number, spec in enumerate(specs):
        uncued |= (not spec.cues) << number
        for cue in sorted(spec.cues):
            cues[cue] = cues.get(cue, 0) | 1 << number
    return _Tries(specs, uncued, tuple(cues.items()))


def _any_of(words: Collection[str]) -> str:
    """Return an expression for any of the words, one character after the other.

    So a word is ruled out by one character, however many words there are. Of a word and a longer
    one that begins with it the shorter is enough.
    """
    if "" in words:
        return ""
    return f"(?:{'|'.join(re.escape(c) + _any_of(rests) for c, rests in _by_first(words))})"


def _by_first(words: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Group what follows the first character of each word."""
    groups: dict[str, list[str]] = {}
    for word in sorted(words):
        groups.setdefault(word[0], []).append(word[1:])
    return list(groups.items())
