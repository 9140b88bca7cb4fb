"""Which form a report follows: by the labels its tables print, then by title and year."""

from __future__ import annotations

from mining.form import Form
from mining.report import Fact, Report, make_fact

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
    facts = []
    for score, _, form in scored:
        if score > 0:
            share = round(min(1.0, score / (_LABELS + _TITLE)), 3)
            facts.append(make_fact(value=form.id, score=share, source="labels"))
    return scored[0][2], tuple(facts)


def _score(form: Form, compact: str, year: int | None) -> float:
    detect = form.detect
    found = len([label for label in detect.labels if label in compact])
    share = found / len(detect.labels) if found else 0.0
    score = _LABELS * share if share >= _MIN_SHARE else 0.0
    for title in detect.titles:
        if title.search(compact, 0, _HEAD):
            score += _TITLE
            break
    if year is not None and (detect.first_year or 0) <= year <= (detect.last_year or 9999):
        score += _YEAR
    return score
