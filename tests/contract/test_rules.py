"""One contract for every rule: its documentation, parameters, findings, and public names."""

from __future__ import annotations

import inspect
import pickle
from collections.abc import Iterator
from decimal import Decimal

import pytest

from mining.catalog import RULES, shipped_forms
from mining.contracts import CheckContext, Rule
from mining.finding import Finding, Severity, Status
from mining.form import Form
from mining.history.context import YearsContext
from mining.identity import Identity
from mining.lanes import Axis
from mining.pipeline import check_report
from mining.report import Meta, Report, Source
from tests.support import COUNTY, SETTINGS, narrative_report

HEADINGS = ("What it checks", "Why it matters", "Example", "Known limits", "Basis")
# The names contract, written out: a rule may be added here, never renamed or dropped.
PUBLIC = [
    "narrative-table",
    "narrative-parts",
    "narrative-percent",
    "narrative-conflict",
    "narrative-growth",
    "narrative-none",
    "table-row-total",
    "table-results-total",
    "table-balance",
    "table-litigation-total",
    "table-indicator-total",
    "table-indicator-bound",
    "table-value",
    "table-unit",
    "table-decisions",
    "table-identity",
    "years-carried",
    "years-items",
    "years-in-force",
    "years-same",
    "form-section-missing",
    "form-year",
    "form-agency",
    "form-template",
    "form-copied",
]
# They compare reports of two years and have files of their own.
OF_TWO_REPORTS = {"narrative-growth": "growth", "form-copied": "copied"}
TYPES = (str, tuple[str, ...], int, float, bool, Decimal, Identity, Axis)
TEXT = (
    "2020年，共收到政府信息公开申请90件，其中网络申请60件，占65.2%。全年未发生行政复议、行政诉讼。"
    "主动公开政府信息23974条，其中网站公开3000条。收到依申请公开申请91件。上年结转2件，办结88件。"
)
RULE_IDS = sorted(RULES)
FORMS = shipped_forms()
FORM_IDS = [form.id for form in FORMS]


def empty_report(*, layers: tuple[object, ...] | None) -> Report:
    return Report(
        id="empty",
        source=Source(uri="empty.txt"),
        raw_text="",
        meta=Meta(),
        sections=layers,  # type: ignore[arg-type]
        tables=layers,  # type: ignore[arg-type]
        figures=layers,  # type: ignore[arg-type]
        breakdowns=layers,  # type: ignore[arg-type]
        links=layers,  # type: ignore[arg-type]
    )


def findings(form: Form) -> list[Finding]:
    report = narrative_report(TEXT, COUNTY, form=form)
    return list(check_report(report, form, settings=SETTINGS))


@pytest.fixture(scope="module", params=FORMS, ids=FORM_IDS)
def form(request: pytest.FixtureRequest) -> Form:
    found: Form = request.param
    return found


@pytest.mark.parametrize("name", RULE_IDS)
def test_documentation_has_its_headings_in_order(name: str) -> None:
    lines = RULES[name].doc.splitlines()
    places = [lines.index(heading) for heading in HEADINGS]

    assert places == sorted(places)
    assert lines[0].endswith(".")
    for place in places:
        assert lines[place + 1].startswith("    "), f"nothing under {lines[place]!r}"


@pytest.mark.parametrize("name", RULE_IDS)
def test_example_shows_what_breaks_and_what_holds(name: str) -> None:
    doc = RULES[name].doc

    assert "Breaks" in doc
    assert "Holds" in doc


@pytest.mark.parametrize("name", RULE_IDS)
def test_id_is_told_by_file_and_function(name: str) -> None:
    check = RULES[name].check

    file = OF_TWO_REPORTS.get(name, name.partition("-")[0])
    assert check.__module__ == f"mining.checks.{file}"
    assert check.__name__ == name.replace("-", "_")


@pytest.mark.parametrize("name", RULE_IDS)
def test_parameters_are_keyword_only_and_typed(name: str) -> None:
    signature = inspect.signature(RULES[name].check, eval_str=True)
    first, *others = signature.parameters.values()

    context = YearsContext if RULES[name].over == "years" else CheckContext
    assert (first.name, first.annotation) == ("ctx", context)
    assert all(p.kind is inspect.Parameter.KEYWORD_ONLY for p in others)
    assert [p.name for p in others if p.annotation not in TYPES] == []
    assert signature.return_annotation == Iterator[Finding]


def test_names_are_the_public_ones() -> None:
    assert set(RULES) == set(PUBLIC)


def test_rules_over_years_are_those_of_two_reports() -> None:
    over = {name for name in RULES if RULES[name].over == "years"}

    assert over == {n for n in PUBLIC if n.startswith("years-")} | set(OF_TWO_REPORTS)


def test_ids_are_keys() -> None:
    assert [part.id for part in RULES.values()] == list(RULES)


def test_statuses_and_severities_are_the_public_ones() -> None:
    assert [str(s) for s in Status] == ["mismatch", "suspect", "consistent", "unverifiable"]
    assert [str(s) for s in Severity] == ["error", "warning", "info"]


@pytest.mark.parametrize("name", RULE_IDS)
def test_severity_and_version_are_given(name: str) -> None:
    part: Rule = RULES[name]

    assert isinstance(part.severity, Severity)
    assert all(piece.isdigit() for piece in part.since.split("."))


@pytest.mark.parametrize("layers", [(), None], ids=["empty", "not computed"])
def test_an_empty_report_raises_no_alarm(form: Form, layers: tuple[object, ...] | None) -> None:
    found = check_report(empty_report(layers=layers), form, settings=SETTINGS)

    assert {f.status for f in found} <= {Status.UNVERIFIABLE, Status.CONSISTENT}


def test_evidence_lies_inside_the_text(form: Form) -> None:
    for finding in findings(form):
        spans = [finding.span, *(e.span for e in finding.evidence)]
        assert all(span.end <= len(TEXT) for span in spans if span)
        assert finding.quote == (finding.span.of(TEXT) if finding.span else "")


def test_the_order_is_stable(form: Form) -> None:
    first, second = findings(form), findings(form)

    assert first == second
    assert len(first) > 3


def test_findings_survive_pickling(form: Form) -> None:
    found = findings(form)

    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - pickled right here


def test_fingerprints_tell_findings_apart(form: Form) -> None:
    found = [f for f in findings(form) if f.status in (Status.MISMATCH, Status.SUSPECT)]
    prints = [f.fingerprint for f in found]

    assert len(set(prints)) == len(prints)


def test_findings_do_not_depend_on_what_stands_before(form: Form) -> None:
    moved = narrative_report(f"工作扎实推进。{TEXT}", COUNTY, form=form)
    prints = {f.fingerprint for f in check_report(moved, form, settings=SETTINGS)}

    assert {f.fingerprint for f in findings(form)} == prints


def test_one_fact_is_not_told_by_two_rules(form: Form) -> None:
    told = [
        (f.span, f.cell) for f in findings(form) if f.rule in ("narrative-table", "narrative-none")
    ]

    assert len(set(told)) == len(told)


def test_rules_make_their_findings_only_while_they_run() -> None:
    context = CheckContext(empty_report(layers=()), FORMS[0], SETTINGS)

    with pytest.raises(RuntimeError, match="rules"):
        context.finding(Status.CONSISTENT)
