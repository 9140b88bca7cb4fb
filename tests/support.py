"""Builders of small reports for tests: a narrative beside tables given as addresses and values."""

from __future__ import annotations

from collections.abc import Mapping

from mining.catalog import STEPS, shipped_forms
from mining.finding import Finding, Status
from mining.form import Form
from mining.pipeline import check_report
from mining.report import Cell, Meta, Report, Section, Source, Table
from mining.settings import Settings
from mining.spans import Span

SETTINGS = Settings()

COUNTY = {
    "applications.received.natural_person": 88,
    "applications.received.business": 3,
    "applications.received.total": 91,
    "applications.carried_in.total": 2,
    "applications.total.total": 88,
    "applications.carried_out.total": 5,
    "applications.granted.total": 46,
    "applications.partial.total": 18,
    "litigation.review.upheld": 1,
    "litigation.review.corrected": 1,
    "litigation.review.total": 2,
    "litigation.direct.total": 1,
    "litigation.after_review.total": 0,
    "indicators.published.count": 23974,
    "indicators.website.count": 7997,
    "indicators.weibo.count": 7182,
    "indicators.wechat.count": 10038,
    "indicators.press_conferences.count": 13,
    "indicators.interpretations.count": 154,
    "disclosure.licensing.decisions": 1548,
    "disclosure.penalties.decisions": 1018,
}
"""A county's tables, as numbers only."""


def form_of(template: str) -> Form:
    """Return the shipped form of a template."""
    return next(f for f in shipped_forms() if f.template == template)


def overview(text: str, *, meta: Meta | None = None, tables: tuple[Table, ...] = ()) -> Report:
    """Build a report whose whole text is one section, with the layers before the figures."""
    whole = Section(
        key="overview",
        title="",
        order=1,
        heading=Span(0, 0),
        span=Span(0, len(text)),
        matched_by="test",
        score=1.0,
    )
    return Report(
        id="x",
        source=Source(uri="x"),
        raw_text=text,
        text=text,
        sections=(whole,),
        tables=tables,
        meta=meta,
    )


def narrative_report(
    text: str,
    cells: Mapping[str, int | None] | None = None,
    *,
    form: Form | None = None,
    section: str = "overview",
    score: float = 1.0,
) -> Report:
    """Build a report of one section with `cells` as its tables, and run figures to links."""
    chosen = form or form_of("2019")
    whole = Span(0, len(text))
    report = Report(
        id="report",
        source=Source(uri="report.txt"),
        raw_text=text,
        text=text,
        form=chosen.id,
        template=chosen.template,
        meta=Meta(year=2020, agency="青原县水务局"),
        sections=(
            Section(
                key=section,
                title="",
                order=1,
                heading=Span(0, 0),
                span=whole,
                matched_by="test",
                score=1.0,
            ),
        ),
        tables=tuple(tables_of(chosen, COUNTY if cells is None else cells, len(text), score)),
    )
    for step in STEPS[2:]:
        report = step(report, chosen, SETTINGS)
    return report


def tables_of(
    form: Form, cells: Mapping[str, int | None], position: int, score: float = 1.0
) -> list[Table]:
    """Build the form's tables with zeros, `cells` put in, all standing at `position`."""
    here = Span(position, position)
    tables = []
    for spec in form.tables:
        if not any(name.startswith(f"{spec.key}.") for name in cells):
            continue
        built = []
        for row in spec.rows:
            for column in row.columns:
                value = cells.get(f"{spec.key}.{row.key}.{column}", 0)
                raw = "" if value is None else str(value)
                kind = "blank" if value is None else "number"
                built.append(
                    Cell(
                        table=spec.key,
                        row=row.key,
                        column=column,
                        raw=raw,
                        kind=kind,  # type: ignore[arg-type]
                        value=value,
                        span=here,
                        score=score,
                    )
                )
        tables.append(
            Table(
                key=spec.key,
                unit=spec.unit,
                cells=tuple(built),
                span=here,
                section=spec.section,
                style="rows",
            )
        )
    return tables


def findings_of(
    text: str,
    cells: Mapping[str, int | None] | None = None,
    *,
    rule: str = "",
    form: Form | None = None,
    section: str = "overview",
    score: float = 1.0,
) -> list[Finding]:
    """Return the findings about a narrative, of one rule or of all."""
    chosen = form or form_of("2019")
    report = narrative_report(text, cells, form=chosen, section=section, score=score)
    found = check_report(report, chosen, settings=SETTINGS)
    return [f for f in found if not rule or f.rule == rule]


def told(findings: list[Finding]) -> list[tuple[str, str, str]]:
    """Return status, quote and cell of findings, for short comparisons."""
    return [(str(f.status), f.quote, str(f.cell or "")) for f in findings]


def alarms(findings: list[Finding]) -> list[tuple[str, str, str]]:
    """Return what an auditor would be shown: mismatches and suspects of the narrative rules."""
    shown = (Status.MISMATCH, Status.SUSPECT)
    return told([f for f in findings if f.rule.startswith("narrative-") and f.status in shown])
