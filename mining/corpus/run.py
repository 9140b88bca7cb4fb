"""An audit over many reports: the same bytes out, whatever the number of workers."""

from __future__ import annotations

import json
import platform
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Literal

from mining.corpus.inputs import Inputs
from mining.corpus.job import AuditJob, Outcome, Selection, failed_outcome
from mining.corpus.join import compare_years
from mining.corpus.manifest import MANIFEST, write_manifest
from mining.corpus.outputs import MARKER, output_folder
from mining.corpus.pool import map_items
from mining.corpus.years import FactsStore, has_years_checks
from mining.finding import Failure
from mining.form import Form
from mining.history.mapping import AgencyMap
from mining.present.cards import FindingCard, ReportCard, Summary, summarize
from mining.present.html import write_page
from mining.present.messages import Lang
from mining.present.sinks import Row
from mining.present.tables import FORMATS, SCHEMAS, TableWriter
from mining.present.xlsx import write_workbook
from mining.present.years import YearsCard, add_to_summary, merge_cards
from mining.settings import Settings
from mining.version import __version__

__all__ = ["MAX_FAILURES", "PAGE", "WORKBOOK", "FailOn", "RunSummary", "run_audit"]

FailOn = Literal["error", "warning", "suspect"]

PAGE = "audit.html"
WORKBOOK = "audit.xlsx"
MAX_FAILURES = 100
_CARDS = "cards.jsonl"
_YEARS = "years.jsonl"
_FACTS = "facts.bin"
_TABLES = (f"{table}.{kind}" for table in SCHEMAS for kind in FORMATS)
_OWN_FILES = frozenset({MARKER, MANIFEST, PAGE, WORKBOOK, *_TABLES})
# The packages whose versions can change a byte of the results.
_PACKAGES = ("charset-normalizer", "pyarrow", "rapidfuzz", "xlsxwriter")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """What a run found, in numbers.

    Parameters
    ----------
    out
        The folder of results.
    totals
        Reports, checks by status, and coverage; see `mining.present.cards.Summary`.
    mismatches
        How many mismatches there are of each severity.
    failures
        The first failed inputs, at most `MAX_FAILURES`; ``reports`` and the page list all.
    skipped
        Files left out, by reason.
    """

    out: Path
    totals: Summary
    mismatches: Mapping[str, int]
    failures: Sequence[Failure]
    skipped: Mapping[str, int]

    def has_findings(self, level: FailOn) -> bool:
        """Tell whether there are findings of `level` or worse."""
        wrong = Counter(self.mismatches)
        if level == "error":
            return wrong["error"] > 0
        if level == "warning":
            return wrong["error"] + wrong["warning"] > 0
        return self.totals["mismatch"] + self.totals["suspect"] > 0


def run_audit(
    inputs: Inputs,
    out: Path,
    *,
    workers: int = 1,
    formats: Sequence[str] = ("parquet",),
    lang: Lang = "zh",
    settings: Settings | None = None,
    selection: Selection | None = None,
    agencies: AgencyMap | None = None,
    force: bool = False,
    progress: Callable[[int], None] | None = None,
) -> RunSummary:
    """Audit `inputs`; write tables, page and worksheet to the folder `out`.

    Parameters
    ----------
    inputs
        What `mining.corpus.inputs.collect` found.
    out
        Made when missing; an earlier result there is replaced when the run succeeds.
    workers
        Number of processes. A script that asks for more than one keeps its own start below
        ``if __name__ == "__main__":``, because each process loads the script again.
    formats
        Some of ``parquet``, ``csv``, ``xlsx``, ``json``.
    settings, selection
        Limits; which forms and rules to use.
    agencies
        Which names mean one agency, where names alone would mislead the rules over years.
    force
        Work in a folder that holds other files.
    progress
        Called with 1 after each report.

    Raises
    ------
    OutputError
        E501 when `out` can't be used or written. A report that fails is a row, no exception.
    FormError
        When a form file of `selection` is unsound.
    """
    job, forms = _job(inputs, settings or Settings(), selection or Selection(), lang)
    tally = _Tally()
    with output_folder(out, own=_OWN_FILES, force=force) as folder:
        with (
            TableWriter(folder, formats=formats) as tables,
            FactsStore(folder / _FACTS, agencies) as store,
        ):
            outcomes = _outcomes(inputs, job, workers)
            written = _write(outcomes, folder / _CARDS, tables=tables, store=store, tally=tally)
            totals = summarize(_ticking(written, progress))
            compared = compare_years(
                store, selection=job.selection, settings=job.settings, lang=lang, workers=workers
            )
            _write_years(compared, folder / _YEARS, tables=tables, tally=tally, totals=totals)
        _write_pages(folder, lang=lang, totals=totals)
        facts = {**_facts(job, formats, forms=list(forms)), "totals": totals}
        _write_facts(folder, {**facts, "skipped": inputs.skipped}, inputs, job.selection, agencies)
    return tally.summary(out, totals, inputs)


def _job(
    inputs: Inputs, settings: Settings, selection: Selection, lang: Lang
) -> tuple[AuditJob, dict[str, Form]]:
    """Return the work on one report and the forms by id; one report alone has no last year."""
    forms = {form.id: form for form in selection.load()}
    with_facts = len(inputs.items) > 1 and has_years_checks(list(forms.values()))
    job = AuditJob(settings=settings, selection=selection, lang=lang, with_facts=with_facts)
    return job, forms


class _Tally:
    """What the totals of the page don't tell: severities of mismatches, and the failures."""

    def __init__(self) -> None:
        self.mismatches: Counter[str] = Counter()
        self.failures: list[Failure] = []

    def add(self, outcome: Outcome) -> None:
        """Count one outcome."""
        self.add_findings(outcome.card["findings"])
        if outcome.failure is not None and len(self.failures) < MAX_FAILURES:
            self.failures.append(outcome.failure)

    def summary(self, out: Path, totals: Summary, inputs: Inputs) -> RunSummary:
        """Return what the run found."""
        return RunSummary(
            out=out,
            totals=totals,
            mismatches=self.mismatches,
            failures=self.failures,
            skipped=inputs.skipped,
        )

    def add_findings(self, findings: Sequence[FindingCard]) -> None:
        """Count the mismatches among findings."""
        self.mismatches.update(f["severity"] for f in findings if f["status"] == "mismatch")


def _outcomes(inputs: Inputs, job: AuditJob, workers: int) -> Iterator[Outcome]:
    failed = (failed_outcome(f, lang=job.lang) for f in inputs.failures)
    return chain(failed, map_items(job, inputs.items, workers=workers, lost=job.lost))


def _write(
    outcomes: Iterator[Outcome],
    path: Path,
    *,
    tables: TableWriter,
    store: FactsStore,
    tally: _Tally,
) -> Iterator[ReportCard]:
    # Cards wait on disk: the page needs the totals first, and memory must stay flat.
    with path.open("w", encoding="utf-8") as cards:
        for outcome in outcomes:
            tables.write(outcome.rows)
            cards.write(json.dumps(outcome.card, ensure_ascii=False) + "\n")
            tally.add(outcome)
            if outcome.facts is not None:
                store.add(outcome.facts)
            yield outcome.card


def _write_years(
    compared: Iterator[tuple[list[Row], YearsCard]],
    path: Path,
    *,
    tables: TableWriter,
    tally: _Tally,
    totals: Summary,
) -> None:
    """Add what comes of comparing years, after all reports: which is last year's is known then."""
    with path.open("w", encoding="utf-8") as cards:
        for rows, card in compared:
            tables.write({"findings": rows})
            cards.write(json.dumps(card, ensure_ascii=False) + "\n")
            tally.add_findings(card["findings"])
            add_to_summary(totals, card)


def _ticking(
    cards: Iterator[ReportCard], progress: Callable[[int], None] | None
) -> Iterator[ReportCard]:
    for card in cards:
        if progress is not None:
            progress(1)
        yield card


def _write_pages(folder: Path, *, lang: Lang, totals: Summary) -> None:
    write_page(_iter_cards(folder), folder / PAGE, lang=lang, summary=totals)
    write_workbook(_iter_cards(folder), folder / WORKBOOK, lang=lang, summary=totals)
    for name in (_CARDS, _YEARS):
        (folder / name).unlink()


def _iter_cards(folder: Path) -> Iterator[ReportCard]:
    with (
        (folder / _CARDS).open(encoding="utf-8") as cards,
        (folder / _YEARS).open(encoding="utf-8") as years,
    ):
        yield from merge_cards(map(json.loads, cards), map(json.loads, years))


def _facts(job: AuditJob, formats: Sequence[str], *, forms: Sequence[str]) -> dict[str, object]:
    """Return all that decides about the results: no time and no number of workers."""
    return {
        "schema": 1,
        "mining": __version__,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in _PACKAGES},
        "settings": asdict(job.settings),
        "forms": forms,
        "select": job.selection.select,
        "ignore": job.selection.ignore,
        "formats": formats,
        "lang": job.lang,
    }


def _write_facts(
    folder: Path,
    facts: Mapping[str, object],
    inputs: Inputs,
    selection: Selection,
    agencies: AgencyMap | None,
) -> None:
    text = json.dumps(facts, ensure_ascii=False, indent=2)
    (folder / MARKER).write_text(text + "\n", encoding="utf-8")
    write_manifest(folder, facts, inputs, forms=selection.forms, agencies=agencies)
