"""The form- rules: hits, near misses and what careful people would let pass."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mining.checks.form import form_agency, form_section_missing, form_template, form_year
from mining.contracts import CheckContext, Rule
from mining.finding import Finding, Status
from mining.form import DetectSpec, Form, SectionSpec
from mining.report import Cell, Meta, Report, Section, Source, Table
from mining.settings import Settings
from mining.spans import Span
from mining.steps.metadata import read_metadata

HEADINGS = {
    "overview": "总体情况",
    "disclosure": "主动公开政府信息情况",
    "litigation": "政府信息公开行政复议、行政诉讼情况",
    "other": "其他需要报告的事项",
}
REQUIRED = tuple(HEADINGS)
FORM = Form(
    id="toy",
    family="toy",
    template="2019",
    title="",
    detect=DetectSpec(),
    sections=tuple(
        SectionSpec(key=key, order=i, headings=(text,))
        for i, (key, text) in enumerate(HEADINGS.items())
    ),
)
EMPTY = Report(id="r", source=Source(uri="r.txt"), raw_text="")


def make_report(text: str, headings: tuple[tuple[str, str], ...] = ()) -> Report:
    """Read the metadata of `text` and cut it before each of `headings` (key, words)."""
    report = Report(id="r", source=Source(uri="r.txt"), raw_text=text, text=text)
    starts = [text.index(words) for _, words in headings]
    ends = [*starts[1:], len(text)][: len(starts)]
    sections = tuple(
        Section(
            key=key,
            title=words.split("、", 1)[-1],
            order=order,
            heading=Span(start, start + len(words)),
            span=Span(start, end),
            matched_by="heading",
            score=1.0,
        )
        for order, ((key, words), start, end) in enumerate(
            zip(headings, starts, ends, strict=True), start=1
        )
    )
    return read_metadata(replace(report, sections=sections), FORM, Settings())


def make_table(key: str = "applications", score: float = 1.0) -> Table:
    cell = Cell(
        table=key,
        row="received",
        column="total",
        raw="3",
        kind="number",
        value=3,
        span=Span(0, 1),
        score=score,
    )
    return Table(key=key, unit="件", cells=(cell,), span=Span(0, 2), section=key, style="lines")


def run(rule: Rule, report: Report, **params: object) -> list[Finding]:
    return list(CheckContext(report, FORM, Settings()).run(rule, dict(params)))


def verdicts(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(f.status.value, f.reason) for f in findings]


@pytest.mark.parametrize(
    ("rule", "params"),
    [
        (form_section_missing, {"required": REQUIRED}),
        (form_year, {}),
        (form_agency, {}),
        (form_template, {"template": "2019", "first": 2019, "last": 2020}),
    ],
)
@pytest.mark.parametrize("report", [EMPTY, replace(EMPTY, sections=(), tables=(), meta=Meta())])
def test_empty_report_can_not_be_judged(
    rule: Rule, params: dict[str, object], report: Report
) -> None:
    assert [f.status for f in run(rule, report, **params)] == [Status.UNVERIFIABLE]


@pytest.mark.parametrize("rule", [form_section_missing, form_year, form_agency, form_template])
def test_documentation_has_its_five_headings(rule: Rule) -> None:
    lines = rule.doc.splitlines()
    for heading in ("What it checks", "Why it matters", "Example", "Known limits", "Basis"):
        assert heading in lines


# form-section-missing

WHOLE = (
    "一、总体情况\n略\n二、主动公开政府信息情况\n略\n"
    "三、政府信息公开行政复议、行政诉讼情况\n无\n四、其他需要报告的事项\n无\n"
)
ALL_FOUR = (
    ("overview", "一、总体情况"),
    ("disclosure", "二、主动公开政府信息情况"),
    ("litigation", "三、政府信息公开行政复议、行政诉讼情况"),
    ("other", "四、其他需要报告的事项"),
)


def test_all_sections_make_one_consistent_finding() -> None:
    findings = run(form_section_missing, make_report(WHOLE, ALL_FOUR), required=REQUIRED)
    assert verdicts(findings) == [("consistent", "all-sections")]


def test_each_missing_section_is_told() -> None:
    report = make_report(
        "一、总体情况\n略\n四、其他需要报告的事项\n无\n", (ALL_FOUR[0], ALL_FOUR[3])
    )
    findings = run(form_section_missing, report, required=REQUIRED)
    assert [(f.status, f.expected) for f in findings] == [
        (Status.MISMATCH, "disclosure"),
        (Status.MISMATCH, "litigation"),
    ]
    assert len({f.fingerprint for f in findings}) == 2


def test_preamble_that_lists_the_headings_is_no_trace() -> None:
    text = "全文包括：\n总体情况\n其他需要报告的事项\n一、总体情况\n略\n"
    found = run(
        form_section_missing, make_report(text, ALL_FOUR[:1]), required=("overview", "other")
    )
    assert verdicts(found) == [("mismatch", "missing-section")]


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("一、总体情况\n略\n其他需要报告的事项\n无", ALL_FOUR[:1]),
        ("一、总体情况\n略\n五、\n无", (ALL_FOUR[0], ("unknown", "五、"))),
        (
            "一、总体情况\n略\n五、存在的问题和其他需要报告的事项\n无",
            (ALL_FOUR[0], ("problems", "五、存在的问题和其他需要报告的事项")),
        ),
    ],
)
def test_traces_of_a_section_make_it_suspect(
    text: str, headings: tuple[tuple[str, str], ...]
) -> None:
    findings = run(
        form_section_missing, make_report(text, headings), required=("overview", "other")
    )
    assert verdicts(findings) == [("suspect", "section-without-heading")]
    assert findings[0].span is not None


def test_table_without_its_heading_is_suspect() -> None:
    report = replace(make_report(WHOLE, ALL_FOUR), tables=(make_table(),))
    findings = run(form_section_missing, report, required=("overview", "applications"))
    assert verdicts(findings) == [("suspect", "section-without-heading")]


# form-year

TITLE = "江宁县水利局2022年政府信息公开工作年度报告\n"


def year_verdicts(text: str, *headings: tuple[str, str]) -> list[tuple[str, str]]:
    return verdicts(run(form_year, make_report(text, headings)))


def test_period_of_last_year_is_a_mismatch() -> None:
    text = f"{TITLE}数据统计期限自2021年1月1日起至2021年12月31日止。\n一、总体情况\n略"
    (finding,) = run(form_year, make_report(text))
    assert (finding.status, finding.reason) == (Status.MISMATCH, "copied-year")
    assert (finding.stated, finding.expected) == ("2021", "2022")
    assert finding.quote == "2021年1月1日起至2021年12月31日"


@pytest.mark.parametrize(
    "period",
    [
        "自2022年1月1日起至2022年12月31日止",
        "从2022年1月1日到12月31日",
        "为2022年1月1日至2023年1月1日",
        "为2021年12月21日至2022年12月20日",
    ],
)
def test_periods_of_the_year_are_consistent(period: str) -> None:
    text = f"{TITLE}数据统计期限{period}。\n一、总体情况\n略"
    assert year_verdicts(text) == [("consistent", "same-year-period")]


@pytest.mark.parametrize(
    ("period", "reason"),
    [
        ("自20221月1日至2022年12月31日", "damaged-year"),
        ("为2021111231日", "damaged-year"),
        ("自2021年1月1日至2022年12月31日", "two-years"),
    ],
)
def test_damaged_periods_are_suspect(period: str, reason: str) -> None:
    found = year_verdicts(f"{TITLE}数据统计期限{period}。\n一、总体情况\n略")
    assert set(found) == {("suspect", reason)}


def test_damaged_period_without_title_is_suspect() -> None:
    text = "数据统计期限自20221月1日至2022年12月31日。\n一、总体情况\n略"
    assert ("suspect", "damaged-year") in year_verdicts(text)


def test_signature_of_the_next_january_is_fine() -> None:
    text = f"{TITLE}一、总体情况\n略\n江宁县水利局\n2023年1月15日\n"
    assert year_verdicts(text) == [("consistent", "same-year-signature")]


def test_signature_before_the_year_is_over_is_suspect() -> None:
    text = f"{TITLE}一、总体情况\n略\n江宁县水利局\n2022年1月15日\n"
    assert year_verdicts(text) == [("suspect", "early-signature")]


def test_report_signed_again_later_is_no_finding_against_it() -> None:
    text = f"{TITLE}一、总体情况\n略\n江宁县水利局\n2025年3月2日\n"
    assert year_verdicts(text) == [("unverifiable", "one-statement")]


@pytest.mark.parametrize(
    ("key", "heading", "verdict"),
    [
        ("overview", "一、2021年总体情况", ("mismatch", "copied-year")),
        ("overview", "一、2022年总体情况", ("consistent", "same-year-heading")),
        ("other", "六、2023年工作打算", ("consistent", "plan-heading")),
        ("overview", "一、2023年总体情况", ("suspect", "other-year-heading")),
        ("overview", "一、2021年问题整改情况", ("suspect", "other-year-heading")),
        ("problems", "五、2021年以来的不足", ("suspect", "other-year-heading")),
    ],
)
def test_years_in_headings(key: str, heading: str, verdict: tuple[str, str]) -> None:
    found = year_verdicts(f"{TITLE}{heading}\n略", (key, heading))
    assert [v for v in found if v[1] != "same-year-body"] == [verdict]


def test_other_years_in_running_text_raise_nothing() -> None:
    text = (
        f"{TITLE}按照国办公开办函〔2019〕60号和《2021年政务公开要点》编制。\n一、总体情况\n"
        "2022年公开30条，较2021年增加5条。2022年培训2次。2023年将继续。\n"
        "江宁县水利局\n2023年1月5日"
    )
    statuses = {status for status, _ in year_verdicts(text)}
    assert statuses == {"consistent"}


def test_list_of_yearly_titles_is_navigation() -> None:
    titles = "".join(f"江宁县水利局{y}年政府信息公开工作年度报告\n" for y in (2022, 2021, 2020))
    text = f"{titles}数据统计期限自2020年1月1日至2020年12月31日。\n一、总体情况\n略"
    assert year_verdicts(text) == [("consistent", "same-year-period")]


def test_first_section_that_tells_another_year_is_suspect() -> None:
    told = "2021年公开30条。2021年培训2次。2021年答复1件。"
    assert year_verdicts(f"{TITLE}一、总体情况\n{told}") == [("suspect", "other-year-body")]


# form-agency


def agency_verdicts(title: str, signed: str) -> list[tuple[str, str]]:
    text = f"{title}2022年政府信息公开工作年度报告\n一、总体情况\n略\n{signed}\n2023年1月15日\n"
    return verdicts(run(form_agency, make_report(text)))


@pytest.mark.parametrize(
    ("title", "signed", "status"),
    [
        ("江宁区水利局", "海曙区水利局", "mismatch"),
        ("江宁区教育局", "江宁区公安局", "mismatch"),
        ("兴国镇人民政府", "太平镇人民政府", "mismatch"),
        ("江宁区水利局", "宁波市江宁区水利局", "consistent"),
        ("宁波市生态环境局江宁分局", "江宁区环保局", "consistent"),
        ("江宁区人民政府", "江宁区人民政府办公室", "consistent"),
        ("江宁区文化广电新闻出版局", "江宁区文化和旅游局", "suspect"),
        ("江宁区人民政府", "江宁区水利局", "suspect"),
    ],
)
def test_title_against_signature(title: str, signed: str, status: str) -> None:
    reason = "same-agency" if status == "consistent" else "other-agency"
    assert agency_verdicts(title, signed) == [(status, reason)]


def test_issuer_line_and_our_office_are_not_compared() -> None:
    text = (
        "发布机构：江宁区政府办\n江宁区水利局2022年政府信息公开工作年度报告\n"
        "如有疑问，请与江宁区水利局办公室联系。\n一、总体情况\n我局高度重视。"
    )
    assert verdicts(run(form_agency, make_report(text))) == [("unverifiable", "one-statement")]


def test_neighbour_in_the_preamble_is_a_mismatch() -> None:
    text = (
        "江宁区水利局2022年政府信息公开工作年度报告\n"
        "现将海曙区水利局2022年政府信息公开工作情况公布如下。\n一、总体情况\n略"
    )
    (finding,) = run(form_agency, make_report(text))
    assert (finding.status, finding.stated) == (Status.MISMATCH, "海曙区水利局")
    assert finding.quote == "海曙区水利局"


# form-template


def template_verdicts(
    year: int, *, template: str = "2019", score: float = 1.0, title: bool = True
) -> list[tuple[str, str]]:
    text = f"江宁县水利局{year}年政府信息公开工作年度报告\n" if title else f"现公布{year}年情况。\n"
    report = replace(make_report(text), template=template, tables=(make_table(score=score),))
    return verdicts(run(form_template, report, template="2019", first=2019, last=2020))


def test_old_form_in_a_later_report_is_a_mismatch() -> None:
    assert template_verdicts(2022) == [("mismatch", "other-template")]


def test_evidence_of_a_table_is_its_first_line() -> None:
    text = f"{TITLE}一、总体情况\n略"
    report = replace(make_report(text), template="2019", tables=(make_table(),))
    (finding,) = run(form_template, report, template="2019", first=2019, last=2020)
    assert finding.quote == text[:2]


def test_form_of_the_years_is_consistent() -> None:
    assert template_verdicts(2019) == template_verdicts(2020) == [("consistent", "same-template")]


def test_newer_form_than_the_report_is_suspect() -> None:
    assert template_verdicts(2016) == [("suspect", "other-template")]
    assert template_verdicts(2020, template="2021") == [("suspect", "other-template")]


def test_uncertain_tables_are_suspect() -> None:
    assert template_verdicts(2022, score=0.5) == [("suspect", "other-template")]


def test_tables_of_another_form_in_other_years_are_not_this_check() -> None:
    assert template_verdicts(2022, template="2021") == [("unverifiable", "no-rule-for-year")]


def test_evidence_lies_inside_the_text() -> None:
    period = "自2021年1月1日至2021年12月31日。\n"
    text = f"{TITLE}{period}一、2021年总体情况\n略\n海曙区水利局\n2021年2月3日"
    report = make_report(text, (("overview", "一、2021年总体情况"),))
    findings = [*run(form_year, report), *run(form_agency, report)]
    assert len(findings) >= 3
    for finding in findings:
        assert all(e.span and e.span.end <= len(text) for e in finding.evidence)
