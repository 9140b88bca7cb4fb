"""`TopicModel`: topics of texts, learnt from some documents and found again in others."""

from __future__ import annotations

import hashlib
from typing import Any, Protocol, Self

import numpy as np
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from mining.errors import SettingsError, StudyError
from mining.study.frequency import TermMatrix
from mining.study.topics.fitting import (
    METHODS,
    Matrix,
    Method,
    fit_lda,
    fit_nmf,
    lda_shares,
    nmf_shares,
    tfidf_rows,
    tfidf_weights,
)
from mining.study.topics.vocabulary import Vocabulary, choose_terms, count_known, told_rows

__all__ = ["TopicModel", "Topics", "as_shares"]


class Topics(Protocol):
    """What was found, by whatever method."""

    @property
    def terms(self) -> tuple[str, ...]:
        """The words, in order."""

    @property
    def probabilities(self) -> Matrix:
        """A row per topic, a column per word; rows sum to 1."""

    @property
    def sizes(self) -> Matrix:
        """Mean share of each topic in the documents."""


class TopicModel:
    """Topics, each a distribution over words, and documents as shares of topics.

    The same documents give the same bytes, whatever order they were read in: their rows are in
    order, and all sums are made by one thread. Topics come with the largest first.

    Parameters
    ----------
    n_topics
        How many topics. No more than there are documents or words; `notes` tells when there are
        fewer.
    method
        ``nmf``: non-negative factors of TF-IDF; quick, with sharp topics. ``lda``: a probabilistic
        model of counts.
    seed
        Start of the random numbers.
    vocabulary
        Which words are kept.

    Attributes
    ----------
    terms
        The words, in order.
    weights
        What was learnt: a row per topic, a column per word.
    sizes
        Mean share of each topic in the documents learnt from.
    notes
        What was done otherwise than asked.

    Raises
    ------
    SettingsError
        E401 when the method is unknown or a number is out of range.
    """

    def __init__(
        self,
        n_topics: int = 20,
        *,
        method: Method = "nmf",
        seed: int = 20_080_501,
        vocabulary: Vocabulary | None = None,
    ) -> None:
        if method not in METHODS:
            msg = f"unknown method: {method}"
            raise SettingsError(msg, code="E401", hint=f"choose from {', '.join(METHODS)}")
        if n_topics < 1 or not 0 <= seed < 2**32:
            msg = f"{n_topics} topics with the seed {seed}"
            raise SettingsError(msg, code="E401", hint="1 topic or more, a seed below 2**32")
        self.n_topics = n_topics
        self.method: Method = method
        self.seed = seed
        self.vocabulary = vocabulary or Vocabulary()
        self.terms: tuple[str, ...] = ()
        self.notes: tuple[str, ...] = ()
        self.weights: Matrix = np.empty((0, 0))
        self.sizes: Matrix = np.empty(0)
        self.idf: Matrix = np.empty(0)

    def get_params(self, *, deep: bool = False) -> dict[str, Any]:
        """Return the parameters by name, as scikit-learn's models do."""
        del deep  # no parameter is a model
        names = ("n_topics", "method", "seed", "vocabulary")
        return {name: getattr(self, name) for name in names}

    def set_params(self, **params: Any) -> Self:  # noqa: ANN401 - any parameter of the class
        """Change parameters; what was learnt before is forgotten.

        Raises
        ------
        SettingsError
            E401 when one is unknown or out of range.
        """
        if unknown := sorted(set(params) - set(self.get_params())):
            msg = f"unknown parameter: {unknown[0]}"
            raise SettingsError(
                msg, code="E401", hint=f"choose from {', '.join(self.get_params())}"
            )
        self.__dict__ = type(self)(**{**self.get_params(), **params}).__dict__
        return self

    def fit(self, matrix: TermMatrix) -> Self:
        """Learn topics from the counts of documents, which stand in order of their names.

        Raises
        ------
        StudyError
            E702 when no word is left to learn from.
        """
        terms = choose_terms(matrix, self.vocabulary)
        counts = count_known(matrix, terms)
        return self.fit_counts(counts, terms)

    def fit_counts(self, counts: csr_matrix, terms: tuple[str, ...]) -> Self:
        """Learn topics from counts of just these words."""
        rows = counts[told_rows(counts)]
        k = min(self.n_topics, *rows.shape)
        if k < 1:
            msg = "no document has any of the words"
            raise StudyError(msg, code="E702", hint="give more texts")
        self.terms = terms
        self.notes = self._fewer(k, rows.shape)
        self.idf = tfidf_weights(rows)
        with threadpool_limits(1):
            if self.method == "nmf":
                weights = fit_nmf(tfidf_rows(rows, self.idf), k, seed=self.seed)
            else:
                weights = fit_lda(rows, k, seed=self.seed)
            self.weights = weights
            sizes = np.nanmean(self.shares(rows), axis=0)
        order = np.lexsort((np.arange(k), -np.round(sizes, 9)))
        self.weights, self.sizes = weights[order], sizes[order]
        return self

    def _fewer(self, k: int, shape: tuple[int, int]) -> tuple[str, ...]:
        if k == self.n_topics:
            return ()
        documents, words = shape
        return (f"{k} topics instead of {self.n_topics}: {documents} documents, {words} words",)

    def transform(self, matrix: TermMatrix) -> Matrix:
        """Return the shares of the topics in each document.

        Rows sum to 1. Documents without any word of the model are nan.

        Raises
        ------
        StudyError
            E702 when nothing was learnt yet.
        """
        if not self.terms:
            msg = "the model has not learnt anything yet"
            raise StudyError(msg, code="E702", hint="call fit first")
        return self.shares(count_known(matrix, self.terms))

    def fit_transform(self, matrix: TermMatrix) -> Matrix:
        """Learn topics and return their shares in the same documents."""
        return self.fit(matrix).transform(matrix)

    def shares(self, counts: csr_matrix) -> Matrix:
        """Return the shares of the topics in rows of counts of the model's words."""
        found = np.full((counts.shape[0], len(self.weights)), np.nan)
        told = told_rows(counts)
        if len(told):
            with threadpool_limits(1):
                found[told] = as_shares(self._infer(counts[told]))
        return found

    def _infer(self, counts: csr_matrix) -> Matrix:
        if self.method == "nmf":
            return nmf_shares(tfidf_rows(counts, self.idf), self.weights)
        return lda_shares(counts, self.weights)

    @property
    def probabilities(self) -> Matrix:
        """Weights of the words in each topic as shares; for LDA their probabilities."""
        return as_shares(self.weights)

    @property
    def fingerprint(self) -> str:
        """Hash of what was learnt, for the settings of a result."""
        digest = hashlib.sha256("\n".join((self.method, *self.terms)).encode())
        for array in (self.weights, self.sizes, self.idf):
            digest.update(array.tobytes())
        return digest.hexdigest()[:16]


def as_shares(weights: Matrix) -> Matrix:
    """Return rows that sum to 1; of a row of zeros, equal shares."""
    sums = weights.sum(axis=1, keepdims=True)
    equal = np.full_like(weights, 1 / weights.shape[1])
    found: Matrix = np.divide(weights, sums, out=equal, where=sums > 0)
    return found
