"""Hashes of all runs of 13 characters of many texts at once, from numpy alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["WIDTH", "Codes", "Hashes", "Places", "hash_runs", "hash_stretches", "starts_of_runs"]

WIDTH = 13
"""Characters of the shortest passage; white space does not count."""

Codes = NDArray[np.uint32]
Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]

# Any odd number that looks random will do; these are those of splitmix64 (Steele et al. 2014).
_BASE = 0x9E3779B97F4A7C15
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_SHIFTS = (np.uint64(30), np.uint64(27), np.uint64(31))
_POWERS = tuple(np.uint64(pow(_BASE, n, 1 << 64)) for n in (1, 2, 4))


def hash_runs(codes: Codes) -> Hashes:
    """Return a hash for each place at which `WIDTH` characters start, in order.

    The polynomial hash of 13 characters is put together from those of 1, 2, 4 and 8, so that the
    cost is a handful of passes over the array, whatever the width.
    """
    if len(codes) < WIDTH:
        return np.empty(0, dtype=np.uint64)
    one = codes.astype(np.uint64)
    two = one[:-1] * _POWERS[0] + one[1:]
    four = two[:-2] * _POWERS[1] + two[2:]
    eight = four[:-4] * _POWERS[2] + four[4:]
    twelve = eight[:-4] * _POWERS[2] + four[8:]
    return _mixed(twelve[:-1] * _POWERS[0] + one[12:])


def hash_stretches(codes: Codes, starts: Places) -> Hashes:
    """Return a hash of each stretch from one of `starts` to the next, the last to the end.

    No stretch may be empty.
    """
    if len(starts) == 0:
        return np.empty(0, dtype=np.uint64)
    lengths = np.diff(starts, append=len(codes))
    places = np.arange(len(codes)) - np.repeat(starts, lengths)
    # A character at another place is another summand, so that their order tells.
    keyed = codes.astype(np.uint64) * _MIX[0] + places.astype(np.uint64) * _POWERS[0]
    return _mixed(np.add.reduceat(_mixed(keyed), starts) + lengths.astype(np.uint64))


def starts_of_runs(starts: Places, ends: Places) -> Places:
    """Return where `WIDTH` characters start that lie in one of the pieces from start to end."""
    counts = np.maximum(ends - starts - (WIDTH - 1), 0)
    before = np.cumsum(counts) - counts
    places: Places = np.arange(counts.sum()) + np.repeat(starts - before, counts)
    return places


def _mixed(values: Hashes) -> Hashes:
    values ^= values >> _SHIFTS[0]
    values *= _MIX[0]
    values ^= values >> _SHIFTS[1]
    values *= _MIX[1]
    values ^= values >> _SHIFTS[2]
    return values
