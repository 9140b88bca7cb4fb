"""From places where 13 characters agree to passages: as long as they go, the rarest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mining.study.reuse.shingles import WIDTH, Places
from mining.study.reuse.texts import YearTexts

__all__ = ["Passages", "Seeds", "covered", "find_passages"]

# Characters that are compared at a time: most passages are short.
_STEP, _LONGEST_STEP = 32, 512
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
    """Passages by their places, in order; `others` counts the reports that may hold all of one.

    That is how often its rarest 13 characters stand in the report compared with, or in how many
    reports of all other agencies of the year.
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
    if len(seeds.at) == 0:
        return Passages(_NONE, _NONE, _NONE, _NONE)
    goes_on = (np.diff(seeds.at) == 1) & (np.diff(seeds.there) == 1)
    firsts = np.concatenate(([0], np.flatnonzero(~goes_on) + 1))
    others = np.minimum.reduceat(seeds.others, firsts)
    at, other = seeds.at[firsts], seeds.there[firsts]
    back, on = _reach(here, there, at, other)
    sizes = np.diff(firsts, append=len(seeds.at))
    order = np.lexsort((firsts, others))
    # Two texts may have one hash; what is then shorter was none.
    order = order[on[order] >= WIDTH]
    starts, ends = at - back, at + on
    kept = _unexplained(at, sizes, starts, ends, order)
    kept = kept[np.lexsort((ends[kept], starts[kept]))]
    return Passages(starts[kept], ends[kept], (other - back)[kept], others[kept])


def _unexplained(at: Places, sizes: Places, starts: Places, ends: Places, order: Places) -> Places:
    """Return those of the passages, taken in `order`, that hold a seed that none before holds."""
    base = int(at[0])
    is_explained = np.zeros(int(at[-1] + sizes[-1]) - base, dtype=np.bool_)
    # Lists are quicker than arrays one by one.
    first, last = (at - base).tolist(), (at + sizes - base).tolist()
    low = np.maximum(starts - base, 0).tolist()
    high = (ends - (WIDTH - 1) - base).tolist()
    kept: list[int] = []
    for i in order.tolist():
        if not is_explained[first[i] : last[i]].all():
            is_explained[low[i] : high[i]] = True
            kept.append(i)
    return np.array(kept, dtype=np.int64)


def _reach(here: YearTexts, there: YearTexts, at: Places, other: Places) -> tuple[Places, Places]:
    """Return how many characters agree before and from each place on, inside its section."""
    mine, theirs = here.piece_of(at), there.piece_of(other)
    before = np.minimum(at - here.piece_starts[mine], other - there.piece_starts[theirs])
    after = np.minimum(here.piece_ends[mine] - at, there.piece_ends[theirs] - other)
    back = _agree(here, there, at - 1, other - 1, room=before, way=-1)
    return back, _agree(here, there, at, other, room=after, way=1)


def _agree(
    here: YearTexts, there: YearTexts, at: Places, other: Places, *, room: Places, way: int
) -> Places:
    """Return how many characters agree one way from each place on, at most as many as `room`."""
    found = np.zeros(len(at), dtype=np.int64)
    active = np.flatnonzero(room > 0)
    step = _STEP
    while len(active):
        ahead = found[active, None] + np.arange(step)
        mine = here.codes.take(at[active, None] + ahead * way, mode="clip")
        theirs = there.codes.take(other[active, None] + ahead * way, mode="clip")
        agree = (mine == theirs) & (ahead < room[active, None])
        is_whole = agree.all(axis=1)
        found[active] += np.where(is_whole, step, agree.argmin(axis=1))
        active, step = active[is_whole], min(step * 2, _LONGEST_STEP)
    return found


def covered(texts: YearTexts, first: int, last: int, passages: Passages) -> Places:
    """Return for each report of a block how many of its characters are in some passage."""
    low, high = int(texts.starts[first]), int(texts.starts[last])
    depth = np.zeros(high - low + 1, dtype=np.int64)
    np.add.at(depth, passages.start - low, 1)
    np.add.at(depth, passages.end - low, -1)
    inside = np.concatenate(([0], np.cumsum(np.cumsum(depth)[:-1] > 0)))
    return np.diff(inside[texts.starts[first : last + 1] - low])
