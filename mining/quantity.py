"""A number as told: its value, its bounds, and how far the wording can be stretched."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

__all__ = ["Approx", "Interval", "Quantity"]

Approx = Literal["", "about", "more", "less", "at_least", "at_most"]


# Written once: `int | Decimal` makes a union at each comparison.
_NUMBERS = (int, Decimal)


@dataclass(frozen=True, slots=True)
class Interval:
    """A range of numbers; ``None`` means open-ended on that side.

    Parameters
    ----------
    low, high
        Bounds in base units.
    low_open, high_open
        Whether the bound itself is left out.
    """

    low: int | Decimal | None
    high: int | Decimal | None
    low_open: bool = False
    high_open: bool = False

    def __contains__(self, value: object) -> bool:
        """Tell whether a number lies in the range.

        Examples
        --------
        >>> 600 in Interval(600, 700, low_open=True, high_open=True)
        False
        """
        if not isinstance(value, _NUMBERS):
            return False
        low, high = self.low, self.high
        if low is not None and (value < low or (self.low_open and value == low)):
            return False
        return high is None or not (value > high or (self.high_open and value == high))

    def meets(self, other: Interval) -> bool:
        """Tell whether the two ranges share a number.

        Examples
        --------
        >>> Interval(3300, 3400, low_open=True).meets(Interval(3361, 3361))
        True
        """
        return not (_is_below(self, other) or _is_below(other, self))

    def __str__(self) -> str:
        """Return the usual notation, such as ``(600, 700)`` or ``[2, 3]``."""
        left = "(" if self.low_open or self.low is None else "["
        right = ")" if self.high_open or self.high is None else "]"
        low = "-∞" if self.low is None else str(self.low)
        high = "∞" if self.high is None else str(self.high)
        return f"{left}{low}, {high}{right}"


def _is_below(first: Interval, second: Interval) -> bool:
    """Tell whether all of `first` lies below all of `second`."""
    if first.high is None or second.low is None:
        return False
    touching = first.high_open or second.low_open
    return first.high < second.low or (touching and first.high == second.low)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number as told: value, bounds, unit, and how far the wording can be stretched.

    Parameters
    ----------
    value
        In base units (万 and 亿 expanded, money in 元, 30 for 30 % or 三成).
    low, high
        The bounds that FIGURES.md asks for; ``None`` on an open side.
    unit
        Measure word or ``%``, ``个百分点``, ``元``; empty when the text has none.
    approx
        Direction of approximation, empty when the wording is exact.
    narrow, wide
        The readings under which a table value agrees, and under which it is at most suspect
        (DESIGN §5); `wide` equals `narrow` when there is only one reading.
    is_magnitude
        An order of magnitude only (百余, 数十): never a mismatch.
    """

    value: int | Decimal
    low: int | Decimal | None
    high: int | Decimal | None
    unit: str
    approx: Approx
    narrow: Interval
    wide: Interval
    is_magnitude: bool = False
