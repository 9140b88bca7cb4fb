"""All pairs of neighbouring characters of a text looked up at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["PairTable", "keys_of", "units_of"]

Keys = NDArray[np.uint32]
Rows = NDArray[np.uint16]

_BITS = 18
_FACTOR = np.uint32(2654435761)
_SHIFT = np.uint32(32 - _BITS)
_PAIR, _OWN = np.dtype(">u4"), np.dtype(np.uint32)


def units_of(text: str) -> bytes:
    """Return two bytes for each character, the high one first.

    Characters beyond the basic plane count as others within it.
    """
    units = text.encode("utf-16-be", "surrogatepass")
    if len(units) == 2 * len(text):
        return units
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    return codes.astype(">u2").tobytes()


def keys_of(text: str) -> Keys:
    """Return a number for each pair of neighbouring characters.

    Examples
    --------
    >>> keys = keys_of("更新更新")
    >>> len(keys), bool(keys[0] == keys[2])
    (3, True)
    """
    # Any four bytes from the start of a character on are a pair: one view, and no sums.
    size = max(len(text) - 1, 0)
    return np.ndarray((size,), _PAIR, units_of(text), 0, (2,)).astype(_OWN)


class PairTable:
    """Rows of known pairs; row 0 is for any other.

    Parameters
    ----------
    pairs
        Words of two characters each. Where two fall into one slot, the later one stays unknown.
    """

    def __init__(self, pairs: Sequence[str]) -> None:
        own = keys_of("".join(pairs))[::2] if pairs else np.zeros(0, np.uint32)
        self._keys = np.concatenate([np.zeros(1, np.uint32), own])
        self._slots = np.zeros(1 << _BITS, np.uint16)
        rows = np.arange(1, len(pairs) + 1, dtype=np.uint16)
        # Of several values for one slot the last stays.
        self._slots[self._slot(own[::-1])] = rows[::-1]

    def rows(self, keys: Keys) -> Rows:
        """Return the row of each key."""
        rows = self._slots.take(self._slot(keys))
        rows *= self._keys.take(rows) == keys
        return rows

    @staticmethod
    def _slot(keys: Keys) -> Keys:
        return (keys * _FACTOR) >> _SHIFT
