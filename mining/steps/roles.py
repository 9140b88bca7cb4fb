"""Step: say what part each figure plays, and which parts belong to which total."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mining.errors import LayerError
from mining.form import Form
from mining.quantities.cues import DECIDING, NEW, OTHERS, PLANNED, find_cues
from mining.quantities.periods import NEW_NEXT
from mining.quantities.roles import find_role
from mining.quantities.scopes import find_scope
from mining.report import (
    Breakdown,
    Figure,
    FigureKind,
    Report,
    Role,
    Scope,
    change_report,
    make_figure,
)
from mining.settings import Settings
from mining.steps.breakdowns import find_breakdowns
from mining.steps.subjects import is_planned, names_other_agency, words_before

__all__ = ["assign_roles"]

# Numbers of another year, and means, are neither totals nor parts of what is told beside them.
_BESIDE = frozenset(("last_year", "earlier_year", "average", "each", "per_day", "per_week"))
# What is told of lower units, or of cases decided, is told so of its parts too.
_HANDED_DOWN = frozenset(("sub_unit", "as_reviewer", "own_level"))
# These kinds are a role by themselves.
_TELLING_KINDS = frozenset(("percent", "change"))
_PLACES = re.compile(r"行政村|村|乡|镇|街道|社区|部门|账号|号|方面|工作日")


def assign_roles(report: Report, form: Form, settings: Settings) -> Report:  # noqa: ARG001
    """Fill role, scope and ``breakdowns`` from the words around the figures.

    A figure that is both total and part becomes a part. The form is not asked: how Chinese tells a
    total and its parts does not depend on it.

    Raises
    ------
    LayerError
        When the figures have not been extracted (E301).
    """
    if report.figures is None:
        msg = "roles need figures"
        raise LayerError(msg, code="E301", path=report.source.uri, hint="run the step before")
    text = report.text
    cues = find_cues(text, report.figures, report.meta.year if report.meta else None)
    # Of two figures in five the words tell nothing: asking costs 3.5 µs for each.
    told = [
        _with_role(report, figure, cue)
        if cue & DECIDING
        or figure.kind in _TELLING_KINDS
        or text.startswith("的", figure.span.end)
        or (cue & NEW and text.startswith(NEW_NEXT, figure.span.end))
        else figure
        for figure, cue in zip(report.figures, cues, strict=True)
    ]
    counts = tuple([f for f in told if f.role == "single" and _may_count(text, f)])
    lists = find_breakdowns(text, counts)
    parts = {i for b in lists for i in b.parts}
    listed = parts.union([b.total for b in lists])
    scopes = _inherited(told, lists)
    for at in listed:
        if (f := told[at]).role == "single":
            role: Role = "part" if at in parts else "total"
            told[at] = _retold(f, kind=f.kind, role=role, scope=scopes.get(at, f.scope))
    return change_report(report, figures=tuple(told), breakdowns=lists)


def _retold(figure: Figure, *, kind: FigureKind, role: Role, scope: Scope) -> Figure:
    """Return a figure with another role; ``dataclasses.replace`` takes ten times as long."""
    return make_figure(
        id=figure.id,
        span=figure.span,
        quantity=figure.quantity,
        kind=kind,
        role=role,
        scope=scope,
        sentence=figure.sentence,
        clause=figure.clause,
        section=figure.section,
        claim=figure.claim,
        hint=figure.hint,
    )


def _inherited(figures: Sequence[Figure], lists: tuple[Breakdown, ...]) -> dict[int, Scope]:
    """Return the scopes that parts have from their totals: 各村公开768条，其中财务384条."""
    scopes: dict[int, Scope] = {}
    for found in lists:
        scope = scopes.get(found.total, figures[found.total].scope)
        if scope in _HANDED_DOWN:
            scopes |= {p: scope for p in found.parts if not figures[p].scope}
    return scopes


def _may_count(text: str, figure: Figure) -> bool:
    """Tell whether a single figure can be a total or a part."""
    if figure.claim != "number" or figure.scope in _BESIDE:
        return False
    return figure.quantity.unit != "个" or _PLACES.match(text, figure.span.end) is None


def _with_role(report: Report, figure: Figure, cues: int) -> Figure:
    """Set role and scope, and the kind of an absolute change; a none has a scope only."""
    role = figure.role if figure.claim == "none" else _role(report.text, figure, cues)
    scope = _scope(report, figure, role, cues)
    kind = "change" if role == "change" and figure.kind in ("count", "other") else figure.kind
    if role == figure.role and scope == figure.scope and kind == figure.kind:
        return figure
    return _retold(figure, kind=kind, role=role, scope=scope)


def _role(text: str, figure: Figure, cues: int) -> Role:
    role = find_role(text, figure, cues=cues)
    if role == "single" and cues & PLANNED and is_planned(words_before(text, figure)):
        return "other"
    return role


def _scope(report: Report, figure: Figure, role: Role, cues: int) -> Scope:
    scope = find_scope(report.text, figure, role=role, meta=report.meta, cues=cues)
    if scope or role == "change" or not cues & OTHERS:
        return scope
    agency = report.meta.agency if report.meta else None
    return "other_agency" if names_other_agency(words_before(report.text, figure), agency) else ""
