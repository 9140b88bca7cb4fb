"""Flattened tables as a stream of cells: tab-indented, one a line, or joined by ``|`` or blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from mining.cellvalues import parse_cell
from mining.textkeys import label_key

__all__ = ["Token", "tokenize"]

_SEPARATOR = re.compile(r"\t+| {2,}")
_MAX_LABEL = 60


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
    weak
        A blank line that may be a blank cell or just a gap.
    key
        Key for label matching; empty for values and long lines.
    """

    text: str
    start: int
    end: int
    kind: str
    row: int
    weak: bool
    key: str


def tokenize(text: str, *, start: int = 0) -> list[Token]:
    """Return the cells of `text` in reading order, spans shifted by `start`.

    Lines of running text come out as tokens too; only their labels decide what is a table.
    """
    tokens: list[Token] = []
    row = 0
    tabbed = False
    begin = start
    for line in text.split("\n"):
        if "|" in line:
            row += 1
            tabbed = False
            tokens.extend(_pipe_cells(line, begin, row))
        elif line.startswith("\t"):
            row += not tabbed
            tabbed = True
            if "\t" in line[1:]:
                tokens.extend(_tab_cells(line, begin, row))
            else:
                tokens.append(_token(line[1:], begin + 1, row))
        elif not line or line.isspace():
            if line or not tabbed:
                # In the tab style an empty line ends a row; elsewhere it may be a blank cell.
                tokens.append(Token("", begin, begin + len(line), "blank", -1, not line, ""))
            tabbed = False
        elif tabbed and _may_continue(tokens[-1], line):
            tokens[-1] = _continued(tokens[-1], line, begin + len(line))
        elif "  " in line or "\t" in line:
            tabbed = False
            row += 1
            tokens.extend(_spaced_cells(line, begin, row))
        else:
            tabbed = False
            tokens.append(_token(line, begin, -1))
        begin += len(line) + 1
    return tokens


def _may_continue(token: Token, line: str) -> bool:
    """Tell whether `line` may be the second line of the cell before it."""
    short = len(token.text) <= _MAX_LABEL and len(line) <= _MAX_LABEL
    return token.kind == "text" and short and "\n" not in token.text


def _token(text: str, begin: int, row: int) -> Token:
    stripped = text.strip()
    if not stripped:
        return Token("", begin, begin + len(text), "blank", row, weak=False, key="")
    if len(stripped) != len(text):
        begin += text.index(stripped[0])
    end = begin + len(stripped)
    if parse_cell(stripped)[0] != "text":
        return Token(stripped, begin, end, "value", row, weak=False, key="")
    key = label_key(stripped) if len(stripped) <= _MAX_LABEL else ""
    return Token(stripped, begin, end, "text", row, weak=False, key=key)


def _pipe_cells(line: str, begin: int, row: int) -> Iterator[Token]:
    pieces = line.split("|")
    offset = begin
    last = len(pieces) - 1
    for i, piece in enumerate(pieces):
        outer = i in {0, last} and not piece.strip()
        if not outer:
            yield _token(piece, offset, row)
        offset += len(piece) + 1


def _tab_cells(line: str, begin: int, row: int) -> Iterator[Token]:
    offset = begin + 1
    for piece in line[1:].split("\t"):
        yield _token(piece, offset, row)
        offset += len(piece) + 1


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


def _continued(token: Token, line: str, end: int) -> Token:
    text = f"{token.text}\n{line.strip()}"
    key = label_key(text) if len(text) <= 2 * _MAX_LABEL else ""
    return Token(text, token.start, end, "text", token.row, weak=False, key=key)
