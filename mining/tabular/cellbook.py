"""Values of cells and named sums by address, each with how sure it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from mining.form import Form
from mining.numerals import tidy
from mining.report import Address, Cell, Number, Report, Table
from mining.settings import Settings

__all__ = ["CellBook", "CellValue", "Slots", "table_addresses"]

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


class Slots(NamedTuple):
    """One table by position: a cell or ``None`` for each that the form has, in form order.

    `numbers` are the values of the cells and a 0 at the end (see `mining.lanes.Side`). `counts`
    is true when each is a whole number of at least 0.
    """

    numbers: list[Number | None]
    cells: Sequence[Cell | None]
    counts: bool


def table_addresses(table: Table, form: Form) -> tuple[Address, ...]:
    """Return the addresses of a table's cells; a whole one has those that the form counts up."""
    labels = form.table_labels.get(table.key)
    if labels and not table.missing_rows and len(labels.addresses) == len(table.cells):
        return labels.addresses
    return tuple([cell.address for cell in table.cells])


def _are_counts(numbers: list[Number | None]) -> bool:
    try:
        # One `Decimal` makes the sum one, and a ``None`` can't be added.
        return type(sum(numbers)) is int and min(numbers) >= 0  # type: ignore[arg-type, type-var, operator]
    except TypeError:
        return False


class CellBook:
    """Every cell of one report by its address.

    Cells are kept by their place in the form's table, as whole tables, which nearly all are, hold
    them already. Only what the form does not know is kept by address.

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
        self._by_place: dict[str, Sequence[Cell | None]] = {}
        self._slots: dict[str, Slots] = {}
        self._values: dict[Address, CellValue] = {}
        self._places: Mapping[Address, tuple[str, int]] = {}
        self._others: Mapping[str, Cell] = cells or {}
        if cells is None:
            self._places = form.cell_places
            self._others = self._sort(report.tables or ())

    def _sort(self, tables: Iterable[Table]) -> dict[str, Cell]:
        """Put cells in their places; return those without one, by address."""
        others: dict[str, Cell] = {}
        for table in tables:
            key, addresses = table.key, table_addresses(table, self._form)
            labels = self._form.table_labels.get(key)
            known = labels.addresses if labels else ()
            if addresses is known and key not in self._by_place:
                self._by_place[key] = table.cells
                continue
            places = list(self._by_place.get(key, [None] * len(known)))
            for address, cell in zip(addresses, table.cells, strict=True):
                at, place = self._places.get(address, ("", 0))
                if at == key:
                    places[place] = cell
                else:
                    others[address] = cell
            self._by_place[key] = places
        return others

    @cached_property
    def _tables(self) -> frozenset[str]:
        filled = (key for key, cells in self._by_place.items() if any(cells))
        return frozenset(address.partition(".")[0] for address in (*filled, *self._others))

    def cell(self, address: Address) -> Cell | None:
        """Return the cell at `address`, or ``None``."""
        place = self._places.get(address)
        if place is None:
            return self._others.get(address)
        cells = self._by_place.get(place[0])
        return None if cells is None else cells[place[1]]

    def slots(self, table: str) -> Slots:
        """Return the cells of a table in form order."""
        found = self._slots.get(table)
        if found is None:
            cells = self._by_place.get(table, ())
            numbers = [None if cell is None else cell.value for cell in cells]
            numbers.append(0)
            found = self._slots[table] = Slots(numbers, cells, _are_counts(numbers))
        return found

    def value(self, address: Address) -> CellValue:
        """Return the value of a cell or a derived quantity.

        A derived quantity needs every term; a blank counts as nothing there, so that a sum over a
        row of blanks and numbers is the sum of the numbers, while a sum of blanks is unknown.
        """
        found = self._values.get(address)
        if found is None:
            derived = self._form.derived_by_address.get(address)
            if derived is None:
                found = self._cell_value(address)
            else:
                found = self.total(address, derived.terms)
            # Three rules ask for the same few addresses.
            self._values[address] = found
        return found

    def total(self, address: Address, terms: Iterable[tuple[int, Address]]) -> CellValue:
        """Return the signed sum of `terms` under the name `address`."""
        value: Number | None = None
        cells: list[Cell] = []
        sure = True
        find, limit = self.cell, self._sure
        for sign, term in terms:
            cell = find(term)
            if cell is None or cell.kind == "text":
                missing = self._cell_value(term)
                found = (*cells, *missing.cells)
                return CellValue(address, None, found, sure, missing.reason)
            cells.append(cell)
            if cell.score < limit:
                sure = False
            if cell.value is not None:
                value = (value or 0) + sign * cell.value
        reason = "blank-cell" if value is None else ""
        return CellValue(address, value, tuple(cells), sure, reason)

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
        cell = self.cell(address)
        if cell is None:
            reason = "no-cell" if address.partition(".")[0] in self._tables else "no-table"
            return CellValue(address, None, (), sure=True, reason=reason)
        sure = cell.score >= self._sure
        if cell.value is None:
            reason = "text-cell" if cell.kind == "text" else "blank-cell"
            return CellValue(address, None, (cell,), sure, reason)
        return CellValue(address, cell.value, (cell,), sure)
