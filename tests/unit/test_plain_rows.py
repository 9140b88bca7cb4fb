"""Rows that are read by their marks say what the way for all rows says."""

from __future__ import annotations

import random

import pytest

from mining.report import Cell, Report
from mining.spans import Span, one_wide
from mining.steps import tables
from mining.tabular import alignment, printedrows
from tests.printing import STYLES, application_rows, applications_text, filled, parsed, spec_of

ODD_LINES = (
    "", " ", "\t", "|", "0", "-", "——", "件", "其他", "行政许可", "\t其他", "\t0", "第3页", "若干",
    "3 4 5", "规章 | 0 |", "（注）", "本表由办公室填写", "\t规章\t1\t2", "(一)予以公开",
)  # fmt: skip
LITIGATION = (
    "四、政府信息公开行政复议、行政诉讼情况\n行政复议\n行政诉讼\n"
    + "结果维持\n结果纠正\n其他结果\n尚未审结\n总计\n" * 3
    + "".join(f"{n % 7}\n" for n in range(15))
    + "五、存在的主要问题及改进情况\n"
)
INDICATORS = "统计指标\n单位\n统计数\n" + "".join(
    f"{row.labels[0]}\n{row.unit or '件'}\n{n % 4}\n"
    for n, row in enumerate(spec_of("indicators", "2014").rows)
)


def damaged(text: str, seed: int) -> str:
    """Return the text with some lines lost, doubled, put elsewhere, or strange."""
    chance = random.Random(seed)
    lines = text.split("\n")
    for _ in range(seed % 6):
        at = chance.randrange(len(lines))
        match chance.randrange(4):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, chance.choice(lines))
            case _:
                lines.insert(at, chance.choice(ODD_LINES))
    return "\n".join(lines)


def without_short_ways(text: str, template: str, monkeypatch: pytest.MonkeyPatch) -> Report:
    with monkeypatch.context() as patch:
        patch.setattr(printedrows, "_first_cell", lambda *_, **__: None)
        patch.setattr(tables, "_first_value", lambda *_: None)
        patch.setattr(alignment, "_complete", lambda *_: [])
        return parsed(text, template)


@pytest.mark.parametrize("style", sorted(STYLES))
def test_applications_in_every_style(style: str, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(style)
    truth = filled(spec_of("applications"), lambda *_: chance.choice(["0", "3", "12", "", "/"]))
    printed = applications_text(application_rows(truth), style)
    for seed in range(12):
        text = damaged(printed, seed)
        assert parsed(text) == without_short_ways(text, "2021", monkeypatch)


@pytest.mark.parametrize(("printed", "template"), [(LITIGATION, "2021"), (INDICATORS, "2014")])
@pytest.mark.parametrize("lead", ["", "\t"])
def test_values_and_indicators(
    printed: str, template: str, lead: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    styled = "\n".join(lead + line if line else line for line in printed.split("\n"))
    assert parsed(styled, template).tables
    for seed in range(24):
        text = damaged(styled, seed)
        assert parsed(text, template) == without_short_ways(text, template, monkeypatch)


def test_a_cell_is_like_any_other_cell() -> None:
    truth = filled(spec_of("applications"), lambda *_: "1")
    report = parsed(applications_text(application_rows(truth), "lines"))
    assert report.tables is not None
    cell = report.tables[0].cells[0]
    assert cell == Cell(
        table="applications",
        row=cell.row,
        column=cell.column,
        raw="1",
        kind="number",
        value=1,
        span=Span(cell.span.start, cell.span.start + 1),
    )
    assert type(cell) is Cell
    assert cell.span.of(report.text) == "1"


def test_cells_far_into_a_text_stand_where_they_are_printed() -> None:
    printed = applications_text(
        application_rows(filled(spec_of("applications"), lambda *_: "1")), "lines"
    )
    # The table begins before the last place that has a shared span and ends behind it.
    lead = "本年没有其他情况。\n" * ((len(one_wide()) - 200) // 10)
    report = parsed(lead + printed)

    assert report.tables is not None
    spans = [cell.span for cell in report.tables[0].cells]
    assert spans[0].start < len(one_wide()) < spans[-1].start
    assert {span.of(report.text) for span in spans} == {"1"}
