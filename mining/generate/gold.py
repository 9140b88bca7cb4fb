"""Gold of a generated report: what a perfect reading finds, and where."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal

from mining.generate.marks import Mark
from mining.generate.printout import PrintItem
from mining.generate.truth import FindingTruth, Truth
from mining.spans import Span
from mining.steps.normalize import normalize_text

__all__ = [
    "Gold",
    "GoldCell",
    "GoldFigure",
    "GoldSection",
    "cell_value",
    "gold_figure",
    "gold_without_places",
    "to_json",
]

_SIGNED = re.compile(r"(?P<sign>[+\-−]|增|减)?\s*(?P<number>\d[\d,]*(?:\.\d+)?)(?:万元|元)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldSection:
    """A section from the start of its heading to the start of the next one.

    As everywhere in gold, places are ``None`` where the format has no text of its own.
    """

    key: str
    title: str
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldCell:
    """A cell: public name, printed text, number (``None`` when it is none), and its place."""

    address: str
    raw: str
    value: Decimal | None
    blank: bool
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldFigure:
    """A figure as in the output table, with every address its words may mean in `cells`.

    `claim` is ``none`` for a statement of none without a number, whose span is a suggestion;
    `loose` says that careful readers may link it or not, `optional` that they may not even count
    it.
    """

    start: int | None
    end: int | None
    text: str
    section: str
    value: Decimal
    low: Decimal | None
    high: Decimal | None
    unit: str
    approx: str
    kind: str
    role: str
    scope: str
    cell: str | None
    cells: tuple[str, ...]
    claim: str
    loose: bool
    optional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """Everything that a run over one report is scored against; offsets are of normalised text."""

    report: str
    agency: str
    year: int
    region: str
    level: str
    template: str
    sections: tuple[GoldSection, ...]
    cells: tuple[GoldCell, ...]
    figures: tuple[GoldFigure, ...]
    findings: tuple[FindingTruth, ...]


def cell_value(raw: str) -> Decimal | None:
    """Return the number that a printed cell holds, whatever unit is printed with it.

    Examples
    --------
    >>> cell_value("减1"), cell_value("1,251.9"), cell_value("251000元"), cell_value("/")
    (Decimal('-1'), Decimal('1251.9'), Decimal('251000'), None)
    """
    match = _SIGNED.fullmatch(raw.strip())
    if match is None:
        return None
    value = Decimal(match["number"].replace(",", ""))
    return -value if match["sign"] in ("-", "−", "减") else value


def gold_figure(mark: Mark, *, section: str, text: str, span: Span | None) -> GoldFigure:
    """Return the gold of one mark: `text` is what is printed, `span` its place."""
    return GoldFigure(
        start=span.start if span else None,
        end=span.end if span else None,
        text=text,
        section=section,
        value=mark.value,
        low=mark.low,
        high=mark.high,
        unit=mark.unit,
        approx=mark.approx,
        kind=mark.kind,
        role=mark.role,
        scope=mark.scope,
        cell=mark.cells[0] if mark.cells else None,
        cells=mark.cells,
        claim="none" if mark.is_none else "number",
        loose=mark.is_loose,
        optional=mark.is_optional,
    )


def gold_without_places(truth: Truth, items: Iterable[PrintItem], *, suffix: str) -> Gold:
    """Return the gold of a format whose text a reader has to work out first.

    Parameters
    ----------
    truth, items
        The report, and what it prints.
    suffix
        Of the file, with its dot.
    """
    there = tuple(items)
    heads = [GoldSection(key="preface", title="", start=None, end=None)]
    heads += [
        GoldSection(key=item.section, title=item.text, start=None, end=None)
        for item in there
        if item.kind == "heading"
    ]
    return Gold(
        report=truth.name + suffix,
        agency=truth.agency,
        year=truth.year,
        region=truth.region,
        level=truth.level,
        template=truth.form,
        sections=tuple(heads),
        cells=tuple(
            _cell(cell.address, cell.text)
            for item in there
            if item.grid is not None
            for cell in item.grid.cells
            if cell.address
        ),
        figures=tuple(
            gold_figure(
                placed.mark,
                section=item.section,
                text=normalize_text(placed.mark.text)[0],
                span=None,
            )
            for item in there
            for placed in item.marks
        ),
        findings=truth.findings,
    )


def _cell(address: str, printed: str) -> GoldCell:
    raw = normalize_text(printed)[0].strip()
    return GoldCell(
        address=address, raw=raw, value=cell_value(raw), blank=not raw, start=None, end=None
    )


def to_json(gold: Gold, *, indent: int | None = 1) -> str:
    """Return `gold` as JSON text, the same bytes for the same gold; `indent` as in `json`."""
    return json.dumps(_plain(gold), ensure_ascii=False, indent=indent) + "\n"


_NESTED = (GoldSection, GoldCell, GoldFigure, FindingTruth)
_FIELDS: dict[type, tuple[str, ...]] = {
    kind: tuple(f.name for f in fields(kind)) for kind in (Gold, *_NESTED)
}


def _plain(value: object) -> object:
    """Return what `json` can write; `dataclasses.asdict` takes four times as long."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    names = _FIELDS.get(type(value))
    if names is None:
        return value
    plain = {name: _plain(getattr(value, name)) for name in names}
    if plain.get("fault") == "":  # told of planted errors only
        del plain["fault"]
    return plain
