"""Statutory tables out of flattened text, cell by cell, aligned by the labels of the form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mining.errors import LayerError
from mining.form import Form, RowSpec, TableLabels, TableSpec
from mining.frozen import draft
from mining.report import Cell, Leftover, LogEntry, Report, Table, change_report, make_cell
from mining.settings import Settings
from mining.spans import Span, one_wide
from mining.tabular.alignment import Anchor, Filling, fill_slots, match_labels
from mining.tabular.cellvalues import parse_cell
from mining.tabular.printedrows import (
    PrintedRow,
    is_furniture,
    is_regular,
    last_token,
    printed_rows,
)
from mining.tabular.tabletext import Token, Tokens, tokenize

__all__ = ["extract_tables"]

_DOUBT = 0.6
_CellDraft = draft(Cell)


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
    texts = tokens.labels(form.table_words)
    tables: list[Table] = []
    for spec in form.tables:
        reader = _values_table if spec.layout == "values" else _rows_table
        table = reader(report, spec, form.table_labels[spec.key], tokens, texts)
        if table is not None:
            tables.append(table)
    log = tuple(entry for table in tables for entry in _remarks(table))
    return change_report(report, tables=tuple(tables), log=report.log + log)


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
    parts = printed_rows(tokens, anchors, spec, labels)
    cells, leftovers = _row_cells(tokens, anchors, parts, spec)
    if not any(c.kind != "blank" or c.score == 1.0 for c in cells):
        # Labels alone are no table; blanks that were printed as cells are one.
        return None
    first = _region_start(tokens, anchors[0].first, labels)
    missing: tuple[str, ...] = ()
    if len(anchors) < len(spec.rows):
        found = {anchor.row for anchor in anchors}
        missing = tuple([r.key for i, r in enumerate(spec.rows) if i not in found])
    last = last_token(tokens, anchors[-1], parts[-1], spec)
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


def _row_cells(
    tokens: Tokens, anchors: Sequence[Anchor], parts: Sequence[int | PrintedRow], spec: TableSpec
) -> tuple[list[Cell], list[Leftover]]:
    """Return the cells of all rows, and what has no place."""
    cells: list[Cell] = []
    leftovers: list[Leftover] = []
    regular: bool | None = None
    for anchor, part in zip(anchors, parts, strict=True):
        row = spec.rows[anchor[0]]
        if isinstance(part, int):
            _add_plain(cells, spec, row, tokens, part, anchor.score)
            continue
        if regular is None:
            regular = is_regular(anchors, parts, spec)
        has_total = spec.columns[-1].key == "total"
        filling = fill_slots(part.slots, len(row.columns), has_total=has_total, regular=regular)
        # A damaged label without its cells may be a remark, or a line that holds values too.
        is_short = anchor.how == "fuzzy" and len(part.slots) < len(row.columns)
        doubtful = part.doubtful or is_short
        score = min(anchor.score, _DOUBT) if doubtful else anchor.score
        cells.extend(_cells(spec, row, filling, score, tokens.end(anchor.last)))
        leftovers.extend(_leftover(t, row.key) for t in (*filling.extra, *part.rest))
    return cells, leftovers


def _region_start(tokens: Tokens, first: int, labels: TableLabels) -> int:
    """Go back from the first label over the headers that stand right before it."""
    start = first
    for position in range(first - 1, max(-1, first - 40), -1):
        printed = tokens.printed[position]
        if printed.mark == "t" and is_furniture(printed, labels):
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
    found = _value_cells(tokens, best[-1], spec, known)
    if found is None:
        return None
    cells, last, leftovers = found
    span = Span(tokens.starts[best[0]], tokens.end(last))
    return _table(
        report,
        spec,
        cells=cells,
        span=span,
        has_rows=tokens.rows[best[-1]] >= 0,
        leftovers=leftovers,
    )


def _value_cells(
    tokens: Tokens, head: int, spec: TableSpec, known: frozenset[str]
) -> tuple[list[Cell], int, list[Leftover]] | None:
    """Return the cells of the line of values after the headers, its last token, and leftovers."""
    n_slots = sum(len(r.columns) for r in spec.rows)
    cells: list[Cell] = []
    first = _first_value(tokens, head, n_slots)
    if first is not None:
        for row in spec.rows:
            _add_plain(cells, spec, row, tokens, first + len(cells), 1.0)
        return cells, first + n_slots - 1, []
    slots, last = _value_line(tokens, head, n_slots, known)
    if not any(t.kind == "value" for t in slots) and not _is_blank_row(slots, n_slots):
        return None
    filling = fill_slots(slots, n_slots, has_total=False)
    for row in spec.rows:
        here = slice(len(cells), len(cells) + len(row.columns))
        part = Filling(filling.slots[here], filling.scores[here], ())
        cells.extend(_cells(spec, row, part, 1.0, tokens.end(head)))
    return cells, last, [_leftover(t, spec.rows[-1].key) for t in filling.extra]


def _first_value(tokens: Tokens, head: int, n_slots: int) -> int | None:
    """Return where the values begin, when one for each slot and nothing else is in their line.

    Nearly every report has them so; `_value_line` would find the same.
    """
    printed, rows = tokens.printed, tokens.rows
    first = head + 1
    while first < len(printed) and not printed[first].text and rows[first] in {-1, rows[head]}:
        first += 1
    stop = first + n_slots
    if not n_slots or tokens.marks[first:stop] != "c" * n_slots:
        return None
    row = rows[first]
    if rows[first:stop].count(row) < n_slots or not all(it.text for it in printed[first:stop]):
        return None
    if stop == len(printed) or tokens.marks[stop] == "t":
        return first
    ended = bool(printed[stop].text) and rows[stop] != row if row >= 0 else not printed[stop].text
    return first if ended else None


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


def _add_plain(  # noqa: PLR0917 - by position, as it is called for nearly every row
    cells: list[Cell], spec: TableSpec, row: RowSpec, tokens: Tokens, first: int, score: float
) -> None:
    """Add the cells of a plain row, the first of which is the token `first`."""
    table, key = spec.key, row.key
    says, starts, shared = tokens.printed, tokens.starts, one_wide()
    kept = len(shared)
    for position, column in enumerate(row.columns, first):
        printed, start = says[position], starts[position]
        length = printed.length
        # Written out instead of called: half the time, in a report of 140 cells.
        cell = _CellDraft()
        cell.table = table
        cell.row = key
        cell.column = column
        cell.raw = printed.text
        cell.kind, cell.value, cell.unit = printed.content
        is_shared = length == 1 and start < kept
        cell.span = shared[start] if is_shared else Span(start, start + length)
        cell.score = score
        cell.__class__ = Cell
        cells.append(cell)


def _cells(
    spec: TableSpec, row: RowSpec, filling: Filling, score: float, end: int
) -> Iterable[Cell]:
    """Yield the cells of one row; a lost cell is blank, unsure, and stands after its label."""
    table, key = spec.key, row.key
    for column, token, sure in zip(row.columns, filling.slots, filling.scores, strict=True):
        raw, start, stop = token[:3] if token else ("", end, end)
        kind, value, unit = parse_cell(raw)
        yield make_cell(
            table=table,
            row=key,
            column=column,
            raw=raw,
            kind=kind,
            value=value,
            span=Span(start, stop),
            score=min(score, sure),
            unit=unit,
        )


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
