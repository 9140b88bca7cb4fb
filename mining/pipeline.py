"""One report from bytes to findings: pure, so that a corpus is a map over it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TypeAlias, TypeVar

from mining.attachments import find_beside
from mining.catalog import READERS, RULES, STEPS, shipped_forms
from mining.contracts import CheckContext, RuleContext
from mining.detect import select_form
from mining.errors import FormProblem, ReadError
from mining.finding import Evidence, Finding, Result
from mining.form import Example, Form
from mining.frozen import changer
from mining.history.context import YearsContext
from mining.history.facts import YearFacts
from mining.report import LogEntry, Meta, Report, Section, Source, change_report
from mining.settings import Settings
from mining.spans import Span
from mining.steps.metadata import read_metadata
from mining.steps.normalize import normalize

__all__ = [
    "Steps",
    "advance",
    "audit_report",
    "audit_steps",
    "check_examples",
    "check_gap",
    "check_report",
    "check_years",
    "parse_report",
    "read_passage",
    "read_report",
]

_change_meta = changer(Meta)

T = TypeVar("T")
Steps: TypeAlias = Generator[None, None, T]
"""Work with pauses, and its result, which is never ``None``."""


def read_report(data: bytes, *, report_id: str, path: Path, settings: Settings) -> Report:
    """Read bytes with the reader for the path's suffix.

    A page that only links to the report is read through that file when it lies in its folder.

    Raises
    ------
    ReadError
        E101 when there is no reader for the suffix, or what the reader raises.
    """
    if len(data) > settings.max_bytes:
        msg = f"{len(data)} bytes, the limit is {settings.max_bytes}"
        raise ReadError(msg, code="E104", path=path, hint="split the file or raise max_bytes")
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = " ".join(sorted(READERS))
        msg = f"no reader for {path.suffix or 'files without a suffix'}"
        raise ReadError(msg, code="E101", path=path, hint=f"formats read: {known}")
    report = reader(data, report_id=report_id, path=path, settings=settings)
    beside = find_beside(report, path=path, suffixes=READERS)
    return report if beside is None else _read_attachment(report, beside, settings)


def _read_attachment(page: Report, path: Path, settings: Settings) -> Report:
    """Read the file that a page links to instead of holding the report; keep the page's log."""
    if path.stat().st_size > settings.max_bytes:
        msg = f"{path.stat().st_size} bytes, the limit is {settings.max_bytes}"
        raise ReadError(msg, code="E104", path=path, hint="split the file or raise max_bytes")
    reader = READERS[path.suffix.lower()]
    report = reader(path.read_bytes(), report_id=page.id, path=path, settings=settings)
    entry = LogEntry(stage="read", code="attachment-read", message=path.name)
    return change_report(report, log=(*page.log, entry, *report.log))


def parse_report(
    report: Report, *, settings: Settings, forms: Sequence[Form] | None = None
) -> tuple[Report, Form]:
    """Fill every layer of a raw report, and return it with the form that it was read with.

    Parameters
    ----------
    report
        As a reader returns it.
    settings
        Limits and thresholds.
    forms
        The forms to choose from; the shipped ones by default.
    """
    return _last(_parse_steps(report, settings, forms))


def _parse_steps(
    report: Report, settings: Settings, forms: Sequence[Form] | None
) -> Steps[tuple[Report, Form]]:
    candidates = tuple(forms) if forms is not None else shipped_forms()
    report = normalize(report, candidates[0], settings)
    report = read_metadata(report, candidates[0], settings)
    form, templates = select_form(report, candidates)
    meta = _change_meta(report.meta, templates=templates) if report.meta else None
    report = change_report(report, form=form.id, template=form.template, meta=meta)
    for step in STEPS:
        yield
        report = step(report, form, settings)
    return report, form


def check_report(report: Report, form: Form, *, settings: Settings) -> tuple[Finding, ...]:
    """Run every check of the form, in the order of the form file, but for those over years."""
    context = CheckContext(report, form, settings)
    found: list[Finding] = []
    for spec in form.checks:
        part = RULES[spec.rule]
        if part.over == "report":
            found.extend(context.run(part, spec.params))
    return tuple(found)


def check_years(
    this: YearFacts, last: YearFacts, *, forms: Sequence[Form], settings: Settings, score: float = 1
) -> tuple[Finding, ...]:
    """Check a report against the same agency's report of the year before.

    Parameters
    ----------
    this, last
        Facts of the two (see `mining.history.extract.facts_of`).
    forms
        The forms that they were read with, and any others.
    settings
        Thresholds.
    score
        How sure it is that both are of one agency.
    """
    by_id = {form.id: form for form in forms}
    form = by_id[this.form]
    context = YearsContext(
        this, last, form=form, last_form=by_id[last.form], score=score, settings=settings
    )
    return tuple(
        finding
        for spec in form.checks
        if RULES[spec.rule].over == "years"
        for finding in context.run(RULES[spec.rule], spec.params)
    )


def check_gap(this: YearFacts, *, form: Form, reason: str, other: str) -> tuple[Finding, ...]:
    """Say that a report can't be checked against the year before: once for each kind of rule.

    Parameters
    ----------
    this
        Facts of the report.
    form
        The form that it was read with.
    reason, other
        Why not, and the report that stands for this one, if one does.
    """
    parts = [RULES[spec.rule] for spec in form.checks if RULES[spec.rule].over == "years"]
    tables = next((part for part in parts if part.id.startswith("years-")), None)
    growth = next((part for part in parts if part.id == "narrative-growth"), None)
    context = RuleContext(this.report, this.text)
    found = [context.unverifiable(tables, reason, other=other)] if tables else []
    if growth and this.claims:
        words = (Evidence(role="figure", span=this.claims[0].span),)
        found.append(context.unverifiable(growth, reason, evidence=words, other=other))
    return tuple(found)


def audit_report(
    data: bytes,
    *,
    report_id: str,
    path: Path,
    settings: Settings,
    forms: Sequence[Form] | None = None,
) -> Result:
    """Read, parse and check one report.

    Parameters
    ----------
    data, path
        Content and place of the file; the suffix chooses the reader.
    report_id
        Public id, unique in a run.
    settings
        Limits and thresholds.
    forms
        The forms to choose from; the shipped ones by default.

    Raises
    ------
    ReadError
        When the file can't be read.
    """
    steps = audit_steps(data, report_id=report_id, path=path, settings=settings, forms=forms)
    return _last(steps)


def audit_steps(
    data: bytes,
    *,
    report_id: str,
    path: Path,
    settings: Settings,
    forms: Sequence[Form] | None = None,
) -> Steps[Result]:
    """Do what `audit_report` does, with a pause after each step, the first after reading.

    Audits that take their steps in turn are quicker than one after the other: `advance` takes one.
    """
    raw = read_report(data, report_id=report_id, path=path, settings=settings)
    yield
    report, form = yield from _parse_steps(raw, settings, forms)
    yield
    return Result(report=report, findings=check_report(report, form, settings=settings))


def advance(steps: Steps[T]) -> T | None:
    """Take one step, and return what comes of all when it was the last."""
    try:
        next(steps)
    except StopIteration as end:
        result: T = end.value
        return result
    return None


def _last(steps: Steps[T]) -> T:
    """Take all steps and return what comes of them."""
    while (result := advance(steps)) is None:
        pass
    return result


def check_examples(form: Form, *, settings: Settings) -> tuple[FormProblem, ...]:
    """Run a form's own examples through figures and links, and report those that fail."""
    problems = []
    for position, example in enumerate(form.examples):
        found = _linked_cells(example, form, settings)
        if (example.cell, example.value) not in found:
            told = ", ".join(f"{c} = {v}" for c, v in sorted(found)) or "nothing"
            message = f"expected {example.cell} = {example.value}, found {told}"
            problems.append(FormProblem(f"examples[{position}]", message))
    return tuple(problems)


def _linked_cells(example: Example, form: Form, settings: Settings) -> set[tuple[str, str]]:
    report = read_passage(example.text, section=example.section, form=form, settings=settings)
    figures = report.figures or ()
    return {(link.address, str(figures[link.figure].quantity.value)) for link in report.links or ()}


def read_passage(
    text: str, *, section: str, form: Form, settings: Settings, meta: Meta | None = None
) -> Report:
    """Return normalised narrative as a report of one section without tables, figures to links.

    Parameters
    ----------
    text
        As `mining.steps.normalize.normalize_text` returns it.
    section
        Key of the section that it stands in.
    form, settings
        What phrases and limits to read it with.
    meta
        Who reports on which year, where that is known.
    """
    whole = Section(
        key=section,
        title="",
        order=1,
        heading=Span(0, 0),
        span=Span(0, len(text)),
        matched_by="passage",
        score=1.0,
    )
    report = Report(
        id="passage",
        source=Source(uri="passage"),
        raw_text=text,
        text=text,
        form=form.id,
        template=form.template,
        meta=meta,
        sections=(whole,),
        tables=(),
    )
    for step in STEPS[2:]:
        report = step(report, form, settings)
    return report
