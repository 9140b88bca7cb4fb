"""Findings in words: every rule, both languages, and nothing that can't be said."""

import tomllib
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining.finding import Finding, Severity, Status
from mining.present.messages import (
    Lang,
    load_wording,
    plain_number,
    plain_value,
    word_failure,
    word_finding,
    word_formula,
    word_rule_titles,
)
from mining.report import Address

RULES = [
    "narrative-table",
    "narrative-parts",
    "narrative-percent",
    "narrative-conflict",
    "narrative-growth",
    "narrative-none",
    "table-row-total",
    "table-results-total",
    "table-balance",
    "table-litigation-total",
    "table-indicator-total",
    "table-indicator-bound",
    "table-value",
    "table-unit",
    "table-decisions",
    "table-identity",
    "years-carried",
    "years-items",
    "years-in-force",
    "years-same",
    "form-section-missing",
    "form-year",
    "form-agency",
    "form-template",
    "form-copied",
]
REASONS = [
    "wide-reading",
    "unsure-link",
    "uncertain-cell",
    "magnitude",
    "other-scope",
    "split-number",
    "moved-case",
    "no-table",
    "no-cell",
    "blank-cell",
    "text-cell",
    "no-number",
    "no-last-year",
    "open-list",
    "not-this-form",
    "copied-year",
    "other",
]
LANGS: tuple[Lang, ...] = ("zh", "en")
RECEIVED = Address("applications.received.total")
LABELS = {
    "applications.received.total": "本年新收政府信息公开申请数量·总计",
    "applications.carried_in.total": "上年结转政府信息公开申请数量·总计",
}


def a_finding(**changes: Any) -> Finding:  # noqa: ANN401 - any field
    given_values: dict[str, Any] = {
        "report": "r.txt",
        "rule": "narrative-table",
        "status": Status.MISMATCH,
        "severity": Severity.ERROR,
        "reason": "",
        "cell": RECEIVED,
        "stated": "93",
        "expected": "91",
        "difference": 2,
        "quote": "93件",
    }
    return Finding(**(given_values | changes))


def words(lang: Lang) -> dict[str, Any]:
    path = files("mining") / "data" / f"messages.{lang}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def key_paths(value: object, path: str = "") -> set[str]:
    if not isinstance(value, dict):
        return {path}
    return {p for key, inner in value.items() for p in key_paths(inner, f"{path}/{key}")}


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_both_languages_have_the_same_keys() -> None:
    # English readers of reasons get them as the code words them.
    chinese = {p for p in key_paths(words("zh")) if not p.startswith(("/failures", "/details"))}

    assert chinese == key_paths(words("en"))


@pytest.mark.parametrize("lang", LANGS)
def test_every_rule_status_and_reason_has_words(lang: Lang) -> None:
    wording = load_wording(lang)

    assert set(wording.titles) == set(RULES) == set(wording.templates)
    assert {s.value for s in Status} == set(wording.statuses)
    assert {s.value for s in Severity} == set(wording.severities)
    assert set(REASONS) <= set(wording.reasons)
    assert all(set(by_status) == set(wording.statuses) for by_status in wording.templates.values())


@pytest.mark.parametrize("lang", LANGS)
def test_last_wording_needs_no_field_and_all_templates_agree_between_languages(lang: Lang) -> None:
    other = load_wording("en" if lang == "zh" else "zh")
    for rule, by_status in load_wording(lang).templates.items():
        for status, choices in by_status.items():
            assert not fields(choices[-1]), (rule, status)
            assert len(choices) == len(other.templates[rule][status]), (rule, status)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "正文写“93件”，表中“本年新收政府信息公开申请数量·总计”是91，相差2。"),
        (
            {"status": Status.SUSPECT, "reason": "wide-reading"},
            (
                "正文写“93件”，表中“本年新收政府信息公开申请数量·总计”是91，是否矛盾需人工判断。"
                "只有把“多、近、约”之类的说法放宽理解才对得上。"
            ),
        ),
        (
            {"status": Status.UNVERIFIABLE, "reason": "no-table"},
            "正文写“93件”，没有可对照的表格数字。报告中没有找到这张表。",
        ),
        (
            {"rule": "table-balance", "stated": "95", "expected": "94", "difference": -1},
            "“总计”一列：新收与上年结转共95，办结与结转下年共94，相差1。",
        ),
        (
            {
                "rule": "form-section-missing",
                "params": (("section", "litigation"),),
                "cell": None,
            },
            "没有找到“行政复议、行政诉讼情况”一节。",
        ),
        ({"stated": "", "expected": "", "quote": ""}, "正文的数字与表格不一致。"),
        ({"status": Status.CONSISTENT, "reason": "same"}, None),
    ],
    ids=["full", "reason", "unverifiable", "column", "section", "nothing-known", "no-reason-if-ok"],
)
def test_wording_in_chinese(changes: dict[str, Any], expected: str | None) -> None:
    expected = expected or "正文写“93件”，与表中“本年新收政府信息公开申请数量·总计”一致。"

    assert word_finding(a_finding(**changes), labels=LABELS) == expected


def test_unknown_rule_reason_and_address_still_read() -> None:
    finding = a_finding(rule="budget-total", status=Status.SUSPECT, reason="moon", cell="a.b.c")

    message = word_finding(finding)

    assert message == "a.b.c：所写为93，参照数为91，需人工判断。请对照原文核实。"


def test_english_puts_a_space_before_the_reason() -> None:
    finding = a_finding(status=Status.SUSPECT, reason="other-scope")

    assert word_finding(finding, lang="en").endswith(
        "decide. The two places may cover different things."
    )


@given(
    rule=st.sampled_from([*RULES, "unknown"]),
    status=st.sampled_from(Status),
    reason=st.one_of(st.just(""), st.sampled_from(REASONS), st.text(max_size=9)),
    lang=st.sampled_from(LANGS),
    told=st.text(max_size=12),
    params=st.dictionaries(st.sampled_from(["unit", "section", "quote", "cell"]), st.text()),
)
def test_never_fails_and_never_shows_a_field_name(
    rule: str, status: Status, reason: str, lang: Lang, told: str, params: dict[str, str]
) -> None:
    finding = a_finding(
        rule=rule,
        status=status,
        reason=reason,
        stated=told,
        quote=told,
        params=tuple(params.items()),
    )

    message = word_finding(finding, lang=lang, labels=LABELS)

    assert message
    assert "{cell}" not in message


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("", ""),
        (
            "applications.received.total + applications.carried_in.total == 95",
            "本年新收政府信息公开申请数量·总计 + 上年结转政府信息公开申请数量·总计 = 95",
        ),
        ("a.b.c <= (x.y - 3)", "a.b.c ≤ (x.y − 3)"),
        ("17 / 50", "17 ÷ 50"),
    ],
)
def test_formula(formula: str, expected: str) -> None:
    assert word_formula(formula, labels=LABELS) == expected


def test_formula_words_replace_functions() -> None:
    words_of = load_wording("zh").formula_words

    assert word_formula("max(parts) <= a.b", labels={}, words=words_of) == "各项最大数 ≤ a.b"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("1E+3"), "1000"),
        (Decimal("0.50"), "0.5"),
        (Decimal("-30.00"), "-30"),
        (100, "100"),
        (0, "0"),
    ],
)
def test_plain_number(value: object, expected: str) -> None:
    assert plain_number(value) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[268, 377]", "268～377"),
        ("(22500, 23500.5)", "22500～23500.5"),
        ("(600, ∞)", ">600"),
        ("[600, ∞)", "≥600"),
        ("(-∞, 10)", "<10"),
        ("(-∞, 10]", "≤10"),
        ("30.00", "30"),
        ("251000元", "251000元"),
        ("100", "100"),
    ],
)
def test_plain_value(text: str, expected: str) -> None:
    assert plain_value(text) == expected


def test_titles_are_short() -> None:
    assert max(map(len, word_rule_titles("zh").values())) <= 10


READ_FAILURES = [
    ("E102", "the file is empty", "文件是空的。请检查下载或导出是否完整"),
    ("E104", "the file passes the limit max_cells = 50000", "表格超过 50000 格，没有读取。"),
    ("E107", "the file is encrypted", "文件已加密。请去掉密码后再试"),
    ("E107", "word/x.xml is encrypted", "Word 文件中的 word/x.xml 已加密。"),
    ("E101", "damaged archive: zip file version 9.9", "压缩包已损坏（zip file version 9.9）。"),
    ("E105", "Permission denied", "打不开（Permission denied）。"),
    ("E777", "odd {0} {x}", "odd {0} {x}"),
]


@pytest.mark.parametrize(("code", "message", "told"), READ_FAILURES)
def test_reasons_of_failed_files(code: str, message: str, told: str) -> None:
    assert word_failure(code, message, lang="zh").startswith(told)
    assert word_failure(code, message, lang="en") == message


def test_every_reason_of_a_reader_is_told_in_chinese() -> None:
    # Messages are plain strings in the code: one that is changed there must be changed here.
    code = "".join(p.read_text(encoding="utf-8") for p in Path(str(files("mining"))).rglob("*.py"))
    told = [key.split("*") for key in load_wording("zh").details]

    longest = [max(parts, key=len).strip() for parts in told]
    unknown = [words for words in longest if words not in code]

    # The name of the limit, or of the format, is put in when the message is made.
    assert [w for w in unknown if "the limit" not in w and "named .docx" not in w] == []
