"""What a narrative calls things, as forms tell it: topics, phrases of cells, statements of none."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mining.report import Address

__all__ = ["NoneSpec", "PhraseSpec", "TopicSpec"]


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

    def admits(self, unit: str, scope: str, topic: str, section: str, subject: str = "") -> bool:
        """Tell whether unit, scope, topic, section and subject of a figure allow the phrase."""
        return (
            (not unit or not self.units or unit in self.units)
            and scope in self.scopes
            and (not self.topics or topic in self.topics)
            and (not self.sections or section in self.sections)
            and (not self.subjects or subject in self.subjects)
            and subject not in self.not_subjects
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NoneSpec:
    """A statement of none without a number: its pattern, how a match begins, and its cells.

    An opening is three characters, or fewer that anything may follow. Of the characters that it
    needs, if any, each match holds one before the next 。 or line end.
    """

    key: str
    cells: tuple[Address, ...]
    pattern: re.Pattern[str]
    openings: frozenset[str]
    not_near: re.Pattern[str] | None
    score: float
    needs: frozenset[str] = frozenset()
