"""The panel: values computed by hand from the sample's truth, and what is missing and why."""

from math import log
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining import Settings, collect, run_audit
from mining.errors import StudyError
from mining.study.panel.build import Panel, build_panel
from mining.study.panel.cells import CellMatrix, amount, rate
from mining.study.panel.variables import panel_variables, quantities, years_of
from tests.conftest import SAMPLE
from tests.panelruns import PanelRun
from tests.studyruns import shuffled

T3 = "applications.{}.total"
RECEIVED = T3.format("received")

NAMES = (
    "yunzhou_hrss_2021",
    "yunzhou_hrss_2022",
    "shiqiao_town_2019",
    "jiangling_water_2014",
    "lanyang_police_2020",
)

# Worked out on paper from corpora/sample/truth/*.toml; None is missing.
BY_HAND: dict[str, dict[str, float | None]] = {
    "yunzhou_hrss_2022": {
        "req_new": 28,
        "req_carried_in": 3,
        "req_growth": log(29) - log(32),
        "applicant_share_natural": 24 / 28,
        "applicant_share_business": 3 / 28,
        "applicant_share_legal": 1 / 28,
        "applicant_share_research": 0,
        "closure_rate": 29 / 31,
        "closure_rate_n": 31,
        "backlog_rate": 1 / 31,
        "grant_full_rate": 13 / 29,
        "disclosure_rate": 16 / 29,
        "disclosure_rate_substantive": 16 / 27,
        "disclosure_rate_substantive_n": 27,
        "refusal_rate": 5 / 29,
        "refusal_share_1": 0,
        "refusal_share_5": 2 / 5,
        "refusal_share_7": 3 / 5,
        "discretion_share": 1,
        "not_held_rate": 6 / 29,
        "unable_rate": 6 / 29,
        "not_processed_rate": 2 / 29,
        "petition_like_share": 2 / 29,
        "repeat_share": 0,
        "dispute_rate": 0,
        "rules_new": 3,
        "rules_repealed": 1,
        "rules_in_force": 27,
        "licensing_n": 731,
        "fee_amount": 296.15,
        "procurement_amount": None,
        "form_break": 0,
    },
    "shiqiao_town_2019": {
        "req_new": 0,
        "req_carried_in": 0,
        "req_growth": None,
        "applicant_share_natural": None,
        "applicant_share_natural_n": 0,
        "closure_rate": None,
        "closure_rate_n": 0,
        "refusal_share_1": None,
        "review_n": 0,
        "review_correction_rate": None,
        "review_correction_rate_n": 0,
        "dispute_rate": None,
        "licensing_n": 41,
        # The row was left blank.
        "coercion_n": None,
        "procurement_projects": 2,
        "procurement_amount": 38.6,
        "rules_new": 0,
        "rules_repealed": None,
        "fee_amount": None,
        "channel_website": None,
        "form_break": None,
    },
    "jiangling_water_2014": {
        "req_new": None,
        "closure_rate": None,
        "closure_rate_n": None,
        "channel_website": 4980,
        "channel_weibo": 1102,
        "channel_wechat": 0,
        "channel_gazette": 36,
        "channel_other": 75,
        "new_media_share": 1102 / 6193,
        "new_media_share_n": 6193,
        "press_conferences": 6,
        "interpretations": 28,
        "staff_n": 5,
        "review_n": 5,
        "review_correction_rate": 1 / 5,
        "suit_n": 2,
        "suit_correction_rate": 0,
        "suit_correction_rate_n": 3,
        "licensing_n": None,
    },
    "lanyang_police_2020": {
        "req_new": 2,
        "applicant_share_natural": 1,
        "closure_rate": 1,
        "backlog_rate": 0,
        "grant_full_rate": 1 / 2,
        "disclosure_rate": 1 / 2,
        "refusal_rate": 1 / 2,
        "refusal_share_7": 1,
        "discretion_share": 1,
        "review_n": 1,
        "review_correction_rate": 0,
        "suit_n": 2,
        "suit_correction_rate": 1 / 3,
        # Three disputes over two results: a ratio, no share.
        "dispute_rate": 3 / 2,
        "licensing_n": 8842,
        "penalties_n": 1975,
        "coercion_n": 218,
        "procurement_projects": 23,
        "procurement_amount": 976.5,
        "rules_repealed": None,
    },
}


@pytest.fixture(scope="module")
def sample_panel(tmp_path_factory: pytest.TempPathFactory) -> Panel:
    out = tmp_path_factory.mktemp("panel") / "run"
    paths = [SAMPLE / "reports" / f"{name}.txt" for name in NAMES]
    run_audit(collect(paths, suffixes=frozenset({".txt"}), settings=Settings()), out)
    return build_panel(out)


@pytest.fixture
def made() -> PanelRun:
    return PanelRun()


def row_of(panel: Panel, report: str) -> "pd.Series[object]":
    return panel.frame.set_index("report").loc[report]


def told(panel: Panel) -> dict[str, object]:
    return {note.key: note.told.get("n") for note in panel.notes}


@pytest.mark.parametrize("report", BY_HAND)
def test_values_computed_by_hand(sample_panel: Panel, report: str) -> None:
    row = row_of(sample_panel, f"{report}.txt")

    found = {name: None if pd.isna(row[name]) else float(row[name]) for name in BY_HAND[report]}
    assert found == pytest.approx(BY_HAND[report])


def test_every_public_variable_is_there_once(sample_panel: Panel) -> None:
    names = list(sample_panel.frame.columns)

    assert names == [v.name for v in panel_variables()]
    assert len(names) == len(set(names))
    assert max(map(len, names)) <= 32
    assert {"theme_publicity", "figures_overview", "refusal_share_8", "template_share_n"} < set(
        names
    )
    rates = {v.name for v in panel_variables() if v.has_companion}
    assert {f"{name}_n" for name in rates} < set(names)


def test_rates_of_the_sample_stay_between_0_and_1(sample_panel: Panel) -> None:
    shares = [v.name for v in panel_variables() if v.unit[1] == "share (0–1)"]

    values = sample_panel.frame[shares].to_numpy(dtype=np.float64, na_value=np.nan)
    assert np.nanmin(values) == 0
    assert np.nanmax(values) == 1


def test_problems_of_the_sample_are_counted(sample_panel: Panel) -> None:
    told_problems = sample_panel.frame.set_index("report")["n_problems"]

    assert told_problems["yunzhou_hrss_2022.txt"] == 2
    assert told_problems.notna().all()


def test_tables_that_are_not_there_are_told(made: PanelRun, tmp_path: Path) -> None:
    made.add("江宁区水利局", 2021)

    panel = build_panel(made.write(tmp_path / "run"))

    assert {"no_points", "no_reuse"} <= set(told(panel))
    names = ["n_problems", "n_improvements", "theme_staffing", "copied_share", "req_per_1000"]
    assert panel.frame[names].isna().all(axis=None)


NUMBER = st.one_of(st.just(np.nan), st.integers(0, 9).map(float))


@given(st.data())
def test_rates_hold_whatever_the_cells_say(data: st.DataObject) -> None:
    names = sorted({c for ways in quantities().values() for cells in ways for c in cells})
    values = data.draw(st.lists(NUMBER, min_size=len(names), max_size=len(names)))
    cells = CellMatrix(
        values=np.array([values]),
        addresses={name: i for i, name in enumerate(names)},
        n_cells=np.array([len(names)]),
        n_blank=0,
        n_unsure=0,
        n_negative=0,
        n_fraction=0,
        has_scores=True,
    )
    for variable in panel_variables():
        if not variable.bottom:
            continue
        found, bottom, n_outside = rate(cells, variable)
        top = amount(cells, variable.top)
        if not np.isnan(found[0]):
            assert bottom[0] > 0
            assert found[0] * bottom[0] == pytest.approx(top[0])
            assert found[0] >= 0
            assert variable.is_open or found[0] <= 1
        else:
            unknown = np.isnan(top[0]) or np.isnan(bottom[0]) or bottom[0] == 0
            assert unknown or n_outside == 1


@pytest.mark.parametrize(
    ("value", "score", "note"),
    [
        ("", 1.0, "blank"),
        ("/", 1.0, "blank"),
        (7, 0.5, "unsure"),
        (-1, 1.0, "negative"),
        (2.5, 1.0, "fraction"),
    ],
)
def test_what_is_no_number_is_missing(
    made: PanelRun, tmp_path: Path, value: float | str, score: float, note: str
) -> None:
    made.add("江宁区水利局", 2021, {RECEIVED: value}, score=score)

    panel = build_panel(made.write(tmp_path / "run"))

    assert pd.isna(panel.frame["req_new"][0])
    assert told(panel)[note] == 1


def test_blank_counts_as_zero_when_asked(made: PanelRun, tmp_path: Path) -> None:
    made.add("江宁区水利局", 2021, {RECEIVED: "", T3.format("carried_in"): "若干"})

    row = build_panel(made.write(tmp_path / "run"), blanks="zero").frame.iloc[0]

    assert row["req_new"] == 0
    assert pd.isna(row["req_carried_in"])


def test_a_part_above_its_whole_is_missing_and_told(made: PanelRun, tmp_path: Path) -> None:
    made.add("江宁区水利局", 2021, {T3.format("granted"): 5, T3.format("total"): 4})

    panel = build_panel(made.write(tmp_path / "run"))

    assert pd.isna(panel.frame["grant_full_rate"][0])
    assert panel.frame["grant_full_rate_n"][0] == 4
    assert [n.told["name"] for n in panel.notes if n.key == "outside"] == ["grant_full_rate"]


def test_growth_needs_the_same_agency_in_the_year_before(made: PanelRun, tmp_path: Path) -> None:
    for year, n in ((2018, 1), (2019, 3), (2021, 9)):
        made.add("宁波市江宁区环保局", year, {RECEIVED: n})
    made.add("宁波市生态环境局江宁分局", 2022, {RECEIVED: 19}, template="2019")
    made.add("宁波市江宁区教育局", 2020, {RECEIVED: 5})

    frame = build_panel(made.write(tmp_path / "run")).frame.set_index(["agency", "year"])

    growth = frame["req_growth"].dropna()
    name = "宁波市生态环境局江宁分局"
    assert growth.to_dict() == pytest.approx({(name, 2019): log(2), (name, 2022): log(2)})
    assert frame["form_break"].dropna().to_dict() == {(name, 2019): 0, (name, 2022): 1}


def test_the_fullest_of_two_reports_is_kept(made: PanelRun, tmp_path: Path) -> None:
    carried = T3.format("carried_in")
    made.add("江宁区水利局", 2021, {RECEIVED: 1}, name="a.txt")
    made.add("江宁区水利局", 2021, {RECEIVED: 2, carried: 1}, name="b.txt")
    made.add("江宁区水利局", 2021, {RECEIVED: 3, carried: 1}, name="c.txt")

    panel = build_panel(made.write(tmp_path / "run"))

    assert panel.frame[["report", "req_new", "duplicates"]].to_numpy().tolist() == [["b.txt", 2, 2]]
    assert told(panel)["duplicate"] == 2


def test_unknown_agencies_stay_apart(made: PanelRun, tmp_path: Path) -> None:
    made.add(None, 2020, {RECEIVED: 1}, name="a.txt")
    made.add(None, 2021, {RECEIVED: 1}, name="b.txt")
    made.add("水利局", 2020, {RECEIVED: 1}, name="c.txt")
    made.add("水利局", 2020, {RECEIVED: 1}, name="d.txt")
    made.add("江宁区水利局", None, {RECEIVED: 1}, name="e.txt")

    panel = build_panel(made.write(tmp_path / "run"))

    assert sorted(panel.frame["report"]) == ["a.txt", "b.txt", "c.txt", "d.txt"]
    assert panel.frame["agency_id"].is_unique
    assert panel.frame["agency_known"].eq(0).all()
    assert (told(panel)["unknown_agency"], told(panel)["no_year"]) == (4, 1)


def test_order_of_rows_and_folders_of_parts_change_nothing(made: PanelRun, tmp_path: Path) -> None:
    for i in range(6):
        for year in (2020, 2021):
            made.add(
                f"江宁区第{i}水利局", year, {RECEIVED: i + year - 2020, T3.format("carried_in"): i}
            )
    one = build_panel(made.write(tmp_path / "one"))
    other_run = made.write(tmp_path / "other", order=shuffled)
    cells = pd.read_parquet(other_run / "cells.parquet")
    (other_run / "cells.parquet").unlink()
    (other_run / "cells.parquet").mkdir()
    for i in range(2):
        cells.iloc[i::2].to_parquet(other_run / "cells.parquet" / f"part-{i}.parquet", index=False)

    pd.testing.assert_frame_equal(build_panel(other_run).frame, one.frame)


def test_a_run_without_years_has_no_panel(made: PanelRun, tmp_path: Path) -> None:
    made.add("江宁区水利局", None)

    with pytest.raises(StudyError, match="E702"):
        build_panel(made.write(tmp_path / "run"))


def test_a_missing_table_is_told(made: PanelRun, tmp_path: Path) -> None:
    made.add("江宁区水利局", 2021)
    run = made.write(tmp_path / "run")
    (run / "cells.parquet").unlink()

    with pytest.raises(StudyError, match=r"\[E701\] .*cells.parquet"):
        build_panel(run)


def test_years_valid_follow_the_forms() -> None:
    years = {v.name: years_of(v) for v in panel_variables()}

    assert (years["staff_n"], years["rules_repealed"]) == ("2014-2018", "2021-")
    assert (years["review_n"], years["specificity"]) == ("2014-", "")
