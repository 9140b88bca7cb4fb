"""A report as it is printed: titles, headings, paragraphs and tables in order, for any format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mining.generate.layout import PrintGrid, build_grid
from mining.generate.marks import MarkError, PlacedMark, parse_marks
from mining.generate.truth import SectionTruth, Truth, TruthError

__all__ = ["PrintItem", "print_items"]

_TABLE_LINE = re.compile(r"@([a-z0-9_]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintItem:
    """One printed line or table.

    Parameters
    ----------
    kind
        What it is; a preface has no heading.
    section
        Key of its section; a title belongs to the preface.
    text, marks
        The line, and its figures with their places in it.
    grid
        The table, of a ``table`` only.
    """

    kind: Literal["title", "heading", "paragraph", "table"]
    section: str
    text: str = ""
    marks: tuple[PlacedMark, ...] = ()
    grid: PrintGrid | None = None


def print_items(truth: Truth) -> tuple[PrintItem, ...]:
    """Return what the report prints, in order.

    Raises
    ------
    TruthError
        When a mark, a table line or a table of the truth is unsound.
    """
    try:
        return tuple(_items(truth))
    except MarkError as error:
        raise TruthError(str(error), code="E701", path=f"{truth.name}.toml") from error


def _items(truth: Truth) -> Iterator[PrintItem]:
    for line in truth.title:
        yield PrintItem(kind="title", section="preface", text=line)
    for section in truth.sections:
        if section.key != "preface":
            yield PrintItem(kind="heading", section=section.key, text=section.heading)
        yield from _body(truth, section)


def _body(truth: Truth, section: SectionTruth) -> Iterator[PrintItem]:
    for line in section.body.strip("\n").splitlines():
        name = _TABLE_LINE.fullmatch(line)
        if name:
            yield PrintItem(kind="table", section=section.key, grid=_grid(truth, name[1]))
        else:
            plain, marks = parse_marks(line)
            yield PrintItem(kind="paragraph", section=section.key, text=plain, marks=marks)


def _grid(truth: Truth, key: str) -> PrintGrid:
    table = truth.tables.get(key)
    if table is None:
        msg = f"the table {key} is printed but not told"
        raise TruthError(msg, code="E701", path=f"{truth.name}.toml")
    return build_grid(table)
