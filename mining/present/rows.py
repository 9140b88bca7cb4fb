"""Results as rows of the output tables."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from json.encoder import encode_basestring

from mining.finding import Evidence, Failure, Finding, Result
from mining.places import place_of
from mining.present.messages import Lang, plain_number, word_finding
from mining.present.sinks import Columns, Row, rows_of
from mining.report import Figure, Link, Number, Report

__all__ = [
    "failed_row",
    "figure_rows",
    "finding_columns",
    "finding_ids",
    "point_rows",
    "result_rows",
    "result_tables",
    "section_rows",
]

# What an encoder does with a string, without asking first what it is given.
_quoted = encode_basestring


def result_rows(
    result: Result, *, labels: Mapping[str, str], lang: Lang = "zh"
) -> dict[str, list[Row]]:
    """Return the rows of every output table for one audited report; see `result_tables`."""
    tables = result_tables(result, labels=labels, lang=lang)
    return {
        name: rows_of(rows) if isinstance(rows, Mapping) else list(rows)
        for name, rows in tables.items()
    }


def result_tables(
    result: Result, *, labels: Mapping[str, str], lang: Lang = "zh"
) -> dict[str, Sequence[Row] | Columns]:
    """Return every output table for one audited report; the longest as columns.

    Offsets are code points of ``Report.text``; numbers are floats, and printed texts stay as
    printed.

    Parameters
    ----------
    result
        The report and its findings.
    labels
        What the form calls each address, for the messages.
    lang
        Language of the messages.
    """
    report = result.report
    return {
        "reports": [_report_row(report)],
        "texts": [{"report": report.id, "text": report.text}],
        "sections": list(section_rows(report)),
        "cells": _cell_columns(report),
        "figures": list(figure_rows(report)),
        "findings": finding_columns(result, labels=labels, lang=lang),
        "points": list(point_rows(report)),
        "themes": list(_theme_rows(report)),
    }


def failed_row(failure: Failure) -> Row:
    """Return the row of ``reports`` for an input that could not be read."""
    unknown = dict.fromkeys(("agency", "region", "year", "template"))
    error = f"[{failure.code}] {failure.message}" if failure.code else failure.message
    return {
        "report": failure.report,
        "source": failure.source,
        **unknown,
        "status": "failed",
        "error": error,
    }


def finding_ids(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield an id for each finding of one report: its fingerprint, with ``-2`` … on repeats."""
    seen: dict[str, int] = {}
    for finding in findings:
        fingerprint = finding.fingerprint
        seen[fingerprint] = count = seen.get(fingerprint, 0) + 1
        yield fingerprint if count == 1 else f"{fingerprint}-{count}"


def _report_row(report: Report) -> Row:
    meta = report.meta
    return {
        "report": report.id,
        "source": report.source.uri,
        "agency": meta.agency if meta else None,
        "region": meta.region if meta else None,
        "year": meta.year if meta else None,
        "template": report.template or None,
        "status": "ok",
        "error": None,
    }


def section_rows(report: Report) -> Iterator[Row]:
    """Yield the rows of the table ``sections``."""
    starts = sorted(f.span.start for f in report.figures or ())
    for section in report.sections or ():
        span = section.span
        yield {
            "report": report.id,
            "order": section.order,
            "section": section.key,
            "title": section.title,
            "start": span.start,
            "end": span.end,
            "n_chars": len(span),
            "n_figures": bisect_left(starts, span.end) - bisect_left(starts, span.start),
        }


def _cell_columns(report: Report) -> Columns:
    cells = [cell for table in report.tables or () for cell in table.cells]
    return {
        "report": [report.id] * len(cells),
        "cell": [f"{cell.table}.{cell.row}.{cell.column}" for cell in cells],
        "table": [cell.table for cell in cells],
        "row": [cell.row for cell in cells],
        "column": [cell.column for cell in cells],
        "raw": [cell.raw for cell in cells],
        "value": [_float(cell.value) for cell in cells],
        "start": [cell.span.start for cell in cells],
        "end": [cell.span.end for cell in cells],
        "score": [cell.score for cell in cells],
    }


def figure_rows(report: Report) -> Iterator[Row]:
    """Yield the rows of the table ``figures``, each with its best link."""
    best: dict[int, Link] = {}
    for link in report.links or ():
        if link.figure not in best or link.score > best[link.figure].score:
            best[link.figure] = link
    for figure in report.figures or ():
        yield _figure_row(figure, report, best.get(figure.id))


def _figure_row(figure: Figure, report: Report, link: Link | None) -> Row:
    quantity = figure.quantity
    return {
        "report": report.id,
        "section": figure.section,
        "start": figure.span.start,
        "end": figure.span.end,
        "text": figure.span.of(report.text),
        "value": _float(quantity.value),
        "low": _float(quantity.low),
        "high": _float(quantity.high),
        "unit": quantity.unit,
        "approx": quantity.approx,
        "kind": figure.kind,
        "role": figure.role,
        "scope": figure.scope,
        "cell": link.address if link else None,
        "score": link.score if link else None,
    }


def finding_columns(
    result: Result, *, labels: Mapping[str, str], lang: Lang, last: Report | None = None
) -> Columns:
    """Return the table ``findings``; `last` is last year's report, if one is told.

    Evidence in `last` has the key ``report``, and its offsets point into that report's text.
    """
    report, findings = result.report, result.findings
    spans = [finding.span for finding in findings]
    evidence = [
        ",".join([_evidence(e, last if last and e.report else report) for e in finding.evidence])
        for finding in findings
    ]
    return {
        "report": [report.id] * len(findings),
        "finding": list(finding_ids(findings)),
        "rule": [finding.rule for finding in findings],
        "status": [str(finding.status) for finding in findings],
        "severity": [str(finding.severity) for finding in findings],
        "cell": [finding.cell for finding in findings],
        "stated": [finding.stated for finding in findings],
        "expected": [finding.expected for finding in findings],
        "difference": [_float(finding.difference) for finding in findings],
        "start": [span.start if span else None for span in spans],
        "end": [span.end if span else None for span in spans],
        "message": [word_finding(finding, lang=lang, labels=labels) for finding in findings],
        "evidence": [f"[{told}]" for told in evidence],
    }


def point_rows(report: Report) -> Iterator[Row]:
    """Yield the rows of the table ``points``."""
    for point in report.points or ():
        yield {
            "report": report.id,
            "section": point.section,
            "point": point.id,
            "kind": point.kind,
            "start": point.span.start,
            "end": point.span.end,
            "text": point.span.of(report.text),
            "answers": point.answers,
        }


def _theme_rows(report: Report) -> Iterator[Row]:
    """Yield a row for each theme of each point, the primary theme of a point first."""
    for point in report.points or ():
        for label in point.themes:
            yield {
                "report": report.id,
                "section": point.section,
                "start": point.span.start,
                "end": point.span.end,
                "text": point.span.of(report.text),
                "theme": label.theme,
                "score": label.score,
            }


def _evidence(evidence: Evidence, report: Report) -> str:
    """Return one piece of evidence as JSON.

    Put together here, as an encoder makes the rows of a report take a quarter longer.
    """
    span, value, of_cell = evidence.span, evidence.value, evidence.address
    other = f'"report":{_quoted(evidence.report)},' if evidence.report else ""
    where = '"start":null,"end":null'
    quote = "null"
    if span is not None:
        start, end = span.start, span.end
        if start < end:  # not for a blank cell, which has a place but prints nothing
            where, quote = f'"start":{start},"end":{end}', _quoted(report.text[start:end])
    address = "null" if of_cell is None else _quoted(of_cell)
    told = "null" if value is None else _quoted(plain_number(value))
    page, path = "null", "null"
    # Plain text, which tells no places, is spared the question.
    place = place_of(report, span) if report.blocks else None
    if place is not None:
        page = "null" if place.page is None else str(place.page)
        path = _quoted(place.path) if place.path else "null"
    return (
        f'{{{other}"role":{_quoted(evidence.role)},{where},"address":{address}'
        f',"value":{told},"quote":{quote},"page":{page},"path":{path}}}'
    )


def _float(value: Number | None) -> float | None:
    try:
        return None if value is None else float(value)
    except OverflowError:  # hundreds of digits in a row; the printed text still tells them
        return None
