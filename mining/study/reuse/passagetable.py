"""The table of passages, written as it is found, and the pairs of reports that share most."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from mining.study.reuse.passages import Passages
from mining.study.reuse.texts import SECTIONS, YearTexts

__all__ = ["Kind", "PassageWriter", "SharedPair", "TopPairs"]

Kind = Literal["last_year", "other_agency"]
_BOM = b"\xef\xbb\xbf"
# Rows that are written at a time.
_GROUP = 100_000
_SCHEMA = pa.schema(
    [
        ("report", pa.string()),
        ("section", pa.string()),
        ("start", pa.int64()),
        ("end", pa.int64()),
        ("source_report", pa.string()),
        ("source_start", pa.int64()),
        ("source_end", pa.int64()),
        ("chars", pa.int64()),
        ("kind", pa.string()),
        ("others", pa.int64()),
    ]
)


class PassageWriter:
    """Writes passages as Parquet and as CSV that Excel opens as it is.

    Parameters
    ----------
    parquet, csv
        The files.
    reports
        Names of the study's reports, by number.
    """

    def __init__(self, parquet: Path, csv: Path, reports: NDArray[np.object_]) -> None:
        self._names, self._sections = pa.array(reports, pa.string()), pa.array(SECTIONS)
        self._held: list[pa.Table] = []
        self._parquet = pq.ParquetWriter(parquet, _SCHEMA, compression="zstd")
        self._file = csv.open("wb")
        # With the byte order mark Excel reads Chinese right.
        self._file.write(_BOM)
        self._csv = pc.CSVWriter(self._file, _SCHEMA)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            self._flush()
        self._parquet.close()
        self._csv.close()
        self._file.close()

    def add(self, here: YearTexts, there: YearTexts, passages: Passages, kind: Kind) -> None:
        """Add passages with their offsets in the texts of both reports."""
        size = len(passages.start)
        if size == 0:
            return
        chars = passages.end - passages.start
        # Offsets are of the first and last character: white space around them is not shared.
        ends, there_ends = passages.end - 1, passages.there + chars - 1
        row, other = here.report_of(passages.start), there.report_of(passages.there)
        section = here.piece_sections[here.piece_of(passages.start)]
        columns = [
            self._names.take(pa.array(here.rows[row])),
            self._sections.take(pa.array(section)),
            here.offsets(passages.start),
            here.offsets(ends) + 1,
            self._names.take(pa.array(there.rows[other])),
            there.offsets(passages.there),
            there.offsets(there_ends) + 1,
            chars,
            pa.repeat(pa.scalar(kind), size),
            passages.others,
        ]
        self._held.append(pa.table([pa.array(column) for column in columns], schema=_SCHEMA))
        if sum(table.num_rows for table in self._held) >= _GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._held:
            table = pa.concat_tables(self._held)
            self._parquet.write_table(table)
            self._csv.write_table(table)
        self._held = []


@dataclass(frozen=True, slots=True, order=True)
class SharedPair:
    """Two reports by their numbers; the first in order is the pair that shares most."""

    minus_chars: int
    row: int
    source: int


class TopPairs:
    """Keeps the pairs of reports with the longest passages, whatever order they come in.

    Parameters
    ----------
    most
        How many to keep.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._pairs: dict[frozenset[int], SharedPair] = {}

    @property
    def pairs(self) -> list[SharedPair]:
        """The pairs, most shared characters first."""
        return sorted(self._pairs.values())

    def add(self, here: YearTexts, there: YearTexts, passages: Passages) -> None:
        """Add what the passages of some reports come to; of two directions one is kept."""
        pairs = pd.DataFrame(
            {
                "row": here.rows[here.report_of(passages.start)],
                "source": there.rows[there.report_of(passages.there)],
                "chars": passages.end - passages.start,
            }
        )
        sums = pairs.groupby(["row", "source"], sort=True)["chars"].sum()
        # Any two directions of a pair are both among twice as many.
        for (row, source), chars in sums.nlargest(2 * self._most, keep="all").items():
            pair = SharedPair(-int(chars), int(row), int(source))
            key = frozenset((pair.row, pair.source))
            self._pairs[key] = min(self._pairs.get(key, pair), pair)
        kept = self.pairs[: self._most]
        self._pairs = {frozenset((pair.row, pair.source)): pair for pair in kept}
