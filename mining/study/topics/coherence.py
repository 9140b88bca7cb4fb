"""How well the top words of a topic go together, counted over documents.

C_NPMI is the mean normalised pointwise mutual information of pairs of top words (Bouma 2009; Lau,
Newman & Baldwin 2014), from whether documents have both (Boolean documents in Röder, Both &
Hinneburg 2015: a problem section is hardly longer than their windows of 110 words). UMass is that
of Mimno et al. (2011).

Both are defined where plain formulas are not. NPMI of words never met together is its limit -1, and
of words that every document has 0, as they tell nothing. UMass adds 1 to the number of common
documents, as its authors do; a word of no document counts as one that no other is ever met with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

__all__ = ["Coherence", "coherence", "diversity", "top_words"]

_TOP = 10


@dataclass(frozen=True, slots=True)
class Coherence:
    """Coherence of each topic: NPMI between -1 and 1, UMass from 0 downwards."""

    npmi: NDArray[np.float64]
    umass: NDArray[np.float64]


def top_words(probabilities: NDArray[np.float64], top: int = _TOP) -> list[NDArray[np.intp]]:
    """Return the words of each topic with most weight, those without any left out."""
    order = np.argsort(-probabilities, axis=1, kind="stable")[:, :top]
    return [row[probabilities[k, row] > 0] for k, row in enumerate(order)]


def coherence(counts: csr_matrix, words: Sequence[NDArray[np.intp]]) -> Coherence:
    """Return the coherence of lists of words; never nan.

    Parameters
    ----------
    counts
        Rows are documents, columns words.
    words
        For each topic the columns of its words, the most probable first. A topic of fewer than two
        words has 0 of both.
    """
    columns = np.unique(np.concatenate([*words, np.empty(0, np.intp)]))
    seen = csr_matrix(counts[:, columns])
    seen.data = np.ones(len(seen.data))
    # Whole numbers below 2**53, so that sums are exact in any order.
    together = np.asarray((seen.T @ seen).todense(), dtype=np.float64)
    found = [_of_topic(together, np.searchsorted(columns, w), counts.shape[0]) for w in words]
    npmi, umass = zip(*found, strict=True) if found else ((), ())
    return Coherence(np.array(npmi), np.array(umass))


def _of_topic(
    together: NDArray[np.float64], words: NDArray[np.intp], documents: int
) -> tuple[float, float]:
    later, earlier = np.tril_indices(len(words), -1)
    if not len(later):
        return 0.0, 0.0
    both = together[words[later], words[earlier]]
    seen = together[words, words]
    return (
        float(_npmi(both, seen[later], seen[earlier], documents).mean()),
        float(_umass(both, seen[earlier], documents).mean()),
    )


def _npmi(
    both: NDArray[np.float64],
    first: NDArray[np.float64],
    second: NDArray[np.float64],
    documents: int,
) -> NDArray[np.float64]:
    found = np.where(both > 0, 0.0, -1.0)
    usual = (both > 0) & (both < documents)
    pairs = both[usual] / documents
    found[usual] = np.log(both[usual] * documents / (first * second)[usual]) / -np.log(pairs)
    return found


def _umass(
    both: NDArray[np.float64], earlier: NDArray[np.float64], documents: int
) -> NDArray[np.float64]:
    # Capped, as a word that is always there would else seem a little better than certain.
    told = np.minimum((both + 1) / np.maximum(earlier, 1), 1)
    return np.log(np.where(earlier > 0, told, 1 / max(documents, 1)))


def diversity(words: Sequence[NDArray[np.intp]]) -> float:
    """Return the share of different words among the top words of all topics.

    Low when topics repeat each other (Dieng, Ruiz & Blei 2020).
    """
    told = np.concatenate([*words, np.empty(0, np.intp)])
    return float(len(np.unique(told)) / len(told)) if len(told) else 0.0
