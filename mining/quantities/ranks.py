"""Ordinals that tell a rank, and so a quantity."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mining.numerals import read_numeral
from mining.quantities.approximation import make_quantity
from mining.quantity import Quantity

__all__ = ["find_ranks"]

_RANK = re.compile(
    r"第\s?(?P<n>[0-9]{1,4}|[零〇一二三四五六七八九十百两]{1,4})(?:\s?(?P<unit>[名位]))?"
)
_RANK_VERB = re.compile(r"(?:排名|位列|位居|名列|位次|列|居|排|跃升)[^,，。；;\n]{0,10}$")
_RANK_END = re.compile(r"[,，。；;、)）!！\s]|$")
_FIRST_PLACE = re.compile(r"[放摆][在到]$")


def find_ranks(text: str, shift: int) -> Iterator[tuple[int, int, Quantity]]:
    """Find ranks (第3名, 位列全市第二); other ordinals are names."""
    for match in _RANK.finditer(text):
        numeral = read_numeral(match["n"])
        before = text[max(0, match.start() - 16) : match.start()]
        if numeral is None or _FIRST_PLACE.search(before):
            continue
        is_rank = match["unit"] == "名" or _RANK_VERB.search(before)
        if is_rank and _RANK_END.match(text, match.end()):
            quantity = make_quantity(numeral.value, step=1, unit=match["unit"] or "")
            yield match.start() + shift, match.end() + shift, quantity
