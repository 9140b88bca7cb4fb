"""Errors planted in random reports, with the findings that they call for.

Each has a name, which is told with the finding (`FindingTruth.fault`): recall is shown by kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random

from mining.generate.numbers import Values, broken_identities
from mining.generate.truth import FindingTruth

__all__ = [
    "FORM_FAULTS",
    "SLIPS",
    "TABLE_FAULTS",
    "FormFaults",
    "TableFaults",
    "plant_form_faults",
    "plant_named_faults",
    "plant_table_faults",
    "slip_value",
]

FORM_FAULTS = ("year", "agency", "section")
"""Faults beside the numbers."""


@dataclass(slots=True, kw_only=True)
class TableFaults:
    """What planting did: `printed` overrides the text of cells, `findings` say what is wrong."""

    printed: dict[str, str] = field(default_factory=dict)
    findings: list[FindingTruth] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFaults:
    """Faults beside the numbers.

    Parameters
    ----------
    period
        Year in the period statement.
    signature
        Agency that signs.
    lost
        Key of a section that is left out; its table goes with it.
    findings
        What is wrong.
    """

    period: int
    signature: str
    lost: str = ""
    findings: tuple[FindingTruth, ...] = ()


def plant_table_faults(values: Values, rng: Random, *, count: int) -> TableFaults:
    """Change up to `count` numbers of `values` in place so that sums or cells are wrong."""
    kinds = list(_KINDS)
    return plant_named_faults(values, rng, names=rng.sample(kinds, min(count, len(kinds))))


def plant_named_faults(values: Values, rng: Random, *, names: Sequence[str]) -> TableFaults:
    """Change numbers of `values` in place by the kinds `names` of `TABLE_FAULTS`."""
    faults = TableFaults()
    kind_of: dict[tuple[str, str], str] = {}
    for name in names:
        told = len(faults.findings)
        TABLE_FAULTS[name](values, rng, faults)
        faults.findings[told:] = [replace(f, fault=name) for f in faults.findings[told:]]
        for wrong in broken_identities(values):
            kind_of.setdefault(wrong, name)
    faults.findings += [
        FindingTruth(rule=rule, cell=cell, fault=kind_of[rule, cell])
        for rule, cell in sorted(broken_identities(values))
    ]
    return faults


def _row_total(values: Values, rng: Random, _faults: TableFaults) -> None:
    """Print a row's total too high; rows that narratives take parts from stay as they are."""
    spared = ("received.", "granted.", "partial.", "total.")
    rows = [
        a
        for a, v in values.items()
        if a.startswith("applications.") and a.endswith(".total") and v
        if not a.removeprefix("applications.").startswith(spared)
    ]
    if rows:
        values[rng.choice(rows)] += rng.choice((1, 2, 10))


def _carried_out(values: Values, rng: Random, _faults: TableFaults) -> None:
    """Carry more over to next year than is left."""
    if "applications.carried_out.total" in values:
        step = rng.randint(1, 3)
        for column in ("natural_person", "total"):
            values[f"applications.carried_out.{column}"] = (
                values.get(f"applications.carried_out.{column}", 0) + step
            )


def _results(values: Values, rng: Random, _faults: TableFaults) -> None:
    """Print more handled cases than the results add up to."""
    if values.get("applications.total.total"):
        step = rng.randint(1, 4)
        for column in ("natural_person", "total"):
            values[f"applications.total.{column}"] += step


def _litigation(values: Values, rng: Random, _faults: TableFaults) -> None:
    if "litigation.review.total" in values:
        row = rng.choice(("review", "direct", "after_review"))
        values[f"litigation.{row}.total"] += rng.randint(1, 2)


def _indicator_total(values: Values, rng: Random, _faults: TableFaults) -> None:
    if "indicators.staff.count" in values:
        name = rng.choice(("staff", "completed", "applications", "lawsuits"))
        values[f"indicators.{name}.count"] += rng.randint(1, 5)


def _indicator_bound(values: Values, rng: Random, _faults: TableFaults) -> None:
    if "indicators.published.count" in values:
        values["indicators.published.count"] *= 3
        values["indicators.published.count"] += 7 * rng.randint(20, 90)


def _no_number(values: Values, _rng: Random, faults: TableFaults) -> None:
    for address in ("disclosure.coercion.decisions", "indicators.complaints.count"):
        if address in values:
            values[address] = 0
            faults.printed[address] = "若干"
            faults.findings.append(FindingTruth(rule="table-value", cell=address))


def _other_unit(values: Values, _rng: Random, faults: TableFaults) -> None:
    """Print an amount in 元 where the table counts 万元."""
    address = "disclosure.procurement.amount"
    if values.get(address):
        faults.printed[address] = f"{int(values[address] * 10_000)}元"
        values.pop(address)
        faults.findings.append(FindingTruth(rule="table-unit", cell=address))


_KINDS: Mapping[str, Callable[[Values, Random, TableFaults], None]] = {
    "row": _row_total,
    "carried": _carried_out,
    "results": _results,
    "litigation": _litigation,
    "indicator": _indicator_total,
    "bound": _indicator_bound,
    "value": _no_number,
    "unit": _other_unit,
}


def _parts_of_tables(values: Values, least: int) -> list[str]:
    """Return cells of at least `least` that no sentence tells: results by applicant, indicators."""
    rows = ("denied.", "unavailable.", "rejected.", "other.", "carried_in.")
    starts = (
        *(f"applications.{row}" for row in rows),
        *(f"indicators.replies_{row}" for row in ("already", "not_", "clarify", "other")),
        *(f"litigation.{row}." for row in ("direct", "after_review")),
    )
    return [a for a, v in values.items() if a.startswith(starts) and v >= least and v == int(v)]


def _swapped_cell(values: Values, rng: Random, _faults: TableFaults) -> None:
    """Type two digits of a cell in the wrong order."""
    there = {a: _swap_digits(values[a], rng) for a in _parts_of_tables(values, 10)}
    cells = [a for a, wrong in there.items() if wrong is not None]
    if cells:
        address = rng.choice(cells)
        values[address] = there[address] or 0


def _cell_off_by_one(values: Values, rng: Random, _faults: TableFaults) -> None:
    cells = _parts_of_tables(values, 1)
    if cells:
        values[rng.choice(cells)] += rng.choice((1, -1))


def _part_for_total(values: Values, rng: Random, _faults: TableFaults) -> None:
    """Print what natural persons asked for as the row's total."""
    rows = [
        a
        for a in _parts_of_tables(values, 1)
        if a.startswith("applications.")
        and a.endswith(".total")
        and 0 < values.get(a.removesuffix("total") + "natural_person", 0) < values[a]
    ]
    if rows:
        address = rng.choice(rows)
        values[address] = values[address.removesuffix("total") + "natural_person"]


def _copied_decisions(values: Values, _rng: Random, faults: TableFaults) -> None:
    """Fill the decisions in with the number of items at the end of the year."""
    rows = [f"disclosure.{r}" for r in ("licensing", "other_services", "penalties", "coercion")]
    items = {r: values.get(f"{r}.items_last_year", 0) + values.get(f"{r}.change", 0) for r in rows}
    wrong = [r for r, n in items.items() if n > 0]
    if len(wrong) >= 2:
        values |= {f"{r}.decisions": items[r] for r in wrong}
        faults.findings.append(FindingTruth(rule="table-decisions", status="suspect"))


TABLE_FAULTS: Mapping[str, Callable[[Values, Random, TableFaults], None]] = {
    **_KINDS,
    "digit-swap": _swapped_cell,
    "off-by-one": _cell_off_by_one,
    "part-for-total": _part_for_total,
    "copied-decisions": _copied_decisions,
}
"""Kinds of errors in tables, by name."""

SLIPS = ("digit-swap", "off-by-one", "last-year", "part-for-total", "lost-digit", "unit-slip")
"""Kinds of wrong numbers in sentences, by name."""

_PARTS = {
    "derived.handled": "applications.granted.total",
    "applications.total.total": "applications.granted.total",
    "derived.denied": "applications.denied.internal.total",
    "derived.unavailable": "applications.unavailable.not_held.total",
    "derived.lawsuits": "litigation.direct.total",
    "litigation.review.total": "litigation.review.upheld",
    "disclosure.normative_documents.in_force": "disclosure.normative_documents.issued",
    "indicators.published.count": "indicators.website.count",
    "indicators.applications.count": "indicators.applications_online.count",
    "indicators.replies.count": "indicators.replies_granted.count",
    "indicators.staff.count": "indicators.staff_full_time.count",
    "indicators.press_conferences.count": "indicators.press_conferences_by_head.count",
}


def slip_value(
    kind: str, address: str, values: Mapping[str, int | Decimal], rng: Random
) -> int | Decimal | None:
    """Return a wrong number for a cell by a kind of `SLIPS`, or ``None`` where it has none.

    A slip of the unit leaves the number as it is.

    Examples
    --------
    >>> slip_value("digit-swap", "a", {"a": 81}, Random(1))
    18
    """
    value = values[address]
    match kind:
        case "digit-swap":
            return _swap_digits(value, rng)
        case "off-by-one":
            return value + rng.choice((1, -1)) if value > 1 else value + 1
        case "last-year":
            return max(1, round(value * Decimal(rng.randint(60, 160)) / 100))
        case "part-for-total":
            return values.get(_PARTS.get(address, address.removesuffix("total") + "natural_person"))
        case "lost-digit":
            return value // 10 if value >= 10 and value == int(value) else None
    return value


def _swap_digits(value: int | Decimal, rng: Random) -> int | None:
    """Return a whole number with two neighbouring digits swapped, or ``None``."""
    digits = f"{value}"
    places = [i for i in range(len(digits) - 1) if digits[i] != digits[i + 1]]
    places = [i for i in places if i or digits[1] != "0"]
    if not digits.isdigit() or not places:
        return None
    i = rng.choice(places)
    return int(digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :])


def plant_form_faults(
    rng: Random,
    *,
    year: int,
    agency: str,
    other_agency: str,
    is_old: bool,
    wanted: bool,
    kind: str = "",
) -> FormFaults:
    """Choose at most one fault of the form, or plant `kind`; old forms require no sections."""
    kind = kind or (rng.choice(FORM_FAULTS) if wanted else "")
    if kind == "year":
        note = f"统计期限写成{year - 1}年"
        found = FindingTruth(rule="form-year", note=note, fault="last-year")
        return FormFaults(period=year - 1, signature=agency, findings=(found,))
    if kind == "agency":
        note = f"落款为{other_agency}"
        found = FindingTruth(rule="form-agency", note=note, fault="other-agency")
        return FormFaults(period=year, signature=other_agency, findings=(found,))
    if kind == "section" and not is_old:
        found = FindingTruth(rule="form-section-missing", note="缺少一节", fault="lost-section")
        lost = rng.choice(("problems", "litigation"))
        return FormFaults(period=year, signature=agency, lost=lost, findings=(found,))
    return FormFaults(period=year, signature=agency)
