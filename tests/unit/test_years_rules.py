"""Rules over two years: a hit, a near miss and a legitimate approximation for each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from mining.catalog import shipped_forms
from mining.finding import Finding, Result, Severity, Status
from mining.history.extract import facts_of
from mining.history.facts import YearFacts
from mining.history.rows import read_facts, write_facts
from mining.pipeline import check_years
from mining.present.sinks import rows_of
from mining.present.years import years_columns
from mining.report import Meta, Report
from tests.support import SETTINGS, form_of, narrative_report

M, S, C, U = Status.MISMATCH, Status.SUSPECT, Status.CONSISTENT, Status.UNVERIFIABLE
RECEIVED = "applications.received.total"
IN, OUT = "applications.carried_in", "applications.carried_out"
Cells = Mapping[str, int | None]


def report_of(year: int, text: str, cells: Cells, *, template: str, score: float) -> Report:
    # The texts of these tests are about 2020; another year only moves what is said of them.
    found = narrative_report(text, cells, form=form_of(template), score=score)
    meta = Meta(year=year, agency="青原县水务局", region="青原县", level="county")
    return replace(found, id=f"水务{year}.txt", meta=meta)


def facts(
    year: int, text: str, cells: Cells, *, template: str = "2019", score: float = 1.0
) -> YearFacts:
    report = report_of(year, text, cells, template=template, score=score)
    return facts_of(Result(report=report, findings=()), form_of(template), settings=SETTINGS)


def compare(this: YearFacts, last: YearFacts, rule: str, *, score: float = 1.0) -> list[Finding]:
    found = check_years(this, last, forms=shipped_forms(), settings=SETTINGS, score=score)
    return [f for f in found if f.rule == rule]


def growth(text: str, now: int, before: int, *, cell: str = RECEIVED) -> list[Finding]:
    return compare(
        facts(2020, text, {cell: now}),
        facts(2019, "全年工作平稳。", {cell: before}),
        "narrative-growth",
    )


@pytest.mark.parametrize(
    ("text", "now", "before", "status", "reason"),
    [
        ("本年新收政府信息公开申请93件，同比增长20%。", 93, 86, M, ""),
        ("本年新收政府信息公开申请93件，同比增长8.1%。", 93, 86, C, ""),
        ("本年新收政府信息公开申请93件，同比增长8%左右。", 93, 86, C, ""),
        ("本年新收政府信息公开申请93件，同比下降8.1%。", 93, 86, M, ""),
        ("本年新收政府信息公开申请80件，较上年减少6件。", 80, 86, C, ""),
        ("本年新收政府信息公开申请80件，较2019年减少5件。", 80, 86, M, ""),
        ("本年新收政府信息公开申请80件，较上年增加6件，增幅为8.1%。", 80, 74, C, ""),
        ("本年新收政府信息公开申请86件，是上年的2倍。", 86, 43, C, ""),
        ("本年新收政府信息公开申请86件，是上年的3倍。", 86, 43, M, ""),
        ("本年新收政府信息公开申请86件，同比增长2倍。", 86, 43, S, "wide-reading"),
        ("本年新收政府信息公开申请86件，与上年持平。", 86, 86, C, ""),
        ("本年新收政府信息公开申请86件，与上年基本持平。", 86, 84, C, ""),
        ("本年新收政府信息公开申请86件，与上年持平。", 86, 40, M, ""),
        ("本年新收政府信息公开申请93件，较2019年的86件增长8.1%。", 93, 86, C, ""),
        ("本年新收政府信息公开申请93件，增长20%。", 93, 86, S, "other-scope"),
        ("本年新收政府信息公开申请3件，同比增长200%。", 3, 0, U, "zero-base"),
    ],
)
def test_growth(text: str, now: int, before: int, status: Status, reason: str) -> None:
    assert {(f.status, f.reason) for f in growth(text, now, before)} == {(status, reason)}


def test_growth_of_what_the_sentence_says() -> None:
    # The number is wrong, and narrative-table says so; the rate was worked out from it.
    assert [f.status for f in growth("本年新收政府信息公开申请95件，同比增长10.4%。", 93, 86)] == [
        C
    ]


@pytest.mark.parametrize(
    "text",
    [
        "本年新收政府信息公开申请93件，较年初增长20%。",
        "本年新收政府信息公开申请93件，较2015年增长20%。",
        "本年新收政府信息公开申请93件，环比增长20%。",
    ],
)
def test_growth_against_other_times_is_left_alone(text: str) -> None:
    assert growth(text, 93, 86) == []


def test_growth_without_a_cell_is_unverifiable() -> None:
    [found] = growth("开展专题走访12次，同比增长20%。", 93, 86)

    assert (found.status, found.reason) == (U, "no-base")


@pytest.mark.parametrize(
    ("change", "status", "reason"),
    [
        ("较2019年增加7件", C, ""),
        ("申请总量较2019年增加9件", M, ""),
        ("同比增长8.1%", C, ""),
        ("接待总量较2019年增加9件", U, "no-base"),
        ("\n申请总量较2019年增加9件", U, "no-base"),
        ("按时办结5件，较2019年增加9件", U, "no-table"),
    ],
)
def test_growth_of_the_number_in_the_sentence_before(
    change: str, status: Status, reason: str
) -> None:
    found = growth(f"本年新收政府信息公开申请93件。{change}。", 93, 86)

    assert [(f.status, f.reason) for f in found] == [(status, reason)]


def test_growth_after_two_numbers_has_no_sure_base() -> None:
    [found] = growth("本年新收政府信息公开申请93件，召开会议6次。同比增长20%。", 93, 86)

    assert (found.status, found.reason) == (U, "no-base")


@pytest.mark.parametrize(
    ("share", "points", "status"),
    [("60", "10", C), ("60", "20", M), ("60", "10.4", M), ("70", "20", U), ("60", "10.0", C)],
)
def test_points_between_shares_of_the_tables(share: str, points: str, status: Status) -> None:
    part = "applications.granted.total"
    told = (
        f"本年新收政府信息公开申请60件，其中予以公开36件，占{share}%，较上年提高{points}个百分点。"
    )
    this = facts(2020, told, {RECEIVED: 60, part: 36})
    last = facts(2019, "全年平稳。", {RECEIVED: 40, part: 20})

    assert [f.status for f in compare(this, last, "narrative-growth")] == [status]


@pytest.mark.parametrize(("told", "status"), [(86, C), (68, M)])
def test_last_years_number_told_beside(told: int, status: Status) -> None:
    found = growth(f"本年新收政府信息公开申请93件，2019年为{told}件。", 93, 86)

    assert [(f.status, f.quote, f.expected) for f in found] == [(status, f"{told}件", "86")]


def test_last_years_number_by_words_of_its_own() -> None:
    found = growth("全年平稳。上年同期新收政府信息公开申请68件。", 93, 86)

    assert [(f.status, f.cell) for f in found] == [(M, RECEIVED)]


def test_a_consistent_finding_tells_its_place_in_both_sources() -> None:
    text = "本年新收政府信息公开申请80件，较上年减少6件。"
    this, last = facts(2020, text, {RECEIVED: 80}), facts(2019, "全年平稳。", {RECEIVED: 86})
    middle, end = this.text.index("较"), len(this.text)
    this = replace(this, places=((0, middle, 1, "p[1]"), (middle, end, 2, "p[2]")))
    last = replace(last, places=((0, len(last.text), 7, "t[1]"),))
    found = check_years(this, last, forms=shipped_forms(), settings=SETTINGS)
    rows = rows_of(years_columns(found, this, last, form=form_of("2019"), lang="zh"))
    [row] = [r for r in rows if r["rule"] == "narrative-growth"]

    assert row["status"] == "consistent"
    told = [(e["page"], e["path"]) for e in json.loads(str(row["evidence"])) if e["role"] != "cell"]
    assert told == [(2, "p[2]"), (1, "p[1]")]
    cells = [e for e in json.loads(str(row["evidence"])) if e.get("report")]
    # A cell that prints nothing has a page, and no element of its own.
    assert [(e["page"], e["path"]) for e in cells] == [(7, None)]


def test_growth_shows_both_reports() -> None:
    [found] = growth("本年新收政府信息公开申请93件，同比增长20%。", 93, 86)

    told = [(e.report, e.address, e.value) for e in found.evidence if e.address]
    assert told == [("", RECEIVED, 93), ("水务2019.txt", RECEIVED, 86)]
    assert dict(found.params) == {"now": "93", "before": "86"}


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        ((3, 3), (2, 2), [(M, ""), (M, "")]),
        ((2, 2), (2, 2), [(C, ""), (C, "")]),
        ((2, 1), (2, 2), [(C, ""), (S, "moved-case")]),
        ((None, 0), (2, 2), [(U, "blank-cell"), (S, "moved-case")]),
    ],
    ids=["hit", "same", "moved", "blank"],
)
def test_carried(
    now: tuple[int | None, int], before: tuple[int, int], expected: list[tuple[Status, str]]
) -> None:
    this = facts(2020, "全年平稳。", {f"{IN}.total": now[0], f"{IN}.natural_person": now[1]})
    last = facts(
        2019, "全年平稳。", {f"{OUT}.total": before[0], f"{OUT}.natural_person": before[1]}
    )
    found = compare(this, last, "years-carried")

    assert [(f.status, f.reason) for f in found if f.cell == f"{IN}.total"] == expected[:1]
    person = [(f.status, f.reason) for f in found if f.cell == f"{IN}.natural_person"]
    if now[0] is not None:
        assert person == expected[1:]


@pytest.mark.parametrize(("score", "sure"), [(0.5, 1.0), (1.0, 0.5)], ids=["agency", "cell"])
def test_carried_is_as_sure_as_agency_and_cells(score: float, sure: float) -> None:
    this = facts(2020, "全年平稳。", {f"{IN}.total": 3}, score=sure)
    last = facts(2019, "全年平稳。", {f"{OUT}.total": 2})

    assert {f.status for f in compare(this, last, "years-carried", score=score)} == {S}


def test_carried_over_a_change_of_forms() -> None:
    this = facts(2019, "全年平稳。", {f"{IN}.total": 3})
    last = facts(2018, "全年平稳。", {"indicators.applications.count": 9}, template="2014")

    assert compare(this, last, "years-carried") == []


@pytest.mark.parametrize(
    ("items", "expected"), [(111, (C, "")), (95, (S, "recounted")), (None, (U, "blank-cell"))]
)
def test_items(items: int | None, expected: tuple[Status, str]) -> None:
    row = "disclosure.licensing"
    this = facts(2020, "全年平稳。", {f"{row}.items_last_year": items})
    last = facts(2019, "全年平稳。", {f"{row}.items_last_year": 95, f"{row}.change": 16})
    found = [f for f in compare(this, last, "years-items") if str(f.cell).startswith(row)]

    assert [(f.status, f.reason) for f in found] == [expected]


@pytest.mark.parametrize(("in_force", "expected"), [(41, C), (38, S)])
def test_in_force(in_force: int, expected: Status) -> None:
    row = "disclosure.normative_documents"
    cells = {f"{row}.in_force": in_force, f"{row}.issued": 5, f"{row}.repealed": 2}
    this = facts(2022, "全年平稳。", cells, template="2021")
    last = facts(2021, "全年平稳。", {f"{row}.in_force": 38}, template="2021")
    found = [f for f in compare(this, last, "years-in-force") if str(f.cell).startswith(row)]

    assert [(f.status, f.expected) for f in found] == [(expected, "41")]


def test_in_force_has_nothing_before_2021() -> None:
    row = "disclosure.normative_documents"
    this = facts(2021, "全年平稳。", {f"{row}.in_force": 41}, template="2021")
    last = facts(2020, "全年平稳。", {f"{row}.total_public": 38})

    assert compare(this, last, "years-in-force") == []


COLUMNS = ("natural_person", "business", "total")
MANY: dict[str, int | None] = {
    f"applications.{row}.{column}": value + i
    for row, value in (("received", 30), ("granted", 11), ("partial", 4), ("total", 19))
    for i, column in enumerate(COLUMNS)
}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, (S, "")),
        ({"applications.granted.total": 99}, (C, "")),
        ({"applications.denied.law.total": 2}, (C, "")),
    ],
    ids=["same", "one changed", "one more"],
)
def test_same(change: dict[str, int], expected: tuple[Status, str]) -> None:
    this = facts(2020, "全年平稳。", MANY | change)
    [found] = compare(this, facts(2019, "全年平稳。", MANY), "years-same")

    assert (found.status, found.reason) == expected


def test_a_table_of_ones_may_be_the_same_by_chance() -> None:
    ones: dict[str, int | None] = dict.fromkeys(MANY, 1)
    [found] = compare(
        facts(2020, "全年平稳。", ones), facts(2019, "全年平稳。", ones), "years-same"
    )

    assert (found.status, found.reason) == (U, "few-numbers")


PROBLEMS = (
    "一是河道整治信息公开的节奏偏慢，有的工程已经完工，公示栏里还是开工时的照片；二是水价听证材料的解读不够通俗，"
    "群众打来电话最多的仍是阶梯水价怎么算；三是基层水管站没有专人负责公开，更新全靠年轻同志兼顾，"
    "去年以来先后换了4个人，交接时漏报过两批取水许可信息。"
)
NEW = (
    "一是防汛预警信息的推送范围还不够大，二是农村饮水水质公告的格式各站不一，"
    "三是政策图解做得少，看的人也少。"
)
LAWS = (
    "依照《中华人民共和国政府信息公开条例》《中华人民共和国水法》《取水许可和水资源费征收管理条例》《城市供水条例》"
    "《中华人民共和国防洪法》《中华人民共和国水土保持法》《水库大坝安全管理条例》公开信息。"
)


@pytest.mark.parametrize(
    ("this", "last", "expected"),
    [
        (f"今年有新进展。{PROBLEMS}明年改进。", f"去年刚起步。{PROBLEMS}", S),
        (f"今年有新进展。{NEW}", f"去年刚起步。{PROBLEMS}", C),
        (f"{LAWS}{NEW}", f"{LAWS}{PROBLEMS}", C),
        (PROBLEMS.replace("漏报", "迟报").replace("照片", "图片"), PROBLEMS, C),
    ],
    ids=["copied", "new wording", "names of laws", "changed here and there"],
)
def test_copied(this: str, last: str, expected: Status) -> None:
    [found] = compare(facts(2020, this, {}), facts(2019, last, {}), "form-copied")

    assert found.status is expected


def test_copied_passage_is_exact_on_both_sides_and_its_numbers_count() -> None:
    this, last = facts(2020, f"开头不同。\n{PROBLEMS}", {}), facts(2019, PROBLEMS, {})
    [found] = compare(this, last, "form-copied")

    texts = {"": this.text, last.report: last.text}
    assert [e.span.of(texts[e.report]) for e in found.evidence if e.span] == [PROBLEMS] * 2
    assert (found.severity, found.reason) == (Severity.WARNING, "copied-numbers")


def test_facts_come_back_as_they_were() -> None:
    text = "本年新收政府信息公开申请93件，较2019年的86件增长8.1%，与上年基本持平。约2.3万条。"
    told = facts(2020, text, MANY | {f"{IN}.total": None}, score=0.5)
    claim = replace(told.claims[0], share=told.claims[0].quantity)
    placed = replace(
        told,
        claims=(claim, *told.claims[1:]),
        places=((0, 4, 2, ""), (4, 9, None, "p[1]")),
        edits=((0, 1, 0, 3),),
    )

    assert len(told.claims) > 2
    assert read_facts(write_facts(placed)) == placed
