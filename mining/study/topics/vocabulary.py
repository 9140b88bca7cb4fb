"""Which words a topic model is made of, and documents counted in these words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from mining.errors import SettingsError, StudyError
from mining.study.frequency import TermMatrix

__all__ = ["Vocabulary", "choose_terms", "count_known", "take_rows", "told_rows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Which words are kept.

    Parameters
    ----------
    min_documents
        Words of fewer documents are left out: they can't show what goes together.
    max_share
        Words of a larger share of the documents are left out: they tell no topic apart.
    max_terms
        Of more words, those of most documents are kept.

    Raises
    ------
    SettingsError
        E401 when a number is out of range.
    """

    min_documents: int = 5
    max_share: float = 0.5
    max_terms: int = 20_000

    def __post_init__(self) -> None:
        if self.min_documents < 1 or self.max_terms < 1 or not 0 < self.max_share <= 1:
            msg = f"the words to keep are out of range: {self}"
            hint = "min_documents and max_terms from 1, max_share above 0 and up to 1"
            raise SettingsError(msg, code="E401", hint=hint)


def choose_terms(matrix: TermMatrix, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the words to keep, in order.

    Raises
    ------
    StudyError
        E702 when no word is left.
    """
    counts = matrix.counts
    seen = np.bincount(counts.indices, minlength=counts.shape[1])
    most = vocabulary.max_share * len(told_rows(counts))
    kept = np.flatnonzero((seen >= vocabulary.min_documents) & (seen <= most))
    if not len(kept):
        msg = (
            f"no word is in {vocabulary.min_documents} documents or more and in at most "
            f"{vocabulary.max_share:.0%} of them"
        )
        hint = "give more texts, lower min_documents or raise max_share"
        raise StudyError(msg, code="E702", hint=hint)
    if len(kept) > vocabulary.max_terms:
        first = np.argsort(-seen[kept], kind="stable")[: vocabulary.max_terms]
        kept = np.sort(kept[first])
    return tuple(matrix.terms[i] for i in kept)


def count_known(matrix: TermMatrix, terms: Sequence[str]) -> csr_matrix:
    """Return the counts of `terms`, a column for each; other words are left out."""
    place = {term: i for i, term in enumerate(terms)}
    column = np.array([place.get(term, -1) for term in matrix.terms], dtype=np.int64)
    entries = matrix.counts.tocoo()
    to = column[entries.col]
    known = to >= 0
    parts = (entries.data[known].astype(np.float64), (entries.row[known], to[known]))
    counts = csr_matrix(parts, shape=(matrix.counts.shape[0], len(terms)))
    counts.sort_indices()
    return counts


def told_rows(counts: csr_matrix) -> NDArray[np.intp]:
    """Return the rows that have any word."""
    return np.flatnonzero(np.diff(counts.indptr) > 0)


def take_rows(matrix: TermMatrix, rows: NDArray[np.intp]) -> TermMatrix:
    """Return some documents of a matrix."""
    documents = matrix.documents.iloc[rows].reset_index(drop=True)
    return replace(matrix, counts=matrix.counts[rows], documents=documents)
