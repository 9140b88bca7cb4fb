"""What stands behind each label of a table: the cells of its row, and texts without a place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mining.form import TableLabels, TableSpec
from mining.tabular.alignment import Anchor
from mining.tabular.tabletext import Printed, Token, Tokens

__all__ = ["PrintedRow", "is_furniture", "is_regular", "last_token", "printed_rows"]

_UNIT_WORDS = frozenset("条件次篇个人份元期名部项场") | {"万元", "人次", "场次", "单位", "——", "—"}
_MAX_EXTRA = 40
_SHORT_TEXT = 8
# A page number between two lines is no strange text.
_MIN_FOREIGN = 3
# So many rows with a line for each cell are no accident.
_MIN_REGULAR = 3
# A dash where no cell can be says nothing.
_DASHES = "—-－ "


class PrintedRow(NamedTuple):
    """The tokens for the cells of a label, texts without a place, and the last token's position."""

    slots: list[Token]
    rest: list[Token]
    last: int
    doubtful: bool


def printed_rows(
    tokens: Tokens, anchors: Sequence[Anchor], spec: TableSpec, labels: TableLabels
) -> list[int | PrintedRow]:
    """Return what stands behind each label, up to the next one.

    A plain row has a printed cell for each slot and nothing else that may belong to it: nearly
    every row of nearly every report. Of these only the position of the first cell is returned.
    """
    marks, numbers, specs = tokens.marks, tokens.rows, spec.rows
    ends = [*[anchor[1] for anchor in anchors[1:]], len(tokens)]
    last = len(anchors) - 1
    parts: list[int | PrintedRow] = []
    for i, anchor in enumerate(anchors):
        row, _, label, _ = anchor
        begin, end = label + 1, ends[i]
        n_slots = len(specs[row].columns)
        # Three rows in four are cells from label to label, which takes no call to see.
        if i != last:
            if (
                begin + n_slots < end
                and marks[begin] == "t"
                and _is_unit(tokens.printed[begin], labels)
            ):
                begin += 1
            if (
                begin + n_slots == end
                and marks[begin:end] == "c" * n_slots
                and (numbers[label] < 0 or numbers[label] == numbers[end - 1])
            ):
                parts.append(begin)
                continue
        part: int | PrintedRow | None
        part = _first_cell(tokens, label, end, labels, n_slots, is_last=i == last)
        if part is None:
            part = _row_tokens(tokens, anchor, end, labels, n_slots, is_last=i == last)
        parts.append(part)
    return parts


def _first_cell(
    tokens: Tokens, label: int, end: int, labels: TableLabels, n_slots: int, *, is_last: bool
) -> int | None:
    """Return where the cells of a plain row begin, behind a label that ends at `label`.

    For any other row there is no such place. `_row_tokens` would find the same cells.
    """
    row = tokens.rows[label]
    begin = label + 1
    while begin < end and tokens.marks[begin] == "t" and _is_unit(tokens.printed[begin], labels):
        begin += 1
    stop = begin + n_slots
    if tokens.marks[begin:stop] != "c" * n_slots or (row >= 0 and tokens.rows[stop - 1] != row):
        return None
    if is_last:
        ended = _is_end(tokens, begin, stop, row)
    else:
        ended = stop == end or _is_idle(tokens, stop, end, row, labels)
    return begin if ended else None


def _is_unit(printed: Printed, labels: TableLabels) -> bool:
    return printed.text in _UNIT_WORDS and printed.key not in labels.headers


def _is_end(tokens: Tokens, begin: int, stop: int, row: int) -> bool:
    """Tell whether the last row is over behind its cells."""
    if row >= 0:
        return stop == len(tokens) or tokens.rows[stop] != row
    n_values = sum(1 for printed in tokens.printed[begin:stop] if printed.text)
    is_next_text = stop == len(tokens) or tokens.marks[stop] == "t"
    return n_values == stop - begin or (n_values > 0 and is_next_text)


def _is_idle(tokens: Tokens, first: int, end: int, row: int, labels: TableLabels) -> bool:
    """Tell whether nothing from `first` to the next label can belong to the row before."""
    if row >= 0 and not tokens.marks[first:end].strip("w"):
        # Empty lines, which stand in no row.
        return True
    closed = False
    for printed, there in zip(tokens.printed[first:end], tokens.rows[first:end], strict=True):
        if printed.mark == "t":
            if not is_furniture(printed, labels):
                return False
            closed = closed or printed.key in labels.headers
        elif (not closed if row < 0 else there == row) or printed.text.strip(_DASHES):
            return False
    return True


def is_regular(
    anchors: Sequence[Anchor], parts: Sequence[int | PrintedRow], spec: TableSpec
) -> bool:
    """Tell whether every row but the last has a line for each cell: no blank was lost, then."""
    return len(parts) > _MIN_REGULAR and all(
        isinstance(part, int) or len(part.slots) == len(spec.rows[anchor.row].columns)
        for anchor, part in zip(anchors[:-1], parts[:-1], strict=True)
    )


def last_token(tokens: Tokens, anchor: Anchor, part: int | PrintedRow, spec: TableSpec) -> int:
    """Return the last token of the last row that says something."""
    if not isinstance(part, int):
        return part.last
    last = part + len(spec.rows[anchor.row].columns) - 1
    while last > anchor.last and (last < part or not tokens.printed[last].text):
        last -= 1
    return last


def _row_tokens(
    tokens: Tokens,
    anchor: Anchor,
    end: int,
    labels: TableLabels,
    n_slots: int,
    *,
    is_last: bool,
) -> PrintedRow:
    """Part the tokens after a label into slots and texts without a place."""
    row = tokens[anchor.last].row
    behind = [] if is_last else tokens[anchor.last + 1 : end]
    if not is_last and _are_cells(behind, row):
        return PrintedRow(behind, [], end - 1, doubtful=False)
    slots: list[Token] = []
    rest: list[Token] = []
    last = anchor.last
    n_values = 0
    closed = doubtful = False
    for position in range(anchor.last + 1, end):
        token = tokens[position]
        if is_last and _table_is_over(token, row, n_values, n_slots):
            break
        if token.kind == "text":
            if is_furniture(token, labels) or _continues(token, row, labels.by_row[anchor.row]):
                closed = closed or token.key in labels.headers
            elif row >= 0 and token.row == row and len(token.text) <= _SHORT_TEXT:
                slots.append(token)
            else:
                rest.append(token)
                foreign = token.row == row and (row >= 0 or len(token.key) >= _MIN_FOREIGN)
                strange = row < 0 <= token.row
                # What follows a full row belongs to a row that the form does not know; before
                # that nobody can tell a strange row from a remark.
                doubtful = doubtful or (n_values < n_slots and (foreign or strange))
                closed = closed or strange or (foreign and n_values >= n_slots)
            continue
        if closed or (row >= 0 and token.row != row):
            # A value behind a header belongs to no row of the form.
            if token.text.strip(_DASHES):
                rest.append(token)
            continue
        slots.append(token)
        n_values += token.kind == "value"
        last = position if token.kind == "value" or not is_last else last
    if row < 0 and len(slots) + len(rest) == n_slots and all(map(_may_be_cell, rest)):
        # Words where numbers belong (若干): they fill just the places that are left.
        slots, rest = sorted(slots + rest, key=lambda t: t.start), []
    return PrintedRow(slots, rest[:_MAX_EXTRA], last, doubtful)


def _are_cells(tokens: Sequence[Token], row: int) -> bool:
    """Tell whether what stands behind a label is cells of its own row and nothing else."""
    return not [t for t in tokens if t.kind == "text" or t.row != row >= 0]


def _may_be_cell(token: Token) -> bool:
    """Tell whether a strange line may be a cell: a short word, no page number and no label."""
    return len(token.text) <= _SHORT_TEXT and not any(c.isdigit() for c in token.text)


def _table_is_over(token: Token, row: int, n_values: int, n_slots: int) -> bool:
    """Tell whether the last row has ended: another printed row, running text, or all slots full."""
    if row >= 0:
        return token.row != row
    is_unit = token.text in _UNIT_WORDS and not n_values
    return (token.kind == "text" and not is_unit) or n_values >= n_slots


def _continues(token: Token, row: int, labels: Sequence[str]) -> bool:
    """Tell whether a line is a later part of a label that was broken into lines."""
    return row < 0 and len(token.key) >= _MIN_FOREIGN and any(token.key in key for key in labels)


def is_furniture(token: Token | Printed, labels: TableLabels) -> bool:
    """Tell whether a text is a header or part of one, a unit, or a note in parentheses."""
    text = token.text
    if token.key in labels.headers or text in _UNIT_WORDS or text[0] in "（(":
        return True
    return len(token.key) >= 2 and any(token.key in header for header in labels.headers)
