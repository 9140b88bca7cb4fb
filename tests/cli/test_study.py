"""`mining study`: from a run to tables and charts."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import Ran
from tests.studyruns import MadeRun

Cli = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    made = MadeRun()
    for i in range(4):
        for year in (2020, 2021):
            made.add(f"江宁区第{i}水利局", year, ["staffing"], {0: "training"}, region="江宁区")
    return made.write(tmp_path / "run")


def test_themes_writes_tables_and_charts(run_cli: Cli, run: Path, tmp_path: Path) -> None:
    ran = run_cli(
        "study", "themes", run, "--out", tmp_path / "out", "--by", "year，kind", "--charts", "svg"
    )

    assert (ran.code, ran.out) == (0, "")
    names = {p.name for p in (tmp_path / "out").iterdir()}
    assert {f"themes-{t}.csv" for t in ("prevalence", "recurrence", "cases", "remedies")} < names
    charts = {f"themes-chart-{c}.svg" for c in ("by-year", "by-kind", "recurrence", "remedies")}
    assert charts == {n for n in names if n.endswith(".svg")}
    assert f"{len(names) - 1} 个文件" in ran.err
    again = pd.read_csv(tmp_path / "out" / "themes-recurrence.csv").set_index(["theme", "state"])
    assert again.loc[("staffing", "promised"), "share"] == 1


def test_themes_without_charts(run_cli: Cli, run: Path, tmp_path: Path) -> None:
    run_cli("study", "themes", run, "--out", tmp_path / "out", "--charts", "none")

    assert {p.suffix for p in (tmp_path / "out").iterdir()} == {".csv", ".parquet", ".json"}


def test_themes_with_a_file_of_agencies(run_cli: Cli, run: Path, tmp_path: Path) -> None:
    same = tmp_path / "same.csv"
    same.write_text("agency,same_as\n江宁区第0水利局,江宁区第1水利局\n", encoding="utf-8")
    out = tmp_path / "out"

    run_cli("study", "themes", run, "--out", out, "--charts", "none", "--agencies", same)

    table = pd.read_csv(out / "themes-prevalence.csv")
    assert set(table.loc[(table["by"] == "all") & (table["unit"] == "report"), "agencies"]) == {3}


@pytest.mark.parametrize(
    ("option", "code"),
    [(("--by", "colour"), "[E401]"), (("--charts", "gif"), "[E401]")],
)
def test_wrong_option_is_told(
    run_cli: Cli, run: Path, tmp_path: Path, option: tuple[str, str], code: str
) -> None:
    ran = run_cli("study", "themes", run, "--out", tmp_path / "out", *option)

    assert ran.code == 2
    assert ran.err.startswith(code)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_folder_without_tables_is_told(run_cli: Cli, tmp_path: Path, lang: str) -> None:
    ran = run_cli("study", "themes", tmp_path, "--out", tmp_path / "out", "--lang", lang)

    assert ran.code == 2
    assert "[E701]" in ran.err
    assert "mining audit" in ran.err
