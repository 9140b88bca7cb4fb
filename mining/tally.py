"""Counts of what gold holds, what was found and what of it is right, and the shares they give."""

from __future__ import annotations

from collections.abc import Hashable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

__all__ = ["Outcome", "Tally", "compare"]


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one layer: items in gold, items found by the run, items found and right.

    An empty side counts as perfect: nothing to find, or nothing said, is no fault.
    """

    gold: int = 0
    found: int = 0
    right: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.gold + other.gold, self.found + other.found, self.right + other.right)

    @property
    def precision(self) -> float:
        """Share of the found items that are right, 0 to 1."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of the gold items that were found, 0 to 1."""
        return self.right / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall.

        Examples
        --------
        >>> Tally(gold=4, found=2, right=2).f1
        0.6666666666666666
        """
        total = self.gold + self.found
        return 2 * self.right / total if total else 1.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """A tally and what stands behind it: the items missed and the false ones, for people."""

    tally: Tally
    missed: tuple[tuple[object, ...], ...] = ()
    false: tuple[tuple[object, ...], ...] = ()


def compare(
    gold: AbstractSet[tuple[Hashable, ...]], found: AbstractSet[tuple[Hashable, ...]]
) -> Outcome:
    """Return how two sets of items agree.

    Examples
    --------
    >>> compare({("a", 1)}, {("a", 1), ("b", 2)}).false
    (('b', 2),)
    """
    right = gold & found
    missed, false = (tuple(sorted(side - right, key=str)) for side in (gold, found))
    return Outcome(Tally(len(gold), len(found), len(right)), missed, false)
