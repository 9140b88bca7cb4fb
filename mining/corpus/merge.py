"""Parts put together: the public tables, in one file each or in folders by year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc
import pyarrow.parquet as pq

from mining.corpus.tasks import At, Lost, Part, PartFolder
from mining.present.sinks import writing
from mining.present.tables import PART_FORMAT, SCHEMAS, YEAR, open_sink

__all__ = ["BundleTask", "TableTask", "year_folder"]

# A row group has at most so many rows or bytes, whichever comes first.
_GROUP_ROWS = 100_000
_GROUP_BYTES = 24_000_000
# As Python objects rows take a hundred times as much.
_ROWS_AT_ONCE = 5_000
# Rows of all years that wait to be written to the files of a bundle.
_WAITING_BYTES = 64_000_000
# For a report of unknown year, in the folder of a table.
_UNKNOWN = "unknown"


def year_folder(table: str, year: int | None) -> str:
    """Return where the rows of a year stand in a large run.

    The name is no ``key=value``: readers that take such a name for a column refuse one that the
    files have as well, and trip over the reports without a year.
    """
    return f"{table}.parquet/{_UNKNOWN if year is None else year}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableTask:
    """Writes one table of a run as one file.

    Parameters
    ----------
    table, kind
        Which table, in which format.
    parts
        Names of the folders that hold its parts, in order; those without the table do not count.
    """

    table: str
    kind: str
    parts: Sequence[str]

    @property
    def name(self) -> str:
        """Name of the task."""
        return f"merge-{self.table}-{self.kind}"

    @property
    def n_reports(self) -> int:
        """Reports are counted where they are audited."""
        return 0

    def run(self, work: Path, at: At, lost: Lost) -> Part:
        """Write the table."""
        del at, lost
        schema = SCHEMAS[self.table]
        groups = _groups(_batches([work / name for name in self.parts], self.table), schema)
        with PartFolder.fresh(work, self.name) as folder:
            target = folder.path / f"{self.table}.{self.kind}"
            with writing(target):
                if self.kind == "parquet":
                    _write_parquet(groups, target, schema)
                else:
                    with closing(open_sink(target, self.kind, schema, name=self.table)) as sink:
                        for group in groups:
                            for start in range(0, group.num_rows, _ROWS_AT_ONCE):
                                sink.write(group.slice(start, _ROWS_AT_ONCE))
            return folder.seal({})


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleTask:
    """Writes some parts of all tables of a large run, split by the year of the report.

    Parameters
    ----------
    index
        Number in the names of the files.
    parts
        Names of the folders that hold the parts.
    """

    index: int
    parts: Sequence[str]

    @property
    def name(self) -> str:
        """Name of the task."""
        return f"merge-bundle-{self.index:05}"

    @property
    def n_reports(self) -> int:
        """Reports are counted where they are audited."""
        return 0

    def run(self, work: Path, at: At, lost: Lost) -> Part:
        """Write the files of this bundle."""
        del at, lost
        folders = [work / name for name in self.parts]
        with PartFolder.fresh(work, self.name) as folder:
            for table in SCHEMAS:
                with writing(folder.path / f"{table}.parquet"):
                    self._write(folders, table, folder.path)
            return folder.seal({})

    def _write(self, folders: Sequence[Path], table: str, target: Path) -> None:
        schema = _with_year(SCHEMAS[table])
        split = _Split(target, table, schema, self.index)
        with closing(split):
            for batch in _batches(folders, table):
                split.write(batch)
            if not split.is_used and self.index == 0:
                # A table without any row must be there to be read.
                split.write(schema.append(pa.field(YEAR, pa.int64())).empty_table())


class _Split:
    """Files of one table by year; each is written in whole row groups."""

    def __init__(self, target: Path, table: str, schema: pa.Schema, index: int) -> None:
        self._target, self._table, self._schema, self._index = target, table, schema, index
        self._waiting: dict[int | None, list[pa.Table]] = {}
        self._writers: dict[int | None, pq.ParquetWriter] = {}
        self._n_bytes = 0

    @property
    def is_used(self) -> bool:
        """Whether anything was written."""
        return bool(self._waiting)

    def write(self, rows: pa.Table) -> None:
        """Add rows of any years."""
        years = rows.column(YEAR)
        known: Iterable[int | None] = pc.unique(years).to_pylist() or [None]
        for year in known:
            mask = pc.is_null(years) if year is None else pc.equal(years, year)
            waiting = self._waiting.setdefault(year, [])
            waiting.append(_columns(rows.filter(mask), self._schema))
        self._n_bytes += rows.nbytes
        if self._n_bytes >= _WAITING_BYTES:
            for year in self._waiting:
                self._flush(year)
            self._n_bytes = 0

    def close(self) -> None:
        """Write what waits, and finish all files."""
        with ExitStack() as stack:
            for year in self._waiting:
                self._flush(year)
                stack.callback(self._writers[year].close)

    def _flush(self, year: int | None) -> None:
        if year not in self._writers:
            folder = self._target / year_folder(self._table, year)
            folder.mkdir(parents=True)
            path = folder / f"part-{self._index:05}.parquet"
            self._writers[year] = pq.ParquetWriter(path, self._schema, compression="zstd")
        rows, self._waiting[year] = self._waiting[year], []
        if rows:
            self._writers[year].write_table(pa.concat_tables(rows), _GROUP_ROWS)


def _with_year(schema: pa.Schema) -> pa.Schema:
    return schema if "year" in schema.names else schema.append(pa.field("year", pa.int64()))


def _columns(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return the columns of `schema`; the year is that of the part where the table tells none."""
    found = [rows.column(name if name in rows.schema.names else YEAR) for name in schema.names]
    return pa.table(found, schema=schema)


def _batches(folders: Sequence[Path], table: str) -> Iterator[pa.Table]:
    for folder in folders:
        path = folder / f"{table}.{PART_FORMAT}"
        if path.exists():
            with pa.OSFile(str(path)) as file:
                reader = pa.ipc.open_file(file, options=pa.ipc.IpcReadOptions(use_threads=False))
                for place in range(reader.num_record_batches):
                    yield pa.Table.from_batches([reader.get_batch(place)])


def _groups(batches: Iterator[pa.Table], schema: pa.Schema) -> Iterator[pa.Table]:
    """Yield rows in groups of a good size, however small the parts are."""
    waiting: list[pa.Table] = []
    for batch in batches:
        waiting.append(_columns(batch, schema))
        if _is_full(waiting):
            yield pa.concat_tables(waiting)
            waiting = []
    if waiting:
        yield pa.concat_tables(waiting)


def _is_full(rows: Sequence[pa.Table]) -> bool:
    many: bool = sum(table.num_rows for table in rows) >= _GROUP_ROWS
    return many or bool(sum(table.nbytes for table in rows) >= _GROUP_BYTES)


def _write_parquet(groups: Iterator[pa.Table], path: Path, schema: pa.Schema) -> None:
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for group in groups:
            writer.write_table(group, 2 * _GROUP_ROWS)
            del group  # before the next one is read: they are all that takes memory
