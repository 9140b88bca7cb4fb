"""Word files: what is shown comes out, in the style of plain text; all else is refused clearly."""

import struct
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mining.errors import ReadError
from mining.finding import Finding
from mining.generate.render import render_text
from mining.generate.truth import load_truth
from mining.pipeline import audit_report, check_report, parse_report
from mining.readers.docx import read_docx
from mining.report import Report, Source
from mining.settings import Settings
from tests.conftest import SAMPLE
from tests.wordmaker import docx_of_truth, make_docx, p, pack, root, tbl, tc

PATH = Path("report.docx")
TRUTHS = sorted((SAMPLE / "truth").glob("*.toml"))


def read(data: bytes, **limits: float) -> Report:
    chosen = Settings(**limits)  # type: ignore[arg-type]
    return read_docx(data, report_id="r", path=PATH, settings=chosen)


def text_of(body: str, **parts: str) -> str:
    return read(make_docx(body, parts=parts)).raw_text


def r(text: str, properties: str = "") -> str:
    inside = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{inside}<w:t xml:space="preserve">{text}</w:t></w:r>'


def told(findings: tuple[Finding, ...]) -> list[tuple[str, ...]]:
    return [(f.rule, str(f.status), str(f.cell), f.stated, f.expected) for f in findings]


@pytest.mark.parametrize("path", TRUTHS, ids=lambda path: path.stem)
def test_a_report_gives_the_findings_of_its_plain_text(path: Path) -> None:
    usual = Settings()
    truth = replace(load_truth(path), style="tab", crlf=False)
    plain = Report(id="r", source=Source(uri="report.txt"), raw_text=render_text(truth)[0])

    report, form = parse_report(plain, settings=usual)
    expected = told(check_report(report, form, settings=usual))

    result = audit_report(docx_of_truth(truth), report_id="r", path=PATH, settings=usual)
    assert told(result.findings) == expected
    assert [(c.address, c.raw, c.score) for t in result.report.tables or () for c in t.cells] == [
        (c.address, c.raw, c.score) for t in report.tables or () for c in t.cells
    ]


PROMPT = (
    f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{r('单击此处')}"
    "</w:sdtContent></w:sdt>"
)
FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE 1</w:instrText></w:r>'
    f'{r("7")}<w:r><w:fldChar w:fldCharType="separate"/></w:r>{r("2023年")}'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (r("新收") + r("申请12件"), "新收申请12件"),
        (f"<w:ins>{r('新收')}</w:ins><w:del>{r('共收')}</w:del>{r('9件')}", "新收9件"),
        (r("共") + "<w:del><w:r><w:delText>18</w:delText></w:r></w:del>" + r("81件"), "共81件"),
        (f"<w:moveFrom>{r('旧')}</w:moveFrom><w:moveTo>{r('新')}</w:moveTo>", "新"),
        (r("看得见") + r("看不见", "<w:vanish/>"), "看得见"),
        (r("见", '<w:b/><w:color w:val="0"/>') + r("藏", "<w:b/><w:vanish/>"), "见"),
        (r("看得见", '<w:vanish w:val="0"/>'), "看得见"),
        (f'<w:hyperlink w:anchor="a">{r("区政府网站")}</w:hyperlink>', "区政府网站"),
        (f"<w:smartTag><w:smartTag>{r('2022年')}</w:smartTag></w:smartTag>", "2022年"),
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{r('3件')}</w:sdtContent></w:sdt>", "3件"),
        (PROMPT + r("5件"), "5件"),
        (FIELD + r("1月"), "2023年1月"),
        ('<w:r><w:fldChar w:fldCharType="end"/></w:r>' + r("照常"), "照常"),
        (f'<w:fldSimple w:instr="PAGE">{r("3")}</w:fldSimple>', "3"),
        (r("第一行") + "<w:r><w:br/></w:r>" + r("第二行"), "第一行\n第二行"),
        ("<w:r><w:tab/></w:r>" + r("缩进的一段"), "缩进的一段"),
        (r("规章") + "<w:r><w:tab/></w:r>" + r("0"), "规章\t0"),
        (r("2019") + "<w:r><w:noBreakHyphen/></w:r>" + r("2022年"), "2019-2022年"),
        (r("政府") + "<w:r><w:softHyphen/></w:r>" + r("信息"), "政府信息"),
        ('<w:r><w:sym w:font="SimSun" w:char="2460"/></w:r>' + r("公开"), "①公开"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>' + r("是"), "是"),
        ('<w:r><w:sym w:font="x" w:char="不是"/></w:r>' + r("是"), "是"),
        ("<m:oMath><m:r><m:t>46</m:t></m:r></m:oMath>" + r("件"), "46件"),
        (
            "<w:r><w:ruby><w:rt><w:r><w:t>sui</w:t></w:r></w:rt><w:rubyBase>"
            "<w:r><w:t>睢</w:t></w:r></w:rubyBase></w:ruby></w:r>" + r("县"),
            "睢县",
        ),
        (f'<w:commentRangeStart w:id="0"/>{r("正文")}<w:r><w:commentReference/></w:r>', "正文"),
        ("<w:r><w:t>\n  公开\n  12件\n</w:t></w:r>", "公开 12件"),
    ],
)
def test_a_paragraph_says_what_the_page_shows(inner: str, text: str) -> None:
    assert text_of(f"<w:p>{inner}</w:p>") == f"{text}\n"


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    deleted = "<w:rPr><w:del/></w:rPr>"

    assert text_of(p("全年新收", deleted) + p("申请3件。")) == "全年新收申请3件。\n"


def box(text: str) -> str:
    return f"<w:txbxContent>{p(text)}</w:txbxContent>"


def test_a_text_box_is_read_once() -> None:
    both = (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{box('框内')}</wps:txbx>"
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box('框内')}</v:textbox>"
        "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    old = f"<w:r><w:pict><v:textbox>{box('旧框')}</v:textbox></w:pict></w:r>"

    assert text_of(f"<w:p>{r('正文')}{both}</w:p><w:p>{old}</w:p>") == "正文\n框内\n\n旧框\n"


def test_merged_cells_are_entered_as_word_exports_them() -> None:
    rows = [
        [tc(p("申请人"), '<w:vMerge w:val="restart"/>'), tc(p("单位"), '<w:gridSpan w:val="2"/>')],
        [tc(p("藏"), "<w:vMerge/>"), tc(p("企业")), tc(p("其") + p("他"))],
        [tc(p("9"), '<w:hMerge w:val="restart"/>'), tc(p(""), "<w:hMerge/>"), tc(p(" 4 "))],
    ]
    expected = "前\n\t申请人\n\t单位\n\n\t\n\t企业\n\t其他\n\n\t9\n\t4\n\n后\n"

    assert text_of(p("前") + tbl(rows) + p("后")) == expected


def test_deleted_rows_and_cells_are_left_out() -> None:
    row = f"<w:tr>{tc(p('甲'))}{tc(p('删'), '<w:cellDel/>')}{tc(p('1'))}</w:tr>"
    gone = f"<w:tr><w:trPr><w:del/></w:trPr>{tc(p('乙'))}{tc(p('2'))}</w:tr>"

    assert text_of(f"<w:tbl>{row}{gone}</w:tbl>") == "\t甲\n\t1\n\n"


def test_controls_around_rows_cells_and_paragraphs_do_not_matter() -> None:
    def control(inner: str) -> str:
        return f"<w:sdt><w:sdtPr/><w:sdtContent>{inner}</w:sdtContent></w:sdt>"

    row = f"<w:tr>{control(tc(control(p('甲'))))}{tc(p('1'))}</w:tr>"

    assert text_of(control(f"<w:tbl>{control(row)}</w:tbl>")) == "\t甲\n\t1\n\n"


def test_a_frame_of_one_cell_is_running_text() -> None:
    inner = p("一、总体情况") + tbl([[tc(p("规章")), tc(p("0"))]]) + p("以上。")

    assert text_of(tbl([[tc(inner)]])) == "一、总体情况\n\t规章\n\t0\n\n以上。\n"


def test_a_table_inside_a_cell_follows_its_row() -> None:
    inner = p("见表") + tbl([[tc(p("规章")), tc(p("0"))]])

    assert text_of(tbl([[tc(p("左")), tc(inner)]])) == "\t左\n\t见表\n\n\t规章\n\t0\n\n"


def test_places_are_element_paths() -> None:
    rows = [[tc(p("甲")), tc(p("1"))], [tc(p("乙")), tc(p("2"))]]
    report = read(make_docx(p("前") + p("") + tbl(rows) + p("后")))

    assert {b.prov.path: b.raw_span.of(report.raw_text) for b in report.blocks} == {
        "p[1]": "前",
        "tbl[1]/tr[1]/tc[1]": "甲",
        "tbl[1]/tr[1]/tc[2]": "1",
        "tbl[1]/tr[2]/tc[1]": "乙",
        "tbl[1]/tr[2]/tc[2]": "2",
        "p[3]": "后",
    }


def test_footnotes_come_last() -> None:
    reference = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    notes = f'<w:footnote w:id="0">{p("—")}</w:footnote><w:footnote w:id="2">{p("含上年2件")}'
    body = f"<w:p>{r('办结9件')}{reference}{r('。')}</w:p>" + p("后文")

    assert text_of(body, footnotes=f"{notes}</w:footnote>") == "办结9件。\n后文\n注1：含上年2件\n"


def test_the_table_of_contents_is_left_out_and_told() -> None:
    part = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/>'
        f"</w:docPartObj></w:sdtPr><w:sdtContent>{p('一、总体情况 1')}</w:sdtContent></w:sdt>"
    )
    line = p("二、主动公开 2", '<w:pStyle w:val="11"/>')
    styles = '<w:style w:type="paragraph" w:styleId="11"><w:name w:val="TOC 1"/></w:style>'
    report = read(make_docx(part + line + p("一、总体情况"), parts={"styles": styles}))

    assert report.raw_text == "一、总体情况\n"
    assert [(e.code, e.message) for e in report.log] == [("table-of-contents", "2 left out")]


def test_an_embedded_file_is_told() -> None:
    assert [e.code for e in read(make_docx(p("文") + "<w:altChunk/>")).log] == ["embedded-file"]


def test_strict_files_are_read() -> None:
    usual = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    document = root("document", f"<w:body>{p('正文')}</w:body>").encode()
    strict = document.replace(usual, b"http://purl.oclc.org/ooxml/wordprocessingml/main")

    assert read(make_docx("", files={"word/document.xml": strict})).raw_text == "正文\n"


DEEP = tbl([[tc(p("a")), tc("@")]])


def nested(times: int) -> str:
    body = p("底")
    for _ in range(times):
        body = DEEP.replace("@", body)
    return body


def one_cell(times: int) -> str:
    return f"{'<w:tbl><w:tr><w:tc>' * times}{p('底')}{'</w:tc></w:tr></w:tbl>' * times}"


ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    "<d>&b;</d>"
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PLAIN = make_docx(p("正文"))


def lying_about_sizes() -> bytes:
    """Return a file whose directory says that a member of two million bytes has a hundred."""
    data = bytearray(make_docx(f"<!--{' ' * 2_000_000}-->" + p("正文")))
    with zipfile.ZipFile(BytesIO(data)) as archive:
        size = archive.getinfo("word/document.xml").file_size
    return bytes(data.replace(struct.pack("<L", size), struct.pack("<L", 100)))


def with_flag(data: bytes) -> bytes:
    """Return the archive with its members marked as encrypted."""
    return data.replace(b"PK\1\2\x14\x03\x14\0\0\0", b"PK\1\2\x14\x03\x14\0\1\0")


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "E102", "empty"),
        (make_docx(p(" \u3000")), "E102", "no text"),
        (OLE + b"\0" * 600, "E101", ".doc"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "E107", "encrypted"),
        (with_flag(PLAIN), "E107", "encrypted"),
        (b"\xef\xbb\xbf<html><body>x</body></html>", "E101", "html"),
        (b"{\\rtf1 x}", "E101", "rtf"),
        (b"%PDF-1.7", "E101", "pdf"),
        (b"\x89PNG" * 9, "E101", "no Word file"),
        (PLAIN[:-30], "E101", "damaged"),
        (b"PK\3\4" + b"\xff" * 400, "E101", "damaged"),
        (pack({"xl/workbook.xml": b"<x/>"}), "E101", "no Word document"),
        (make_docx("<w:p>"), "E101", "no sound XML"),
        (make_docx("", files={"word/document.xml": ENTITIES.encode()}), "E101", "document type"),
        (
            make_docx("", files={"word/document.xml": ENTITIES.encode("utf-16")}),
            "E101",
            "document type",
        ),
        (make_docx(" " * 15_000_000 + p("正文")), "E104", "max_ratio"),
        (lying_about_sizes(), "E101", "damaged"),
        (make_docx(nested(60)), "E104", "max_depth"),
        (make_docx(one_cell(5_000)), "E104", "max_depth"),
        (pack({f"m{i}": b"" for i in range(2_100)}), "E104", "2000 files"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_sound_word_file_is_a_clear_error(data: bytes, code: str, words: str) -> None:
    with pytest.raises(ReadError) as error:
        read(data)

    assert error.value.code == code
    assert words in str(error.value)
    assert "report.docx" in str(error.value)


@pytest.mark.parametrize(
    "body",
    ["<w:p/>" * 400_000, "<w:p>" * 250_000 + "</w:p>" * 250_000, f"<w:p {'a=' * 700_000}/>"],
    ids=["many", "deep", "attributes"],
)
def test_too_many_elements_are_refused_before_they_cost_memory(body: str) -> None:
    with pytest.raises(ReadError, match="tags") as error:
        read(make_docx(body), max_ratio=100_000)
    assert error.value.code == "E104"


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"max_chars": 20}, "max_chars"),
        ({"max_cells": 5}, "max_cells"),
        ({"max_lines": 4}, "max_lines"),
        ({"max_bytes": 900}, "max_bytes"),
    ],
)
def test_limits_hold(limits: dict[str, float], words: str) -> None:
    cells = [tc(p("1")) for _ in range(6)]
    data = make_docx(p("主动公开政府信息12条，" * 3) + tbl([cells]))

    with pytest.raises(ReadError, match=words) as error:
        read(data, **limits)
    assert error.value.code == "E104"


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_damaged_files_end_in_a_report_or_a_clear_error(data: st.DataObject) -> None:
    sound = make_docx(p("一、总体情况") + tbl([[tc(p("规章")), tc(p("0"))]]))
    broken = bytearray(sound)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(sound) - 1))
        broken[place] = data.draw(st.integers(0, 255))

    try:
        text = read(bytes(broken)).raw_text
    except ReadError as error:
        text = error.code

    assert text
    assert "\0" not in text


def test_deep_wrappers_are_no_danger() -> None:
    deep = "<w:smartTag>" * 20_000 + r("底") + "</w:smartTag>" * 20_000

    assert text_of(f"<w:p>{deep}</w:p>") == "底\n"


def test_relationships_out_of_the_file_are_not_followed() -> None:
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Type="{office}/numbering" TargetMode="External" Target="file:///x"/>'
        f'<Relationship Type="{office}/styles" Target="../../../x/passwd"/></Relationships>'
    )
    data = make_docx(
        p("文", '<w:pStyle w:val="1"/>'), files={"word/_rels/document.xml.rels": links.encode()}
    )

    assert read(data).raw_text == "文\n"
