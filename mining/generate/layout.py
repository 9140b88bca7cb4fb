"""Print layouts of the statutory tables: grids of cells with spans, independent of any style."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
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
    """A table as it is printed: its cells by row and column.

    `covers` names, for each row, the cells that cover it from left to right by their place in
    `cells`, those merged with a row above too.
    """

    table: str
    cells: tuple[PrintCell, ...]
    n_rows: int
    n_cols: int
    covers: tuple[tuple[int, ...], ...]

    def places(self, row: int) -> Iterator[tuple[PrintCell, bool]]:
        """Yield the cells that cover `row`, and whether they start there."""
        for index in self.covers[row]:
            cell = self.cells[index]
            yield cell, cell.row == row


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
    blank = _blank_grid(table.layout, tuple(sorted(table.labels.items())))
    texts = _slot_texts(blank, table)
    cells = tuple(
        replace(cell, text=texts[cell.address]) if cell.address else cell for cell in blank.cells
    )
    return PrintGrid(
        table=blank.table,
        cells=cells,
        n_rows=blank.n_rows,
        n_cols=blank.n_cols,
        covers=blank.covers,
    )


@lru_cache(maxsize=1)
def _layouts() -> dict[str, Any]:
    text = files("mining.generate").joinpath("layouts.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


# A slot is a pair of its row and column; a label is its text.
_Entry = str | tuple[str, str]


@lru_cache(maxsize=64)
def _blank_grid(name: str, labels: tuple[tuple[str, str], ...]) -> PrintGrid:
    """Lay out a table without values; reports share a few layouts, so each is worked out once."""
    layout = _layouts().get(name)
    if layout is None:
        msg = f"unknown layout {name!r}"
        raise TruthError(msg, code="E701")
    rows = [[e for entry in row for e in _expand(entry)] for row in layout["rows"]]
    told = dict(labels)
    lost = set(told) - {e for row in rows for e in row if isinstance(e, str)}
    if lost:
        msg = f"labels that layout {name} does not have: {sorted(lost)}"
        raise TruthError(msg, code="E701")
    cells = [
        _place(rows, r, c, key=layout["table"], labels=told)
        for r, row in enumerate(rows)
        for c, entry in enumerate(row)
        if entry not in ("<", "^")
    ]
    return PrintGrid(
        table=layout["table"],
        cells=tuple(cells),
        n_rows=len(rows),
        n_cols=len(rows[0]),
        covers=tuple(_covers(cells, row) for row in range(len(rows))),
    )


def _expand(entry: str) -> Iterator[_Entry]:
    if not entry.startswith("="):
        yield entry
        return
    key, _, names = entry[1:].partition(":")
    yield from ((key, column) for column in names.split())


def _place(
    rows: list[list[_Entry]], row: int, col: int, *, key: str, labels: dict[str, str]
) -> PrintCell:
    entry = rows[row][col]
    width = 1
    while col + width < len(rows[row]) and rows[row][col + width] == "<":
        width += 1
    height = 1
    while row + height < len(rows) and rows[row + height][col] == "^":
        height += 1
    is_label = isinstance(entry, str)
    return PrintCell(
        row=row,
        col=col,
        row_span=height,
        col_span=width,
        text=labels.get(entry, entry) if isinstance(entry, str) else "",
        address="" if is_label else f"{key}.{entry[0]}.{entry[1]}",
    )


def _covers(cells: list[PrintCell], row: int) -> tuple[int, ...]:
    found = [i for i, cell in enumerate(cells) if cell.row <= row < cell.row + cell.row_span]
    return tuple(sorted(found, key=lambda i: cells[i].col))


def _slot_texts(blank: PrintGrid, table: TableTruth) -> dict[str, str]:
    """Return the printed text of every slot by its address."""
    slots: dict[str, list[str]] = {}
    for cell in blank.cells:
        if cell.address:
            row = cell.address.removeprefix(f"{blank.table}.").rpartition(".")[0]
            slots.setdefault(row, []).append(cell.address)
    lost = set(table.rows) - set(slots)
    if lost:
        msg = f"rows that layout {table.layout} does not have: {sorted(lost)}"
        raise TruthError(msg, code="E701")
    texts: dict[str, str] = {}
    for row, addresses in slots.items():
        told = table.rows.get(row, (".",) * len(addresses))
        if len(told) != len(addresses):
            msg = f"row {row} has {len(addresses)} slots, {len(told)} are told"
            raise TruthError(msg, code="E701")
        texts.update((a, _printed(t, table.fill)) for a, t in zip(addresses, told, strict=True))
    return texts


def _printed(token: str, fill: str) -> str:
    """Return what a token of a truth file prints."""
    return {".": fill, "_": ""}.get(token, token)
