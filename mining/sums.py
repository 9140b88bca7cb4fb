"""Identities between cells compared lane by lane, with what their differences look like."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Literal

from mining.contracts import CheckContext
from mining.finding import Evidence, Finding, Status, make_evidence, make_finding
from mining.identity import Identity
from mining.lanes import Axis, Lane, Places
from mining.report import Cell, Number
from mining.spans import Span
from mining.tabular.cellbook import CellValue, Slots

__all__ = ["About", "compare_sums", "evidence_of"]

About = Literal["left", "right"]

_Holds = Callable[[Any, Any], bool]
_HOLDS: dict[str, _Holds] = {
    "==": operator.eq,
    "<=": operator.le,
    ">=": operator.ge,
}
# Looked up once: an enumeration takes as long to give a member as a sum of four cells.
_CONSISTENT = Status.CONSISTENT


def compare_sums(
    ctx: CheckContext, table: str, identity: Identity, each: Axis, *, about: About = "right"
) -> Iterator[Finding]:
    """Compare both sides of an identity in every row or column of a table.

    Parameters
    ----------
    ctx
        The report, its form and the running rule.
    table, identity, each
        Which cells must agree: ``each`` row or column by itself.
    about
        The side that the finding names and whose sum is what the report states.

    Returns
    -------
    iterator of Finding
        One for each lane, unverifiable where a cell is missing.
    """
    slots = ctx.cells.slots(table)
    if not slots.cells:
        return iter(())
    holds = _HOLDS[identity.operator]
    side = 1 if about == "right" else 0
    report, text, part = ctx.report_id, ctx.text, ctx.running
    found: list[Finding] = []
    n_judged = 0
    for lane in ctx.form.lanes(table, identity, each):
        agreed = _agreed(lane, slots, holds, side)
        if agreed is None:
            found.append(_judge(ctx, lane, holds, side))
            n_judged += 1
            continue
        stated, expected, places = agreed
        span, quote, evidence = _totals(places, slots.cells, text)
        # Made here and not by the context: two findings in three are such sums.
        found.append(
            make_finding(
                report=report,
                rule=part.id,
                status=_CONSISTENT,
                severity=part.severity,
                reason="",
                cell=places[0][0],
                stated=str(stated),
                expected=str(expected),
                difference=stated - expected,
                span=span,
                formula=lane.formula,
                evidence=evidence,
                quote=quote,
            )
        )
    return iter(_mark_moved(found) if n_judged > 1 else found)


def _agreed(lane: Lane, slots: Slots, holds: _Holds, side: int) -> tuple[int, int, Places] | None:
    """Return both sums where whole numbers agree, as in nearly every lane of every report."""
    if lane.sides is None:
        return None
    left, right = lane.sides
    numbers = slots.numbers
    try:
        low, high = sum(left.pick(numbers)), sum(right.pick(numbers))  # type: ignore[arg-type]
    except TypeError:
        # A blank, or no cell.
        return None
    # What `Decimal` prints for a sum depends on how it was added up.
    if type(low) is not int or type(high) is not int or not holds(low, high):
        return None
    return (high, low, right.cells) if side else (low, high, left.cells)


def _totals(
    places: Places, cells: Sequence[Cell | None], text: str
) -> tuple[Span | None, str, tuple[Evidence, ...]]:
    """Return the cells of a side as evidence, and the first that prints something, quoted."""
    evidence = []
    where, quote = None, ""
    for address, place in places:
        cell = cells[place]
        if cell:
            span = cell.span
            evidence.append(
                make_evidence(role="total", span=span, address=address, value=cell.value)
            )
            if not quote:
                quote = text[span.start : span.end]
                where = span if quote else None
    return where, quote, tuple(evidence)


def _judge(ctx: CheckContext, lane: Lane, holds: _Holds, side: int) -> Finding:
    left = ctx.cells.total(lane.left[0][1], lane.left)
    right = ctx.cells.total(lane.right[0][1], lane.right)
    stated, expected = (right, left) if side else (left, right)
    if stated.value is None or expected.value is None:
        return ctx.finding(
            Status.UNVERIFIABLE,
            reason=stated.reason or expected.reason,
            cell=stated.address,
            evidence=evidence_of(stated, "total"),
            formula=lane.formula,
        )
    agree = holds(left.value, right.value)
    status, reason = (Status.CONSISTENT, "") if agree else _broken(stated, expected)
    # The parts are proof of a difference; for what holds the formula says enough.
    parts = () if agree else evidence_of(expected, "part")
    return ctx.finding(
        status,
        reason=reason,
        cell=stated.address,
        stated=stated.value,
        expected=expected.value,
        difference=stated.value - expected.value,
        evidence=evidence_of(stated, "total") + parts,
        formula=lane.formula,
    )


def _broken(stated: CellValue, expected: CellValue) -> tuple[Status, str]:
    if not (stated.sure and expected.sure):
        return Status.SUSPECT, "uncertain-cell"
    split = stated.value is not None and _looks_split(expected.cells, stated.value)
    return Status.MISMATCH, "split-number" if split else ""


def evidence_of(value: CellValue, role: str, *, report: str = "") -> tuple[Evidence, ...]:
    """Return each cell behind a value as evidence in the given role; `report` when another's."""
    return tuple(
        [
            make_evidence(
                role=role, span=cell.span, address=cell.address, value=cell.value, report=report
            )
            for cell in value.cells
        ]
    )


def _looks_split(parts: tuple[Cell, ...], total: Number) -> bool:
    """Tell whether joining two neighbouring cells (2|0 for 20) would make the sum right."""
    values = [c.value for c in parts]
    if not all(isinstance(v, int) and v >= 0 for v in values):
        return False
    numbers = [v for v in values if isinstance(v, int)]
    rest = sum(numbers)
    return any(a > 0 and rest - a - b + int(f"{a}{b}") == total for a, b in pairwise(numbers))


def _mark_moved(found: list[Finding]) -> list[Finding]:
    """Say so when two lanes differ by opposite amounts: one case stands in the wrong column."""
    off = [f for f in found if f.status is Status.MISMATCH and not str(f.cell).endswith(".total")]
    if len(off) != 2 or off[0].difference is None or off[1].difference is None:
        return found
    if off[0].difference + off[1].difference != 0:
        return found
    return [replace(f, reason="moved-case") if f in off else f for f in found]
