"""Claims of the narrative against a county's tables: what must stay quiet and what must be caught.

The tables say: 新收 91 (自然人 88, 商业企业 3), 结转 2, 总计 88, 结转下年 5, 行政复议 2,
行政诉讼 1.
"""

from __future__ import annotations

import pytest

from mining.finding import Status
from tests.support import alarms, findings_of

QUIET = [
    "本年新收申请中，自然人88件、商业企业3件，共91件。",
    "收到申请数量比上年增加10件。",
    "收到群众对依申请公开平台的投诉咨询10978件。",
    "行政诉讼案件共1件，较2019年减少3件。",
    "全年受理申请公开信息93件，其中办结88件、结转下年度继续办理5件。",
    "本年新收政府信息公开申请９１件。",
    "全年收到政府信息公开申请九十一件。",
]

CAUGHT = [
    ("本年新收政府信息公开申请90件。", "applications.received.total"),
    ("本年新收政府信息公开申请９０件。", "applications.received.total"),
    ("本年新收政府信息公开申请九十件。", "applications.received.total"),
    ("受理依申请公开90件。", "applications.received.total"),
    ("全年未发生因政府信息公开引起的行政复议。", "litigation.review.total"),
    ("召开新闻发布会5场次。", "indicators.press_conferences.count"),
]


@pytest.mark.parametrize("sentence", QUIET)
def test_no_false_alarm(sentence: str) -> None:
    assert alarms(findings_of(f"2020年，{sentence}")) == []


@pytest.mark.parametrize(("sentence", "cell"), CAUGHT)
def test_caught(sentence: str, cell: str) -> None:
    found = [
        f
        for f in findings_of(f"2020年，{sentence}")
        if f.status is Status.MISMATCH and f.rule.startswith("narrative-")
    ]

    assert [f.cell for f in found] == [cell]
    assert found[0].quote in sentence


def test_wide_reading_is_suspect_not_mismatch() -> None:
    [found] = [
        f
        for f in findings_of("全年通过政务微博、微信公开政府信息1万余条。")
        if f.cell == "derived.weibo_wechat"
    ]

    assert (found.status, found.reason) == (Status.SUSPECT, "wide-reading")


def test_loose_wording_is_suspect_not_mismatch() -> None:
    [found] = [
        f
        for f in findings_of("全年通过图片、视频等形式解读就业、养老等相关政策40篇。")
        if f.rule == "narrative-table"
    ]

    assert (found.status, found.reason) == (Status.SUSPECT, "unsure-link")


def test_uncertain_cells_never_make_a_mismatch() -> None:
    found = findings_of("本年新收政府信息公开申请90件。", score=0.5, rule="narrative-table")

    assert Status.MISMATCH not in {f.status for f in found}
    assert Status.SUSPECT in {f.status for f in found}


def test_without_the_table_nothing_is_passed_in_silence() -> None:
    found = findings_of("本年新收政府信息公开申请90件。", {})

    assert [(f.status, f.reason) for f in found if f.rule == "narrative-table"] == [
        (Status.UNVERIFIABLE, "no-table")
    ]
