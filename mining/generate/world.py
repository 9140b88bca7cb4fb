"""A world of reports: agencies over many years, with trends and habits of known size.

Each agency has a chance of its own, so that a larger world holds the smaller one's numbers. Which
themes a report names follows a chain from year to year: the share of reports with a theme is as
planned in every year, and a theme named last year comes back as often as planned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import exp
from random import Random

from mining.generate.copying import copied_share, copy_overview
from mining.generate.numbers import Demand, Values, derived_values, draw_values
from mining.generate.offices import Place, texts
from mining.generate.series import form_of, report_of_year
from mining.generate.truth import Truth
from mining.generate.wording import Point, draw_points, draw_summary, write_points
from mining.generate.worldplan import Plan, Rate

__all__ = ["WorldReport", "draw_world"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldReport:
    """One report and what was planted in it.

    Parameters
    ----------
    truth
        The report.
    agency
        Number of its agency, the same in all years.
    level
        ``county`` or ``township``.
    points
        Its problems with their themes and remedies.
    n_new
        New requests.
    refused, handled
        Refusals, and all results; ``None`` where the form has no such table.
    copied
        Share of overview and problems that was taken over on purpose; ``None`` without a report of
        the year before.
    """

    truth: Truth
    agency: int
    level: str
    points: tuple[Point, ...]
    n_new: int
    refused: int | None
    handled: int | None
    copied: float | None

    @property
    def is_wrong(self) -> bool:
        """Tell whether a sentence was made to differ from the table."""
        return not self.truth.is_clean


@dataclass(frozen=True, slots=True)
class _Agency:
    number: int
    level: str
    place: Callable[[int], Place]


def draw_world(plan: Plan) -> Iterator[WorldReport]:
    """Yield all reports, agency by agency, the first year first.

    Parameters
    ----------
    plan
        What is planted; the same plan gives the same reports.
    """
    for agency in _agencies(plan):
        yield from _Life(plan, agency).reports()


def _agencies(plan: Plan) -> Iterator[_Agency]:
    rng = Random(f"world/{plan.size.seed}/places")
    names = texts()["places"]
    stems = [first + second for first in names["first"] for second in names["second"]]
    rng.shuffle(stems)
    n_towns = round(plan.places.per_county * plan.places.townships)
    for number in range(plan.size.agencies):
        county, place = divmod(number, plan.places.per_county)
        if place == 0:
            region = stems[county] + rng.choice(names["county"])
            towns = rng.sample(stems[len(stems) // 2 :], n_towns)
            there = list(dict.fromkeys(texts()["agencies"]["county"]))
            offices = rng.sample(there, plan.places.per_county - n_towns - 1)
        if place < n_towns:
            town = towns[place] + rng.choice(names["township"])
            yield _Agency(number, "township", _township(region, town))
        elif place == n_towns:
            yield _Agency(number, "county", _renamed(region, *plan.places.renamed))
        else:
            yield _Agency(number, "county", _office(region, offices[place - n_towns - 1]))


def _township(region: str, town: str) -> Callable[[int], Place]:
    agency = region + town + ("办事处" if town.endswith("街道") else "人民政府")
    place = Place(agency=agency, region=region, level="township", own="本机关")
    return lambda _year: place


def _office(region: str, office: str) -> Callable[[int], Place]:
    own = "我局" if office.endswith("局") else "本机关"
    place = Place(agency=region + office, region=region, level="county", own=own)
    return lambda _year: place


def _renamed(region: str, old: str, new: str, since: int) -> Callable[[int], Place]:
    before, after = _office(region, old), _office(region, new)
    return lambda year: (after if year >= since else before)(year)


class _Life:
    """Draws the reports of one agency."""

    def __init__(self, plan: Plan, agency: _Agency) -> None:
        self.plan = plan
        self.agency = agency
        self.rng = Random(f"world/{plan.size.seed}/agency/{agency.number}")
        requests = plan.requests
        self.base = requests.median * exp(self.rng.gauss(0, requests.spread))
        self.copies = self._happens(plan.copying.who, plan.size.first_year)

    def reports(self) -> Iterator[WorldReport]:
        """Yield what the agency published."""
        last: WorldReport | None = None
        values: Values | None = None
        for year in self.plan.years:
            last, values = self._report(year, last, values)
            if self.rng.random() >= self.plan.size.missing:
                yield last
            else:
                # Nobody can tell what was copied from a report that is not there.
                last = replace(last, truth=replace(last.truth, sections=()))

    def _happens(self, rate: Rate, year: int) -> bool:
        chance = self.plan.rate(rate, year=year, level=self.agency.level)
        return self.rng.random() < chance

    def _report(
        self, year: int, last: WorldReport | None, before: Values | None
    ) -> tuple[WorldReport, Values]:
        rng, plan, form = self.rng, self.plan, form_of(year)
        values = draw_values(rng, form, last=before, demand=self._demand(year))
        name = f"w{self.agency.number:04}-{year}"
        wrong = self._happens(plan.mismatches, year)
        truth = report_of_year(
            rng,
            name,
            year=year,
            place=self.agency.place(year),
            values=values,
            last=before,
            fault=rng.choice(plan.faults) if wrong else "",
        )
        copies = self.copies and last is not None and bool(last.truth.sections)
        known = {p.theme: p for p in last.points} if last is not None and copies else {}
        points = draw_points(self._themes(year, last), rng, known=known)
        taken = [text for p in points if p == known.get(p.theme) for text in (p.problem, p.remedy)]
        bodies = {s.key: s.body for s in truth.sections}
        bodies["problems"] = write_points(points, rng)
        if copies and last is not None:
            old = next(s.body for s in last.truth.sections if s.key == "overview")
            told = copy_overview(old, bodies["overview"], rng=rng, kept=plan.copying.kept)
            bodies["overview"] = told.body
            taken += told.taken
        else:
            bodies["overview"] += "\n" + draw_summary(rng)
        sections = tuple(replace(s, body=_signed(s.body, bodies[s.key])) for s in truth.sections)
        has_last = last is not None and bool(last.truth.sections)
        told_numbers = values | derived_values(values)
        handled = told_numbers.get("applications.total.total")
        report = WorldReport(
            truth=replace(truth, sections=sections),
            agency=self.agency.number,
            level=self.agency.level,
            points=points,
            n_new=int(
                values.get("applications.received.total")
                or values.get("indicators.applications.count", 0)
            ),
            refused=None if handled is None else int(told_numbers["derived.denied"]),
            handled=None if handled is None else int(handled),
            copied=copied_share(taken, bodies) if has_last else None,
        )
        return report, values

    def _demand(self, year: int) -> Demand:
        requests, rng = self.plan.requests, self.rng
        grown = self.base * exp(requests.growth * (year - self.plan.size.first_year))
        n_new = round(grown * exp(rng.gauss(0, requests.noise)))
        refused = self.plan.rate(requests.refused, year=year, level=self.agency.level)
        return Demand(n_new=max(requests.least, n_new), refused=refused)

    def _themes(self, year: int, last: WorldReport | None) -> dict[str, bool]:
        """Return the themes of a year, each with whether an improvement is promised."""
        named = {} if last is None else {p.theme: bool(p.remedy) for p in last.points}
        points = self.plan.points
        themes: dict[str, bool] = {}
        for theme in self.plan.themes:
            if theme in named:
                again = points.again_promised if named[theme] else points.again_unanswered
            else:
                again = self._first_chance(theme, year, is_first=last is None)
            if self.rng.random() < again:
                themes[theme] = self.rng.random() < points.promised
        return themes

    def _first_chance(self, theme: str, year: int, *, is_first: bool) -> float:
        """Return how likely a theme is that was not named last year, so that its share holds."""
        plan, level = self.plan, self.agency.level
        now = plan.rate(plan.themes[theme], year=year, level=level)
        if is_first:
            return now
        before = plan.rate(plan.themes[theme], year=year - 1, level=level)
        points = plan.points
        again = points.again_promised * points.promised
        again += points.again_unanswered * (1 - points.promised)
        return min(1.0, max(0.0, (now - before * again) / (1 - before)))


def _signed(old: str, new: str) -> str:
    """Return a new body with the signature that ends the old one."""
    _, mark, signature = old.partition("\n\n")
    return new if "\n\n" in new else new + mark + signature
