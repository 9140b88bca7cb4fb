"""Facts of the reports of a run: they wait in files, split by agency, to be joined over years."""

from __future__ import annotations

import json
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, NamedTuple, Self

from mining.catalog import RULES
from mining.finding import Result
from mining.form import Form
from mining.history.extract import facts_of
from mining.history.facts import YearFacts
from mining.history.mapping import AgencyMap
from mining.history.names import Identity, identify
from mining.history.pairs import Entry, Gap, Pair, match_years
from mining.history.rows import read_facts, write_facts
from mining.settings import Settings

__all__ = [
    "Comparison",
    "FactsReader",
    "FactsRow",
    "FactsWriter",
    "Place",
    "facts_row",
    "find_comparisons",
    "has_years_checks",
]

_BODIES = "facts.bin"
_INDEX = "facts.tsv"
# Facts kept in memory, about 100 kB each, and files kept open.
_MOST_RECENT = 32
_MOST_OPEN = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsRow:
    """Facts of one report as one plain row: what it is matched by, and the rest as bytes."""

    report: str
    agency: str | None
    region: str | None
    year: int | None
    n_cells: int
    n_chars: int
    body: bytes


class Place(NamedTuple):
    """Where the facts of a report stand: the folder of its shard, and bytes in the file there."""

    folder: Path
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """A report to compare with last year's, or why there is none to compare with.

    Parameters
    ----------
    order
        Position of the report in the run.
    this, last
        Where the facts of both stand; without `last` there is a `reason`.
    score
        How sure it is that both are of one agency.
    reason, other
        Why not, and the id of the report that stands for this one.
    """

    order: int
    this: Place
    last: Place | None = None
    score: float = 1.0
    reason: str = ""
    other: str = ""


def has_years_checks(forms: Sequence[Form]) -> bool:
    """Tell whether a form has checks over years at all; otherwise no facts are needed."""
    return any(RULES[spec.rule].over == "years" for form in forms for spec in form.checks)


def facts_row(result: Result, form: Form, *, settings: Settings) -> FactsRow:
    """Return the facts of one audited report as a row."""
    facts = facts_of(result, form, settings=settings)
    return FactsRow(
        report=facts.report,
        agency=facts.agency,
        region=facts.region,
        year=facts.year,
        n_cells=facts.n_cells,
        n_chars=len(facts.text),
        body=write_facts(facts),
    )


class FactsWriter:
    """Writes the facts of a shard, and an index that says which partition each belongs to.

    Reports that may be of one agency come to one partition, so that each can be matched alone.

    Parameters
    ----------
    folder
        Folder of the shard.
    agencies
        Which names mean one agency, where names alone would mislead.
    n_partitions
        Into how many groups the agencies of the run are split.
    """

    def __init__(self, folder: Path, *, agencies: AgencyMap | None, n_partitions: int) -> None:
        self._folder, self._agencies, self._n_partitions = folder, agencies, n_partitions
        self._end = 0

    def __enter__(self) -> Self:
        """Open the files."""
        with ExitStack() as stack:
            self._bodies = stack.enter_context((self._folder / _BODIES).open("wb"))
            self._index = stack.enter_context((self._folder / _INDEX).open("w", encoding="ascii"))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the files."""
        self._stack.close()

    def add(self, order: int, row: FactsRow) -> None:
        """Keep the facts of one more report, the one at position `order` of the run."""
        start, self._end = self._end, self._end + len(row.body)
        self._bodies.write(row.body)
        identity = _identity(row.agency, row.region, row.year, self._agencies)
        key = identity.key if identity else row.report
        partition = zlib.crc32(key.encode("utf-8", "surrogatepass")) % self._n_partitions
        told = (order, row.report, row.agency, row.region, row.year, row.n_cells, row.n_chars)
        self._index.write(f"{partition}\t{json.dumps((*told, start, self._end))}\n")


def _identity(
    agency: str | None, region: str | None, year: int | None, agencies: AgencyMap | None
) -> Identity | None:
    if not agency:
        return None
    if agencies is None:
        return identify(agency, region)
    return agencies.identify(agency, region, year)


def find_comparisons(
    folders: Iterable[Path],
    partition: int,
    *,
    years: Iterable[int],
    agencies: AgencyMap | None,
) -> list[Comparison]:
    """Return what to compare among the reports of one partition, in the order of the run.

    Parameters
    ----------
    folders
        Folders of all shards, in the order of the run.
    partition
        Which group of agencies.
    years
        All years that reports of the run are of, those of other partitions too.
    agencies
        As for `FactsWriter`.
    """
    entries: list[Entry] = []
    places: list[tuple[int, Place]] = []
    for folder in folders:
        for row in _index_rows(folder / _INDEX, partition):
            order, report, agency, region, year, n_cells, n_chars, start, end = row
            places.append((order, Place(folder, start, end)))
            entries.append(
                Entry(
                    report=report,
                    identity=_identity(agency, region, year, agencies),
                    year=year,
                    n_cells=n_cells,
                    n_chars=n_chars,
                )
            )
    found = match_years(entries, years=years)
    return [_comparison(match, entries, places) for match in found]


def _index_rows(path: Path, partition: int) -> Iterator[list[Any]]:
    wanted = f"{partition}\t"
    with path.open(encoding="ascii") as lines:
        for line in lines:
            if line.startswith(wanted):
                yield json.loads(line[len(wanted) :])


def _comparison(
    match: Pair | Gap, entries: Sequence[Entry], places: Sequence[tuple[int, Place]]
) -> Comparison:
    order, this = places[match.this]
    if isinstance(match, Pair):
        return Comparison(order, this, places[match.last][1], match.score)
    other = "" if match.other is None else entries[match.other].report
    return Comparison(order, this, reason=match.reason, other=other)


class FactsReader:
    """Reads facts from the files of shards; a report is asked for twice, mostly soon."""

    def __init__(self) -> None:
        self._recent: OrderedDict[Place, YearFacts] = OrderedDict()
        self._files: OrderedDict[Path, BinaryIO] = OrderedDict()

    def __enter__(self) -> Self:
        """Return the reader itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the files."""
        for file in self._files.values():
            file.close()

    def read(self, place: Place) -> YearFacts:
        """Return the facts that stand at a place."""
        found = self._recent.get(place)
        if found is None:
            file = self._file(place.folder / _BODIES)
            file.seek(place.start)
            found = read_facts(file.read(place.end - place.start))
            if len(self._recent) >= _MOST_RECENT:
                self._recent.popitem(last=False)
            self._recent[place] = found
        return found

    def _file(self, path: Path) -> BinaryIO:
        if path not in self._files:
            if len(self._files) >= _MOST_OPEN:
                self._files.popitem(last=False)[1].close()
            self._files[path] = path.open("rb")
        return self._files[path]
