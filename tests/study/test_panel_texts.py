"""What the panel takes from texts, points and tables from elsewhere."""

from pathlib import Path

import pandas as pd
import pytest

from mining.errors import StudyError
from mining.study.panel.build import Panel, build_panel
from tests.panelruns import PanelRun

RECEIVED = "applications.received.total"


@pytest.fixture
def made() -> PanelRun:
    return PanelRun()


def row_of(panel: Panel, report: str) -> "pd.Series[object]":
    return panel.frame.set_index("report").loc[report]


def told(panel: Panel) -> dict[str, object]:
    return {note.key: note.told.get("n") for note in panel.notes}


def test_figures_and_checks_are_counted(made: PanelRun, tmp_path: Path) -> None:
    sections = {"overview": (0, 40), "problems": (40, 60)}
    report = made.add("江宁区水利局", 2021, text="文" * 60, sections=sections)
    for section, start in (("overview", 3), ("overview", 9), ("problems", 45)):
        made.add_figure(report, section, start, start + 2)
    made.add_finding(report, "narrative-table", "mismatch", (3, 5))
    made.add_finding(report, "narrative-percent", "unverifiable", (9, 11))
    made.add_finding(report, "narrative-growth", "consistent", (45, 47), last="2020.txt")
    made.add_finding(report, "table-balance", "consistent", (45, 47))

    row = build_panel(made.write(tmp_path / "run")).frame.iloc[0]

    names = ("figures_found", "figures_checked", "checks_run", "checks_mismatch")
    assert [row[name] for name in names] == [3, 1, 4, 1]
    assert (row["figures_overview"], row["figures_problems"]) == (2, 1)
    assert pd.isna(row["figures_litigation"])


def test_specificity_counts_figures_names_and_dates(made: PanelRun, tmp_path: Path) -> None:
    overview = "2021年3月，区政务公开办公室按《条例》和〔2020〕5号文公开12件。\n"
    text = overview + "二、主动公开《不计》" + "文" * 10
    sections = {"overview": (0, len(overview)), "disclosure": (len(overview), len(text))}
    report = made.add("江宁区水利局", 2021, text=text, sections=sections)
    made.add_figure(report, "overview", overview.index("12"), overview.index("12") + 3)
    empty = made.add("江宁区教育局", 2021, text="")

    panel = build_panel(made.write(tmp_path / "run"))

    # One date, three names, one figure; the line break is no character.
    n = len(overview) - 1
    assert row_of(panel, report)["specificity"] == pytest.approx(500 / n)
    assert row_of(panel, report)["specificity_n"] == n
    assert pd.isna(row_of(panel, empty)["specificity"])


def test_points_and_themes_of_problems(made: PanelRun, tmp_path: Path) -> None:
    section = {"problems": (0, 9)}
    with_points = made.add("江宁区水利局", 2021, sections=section)
    without = made.add("江宁区教育局", 2021, sections=section)
    no_section = made.add("江宁区财政局", 2021, sections={"overview": (0, 9)})
    run = made.write(tmp_path / "run")
    told_points = [(with_points, 0, "problem"), (with_points, 5, "improvement")]
    pd.DataFrame(told_points, columns=["report", "start", "kind"]).to_parquet(
        run / "points.parquet"
    )
    labels = [(with_points, 0, "staffing"), (with_points, 5, "training")]
    pd.DataFrame(labels, columns=["report", "start", "theme"]).to_parquet(run / "themes.parquet")

    frame = build_panel(run).frame.set_index("report")

    names = ["n_problems", "n_improvements", "theme_staffing", "theme_training"]
    assert frame.loc[with_points, names].tolist() == [1, 1, 1, 0]
    assert frame.loc[without, names].tolist() == [0, 0, 0, 0]
    assert frame.loc[no_section, names].isna().all()


def test_a_run_without_a_single_theme_has_no_zeros(made: PanelRun, tmp_path: Path) -> None:
    report = made.add("江宁区水利局", 2021, sections={"problems": (0, 9)})
    run = made.write(tmp_path / "run")
    for name, column, rows in (
        ("points", "kind", [(report, 0, "problem")]),
        ("themes", "theme", []),
    ):
        frame = pd.DataFrame(rows, columns=["report", "start", column])
        frame.astype({"start": "int64", column: "str"}).to_parquet(run / f"{name}.parquet")

    panel = build_panel(run)

    assert panel.frame["n_problems"][0] == 1
    assert pd.isna(panel.frame["theme_staffing"][0])
    assert "no_themes" in told(panel)


def test_residents_by_region_and_year(made: PanelRun, tmp_path: Path) -> None:
    made.add("江宁区水利局", 2021, {RECEIVED: 30}, region="江宁区")
    made.add("江宁区教育局", 2020, {RECEIVED: 30}, region="江宁区")
    table = tmp_path / "residents.csv"
    table.write_text("\ufeffregion,year,residents\n江宁区,2021,60000\n", encoding="utf-8")

    panel = build_panel(made.write(tmp_path / "run"), residents=table)

    told_rows = panel.frame.dropna(subset="req_per_1000")
    columns = ["year", "req_per_1000", "req_per_1000_n"]
    assert told_rows[columns].to_numpy().tolist() == [[2021, 0.5, 60000]]
    lost = next(n for n in panel.notes if n.key == "residents")
    assert lost.told == {"n": 1, "shown": "江宁区 2020"}


@pytest.mark.parametrize(
    "text",
    [
        "region,year\n江宁区,2021\n",
        "region,year,residents\n江宁区,2021,许多\n",
        "region,year,residents\na,2021,0\n",
        "region,year,residents\na,2021,5\na,2021,6\n",
        "\xff",
    ],
)
def test_bad_table_of_residents(made: PanelRun, tmp_path: Path, text: str) -> None:
    made.add("江宁区水利局", 2021)
    table = tmp_path / "residents.csv"
    table.write_bytes(text.encode("utf-8" if text != "\xff" else "latin-1"))
    run = made.write(tmp_path / "run")

    with pytest.raises(StudyError, match=r"\[E703\] .*residents.csv"):
        build_panel(run, residents=table)


def test_shares_of_copied_text_come_from_the_study_of_reuse(made: PanelRun, tmp_path: Path) -> None:
    report = made.add("江宁区水利局", 2021)
    other = made.add("江宁区教育局", 2021)
    reuse = tmp_path / "reuse"
    reuse.mkdir()
    shares = {
        "report": [report],
        "copied_share": [0.4],
        "copied_share_n": [900],
        "template_share": [0.1],
    }
    pd.DataFrame(shares).to_parquet(reuse / "reuse-reports.parquet")
    run = made.write(tmp_path / "run")

    panel = build_panel(run, reuse=reuse)

    names = ["copied_share", "copied_share_n", "template_share"]
    assert row_of(panel, report)[names].tolist() == [0.4, 900, 0.1]
    assert row_of(panel, other)[names].isna().all()
    with pytest.raises(StudyError, match="E703"):
        build_panel(run, reuse=tmp_path)
