"""Cells, spans and tables as types."""

from __future__ import annotations

import dataclasses
import pickle

import pytest

from mining.report import Cell, Table
from mining.spans import Span


def a_cell(**changes: object) -> Cell:
    cell = Cell(
        table="applications",
        row="received",
        column="total",
        raw="93",
        kind="number",
        value=93,
        span=Span(4, 6),
    )
    return dataclasses.replace(cell, **changes)  # type: ignore[arg-type]


def test_a_cell_has_an_address() -> None:
    cell = a_cell(table="procurement", row="procurement", column="amount")
    assert cell.address == "procurement.procurement.amount"


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (5, 4), (-3, -1)])
def test_a_span_runs_forward_inside_the_text(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="not a range"):
        Span(start, end)


def test_a_span_is_frozen_and_travels() -> None:
    span = Span(2, 5)
    with pytest.raises(dataclasses.FrozenInstanceError):
        span.start = 1  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(span)) == span  # noqa: S301 - our own bytes
    assert dataclasses.replace(span, end=9) == Span(2, 9)


def test_a_table_finds_its_cells() -> None:
    cells = (a_cell(), a_cell(row="carried_in", value=2, raw="2"))
    table = Table(
        key="applications",
        unit="件",
        cells=cells,
        span=Span(0, 9),
        section="applications",
        style="rows",
    )
    assert table.at("carried_in", "total") is cells[1]
    assert table.at("carried_in", "legal") is None
    assert table == dataclasses.replace(table)
