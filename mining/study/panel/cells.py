"""Cells of all reports as one matrix, and the sums and ratios made of its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mining.settings import Settings
from mining.study.panel.positions import Order, Places, integers, positions, stream_rows
from mining.study.panel.variables import Quantity, Variable, quantities
from mining.tabular.cellvalues import parse_cell

__all__ = ["Blanks", "CellMatrix", "Floats", "amount", "first_told", "rate", "read_cells"]

Floats = NDArray[np.float64]
Blanks = Literal["missing", "zero"]

# Money may have a fraction; everything else is counted.
_MEASURED = ".amount"
_COLUMNS = ("cell", "raw", "value")


@dataclass(frozen=True, slots=True)
class CellMatrix:
    """Numbers of the cells that the variables need.

    Parameters
    ----------
    values
        One row per report, one column per cell of `addresses`; nan where missing.
    addresses
        Column of each cell.
    n_cells
        How many cells of each report hold a number, whether they are needed or not.
    n_blank, n_unsure, n_negative, n_fraction
        How many of the needed cells were blank, of uncertain place, below 0, or a fraction of what
        can only be counted.
    has_scores
        Whether the run tells how sure the place of a cell is.
    """

    values: Floats
    addresses: Mapping[str, int]
    n_cells: NDArray[np.int64]
    n_blank: int
    n_unsure: int
    n_negative: int
    n_fraction: int
    has_scores: bool


class _Gathering:
    """Takes the table ``cells`` piece by piece."""

    def __init__(
        self, n_reports: int, wanted: Mapping[str, Quantity], blanks: Blanks, sure: float
    ) -> None:
        names = sorted({c for ways in wanted.values() for cells in ways for c in cells})
        self.addresses = {name: place for place, name in enumerate(names)}
        self.values = np.full((n_reports, len(names)), np.nan)
        self.n_cells = np.zeros(n_reports, dtype=np.int64)
        self.n_blank = self.n_unsure = self.n_negative = self.n_fraction = 0
        self._is_counted = np.array([not name.endswith(_MEASURED) for name in names])
        self._names = pa.array(names, type=pa.string())
        self._blanks, self._sure = blanks, sure

    def add(self, reports: Places, batch: pa.RecordBatch) -> None:
        """Take the rows of needed cells."""
        values = _numbers(batch["value"])
        self.n_cells += np.bincount(reports[~np.isnan(values)], minlength=len(self.n_cells))
        cells = positions(batch["cell"], self._names)
        keep = cells >= 0
        values, rows = values[keep], (reports[keep], cells[keep])
        is_unsure = np.zeros(len(values), dtype=bool)
        if "score" in batch.schema.names:
            is_unsure = _numbers(batch["score"])[keep] < self._sure
        is_blank = np.isnan(values) & _are_blank(batch["raw"].filter(pa.array(keep)))
        if self._blanks == "zero":
            values[is_blank] = 0
        is_negative = values < 0
        is_fraction = self._is_counted[rows[1]] & (values % 1 > 0)
        self.n_blank += int(is_blank.sum())
        self.n_unsure += int(is_unsure.sum())
        self.n_negative += int(is_negative.sum())
        self.n_fraction += int(is_fraction.sum())
        values[is_unsure | is_negative | is_fraction] = np.nan
        self.values[rows] = values


def read_cells(
    run: Path,
    order: Order,
    *,
    wanted: Mapping[str, Quantity] | None = None,
    blanks: Blanks = "missing",
    sure: float = Settings().sure_cell,
) -> CellMatrix:
    """Read the cells that quantities need.

    Parameters
    ----------
    run
        Folder of results of an audit.
    order
        Ids of the reports, in the order of the rows.
    wanted
        The quantities; by default those of the panel's variables.
    blanks
        What a cell without a number, or with a mark such as ``/`` in its place, counts as. The
        statutory forms want a 0 written, so by default nothing is told by a blank.
    sure
        Cells whose place is less sure are missing.

    Raises
    ------
    StudyError
        E701 when the table is missing or can't be read.
    """
    found = _Gathering(len(order), quantities() if wanted is None else wanted, blanks, sure)
    has_scores = False
    for rows, batch in stream_rows(run, "cells", order, _COLUMNS, optional=("score",)):
        has_scores = "score" in batch.schema.names
        found.add(rows, batch)
    return CellMatrix(
        values=found.values,
        addresses=found.addresses,
        n_cells=found.n_cells,
        n_blank=found.n_blank,
        n_unsure=found.n_unsure,
        n_negative=found.n_negative,
        n_fraction=found.n_fraction,
        has_scores=has_scores,
    )


def _numbers(values: pa.Array) -> Floats:
    found = pc.cast(values, pa.float64()).to_numpy(zero_copy_only=False)
    return np.array(found, dtype=np.float64)


def _are_blank(raw: pa.Array) -> NDArray[np.bool_]:
    """Tell which printed texts are a blank or a mark in place of a number."""
    coded = pc.dictionary_encode(pc.fill_null(pc.cast(raw, pa.string()), ""))
    kinds = [parse_cell(text)[0] in {"blank", "none"} for text in coded.dictionary.to_pylist()]
    return np.array(kinds, dtype=np.bool_)[integers(coded.indices)]


def amount(cells: CellMatrix, terms: Sequence[str]) -> Floats:
    """Return the sum of quantities with their signs, nan where one is missing."""
    total = np.zeros(len(cells.values))
    for term in terms:
        found = first_told(cells, quantities()[term[1:]])
        total += found if term[0] == "+" else -found
    return total


def first_told(cells: CellMatrix, ways: Quantity) -> Floats:
    """Return the first of the alternatives that has all its cells, nan where none has."""
    found = np.full(len(cells.values), np.nan)
    for way in ways:
        told = cells.values[:, [cells.addresses[cell] for cell in way]].sum(axis=1)
        found = np.where(np.isnan(found), told, found)
    return found


def rate(cells: CellMatrix, variable: Variable) -> tuple[Floats, Floats, int]:
    """Return a rate, its denominator, and how many values contradict themselves.

    A part that is larger than its whole, or a whole below 0, says that the table is wrong: such a
    rate is missing. A division by 0 is missing too.
    """
    top, bottom = amount(cells, variable.top), amount(cells, variable.bottom)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(bottom == 0, np.nan, top / bottom)
    is_outside = (bottom < 0) | (~np.isnan(found) & ((found < 0) | (found > 1)))
    if variable.is_open:
        is_outside = bottom < 0
    found[is_outside] = np.nan
    bottom[bottom < 0] = np.nan
    return found, bottom, int(is_outside.sum())
