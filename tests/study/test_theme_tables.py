"""Prevalence, recurrence and remedies: planted truths are found with their intervals."""

import random
from pathlib import Path

import pandas as pd
import pytest

from mining.errors import SettingsError, StudyError
from mining.study.bootstrap import Bootstrap
from mining.study.themes import (
    ALL,
    ThemeFrames,
    load_theme_frames,
    prevalence,
    recurrence,
    recurring_cases,
    remedies,
)
from tests.studyruns import MadeRun, shuffled

HOW = Bootstrap(samples=300)


def frames_of(made: MadeRun, folder: Path) -> ThemeFrames:
    return load_theme_frames(made.write(folder))


def row(table: pd.DataFrame, **wanted: object) -> pd.Series:
    found = table
    for column, value in wanted.items():
        found = found[found[column] == value]
    assert len(found) == 1, wanted
    return found.iloc[0]


def test_shares_of_reports_and_of_points(tmp_path: Path) -> None:
    made = MadeRun()
    made.add("江宁区教育局", 2020, ["staffing", "staffing", "timeliness"])
    made.add("江宁区水利局", 2020, ["timeliness"], {0: "staffing"})

    table = prevalence(frames_of(made, tmp_path), (), HOW)

    place = {"by": ALL, "theme": "staffing", "kind": "problem"}
    by_report, by_point = (row(table, unit=unit, **place) for unit in ("report", "point"))
    assert (by_report["hits"], by_report["n"], by_report["share"]) == (1, 2, 0.5)
    assert (by_point["hits"], by_point["n"], by_point["share"]) == (2, 4, 0.5)
    answered = row(table, unit="point", **{**place, "kind": "improvement"})
    assert (answered["hits"], answered["n"]) == (1, 1)


def test_report_without_points_is_in_no_denominator(tmp_path: Path) -> None:
    made = MadeRun()
    made.add("江宁区教育局", 2020, ["staffing"])
    silent = made.add("江宁区水利局", 2020, ["staffing"])
    made.points = [p for p in made.points if p["report"] != silent]
    made.add("江宁区审计局", 2020, [])  # a section that names no problem counts

    found = row(
        prevalence(frames_of(made, tmp_path), (), HOW),
        unit="report",
        kind="problem",
        theme="staffing",
    )

    assert (found["hits"], found["n"]) == (1, 2)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> ThemeFrames:
    """Return 120 agencies: new media rises from 0.2 to 0.6, and schools lack staff twice as often.

    A platform problem once named comes back in 0.7 of the years, else it turns up in 0.1.
    """
    chance = random.Random(12)
    made = MadeRun()
    for i in range(120):
        office = "教育局" if i % 2 else "水利局"
        has_platform = False
        for year in range(2018, 2023):
            has_platform = chance.random() < (0.7 if has_platform else 0.1)
            odds = {"new_media": 0.2 + 0.1 * (year - 2018), "staffing": 0.3 + 0.3 * (i % 2)}
            problems = [theme for theme, p in odds.items() if chance.random() < p]
            problems += ["platform"] * has_platform
            answers = {problems.index("platform"): "platform"} if has_platform else {}
            made.add(f"江宁区第{i}{office}", year, problems, answers)
    return frames_of(made, tmp_path_factory.mktemp("planted"))


@pytest.mark.parametrize(
    ("by", "group", "theme", "truth"),
    [
        ("year", "2018", "new_media", 0.2),
        ("year", "2022", "new_media", 0.6),
        ("kind", "education", "staffing", 0.6),
        ("kind", "water", "staffing", 0.3),
    ],
)
def test_planted_shares_lie_in_their_intervals(
    planted: ThemeFrames, by: str, group: str, theme: str, truth: float
) -> None:
    found = row(
        prevalence(planted, (by,), HOW),
        by=by,
        group=group,
        theme=theme,
        kind="problem",
        unit="report",
    )

    assert found["low"] <= truth <= found["high"]
    assert found["high"] - found["low"] < 0.2


def test_planted_recurrence_lies_in_its_interval(planted: ThemeFrames) -> None:
    table = recurrence(planted, HOW)

    promised = row(table, theme="platform", state="promised")
    absent = row(table, theme="platform", state="absent")
    assert promised["low"] <= 0.7 <= promised["high"]
    assert absent["low"] <= 0.1 <= absent["high"]
    assert absent["high"] < promised["low"]
    assert len(recurring_cases(planted)) == promised["hits"]


def test_recurrence_by_what_was_promised(tmp_path: Path) -> None:
    made = MadeRun()
    made.add("江宁区教育局", 2019, ["staffing", "timeliness"], {0: "training"})
    made.add("江宁区教育局", 2020, ["staffing", "coverage"])
    frames = frames_of(made, tmp_path)

    table = recurrence(frames, HOW)
    case = recurring_cases(frames).iloc[0]

    found = {
        (theme, state): (row(table, theme=theme, state=state)["hits"])
        for theme, state in [
            ("staffing", "promised"),
            ("timeliness", "unanswered"),
            ("coverage", "absent"),
        ]
    }
    assert list(found.values()) == [1, 0, 1]
    assert (case["theme"], case["year"]) == ("staffing", 2019)
    assert (case["improvement"], case["next_problem"]) == (
        "improvement training",
        "problem staffing",
    )


@pytest.mark.parametrize(
    ("agencies", "years"),
    [
        (("江宁区教育局", "江宁区教育局"), (2019, 2021)),  # a year between
        (("江宁区教育局", "江宁区水利局"), (2019, 2020)),  # somebody else
        ((None, None), (2019, 2020)),
        (("水利局", "水利局"), (2019, 2020)),  # of which place?
        (("江宁区教育局", "江宁区教育局"), (2019, None)),
    ],
)
def test_no_next_year(
    tmp_path: Path, agencies: tuple[str | None, ...], years: tuple[int | None, ...]
) -> None:
    made = MadeRun()
    for agency, year in zip(agencies, years, strict=True):
        made.add(agency, year, ["staffing"], {0: "staffing"})
    frames = frames_of(made, tmp_path)

    assert recurrence(frames, HOW).empty
    assert recurring_cases(frames).empty


def test_remedies_of_a_problem(tmp_path: Path) -> None:
    made = MadeRun()
    made.add("江宁区教育局", 2020, ["staffing", "timeliness"], {0: "training", 1: "platform"})
    made.add("江宁区水利局", 2020, ["staffing"], {0: "staffing"})
    made.add("江宁区审计局", 2020, ["coverage"])

    table = remedies(frames_of(made, tmp_path), HOW)

    trained = row(table, problem="staffing", remedy="training")
    assert (trained["hits"], trained["n"], trained["share"]) == (1, 2, 0.5)
    assert set(table["problem"]) == {"staffing", "timeliness"}


def test_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    made = MadeRun()
    for i in range(12):
        for year in (2019, 2020):
            made.add(
                f"江宁区第{i}水利局", year, ["staffing", "platform"][: 1 + i % 2], {0: "reform"}
            )
    one = load_theme_frames(made.write(tmp_path / "a"))
    other = load_theme_frames(made.write(tmp_path / "b", order=shuffled))

    for study in (prevalence, recurrence, remedies):
        pd.testing.assert_frame_equal(study(one, how=HOW), study(other, how=HOW))
    pd.testing.assert_frame_equal(recurring_cases(one), recurring_cases(other))


def test_theme_of_the_users_own_is_counted(tmp_path: Path) -> None:
    made = MadeRun()
    made.add("江宁区教育局", 2020, ["my_theme"])

    assert frames_of(made, tmp_path).themes[-1] == "my_theme"


def test_one_report_has_shares_without_intervals(tmp_path: Path) -> None:
    made = MadeRun()
    made.add("江宁区教育局", 2020, ["staffing"])

    table = prevalence(frames_of(made, tmp_path), ("year", "kind"), HOW)

    assert table[["low", "high"]].isna().all(axis=None)
    assert row(table, by="year", theme="staffing", kind="problem", unit="report")["share"] == 1


def test_run_without_points_is_told(tmp_path: Path) -> None:
    made = MadeRun()
    made.add("江宁区教育局", 2020, ["staffing"])
    made.points = []

    with pytest.raises(StudyError, match="no report has points") as error:
        frames_of(made, tmp_path)

    assert error.value.code == "E702"


def test_empty_run_is_told(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="no report has points"):
        frames_of(MadeRun(), tmp_path)


def test_points_without_themes_have_shares_of_nought(tmp_path: Path) -> None:
    made = MadeRun()
    made.add("江宁区教育局", 2020, ["staffing"], {0: "training"})
    made.add("江宁区教育局", 2021, ["staffing"])
    made.themes = []
    frames = frames_of(made, tmp_path)

    table = prevalence(frames, (), HOW)

    assert set(table.loc[table["unit"] == "report", "share"]) == {0.0}
    assert set(recurrence(frames, HOW)["hits"]) == {0}
    assert remedies(frames, HOW).empty


def test_unknown_grouping_is_told(planted: ThemeFrames) -> None:
    with pytest.raises(SettingsError, match="unknown grouping: colour"):
        prevalence(planted, ("colour",), HOW)
