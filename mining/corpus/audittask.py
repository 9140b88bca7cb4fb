"""The work on one shard: audit its reports, write their rows, cards and facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mining.corpus.counts import Counts
from mining.corpus.job import AuditJob, Outcome, failed_outcome
from mining.corpus.lines import write_lines
from mining.corpus.loading import Loader
from mining.corpus.shards import Shard
from mining.corpus.tasks import OUTSIDE, At, Lost, Part, PartFolder
from mining.corpus.years import FactsWriter
from mining.history.mapping import AgencyMap
from mining.present.sinks import Columns, Row
from mining.present.tables import PART_FORMAT, PART_SCHEMAS, YEAR, TableWriter

__all__ = ["CARDS", "TOGETHER", "ShardTask"]

CARDS = "cards.jsonl"
"""The cards of a shard, in the order of its inputs."""

TOGETHER = 32
"""So many reports take each step together; measured: 16 gain less, 64 hardly more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardTask:
    """Audits the inputs of one shard.

    Parameters
    ----------
    shard
        The inputs.
    job
        What is done with each.
    agencies, n_partitions
        How facts are split by agency; see `mining.corpus.years.FactsWriter`.
    """

    shard: Shard
    job: AuditJob
    agencies: AgencyMap | None
    n_partitions: int

    @property
    def name(self) -> str:
        """Name of the task."""
        return f"audit-{self.shard.index:05}"

    @property
    def n_reports(self) -> int:
        """How many inputs the shard has."""
        return len(self.shard)

    def run(self, work: Path, at: At, lost: Lost) -> Part:
        """Audit the shard into a folder of its own below `work`."""
        counts = Counts()
        with PartFolder.fresh(work, self.name) as folder:
            with (
                TableWriter(folder.path, formats=(PART_FORMAT,), schemas=PART_SCHEMAS) as tables,
                write_lines(folder.path / CARDS) as cards,
                FactsWriter(
                    folder.path, agencies=self.agencies, n_partitions=self.n_partitions
                ) as facts,
            ):
                for order, outcome in enumerate(self._outcomes(at, lost), self.shard.start):
                    _write_rows(outcome, tables)
                    cards(outcome.card)
                    counts.add(outcome.card, outcome.failure)
                    if outcome.facts is not None:
                        facts.add(order, outcome.facts)
                at(OUTSIDE)
            return folder.seal(counts.told())

    def _outcomes(self, at: At, lost: Lost) -> Iterator[Outcome]:
        for failure in self.shard.failures:
            yield failed_outcome(failure, lang=self.job.lang)
        first = len(self.shard.failures)
        with Loader(settings=self.job.settings) as loader:
            for places in _together(range(first, len(self.shard)), lost):
                items = [self.shard.items[place - first] for place in places]
                if code := lost.get(places.start):
                    at(places.start)
                    yield self.job.lost(items[0], code)
                else:
                    yield from self.job.outcomes(items, loader, at=at, first=places.start)


def _together(places: range, lost: Lost) -> Iterator[range]:
    """Yield the items that are audited together; one that may have killed a process is alone."""
    start = places.start
    for place in places:
        if place > start and (place in lost or place - start == TOGETHER):
            yield range(start, place)
            start = place
        if place in lost:
            yield range(place, place + 1)
            start = place + 1
    if start < places.stop:
        yield range(start, places.stop)


def _write_rows(outcome: Outcome, tables: TableWriter) -> None:
    year = outcome.card["year"]
    tables.write({name: _of_year(rows, year) for name, rows in outcome.rows.items()})


def _of_year(rows: Sequence[Row] | Columns, year: int | None) -> Sequence[Row] | Columns:
    if isinstance(rows, Mapping):
        return {**rows, YEAR: [year] * len(rows["report"])}
    for row in rows:
        row[YEAR] = year
    return rows
