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
from mining.tabular.tabletext import Token, tokenize

__all__ = ["extract_tables"]

_UNIT_WORDS = frozenset("条件次篇个人份元期名部项场") | {"万元", "人次", "场次", "单位", "——", "—"}
_MAX_EXTRA = 40
_SHORT_TEXT = 8
# A page number between two lines is no strange text.
_MIN_FOREIGN = 3
# So many rows with a line for each cell are no accident.
_MIN_REGULAR = 3
_DOUBT = 0.6


class _PrintedRow(NamedTuple):
    """A label, the tokens for its cells, texts without a place, and the last token's position."""

    anchor: Anchor
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
    tokens = tokenize(report.text) if form.tables else []
    texts = [i for i, token in enumerate(tokens) if token.key]
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
    tokens: Sequence[Token],
    texts: Sequence[int],
) -> Table | None:
    """Read a table whose rows begin with a label (layouts ``rows`` and ``indicators``)."""
    anchors = match_labels(tokens, labels, texts=texts)
    if len(anchors) < min(spec.min_rows, len(spec.rows)):
        return None
    printed = _printed_rows(tokens, anchors, spec, labels)
    regular = _is_regular(printed, spec)
    has_total = spec.columns[-1].key == "total"
    cells: list[Cell] = []
    leftovers: list[Leftover] = []
    for part in printed:
        row = spec.rows[part.anchor.row]
        filling = fill_slots(part.slots, len(row.columns), has_total=has_total, regular=regular)
        # A damaged label without its cells may be a remark, or a line that holds values too.
        is_short = part.anchor.how == "fuzzy" and len(part.slots) < len(row.columns)
        doubtful = part.doubtful or is_short
        score = min(part.anchor.score, _DOUBT) if doubtful else part.anchor.score
        cells.extend(_cells(spec, row, filling, score, tokens[part.anchor.last].end))
        leftovers.extend(_leftover(t, row.key) for t in (*filling.extra, *part.rest))
    if not any(c.kind != "blank" or c.score == 1.0 for c in cells):
        # Labels alone are no table; blanks that were printed as cells are one.
        return None
    first = _region_start(tokens, anchors[0].first, labels)
    found = {anchor.row for anchor in anchors}
    missing = tuple(r.key for i, r in enumerate(spec.rows) if i not in found)
    span = Span(tokens[first].start, tokens[printed[-1].last].end)
    return _table(
        report,
        spec,
        cells=cells,
        span=span,
        has_rows=tokens[anchors[0].first].row >= 0,
        leftovers=leftovers,
        missing=missing,
    )


def _printed_rows(
    tokens: Sequence[Token], anchors: Sequence[Anchor], spec: TableSpec, labels: TableLabels
) -> list[_PrintedRow]:
    """Return what stands behind each label, up to the next one."""
    ends = [*(a.first for a in anchors[1:]), len(tokens)]
    last = len(anchors) - 1
    return [
        _row_tokens(
            tokens, anchor, end, labels, len(spec.rows[anchor.row].columns), is_last=i == last
        )
        for i, (anchor, end) in enumerate(zip(anchors, ends, strict=True))
    ]


def _is_regular(printed: Sequence[_PrintedRow], spec: TableSpec) -> bool:
    """Tell whether every row but the last has a line for each cell: no blank was lost, then."""
    return len(printed) > _MIN_REGULAR and all(
        len(part.slots) == len(spec.rows[part.anchor.row].columns) for part in printed[:-1]
    )


def _row_tokens(
    tokens: Sequence[Token],
    anchor: Anchor,
    end: int,
    labels: TableLabels,
    n_slots: int,
    *,
    is_last: bool,
) -> _PrintedRow:
    """Part the tokens after a label into slots and texts without a place."""
    row = tokens[anchor.last].row
    if not is_last and _are_cells(tokens[anchor.last + 1 : end], row):
        # Nearly every row of nearly every report.
        return _PrintedRow(anchor, [*tokens[anchor.last + 1 : end]], [], end - 1, doubtful=False)
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
            # A value behind a header belongs to no row of the form; a dash there says nothing.
            if token.text.strip("—-－ "):
                rest.append(token)
            continue
        slots.append(token)
        n_values += token.kind == "value"
        last = position if token.kind == "value" or not is_last else last
    if row < 0 and len(slots) + len(rest) == n_slots and all(map(_may_be_cell, rest)):
        # Words where numbers belong (若干): they fill just the places that are left.
        slots, rest = sorted(slots + rest, key=lambda t: t.start), []
    return _PrintedRow(anchor, slots, rest[:_MAX_EXTRA], last, doubtful)


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


def _is_furniture(token: Token, labels: TableLabels) -> bool:
    """Tell whether a text is a header or part of one, a unit, or a note in parentheses."""
    text = token.text
    if token.key in labels.headers or text in _UNIT_WORDS or text[0] in "（(":
        return True
    return len(token.key) >= 2 and any(token.key in header for header in labels.headers)


def _region_start(tokens: Sequence[Token], first: int, labels: TableLabels) -> int:
    """Go back from the first label over the headers that stand right before it."""
    start = first
    for position in range(first - 1, max(-1, first - 40), -1):
        token = tokens[position]
        if token.kind == "text" and _is_furniture(token, labels):
            start = position
        elif token.kind != "blank":
            break
    return start


def _values_table(
    report: Report,
    spec: TableSpec,
    labels: TableLabels,
    tokens: Sequence[Token],
    texts: Sequence[int],
) -> Table | None:
    """Read a table that prints all headers first and then one line of values."""
    known = labels.everything
    heads = [i for i in texts if tokens[i].key in known]
    best = _longest_run(heads)
    if len(best) < len(spec.columns):
        return None
    n_slots = sum(len(r.columns) for r in spec.rows)
    slots, last = _value_line(tokens, best[-1], n_slots, known)
    if not any(t.kind == "value" for t in slots) and not _is_blank_row(slots, n_slots):
        return None
    filling = fill_slots(slots, n_slots, has_total=False)
    end = tokens[best[-1]].end
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
    span = Span(tokens[best[0]].start, tokens[last].end)
    return _table(
        report,
        spec,
        cells=cells,
        span=span,
        has_rows=tokens[best[-1]].row >= 0,
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
    tokens: Sequence[Token], head: int, n_slots: int, known: frozenset[str]
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
