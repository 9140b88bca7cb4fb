"""Word files for tests, written part by part: from XML, or from the truth of a sample report."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from xml.sax.saxutils import escape

from mining.generate.layout import PrintCell, PrintGrid, build_grid
from mining.generate.marks import parse_marks
from mining.generate.truth import Truth

_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in (
        ("w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
        ("mc", "http://schemas.openxmlformats.org/markup-compatibility/2006"),
        ("m", "http://schemas.openxmlformats.org/officeDocument/2006/math"),
        ("v", "urn:schemas-microsoft-com:vml"),
        ("wps", "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"),
    )
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/></Types>'
)
_TABLE_LINE = re.compile(r"@([a-z0-9_]+)")


def root(name: str, inner: str) -> str:
    """Return a whole part whose root is ``w:name``."""
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{name} {_NAMESPACES}>{inner}</w:{name}>'


def make_docx(
    body: str, *, parts: Mapping[str, str] | None = None, files: Mapping[str, bytes] | None = None
) -> bytes:
    """Return a Word file with `body` in its document and `parts` (numbering, styles …) beside it.

    `files` are further members, which replace those of the same name.
    """
    parts = parts or {}
    related = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/{name}" Target="{name}.xml"/>'
        for n, name in enumerate(parts)
    )
    main = f'<Relationship Id="r" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
    members = {
        "[Content_Types].xml": _CONTENT_TYPES.encode(),
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONSHIPS}">{main}</Relationships>'.encode(),
        "word/_rels/document.xml.rels": (
            f'<Relationships xmlns="{_RELATIONSHIPS}">{related}</Relationships>'.encode()
        ),
        "word/document.xml": root("document", f"<w:body>{body}</w:body>").encode(),
        **{f"word/{name}.xml": root(name, inner).encode() for name, inner in parts.items()},
        **(files or {}),
    }
    return pack(members)


def pack(members: Mapping[str, bytes]) -> bytes:
    """Return a zip archive."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def p(text: str, properties: str = "") -> str:
    """Return a paragraph of one run."""
    inside = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f'<w:p>{inside}<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def numbered(text: str, *, num: int = 1, level: int = 0) -> str:
    """Return a paragraph of a list."""
    told = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>'
    return p(text, told)


def tc(inner: str, properties: str = "") -> str:
    """Return a cell; `inner` is its XML."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def tbl(rows: Sequence[Sequence[str]]) -> str:
    """Return a table of cells as `tc` gives them."""
    return f"<w:tbl>{''.join('<w:tr>' + ''.join(row) + '</w:tr>' for row in rows)}</w:tbl>"


def docx_of_truth(truth: Truth) -> bytes:
    """Return a sample report as a Word file, merged cells as Word merges them."""
    return make_docx("".join(_blocks(truth)))


def _blocks(truth: Truth) -> list[str]:
    out = [p(line) for line in (*truth.head.splitlines(), *truth.title)]
    for section in truth.sections:
        if section.key != "preface":
            out.append(p(section.heading))
        for line in section.body.strip("\n").splitlines():
            table = _TABLE_LINE.fullmatch(line)
            plain = "" if table else parse_marks(line)[0]
            indent = truth.indent if plain.strip() else ""
            out.append(_table(build_grid(truth.tables[table[1]])) if table else p(indent + plain))
    return [*out, *(p(line) for line in truth.tail.splitlines())]


def _table(grid: PrintGrid) -> str:
    return tbl([_cells(grid, row) for row in range(grid.n_rows)])


def _cells(grid: PrintGrid, row: int) -> list[str]:
    """Return the cells of a row; one that began further up is there again, empty."""
    return [
        _cell(cell, is_first=cell.row == row)
        for cell in sorted(grid.cells, key=lambda cell: cell.col)
        if cell.row <= row < cell.row + cell.row_span
    ]


def _cell(cell: PrintCell, *, is_first: bool) -> str:
    span = f'<w:gridSpan w:val="{cell.col_span}"/>' if cell.col_span > 1 else ""
    start = '<w:vMerge w:val="restart"/>' if cell.row_span > 1 else ""
    inner = "".join(p(line) for line in cell.text.split("\n"))
    return tc(inner, span + start) if is_first else tc(p(""), f"{span}<w:vMerge/>")
