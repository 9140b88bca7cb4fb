"""The first stage of a theme model in the shape that scores many statements fast."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mining.errors import SettingsError
from mining.themes.features import CUE_SCALE, Features
from mining.themes.lexicon import FARTHEST, GAP
from mining.themes.trie import Trie, Walk

__all__ = ["Scorer"]

_MOST_CUES = 63
_LOW_FIRST = np.dtype("<u8")
_GAPPED = np.uint64(1 << 63)
_TINY = np.finfo(np.float64).tiny


class Scorer:
    """Sums of weights, without a row of columns for each statement.

    Strings that start at one character are beginnings of each other, so that one row, summed at
    loading time, has what all of them bring; the cues are bits of one number.

    Parameters
    ----------
    features
        What the columns are.
    weights, bias
        Log-odds by column and theme.

    Raises
    ------
    SettingsError
        E401 when the features have more cues than a number has bits.
    """

    def __init__(
        self, features: Features, weights: NDArray[np.float32], bias: NDArray[np.float32]
    ) -> None:
        if len(features.cues) > _MOST_CUES:
            msg = f"{len(features.cues)} concepts are more than the {_MOST_CUES} that are scored"
            raise SettingsError(msg, code="E401", hint="join concepts of the lexicon")
        grams = features.grams
        words = [
            (*word.partition(GAP)[::2], bit)
            for bit, concept in enumerate(features.concepts)
            for word in features.lexicon.concepts[concept].words
        ]
        self._trie = Trie([*grams, *(head for head, _, _ in words)])
        rows = np.zeros((len(self._trie), len(bias) + 1), np.float32)
        idf = np.array(list(grams.values()), np.float32)[:, None]
        places = self._trie.ends[: len(grams)]
        rows[places, :-1] = weights[: len(grams)] * idf
        rows[places, -1:] = idf**2
        # A gram of characters that the trie can't hold has node 0, which brings nothing.
        rows[0] = 0.0
        self._rows = self._trie.down(rows)
        self._cues, self._gaps = self._bits(words, self._trie.ends[len(grams) :])
        self._bias = bias.astype(np.float64)
        self._cue_weights = weights[len(grams) :] * np.float32(CUE_SCALE)

    def _bits(
        self, words: Sequence[tuple[str, str, int]], nodes: NDArray[np.intp]
    ) -> tuple[NDArray[np.uint64], dict[int, list[tuple[int, str, np.uint64]]]]:
        """Return the cues of each node, and the words with a gap by the nodes with their head."""
        cues = np.zeros(len(self._trie), np.uint64)
        gaps: dict[int, list[tuple[int, str, np.uint64]]] = {}
        for (head, tail, bit), node in zip(words, nodes.tolist(), strict=True):
            cues[node] |= _GAPPED if tail else np.uint64(1 << bit)
            if tail:
                gaps.setdefault(node, []).append((len(head), tail, np.uint64(1 << bit)))
        cues[0] = 0
        parents = self._trie.parents
        for level in self._trie.levels:
            cues[level] |= cues[parents[level]]
        # A parent comes before its children.
        for node in np.flatnonzero(cues & _GAPPED).tolist():
            gaps[node] = [*gaps.get(int(parents[node]), ()), *gaps.get(node, ())]
        return cues, gaps

    def log_odds(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the log-odds of each theme, one row for each text."""
        if not texts:
            return np.empty((0, len(self._bias)))
        walk = self._trie.walk(texts)
        # Sums run along each text alone: what else is in the batch must not move the last bit.
        sums = np.add.reduceat(self._rows.take(walk.nodes, 0), walk.starts, axis=0).astype(
            np.float64
        )
        # Where nothing is found all sums are 0, by what they are divided does not matter.
        out: NDArray[np.float64] = sums[:, :-1] / np.sqrt(np.maximum(sums[:, -1:], _TINY))
        out += self._bias
        out += np.einsum("nc,ct->nt", self._found(texts, walk), self._cue_weights)
        return out

    def _found(self, texts: Sequence[str], walk: Walk) -> NDArray[np.float32]:
        """Return 1 for each cue of each text."""
        bits = self._cues.take(walk.nodes)
        found = np.bitwise_or.reduceat(bits, walk.starts)
        if (gaps := (bits >= _GAPPED).nonzero()[0]).size:
            starts = walk.starts.tolist()
            for place, node in zip(gaps.tolist(), walk.nodes.take(gaps).tolist(), strict=True):
                owner = bisect_right(starts, place) - 1
                text, start = texts[owner], place - starts[owner]
                for length, tail, bit in self._gaps[node]:
                    end = start + length
                    if text.find(tail, end, end + FARTHEST + len(tail)) >= 0:
                        found[owner] |= bit
        as_bytes = found.astype(_LOW_FIRST, copy=False).view(np.uint8).reshape(len(texts), -1)
        each = np.unpackbits(as_bytes, axis=1, count=len(self._cue_weights), bitorder="little")
        return each.astype(np.float32)
