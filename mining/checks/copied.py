"""The rule about passages that were taken over from last year's report."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from mining.contracts import rule
from mining.finding import Evidence, Finding, Severity, Status
from mining.history.context import YearsContext
from mining.history.facts import YearFacts
from mining.history.shared import Shared, find_shared
from mining.spans import Span

__all__ = ["form_copied"]

# Opening formula and statistics appendix are the same every year by rule.
_FIXED = frozenset(("preface", "attachment"))
# Names of laws are long and must not change; so are slogans in quotation marks.
_CITED = re.compile(r"《[^《》]{0,80}》|“[^“”]{0,60}”|〔[0-9]{4}〕[0-9]{1,4}号")


@rule("form-copied", severity=Severity.INFO, since="0.1.0", over="years")
def form_copied(ctx: YearsContext, *, min_chars: int = 100) -> Iterator[Finding]:
    """A long passage is word for word last year's.

    What it checks
        Runs of whole clauses that stand in both narratives, opening formula, tables, headings and
        names of laws not counted, of at least `min_chars` characters.
    Why it matters
        A report tells of one year; what was taken over, numbers above all, tells of another.
    Example
        Breaks: three sentences on problems, taken over whole. Holds: the same with new wording.
    Known limits
        Suspect only: a standing arrangement may be described in the same words every year. One
        changed word ends a passage.
    Basis
        条例第五十条: the report is about the year before; copied numbers make it a warning.
    """
    this, last = ctx.this, ctx.last
    shared = find_shared(this.text, _narrative(this), last.text, _narrative(last), least=min_chars)
    found = [(_weight(passage.here.of(this.text)), passage) for passage in shared]
    long = [(chars, passage) for chars, passage in found if chars >= min_chars]
    for chars, passage in long:
        yield _finding(ctx, passage, chars)
    if not long:
        yield ctx.finding(Status.CONSISTENT)


def _narrative(facts: YearFacts) -> list[Span]:
    """Return the stretches of the text that are narrative and no table."""
    tables = sorted(table.span for table in facts.tables)
    stretches: list[Span] = []
    for section in facts.sections:
        if section.key in _FIXED:
            continue
        start = max(section.span.start, section.heading.end)
        for table in tables:
            if section.span.contains(table) and start < table.start:
                stretches.append(Span(start, table.start))
            if section.span.contains(table):
                start = max(start, table.end)
        if start < section.span.end:
            stretches.append(Span(start, section.span.end))
    return stretches


def _weight(passage: str) -> int:
    """Return how many characters of a passage could have been others."""
    return len("".join(_CITED.sub("", passage).split()))


def _finding(ctx: YearsContext, passage: Shared, chars: int) -> Finding:
    figures = ctx.this.figures
    starts = figures[::2]
    numbers = bisect_left(starts, passage.here.end) - bisect_left(starts, passage.here.start)
    return ctx.finding(
        Status.SUSPECT,
        reason="copied-numbers" if numbers else "",
        severity=Severity.WARNING if numbers else None,
        evidence=(
            Evidence(role="other", span=passage.here),
            Evidence(role="other", span=passage.there, report=ctx.last.report),
        ),
        chars=str(chars),
        numbers=str(numbers) if numbers else "",
    )
