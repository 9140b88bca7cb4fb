"""Statutory tables out of flattened text, cell by cell, aligned by the labels of the form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from mining.errors import LayerError
from mining.form import Form, RowSpec, TableLabels, TableSpec
from mining.report import Cell, Leftover, LogEntry, Report, Table, make_cell
from mining.settings import Settings
from mining.spans import Span
from mining.tabular.alignment import Anchor, Filling, fill_slots, match_labels
from mining.tabular.cellvalues import parse_cell
from mining.tabular.tabletext import Printed, Token, Tokens, tokenize

__all__ = ["extract_tables"]

_UNIT_WORDS = frozenset("条件次篇个人份元期名部项场") | {"万元", "人次", "场次", "单位", "——", "—"}
_MAX_EXTRA = 40
_SHORT_TEXT = 8
# A page number between two lines is no strange text.
_MIN_FOREIGN = 3
# So many rows with a line for each cell are no accident.
_MIN_REGULAR = 3
_DOUBT = 0.6
# A dash where no cell can be says nothing.
_DASHES = "—-－ "


class _PrintedRow(NamedTuple):
    """The tokens for the cells of a label, texts without a place, and the last token's position."""

    slots: list[Token]
    rest: list[Token]
    last: int
    doubtful: bool


def extract_tables(report: Report, form: Form, settings: Settings) -> Report:  # noqa: ARG001
    """Find the tables of the form in the text and read every cell.

    Nothing is guessed: a cell whose place is not certain gets a score below 1, a text without a
    place in the form is a leftover, a row without its label is missing and stays missing.

    Raises
    ------
    LayerError
        E301 when the sections are not computed yet.
    """
    if report.sections is None:
        msg = "tables need the sections"
        raise LayerError(msg, code="E301", path=report.id)
    tokens = tokenize(report.text if form.tables else "")
    texts = [i for i, printed in enumerate(tokens.printed) if printed.key]
    tables: list[Table] = []
    for spec in form.tables:
        reader = _values_table if spec.layout == "values" else _rows_table
        table = reader(report, spec, form.table_labels[spec.key], tokens, texts)
        if table is not None:
            tables.append(table)
    log = tuple(entry for table in tables for entry in _remarks(table))
    return replace(report, tables=tuple(tables), log=report.log + log)


def _remarks(table: Table) -> Iterable[LogEntry]:
    for leftover in table.leftovers:
        message = f"{table.key}: no place for {leftover.text!r}"
        yield LogEntry(stage="tables", code="leftover", message=message, span=leftover.span)
    for row in table.missing_rows:
        yield LogEntry(
            stage="tables", code="missing-row", message=f"{table.key}.{row}", span=table.span
        )


def _rows_table(
    report: Report,
    spec: TableSpec,
    labels: TableLabels,
    tokens: Tokens,
    texts: Sequence[int],
) -> Table | None:
    """Read a table whose rows begin with a label (layouts ``rows`` and ``indicators``)."""
    anchors = match_labels(tokens, labels, texts=texts)
    if len(anchors) < min(spec.min_rows, len(spec.rows)):
        return None
    parts = _printed_rows(tokens, anchors, spec, labels)
    regular = _is_regular(anchors, parts, spec)
    has_total = spec.columns[-1].key == "total"
    cells: list[Cell] = []
    leftovers: list[Leftover] = []
    for anchor, part in zip(anchors, parts, strict=True):
        row = spec.rows[anchor.row]
        if isinstance(part, int):
            cells.extend(_plain_cells(spec, row, tokens, part, anchor.score))
            continue
        filling = fill_slots(part.slots, len(row.columns), has_total=has_total, regular=regular)
        # A damaged label without its cells may be a remark, or a line that holds values too.
        is_short = anchor.how == "fuzzy" and len(part.slots) < len(row.columns)
        doubtful = part.doubtful or is_short
        score = min(anchor.score, _DOUBT) if doubtful else anchor.score
        cells.extend(_cells(spec, row, filling, score, tokens.end(anchor.last)))
        leftovers.extend(_leftover(t, row.key) for t in (*filling.extra, *part.rest))
    if not any(c.kind != "blank" or c.score == 1.0 for c in cells):
        # Labels alone are no table; blanks that were printed as cells are one.
        return None
    first = _region_start(tokens, anchors[0].first, labels)
    found = {anchor.row for anchor in anchors}
    missing = tuple(r.key for i, r in enumerate(spec.rows) if i not in found)
    last = _last_token(tokens, anchors[-1], parts[-1], spec)
    span = Span(tokens.starts[first], tokens.end(last))
    return _table(
        report,
        spec,
        cells=cells,
        span=span,
        has_rows=tokens.rows[anchors[0].first] >= 0,
        leftovers=leftovers,
        missing=missing,
    )


def _printed_rows(
    tokens: Tokens, anchors: Sequence[Anchor], spec: TableSpec, labels: TableLabels
) -> list[int | _PrintedRow]:
    """Return what stands behind each label, up to the next one; of a plain row the first cell."""
    ends = [*(a.first for a in anchors[1:]), len(tokens)]
    last = len(anchors) - 1
    parts: list[int | _PrintedRow] = []
    for i, (anchor, end) in enumerate(zip(anchors, ends, strict=True)):
        n_slots = len(spec.rows[anchor.row].columns)
        cell = _first_cell(tokens, anchor, end, labels, n_slots, is_last=i == last)
        if cell is None:
            part = _row_tokens(tokens, anchor, end, labels, n_slots, is_last=i == last)
            parts.append(part)
        else:
            parts.append(cell)
    return parts


def _first_cell(
    tokens: Tokens, anchor: Anchor, end: int, labels: TableLabels, n_slots: int, *, is_last: bool
) -> int | None:
    """Return where the cells of a plain row begin, and ``None`` for any other row.

    A plain row has a printed cell for each slot and nothing else that may belong to it; nearly
    every row of nearly every report is one. `_row_tokens` would find the same cells.
    """
    row = tokens.rows[anchor.last]
    begin = anchor.last + 1
    while begin < end and _is_unit(tokens.printed[begin], labels):
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
    return printed.mark == "t" and printed.text in _UNIT_WORDS and printed.key not in labels.headers


def _is_end(tokens: Tokens, begin: int, stop: int, row: int) -> bool:
    """Tell whether the last row is over behind its cells."""
    if row >= 0:
        return stop == len(tokens) or tokens.rows[stop] != row
    n_values = sum(1 for printed in tokens.printed[begin:stop] if printed.text)
    is_next_text = stop == len(tokens) or tokens.marks[stop] == "t"
    return n_values == stop - begin or (n_values > 0 and is_next_text)


def _is_idle(tokens: Tokens, first: int, end: int, row: int, labels: TableLabels) -> bool:
    """Tell whether nothing from `first` to the next label can belong to the row before."""
    closed = False
    for printed, there in zip(tokens.printed[first:end], tokens.rows[first:end], strict=True):
        if printed.mark == "t":
            if not _is_furniture(printed, labels):
                return False
            closed = closed or printed.key in labels.headers
        elif (not closed if row < 0 else there == row) or printed.text.strip(_DASHES):
            return False
    return True


def _is_regular(
    anchors: Sequence[Anchor], parts: Sequence[int | _PrintedRow], spec: TableSpec
) -> bool:
    """Tell whether every row but the last has a line for each cell: no blank was lost, then."""
    return len(parts) > _MIN_REGULAR and all(
        isinstance(part, int) or len(part.slots) == len(spec.rows[anchor.row].columns)
        for anchor, part in zip(anchors[:-1], parts[:-1], strict=True)
    )


def _last_token(tokens: Tokens, anchor: Anchor, part: int | _PrintedRow, spec: TableSpec) -> int:
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
) -> _PrintedRow:
    """Part the tokens after a label into slots and texts without a place."""
    row = tokens[anchor.last].row
    behind = [] if is_last else tokens[anchor.last + 1 : end]
    if not is_last and _are_cells(behind, row):
        return _PrintedRow(behind, [], end - 1, doubtful=False)
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
            if _is_furniture(token, labels) or _continues(token, row, labels.by_row[anchor.row]):
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
    return _PrintedRow(slots, rest[:_MAX_EXTRA], last, doubtful)


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


def _is_furniture(token: Token | Printed, labels: TableLabels) -> bool:
    """Tell whether a text is a header or part of one, a unit, or a note in parentheses."""
    text = token.text
    if token.key in labels.headers or text in _UNIT_WORDS or text[0] in "（(":
        return True
    return len(token.key) >= 2 and any(token.key in header for header in labels.headers)


def _region_start(tokens: Tokens, first: int, labels: TableLabels) -> int:
    """Go back from the first label over the headers that stand right before it."""
    start = first
    for position in range(first - 1, max(-1, first - 40), -1):
        printed = tokens.printed[position]
        if printed.mark == "t" and _is_furniture(printed, labels):
            start = position
        elif printed.text:
            break
    return start


def _values_table(
    report: Report,
    spec: TableSpec,
    labels: TableLabels,
    tokens: Tokens,
    texts: Sequence[int],
) -> Table | None:
    """Read a table that prints all headers first and then one line of values."""
    known = labels.everything
    heads = [i for i in texts if tokens.printed[i].key in known]
    best = _longest_run(heads)
    if len(best) < len(spec.columns):
        return None
    n_slots = sum(len(r.columns) for r in spec.rows)
    slots, last = _value_line(tokens, best[-1], n_slots, known)
    if not any(t.kind == "value" for t in slots) and not _is_blank_row(slots, n_slots):
        return None
    filling = fill_slots(slots, n_slots, has_total=False)
    end = tokens.end(best[-1])
    cells: list[Cell] = []
    position = 0
    for row in spec.rows:
        n = len(row.columns)
        part = Filling(
            filling.slots[position : position + n], filling.scores[position : position + n], ()
        )
        cells.extend(_cells(spec, row, part, 1.0, end))
        position += n
    leftovers = [_leftover(t, spec.rows[-1].key) for t in filling.extra]
    span = Span(tokens.starts[best[0]], tokens.end(last))
    return _table(
        report,
        spec,
        cells=cells,
        span=span,
        has_rows=tokens.rows[best[-1]] >= 0,
        leftovers=leftovers,
    )


def _is_blank_row(slots: Sequence[Token], n_slots: int) -> bool:
    """Tell whether a printed row of blanks, one for each slot, begins the tokens."""
    row = [t for t in slots if t.row == slots[0].row] if slots else []
    return len(row) == n_slots and row[0].row >= 0


def _longest_run(positions: Sequence[int], gap: int = 12) -> list[int]:
    runs: list[list[int]] = []
    for position in positions:
        if runs and position - runs[-1][-1] <= gap:
            runs[-1].append(position)
        else:
            runs.append([position])
    return max(runs, key=len, default=[])


def _value_line(
    tokens: Tokens, head: int, n_slots: int, known: frozenset[str]
) -> tuple[list[Token], int]:
    """Return the tokens of the line of values after the headers, and the last one's position."""
    slots: list[Token] = []
    last = head
    n_values = 0
    row = -1
    for position in range(head + 1, len(tokens)):
        token = tokens[position]
        if token.kind == "text" or (token.kind == "value" and row >= 0 and token.row != row):
            if token.key in known and not n_values:
                continue
            break
        if (
            not n_values
            and token.kind == "blank"
            and (token.row < 0 or token.row == tokens[head].row)
        ):
            # Blank header cells and gaps before the first value.
            continue
        if token.kind == "blank" and n_values and row < 0 and n_values >= n_slots:
            break
        row = token.row
        slots.append(token)
        n_values += token.kind == "value"
        last = position if token.kind == "value" else last
    return slots, last


def _plain_cells(
    spec: TableSpec, row: RowSpec, tokens: Tokens, first: int, score: float
) -> list[Cell]:
    """Return the cells of a plain row, the first of which is the token `first`."""
    table, key = spec.key, row.key
    stop = first + len(row.columns)
    cells: list[Cell] = []
    for column, printed, start in zip(
        row.columns, tokens.printed[first:stop], tokens.starts[first:stop], strict=True
    ):
        kind, value, unit = printed.content
        span = Span(start, start + printed.length)
        cells.append(make_cell(table, key, column, printed.text, kind, value, span, score, unit))
    return cells


def _cells(
    spec: TableSpec, row: RowSpec, filling: Filling, score: float, end: int
) -> Iterable[Cell]:
    """Yield the cells of one row; a lost cell is blank, unsure, and stands after its label."""
    table, key = spec.key, row.key
    for column, token, sure in zip(row.columns, filling.slots, filling.scores, strict=True):
        raw, start, stop = token[:3] if token else ("", end, end)
        kind, value, unit = parse_cell(raw)
        place = score if sure == 1.0 else min(score, sure)
        yield make_cell(table, key, column, raw, kind, value, Span(start, stop), place, unit)


def _leftover(token: Token, near: str) -> Leftover:
    return Leftover(span=Span(token.start, token.end), text=token.text, near=near)


def _table(
    report: Report,
    spec: TableSpec,
    *,
    cells: Sequence[Cell],
    span: Span,
    has_rows: bool,
    leftovers: Sequence[Leftover],
    missing: tuple[str, ...] = (),
) -> Table:
    section = report.section_at(span.start)
    return Table(
        key=spec.key,
        unit=spec.unit,
        cells=tuple(cells),
        span=span,
        section=section.key if section else "",
        style="rows" if has_rows else "lines",
        leftovers=tuple(leftovers),
        missing_rows=missing,
    )
