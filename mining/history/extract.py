"""From an audited report to the facts that later years are compared with."""

from __future__ import annotations

from collections.abc import Sequence

from mining.finding import Result, Status
from mining.form import Form
from mining.history.claims import find_claims
from mining.history.facts import Odd, TableFacts, YearFacts
from mining.report import Report, Table
from mining.settings import Settings
from mining.spans import Span
from mining.tabular.cellbook import table_addresses

__all__ = ["facts_of"]

_COUNTED = ("count", "money", "percent")


def facts_of(result: Result, form: Form, *, settings: Settings) -> YearFacts:
    """Return what a comparison over years needs of one report.

    Parameters
    ----------
    result
        An audited report with all its layers.
    form
        The form that it was read with.
    settings
        Limits and thresholds.
    """
    report, meta = result.report, result.report.meta
    claims = find_claims(report, form, settings=settings, compared=lambda: _compared(result))
    told = [f.span for f in report.figures or () if f.kind in _COUNTED and f.claim == "number"]
    placed = report.blocks
    return YearFacts(
        report=report.id,
        source=report.source.uri,
        form=report.form,
        template=report.template,
        agency=meta.agency if meta else None,
        region=meta.region if meta else None,
        level=meta.level if meta else None,
        year=meta.year if meta else None,
        text=report.text,
        sections=report.sections or (),
        tables=tuple(_table(table, form) for table in report.tables or ()),
        figures=_flat(told),
        claims=claims,
        places=tuple((b.raw_span.start, b.raw_span.end, b.prov.page, b.prov.path) for b in placed),
        edits=_edits(report) if placed else (),
    )


def _compared(result: Result) -> frozenset[Span]:
    """Return what the rules for single reports have compared already."""
    return frozenset(
        evidence.span
        for finding in result.findings
        if finding.status != Status.UNVERIFIABLE
        for evidence in finding.evidence
        if evidence.span
    )


def _edits(report: Report) -> tuple[tuple[int, int, int, int], ...]:
    return tuple((e.raw_start, e.raw_end, e.start, e.end) for e in report.offsets.edits)


def _table(table: Table, form: Form) -> TableFacts:
    cells = table.cells
    return TableFacts(
        key=table.key,
        section=table.section,
        unit=table.unit,
        span=table.span,
        addresses=table_addresses(table, form),
        values=tuple([c.value for c in cells]),
        spans=_flat([c.span for c in cells]),
        scores=tuple([c.score for c in cells]),
        odd=tuple(
            [
                Odd(i, c.kind, c.unit)
                for i, c in enumerate(cells)
                if c.unit or c.kind not in ("number", "blank")
            ]
        ),
    )


def _flat(spans: Sequence[Span]) -> tuple[int, ...]:
    return tuple([end for span in spans for end in (span.start, span.end)])
