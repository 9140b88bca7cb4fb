"""Parts of a pack as they are written, and the variables that packed reports bring along."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from mining.corpus.inputs import Input
from mining.corpus.packrows import RowReader
from mining.corpus.packs import FOOTER, PackPart, is_pack
from mining.present.sinks import Row

__all__ = ["CarriedVariables", "PartWriter", "is_packed"]

# A row group has at most so many reports or bytes: what a reader must skip to reach one.
_GROUP_ROWS, _GROUP_BYTES = 200, 8_000_000
# These columns have other values in each row, and contents are never told by number, so that no
# reader has to fear that they multiply.
_UNIQUE = frozenset({"report", "sha256", "content", "text"})


def is_packed(item: Input) -> bool:
    """Tell whether a report comes from another pack."""
    return item.member is not None and is_pack(item.path)


class CarriedVariables:
    """Variables that reports of other packs have already; keeps the last pack open."""

    def __init__(self) -> None:
        self._place: Path | None = None
        self._part: PackPart | None = None
        self._rows: RowReader | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def _close(self) -> None:
        if self._part is not None:
            self._part.close()
        self._part = self._rows = self._place = None

    def of(self, item: Input) -> Row:
        """Return the variables of a report, none for a file."""
        if item.member is None or not is_packed(item):
            return {}
        if self._place != item.path:
            self._close()
            self._part, self._place = PackPart(item.path), item.path
            names = self._part.variables.names
            self._rows = RowReader(self._part, names) if names else None
        return self._rows.row(item.member) if self._rows else {}


@dataclass(slots=True)
class PartWriter:
    """Writes the rows of one part, in row groups of a bounded size.

    Parameters
    ----------
    stream
        Where to.
    schema
        All columns.
    order
        Which part it is, of how many.
    """

    stream: pa.NativeFile
    schema: pa.Schema
    order: tuple[int, int]
    _rows: list[Row] = field(default_factory=list)
    _n_bytes: int = 0
    _writer: pq.ParquetWriter = field(init=False)

    def __post_init__(self) -> None:
        facts = {"part": self.order[0], "parts": self.order[1]}
        plain = [name for name in self.schema.names if name not in _UNIQUE]
        self._writer = pq.ParquetWriter(
            self.stream,
            self.schema.with_metadata({FOOTER: json.dumps(facts).encode()}),
            compression="zstd",
            use_dictionary=plain,
            write_statistics=plain,
            write_page_checksum=True,
        )

    def add(self, row: Row) -> None:
        """Add a row."""
        size = row["size"]
        self._n_bytes += size if isinstance(size, int) else 0
        self._rows.append(row)
        if len(self._rows) >= _GROUP_ROWS or self._n_bytes >= _GROUP_BYTES:
            self._flush()

    def _flush(self) -> None:
        rows, self._rows, self._n_bytes = self._rows, [], 0
        self._writer.write_table(pa.Table.from_pylist(rows, schema=self.schema))

    def close(self) -> None:
        """Finish the file."""
        if self._rows:
            self._flush()
        self._writer.close()
