"""What a narrative calls things, as forms tell it: topics, phrases of cells, statements of none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import add
from typing import NamedTuple

from mining.report import Address

__all__ = [
    "GAP_ENDS",
    "LONGEST_OPENING",
    "Cues",
    "NoneSpec",
    "PhraseIndex",
    "PhraseSpec",
    "TopicSpec",
]

# Marks that no short gap of a pattern goes over.
GAP_ENDS = "。；;，,！!？?\n"
# So many characters of an opening tell patterns apart: 没有收 or 没有新, where two tell only 没有.
LONGEST_OPENING = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicSpec:
    """A subject that a clause can be about; the last word told decides for what follows.

    A topic that `holds` stays the subject to the end of its sentence, whatever is told after it.
    Under its `sections` it is the subject where a paragraph has named none.
    """

    key: str
    words: tuple[str, ...]
    holds: bool = False
    sections: frozenset[str] = frozenset()


class Cues(NamedTuple):
    """What stands around a figure wherever a phrase matches: something of all this.

    Parameters
    ----------
    beside
        Characters, alone or in pairs, on either side of the figure.
    unended
        The same, where none of `GAP_ENDS` follows the figure.
    behind
        One to three characters with which the words after the figure begin.
    """

    beside: frozenset[str]
    unended: frozenset[str] = frozenset()
    behind: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseSpec:
    """What the narrative calls a cell or derived quantity.

    Parameters
    ----------
    key
        Name of the phrase.
    cell, also
        Strict address, and others that the same words may mean.
    before
        Searched in the words before the figure; it ends at the figure or a few characters before.
    around
        Pairs of expressions, one for each side of the figure, for patterns that hold ``{n}``.
    words
        Expressions that all stand in the words told with the figure, in any order, on either side.
    units
        Measure words allowed; a figure without unit is always allowed.
    topics
        The subject must be one of these, when given.
    not_near, near
        Words that must not, and one of which must, stand in the sentence part before the figure.
    sections
        Keys of sections in which the phrase holds; anywhere when empty.
    subjects
        What the figure is told of must be one of these, when given.
    not_subjects
        What the figure must not be told of.
    not_after
        Words that must not follow the figure at once.
    scopes
        Scopes of a figure that the phrase accepts; the report's own year (``""``) when not told.
    score
        How sure a match is.
    cues
        What a match can't do without; ``None`` when that is not known.
    """

    key: str
    cell: Address
    also: tuple[Address, ...]
    before: re.Pattern[str] | None
    around: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    units: frozenset[str]
    topics: frozenset[str]
    not_near: re.Pattern[str] | None
    near: re.Pattern[str] | None
    sections: frozenset[str]
    scopes: frozenset[str]
    score: float
    subjects: frozenset[str] = frozenset()
    not_subjects: frozenset[str] = frozenset()
    words: tuple[re.Pattern[str], ...] = ()
    not_after: re.Pattern[str] | None = None
    cues: Cues | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoneSpec:
    """A statement of none without a number: its pattern, how a match begins, and its cells.

    An opening is three characters, or fewer that anything may follow. Of its cues, characters or
    pairs of them, if any, each match holds one before the next 。 or line end.
    """

    key: str
    cells: tuple[Address, ...]
    pattern: re.Pattern[str]
    openings: frozenset[str]
    not_near: re.Pattern[str] | None
    score: float
    cues: frozenset[str] = frozenset()


class PhraseIndex:
    """The phrases of a form by what must be told of a figure, and beside it, for one to match.

    Each phrase is a bit of a whole number, the surest the lowest. What a figure is, and each pair
    of characters beside it, has the bits of the phrases that it allows: of 58 phrases that fit a
    figure by unit, scope, topic, section and subject, the words leave two to be searched for.

    Attributes
    ----------
    phrases
        The surest first; the bit of a phrase is two to the power of its position.
    topics, subjects
        The bits that a topic and a subject allow.
    with_topics, with_subjects
        The bits of the phrases that ask for them: a figure whose words leave none of these need
        not be asked what it is about.
    """

    def __init__(self, phrases: Iterable[PhraseSpec]) -> None:
        self.phrases = tuple(sorted(phrases, key=lambda p: -p.score))
        self._units = self._only(lambda p: p.units)
        self._scopes = _Choices(self._keys(lambda p: p.scopes), other=0)
        self._sections = self._only(lambda p: p.sections)
        self.topics = self._only(lambda p: p.topics)
        self.with_topics = self._bits(lambda p: bool(p.topics))
        only, barred = self._only(lambda p: p.subjects), self._keys(lambda p: p.not_subjects)
        self.subjects = _Choices(
            {name: only[name] & ~barred.get(name, 0) for name in (*only, *barred)}, other=only.other
        )
        self.with_subjects = self._bits(lambda p: bool(p.subjects or p.not_subjects))
        self._beside = self._keys(lambda p: p.cues.beside if p.cues else ())
        # Where no mark follows, these bits count as well: they stand above those of all phrases.
        for key, bits in self._keys(lambda p: p.cues.unended if p.cues else ()).items():
            self._beside[key] = self._beside.get(key, 0) | bits << len(self.phrases)
        self._behind = self._keys(lambda p: p.cues.behind if p.cues else ())
        self._sizes_behind = sorted({len(key) for key in self._behind})
        self._uncued = self._bits(lambda p: p.cues is None)
        # An expression finds them in half the time of a set.
        chars = re.escape("".join(key for key in self._beside if len(key) == 1))
        self._chars = re.compile(f"[{chars}]" if chars else "(?!)").findall
        # Of the words behind a figure one in twenty begins like this.
        self._first_behind = frozenset(key[0] for key in self._behind)

    def admitted(self, unit: str, scope: str, section: str) -> int:
        """Return the bits of the phrases that unit, scope and section of a figure allow."""
        bits = self._scopes[scope] & self._sections[section]
        return bits & self._units[unit] if unit else bits

    def told(self, beside: str, behind: str) -> int:
        """Return the bits of the phrases that the words beside and right behind a figure allow.

        Bits above those of all phrases mean nothing.
        """
        bits = self._uncued
        first = behind[:1]
        if first in self._first_behind:
            for size in self._sizes_behind:
                bits |= self._behind.get(behind[:size], 0)
        # One chain of built-in calls: a loop over the pairs takes twice the time.
        for found in filter(None, map(self._beside.get, map(add, beside, beside[1:]))):
            bits |= found
        for char in self._chars(beside):
            bits |= self._beside[char]
        return bits if first in GAP_ENDS else bits | bits >> len(self.phrases)

    def _bits(self, holds: Callable[[PhraseSpec], bool]) -> int:
        return sum(1 << at for at, phrase in enumerate(self.phrases) if holds(phrase))

    def _only(self, names: Callable[[PhraseSpec], frozenset[str]]) -> _Choices:
        """Return the bits that each name allows, where a phrase without names allows them all."""
        free = self._bits(lambda p: not names(p))
        return _Choices({n: bits | free for n, bits in self._keys(names).items()}, other=free)

    def _keys(self, keys: Callable[[PhraseSpec], Iterable[str]]) -> dict[str, int]:
        found: dict[str, int] = {}
        for at, phrase in enumerate(self.phrases):
            for key in keys(phrase):
                found[key] = found.get(key, 0) | 1 << at
        # Thousands of openings share a hundred numbers: kept once each, they stay in the caches.
        shared: dict[int, int] = {}
        return {key: shared.setdefault(bits, bits) for key, bits in found.items()}


class _Choices(dict[str, int]):
    """Bits of phrases by a name that some of them list, and those for all other names."""

    def __init__(self, bits: Mapping[str, int], *, other: int) -> None:
        super().__init__(bits)
        self.other = other

    def __missing__(self, name: str) -> int:
        return self.other
