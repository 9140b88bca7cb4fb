"""Statutory tables as real reports print them, damaged in every usual way."""

from __future__ import annotations

import pytest

from mining.errors import LayerError
from mining.pipeline import parse_report
from mining.report import Report, Source, Table
from mining.steps.tables import extract_tables
from tests.printing import (
    SETTINGS,
    STYLES,
    application_rows,
    applications_text,
    filled,
    parsed,
    read_cells,
    spec_of,
    sure_errors,
)
from tests.support import form_of

SPEC = spec_of("applications")
TRUTH = filled(SPEC, lambda row, column: str(len(row) % 7 if column != "other" else 0))
ROWED = ("tab", "tab-rows", "pipe", "spaces", "one-space")
ALL = (*ROWED, "lines")
EXTRA = ["9.属于历史档案信息", "1", "0", "0", "0", "0", "0", "1"]


def table_of(rows: list[list[str]], style: str) -> Table:
    table = parsed(applications_text(rows, style)).table("applications")
    assert table is not None
    return table


def disclosure(text: str, template: str = "2021") -> Table:
    report = parsed(
        f"二、主动公开政府信息情况\n{text}三、收到和处理政府信息公开申请情况\n无\n", template
    )
    table = report.table("disclosure")
    assert table is not None
    return table


@pytest.mark.parametrize("style", sorted(STYLES))
def test_a_full_table_is_read_in_every_style(style: str) -> None:
    table = table_of(application_rows(TRUTH), style)

    assert read_cells(table) == TRUTH
    assert {c.score for c in table.cells} == {1.0}
    assert (table.leftovers, table.missing_rows, table.section) == ((), (), "applications")


@pytest.mark.parametrize("style", sorted(STYLES))
def test_only_the_total_is_filled(style: str) -> None:
    truth = {k: v if k[1] == "total" else "" for k, v in TRUTH.items()}
    table = table_of(application_rows(truth), style)

    assert sure_errors(table, truth) == []
    if style != "one-space":
        assert read_cells(table) == truth


@pytest.mark.parametrize("style", ["tab", "tab-rows", "pipe", "pipe-before", "lines"])
def test_a_blank_table_is_a_table_of_blanks(style: str) -> None:
    table = table_of(application_rows(dict.fromkeys(TRUTH, "")), style)

    assert {c.kind for c in table.cells} == {"blank"}
    assert all(c.score >= SETTINGS.sure_cell for c in table.cells)


def test_labels_alone_are_no_table() -> None:
    text = "一、总体情况\n" + "".join(f"{row.labels[0]}\n" for row in SPEC.rows)

    assert parsed(text).table("applications") is None


@pytest.mark.parametrize("style", ALL)
@pytest.mark.parametrize(
    ("row", "name"),
    [
        ("unavailable.not_held", "1.本机关不掌握有关政府信息"),
        ("carried_in", "二、上年度结转政府信息公开申请数量"),
        ("total", "（七）合计"),
        ("granted", "予以公开"),
    ],
)
def test_a_label_with_a_fault_is_known(style: str, row: str, name: str) -> None:
    if style == "one-space" and row == "granted":
        pytest.skip("a group and a label without number run together")
    assert read_cells(table_of(application_rows(TRUTH, names={row: name}), style)) == TRUTH


@pytest.mark.parametrize("style", ["tab", "lines"])
@pytest.mark.parametrize(
    ("row", "name"),
    [
        ("carried_in", "二、上年结转政府\n信息公开申请数量"),
        (
            "other.unpaid",
            "2.申请人逾期未按收费通知\n要求缴纳费用、行政机关不\n再处理其政府信息公开申请",
        ),
    ],
)
def test_a_label_broken_into_lines_is_known(style: str, row: str, name: str) -> None:
    table = table_of(application_rows(TRUTH, names={row: name}), style)

    assert read_cells(table) == TRUTH
    assert table.leftovers == ()


@pytest.mark.parametrize("style", ALL)
@pytest.mark.parametrize("position", [1, 6, 12, 24])
def test_an_unknown_row_is_kept_and_harms_no_other(style: str, position: int) -> None:
    rows = application_rows(TRUTH)
    table = table_of([*rows[:position], EXTRA, *rows[position:]], style)

    assert read_cells(table) == TRUTH
    assert all(c.score >= SETTINGS.sure_cell for c in table.cells)
    assert {"9.属于历史档案信息", "1"} <= {x.text for x in table.leftovers}


@pytest.mark.parametrize("style", sorted(STYLES))
def test_an_unknown_row_never_fills_a_blank_one(style: str) -> None:
    truth = {k: "" if k[0] == "denied.law" else v for k, v in TRUTH.items()}
    rows = application_rows(truth)
    position = next(i for i, r in enumerate(rows) if r[0].startswith("3.危及"))

    table = table_of([*rows[:position], EXTRA, *rows[position:]], style)

    assert sure_errors(table, truth) == []


@pytest.mark.parametrize("style", ALL)
def test_a_cut_table_tells_what_is_missing(style: str) -> None:
    table = table_of(application_rows(TRUTH)[:10], style)

    assert [r.key for r in SPEC.rows[10:]] == list(table.missing_rows)
    assert sure_errors(table, TRUTH) == []
    assert len(table.cells) == 70


@pytest.mark.parametrize("style", ALL)
def test_numbers_behind_the_table_are_not_taken(style: str) -> None:
    text = applications_text(application_rows(TRUTH), style)

    assert (
        read_cells(parsed(text.replace("四、政府", "3\n12\n四、政府")).table("applications"))
        == TRUTH
    )


@pytest.mark.parametrize("style", ALL)
def test_a_table_printed_twice_is_read_once(style: str) -> None:
    rows = application_rows(TRUTH)

    assert read_cells(table_of([*rows, *rows], style)) == TRUTH


def test_a_page_number_inside_a_row_leaves_doubt_in_that_row_only() -> None:
    lines = applications_text(application_rows(TRUTH), "lines").split("\n")
    start = lines.index("2.其他法律行政法规禁止公开")
    report = parsed("\n".join([*lines[: start + 3], "3", *lines[start + 3 :]]))
    table = report.table("applications")

    assert sure_errors(table, TRUTH) == []
    assert table is not None
    assert {c.row for c in table.cells if c.score < SETTINGS.sure_cell} == {"denied.law"}


DISCLOSURE = [
    ["第二十条第（一）项"],
    ["信息内容", "本年新\n制作数量", "本年新\n公开数量", "对外公开总数量"],
    ["规章", "0", "0", "0"],
    ["规范性文件", "2", "/", "1,119"],
    ["第二十条第（五）项"],
    ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"],
    ["行政许可", "94", "减4", "1515"],
    ["其他对外管理服务事项", "31", "+16", "无"],
    ["第二十条第（六）项"],
    ["行政处罚", "300", "增9", ""],
    ["行政强制", "—", "0", "0"],
    ["第二十条第（八）项"],
    ["行政事业性收费", "1", "-1"],
    ["第二十条第（九）项"],
    ["政府集中采购", "3", "1,251.9万元"],
]


@pytest.mark.parametrize("style", ["tab", "lines", "pipe", "pipe-tight", "pipe-before", "tab-rows"])
def test_the_disclosure_table_with_all_kinds_of_cells(style: str) -> None:
    flat = style not in ("tab", "lines")
    rows = [[c.replace("\n", " ") if flat else c for c in row] for row in DISCLOSURE]
    table = disclosure(STYLES[style](rows), "2019")

    found = {f"{c.row}.{c.column}": c for c in table.cells}
    assert found["normative_documents.published"].kind == "none"
    assert found["normative_documents.total_public"].value == 1119
    assert found["licensing.change"].value == -4
    assert found["other_services.change"].value == 16
    assert found["penalties.decisions"].raw == ""
    assert found["fees.change"].value == -1
    assert (str(found["procurement.amount"].value), found["procurement.amount"].unit) == (
        "1251.9",
        "万元",
    )
    assert table.leftovers == ()


def test_a_word_in_the_place_of_a_number_is_a_cell() -> None:
    for style in ("lines", "pipe", "tab"):
        rows = [["规章", "0", "若干", "0"], ["行政规范性文件", "1", "2", "3"], ["行政许可", "若干"],
                ["行政处罚", "2"]]  # fmt: skip
        cells = {f"{c.row}.{c.column}": c for c in disclosure(STYLES[style](rows)).cells}

        assert (cells["regulations.repealed"].raw, cells["regulations.repealed"].kind) == (
            "若干",
            "text",
        )
        assert cells["licensing.decisions"].raw == "若干"


def test_the_table_of_2019_in_a_report_for_2021_chooses_the_form() -> None:
    head = "云州市水务局2021年政府信息公开工作年度报告\n二、主动公开政府信息情况\n"
    text = head + STYLES["lines"](DISCLOSURE)
    raw = Report(id="r", source=Source(uri="r.txt"), raw_text=text)

    report, form = parse_report(raw, settings=SETTINGS)

    assert form.template == "2019"
    assert report.table("disclosure") is not None


@pytest.mark.parametrize("style", ["lines", "pipe", "pipe-before", "tab", "tab-rows", "spaces"])
@pytest.mark.parametrize("units", [True, False])
def test_the_indicators_with_and_without_units(style: str, *, units: bool) -> None:
    spec = spec_of("indicators", "2014")
    truth = filled(spec, lambda row, _: str(len(row)))
    rows = [
        [f"　　（一）{r.labels[0]}", *([r.unit] if units else []), truth[r.key, "count"]]
        for r in spec.rows
    ]
    head = ["统计指标", "单位", "统计数"]
    report = parsed(
        f"八、附表\n{STYLES[style]([head, *rows])}单位负责人：张三\n填报日期：1月15日\n", "2014"
    )

    assert read_cells(report.table("indicators")) == truth
    assert sure_errors(report.table("indicators"), truth) == []


def test_sections_come_first() -> None:
    report = Report(id="r", source=Source(uri="r.txt"), raw_text="规章", text="规章")

    with pytest.raises(LayerError, match="E301"):
        extract_tables(report, form_of("2021"), SETTINGS)


def test_a_litigation_table_left_empty_is_a_table_of_blanks() -> None:
    text = (
        "四、政府信息公开行政复议、行政诉讼情况\n\t行政复议\n\t行政诉讼\n\n"
        + "".join(
            f"\t{name}\n" for name in ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
        )
        + "\t未经复议直接起诉\n\t复议后起诉\n\n"
        + "\t\n" * 5
        + "".join(
            f"\t{name}\n" for name in ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
        )
        * 2
        + "\n"
        + "\t\n" * 15
        + "\n五、存在的主要问题及改进情况\n无。\n"
    )
    table = parsed(text, "2021").table("litigation")

    assert table is not None
    assert [c.kind for c in table.cells] == ["blank"] * 15


CELL_A_LINE = """二、主动公开政府信息情况
|
第二十条第(一)项 | |||
|
信息内容 |
本年制发件数 |
本年废止件数 |
现行有效件数 |
|
规章 |
0 |
0 |
|
|
行政规范性文件 |
5 |
12 |
8 |
|
行政许可 |
31 | ||
|
行政处罚 |
4 | ||
三、收到和处理政府信息公开申请情况
一、本年新收政府信息公开申请数量 |
8 |
|
|
|
|
1 |
9 |
||
二、上年结转政府信息公开申请数量 |
2 |
|
|
|
|
|
2 |
||
"""


def test_a_web_page_prints_one_cell_and_its_sign_to_a_line() -> None:
    report = parsed(CELL_A_LINE, "2021")
    disclosure, applications = report.table("disclosure"), report.table("applications")

    assert disclosure is not None
    assert applications is not None
    found = {c.address: c.raw for t in (disclosure, applications) for c in t.cells if c.raw}
    assert found == {
        "disclosure.regulations.issued": "0",
        "disclosure.regulations.repealed": "0",
        "disclosure.normative_documents.issued": "5",
        "disclosure.normative_documents.repealed": "12",
        "disclosure.normative_documents.in_force": "8",
        "disclosure.licensing.decisions": "31",
        "disclosure.penalties.decisions": "4",
        "applications.received.natural_person": "8",
        "applications.received.other": "1",
        "applications.received.total": "9",
        "applications.carried_in.natural_person": "2",
        "applications.carried_in.total": "2",
    }
    assert min(c.score for t in (disclosure, applications) for c in t.cells) >= 0.9


def test_a_label_without_anything_behind_it_is_not_sure() -> None:
    rows = "".join(
        f"{name} | 0 | 0 | 0 | 0 | 0 | 0 | 0 |\n"
        for name in ("一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量")
    )
    text = (
        f"三、收到和处理政府信息公开申请情况\n{rows}"
        "四、政府信息公开行政复议、行政诉讼情况\n"
        "结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计 |\n"
    )
    table = parsed(text, "2021").table("applications")

    assert table is not None
    assert [c.address for c in table.cells if c.row == "total" and c.score >= 0.9] == []
