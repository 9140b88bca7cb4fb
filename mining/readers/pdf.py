"""PDF with a text layer to a raw report: paragraphs as lines, tables as tab-indented cells."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from mining.errors import MissingExtraError, ReadError
from mining.pdf.columns import find_rows
from mining.pdf.document import PdfProblemError, read_document, read_in_child
from mining.pdf.guard import is_ordinary
from mining.pdf.lines import Line, drop_furniture, join_text, make_lines, may_join
from mining.pdf.page import Box, PageContent
from mining.pdf.tables import Grid, Row, find_grids, join_pages
from mining.rawtext import RawText
from mining.report import LogEntry, Provenance, Report, Source
from mining.settings import Settings

__all__ = ["read_pdf"]

# From this share on, characters without a sound code make a text unusable.
_MAX_STRANGE = 0.15
# Fewer characters on all pages are stamps and page numbers on pictures.
_MIN_CHARS = 20
_PROBLEMS = {
    "damaged": ("E101", "the PDF is damaged", "download it again, or print it to a new PDF"),
    "encrypted": ("E107", "the PDF is encrypted", "save a copy without a password"),
    "heavy": (
        "E104",
        "the PDF needs too much time or memory: it is damaged or made to harm",
        "print it to a new PDF",
    ),
}


@dataclass(frozen=True, slots=True)
class _Page:
    """What a page holds, with its tables found and its furniture dropped."""

    content: PageContent
    grids: tuple[Grid, ...]
    lines: tuple[Line, ...]
    margins: tuple[float, float]


def read_pdf(data: bytes, *, report_id: str, path: Path, settings: Settings) -> Report:
    """Read a PDF with a text layer into a raw report.

    Parameters
    ----------
    data
        Content of the file.
    report_id, path
        Public id of the report, and where the bytes came from (for messages).
    settings
        Limits on pages, characters, cells and seconds.

    Returns
    -------
    Report
        Raw text, and a block with page and box (points of the page's own axes: left, bottom,
        right, top) for each paragraph and cell.

    Raises
    ------
    ReadError
        E101 no PDF or damaged, E102 empty, E103 fonts without characters, E104 over a limit,
        E106 no text layer, E107 encrypted.
    MissingExtraError
        E601 without the extra ``pdf``.
    """
    out = RawText(path, settings)
    if b"%PDF-" not in data[:2048]:
        msg = "the file is no PDF" if data.strip() else "the file is empty"
        code = "E101" if data.strip() else "E102"
        raise ReadError(msg, code=code, path=path, hint="check the download or export")
    contents = _read_pages(data, path, settings)
    _check_text(contents, path)
    log = tuple(_remarks(contents))
    _write(_find_tables(contents, out), out)
    text, blocks = out.build()
    source = Source(
        uri=str(path),
        media_type="application/pdf",
        sha256=hashlib.sha256(data).hexdigest(),
        n_bytes=len(data),
        n_pages=len(contents),
    )
    return Report(id=report_id, source=source, raw_text=text, blocks=blocks, log=log)


def _read_pages(data: bytes, path: Path, settings: Settings) -> list[PageContent]:
    if find_spec("pypdfium2") is None:
        msg = "PDF files need the package pypdfium2"
        hint = "pip install 'mining[pdf]'"
        raise MissingExtraError(msg, code="E601", path=path, hint=hint)
    read = read_document if is_ordinary(data) else read_in_child
    try:
        return read(data, settings=settings)
    except PdfProblemError as error:
        code, msg, hint = _PROBLEMS.get(error.kind, ("E104", "", ""))
        if not msg:
            msg = f"the file passes the limit {error.kind} = {getattr(settings, error.kind)}"
            hint = f"split the file or raise {error.kind}"
        raise ReadError(msg, code=code, path=path, hint=hint) from error


def _check_text(contents: Sequence[PageContent], path: Path) -> None:
    """Refuse pictures of text, and text that nobody can read."""
    n_glyphs = sum(g.text != " " for c in contents for g in c.glyphs)
    if n_glyphs < _MIN_CHARS and any(c.n_images for c in contents):
        msg = "the PDF has no text layer: its pages are pictures"
        hint = "run OCR over it first, or use the original document"
        raise ReadError(msg, code="E106", path=path, hint=hint)
    if not n_glyphs:
        msg = "the PDF holds no text"
        raise ReadError(msg, code="E102", path=path, hint="check the download or export")
    n_sampled = sum(c.n_sampled for c in contents)
    n_strange = sum(c.n_strange for c in contents)
    if n_strange > _MAX_STRANGE * n_sampled:
        share = round(100 * n_strange / n_sampled)
        msg = f"the fonts don't say which characters they show ({share} % unknown)"
        hint = "use the original document, or run OCR over the PDF"
        raise ReadError(msg, code="E103", path=path, hint=hint)


def _remarks(contents: Sequence[PageContent]) -> Iterator[LogEntry]:
    for content in contents:
        if content.n_images and not any(g.text != " " for g in content.glyphs):
            message = f"page {content.number} is a picture without text"
            yield LogEntry(stage="read", code="page-without-text", message=message)
    strange = sum(g.text == "\ufffd" for c in contents for g in c.glyphs)
    if strange:
        message = f"{strange} characters without a code shown as U+FFFD"
        yield LogEntry(stage="read", code="unknown-characters", message=message)


def _find_tables(contents: Sequence[PageContent], out: RawText) -> list[_Page]:
    grids: list[tuple[Grid, ...]] = []
    lines: list[list[Line]] = []
    for content in contents:
        out.check_time()
        found, rest = find_grids(content.glyphs, content.across, content.down, page=content.number)
        grids.append(tuple(found))
        lines.append(make_lines(rest, page=content.number))
    kept = drop_furniture(lines)
    shapes = [(*map(round, c.shape), c.angle) for c in contents]
    margins = {
        shape: _margins(
            [x for s, rest in zip(shapes, kept, strict=True) if s == shape for x in rest]
        )
        for shape in set(shapes)
    }
    return [
        _Page(content, found, tuple(rest), margins[shape])
        for content, found, rest, shape in zip(contents, grids, kept, shapes, strict=True)
    ]


def _margins(lines: Sequence[Line]) -> tuple[float, float]:
    """Return the left and right edge of running text on pages of one shape."""
    boxes = [line.box for line in lines] or [(0.0, 0.0, 0.0, 0.0)]
    lefts = sorted(b[0] for b in boxes)
    return lefts[len(lefts) // 10], max(b[2] for b in boxes)


def _write(pages: Sequence[_Page], out: RawText) -> None:
    """Write tables and paragraphs in reading order."""
    writer = _Writer({page.content.number: page for page in pages}, out)
    for page in pages:
        out.check_time()
        for item in _items(page):
            if isinstance(item, Line):
                writer.line(item)
            else:
                writer.table(item)
    writer.flush()


def _items(page: _Page) -> Iterator[Line | Sequence[Row]]:
    """Yield the lines and the tables of a page, with and without rules, from top to bottom."""
    grids = list(page.grids)
    loose: list[Row] = []
    for item in find_rows(page.lines):
        while grids and grids[0].box[3] > _top(item):
            if loose:
                yield loose
                loose = []
            yield grids.pop(0).rows
        if not isinstance(item, Line):
            loose.append(item)
            continue
        if loose:
            yield loose
            loose = []
        yield item
    yield from ([loose] if loose else [])
    yield from (grid.rows for grid in grids)


def _top(item: Line | Row) -> float:
    """Return how high on the page a line or a row stands."""
    if isinstance(item, Line):
        return item.y
    return max((c.box[3] for c in item if c.box), default=0.0)


class _Writer:
    """Joins lines to paragraphs, and tables over pages."""

    def __init__(self, pages: Mapping[int, _Page], out: RawText) -> None:
        self._pages = pages
        self._out = out
        self._text = ""
        self._first: Line | None = None
        self._last: Line | None = None
        self._rows: list[Row] = []

    def line(self, line: Line) -> None:
        """Add a line to the paragraph, or begin a new one."""
        self._flush_rows()
        if self._last is not None and self._goes_on(self._last, line):
            self._text = join_text(self._text, line.text)
        else:
            self._flush_line()
            self._first, self._text = line, line.text
        self._last = line

    def table(self, rows: Sequence[Row]) -> None:
        """Add the rows of a table; on a new page it may go on with the one before."""
        self._flush_line()
        if self._rows and self._rows[-1][0].page != rows[0][0].page:
            self._rows = join_pages(self._rows, rows)
        else:
            self._rows += rows

    def flush(self) -> None:
        """Write what is pending."""
        self._flush_line()
        self._flush_rows()

    def _goes_on(self, last: Line, line: Line) -> bool:
        left = self._pages[line.page].margins[0]
        return may_join(last, line, left=left, right=self._pages[last.page].margins[1])

    def _flush_line(self) -> None:
        if self._first is not None:
            self._out.line(self._text, self._place(self._first.page, self._first.box))
        self._first = self._last = None

    def _flush_rows(self) -> None:
        for row in self._rows:
            self._out.row((c.text, self._place(c.page, c.box)) for c in row)
        self._rows = []

    def _place(self, page: int, box: Box | None) -> Provenance | None:
        if box is None:
            return None
        return Provenance(page=page, bbox=self._pages[page].content.place(box))
