"""A world with known trends: a study from its reports finds what was planted, with intervals."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from mining import Settings, collect, run_audit
from mining.generate.recovery import compare_world
from mining.generate.recoverychart import draw_recovery, recovery_markdown
from mining.generate.worldfiles import load_world_truth, write_world
from mining.generate.worldplan import load_plan
from mining.study.bootstrap import Bootstrap
from mining.study.frames import load_reports
from mining.study.panel.outputs import write_panel
from mining.study.reuse.results import write_reuse_study

AGENCIES = 50
DOCS = Path(__file__).parents[2] / "docs" / "study"
SEEN = {
    "trend_new_media": 1,
    "trend_platform": -1,
    "trend_refusals": 1,
    "growth_requests": 1,
    "staffing_difference": 1,
    "wrong_difference": 1,
    "again_promised": 1,
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small world, audited, with its copied text and its panel."""
    folder = tmp_path_factory.mktemp("study")
    write_world(folder / "world", load_plan(agencies=AGENCIES))
    txt = frozenset({".txt"})
    inputs = collect([str(folder / "world" / "reports")], suffixes=txt, settings=Settings())
    run_audit(inputs, folder / "run", workers=2)
    write_reuse_study(folder / "run", folder / "tables", formats=())
    write_panel(folder / "run", folder / "tables", reuse=folder / "tables", formats=["parquet"])
    return folder


@pytest.fixture(scope="module")
def found(world: Path) -> pd.DataFrame:
    truth, panel = load_world_truth(world / "world"), world / "tables" / "panel-data.parquet"
    return compare_world(truth, world / "run", panel, Bootstrap(samples=400)).set_index("size")


@pytest.mark.parametrize("size", SEEN)
def test_intervals_hold_what_was_planted_and_leave_zero_out(found: pd.DataFrame, size: str) -> None:
    row = found.loc[size]

    assert row["holds"]
    assert row["is_seen"]
    assert row["found"] * SEEN[size] > 0


def test_no_trend_is_seen_where_none_was_planted(found: pd.DataFrame) -> None:
    assert not found.loc["trend_training", "is_seen"]


def test_what_was_not_promised_comes_back_more_often(found: pd.DataFrame) -> None:
    assert found.loc["again_unanswered", "low"] > found.loc["again_promised", "high"]


@pytest.mark.parametrize("level", ["county", "township"])
def test_copied_reports_are_told_from_others(found: pd.DataFrame, level: str) -> None:
    row = found.loc[f"copied_{level}"]

    assert row["found"] == pytest.approx(row["planted"], abs=0.02)


def test_sizes_from_tables_are_exact(found: pd.DataFrame) -> None:
    for size in ("trend_refusals", "growth_requests"):
        assert found.loc[size, "found"] == pytest.approx(found.loc[size, "planted"], abs=1e-9)


def test_what_was_planted_is_near_the_plan(found: pd.DataFrame) -> None:
    sizes = found.drop(index=[s for s in found.index if s.startswith(("wrong", "copied"))])

    assert (sizes["planned"] - sizes["planted"]).abs().max() < 0.08


def test_every_mismatch_told_was_planted(world: Path) -> None:
    truth = load_world_truth(world / "world").reports
    planted = {(r["report"], rule, cell) for r in truth for rule, cell in r["mismatches"]}
    findings = pd.read_parquet(world / "run" / "findings.parquet")
    told = findings[findings["status"] == "mismatch"]

    assert set(zip(told["report"], told["rule"], told["cell"], strict=True)) <= planted
    assert len(told) >= 0.9 * len(planted)


def test_agencies_are_the_same_in_all_years_though_renamed(world: Path) -> None:
    reports = load_reports(world / "run")

    assert reports["agency"].nunique() == AGENCIES


def test_table_and_chart_have_every_size(found: pd.DataFrame) -> None:
    table = found.reset_index()
    figure = draw_recovery(table, lang="en")

    assert sum(len(axes.get_yticks()) for axes in figure.axes) == len(table)
    assert len(recovery_markdown(table, lang="zh").splitlines()) == len(table) + 2


def test_same_bytes_twice_and_a_larger_world_holds_the_smaller(tmp_path: Path) -> None:
    plan = load_plan(agencies=10)
    short = replace(plan, size=replace(plan.size, first_year=2020, last_year=2021))
    sizes = [write_world(tmp_path / name, short) for name in ("one", "two")]
    larger = replace(short, size=replace(short.size, agencies=20))
    write_world(tmp_path / "larger", larger)
    write_world(tmp_path / "two", larger)
    write_world(tmp_path / "two", short)  # leaves nothing of the larger one behind
    names = [p.name for p in sorted((tmp_path / "one" / "reports").iterdir())]

    assert sizes == [len(names)] * 2
    assert [p.name for p in sorted((tmp_path / "two" / "reports").iterdir())] == names
    for name in names:
        one, two, large = (
            (tmp_path / folder / "reports" / name).read_bytes()
            for folder in ("one", "two", "larger")
        )
        assert one == two == large
    truths = [(tmp_path / name / "truth.json").read_bytes() for name in ("one", "two")]
    assert truths[0] == truths[1]
    assert json.loads(truths[0])["plan"]["size"]["agencies"] == 10


def test_the_worked_study_shows_every_size_and_small_pictures(found: pd.DataFrame) -> None:
    readme = (DOCS / "README.md").read_text(encoding="utf-8")
    table = readme.partition("<!-- recovery -->\n")[2].partition("<!-- end -->")[0]
    names = [line.split("|")[1] for line in recovery_markdown(found.reset_index()).splitlines()]
    pictures = re.findall(r"!\[[^]]+\]\(([a-z-]+\.png)\)", readme)

    assert [line.split("|")[1] for line in table.splitlines()] == names
    assert sorted(pictures) == sorted(p.name for p in DOCS.glob("*.png"))
    assert all((DOCS / name).stat().st_size < 150_000 for name in pictures)
