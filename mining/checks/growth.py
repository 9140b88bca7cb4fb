"""The rule about growth: what the narrative says of last year against last year's report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from mining.contracts import rule
from mining.finding import Evidence, Finding, Severity, Status
from mining.history.context import YearsContext
from mining.history.facts import Base, Claim
from mining.quantity import Interval, Quantity
from mining.report import Address, Number
from mining.tabular.cellbook import CellValue

__all__ = ["narrative_growth"]

_HUNDRED = Decimal(100)
_OF_LAST_YEAR = ("rate", "times", "ratio")
# 基本持平 is said of a few percent; beyond a tenth nobody says 持平.
_ROUGHLY_EVEN = Decimal("0.05")
_HARDLY_EVEN = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class _Reading:
    """One reading of a claim: its cells in both years, what follows from them, does it fit."""

    base: Base
    now: CellValue
    before: CellValue
    expected: Number | None
    fits: bool = False
    nearly: bool = False


@rule("narrative-growth", severity=Severity.WARNING, since="0.1.0", over="years")
def narrative_growth(ctx: YearsContext) -> Iterator[Finding]:
    """What the narrative says about last year does not agree with last year's report.

    What it checks
        同比增长12.3%, 较上年减少5件, 是上年的2倍, 与上年持平, and last year's number told beside
        this year's: computed anew from the linked cells of both reports. So are 百分点 of a share
        told with its part and its whole, when the share is that of this year's tables.
    Why it matters
        Growth is what headlines quote, and it is worked out by hand.
    Example
        Breaks: 收到93件，同比增长20% after 86. Holds: 收到93件，同比增长8.1% after 86.
    Known limits
        A number that no cell of both years holds can't be checked; a change that may be of a part
        or of its total is suspect at most, as is one that does not name last year.
    Basis
        Rounding or truncation at the stated digits, as for shares.
    """
    for claim in ctx.this.claims:
        yield _judge(ctx, claim)


def _judge(ctx: YearsContext, claim: Claim) -> Finding:
    if claim.kind == "points":
        readings = list(_points(ctx, claim))
    else:
        readings = [r for base in claim.bases for r in _readings(ctx, claim, base)]
    known = [r for r in readings if r.expected is not None]
    if not known:
        return _finding(ctx, claim, (Status.UNVERIFIABLE, _why_not(ctx, readings)), readings[:1])
    fitting = next((r for r in known if r.fits), None)
    if fitting is not None:
        return _finding(ctx, claim, (Status.CONSISTENT, ""), [fitting])
    near = next((r for r in known if r.nearly), None)
    if near is not None:
        return _finding(ctx, claim, (Status.SUSPECT, "wide-reading"), [near])
    reason = _doubt(ctx, claim, known[0])
    status = Status.SUSPECT if reason else Status.MISMATCH
    return _finding(ctx, claim, (status, reason), known[:1])


def _why_not(ctx: YearsContext, readings: list[_Reading]) -> str:
    if not readings:
        return "no-base"
    first = readings[0]
    if not ctx.is_asked_in_both(first.now.address, first.now.address):
        return "not-this-form"
    return first.before.reason or first.now.reason or "zero-base"


def _doubt(ctx: YearsContext, claim: Claim, reading: _Reading) -> str:
    doubts = {
        "magnitude": claim.quantity is not None and claim.quantity.is_magnitude,
        "unsure-link": reading.base.score < ctx.settings.sure_link,
        "other-scope": _is_open(claim),
        "uncertain-cell": not (reading.now.sure and reading.before.sure),
    }
    return next((reason for reason, holds in doubts.items() if holds), "")


def _is_open(claim: Claim) -> bool:
    """Tell whether a change may be of something else; 百分点 have a part and a whole as bases."""
    return not claim.is_explicit or (claim.share is None and len(claim.bases) > 1)


def _points(ctx: YearsContext, claim: Claim) -> Iterator[_Reading]:
    """Yield how a share of the tables moved, if the share told is that of this year's tables."""
    if claim.share is None or claim.quantity is None:
        return
    part, whole = claim.bases
    (now, before), (all_now, all_before) = (_values(ctx, b.address, b) for b in (part, whole))
    is_sure = all(v.sure for v in (all_now, all_before)) and whole.score >= ctx.settings.sure_link
    rate = _rate(now.value, all_now.value)
    was = _rate(before.value, all_before.value)
    if rate is None or was is None or rate not in claim.share.narrow:
        yield _Reading(part, now, before, None)
        return
    gap = (rate - was) * claim.sign
    # Mostly the difference of two rounded shares is told: each is off by half a digit.
    digit = Decimal(1).scaleb(int(Decimal(claim.quantity.value).as_tuple().exponent))
    rounded = abs(gap - Decimal(claim.quantity.value)) <= digit
    now = now._replace(
        value=round(rate, 2), cells=now.cells + all_now.cells, sure=now.sure and is_sure
    )
    before = before._replace(value=round(was, 2), cells=before.cells + all_before.cells)
    yield replace(_fit(part, now, before, gap, claim.quantity), fits=rounded)


def _rate(part: Number | None, whole: Number | None) -> Decimal | None:
    """Return a share in percent; `None` where a number is missing or the whole is 0."""
    return _HUNDRED * Decimal(part) / Decimal(whole) if part is not None and whole else None


def _readings(ctx: YearsContext, claim: Claim, base: Base) -> Iterator[_Reading]:
    for address in (base.address, *base.also):
        now, before = _values(ctx, address, base)
        told = [now.value]
        if base.told is not None and not base.told.approx and base.told.value != now.value:
            # Growth is worked out from what the sentence says, right or wrong.
            told.append(base.told.value)
        tried = [_try(claim, base, now, before, value) for value in told]
        yield next((r for r in tried if r.fits), tried[0])


def _values(ctx: YearsContext, address: Address, base: Base) -> tuple[CellValue, CellValue]:
    if base.told is not None and base.told.unit == "元":
        return ctx.now.in_yuan(address), ctx.before.in_yuan(address)
    return ctx.now.value(address), ctx.before.value(address)


def _try(
    claim: Claim, base: Base, now: CellValue, before: CellValue, value: Number | None
) -> _Reading:
    """Work a claim out from this year's `value` and last year's cell."""
    was = before.value
    if was is None:
        return _Reading(base, now, before, None)
    if claim.kind == "level":
        return _fit(base, now, before, was, claim.quantity)
    if value is None or (claim.kind in _OF_LAST_YEAR and not was):
        return _Reading(base, now, before, None)
    gap = Decimal(value) - Decimal(was)
    if claim.kind == "even":
        return _Reading(base, now, before, was, *_evenness(gap, Decimal(was)))
    if claim.kind == "amount":
        return _fit(base, now, before, (value - was) * claim.sign, claim.quantity)
    ratio = Decimal(value) / Decimal(was)
    growth = gap * claim.sign / Decimal(was)
    by_kind = {"rate": growth * _HUNDRED, "times": growth, "ratio": ratio}
    # 增长2倍 is often said of what became twice as much.
    near = ratio if claim.kind == "times" else None
    return _fit(base, now, before, by_kind[claim.kind], claim.quantity, near=near)


def _fit(
    base: Base,
    now: CellValue,
    before: CellValue,
    expected: Number,
    told: Quantity | None,
    *,
    near: Number | None = None,
) -> _Reading:
    if told is None:
        return _Reading(base, now, before, None)
    nearly = expected in told.wide or (near is not None and near in told.narrow)
    return _Reading(base, now, before, expected, expected in told.narrow, nearly)


def _evenness(gap: Decimal, was: Decimal) -> tuple[bool, bool]:
    """Tell whether 持平 holds, and whether it hardly does."""
    near = Interval(-was * _ROUGHLY_EVEN, was * _ROUGHLY_EVEN)
    far = Interval(-was * _HARDLY_EVEN, was * _HARDLY_EVEN)
    return gap in near, gap in far


def _finding(
    ctx: YearsContext, claim: Claim, verdict: tuple[Status, str], readings: list[_Reading]
) -> Finding:
    told = claim.quantity
    evidence = [
        Evidence(role="figure", span=claim.span, value=told.value if told is not None else None)
    ]
    expected: Number | str = ""
    cell, now, before = None, "", ""
    if readings:
        reading = readings[0]
        cell = reading.now.address
        if reading.base.told is not None:
            evidence.append(Evidence(role="total", span=reading.base.span))
        evidence.extend(ctx.compared(reading.now, reading.before))
        now, before = _plain(reading.now.value), _plain(reading.before.value)
        expected = "" if reading.expected is None else _rounded(reading.expected)
    return ctx.finding(
        verdict[0],
        reason=verdict[1],
        cell=cell,
        stated=_stated(told),
        expected=expected,
        evidence=tuple(evidence),
        scope=claim.kind,
        now=now,
        before=before,
    )


def _stated(told: Quantity | None) -> Number | str:
    if told is None:
        return ""
    return str(told.narrow) if told.approx else told.value


def _plain(value: Number | None) -> str:
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def _rounded(value: Number) -> Number:
    return round(value, 2) if isinstance(value, Decimal) else value
