"""Lists of parts whose total follows them, with a word that says so."""

from __future__ import annotations

import re

from mining.report import Breakdown, Figure, Number
from mining.steps.counts import MOST_PARTS, Counts, adds_up, make_breakdown

__all__ = ["LONGEST_TRAILING", "find_trailing"]

_TRAILING = re.compile(
    r"[)）]?(?P<open>等)?[,，、；;]?\s?(?:以上|两项|三项|各项|总数)?(?P<marker>共计|合计|总计|总共|加起来|合起来|共)(?:有|为|是)?[:：]?$"
)
# No words that lead to such a total are longer.
LONGEST_TRAILING = 12
_NUMBER_OF_PARTS = re.compile("[两三四五六]项")
_ENDS_PARTS = re.compile(r"[；;]|其中|共")


def find_trailing(counts: Counts, index: int) -> Breakdown | None:
    """Return the parts before a trailing total: A88件、B3件，共91件.

    Parameters
    ----------
    counts
        The figures that can be totals or parts.
    index
        The place of the one that may be such a total, with two before it.
    """
    figures = counts.figures
    marker = _TRAILING.match(counts.text, counts.ends[index - 1], counts.starts[index])
    if marker is None:
        return None
    total, depth = figures[index], counts.depths[index]
    parts: list[Figure] = []
    told: Number = 0
    # 两项共30条 counts the parts themselves.
    last = index - 1 - bool(_NUMBER_OF_PARTS.fullmatch(figures[index - 1].span.of(counts.text)))
    for at in range(last, max(-1, index - 1 - MOST_PARTS), -1):
        figure = figures[at]
        if counts.sentences[at] != counts.sentences[index] or not adds_up(total, figure):
            break
        if parts and _ENDS_PARTS.search(counts.gap(at, at + 1)):
            break
        if counts.depths[at] == depth:
            parts.insert(0, figure)
            told += figure.quantity.value
        if told == total.quantity.value and len(parts) > 1:
            break
    if len(parts) < 2:
        return None
    word = "共" if marker["marker"] == "总共" else marker["marker"]
    return make_breakdown(total, parts, closed=not marker["open"], marker=word)
