"""Plain-text styles: how a printed grid is flattened into lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mining.generate.layout import PrintCell, PrintGrid

__all__ = ["Piece", "flatten"]

Piece = tuple[str, PrintCell | None]
"""Text, and the cell it is printed for (``None`` for the signs between cells)."""


def flatten(grid: PrintGrid, *, style: str) -> Iterator[Piece]:
    """Yield the text of `grid` in `style`, cell by cell.

    ``tab``: a line with a tab per cell, merged places too, a blank line after each row.
    ``line-blanks-kept`` and ``line-blanks-missing``: a line per cell. ``pipe`` and ``spaces``: a
    line per row.
    """
    yield from _STYLES[style](grid)


def _tab(grid: PrintGrid) -> Iterator[Piece]:
    for row in range(grid.n_rows):
        for cell, is_first in grid.places(row):
            yield "\t", None
            if is_first:
                yield cell.text, cell
            yield "\n", None
        yield "\n", None


def _lines_kept(grid: PrintGrid) -> Iterator[Piece]:
    for cell in grid.cells:
        yield cell.text, cell
        yield "\n", None


def _lines_missing(grid: PrintGrid) -> Iterator[Piece]:
    for cell in grid.cells:
        yield cell.text, cell
        if cell.text:
            yield "\n", None


def _pipe(grid: PrintGrid) -> Iterator[Piece]:
    yield from _rows(grid, mark=" | ", end=" |\n")


def _spaces(grid: PrintGrid) -> Iterator[Piece]:
    yield from _rows(grid, mark="    ", end="\n")


def _rows(grid: PrintGrid, *, mark: str, end: str) -> Iterator[Piece]:
    """Yield a line per row; a merged cell stands only where it starts, as in flattened html."""
    for row in range(grid.n_rows):
        starting = [cell for cell, is_first in grid.places(row) if is_first]
        for number, cell in enumerate(starting):
            if number:
                yield mark, None
            yield cell.text.replace("\n", " "), cell
        yield end, None


_STYLES: dict[str, Callable[[PrintGrid], Iterator[Piece]]] = {
    "tab": _tab,
    "line-blanks-kept": _lines_kept,
    "line-blanks-missing": _lines_missing,
    "pipe": _pipe,
    "spaces": _spaces,
}
