"""`mining corpus` and `mining query` as people use them, and audits of packs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import Ran

Cli = Callable[..., Ran]
TABLES = ("texts", "sections", "cells", "figures", "findings")


@pytest.fixture
def mixed(tmp_path: Path, sample: Path) -> Path:
    """Return a folder of reports in all formats, some of which can't be read."""
    folder = tmp_path / "年报"
    folder.mkdir()
    for path in sorted((sample / "reports").iterdir())[::3]:
        (folder / path.name).write_bytes(path.read_bytes())
    assert {p.suffix for p in folder.iterdir()} == {".txt", ".docx", ".html", ".pdf"}
    (folder / "空.txt").write_bytes(b"")
    (folder / "坏.zip").write_bytes(b"PK\3\4")
    return folder


@pytest.mark.parametrize("part_reports", [100, 5], ids=["file", "folder"])
def test_audit_of_a_pack_is_that_of_the_folder(
    run_cli: Cli,
    mixed: Path,
    tmp_path: Path,
    part_reports: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mining.corpus.pack._PART_REPORTS", part_reports)
    pack = tmp_path / "corpus.parquet"

    assert run_cli("corpus", "pack", mixed, "-o", pack).code == 3
    one, two = tmp_path / "1", tmp_path / "2"
    ran = [run_cli("audit", *pair) for pair in ((mixed, "--out", one), (pack, "--out", two))]

    assert [r.code for r in ran] == [3, 3]
    for table in TABLES:
        name = f"{table}.parquet"
        assert (one / name).read_bytes() == (two / name).read_bytes()
    reports = [pd.read_parquet(f / "reports.parquet").drop(columns="source") for f in (one, two)]
    pd.testing.assert_frame_equal(*reports)


def test_truncated_part_is_a_failed_row_and_the_run_goes_on(
    run_cli: Cli, reports: Path, tmp_path: Path
) -> None:
    run_cli("corpus", "pack", reports, "-o", tmp_path / "c.parquet")
    whole = (tmp_path / "c.parquet").read_bytes()
    (tmp_path / "c.parquet").write_bytes(whole[: len(whole) // 2])

    ran = run_cli("audit", tmp_path / "c.parquet", reports, "--out", tmp_path / "out")

    assert ran.code == 3
    assert "c.parquet" in ran.err
    assert "Parquet 文件已损坏" in ran.err
    table = pd.read_parquet(tmp_path / "out/reports.parquet")
    assert list(table["status"]) == ["failed", "ok", "ok", "ok"]
    assert table["error"][0].startswith("[E101] damaged Parquet file")


def test_report_in_a_pack_is_read(run_cli: Cli, reports: Path, tmp_path: Path) -> None:
    name = min(p.name for p in reports.iterdir())
    run_cli("corpus", "pack", reports, "-o", tmp_path / "c.parquet")

    ran = run_cli("read", tmp_path / "c.parquet" / name, "--json")

    told, expected = json.loads(ran.out), json.loads(run_cli("read", reports / name, "--json").out)
    assert told["findings"] == expected["findings"]
    assert told["texts"] == expected["texts"]


def test_pack_info_sample_and_merge(run_cli: Cli, mixed: Path, tmp_path: Path) -> None:
    pack, part, both = (tmp_path / f"{name}.parquet" for name in ("all", "some", "both"))
    ran = run_cli("corpus", "pack", mixed, "-o", pack, "--pattern", "{place}_{field}_{year}.txt")
    assert "未能读取" in ran.err
    assert "不合给出的样式" in ran.err

    ran = run_cli("corpus", "sample", pack, "-n", 4, "--by", "year", "-o", part, "--seed", 3)
    assert ran.code == 0
    assert "份中抽" in ran.out
    info = json.loads(run_cli("corpus", "info", part, "--json").out)
    assert (info["reports"], info["failed"], info["damage"]) == (4, 0, [])

    ran = run_cli("corpus", "merge", pack, part, "-o", both)
    assert "8 份报告与别的报告同名" in ran.out
    ran = run_cli("corpus", "info", both, "--verify", "--lang", "en")
    assert "Formats:" in ran.out
    assert "4 reports have exactly the content of one before them" in ran.out


def test_damage_is_told_with_its_own_exit_code(run_cli: Cli, reports: Path, tmp_path: Path) -> None:
    run_cli("corpus", "pack", reports, "-o", tmp_path / "c.parquet")
    (tmp_path / "c.parquet").write_bytes((tmp_path / "c.parquet").read_bytes()[:-1])

    ran = run_cli("corpus", "info", tmp_path / "c.parquet")

    assert ran.code == 3
    assert "E101" in ran.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("merge", "年报", "-o", "x.parquet"), "E401"),
        (("pack", "年报", "-o", "x.zip"), "E401"),
        (("pack", "没有", "-o", "x.parquet"), "E105"),
        (("pack", "年报", "-o", "x.parquet", "--pattern", "年报"), "E401"),
        (("pack", "空", "-o", "x.parquet"), "E106"),
        (("pack", "年报", "-o", "有.parquet"), "已有同名的文件"),
        (("info", "没有.parquet"), "E105"),
    ],
)
def test_slips_are_told(
    run_cli: Cli,
    reports: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "空").mkdir()
    (tmp_path / "有.parquet").touch()
    assert reports.name == "年报"

    ran = run_cli("corpus", *arguments)

    assert ran.code in {2, 3}
    assert told in ran.err


def test_query_prints_table_csv_and_json(run_cli: Cli, reports: Path, tmp_path: Path) -> None:
    run_cli("audit", reports, "--out", tmp_path / "out")
    sql = "SELECT report, status, chr(27) AS escape FROM reports ORDER BY report"

    table = run_cli("query", tmp_path / "out", sql)
    rows = run_cli("query", tmp_path / "out", sql, "--format", "csv", "--limit", "2")
    told = json.loads(run_cli("query", tmp_path / "out", sql, "--format", "json").out)

    assert "│ ok" in table.out
    assert "\x1b" not in table.out
    assert len(rows.out.splitlines()) == 3
    assert "前 2 行" in rows.err
    assert [row["report"] for row in told] == sorted(p.name for p in reports.iterdir())


def test_wrong_query_is_told(run_cli: Cli, reports: Path, tmp_path: Path) -> None:
    run_cli("audit", reports, "--out", tmp_path / "out")

    ran = run_cli("query", tmp_path / "out", "SELECT * FROM nothing")

    assert ran.code == 2
    assert "E405" in ran.err
    assert "nothing" in ran.err
