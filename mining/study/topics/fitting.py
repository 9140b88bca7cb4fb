"""NMF and LDA from counts to weights of words, one thread and one order, so that bytes repeat."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags
from scipy.special import digamma
from sklearn.decomposition import NMF, LatentDirichletAllocation, non_negative_factorization
from sklearn.exceptions import ConvergenceWarning
from sklearn.preprocessing import normalize

__all__ = [
    "METHODS",
    "Matrix",
    "Method",
    "fit_lda",
    "fit_nmf",
    "lda_shares",
    "nmf_shares",
    "tfidf_rows",
    "tfidf_weights",
]

Method = Literal["nmf", "lda"]
METHODS: tuple[Method, ...] = get_args(Method)
Matrix = NDArray[np.float64]

_NMF_PASSES = 300
_NMF_TOLERANCE = 1e-4
# LDA: weight of a topic in a document and of a word in a topic before anything is seen. A problem
# section speaks of few things.
_DOCUMENT_PRIOR = 0.1
_WORD_PRIOR = 0.01
_BATCH = 1024
# Small corpora go round more often, so that the words settle as well.
_LEAST_BATCHES, _LEAST_PASSES, _SMALL_BATCH = 60, 4, 64
_OFFSET = 10.0
_DOCUMENT_PASSES = 50


def tfidf_weights(counts: csr_matrix) -> Matrix:
    """Return the weight of each word: its inverse document frequency, smoothed by one document."""
    seen = np.bincount(counts.indices, minlength=counts.shape[1])
    weights: Matrix = np.log((1 + counts.shape[0]) / (1 + seen)) + 1
    return weights


def tfidf_rows(counts: csr_matrix, weights: Matrix) -> csr_matrix:
    """Return log counts times the weights of the words, each row of length 1."""
    rows = counts.astype(np.float64)
    rows.data = 1 + np.log(rows.data)
    return csr_matrix(normalize(rows @ diags(weights)))


def fit_nmf(rows: csr_matrix, k: int, *, seed: int) -> Matrix:
    """Return the weights of the words in each topic: a row per topic, none all zero.

    Starts from the singular vectors (Boutsidis & Gallopoulos 2008, *Pattern Recognition* 41(4)).
    """
    start = "nndsvda" if k <= min(rows.shape) else "random"
    model = NMF(k, init=start, random_state=seed, max_iter=_NMF_PASSES, tol=_NMF_TOLERANCE)
    with _enough_passes():
        model.fit(rows)
    weights: Matrix = np.asarray(model.components_, dtype=np.float64)
    # A topic that lost all of its words says nothing of any.
    weights[weights.sum(axis=1) <= 0] = 1 / rows.shape[1]
    return weights


def nmf_shares(rows: csr_matrix, weights: Matrix) -> Matrix:
    """Return how much of each topic is in each document, not yet as shares."""
    with _enough_passes():
        found, _, _ = non_negative_factorization(
            rows,
            H=weights,
            n_components=len(weights),
            init=None,
            update_H=False,
            max_iter=_NMF_PASSES,
            tol=_NMF_TOLERANCE,
        )
    return np.asarray(found, dtype=np.float64)


@contextmanager
def _enough_passes() -> Iterator[None]:
    """Take what the last pass gives: the few more that a warning asks for change no topic.

    Where topics explain all of the documents, rounding makes the error that is told less than 0.
    """
    with warnings.catch_warnings(), np.errstate(invalid="ignore"):
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield


def fit_lda(counts: csr_matrix, k: int, *, seed: int) -> Matrix:
    """Return the pseudo-counts of the words in each topic: a row per topic.

    Online variational Bayes (Hoffman, Blei & Bach 2010) that starts from the topics of NMF: it
    needs a few passes where a start by chance needs dozens, and seldom ends in a poor optimum.
    """
    found = fit_nmf(tfidf_rows(counts, tfidf_weights(counts)), k, seed=seed)
    start = found / found.sum(axis=1, keepdims=True) * (counts.sum() / k) + _WORD_PRIOR + 1e-3
    model = _lda(start, total=counts.shape[0], seed=seed)
    random = np.random.default_rng(seed)
    n = counts.shape[0]
    size = min(_BATCH, max(_SMALL_BATCH, n // 8))
    batches = -(-n // size)
    for _ in range(max(_LEAST_PASSES, -(-_LEAST_BATCHES // batches))):
        # Documents stand by name, agency after agency: a batch must be of all kinds.
        order = random.permutation(n)
        for first in range(0, n, size):
            model.partial_fit(counts[np.sort(order[first : first + size])])
    return np.asarray(model.components_, dtype=np.float64)


def lda_shares(counts: csr_matrix, weights: Matrix) -> Matrix:
    """Return the expected share of each topic in each document."""
    found = _lda(weights, total=counts.shape[0], seed=0).transform(counts)
    return np.asarray(found, dtype=np.float64)


def _lda(weights: Matrix, *, total: int, seed: int) -> LatentDirichletAllocation:
    """Return a model that goes on from these pseudo-counts."""
    model = LatentDirichletAllocation(
        len(weights),
        doc_topic_prior=_DOCUMENT_PRIOR,
        topic_word_prior=_WORD_PRIOR,
        learning_offset=_OFFSET,
        total_samples=total,
        max_doc_update_iter=_DOCUMENT_PASSES,
        random_state=seed,
        n_jobs=1,
    )
    expected = digamma(weights) - digamma(weights.sum(axis=1, keepdims=True))
    model.components_ = weights
    model.exp_dirichlet_component_ = np.exp(expected)
    model.doc_topic_prior_, model.topic_word_prior_ = _DOCUMENT_PRIOR, _WORD_PRIOR
    model.random_state_ = np.random.RandomState(seed)
    model.n_batch_iter_, model.n_iter_ = 1, 0
    model.n_features_in_ = weights.shape[1]
    return model
