"""How often words come: counts of each document, frequencies by group, spread, TF-IDF."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfTransformer

from mining.errors import SettingsError, StudyError
from mining.study.corpus.collection import Corpus
from mining.study.corpus.document import Document
from mining.study.corpus.exports import write_stm
from mining.study.frames import UNKNOWN
from mining.study.tokens import Tokenizer, ngrams, stream_words

__all__ = ["ALL", "TermMatrix", "count_terms", "frequencies", "spread", "tfidf", "totals"]

ALL = "all"
"""The group of all documents."""

Per = Literal["document", "report"]

# Documents that are weighed at a time, so that memory stays that of the counts.
_ROWS = 2000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TermMatrix:
    """Counts of terms: a row for each document, a column for each term.

    Parameters
    ----------
    terms
        In the order of their code points.
    counts
        How often each term is in each document.
    documents
        ``document``, ``report`` and the document variables, row by row.
    meta
        Settings of the corpus and of the words: what the counts depend on.
    """

    terms: tuple[str, ...]
    counts: csr_matrix
    documents: pd.DataFrame
    meta: Mapping[str, object]

    def groups(self, by: str) -> Iterator[tuple[str, NDArray[np.intp]]]:
        """Yield each value of a variable and the rows that have it, in order."""
        if by == ALL:
            yield ALL, np.arange(len(self.documents))
            return
        if by not in self.documents:
            msg = f"no document variable {by}"
            known = ", ".join(self.documents.columns)
            raise SettingsError(msg, code="E401", hint=f"choose from {known}")
        column = self.documents[by].astype(object)
        told = column.where(column.notna(), UNKNOWN).astype(str).to_numpy()
        for value in sorted(set(told)):
            yield value, np.flatnonzero(told == value)

    def to_stm(self, folder: str | Path) -> int:
        """Write files that R's stm reads; return how many documents without a term are left out.

        ``stm::readLdac("documents.ldac")`` reads the counts; ``vocab.txt`` tells the terms, one to
        a line, and ``meta.csv`` the variables of the same documents.
        """
        return write_stm(Path(folder), self.terms, self.counts, self.documents)


def count_terms(
    corpus: Corpus,
    tokenizer: Tokenizer,
    *,
    longest: int = 1,
    per: Per = "report",
    min_documents: int = 1,
    workers: int = 1,
) -> TermMatrix:
    """Count the terms of a corpus.

    Parameters
    ----------
    corpus
        Its documents are what is read.
    tokenizer
        How they become words.
    longest
        Up to how many neighbouring words make a term.
    per
        Whether a row is a document, or a report with all of its documents.
    min_documents
        Terms of fewer rows are left out.
    workers
        Number of processes that cut texts into words.

    Returns
    -------
    TermMatrix
        About 8 bytes for each different term of each report.

    Raises
    ------
    StudyError
        E702 when there is no word at all.
    """
    builder = _Builder()
    for document, words in stream_words(corpus.documents(), tokenizer, workers=workers):
        builder.add(document, Counter(ngrams(words, longest)), per)
    builder.finish()
    if not builder.columns:
        msg = "there is no word in these texts"
        raise StudyError(msg, code="E702", hint="choose other sections or reports")
    meta = {
        "corpus": corpus.settings(),
        "words": tokenizer.settings(),
        "longest": longest,
        "per": per,
        "min_documents": min_documents,
    }
    return builder.matrix(corpus, min_documents, meta)


class _Builder:
    """Takes documents one by one; those of one report may be put together."""

    def __init__(self) -> None:
        self.columns: dict[str, int] = {}
        self._indices, self._data, self._ends = array("i"), array("i"), array("q", [0])
        self._names: list[tuple[str, str]] = []
        self._open: Counter[str] | None = None

    def add(self, document: Document, counts: Counter[str], per: Per) -> None:
        if per == "report" and self._open is not None and self._names[-1][1] == document.report:
            self._open.update(counts)
            return
        self.finish()
        self._open = counts
        name = document.report if per == "report" else document.name
        self._names.append((name, document.report))

    def finish(self) -> None:
        if self._open is None:
            return
        columns = self.columns
        self._indices.extend(columns.setdefault(term, len(columns)) for term in self._open)
        self._data.extend(self._open.values())
        self._ends.append(len(self._data))
        self._open = None

    def matrix(self, corpus: Corpus, least: int, meta: Mapping[str, object]) -> TermMatrix:
        """Return the counts with the terms in order."""
        known = list(self.columns)
        order = np.array(sorted(range(len(known)), key=known.__getitem__))
        place = np.empty(len(known), dtype=np.int32)
        place[order] = np.arange(len(known), dtype=np.int32)
        parts = (np.frombuffer(self._data, np.int32), place[np.frombuffer(self._indices, np.int32)])
        shape = (len(self._names), len(known))
        counts = csr_matrix((*parts, np.frombuffer(self._ends, np.int64)), shape=shape)
        counts.sort_indices()
        kept = np.flatnonzero(np.bincount(counts.indices, minlength=len(known)) >= least)
        documents = pd.DataFrame(self._names, columns=["document", "report"])
        return TermMatrix(
            terms=tuple(known[order[i]] for i in kept),
            counts=counts[:, kept] if len(kept) < len(known) else counts,
            documents=documents.merge(corpus.variables, on="report", how="left"),
            meta=meta,
        )


def totals(counts: csr_matrix) -> NDArray[np.int64]:
    """Return how often each term comes in all."""
    return np.asarray(counts.sum(axis=0, dtype=np.int64)).ravel()


def spread(counts: csr_matrix) -> NDArray[np.float64]:
    """Return how unevenly each term is spread over the documents: Gries's DP.

    0 is a term that each document has in proportion to its length, and close to 1 one that a
    single short document has all of.
    """
    sizes = np.asarray(counts.sum(axis=1, dtype=np.int64)).ravel()
    found = totals(counts)
    expected = sizes / max(int(sizes.sum()), 1)
    shares = np.zeros(counts.shape[1])
    for first in range(0, counts.shape[0], _ROWS):
        entries = counts[first : first + _ROWS].tocoo()
        # Half of the sum of all differences is the sum of those above 0, and these are where a
        # document has the term.
        over = entries.data / found[entries.col] - expected[first + entries.row]
        shares += np.bincount(entries.col, weights=np.maximum(over, 0), minlength=len(shares))
    return shares


def frequencies(matrix: TermMatrix, by: str = ALL) -> pd.DataFrame:
    """Return how often each term comes in each group.

    Returns
    -------
    DataFrame
        ``by``, ``group``, ``term``, ``n``, ``per_10k`` (of the group's words), ``documents`` that
        have it, ``share`` of the group's documents, ``dp`` (see `spread`); the most frequent first.
        ``attrs["meta"]`` tells the settings, as in all tables of words.
    """
    parts = [
        _frequencies(matrix, rows).assign(by=by, group=group) for group, rows in matrix.groups(by)
    ]
    columns = ["by", "group", "term", "n", "per_10k", "documents", "share", "dp"]
    table = pd.concat(parts, ignore_index=True)[columns]
    table.attrs["meta"] = dict(matrix.meta)
    return table


def _frequencies(matrix: TermMatrix, rows: NDArray[np.intp]) -> pd.DataFrame:
    counts = matrix.counts[rows]
    found = totals(counts)
    seen = np.bincount(counts.indices, minlength=counts.shape[1])
    # Terms are in order, so that a stable sort puts equals in that order.
    order = np.argsort(-found, kind="stable")
    order = order[found[order] > 0]
    return pd.DataFrame(
        {
            "term": [matrix.terms[i] for i in order],
            "n": found[order],
            "per_10k": found[order] / max(int(found.sum()), 1) * 10_000,
            "documents": seen[order],
            "share": seen[order] / max(len(rows), 1),
            "dp": spread(counts)[order],
        }
    )


def tfidf(matrix: TermMatrix, by: str = ALL, *, top: int = 50) -> pd.DataFrame:
    """Return the terms with most weight in each group: the mean TF-IDF of its documents.

    Returns
    -------
    DataFrame
        ``by``, ``group``, ``rank``, ``term``, ``tfidf``, ``documents``.
    """
    weights = csr_matrix(TfidfTransformer().fit_transform(matrix.counts))
    parts = []
    for group, rows in matrix.groups(by):
        mean = np.asarray(weights[rows].mean(axis=0)).ravel()
        order = np.argsort(-mean, kind="stable")[:top]
        order = order[mean[order] > 0]
        seen = np.bincount(matrix.counts[rows].indices, minlength=len(matrix.terms))
        told = {
            "by": by,
            "group": group,
            "rank": np.arange(1, len(order) + 1),
            "term": [matrix.terms[i] for i in order],
            "tfidf": mean[order],
            "documents": seen[order],
        }
        parts.append(pd.DataFrame(told))
    table = pd.concat(parts, ignore_index=True)
    table.attrs["meta"] = dict(matrix.meta)
    return table
