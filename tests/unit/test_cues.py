"""Cues: no expression that can match is passed over."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import import_module
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mining.form import DetectSpec, Form
from mining.quantities import cues, periods, rates, roles, scopes
from mining.report import Figure, Meta, Report
from mining.settings import Settings
from mining.steps import subjects
from mining.steps.figures import extract_figures
from tests.support import overview

FORM = Form(id="t", family="t", template="", title="", detect=DetectSpec(), sections=())
# What an expression is made of is told by nothing public.
PARSER = import_module("re._parser")

ASKED = {
    cues.CHANGE: (roles._CHANGE, roles._ALWAYS_CHANGE, roles._MORE_THAN),
    cues.DISTRIBUTED: (roles._CHANGES,),
    cues.AIMED: (roles._AIM_AFTER, roles._AIM_BEFORE),
    cues.PLACED: (roles._PLACE_BEFORE,),
    cues.SETTLED: (roles._VILLAGES,),
    cues.AHEAD: (roles._AHEAD,),
    cues.PLANNED: (roles._PLAN, subjects._PLAN_WORD, subjects._PLANNED),
    cues.ASIDE: (scopes._NAMED,),
    cues.ASIDE | cues.COMPARED: (scopes._ASIDE,),
    cues.FROM: (periods._FROM,),
    cues.RATE: (rates._PER_DAY, rates._PER_WEEK, rates._AVERAGE, rates._EACH),
    cues.RUNS: (periods._RUNS,),
    cues.NEW: (periods._THEN_NEW,),
    cues.YEAR: (periods._LAST, periods._BEFORE_LAST, re.compile("[0-9]{4}年")),
    cues.PAST: (periods._LAST, periods._BEFORE_LAST),
    cues.IN_TURN: (re.compile("分别|依次"),),
    cues.CASES: (
        re.compile("复议|诉讼|应诉|" + "|".join(scopes._REVIEW_WORDS)),
        scopes._ALL_CASES,
        scopes._HELPING,
        scopes._REVIEWER,
        scopes._DECIDED,
    ),
    cues.NAMED: (scopes._IN_NAME_OF,),
    cues.REPRINTED: (scopes._REPRINTED,),
    cues.AREA: (scopes._WHOLE_BEFORE, scopes._WHOLE, scopes._SYSTEM),
    cues.LOWER: (scopes._LOWER_WORD,),
    cues.DESK: (scopes._OWN, re.compile("[局厅委镇]机关|局(?:门户)?网站")),
    cues.VILLAGE: (scopes._VILLAGE, scopes._VILLAGE_AFTER, scopes._VILLAGE_NEXT),
    cues.GOVERNMENT: (scopes._GOVERNMENT_DESK,),
    cues.OTHERS: (subjects._SUBJECT, subjects._MAY_BE_SUBJECT, subjects._INNER),
}


def holds(tree: Iterable[tuple[Any, Any]], chars: str) -> bool:
    """Tell whether whatever a parsed expression matches holds one of the characters."""
    return any(_item_holds(item, chars) for item in tree)


def _item_holds(item: tuple[Any, Any], chars: str) -> bool:
    op, arg = str(item[0]), item[1]
    if op == "LITERAL":
        return chr(arg) in chars
    if op == "IN":
        return all(str(kind) == "LITERAL" and chr(char) in chars for kind, char in arg)
    if op == "BRANCH":
        return all(holds(branch, chars) for branch in arg[1])
    if op == "SUBPATTERN":
        return holds(arg[3], chars)
    return op.endswith("_REPEAT") and arg[0] > 0 and holds(arg[2], chars)


@pytest.mark.parametrize(
    ("cue", "pattern"), [(c, p) for c, patterns in ASKED.items() for p in patterns]
)
def test_whatever_matches_holds_a_character_of_its_cue(cue: int, pattern: re.Pattern[str]) -> None:
    chars = "".join(known for bit, known in cues._ALL.items() if bit & cue)

    assert holds(PARSER.parse(pattern.pattern), chars)


@pytest.mark.parametrize(
    ("cue", "pattern"), [(c, p) for c, patterns in ASKED.items() for p in patterns]
)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_match_shows_its_cue(cue: int, pattern: re.Pattern[str], data: st.DataObject) -> None:
    match = pattern.search(data.draw(st.from_regex(pattern)))
    assume(match is not None)
    assert match is not None

    found = cues._finder(None)(match.string, 0, len(match.string))
    assert any(cues._MEANINGS[char] & cue for char in found)


def figures_of(text: str, agency: str = "清河县水务局") -> tuple[Report, tuple[Figure, ...]]:
    report = overview(text, meta=Meta(year=2021, agency=agency))
    figures = extract_figures(report, FORM, Settings()).figures
    assert figures is not None
    return report, figures


@pytest.mark.parametrize(
    ("words", "cue", "is_told"),
    [
        ("2019年到2021年公开", cues.RUNS, True),
        ("2019到2021年公开", cues.RUNS, True),
        ("2019年（含）到2021年公开", cues.RUNS, True),
        ("收到申请", cues.RUNS, False),
        ("五年共公开", cues.RUNS, True),
        ("五年（含）共公开", cues.RUNS, True),
        ("全年公开，共", cues.RUNS, False),
        ("两年依次公开", cues.IN_TURN, True),
        ("两次公开", cues.IN_TURN, False),
        ("占全市", cues.AREA, True),
        ("全年公开", cues.AREA, False),
        ("去年公开；今年公开", cues.PAST, False),
        ("去年公开，今年公开", cues.PAST, True),
        ("2020年公开", cues.YEAR, True),
        ("2021年公开", cues.YEAR, False),
        ("往年公开", cues.YEAR, True),
        ("全年公开", cues.YEAR, False),
        ("处室机关公开", cues.DESK, False),
        ("局机关公开", cues.DESK, True),
        ("区局门户网站公开", cues.DESK, True),
        ("本级公开", cues.DESK, True),
        ("上级公开", cues.DESK, False),
        ("二级单位公开", cues.LOWER, True),
        ("门户公开", cues.LOWER, False),
        ("市直部门公开", cues.LOWER, True),
        ("分局公开", cues.LOWER, True),
        ("分别公开", cues.LOWER, False),
        ("复议案件公开", cues.CASES, True),
        ("会议公开", cues.CASES, False),
        ("不服公开", cues.CASES, True),
        ("服务公开", cues.CASES, False),
        ("县区公开", cues.LOWER, True),
        ("县水务公开", cues.LOWER, False),
        ("县政府公开", cues.GOVERNMENT, True),
        ("公开政府信息", cues.GOVERNMENT, False),
        ("按任务公开", cues.PLANNED, True),
        ("按责任公开", cues.PLANNED, False),
        ("按要求公开", cues.AIMED, True),
        ("按诉求公开", cues.AIMED, False),
        ("平均公开", cues.RATE, True),
        ("平（全县）均公开", cues.RATE, True),
        ("均已公开", cues.RATE, False),
        ("各类公开", cues.LOWER, False),
        ("各镇公开", cues.LOWER, True),
        ("所属单位公开", cues.LOWER, True),
        ("权属公开", cues.LOWER, False),
        ("分（县）局公开", cues.LOWER, True),
        ("部分公开", cues.LOWER, False),
        ("社区公开", cues.VILLAGE, True),
        ("社会公开", cues.VILLAGE, False),
        ("政府网站公开", cues.GOVERNMENT, False),
        ("审结公开", cues.CASES, True),
        ("审核公开", cues.CASES, False),
        ("配合公开", cues.CASES, True),
        ("配备公开", cues.CASES, False),
        ("指标回落", cues.CHANGE, True),
        ("落实", cues.CHANGE, False),
        ("同比增长3%，公开", cues.CHANGE, False),
        ("公开3条，同比增长", cues.CHANGE, True),
    ],
)
def test_a_cue_stands_where_it_can_decide(words: str, cue: int, *, is_told: bool) -> None:
    report, figures = figures_of(f"我局{words}26条。")

    assert bool(cues.find_cues(report.text, figures, 2021)[-1] & cue) is is_told


def test_words_behind_a_figure_and_before_it_count_in_its_sentence_alone() -> None:
    report, figures = figures_of("公开26条，完成目标。发布26条。")

    told = [bool(c & cues.SURROUNDING) for c in cues.find_cues(report.text, figures)]
    assert told == [True, False]


_WORDS = st.lists(
    st.sampled_from(
        [
            "收到申请5件", "公开3条", "7个", "12%", "，", "，", "；", "。", "、", "（", "）",
            "其中",
            "2019年", "2020年", "2021年", "全年", "本年", "去年", "上一年", "前年", "累计", "至今",
            "以来", "年来", "到", "共", "分别", "依次", "由", "增加到", "同比增长", "较去年", "多",
            "每月", "日均", "平均", "各", "各镇街", "部门", "局机关", "本级", "我局", "县政府",
            "县交通局", "镇", "村", "社区", "全市", "占全市", "系统", "以政府名义", "省局网站转载",
            "复议", "行政复议案件", "不服", "审结", "配合", "应诉", "力争", "计划", "目标", "要求",
            "会议", "服务",
            "“", "”", "的", "辖", "新增", "存量", "比2019年", "比2021年",
            "往年", "门户网站", "区局", "县区", "区县", "下级", "分局", "政府信息", "级", "门",
        ]
    ),
    max_size=14,
).map("".join)  # fmt: skip


@given(
    words=_WORDS,
    agency=st.sampled_from(["清河县水务局", "清河县人民政府", "清河县石桥镇人民政府", ""]),
)
def test_cues_change_nothing(words: str, agency: str) -> None:
    report, figures = figures_of(f"{words}收到申请26件，答复25件", agency)

    for figure, cue in zip(figures, cues.find_cues(report.text, figures, 2021), strict=True):
        role = roles.find_role(report.text, figure)
        assert roles.find_role(report.text, figure, cues=cue) == role
        known = scopes.find_scope(report.text, figure, role=role, meta=report.meta)
        told = scopes.find_scope(report.text, figure, role=role, meta=report.meta, cues=cue)
        assert told == known
        before = subjects.words_before(report.text, figure)
        assert cue & cues.PLANNED or not subjects.is_planned(before)
        assert cue & cues.OTHERS or not subjects.names_other_agency(before, agency)
