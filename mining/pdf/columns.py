"""Tables without rules: rows and cells out of words that stand below each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mining.pdf.lines import NUMBERED, Line, Word, join_text
from mining.pdf.page import Box
from mining.pdf.tables import Row, TableCell
from mining.tabular.cellvalues import parse_cell

__all__ = ["find_rows"]

# Shares of the font size: how far lines of one cell may be apart, and how well they must align.
_PITCH, _CENTERED, _FLUSH = 1.75, 0.6, 0.3
# Values of one column overlap when widened by this.
_COLUMN = 0.3
# So many words on a line are cells, whatever they say.
_MANY_WORDS = 3
# Wider single words are running text, and so is what ends a sentence.
_NARROW = 0.6
_SENTENCE_END = "。；;！？"
# A label in a narrow column may run over so many lines.
_MAX_BETWEEN = 14
# A table needs so many lines that end in a value, or so many values on one.
_MIN_LINES, _MIN_VALUES = 2, 4
_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}[、.．]\S")


@dataclass(slots=True)
class _Piece:
    """A cell that is no value: its words from top to bottom, and the lines that they stand on."""

    words: list[Word]
    lines: list[int]
    size: float

    @property
    def text(self) -> str:
        text = ""
        for word in self.words:
            text = join_text(text, word.text)
        return text

    @property
    def box(self) -> Box:
        boxes = [w.box for w in self.words]
        return (
            min(b[0] for b in boxes),
            min(b[1] for b in boxes),
            max(b[2] for b in boxes),
            max(b[3] for b in boxes),
        )


def find_rows(lines: Sequence[Line]) -> Iterator[Line | Row]:
    """Yield the lines of a page, and rows in place of those that are a table without rules.

    A line belongs to a table when it ends in values, or consists of several words far apart, and
    so do lines near it.
    """
    done = 0
    for start, last in _blocks(lines):
        first = max(start, done)
        yield from lines[done:first]
        yield from _rows(lines[first : last + 1])
        done = last + 1
    yield from lines[done:]


def _n_values(line: Line) -> int:
    """Return how many words at the end of a line are values, when there are at least two words."""
    count = 0
    for word in reversed(line.words):
        if parse_cell(word.text)[0] == "text":
            break
        count += 1
    return count if len(line.words) > 1 else 0


def _blocks(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Yield the first and last line of each stretch that is a table."""
    first = last = -1
    for i, line in enumerate(lines):
        if _is_tabular(line):
            first = i if first < 0 else first
            last = i
        elif first >= 0 and not _is_between(lines, i, last):
            if _is_table(lines[first : last + 1]):
                yield _spread(lines, first, last)
            first = -1
    if first >= 0 and _is_table(lines[first : last + 1]):
        yield _spread(lines, first, last)


def _is_tabular(line: Line) -> bool:
    return len(line.words) >= _MANY_WORDS or _n_values(line) > 0


def _is_between(lines: Sequence[Line], i: int, last: int) -> bool:
    """Tell whether a line may be part of a label or header within a table."""
    return i - last <= _MAX_BETWEEN and _may_be_part(lines, i)


def _may_be_part(lines: Sequence[Line], i: int) -> bool:
    """Tell whether a line looks like part of a label or header: several words, or a narrow one."""
    line = lines[i]
    if len(line.words) > 1:
        return True
    width = max(x.box[2] for x in lines) - min(x.box[0] for x in lines)
    is_narrow = line.box[2] - line.box[0] < _NARROW * width
    return is_narrow and not _is_heading(line) and line.text[-1] not in _SENTENCE_END


def _is_heading(line: Line) -> bool:
    text = line.words[0].text
    return len(line.words) == 1 and bool(_HEADING.match(text)) and len(text) > _MIN_VALUES + 2


def _is_table(lines: Sequence[Line]) -> bool:
    counts = [_n_values(line) for line in lines]
    n_wide = sum(len(line.words) > _MANY_WORDS for line in lines)
    return (
        sum(c > 0 for c in counts) >= _MIN_LINES
        or max(counts, default=0) >= _MIN_VALUES
        or n_wide >= _MIN_LINES
    )


def _spread(lines: Sequence[Line], first: int, last: int) -> tuple[int, int]:
    """Take in the lines right above and below that a wrapped header or label goes on over."""
    while first > 0 and _may_be_part(lines, first - 1) and _are_near(*lines[first - 1 : first + 1]):
        first -= 1
    while (
        last + 1 < len(lines)
        and _may_be_part(lines, last + 1)
        and _are_near(*lines[last : last + 2])
    ):
        last += 1
    return first, last


def _are_near(above: Line, below: Line) -> bool:
    return above.y - below.y < _PITCH * max(above.size, below.size)


def _rows(lines: Sequence[Line]) -> Iterator[Row]:
    """Yield the rows of a table from top to bottom."""
    counts = [_n_values(line) for line in lines]
    values = {
        i: line.words[-n:] for i, (line, n) in enumerate(zip(lines, counts, strict=True)) if n
    }
    for i, line in enumerate(lines):
        if i not in values and len(line.words) == 1 and parse_cell(line.text)[0] != "text":
            values[i] = line.words
    pieces = _pieces(lines, values)
    homes = {id(p): _home(p, lines, values) for p in pieces}
    placed: list[tuple[float, int | None, list[_Piece]]] = [
        (lines[i].y, i, [p for p in pieces if homes[id(p)] == i]) for i in values
    ]
    placed += _headers([p for p in pieces if homes[id(p)] is None])
    placed.sort(key=lambda entry: -entry[0])
    columns = _columns([i for _, i, _ in placed], values, lines)
    for _, home, found in placed:
        cells: list[TableCell] = [
            TableCell(text=p.text, box=p.box, left=p.box[0], page=lines[0].page)
            for p in sorted(found, key=lambda p: p.box[0])
        ]
        if home is not None:
            cells += _value_cells(values[home], columns[home], page=lines[0].page)
        yield cells


def _pieces(lines: Sequence[Line], values: Mapping[int, tuple[Word, ...]]) -> list[_Piece]:
    """Join words that stand below each other and belong to one cell."""
    pieces: list[_Piece] = []
    for i, line in enumerate(lines):
        for word in line.words[: len(line.words) - len(values.get(i, ()))]:
            homes = (
                p
                for p in reversed(pieces)
                if lines[p.lines[-1]].y - line.y <= _PITCH * p.size
                and _goes_on(p, word, i)
                and _may_share(p, i, lines, values)
            )
            home = next(homes, None)
            if home is None:
                pieces.append(_Piece([word], [i], line.size))
            else:
                home.words.append(word)
                home.lines.append(i)
    return pieces


def _goes_on(piece: _Piece, word: Word, i: int) -> bool:
    """Tell whether a word may be the next line of a cell by its place and its first sign."""
    if piece.lines[-1] == i or NUMBERED.match(word.text):
        return False
    return _is_below(piece.words[-1], word, piece.size)


def _is_below(above: Word, below: Word, size: float) -> bool:
    """Tell whether two texts are centered on one another or begin at one place."""
    if any(parse_cell(w.text)[0] != "text" for w in (above, below)):
        return False
    a, b = above.box, below.box
    centered = abs(a[0] + a[2] - b[0] - b[2]) < 2 * _CENTERED * size
    return centered or abs(a[0] - b[0]) < _FLUSH * size


def _may_share(
    piece: _Piece, i: int, lines: Sequence[Line], values: Mapping[int, tuple[Word, ...]]
) -> bool:
    """Tell whether the row of line `i` may be the row of a piece: not if both have values.

    A line with words above the values is a header, and ends above them.
    """
    if i not in values:
        return True
    if any(line in values for line in piece.lines):
        return False
    heads = lines[piece.lines[-1]].words
    return not any(
        head.box[0] < value.box[2] and value.box[0] < head.box[2]
        for value in values[i]
        for head in heads
    )


def _home(
    piece: _Piece, lines: Sequence[Line], values: Mapping[int, tuple[Word, ...]]
) -> int | None:
    """Return the line of values that a label stands beside, if any."""
    top, bottom = lines[piece.lines[0]].y, lines[piece.lines[-1]].y
    slack = 0.6 * piece.size
    near = [i for i in values if bottom - slack <= lines[i].y <= top + slack]
    middle = (top + bottom) / 2
    return min(near, key=lambda i: abs(lines[i].y - middle), default=None)


def _headers(pieces: Sequence[_Piece]) -> list[tuple[float, int | None, list[_Piece]]]:
    """Return rows of header cells, grouped by the height of their middle."""
    rows: list[tuple[float, int | None, list[_Piece]]] = []
    for piece in sorted(pieces, key=lambda p: -(p.box[1] + p.box[3])):
        middle = (piece.box[1] + piece.box[3]) / 2
        if rows and rows[-1][0] - middle < 0.5 * piece.size:
            rows[-1][2].append(piece)
        else:
            rows.append((middle, None, [piece]))
    return rows


def _columns(
    order: Sequence[int | None], values: Mapping[int, tuple[Word, ...]], lines: Sequence[Line]
) -> dict[int, list[tuple[float, float]]]:
    """Return the columns of each line of values: those of all lines without a header between."""
    columns: dict[int, list[tuple[float, float]]] = {}
    group: list[int] = []
    for i in (*order, None):
        if i is not None:
            group.append(i)
            continue
        merged = _merge([w.box for j in group for w in values[j]], lines)
        columns.update(dict.fromkeys(group, merged))
        group = []
    return columns


def _merge(boxes: Sequence[Box], lines: Sequence[Line]) -> list[tuple[float, float]]:
    margin = _COLUMN * lines[0].size
    merged: list[tuple[float, float]] = []
    for left, _, right, _ in sorted(boxes):
        if merged and left - margin < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], right))
        else:
            merged.append((left, right))
    return merged


def _value_cells(
    words: Sequence[Word], columns: Sequence[tuple[float, float]], *, page: int
) -> list[TableCell]:
    """Return the values of a line, with empty texts for columns that it leaves out."""
    cells: list[TableCell] = []
    left = list(words)
    for start, end in columns:
        hit = [w for w in left if start <= (w.box[0] + w.box[2]) / 2 <= end]
        left = [w for w in left if w not in hit]
        cells += [TableCell(text=w.text, box=w.box, left=start, page=page) for w in hit] or [
            TableCell(text="", box=None, left=start, page=page)
        ]
    return cells
