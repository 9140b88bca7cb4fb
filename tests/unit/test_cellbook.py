"""Cells and named sums by address."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from mining.report import Address, Cell, Report, Source
from mining.settings import Settings
from mining.tabular.cellbook import CellBook
from tests.support import form_of, tables_of

FORM = form_of("2019")


def book(cells: Mapping[str, int | None], *, score: float = 1.0, **changed: object) -> CellBook:
    tables = tables_of(FORM, cells, 0, score)
    if changed:
        cell = replace(tables[0].cells[0], **changed)  # type: ignore[arg-type]
        tables[0] = replace(tables[0], cells=(cell, *tables[0].cells[1:]))
    report = Report(id="r", source=Source(uri="r.txt"), raw_text="", tables=tuple(tables))
    return CellBook(report, FORM, Settings())


def test_a_cell_and_a_sum() -> None:
    cells = book({"applications.received.total": 91, "applications.carried_in.total": 2})

    assert cells.value(Address("applications.received.total")).value == 91
    accepted = cells.value(Address("derived.accepted"))
    assert (accepted.value, len(accepted.cells), accepted.sure) == (93, 2, True)


def test_a_blank_in_a_sum_counts_as_nothing() -> None:
    cells = book({"applications.received.total": 91, "applications.carried_in.total": None})

    assert cells.value(Address("derived.accepted")).value == 91


def test_a_sum_of_blanks_is_unknown() -> None:
    cells = book({"applications.received.total": None, "applications.carried_in.total": None})
    found = cells.value(Address("derived.accepted"))

    assert (found.value, found.reason) == (None, "blank-cell")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("litigation.review.total", "no-table"),
        ("applications.nothing.total", "no-cell"),
        ("derived.lawsuits", "no-table"),
    ],
)
def test_what_is_not_there_says_why(address: str, reason: str) -> None:
    found = book({"applications.received.total": 1}).value(Address(address))

    assert (found.value, found.reason) == (None, reason)


def test_a_word_is_no_number() -> None:
    cells = book({"applications.received.total": 1}, raw="若干", kind="text", value=None)
    address = Address("applications.received.natural_person")

    assert cells.value(address).reason == "text-cell"


def test_an_uncertain_cell_makes_its_sum_uncertain() -> None:
    cells = book({"applications.received.total": 91}, score=0.6)

    assert not cells.value(Address("applications.received.total")).sure
    assert not cells.value(Address("derived.accepted")).sure


@pytest.mark.parametrize(("unit", "yuan"), [("", 120_000), ("万元", 120_000), ("元", 12)])
def test_money_follows_the_printed_unit_before_the_column(unit: str, yuan: int) -> None:
    address = Address("disclosure.procurement.amount")
    (table,) = tables_of(FORM, {str(address): 12}, 0)
    cells = tuple(replace(c, unit=unit) if c.address == address else c for c in table.cells)
    report = Report(
        id="r", source=Source(uri="r.txt"), raw_text="", tables=(replace(table, cells=cells),)
    )

    assert CellBook(report, FORM, Settings()).in_yuan(address).value == yuan


def test_signed_terms_are_subtracted() -> None:
    cells = book({"applications.received.total": 5, "applications.carried_in.total": 8})
    terms = (
        (1, Address("applications.received.total")),
        (-1, Address("applications.carried_in.total")),
    )

    assert cells.total(Address("x"), terms).value == -3


def test_addresses_with_dots_in_the_row() -> None:
    cell = book({"applications.denied.law.total": 4}).cell(Address("applications.denied.law.total"))

    assert isinstance(cell, Cell)
    assert (cell.row, cell.value) == ("denied.law", 4)
    assert not isinstance(cell.value, Decimal)
