"""Percentile bootstrap of shares, clustered by agency.

Reports of one agency resemble each other from year to year, so agencies are drawn, not reports:
Cameron, Gelbach & Miller (2008), *Review of Economics and Statistics* 90(3), on why intervals
from single observations would be too narrow; Davison & Hinkley (1997), *Bootstrap Methods and
their Application*, ch. 5, on the percentile interval.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Bootstrap", "Shares", "share_intervals"]

# So many drawn numbers are held at a time.
_BLOCK = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bootstrap:
    """How intervals are made.

    Parameters
    ----------
    samples
        How many times agencies are drawn.
    seed
        Start of the random numbers; the same seed gives the same intervals.
    confidence
        Share of samples inside the interval.
    """

    samples: int = 1000
    seed: int = 20_080_501
    confidence: float = 0.95


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares by column with the ends of their intervals; nan where nothing can be said."""

    share: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def share_intervals(
    hits: ArrayLike, totals: ArrayLike, clusters: ArrayLike, how: Bootstrap | None = None
) -> Shares:
    """Return sum(hits) / sum(totals) of each column with its interval.

    The order of the rows changes nothing. A share of 0 or 1 in every cluster has an interval of no
    width, which is a limit of the method and no certainty. An interval needs two clusters with a
    total above 0.

    Parameters
    ----------
    hits, totals
        Counts, a row per report or pair, a column per share; `totals` may have one column for all.
    clusters
        The agency of each row.
    how
        Samples, seed and confidence.

    Examples
    --------
    >>> found = share_intervals([[1], [0], [1]], [[1], [1], [1]], ["甲", "乙", "丙"])
    >>> [round(float(x[0]), 2) for x in (found.share, found.low, found.high)]
    [0.67, 0.0, 1.0]
    """
    how = how or Bootstrap()
    top = np.asarray(hits, dtype=np.float64)
    bottom = np.broadcast_to(np.asarray(totals, dtype=np.float64), top.shape)
    names, codes = np.unique(np.asarray(clusters), return_inverse=True)
    top, bottom = _by_cluster(top, codes, len(names)), _by_cluster(bottom, codes, len(names))
    share = _divide(top.sum(axis=0), bottom.sum(axis=0))
    low, high = np.full_like(share, np.nan), np.full_like(share, np.nan)
    enough = np.count_nonzero(bottom, axis=0) > 1
    if enough.any():
        drawn = _draws(top[:, enough], bottom[:, enough], how)
        low[enough], high[enough] = _ends(drawn, (1 - how.confidence) / 2)
    return Shares(share, low, high)


def _ends(drawn: NDArray[np.float64], tail: float) -> NDArray[np.float64]:
    """Return the ends of the interval of each column; samples that count nothing are left out."""
    tails = [tail, 1 - tail]
    ends = np.quantile(drawn, tails, axis=0)
    # Much slower than the plain function, so only where it is needed.
    gaps = np.isnan(ends[0])
    if gaps.any():
        ends[:, gaps] = np.nanquantile(drawn[:, gaps], tails, axis=0)
    return ends


def _by_cluster(
    values: NDArray[np.float64], codes: NDArray[np.intp], size: int
) -> NDArray[np.float64]:
    sums = np.zeros((size, values.shape[1]))
    np.add.at(sums, codes, values)
    return sums


def _divide(top: NDArray[np.float64], bottom: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(top, bottom, out=np.full_like(top, np.nan), where=bottom > 0)


def _draws(
    top: NDArray[np.float64], bottom: NDArray[np.float64], how: Bootstrap
) -> NDArray[np.float64]:
    # Counts are whole numbers, so their weighted sums are exact in any order of adding.
    parts = [_divide(w @ top, w @ bottom) for w in _weights(len(top), how)]
    return np.concatenate(parts)


def _weights(clusters: int, how: Bootstrap) -> Iterator[NDArray[np.float64]]:
    """Yield how often each cluster is drawn, a row per sample."""
    random = np.random.default_rng(how.seed)
    block = max(1, _BLOCK // clusters)
    for start in range(0, how.samples, block):
        rows = min(block, how.samples - start)
        drawn = random.integers(clusters, size=(rows, clusters))
        drawn += np.arange(rows)[:, None] * clusters
        counts = np.bincount(drawn.ravel(), minlength=rows * clusters)
        yield counts.reshape(rows, clusters).astype(np.float64)
