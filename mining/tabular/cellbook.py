"""Values of cells and named sums by address, each with how sure it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from mining.form import Form
from mining.numerals import tidy
from mining.report import Address, Cell, Number, Report, Table
from mining.settings import Settings

__all__ = ["CellBook", "CellValue", "table_addresses"]

_WAN = 10_000


class CellValue(NamedTuple):
    """What an address holds in one report.

    `value` is ``None`` when it can't be told, and `reason` then says why (``no-table``,
    ``no-cell``, ``blank-cell``, ``text-cell``). `sure` is false when a cell's place is uncertain.
    """

    address: Address
    value: Number | None
    cells: tuple[Cell, ...]
    sure: bool
    reason: str = ""


def table_addresses(table: Table, form: Form) -> tuple[Address, ...]:
    """Return the addresses of a table's cells; a whole one has those that the form counts up."""
    labels = form.table_labels.get(table.key)
    if labels and not table.missing_rows and len(labels.addresses) == len(table.cells):
        return labels.addresses
    return tuple([cell.address for cell in table.cells])


def _cells_of(report: Report, form: Form) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    for table in report.tables or ():
        cells.update(zip(table_addresses(table, form), table.cells, strict=True))
    return cells


class CellBook:
    """Every cell of one report by its address.

    Parameters
    ----------
    report, form, settings
        The report, what it was read with, and when a cell is sure.
    cells
        The cells by address, where they are kept elsewhere than in the report.
    """

    def __init__(
        self,
        report: Report,
        form: Form,
        settings: Settings,
        *,
        cells: Mapping[str, Cell] | None = None,
    ) -> None:
        self._form = form
        self._sure = settings.sure_cell
        self._cells = _cells_of(report, form) if cells is None else cells

    @cached_property
    def _tables(self) -> frozenset[str]:
        return frozenset(address.partition(".")[0] for address in self._cells)

    def cell(self, address: Address) -> Cell | None:
        """Return the cell at `address`, or ``None``."""
        return self._cells.get(address)

    def value(self, address: Address) -> CellValue:
        """Return the value of a cell or a derived quantity.

        A derived quantity needs every term; a blank counts as nothing there, so that a sum over a
        row of blanks and numbers is the sum of the numbers, while a sum of blanks is unknown.
        """
        derived = self._form.derived_by_address.get(address)
        if derived is None:
            return self._cell_value(address)
        return self.total(address, derived.terms)

    def total(self, address: Address, terms: Iterable[tuple[int, Address]]) -> CellValue:
        """Return the signed sum of `terms` under the name `address`."""
        value: Number | None = None
        cells: list[Cell] = []
        sure = True
        book, limit = self._cells, self._sure
        for sign, term in terms:
            cell = book.get(term)
            if cell is None or cell.kind == "text":
                missing = self._cell_value(term)
                found = (*cells, *missing.cells)
                return CellValue(address, None, found, sure=sure, reason=missing.reason)
            cells.append(cell)
            if cell.score < limit:
                sure = False
            if cell.value is not None:
                value = (value or 0) + sign * cell.value
        reason = "blank-cell" if value is None else ""
        return CellValue(address, value, tuple(cells), sure=sure, reason=reason)

    def in_yuan(self, address: Address) -> CellValue:
        """Return a money cell in 元: by the unit printed in it, else by its column's unit."""
        found = self.value(address)
        if found.value is None or not found.cells:
            return found
        factor = _WAN if self.unit(found.cells[0]) == "万元" else 1
        return CellValue(address, tidy(found.value * factor), found.cells, sure=found.sure)

    def unit(self, cell: Cell) -> str:
        """Return the unit printed in a cell, else its row's or column's; empty for none."""
        return cell.unit or self._column_unit(cell)

    def _column_unit(self, cell: Cell) -> str:
        spec = self._form.table(cell.table)
        if spec is None:
            return ""
        row = next((r.unit for r in spec.rows if r.key == cell.row), "")
        return row or next((c.unit for c in spec.columns if c.key == cell.column), "")

    def _cell_value(self, address: Address) -> CellValue:
        cell = self._cells.get(address)
        if cell is None:
            reason = "no-cell" if address.partition(".")[0] in self._tables else "no-table"
            return CellValue(address, None, (), sure=True, reason=reason)
        sure = cell.score >= self._sure
        if cell.value is None:
            reason = "text-cell" if cell.kind == "text" else "blank-cell"
            return CellValue(address, None, (cell,), sure=sure, reason=reason)
        return CellValue(address, cell.value, (cell,), sure=sure)
