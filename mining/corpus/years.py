"""Facts of the reports of a run: they wait in a file, and who follows whom is found by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

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
    "FactsStore",
    "Place",
    "facts_row",
    "has_years_checks",
]

# Facts kept in memory, about 100 kB each.
_MOST_RECENT = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsRow:
    """Facts of one report as one plain row: what it is matched by, and the rest as bytes.

    Rows can be kept in any table, sorted by agency, and joined there as `FactsStore` joins them.
    """

    report: str
    agency: str | None
    region: str | None
    year: int | None
    n_cells: int
    n_chars: int
    body: bytes


class Place(NamedTuple):
    """Where the facts of a report stand in the file."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """A report to compare with last year's, or why there is none to compare with.

    Parameters
    ----------
    this, last
        Where the facts of both stand; without `last` there is a `reason`.
    score
        How sure it is that both are of one agency.
    reason, other
        Why not, and the id of the report that stands for this one.
    """

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


class FactsStore:
    """A temporary file of facts; only names, years and places in the file stay in memory."""

    def __init__(self, path: Path, agencies: AgencyMap | None = None) -> None:
        self.path = path
        self._agencies = agencies
        self._entries: list[Entry] = []
        self._ends = [0]

    def __enter__(self) -> Self:
        """Open the file."""
        self._file = self.path.open("wb")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove the file."""
        self._file.close()
        self.path.unlink(missing_ok=True)

    def add(self, row: FactsRow) -> None:
        """Keep the facts of one more report."""
        self._file.write(row.body)
        self._ends.append(self._ends[-1] + len(row.body))
        self._entries.append(
            Entry(
                report=row.report,
                identity=self._identity(row),
                year=row.year,
                n_cells=row.n_cells,
                n_chars=row.n_chars,
            )
        )

    def _identity(self, row: FactsRow) -> Identity | None:
        if not row.agency:
            return None
        if self._agencies is None:
            return identify(row.agency, row.region)
        return self._agencies.identify(row.agency, row.region, row.year)

    def comparisons(self) -> list[Comparison]:
        """Return what to compare, in the order of the reports, and make the file ready for it."""
        self._file.flush()
        return [self._comparison(match) for match in match_years(self._entries)]

    def _comparison(self, match: Pair | Gap) -> Comparison:
        if isinstance(match, Pair):
            return Comparison(self._place(match.this), self._place(match.last), match.score)
        other = "" if match.other is None else self._entries[match.other].report
        return Comparison(self._place(match.this), reason=match.reason, other=other)

    def _place(self, index: int) -> Place:
        return Place(self._ends[index], self._ends[index + 1])


class FactsReader:
    """Reads facts from the file of a `FactsStore`; a report is asked for twice, mostly soon."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._recent: dict[Place, YearFacts] = {}

    def __enter__(self) -> Self:
        """Open the file."""
        self._file = self._path.open("rb")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._file.close()

    def read(self, place: Place) -> YearFacts:
        """Return the facts that stand at a place."""
        found = self._recent.get(place)
        if found is None:
            self._file.seek(place.start)
            found = read_facts(self._file.read(place.end - place.start))
            if len(self._recent) >= _MOST_RECENT:
                self._recent.pop(next(iter(self._recent)))
            self._recent[place] = found
        return found
