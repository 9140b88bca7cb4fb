"""From places where 13 characters agree to passages: as long as they go, the rarest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mining.study.reuse.shingles import WIDTH, Codes, Places
from mining.study.reuse.texts import YearTexts

__all__ = ["Passages", "Seeds", "covered", "find_passages"]

# Most runs end soon; the long ones are compared in steps that grow.
_FIRST_STEP = 64
_GROWTH = 8
_NONE = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Seeds:
    """Where 13 characters agree: place here, one place there, in how many reports they stand."""

    at: Places
    there: Places
    others: Places

    @classmethod
    def joined(cls, parts: Sequence[Seeds]) -> Seeds:
        """Return the seeds of several reports, in the order of their places."""
        columns = (
            [part.at for part in parts],
            [part.there for part in parts],
            [part.others for part in parts],
        )
        return cls(*(np.concatenate([_NONE, *column]) for column in columns))


@dataclass(frozen=True, slots=True)
class Passages:
    """Passages by their places; `others` counts the reports that may hold all of a passage.

    That is the number of other reports with its rarest 13 characters: of the one compared with, or
    of all other agencies of the year.
    """

    start: Places
    end: Places
    there: Places
    others: Places


def find_passages(here: YearTexts, there: YearTexts, seeds: Seeds) -> Passages:
    """Return passages that hold every seed, each as long as both texts agree.

    The rarest seeds come first, so that a passage is told to be from a report that shares much
    of it, and not from any that shares a common phrase in it. Passages that agree with different
    places may overlap by a few characters. Characters are compared, hashes are not relied on.

    Parameters
    ----------
    here
        The texts in which passages are wanted.
    there
        The texts with which they agree.
    seeds
        In the order of their places.
    """
    firsts, lasts, others = _diagonals(seeds)
    if len(firsts) == 0:
        return Passages(_NONE, _NONE, _NONE, _NONE)
    base = int(seeds.at[0])
    explained = np.zeros(int(seeds.at[-1]) - base + 1, dtype=np.bool_)
    order = np.lexsort((firsts, others)).tolist()
    places, theres = seeds.at[firsts].tolist(), seeds.there[firsts].tolist()
    here_low, here_high = _bounds(here, seeds.at[firsts])
    there_low, there_high = _bounds(there, seeds.there[firsts])
    found: list[tuple[int, int, int, int]] = []
    firsts, lasts = firsts.tolist(), lasts.tolist()
    for run in order:
        first, place = firsts[run], places[run]
        left = explained[place - base : place - base + lasts[run] - first]
        skipped = int(left.argmin())
        if left[skipped]:
            continue
        at, other = place + skipped, theres[run] + skipped
        before = _agree(
            here.codes[here_low[run] : at][::-1], there.codes[there_low[run] : other][::-1]
        )
        after = _agree(here.codes[at : here_high[run]], there.codes[other : there_high[run]])
        if after < WIDTH:  # two texts with one hash
            continue
        start, end = at - before, at + after
        found.append((start, end, other - before, int(others[run])))
        explained[max(start - base, 0) : end - WIDTH + 1 - base] = True
    table = np.array(sorted(found), dtype=np.int64).reshape(-1, 4)
    return Passages(*table.T)


def _diagonals(seeds: Seeds) -> tuple[Places, Places, Places]:
    """Return first and last (exclusive) of the seeds that go on together, and the fewest others."""
    if len(seeds.at) == 0:
        return (_NONE, _NONE, _NONE)
    goes_on = (np.diff(seeds.at) == 1) & (np.diff(seeds.there) == 1)
    firsts = np.concatenate(([0], np.flatnonzero(~goes_on) + 1))
    lasts = np.append(firsts[1:], len(seeds.at))
    return firsts, lasts, np.minimum.reduceat(seeds.others, firsts)


def _bounds(texts: YearTexts, places: Places) -> tuple[list[int], list[int]]:
    """Return start and end of the section that each place is in."""
    pieces = texts.piece_of(places)
    return texts.piece_starts[pieces].tolist(), texts.piece_ends[pieces].tolist()


def _agree(one: Codes, other: Codes) -> int:
    """Return how many characters agree from the start on."""
    size = min(len(one), len(other))
    done, step = 0, _FIRST_STEP
    while done < size:
        end = min(done + step, size)
        differs = one[done:end] != other[done:end]
        first = int(differs.argmax())
        if differs[first]:
            return done + first
        done, step = end, step * _GROWTH
    return size


def covered(texts: YearTexts, first: int, last: int, passages: Passages) -> Places:
    """Return for each report of a block how many of its characters are in some passage."""
    low, high = int(texts.starts[first]), int(texts.starts[last])
    depth = np.zeros(high - low + 1, dtype=np.int64)
    np.add.at(depth, passages.start - low, 1)
    np.add.at(depth, passages.end - low, -1)
    inside = np.concatenate(([0], np.cumsum(np.cumsum(depth)[:-1] > 0)))
    return np.diff(inside[texts.starts[first : last + 1] - low])
