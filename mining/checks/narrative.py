"""Rules about the narrative: against the tables, its own parts, shares and repetitions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from mining.contracts import CheckContext, rule
from mining.finding import Evidence, Finding, Severity, Status, make_evidence
from mining.quantity import Interval, Quantity
from mining.report import Breakdown, Figure, Link, Number
from mining.shares import Base, find_bases, share_of
from mining.sums import evidence_of
from mining.tabular.cellbook import CellValue

__all__ = [
    "narrative_conflict",
    "narrative_none",
    "narrative_parts",
    "narrative_percent",
    "narrative_table",
]

# 占, 占比, 占总数的: only such a share has a base that can be looked for.
# 占 and all that may follow it; sentences of hostile texts are long.
_SHARE_REACH = 20
_SHARE = re.compile(r"占[^，,。；;（(]{0,14}$|占比[^，,。；;]{0,4}$")


def _figures(ctx: CheckContext) -> tuple[Figure, ...]:
    return ctx.report.figures or ()


def _figure_evidence(figure: Figure, role: str = "figure") -> Evidence:
    return make_evidence(role=role, span=figure.span, value=figure.quantity.value)


def _told(quantity: Quantity) -> Number | str:
    """Return what is stated: the number, or its range when the wording is approximate."""
    return str(quantity.narrow) if quantity.approx else quantity.value


@rule("narrative-table", severity=Severity.ERROR, since="0.1.0")
def narrative_table(ctx: CheckContext) -> Iterator[Finding]:
    """A number in the text and the cell that it states differ.

    What it checks
        Every linked figure against its cell, named sum, or another scope the words allow.
    Why it matters
        Readers quote the text and analysts load the table; only one of them can be right.
    Example
        Breaks: 召开新闻发布会5场次 beside a cell of 13. Holds: 2.3万余条 beside 23974.
    Known limits
        A loose wording or an uncertain cell makes a suspect, never a mismatch.
    Basis
        条例第五十条: the report tells the same facts that the tables count.
    """
    for figure, link in ctx.linked("number"):
        money = figure.kind == "money"
        value = ctx.cells.in_yuan(link.address) if money else ctx.value(link.address)
        if value.value == 0 and figure.quantity.narrow.low not in (0, None):
            # The text tells of some, the table of none: narrative-none says that.
            continue
        if not value.cells and ctx.form.is_optional(link.address):
            # The report need not print that table: nothing is missing that could be compared.
            continue
        yield _compare(ctx, figure, link, value)


def _compare(ctx: CheckContext, figure: Figure, link: Link, value: CellValue) -> Finding:
    status, reason = _verdict(ctx, figure.quantity, link, value)
    quantity = figure.quantity
    return ctx.finding(
        status,
        reason=reason,
        cell=link.address,
        stated=_told(quantity),
        expected="" if value.value is None else value.value,
        difference=None if value.value is None else quantity.value - value.value,
        evidence=(_figure_evidence(figure), *evidence_of(value, "cell")),
        formula=_formula(ctx, link),
        scope=link.phrase,
        shown=_printed(ctx, figure, value),
        also=", ".join(link.also),
        words=link.quote.of(ctx.report.text),
    )


def _printed(ctx: CheckContext, figure: Figure, value: CellValue) -> str:
    """Return how the table prints an amount; in 元 it would look like neither text."""
    if figure.kind != "money" or not value.cells:
        return ""
    cell = value.cells[0]
    return cell.raw if cell.unit else f"{cell.raw}{ctx.cells.unit(cell)}"


def _formula(ctx: CheckContext, link: Link) -> str:
    derived = ctx.form.derived_by_address.get(link.address)
    if derived is None:
        return ""
    return f"{link.address} == {' + '.join(address for _, address in derived.terms)}"


def _verdict(
    ctx: CheckContext, quantity: Quantity, link: Link, value: CellValue
) -> tuple[Status, str]:
    if value.value is None:
        return Status.UNVERIFIABLE, value.reason
    if value.value in quantity.narrow:
        return Status.CONSISTENT, ""
    doubts = {
        "wide-reading": value.value in quantity.wide,
        "magnitude": quantity.is_magnitude,
        "unsure-link": link.score < ctx.settings.sure_link,
        "uncertain-cell": not value.sure,
    }
    reason = next((reason for reason, holds in doubts.items() if holds), "")
    return (Status.SUSPECT if reason else Status.MISMATCH), reason


@rule("narrative-none", severity=Severity.ERROR, since="0.1.0")
def narrative_none(ctx: CheckContext) -> Iterator[Finding]:
    """The text says that there was none and the cell is above 0, or the reverse.

    What it checks
        Statements of none (未收到, 未发生, 没有) against their cells, and numbers beside a 0.
    Why it matters
        A denied lawsuit or request is the gravest disagreement a reader can find.
    Example
        Breaks: 全年未发生行政复议 beside 行政复议总计 2. Holds: the same beside 0.
    Known limits
        Statements about one channel or kind of request are left alone.
    Basis
        条例第五十条.
    """
    for figure, link in ctx.linked("none"):
        yield _compare(ctx, figure, link, ctx.value(link.address))
    for figure, link in ctx.linked("number"):
        value = ctx.value(link.address)
        if value.value == 0 and figure.quantity.narrow.low not in (0, None):
            yield _compare(ctx, figure, link, value)


@rule("narrative-parts", severity=Severity.WARNING, since="0.1.0")
def narrative_parts(ctx: CheckContext) -> Iterator[Finding]:
    """The parts told after 其中 do not fit their total.

    What it checks
        The sum of the parts equals the total when the list is closed, and never exceeds it.
    Why it matters
        A part that went missing or a total that was not updated shows here first.
    Example
        Breaks: 共313条，其中网站200条、微信38条 as a closed list. Holds: the same with 等.
    Known limits
        A closed-looking list that leaves a rest is suspect: the rest may simply not be told.
    Basis
        The sentence itself.
    """
    figures = _figures(ctx)
    for breakdown in ctx.report.breakdowns or ():
        total = figures[breakdown.total]
        parts = [figures[i] for i in breakdown.parts]
        yield _check_parts(ctx, breakdown, total, parts)


def _check_parts(
    ctx: CheckContext, breakdown: Breakdown, total: Figure, parts: list[Figure]
) -> Finding:
    low = sum((p.quantity.narrow.low or 0) for p in parts)
    highs = [p.quantity.narrow.high for p in parts]
    high = None if None in highs else sum(h for h in highs if h is not None)
    told = sum(p.quantity.value for p in parts)
    status, reason = _parts_verdict(breakdown, total.quantity, Interval(low, high))
    if status is Status.MISMATCH and high is not None and _is_above(parts_low=low, total=total):
        status, reason = _channels_verdict(ctx, breakdown, total, parts)
    names = [str(p.quantity.value) for p in parts]
    return ctx.finding(
        status,
        reason=reason,
        stated=_told(total.quantity),
        expected=told,
        difference=total.quantity.value - told,
        evidence=(
            _figure_evidence(total, "total"),
            *(_figure_evidence(p, "part") for p in parts),
        ),
        formula=f"{total.quantity.value} {'==' if breakdown.closed else '>='} {' + '.join(names)}",
        parts="、".join(names),
    )


def _parts_verdict(breakdown: Breakdown, total: Quantity, parts: Interval) -> tuple[Status, str]:
    if total.narrow.meets(parts):
        return Status.CONSISTENT, ""
    too_small = parts.high is not None and _above(total.narrow, parts.high)
    if too_small and not breakdown.closed:
        return Status.CONSISTENT, ""
    if total.wide.meets(parts):
        return Status.SUSPECT, "wide-reading"
    if too_small:
        exhaustive = breakdown.marker in _EXHAUSTIVE
        return (Status.MISMATCH, "") if exhaustive else (Status.SUSPECT, "open-list")
    if total.is_magnitude:
        return Status.SUSPECT, "magnitude"
    return Status.MISMATCH, ""


def _is_above(*, parts_low: Number, total: Figure) -> bool:
    return parts_low > total.quantity.value


def _channels_verdict(
    ctx: CheckContext, breakdown: Breakdown, total: Figure, parts: list[Figure]
) -> tuple[Status, str]:
    """Judge parts above their total, which channels may be: a total counts each item once."""
    if any(p.quantity.value > total.quantity.value for p in parts):
        return Status.MISMATCH, ""
    channels = set(_CHANNEL.findall(breakdown.span.of(ctx.report.text)))
    if channels and _counts_once(ctx, total):
        return Status.CONSISTENT, ""
    if len(channels) > 1:
        return Status.SUSPECT, "other-scope"
    return Status.MISMATCH, ""


def _counts_once(ctx: CheckContext, total: Figure) -> bool:
    """Tell whether the form says that the cell of a total counts the same item once."""
    bounded = {
        f"{spec.params['table']}.{spec.params['total']}.count"
        for spec in ctx.form.checks
        if spec.rule == "table-indicator-bound"
    }
    return any(
        link.address in bounded and ctx.value(link.address).value is not None
        for figure, link in ctx.linked("number")
        if figure.id == total.id
    )


# 同一信息 may go out on several of these.
_CHANNEL = re.compile(r"网站|微博|微信|公众号|公报|新媒体|抖音|报刊|报纸|电视|电台|公示栏|客户端")
_EXHAUSTIVE = frozenset({"分别", "共", "合计", "总计", "共计"})


def _above(total: Interval, parts_high: Number) -> bool:
    return total.low is not None and total.low >= parts_high


@rule("narrative-percent", severity=Severity.WARNING, since="0.1.0")
def narrative_percent(ctx: CheckContext) -> Iterator[Finding]:
    """A share does not follow from the numbers told with it.

    What it checks
        X件，占Y%: Y against X over the total of the list, a total told before, or the table's.
    Why it matters
        Shares are copied from drafts; when a number is corrected the share stays.
    Example
        Breaks: 共466件，其中网络申请36件，占22.64%. Holds: the same with 7.73%.
    Known limits
        A share of another total that is not told is unverifiable.
    Basis
        Rounding or truncation at the stated digits.
    """
    figures = _figures(ctx)
    for figure in figures:
        if figure.kind != "percent" or figure.role != "percent" or not figure.id:
            continue
        start = max(figure.sentence.start, figure.span.start - _SHARE_REACH)
        before = ctx.report.text[start : figure.span.start]
        part = figures[figure.id - 1]
        if not _SHARE.search(before) or part.kind != "count" or part.claim != "number":
            continue
        if part.sentence != figure.sentence or part.quantity.approx or figure.quantity.approx:
            continue
        yield _check_share(ctx, figure, part)


def _check_share(ctx: CheckContext, share: Figure, part: Figure) -> Finding:
    bases = find_bases(ctx, share, part)
    certain = [b for b in bases if b.is_certain]
    fitting = [b for b in bases if share_of(part, b) in share.quantity.narrow]
    if fitting:
        return _share_finding(ctx, (Status.CONSISTENT, ""), share, part, fitting[0])
    near = [b for b in bases if share_of(part, b) in share.quantity.wide]
    if near:
        return _share_finding(ctx, (Status.SUSPECT, "wide-reading"), share, part, near[0])
    if certain:
        return _share_finding(ctx, (Status.MISMATCH, ""), share, part, certain[0])
    if any(part.id in b.parts for b in ctx.report.breakdowns or ()):
        return _share_finding(ctx, (Status.SUSPECT, "other-scope"), share, part, bases[0])
    return ctx.finding(
        Status.UNVERIFIABLE,
        reason="no-number",
        stated=share.quantity.value,
        evidence=(_figure_evidence(share), _figure_evidence(part, "part")),
    )


def _share_finding(
    ctx: CheckContext, verdict: tuple[Status, str], share: Figure, part: Figure, base: Base
) -> Finding:
    expected = round(share_of(part, base), 2)
    status, reason = verdict
    return ctx.finding(
        status,
        reason=reason,
        stated=share.quantity.value,
        expected=expected,
        difference=share.quantity.value - expected,
        evidence=(_figure_evidence(share), _figure_evidence(part, "part"), base.evidence),
        formula=f"{part.quantity.value} / {base.value}",
    )


@rule("narrative-conflict", severity=Severity.WARNING, since="0.1.0")
def narrative_conflict(ctx: CheckContext) -> Iterator[Finding]:
    """The same quantity is told twice and differently.

    What it checks
        All figures that link to the same address, in pairs with the first one.
    Why it matters
        Overview and chapter are written by different hands.
    Example
        Breaks: 收到申请12件 in the overview, 收到申请15件 in the chapter. Holds: 近400条 and 396条.
    Known limits
        Two numbers in one sentence, or a link that is not sure, make a suspect.
    Basis
        The report itself.
    """
    links = ctx.linked("number")
    if len({link.address for _, link in links}) == len(links):
        # Nothing is told twice: nearly every report spares the order.
        return
    told = sorted(_firm_links(ctx, links), key=lambda t: (t[1].address, t[0].id))
    for _, group in groupby(told, key=lambda t: t[1].address):
        first, *others = group
        for other in others:
            yield _compare_twice(ctx, first, other)


def _firm_links(
    ctx: CheckContext, links: list[tuple[Figure, Link]]
) -> Iterator[tuple[Figure, Link]]:
    """Yield the links that bear a second telling: loose words need a table to hold on to."""
    for figure, link in links:
        is_loose = link.score < ctx.settings.sure_link and ctx.form.is_optional(link.address)
        if not is_loose or ctx.value(link.address).cells:
            yield figure, link


def _compare_twice(
    ctx: CheckContext, one: tuple[Figure, Link], other: tuple[Figure, Link]
) -> Finding:
    (first, first_link), (second, link) = one, other
    status, reason = Status.CONSISTENT, ""
    if not first.quantity.narrow.meets(second.quantity.narrow):
        score = min(first_link.score, link.score)
        doubts = {
            "wide-reading": first.quantity.wide.meets(second.quantity.wide),
            "unsure-link": score < ctx.settings.sure_link,
            "other-scope": first.sentence == second.sentence,
        }
        reason = next((reason for reason, holds in doubts.items() if holds), "")
        status = Status.SUSPECT if reason else Status.MISMATCH
    return ctx.finding(
        status,
        reason=reason,
        cell=link.address,
        stated=_told(second.quantity),
        expected=_told(first.quantity),
        difference=second.quantity.value - first.quantity.value,
        evidence=(_figure_evidence(second), _figure_evidence(first)),
        scope=link.phrase,
    )
