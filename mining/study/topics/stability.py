"""Whether the same topics come again with other random numbers and without some documents.

A topic that only one start finds is no finding. Following Greene, O'Callaghan & Cunningham (2014,
*How many topics? Stability analysis for topic models*), a model of all documents is compared with
models of random parts of them; topics are matched by the Hungarian method.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_matrix

from mining.study.topics.coherence import top_words
from mining.study.topics.model import TopicModel

__all__ = ["Match", "Resample", "match_topics", "resamples", "stability_table"]

_PART = 0.8
_TOP = 10


@dataclass(frozen=True, slots=True)
class Match:
    """What another model has for each topic of a model: which, and how alike.

    Parameters
    ----------
    other
        The topic matched, or -1.
    cosine
        Of the weights of words; 0 where there is no match.
    jaccard
        Common words of both lists of top words, of all in either.
    """

    other: NDArray[np.intp]
    cosine: NDArray[np.float64]
    jaccard: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Resample:
    """A model of some documents, and the rows that it has not seen."""

    model: TopicModel
    unseen: NDArray[np.intp]


def match_topics(
    model: NDArray[np.float64], other: NDArray[np.float64], *, top: int = _TOP
) -> Match:
    """Match the topics of two models one to one, the most alike in sum.

    Parameters
    ----------
    model, other
        Weights of the same words, a row per topic.
    top
        How many words the lists have.

    Examples
    --------
    >>> match_topics(np.eye(3), np.eye(3)[[2, 0, 1]], top=1).other.tolist()
    [1, 2, 0]
    """
    alike = _unit(model) @ _unit(other).T
    # Rounded, so that the last bit does not choose between topics that are all the same.
    mine, theirs = linear_sum_assignment(-np.round(alike, 9))
    found = np.full(len(model), -1, dtype=np.intp)
    found[mine] = theirs
    cosine, jaccard = np.zeros(len(model)), np.zeros(len(model))
    cosine[mine] = alike[mine, theirs]
    lists, others = top_words(model, top), top_words(other, top)
    for a, b in zip(mine, theirs, strict=True):
        first, second = set(lists[a].tolist()), set(others[b].tolist())
        jaccard[a] = len(first & second) / max(len(first | second), 1)
    return Match(found, np.clip(cosine, 0, 1), jaccard)


def _unit(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    length = np.linalg.norm(weights, axis=1, keepdims=True)
    return weights / np.where(length > 0, length, 1)


def resamples(
    model: TopicModel, counts: csr_matrix, seeds: Sequence[int], *, part: float = _PART
) -> list[Resample]:
    """Return a model of a random part of the documents for each seed.

    Parameters
    ----------
    model
        The model of all documents; its words and parameters are used again.
    counts
        Counts of its words.
    part
        Share of the documents that each is made of.
    """
    found = []
    for seed in seeds:
        order = np.random.default_rng(seed).permutation(counts.shape[0])
        cut = max(1, round(part * len(order)))
        rows = np.sort(order[:cut])
        again = TopicModel(
            len(model.weights), method=model.method, seed=seed, vocabulary=model.vocabulary
        )
        found.append(Resample(again.fit_counts(counts[rows], model.terms), np.sort(order[cut:])))
    return found


def stability_table(model: TopicModel, others: Sequence[Resample]) -> pd.DataFrame:
    """Return how well each topic is found again.

    Returns
    -------
    DataFrame
        ``topic`` (from 1), ``cosine`` and ``jaccard`` (means over the models), ``least_cosine``,
        ``models`` (how many); nan when there is no other model.
    """
    matches = [match_topics(model.probabilities, o.model.probabilities) for o in others]
    k = len(model.weights)
    empty = np.full((1, k), np.nan)
    cosine = np.array([m.cosine for m in matches]) if matches else empty
    jaccard = np.array([m.jaccard for m in matches]) if matches else empty
    told = {
        "topic": np.arange(1, k + 1),
        "cosine": cosine.mean(axis=0),
        "jaccard": jaccard.mean(axis=0),
        "least_cosine": cosine.min(axis=0),
        "models": len(matches),
    }
    return pd.DataFrame(told)
