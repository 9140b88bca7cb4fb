"""The work on one report of a run: load, audit, turn into rows and a card; never an exception."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TypeVar

from mining.catalog import RULES, shipped_forms
from mining.corpus.inputs import Input
from mining.corpus.loading import Loader
from mining.corpus.tasks import At
from mining.corpus.years import FactsRow, facts_row
from mining.errors import MiningError, SettingsError
from mining.finding import Failure
from mining.form import Form
from mining.formload.file import load_form
from mining.pipeline import Steps, advance, audit_steps
from mining.present.cards import ReportCard, failure_card, report_card
from mining.present.messages import Lang
from mining.present.rows import failed_row, result_tables
from mining.present.sinks import Columns, Row
from mining.settings import Settings

__all__ = [
    "AuditJob",
    "Outcome",
    "Selection",
    "attempt",
    "failed_outcome",
    "load_forms",
    "lost_failure",
]

logger = logging.getLogger(__name__)

T = TypeVar("T")
_LOST = {
    "E196": "reading it took more memory than a worker may use",
    "E197": "reading it took longer than a report may take",
    "E198": "the process that read it died",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which forms and rules a run uses.

    Parameters
    ----------
    select, ignore
        Prefixes of rule ids to run (all when empty) and to leave out: ``table-``.
    forms
        Form files of the user, tried before the shipped ones.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    forms: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a prefix that no rule has: it is a slip that would switch checks off."""
        for prefix in self.select + self.ignore:
            if not any(rule_id.startswith(prefix) for rule_id in RULES):
                msg = f"no rule starts with {prefix!r}"
                raise SettingsError(msg, code="E401", hint="`mining rule` lists them")

    def load(self) -> tuple[Form, ...]:
        """Return the forms, each with the selected checks only.

        Raises
        ------
        FormError
            For the first form file that is unsound.
        """
        own = tuple(load_form(path, rules=RULES) for path in self.forms)
        return tuple(self._narrow(form) for form in own + shipped_forms())

    def _narrow(self, form: Form) -> Form:
        return replace(form, checks=tuple(c for c in form.checks if self._has(c.rule)))

    def _has(self, rule_id: str) -> bool:
        wanted = not self.select or rule_id.startswith(self.select)
        return wanted and not (self.ignore and rule_id.startswith(self.ignore))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one report adds to the results: rows by table, its card, its facts, why it failed."""

    rows: Mapping[str, Sequence[Row] | Columns]
    card: ReportCard
    failure: Failure | None = None
    facts: FactsRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditJob:
    """Audits inputs in this or another process; small enough to be sent along with each task."""

    settings: Settings
    selection: Selection
    lang: Lang = "zh"
    with_facts: bool = False

    def outcomes(
        self, items: Sequence[Input], loader: Loader, *, at: At, first: int
    ) -> list[Outcome]:
        """Return what comes of some inputs, which take each step one after the other.

        The code of a step then stays in the caches of the processor, and so does what it looks
        up: thirty inputs together take three quarters of the time that they take one by one.

        Parameters
        ----------
        items
            The inputs.
        loader
            Loads them.
        at
            Told which inputs are at work: one by one as they are read, then all.
        first
            Position of the first input in its task.
        """
        works = [self.steps(item, loader) for item in items]
        done: list[Outcome | None] = []
        for place, (item, work) in enumerate(zip(items, works, strict=True), first):
            at(place)
            done.append(self._advanced(item, work))
        at(first, len(items))
        while None in done:
            for place, outcome in enumerate(done):
                if outcome is None:
                    done[place] = self._advanced(items[place], works[place])
        return [outcome for outcome in done if outcome is not None]

    def steps(self, item: Input, loader: Loader) -> Steps[Outcome]:
        """Load and audit an input, with a pause after each step."""
        forms = load_forms(self.selection)
        data = loader.load(item)
        result = yield from audit_steps(
            data, report_id=item.report_id, path=item.source, settings=self.settings, forms=forms
        )
        form = next(form for form in forms if form.id == result.report.form)
        yield
        rows = result_tables(result, labels=form.labels, lang=self.lang)
        yield
        card = report_card(result, form, lang=self.lang, settings=self.settings)
        yield
        facts = facts_row(result, form, settings=self.settings) if self.with_facts else None
        return Outcome(rows=rows, card=card, facts=facts)

    def _advanced(self, item: Input, work: Steps[Outcome]) -> Outcome | None:
        """Take one step; return the outcome when it was the last, or failed."""
        done = attempt(partial(advance, work), report=item.report_id, source=item.source)
        return failed_outcome(done, lang=self.lang) if isinstance(done, Failure) else done

    def lost(self, item: Input, code: str) -> Outcome:
        """Return the outcome of an input that no process survives; `code` says why."""
        return failed_outcome(lost_failure(item.report_id, item.source, code), lang=self.lang)


@lru_cache(maxsize=2)
def load_forms(selection: Selection) -> tuple[Form, ...]:
    """Return the forms of a selection, read once in each process."""
    return selection.load()


def attempt(work: Callable[[], T], *, report: str, source: Path) -> T | Failure:
    """Return what `work` makes of one report, or why it made nothing."""
    try:
        return work()
    except MiningError as error:
        code, message = error.code, error.message
    # The one broad handler of the project: one bad report must not end a run of thousands.
    except Exception as error:
        logger.debug("work on %s failed", report, exc_info=True)
        code, message = "E199", f"unexpected {type(error).__name__}: {error}"
    return Failure(report=report, source=str(source), code=code, message=message)


def lost_failure(report: str, source: Path, code: str = "E198") -> Failure:
    """Return why there is nothing of a report that no process survives."""
    return Failure(report=report, source=str(source), code=code, message=_LOST[code])


def failed_outcome(failure: Failure, *, lang: Lang = "zh") -> Outcome:
    """Return the outcome of an input that can't be read or audited."""
    rows = {"reports": [failed_row(failure)]}
    return Outcome(rows=rows, card=failure_card(failure, lang=lang), failure=failure)
