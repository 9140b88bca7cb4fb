"""Print layouts of the statutory tables: grids of cells with spans, independent of any style."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from mining.generate.truth import TableTruth, TruthError

__all__ = ["PrintCell", "PrintGrid", "build_grid"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintCell:
    """One printed cell; `address` is empty for labels."""

    row: int
    col: int
    row_span: int = 1
    col_span: int = 1
    text: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintGrid:
    """A table as it is printed: its cells by row and column."""

    table: str
    cells: tuple[PrintCell, ...]
    n_rows: int
    n_cols: int

    def owner(self, row: int, col: int) -> PrintCell | None:
        """Return the cell that covers a place of the grid."""
        for cell in self.cells:
            rows = range(cell.row, cell.row + cell.row_span)
            if row in rows and col in range(cell.col, cell.col + cell.col_span):
                return cell
        return None


def build_grid(table: TableTruth) -> PrintGrid:
    """Lay out a table with its values.

    Raises
    ------
    TruthError
        When the layout is unknown, or the table tells a row, label or number of slots that the
        layout does not have.

    Examples
    --------
    >>> grid = build_grid(TableTruth(layout="litigation", rows={}, labels={}))
    >>> grid.n_rows, grid.n_cols, sum(bool(c.address) for c in grid.cells)
    (4, 15, 15)
    """
    layout = _layouts().get(table.layout)
    if layout is None:
        msg = f"unknown layout {table.layout!r}"
        raise TruthError(msg, code="E701")
    rows = [_expand_row(row, table) for row in layout["rows"]]
    _check_told(rows, layout["rows"], table)
    cells = [
        _place(rows, r, c, key=layout["table"], labels=table.labels)
        for r, row in enumerate(rows)
        for c, entry in enumerate(row)
        if entry not in ("<", "^")
    ]
    return PrintGrid(
        table=layout["table"], cells=tuple(cells), n_rows=len(rows), n_cols=len(rows[0])
    )


@lru_cache(maxsize=1)
def _layouts() -> dict[str, Any]:
    text = files("mining.generate").joinpath("layouts.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


# A slot is a pair of its address (row and column) and its printed text; a label is its text.
_Entry = str | tuple[str, str]


def _expand_row(row: list[str], table: TableTruth) -> list[_Entry]:
    out: list[_Entry] = []
    for entry in row:
        if entry.startswith("="):
            out += _slots(entry[1:], table)
        else:
            out.append(entry)
    return out


def _slots(spec: str, table: TableTruth) -> list[_Entry]:
    key, _, names = spec.partition(":")
    columns = names.split()
    told = table.rows.get(key, (".",) * len(columns))
    if len(told) != len(columns):
        msg = f"row {key} has {len(columns)} slots, {len(told)} are told"
        raise TruthError(msg, code="E701")
    printed = {".": table.fill, "_": ""}
    pairs = zip(columns, told, strict=True)
    return [(f"{key}.{column}", printed.get(token, token)) for column, token in pairs]


def _check_told(rows: list[list[_Entry]], printed: list[list[str]], table: TableTruth) -> None:
    """Refuse rows and labels that the layout does not have: they would be silently lost."""
    keys = {e[1:].partition(":")[0] for row in printed for e in row if e.startswith("=")}
    labels = {entry for row in rows for entry in row if isinstance(entry, str)}
    for what, lost in (("rows", set(table.rows) - keys), ("labels", set(table.labels) - labels)):
        if lost:
            msg = f"{what} that layout {table.layout} does not have: {sorted(lost)}"
            raise TruthError(msg, code="E701")


def _place(
    rows: list[list[_Entry]], row: int, col: int, *, key: str, labels: Mapping[str, str]
) -> PrintCell:
    entry = rows[row][col]
    width = 1
    while col + width < len(rows[row]) and rows[row][col + width] == "<":
        width += 1
    height = 1
    while row + height < len(rows) and rows[row + height][col] == "^":
        height += 1
    is_label = isinstance(entry, str)
    text = labels.get(entry, entry) if isinstance(entry, str) else entry[1]
    return PrintCell(
        row=row,
        col=col,
        row_span=height,
        col_span=width,
        text=text,
        address="" if is_label else f"{key}.{entry[0]}",
    )
