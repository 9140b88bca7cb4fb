"""Rules about a table and itself: sums, balance, values, units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from mining.contracts import CheckContext, rule
from mining.finding import Evidence, Finding, Severity, Status, make_evidence
from mining.identity import Identity
from mining.lanes import Axis
from mining.report import Address, Cell, Table
from mining.sums import compare_sums, evidence_of
from mining.tabular.cellbook import CellValue

__all__ = [
    "table_balance",
    "table_decisions",
    "table_identity",
    "table_indicator_bound",
    "table_indicator_total",
    "table_litigation_total",
    "table_results_total",
    "table_row_total",
    "table_unit",
    "table_value",
]

# 万元 columns: sums above 100 亿元 do not occur below the national level; 元 was written instead.
_IMPLAUSIBLE_WAN_YUAN = 1_000_000


@rule("table-row-total", severity=Severity.ERROR, since="0.1.0")
def table_row_total(ctx: CheckContext, *, table: str, identity: Identity) -> Iterator[Finding]:
    """The columns of a row do not add up to its 总计.

    What it checks
        Every row of the table: the identity between its columns.
    Why it matters
        A wrong row total makes every rate that is computed from it wrong.
    Example
        Breaks: 自然人 2, 其他 1, 总计 4. Holds: 自然人 2, 其他 1, 总计 3.
    Known limits
        A row of blanks is not verifiable; a blank beside numbers counts as nothing.
    Basis
        国办公开办函〔2019〕60号 and 〔2021〕30号, table 3: 总计 is the sum of the applicants.
    """
    return compare_sums(ctx, table, identity, "row")


@rule("table-results-total", severity=Severity.ERROR, since="0.1.0")
def table_results_total(ctx: CheckContext, *, table: str, identity: Identity) -> Iterator[Finding]:
    """The results （一） to （六） do not add up to （七）总计.

    What it checks
        Every applicant column: the sum of all results against the row （七）.
    Why it matters
        The total of results feeds the balance of requests and every rate of disclosure.
    Example
        Breaks: 予以公开 46, 部分公开 18, others 24, 总计 89. Holds: 总计 88.
    Known limits
        Missing rows make the column unverifiable.
    Basis
        国办公开办函〔2019〕60号 and 〔2021〕30号, table 3: （七） is the sum of （一） to （六）.
    """
    return compare_sums(ctx, table, identity, "column")


@rule("table-balance", severity=Severity.ERROR, since="0.1.0")
def table_balance(ctx: CheckContext, *, table: str, identity: Identity) -> Iterator[Finding]:
    """New and carried-in requests do not equal handled and carried-out ones.

    What it checks
        Every applicant column: 一 + 二 = 三 + 四, the relation printed above the table.
    Why it matters
        It is the first thing that a reader of the table checks; a gap means lost requests.
    Example
        Breaks: 91 + 2 against 88 + 4. Holds: 91 + 2 against 88 + 5.
    Known limits
        Two opposite gaps usually mean one request in the wrong column; the finding says so.
    Basis
        The note in table 3: 第一项加第二项之和，等于第三项加第四项之和.
    """
    return compare_sums(ctx, table, identity, "column", about="left")


@rule("table-litigation-total", severity=Severity.ERROR, since="0.1.0")
def table_litigation_total(
    ctx: CheckContext, *, table: str, identity: Identity
) -> Iterator[Finding]:
    """The results of reviews or lawsuits do not add up to their 总计.

    What it checks
        Each of 行政复议, 未经复议直接起诉 and 复议后起诉: four results against the total.
    Why it matters
        The share of corrected cases is read off these cells.
    Example
        Breaks: 维持 1, 纠正 1, 总计 1. Holds: 维持 1, 纠正 1, 总计 2.
    Known limits
        A table that lost cells gives suspects, not mismatches.
    Basis
        国办公开办函〔2019〕60号 and 〔2021〕30号, table 4.
    """
    return compare_sums(ctx, table, identity, "row")


@rule("table-indicator-total", severity=Severity.ERROR, since="0.1.0")
def table_indicator_total(
    ctx: CheckContext, *, table: str, identity: Identity
) -> Iterator[Finding]:
    """The 其中 rows of the indicator table do not fit their total.

    What it checks
        One identity between indicators: equal for complete lists, at most for 其中 lists.
    Why it matters
        These tables have no printed formula, so slips survive every review.
    Example
        Breaks: 当面 3, 网络 5, 收到申请数 9. Holds: 收到申请数 8.
    Known limits
        Partial tables lack rows; what can't be summed is unverifiable.
    Basis
        The appendix 政府信息公开情况统计表 of the reports for 2014 to 2018.
    """
    return compare_sums(ctx, table, identity, "column")


@rule("table-identity", severity=Severity.ERROR, since="0.1.0")
def table_identity(
    ctx: CheckContext, *, table: str, identity: Identity, each: Axis = "column"
) -> Iterator[Finding]:
    """An identity that a form declares does not hold.

    What it checks
        Any identity between the rows (``each = "column"``) or columns (``each = "row"``).
    Why it matters
        New families of reports need no code for their sums.
    Example
        Breaks: ``upheld + corrected == total`` with 3, 1 and 5. Holds: 3, 1 and 4.
    Known limits
        No products and no constants.
    Basis
        The form file.
    """
    return compare_sums(ctx, table, identity, each)


@rule("table-indicator-bound", severity=Severity.ERROR, since="0.1.0")
def table_indicator_bound(
    ctx: CheckContext, *, table: str, total: str, parts: tuple[str, ...]
) -> Iterator[Finding]:
    """A total that counts each item once does not lie between its channels' maximum and sum.

    What it checks
        The de-duplicated total is at most the sum over the channels and at least the largest one.
    Why it matters
        不同渠道和方式公开相同信息计1条: adding up the channels is the usual mistake's mirror image.
    Example
        Breaks: channels 75, 7997, 7182, total 6000. Holds: total 9000.
    Known limits
        Above the sum is suspect only when some channel is blank.
    Basis
        The note printed under 主动公开政府信息数 in the indicator table.
    """
    if ctx.report.table(table) is None:
        return
    values = [ctx.value(Address(f"{table}.{part}.count")) for part in parts]
    whole = ctx.value(Address(f"{table}.{total}.count"))
    evidence = (*evidence_of(whole, "total"), *(e for v in values for e in evidence_of(v, "part")))
    known = [v.value for v in values if v.value is not None]
    if whole.value is None or not known:
        reason = whole.reason or "no-cell"
        yield ctx.finding(Status.UNVERIFIABLE, reason=reason, cell=whole.address, evidence=evidence)
        return
    low, high = max(known), sum(known)
    nearest = min(max(whole.value, low), high)
    status, reason = Status.CONSISTENT, ""
    if whole.value != nearest:
        sure = whole.sure and all(v.sure for v in values)
        complete = len(known) == len(parts) or whole.value < low
        status = Status.MISMATCH if sure and complete else Status.SUSPECT
        reason = "" if status is Status.MISMATCH else "uncertain-cell"
    yield ctx.finding(
        status,
        reason=reason,
        cell=whole.address,
        stated=whole.value,
        expected=f"[{low}, {high}]",
        difference=whole.value - nearest,
        evidence=evidence,
        formula=f"max(parts) <= {whole.address} <= sum(parts)",
    )


@rule("table-value", severity=Severity.WARNING, since="0.1.0")
def table_value(
    ctx: CheckContext, *, signed: tuple[str, ...] = (), skip: tuple[str, ...] = ()
) -> Iterator[Finding]:
    """A cell holds no number where one belongs, or a number that can't be.

    What it checks
        Every cell: text, a negative or broken count (mismatch), a blank or / (suspect).
    Why it matters
        Software that loads the table drops such cells silently.
    Example
        Breaks: 约5. Holds: +16 in 本年增/减.
    Known limits
        The blanks of a table give one finding, at the first of them.
    Basis
        The instructions to the forms: whole numbers, 0 where nothing happened.
    """
    for table in ctx.report.tables or ():
        cells = table.cells
        if skip:
            cells = tuple([c for c in cells if not _fits(c, skip)])
        bad = _bad_cells(ctx, table, cells, signed)
        yield from bad
        if not bad and cells:
            evidence = (make_evidence(role="other", span=table.span),)
            yield ctx.finding(
                Status.CONSISTENT, cell=cells[0].address, evidence=evidence, table=table.key
            )


def _bad_cells(
    ctx: CheckContext, table: Table, cells: Sequence[Cell], signed: tuple[str, ...]
) -> list[Finding]:
    slots = ctx.cells.slots(table.key)
    if slots.cells is table.cells and slots.counts:
        # Nearly every table of nearly every report.
        return []
    odd = [c for c in cells if type(c.value) is not int or c.value < 0 or c.kind != "number"]
    return [*_bad_numbers(ctx, odd, table.unit, signed), *_blanks(ctx, odd)]


def _bad_numbers(
    ctx: CheckContext, cells: Sequence[Cell], unit: str, signed: tuple[str, ...]
) -> Iterator[Finding]:
    for cell in cells:
        kind = cell.kind
        if kind in ("blank", "none") or (kind == "number" and not _is_odd(cell, unit, signed)):
            continue
        sure = cell.score >= ctx.settings.sure_cell
        yield ctx.finding(
            Status.MISMATCH if sure else Status.SUSPECT,
            reason="uncertain-cell" if not sure else "text-cell" if cell.kind == "text" else "",
            cell=cell.address,
            stated=cell.raw,
            evidence=(_cell_evidence(cell),),
        )


def _is_odd(cell: Cell, unit: str, signed: tuple[str, ...]) -> bool:
    """Tell whether a number can't be: a negative one without a sign column, half a case."""
    if unit == "件" and not isinstance(cell.value, int):
        return True
    negative = cell.value is not None and cell.value < 0
    return negative and not _fits(cell, signed)


def _fits(cell: Cell, patterns: tuple[str, ...]) -> bool:
    """Tell whether one of the patterns (with ``*``) stands for the cell's address."""
    return any(fnmatchcase(cell.address, pattern) for pattern in patterns)


def _blanks(ctx: CheckContext, cells: Sequence[Cell]) -> Iterator[Finding]:
    """Yield one finding for all blanks of a table: people leave whole tables empty for 0."""
    empty = [c for c in cells if c.kind in ("blank", "none")]
    if empty:
        yield ctx.finding(
            Status.SUSPECT,
            reason="blank-cell",
            cell=empty[0].address,
            stated=empty[0].raw,
            severity=Severity.INFO,
            evidence=tuple(_cell_evidence(c) for c in empty),
            cells=str(len(empty)),
        )


def _cell_evidence(cell: Cell) -> Evidence:
    return make_evidence(role="cell", span=cell.span, address=cell.address, value=cell.value)


@rule("table-unit", severity=Severity.ERROR, since="0.1.0")
def table_unit(ctx: CheckContext, *, cells: tuple[str, ...], unit: str) -> Iterator[Finding]:
    """A money cell is written in another unit than its column.

    What it checks
        A unit printed in the cell (mismatch), or a sum that is implausible in 万元 (suspect).
    Why it matters
        元 in a 万元 column overstates fees ten thousand times.
    Example
        Breaks: 251000元 under 万元. Holds: 25.1.
    Known limits
        元 without the word is only noticed above 100 亿元.
    Basis
        The column heads 采购总金额 and 本年收费金额（单位：万元）.
    """
    for name in cells:
        cell = ctx.cells.cell(Address(name))
        if cell is None or cell.value is None:
            continue
        wrong = bool(cell.unit) and cell.unit != unit
        huge = not wrong and unit == "万元" and cell.value >= _IMPLAUSIBLE_WAN_YUAN
        status = Status.MISMATCH if wrong else Status.SUSPECT if huge else Status.CONSISTENT
        yield ctx.finding(
            status,
            cell=cell.address,
            stated=cell.raw,
            expected=unit,
            evidence=(_cell_evidence(cell),),
            unit=unit,
        )


@rule("table-decisions", severity=Severity.WARNING, since="0.1.0")
def table_decisions(
    ctx: CheckContext, *, table: str, rows: tuple[str, ...], before: str, change: str, after: str
) -> Iterator[Finding]:
    """处理决定数量 equals 上一年项目数量 + 本年增/减 in two or more rows that are not zero.

    What it checks
        Whether the third column was filled in as the sum of the first two.
    Why it matters
        The column asks for decisions made, the first two count kinds: a sum is a misreading.
    Example
        Breaks: 188, +16, 204 and 95, -10, 85. Holds: 188, +16, 1530.
    Known limits
        Suspect only: chance can do it in one row, hardly in two.
    Basis
        国办公开办函〔2019〕60号, table 2, explanation of the columns.
    """
    if ctx.report.table(table) is None:
        return
    same: list[CellValue] = []
    n_known = 0
    for row in rows:
        parts = [ctx.value(Address(f"{table}.{row}.{c}")) for c in (before, change, after)]
        first, plus, last = (p.value for p in parts)
        if first is None or plus is None or last is None or (first == 0 and last == 0):
            continue
        n_known += 1
        if first + plus == last:
            same.extend(parts)
    n_same = len(same) // 3
    evidence = tuple(e for v in same for e in evidence_of(v, "cell"))
    status = Status.SUSPECT if n_same >= 2 else Status.CONSISTENT
    if n_known < 2:
        status = Status.UNVERIFIABLE
    address = same[2].address if same else Address(f"{table}.{rows[0]}.{after}")
    yield ctx.finding(
        status,
        reason="" if n_known >= 2 else "no-number",
        cell=address,
        evidence=evidence if n_same >= 2 else (),
        formula=f"{before} + {change} == {after}",
        rows=str(n_same),
    )
