"""The part of a table that a finding speaks of: its cells and enough around them to read them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict

from mining.finding import Finding
from mining.form import Form, RowSpec, TableSpec
from mining.places import place_of
from mining.present.messages import Wording, word_place
from mining.report import Address, Cell, Report, Table
from mining.settings import Settings

__all__ = ["Excerpt", "ExcerptRow", "Slot", "cell_roles", "cut_tables"]

Slot = str | tuple[str, str, bool] | None
"""A printed cell; with its role and whether its place is uncertain; ``None`` where none is."""

# Below this a table is short enough to be shown whole.
_SHORT = 9
_LONGEST_CELL = 40


class ExcerptRow(TypedDict):
    """A row's label and its slots, one for each column shown."""

    label: str
    slots: list[Slot]


class Excerpt(TypedDict):
    """Part of one table; ``None`` among the rows stands for rows left out.

    `place` tells the pages of the cells that matter, or the path of the first one.
    """

    table: str
    title: str
    place: str
    unit: str
    columns: list[str]
    rows: list[ExcerptRow | None]


def cut_tables(
    report: Report, form: Form, finding: Finding, *, wording: Wording, settings: Settings
) -> list[Excerpt]:
    """Return the part of each table whose cells a finding speaks of, in form order.

    All columns of the rows are shown; of a long table only the rows that matter and the one before
    and after each.
    """
    roles = cell_roles(finding, form, report_id=report.id)
    out = []
    for spec in form.tables:
        table = report.table(spec.key)
        if table and any(a.startswith(f"{spec.key}.") for a in roles):
            place = _place(report, table, roles, wording=wording)
            out.append(
                _excerpt(spec, table, roles, place=place, wording=wording, settings=settings)
            )
    return [excerpt for excerpt in out if excerpt["rows"]]


def _place(report: Report, table: Table, roles: dict[Address, str], *, wording: Wording) -> str:
    spans = (cell.span for cell in table.cells if cell.address in roles)
    places = [place for place in (place_of(report, span) for span in spans) if place]
    shown = dict.fromkeys(word_place(place, wording=wording) for place in places)
    # A table may run over pages; a path for each of its cells would be too long to read.
    most = len(shown) if places and places[0].page is not None else 1
    return wording.ui["list_mark"].join(list(shown)[:most])


def cell_roles(finding: Finding, form: Form, *, report_id: str) -> dict[Address, str]:
    """Return the role of each cell of one report that a finding speaks of; sums are taken apart."""
    told = [(e.address, e.role) for e in finding.evidence_in(report_id) if e.address]
    if finding.cell and report_id == finding.report:
        told.append((finding.cell, "cell"))
    roles: dict[Address, str] = {}
    for address, role in told:
        for term, term_role in _terms(address, role, form):
            roles.setdefault(term, "cell" if term_role == "figure" else term_role)
    return roles


def _terms(address: Address, role: str, form: Form) -> Iterator[tuple[Address, str]]:
    derived = form.derived_by_address.get(address)
    if derived is None:
        yield address, role
        return
    for _, term in derived.terms:
        yield term, role if len(derived.terms) == 1 else "part"


def _excerpt(
    spec: TableSpec,
    table: Table,
    roles: dict[Address, str],
    *,
    place: str,
    wording: Wording,
    settings: Settings,
) -> Excerpt:
    shown = _shown_rows(spec, roles)
    used = {key for row in shown if row for key in row.columns}
    columns = [c for c in spec.columns if c.key in used]
    rows: list[ExcerptRow | None] = []
    for row in shown:
        if row is None:
            rows.append(None)
            continue
        cells = (table.at(row.key, c.key) for c in columns)
        slots = [_slot(cell, roles, settings=settings) for cell in cells]
        rows.append(ExcerptRow(label=_first(row.labels, row.key), slots=slots))
    return Excerpt(
        table=spec.key,
        title=wording.tables.get(spec.key, spec.key),
        place=place,
        unit=table.unit or spec.unit,
        columns=[_first(c.labels, c.key) for c in columns],
        rows=rows,
    )


def _shown_rows(spec: TableSpec, roles: dict[Address, str]) -> list[RowSpec | None]:
    """Return the rows to show, with ``None`` for each stretch left out."""
    marked = [_is_marked(spec, row, roles) for row in spec.rows]
    kinds = {r.columns for r, m in zip(spec.rows, marked, strict=True) if m}
    alike = [(r, m) for r, m in zip(spec.rows, marked, strict=True) if r.columns in kinds]
    near = {j for i, (_, m) in enumerate(alike) if m for j in (i - 1, i, i + 1)}
    whole = len(alike) <= _SHORT
    out: list[RowSpec | None] = []
    for index, (row, _) in enumerate(alike):
        if whole or index in near:
            out.append(row)
        elif not out or out[-1] is not None:
            out.append(None)
    return out


def _is_marked(spec: TableSpec, row: RowSpec, roles: dict[Address, str]) -> bool:
    return any(Address(f"{spec.key}.{row.key}.{c}") in roles for c in row.columns)


def _slot(cell: Cell | None, roles: dict[Address, str], *, settings: Settings) -> Slot:
    if cell is None:
        return None
    raw = " ".join(cell.raw.split())
    shown = raw if len(raw) <= _LONGEST_CELL else raw[: _LONGEST_CELL - 1] + "…"
    role, uncertain = roles.get(cell.address, ""), cell.score < settings.sure_cell
    return (shown, role, uncertain) if role or uncertain else shown


def _first(labels: tuple[str, ...], key: str) -> str:
    return labels[0] if labels else key
