"""Which form a report follows: by the labels its tables print, then by title and year."""

from __future__ import annotations

from mining.form import Form
from mining.report import Fact, Report

__all__ = ["select_form"]

_HEAD = 600
# The printed labels decide; the year only chooses between forms that print no tables.
_LABELS, _TITLE, _YEAR = 3.0, 1.0, 0.5
_MIN_SHARE = 0.3


def select_form(report: Report, forms: tuple[Form, ...]) -> tuple[Form, tuple[Fact, ...]]:
    """Return the form that fits best, and every form's score as facts, the best first.

    Parameters
    ----------
    report
        With normalised text, and metadata where known.
    forms
        The candidates; of equal ones the later wins.

    Raises
    ------
    ValueError
        When `forms` is empty.
    """
    if not forms:
        msg = "no forms to choose from"
        raise ValueError(msg)
    compact = "".join(report.text.split())
    year = report.meta.year if report.meta else None
    scored = [(_score(form, compact, year), i, form) for i, form in enumerate(forms)]
    scored.sort(key=lambda item: item[:2], reverse=True)
    facts = tuple(
        Fact(value=form.id, score=round(min(1.0, score / (_LABELS + _TITLE)), 3), source="labels")
        for score, _, form in scored
        if score > 0
    )
    return scored[0][2], facts


def _score(form: Form, compact: str, year: int | None) -> float:
    labels = form.detect.labels
    share = sum(label in compact for label in labels) / len(labels) if labels else 0.0
    score = _LABELS * share if share >= _MIN_SHARE else 0.0
    if any(p.search(compact, 0, _HEAD) for p in form.detect.titles):
        score += _TITLE
    if year is not None and (form.detect.first_year or 0) <= year <= (
        form.detect.last_year or 9999
    ):
        score += _YEAR
    return score
