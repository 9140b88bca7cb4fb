"""Traditional characters: simplified once, every place traced, simplified texts left alone."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining.finding import Finding
from mining.generate.render import render_text
from mining.generate.truth import load_truth
from mining.pipeline import check_report, parse_report
from mining.report import Report, Source
from mining.settings import Settings
from mining.spans import Span
from mining.steps.normalize import normalize_text
from mining.traditional import find_simplifier
from tests.conftest import SAMPLE

SETTINGS = Settings()
TRUTHS = sorted((SAMPLE / "truth").glob("*.toml"))


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("主動公開政府信息三百條", "主动公开政府信息三百条"),
        ("本年度新收申請１２件，均已答覆", "本年度新收申请12件，均已答复"),
        ("爲規範政務公開，瞭解羣衆訴求", "为规范政务公开，了解群众诉求"),
        ("主動公開(kāi)12條，聯（lián）系", "主动公开12条，联系"),
        ("公開(kāi)政務(wù)新媒體綜(zōng)合指數(shù)", "公开政务新媒体综合指数"),
        ("公開(12)條(見附件)務(a)", "公开(12)条(见附件)务(a)"),
        ("公開資訊3條，入口網站最佳化", "公开信息3条，门户网站优化"),
        ("公開資訊，規範性檔案5件，檔案局", "公开信息，规范性文件5件，档案局"),
        ("信息公開，請求支援，線上訪談，檔案9件", "信息公开，请求支援，线上访谈，档案9件"),
        ("政務公開㈠\r\n", "政务公开(一)\n"),
    ],
)
def test_text_is_simplified(raw: str, text: str) -> None:
    assert normalize_text(raw)[0] == text


@pytest.mark.parametrize(
    "text",
    [
        "主动公开政府信息312条，政务服务中心为群众办事。",
        "政务公开：张國榮、李開来二人请辞，会务组为个人办理。",
        "乾坤著書",
        "公开(kāi)",
        "",
    ],
)
def test_simplified_text_is_left_alone(text: str) -> None:
    assert normalize_text(text) == (text, normalize_text("")[1])


def test_places_are_traced_over_words_of_another_length() -> None:
    raw = "公開(kāi)資訊，流程最佳化後新收申請１２件"
    text, offsets = normalize_text(raw)

    for new, old in (("12件", "１２件"), ("优化", "最佳化"), ("信息", "資訊")):
        start = text.index(new)
        assert offsets.to_raw(Span(start, start + len(new))).of(raw) == old


@given(st.lists(st.sampled_from(["公開", "(kāi)", "最佳化", "資訊", "申請", "㈠", "\r\n", "12"])))
def test_every_digit_is_traced(pieces: list[str]) -> None:
    raw = "務" + "".join(pieces)
    text, offsets = normalize_text(raw)

    for position, character in enumerate(text):
        if character.isdecimal():
            assert offsets.to_raw(Span(position, position + 1)).of(raw) == character


def told(raw: str) -> list[tuple[str, ...]]:
    source = Source(uri="report.txt")
    report, form = parse_report(Report(id="r", source=source, raw_text=raw), settings=SETTINGS)
    findings: tuple[Finding, ...] = check_report(report, form, settings=SETTINGS)
    return [(f.rule, str(f.status), str(f.cell), f.stated, f.expected) for f in findings]


@pytest.mark.parametrize("usage", ["s2t", "s2tw", "s2twp"])
def test_converted_reports_give_the_same_findings(usage: str) -> None:
    opencc = pytest.importorskip("opencc", reason="makes the traditional texts")
    converter = opencc.OpenCC(usage)
    changed = []
    for path in TRUTHS:
        raw, _ = render_text(load_truth(path))
        converted = converter.convert(raw)
        assert converted != raw
        if told(converted) != told(raw):
            changed.append(path.stem)

    assert TRUTHS
    assert changed == []


def test_simplified_reports_do_not_pay() -> None:
    raw, _ = render_text(load_truth(TRUTHS[0]))
    best = min(_seconds(raw) for _ in range(50))

    # 20 millionths of a second on the machine of the bars; shared machines are slower.
    assert best < 3 * 20e-6


def _seconds(raw: str) -> float:
    start = time.perf_counter()
    find_simplifier(raw)
    return time.perf_counter() - start
