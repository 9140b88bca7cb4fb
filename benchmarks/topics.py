"""Measure topic models on made-up problem sections: time of each part; never fails.

The sections are counts of words drawn from known topics: 20,000 of them with 120 words of a
vocabulary of 5,000, a third of them words that all topics share. Times are of one process and one
thread. Run with ``python -m benchmarks.topics --sections 20000 --topics 20``.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from mining.study.bootstrap import Bootstrap
from mining.study.frequency import TermMatrix
from mining.study.topics.coherence import coherence, top_words
from mining.study.topics.fitting import METHODS, Matrix
from mining.study.topics.model import TopicModel
from mining.study.topics.prevalence import prevalence, trends
from mining.study.topics.stability import match_topics
from mining.study.topics.vocabulary import Vocabulary, choose_terms, count_known

BAR_SECONDS = 60.0
TERMS, WORDS, SHARED = 5000, 120, 0.33
YEARS = 10


def make_sections(n: int, k: int, *, seed: int = 20_080_501) -> tuple[TermMatrix, Matrix]:
    """Return sections by agency and year, and the odds of the words in their topics."""
    chance = np.random.default_rng(seed)
    common = chance.permutation(1 / np.arange(1, TERMS + 1))
    odds = (1 - SHARED) * chance.dirichlet(np.full(TERMS, 0.02), k) + SHARED * common / common.sum()
    shares = chance.dirichlet(np.full(k, 0.1), n)
    rows, columns = [], []
    for topic in range(k):
        many = chance.binomial(WORDS, shares[:, topic])
        rows.append(np.repeat(np.arange(n), many))
        places = np.searchsorted(np.cumsum(odds[topic]), chance.random(many.sum()))
        columns.append(np.minimum(places, TERMS - 1))
    ones = np.ones(sum(map(len, rows)))
    counts = csr_matrix((ones, (np.concatenate(rows), np.concatenate(columns))), shape=(n, TERMS))
    counts.sum_duplicates()
    names = [f"a{i:06}" for i in range(n)]
    told = {"document": names, "report": names}
    told |= {"agency": [f"agency {i // YEARS}" for i in range(n)]}
    documents = pd.DataFrame({**told, "year": 2008 + np.arange(n) % YEARS})
    terms = tuple(f"w{i:04}" for i in range(TERMS))
    return TermMatrix(terms=terms, counts=counts, documents=documents, meta={}), odds


@contextmanager
def timed(name: str, bar: float | None = None) -> Iterator[None]:
    """Print the time that something takes, by the clock and of the processor."""
    start, clock = time.perf_counter(), time.process_time()
    yield
    spent, busy = time.perf_counter() - start, time.process_time() - clock
    beside = "" if bar is None else f"  bar {bar:g} s"
    print(f"{name:<32}{spent:>8.1f} s {busy:>8.1f} s busy{beside}", flush=True)


def main() -> None:
    """Make sections, fit both models, and print how much of the planted topics they found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sections", type=int, default=20_000)
    parser.add_argument("--topics", type=int, default=20)
    args = parser.parse_args()
    matrix, odds = make_sections(args.sections, args.topics)
    vocabulary = Vocabulary()
    terms = choose_terms(matrix, vocabulary)
    counts = count_known(matrix, terms)
    known = odds[:, [int(term[1:]) for term in terms]]
    print(f"{args.sections} sections, {counts.sum():,.0f} words of {len(terms)} kept")
    for method in METHODS:
        model = TopicModel(args.topics, method=method, vocabulary=vocabulary)
        with timed(f"{method}: {args.topics} topics", BAR_SECONDS):
            model.fit_counts(counts, terms)
        with timed(f"{method}: shares of all documents"):
            shares = model.shares(counts)
        alike = match_topics(known, model.probabilities)
        npmi = coherence(counts, top_words(model.probabilities)).npmi
        print(f"{'  found':<32}{alike.cosine.mean():>8.3f} cosine, NPMI {npmi.mean():.3f}")
    with timed("prevalence by year, trends"):
        prevalence(matrix, shares, ("year",), Bootstrap())
        trends(matrix, shares, Bootstrap())


if __name__ == "__main__":
    main()
