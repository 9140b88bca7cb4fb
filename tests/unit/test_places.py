"""Places: from a range of the normalised text back to the page or the element it came from."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mining.catalog import shipped_forms
from mining.finding import Finding, Severity, Status
from mining.generate.corpus import render
from mining.generate.random_truth import random_truth
from mining.pipeline import audit_report, parse_report
from mining.places import place_of, place_of_finding
from mining.present.cards import report_card
from mining.report import Address, Block, Provenance, Report, Source
from mining.settings import Settings
from mining.spans import Edit, OffsetMap, Span
from tests.conftest import Ran
from tests.pdfmaker import make_pdf, text

SETTINGS = Settings()
# Raw "㈠新收12件\n\t办结" became "(一)新收12件\n\t办结": two signs more from there on.
RAW, TEXT = "㈠新收12件\n\t办结\n\t\n尾", "(一)新收12件\n\t办结\n\t\n尾"
LINE, CELL, TAIL = Provenance(page=1), Provenance(page=2, path="td"), Provenance(page=2)
BLOCKS = (
    Block(raw_span=Span(0, 6), prov=LINE),
    Block(raw_span=Span(8, 10), prov=CELL),
    Block(raw_span=Span(13, 14), prov=TAIL),
)
REPORT = Report(
    id="r",
    source=Source(uri="r.pdf"),
    raw_text=RAW,
    text=TEXT,
    offsets=OffsetMap((Edit(0, 1, 0, 3),)),
    blocks=BLOCKS,
)


def at(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


CASES = [
    (at("(一)"), LINE),
    (at("12件"), LINE),
    (at("办结"), CELL),
    (at("12件\n\t办"), LINE),
    (at("\n\t办"), CELL),
    (at("尾"), TAIL),
    # A blank between two blocks of one page is on that page; between two pages nobody knows.
    (Span(13, 13), Provenance(page=2)),
    (Span(8, 8), None),
    (None, None),
]


@pytest.mark.parametrize(("span", "place"), CASES)
def test_place_of(span: Span | None, place: Provenance | None) -> None:
    assert place_of(REPORT, span) == place


def test_text_without_blocks_has_no_places() -> None:
    assert place_of(replace(REPORT, blocks=()), at("12件")) is None


def test_before_the_first_and_after_the_last_block_only_pages_are_told() -> None:
    report = replace(REPORT, blocks=BLOCKS[1:2])

    assert place_of(report, at("12件")) == Provenance(page=2)
    assert place_of(report, at("尾")) == Provenance(page=2)


def a_finding(span: Span | None, cell: str | None) -> Finding:
    return Finding(
        report="r",
        rule="table-balance",
        status=Status.MISMATCH,
        severity=Severity.ERROR,
        cell=Address(cell) if cell else None,
        span=span,
        reason="",
    )


def test_finding_has_the_place_of_its_words() -> None:
    assert place_of_finding(REPORT, a_finding(at("办结"), None)) == CELL
    assert place_of_finding(REPORT, a_finding(None, "a.b.c")) is None


PAGE = """<html><body><h1>青原县林业局2022年政府信息公开工作年度报告</h1>
<p>一、总体情况</p><p>本年新收政府信息公开申请4件。</p>
<p>三、收到和处理政府信息公开申请情况</p><table>
<tr><td colspan="3">申请人情况</td><td>自然人</td><td>商业企业</td><td>科研机构</td>
<td>社会公益组织</td><td>法律服务机构</td><td>其他</td><td>总计</td></tr>
<tr><td colspan="3">一、本年新收政府信息公开申请数量</td><td>5</td><td>0</td><td>0</td><td>0</td>
<td>0</td><td>0</td><td>5</td></tr>
<tr><td colspan="3">二、上年结转政府信息公开申请数量</td><td>0</td><td>0</td><td>0</td><td>0</td>
<td>0</td><td>0</td><td>0</td></tr></table></body></html>"""


def test_page_tells_elements_of_sentence_and_cell() -> None:
    path = Path("page.html")
    result = audit_report(PAGE.encode(), report_id="r", path=path, settings=SETTINGS)
    form = next(f for f in shipped_forms() if f.id == result.report.form)

    card = report_card(result, form, settings=SETTINGS)

    finding = next(f for f in card["findings"] if f["rule"] == "narrative-table")
    assert finding["place"] == "(//p)[2]"
    assert [p["place"] for p in finding["passages"]] == ["(//p)[2]"]
    assert [t["place"] for t in finding["tables"]] == ["(//td)[16]"]


def test_pdf_tells_pages() -> None:
    # A line longer than the others fills the page, so that what is on it counts as text.
    lines = ("青原县林业局2022年政府信息公开工作年度报告", "一、总体情况", "本年新收申请4件。")
    pages = [
        b"".join(text(80, 700 - 20 * i, line) for i, line in enumerate(lines)),
        text(80, 700, "六、其他需要报告的事项") + text(80, 680, "本年度举办培训2场。"),
    ]
    raw = audit_report(make_pdf(pages), report_id="r", path=Path("r.pdf"), settings=SETTINGS).report

    places = [place_of(raw, figure.span) for figure in raw.figures or ()]

    assert [place.page if place else None for place in places] == [1, 2]


@pytest.mark.parametrize("name", ["html", "docx"])
def test_every_filled_cell_has_its_own_place(name: str) -> None:
    data, _ = render(random_truth(7, form="2021"), name)
    raw = audit_report(data, report_id="r", path=Path(f"r.{name}"), settings=SETTINGS).report
    report, _ = parse_report(raw, settings=SETTINGS)

    cells = [c for table in report.tables or () for c in table.cells if len(c.span)]
    places = [place_of(report, cell.span) for cell in cells]

    assert len(cells) > 100
    assert len({place.path for place in places if place}) == len(cells)


def test_terminal_and_table_tell_the_place(run_cli: Callable[..., Ran], tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")

    shown = run_cli("read", path)
    told = json.loads(run_cli("read", path, "--json").out)

    evidence = [
        json.loads(row["evidence"]) for row in told["findings"] if row["status"] == "mismatch"
    ]
    assert "narrative-table" in shown.out
    assert "[(//p)[2]]" in shown.out
    assert [(e["page"], e["path"]) for e in evidence[0]] == [
        (None, "(//p)[2]"),
        (None, "(//td)[16]"),
    ]
