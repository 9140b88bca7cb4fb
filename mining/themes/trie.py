"""Many strings found in many texts at once, with numpy: one walk instead of a loop in Python."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Trie", "Walk"]

_BMP = 0x10000
# Strings of up to so many characters are looked up for a whole text at once.
_WHOLE = 3
_DIGITS = (range(ord("0"), ord("9") + 1), range(ord("０"), ord("９") + 1))


class Walk(NamedTuple):
    """Where the walk ended for each character of the texts.

    Parameters
    ----------
    nodes
        For each character, and one separator behind each text, the node of the longest string or
        beginning of a string that starts there; 0 for none.
    starts
        Position in `nodes` at which each text starts.
    """

    nodes: NDArray[np.intp]
    starts: NDArray[np.intp]


class Trie:
    """Strings by their beginnings; node 0 is none, and a node comes after its parent.

    Every character of a string is a node as well. Digits, of either width, read as 0; characters
    beyond the basic plane are never found.

    Examples
    --------
    >>> trie = Trie(["滞后", "滞"])
    >>> (trie.walk(["更新滞后"]).nodes == trie.ends[0]).tolist()
    [False, False, True, False, False]
    """

    def __init__(self, strings: Sequence[str]) -> None:
        codes, lengths = _codes(strings)
        starts = np.cumsum(lengths) - lengths
        chars = np.unique(_FOLDED[codes])
        chars = chars[(chars > 0) & (chars < _BMP - 1)]
        self._width = width = len(chars) + 1
        self._table = np.searchsorted(chars, _FOLDED) + 1
        self._table[~np.isin(_FOLDED, chars)] = 0
        ids = self._table[codes]
        good = lengths > 0
        good[np.repeat(np.arange(len(lengths)), lengths)[ids == 0]] = False
        self.ends = np.zeros(len(lengths), np.intp)
        """Node of each string, in the order given."""
        here = np.flatnonzero(good)
        nodes = ids[starts[here]]
        self.ends[here] = nodes
        self.parents = np.zeros(width, np.intp)
        self.levels: list[slice] = []
        """Nodes of the strings of two characters, of three, and so on."""
        edges = []
        # Keys of a level are beyond those of the level before, as its parents are.
        while (longer := lengths[here] > len(self.levels) + 1).any():
            here, nodes = here[longer], nodes[longer]
            keys = nodes * width + ids[starts[here] + len(self.levels) + 1]
            edge, places = np.unique(keys, return_inverse=True)
            nodes = len(self.parents) + places
            self.ends[here] = nodes
            self.levels.append(slice(len(self.parents), len(self.parents) + len(edge)))
            self.parents = np.concatenate((self.parents, edge // width))
            edges.append(edge)
        long = sum(map(len, edges[: _WHOLE - 1]))
        keys = np.concatenate((*edges[_WHOLE - 1 :], np.zeros(0, np.intp)))
        self._longer = dict(zip(keys.tolist(), range(width + long, len(self)), strict=True))
        # The last key is beyond any other: a search never ends outside.
        self._edges = np.concatenate((*edges, [np.iinfo(np.int64).max]))
        self._inner = np.zeros(len(self.parents), bool)
        self._inner[self.parents[width:]] = True

    def __len__(self) -> int:
        """Return the number of nodes, the empty one included."""
        return len(self.parents)

    def walk(self, texts: Sequence[str]) -> Walk:
        """Return the deepest node from each character of each text."""
        joined = "\0".join([*texts, ""])
        # What is beyond the basic plane is clipped to the last place, which holds 0.
        chars = self._table.take(_utf32(joined), mode="clip")
        nodes, deepest = chars.copy(), chars
        # Most characters begin a string of three: all are looked up, none is chosen first. No
        # string goes beyond the end of its text, and no key has the node 0.
        for depth in range(1, min(_WHOLE, len(chars), len(self.levels) + 1)):
            keys = deepest[:-1] * self._width
            keys += chars[depth:]
            deepest = self._edges.searchsorted(keys)
            known = self._edges.take(deepest) == keys
            deepest += self._width
            deepest *= known
            # A node comes after its parent.
            above = nodes[:-depth]
            np.maximum(above, deepest, out=above)
        if self._longer and (inner := self._inner.take(deepest).nonzero()[0].tolist()):
            told = chars.tolist()
            for i, node in zip(inner, deepest.take(inner).tolist(), strict=True):
                nodes[i] = self._deeper(node, told, i + _WHOLE)
        starts = list(accumulate([len(text) + 1 for text in texts], initial=0))
        return Walk(nodes, np.array(starts[:-1], np.intp))

    def _deeper(self, node: int, chars: Sequence[int], i: int) -> int:
        """Return the deepest node below `node` from position `i`; few strings are so long."""
        # No string goes beyond the end of its text, so that no position does.
        while (below := self._longer.get(node * self._width + chars[i])) is not None:
            node, i = below, i + 1
        return node

    def down(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return `values`, one row for each node, with the rows of all beginnings added."""
        summed = values.copy()
        for level in self.levels:
            summed[level] += summed[self.parents[level]]
        return summed


def _folded() -> NDArray[np.intp]:
    table = np.arange(_BMP, dtype=np.intp)
    for digits in _DIGITS:
        table[list(digits)] = ord("0")
    return table


_FOLDED = _folded()


def _codes(texts: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.intp]]:
    """Return the characters of all texts, 0xFFFF beyond the basic plane, and the lengths."""
    codes = np.minimum(_utf32("".join(texts)), _BMP - 1)
    return codes, np.fromiter(map(len, texts), np.intp, len(texts))


def _utf32(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
