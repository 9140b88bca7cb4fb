"""One truth in every format, and random truths: deterministic, consistent, varied."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import replace
from html import unescape
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest

from mining.generate import pdf
from mining.generate.corpus import render
from mining.generate.gold import Gold, to_json
from mining.generate.page import LOOKS as PAGES
from mining.generate.page import print_view, render_html
from mining.generate.pdf import PrinterError, find_printers, render_pdfs
from mining.generate.render import render_text
from mining.generate.truth import SectionTruth, TableTruth, Truth, TruthError
from mining.generate.word import LOOKS as FILES
from mining.generate.word import render_docx

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TRUTH = Truth(
    name="pinggang_forestry_2022",
    form="2021",
    style="tab",
    agency="平岗县林业局",
    region="平岗县",
    level="county",
    year=2022,
    title=("平岗县林业局", "2022年政府信息公开工作年度报告"),
    sections=(
        SectionTruth(key="preface", body="统计期限为2022年1月1日至12月31日。"),
        SectionTruth(
            key="overview",
            heading="一、总体情况",
            body=(
                "（一）主动公开。发布护林防火信息{600余条}，A&B平台<试点>运行。\n"
                "（二）依申请公开。新收申请{3件|applications.received.total}，均已答复。"
            ),
        ),
        SectionTruth(key="litigation", heading="二、复议诉讼情况", body="@litigation"),
    ),
    tables={
        "litigation": TableTruth(
            layout="litigation", rows={"review": ("1", "_", "0", "0", "1")}, labels={}
        )
    },
)


def text_of(page: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", page))


def document(data: bytes) -> ET.Element:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return ET.fromstring(archive.read("word/document.xml"))  # noqa: S314 - our own file


class TestPages:
    @pytest.mark.parametrize("look", PAGES)
    def test_every_look_says_what_the_truth_says(self, look: str) -> None:
        data, gold = render_html(replace(TRUTH, look=look))
        text = text_of(data.decode())

        assert "发布护林防火信息600余条，A&B平台<试点>运行。" in text
        assert "统计期限为2022年1月1日至12月31日。" in text
        assert text.count("结果维持") == 3
        assert gold.report == "pinggang_forestry_2022.html"

    def test_merged_cells_have_spans(self) -> None:
        page = render_html(replace(TRUTH, look="print"))[0].decode()

        assert page.count('colspan="5"') == 3
        assert page.count('rowspan="2"') == 5

    def test_old_encodings_are_named_and_used(self) -> None:
        data, _ = render_html(replace(TRUTH, encoding="gb18030", look="old"))

        assert re.search(rb"charset=(gb2312|gbk|GB2312)", data)
        assert "平岗县林业局" in data.decode("gbk")

    def test_letters_that_an_old_encoding_lacks_are_references(self) -> None:
        truth = replace(TRUTH, encoding="gb18030", agency="𠮷县林业局", look="old")

        assert "&#134071;县林业局" in render_html(truth)[0].decode("gbk")

    def test_a_look_is_chosen_by_the_name(self) -> None:
        pages = {render_html(replace(TRUTH, name=f"r{i}"))[0] for i in range(20)}

        assert len(pages) > 10
        assert render_html(TRUTH) == render_html(TRUTH)

    def test_an_unknown_look_is_refused(self) -> None:
        with pytest.raises(TruthError, match="unknown look 'kiosk'"):
            render_html(replace(TRUTH, look="kiosk"))

    def test_lines_around_cells_may_be_left_out(self) -> None:
        assert "1px solid" in print_view(TRUTH)
        assert "1px solid" not in print_view(TRUTH, ruled=False)


class TestWordFiles:
    @pytest.mark.parametrize("look", FILES)
    def test_the_same_truth_gives_the_same_bytes(self, look: str) -> None:
        truth = replace(TRUTH, look=look)
        first, _ = render_docx(truth)

        assert render_docx(truth)[0] == first
        with zipfile.ZipFile(BytesIO(first)) as archive:
            assert {i.date_time for i in archive.infolist()} == {(2024, 1, 15, 9, 0, 0)}
            for name in archive.namelist():
                ET.fromstring(archive.read(name))  # noqa: S314 - our own file

    def test_merged_cells_continue(self) -> None:
        tree = document(render_docx(replace(TRUTH, look="plain"))[0])
        rows = list(tree.iter(f"{W}tr"))
        merges = [m.get(f"{W}val") for m in rows[2].iter(f"{W}vMerge")]

        assert merges == [None] * 5
        assert len(list(rows[3].iter(f"{W}tc"))) == 15
        spans = [int(s.get(f"{W}val", "1")) for s in rows[0].iter(f"{W}gridSpan")]
        assert spans == [5, 10]

    def test_automatic_numbers_are_not_typed(self) -> None:
        tree = document(render_docx(replace(TRUTH, look="numbered"))[0])
        numbered = [p for p in tree.iter(f"{W}p") if p.find(f"{W}pPr/{W}numPr") is not None]
        texts = ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in numbered]

        assert [t[:4] for t in texts] == ["总体情况", "主动公开", "依申请公", "复议诉讼"]

    def test_a_faulty_series_is_typed(self) -> None:
        faulty = (*TRUTH.sections[:2], replace(TRUTH.sections[2], heading="四、复议诉讼情况"))
        tree = document(render_docx(replace(TRUTH, look="numbered", sections=faulty))[0])

        assert list(tree.iter(f"{W}numPr")) == []

    def test_a_text_box_tells_its_text_twice(self) -> None:
        tree = document(render_docx(replace(TRUTH, look="textbox"))[0])

        assert len(list(tree.iter(f"{W}txbxContent"))) == 2

    def test_editors_leave_traces(self) -> None:
        body = "".join(f"第{n}项工作，已经完成。\n" for n in range(12))
        section = SectionTruth(key="overview", heading="一、总体情况", body=body)
        tree = document(render_docx(replace(TRUTH, look="tracked", sections=(section,)))[0])

        for tag in ("ins", "del", "vanish"):
            assert list(tree.iter(f"{W}{tag}")) != []

    def test_an_unknown_look_is_refused(self) -> None:
        with pytest.raises(TruthError, match="unknown look"):
            render_docx(replace(TRUTH, look="site"))


class TestGold:
    @pytest.mark.parametrize("name", ["html", "docx"])
    def test_formats_have_the_gold_of_the_text_without_places(self, name: str) -> None:
        _, text_gold = render_text(TRUTH)
        _, gold = render(TRUTH, name)

        assert [(c.address, c.raw, c.value) for c in gold.cells] == [
            (c.address, c.raw, c.value) for c in text_gold.cells
        ]
        assert [(s.key, s.title) for s in gold.sections] == [
            (s.key, s.title) for s in text_gold.sections
        ]
        assert [replace(f, start=None, end=None) for f in text_gold.figures] == list(gold.figures)
        assert {f.start for f in gold.figures} == {None}

    def test_json_without_indent_says_the_same(self) -> None:
        _, gold = render_text(TRUTH)

        assert json.loads(to_json(gold, indent=None)) == json.loads(to_json(gold))

    def test_an_unknown_format_is_refused(self) -> None:
        with pytest.raises(TruthError, match="unknown format 'odt'"):
            render(TRUTH, "odt")


class TestPdfs:
    def test_without_a_printer_nothing_is_printed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pdf, "find_printers", dict)

        with pytest.raises(PrinterError, match="neither Chromium nor LibreOffice"):
            render_pdfs([TRUTH])

    def test_a_look_needs_its_printer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pdf, "find_printers", lambda: {"office": "soffice"})

        with pytest.raises(PrinterError, match="needs chromium"):
            render_pdfs([replace(TRUTH, look="chromium")])
        with pytest.raises(TruthError, match="unknown look"):
            render_pdfs([replace(TRUTH, look="laser")])

    def test_a_printer_that_fails_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pdf, "find_printers", lambda: {"chromium": "/nowhere/chromium"})

        with pytest.raises(PrinterError, match="chromium printed nothing"):
            render_pdfs([replace(TRUTH, look="chromium")])

    @pytest.mark.slow
    def test_pdfs_carry_a_fixed_date(self) -> None:
        if not find_printers():
            pytest.skip("neither Chromium nor LibreOffice is installed")
        [(data, gold)] = render_pdfs([TRUTH])

        assert data.startswith(b"%PDF-")
        assert set(re.findall(rb"Date ?\(D:(\d{14})", data)) == {b"20240115090000"}
        assert gold.report.endswith(".pdf")


def test_gold_is_what_the_score_reads() -> None:
    names = {"report", "agency", "year", "sections", "cells", "figures", "findings"}

    assert names <= set(Gold.__dataclass_fields__)
