"""Output tables: the contract's columns, exact values, and files that are complete or not there."""

import csv
import errno
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from mining.errors import OutputError, SettingsError
from mining.finding import Evidence, Failure, Finding, Result, Severity, Status
from mining.present import sinks, tables
from mining.present.tables import (
    FORMATS,
    SCHEMAS,
    TableWriter,
    failed_row,
    finding_ids,
    result_rows,
)
from mining.quantity import Interval, Quantity
from mining.report import (
    Address,
    Cell,
    Figure,
    Link,
    Meta,
    Point,
    Report,
    Section,
    Source,
    Table,
    ThemeScore,
)
from mining.spans import Span

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
TEXT = "一、总体情况\n全年收到申请93件，超6件上年结转。\n本年新收 +16 91"
RECEIVED = Address("applications.received.total")


def at(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


def a_cell(column: str, raw: str, value: int | Decimal | None) -> Cell:
    return Cell(
        table="applications",
        row="received",
        column=column,
        raw=raw,
        kind="number",
        value=value,
        span=at(raw),
    )


def a_figure(number: int, words: str, quantity: Quantity) -> Figure:
    return Figure(
        id=number,
        span=at(words),
        quantity=quantity,
        kind="count",
        role="single",
        scope="",
        sentence=at("全年收到申请93件，超6件上年结转。"),
        clause=at(words),
        section="overview",
    )


def a_finding(**changes: Any) -> Finding:  # noqa: ANN401 - any field
    values: dict[str, Any] = {
        "report": "市局/2022.txt",
        "rule": "narrative-table",
        "status": Status.MISMATCH,
        "severity": Severity.ERROR,
        "reason": "",
        "cell": RECEIVED,
        "stated": "93",
        "expected": "91",
        "difference": 2,
        "span": at("93件"),
        "quote": "93件",
        "evidence": (
            Evidence(role="figure", span=at("93件"), value=93),
            Evidence(role="cell", span=at("91"), address=RECEIVED, value=Decimal("91.50")),
        ),
    }
    return Finding(**(values | changes))


def a_report(**changes: Any) -> Report:  # noqa: ANN401 - any field
    exact = Quantity(
        value=93,
        low=93,
        high=93,
        unit="件",
        approx="",
        narrow=Interval(93, 93),
        wide=Interval(93, 93),
    )
    above = Quantity(
        value=6,
        low=6,
        high=None,
        unit="件",
        approx="more",
        narrow=Interval(6, None),
        wide=Interval(6, None),
    )
    values: dict[str, Any] = {
        "id": "市局/2022.txt",
        "source": Source(uri="in/市局/2022.txt"),
        "raw_text": TEXT,
        "text": TEXT,
        "template": "2021",
        "meta": Meta(year=2022, agency="临江市水务局", region="临江市"),
        "sections": (
            Section(
                key="overview",
                title="一、总体情况",
                order=1,
                heading=Span(0, 6),
                span=Span(0, TEXT.index("本年新收")),
                matched_by="heading",
                score=1.0,
            ),
        ),
        "tables": (
            Table(
                key="applications",
                unit="件",
                cells=(a_cell("natural_person", "+16", 16), a_cell("total", "91", Decimal(91))),
                span=Span(TEXT.index("本年新收"), len(TEXT)),
                section="applications",
                style="rows",
            ),
        ),
        "figures": (a_figure(0, "93件", exact), a_figure(1, "超6件", above)),
        "links": (
            Link(
                figure=0,
                address=Address("derived.handled"),
                also=(),
                score=0.5,
                phrase="x",
                quote=at("93件"),
            ),
            Link(figure=0, address=RECEIVED, also=(), score=0.9, phrase="y", quote=at("93件")),
        ),
        "points": (
            Point(id=0, section="overview", kind="problem", span=at("收到申请")),
            Point(
                id=1,
                section="overview",
                kind="improvement",
                span=at("本年新收"),
                answers=0,
                themes=(ThemeScore(theme="requests", score=0.9),),
            ),
        ),
    }
    return Report(**(values | changes))


def rows_of(
    *findings: Finding,
    **changes: Any,  # noqa: ANN401 - any field
) -> dict[str, list[dict[str, object]]]:
    result = Result(report=a_report(**changes), findings=findings)
    return result_rows(result, labels={RECEIVED: "本年新收·总计"})


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


def test_all_formats_hold_the_same_rows(tmp_path: Path) -> None:
    with TableWriter(tmp_path / "out", formats=FORMATS) as writer:
        writer.write(rows_of(a_finding()))
        writer.write(rows_of(a_finding(), id="二.txt"))

    out = tmp_path / "out"
    assert sorted(p.name for p in out.iterdir()) == sorted(
        f"{n}.{f}" for n in SCHEMAS for f in FORMATS
    )
    parquet = pq.read_table(out / "cells.parquet").to_pylist()
    assert [r["report"] for r in parquet] == ["市局/2022.txt"] * 2 + ["二.txt"] * 2
    assert json.loads((out / "cells.json").read_text(encoding="utf-8")) == parquet
    with (out / "cells.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [r["raw"] for r in csv.DictReader(file)] == ["+16", "91"] * 2
    sheet = openpyxl.load_workbook(out / "cells.xlsx")["cells"]
    assert [c.value for c in sheet[2]][:7] == [*list(parquet[0].values())[:6], 16]


def test_csv_opens_in_excel(tmp_path: Path) -> None:
    with TableWriter(tmp_path, formats=("csv",)) as writer:
        writer.write(rows_of())

    assert (tmp_path / "reports.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_tables_without_rows_have_their_columns(tmp_path: Path) -> None:
    with TableWriter(tmp_path, formats=("parquet", "json")):
        pass

    assert pq.read_schema(tmp_path / "findings.parquet").names == SCHEMAS["findings"].names
    assert json.loads((tmp_path / "findings.json").read_text()) == []


def test_rows_are_flushed_as_they_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_GROUP_WEIGHT", 2_000)
    with TableWriter(tmp_path) as writer:
        for n in range(20):
            writer.write(rows_of(id=f"{n}.txt"))

    file = pq.ParquetFile(tmp_path / "reports.parquet")
    assert (file.metadata.num_rows, file.num_row_groups) == (20, 4)


def test_failure_inside_leaves_the_earlier_files(tmp_path: Path) -> None:
    with TableWriter(tmp_path, formats=FORMATS) as writer:
        writer.write(rows_of())
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}

    with pytest.raises(ZeroDivisionError), TableWriter(tmp_path, formats=FORMATS) as writer:
        writer.write({**rows_of(id="另一.txt"), "texts": [{}] * (1 // 0)})

    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_full_disk_is_an_output_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sinks.JsonSink, "write", fail)

    match = r"E501.*reports\.json.*No space left"
    with (
        pytest.raises(OutputError, match=match) as caught,
        TableWriter(tmp_path, formats=("parquet", "json")) as writer,
    ):
        writer.write(rows_of())

    assert caught.value.code == "E501"
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_place_of_the_folder_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("not a folder")

    with pytest.raises(OutputError, match="E501"), TableWriter(tmp_path / "out"):
        pass


def test_unknown_format_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ods"):
        TableWriter(tmp_path, formats=("parquet", "ods"))


def test_half_surrogates_from_file_names_do_not_stop_a_run(tmp_path: Path) -> None:
    with TableWriter(tmp_path, formats=FORMATS) as writer:
        writer.write(rows_of(id="x\udce9.txt"))

    assert pq.read_table(tmp_path / "reports.parquet")["report"].to_pylist() == ["x?.txt"]


def test_a_full_sheet_goes_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sinks, "XLSX_ROWS", 3)
    with TableWriter(tmp_path, formats=("xlsx",)) as writer:
        for n in range(5):
            writer.write(rows_of(id=f"{n}.txt"))

    book = openpyxl.load_workbook(tmp_path / "reports.xlsx")
    assert book.sheetnames == ["reports", "reports 2", "reports 3"]
    assert [book["reports 3"].cell(r, 1).value for r in (1, 2)] == ["report", "4.txt"]


def test_same_rows_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        with TableWriter(tmp_path / name) as writer:
            writer.write(rows_of(a_finding()))

    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()
