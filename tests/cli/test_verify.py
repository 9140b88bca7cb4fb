"""`mining verify` and `mining study panel` on the command line, with their exit codes."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import Ran

Cli = Callable[..., Ran]


@pytest.fixture
def run(run_cli: Cli, reports: Path, tmp_path: Path) -> Path:
    run_cli("audit", reports, "--out", tmp_path / "run")
    return tmp_path / "run"


def test_panel_is_written_and_told(run_cli: Cli, run: Path, tmp_path: Path) -> None:
    out = tmp_path / "panel"

    ran = run_cli("study", "panel", run, "--out", out, "--format", "csv，dta", "--blank", "zero")

    assert (ran.code, ran.out) == (0, "")
    assert {p.name for p in out.iterdir()} == {
        "panel-data.csv",
        "panel-data.dta",
        "panel-codebook.csv",
        "panel-codebook.md",
        "panel.json",
    }
    assert len(pd.read_csv(out / "panel-data.csv")) == 3
    assert "没有给出 --reuse" in ran.err


def test_bad_residents_are_told_in_one_line(run_cli: Cli, run: Path, tmp_path: Path) -> None:
    bad = tmp_path / "r.csv"
    bad.write_text("region,year\n", encoding="utf-8")

    ran = run_cli("study", "panel", run, "--out", tmp_path / "panel", "--residents", bad)

    assert ran.code == 2
    assert "[E703]" in ran.err
    assert "Traceback" not in ran.err


def test_same_results(run_cli: Cli, run: Path, tmp_path: Path) -> None:
    run_cli("study", "panel", run, "--out", tmp_path / "panel", "--format", "csv,xlsx")

    for folder in (run, tmp_path / "panel"):
        assert run_cli("verify", folder).code == 0
        ran = run_cli("verify", folder, "--recompute", "--lang", "en")
        assert ran.code == 0
        assert "computed again" in ran.err


def test_different_results(run_cli: Cli, run: Path) -> None:
    (run / "figures.parquet").write_bytes(b"")

    ran = run_cli("verify", run)

    assert ran.code == 1
    assert "文件有改动：figures.parquet" in ran.err


def test_a_panel_of_another_run_is_not_computed_again(
    run_cli: Cli, run: Path, tmp_path: Path
) -> None:
    run_cli("study", "panel", run, "--out", tmp_path / "panel", "--format", "csv")
    cells = pd.read_parquet(run / "cells.parquet")
    cells.iloc[1:].to_parquet(run / "cells.parquet", index=False)

    assert run_cli("verify", tmp_path / "panel").code == 0
    ran = run_cli("verify", tmp_path / "panel", "--recompute")
    assert ran.code == 1
    assert "输入有改动" in ran.err


def test_missing_inputs(run_cli: Cli, run: Path, reports: Path) -> None:
    next(reports.iterdir()).unlink()

    assert run_cli("verify", run).code == 0
    ran = run_cli("verify", run, "--recompute")
    assert ran.code == 3
    assert "找不到输入" in ran.err


def test_relative_paths_start_from_root(
    run_cli: Cli, reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run_cli("audit", reports.name, "--out", "run")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")

    assert run_cli("verify", "../run", "--recompute").code == 3
    assert run_cli("verify", "../run", "--recompute", "--root", tmp_path).code == 0


@pytest.mark.parametrize("arguments", [("nowhere",), (".",)])
def test_no_results_at_all(
    run_cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)

    ran = run_cli("verify", *arguments)

    assert ran.code == 2
    assert "[E105]" in ran.err
