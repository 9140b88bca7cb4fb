"""Half-open character ranges and the way from normalised text back to raw text."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache

from mining.frozen import maker

__all__ = ["Edit", "OffsetMap", "Span", "make_edit", "one_wide"]


@dataclass(frozen=True, slots=True, order=True, init=False)
class Span:
    """A half-open range ``[start, end)`` in Unicode code points of a text.

    Parameters
    ----------
    start, end
        First code point inside the range, and the first one after it.
    """

    start: int
    end: int

    def __init__(self, start: int, end: int) -> None:
        """Refuse a range that runs backwards or starts before the text."""
        if not 0 <= start <= end:
            msg = f"not a range: [{start}, {end})"
            raise ValueError(msg)
        _set_start(self, start)
        _set_end(self, end)

    def __len__(self) -> int:
        """Return the number of code points in the range."""
        return self.end - self.start

    def of(self, text: str) -> str:
        """Return the part of `text` that the range covers.

        Examples
        --------
        >>> Span(2, 5).of("本年新收12件")
        '新收1'
        """
        return text[self.start : self.end]

    def contains(self, other: Span) -> bool:
        """Tell whether `other` lies wholly inside this range."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two ranges share at least one code point."""
        return self.start < other.end and other.start < self.end


# A report has hundreds of spans; the generated way to fill a frozen class takes twice as long.
_set_start = vars(Span)["start"].__set__
_set_end = vars(Span)["end"].__set__


@cache
def one_wide() -> tuple[Span, ...]:
    """Return the spans of one character in the first 8,192 of a text, by their start.

    Nine cells in ten are so wide, and a report has 140. One span for each place, whatever the
    report, takes a tenth of the time of a new one and leaves less garbage to look through.
    """
    return tuple([Span(start, start + 1) for start in range(8192)])


@dataclass(frozen=True, slots=True)
class Edit:
    """One replaced piece: ``raw[raw_start:raw_end]`` became ``text[start:end]``."""

    raw_start: int
    raw_end: int
    start: int
    end: int


make_edit = maker(Edit)
"""The same as `Edit`, faster."""


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """Where each range of the normalised text stood in the raw text.

    Between two edits the texts run in parallel; a position inside an edit maps to the
    edge of the raw piece, so a mapped range always covers all of its source.

    Parameters
    ----------
    edits
        Replaced pieces in rising order, none overlapping another.
    """

    edits: tuple[Edit, ...] = ()

    def to_raw(self, span: Span) -> Span:
        """Return the range of the raw text that `span` of the normalised text came from.

        Examples
        --------
        >>> OffsetMap((Edit(0, 1, 0, 3),)).to_raw(Span(3, 5))  # ㈠ became (一)
        Span(start=1, end=3)
        """
        start = self._raw_position(span.start, at_end=False)
        if span.start == span.end:
            return Span(start, start)
        return Span(start, max(start, self._raw_position(span.end, at_end=True)))

    def to_text(self, span: Span) -> Span:
        """Return the range of the normalised text that `span` of the raw text became."""
        start = self._text_position(span.start, at_end=False)
        return Span(start, max(start, self._text_position(span.end, at_end=True)))

    def _raw_position(self, position: int, *, at_end: bool) -> int:
        index = bisect_right(self.edits, position, key=lambda e: e.start) - 1
        if at_end:
            # An edit that starts exactly here lies after the range.
            while index >= 0 and self.edits[index].start >= position:
                index -= 1
        if index < 0:
            return position
        edit = self.edits[index]
        if position < edit.end:
            return edit.raw_end if at_end else edit.raw_start
        return edit.raw_end + position - edit.end

    def _text_position(self, position: int, *, at_end: bool) -> int:
        index = bisect_right(self.edits, position, key=lambda e: e.raw_start) - 1
        if at_end:
            while index >= 0 and self.edits[index].raw_start >= position:
                index -= 1
        if index < 0:
            return position
        edit = self.edits[index]
        if position < edit.raw_end:
            return edit.end if at_end else edit.start
        return edit.end + position - edit.raw_end
