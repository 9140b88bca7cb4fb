"""Cells and tables as types: the quick way to make a cell makes the same cell."""

from __future__ import annotations

import dataclasses
import pickle
from decimal import Decimal

import pytest

from mining.report import Cell, Table, make_cell
from mining.spans import Span


def a_cell(**changes: object) -> Cell:
    cell = make_cell("applications", "received", "total", "93", "number", 93, Span(4, 6), 1.0, "")
    return dataclasses.replace(cell, **changes)  # type: ignore[arg-type]


def test_the_quick_way_fills_every_field() -> None:
    made = make_cell(
        "procurement",
        "procurement",
        "amount",
        "25.1元",
        "number",
        Decimal("25.1"),
        Span(4, 9),
        0.6,
        "元",
    )
    assert made == Cell(
        table="procurement",
        row="procurement",
        column="amount",
        raw="25.1元",
        kind="number",
        value=Decimal("25.1"),
        span=Span(4, 9),
        score=0.6,
        unit="元",
    )
    assert made.address == "procurement.procurement.amount"


def test_a_quick_cell_is_frozen_and_travels() -> None:
    cell = a_cell()
    with pytest.raises(dataclasses.FrozenInstanceError):
        cell.raw = "94"  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(cell)) == cell  # noqa: S301 - our own bytes


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
