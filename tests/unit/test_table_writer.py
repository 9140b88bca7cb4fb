"""Output tables as files: complete or not there, the same bytes for the same rows."""

import csv
import errno
import json
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from mining.errors import OutputError, SettingsError
from mining.present import sinks, tables
from mining.present.tables import FORMATS, SCHEMAS, TableWriter
from tests.resultrows import a_finding, rows_of


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
