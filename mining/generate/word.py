"""Truth to a Word file, written part by part so that the same truth gives the same bytes.

The parts that make Word files hard to read are there on purpose: merged cells, numbers that only
the numbering part knows, titles in text boxes (told twice, for old and new versions), tracked
changes, hidden text, headers and footers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from io import BytesIO
from itertools import pairwise
from random import Random
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from mining.generate.gold import Gold, gold_without_places
from mining.generate.layout import PrintCell, PrintGrid
from mining.generate.printout import PrintItem, print_items
from mining.generate.truth import Truth, TruthError
from mining.numerals import to_chinese

__all__ = ["LOOKS", "render_docx"]

LOOKS = ("plain", "numbered", "textbox", "tracked")
"""Kinds of file: typed numbers; automatic numbers; the title in a text box; with traces of the
editors (tracked changes, hidden text, comments)."""

_DATE = (2024, 1, 15, 9, 0, 0)
_FIRST = re.compile(r"([一二三四五六七八九十]{1,2})、(.+)")
_SECOND = re.compile(r"（([一二三四五六七八九十]{1,2})）(.+)")
_DELETED = "（此处待办公室核定）"
_HIDDEN = "内部审签意见：请于十日内反馈"
_PARTS = {
    "[Content_Types].xml": "content-types",
    "_rels/.rels": "package-rels",
    "word/_rels/document.xml.rels": "document-rels",
    "word/document.xml": "document",
    "word/styles.xml": "styles",
    "word/numbering.xml": "numbering",
    "word/header1.xml": "header",
    "word/footer1.xml": "footer",
}


def render_docx(truth: Truth) -> tuple[bytes, Gold]:
    """Return the Word file of a report and its gold, which has no places.

    Raises
    ------
    TruthError
        When the look or something in the truth is unsound.
    """
    rng = Random(f"{truth.name}/docx")
    look = truth.look or rng.choice(LOOKS)
    if look not in LOOKS:
        msg = f"unknown look {look!r} of a Word file"
        raise TruthError(msg, code="E701", path=f"{truth.name}.toml")
    items = print_items(truth)
    body = "".join(_Body(look, rng).elements(items))
    slots = {"%%body%%": body, "%%agency%%": escape(truth.agency)}
    parts = {part: _fill(_template(name), slots) for part, name in _PARTS.items()}
    return _pack(parts), gold_without_places(truth, items, suffix=".docx")


@cache
def _template(name: str) -> str:
    path = files("mining.generate").joinpath("docx", f"{name}.xml")
    return path.read_text(encoding="utf-8")


def _fill(text: str, slots: dict[str, str]) -> str:
    for slot, inner in slots.items():
        text = text.replace(slot, inner)
    return text


def _pack(parts: dict[str, str]) -> bytes:
    """Return a zip whose dates and order are fixed."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            info = ZipInfo(name, date_time=_DATE)
            info.compress_type = ZIP_DEFLATED
            info.create_system = 0
            archive.writestr(info, text.encode())
    return buffer.getvalue()


def _run(text: str, properties: str = "") -> str:
    """Return runs of `text`; a line end becomes a break."""
    lines = text.split("\n")
    inner = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines)
    marks = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f"<w:r>{marks}{inner}</w:r>"


def _paragraph(inner: str, properties: str = "") -> str:
    marks = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f"<w:p>{marks}{inner}</w:p>"


def _numbered(level: int, indent: str = "") -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>{indent}'


class _Body:
    """Writes the elements of the document's body in one look."""

    def __init__(self, look: str, rng: Random) -> None:
        self.look = look
        self.rng = rng

    def elements(self, items: tuple[PrintItem, ...]) -> Iterator[str]:
        """Yield the XML of all items, title first."""
        titles = [item.text for item in items if item.kind == "title"]
        yield from self._titles(titles)
        if self.look == "tracked":
            yield _paragraph(_run(_HIDDEN, "<w:vanish/>"))
        rest = [item for item in items if item.kind != "title"]
        numbers = self._automatic(rest) if self.look == "numbered" else {}
        for place, item in enumerate(rest):
            if item.grid is not None:
                yield _table(item.grid)
            elif place in numbers:
                level, text = numbers[place]
                bold = "<w:b/>" if level == 0 else ""
                yield _paragraph(_run(text, bold), _numbered(level))
            elif item.kind == "heading":
                yield _paragraph(_run(item.text, "<w:b/>"), '<w:pStyle w:val="Heading1"/>')
            else:
                yield _paragraph(self._line(item.text), '<w:ind w:firstLineChars="200"/>')

    def _titles(self, titles: list[str]) -> Iterator[str]:
        if self.look == "textbox":
            inner = "".join(_paragraph(_run(title)) for title in titles)
            yield _fill(_template("textbox"), {"%%paragraphs%%": inner})
            return
        for title in titles:
            yield _paragraph(_run(title, '<w:b/><w:sz w:val="44"/>'), '<w:jc w:val="center"/>')

    def _line(self, text: str) -> str:
        """Return the runs of a paragraph; an editor's traces stand in some of them."""
        cut = text.find("，") + 1
        if self.look != "tracked" or not cut or self.rng.random() < 0.5:
            return _run(text)
        who = 'w:author="审核" w:date="2024-01-10T10:00:00Z"'
        deleted = (
            f'<w:del w:id="{self.rng.randint(100, 999)}" {who}><w:r>'
            f'<w:delText xml:space="preserve">{_DELETED}</w:delText></w:r></w:del>'
        )
        inserted = f'<w:ins w:id="{self.rng.randint(100, 999)}" {who}>{_run(text[cut:])}</w:ins>'
        return _run(text[:cut]) + deleted + inserted

    def _automatic(self, items: list[PrintItem]) -> dict[int, tuple[int, str]]:
        """Return the level and the text of paragraphs that Word can number by itself.

        Only a series that runs from 一 without a fault comes out the same.
        """
        firsts = [(i, m) for i, item in enumerate(items) if (m := _match(_FIRST, item, "heading"))]
        if not _is_series(m[1] for _, m in firsts):
            return {}
        out = {i: (0, m[2]) for i, m in firsts}
        starts = [0, *(i for i, _ in firsts), len(items)]
        for start, end in pairwise(starts):
            seconds = [
                (i, m)
                for i in range(start, end)
                if (m := _match(_SECOND, items[i], "paragraph")) and start > 0
            ]
            if _is_series(m[1] for _, m in seconds):
                out |= {i: (1, m[2]) for i, m in seconds}
        return out


def _match(pattern: re.Pattern[str], item: PrintItem, kind: str) -> re.Match[str] | None:
    return pattern.fullmatch(item.text) if item.kind == kind else None


def _is_series(numbers: Iterable[str]) -> bool:
    """Tell whether Chinese numbers run 一, 二, 三 …; none at all is a series too."""
    return all(to_chinese(place) == number for place, number in enumerate(numbers, start=1))


def _table(grid: PrintGrid) -> str:
    columns = '<w:gridCol w:w="900"/>' * grid.n_cols
    rows = "".join(
        "<w:tr>" + "".join(_cell(c, is_first=first) for c, first in grid.places(row)) + "</w:tr>"
        for row in range(grid.n_rows)
    )
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="5000" w:type="pct"/>'
        f"</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
    )


def _cell(cell: PrintCell, *, is_first: bool) -> str:
    span = f'<w:gridSpan w:val="{cell.col_span}"/>' if cell.col_span > 1 else ""
    merge = ""
    if cell.row_span > 1:
        merge = '<w:vMerge w:val="restart"/>' if is_first else "<w:vMerge/>"
    text = _run(cell.text, '<w:sz w:val="18"/>') if is_first and cell.text else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{900 * cell.col_span}" w:type="dxa"/>{span}{merge}</w:tcPr>'
        f"{_paragraph(text)}</w:tc>"
    )
