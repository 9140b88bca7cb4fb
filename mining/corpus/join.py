"""The work on the pairs of a run: compare each report with last year's, spread over processes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mining.corpus.job import Selection, load_forms
from mining.corpus.pool import map_items
from mining.corpus.years import Comparison, FactsReader, FactsStore
from mining.form import Form
from mining.pipeline import check_gap, check_years
from mining.present.messages import Lang
from mining.present.sinks import Row
from mining.present.years import YearsCard, years_card, years_rows
from mining.settings import Settings

__all__ = ["YearsJob", "compare_years"]

# Fewer are compared sooner than other processes have started.
_WORTH_A_POOL = 4000

Compared = tuple[list[Row], YearsCard]


def compare_years(
    store: FactsStore, *, selection: Selection, settings: Settings, lang: Lang, workers: int
) -> Iterator[Compared]:
    """Yield rows of ``findings`` and the addition to the card of each report of a store.

    Parameters
    ----------
    store
        The facts of all reports.
    selection, settings, lang
        As for the audit of one report.
    workers
        Number of processes, for runs of many reports; the results are the same.
    """
    items = store.comparisons()
    job = YearsJob(path=store.path, selection=selection, settings=settings, lang=lang)
    enough = len(items) >= _WORTH_A_POOL
    return map_items(job, items, workers=workers if enough else 1, lost=job.lost)


@dataclass(frozen=True, slots=True, kw_only=True)
class YearsJob:
    """Compares reports of a file of facts; small enough to be sent along with each chunk."""

    path: Path
    selection: Selection
    settings: Settings
    lang: Lang

    def __call__(self, items: Sequence[Comparison]) -> list[Compared]:
        """Return rows and card of each comparison, in order."""
        with FactsReader(self.path) as facts:
            return [self._compare(item, facts) for item in items]

    def lost(self, item: Comparison) -> Compared:
        """Return what is told of a report whose comparison killed the process."""
        with FactsReader(self.path) as facts:
            return self._compare(Comparison(item.this, reason="process-died"), facts)

    def _compare(self, item: Comparison, facts: FactsReader) -> Compared:
        forms = {form.id: form for form in load_forms(self.selection)}
        this = facts.read(item.this)
        last = None if item.last is None else facts.read(item.last)
        used: tuple[Form, Form] = (forms[this.form], forms[(last or this).form])
        if last is None:
            found = check_gap(this, form=used[0], reason=item.reason, other=item.other)
        else:
            found = check_years(this, last, forms=used, settings=self.settings, score=item.score)
        rows = years_rows(found, this, last, form=used[0], lang=self.lang)
        card = years_card(found, this, last, forms=used, lang=self.lang, settings=self.settings)
        return rows, card
