"""What a comparison over years needs of one report: compact, and one plain row when written."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Literal

from mining.quantity import Quantity
from mining.report import (
    Address,
    Block,
    Cell,
    CellKind,
    Meta,
    Number,
    Provenance,
    Report,
    Section,
    Source,
    Table,
    make_cell,
)
from mining.spans import Edit, OffsetMap, Span

__all__ = ["Base", "CellFacts", "Claim", "ClaimKind", "Odd", "TableFacts", "YearFacts"]

ClaimKind = Literal["rate", "times", "ratio", "amount", "points", "level", "even"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A quantity that a claim may speak of: its address, other readings, and how sure the link is.

    `told` is what the sentence itself says of this year, `span` where.
    """

    address: Address
    also: tuple[Address, ...]
    score: float
    span: Span
    told: Quantity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What the narrative says about last year.

    Parameters
    ----------
    kind
        ``rate`` in percent, ``times`` (增长2倍), ``ratio`` (是上年的2倍), ``amount``, ``points``
        (百分点), ``level`` (last year's number itself), ``even`` (持平).
    sign
        1 for more, -1 for less, 0 where there is no direction.
    span, sentence
        The words of the claim, and the sentence around them.
    quantity
        What is claimed; ``None`` for 持平.
    bases
        What it may speak of, the nearest first; empty where that is unclear.
    is_explicit
        Whether the words name last year (同比, 较上年) rather than leave it to be guessed.
    is_counted
        Whether another rule has compared the figure already.
    share
        For 百分点, the share that changed: of the first of `bases` in the second.
    """

    kind: ClaimKind
    sign: int
    span: Span
    sentence: Span
    quantity: Quantity | None
    bases: tuple[Base, ...]
    is_explicit: bool = True
    is_counted: bool = False
    share: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Odd:
    """A cell that is more than a number or a blank: its place, kind, and the unit printed in it."""

    index: int
    kind: CellKind
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFacts:
    """The cells of one table as columns of equal length; `spans` holds start and end by turns."""

    key: str
    section: str
    unit: str
    span: Span
    addresses: tuple[Address, ...]
    values: tuple[Number | None, ...]
    spans: tuple[int, ...]
    scores: tuple[float, ...]
    odd: tuple[Odd, ...] = ()

    def cell(self, index: int, text: str) -> Cell:
        """Return one cell; `text` is the text of the report, which holds what is printed."""
        table, _, rest = self.addresses[index].partition(".")
        row, _, column = rest.rpartition(".")
        value = self.values[index]
        kind: CellKind = "blank" if value is None else "number"
        unit = ""
        for odd in self.odd:  # few tables have any
            if odd.index == index:
                kind, unit = odd.kind, odd.unit
        span = Span(self.spans[2 * index], self.spans[2 * index + 1])
        score = self.scores[index]
        return make_cell(
            table=table,
            row=row,
            column=column,
            raw=span.of(text),
            kind=kind,
            value=value,
            span=span,
            score=score,
            unit=unit,
        )


class CellFacts(Mapping[str, Cell]):
    """Cells by address, made when they are asked for: rules ask for few of hundreds."""

    def __init__(self, text: str, tables: tuple[TableFacts, ...]) -> None:
        self._text = text
        self._places: dict[str, tuple[TableFacts, int]] = {
            address: (table, index)
            for table in tables
            for index, address in enumerate(table.addresses)
        }

    def __getitem__(self, address: str) -> Cell:
        table, index = self._places[address]
        return table.cell(index, self._text)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


@dataclass(frozen=True, kw_only=True)
class YearFacts:
    """One report as far as later years are compared with it.

    Parameters
    ----------
    report, source, form, template
        Ids, as in `Report`.
    agency, region, level, year
        Who reports on which year.
    text
        The whole text: both sides of a finding quote it, and spans point into it.
    sections, tables
        Where sections stand, and the cells.
    figures
        Spans of the counts, shares and sums told, start and end by turns.
    claims
        What the narrative says about last year.
    places, edits
        Start, end, page and path of each stretch of the raw text whose place in the source is
        known, and what leads from the text back to it (`OffsetMap`); empty for plain text.
    """

    report: str
    source: str
    form: str
    template: str
    agency: str | None
    region: str | None
    level: str | None
    year: int | None
    text: str
    sections: tuple[Section, ...] = ()
    tables: tuple[TableFacts, ...] = ()
    figures: tuple[int, ...] = ()
    claims: tuple[Claim, ...] = ()
    places: tuple[tuple[int, int, int | None, str], ...] = ()
    edits: tuple[tuple[int, int, int, int], ...] = ()

    @cached_property
    def cells(self) -> CellFacts:
        """Every cell by its address."""
        return CellFacts(self.text, self.tables)

    @property
    def n_cells(self) -> int:
        """How many cells the tables have."""
        return sum(len(table.addresses) for table in self.tables)

    def as_report(self, *, with_tables: bool = False, around: Iterable[Span] = ()) -> Report:
        """Return the report as far as it is known.

        Parameters
        ----------
        with_tables
            Whether its tables will be shown.
        around
            What will be looked up in the source: only blocks that tell its place are made.
        """
        edits = tuple([Edit(*edit) for edit in self.edits]) if self.places else ()
        offsets = OffsetMap(edits)
        return Report(
            id=self.report,
            source=Source(uri=self.source),
            raw_text=self.text,
            text=self.text,
            offsets=offsets,
            blocks=self._blocks(offsets, around) if self.places else (),
            form=self.form,
            template=self.template,
            meta=Meta(year=self.year, agency=self.agency, region=self.region, level=self.level),
            sections=self.sections,
            tables=tuple(self._table(table) for table in self.tables) if with_tables else (),
        )

    def _blocks(self, offsets: OffsetMap, around: Iterable[Span]) -> tuple[Block, ...]:
        """Return the blocks on both sides of the start of each span."""
        wanted: set[int] = set()
        for span in around:
            start = offsets.to_raw(span).start
            index = bisect_right(self.places, start, key=itemgetter(0))
            wanted.update((max(index - 1, 0), min(index, len(self.places) - 1)))
        return tuple(
            Block(raw_span=Span(start, end), prov=Provenance(page=page, path=path))
            for start, end, page, path in (self.places[i] for i in sorted(wanted))
        )

    def _table(self, table: TableFacts) -> Table:
        cells = tuple([table.cell(i, self.text) for i in range(len(table.addresses))])
        return Table(
            key=table.key,
            unit=table.unit,
            cells=cells,
            span=table.span,
            section=table.section,
            style="facts",
        )
