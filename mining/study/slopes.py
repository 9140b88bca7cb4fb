"""How a quantity changes with another one, with an interval over agencies.

The slope of least squares as a share of sums, so that agencies are drawn as everywhere else. With
0 and 1 for two groups it is the difference of their means.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mining.study.bootstrap import Bootstrap, share_intervals

__all__ = ["Estimate", "mean_interval", "slope_interval"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number with the ends of its interval, and how many rows and agencies it is from."""

    value: float
    low: float
    high: float
    n: int
    agencies: int


def mean_interval(values: ArrayLike, clusters: ArrayLike, how: Bootstrap | None = None) -> Estimate:
    """Return the mean of `values` with its interval; missing values are left out.

    Parameters
    ----------
    values, clusters
        A number and an agency for each row.
    how
        Samples, seed and confidence.
    """
    y, groups, _ = _told(values, clusters, np.zeros(np.shape(values)))
    return _estimate(y, np.ones_like(y), groups, how)


def slope_interval(
    values: ArrayLike, by: ArrayLike, clusters: ArrayLike, how: Bootstrap | None = None
) -> Estimate:
    """Return how much `values` changes for one more of `by`, with its interval.

    Rows with a missing value are left out. The means are those of all rows in every sample, which
    makes no difference that matters when agencies are many.

    Parameters
    ----------
    values, by, clusters
        A number, what it may change with, and an agency, for each row.
    how
        Samples, seed and confidence.

    Examples
    --------
    >>> found = slope_interval([1, 2, 3, 2, 3, 4], [0, 1, 2, 0, 1, 2], list("aaabbb"))
    >>> round(found.value, 3), found.n, found.agencies
    (1.0, 6, 2)
    """
    y, groups, x = _told(values, clusters, by)
    if len(y) == 0:
        return Estimate(value=np.nan, low=np.nan, high=np.nan, n=0, agencies=0)
    far = x - x.mean()
    return _estimate(far * (y - y.mean()), far * far, groups, how)


def _told(values: ArrayLike, clusters: ArrayLike, by: ArrayLike) -> tuple[np.ndarray, ...]:
    y, x = np.asarray(values, dtype=np.float64), np.asarray(by, dtype=np.float64)
    groups = np.asarray(clusters)
    # In one order: sums of fractions depend on it.
    order = np.lexsort((y, x, groups))
    order = order[~np.isnan(y[order]) & ~np.isnan(x[order])]
    return y[order], groups[order], x[order]


def _estimate(
    top: np.ndarray, bottom: np.ndarray, groups: np.ndarray, how: Bootstrap | None
) -> Estimate:
    found = share_intervals(top[:, None], bottom[:, None], groups, how)
    return Estimate(
        value=float(found.share[0]),
        low=float(found.low[0]),
        high=float(found.high[0]),
        n=len(top),
        agencies=len(np.unique(groups)),
    )
