"""Headings as real reports print them: first-level sections with nothing lost between them."""

import time

import pytest

from mining.errors import LayerError
from mining.report import Report, Source
from mining.steps.sections import split_sections
from tests.printing import SETTINGS, parsed
from tests.support import form_of

TITLES = {
    "overview": "总体情况",
    "disclosure": "主动公开政府信息情况",
    "applications": "收到和处理政府信息公开申请情况",
    "litigation": "政府信息公开行政复议、行政诉讼情况",
    "problems": "存在的主要问题及改进情况",
    "other": "其他需要报告的事项",
}
BODIES = {
    "overview": "2022年，我局围绕重点工作推进政务公开，通过门户网站公开信息312条，组织培训2次。",
    "disclosure": "规章\n0\n0\n0\n行政规范性文件\n2\n1\n9\n行政许可\n15",
    "applications": (
        "申请人情况\n自然人\n一、本年新收政府信息公开申请数量\n5\n二、上年结转政府信息公开申请数量\n0\n"
        "三、本年度办理结果\n（一）予以公开\n5\n（七）总计\n5\n四、结转下年度继续办理\n0"
    ),
    "litigation": "行政复议\n行政诉讼\n0\n0\n0\n0\n0",
    "problems": "存在问题：一是解读形式单一；二是更新不够及时。改进情况：加强培训，强化考核。",
    "other": "无其他需要报告的事项。",
}
TITLE = "云州市水务局2022年政府信息公开工作年度报告\n"
INNER = [
    "加强组织领导",
    "完善公开机制",
    "抓好重点领域",
    "强化平台建设",
    "开展业务培训",
    "严格监督考核",
]
SIX = list(TITLES)


def printed(
    headings: dict[str, str] | None = None,
    bodies: dict[str, str] | None = None,
    *,
    keys: list[str] | None = None,
    title: str = TITLE,
) -> str:
    """Return a report; `headings` and `bodies` replace the usual ones by section key."""
    lines = []
    for number, key in zip("一二三四五六", keys or SIX, strict=False):
        lines.append((headings or {}).get(key, f"{number}、{TITLES[key]}"))
        lines.append((bodies or {}).get(key, BODIES[key]))
    return title + "\n".join(lines) + "\n"


def keys_of(text: str, template: str = "2021") -> list[str]:
    return [s.key for s in parsed(text, template).sections or () if s.key != "preface"]


CASES = {
    "plain": printed(),
    "no title before": printed(title=""),
    "space before the sign": printed({"overview": "一 、概 述"}),
    "spaces and no sign": printed({"overview": "一 概 述", "other": "六 其他需要报告的事项"}),
    "colon behind": printed({"overview": "一、总体情况：", "other": "六、其他事项："}),
    "number lost": printed({"disclosure": "主动公开政府信息情况"}),
    "title lost": printed({"disclosure": "二、", "litigation": "四、"}),
    "two lines": printed({
        "litigation": "四、因政府信息公开工作被申请行政复议、\n提起行政诉讼情况"}),
    "number on its own line": printed({"litigation": "四、\n政府信息公开行政复议、行政诉讼情况"}),
    "behind a sentence": printed().replace("2次。\n二、", "2次。二、"),
    "behind a cell": printed().replace("0\n五、", "0五、"),
    "tabs behind": printed({"overview": "一、总体情况\t\t", "other": "\t六、其他事项 \t"}),
    "text right behind": printed().replace("一、总体情况\n", "一、总体情况。"),
    "text behind a blank": printed().replace("及改进情况\n", "及改进情况 "),
    "wrong numbers": printed({
        "litigation": "三、行政复议、行政诉讼情况", "problems": "四、存在的主要问题"}),
    "numbers skipped": printed({
        "problems": "六、存在的主要问题及改进情况", "other": "七、其他需要报告的事项"}),
    "Arabic numbers": printed({k: f"{i}、{TITLES[k]}" for i, k in enumerate(SIX, 1)}),
    "part numbers": printed({
        k: f"第{n}部分 {TITLES[k]}" for n, k in zip("一二三四五六", SIX, strict=True)}),
    "empty sections": printed(bodies={"disclosure": "", "applications": ""}),
    "table of contents": printed(title=TITLE + "目录\n" + "\n".join(
        f"{n}、{t}" for n, t in zip("一二三四五六", TITLES.values(), strict=True)) + "\n"),
    "table of contents with pages": printed(title=TITLE + "目录\n" + "\n".join(
        f"{n}、{t}\t{i}" for i, n, t in zip(range(6), "一二三四五六", TITLES.values(), strict=True))
        + "\n本报告由市水务局编制，统计期限为2022年1月1日至2022年12月31日，欢迎查阅。\n"),
    "numbered list inside": printed(bodies={"overview": BODIES["overview"] + "\n" + "\n".join(
        f"{n}、{t}" for n, t in zip("一二三四五六", INNER, strict=True))}),
    "numbered list with text inside": printed(bodies={"problems": "\n".join(
        f"{n}、{t}\n{BODIES['overview']}" for n, t in zip("一二三四五六", INNER, strict=True))}),
    "numbered list at the end": printed(bodies={"other": "\n".join(
        f"{n}、{t}" for n, t in zip("一二三四五六", INNER, strict=True))}),
    "pipe rows": printed(bodies={"applications": (
        "一、本年新收政府信息公开申请数量 | 5 | 0 |\n二、上年结转政府信息公开申请数量 | 0 | 0 |\n"
        "三、本年度办理结果 | （一）予以公开 | 5 | 0 |\n四、结转下年度继续办理 | 0 | 0 |")}),
    "row labels broken": printed(bodies={"applications": BODIES["applications"].replace(
        "政府信息公开申请数量", "政府信\n息公开申请数量").replace("年度继续", "年度\n继续")}),
    "row labels damaged": printed(bodies={"applications": BODIES["applications"].replace(
        "本年新收政府信息公开申请数量", "本年新收政府信息申请量").replace("年度继续", "年继续")}),
}  # fmt: skip


@pytest.mark.parametrize("text", CASES.values(), ids=CASES.keys())
def test_the_six_sections_are_found(text: str) -> None:
    assert keys_of(text) == SIX


@pytest.mark.parametrize("text", CASES.values(), ids=CASES.keys())
def test_sections_leave_no_gap_and_hold_their_headings(text: str) -> None:
    report = parsed(text)
    sections = report.sections or ()

    assert "".join(s.span.of(report.text) for s in sections) == report.text
    assert all(s.span.contains(s.heading) for s in sections)
    assert [s.title for s in sections if s.title not in s.heading.of(report.text)] in (
        [],
        ["因政府信息公开工作被申请行政复议、提起行政诉讼情况"],
    )


def test_a_heading_run_into_the_text_begins_at_its_number() -> None:
    report = parsed(CASES["behind a cell"])

    section = next(s for s in report.sections or () if s.key == "problems")
    assert section.heading.of(report.text) == "五、存在的主要问题及改进情况"
    assert section.matched_by == "inline"
    assert section.score < 1


@pytest.mark.parametrize(
    "keys",
    [SIX[:5], [k for k in SIX if k != "litigation"], ["overview", "problems", "other"]],
    ids=["no other", "no litigation", "three"],
)
def test_fewer_sections_are_not_filled_up(keys: list[str]) -> None:
    assert keys_of(printed(keys=keys)) == keys


@pytest.mark.parametrize("behind", ["\t3", "。", " | 3", "   3", "\t" * 60])
def test_a_row_or_sentence_is_no_heading(behind: str) -> None:
    text = f"略\n七、另有一事{behind}\n略\n"
    assert keys_of(printed() + text) == SIX
    assert keys_of(printed() + text.replace(behind, "")) == [*SIX, "unknown"]


def test_a_damaged_row_label_does_not_stand_in_for_a_missing_section() -> None:
    table = BODIES["applications"].replace("结转下年度继续办理", "结转下年继续办理")
    keys = [k for k in SIX if k != "litigation"]
    headings = {"problems": "五、存在的主要问题及改进情况", "other": "六、其他需要报告的事项"}

    assert keys_of(printed(headings, {"applications": table}, keys=keys)) == keys


def test_a_report_printed_twice_keeps_its_sections_together() -> None:
    tail = "分享 打印 关闭窗口 主办单位云州市水务局 网站地图 联系我们 版权所有 " * 6
    report = parsed(printed() + "\n打印\n" + printed() + tail)

    sections = [s for s in report.sections or () if s.key != "preface"]
    assert [s.key for s in sections] == SIX
    assert all(s.span.of(report.text).count("总体情况") <= 1 for s in sections[:-1])


OLD = {
    "概述": "overview",
    "主动公开政府信息情况": "disclosure",
    "依申请公开政府信息情况": "applications",
    "咨询处理情况": "unknown",
    "政府信息公开支出与收费情况": "fees",
    "因政府信息公开申请行政复议、提起行政诉讼的情况": "litigation",
    "存在的主要问题和改进措施": "problems",
    "附表": "attachment",
}


@pytest.mark.parametrize("template", ["2008", "2014", "2021"])
def test_the_old_order_with_a_section_of_its_own(template: str) -> None:
    text = "".join(
        f"{n}、{title}\n{BODIES['overview']}\n"
        for n, title in zip("一二三四五六七八", OLD, strict=True)
    )

    assert keys_of(text, template) == list(OLD.values())


@pytest.mark.parametrize(
    "text", ["", "\n", "今年工作平稳，公开信息三条。", "（一）加强领导。\n（二）健全机制。"]
)
def test_a_text_without_headings_is_one_section(text: str) -> None:
    report = parsed(text)

    assert [(s.key, len(s.span)) for s in report.sections or ()] == [("unknown", len(report.text))]


def test_raw_text_alone_is_refused() -> None:
    report = Report(id="r", source=Source(uri="r.txt"), raw_text="一、总体情况")

    with pytest.raises(LayerError, match="E301"):
        split_sections(report, form_of("2021"), SETTINGS)


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"{'一二三四五六七八九十'[i % 10]}、加强工作" for i in range(20_000)),
        "一、总体情况\n" * 20_000,
        "。一、总体情况" * 20_000,
        "一" * 200_000,
        "一" + " " * 200_000,
        "。" + " " * 200_000,
        "\t" * 100_000 + "一、",
        "一、\n" * 20_000,
    ],
    ids=["numbered", "known", "inline", "digits", "blanks", "gap", "tabs", "numbers alone"],
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    began = time.process_time()
    parsed(text)

    assert time.process_time() - began < 2
