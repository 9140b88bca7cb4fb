"""Queries: those of the docs work on small and large runs; nothing but the run can be read."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from mining.catalog import READERS
from mining.corpus.inputs import Inputs, collect
from mining.corpus.query import Answer, run_query
from mining.corpus.run import run_audit
from mining.errors import ReadError, SettingsError
from mining.settings import Settings
from tests.conftest import SAMPLE

DOCS = Path(__file__).parents[2] / "docs/queries.md"
QUERIES = re.findall(
    r"^### (\d+)\..*?```sql\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL | re.MULTILINE
)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    """Return the sample corpus and an empty file."""
    empty = tmp_path_factory.mktemp("in") / "空.txt"
    empty.write_bytes(b"")
    suffixes = frozenset(READERS)
    return collect([SAMPLE / "reports", empty], suffixes=suffixes, settings=Settings())


@pytest.fixture(scope="module")
def small(inputs: Inputs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return results as files, in a folder whose name is full of traps."""
    out = tmp_path_factory.mktemp("run[1]'") / "结果"
    run_audit(inputs, out)
    return out


@pytest.fixture(scope="module")
def large(inputs: Inputs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the same results in the layout of a large run."""
    out = tmp_path_factory.mktemp("large") / "结果"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mining.corpus.run._MOST_SHARDS", 1)
        patch.setattr("mining.corpus.run._SHARDS_PER_FILE", 2)
        run_audit(inputs, out)
    assert (out / "findings.parquet/2020").is_dir()
    return out


def ask(run: Path, sql: str, *, limit: int = 10_000) -> Answer:
    return run_query(run, sql, limit=limit)


def test_docs_have_ten_queries() -> None:
    assert [int(number) for number, _ in QUERIES] == list(range(1, 11))


@pytest.mark.parametrize("sql", [sql for _, sql in QUERIES], ids=[n for n, _ in QUERIES])
def test_query_of_the_docs(sql: str, small: Path, large: Path) -> None:
    answer = ask(small, sql)

    assert answer == ask(large, sql)
    assert answer.rows


def test_mismatches_are_counted(small: Path) -> None:
    findings = pd.read_parquet(small / "findings.parquet")
    wrong = findings[findings["status"] == "mismatch"].groupby(["report", "severity"]).size()

    told = ask(small, QUERIES[0][1])

    assert {(r[0], "error"): r[3] for r in told.rows if r[3]} | {
        (r[0], "warning"): r[4] for r in told.rows if r[4]
    } == {key: n for key, n in wrong.items() if key[1] != "info"}


def test_agencies_with_errors_in_several_years(small: Path) -> None:
    reports = pd.read_parquet(small / "reports.parquet").dropna(subset=["agency", "year"])
    findings = pd.read_parquet(small / "findings.parquet")
    wrong = findings[(findings["status"] == "mismatch") & (findings["severity"] == "error")]
    years = reports[reports["report"].isin(wrong["report"])].groupby("agency")["year"].nunique()

    told = ask(small, QUERIES[5][1])

    assert {row[0]: row[1] for row in told.rows} == dict(years[years > 1])


def test_growth_is_that_of_the_year_before(small: Path) -> None:
    columns = ask(small, QUERIES[6][1])
    rows = [r for r in columns.rows if "人力资源" in str(r[0])]

    assert len(rows) == 3
    assert rows[0][3] is None
    assert rows[2][3] == rows[2][2] - rows[1][2]  # type: ignore[operator]


def test_offsets_count_characters(small: Path) -> None:
    sql = """
        SELECT count(*), count(*) FILTER (f.text = substr(t.text, f.start + 1, f."end" - f.start))
        FROM figures f JOIN texts t USING (report)
    """

    ((n, n_same),) = ask(small, sql).rows

    assert n == n_same != 0


def test_every_table_has_the_year(small: Path, large: Path) -> None:
    sql = "SELECT count(*) AS n, count(year) AS known, min(year) FROM {}"
    for table in ("reports", "texts", "sections", "cells", "figures", "findings"):
        told = ask(small, sql.format(table))
        assert told == ask(large, sql.format(table))
        n, known, _ = told.rows[0]
        assert known == (n if table != "reports" else n - 1)  # type: ignore[operator]


def test_rows_are_limited(small: Path) -> None:
    told = ask(small, "SELECT report FROM cells ORDER BY ALL", limit=7)

    assert (len(told.rows), told.is_cut, told.columns) == (7, True, ("report",))
    assert not ask(small, "SELECT 1", limit=1).is_cut


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('{secret}')",
        "SELECT * FROM read_csv('{secret}')",
        "SELECT * FROM '{parquet}'",
        "SELECT * FROM glob('{folder}/*')",
        "SELECT * FROM 'https://example.org/a.parquet'",
        "SELECT * FROM query('COPY (SELECT 1) TO ''{new}''')",
        "COPY (SELECT 1) TO '{new}'",
        "COPY (SELECT 1) TO '{run}/findings.parquet'",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '{run}/findings.parquet'",
        "EXPORT DATABASE '{new}'",
        "ATTACH '{new}' AS other",
        "CREATE TABLE findings2 AS SELECT 1",
        "DROP VIEW findings",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "INSTALL httpfs",
        "SELECT 1; SELECT 2",
        "",
        "SELEC 1",
        "SELECT * FROM nothing",
        "SELECT CAST('a' AS INTEGER)",
    ],
)
def test_what_is_no_question_to_the_run(sql: str, small: Path, tmp_path: Path) -> None:
    (tmp_path / "秘密.txt").write_text("天机")
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "a.parquet")
    before = {path: path.stat().st_mtime_ns for path in small.iterdir()}
    places = {
        "secret": tmp_path / "秘密.txt",
        "parquet": tmp_path / "a.parquet",
        "folder": tmp_path,
        "new": tmp_path / "new",
        "run": str(small).replace("'", "''"),
    }

    with pytest.raises(SettingsError, match="E405"):
        ask(small, sql.format(**places))

    assert {path: path.stat().st_mtime_ns for path in small.iterdir()} == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.parquet", "秘密.txt"]


def test_variables_of_the_caller_are_out_of_reach(small: Path) -> None:
    secret = pd.DataFrame({"a": [1]})

    with pytest.raises(SettingsError, match="secret"):
        ask(small, "SELECT * FROM secret")

    assert len(secret) == 1


def test_truncated_table_is_told(small: Path, tmp_path: Path) -> None:
    data = (small / "findings.parquet").read_bytes()
    (tmp_path / "findings.parquet").write_bytes(data[: len(data) // 2])

    with pytest.raises(ReadError, match=r"findings\.parquet: damaged"):
        ask(tmp_path, "SELECT 1")


@pytest.mark.parametrize("folder", ["没有", "空"])
def test_folder_without_tables(folder: str, tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()

    with pytest.raises(ReadError, match="E105"):
        ask(tmp_path / folder, "SELECT 1")
