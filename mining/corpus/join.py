"""The work on one group of agencies: compare each report with last year's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mining.corpus.counts import Counts
from mining.corpus.job import Selection, load_forms
from mining.corpus.lines import write_lines
from mining.corpus.tasks import OUTSIDE, At, Lost, Part, PartFolder
from mining.corpus.years import Comparison, FactsReader, find_comparisons
from mining.form import Form
from mining.history.mapping import AgencyMap
from mining.pipeline import check_gap, check_years
from mining.present.messages import Lang
from mining.present.sinks import Columns
from mining.present.tables import PART_FORMAT, PART_SCHEMAS, YEAR, TableWriter
from mining.present.years import YearsCard, years_card, years_columns
from mining.settings import Settings

__all__ = ["YEARS_CARDS", "YearsTask"]

YEARS_CARDS = "years.jsonl"
"""Additions to the cards of reports, each with the position of its report in the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearsTask:
    """Compares the reports of one partition, whatever shards they are in.

    Parameters
    ----------
    partition
        Which group of agencies.
    shards
        Names of the folders of all shards, in the order of the run.
    years
        All years that reports of the run are of.
    agencies
        Which names mean one agency, where names alone would mislead.
    selection, settings, lang
        As for the audit of one report.
    """

    partition: int
    shards: Sequence[str]
    years: Sequence[int]
    agencies: AgencyMap | None
    selection: Selection
    settings: Settings
    lang: Lang

    @property
    def name(self) -> str:
        """Name of the task."""
        return f"years-{self.partition:03}"

    @property
    def n_reports(self) -> int:
        """Reports are counted where they are audited."""
        return 0

    def run(self, work: Path, at: At, lost: Lost) -> Part:
        """Write rows of ``findings`` and the additions to the cards of reports."""
        folders = [work / name for name in self.shards]
        found = find_comparisons(folders, self.partition, years=self.years, agencies=self.agencies)
        counts = Counts()
        with PartFolder.fresh(work, self.name) as folder:
            schemas = {"findings": PART_SCHEMAS["findings"]}
            with (
                TableWriter(folder.path, formats=(PART_FORMAT,), schemas=schemas) as tables,
                write_lines(folder.path / YEARS_CARDS) as cards,
                FactsReader() as facts,
            ):
                for place, item in enumerate(found):
                    at(place)
                    is_lost = bool(lost.get(place))
                    rows, card = self._compare(_given_up(item) if is_lost else item, facts)
                    tables.write({"findings": rows})
                    cards((item.order, card))
                    counts.add_years(card)
                at(OUTSIDE)
            return folder.seal(counts.told())

    def _compare(self, item: Comparison, facts: FactsReader) -> tuple[Columns, YearsCard]:
        forms = {form.id: form for form in load_forms(self.selection)}
        this = facts.read(item.this)
        last = None if item.last is None else facts.read(item.last)
        used: tuple[Form, Form] = (forms[this.form], forms[(last or this).form])
        if last is None:
            found = check_gap(this, form=used[0], reason=item.reason, other=item.other)
        else:
            found = check_years(this, last, forms=used, settings=self.settings, score=item.score)
        rows = years_columns(found, this, last, form=used[0], lang=self.lang)
        rows = {**rows, YEAR: [this.year] * len(found)}
        card = years_card(found, this, last, forms=used, lang=self.lang, settings=self.settings)
        return rows, card


def _given_up(item: Comparison) -> Comparison:
    return Comparison(item.order, item.this, reason="process-died")
