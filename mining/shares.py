"""What a share may be a share of: totals told before it, or the total of a table."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from mining.contracts import CheckContext
from mining.finding import Evidence
from mining.form import Form
from mining.identity import Identity
from mining.lanes import Axis, Lane
from mining.report import Address, Figure, Link, Number
from mining.tabular.cellbook import CellValue

__all__ = ["Base", "find_bases", "share_of"]

_HUNDRED = Decimal(100)
# How many figures back a total may stand that no list names.
_FIGURES_BACK = 12
# 占办结总数的 and the like name the table's own total; 占全县总量的 does not.
_OF_TOTAL = re.compile(
    r"占[办答受收新处申请结复理到件]{0,6}(?:总数|总量|总件数)(?:量|的)?(?:比例)?[为约达]?$"
)
_AXES: dict[str, Axis] = {
    "table-row-total": "row",
    "table-litigation-total": "row",
    "table-results-total": "column",
    "table-indicator-total": "column",
}


class Base(NamedTuple):
    """A number that a share may be taken of, its place, and whether it must be this one."""

    value: Number
    evidence: Evidence
    is_certain: bool


def share_of(part: Figure, base: Base) -> Decimal:
    """Return the part's share of a base in percent."""
    return Decimal(part.quantity.value) * _HUNDRED / Decimal(base.value or 1)


def find_bases(ctx: CheckContext, share: Figure, part: Figure) -> list[Base]:
    """Return what a share may be of, the likeliest first.

    Parameters
    ----------
    ctx
        The report with its breakdowns, links and tables.
    share, part
        The percentage, and the number that it rates.

    Returns
    -------
    list of Base
        The totals of the lists that hold the part, which are certain; else the total that the
        table holds for the part's cell, certain when the words name it, and the numbers told
        before that are at least as large.
    """
    figures = ctx.report.figures or ()
    named = [figures[b.total] for b in ctx.report.breakdowns or () if part.id in b.parts]
    if named:
        return [_told(figure, is_certain=len(named) == 1) for figure in named]
    earlier = figures[max(0, share.id - _FIGURES_BACK) : part.id]
    larger = [
        f
        for f in earlier
        if f.kind == "count" and f.quantity.value >= part.quantity.value and f.quantity.value
    ]
    told = [_told(figure, is_certain=False) for figure in larger[::-1]]
    printed = _printed(ctx, share, part)
    return told if printed is None else [printed, *told]


def _told(figure: Figure, *, is_certain: bool) -> Base:
    evidence = Evidence(role="total", span=figure.span, value=figure.quantity.value)
    return Base(figure.quantity.value, evidence, is_certain)


def _printed(ctx: CheckContext, share: Figure, part: Figure) -> Base | None:
    """Return the table's total for the cell that the part states."""
    link = next((link for link in ctx.report.links or () if link.figure == part.id), None)
    address = _whole(ctx.form, link.address) if link else None
    if link is None or address is None:
        return None
    found = ctx.value(address)
    if not found.value or not found.cells:
        return None
    cell = found.cells[0]
    evidence = Evidence(role="total", span=cell.span, address=address, value=found.value)
    return Base(found.value, evidence, _names_total(ctx, share, part, link, found))


def _names_total(
    ctx: CheckContext, share: Figure, part: Figure, link: Link, found: CellValue
) -> bool:
    words = ctx.report.text[part.span.end : share.span.start]
    return found.sure and link.score >= ctx.settings.sure_link and bool(_OF_TOTAL.search(words))


def _whole(form: Form, address: Address) -> Address | None:
    """Return the total of the identity in which a cell, or all terms of a sum, are parts."""
    derived = form.derived_by_address.get(address)
    wanted = {term for _, term in derived.terms} if derived else {address}
    for spec in form.checks:
        axis, identity = _AXES.get(spec.rule), spec.params.get("identity")
        if axis is None or not isinstance(identity, Identity):
            continue
        for lane in form.lanes(str(spec.params["table"]), identity, axis):
            if _divides(lane, wanted):
                return lane.right[0][1]
    return None


def _divides(lane: Lane, wanted: set[Address]) -> bool:
    parts = {address for _, address in lane.left}
    return len(lane.right) == 1 and bool(wanted) and wanted <= parts
