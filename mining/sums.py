"""Identities between cells compared lane by lane, with what their differences look like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from mining.contracts import CheckContext
from mining.finding import Evidence, Finding, Status
from mining.identity import Identity
from mining.lanes import Axis, Lane
from mining.report import Cell, Number
from mining.tabular.cellbook import CellValue

__all__ = ["compare_sums", "evidence_of"]

_HOLDS = {
    "==": lambda left, right: left == right,
    "<=": lambda left, right: left <= right,
    ">=": lambda left, right: left >= right,
}


def compare_sums(
    ctx: CheckContext, table: str, identity: Identity, each: Axis, *, about: str = "right"
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

    Yields
    ------
    Finding
        One for each lane, unverifiable where a cell is missing.
    """
    if ctx.report.table(table) is None:
        return
    lanes = ctx.form.lanes(table, identity, each)
    yield from _mark_moved([_judge(ctx, lane, identity, about=about) for lane in lanes])


def _judge(ctx: CheckContext, lane: Lane, identity: Identity, *, about: str) -> Finding:
    left = ctx.cells.total(lane.left[0][1], lane.left)
    right = ctx.cells.total(lane.right[0][1], lane.right)
    stated, expected = (right, left) if about == "right" else (left, right)
    if stated.value is None or expected.value is None:
        return ctx.finding(
            Status.UNVERIFIABLE,
            reason=stated.reason or expected.reason,
            cell=stated.address,
            evidence=evidence_of(stated, "total"),
            formula=lane.formula,
        )
    holds = _HOLDS[identity.operator](left.value, right.value)
    status, reason = (Status.CONSISTENT, "") if holds else _broken(stated, expected)
    # The parts are proof of a difference; for what holds the formula says enough.
    parts = () if holds else evidence_of(expected, "part")
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
            Evidence(
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
