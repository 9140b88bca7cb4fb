"""How common topics are in groups of documents, and how that changes over years."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mining.study.bootstrap import Bootstrap
from mining.study.frames import UNKNOWN
from mining.study.frequency import ALL, TermMatrix
from mining.study.grouped import shares_by_group
from mining.study.slopes import slope_interval

__all__ = ["group_column", "prevalence", "trends"]

# Shares are counted in whole parts, so that their sums are exact in any order of adding.
_PARTS = 1_000_000


def prevalence(
    matrix: TermMatrix,
    shares: NDArray[np.float64],
    by: Sequence[str] = (),
    how: Bootstrap | None = None,
) -> pd.DataFrame:
    """Return the mean share of each topic in all documents and in each group.

    Parameters
    ----------
    matrix
        The documents.
    shares
        From `TopicModel.transform`; rows of nan are left out.
    by
        Document variables.
    how
        How intervals are made; agencies are drawn, not documents.

    Raises
    ------
    SettingsError
        E401 when a variable is unknown.

    Returns
    -------
    DataFrame
        ``by``, ``group``, ``topic`` (from 1), ``share``, ``low``, ``high``, ``documents``,
        ``agencies``.
    """
    agencies = _agencies(matrix)
    names = [str(topic + 1) for topic in range(shares.shape[1])]
    parts = []
    for name in dict.fromkeys((ALL, *by)):
        column = group_column(matrix, name)
        found = shares_by_group(
            column, names, np.rint(shares * _PARTS), _PARTS, agencies=agencies, how=how
        )
        parts.append(found.assign(by=name))
    table = pd.concat(parts, ignore_index=True)
    table = table.rename(columns={"measure": "topic", "reports": "documents"})
    columns = ["by", "group", "topic", "share", "low", "high", "documents", "agencies"]
    return table[columns].astype({"topic": np.int64})


def group_column(matrix: TermMatrix, by: str) -> pd.Series:
    """Return the group of each document.

    Raises
    ------
    SettingsError
        E401 when there is no such variable.
    """
    column = pd.Series(UNKNOWN, index=matrix.documents.index, dtype=object)
    for group, rows in matrix.groups(by):
        column.iloc[rows] = group
    return column


def trends(
    matrix: TermMatrix, shares: NDArray[np.float64], how: Bootstrap | None = None
) -> pd.DataFrame:
    """Return how much the share of each topic changes from year to year.

    The slope of a straight line through the shares of the documents, with an interval from drawing
    agencies.

    Returns
    -------
    DataFrame
        ``topic``, ``slope`` (change of the share per year), ``low``, ``high``, ``first_year``,
        ``last_year``, ``documents``, ``agencies``. The slope is missing with fewer than two years,
        its interval with fewer than two agencies.
    """
    years = pd.to_numeric(matrix.documents["year"], errors="coerce").to_numpy(
        float, na_value=np.nan
    )
    agencies = _agencies(matrix)
    told = np.where(np.isfinite(shares).all(axis=1) & np.isfinite(years), years, np.nan)
    found = [slope_interval(column, told, agencies, how) for column in shares.T]
    first, last = (np.nanmin(told), np.nanmax(told)) if found[0].n else (np.nan, np.nan)
    rows = {
        "topic": np.arange(1, shares.shape[1] + 1),
        "slope": [f.value for f in found],
        "low": [f.low for f in found],
        "high": [f.high for f in found],
        "first_year": first,
        "last_year": last,
        "documents": [f.n for f in found],
        "agencies": [f.agencies for f in found],
    }
    return pd.DataFrame(rows).astype({"first_year": "Int64", "last_year": "Int64"})


def _agencies(matrix: TermMatrix) -> NDArray[np.object_]:
    """Return the agency of each document; one without is an agency of its own."""
    named = matrix.documents["agency"].astype(object)
    known = named.where(named.notna(), "report " + matrix.documents["report"])
    found: NDArray[np.object_] = known.to_numpy(dtype=object)
    return found
