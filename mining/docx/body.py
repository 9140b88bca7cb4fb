"""A Word document to raw text: paragraphs as lines, printed table rows as tab-indented cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

from mining.docx.inline import ALTERNATE, Inline, preferred
from mining.docx.numbering import Numbering, paragraph_format
from mining.docx.package import DocxPackage, W, is_on, value_of
from mining.errors import ReadError
from mining.rawtext import RawText
from mining.report import Block, LogEntry, Provenance
from mining.settings import Settings

__all__ = ["read_docx_text"]

_P, _TBL, _TR, _TC = (f"{W}{name}" for name in ("p", "tbl", "tr", "tc"))
_SDT, _ALT_CHUNK = f"{W}sdt", f"{W}altChunk"
_WRAPPERS = frozenset(f"{W}{n}" for n in ("customXml", "ins", "moveTo", "sdtContent", "smartTag"))
_PROPERTIES = f"{W}pPr"
# One nested table takes four elements of depth: cell, table, row, cell.
_DEPTH_OF_TABLE = 4
# A tab at the start of a line would read as a cell of a table; there it is an indent.
_INDENT = re.compile(r"^[ \u3000]*\t[ \t\u3000]*", re.MULTILINE)
_NOTE_NAMES = {"footnotes": "footnote", "endnotes": "endnote"}


class _Row(NamedTuple):
    cells: list[ET.Element]
    element: ET.Element


def read_docx_text(
    data: bytes, *, path: Path, settings: Settings
) -> tuple[str, tuple[Block, ...], tuple[LogEntry, ...]]:
    """Return the text of a Word file, the places of its pieces, and what was left out.

    Places are element paths such as ``p[12]`` or ``tbl[2]/tr[3]/tc[1]``, counted from 1. Headers,
    footers, comments, hidden and deleted text and the table of contents are left out; footnotes
    come last.

    Raises
    ------
    ReadError
        E101 no Word file, E102 no text, E104 over a limit, E107 encrypted.
    """
    body = _Body(DocxPackage(data, path=path, settings=settings), path=path, settings=settings)
    text, blocks, log = body.read()
    if not text.strip("\ufeff\u200b \t\r\n\u3000"):
        message = "the file holds no text"
        hint = "pages that are pictures need text recognition first"
        raise ReadError(message, code="E102", path=path, hint=hint)
    return text, blocks, log


class _Body:
    """Walks one document and writes what it finds."""

    def __init__(self, package: DocxPackage, *, path: Path, settings: Settings) -> None:
        self._package = package
        self._path = path
        self._max_nested = max(1, settings.max_depth // _DEPTH_OF_TABLE)
        self._max_paragraphs = settings.max_lines
        self._raw = RawText(path, settings)
        self._numbering = Numbering(package.related("numbering"), lambda: package.related("styles"))
        self._notes: list[tuple[str, str]] = []
        self._skipped: dict[str, int] = {}
        self._joined = ""
        self._depth = 0
        self._n_paragraphs = 0

    def read(self) -> tuple[str, tuple[Block, ...], tuple[LogEntry, ...]]:
        """Return text, places and log of the whole document."""
        body = self._package.document().find(f"{W}body")
        if body is not None:
            self._content(body, "")
        self._write_notes()
        log = tuple(
            LogEntry(stage="read", code=code, message=f"{n} left out")
            for code, n in sorted(self._skipped.items())
        )
        return (*self._raw.build(), log)

    def _content(self, parent: ET.Element, prefix: str) -> None:
        """Write the paragraphs and tables of a body, a text box or a cell that frames them."""
        self._enter()
        n_paragraphs = n_tables = 0
        for node in self._iter_blocks(parent):
            if node.tag == _P:
                n_paragraphs += 1
                self._paragraph(node, f"{prefix}p[{n_paragraphs}]")
            else:
                n_tables += 1
                self._table(node, f"{prefix}tbl[{n_tables}]")
        self._depth -= 1

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > self._max_nested:
            message = "tables or text boxes inside one another pass the limit max_depth"
            raise ReadError(message, code="E104", path=self._path, hint="check the file in Word")

    def _iter_blocks(self, parent: ET.Element) -> Iterator[ET.Element]:
        """Yield paragraphs and tables in order, out of controls, tags and tracked insertions."""
        stack = [iter(parent)]
        while stack:
            node = next(stack[-1], None)
            if node is None:
                stack.pop()
            elif node.tag in {_P, _TBL}:
                yield node
            elif node.tag == _ALT_CHUNK:
                self._skip("embedded-file")
            elif (inner := self._unwrap(node)) is not None:
                stack.append(iter(inner))

    def _unwrap(self, node: ET.Element) -> ET.Element | None:
        if node.tag in _WRAPPERS:
            return node
        if node.tag == ALTERNATE:
            return preferred(node)
        if node.tag != _SDT:
            return None
        properties = node.find(f"{W}sdtPr")
        part = None if properties is None else properties.find(f"{W}docPartObj")
        if part is not None and value_of(part, "docPartGallery") == "Table of Contents":
            self._skip("table-of-contents")
            return None
        return node.find(f"{W}sdtContent")

    def _skip(self, what: str) -> None:
        self._skipped[what] = self._skipped.get(what, 0) + 1

    def _paragraph(self, node: ET.Element, place: str) -> None:
        found = self._read(node)
        if found is None:
            return
        text, boxes = found
        self._raw.line(_INDENT.sub("", text), Provenance(path=place))
        for number, box in enumerate(boxes, 1):
            self._content(box, f"{place}/txbx[{number}]/")

    def _read(self, node: ET.Element) -> tuple[str, list[ET.Element]] | None:
        """Return label and text of a paragraph and its boxes; ``None`` when it is not shown."""
        self._raw.check_time()
        self._n_paragraphs += 1
        if self._n_paragraphs > self._max_paragraphs:
            message = f"the file passes the limit max_lines = {self._max_paragraphs}"
            hint = "split the file or raise max_lines"
            raise ReadError(message, code="E104", path=self._path, hint=hint)
        properties = node[0] if len(node) and node[0].tag == _PROPERTIES else None
        inline = Inline(node)
        told = paragraph_format(properties)
        if self._numbering.is_contents(told.style):
            self._skip("table-of-contents")
            return None
        text = inline.text
        if _is_mark_deleted(properties):
            # Without its mark a paragraph runs on into the next one.
            self._joined += text
            return None
        self._notes += inline.notes
        text, self._joined = self._numbering.label(told) + self._joined + text, ""
        return text, inline.boxes

    def _table(self, node: ET.Element, place: str) -> None:
        rows = [_Row(list(_iter_cells(row)), row) for row in _iter_rows(node)]
        if all(len(row.cells) == 1 for row in rows):
            # A frame around running text, not a table of values.
            for number, row in enumerate(rows, 1):
                self._content(row.cells[0], f"{place}/tr[{number}]/tc[1]/")
            return
        for number, row in enumerate(rows, 1):
            self._row(row, f"{place}/tr[{number}]", is_first=number == 1)

    def _row(self, row: _Row, place: str, *, is_first: bool) -> None:
        cells: list[tuple[str, Provenance | None]] = []
        nested: list[tuple[ET.Element, str]] = []
        for number, cell in enumerate(row.cells, 1):
            where = f"{place}/tc[{number}]"
            merged = _merged(cell)
            if merged == "hMerge":
                continue
            if merged == "vMerge" and not is_first:
                cells.append(("", None))
                continue
            text, tables = self._cell(cell)
            cells.append((text, Provenance(path=where)))
            nested += ((t, f"{where}/tbl[{i}]") for i, t in enumerate(tables, 1))
        self._raw.row(cells)
        for table, where in nested:
            self._enter()
            self._table(table, where)
            self._depth -= 1

    def _cell(self, cell: ET.Element) -> tuple[str, list[ET.Element]]:
        """Return the text of a cell, text boxes included, and the tables inside it."""
        self._enter()
        lines: list[str] = []
        tables: list[ET.Element] = []
        for node in self._iter_blocks(cell):
            if node.tag == _TBL:
                tables.append(node)
                continue
            found = self._read(node)
            if found is not None:
                lines.append(found[0])
                for box in found[1]:
                    text, inner = self._cell(box)
                    lines.append(text)
                    tables += inner
        self._depth -= 1
        return "\n".join(lines), tables

    def _write_notes(self) -> None:
        """Write the footnotes and endnotes that the text refers to, at its end."""
        told = list(dict.fromkeys(self._notes))
        by_id = {
            kind: _notes_by_id(self._package.related(kind), kind) for kind in {k for k, _ in told}
        }
        for number, (kind, key) in enumerate(told, 1):
            note = by_id[kind].get(key)
            if note is not None:
                text = "".join(Inline(p).text for p in self._iter_blocks(note) if p.tag == _P)
                place = Provenance(path=f"{_NOTE_NAMES[kind]}[{key}]")
                self._raw.line(f"注{number}：{text.strip()}", place)


def _iter_rows(table: ET.Element) -> Iterator[ET.Element]:
    for row in _iter_inside(table, _TR):
        properties = row.find(f"{W}trPr")
        if properties is None or properties.find(f"{W}del") is None:
            yield row


def _iter_cells(row: ET.Element) -> Iterator[ET.Element]:
    for cell in _iter_inside(row, _TC):
        properties = cell.find(f"{W}tcPr")
        if properties is None or properties.find(f"{W}cellDel") is None:
            yield cell


def _iter_inside(parent: ET.Element, tag: str) -> Iterator[ET.Element]:
    """Yield the rows of a table or the cells of a row, out of controls and tags around them."""
    stack = [iter(parent)]
    while stack:
        node = next(stack[-1], None)
        if node is None:
            stack.pop()
        elif node.tag == tag:
            yield node
        elif node.tag in _WRAPPERS or node.tag == _SDT:
            stack.append(iter(node))


def _merged(cell: ET.Element) -> str:
    """Return the kind of merge by which a cell continues another one, else an empty text."""
    properties = cell[0] if len(cell) else None
    if properties is None or properties.tag != f"{W}tcPr":
        return ""
    for kind in ("vMerge", "hMerge"):
        mark = properties.find(W + kind)
        if mark is not None and mark.get(f"{W}val", "continue") == "continue":
            return kind
    return ""


def _is_mark_deleted(properties: ET.Element | None) -> bool:
    """Tell whether the paragraph's own mark was deleted or moved away by a tracked change."""
    mark = None if properties is None else properties.find(f"{W}rPr")
    return mark is not None and any(is_on(mark.find(W + n)) for n in ("del", "moveFrom"))


def _notes_by_id(root: ET.Element | None, kind: str) -> dict[str, ET.Element]:
    notes = () if root is None else root.iterfind(W + _NOTE_NAMES[kind])
    return {note.get(f"{W}id", ""): note for note in notes}
