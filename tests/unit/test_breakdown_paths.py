"""Breakdowns: what is passed over for speed could not have been a list."""

from __future__ import annotations

import re
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from mining.form import DetectSpec, Form
from mining.report import Figure, Meta
from mining.settings import Settings
from mining.steps import breakdowns, counts, trailing
from mining.steps.figures import extract_figures
from tests.support import overview

FORM = Form(id="t", family="t", template="", title="", detect=DetectSpec(), sections=())

_WORDS = st.lists(
    st.sampled_from(
        [
            "收到12件", "公开7件", "5件", "3件", "2件", "办结9件", "网站4条", "，", "、", "；",
            "。", "。\n", "其中", "其中，", "主要包括", "包括", "主要是", "按方式分，",
            "从类型看，", "（", "）", "（含电话）", "分别为", "占25%", "，占", "共", "合计", "总计",
            "中，", "：", "，同比增长3%", "公民", "法人",
        ]
    ),
    max_size=16,
).map("".join)  # fmt: skip


def figures_of(words: str) -> tuple[str, tuple[Figure, ...]]:
    report = overview(f"{words}，共收到20件。", meta=Meta(year=2021, agency="清河县水务局"))
    figures = extract_figures(report, FORM, Settings()).figures
    assert figures is not None
    return report.text, tuple(f for f in figures if f.claim == "number" and f.kind == "count")


@given(words=_WORDS)
def test_where_no_list_may_open_none_does(words: str) -> None:
    text, figures = figures_of(words)
    told = breakdowns.find_breakdowns(text, figures)

    with patch.object(breakdowns, "_may_open", lambda *_: True):
        assert breakdowns.find_breakdowns(text, figures) == told


def test_a_list_opens_behind_a_full_stop_and_a_bracket() -> None:
    text, figures = figures_of("公开7件。（含电话）其中公民5件，法人2件")

    assert any(b.marker == "其中" for b in breakdowns.find_breakdowns(text, figures))


@given(words=_WORDS)
def test_brackets_are_counted_from_the_start_of_each_sentence(words: str) -> None:
    text, figures = figures_of(words)
    before = [text[f.sentence.start : f.span.start] for f in figures]

    assert counts.Counts.of(text, figures).depths == tuple(
        max(0, len(re.findall("[（(]", b)) - len(re.findall("[）)]", b))) for b in before
    )


@given(words=st.from_regex(trailing._TRAILING))
def test_what_leads_to_a_total_holds_what_is_looked_for(words: str) -> None:
    assert set(words) & set("共计来")
