"""The figures step: narrative only, sentence and clause, kinds, statements of none."""

from __future__ import annotations

import re
import time

import pytest

from mining.errors import LayerError
from mining.form import DetectSpec, Form
from mining.phrases import NoneSpec
from mining.report import Address, Figure, Report, Source, Table
from mining.settings import Settings
from mining.spans import Span
from mining.steps.figures import extract_figures
from tests.support import overview

FORM = Form(
    id="t",
    family="t",
    template="",
    title="",
    detect=DetectSpec(),
    sections=(),
    nones=(
        NoneSpec(
            key="no-applications",
            cells=(Address("applications.received.total"),),
            pattern=re.compile(r"(?:年)?(?P<s>未收到(?:政府信息公开)?(?:申请)?)"),
            openings=frozenset("年未"),
            not_near=None,
            score=0.9,
        ),
    ),
)


def figures_of(text: str) -> tuple[Figure, ...]:
    return extract_figures(overview(text), FORM, Settings()).figures or ()


def test_needs_sections() -> None:
    report = Report(id="x", source=Source(uri="x"), raw_text="", text="")

    with pytest.raises(LayerError, match="E301"):
        extract_figures(report, FORM, Settings())


def test_no_sections_give_no_figures() -> None:
    report = Report(id="x", source=Source(uri="x"), raw_text="3件", text="3件", sections=())

    assert extract_figures(report, FORM, Settings()).figures == ()


def test_tables_are_no_narrative() -> None:
    text = "共受理3件。\n行政许可 12件\n办结2件。"
    at = text.index("行政许可")
    table = Table(
        key="t", unit="", cells=(), span=Span(at, at + 9), section="overview", style="text"
    )
    report = extract_figures(overview(text, tables=(table,)), FORM, Settings())

    assert [f.span.of(text) for f in report.figures or ()] == ["3件", "2件"]
    assert [f.id for f in report.figures or ()] == [0, 1]


def test_sentence_and_clause() -> None:
    text = "加强领导。全年公开信息30条，其中网站12条、微信8条；培训2次。\n（二）其他"
    figures = figures_of(text)

    assert [f.clause.of(text) for f in figures] == [
        "全年公开信息30条",
        "其中网站12条",
        "、微信8条",
        "培训2次",
    ]
    assert {f.sentence.of(text) for f in figures} == {
        "全年公开信息30条，其中网站12条、微信8条；培训2次。"
    }


def test_wrapped_line_does_not_end_the_sentence() -> None:
    text = "根据统计我单位全年通过各类渠道主动公开的政府信息总数为三十条其中政府网站公开了\n20条。"
    (first, second) = figures_of(text)

    assert first.sentence == second.sentence


def test_line_break_inside_a_mention() -> None:
    text = "网站公开5928\n条，微信3条。"
    figures = figures_of(text)

    assert figures[0].span.of(text) == "5928\n条"
    assert figures[0].sentence == figures[1].sentence


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("公开3条。", "count"),
        ("占30%。", "percent"),
        ("提升2个百分点。", "percent"),
        ("收费5万元。", "money"),
        ("增长3倍。", "change"),
        ("位列全市第三。", "ordinal"),
        ("得分95分。", "other"),
        ("平均用时3天。", "other"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert [f.kind for f in figures_of(text)] == [kind]


def test_statement_of_none() -> None:
    text = "本年未收到政府信息公开申请，公开3条。"
    none, count = figures_of(text)

    assert (none.claim, none.hint, none.quantity.value) == ("none", "no-applications", 0)
    assert none.span.of(text) == "未收到政府信息公开申请"
    assert (count.claim, count.clause.of(text)) == ("number", "公开3条")


@pytest.mark.parametrize("text", ["本年未收到超过3件的申请。", "未收到申请超过3件。"])
def test_number_takes_the_none_back(text: str) -> None:
    assert [f.claim for f in figures_of(text)] == ["number"]


def test_limit_leaves_a_log_entry() -> None:
    report = extract_figures(overview("公开3条、4条、5条。"), FORM, Settings(max_figures=2))

    assert len(report.figures or ()) == 2
    assert report.log[-1].code == "figures-limit"


@pytest.mark.parametrize("unit", ["3至5", "1 2 ", "零5", "数十", "3条、"])
def test_a_megabyte_of_numbers_takes_about_a_second(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    began = time.process_time()
    figures_of(text)

    assert time.process_time() - began < 1.5
