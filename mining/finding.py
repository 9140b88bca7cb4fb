"""What a check found: statuses, evidence, and a fingerprint that survives a re-run."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from mining.frozen import maker
from mining.report import Address, Number, Report
from mining.spans import Span

__all__ = [
    "Evidence",
    "Failure",
    "Finding",
    "Result",
    "Severity",
    "Status",
    "make_evidence",
    "make_finding",
]


class Status(StrEnum):
    """Outcome of one comparison."""

    MISMATCH = "mismatch"
    SUSPECT = "suspect"
    CONSISTENT = "consistent"
    UNVERIFIABLE = "unverifiable"


class Severity(StrEnum):
    """Consequence if the finding is true."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One piece of proof: a span of the text, a cell, or both.

    `role` says what it shows: ``figure``, ``cell``, ``total``, ``part``, ``sentence``, ``other``.
    `report` is the report that span and address belong to, empty for the finding's own.
    """

    role: str
    span: Span | None = None
    address: Address | None = None
    value: Number | None = None
    report: str = ""


make_evidence = maker(Evidence)
"""The same as `Evidence`, faster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One comparison made by a rule, whatever its outcome.

    Parameters
    ----------
    report, rule, status, severity
        Which report and rule, how it came out, how bad if true.
    cell
        Address of the cell the comparison is about, or ``None``.
    stated, expected
        What the report says and what it should say by the rule, as short text
        (``93``, ``(23000, 24000)``); empty when it is not a number.
    difference
        `stated` minus `expected`, ``None`` when there is no such number.
    span
        Where to look first in ``Report.text``; ``None`` when there is no such place.
    reason
        Stable message key; ``present.messages`` words it with `params`.
    params
        Values for the wording, all short strings.
    formula
        The identity checked, in addresses and operators, or empty.
    evidence
        The proof, most telling first.
    scope
        Which scope or reading was chosen (``narrow``, ``wide``, an alternative address).
    """

    report: str
    rule: str
    status: Status
    severity: Severity
    reason: str
    cell: Address | None = None
    stated: str = ""
    expected: str = ""
    difference: Number | None = None
    span: Span | None = None
    params: tuple[tuple[str, str], ...] = ()
    formula: str = ""
    evidence: tuple[Evidence, ...] = ()
    quote: str = ""
    scope: str = ""

    def evidence_in(self, report_id: str) -> tuple[Evidence, ...]:
        """Return the evidence that stands in one report: the finding's own, or last year's."""
        return tuple(e for e in self.evidence if (e.report or self.report) == report_id)

    @property
    def fingerprint(self) -> str:
        """Stable id from rule, report, addresses and quote; never from offsets."""
        addresses = [e.address for e in self.evidence if e.address]
        parts = [self.rule, self.report, self.cell or "", self.formula, *addresses, self.quote]
        return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=8).hexdigest()


make_finding = maker(Finding)
"""The same as `Finding`, faster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An input that could not be read or audited; the rest of the run goes on."""

    report: str
    source: str
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A report with all layers filled, and every finding of every check."""

    report: Report
    findings: tuple[Finding, ...]
