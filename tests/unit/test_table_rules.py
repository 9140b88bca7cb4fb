"""Rules about a table and itself: a hit, a near miss and what can't be verified for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining.finding import Finding, Status
from mining.pipeline import check_report
from mining.report import Number, Report
from tests.support import SETTINGS, form_of, narrative_report

M, S, C, U = Status.MISMATCH, Status.SUSPECT, Status.CONSISTENT, Status.UNVERIFIABLE
APPLICATIONS: dict[str, int | None] = {
    "applications.received.natural_person": 12,
    "applications.received.business": 2,
    "applications.received.total": 14,
    "applications.granted.natural_person": 9,
    "applications.granted.total": 9,
    "applications.denied.internal.natural_person": 2,
    "applications.denied.internal.total": 2,
    "applications.unavailable.not_held.business": 2,
    "applications.unavailable.not_held.total": 2,
    "applications.total.natural_person": 11,
    "applications.total.business": 2,
    "applications.total.total": 13,
    "applications.carried_out.natural_person": 1,
    "applications.carried_out.total": 1,
}


def patched(report: Report, changes: Mapping[str, Mapping[str, Any]]) -> Report:
    """Return the report with fields of single cells replaced, by address."""
    tables = tuple(
        replace(t, cells=tuple(replace(c, **changes.get(c.address, {})) for c in t.cells))
        for t in report.tables or ()
    )
    return replace(report, tables=tables)


def run(
    rule: str,
    cells: Mapping[str, int | None],
    changes: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    template: str = "2019",
) -> list[Finding]:
    form = form_of(template)
    report = patched(narrative_report("附表。", cells, form=form), changes or {})
    return [f for f in check_report(report, form, settings=SETTINGS) if f.rule == rule]


def shown(found: list[Finding]) -> list[tuple[Status, str, str]]:
    """Return status, cell and reason of everything but agreement."""
    return [(f.status, str(f.cell), f.reason) for f in found if f.status is not C]


def number(value: Number) -> dict[str, Any]:
    return {"value": value, "raw": str(value)}


SUMS = ["table-row-total", "table-results-total", "table-balance"]


@pytest.mark.parametrize("rule", SUMS)
def test_a_sound_table_is_consistent_everywhere(rule: str) -> None:
    found = run(rule, APPLICATIONS)

    assert {f.status for f in found} == {C}
    assert len(found) == {"table-row-total": 23}.get(rule, 7)


@pytest.mark.parametrize(
    ("rule", "cell", "value", "about", "difference"),
    [
        ("table-row-total", "received.total", 15, "applications.received.total", 1),
        ("table-row-total", "received.social", 1, "applications.received.total", -1),
        ("table-results-total", "granted.total", 10, "applications.total.total", -1),
        ("table-results-total", "other.total", 3, "applications.total.total", -3),
        ("table-balance", "carried_out.total", 2, "applications.received.total", -1),
        ("table-balance", "carried_in.business", 1, "applications.received.business", 1),
    ],
)
def test_one_wrong_cell_breaks_its_sum(
    rule: str, cell: str, value: int, about: str, difference: int
) -> None:
    found = [f for f in run(rule, APPLICATIONS | {f"applications.{cell}": value}) if f.status != C]

    assert [(f.status, f.cell, f.difference) for f in found] == [(M, about, difference)]
    assert {e.address for e in found[0].evidence} >= {about}
    assert " == " in found[0].formula


@pytest.mark.parametrize("rule", SUMS)
def test_an_uncertain_cell_is_never_a_mismatch(rule: str) -> None:
    wrong = {"applications.received.total": 20, "applications.total.total": 30}
    unsure = {address: {"score": 0.5} for address in wrong}
    found = run(rule, APPLICATIONS | wrong, unsure)

    assert {(f.status, f.reason) for f in found if f.status is not C} == {(S, "uncertain-cell")}


def test_an_opposite_gap_in_two_columns_is_a_case_in_the_wrong_column() -> None:
    moved = {"applications.received.natural_person": 11, "applications.received.business": 3}
    found = shown(run("table-balance", APPLICATIONS | moved))

    assert [(status, reason) for status, _, reason in found] == [(M, "moved-case")] * 2


def test_a_number_split_over_two_cells_is_told_so() -> None:
    split = {"natural_person": 2, "business": 0, "total": 20}
    cells = {f"applications.received.{key}": value for key, value in split.items()}

    assert shown(run("table-row-total", cells)) == [
        (M, "applications.received.total", "split-number")
    ]


def test_blanks_beside_numbers_count_as_nothing() -> None:
    blank = {"applications.received.research": None, "applications.received.social": None}

    assert shown(run("table-row-total", APPLICATIONS | blank)) == []


def test_a_row_of_blanks_is_not_verifiable() -> None:
    columns = ("natural_person", "business", "research", "social", "legal", "other", "total")
    blank = {f"applications.partial.{column}": None for column in columns}

    assert shown(run("table-row-total", APPLICATIONS | blank)) == [
        (U, "applications.partial.total", "blank-cell")
    ]


def test_text_in_a_sum_is_not_verifiable() -> None:
    text = {"applications.received.business": {"kind": "text", "value": None, "raw": "两"}}

    assert shown(run("table-row-total", APPLICATIONS, text)) == [
        (U, "applications.received.total", "text-cell")
    ]


def test_the_form_of_2021_sums_its_three_other_results() -> None:
    others = {"applications.other.unpaid.total": 1, "applications.total.total": 14}

    found = run("table-results-total", APPLICATIONS | others, template="2021")

    assert shown(found) == []


@pytest.mark.parametrize(
    ("row", "values", "expected"),
    [
        ("review", (1, 1, 0, 0, 2), []),
        ("review", (1, 1, 0, 0, 1), [(M, "litigation.review.total", "")]),
        ("direct", (0, 0, 0, 3, 2), [(M, "litigation.direct.total", "")]),
        ("after_review", (0, 2, 0, 1, 3), []),
    ],
)
def test_litigation_total(row: str, values: tuple[int, ...], expected: list[Any]) -> None:
    columns = ("upheld", "corrected", "other", "pending", "total")
    cells = {f"litigation.{row}.{c}": v for c, v in zip(columns, values, strict=True)}

    assert shown(run("table-litigation-total", cells)) == expected


def indicators(**counts: int) -> dict[str, int | None]:
    return {f"indicators.{key}.count": value for key, value in counts.items()}


@pytest.mark.parametrize(
    ("counts", "cells"),
    [
        ({"applications_in_person": 3, "applications_online": 5, "applications": 8}, []),
        (
            {"applications_in_person": 3, "applications_online": 5, "applications": 9},
            ["indicators.applications.count"],
        ),
        ({"press_conferences_by_head": 2, "press_conferences": 5}, []),
        (
            {"press_conferences_by_head": 6, "press_conferences": 5},
            ["indicators.press_conferences.count"],
        ),
        ({"completed_on_time": 7, "completed": 7}, []),
    ],
)
def test_indicator_total(counts: dict[str, int], cells: list[str]) -> None:
    found = run("table-indicator-total", indicators(**counts), template="2014")

    assert [f.cell for f in found if f.status is M] == cells
    assert {f.status for f in found} <= {M, C}


CHANNELS = {"gazette": 10, "website": 400, "weibo": 200, "wechat": 300, "other_channels": 0}


@pytest.mark.parametrize(
    ("total", "status", "difference"),
    [(400, C, 0), (399, M, -1), (700, C, 0), (910, C, 0), (911, M, 1)],
)
def test_indicator_bound(total: int, status: Status, difference: int) -> None:
    [found] = run("table-indicator-bound", indicators(published=total, **CHANNELS), template="2014")

    assert (found.status, found.difference) == (status, difference)


def test_indicator_bound_is_unsure_above_a_sum_with_blanks() -> None:
    cells = indicators(published=950, **CHANNELS) | {"indicators.other_channels.count": None}
    [found] = run("table-indicator-bound", cells, template="2014")

    assert found.status is S


def test_indicator_bound_needs_the_total() -> None:
    cells = indicators(**CHANNELS) | {"indicators.published.count": None}
    [found] = run("table-indicator-bound", cells, template="2014")

    assert (found.status, found.reason) == (U, "blank-cell")


@given(st.lists(st.integers(0, 9999), min_size=5, max_size=5), st.integers(0, 60_000))
def test_indicator_bound_holds_between_maximum_and_sum(channels: list[int], total: int) -> None:
    counts = dict(zip(CHANNELS, channels, strict=True))
    [found] = run("table-indicator-bound", indicators(published=total, **counts), template="2014")

    assert (found.status is C) == (max(channels) <= total <= sum(channels))


ROW = "applications.received.business"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (number(4), []),
        ({"kind": "text", "value": None, "raw": "约5"}, [(M, ROW, "text-cell")]),
        (number(-3), [(M, ROW, "")]),
        (number(Decimal("2.5")), [(M, ROW, "")]),
        ({"kind": "none", "value": None, "raw": "/"}, [(S, ROW, "blank-cell")]),
        ({"kind": "blank", "value": None, "raw": ""}, [(S, ROW, "blank-cell")]),
        (number(-3) | {"score": 0.4}, [(S, ROW, "uncertain-cell")]),
    ],
)
def test_value(change: dict[str, Any], expected: list[Any]) -> None:
    assert shown(run("table-value", APPLICATIONS, {ROW: change})) == expected


def test_value_takes_signs_in_the_column_of_changes_only() -> None:
    cells = {"disclosure.licensing.change": -4, "disclosure.licensing.decisions": -4}

    assert shown(run("table-value", cells)) == [(M, "disclosure.licensing.decisions", "")]


AMOUNT = "disclosure.procurement.amount"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"raw": "25.1"}, C),
        ({"raw": "25.1万元", "unit": "万元"}, C),
        ({"raw": "251000元", "unit": "元", "value": 251_000}, M),
        (number(3_200_000), S),
        (number(999_999), C),
    ],
)
def test_unit(change: dict[str, Any], status: Status) -> None:
    [found] = run("table-unit", {AMOUNT: 25}, {AMOUNT: change})

    assert (found.status, found.cell) == (status, AMOUNT)


def test_unit_says_nothing_without_a_number() -> None:
    assert run("table-unit", {AMOUNT: None}) == []


def decisions(*rows: tuple[int, int, int]) -> dict[str, int | None]:
    names = ("licensing", "other_services", "penalties", "coercion")
    columns = ("items_last_year", "change", "decisions")
    return {
        f"disclosure.{name}.{column}": value
        for name, row in zip(names, rows, strict=False)
        for column, value in zip(columns, row, strict=True)
    }


@pytest.mark.parametrize(
    ("rows", "status", "reason"),
    [
        ([(188, 16, 204), (95, -10, 85)], S, ""),
        ([(188, 16, 1530), (95, -10, 85)], C, ""),
        ([(188, 16, 1530), (95, -10, 700)], C, ""),
        ([(188, 16, 204), (0, 0, 0)], U, "no-number"),
        ([(0, 0, 0), (0, 0, 0)], U, "no-number"),
    ],
)
def test_decisions(rows: list[tuple[int, int, int]], status: Status, reason: str) -> None:
    [found] = run("table-decisions", decisions(*rows))

    assert (found.status, found.reason) == (status, reason)


@given(st.lists(st.integers(0, 500), min_size=6, max_size=6), st.integers(0, 3000))
def test_a_row_is_consistent_exactly_when_it_adds_up(parts: list[int], total: int) -> None:
    columns = ("natural_person", "business", "research", "social", "legal", "other")
    cells = dict(zip((f"applications.received.{c}" for c in columns), parts, strict=True))
    found = run("table-row-total", cells | {"applications.received.total": total})
    [row] = [f for f in found if f.cell == "applications.received.total"]

    assert (row.status is C) == (sum(parts) == total)
    assert row.difference == total - sum(parts)
