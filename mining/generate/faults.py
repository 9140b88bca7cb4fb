"""Errors planted in the tables of random reports, with the findings that they call for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from mining.generate.numbers import Values, broken_identities
from mining.generate.truth import FindingTruth

__all__ = ["FormFaults", "TableFaults", "plant_form_faults", "plant_table_faults"]


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
    faults = TableFaults()
    kinds = list(_KINDS.values())
    for plant in rng.sample(kinds, min(count, len(kinds))):
        plant(values, rng, faults)
    wrong = sorted(broken_identities(values))
    faults.findings += [FindingTruth(rule=rule, cell=cell) for rule, cell in wrong]
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


def plant_form_faults(
    rng: Random, *, year: int, agency: str, other_agency: str, is_old: bool, wanted: bool
) -> FormFaults:
    """Choose at most one fault of the form; old reports have no required sections."""
    kind = rng.choice(("year", "agency", "section")) if wanted else ""
    if kind == "year":
        note = f"统计期限写成{year - 1}年"
        found = FindingTruth(rule="form-year", note=note)
        return FormFaults(period=year - 1, signature=agency, findings=(found,))
    if kind == "agency":
        found = FindingTruth(rule="form-agency", note=f"落款为{other_agency}")
        return FormFaults(period=year, signature=other_agency, findings=(found,))
    if kind == "section" and not is_old:
        found = FindingTruth(rule="form-section-missing", note="缺少一节")
        lost = rng.choice(("problems", "litigation"))
        return FormFaults(period=year, signature=agency, lost=lost, findings=(found,))
    return FormFaults(period=year, signature=agency)
