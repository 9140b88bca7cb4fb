"""Results as rows of the output tables, and the writer that streams them to files."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import xlsxwriter

from mining.errors import OutputError, SettingsError
from mining.finding import Evidence, Failure, Finding, Result
from mining.places import place_of
from mining.present.messages import Lang, plain_number, word_finding
from mining.present.sinks import (
    CsvSink,
    JsonSink,
    ParquetSink,
    Row,
    Sink,
    XlsxSink,
    part_path,
    writing,
)
from mining.report import Figure, Link, Number, Report

__all__ = [
    "FORMATS",
    "PART_SCHEMAS",
    "SCHEMAS",
    "YEAR",
    "TableWriter",
    "failed_row",
    "figure_rows",
    "finding_ids",
    "finding_rows",
    "known_formats",
    "open_sink",
    "point_rows",
    "result_rows",
    "section_rows",
]

FORMATS = ("parquet", "csv", "xlsx", "json")
"""Formats that `TableWriter` knows."""

# A row group holds about 20 thousand rows of numbers, or 8 million characters of text.
_GROUP_WEIGHT = 8_000_000
_ROW_WEIGHT = 400

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_KINDS = {"s": pa.string(), "i": pa.int64(), "f": pa.float64()}
_COLUMNS = {
    "reports": "report:s source:s agency:s region:s year:i template:s status:s error:s",
    "texts": "report:s text:s",
    "sections": "report:s order:i section:s title:s start:i end:i n_chars:i n_figures:i",
    "cells": "report:s cell:s table:s row:s column:s raw:s value:f start:i end:i score:f",
    "figures": (
        "report:s section:s start:i end:i text:s value:f low:f high:f unit:s approx:s kind:s"
        " role:s scope:s cell:s score:f"
    ),
    "findings": (
        "report:s finding:s rule:s status:s severity:s cell:s stated:s expected:s difference:f"
        " start:i end:i message:s evidence:s"
    ),
    "points": "report:s section:s point:i kind:s start:i end:i text:s answers:i",
    "themes": "report:s section:s start:i end:i text:s theme:s score:f",
}


def _schema(columns: str) -> pa.Schema:
    pairs = (column.split(":") for column in columns.split())
    return pa.schema([(name, _KINDS[kind]) for name, kind in pairs])


SCHEMAS: dict[str, pa.Schema] = {name: _schema(columns) for name, columns in _COLUMNS.items()}
"""Columns and types of each output table, in the order of the public contract."""

YEAR = "_year"
"""Column that the tables of a part of a run have besides: the year of the report."""

PART_SCHEMAS = {n: s.append(pa.field(YEAR, pa.int64())) for n, s in SCHEMAS.items()}
"""Columns and types of the tables of a part of a run."""


def result_rows(
    result: Result, *, labels: Mapping[str, str], lang: Lang = "zh"
) -> dict[str, list[Row]]:
    """Return the rows of every output table for one audited report.

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
        "cells": list(_cell_rows(report)),
        "figures": list(figure_rows(report)),
        "findings": list(finding_rows(result, labels=labels, lang=lang)),
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


def _cell_rows(report: Report) -> Iterator[Row]:
    for table in report.tables or ():
        for cell in table.cells:
            yield {
                "report": report.id,
                "cell": cell.address,
                "table": cell.table,
                "row": cell.row,
                "column": cell.column,
                "raw": cell.raw,
                "value": _float(cell.value),
                "start": cell.span.start,
                "end": cell.span.end,
                "score": cell.score,
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


def finding_rows(
    result: Result, *, labels: Mapping[str, str], lang: Lang, last: Report | None = None
) -> Iterator[Row]:
    """Yield a row of ``findings`` for each finding; `last` is last year's report, if one is told.

    Evidence in `last` has the key ``report``, and its offsets point into that report's text.
    """
    report, findings = result.report, result.findings
    for key, finding in zip(finding_ids(findings), findings, strict=True):
        span = finding.span
        evidence = [_evidence(e, last if last and e.report else report) for e in finding.evidence]
        yield {
            "report": report.id,
            "finding": key,
            "rule": finding.rule,
            "status": str(finding.status),
            "severity": str(finding.severity),
            "cell": finding.cell,
            "stated": finding.stated,
            "expected": finding.expected,
            "difference": _float(finding.difference),
            "start": span.start if span else None,
            "end": span.end if span else None,
            "message": word_finding(finding, lang=lang, labels=labels),
            "evidence": _ENCODER.encode(evidence),
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


def _evidence(evidence: Evidence, report: Report) -> Row:
    span = evidence.span
    place = place_of(report, span)
    other = {"report": evidence.report} if evidence.report else {}
    return {
        **other,
        "role": evidence.role,
        "start": span.start if span else None,
        "end": span.end if span else None,
        "address": evidence.address,
        "value": None if evidence.value is None else plain_number(evidence.value),
        "quote": span.of(report.text) if span else None,
        "page": place.page if place else None,
        "path": (place.path or None) if place else None,
    }


def _float(value: Number | None) -> float | None:
    try:
        return None if value is None else float(value)
    except OverflowError:  # hundreds of digits in a row; the printed text still tells them
        return None


def known_formats(formats: Sequence[str]) -> tuple[str, ...]:
    """Return `formats`, each once.

    Raises
    ------
    SettingsError
        E401, when a format is unknown.
    """
    unknown = sorted(set(formats) - set(FORMATS))
    if unknown:
        message = f"unknown output format: {', '.join(unknown)}"
        raise SettingsError(message, code="E401", hint=f"choose from {', '.join(FORMATS)}")
    return tuple(dict.fromkeys(formats))


def open_sink(path: Path, kind: str, schema: pa.Schema, *, name: str) -> Sink:
    """Return what writes the table `name` to `path`, in a format of `FORMATS`."""
    makers: dict[str, Callable[[Path, pa.Schema], Sink]] = {
        "parquet": ParquetSink,
        "csv": CsvSink,
        "json": JsonSink,
        "xlsx": partial(XlsxSink, name=name),
    }
    return makers[kind](path, schema)


class TableWriter:
    """Streams rows into the files of all output tables, which appear complete or not at all.

    Files are written under temporary names in the same folder and renamed when the ``with`` block
    ends well; when it fails they are removed and earlier files stay. Memory does not grow with the
    number of rows.

    Parameters
    ----------
    out_dir
        Folder of the files; made when missing.
    formats
        Some of `FORMATS`; a table in CSV is ``NAME.csv`` and so on.
    schemas
        Which tables, and the columns of each.

    Raises
    ------
    SettingsError
        E401, when a format is unknown.
    OutputError
        E501, when a file can't be written.
    """

    def __init__(
        self,
        out_dir: str | Path,
        *,
        formats: Sequence[str] = ("parquet",),
        schemas: Mapping[str, pa.Schema] = SCHEMAS,
    ) -> None:
        self._dir, self._formats = Path(out_dir), known_formats(formats)
        self._schemas = schemas
        self._sinks: dict[Path, Sink] = {}
        self._rows: dict[str, list[Row]] = {name: [] for name in schemas}
        self._weights = dict.fromkeys(schemas, 0)

    def __enter__(self) -> Self:
        with writing(self._dir):
            self._dir.mkdir(parents=True, exist_ok=True)
        try:
            for name, schema in self._schemas.items():
                for kind in self._formats:
                    path = self._dir / f"{name}.{kind}"
                    with writing(path):
                        self._sinks[path] = open_sink(part_path(path), kind, schema, name=name)
        except OutputError:
            self._discard()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._discard()
            return
        try:
            self._finish()
        except OutputError:
            self._discard()
            raise

    def write(self, rows: Mapping[str, Sequence[Row]]) -> None:
        """Add rows, by table; see `result_rows` and `failed_row`."""
        for name, new in rows.items():
            self._rows[name].extend(new)
            self._weights[name] += sum(_weight(row) for row in new)
            if self._weights[name] >= _GROUP_WEIGHT:
                self._flush(name)

    def _flush(self, name: str) -> None:
        rows, self._rows[name], self._weights[name] = self._rows[name], [], 0
        for path, sink in self._sinks.items():
            if rows and path.stem == name:
                with writing(path):
                    sink.write(rows)

    def _finish(self) -> None:
        for name in self._schemas:
            self._flush(name)
        for path, sink in self._sinks.items():
            with writing(path):
                sink.close()
        for path in self._sinks:
            with writing(path):
                part_path(path).replace(path)

    def _discard(self) -> None:
        for path, sink in self._sinks.items():
            try:
                sink.close()
            except (OSError, xlsxwriter.exceptions.XlsxWriterException):
                continue  # the file is removed in any case
            finally:
                part_path(path).unlink(missing_ok=True)


def _weight(row: Row) -> int:
    return _ROW_WEIGHT + len(str(row.get("text") or ""))
