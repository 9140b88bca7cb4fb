"""Rules about the report as a document: sections, year, agency and the tables' official form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mining.contracts import CheckContext, rule
from mining.finding import Evidence, Finding, Severity, Status, make_evidence
from mining.origin.agencies import compare_agencies
from mining.origin.reportyears import find_years
from mining.report import Fact, Section
from mining.spans import Span
from mining.textkeys import label_key

__all__ = ["form_agency", "form_section_missing", "form_template", "form_year"]

# A statement at or above this score is printed without damage; below it, a person must look.
_SURE = 0.7
# The year named in the first section counts only when it is nearly the only one, three times over.
_SURE_BODY = 0.55
_LONG_PREFACE = 120
_LONG_LINE = 80
_MANY_TITLES = 3
_PLAN = re.compile(r"计划|打算|安排|思路|下一步|下步|目标|重点|展望|设想|任务")
_LOOK_BACK = re.compile(r"整改|回顾|上年|上一年|同比|比较|较|问题")
_TOLD_SECTIONS = frozenset({"overview", "disclosure", "applications", "litigation"})


@rule("form-section-missing", severity=Severity.WARNING, since="0.1.0")
def form_section_missing(ctx: CheckContext, *, required: tuple[str, ...]) -> Iterator[Finding]:
    """First-level sections that the form asks for are not there.

    What it checks
        Every key in `required` has a section in the report. One finding for each that is missing,
        one ``consistent`` finding when none is.
    Why it matters
        The regulation lists what a yearly report must tell; a missing part is a breach, and numbers
        that belong there can't be checked.
    Example
        Breaks: the report goes from 三、 to 五、 and says nothing about lawsuits. Holds: all six
        headings stand in the text, whatever their numbers.
    Known limits
        Only ``suspect`` when the words of the heading, its table, or a heading that nobody knows
        are there: then the heading was probably damaged rather than the section left out.
    Basis
        政府信息公开条例第五十条; 国办公开办函〔2021〕30号.
    """
    sections = ctx.report.sections
    if not sections or not any(section.key in required for section in sections):
        yield ctx.finding(Status.UNVERIFIABLE, reason="no-sections")
        return
    present = {section.key for section in sections}
    missing = [key for key in required if key not in present]
    if not missing:
        yield ctx.finding(Status.CONSISTENT, reason="all-sections")
    for key in missing:
        trace = _trace_of_section(ctx, key, sections)
        yield ctx.finding(
            Status.MISMATCH if trace is None else Status.SUSPECT,
            reason="missing-section" if trace is None else "section-without-heading",
            expected=key,
            evidence=trace or (),
            formula=key,
            section=key,
        )


def _trace_of_section(
    ctx: CheckContext, key: str, sections: tuple[Section, ...]
) -> tuple[Evidence, ...] | None:
    """Return what hints that the section is there without its heading, or ``None``."""
    table = ctx.report.table(key)
    if table:
        return (_opening_line(ctx, table.span),)
    unknown = next((s for s in sections if s.key == "unknown"), None)
    if unknown:
        return (make_evidence(role="other", span=unknown.heading),)
    preface = sections[0]
    if key == "overview" and preface.key == "preface" and len(preface.span) > _LONG_PREFACE:
        return (_opening_line(ctx, preface.span),)
    return _words_of_heading(ctx, key, sections)


def _words_of_heading(
    ctx: CheckContext, key: str, sections: tuple[Section, ...]
) -> tuple[Evidence, ...] | None:
    spec = next((s for s in ctx.form.sections if s.key == key), None)
    words = [label_key(heading) for heading in spec.headings] if spec else []
    for section in sections:
        title = label_key(section.title)
        if section.key != "preface" and any(len(w) > 3 and w in title for w in words):
            return (make_evidence(role="other", span=section.heading),)
        # A preamble may list all six headings; only lines of later sections tell anything.
        lines = section.span.of(ctx.report.text).split("\n")
        if section.key != "preface" and any(label_key(line) in words for line in lines if line):
            return (_opening_line(ctx, section.span),)
    return None


def _opening_line(ctx: CheckContext, span: Span) -> Evidence:
    """Return where a long stretch begins: a finding quotes its evidence."""
    whole = span.of(ctx.report.text)
    line = whole.lstrip().partition("\n")[0][:_LONG_LINE]
    start = span.start + len(whole) - len(whole.lstrip())
    return make_evidence(role="other", span=Span(start, start + len(line)))


@rule("form-year", severity=Severity.WARNING, since="0.1.0")
def form_year(ctx: CheckContext) -> Iterator[Finding]:
    """Another year than the report's own stands in the period statement or a heading.

    What it checks
        The year of the report (normally its title's) against every other statement of it: the
        period, other titles, the preamble, first-level headings, the year that the first section
        names, and the date of signature. One finding for each.
    Why it matters
        A wrong year is the surest sign of text taken over from last year's report.
    Example
        Breaks: title 2022, data 自2021年1月1日至2021年12月31日. Holds: title 2022, signed
        2023年1月15日; a heading 2023年工作打算 at the end of the report.
    Known limits
        Only ``suspect``: dates that lost characters (20211月1日), a period over two years, a date
        of signature before the year's end, preamble and body. Years in running text, document
        numbers and comparisons are not looked at.
    Basis
        政府信息公开条例第四十九条、第五十条.
    """
    meta = ctx.report.meta
    if meta is None or meta.year is None or not meta.years:
        yield ctx.finding(Status.UNVERIFIABLE, reason="no-year")
        return
    own = meta.years[0]
    found = [*_year_statements(ctx, own), *_year_headings(ctx, own)]
    if not found:
        found.append(ctx.finding(Status.UNVERIFIABLE, reason="one-statement", expected=own.value))
    yield from found


def _year_statements(ctx: CheckContext, own: Fact) -> Iterator[Finding]:
    meta = ctx.report.meta
    others = meta.years[1:] if meta else ()
    n_titles = len({fact.value for fact in (own, *others) if fact.source == "title"})
    periods = [fact for fact in (own, *others) if fact.source == "period"]
    n_periods = len({fact.value for fact in periods})
    if own.source == "period" and n_periods == 1 and own.score < _SURE:
        yield _year_finding(ctx, own, own, Status.SUSPECT, "damaged-year")
    for fact in others:
        # A list of reports of many years stands before the text: it says nothing about this one.
        if fact.source == "title" and n_titles >= _MANY_TITLES:
            continue
        verdict = _judge_year(fact, own, n_periods=n_periods)
        if verdict:
            yield _year_finding(ctx, fact, own, *verdict)


def _judge_year(fact: Fact, own: Fact, *, n_periods: int) -> tuple[Status, str] | None:
    if fact.source == "file" or (fact.source == "preamble" and fact.score < _SURE):
        return None
    if fact.source == "period":
        return _judge_period(fact, own, n_periods=n_periods)
    if fact.value == own.value:
        return Status.CONSISTENT, f"same-year-{fact.source}"
    if fact.source == "body":
        return (Status.SUSPECT, "other-year-body") if fact.score >= _SURE_BODY else None
    if fact.source == "signature":
        # A report may be put up or signed again years later; never before its year is over.
        is_early = int(fact.value) < int(own.value)
        return (Status.SUSPECT, "early-signature") if is_early else None
    return Status.SUSPECT, f"other-year-{fact.source}"


def _judge_period(fact: Fact, own: Fact, *, n_periods: int) -> tuple[Status, str]:
    if fact.score < _SURE:
        return Status.SUSPECT, "two-years" if n_periods > 1 else "damaged-year"
    if fact.value == own.value:
        return Status.CONSISTENT, "same-year-period"
    # Two sound statements of a period: one may belong to a comparison.
    is_sure = n_periods == 1 and own.score >= _SURE
    return Status.MISMATCH if is_sure else Status.SUSPECT, "copied-year"


def _year_finding(ctx: CheckContext, fact: Fact, own: Fact, status: Status, reason: str) -> Finding:
    return ctx.finding(
        status,
        reason=reason,
        stated=fact.value,
        expected=own.value,
        evidence=_places(fact, own),
        year=fact.value,
    )


def _places(*facts: Fact) -> tuple[Evidence, ...]:
    spans: list[Span] = []
    for fact in facts:
        if fact.span and fact.span not in spans:
            spans.append(fact.span)
    return tuple([make_evidence(role="other", span=span) for span in spans])


def _year_headings(ctx: CheckContext, own: Fact) -> Iterator[Finding]:
    for section in ctx.report.sections or ():
        if section.key == "preface":
            continue
        heading = section.heading.of(ctx.report.text)
        for year, _ in find_years(heading):
            status, reason = _judge_heading(section, heading, year=int(year), own=int(own.value))
            yield ctx.finding(
                status,
                reason=reason,
                stated=year,
                expected=own.value,
                evidence=(make_evidence(role="other", span=section.heading), *_places(own)),
                year=year,
            )


def _judge_heading(section: Section, heading: str, *, year: int, own: int) -> tuple[Status, str]:
    if year == own:
        return Status.CONSISTENT, "same-year-heading"
    if year == own + 1 and (section.key not in _TOLD_SECTIONS or _PLAN.search(heading)):
        return Status.CONSISTENT, "plan-heading"
    if year < own and section.key in _TOLD_SECTIONS and not _LOOK_BACK.search(heading):
        return Status.MISMATCH, "copied-year"
    return Status.SUSPECT, "other-year-heading"


@rule("form-agency", severity=Severity.WARNING, since="0.1.0")
def form_agency(ctx: CheckContext) -> Iterator[Finding]:
    """Another agency's name stands in the title, the signature or the preamble.

    What it checks
        The name in the title against each other name that titles, signature and preamble give as
        the one that reports. One finding for each.
    Why it matters
        A neighbour's name is left over when a report was written over a copied one; then its
        numbers may be the neighbour's too.
    Example
        Breaks: titled 江宁区水利局, signed 海曙区水利局. Holds: titled 宁波市生态环境局江宁分局,
        signed 江宁区环保局; a government's report signed by its office.
    Known limits
        ``mismatch`` needs two clear names with different places for the same function, or functions
        without a character in common; anything less is ``suspect``. Names before and after a reform
        that the word list does not know can raise it wrongly.
    Basis
        政府信息公开条例第四十九条.
    """
    meta = ctx.report.meta
    names = [fact for fact in meta.agencies if _is_reporter(fact)] if meta else []
    if not names:
        yield ctx.finding(Status.UNVERIFIABLE, reason="no-agency")
        return
    own, *others = names
    if not others:
        yield ctx.finding(
            Status.UNVERIFIABLE, reason="one-statement", expected=own.value, evidence=_places(own)
        )
    for fact in others:
        yield _compare_names(ctx, fact, own)


def _is_reporter(fact: Fact) -> bool:
    return fact.source in {"title", "signature", "period", "preamble"} and fact.score >= _SURE


def _compare_names(ctx: CheckContext, fact: Fact, own: Fact) -> Finding:
    likeness = compare_agencies(fact.value, own.value)
    status = {
        "same": Status.CONSISTENT,
        "unsure": Status.SUSPECT,
        "different": Status.MISMATCH,
    }[likeness]
    return ctx.finding(
        status,
        reason="same-agency" if likeness == "same" else "other-agency",
        stated=fact.value,
        expected=own.value,
        evidence=_places(fact, own),
        agency=fact.value,
    )


@rule("form-template", severity=Severity.WARNING, since="0.1.0")
def form_template(
    ctx: CheckContext, *, template: str, first: int, last: int = 9999
) -> Iterator[Finding]:
    """Tables are those of another year's official form.

    What it checks
        Reports for the years `first` to `last` carry tables of `template`, and reports for other
        years do not. One finding for a report with tables.
    Why it matters
        The forms count different things (公开数量 until 2020, 现行有效 from 2021), so an old form
        hides the numbers that are asked for now.
    Example
        Breaks: a report for 2022 with the columns 本年新制作数量 and 对外公开总数量. Holds: the
        same columns in a report for 2020.
    Known limits
        ``suspect`` when the year is not sure, when cells of the tables are not sure, and when the
        form is newer than the report, which old reports put up again can be.
    Basis
        国办公开办函〔2019〕60号 for 2019 and 2020, 国办公开办函〔2021〕30号 since 2021.
    """
    meta, tables = ctx.report.meta, ctx.report.tables
    if not tables:
        yield ctx.finding(Status.UNVERIFIABLE, reason="no-table")
        return
    if meta is None or meta.year is None:
        yield ctx.finding(Status.UNVERIFIABLE, reason="no-year")
        return
    actual = ctx.report.template or ctx.form.template
    is_in_years = first <= meta.year <= last
    if not is_in_years and actual != template:
        yield ctx.finding(Status.UNVERIFIABLE, reason="no-rule-for-year", stated=actual)
        return
    is_same = is_in_years and actual == template
    status = Status.CONSISTENT if is_same else _judge_template(ctx, actual, meta.year)
    yield ctx.finding(
        status,
        reason="same-template" if is_same else "other-template",
        stated=actual,
        expected=template if is_in_years else "",
        evidence=(_opening_line(ctx, tables[0].span), *_places(*meta.years[:1])),
        template=actual,
        year=str(meta.year),
    )


def _judge_template(ctx: CheckContext, actual: str, year: int) -> Status:
    meta, tables = ctx.report.meta, ctx.report.tables or ()
    is_newer = actual.isdigit() and int(actual) > year
    cells = [cell for table in tables for cell in table.cells]
    n_sure = sum(cell.score >= ctx.settings.sure_cell for cell in cells)
    is_sure_year = bool(meta and meta.years and meta.years[0].score >= _SURE)
    if is_newer or not is_sure_year or n_sure * 2 < len(cells):
        return Status.SUSPECT
    return Status.MISMATCH
