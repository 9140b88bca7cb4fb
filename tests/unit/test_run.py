"""A run gives the same bytes for any number of workers, and one bad report costs one row."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from mining.corpus.inputs import Inputs, collect
from mining.corpus.job import Selection
from mining.corpus.run import FailOn, RunSummary, run_audit
from mining.errors import OutputError, SettingsError
from mining.finding import Failure, Result
from mining.pipeline import Steps, audit_steps
from mining.present.cards import Summary
from mining.present.tables import TableWriter
from mining.settings import Settings


def found(folder: Path) -> Inputs:
    return collect([folder], suffixes=frozenset({".txt"}), settings=Settings())


def rows(out: Path, table: str) -> list[dict[str, object]]:
    records: list[dict[str, object]] = pq.read_table(out / f"{table}.parquet").to_pylist()
    return records


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_one_and_two_workers_write_the_same_bytes(reports: Path, tmp_path: Path) -> None:
    (reports / "空.txt").write_bytes(b"")
    everything = ("parquet", "csv", "xlsx", "json")
    ticks: list[int] = []

    one = run_audit(found(reports), tmp_path / "1", formats=everything, progress=ticks.append)
    two = run_audit(found(reports), tmp_path / "2", formats=everything, workers=2)

    assert contents(tmp_path / "1") == contents(tmp_path / "2")
    assert one.totals == two.totals
    assert sum(ticks) == 4


def test_result_has_every_file_and_no_temporary_one(reports: Path, tmp_path: Path) -> None:
    run_audit(found(reports), tmp_path / "out")

    tables = ("cells", "figures", "findings", "points", "reports", "sections", "texts", "themes")
    others = {"audit.html", "audit.xlsx", "manifest.json", "run.json"}
    assert set(contents(tmp_path / "out")) == {*others, *(f"{name}.parquet" for name in tables)}


def test_bad_reports_are_failed_rows(reports: Path, tmp_path: Path) -> None:
    (reports / "图.txt").write_bytes(bytes(range(256)) * 40)

    summary = run_audit(found(reports), tmp_path / "out")

    status = {row["report"]: row["status"] for row in rows(tmp_path / "out", "reports")}
    assert status.pop("图.txt") == "failed"
    assert set(status.values()) == {"ok"}
    assert [(f.report, f.code) for f in summary.failures] == [("图.txt", "E101")]
    assert (summary.totals["reports"], summary.totals["failed"]) == (3, 1)


def test_bug_in_a_step_costs_one_report(
    reports: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    victim = found(reports).items[1].report_id

    def audit(
        data: bytes, *, report_id: str, path: Path, settings: Settings, **_: object
    ) -> Steps[Result]:
        yield
        if report_id == victim:
            message = "the table step fell over"
            raise IndexError(message)
        return (yield from audit_steps(data, report_id=report_id, path=path, settings=settings))

    monkeypatch.setattr("mining.corpus.job.audit_steps", audit)
    with caplog.at_level("DEBUG", logger="mining.corpus.job"):
        summary = run_audit(found(reports), tmp_path / "out")

    assert [(f.report, f.code) for f in summary.failures] == [(victim, "E199")]
    assert "IndexError: the table step fell over" in summary.failures[0].message
    assert "Traceback" in caplog.text


def test_unreadable_folders_are_failed_rows(tmp_path: Path) -> None:
    failure = Failure(report="密", source="年报/密", code="E105", message="Permission denied")

    run_audit(Inputs(items=(), failures=(failure,), skipped={}), tmp_path / "out")

    (row,) = rows(tmp_path / "out", "reports")
    assert (row["report"], row["error"]) == ("密", "[E105] Permission denied")


def test_full_disk_keeps_the_earlier_result(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_audit(found(reports), tmp_path / "out")
    before = contents(tmp_path / "out")

    def write(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(TableWriter, "write", write)
    with pytest.raises(OutputError, match="No space left"):
        run_audit(found(reports), tmp_path / "out")

    assert contents(tmp_path / "out") == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", reports.name]


def test_ctrl_c_leaves_nothing(reports: Path, tmp_path: Path) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_audit(found(reports), tmp_path / "out", progress=interrupt)

    assert [p.name for p in tmp_path.iterdir()] == [reports.name]


def test_marker_tells_what_decides_about_the_bytes(reports: Path, tmp_path: Path) -> None:
    summary = run_audit(found(reports), tmp_path / "out", selection=Selection(select=("table-",)))

    facts = json.loads((tmp_path / "out/run.json").read_text(encoding="utf-8"))
    assert facts["select"] == ["table-"]
    assert facts["totals"] == dict(summary.totals)
    assert facts["settings"]["max_bytes"] == Settings().max_bytes


@pytest.mark.parametrize(
    ("selection", "wanted"),
    [
        (Selection(select=("table-",)), {"table"}),
        (Selection(ignore=("table-", "form-")), {"narrative"}),
        (Selection(select=("form-", "table-"), ignore=("table-",)), {"form"}),
    ],
    ids=["select", "ignore", "both"],
)
def test_selection_is_by_prefix(
    reports: Path, tmp_path: Path, selection: Selection, wanted: set[str]
) -> None:
    run_audit(found(reports), tmp_path / "out", selection=selection)

    rules = {str(row["rule"]) for row in rows(tmp_path / "out", "findings")}
    assert {rule.split("-")[0] for rule in rules} == wanted


def test_prefix_that_no_rule_has_is_refused() -> None:
    with pytest.raises(SettingsError, match="tabel-"):
        Selection(ignore=("tabel-",))


@pytest.mark.parametrize(
    ("mismatches", "suspects", "level", "expected"),
    [
        ({"error": 1}, 0, "error", True),
        ({"warning": 1}, 0, "error", False),
        ({"warning": 1}, 0, "warning", True),
        ({"info": 1}, 3, "warning", False),
        ({}, 1, "suspect", True),
        ({"info": 1}, 0, "suspect", True),
        ({}, 0, "suspect", False),
    ],
)
def test_levels_of_findings(
    mismatches: dict[str, int], suspects: int, level: FailOn, expected: bool, tmp_path: Path
) -> None:
    nothing = run_audit(Inputs(items=(), skipped={}), tmp_path / "out")
    totals: Summary = {**nothing.totals, "suspect": suspects}
    totals["mismatch"] = sum(mismatches.values())
    summary = RunSummary(
        out=tmp_path,
        totals=totals,
        mismatches=mismatches,
        failures=(),
        skipped={},
    )

    assert summary.has_findings(level) is expected
