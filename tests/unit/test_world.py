"""Parts of a generated world: plan, wording, copying, demand."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest

from mining.generate.copying import copied_share, copy_overview
from mining.generate.numbers import Demand, broken_identities, derived_values, draw_values
from mining.generate.wording import draw_points, write_points
from mining.generate.world import draw_world
from mining.generate.worldplan import Plan, load_plan
from mining.themes.names import THEMES

FIXED, RISING = "staffing", "new_media"


def small(**changes: object) -> Plan:
    plan = load_plan(agencies=20)
    size = replace(plan.size, first_year=2020, last_year=2022, missing=0.0)
    return replace(plan, size=size, **changes)  # type: ignore[arg-type]


def test_a_rate_is_straight_between_its_ends() -> None:
    plan = load_plan()
    rates = [plan.rate(plan.themes[RISING], year=year, level="county") for year in plan.years]
    steps = {round(b - a, 9) for a, b in pairwise(rates)}

    assert rates[0] == pytest.approx(0.1)
    assert rates[-1] == pytest.approx(0.4)
    assert len(steps) == 1


def test_the_plan_knows_every_theme() -> None:
    assert set(load_plan().themes) == set(THEMES)


def test_every_wording_of_a_theme_is_plain_text() -> None:
    for seed in range(60):
        rng = Random(seed)
        points = draw_points(dict.fromkeys(THEMES, True), rng)
        told = write_points(points, rng)

        assert {p.theme for p in points} == set(THEMES)
        assert all(p.problem in told and p.remedy in told for p in points)
        assert not set(told) & set("[]|{}")


def test_known_points_are_told_word_for_word() -> None:
    first = draw_points({"staffing": True, "platform": False}, Random(1))
    known = {p.theme: p for p in first}
    second = draw_points({"staffing": True, "reform": True}, Random(2), known=known)

    assert known["staffing"] in second
    assert {p.theme for p in second} == {"staffing", "reform"}


def test_a_copied_overview_has_this_years_numbers_and_last_years_sentences() -> None:
    last = "（一）主动公开。办理申请{5件|applications.total.total}。把流程画成图挂到网上。"
    last += "\n2020年召开会议{3次}。整改错链{20处}，较上年有所减少。"
    this = "（一）公开。办理申请{9件|applications.total.total}。发放手册{40册}。"
    found = copy_overview(last, this, rng=Random(0), kept=1.0)

    assert "{9件" in found.body
    assert "{5件" not in found.body
    assert "2020年" not in found.body
    assert "上年" not in found.body
    assert "手册" not in found.body
    assert found.taken == ("（一）主动公开。", "把流程画成图挂到网上。")


def test_short_sentences_are_not_counted_as_copied() -> None:
    bodies = {"overview": "把流程画成图。" * 4, "problems": ""}

    assert copied_share(["把流程画成图。"], bodies) == 0


def test_copied_share_leaves_marks_out() -> None:
    text = "全年制发公文{120件|total}，其中主动公开若干。"

    assert copied_share([text], {"overview": text, "problems": ""}) == 1


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_demand_sets_requests_and_refusals_and_sums_hold(form: str) -> None:
    counts: Counter[str] = Counter()
    for seed in range(60):
        values = draw_values(Random(seed), form, demand=Demand(n_new=200, refused=0.3))
        counts["refused"] += int(derived_values(values)["derived.denied"])
        counts["handled"] += int(values["applications.total.total"])

        assert values["applications.received.total"] == 200
        assert not list(broken_identities(values))
    assert counts["refused"] / counts["handled"] == pytest.approx(0.3, abs=0.02)


def test_without_demand_numbers_are_those_of_before() -> None:
    values = draw_values(Random("numbers"), "2021")

    assert values == draw_values(Random("numbers"), "2021", demand=None)


def test_a_theme_that_always_comes_back_does() -> None:
    points = replace(load_plan().points, again_promised=1.0, again_unanswered=1.0)
    by_agency: dict[int, set[str]] = {}
    for report in draw_world(small(points=points)):
        themes = {p.theme for p in report.points}
        assert by_agency.get(report.agency, set()) <= themes
        by_agency[report.agency] = themes


def test_nobody_copies_and_nothing_is_wrong_where_nothing_is_planned() -> None:
    plan = small(copying=replace(load_plan().copying, who=0.0), mismatches=0.0)
    reports = list(draw_world(plan))

    assert {r.copied for r in reports if r.truth.year > 2020} == {0.0}
    assert not any(r.is_wrong for r in reports)


def test_everybody_copies_where_that_is_planned() -> None:
    plan = small(copying=replace(load_plan().copying, who=1.0))
    shares = [r.copied for r in draw_world(plan) if r.truth.year > 2020]

    assert len(shares) == 40
    assert all(share is not None and share > 0.2 for share in shares)


def test_after_a_missing_year_nothing_is_known_to_be_copied() -> None:
    plan = small(copying=replace(load_plan().copying, who=1.0))
    plan = replace(plan, size=replace(plan.size, missing=0.4, agencies=40))
    there = {(r.agency, r.truth.year): r for r in draw_world(plan)}

    for (agency, year), report in there.items():
        assert (report.copied is None) == ((agency, year - 1) not in there)
    assert len(there) < 100
