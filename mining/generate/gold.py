"""Gold of a generated report: what a perfect reading finds, and where."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from decimal import Decimal

from mining.generate.truth import FindingTruth

__all__ = ["Gold", "GoldCell", "GoldFigure", "GoldSection", "cell_value", "to_json"]

_SIGNED = re.compile(r"(?P<sign>[+\-−]|增|减)?\s*(?P<number>\d[\d,]*(?:\.\d+)?)(?:万元|元)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldSection:
    """A section from the start of its heading to the start of the next one."""

    key: str
    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldCell:
    """A cell: public name, printed text, number (``None`` when it is none), and its place."""

    address: str
    raw: str
    value: Decimal | None
    blank: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldFigure:
    """A figure as in the output table, with every address its words may mean in `cells`.

    `claim` is ``none`` for a statement of none without a number, whose span is a suggestion;
    `loose` says that careful readers may link it or not, `optional` that they may not even count
    it.
    """

    start: int
    end: int
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


def to_json(gold: Gold) -> str:
    """Return `gold` as JSON text, the same bytes for the same gold."""
    return json.dumps(asdict(gold), ensure_ascii=False, indent=1, default=_plain_number) + "\n"


def _plain_number(value: object) -> int | float:
    if not isinstance(value, Decimal):
        msg = f"no JSON for {value!r}"
        raise TypeError(msg)
    return int(value) if value == value.to_integral_value() else float(value)
