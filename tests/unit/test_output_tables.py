"""Results as rows of the output tables: the contract's columns and exact values."""

import json
from decimal import Decimal

from mining.finding import Evidence, Failure
from mining.present.rows import failed_row, finding_ids
from mining.present.tables import SCHEMAS
from mining.report import Address, Block, Provenance, Table
from mining.spans import Span
from tests.resultrows import RECEIVED, TEXT, a_cell, a_finding, at, rows_of

CONTRACT = {
    "reports": "report, source, agency, region, year, template, status, error",
    "texts": "report, text",
    "sections": "report, order, section, title, start, end, n_chars, n_figures",
    "cells": "report, cell, table, row, column, raw, value, start, end, score",
    "figures": "report, section, start, end, text, value, low, high, unit, approx, kind, role, "
    "scope, cell, score",
    "findings": "report, finding, rule, status, severity, cell, stated, expected, difference, "
    "start, end, message, evidence",
    "points": "report, section, point, kind, start, end, text, answers",
    "themes": "report, section, start, end, text, theme, score",
}


def test_columns_are_the_contract() -> None:
    assert {name: ", ".join(schema.names) for name, schema in SCHEMAS.items()} == CONTRACT


def test_rows_hold_exactly_the_columns() -> None:
    rows = rows_of(a_finding())

    assert {name: list(rows[name][0]) for name in rows} == {
        name: schema.names for name, schema in SCHEMAS.items()
    }


def test_a_point_tells_what_it_answers_and_its_themes() -> None:
    rows = rows_of()

    assert [(r["point"], r["kind"], r["answers"]) for r in rows["points"]] == [
        (0, "problem", None),
        (1, "improvement", 0),
    ]
    assert [(r["text"], r["theme"], r["score"]) for r in rows["themes"]] == [
        ("本年新收", "requests", 0.9)
    ]


def test_report_and_section_rows() -> None:
    rows = rows_of()

    assert rows["reports"] == [
        {
            "report": "市局/2022.txt",
            "source": "in/市局/2022.txt",
            "agency": "临江市水务局",
            "region": "临江市",
            "year": 2022,
            "template": "2021",
            "status": "ok",
            "error": None,
        }
    ]
    assert rows["sections"][0]["n_figures"] == 2
    assert rows["sections"][0]["n_chars"] == TEXT.index("本年新收")


def test_cells_keep_what_is_printed() -> None:
    first, second = rows_of()["cells"]

    assert (first["cell"], first["raw"], first["value"]) == (
        "applications.received.natural_person",
        "+16",
        16.0,
    )
    assert second["value"] == 91.0


def test_figures_take_the_best_link() -> None:
    first, second = rows_of()["figures"]

    assert (first["text"], first["cell"], first["score"]) == ("93件", RECEIVED, 0.9)
    assert (second["text"], second["high"], second["cell"]) == ("超6件", None, None)


def test_finding_row_tells_its_evidence() -> None:
    row = rows_of(a_finding())["findings"][0]

    assert row["message"] == "正文写“93件”，表中“本年新收·总计”是91，相差2。"
    assert json.loads(str(row["evidence"])) == [
        {
            "role": "figure",
            "start": at("93件").start,
            "end": at("93件").end,
            "address": None,
            "value": "93",
            "quote": "93件",
            "page": None,
            "path": None,
        },
        {
            "role": "cell",
            "start": at("91").start,
            "end": at("91").end,
            "address": RECEIVED,
            "value": "91.5",
            "quote": "91",
            "page": None,
            "path": None,
        },
    ]


def test_evidence_is_compact_json_whatever_it_quotes() -> None:
    blank = Span(at("93件").end, at("93件").end)
    blocks = (
        Block(raw_span=at("93件"), prov=Provenance(page=3, path='p["a"]')),
        Block(raw_span=at("91"), prov=Provenance(page=3)),
    )
    found = a_finding(
        evidence=(
            Evidence(role="cell", span=blank, address=Address('x."y".z'), report="去年\\\n.txt"),
            Evidence(role="figure", span=at("93件"), value=Decimal("1E+2")),
            Evidence(role="other"),
        )
    )

    told = str(rows_of(found, blocks=blocks)["findings"][0]["evidence"])

    evidence = json.loads(told)
    assert told == json.dumps(evidence, ensure_ascii=False, separators=(",", ":"))
    assert [(e["page"], e["path"]) for e in evidence] == [(3, None), (3, 'p["a"]'), (None, None)]
    # A blank cell prints nothing that could be quoted.
    assert [(e["start"], e["quote"]) for e in evidence] == [
        (None, None),
        (at("93件").start, "93件"),
        (None, None),
    ]
    assert [e.get("report") for e in evidence] == ["去年\\\n.txt", None, None]


def test_repeated_findings_get_numbers() -> None:
    same, other = a_finding(), a_finding(quote="91件")

    ids = list(finding_ids([same, other, same, same]))

    key = same.fingerprint
    assert ids == [key, other.fingerprint, f"{key}-2", f"{key}-3"]


def test_a_number_too_long_for_a_float_is_left_out() -> None:
    huge = a_cell("total", "91", 10**400)
    table = Table(
        key="applications", unit="", cells=(huge,), span=Span(0, 1), section="x", style="rows"
    )

    assert rows_of(tables=(table,))["cells"][0]["value"] is None


def test_failed_row() -> None:
    row = failed_row(Failure(report="坏.pdf", source="in/坏.pdf", code="E103", message="无法解码"))

    assert list(row) == SCHEMAS["reports"].names
    assert (row["status"], row["error"], row["year"]) == ("failed", "[E103] 无法解码", None)
