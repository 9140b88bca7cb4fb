"""Shares by group with their intervals, the same for every study."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from mining.study.bootstrap import Bootstrap, share_intervals
from mining.study.frames import UNKNOWN

__all__ = ["share_rows", "shares_by_group"]


def share_rows(
    keys: pd.DataFrame,
    hits: NDArray[np.float64],
    totals: NDArray[np.float64],
    agencies: NDArray[np.generic],
    how: Bootstrap | None,
) -> pd.DataFrame:
    """Return `keys` with the counts, share and interval of each column of `hits`."""
    found = share_intervals(hits, totals, agencies, how)
    names, codes = np.unique(agencies, return_inverse=True)
    seen = np.zeros((len(names), totals.shape[1]), dtype=bool)
    np.logical_or.at(seen, codes, totals > 0)
    return keys.assign(
        hits=hits.sum(axis=0).astype(np.int64),
        n=totals.sum(axis=0).astype(np.int64),
        agencies=seen.sum(axis=0),
        share=found.share,
        low=found.low,
        high=found.high,
    )


def shares_by_group(
    groups: pd.Series,
    names: Sequence[str],
    hits: ArrayLike,
    totals: ArrayLike,
    *,
    agencies: ArrayLike,
    how: Bootstrap | None = None,
) -> pd.DataFrame:
    """Return the shares of each group of reports that tells something.

    Parameters
    ----------
    groups, agencies
        Group and agency of each report; a missing group is `UNKNOWN`.
    names
        What the columns of `hits` count.
    hits, totals
        Counts of each report, nan where it tells nothing; `totals` may have one column for all.
    how
        Samples, seed and confidence.

    Returns
    -------
    pandas.DataFrame
        ``group, measure, hits, n, agencies, share, low, high, reports``; with totals of 1 the
        share is a mean. Rows that nothing is counted in are left out.
    """
    top = np.asarray(hits, dtype=np.float64)
    bottom = np.array(np.broadcast_to(np.asarray(totals, dtype=np.float64), top.shape))
    is_told = ~(np.isnan(top) | np.isnan(bottom))
    top, bottom = np.where(is_told, top, 0.0), np.where(is_told, bottom, 0.0)
    clusters = np.asarray(agencies)
    keys = pd.DataFrame({"measure": list(names)})
    parts = [_no_rows()]
    values = groups.astype(object).where(groups.notna(), UNKNOWN).astype(str).to_numpy()
    for group in sorted(set(values)):
        rows = np.flatnonzero(values == group)
        found = share_rows(keys, top[rows], bottom[rows], clusters[rows], how)
        found.insert(0, "group", group)
        parts.append(found.assign(reports=(bottom[rows] > 0).sum(axis=0)))
    table = pd.concat(parts, ignore_index=True)
    return table[table["n"] > 0].reset_index(drop=True)


def _no_rows() -> pd.DataFrame:
    whole = dict.fromkeys(("hits", "n", "agencies", "reports"), "int64")
    types = {"group": "object", "measure": "object", **whole}
    types |= dict.fromkeys(("share", "low", "high"), "float64")
    order = ("group", "measure", "hits", "n", "agencies", "share", "low", "high", "reports")
    return pd.DataFrame({name: pd.Series(dtype=types[name]) for name in order})
