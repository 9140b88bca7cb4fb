"""The worksheet: what is on which sheet, and that no text is ever a formula."""

import zipfile
from pathlib import Path

import openpyxl
import pytest

from mining.errors import OutputError
from mining.finding import Failure
from mining.present import xlsx
from mining.present.cards import ReportCard, failure_card, summarize
from mining.present.xlsx import write_workbook
from tests.cardmaker import make_card, make_finding

FAILED = failure_card(Failure(report="坏.pdf", source="in/坏.pdf", code="E103", message="无法解码"))


def book_of(cards: list[ReportCard], path: Path, **options: str) -> openpyxl.Workbook:
    write_workbook(cards, path, summary=summarize(cards), lang="en" if options else "zh")
    return openpyxl.load_workbook(path)


def values(sheet: openpyxl.worksheet.worksheet.Worksheet, row: int) -> list[object]:
    return [cell.value for cell in sheet[row]]


def test_sheets_and_summary(tmp_path: Path) -> None:
    cards = [make_card(make_finding(), make_finding(status="suspect", id="b")), FAILED]

    book = book_of(cards, tmp_path / "a.xlsx")

    assert book.sheetnames == ["摘要", "不一致与存疑", "覆盖情况", "失败文件"]
    told = {row[0].value: row[1].value for row in book["摘要"].iter_rows(min_row=4, max_row=13)}
    assert told == {
        "报告": 1,
        "失败": 1,
        "核对项": 45,
        "不一致": 1,
        "存疑": 1,
        "一致": 40,
        "无法核对": 3,
        "正文数字": 20,
        "对应到表格": 8,
        "已核对": 7,
    }


def test_finding_row(tmp_path: Path) -> None:
    sheet = book_of([make_card(make_finding())], tmp_path / "a.xlsx")["不一致与存疑"]

    row = dict(zip(values(sheet, 1), values(sheet, 2), strict=True))
    assert row["结果"] == "≠ 不一致"
    assert (row["所写"], row["参照"], row["相差"]) == (93, 91, 2)
    assert row["正文"] == "全年收到申请93件，均已答复。"
    assert (row["章节"], row["原文位置"]) == ("一、总体情况", "第1页")
    assert row["编号"] == "a1b2c3d4e5f60718"
    assert sheet["A2"].fill.fgColor.rgb == "FFFBE9E6"


def test_head_is_frozen_and_rows_can_be_filtered(tmp_path: Path) -> None:
    sheet = book_of([make_card(make_finding())], tmp_path / "a.xlsx")["不一致与存疑"]

    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:Q2"
    assert sheet["G2"].alignment.wrap_text
    assert sheet.column_dimensions["G"].width > 60


@pytest.mark.parametrize(
    "text", ["=1+1", "+SUM(A1)", "-2+3", "@now", "=HYPERLINK(0)", "http://a.b"]
)
def test_no_text_is_a_formula_or_a_link(tmp_path: Path, text: str) -> None:
    finding = make_finding(stated=text, message=text)
    book = book_of([make_card(finding, agency=text, report=text)], tmp_path / "a.xlsx")

    cells = [c for sheet in book for row in sheet.iter_rows() for c in row]
    assert [c.data_type for c in cells if c.value == text] == ["s"] * 6
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        sheets = [archive.read(n) for n in archive.namelist() if "worksheets/" in n]
    assert not any(b"<f>" in s or b"<hyperlink" in s for s in sheets)


def test_coverage_and_failed(tmp_path: Path) -> None:
    empty = make_card(coverage={"found": 0, "linked": 0, "checked": 0}, year=None)

    book = book_of([make_card(), empty, FAILED], tmp_path / "a.xlsx")

    coverage = book["覆盖情况"]
    assert values(coverage, 2)[5:11] == [20, 8, 7, 0.4, 0.35, 43]
    assert values(coverage, 3)[8:10] == [None, None]
    assert coverage["I2"].number_format == "0.0%"
    assert values(book["失败文件"], 2) == [
        "坏.pdf",
        "in/坏.pdf",
        "[E103] 文字编码混乱，无法还原（无法解码）。请另存为 UTF-8 文本后再试",
    ]


def test_full_sheet_is_cut_and_the_summary_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "XLSX_ROWS", 3)
    cards = [make_card(*(make_finding(id=str(n)) for n in range(5)))]

    book = book_of(cards, tmp_path / "a.xlsx")

    assert book["不一致与存疑"].max_row == 3
    notes = [(r[0].value, r[2].value) for r in book["摘要"].iter_rows(min_row=14)]
    assert ("不一致与存疑", "行数过多，只写入 2 行，最要紧的在内；全部结果见数据表。") in notes
    assert not any(name == "覆盖情况" for name, _ in notes)


def test_long_and_broken_texts_fit(tmp_path: Path) -> None:
    finding = make_finding(message="申" * 40_000, section="\ud800")

    sheet = book_of([make_card(finding)], tmp_path / "a.xlsx")["不一致与存疑"]

    assert len(sheet["G2"].value) == 32_767
    assert sheet["K2"].value == "?"


def test_english(tmp_path: Path) -> None:
    book = book_of([make_card(make_finding())], tmp_path / "a.xlsx", lang="en")

    assert book.sheetnames == ["Summary", "Findings", "Coverage", "Failed"]
    assert values(book["Findings"], 2)[0] == "≠ Mismatch"


def test_no_cards(tmp_path: Path) -> None:
    assert values(book_of([], tmp_path / "a.xlsx")["失败文件"], 1) == ["文件", "来源", "失败原因"]


def test_unwritable_place_is_an_output_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"E501.*a\.xlsx"):
        book_of([make_card()], tmp_path / "missing" / "a.xlsx")


def test_failure_while_writing_leaves_the_earlier_file(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_text("earlier")
    broken = make_card()
    del broken["coverage"]  # type: ignore[misc]

    with pytest.raises(KeyError):
        write_workbook([broken], path, summary=summarize([]))

    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("a.xlsx", "earlier")]
