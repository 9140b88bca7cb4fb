"""Flattened tables as a stream of cells: tab-indented, one a line, or joined by ``|`` or blanks."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from itertools import compress, count
from typing import NamedTuple, overload

from mining.lookup import Lookup
from mining.tabular.cellvalues import CellContent, parse_cell
from mining.textkeys import label_key

__all__ = ["Printed", "Token", "Tokens", "tokenize"]

_SEPARATOR = re.compile(r" {2,}")
# One cell to a line, each with its sign; further signs stand for merged cells.
_ONE_CELL = re.compile(r"[^|]*\| ?\|*\s*$")
# The stub of a group before the label of its first row.
_STUB = re.compile(r" (?=[(（\d])")
_VALUE_ENDS = frozenset("0123456789/／—-无")
_MAX_LABEL = 60
# One number after a blank is more likely a sentence that broke off.
_MIN_SPACED = 2


class Token(NamedTuple):
    """One printed cell, or one line that may be a cell.

    Parameters
    ----------
    text, start, end
        The stripped text and where it stands (half-open, in code points).
    kind
        ``value``, ``blank`` or ``text``.
    row
        Number of the printed row when the style shows rows, else -1.
    key
        Key for label matching; empty for values and long lines.
    weak
        A blank line that may be a blank cell or just a gap.
    """

    text: str
    start: int
    end: int
    kind: str
    row: int
    key: str = ""
    weak: bool = False


@dataclass(slots=True)
class Printed:
    """What a token says, wherever it stands: one object for all cells that print the same.

    Nobody changes one; it is not frozen because each line of running text makes one, and that
    would take five times as long.

    Parameters
    ----------
    text, length, key
        The stripped text, the length of its range, and its key for label matching.
    mark
        ``t`` for text, ``w`` for a blank that may be just a gap, ``c`` for all other cells.
    content
        What it says as a cell.
    """

    text: str
    length: int
    key: str
    mark: str
    content: CellContent


class Tokens(Sequence[Token]):
    """The tokens of a text as columns, made into `Token` only when asked for.

    A report has hundreds of them, and where a table is whole nobody looks at one by itself.

    Attributes
    ----------
    printed, starts, rows
        What each token says, where it starts, and the number of its printed row or -1. The tokens
        of one printed row stand together.
    marks
        The marks of all tokens as one string, so that a row can be compared at once.
    """

    __slots__ = ("marks", "printed", "rows", "starts")

    def __init__(self) -> None:
        """Begin without tokens."""
        self.printed: list[Printed] = []
        self.starts: list[int] = []
        self.rows: list[int] = []
        self.marks = ""

    def __len__(self) -> int:
        """Return how many tokens there are."""
        return len(self.printed)

    @overload
    def __getitem__(self, index: int) -> Token: ...

    @overload
    def __getitem__(self, index: slice) -> list[Token]: ...

    def __getitem__(self, index: int | slice) -> Token | list[Token]:
        """Return one token, or some."""
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self.printed)))]
        it = self.printed[index]
        kind = "text" if it.mark == "t" else "value" if it.text else "blank"
        place = self.starts[index], self.end(index)
        return Token(it.text, *place, kind, self.rows[index], it.key, it.mark == "w")

    def end(self, index: int) -> int:
        """Return where a token ends."""
        return self.starts[index] + self.printed[index].length

    def labels(self, words: Container[str]) -> list[int]:
        """Return the positions of the tokens whose key is among `words`."""
        printed = self.printed
        # Half of the tokens are cells, which have no key and are passed over without a look.
        texts = compress(count(), self.marks.encode().translate(_ONLY_TEXTS))
        return [i for i in texts if printed[i].key in words]

    def add(self, printed: Printed, start: int, row: int) -> None:
        """Add a token."""
        self.printed.append(printed)
        self.starts.append(start)
        self.rows.append(row)


_BLANK = Printed("", 0, "", "c", ("blank", None, ""))
# What the cells of a line say, and where each begins.
_Cells = Sequence[tuple[Printed, int]]
_Line = tuple[str, Printed | None, int, _Cells]
# To nothing the marks of all tokens but texts.
_ONLY_TEXTS = bytes.maketrans(b"cw", b"\0\0")
# Styles of lines whose cells stand in rows.
_IN_ROWS = frozenset({"tab", "row"})


def tokenize(text: str, *, start: int = 0) -> Tokens:
    """Return the cells of `text` in reading order, spans shifted by `start`.

    Lines of running text come out as tokens too; only their labels decide what is a table.
    """
    tokens = Tokens()
    printed, starts, rows = tokens.printed, tokens.starts, tokens.rows
    row = 0
    tabbed = celled = False
    piped = "|" in text
    after = start
    for line in text.split("\n"):
        size = len(line)
        begin = after
        after += size + 1
        if piped and "|" in line:
            tabbed = False
            if _ONE_CELL.match(line):
                celled = _add_celled(tokens, line, begin, celled=celled)
                continue
            open_end = text[after - start : after - start + 2] in {"|", "|\n"}
            style, only, lead, cells = "row", None, 0, _pipe_cells(line, open_end=open_end)
        else:
            style, only, lead, cells = _lines[line]
        celled = celled and _weaken_last(tokens)
        if tabbed and style != "tab":
            tabbed = style != "blank" and _continue_last(tokens, line, after - 1)
            # In the tab style an empty line ends a row; elsewhere it may be a blank cell.
            if tabbed or not line:
                continue
        number = -1
        if style in _IN_ROWS:
            row += not tabbed
            number = row
            tabbed = style == "tab"
        if only is None:
            for says, lead in cells:
                printed.append(says)
                starts.append(begin + lead)
                rows.append(number)
        else:
            # Nine lines in ten: a loop over one cell would take twice as long.
            printed.append(only)
            starts.append(begin + lead)
            rows.append(number)
    tokens.marks = "".join([it.mark for it in printed])
    return tokens


def _read_line(line: str) -> _Line:
    """Return the style of a line without ``|``, its only cell and where it begins, and all cells.

    The styles are ``tab`` for a line that begins with one, ``row`` for another of many cells,
    ``line`` for one cell, and ``blank``. Of many cells none is the only one.
    """
    style, cells = _style_and_cells(line)
    only, lead = cells[0] if len(cells) == 1 else (None, 0)
    return style, only, lead, cells


def _style_and_cells(line: str) -> tuple[str, _Cells]:
    if not line or (line.isspace() and line[0] != "\t"):
        return "blank", [(Printed("", len(line), "", "c" if line else "w", _BLANK.content), 0)]
    if line[0] == "\t":
        return "tab", _tab_cells(line, 1)
    if "\t" in line:
        return "row", _tab_cells(line, 0)
    cells = _spaced(line) if "  " in line else _single_spaced(line) if " " in line else None
    return ("row", cells) if cells else ("line", [_read_cell(line)])


# Only short lines and cells come again; nearly all of them are looked up.
_lines = Lookup(_read_line, longest=_MAX_LABEL)


def _add_celled(tokens: Tokens, line: str, begin: int, *, celled: bool) -> bool:
    """Add a line of one cell and its sign (``规章 |``, ``0 |``, or ``|`` for a blank).

    Web pages come out like this. Signs beyond the first belong to merged cells; a sign alone
    before a text may be a blank cell or the edge of the row. Returns whether this style goes on.
    """
    content, _, rest = line.partition("|")
    if content.strip():
        printed, lead = _known_cells[content]
        if printed.mark == "t":
            _weaken_last(tokens)
        tokens.add(printed, begin + lead, -1)
        return True
    if celled and not rest.strip():
        tokens.add(_BLANK, begin, -1)
    return celled


def _weaken_last(tokens: Tokens) -> bool:
    """Leave open whether the last blank is a cell; the style of one cell a line ends here."""
    if tokens.printed and not tokens.printed[-1].text:
        tokens.printed[-1] = replace(tokens.printed[-1], mark="w")
    return False


def _continue_last(tokens: Tokens, line: str, end: int) -> bool:
    """Make a line that ends at `end` the second line of the cell before it, if it may be that."""
    last = tokens.printed[-1]
    short = len(last.text) <= _MAX_LABEL and len(line) <= _MAX_LABEL
    if last.mark != "t" or not short or "\n" in last.text:
        return False
    text = f"{last.text}\n{line.strip()}"
    key = label_key(text) if len(text) <= 2 * _MAX_LABEL else ""
    length = end - tokens.starts[-1]
    tokens.printed[-1] = Printed(text, length, key, "t", ("text", None, ""))
    return True


def _read_cell(printed: str) -> tuple[Printed, int]:
    """Return what a printed cell says, and how many blanks stand before it."""
    text = printed.strip()
    if not text:
        return Printed("", len(printed), "", "c", _BLANK.content), 0
    content = parse_cell(text)
    is_label = content[0] == "text" and len(text) <= _MAX_LABEL
    mark = "t" if content[0] == "text" else "c"
    key = label_key(text) if is_label else ""
    return Printed(text, len(text), key, mark, content), printed.index(text[0])


_known_cells = Lookup(_read_cell, longest=_MAX_LABEL)


def _pipe_cells(line: str, *, open_end: bool) -> _Cells:
    """Return the cells of a line; `open_end` says that its last sign stands alone on the next."""
    pieces = line.split("|")
    last = len(pieces) - 1
    if not (pieces[-1] if open_end else pieces[-1].strip()):
        del pieces[-1]
    cells: list[tuple[Printed, int]] = []
    begin = 0
    for piece in pieces:
        # A sign at the very start of the line opens the row; a blank before it is a cell.
        if (begin or piece.strip("\t")) and (last > 1 or piece.strip()):
            printed, lead = _known_cells[piece]
            cells.append((printed, begin + lead))
        begin += len(piece) + 1
    return cells


def _tab_cells(line: str, begin: int) -> _Cells:
    cells: list[tuple[Printed, int]] = []
    for piece in line[begin:].split("\t"):
        if piece:
            printed, lead = _known_cells[piece]
            cells.append((printed, begin + lead))
        else:
            # Pages pad their rows with long runs of these.
            cells.append((_BLANK, begin))
        begin += len(piece) + 1
    return cells


def _spaced(line: str) -> _Cells:
    """Return the cells of a line with two blanks or more between them, or none."""
    body = line.strip()
    if "  " not in body:
        return []
    cells: list[tuple[Printed, int]] = []
    position = 0
    for piece in _SEPARATOR.split(body):
        position = line.index(piece, position)
        printed, lead = _known_cells[piece]
        cells.append((printed, position + lead))
        position += len(piece)
    return cells


def _single_spaced(line: str) -> _Cells:
    """Return label and values of a short line that ends in numbers, or none."""
    if len(line) > _MAX_LABEL or line[-1] not in _VALUE_ENDS:
        return []
    cells: list[tuple[int, int]] = []
    end = len(line)
    while (start := line.rfind(" ", 0, end) + 1) and parse_cell(line[start:end])[0] != "text":
        cells.append((start, end))
        end = start - 1
    if len(cells) < _MIN_SPACED:
        return []
    for match in reversed(list(_STUB.finditer(line, 0, end))):
        cells.append((match.end(), end))
        end = match.start()
    ranges = [*([(0, end)] if end > 0 else []), *reversed(cells)]
    read = ((start, *_known_cells[line[start:end]]) for start, end in ranges)
    return [(printed, start + lead) for start, printed, lead in read]
