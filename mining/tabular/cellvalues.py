"""The printed text of a table cell to its kind, number and unit."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Literal

__all__ = ["CellContent", "parse_cell"]

CellContent = tuple[Literal["number", "blank", "none", "text"], "int | Decimal | None", str]

_NUMBER = re.compile(
    r"(?P<sign>[+\-]|增加|减少|增|减|加)?\s*"
    r"(?P<number>\d{1,3}(?:[,，]\d{3})+(?:\.\d{1,6})?|\d{1,15}(?:\.\d{1,6})?)\s*"
    r"(?P<unit>万元|亿元|元|人次|[件条项个次篇起宗份人场期%])?"
)
_UNIT_ENDS = frozenset("元次件条项个篇起宗份人场期%")
_NONE = "/／—-–－─_无*"
_MAX_CHARS = 60


def parse_cell(text: str) -> CellContent:
    """Read a cell.

    Parameters
    ----------
    text
        Normalised text of the cell.

    Returns
    -------
    tuple
        Kind (``number``, ``blank``, ``none`` for / — 无, ``text``), the number as printed (not
        converted to another unit), and the unit printed inside the cell.

    Examples
    --------
    >>> parse_cell("减1")
    ('number', -1, '')
    >>> parse_cell("1,251.9")
    ('number', Decimal('1251.9'), '')
    >>> parse_cell("251000元")
    ('number', 251000, '元')
    """
    # The same small numbers stand in every report; what is longer is not worth keeping.
    return _looked_up(text) if len(text) <= _MAX_CHARS else _read(text)


def _read(text: str) -> CellContent:
    bare = text.strip()
    if not bare:
        return "blank", None, ""
    # A sentence that begins with a number would be tried in many ways (2 µs).
    may_be_number = bare[-1].isdecimal() or bare[-1] in _UNIT_ENDS
    match = _NUMBER.fullmatch(bare) if may_be_number else None
    if match is None:
        return ("text" if bare.strip(_NONE) else "none"), None, ""
    digits = match["number"].replace(",", "").replace("，", "")
    value = Decimal(digits) if "." in digits else int(digits)
    if match["sign"] and match["sign"][0] in "-减":
        value = -value
    return "number", value, match["unit"] or ""


_looked_up = lru_cache(maxsize=16384)(_read)
