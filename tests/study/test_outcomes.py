"""Requests, rates and mismatches by year and group: worked out by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mining.study.bootstrap import Bootstrap
from mining.study.mismatches import ANY_RULE, by_group, by_rule, load_mismatches, rule_matrix
from mining.study.outcomes import (
    OUTCOMES,
    REASONS,
    channel_table,
    load_requests,
    outcome_table,
    rate_table,
    refusal_table,
    request_table,
)
from mining.study.panel.build import build_panel
from tests.chartruns import table_cells
from tests.panelruns import PanelRun

HOW = Bootstrap(samples=100)
OLD = {
    "applications": 12.0,
    "replies": 11.0,
    "replies_granted": 4.0,
    "replies_partial": 1.0,
    "replies_denied": 2.0,
    "replies_already_public": 1.0,
    "replies_not_this_agency": 1.0,
    "replies_not_exist": 1.0,
    "replies_clarify": 1.0,
    "replies_other_route": 0.0,
}


def indicators(**changed: float) -> dict[str, float]:
    return {f"indicators.{name}.count": value for name, value in (OLD | changed).items()}


def made() -> PanelRun:
    run = PanelRun()
    a, b = "江宁区水利局", "江宁区教育局"
    run.add(a, 2018, indicators(), region="江宁区", template="2014")
    run.add(a, 2021, table_cells((6, 1, 2, 0, 0), (1, 0, 0, 0, 0, 0, 0, 0), 9), region="江宁区")
    run.add(b, 2021, table_cells((2, 1, 3, 1, 2), (0, 0, 0, 0, 0, 0, 3, 0), 15), region="江宁区")
    run.add(b, 2022, table_cells((0,) * 5, (0,) * 8, 0), region="江宁区")
    return run


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return made().write(tmp_path / "run")


def shares(table: pd.DataFrame, year: int) -> dict[str, float]:
    rows = table[table["year"] == year]
    return dict(zip(rows["measure"], rows["share"].round(4), strict=True))


def test_outcomes_of_both_forms(run: Path) -> None:
    panel = build_panel(run).frame
    requests = load_requests(run, panel)

    found = outcome_table(panel, requests, HOW)

    told = dict.fromkeys(OUTCOMES, 0.0)
    old = {"granted": 4, "partial": 1, "denied": 2, "unavailable": 2, "other": 1}
    old |= {"already_public": 1}
    new = {"granted": 8, "partial": 2, "denied": 4, "unavailable": 5, "rejected": 1, "other": 2}
    assert shares(found, 2018) == told | {k: round(v / 11, 4) for k, v in old.items()}
    assert shares(found, 2021) == told | {k: round(v / 22, 4) for k, v in new.items()}
    # Nothing was handled in 2022, so there are no shares.
    assert set(found["year"]) == {2018, 2021}


def test_means_of_requests_count_a_zero(run: Path) -> None:
    panel = build_panel(run).frame

    found = request_table(panel, load_requests(run, panel), HOW).set_index("year")

    assert found["share"].to_dict() == {2018: 12, 2021: 12, 2022: 0}
    assert found.loc[2021, ["low", "high", "reports"]].tolist() == [9, 15, 2]
    assert np.isnan(found.loc[2022, "low"])


def test_rates_are_those_of_the_panel(run: Path) -> None:
    panel = build_panel(run).frame

    found = rate_table(panel, load_requests(run, panel), "year", HOW)

    rows = panel[panel["year"] == 2021]
    by_hand = (rows["disclosure_rate"] * rows["disclosure_rate_n"]).sum() / 22
    told = found.set_index(["group", "measure"])["share"]
    assert told["2021", "disclosure_rate"] == pytest.approx(by_hand) == pytest.approx(10 / 22)
    assert told["2021", "refusal_rate"] == pytest.approx(4 / 22)
    assert told["2018", "disclosure_rate"] == pytest.approx(5 / 11)


def test_reasons_add_up(run: Path) -> None:
    found = refusal_table(build_panel(run).frame, HOW)

    assert shares(found, 2021) == dict.fromkeys(REASONS, 0.0) | {
        "refusal_share_1": 0.25,
        "refusal_share_7": 0.75,
    }
    assert set(found["year"]) == {2021}


def test_part_above_its_whole_is_missing(tmp_path: Path) -> None:
    wrong = PanelRun()
    wrong.add("江宁区水利局", 2018, indicators(replies_granted=11.0), template="2014")
    wrong.add("江宁区教育局", 2018, indicators(replies_granted=10.0), template="2014")
    run = wrong.write(tmp_path / "run")
    panel = build_panel(run).frame

    disclosed = load_requests(run, panel)["disclosed"]

    # 11 and 1 of 11 can't be; 10 and 1 may.
    assert sorted(disclosed.dropna()) == [11]


def test_results_beyond_the_total_are_missing(tmp_path: Path) -> None:
    cells = table_cells((6, 1, 2, 0, 0), (1, 0, 0, 0, 0, 0, 0, 0), 9)
    wrong = PanelRun()
    wrong.add("江宁区水利局", 2021, cells | {"applications.total.total": 9.0})
    run = wrong.write(tmp_path / "run")
    panel = build_panel(run).frame

    assert outcome_table(panel, load_requests(run, panel), HOW).empty


def test_channels(tmp_path: Path) -> None:
    made = PanelRun()
    names = ("website", "weibo", "wechat", "gazette", "other_channels")
    for agency, counts in (("甲县教育局", (60, 10, 30, 0, 0)), ("乙县教育局", (100, 0, 0, 0, 0))):
        cells = {f"indicators.{n}.count": float(v) for n, v in zip(names, counts, strict=True)}
        made.add(agency, 2016, cells, template="2014")

    found = shares(channel_table(build_panel(made.write(tmp_path / "run")).frame, HOW), 2016)

    assert (found["channel_website"], found["channel_wechat"]) == (80, 15)
    assert found["new_media_share"] == 0.2


@pytest.fixture
def checked(tmp_path: Path) -> Path:
    run = PanelRun()
    first = run.add("江宁区水利局", 2021, region="江宁区")
    second = run.add("江宁区教育局", 2021, region="江宁区")
    run.add_finding(first, "table-balance", "mismatch")
    run.add_finding(first, "table-balance", "mismatch")
    run.add_finding(second, "table-balance", "consistent")
    run.add_finding(second, "form-year", "suspect")
    run.add_finding(second, "years-same", "unverifiable")
    return run.write(tmp_path / "run")


def test_mismatches_count_reports_once(checked: Path) -> None:
    panel = build_panel(checked).frame
    found = by_rule(panel, load_mismatches(checked, panel), HOW).set_index("rule")

    # What was compared nowhere has no row; what is doubtful only has no mismatch.
    assert found["share"].to_dict() == {"table-balance": 0.5, "form-year": 0, ANY_RULE: 0.5}
    assert found["mismatches"].to_dict() == {"table-balance": 2, "form-year": 0, ANY_RULE: 2}


def test_mismatches_by_kind(checked: Path) -> None:
    panel = build_panel(checked).frame
    mismatches = load_mismatches(checked, panel)

    kinds = by_group(panel, mismatches, "kind", HOW)
    matrix = rule_matrix(panel, mismatches, "kind").set_index(["group", "rule"])["share"]

    assert list(zip(kinds["group"], kinds["share"], strict=True)) == [
        ("water", 1),
        ("education", 0),
    ]
    assert matrix["water", "table-balance"] == 1
    assert matrix["education", "table-balance"] == 0
