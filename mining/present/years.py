"""Findings over two years as plain data for the page: both reports side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TypedDict

from mining.finding import Finding, Result, Status
from mining.form import Form
from mining.history.facts import YearFacts
from mining.present.cards import (
    SHOWN,
    CardMaker,
    FindingCard,
    ReportCard,
    Summary,
    count_findings,
)
from mining.present.excerpts import cut_tables
from mining.present.messages import Lang, Wording, load_wording
from mining.present.passages import cut_passages
from mining.present.rows import finding_columns, finding_ids
from mining.present.sinks import Columns
from mining.settings import Settings
from mining.spans import Span

__all__ = ["YearsCard", "add_to_summary", "merge_cards", "years_card", "years_columns"]


class YearsCard(TypedDict):
    """What a comparison with last year adds to the card of one report; see `ReportCard`.

    `checked` counts figures that no rule for single reports compared.
    """

    report: str
    counts: dict[str, int]
    rules: dict[str, dict[str, int]]
    checked: int
    findings: list[FindingCard]


def years_columns(
    findings: Sequence[Finding], this: YearFacts, last: YearFacts | None, *, form: Form, lang: Lang
) -> Columns:
    """Return the table ``findings``, with the places of each in both sources."""
    report = this.as_report(around=_told(findings, this))
    other = last.as_report(around=_told(findings, last)) if last else None
    result = Result(report=report, findings=tuple(findings))
    return finding_columns(result, labels=form.labels, lang=lang, last=other)


def _told(findings: Sequence[Finding], facts: YearFacts) -> list[Span]:
    """Return what findings quote of a report, by its own evidence or as last year's."""
    return [
        e.span
        for f in findings
        for e in f.evidence
        # A blank cell has a span too, of no length.
        if e.span is not None and (e.report or f.report) == facts.report
    ]


def years_card(
    findings: Sequence[Finding],
    this: YearFacts,
    last: YearFacts | None,
    *,
    forms: tuple[Form, Form],
    lang: Lang,
    settings: Settings,
) -> YearsCard:
    """Return what the findings of one pair of reports add to the card of the later one.

    Parameters
    ----------
    findings
        Of the rules over years.
    this, last
        Facts of the two reports; without `last` nothing was compared.
    forms
        The forms that the two were read with.
    lang
        Language of the messages.
    settings
        Says below which score a cell is shown as uncertain.
    """
    counts, rules = count_findings(findings)
    pairs = list(zip(finding_ids(findings), findings, strict=True))
    shown = [(key, f) for key, f in pairs if f.status in SHOWN]
    cards: list[FindingCard] = []
    if shown and last is not None:
        told = [f for _, f in shown]
        show = _Shower(this, last, forms, told, lang=lang, settings=settings)
        cards = [show.card(f, key) for key, f in shown]
    return YearsCard(
        report=this.report,
        counts=counts,
        rules=rules,
        checked=_newly_checked(findings, this),
        findings=cards,
    )


def _newly_checked(findings: Sequence[Finding], this: YearFacts) -> int:
    compared = {
        e.span
        for f in findings
        if f.rule == "narrative-growth" and f.status != Status.UNVERIFIABLE
        for e in f.evidence_in(this.report)
    }
    told = {c.span for c in this.claims if c.quantity is not None and not c.is_counted}
    return len(told & compared)


class _Shower:
    """Shows findings of one pair of reports."""

    def __init__(
        self,
        this: YearFacts,
        last: YearFacts,
        forms: tuple[Form, Form],
        findings: Sequence[Finding],
        *,
        lang: Lang,
        settings: Settings,
    ) -> None:
        self._years = (this.year, last.year)
        self._reports = (
            this.as_report(with_tables=True, around=_told(findings, this)),
            last.as_report(with_tables=True, around=_told(findings, last)),
        )
        self._forms, self._settings = forms, settings
        self._wording = load_wording(lang)
        self._maker = CardMaker(
            self._reports[0], forms[0], self._wording, lang=lang, settings=settings
        )

    def card(self, finding: Finding, key: str) -> FindingCard:
        """Return the card of one finding, what stands in which year's report told at each part."""
        card = self._maker.card(finding, key)
        this, last = self._years
        passages = cut_passages(self._reports[1], finding, wording=self._wording)
        tables = cut_tables(
            self._reports[1],
            self._forms[1],
            finding,
            wording=self._wording,
            settings=self._settings,
        )
        for year, group in ((this, card["passages"]), (last, passages)):
            for passage in group:
                passage["section"] = _title(year, passage["section"], self._wording)
        for year, excerpts in ((this, card["tables"]), (last, tables)):
            for excerpt in excerpts:
                excerpt["title"] = _title(year, excerpt["title"], self._wording)
        card["passages"] += passages
        card["tables"] += tables
        return card


def _title(year: int | None, title: str, wording: Wording) -> str:
    return wording.ui["year_of"].format(year=year, title=title)


def merge_cards(
    cards: Iterable[ReportCard], additions: Iterable[YearsCard]
) -> Iterator[ReportCard]:
    """Yield report cards with what the years add to them; both come in the order of the run."""
    waiting = iter(additions)
    addition = next(waiting, None)
    for card in cards:
        if addition is not None and addition["report"] == card["report"]:
            _merge(card, addition)
            addition = next(waiting, None)
        yield card


def _merge(card: ReportCard, addition: YearsCard) -> None:
    card["counts"] = dict(Counter(card["counts"]) + Counter(addition["counts"]))
    card["rules"] |= addition["rules"]
    card["coverage"]["checked"] += addition["checked"]
    card["findings"] += addition["findings"]


def add_to_summary(summary: Summary, addition: YearsCard) -> None:
    """Count what a comparison with last year adds to the totals of a run."""
    counts = addition["counts"]
    summary["mismatch"] += counts.get("mismatch", 0)
    summary["suspect"] += counts.get("suspect", 0)
    summary["consistent"] += counts.get("consistent", 0)
    summary["unverifiable"] += counts.get("unverifiable", 0)
    summary["checks"] += sum(counts.values())
    summary["checked"] += addition["checked"]
