"""Random series: reports of one agency over consecutive years, whose numbers carry on.

What last year carried out, this year carries in; items and rules in force follow from last
year's; sentences compare with the numbers that last year's report has. Offices are renamed in
some series, as offices are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from random import Random

from mining.generate.numbers import Values, broken_years, draw_values
from mining.generate.offices import Place, draw_place, texts
from mining.generate.random_truth import Draft
from mining.generate.truth import FindingTruth, Truth

__all__ = ["SERIES_FAULTS", "form_of", "random_series", "report_of_year"]

SERIES_FAULTS = ("carried", "items", "in-force", "same", "copied", "growth")
"""Names of the errors that can be planted in the last year of a series."""

_FIRST_YEARS = {"items": (2019, 2019), "in-force": (2021, 2022)}
# Below this there is nothing that looks copied.
_MIN_COPIED = 120
_NEW_FORMS = (2019, 2021)
_YEAR = re.compile(r"20[0-9]{2}年")


def random_series(seed: int, *, years: int = 3, fault: str = "") -> tuple[Truth, ...]:
    """Return the truths of one agency over consecutive years, the first year first.

    Parameters
    ----------
    seed
        Names the reports too: ``s0000042-2019`` and so on.
    years
        How many reports; a series of items has two, as no more reports count items.
    fault
        One of `SERIES_FAULTS`, to plant in the last year; none when empty.

    Examples
    --------
    >>> [truth.year for truth in random_series(4, years=2, fault="items")]
    [2019, 2020]
    """
    rng = Random(f"series/{seed}")
    years = 2 if fault == "items" else years
    first = rng.randint(*_FIRST_YEARS.get(fault, (2014, 2025 - years)))
    if fault in {"growth", "same"} and first + years - 1 in _NEW_FORMS:
        first -= 1  # another form has other cells: there is nothing to compare with
    names = _names(rng)
    truths: list[Truth] = []
    last: Values | None = None
    for year in range(first, first + years):
        planted = fault if year == first + years - 1 else ""
        name = f"s{seed:07}-{year}"
        truth, last = _next(rng, name, year=year, place=names(year), last=last, fault=planted)
        truths.append(truth)
    if fault == "copied" and len(truths) > 1:
        truths[-1] = _copied(truths[-2], truths[-1])
    return tuple(truths)


def _names(rng: Random) -> Callable[[int], Place]:
    """Return who reports in a year: an office, in a third of the series one that is renamed."""
    place = draw_place(rng)
    if place.level == "township" or rng.random() > 1 / 3:
        return lambda _year: place
    old, new, since = rng.choice(texts()["agencies"]["renamed"])
    return lambda year: replace(place, agency=place.region + (new if year >= since else old))


def form_of(year: int) -> str:
    """Return the template that reports for a year follow, from 2014 on."""
    if year < 2019:
        return "2014"
    return "2019" if year < 2021 else "2021"


def _next(
    rng: Random, name: str, *, year: int, place: Place, last: Values | None, fault: str
) -> tuple[Truth, Values]:
    """Return the report of one year and its numbers."""
    form = form_of(year)
    values = draw_values(rng, form, last=last)
    found: list[FindingTruth] = []
    if last is not None and fault in _PLANTERS:
        values = _PLANTERS[fault](values, last, rng)
        label = "copied-table" if fault == "same" else "off-by-few"
        wrong = list(broken_years(last, values))
        found = [
            FindingTruth(rule=r, cell=c, status=_status(r, wrong), fault=label) for r, c in wrong
        ]
        if values == last and _says_much(values):
            found.append(FindingTruth(rule="years-same", status="suspect", fault=label))
    lie = "text/wrong-growth" if fault == "growth" and last is not None else ""
    truth = report_of_year(rng, name, year=year, place=place, values=values, last=last, fault=lie)
    return replace(truth, findings=(*truth.findings, *found)), values


def report_of_year(
    rng: Random,
    name: str,
    *,
    year: int,
    place: Place,
    values: Values,
    last: Values | None,
    fault: str = "",
) -> Truth:
    """Return the report of one year of a series.

    Parameters
    ----------
    rng, name
        Where chance comes from, and what the report is called.
    year, place
        Who reports on which year.
    values, last
        The numbers of its tables and of last year's report, ``None`` when there is none.
    fault
        The only error to try to plant, see `mining.generate.random_truth.Draft`.
    """
    form = form_of(year)
    draft = Draft(
        rng,
        form,
        year,
        place=place,
        fault=fault,
        values=dict(values),
        last=None if last is None else _comparable(last, form),
    )
    truth = draft.truth(name)
    # Blanks for 0 leave nothing that could be carried on.
    tables = {key: replace(table, fill="0") for key, table in truth.tables.items()}
    told = tuple(f for f in truth.findings if f.rule != "table-value")
    return replace(truth, tables=tables, findings=told, encoding="utf-8")


def _says_much(values: Values) -> bool:
    """Tell whether equal tables can't be chance: as in the basis of the rule ``years-same``."""
    told = [v for v in values.values() if v]
    return len(told) >= 8 and len({v for v in told if v > 1}) >= 4


def _status(rule: str, wrong: Collection[tuple[str, str]]) -> str:
    """Return how sure a careful auditor is: items are recounted, and a case may change columns."""
    whole = ("years-carried", "applications.carried_in.total")
    return "mismatch" if rule == whole[0] and whole in wrong else "suspect"


def _comparable(last: Values, form: str) -> Values:
    """Return last year's numbers by this year's addresses, also over a change of the form."""
    if form == "2019" and "indicators.applications.count" in last:
        return {"applications.received.total": last["indicators.applications.count"]}
    return last


def _carry_wrong(values: Values, _last: Values, rng: Random) -> Values:
    """Carry more in than was carried out; the table itself still adds up."""
    more = rng.randint(1, 3)
    rows = ("carried_in", "granted", "total")
    cells = [f"applications.{r}.{c}" for r in rows for c in ("natural_person", "total")]
    if "applications.carried_in.total" not in values:
        return values
    return values | {cell: values.get(cell, 0) + more for cell in cells}


def _other_items(values: Values, _last: Values, rng: Random) -> Values:
    rows = [a for a in values if a.endswith(".items_last_year")]
    address = rng.choice(rows)
    return values | {address: values[address] + rng.choice((1, 2, 10))}


def _other_in_force(values: Values, _last: Values, rng: Random) -> Values:
    address = "disclosure.normative_documents.in_force"
    return values | {address: values[address] + rng.choice((1, 2, 10))}


def _same_numbers(values: Values, last: Values, _rng: Random) -> Values:
    """Copy last year's table; another form has other cells, so that there is nothing to copy."""
    tables = ({a for a in v if not a.startswith("applications.")} for v in (last, values))
    return dict(last) if len(set(map(frozenset, tables))) == 1 else values


_PLANTERS: Mapping[str, Callable[[Values, Values, Random], Values]] = {
    "carried": _carry_wrong,
    "items": _other_items,
    "in-force": _other_in_force,
    "same": _same_numbers,
}


def _copied(last: Truth, this: Truth) -> Truth:
    """Take over last year's problems and plans word for word."""
    body = next(s.body for s in last.sections if s.key == "problems")
    if len(body) < _MIN_COPIED or _YEAR.search(body):
        return this
    sections = tuple(replace(s, body=body) if s.key == "problems" else s for s in this.sections)
    found = FindingTruth(rule="form-copied", status="suspect", fault="copied-text")
    return replace(this, sections=sections, findings=(*this.findings, found))
