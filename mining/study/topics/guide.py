"""How many topics: coherence, stability and fit to unseen documents for each number, side by side.

No single figure decides. Few topics fit unseen documents badly, too many split what belongs
together, which shows in topics that do not come again. Each number is fitted to all documents and
to random parts of them (see `mining.study.topics.stability`); what a part leaves out is unseen.

Fit is, for LDA, perplexity by document completion (Wallach et al. 2009): half of the words of an
unseen document tell its topics, and the other half is foretold. For NMF it is the part of the
unseen rows that the topics do not explain, in squares.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from mining.errors import SettingsError
from mining.study.topics.coherence import coherence, diversity, top_words
from mining.study.topics.fitting import nmf_shares, tfidf_rows
from mining.study.topics.model import TopicModel
from mining.study.topics.stability import Resample, resamples, stability_table
from mining.study.topics.vocabulary import told_rows

__all__ = ["guide_topics", "recommend", "unseen_fit"]

# Numbers that are hardly worse than the best are as good; the smallest of them is told.
_AS_GOOD = 0.05
_ENTRIES = 200_000


def guide_topics(
    model: TopicModel,
    counts: csr_matrix,
    numbers: Iterable[int],
    seeds: Sequence[int],
) -> pd.DataFrame:
    """Return what speaks for each number of topics.

    Parameters
    ----------
    model
        Its method, seed and words are used.
    counts
        Counts of its words.
    numbers
        Numbers of topics to try; those above what the documents allow are tried once.
    seeds
        Of the random parts of the documents; at least one.

    Returns
    -------
    DataFrame
        ``k``, ``npmi``, ``umass``, ``diversity`` (means over topics), ``stability`` (mean cosine
        with the topics of the parts), ``unseen`` (misfit, lower is better), ``score``,
        ``recommended``.

    Raises
    ------
    SettingsError
        E401 when no number or no seed is given, or a number is below 2.
    """
    tried = sorted(set(numbers))
    if not tried or tried[0] < 2 or not seeds:
        msg = f"numbers of topics to try: {tried}, seeds: {list(seeds)}"
        raise SettingsError(msg, code="E401", hint="give numbers from 2 and at least one seed")
    rows: dict[int, dict[str, float]] = {}
    for k in tried:
        fitted = TopicModel(k, method=model.method, seed=model.seed, vocabulary=model.vocabulary)
        fitted.fit_counts(counts, model.terms)
        rows.setdefault(len(fitted.weights), _row(fitted, counts, seeds))
    table = pd.DataFrame([{"k": k, **row} for k, row in sorted(rows.items())])
    return recommend(table)


def _row(model: TopicModel, counts: csr_matrix, seeds: Sequence[int]) -> dict[str, float]:
    words = top_words(model.probabilities)
    goes = coherence(counts, words)
    others = resamples(model, counts, seeds)
    return {
        "npmi": float(goes.npmi.mean()),
        "umass": float(goes.umass.mean()),
        "diversity": diversity(words),
        "stability": float(stability_table(model, others)["cosine"].mean()),
        "unseen": _mean_fit(others, counts),
    }


def _mean_fit(others: Sequence[Resample], counts: csr_matrix) -> float:
    fits = [unseen_fit(o.model, counts[o.unseen]) for o in others]
    told = [fit for fit in fits if np.isfinite(fit)]
    return float(np.mean(told)) if told else np.nan


def recommend(table: pd.DataFrame) -> pd.DataFrame:
    """Add ``score`` and ``recommended``.

    The score is the mean of coherence, stability and fit, each from 0 at its worst to 1 at its
    best among the numbers tried. Recommended is the smallest number whose score is within 0.05 of
    the best.
    """
    parts = [_scaled(table["npmi"]), _scaled(table["stability"]), _scaled(-np.log(table["unseen"]))]
    score = np.mean(parts, axis=0)
    good = np.flatnonzero(score >= score.max() - _AS_GOOD)
    first = table["k"].to_numpy()[good].min()
    return table.assign(score=score, recommended=table["k"] == first)


def _scaled(values: pd.Series) -> NDArray[np.float64]:
    """Return values from 0 to 1; what differs in nothing, or is not known, says nothing."""
    told = values.to_numpy(dtype=np.float64)
    width = np.ptp(told)
    if not np.isfinite(width) or width < 1e-9:
        return np.zeros(len(told))
    found: NDArray[np.float64] = (told - told.min()) / width
    return found


def unseen_fit(model: TopicModel, counts: csr_matrix) -> float:
    """Return how badly the model fits documents that it has not seen: lower is better.

    Perplexity for LDA, the unexplained part of the squares for NMF; nan when the documents have
    none of the words.
    """
    told = counts[told_rows(counts)]
    if not told.shape[0]:
        return np.nan
    return _unexplained(model, told) if model.method == "nmf" else _perplexity(model, told)


def _unexplained(model: TopicModel, counts: csr_matrix) -> float:
    rows = tfidf_rows(counts, model.idf)
    found = nmf_shares(rows, model.weights)
    # Without the dense product: |X - WH|² = |X|² - 2 X·WH + |WH|².
    squares = float((rows.data**2).sum())
    cross = float(((rows @ model.weights.T) * found).sum())
    fitted = float(((found.T @ found) * (model.weights @ model.weights.T)).sum())
    return max(squares - 2 * cross + fitted, 0.0) / squares


def _perplexity(model: TopicModel, counts: csr_matrix) -> float:
    random = np.random.default_rng(model.seed)
    seen = counts.copy()
    seen.data = random.binomial(counts.data.astype(np.int64), 0.5).astype(np.float64)
    hidden = (counts - seen).tocoo()
    seen.eliminate_zeros()
    rows = model.shares(seen)
    # Nothing is known of documents that have no word in the half that is seen.
    rows[np.isnan(rows).any(axis=1)] = model.sizes
    words = model.probabilities.T
    total, n = 0.0, 0.0
    for first in range(0, hidden.nnz, _ENTRIES):
        part = slice(first, first + _ENTRIES)
        odds = np.einsum("ij,ij->i", rows[hidden.row[part]], words[hidden.col[part]])
        total += float(hidden.data[part] @ np.log(np.maximum(odds, 1e-300)))
        n += float(hidden.data[part].sum())
    return float(np.exp(-total / n)) if n else np.nan
