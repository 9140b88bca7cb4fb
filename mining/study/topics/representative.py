"""The sentences that show best what a topic is about, with their places in the reports."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mining.study.corpus.collection import Corpus
from mining.study.corpus.document import Document
from mining.study.corpus.pieces import sentence_spans
from mining.study.frequency import TermMatrix
from mining.study.tokens import Tokenizer
from mining.study.topics.model import Topics

__all__ = ["representative_sentences"]

# Sentences are looked for in this many documents of each topic, those with most of it.
_DOCUMENTS = 60
# A sentence of few words may be all of one topic by chance: it is judged as if it had so many more
# words of no topic.
_PRIOR_WORDS = 4


@dataclass(frozen=True, slots=True, order=True)
class _Sentence:
    """A sentence; the order is that of how well it shows the topic, then of its place."""

    score: float
    report: str
    start: int
    text: str = field(compare=False)
    document: Document = field(compare=False)


def representative_sentences(
    corpus: Corpus,
    matrix: TermMatrix,
    model: Topics,
    shares: NDArray[np.float64],
    *,
    tokenizer: Tokenizer,
    top: int = 10,
) -> pd.DataFrame:
    """Return the sentences of which most words speak for a topic, at most one of a report.

    Parameters
    ----------
    corpus, matrix
        The documents, and their counts (`count_terms` with ``per="document"``).
    model, shares
        The topics, and their shares in the documents.
    tokenizer
        How documents became words.
    top
        How many sentences of each topic.

    Returns
    -------
    DataFrame
        ``topic``, ``rank``, ``report``, ``agency``, ``year``, ``start``, ``end`` (in the report's
        text), ``text``, ``score`` (between 0 and 1). Sentences of the same words come once.
    """
    wanted = _wanted(matrix, shares)
    speaks = _speaks(model)
    found: list[list[_Sentence]] = [[] for _ in model.sizes]
    for document in corpus.documents():
        topics = wanted.get(document.name, [])
        if topics:
            for sentence, scores in _sentences(document, speaks, tokenizer):
                for topic in topics:
                    found[topic].append(_Sentence(-scores[topic], *sentence, document))
    rows = [
        (topic + 1, rank, *_row(sentence))
        for topic, sentences in enumerate(found)
        for rank, sentence in enumerate(_different(sentences, top), 1)
    ]
    columns = ["topic", "rank", "report", "agency", "year", "start", "end", "text", "score"]
    return pd.DataFrame(rows, columns=columns).astype({"year": "Int64"})


def _wanted(matrix: TermMatrix, shares: NDArray[np.float64]) -> dict[str, list[int]]:
    """Return the topics that each document may have sentences of."""
    names = matrix.documents["document"].to_numpy()
    told = np.where(np.isfinite(shares), shares, 0)
    wanted: dict[str, list[int]] = {}
    for topic in range(shares.shape[1]):
        order = np.argsort(-np.round(told[:, topic], 9), kind="stable")[:_DOCUMENTS]
        for row in order[told[order, topic] > 0]:
            wanted.setdefault(names[row], []).append(topic)
    return wanted


def _speaks(model: Topics) -> dict[str, NDArray[np.float64]]:
    """Return for each word how probable each topic is where it stands (Bayes)."""
    joint = model.probabilities * model.sizes[:, None]
    posterior = joint / np.maximum(joint.sum(axis=0), np.finfo(float).tiny)
    return dict(zip(model.terms, posterior.T, strict=True))


def _sentences(
    document: Document, speaks: dict[str, NDArray[np.float64]], tokenizer: Tokenizer
) -> Iterator[tuple[tuple[str, int, str], NDArray[np.float64]]]:
    for start, end in sentence_spans(document.text, 0, len(document.text)):
        text = document.text[start:end]
        known = [speaks[w] for w in tokenizer.words(text) if w in speaks]
        if known:
            scores = np.sum(known, axis=0) / (len(known) + _PRIOR_WORDS)
            yield (document.report, document.start + start, text), np.round(scores, 9)


def _different(sentences: list[_Sentence], top: int) -> Iterator[_Sentence]:
    """Yield the best sentences, no two of a report or of the same words."""
    reports: set[str] = set()
    texts: set[str] = set()
    heapq.heapify(sentences)
    while sentences and len(reports) < top:
        sentence = heapq.heappop(sentences)
        if sentence.report not in reports and sentence.text not in texts and sentence.score < 0:
            reports.add(sentence.report)
            texts.add(sentence.text)
            yield sentence


def _row(sentence: _Sentence) -> tuple[object, ...]:
    told = sentence.document.variables
    place = (sentence.start, sentence.start + len(sentence.text))
    who = (sentence.report, told.get("agency"), _year(told.get("year")))
    return (*who, *place, sentence.text, -sentence.score)


def _year(value: object) -> int | None:
    is_whole = isinstance(value, int | float) and math.isfinite(value)
    return int(value) if is_whole else None  # type: ignore[call-overload]
