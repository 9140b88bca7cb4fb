"""Rows of a run's tables by the position of their report, without comparing texts twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mining.study.frames import stream_table

__all__ = ["Order", "Places", "integers", "positions", "report_order", "stream_rows"]

Places = NDArray[np.int64]
Order: TypeAlias = Any
"""Ids of the reports, as an array of pyarrow (which ships no types)."""


def report_order(reports: Sequence[str]) -> Order:
    """Return the ids of the reports as one array."""
    return pa.array(reports, type=pa.string())


def positions(values: pa.Array, known: pa.Array) -> Places:
    """Return the position of each text in `known`, -1 for others."""
    found = pc.fill_null(pc.index_in(pc.cast(values, pa.string()), value_set=known), -1)
    return integers(found)


def integers(values: pa.Array) -> Places:
    """Return whole numbers that none is missing of."""
    return np.asarray(values.to_numpy(zero_copy_only=False), dtype=np.int64)


def stream_rows(
    run: Path,
    name: str,
    order: Order,
    columns: Sequence[str],
    *,
    optional: Sequence[str] = (),
) -> Iterator[tuple[Places, pa.RecordBatch]]:
    """Yield one table in pieces: the position of each row's report, and the columns.

    Rows of reports that are not in `order` are left out.

    Raises
    ------
    StudyError
        As `mining.study.frames.stream_table`.
    """
    for batch in stream_table(run, name, ("report", *columns), optional=optional):
        rows = positions(batch["report"], order)
        is_known = rows >= 0
        if is_known.all():
            yield rows, batch
        else:
            yield rows[is_known], batch.filter(pa.array(is_known))
