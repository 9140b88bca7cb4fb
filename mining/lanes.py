"""Rows or columns of a table with both sides of an identity, as addresses ready to be summed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mining.identity import Identity
from mining.report import Address

__all__ = ["Axis", "Lane", "build_lanes"]

Axis = Literal["row", "column"]
Terms = tuple[tuple[int, Address], ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """One row or column: the signed cells of both sides, and the formula in addresses."""

    left: Terms
    right: Terms
    formula: str


def build_lanes(
    table: str, rows: dict[str, tuple[str, ...]], identity: Identity, each: Axis
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
    """
    return tuple(_lanes(table, rows, identity, each))


def _lanes(
    table: str, rows: dict[str, tuple[str, ...]], identity: Identity, each: Axis
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
        yield Lane(left, right, f"{_words(left)} {identity.operator} {_words(right)}")


def _address(table: str, lane: str, key: str, each: Axis) -> Address:
    return Address(f"{table}.{lane}.{key}" if each == "row" else f"{table}.{key}.{lane}")


def _words(terms: Terms) -> str:
    text = " ".join(f"{'-' if sign < 0 else '+'} {address}" for sign, address in terms)
    return text.removeprefix("+ ")
