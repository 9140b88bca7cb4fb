"""Links: which cell a figure states, and a county's sentences that must or must not be caught."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from mining.catalog import STEPS
from mining.errors import LayerError
from mining.finding import Finding, Status
from mining.report import Link, Meta, Report, Source
from mining.steps.link import link_figures
from tests.support import SETTINGS, findings_of, form_of, narrative_report

CLAIMS = tomllib.loads(
    (Path(__file__).parents[1] / "rules" / "claims.toml").read_text(encoding="utf-8")
)
CELLS: dict[str, int | None] = CLAIMS["cells"]
CLEAN = [
    pytest.param(sentence, id=f"{group}-{number}")
    for group, sentences in CLAIMS["clean"].items()
    for number, sentence in enumerate(sentences, 1)
]
WRONG = [pytest.param(case, id=f"wrong-{n}") for n, case in enumerate(CLAIMS["wrong"], 1)]
CELL_RULES = ("narrative-table", "narrative-none")


def shown(found: list[Finding]) -> list[tuple[str, str, str]]:
    alarms = (Status.MISMATCH, Status.SUSPECT)
    return [
        (f.rule, str(f.status), str(f.cell or f.quote))
        for f in found
        if f.status in alarms and f.rule.startswith("narrative-")
    ]


def links(text: str, *, template: str = "2019", section: str = "overview") -> list[tuple[str, str]]:
    """Return quote and address of every link."""
    report = narrative_report(text, CELLS, form=form_of(template), section=section)
    return [(quote(report, link), link.address) for link in report.links or ()]


def quote(report: Report, link: Link) -> str:
    return (report.figures or ())[link.figure].span.of(report.text)


@pytest.mark.parametrize("sentence", CLEAN)
def test_no_alarm(sentence: str) -> None:
    assert shown(findings_of(sentence, CELLS)) == []


@pytest.mark.parametrize("case", WRONG)
def test_exactly_the_wrong_number_is_caught(case: dict[str, str]) -> None:
    found = shown(findings_of(case["text"], CELLS, section=case.get("section", "overview")))
    rule, status = case.get("rule", "narrative-table"), case.get("status", "mismatch")
    cells = {case["cell"], case.get("also", case["cell"])}

    told = [f for f in found if f[0] in CELL_RULES]
    assert sorted(told) == sorted((rule, status, cell) for cell in cells)


def test_there_are_enough_sentences() -> None:
    assert len(CLEAN) >= 150
    assert len(WRONG) >= 50


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("本年新收政府信息公开申请91件。", [("91件", "applications.received.total")]),
        ("受理政府信息公开申请93件。", [("93件", "derived.accepted")]),
        ("受理政府信息公开申请94件。", [("94件", "applications.received.total")]),
        ("收到九十一件信息公开申请。", [("九十一件", "applications.received.total")]),
        (
            "因信息公开引起的行政复议、行政诉讼分别为7件、4件。",
            [("7件", "litigation.review.total"), ("4件", "derived.lawsuits")],
        ),
        (
            "未发生因政府信息公开引起的行政复议、行政诉讼。",
            [
                ("未发生因政府信息公开引起的行政复议、行政诉讼", "litigation.review.total"),
                ("未发生因政府信息公开引起的行政复议、行政诉讼", "derived.lawsuits"),
            ],
        ),
        (
            "没有发生因政府信息公开被申请行政复议。",
            [("没有发生因政府信息公开被申请行政复议", "litigation.review.total")],
        ),
        ("5件申请结转下年度继续办理。", [("5件", "applications.carried_out.total")]),
        ("没有需结转下年度的申请。", [("没有需结转下年度", "applications.carried_out.total")]),
        ("申请公开事项涉及20个村。", []),
        ("全年收到不动产登记申请8600件。", []),
    ],
)
def test_what_a_figure_states(text: str, expected: list[tuple[str, str]]) -> None:
    assert links(text) == expected


def test_a_bare_request_needs_its_subject_in_the_sentence_or_the_heading() -> None:
    sentence = "全年收到申请91件。"
    expected = [("91件", "applications.received.total")]

    assert links(sentence) == []
    assert links(sentence, section="applications") == expected
    assert links(f"（二）依申请公开。{sentence}") == expected
    assert links(f"（二）依申请公开情况\n{sentence}") == expected


def test_unsure_phrases_stay_below_the_threshold() -> None:
    report = narrative_report("全年行政诉讼案件6件。", CELLS)
    [link] = report.links or ()

    assert link.score < SETTINGS.sure_link


def test_a_link_tells_its_words_and_other_readings() -> None:
    report = narrative_report("2020年，受理政府信息公开申请93件。", CELLS)
    [link] = report.links or ()

    assert link.quote.of(report.text) == "受理政府信息公开申请"
    assert link.also == ("applications.received.total",)
    assert 0.8 < link.score < 0.9


def test_money_is_compared_in_yuan() -> None:
    text = "实施政府集中采购项目12个，采购总金额1251万元。"

    assert ("1251万元", "disclosure.procurement.amount") in links(text)
    assert shown(findings_of(text, CELLS)) == []


def test_rows_of_an_optional_table_that_is_not_printed_are_not_compared() -> None:
    sentence = "全年主动公开政府信息210条。"
    cells = {"applications.received.total": 3}

    assert links(sentence) == [("210条", "indicators.published.count")]
    assert findings_of(sentence, cells, rule="narrative-table") == []
    twice = findings_of(
        f"{sentence}\n本年主动公开政府信息201条。", cells, rule="narrative-conflict"
    )
    assert [(str(f.status), f.quote) for f in twice] == [("mismatch", "201条")]


@pytest.mark.parametrize("agency", ["青原县人民政府", "青原县人民政府办公室"])
def test_a_government_may_name_itself(agency: str) -> None:
    sentence = "县政府全年收到政府信息公开申请90件。"

    assert links_of(sentence, agency=agency) == ["applications.received.total"]
    assert links_of(sentence, agency="青原县水务局") == []


def links_of(text: str, *, agency: str) -> list[str]:
    form = form_of("2019")
    report = narrative_report(text, CELLS, form=form)
    report = replace(report, meta=Meta(year=2020, agency=agency))
    for step in STEPS[3:]:
        report = step(report, form, SETTINGS)
    return [link.address for link in report.links or ()]


def test_links_do_not_depend_on_where_the_sentence_stands() -> None:
    sentence = "本年新收政府信息公开申请91件，上年结转2件，办结88件。"

    assert links(f"依申请公开工作有序开展。\n{sentence}") == links(sentence)


def test_layers_that_are_missing_are_named() -> None:
    report = Report(id="r", source=Source(uri="r.txt"), raw_text="")

    with pytest.raises(LayerError, match="E301"):
        link_figures(report, form_of("2019"), SETTINGS)
