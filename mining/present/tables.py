"""The output tables: their columns, and the writer that streams rows to files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import xlsxwriter

from mining.errors import OutputError, SettingsError
from mining.present.sinks import (
    ArrowSink,
    Columns,
    CsvSink,
    JsonSink,
    ParquetSink,
    Row,
    Sink,
    XlsxSink,
    columns_of,
    part_path,
    table_of,
    writing,
)

__all__ = [
    "FORMATS",
    "PART_FORMAT",
    "PART_SCHEMAS",
    "SCHEMAS",
    "YEAR",
    "TableWriter",
    "known_formats",
    "open_sink",
]

FORMATS = ("parquet", "csv", "xlsx", "json")
"""Formats that `TableWriter` knows."""

# A row group holds about 20 thousand rows of numbers, or 8 million characters of text.
_GROUP_WEIGHT = 2_000_000
_ROW_WEIGHT = 400

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

PART_FORMAT = "arrow"
"""Format of the tables of a part of a run, which no one else reads."""


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
    """Return what writes the table `name` to `path`, in a format of `FORMATS` or `PART_FORMAT`."""
    makers: dict[str, Callable[[Path, pa.Schema], Sink]] = {
        "parquet": ParquetSink,
        "csv": CsvSink,
        "json": JsonSink,
        "xlsx": partial(XlsxSink, name=name),
        PART_FORMAT: ArrowSink,
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
        Some of `FORMATS`, or `PART_FORMAT` alone; a table in CSV is ``NAME.csv`` and so on.
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
        self._dir = Path(out_dir)
        self._formats = formats if formats == (PART_FORMAT,) else known_formats(formats)
        self._schemas = schemas
        self._sinks: dict[Path, Sink] = {}
        self._waiting = {name: _empty(schema) for name, schema in schemas.items()}
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

    def write(self, rows: Mapping[str, Sequence[Row] | Columns]) -> None:
        """Add rows, by table, as rows or as columns; see `mining.present.rows`."""
        for name, new in rows.items():
            schema, waiting = self._schemas[name], self._waiting[name]
            columns = new if isinstance(new, Mapping) else columns_of(new, schema.names)
            # As columns at once, while the values are in the processor's cache.
            for column in schema.names:
                waiting[column].extend(columns[column])
            self._weights[name] += _weight(columns)
            if self._weights[name] >= _GROUP_WEIGHT:
                self._flush(name)

    def _flush(self, name: str) -> None:
        schema, columns = self._schemas[name], self._waiting[name]
        if not self._weights[name]:
            return
        rows = table_of(columns, schema)
        self._waiting[name], self._weights[name] = _empty(schema), 0
        for path, sink in self._sinks.items():
            if path.stem == name:
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


def _empty(schema: pa.Schema) -> dict[str, list[object]]:
    return {name: [] for name in schema.names}


def _weight(columns: Columns) -> int:
    texts = columns.get("text", ())
    return _ROW_WEIGHT * len(columns["report"]) + sum([len(str(text or "")) for text in texts])
