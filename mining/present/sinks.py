"""Files that take rows as they come: Parquet, CSV, JSON and Excel, none ever half-written."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, TextIO

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq
import xlsxwriter

from mining.errors import OutputError

__all__ = [
    "ArrowSink",
    "Columns",
    "CsvSink",
    "JsonSink",
    "ParquetSink",
    "Row",
    "Sink",
    "XlsxSink",
    "columns_of",
    "encodable",
    "new_workbook",
    "part_path",
    "rows_of",
    "table_of",
    "writing",
]

Row = dict[str, object]
"""One row of an output table, by column name."""

Columns = Mapping[str, Sequence[object]]
"""Rows of an output table as columns of equal length, which are quicker to make and to write."""

XLSX_ROWS = 1_048_576
XLSX_CHARS = 32_767

_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def part_path(path: Path) -> Path:
    """Return the temporary name, in the same folder, under which `path` is written."""
    return path.with_name(f".{path.name}.part")


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn any failure to write `path` into an `OutputError`.

    Raises
    ------
    OutputError
        E501, naming `path`, when the disk is full, the folder read-only or the file open elsewhere.
    """
    try:
        yield
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        msg = f"can't write: {getattr(error, 'strerror', None) or error}"
        hint = "free some space, close the file in other programs, or choose another --out"
        raise OutputError(msg, code="E501", path=path, hint=hint) from error


def columns_of(rows: Sequence[Row], names: Sequence[str]) -> Columns:
    """Return rows that hold every column as columns."""
    return {name: [row[name] for row in rows] for name in names}


def rows_of(columns: Columns) -> list[Row]:
    """Return columns as rows."""
    names = tuple(columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def table_of(columns: Columns, schema: pa.Schema) -> pa.Table:
    """Return columns as an Arrow table."""
    try:
        arrays = [pa.array(columns[field.name], field.type) for field in schema]
    except UnicodeEncodeError:  # half a surrogate pair, from a file name or a broken page
        arrays = [pa.array(map(_encodable_value, columns[f.name]), f.type) for f in schema]
    return pa.table(arrays, schema=schema)


class Sink(Protocol):
    """Takes the rows of one table in one format."""

    def write(self, rows: pa.Table) -> None:
        """Add rows that hold every column."""
        ...

    def close(self) -> None:
        """Finish the file."""
        ...


class ParquetSink:
    """Writes one Parquet row group for each call."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")

    def write(self, rows: pa.Table) -> None:
        """Add rows that hold every column."""
        self._writer.write_table(rows)

    def close(self) -> None:
        """Finish the file."""
        self._writer.close()


class ArrowSink:
    """Writes rows as Arrow keeps them, for a task that reads them soon and throws them away.

    A half larger than Parquet, and written and read again in half the time; with lz4 instead of
    zstd it would be three times as large, and a third of the time.
    """

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        options = pa.ipc.IpcWriteOptions(compression="zstd", use_threads=False)
        self._file = pa.OSFile(str(path), "wb")
        self._writer = pa.ipc.new_file(self._file, schema, options=options)

    def write(self, rows: pa.Table) -> None:
        """Add rows that hold every column."""
        self._writer.write_table(rows)

    def close(self) -> None:
        """Finish the file."""
        with self._file:
            self._writer.close()


def _encodable_value(value: object) -> object:
    return encodable(value) if isinstance(value, str) else value


def encodable(text: str) -> str:
    """Return `text` with ``?`` for half surrogate pairs, which no file can hold."""
    return text.encode(errors="replace").decode()


class CsvSink:
    """Writes CSV that Excel opens as it is."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        # With the byte order mark Excel reads Chinese right.
        self._file = path.open("w", encoding="utf-8-sig", errors="replace", newline="")
        self._writer = csv.DictWriter(self._file, schema.names)
        self._writer.writeheader()

    def write(self, rows: pa.Table) -> None:
        """Add rows that hold every column."""
        self._writer.writerows(rows.to_pylist())

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


class JsonSink:
    """Writes one JSON array, a row to a line."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:  # noqa: ARG002 - rows have it too
        self._file: TextIO = path.open("w", encoding="utf-8", errors="replace", newline="\n")
        self._lead = "[\n"

    def write(self, rows: pa.Table) -> None:
        """Add rows that hold every column."""
        for row in rows.to_pylist():
            self._file.write(self._lead + json.dumps(row, ensure_ascii=False))
            self._lead = ",\n"

    def close(self) -> None:
        """Finish the file."""
        self._file.write("[]\n" if self._lead == "[\n" else "\n]\n")
        self._file.close()


def new_workbook(path: Path) -> xlsxwriter.Workbook:
    """Return a workbook that streams rows and tells no time, so that two runs are identical."""
    # The library opens its file at the very end; a place that takes none must be told at once.
    path.touch()
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "use_zip64": True})
    book.set_properties({"created": _NO_TIME})
    return book


class XlsxSink:
    """Writes a workbook that goes on in a further sheet when one is full."""

    def __init__(self, path: Path, schema: pa.Schema, *, name: str) -> None:
        self._names, self._name, self._sheets = schema.names, name, 0
        self._book = new_workbook(path)
        self._add_sheet()

    def _add_sheet(self) -> None:
        self._sheets += 1
        title = self._name if self._sheets == 1 else f"{self._name} {self._sheets}"
        self._sheet = self._book.add_worksheet(title)
        self._sheet.freeze_panes(1, 0)
        for column, name in enumerate(self._names):
            self._sheet.write_string(0, column, name)
        self._row = 1

    def write(self, rows: pa.Table) -> None:
        """Add rows that hold every column."""
        for row in rows.to_pylist():
            if self._row == XLSX_ROWS:
                self._add_sheet()
            for column, name in enumerate(self._names):
                self._write_value(column, row[name])
            self._row += 1

    def _write_value(self, column: int, value: object) -> None:
        # Strings are always written as strings, so that none is ever taken for a formula.
        if isinstance(value, str):
            text = encodable(value)
            cut = text if len(text) <= XLSX_CHARS else text[: XLSX_CHARS - 1] + "…"
            self._sheet.write_string(self._row, column, cut)
        elif value is not None:
            self._sheet.write_number(self._row, column, value)

    def close(self) -> None:
        """Finish the file."""
        self._book.close()
