"""How figures, statements of none and links of a reading agree with those of gold.

Gold and reading are rows with the columns of the table ``figures``; gold rows have ``claim``,
``cells``, ``loose`` and ``optional`` besides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from mining.tally import Outcome, Tally, compare

__all__ = [
    "Place",
    "Row",
    "count_figures",
    "count_links",
    "count_nones",
    "is_none",
    "number",
    "overlap",
    "overlaps_any",
    "place",
    "scored_rows",
]

Row = Mapping[str, Any]
Place = tuple[int, int]

_NUMERAL = re.compile(r"[0-9０-９一二三四五六七八九十两百千万亿零〇半]")


def place(row: Row) -> Place:
    """Return the span of a row."""
    return int(row["start"]), int(row["end"])


def number(value: object) -> Decimal | None:
    """Return any number of a table or of JSON in one comparable form."""
    return None if value is None else Decimal(str(value)).normalize()


def overlap(one: Row, other: Row) -> bool:
    """Tell whether two rows share at least one character."""
    return bool(one["start"] < other["end"] and other["start"] < one["end"])


def overlaps_any(row: Row, others: Iterable[Row]) -> bool:
    """Tell whether a row shares a character with one of `others`."""
    return any(overlap(row, other) for other in others)


def is_none(row: Row) -> bool:
    """Tell whether a figure of a run is a statement of none without a number."""
    if "claim" in row:
        return bool(row["claim"] == "none")
    return number(row["value"]) == 0 and not _NUMERAL.search(row["text"])


def scored_rows(gold: Sequence[Row], rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Return the numbers that are to be found, and the numbers found that are judged."""
    free = [f for f in gold if f["optional"]]
    wanted = [f for f in gold if f["claim"] == "number" and not f["optional"]]
    return wanted, [r for r in rows if not is_none(r) and not overlaps_any(r, free)]


def count_figures(gold: Sequence[Row], rows: Sequence[Row]) -> dict[str, Outcome]:
    """Compare numbers by span (``figures``), and by span, value, unit and approximation."""
    wanted, found = scored_rows(gold, rows)
    return {
        "figures": compare(set(map(place, wanted)), set(map(place, found))),
        "figures_full": compare(set(map(_wholly, wanted)), set(map(_wholly, found))),
    }


def _wholly(row: Row) -> tuple[int, int, Decimal | None, str, str]:
    return (*place(row), number(row["value"]), row["unit"] or "", row["approx"] or "")


def count_nones(gold: Sequence[Row], rows: Sequence[Row]) -> Outcome:
    """Count the statements of none that were seen; where they start is a matter of taste."""
    wanted = [f for f in gold if f["claim"] == "none" and not f["optional"]]
    zeros = [r for r in rows if number(r["value"]) == 0]
    told = [f for f in wanted if overlaps_any(f, zeros)]
    missed = tuple(place(f) for f in wanted if f not in told)
    return Outcome(Tally(len(wanted), len(told), len(told)), missed)


def count_links(
    gold: Sequence[Row], rows: Sequence[Row], is_judged: Callable[[str], bool]
) -> Outcome:
    """Compare links; `is_judged` tells of an address whether gold could have named it."""
    free = [f for f in gold if f["loose"] or f["optional"]]
    wanted = [f for f in gold if f["cells"] and f not in free]
    links = [
        r
        for r in rows
        if r.get("cell")
        and is_judged(str(r["cell"]))
        and (any(_same_link(f, r) for f in wanted) or not overlaps_any(r, free))
    ]
    hits = [f for f in wanted if any(_same_link(f, r) for r in links)]
    right = [r for r in links if any(_same_link(f, r) for f in wanted)]
    # One figure of the gold may be told in several rows (a joint statement of none).
    return Outcome(
        Tally(len(wanted), len(links) - len(right) + len(hits), len(hits)),
        tuple((f["text"], f["cell"]) for f in wanted if f not in hits),
        tuple((r["text"], r["cell"]) for r in links if r not in right),
    )


def _same_link(gold: Row, row: Row) -> bool:
    near = place(gold) == place(row) if gold["claim"] == "number" else overlap(gold, row)
    return near and row["cell"] in gold["cells"]
