"""Copied text for people: the page with two texts, the charts, the command."""

import html
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mining.study.charts.reuse import draw_distribution, draw_shares_by_year
from mining.study.panel.tables import load_shares
from mining.study.reuse.groups import Alike, groups_of
from mining.study.reuse.results import MEASURES, write_reuse_study
from mining.study.reuse.shingles import hash_runs
from tests.conftest import Ran
from tests.reuseruns import TextRun, prose

Cli = Callable[..., Ran]
EVIL = "<script>alert(1)</script>&<b>“照搬”</b>"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    made = TextRun()
    copied = prose(1, 2)
    made.add("宁波市江宁区水利局", 2020, prose(2) + copied + EVIL, overview=prose(6))
    made.add("宁波市江宁区水利局", 2021, EVIL + prose(3)[:-1] + copied, overview=prose(7))
    made.add("宁波市江宁区民政局", 2021, prose(4) + prose(3))
    return made.write(tmp_path / "run")


def test_page_marks_the_passage_on_both_sides(run: Path, tmp_path: Path) -> None:
    write_reuse_study(run, tmp_path / "out", formats=())

    page = (tmp_path / "out" / "reuse-page.html").read_text(encoding="utf-8")
    marks = re.findall(r'<a class="m[^"]*" id="(p1[ab]\d)" href="#(p1[ab]\d)">([^<]*)</a>', page)
    by_id = {name: html.unescape(text) for name, _, text in marks}
    assert all(by_id[name] == by_id[target] for name, target, _ in marks)
    assert sorted(by_id.values()) == sorted(2 * [EVIL, prose(1, 2)])
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_command_writes_tables_page_and_charts(run_cli: Cli, run: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    ran = run_cli("study", "reuse", run, "--out", out, "--charts", "svg", "--lang", "en")

    assert (ran.code, ran.out) == (0, "")
    names = {path.name for path in out.iterdir()}
    tables = {f"reuse-{t}.csv" for t in ("passages", "shares", "years", "groups")}
    charts = {f"reuse-chart-{c}.svg" for c in ("distribution", "by-year")}
    assert tables | charts | {"reuse-page.html", "reuse.json"} <= names
    assert f"{len(names) - 1} files" in ran.err
    csv = pd.read_csv(out / "reuse-passages.csv")
    pd.testing.assert_frame_equal(
        csv, pd.read_parquet(out / "reuse-passages.parquet"), check_dtype=False
    )


def test_panel_reads_the_shares(run: Path, tmp_path: Path) -> None:
    write_reuse_study(run, tmp_path / "out", formats=())

    shares = load_shares(tmp_path / "out", pd.Index(["r001.txt", "r000.txt"]))

    own = pd.read_parquet(tmp_path / "out" / "reuse-shares.parquet").set_index("report")
    assert shares["copied_share"][0] == own.loc["r001.txt", "copied_share"] > 0
    assert list(shares["copied_share_n"]) == [own.loc["r001.txt", "n_chars"], 0]


def test_charts_draw_the_tables(run: Path, tmp_path: Path) -> None:
    write_reuse_study(run, tmp_path / "out", formats=())
    shares, years = (
        pd.read_parquet(tmp_path / "out" / f"reuse-{name}.parquet") for name in ("shares", "years")
    )

    _, bins = draw_distribution(shares, tuple(MEASURES))
    figure, rows = draw_shares_by_year(years, tuple(MEASURES), width="column")

    told = bins[bins["measure"] == "copied_share"].set_index("low")["reports"]
    copied = shares.set_index("report").loc["r001.txt", "copied_share"]
    (low,) = told[told > 0].index
    assert low <= copied < low + 0.05
    assert len(rows) == int(years["share"].notna().sum()) == 3
    assert figure.get_size_inches()[0] == pytest.approx(8.9 / 2.54)


def test_charts_of_nothing_say_so() -> None:
    shares = pd.DataFrame({name: pd.Series(dtype=float) for name in MEASURES})
    years = pd.DataFrame({"year": [2020], "measure": ["copied_share"], "share": [float("nan")]})

    for figure, rows in (
        draw_distribution(shares, tuple(MEASURES)),
        draw_shares_by_year(years, tuple(MEASURES)),
    ):
        assert "没有可画的数据" in [text.get_text() for text in figure.axes[0].texts]
        assert rows.empty or rows["share"].isna().all()


def test_hashes_tell_order_and_every_character() -> None:
    text = np.array([ord(char) for char in prose(1)[:13]], dtype=np.uint32)
    changed = [text, text[::-1]]
    changed += [np.where(np.arange(13) == i, text + 1, text) for i in range(13)]

    assert len({int(hash_runs(codes)[0]) for codes in changed}) == 15
    assert len(hash_runs(text[:12])) == 0


def test_groups_are_the_same_from_both_ends() -> None:
    pairs = [Alike(0, 3, 0.9), Alike(3, 5, 0.7), Alike(1, 2, 0.8)]
    turned = [Alike(p.other, p.one, p.likeness) for p in reversed(pairs)]

    assert groups_of(pairs, 6) == groups_of(turned, 6) == [[0, 3, 5], [1, 2]]
