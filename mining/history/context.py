"""What a rule over years may see: an agency's reports of this year and of last year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from mining.contracts import Rule, RuleContext
from mining.finding import Evidence, Finding, Status
from mining.form import Form
from mining.history.facts import YearFacts
from mining.report import Address
from mining.settings import Settings
from mining.sums import evidence_of
from mining.tabular.cellbook import CellBook, CellValue

__all__ = ["YearsContext"]


class YearsContext(RuleContext):
    """Two reports, this year's and last year's, their forms, and the cells of both by address.

    Parameters
    ----------
    this, last
        Facts of the two reports.
    form, last_form
        The forms that they were read with.
    score
        How sure it is that both are of one agency; below ``settings.sure_agency`` every mismatch
        becomes a suspect.
    settings
        Thresholds.
    """

    def __init__(
        self,
        this: YearFacts,
        last: YearFacts,
        *,
        form: Form,
        last_form: Form,
        score: float,
        settings: Settings,
    ) -> None:
        super().__init__(this.report, this.text)
        self.this, self.last = this, last
        self.form, self.last_form = form, last_form
        self.settings = settings
        self.now = _book(this, form, settings)
        self.before = _book(last, last_form, settings)
        self._is_sure = score >= settings.sure_agency

    def run(self, part: Rule, params: Mapping[str, object]) -> Iterator[Finding]:
        """Run one rule; what two agencies may tell differently is no mismatch."""
        for finding in super().run(part, params):
            if finding.status is Status.MISMATCH and not self._is_sure:
                yield replace(finding, status=Status.SUSPECT, reason="unsure-agency")
            else:
                yield finding

    def compared(self, now: CellValue, before: CellValue) -> tuple[Evidence, ...]:
        """Return this year's cells and then last year's as evidence."""
        theirs = evidence_of(before, "cell", report=self.last.report)
        return evidence_of(now, "cell") + theirs

    def is_asked_in_both(self, now: Address, before: Address) -> bool:
        """Tell whether the forms of both years have these cells; tables change now and then."""
        return now in self.form.labels and before in self.last_form.labels


def _book(facts: YearFacts, form: Form, settings: Settings) -> CellBook:
    return CellBook(facts.as_report(), form, settings, cells=facts.cells)
