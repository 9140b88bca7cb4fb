"""Numbers of a run or a part of it, as plain JSON: totals, severities, the first failures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from mining.finding import Failure
from mining.present.cards import FindingCard, ReportCard, Summary, summarize
from mining.present.years import YearsCard, add_to_summary

__all__ = ["MAX_FAILURES", "Counts"]

MAX_FAILURES = 100


class Counts:
    """Adds up what reports and comparisons over years come to.

    Attributes
    ----------
    totals
        Reports, checks by status, and coverage.
    kinds
        Findings that a person should look at, by status and severity.
    failures
        The first failed inputs, at most `MAX_FAILURES`.
    years
        The years that reports are of.
    """

    def __init__(self) -> None:
        self.totals: Summary = summarize(())
        self.kinds: Counter[tuple[str, str]] = Counter()
        self.failures: list[Failure] = []
        self.years: set[int] = set()

    def add(self, card: ReportCard, failure: Failure | None) -> None:
        """Count one report."""
        self._add_totals(summarize((card,)))
        self._add_findings(card["findings"])
        if card["year"] is not None:
            self.years.add(card["year"])
        if failure is not None:
            self._add_failures((failure,))

    def add_years(self, card: YearsCard) -> None:
        """Count one comparison with last year."""
        add_to_summary(self.totals, card)
        self._add_findings(card["findings"])

    def add_told(self, told: Mapping[str, Any]) -> None:
        """Count what another process has counted."""
        self._add_totals(told["totals"])
        self.kinds.update({(status, severity): n for status, severity, n in told["kinds"]})
        self.years.update(told["years"])
        self._add_failures([Failure(**failure) for failure in told["failures"]])

    def told(self) -> dict[str, Any]:
        """Return all counts as plain JSON."""
        return {
            "totals": self.totals,
            "kinds": [[*kind, n] for kind, n in sorted(self.kinds.items())],
            "failures": [asdict(failure) for failure in self.failures],
            "years": sorted(self.years),
        }

    @property
    def mismatches(self) -> dict[str, int]:
        """How many mismatches there are of each severity."""
        return {severity: n for (status, severity), n in self.kinds.items() if status == "mismatch"}

    def _add_totals(self, totals: Summary) -> None:
        added = Counter(self.totals)
        added.update(totals)
        self.totals.update(added)  # type: ignore[typeddict-item]

    def _add_findings(self, findings: Sequence[FindingCard]) -> None:
        self.kinds.update((f["status"], f["severity"]) for f in findings)

    def _add_failures(self, failures: Sequence[Failure]) -> None:
        self.failures += failures[: MAX_FAILURES - len(self.failures)]
