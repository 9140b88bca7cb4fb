"""Flattened tables as a stream of cells: tab-indented, one a line, or joined by ``|`` or blanks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from mining.tabular.cellvalues import parse_cell
from mining.textkeys import label_key

__all__ = ["Token", "tokenize"]

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


def tokenize(text: str, *, start: int = 0) -> list[Token]:
    """Return the cells of `text` in reading order, spans shifted by `start`.

    Lines of running text come out as tokens too; only their labels decide what is a table.
    """
    tokens: list[Token] = []
    row = 0
    tabbed = False
    begin = start
    piped = "|" in text
    celled = False
    for line in text.split("\n"):
        if piped and _ONE_CELL.match(line):
            tabbed = False
            celled = _add_celled(tokens, line, begin, celled=celled)
            begin += len(line) + 1
            continue
        if celled:
            celled = False
            _weaken_last(tokens)
        if line[:1] == "\t" and not (piped and "|" in line):
            row += not tabbed
            tabbed = True
            content, first, last, kind, key = _tab_line(line)
            if kind == "row":
                tokens.extend(_tab_cells(line[1:], begin + 1, row))
            else:
                token = (content, begin + first, begin + last, kind, row, key, False)
                tokens.append(tuple.__new__(Token, token))
        elif not line or line.isspace():
            if line or not tabbed:
                # In the tab style an empty line ends a row; elsewhere it may be a blank cell.
                tokens.append(Token("", begin, begin + len(line), "blank", -1, weak=not line))
            tabbed = False
        elif tabbed and "|" not in line and _may_continue(tokens[-1], line):
            tokens[-1] = _continued(tokens[-1], line, begin + len(line))
        else:
            row += 1
            tabbed = False
            end = begin - start + len(line)
            tokens.extend(_line_cells(line, begin, row, text[end + 1 : end + 3]))
        begin += len(line) + 1
    return tokens


def _add_celled(tokens: list[Token], line: str, begin: int, *, celled: bool) -> bool:
    """Add a line of one cell and its sign (``规章 |``, ``0 |``, or ``|`` for a blank).

    Web pages come out like this. Signs beyond the first belong to merged cells; a sign alone
    before a text may be a blank cell or the edge of the row. Returns whether this style goes on.
    """
    content, _, rest = line.partition("|")
    if content.strip():
        token = _token(content, begin, -1)
        if token.kind == "text":
            _weaken_last(tokens)
        tokens.append(token)
        return True
    if celled and not rest.strip():
        tokens.append(Token("", begin, begin, "blank", -1))
    return celled


def _weaken_last(tokens: list[Token]) -> None:
    """Leave open whether the last blank is a cell."""
    if tokens and tokens[-1].kind == "blank":
        tokens[-1] = tokens[-1]._replace(weak=True)


def _line_cells(line: str, begin: int, row: int, following: str) -> Iterable[Token]:
    """Return the cells of a line that begins without a tab."""
    if "|" in line:
        return _pipe_cells(line, begin, row, open_end=following in {"|", "|\n"})
    if "\t" in line:
        return _tab_cells(line, begin, row)
    if "  " in line:
        return _spaced_cells(line, begin, row)
    cells = _single_spaced(line) if " " in line else ()
    if cells:
        return [_token(line[a:b], begin + a, row) for a, b in cells]
    return (_token(line, begin, -1),)


def _may_continue(token: Token, line: str) -> bool:
    """Tell whether `line` may be the second line of the cell before it."""
    short = len(token.text) <= _MAX_LABEL and len(line) <= _MAX_LABEL
    return token.kind == "text" and short and "\n" not in token.text


def _token(printed: str, begin: int, row: int) -> Token:
    text, lead, length, kind, key = _classified(printed)
    begin += lead
    # What `Token(...)` does, in half the time.
    return tuple.__new__(Token, (text, begin, begin + length, kind, row, key, False))


@lru_cache(maxsize=16384)
def _tab_line(line: str) -> tuple[str, int, int, str, str]:
    """Return text, start, end, kind and key of a line with a tab and one cell.

    The kind is ``row`` when the line holds more cells. A looked-up line is built without
    `_token`: there are more of these lines than of all others together.
    """
    if line.find("\t", 1) >= 0:
        return "", 0, 0, "row", ""
    text, lead, length, kind, key = _classified(line[1:])
    return text, lead + 1, lead + 1 + length, kind, key


@lru_cache(maxsize=16384)
def _classified(printed: str) -> tuple[str, int, int, str, str]:
    """Return text, blanks before it, length, kind and label key of a printed cell.

    The same few cells and labels stand in every report, so nearly all of them are looked up.
    """
    text = printed.strip()
    if not text:
        return "", 0, len(printed), "blank", ""
    lead = printed.index(text[0])
    if parse_cell(text)[0] != "text":
        return text, lead, len(text), "value", ""
    return text, lead, len(text), "text", label_key(text) if len(text) <= _MAX_LABEL else ""


def _pipe_cells(line: str, begin: int, row: int, *, open_end: bool) -> Iterator[Token]:
    """Yield the cells of a line; `open_end` says that its last sign stands alone on the next."""
    pieces = line.split("|")
    offset = begin
    last = len(pieces) - 1
    for i, piece in enumerate(pieces):
        # A sign at the very start of the line opens the row; a blank before it is a cell.
        begins = i == 0 and not piece.strip("\t")
        outer = begins or (i == last and not (piece if open_end else piece.strip()))
        if not outer and (last > 1 or piece.strip()):
            yield _token(piece, offset, row)
        offset += len(piece) + 1


def _tab_cells(line: str, begin: int, row: int) -> Iterator[Token]:
    for piece in line.split("\t"):
        if piece:
            yield _token(piece, begin, row)
        else:
            # Pages pad their rows with long runs of these.
            yield tuple.__new__(Token, ("", begin, begin, "blank", row, "", False))
        begin += len(piece) + 1


def _spaced_cells(line: str, begin: int, row: int) -> Iterator[Token]:
    body = line.strip()
    lead = len(line) - len(line.lstrip())
    if not _SEPARATOR.search(body):
        yield _token(line, begin, -1)
        return
    position = 0
    for match in (*_SEPARATOR.finditer(body), None):
        end = match.start() if match else len(body)
        yield _token(body[position:end], begin + lead + position, row)
        position = match.end() if match else end


def _single_spaced(line: str) -> list[tuple[int, int]]:
    """Return the ranges of label and values of a short line that ends in numbers, or none."""
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
    return [*([(0, end)] if end > 0 else []), *reversed(cells)]


def _continued(token: Token, line: str, end: int) -> Token:
    text = f"{token.text}\n{line.strip()}"
    key = label_key(text) if len(text) <= 2 * _MAX_LABEL else ""
    return Token(text, token.start, end, "text", token.row, key)
