"""`mining study charts` on the command line: what is written, what is told, and computed again."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from tests.chartruns import keyness_of, many
from tests.conftest import Ran

Cli = Callable[..., Ran]
FEW = ("--samples", "100", "--formats", "svg")


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return many((2018, 2021), regions=2).write(tmp_path / "run")


def test_charts_stand_beside_their_tables(run_cli: Cli, run: Path, tmp_path: Path) -> None:
    out, words = tmp_path / "out", tmp_path / "words"
    words.mkdir()
    keyness_of(["2018", "2021"]).to_parquet(words / "keywords-by-year.parquet")

    ran = run_cli("study", "charts", run, "--out", out, "--keywords", words, *FEW)

    assert (ran.code, ran.out) == (0, "")
    names = {
        *("requests", "rates", "refusals", "channels", "regions", "keyness-year"),
        *("mismatches-rule", "mismatches-kind", "mismatches-rule-kind"),
    }
    files = {f"charts-{name}.{kind}" for name in names for kind in ("svg", "csv")}
    assert {p.name for p in out.iterdir()} == files | {"charts.json"}
    assert "18 个文件" in ran.err
    table = pd.read_csv(out / "charts-rates.csv", encoding="utf-8-sig")
    assert set(table["group"]) == {2018, 2021}


def test_one_chart_of_provinces(run_cli: Cli, run: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    ran = run_cli(
        *("study", "charts", run, "--out", out, "--only", "regions", "--by", "level"),
        *("--formats", "none", "--width", "column", "--lang", "en"),
    )

    assert ran.code == 0
    assert {p.name for p in out.iterdir()} == {"charts-regions.csv", "charts.json"}
    assert {"county"} <= set(pd.read_csv(out / "charts-regions.csv")["group"])


def test_keyness_needs_its_table(run_cli: Cli, run: Path, tmp_path: Path) -> None:
    ran = run_cli("study", "charts", run, "--out", tmp_path / "out", "--only", "keyness")

    assert ran.code == 2
    assert "[E401]" in ran.err
    assert "--keywords" in ran.err


def test_same_charts_again(run_cli: Cli, run: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run_cli("study", "charts", run, "--out", out, "--only", "rates", *FEW)

    assert run_cli("verify", out, "--recompute").code == 0
    (out / "charts-rates.csv").write_text("x", encoding="utf-8")
    assert run_cli("verify", out).code == 1
