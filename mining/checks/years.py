"""Rules about the tables of two years: what one report hands on, the next one must take over."""

from __future__ import annotations

from collections.abc import Iterator

from mining.contracts import rule
from mining.finding import Finding, Severity, Status
from mining.history.context import YearsContext
from mining.history.facts import YearFacts
from mining.report import Address, Number
from mining.tabular.cellbook import CellValue

__all__ = ["years_carried", "years_in_force", "years_items", "years_same"]


@rule("years-carried", severity=Severity.ERROR, since="0.1.0", over="years")
def years_carried(ctx: YearsContext, *, table: str, opened: str, closed: str) -> Iterator[Finding]:
    """上年结转 is not what last year's report carried over.

    What it checks
        Every applicant column: 二、上年结转 against 四、结转下年度继续办理 of last year's report.
    Why it matters
        Requests that vanish between two years were answered in neither.
    Example
        Breaks: 上年结转 3 after 结转下年度 2. Holds: 上年结转 2 after 结转下年度 2.
    Known limits
        Columns that differ while the totals agree are suspects: one request changed its column.
    Basis
        国办公开办函〔2019〕60号 and 〔2021〕30号, table 3: both rows count the same requests at one
        moment, so that they must be equal, unlike all else that goes on from year to year.
    """
    whole = Address(f"{table}.{opened}.total")
    if not ctx.is_asked_in_both(whole, Address(f"{table}.{closed}.total")):
        return
    now, before = ctx.now.value(whole), ctx.before.value(Address(f"{table}.{closed}.total"))
    yield _carried(ctx, now, before, is_whole=True)
    agree = now.value == before.value
    for column in _columns(ctx, table, opened):
        now = ctx.now.value(Address(f"{table}.{opened}.{column}"))
        before = ctx.before.value(Address(f"{table}.{closed}.{column}"))
        known = now.value is not None and before.value is not None
        # Nothing carried over and nothing taken over: that tells nobody anything.
        if column != "total" and known and (now.value or before.value):
            yield _carried(ctx, now, before, is_whole=not agree)


def _columns(ctx: YearsContext, table: str, row: str) -> tuple[str, ...]:
    spec = ctx.form.table(table)
    return next((r.columns for r in spec.rows if r.key == row), ()) if spec else ()


def _carried(ctx: YearsContext, now: CellValue, before: CellValue, *, is_whole: bool) -> Finding:
    status, reason = _compared(now, before)
    if status is Status.MISMATCH and not is_whole:
        status, reason = Status.SUSPECT, "moved-case"
    return _finding(ctx, (status, reason), now, before)


def _compared(now: CellValue, before: CellValue) -> tuple[Status, str]:
    if now.value is None or before.value is None:
        return Status.UNVERIFIABLE, now.reason or before.reason
    if now.value == before.value:
        return Status.CONSISTENT, ""
    if not (now.sure and before.sure):
        return Status.SUSPECT, "uncertain-cell"
    return Status.MISMATCH, ""


def _finding(
    ctx: YearsContext, verdict: tuple[Status, str], now: CellValue, before: CellValue
) -> Finding:
    known = now.value is not None and before.value is not None
    return ctx.finding(
        verdict[0],
        reason=verdict[1],
        cell=now.address,
        stated="" if now.value is None else now.value,
        expected="" if before.value is None else before.value,
        difference=(now.value or 0) - (before.value or 0) if known else None,
        evidence=ctx.compared(now, before),
    )


@rule("years-items", severity=Severity.WARNING, since="0.1.0", over="years")
def years_items(ctx: YearsContext, *, table: str, before: str, change: str) -> Iterator[Finding]:
    """上一年项目数量 is not what last year's report arrives at.

    What it checks
        Every row of the table that counts items: 上一年项目数量 against last year's
        上一年项目数量 + 本年增/减.
    Why it matters
        A number copied from the year before makes the whole row one year old.
    Example
        Breaks: 上一年项目数量 95 after 95 and +16. Holds: 111 after 95 and +16.
    Known limits
        Suspect only: lists of powers are recounted when they are revised, within the rules.
    Basis
        国办公开办函〔2019〕60号, table 2; reports for 2019 and 2020 have these columns.
    """
    spec = ctx.form.table(table)
    for row in spec.rows if spec else ():
        address = Address(f"{table}.{row.key}.{before}")
        terms = ((1, address), (1, Address(f"{table}.{row.key}.{change}")))
        if {before, change} <= set(row.columns):
            yield from _goes_on(ctx, address, terms)


@rule("years-in-force", severity=Severity.WARNING, since="0.1.0", over="years")
def years_in_force(
    ctx: YearsContext, *, table: str, in_force: str, issued: str, repealed: str
) -> Iterator[Finding]:
    """现行有效件数 does not follow from last year's and what was issued and repealed since.

    What it checks
        规章 and 行政规范性文件: 现行有效 against last year's + 本年制发 − 本年废止.
    Why it matters
        Whoever relies on the number of rules in force adds up documents that are gone.
    Example
        Breaks: 40 after 38, with 3 issued and 0 repealed. Holds: 41.
    Known limits
        Suspect only: documents that lapse by date are in force no more without being repealed, and
        a clean-up may find some that nobody counted. 2021 has no such number before it.
    Basis
        国办公开办函〔2021〕30号, table 2.
    """
    spec = ctx.form.table(table)
    for row in spec.rows if spec else ():
        if {in_force, issued, repealed} <= set(row.columns):
            yield from _in_force(ctx, f"{table}.{row.key}", in_force, issued, repealed)


def _in_force(
    ctx: YearsContext, row: str, in_force: str, issued: str, repealed: str
) -> Iterator[Finding]:
    address = Address(f"{row}.{in_force}")
    if not ctx.is_asked_in_both(address, address):
        return
    before = ctx.before.value(address)
    terms = ((1, Address(f"{row}.{issued}")), (-1, Address(f"{row}.{repealed}")))
    changed = ctx.now.total(address, terms)
    if before.value is None or changed.value is None:
        expected = before._replace(value=None, reason=before.reason or changed.reason)
    else:
        sure = before.sure and changed.sure
        expected = before._replace(value=before.value + changed.value, sure=sure)
    yield _loosely(ctx, ctx.now.value(address), expected)


def _goes_on(
    ctx: YearsContext, address: Address, terms: tuple[tuple[int, Address], ...]
) -> Iterator[Finding]:
    if all(ctx.is_asked_in_both(address, term) for _, term in terms):
        yield _loosely(ctx, ctx.now.value(address), ctx.before.total(address, terms))


def _loosely(ctx: YearsContext, now: CellValue, before: CellValue) -> Finding:
    """Compare numbers that practice may move apart: a difference is never a mismatch."""
    status, reason = _compared(now, before)
    if status is Status.MISMATCH:
        status, reason = Status.SUSPECT, "recounted"
    return _finding(ctx, (status, reason), now, before)


@rule("years-same", severity=Severity.WARNING, since="0.1.0", over="years")
def years_same(ctx: YearsContext, *, min_cells: int = 8, min_values: int = 4) -> Iterator[Finding]:
    """Every number of the tables is last year's.

    What it checks
        Whether all cells above 0 of this year and of last year are the same ones.
    Why it matters
        The old tables were handed in again, and a year of work is missing from the statistics.
    Example
        Breaks: 30 cells that all repeat last year's. Holds: the same with one of them changed.
    Known limits
        Below `min_cells` cells, or `min_values` different numbers above 1, chance can do it: an
        agency with one request a year tells the same table every year.
    Basis
        The tables count what happened from 1 January to 31 December of one year.
    """
    if ctx.this.template != ctx.last.template:
        return
    now, before = _above_zero(ctx.this), _above_zero(ctx.last)
    if not now:
        return
    many = len(now) >= min_cells and len({v for v in now.values() if v > 1}) >= min_values
    if not many:
        yield ctx.finding(Status.UNVERIFIABLE, reason="few-numbers", cells=str(len(now)))
        return
    same = now == before
    first = next(iter(now))
    pairs = [(ctx.now.value(a), ctx.before.value(a)) for a in now] if same else []
    evidence = tuple(e for one, other in pairs for e in ctx.compared(one, other))
    yield ctx.finding(
        Status.SUSPECT if same else Status.CONSISTENT,
        cell=first,
        evidence=evidence,
        cells=str(len(now)),
    )


def _above_zero(facts: YearFacts) -> dict[Address, Number]:
    return {
        address: value
        for table in facts.tables
        for address, value in zip(table.addresses, table.values, strict=True)
        if value
    }
