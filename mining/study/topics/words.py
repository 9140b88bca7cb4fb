"""What a topic is about: its words by probability, relevance and FREX, and a label of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from mining.study.topics.model import Topics

__all__ = ["frex", "relevance", "topic_labels", "word_table"]

# Both as their authors advise.
_LAMBDA = 0.6
_FREX_WEIGHT = 0.5
_IN_LABEL = 3
_LEAST = 1e-12


def relevance(model: Topics, weight: float = _LAMBDA) -> NDArray[np.float64]:
    """Return the relevance of each word to each topic (Sievert & Shirley 2014, LDAvis).

    The log probability of the word and its lift over all topics, weighted: words that are common
    everywhere come later than by probability.
    """
    told = np.maximum(model.probabilities, _LEAST)
    everywhere = np.maximum(model.sizes @ model.probabilities, _LEAST)
    found: NDArray[np.float64] = np.log(told) - (1 - weight) * np.log(everywhere)
    return found


def frex(model: Topics, weight: float = _FREX_WEIGHT) -> NDArray[np.float64]:
    """Return how frequent and exclusive each word is in each topic (Bischof & Airoldi 2012).

    The harmonic mean of its ranks by share among the topics and by probability in the topic.
    """
    told = model.probabilities
    share = told / np.maximum(told.sum(axis=0), _LEAST)
    # Rounded, so that equal words are equal on every machine.
    ranks = [rankdata(np.round(m, 12), axis=1) / m.shape[1] for m in (share, told)]
    found: NDArray[np.float64] = 1 / (weight / ranks[0] + (1 - weight) / ranks[1])
    # A word that the topic has not is no word of it, however few others have it.
    return np.where(told > _LEAST, found, 0)


def word_table(model: Topics, top: int = 20) -> pd.DataFrame:
    """Return the first words of each topic by each measure.

    Returns
    -------
    DataFrame
        ``topic`` (from 1), ``measure`` (``probability``, ``relevance``, ``frex``), ``rank``,
        ``term``, ``value``, ``probability``.
    """
    told = model.probabilities
    measures = {"probability": told, "relevance": relevance(model), "frex": frex(model)}
    rows = []
    for topic in range(len(told)):
        for name, values in measures.items():
            order = np.argsort(-values[topic], kind="stable")[:top]
            for rank, i in enumerate((i for i in order if told[topic, i] > _LEAST), 1):
                found = (name, rank, model.terms[i], values[topic, i], told[topic, i])
                rows.append((topic + 1, *found))
    columns = ["topic", "measure", "rank", "term", "value", "probability"]
    return pd.DataFrame(rows, columns=columns)


def topic_labels(words: pd.DataFrame, n: int = _IN_LABEL) -> dict[int, str]:
    """Return the most relevant words of each topic of a `word_table`, as a label."""
    first = words[(words["measure"] == "relevance") & (words["rank"] <= n)]
    return {int(topic): "、".join(part["term"]) for topic, part in first.groupby("topic")}
