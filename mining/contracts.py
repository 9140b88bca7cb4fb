"""Protocols of readers and steps, and the machinery of rules: `@rule` and `CheckContext`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from mining.finding import Evidence, Finding, Severity, Status, make_finding
from mining.form import Form
from mining.report import Address, Figure, Link, Number, Report
from mining.settings import Settings
from mining.tabular.cellbook import CellBook, CellValue

__all__ = ["CheckContext", "Reader", "Rule", "RuleContext", "Scale", "Step", "rule"]

Scale = Literal["report", "years"]
"""What a rule looks at: one report, or one agency's reports of two years."""


class Reader(Protocol):
    """Bytes of one format to a raw report; raises `ReadError`."""

    def __call__(self, data: bytes, *, report_id: str, path: Path, settings: Settings) -> Report:
        """Read `data`, the content of `path`."""
        ...


class Step(Protocol):
    """Fills one layer of a report and leaves the others alone."""

    def __call__(self, report: Report, form: Form, settings: Settings) -> Report:
        """Return `report` with the step's layer filled."""
        ...


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its public id, severity, version it came with, the check itself, what it looks at."""

    id: str
    severity: Severity
    since: str
    check: Callable[..., Iterator[Finding]]
    over: Scale = "report"

    @property
    def doc(self) -> str:
        """The rule's documentation: what it checks, why, example, limits, basis."""
        return inspect.getdoc(self.check) or ""

    @property
    def parameters(self) -> dict[str, inspect.Parameter]:
        """Keyword parameters, which are the schema of the rule's ``[[checks]]`` entry."""
        found = inspect.signature(self.check, eval_str=True).parameters
        return {n: p for n, p in found.items() if p.kind is inspect.Parameter.KEYWORD_ONLY}


def rule(
    rule_id: str, *, severity: Severity, since: str, over: Scale = "report"
) -> Callable[[Callable[..., Iterator[Finding]]], Rule]:
    """Turn a function ``(ctx, *, parameters) -> Iterator[Finding]`` into a `Rule`."""

    def wrap(check: Callable[..., Iterator[Finding]]) -> Rule:
        return Rule(rule_id, severity, since, check, over)

    return wrap


class RuleContext:
    """Runs rules about one report and makes their findings; `text` is what its spans point into."""

    def __init__(self, report_id: str, text: str) -> None:
        self.report_id = report_id
        self.text = text
        self._rule: Rule | None = None

    @property
    def running(self) -> Rule:
        """The rule that makes findings now.

        Raises
        ------
        RuntimeError
            When no rule is running.
        """
        if self._rule is None:
            msg = "findings are made by rules only"
            raise RuntimeError(msg)
        return self._rule

    def run(self, part: Rule, params: Mapping[str, object]) -> Iterator[Finding]:
        """Run one rule, to its end before the next: findings take its id and severity."""
        self._rule = part
        return part.check(self, **params)

    def unverifiable(
        self, part: Rule, reason: str, *, evidence: tuple[Evidence, ...] = (), other: str = ""
    ) -> Finding:
        """Build the finding of a rule that can't run at all."""
        self._rule = part
        return self.finding(Status.UNVERIFIABLE, reason=reason, evidence=evidence, other=other)

    def finding(
        self,
        status: Status,
        *,
        reason: str = "",
        cell: Address | None = None,
        stated: Number | str = "",
        expected: Number | str = "",
        difference: Number | None = None,
        evidence: tuple[Evidence, ...] = (),
        formula: str = "",
        scope: str = "",
        severity: Severity | None = None,
        **params: str,
    ) -> Finding:
        """Build a finding of the running rule; the first evidence with a span says where to look.

        Raises
        ------
        RuntimeError
            When no rule is running.
        """
        part = self.running
        where, quote = None, ""
        for item in evidence:
            span = item.span
            if span is not None and span.start < span.end and not item.report:
                where, quote = span, self.text[span.start : span.end]
                break
        return make_finding(
            report=self.report_id,
            rule=part.id,
            status=status,
            severity=severity or part.severity,
            reason=reason,
            cell=cell,
            stated=str(stated),
            expected=str(expected),
            difference=difference,
            span=where,
            params=tuple([pair for pair in params.items() if pair[1]]) if params else (),
            formula=formula,
            evidence=evidence,
            quote=quote,
            scope=scope,
        )


class CheckContext(RuleContext):
    """What a rule may see: one report, its form, and cells by address."""

    def __init__(self, report: Report, form: Form, settings: Settings) -> None:
        super().__init__(report.id, report.text)
        self.report = report
        self.form = form
        self.settings = settings
        self.cells = CellBook(report, form, settings)
        self._linked: dict[str, list[tuple[Figure, Link]]] | None = None

    def value(self, address: Address) -> CellValue:
        """Return the value of a cell or a derived quantity."""
        return self.cells.value(address)

    def linked(self, claim: str) -> list[tuple[Figure, Link]]:
        """Return the figures that claim something about a cell in one way, each with its links."""
        if self._linked is None:
            # Sorted once: four rules ask.
            self._linked = {}
            figures = self.report.figures or ()
            for link in self.report.links or ():
                figure = figures[link.figure]
                self._linked.setdefault(figure.claim, []).append((figure, link))
        return self._linked.get(claim, [])
