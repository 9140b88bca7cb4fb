"""All pairs of neighbouring characters of a text looked up at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["PairTable", "keys_of"]

Keys = NDArray[np.uint32]
Rows = NDArray[np.uint16]

_BITS = 18
_FACTOR = np.uint32(2654435761)
_SHIFT = np.uint32(32 - _BITS)


def keys_of(text: str) -> Keys:
    """Return a number for each pair of neighbouring characters.

    Characters beyond the basic plane count as others within it.

    Examples
    --------
    >>> keys = keys_of("更新更新")
    >>> len(keys), bool(keys[0] == keys[2])
    (3, True)
    """
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    return (codes[:-1] << np.uint32(16)) | (codes[1:] & np.uint32(0xFFFF))


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
        rows[self._keys.take(rows) != keys] = 0
        return rows

    @staticmethod
    def _slot(keys: Keys) -> Keys:
        return (keys * _FACTOR) >> _SHIFT
