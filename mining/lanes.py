"""Rows or columns of a table with both sides of an identity, as addresses ready to be summed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Literal

from mining.identity import Identity
from mining.report import Address, Number

__all__ = ["Axis", "Lane", "Places", "Side", "build_lanes"]

Axis = Literal["row", "column"]
Terms = tuple[tuple[int, Address], ...]
Places = tuple[tuple[Address, int], ...]
Picker = Callable[[Sequence[Number | None]], tuple[Number | None, ...]]


@dataclass(frozen=True, slots=True)
class Side:
    """The cells of one side by their positions in a whole table.

    `cells` are addresses with positions. `pick` takes the numbers of the side, and a last one that
    must be 0, out of all numbers of the table: picked by one call, they are summed by one more.
    """

    cells: Places
    pick: Picker


@dataclass(frozen=True, slots=True)
class Lane:
    """One row or column: the signed cells of both sides, and the formula in addresses.

    `sides` are left and right by position; ``None`` where a cell is subtracted.
    """

    left: Terms
    right: Terms
    formula: str
    sides: tuple[Side, Side] | None = field(default=None, repr=False, compare=False)


def build_lanes(
    table: str,
    rows: Mapping[str, tuple[str, ...]],
    identity: Identity,
    each: Axis,
    *,
    places: Mapping[Address, tuple[str, int]],
) -> tuple[Lane, ...]:
    """Return a lane for each row or column that has every key of the identity.

    Parameters
    ----------
    table
        Key of the table.
    rows
        The columns of each row, by row key, in printed order.
    identity
        Between columns when `each` is ``row``, between rows when it is ``column``.
    each
        What a lane is.
    places
        The table of each address, and its position there.
    """
    return tuple(_lanes(table, rows, identity, each, places))


def _lanes(
    table: str,
    rows: Mapping[str, tuple[str, ...]],
    identity: Identity,
    each: Axis,
    places: Mapping[Address, tuple[str, int]],
) -> Iterator[Lane]:
    by_column: dict[str, list[str]] = {}
    for row, columns in rows.items():
        for column in columns:
            by_column.setdefault(column, []).append(row)
    lanes = rows if each == "row" else {c: tuple(found) for c, found in by_column.items()}
    for name, keys in lanes.items():
        expanded = identity.expand(keys)
        if not set(expanded.terms) <= set(keys):
            continue
        left, right = (
            tuple((sign, _address(table, name, key, each)) for sign, key in side)
            for side in (expanded.left, expanded.right)
        )
        formula = f"{_words(left)} {identity.operator} {_words(right)}"
        added = all(sign > 0 for sign, _ in (*left, *right))
        sides = (_side(left, places), _side(right, places)) if added else None
        yield Lane(left, right, formula, sides)


def _side(terms: Terms, places: Mapping[Address, tuple[str, int]]) -> Side:
    cells = tuple((address, places[address][1]) for _, address in terms)
    # With the 0 at the end, one number is picked as a tuple as well.
    return Side(cells, itemgetter(*(place for _, place in cells), -1))


def _address(table: str, lane: str, key: str, each: Axis) -> Address:
    return Address(f"{table}.{lane}.{key}" if each == "row" else f"{table}.{key}.{lane}")


def _words(terms: Terms) -> str:
    text = " ".join(f"{'-' if sign < 0 else '+'} {address}" for sign, address in terms)
    return text.removeprefix("+ ")
