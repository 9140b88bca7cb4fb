"""One report as plain data for the page and the worksheet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import TypedDict

from mining.finding import Failure, Finding, Result, Status
from mining.form import Form
from mining.places import place_of_finding
from mining.present.excerpts import Excerpt, cell_roles, cut_tables
from mining.present.messages import (
    FORMULA_TOKEN,
    Lang,
    Wording,
    load_wording,
    plain_number,
    plain_value,
    word_failure,
    word_finding,
    word_formula,
    word_place,
)
from mining.present.passages import Passage, cut_passages, section_title
from mining.present.rows import finding_ids
from mining.report import Address, Report
from mining.settings import Settings

__all__ = [
    "CardMaker",
    "Coverage",
    "FindingCard",
    "ReportCard",
    "Summary",
    "Term",
    "count_findings",
    "failure_card",
    "report_card",
    "summarize",
]

SHOWN = (Status.MISMATCH, Status.SUSPECT)
_NOTE = re.compile(r"（[^（）]{6,}）")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


class Term(TypedDict):
    """One term of a formula: what it is called, its value, the role it is marked with."""

    label: str
    value: str
    role: str


class FindingCard(TypedDict):
    """One finding that a person should look at; all texts are ready to be shown."""

    id: str
    rule: str
    status: str
    severity: str
    message: str
    stated: str
    expected: str
    difference: str
    cell: str
    address: str
    section: str
    place: str
    formula: str
    terms: list[Term | str]
    column: str
    passages: list[Passage]
    tables: list[Excerpt]


class Coverage(TypedDict):
    """How many figures the narrative tells, how many have a cell, how many a rule compared."""

    found: int
    linked: int
    checked: int


class ReportCard(TypedDict):
    """One input: who, when, how it was read, what its checks came to.

    `counts` is by status, `rules` by rule and then status; `findings` holds mismatches and
    suspects only. A failed input has an `error` and nothing else.

    A card goes through JSON and back: pairs may come back as lists.
    """

    report: str
    source: str
    agency: str | None
    region: str | None
    level: str | None
    year: int | None
    template: str
    ok: bool
    error: str
    counts: dict[str, int]
    rules: dict[str, dict[str, int]]
    coverage: Coverage
    findings: list[FindingCard]


class Summary(TypedDict):
    """Totals of a run; `checks` counts every comparison tried, verifiable or not."""

    reports: int
    failed: int
    checks: int
    mismatch: int
    suspect: int
    consistent: int
    unverifiable: int
    found: int
    linked: int
    checked: int


def report_card(
    result: Result, form: Form, *, lang: Lang = "zh", settings: Settings | None = None
) -> ReportCard:
    """Return the card of one audited report.

    Parameters
    ----------
    result
        The report with all its layers, and every finding.
    form
        The form that the report was read with; it names cells and lays out tables.
    lang
        Language of the messages.
    settings
        Says below which score a cell is shown as uncertain.
    """
    report = result.report
    meta = report.meta
    counts, rules = count_findings(result.findings)
    return ReportCard(
        report=report.id,
        source=report.source.uri,
        agency=meta.agency if meta else None,
        region=meta.region if meta else None,
        level=meta.level if meta else None,
        year=meta.year if meta else None,
        template=report.template,
        ok=True,
        error="",
        counts=counts,
        rules=rules,
        coverage=_coverage(result),
        findings=_finding_cards(result, form, lang=lang, settings=settings or Settings()),
    )


def count_findings(
    findings: Iterable[Finding],
) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """Return how many findings there are of each status, and of each rule by status."""
    counts: dict[str, int] = {}
    rules: dict[str, dict[str, int]] = {}
    for finding in findings:
        rule, status = finding.rule, str(finding.status)
        counts[status] = counts.get(status, 0) + 1
        of_rule = rules.get(rule)
        if of_rule is None:
            of_rule = rules[rule] = {}
        of_rule[status] = of_rule.get(status, 0) + 1
    return counts, rules


def _finding_cards(
    result: Result, form: Form, *, lang: Lang, settings: Settings
) -> list[FindingCard]:
    # Ids of one rule never meet those of another, and most rules find nothing to show.
    shown = {f.rule for f in result.findings if f.status in SHOWN}
    if not shown:
        return []
    found = [f for f in result.findings if f.rule in shown]
    maker = CardMaker(result.report, form, load_wording(lang), lang=lang, settings=settings)
    pairs = zip(finding_ids(found), found, strict=True)
    return [maker.card(f, key) for key, f in pairs if f.status in SHOWN]


def failure_card(failure: Failure, *, lang: Lang = "zh") -> ReportCard:
    """Return the card of an input that could not be read."""
    told = word_failure(failure.code, failure.message, lang=lang)
    return ReportCard(
        report=failure.report,
        source=failure.source,
        agency=None,
        region=None,
        level=None,
        year=None,
        template="",
        ok=False,
        error=f"[{failure.code}] {told}" if failure.code else told,
        counts={},
        rules={},
        coverage=Coverage(found=0, linked=0, checked=0),
        findings=[],
    )


def summarize(cards: Iterable[ReportCard]) -> Summary:
    """Return the totals over all cards."""
    total: Counter[str] = Counter()
    for card in cards:
        total["reports" if card["ok"] else "failed"] += 1
        total.update(card["counts"])
        for key, count in (
            ("found", card["coverage"]["found"]),
            ("linked", card["coverage"]["linked"]),
            ("checked", card["coverage"]["checked"]),
            ("checks", sum(card["counts"].values())),
        ):
            total[key] += count
    return Summary(
        reports=total["reports"],
        failed=total["failed"],
        checks=total["checks"],
        mismatch=total["mismatch"],
        suspect=total["suspect"],
        consistent=total["consistent"],
        unverifiable=total["unverifiable"],
        found=total["found"],
        linked=total["linked"],
        checked=total["checked"],
    )


def _coverage(result: Result) -> Coverage:
    report = result.report
    # As plain pairs, which are put into a set and looked up without calls of Python.
    compared = {
        (span.start, span.end)
        for finding in result.findings
        if finding.status != Status.UNVERIFIABLE
        for evidence in finding.evidence
        if (span := evidence.span) is not None
    }
    spans = [figure.span for figure in report.figures or ()]
    return Coverage(
        found=len(spans),
        linked=len({link.figure for link in report.links or ()}),
        checked=sum([(span.start, span.end) in compared for span in spans]),
    )


class CardMaker:
    """Makes the cards of one report's findings."""

    def __init__(
        self, report: Report, form: Form, wording: Wording, *, lang: Lang, settings: Settings
    ) -> None:
        self._report, self._form, self._wording = report, form, wording
        self._lang, self._settings = lang, settings
        cells = (c for t in report.tables or () for c in t.cells)
        self._values = {c.address: c.value for c in cells if c.value is not None}

    def card(self, finding: Finding, key: str) -> FindingCard:
        """Return the card of one finding."""
        labels, difference = self._form.labels, finding.difference
        terms, column = self._terms(finding)
        return FindingCard(
            id=key,
            rule=finding.rule,
            status=str(finding.status),
            severity=str(finding.severity),
            message=word_finding(finding, lang=self._lang, labels=labels),
            stated=plain_value(finding.stated),
            expected=plain_value(self._expected(finding)),
            difference="" if difference is None else plain_number(difference),
            cell=labels.get(finding.cell, finding.cell) if finding.cell else "",
            address=finding.cell or "",
            section=self._section(finding),
            place=word_place(place_of_finding(self._report, finding), wording=self._wording),
            formula=word_formula(self._formula(finding), labels=labels) if terms else "",
            terms=terms,
            column=column,
            passages=cut_passages(self._report, finding, wording=self._wording),
            tables=cut_tables(
                self._report,
                self._form,
                finding,
                wording=self._wording,
                settings=self._settings,
            ),
        )

    def _formula(self, finding: Finding) -> str:
        """Return the formula with full addresses: a rule may name the row-mates of its cell."""
        row = (finding.cell or "").rpartition(".")[0]
        formula = finding.formula
        for code, word in self._wording.formula_words.items():
            formula = formula.replace(code, word)
        mates = ((token, f"{row}.{token}") for token in FORMULA_TOKEN.findall(formula))
        return " ".join(mate if mate in self._form.labels else token for token, mate in mates)

    def _expected(self, finding: Finding) -> str:
        """Return what is expected; the key of a missing section as its name."""
        if ("section", finding.expected) in finding.params:
            return self._wording.sections.get(finding.expected, finding.expected)
        return finding.expected

    def _section(self, finding: Finding) -> str:
        title = section_title(self._report, finding.span, wording=self._wording)
        if title or not finding.cell:
            return title
        spec = self._form.table(finding.cell.partition(".")[0])
        return self._wording.sections.get(spec.section, spec.section) if spec else ""

    def _terms(self, finding: Finding) -> tuple[list[Term | str], str]:
        """Return the formula's terms and operators, and the column that all terms share."""
        tokens = FORMULA_TOKEN.findall(self._formula(finding))
        out = [self._term(token, finding) for token in tokens]
        terms = [term for term in out if not isinstance(term, str)]
        return (out, _take_column(terms)) if terms else ([], "")

    def _term(self, token: str, finding: Finding) -> Term | str:
        """Return the term of an address or a bare number; other tokens are operators."""
        if _NUMBER.fullmatch(token):
            return Term(label="", value=token, role="")
        labels, address = self._form.labels, Address(token)
        told = {e.address: e.value for e in finding.evidence if e.address}
        value = told.get(address, self._values.get(address))
        if address not in labels and value is None:
            return word_formula(token, labels={})
        number = "" if value is None else plain_number(value)
        if not number and address == finding.cell:
            number = plain_value(finding.expected)
        role = cell_roles(finding, self._form, report_id=finding.report).get(address, "")
        # A label may carry its filling-in note, too long for a formula.
        label = _NOTE.sub("", labels.get(address, token))
        return Term(label=label, value=number, role=role)


def _take_column(terms: list[Term]) -> str:
    """Drop the column from the labels when it is the same in all, and return it."""
    terms = [term for term in terms if term["label"]]
    columns = {term["label"].rpartition("·")[2] for term in terms}
    if len(terms) < 2 or len(columns) != 1 or not all("·" in term["label"] for term in terms):
        return ""
    for term in terms:
        term["label"] = term["label"].rpartition("·")[0]
    return columns.pop()
