"""Contents of packed reports, one after the other, in memory that no pack can blow up."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from mining.corpus.archives import HARMLESS_BYTES, MAX_RATIO
from mining.corpus.packs import PackPart, is_pack, part_places, telling_damage
from mining.corpus.storage import is_remote
from mining.errors import ReadError
from mining.settings import Settings

__all__ = ["PackContents", "RowReader", "find_packed"]

_CODE = re.compile(r"E1\d\d")
# A value that stands once in the file and is told for many rows grows only when rows are made
# of it, so such rows are made one at a time.
_AT_ONCE = 32


class RowReader:
    """Reads rows of one part by position: forward without reading anything twice.

    Parameters
    ----------
    part
        The part, which stays open.
    columns
        Which columns.
    """

    def __init__(self, part: PackPart, columns: Sequence[str]) -> None:
        self._part, self._file, self._columns = part, part.file, list(columns)
        file = part.file
        sizes = [file.metadata.row_group(i).num_rows for i in range(file.metadata.num_row_groups)]
        self._starts = [0, *accumulate(sizes)]
        self._group, self._next = -1, 0
        self._batches: Iterator[pa.RecordBatch] = iter(())
        self._batch: pa.RecordBatch | None = None

    def row(self, index: int) -> dict[str, object]:
        """Return the row at `index`.

        Raises
        ------
        ReadError
            E101 when that part of the file is damaged, E104 when it grows too much.
        """
        with telling_damage(self._part.place):
            batch, first = self._batch_with(index)
            return {n: batch.column(n)[index - first].as_py() for n in batch.schema.names}

    def _batch_with(self, index: int) -> tuple[pa.RecordBatch, int]:
        group = bisect_right(self._starts, index) - 1
        first = self._next - (0 if self._batch is None else self._batch.num_rows)
        if group != self._group or index < first:
            self._begin(group)
        while self._batch is None or index >= self._next:
            self._batch = next(self._batches, None)
            if self._batch is None:
                self._group = -1
                msg = "fewer rows than it tells"
                raise ValueError(msg)
            self._next += self._batch.num_rows
        return self._batch, self._next - self._batch.num_rows

    def _begin(self, group: int) -> None:
        self._group, self._batch = -1, None
        if not 0 <= group < len(self._starts) - 1:
            msg = "fewer rows than it had"
            raise ValueError(msg)
        size = 1 if self._is_repeating(group) else _AT_ONCE
        self._batches = self._file.iter_batches(
            size, row_groups=[group], columns=self._columns, use_threads=False
        )
        self._group, self._next = group, self._starts[group]

    def _is_repeating(self, group: int) -> bool:
        """Tell whether values of the group may be told by number; refuse what grows too much."""
        facts = self._file.metadata.row_group(group)
        chunks = [facts.column(i) for i in range(facts.num_columns)]
        wanted = [chunk for chunk in chunks if chunk.path_in_schema in {"content", "text"}]
        for chunk in wanted:
            limit = max(HARMLESS_BYTES, MAX_RATIO * chunk.total_compressed_size)
            if chunk.total_uncompressed_size > limit:
                msg = f"it unpacks to more than {MAX_RATIO} times its size"
                hint = "unpack it yourself if you trust it"
                raise ReadError(msg, code="E104", path=self._part.place, hint=hint)
        return any(_has_dictionary(chunk) for chunk in wanted)


def _has_dictionary(chunk: pq.ColumnChunkMetaData) -> bool:
    told = any("DICTIONARY" in encoding for encoding in chunk.encodings)
    return told or bool(chunk.has_dictionary_page)


class PackContents:
    """Contents of the reports of one part.

    Raises
    ------
    ReadError
        As `PackPart`.
    """

    def __init__(self, place: str | Path) -> None:
        self._part = PackPart(place)
        names = ("content", "text", "error", "error_message")
        self._rows = RowReader(self._part, [n for n in names if n in self._part.schema.names])

    def close(self) -> None:
        """Close the part."""
        self._part.close()

    def read(self, index: int, *, settings: Settings) -> bytes:
        """Return the content of a report, at most ``settings.max_bytes`` long.

        Raises
        ------
        ReadError
            The error that the report had when it was packed, E101 when the pack is damaged, E104
            over the limit.
        """
        row = self._rows.row(index)
        code, message = row.get("error"), row.get("error_message")
        if code is not None:
            known = isinstance(code, str) and _CODE.fullmatch(code)
            raise ReadError(
                str(message), code=str(code) if known else "E101", path=self._part.place
            )
        data = row.get("content", row.get("text"))
        if isinstance(data, str):
            data = data.encode()
        if not isinstance(data, bytes):
            msg = "the packed report has no content"
            raise ReadError(msg, code="E101", path=self._part.place, hint="pack the corpus again")
        if len(data) > settings.max_bytes:
            msg = f"{len(data)} bytes, more than the limit of {settings.max_bytes}"
            raise ReadError(
                msg, code="E104", path=self._part.place, hint="is this really a report?"
            )
        return data


def find_packed(path: Path) -> tuple[str, int, str] | None:
    """Return part, position and name of the report that a path into a pack leads to.

    Such paths stand in the column ``source`` of results; the name of the part may be left out.
    """
    for pack in path.parents:
        if is_pack(pack) and not is_remote(pack) and pack.exists():
            wanted = path.relative_to(pack).as_posix()
            for place in part_places(pack):
                with PackPart(place) as part:
                    for row in part.rows():
                        if wanted in {row.name, row.report}:
                            return place, row.index, row.name
    return None
