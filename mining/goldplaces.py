"""Places for gold that has none: where a run found what the gold names.

A web page, a Word file and a PDF have no text of their own that gold could point into. What such
gold names is looked up among the rows of the run: a section by its key and title, a figure by its
section, its words and how often they came before. What the run lacks gets a place before the
text, so that it counts as missed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from mining.textkeys import heading_key

__all__ = ["has_places", "place_gold"]

_Row = Mapping[str, Any]
_BLANKS = re.compile(r"\s")


def has_places(gold: _Row) -> bool:
    """Tell whether a gold document says where things stand."""
    return all(section["start"] is not None for section in gold["sections"])


def place_gold(gold: _Row, run: Mapping[str, Sequence[_Row]]) -> dict[str, Any]:
    """Return a gold document whose sections and figures have the places of the run's rows.

    Parameters
    ----------
    gold
        A gold document without places.
    run
        Rows of one report by table name.

    Examples
    --------
    >>> gold = {"sections": [{"key": "other", "title": "六、其他", "start": None, "end": None}],
    ...         "figures": []}
    >>> row = {"section": "other", "title": "其他", "start": 90, "end": 120}
    >>> place_gold(gold, {"sections": [row], "figures": []})["sections"][0]["start"]
    90
    """
    return {
        **gold,
        "sections": _place(gold["sections"], run["sections"], names=("key", "title")),
        "figures": _place(gold["figures"], run["figures"], names=("section", "text")),
    }


def _place(
    gold: Sequence[_Row], rows: Sequence[_Row], *, names: tuple[str, str]
) -> list[dict[str, Any]]:
    """Pair items with rows of the same section and words, in order."""
    section, words = names
    bare = heading_key if words == "title" else _bare
    there: dict[tuple[str, str], list[_Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda r: int(r["start"]), reverse=True):
        there[row["section"], bare(row[words] or "")].append(row)
    out = []
    for number, item in enumerate(gold, start=1):
        found = there.get((item[section], bare(item[words]))) or _nearby(item, there, names)
        row = found.pop() if found else {"start": -2 * number, "end": 1 - 2 * number}
        out.append({**item, "start": row["start"], "end": row["end"]})
    return out


def _nearby(
    item: _Row, there: Mapping[tuple[str, str], list[_Row]], names: tuple[str, str]
) -> list[_Row]:
    """Return rows of a statement of none, whose exact words are a matter of taste."""
    if item.get("claim") != "none":
        return []
    told = _bare(item[names[1]])
    return next(
        (
            rows
            for (section, words), rows in there.items()
            if rows and words and section == item[names[0]] and (words in told or told in words)
        ),
        [],
    )


def _bare(text: str) -> str:
    return _BLANKS.sub("", text)
