"""The texts of a run in the order of their names, whatever order they were written in."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from mining.study.frames import stream_table

__all__ = ["stream_ordered"]

# Characters that are sorted at a time, and texts that are read at a time from what was sorted.
_BLOCK = 5_000_000
_READ = 16
_SCHEMA = pa.schema([("row", pa.int64()), ("text", pa.large_string())])

Told = tuple[int, str]


def stream_ordered(run: Path, reports: pd.Series) -> Iterator[Told]:
    """Yield the number and the text of each report; memory does not grow with the run.

    Parameters
    ----------
    run
        Folder with the table ``texts``.
    reports
        Names of the reports in the order wanted; a report's number is its position.
    """
    index = pd.Index(reports)
    if _is_ordered(run, index):
        yield from _stream(run, index)
        return
    with tempfile.TemporaryDirectory(prefix="mining-order-") as place:
        blocks = [_spool(Path(place) / f"{i}", b) for i, b in enumerate(_blocks(run, index))]
        yield from heapq.merge(*map(_read, blocks))


def _is_ordered(run: Path, index: pd.Index) -> bool:
    last = -1
    for batch in stream_table(run, "texts", ("report",)):
        rows = index.get_indexer(batch["report"].to_pandas())
        rows = rows[rows >= 0]
        if len(rows) and (rows[0] <= last or (rows[1:] <= rows[:-1]).any()):
            return False
        last = int(rows[-1]) if len(rows) else last
    return True


def _stream(run: Path, index: pd.Index) -> Iterator[Told]:
    for batch in stream_table(run, "texts", ("report", "text")):
        rows = index.get_indexer(batch["report"].to_pandas())
        # One text at a time: as Python's strings they are large.
        for row, text in zip(rows.tolist(), batch["text"], strict=True):
            if row >= 0:
                yield row, text.as_py() or ""


def _blocks(run: Path, index: pd.Index) -> Iterator[list[Told]]:
    block: list[Told] = []
    size = 0
    for row, text in _stream(run, index):
        block.append((row, text))
        size += len(text)
        if size >= _BLOCK:
            yield sorted(block)
            block, size = [], 0
    if block:
        yield sorted(block)


def _spool(path: Path, block: list[Told]) -> Path:
    rows, texts = zip(*block, strict=True)
    pq.write_table(pa.table([rows, texts], schema=_SCHEMA), path, row_group_size=_READ)
    return path


def _read(path: Path) -> Iterator[Told]:
    for batch in pq.ParquetFile(path).iter_batches(batch_size=_READ):
        columns = (batch["row"].to_pylist(), batch["text"].to_pylist())
        yield from zip(*columns, strict=True)
