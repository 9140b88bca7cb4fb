"""Which token is which label of a form, and which value fills which slot.

Labels are matched first, as the longest run that keeps the form's order (Hunt and Szymanski 1977,
a longest common subsequence by way of a longest increasing one); values are then counted only
between two labels, so a lost blank can never shift the next row.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any, NamedTuple

from mining.form import TableLabels
from mining.tabular.tabletext import Token, Tokens

__all__ = ["Anchor", "Filling", "fill_slots", "match_labels"]

# Labels of one table stand close together: a longer way without any label ends the table.
_MAX_GAP = 60
# Before the first and after the last sure label, so many damaged ones are looked for, so far away.
_OUTER_GAP = 24
_OUTER_ROWS = 4
# Shorter labels must match to the letter.
_MIN_LABEL, _MIN_PRINTED = 6, 5
_PART_SCORES = {"exact": 1.0, "joined": 0.97, "fuzzy": 0.9}
_BLANK_LINE, _UNSURE, _GUESS = 0.95, 0.6, 0.4
# The rows that a printed label may belong to, its first and last token, and how it was found.
_Hit = tuple[tuple[int, ...], int, int, str]


class Anchor(NamedTuple):
    """Row `row` of the form is printed by the tokens ``[first, last]``."""

    row: int
    first: int
    last: int
    how: str

    @property
    def score(self) -> float:
        """How sure the label is."""
        return _PART_SCORES[self.how]


class Filling(NamedTuple):
    """Tokens for the slots of one row (``None`` for a lost cell), a score each, and the rest."""

    slots: tuple[Token | None, ...]
    scores: tuple[float, ...]
    extra: tuple[Token, ...]


def match_labels(tokens: Tokens, labels: TableLabels, *, texts: Sequence[int]) -> list[Anchor]:
    """Match tokens to rows, keeping the order of both.

    Parameters
    ----------
    tokens
        The cells in reading order.
    labels
        Label keys of the table.
    texts
        Positions of the tokens whose key is a label of the form, or the beginning of one.

    Returns
    -------
    list of Anchor
        The anchors of the densest part of the text, in order.
    """
    hits = _hits(tokens, labels, texts)
    chain = _complete(hits, labels.n_rows) or _increasing(hits)
    anchors = _densest(chain)
    return _with_fuzzy(tokens, anchors, labels) if anchors else anchors


def _hits(tokens: Tokens, labels: TableLabels, texts: Sequence[int]) -> list[_Hit]:
    """Return the tokens that print a label: rows it may belong to, first and last token, how."""
    hits: list[_Hit] = []
    printed, rows, heads = tokens.printed, labels.rows, labels.heads
    for i in texts:
        key = printed[i].key
        found = rows.get(key)
        if found is not None:
            hits.append((found, i, i, "exact"))
        elif key in heads and i + 1 < len(printed):
            more = printed[i + 1].key
            found = rows.get(key + more) if more else None
            if found is not None:
                hits.append((found, i, i + 1, "joined"))
    return hits


def _complete(hits: Sequence[_Hit], n_rows: int) -> list[Anchor]:
    """Return the run that has every row, or an empty one; the same that `_increasing` finds.

    Nearly every table has all its rows. Then the run that ends in a row can only go on with the
    next one, which needs no search.
    """
    if len(hits) < n_rows:
        return []
    # For each row the latest run of all rows up to it: the run before, and the last hit.
    runs: list[Any] = [()] + [None] * n_rows
    for hit in hits:
        for row in reversed(hit[0]):
            if runs[row] is not None:
                runs[row + 1] = runs[row], hit
    chain: list[Anchor] = []
    run = runs[n_rows]
    while run:
        run, (_, first, last, how) = run
        n_rows -= 1
        # What `Anchor(...)` does, in half the time.
        chain.append(tuple.__new__(Anchor, (n_rows, first, last, how)))
    return chain[::-1]


def _increasing(hits: Sequence[_Hit]) -> list[Anchor]:
    """Return the longest run of anchors with strictly rising rows."""
    # The rows of one token descend, so that no run has two of them.
    single = [(row, first, last, how) for rows, first, last, how in hits for row in reversed(rows)]
    tails: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for i, hit in enumerate(single):
        row = hit[0]
        place = bisect_left(tails, row)
        previous.append(ends[place - 1] if place else -1)
        if place == len(tails):
            tails.append(row)
            ends.append(i)
        else:
            tails[place] = row
            ends[place] = i
    chain: list[Anchor] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        chain.append(tuple.__new__(Anchor, single[index]))
        index = previous[index]
    return chain[::-1]


def _densest(anchors: list[Anchor]) -> list[Anchor]:
    gaps = [after[1] - before[2] for before, after in itertools.pairwise(anchors)]
    if not gaps or max(gaps) <= _MAX_GAP:
        return anchors
    ends = [i for i, gap in enumerate(gaps, 1) if gap > _MAX_GAP]
    groups = [anchors[i:j] for i, j in itertools.pairwise([0, *ends, len(anchors)])]
    return max(groups, key=len)


def _with_fuzzy(tokens: Tokens, anchors: list[Anchor], labels: TableLabels) -> list[Anchor]:
    """Add rows whose labels are damaged, each between the two sure labels around it."""
    n_rows = labels.n_rows
    if len(anchors) == n_rows:
        return anchors
    ends = Anchor(-1, -1, -1, "exact"), Anchor(n_rows, len(tokens), len(tokens), "exact")
    out: list[Anchor] = []
    for before, after in itertools.pairwise((ends[0], *anchors, ends[1])):
        out.append(before)
        first, last = before.last + 1, after.first
        rows = range(before.row + 1, after.row)
        # A table that begins late or ends early was printed in part: only its edge may be damaged.
        if before is ends[0]:
            first, rows = max(first, last - _OUTER_GAP), rows[-_OUTER_ROWS:]
        if after is ends[1]:
            last, rows = min(last, first + _OUTER_GAP), rows[:_OUTER_ROWS]
        if rows:
            out.extend(_fuzzy_between(tokens, _free(tokens, first, last, labels), rows, labels))
    return out[1:]


def _free(tokens: Tokens, first: int, last: int, labels: TableLabels) -> list[int]:
    """Return the positions of texts that may be damaged labels."""
    return [
        i
        for i, it in enumerate(tokens.printed[first:last], first)
        if len(it.key) >= _MIN_PRINTED and it.key not in labels.headers
    ]


def _fuzzy_between(
    tokens: Tokens, free: list[int], rows: range, labels: TableLabels
) -> list[Anchor]:
    found: list[Anchor] = []
    for row in rows:
        for position, i in enumerate(free):
            if any(_alike(tokens.printed[i].key, key) for key in labels.by_row[row]):
                found.append(Anchor(row, i, i, "fuzzy"))
                free = free[position + 1 :]
                break
    return found


def _alike(printed: str, label: str) -> bool:
    """Tell whether a damaged label is meant: most of its characters, in order.

    Short labels must match to the letter: 其他 and 其它, or 总计 and 合计, are other words.
    """
    if len(label) < _MIN_LABEL or len(printed) < _MIN_PRINTED:
        return False
    if len(printed) >= 8 and (printed in label or label in printed):
        return True
    # Imported here: only damaged tables need it.
    from rapidfuzz.fuzz import ratio  # noqa: PLC0415

    return bool(ratio(printed, label) >= 85)


def fill_slots(
    tokens: Sequence[Token], n_slots: int, *, has_total: bool, regular: bool = False
) -> Filling:
    """Give the tokens after a label to its slots.

    Parameters
    ----------
    tokens
        Values and blanks between this label and the next, in order.
    n_slots
        How many cells the row has.
    has_total
        Whether the last slot is the sum of the others, which helps when cells were lost.
    regular
        Whether the rows around this one print a line for each cell, blank ones too.

    Returns
    -------
    Filling
        With scores below 1 wherever the place of a value is not certain.
    """
    if regular and len(tokens) >= n_slots and all(t.kind == "blank" for t in tokens[n_slots:]):
        return Filling(tuple(tokens[:n_slots]), (1.0,) * n_slots, ())
    strong = tuple([t for t in tokens if not t.weak])
    if len(strong) == n_slots:
        return Filling(strong, (1.0,) * n_slots, ())
    values = [t for t in tokens if t.kind != "blank"]
    for kept, score in _readings(tokens, values):
        if len(kept) == n_slots:
            return Filling(tuple(kept), (score,) * n_slots, ())
    if not values:
        # A row of blanks only: how many of them were printed does not matter. A label without
        # anything behind it may be the header of another table, or have lost its values.
        blanks = (*tokens[:n_slots], *[None] * (n_slots - len(tokens[:n_slots])))
        return Filling(blanks, (_BLANK_LINE if tokens else _UNSURE,) * n_slots, ())
    if len(values) > n_slots:
        return Filling(tuple(values[:n_slots]), (_GUESS,) * n_slots, tuple(values[n_slots:]))
    return _short(values, n_slots, has_total=has_total)


def _readings(
    tokens: Sequence[Token], values: Sequence[Token]
) -> list[tuple[Sequence[Token], float]]:
    """Return the ways to count cells when the printed ones are not as many, surest first.

    Printed blanks count as cells; empty lines may be cells or gaps, and at the end of a row they
    are more likely gaps.
    """
    trimmed = list(tokens)
    while trimmed and trimmed[-1].weak:
        trimmed.pop()
    every = _UNSURE if values else _BLANK_LINE
    return [(values, 1.0), (trimmed, _BLANK_LINE), (tokens, every)]


def _short(values: Sequence[Token], n_slots: int, *, has_total: bool) -> Filling:
    """Place too few values: the last one into the total, the others from the left, all unsure."""
    slots: list[Token | None] = [None] * n_slots
    scores = [_GUESS] * n_slots
    rest = list(values)
    if has_total and rest:
        slots[-1] = rest.pop()
        scores[-1] = _UNSURE
    for i, token in enumerate(rest):
        slots[i] = token
    return Filling(tuple(slots), tuple(scores), ())
