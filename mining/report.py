"""The central types: one report as text plus layers that the steps fill in.

A layer is ``None`` until its step ran; an empty tuple means that nothing is there.
All spans point into ``Report.text`` unless a name says ``raw``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NewType

from mining.frozen import changer, maker
from mining.quantity import Quantity
from mining.spans import OffsetMap, Span

__all__ = [
    "Address",
    "Block",
    "Breakdown",
    "Cell",
    "Fact",
    "Figure",
    "FigureKind",
    "Leftover",
    "Link",
    "LogEntry",
    "Meta",
    "Number",
    "Point",
    "PointKind",
    "Provenance",
    "Report",
    "Role",
    "Scope",
    "Section",
    "Source",
    "Table",
    "ThemeScore",
    "change_report",
    "make_block",
    "make_cell",
    "make_fact",
    "make_figure",
    "make_link",
    "make_point",
    "make_provenance",
    "make_section",
    "make_theme_score",
]

Address = NewType("Address", str)
"""A cell's public name, ``table.row.column``; row keys may hold dots themselves."""

Number = int | Decimal
FigureKind = Literal["count", "money", "percent", "change", "ordinal", "other"]
Role = Literal["total", "part", "single", "change", "percent", "other"]
Scope = Literal[
    "",
    "last_year",
    "earlier_year",
    "cumulative",
    "sub_unit",
    "own_level",
    "whole_area",
    "other_agency",
    "as_reviewer",
    "all_reviews",
    "average",
    "each",
    "per_day",
    "per_week",
]
CellKind = Literal["number", "blank", "none", "text"]
PointKind = Literal["problem", "improvement", "neither"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a report came from: its path or address, type, hash, encoding and size in bytes."""

    uri: str
    media_type: str = "text/plain"
    sha256: str = ""
    encoding: str = ""
    n_bytes: int = 0
    n_pages: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Place in the source: page and box (PDF, points), or element path (html, docx)."""

    page: int | None = None
    bbox: tuple[float, float, float, float] | None = None
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A stretch of raw text with its place in the source, in reading order.

    A reader that knows the structure of tables writes each row as tab-indented cells and an empty
    line, which is how Word exports them: all formats then go through one way of reading tables,
    and blocks say where a cell stood on its page.
    """

    raw_span: Span
    prov: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One piece of metadata: its value, how sure (0 to 1), where it stands, and who says so."""

    value: str
    score: float
    source: str
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """Who reports on which year; `None` where nothing was found.

    `years` and `agencies` keep every statement found (title, signature, period, file name), the
    chosen one first, so that the ``form-`` rules can compare them.
    """

    year: int | None = None
    agency: str | None = None
    region: str | None = None
    level: str | None = None
    years: tuple[Fact, ...] = ()
    agencies: tuple[Fact, ...] = ()
    regions: tuple[Fact, ...] = ()
    levels: tuple[Fact, ...] = ()
    templates: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A first-level section; `span` covers heading and body, and sections leave no gaps."""

    key: str
    title: str
    order: int
    heading: Span
    span: Span
    matched_by: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One slot of a statutory table.

    `raw` is the printed text, `value` its number in the table's unit (``None`` for blanks and
    text), `unit` a unit printed inside the cell, `score` the confidence of the place (0 to 1).
    """

    table: str
    row: str
    column: str
    raw: str
    kind: CellKind
    value: Number | None
    span: Span
    score: float = 1.0
    unit: str = ""

    @property
    def address(self) -> Address:
        """The cell's public name, ``table.row.column``."""
        return Address(f"{self.table}.{self.row}.{self.column}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """Table text that the form has no place for; kept and reported, never dropped."""

    span: Span
    text: str
    near: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A statutory table found in the text, its cells in form order."""

    key: str
    unit: str
    cells: tuple[Cell, ...]
    span: Span
    section: str
    style: str
    leftovers: tuple[Leftover, ...] = ()
    missing_rows: tuple[str, ...] = ()
    _index: dict[tuple[str, str], Cell] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def at(self, row: str, column: str) -> Cell | None:
        """Return the cell of `row` and `column`, or ``None`` when the table lacks it."""
        if not self._index:
            self._index.update({(c.row, c.column): c for c in self.cells})
        return self._index.get((row, column))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A quantity mention in the narrative.

    Parameters
    ----------
    id
        Position in ``Report.figures``.
    span
        Approximation words, numeral and unit.
    quantity
        What it says; money in 元, percent as 30 with unit ``%``.
    kind, role, scope
        See ``docs`` and NAMES: what is counted, its part in the sentence, whose number it is.
    sentence, clause
        The sentence around it, and the stretch since the figure or clause mark before it.
    section
        Key of its section.
    claim
        ``none`` for a statement of none without a number (未收到, 未发生), else ``number``.
    hint
        Key of the form phrase that a statement of none matched, else empty.
    """

    id: int
    span: Span
    quantity: Quantity
    kind: FigureKind
    role: Role
    scope: Scope
    sentence: Span
    clause: Span
    section: str
    claim: Literal["number", "none"] = "number"
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """A total and the parts told with it; all are ids of figures.

    `closed` is true when the list claims to be complete (no 等, 包括 or 主要); `total` is ``None``
    for parts without a told total. `marker` is the word that opened the list.
    """

    total: int
    parts: tuple[int, ...]
    closed: bool
    span: Span
    marker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A figure states a cell or a derived quantity of the form.

    `also` lists other addresses that the same words may mean (受理: new, or new plus carried in);
    `phrase` is the key of the form phrase that decided, `quote` the words that matched.
    """

    figure: int
    address: Address
    also: tuple[Address, ...]
    score: float
    phrase: str
    quote: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeScore:
    """A theme that a point speaks of, and how sure (0 to 1)."""

    theme: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One statement of a problem section.

    Parameters
    ----------
    id
        Position in ``Report.points``.
    section
        Key of the section it stands in.
    kind
        A lack told, an action done or planned, or neither of them.
    span
        The statement without its enumerator and closing mark.
    answers
        Id of the problem that an improvement answers, or ``None``.
    themes
        What it speaks of, the primary theme first.
    """

    id: int
    section: str
    kind: PointKind
    span: Span
    answers: int | None = None
    themes: tuple[ThemeScore, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """What a step decided and why, for `mining read` and for debugging."""

    stage: str
    code: str
    message: str
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One annual report: raw text, normalised text and the layers that steps fill.

    Parameters
    ----------
    id
        Path relative to the input, unique in a run.
    source
        File facts.
    raw_text, text, offsets
        Text as decoded, text as normalised (all spans point into it), and the map between them.
    blocks
        Places of the raw text in the source, for pages and cells; empty for plain text.
    form
        Id of the form that the report was read with; empty before detection.
    meta, sections, tables, figures, breakdowns, links, points
        The layers; ``None`` means not computed.
    log
        Decisions worth showing.
    """

    id: str
    source: Source
    raw_text: str
    text: str = ""
    offsets: OffsetMap = field(default_factory=OffsetMap)
    blocks: tuple[Block, ...] = ()
    form: str = ""
    template: str = ""
    meta: Meta | None = None
    sections: tuple[Section, ...] | None = None
    tables: tuple[Table, ...] | None = None
    figures: tuple[Figure, ...] | None = None
    breakdowns: tuple[Breakdown, ...] | None = None
    links: tuple[Link, ...] | None = None
    points: tuple[Point, ...] | None = None
    log: tuple[LogEntry, ...] = ()

    def table(self, key: str) -> Table | None:
        """Return the table with `key`, or ``None``."""
        return next((t for t in self.tables or () if t.key == key), None)

    def section_at(self, position: int) -> Section | None:
        """Return the section that holds `position` of the text, or ``None``."""
        for section in self.sections or ():
            if section.span.start <= position < section.span.end:
                return section
        return None


# What makes the same objects as the classes, faster.
make_block = maker(Block)
make_cell = maker(Cell)
make_fact = maker(Fact)
make_figure = maker(Figure)
make_link = maker(Link)
make_point = maker(Point)
make_provenance = maker(Provenance)
make_section = maker(Section)
make_theme_score = maker(ThemeScore)

change_report = changer(Report)
"""The same as `dataclasses.replace` of a report, faster: each step makes a new one."""
