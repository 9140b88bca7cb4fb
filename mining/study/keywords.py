"""Which words set a group apart from the rest: keyness with effect size, many tests allowed for."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chi2, false_discovery_control, norm

from mining.errors import StudyError
from mining.study.frames import UNKNOWN
from mining.study.frequency import TermMatrix, spread, totals

__all__ = ["keyness", "known_groups", "log_likelihood", "pearson"]

Numbers = NDArray[np.float64]
Sizes = float | NDArray[np.int64]

_HALF = 0.5


def log_likelihood(
    a: NDArray[np.generic], b: NDArray[np.generic], n_a: Sizes, n_b: Sizes
) -> Numbers:
    """Return G² of each term: its `a` of `n_a` words against its `b` of `n_b`.

    Examples
    --------
    >>> log_likelihood(np.array([20, 5]), np.array([10, 5]), 1000, 1000).round(3).tolist()
    [3.449, 0.0]
    """
    cells = _cells(a, b, n_a, n_b)
    expected = _expected(cells)
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.where(cells > 0, cells * np.log(cells / expected), 0.0)
    # Rounding can leave a tiny negative number where nothing differs.
    return np.asarray(np.maximum(2 * parts.sum(axis=0), 0.0), dtype=np.float64)


def pearson(a: NDArray[np.generic], b: NDArray[np.generic], n_a: Sizes, n_b: Sizes) -> Numbers:
    """Return Pearson's chi-squared of each term, as `log_likelihood` without the correction."""
    cells = _cells(a, b, n_a, n_b)
    expected = _expected(cells)
    with np.errstate(divide="ignore", invalid="ignore"):
        parts: Numbers = np.where(expected > 0, (cells - expected) ** 2 / expected, 0.0)
    return np.asarray(parts.sum(axis=0), dtype=np.float64)


def _cells(a: NDArray[np.generic], b: NDArray[np.generic], n_a: Sizes, n_b: Sizes) -> Numbers:
    """Return the four counts: the term here and there, other words here and there."""
    here, there = a.astype(np.float64), b.astype(np.float64)
    cells: Numbers = np.stack([here, there, n_a - here, n_b - there])
    return cells


def _expected(cells: Numbers) -> Numbers:
    term, other = cells[0] + cells[1], cells[2] + cells[3]
    here, there = cells[0] + cells[2], cells[1] + cells[3]
    whole = np.maximum(term + other, 1.0)
    expected: Numbers = np.stack([term * here, term * there, other * here, other * there]) / whole
    return expected


def known_groups(matrix: TermMatrix, by: str) -> list[tuple[str, NDArray[np.intp]]]:
    """Return the groups that can be compared, and their rows: those whose value is known."""
    return [(group, rows) for group, rows in matrix.groups(by) if group != UNKNOWN]


def keyness(
    matrix: TermMatrix,
    by: str,
    *,
    min_count: int = 5,
    min_documents: int = 3,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return how much more or less often each group has each term than all other groups.

    Documents of an unknown group are left out. The tests take words as drawn one by one; since
    words come in clumps, their p-values are too small, and ``documents`` and ``dp`` should be read
    beside them.

    Parameters
    ----------
    matrix
        Counts of terms.
    by
        Document variable that makes the groups.
    min_count, min_documents
        Rarer terms of both sides together are not tested.
    confidence
        Of the intervals of the log ratio.

    Returns
    -------
    DataFrame
        ``by``, ``group``, ``term``, ``n`` and ``n_rest``, ``per_10k`` and ``per_10k_rest``,
        ``log_ratio`` (how many times the frequency doubles; half a word stands for none) with
        ``low`` and ``high``, ``g2``, ``chi2``, ``p`` of G², ``p_adjusted`` (Benjamini–Hochberg over
        the whole table), ``documents`` and ``documents_rest`` that have it, ``dp`` in the group.
        Terms that the group has more often come first, the surest of each side first.

    Raises
    ------
    StudyError
        E702 when there are not two groups.
    """
    told = known_groups(matrix, by)
    if len(told) < 2:
        msg = f"all reports have the same {by}: there is nothing to compare"
        raise StudyError(msg, code="E702", hint="choose another variable, or add reports")
    known = matrix.counts[np.sort(np.concatenate([rows for _, rows in told]))]
    seen = np.bincount(known.indices, minlength=known.shape[1])
    tested = np.flatnonzero((totals(known) >= min_count) & (seen >= min_documents))
    whole = (totals(known), seen)
    parts = [_compare(matrix, rows, whole, tested, confidence) for _, rows in told]
    table = pd.concat(
        [part.assign(by=by, group=group) for part, (group, _) in zip(parts, told, strict=True)],
        ignore_index=True,
    )
    table = _in_order(table)
    table.attrs["meta"] = {**matrix.meta, "min_count": min_count, "min_documents": min_documents}
    return table


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with corrected p-values, by group, side and how sure they are."""
    p = table["p"].to_numpy()
    table["p_adjusted"] = false_discovery_control(p, method="bh") if len(p) else p
    side = (table["log_ratio"] < 0).rename("side")
    order = pd.DataFrame({"group": table["group"], "side": side, "g2": -table["g2"].round(9)})
    order["term"] = table["term"]
    return table.loc[order.sort_values(list(order.columns)).index, _COLUMNS].reset_index(drop=True)


_COLUMNS = [
    *("by", "group", "term", "n", "n_rest", "per_10k", "per_10k_rest"),
    *("log_ratio", "low", "high", "g2", "chi2", "p", "p_adjusted"),
    *("documents", "documents_rest", "dp"),
]


def _compare(
    matrix: TermMatrix,
    rows: NDArray[np.intp],
    whole: tuple[NDArray[np.int64], NDArray[np.int64]],
    tested: NDArray[np.intp],
    confidence: float,
) -> pd.DataFrame:
    """Return one group's terms; those that stand alike on both sides are told as well."""
    here = matrix.counts[rows]
    found, seen = totals(here), np.bincount(here.indices, minlength=here.shape[1])
    n_a, n_b = float(found.sum()), float((whole[0] - found).sum())
    a, b = found[tested], (whole[0] - found)[tested]
    g2 = log_likelihood(a, b, n_a, n_b)
    ratio, low, high = _log_ratio(a, b, n_a, n_b, confidence)
    return pd.DataFrame(
        {
            "term": [matrix.terms[i] for i in tested],
            "n": a,
            "n_rest": b,
            "per_10k": a / max(n_a, 1.0) * 10_000,
            "per_10k_rest": b / max(n_b, 1.0) * 10_000,
            "log_ratio": ratio,
            "low": low,
            "high": high,
            "g2": g2,
            "chi2": pearson(a, b, n_a, n_b),
            "p": chi2.sf(g2, 1),
            "documents": seen[tested],
            "documents_rest": (whole[1] - seen)[tested],
            "dp": np.where(a > 0, spread(here)[tested], np.nan),
        }
    )


def _log_ratio(
    a: NDArray[np.int64], b: NDArray[np.int64], n_a: float, n_b: float, confidence: float
) -> tuple[Numbers, Numbers, Numbers]:
    """Return the binary logarithm of the ratio of frequencies, with its interval (Wald)."""
    here, there = np.maximum(a, _HALF), np.maximum(b, _HALF)
    n_a, n_b = max(n_a, 1.0), max(n_b, 1.0)
    ratio = np.log2((here / n_a) / (there / n_b))
    variance = np.maximum(1 / here - 1 / n_a + 1 / there - 1 / n_b, 0.0)
    reach = norm.ppf((1 + confidence) / 2) * np.sqrt(variance) / np.log(2)
    return ratio, ratio - reach, ratio + reach
