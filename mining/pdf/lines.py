"""Glyphs to words, lines and paragraphs by their places alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mining.pdf.page import Box, Glyph

__all__ = [
    "NUMBERED",
    "Line",
    "Word",
    "drop_furniture",
    "join_text",
    "make_lines",
    "make_words",
    "may_join",
]

# Shares of the font size. Glyphs on one line may stand so far up or down from it.
_BASELINE = 0.35
# A gap between narrow signs that stands for a blank.
_GAP = 0.3
# A blank in the file is a blank when there is room for it.
_BLANK = 0.12
# A gap that parts columns.
_COLUMN, _WIDE_BLANK = 0.9, 1.1
_CJK = 0x2E80

_PAGE_NUMBER = re.compile(
    r"[-—–－·.\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:[\s/，,]*(?:共|of)?\s*\d{1,4}\s*页?)?[-—–－·.\s]*"
    r"|(?:page|PAGE|Page)\s*\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?"
    r"|第\s*[一二三四五六七八九十]{1,3}\s*页"
)
_DIGITS = re.compile(r"\d+")
# So many lines at the top and the bottom of a page may be furniture.
_EDGE_LINES = 3
NUMBERED = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十\d]{1,3}[)）]"
    r"|\d{1,2}[、.．](?!\d)|第[一二三四五六七八九十]{1,3}[章部]|[①-⑳]|附[件表：:])"
)
_SENTENCE_END = "。！？!?；;：:"
# These never begin a line, so the character before them goes down with them.
_CLOSING = "，。、；：！？）》”’】〕%％"
_RUN = re.compile(r"[A-Za-z0-9.,:/%@_+-]+")
_LATIN_END = re.compile(r"[A-Za-z]+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """Text without a column gap in it, and its box in points."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Words on one baseline `y` from left to right, `size` the largest font size on it."""

    page: int
    words: tuple[Word, ...]
    y: float
    size: float

    @property
    def text(self) -> str:
        """The words with two blanks between them, which stand for the gap.

        A lone ideograph is the second half of a spaced-out word (概　述), and gets one blank.
        """
        text = self.words[0].text
        for word in self.words[1:]:
            is_half = len(word.text) == 1 and ord(word.text) >= _CJK
            text += (" " if is_half else "  ") + word.text
        return text

    @property
    def box(self) -> Box:
        """The box around all words."""
        boxes = [w.box for w in self.words]
        return (
            boxes[0][0],
            min(b[1] for b in boxes),
            max(b[2] for b in boxes),
            max(b[3] for b in boxes),
        )


def make_lines(glyphs: Iterable[Glyph], *, page: int = 0) -> list[Line]:
    """Return the lines of text from top to bottom.

    Examples
    --------
    >>> digits = [Glyph("1", 10, 15, 700, 10), Glyph("2", 15.2, 20, 700, 10)]
    >>> [line.text for line in make_lines([*digits, Glyph("3", 60, 65, 700.5, 10)])]
    ['12  3']
    """
    lines: list[Line] = []
    for group in _baselines(glyphs):
        words = make_words(group)
        if words:
            size = max(g.size for g in group)
            lines.append(Line(page=page, words=words, y=group[0].y, size=size))
    return lines


def _baselines(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    """Group glyphs of one baseline, highest first; a raised sign goes with its line."""
    group: list[Glyph] = []
    for glyph in sorted(glyphs, key=lambda g: -g.y):
        if group and group[0].y - glyph.y > _BASELINE * max(group[0].size, glyph.size):
            yield group
            group = []
        group.append(glyph)
    if group:
        yield group


def make_words(glyphs: Sequence[Glyph]) -> tuple[Word, ...]:
    """Return the words of one line from left to right."""
    words: list[Word] = []
    part: list[Glyph] = []
    text = ""
    blank = False
    for glyph in sorted(glyphs, key=lambda g: g.x0):
        if glyph.text == " ":
            blank = bool(part)
            continue
        if part:
            last = max(g.x1 for g in part[-2:])
            gap = (glyph.x0 - last) / max(glyph.size, part[-1].size)
            if _is_copy(part[-1], glyph):
                # Bold print by printing twice.
                continue
            if gap > _gap_limit(part[-1], glyph, told=blank):
                words.append(_word(part, text))
                part, text = [], ""
            elif _has_blank(part[-1], glyph, gap, told=blank):
                text += " "
        blank = False
        part.append(glyph)
        text += glyph.text
    if part:
        words.append(_word(part, text))
    return tuple(words)


def _is_copy(a: Glyph, b: Glyph) -> bool:
    return a.text == b.text and abs(a.x0 - b.x0) < 0.15 * a.size


def _gap_limit(a: Glyph, b: Glyph, *, told: bool) -> float:
    """Return the gap that parts words; one wide blank between ideographs does not."""
    has_wide = ord(a.text[0]) >= _CJK or ord(b.text[0]) >= _CJK
    return _WIDE_BLANK if told and has_wide else _COLUMN


def _has_blank(a: Glyph, b: Glyph, gap: float, *, told: bool) -> bool:
    """Tell whether a blank stands between two glyphs: told by the file, or a gap between digits."""
    if told:
        return gap > _BLANK
    return gap > _GAP and ord(a.text[0]) < _CJK and ord(b.text[0]) < _CJK


def _word(glyphs: Sequence[Glyph], text: str) -> Word:
    size = max(g.size for g in glyphs)
    y = glyphs[0].y
    right = max(g.x1 for g in glyphs)
    return Word(text=text, box=(glyphs[0].x0, y - 0.2 * size, right, y + 0.85 * size))


def join_text(first: str, second: str) -> str:
    """Join two lines of one paragraph; only words of letters need a blank between them.

    Examples
    --------
    >>> join_text("主动公开信息12", "34条"), join_text("Open", "Government")
    ('主动公开信息1234条', 'Open Government')
    """
    word = _LATIN_END.search(first)
    if word and second[:1].isascii() and second[:1].isalpha():
        before = first[: word.start()][-1:]
        return first + ("" if before in tuple("/.@-_") else " ") + second
    return first + second


def may_join(line: Line, following: Line, *, left: float, right: float) -> bool:
    """Tell whether `following` goes on with the paragraph of `line`.

    A line is full when the first piece of the next one had no room left on it; an indented line
    begins a paragraph.

    Parameters
    ----------
    line, following
        Neighbours in reading order, the second perhaps on the next page.
    left, right
        Margins of the running text on the page of each, in points.
    """
    size = max(line.size, following.size)
    if abs(line.size - following.size) > 0.2 * size:
        return False
    if following.box[0] > left + 1.2 * size and not _are_centered(line, following):
        return False
    if line.page == following.page and line.y - following.y > 2.6 * size:
        return False
    first = following.words[0].text
    room = right - line.box[2]
    is_end = line.words[-1].text[-1:] in tuple(_SENTENCE_END)
    # Hanging punctuation on other lines widens the margin by most of a character.
    slack = (0.6 if is_end else 1.2) * size
    if room > _first_width(first, size) + slack:
        return False
    return not (is_end and NUMBERED.match(first))


def _are_centered(line: Line, following: Line) -> bool:
    """Tell whether two lines are a wrapped title; the first one may be indented."""
    (a, b), size = (line.box, following.box), line.size
    if abs(size - following.size) > 0.05 * size or b[2] - b[0] > 0.9 * (a[2] - a[0]):
        return False
    return abs(a[0] + a[2] - b[0] - b[2]) < 3 * size and b[0] > a[0] - size


def _first_width(text: str, size: float) -> float:
    """Return how wide the piece is that can't be broken at the start of a line."""
    run = _RUN.match(text)
    width = 0.55 * size * len(run[0]) if run else size
    rest = text[run.end() :] if run else text[1:]
    # A number pulls its unit along in some programs.
    closing = len(rest) - len(rest.lstrip(_CLOSING))
    return min(width + closing * size, 12 * size)


def drop_furniture(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Return the lines of every page without page numbers, running heads and footers."""
    heads = _running(pages)
    kept: list[list[Line]] = []
    for lines in pages:
        edge = set(_edge_positions(lines))
        kept.append(
            [
                line
                for i, line in enumerate(lines)
                if not (i in edge and (_running_key(line) in heads or _is_number(lines, i)))
            ]
        )
    # Pages that are all alike are no furniture.
    return kept if any(kept) else [list(lines) for lines in pages]


def _edge_positions(lines: Sequence[Line]) -> list[int]:
    n = len(lines)
    return sorted({*range(min(_EDGE_LINES, n)), *range(max(0, n - _EDGE_LINES), n)})


def _running_key(line: Line) -> tuple[str, int]:
    return _DIGITS.sub("#", line.text), round(line.y / 4)


def _running(pages: Sequence[Sequence[Line]]) -> set[tuple[str, int]]:
    """Return texts, digits aside, that stand at one height on most pages."""
    counts: dict[tuple[str, int], int] = {}
    for lines in pages:
        for key in {_running_key(lines[i]) for i in _edge_positions(lines)}:
            counts[key] = counts.get(key, 0) + 1
    enough = max(2, len(pages) // 2)
    return {key for key, n in counts.items() if n >= enough}


def _is_number(lines: Sequence[Line], i: int) -> bool:
    """Tell whether the outermost line of a page, apart from the others, is a page number."""
    if i not in (0, len(lines) - 1) or not _PAGE_NUMBER.fullmatch(lines[i].text.strip()):
        return False
    neighbors = [b for b in (i - 1, i + 1) if 0 <= b < len(lines)]
    return all(abs(lines[b].y - lines[i].y) > 1.8 * lines[i].size for b in neighbors)
