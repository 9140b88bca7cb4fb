"""Words that come together more often than by chance: PMI and log-likelihood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pandas as pd

from mining.errors import SettingsError
from mining.study.corpus.collection import Corpus
from mining.study.keywords import log_likelihood
from mining.study.tokens import GAP, Tokenizer, stream_words

__all__ = ["collocations"]

_MOST_WINDOW = 10


def collocations(
    corpus: Corpus,
    tokenizer: Tokenizer,
    *,
    window: int = 1,
    min_count: int = 5,
    workers: int = 1,
) -> pd.DataFrame:
    """Return pairs of words, the first before the second.

    Parameters
    ----------
    corpus, tokenizer
        What is read, and how it becomes words.
    window
        How many words later the second may come; never beyond the end of a document.
        With 1, no stop word or punctuation stands between them.
    min_count
        Rarer pairs are left out: PMI overrates them.
    workers
        Number of processes that cut texts into words.

    Returns
    -------
    DataFrame
        ``first``, ``second``, ``n``, ``n_first`` and ``n_second`` (pairs that have the word in that
        place), ``expected``, ``pmi`` in bits, ``npmi`` (from -1 to 1), ``g2``, ``documents``; by
        G², pairs that come together less often than by chance last.

    Raises
    ------
    SettingsError
        E401 when the window is out of range.
    """
    if not 1 <= window <= _MOST_WINDOW:
        msg = f"window is {window}"
        raise SettingsError(msg, code="E401", hint=f"choose a number from 1 to {_MOST_WINDOW}")
    pairs: Counter[tuple[str, str]] = Counter()
    seen: Counter[tuple[str, str]] = Counter()
    for _, words in stream_words(corpus.documents(), tokenizer, workers=workers):
        found = Counter(_pairs(words, window))
        pairs.update(found)
        seen.update(found.keys())
    kept = sorted(pair for pair, n in pairs.items() if n >= min_count)
    table = _measure(kept, pairs, seen)
    table.attrs["meta"] = {
        "corpus": corpus.settings(),
        "words": tokenizer.settings(),
        "window": window,
        "min_count": min_count,
    }
    return table


def _pairs(words: list[str], window: int) -> Iterator[tuple[str, str]]:
    for distance in range(1, window + 1):
        for pair in zip(words, words[distance:], strict=False):
            if GAP not in pair:
                yield pair


def _measure(
    kept: list[tuple[str, str]],
    pairs: Counter[tuple[str, str]],
    seen: Counter[tuple[str, str]],
) -> pd.DataFrame:
    firsts: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    for (first, second), n in pairs.items():
        firsts[first] += n
        seconds[second] += n
    whole = pairs.total()
    together = np.array([pairs[pair] for pair in kept])
    n_first = np.array([firsts[first] for first, _ in kept])
    n_second = np.array([seconds[second] for _, second in kept])
    expected = n_first / whole * n_second
    pmi = np.log2(together / expected)
    # A pair that is all there is goes together perfectly.
    bits = -np.log2(together / whole)
    g2 = log_likelihood(together, n_first - together, n_second, whole - n_second)
    table = pd.DataFrame(
        {
            "first": [first for first, _ in kept],
            "second": [second for _, second in kept],
            "n": together,
            "n_first": n_first,
            "n_second": n_second,
            "expected": expected,
            "pmi": pmi,
            "npmi": np.divide(pmi, bits, out=np.ones_like(pmi), where=bits > 0),
            "g2": g2,
            "documents": [seen[pair] for pair in kept],
        }
    )
    order = np.lexsort((np.arange(len(kept)), -np.sign(pmi) * g2))
    return table.iloc[order].reset_index(drop=True)
