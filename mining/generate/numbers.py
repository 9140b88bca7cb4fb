"""Numbers of random reports: tables that add up, and what follows from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from mining.generate.layout import build_grid
from mining.generate.truth import TableTruth

__all__ = [
    "Demand",
    "Values",
    "broken_identities",
    "broken_years",
    "derived_values",
    "draw_values",
    "table_truth",
]

Values = dict[str, int | Decimal]
"""Numbers by address; an address that is missing counts 0."""

_COLUMNS = ("natural_person", "business", "research", "social", "legal", "other")
_SHARES = (74, 14, 2, 3, 4, 3)
_RESULTS = {
    "granted": 40,
    "partial": 12,
    "denied.state_secret": 1,
    "denied.law": 2,
    "denied.safety": 1,
    "denied.third_party": 3,
    "denied.internal": 4,
    "denied.process": 3,
    "denied.case_file": 3,
    "denied.inquiry": 2,
    "unavailable.not_held": 18,
    "unavailable.needs_creation": 3,
    "unavailable.unclear": 2,
    "rejected.petition": 4,
    "rejected.repeat": 3,
    "rejected.publication": 1,
    "rejected.excessive": 1,
    "rejected.confirmation": 1,
}
_OTHER = {
    "2019": {"other": 4},
    "2021": {"other.no_correction": 2, "other.unpaid": 1, "other.other": 3},
}
_LITIGATION = ("review", "direct", "after_review")
_OUTCOMES = ("upheld", "corrected", "other", "pending")
_CHANNELS = ("gazette", "website", "weibo", "wechat", "other_channels")
_INDICATOR_PARTS = {
    "applications": ("in_person", "fax", "online", "letter"),
    "completed": ("on_time", "extended"),
    "replies": (
        "already_public",
        "granted",
        "partial",
        "denied",
        "not_this_agency",
        "not_exist",
        "clarify",
        "other_route",
    ),
    "review": ("upheld", "corrected", "other"),
    "lawsuits": ("upheld", "corrected", "other"),
    "staff": ("full_time", "part_time"),
}
_INDICATOR_RANGES = {
    "hot_topics": 12,
    "press_conferences": 8,
    "interviews": 8,
    "interpretations": 60,
    "weibo_wechat_responses": 90,
    "other_responses": 40,
    "complaints": 4,
    "agencies": 2,
    "reading_points": 6,
    "meetings": 8,
    "trainings": 8,
    "trained_people": 400,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """How many new requests a year brings, and which share of the results refuses."""

    n_new: int
    refused: float

    def weights(self, results: Mapping[str, float]) -> dict[str, float]:
        """Return weights of `results` so that refusals have their share."""
        is_refusal = {name: name.startswith("denied.") for name in results}
        refusals = sum(weight for name, weight in results.items() if is_refusal[name])
        rest = sum(results.values()) - refusals
        scale = {True: self.refused / refusals, False: (1 - self.refused) / rest}
        return {name: weight * scale[is_refusal[name]] for name, weight in results.items()}


def draw_values(
    rng: Random, form: str, *, last: Values | None = None, demand: Demand | None = None
) -> Values:
    """Return the numbers of one report's tables, all sums right; `form` is a template's year.

    With `last`, the numbers of last year's report, what the years carry on is carried on. Without
    `demand`, any number of requests has any results.
    """
    before = last or {}
    if form in _OTHER:
        values = _disclosure(rng, form)
        _carry_on(values, before)
        values.update(_applications(rng, form, before, demand))
        values.update(_litigation(rng))
        return values
    return _indicators(rng, demand)


def _up_to(rng: Random, most: int, *, zero: float = 0.25) -> int:
    """Return 0 with the probability `zero`, else a number up to `most`, small ones more often."""
    return 0 if rng.random() < zero else 1 + int(most * rng.random() ** 2.5)


def _disclosure(rng: Random, form: str) -> Values:
    at = "disclosure."
    most = rng.choice((40, 400, 6000))
    values: Values = {}
    issued = _up_to(rng, 20)
    row = at + "normative_documents."
    if form == "2021":
        values |= {row + "issued": issued, row + "repealed": _up_to(rng, 9, zero=0.5)}
        values[row + "in_force"] = issued + _up_to(rng, 80)
        for name in ("licensing", "penalties", "coercion"):
            values[f"{at}{name}.decisions"] = _up_to(rng, most)
        values[at + "fees.amount"] = _money(rng, 3000)
        return values
    published = rng.randint(0, issued)
    values |= {row + "made": issued, row + "published": published}
    values[row + "total_public"] = published + _up_to(rng, 80)
    for name in ("licensing", "other_services", "penalties", "coercion"):
        items = _up_to(rng, 200)
        change = rng.choice((0, 0, rng.randint(-items // 4, 9)))
        decisions = _up_to(rng, most)
        # Equal to items and change in two rows, it would look misread.
        decisions += decisions == items + change
        values |= {
            f"{at}{name}.items_last_year": items,
            f"{at}{name}.change": change,
            f"{at}{name}.decisions": decisions,
        }
    values[at + "fees.items_last_year"] = _up_to(rng, 12)
    values[at + "procurement.projects"] = _up_to(rng, 60)
    if values[at + "procurement.projects"]:
        values[at + "procurement.amount"] = _money(rng, 4000) or Decimal("12.5")
    return values


def _carry_on(values: Values, last: Values) -> None:
    """Let items and rules in force follow from last year's, where both forms count them."""
    for address in values:
        row, _, column = address.rpartition(".")
        if column == "items_last_year" and address in last:
            values[address] = last[address] + last.get(f"{row}.change", 0)
        if column == "change":  # no more can go than there are
            values[address] = max(values[address], -values.get(f"{row}.items_last_year", 0))
        if column == "in_force" and address in last:
            there = last[address] + values[f"{row}.issued"]
            values[f"{row}.repealed"] = min(values[f"{row}.repealed"], there)
            values[address] = there - values[f"{row}.repealed"]


def _money(rng: Random, most: int) -> int | Decimal:
    """Return an amount in 万元 with up to four decimals."""
    whole = _up_to(rng, most)
    places = rng.choice((0, 1, 2, 2, 4))
    if not whole or not places:
        return whole
    return whole + Decimal(rng.randint(1, 10**places - 1)).scaleb(-places).normalize()


def _applications(rng: Random, form: str, last: Values, demand: Demand | None) -> Values:
    n_new = rng.choice((0, _up_to(rng, 10), _up_to(rng, 90), _up_to(rng, 600)))
    results: Mapping[str, float] = _RESULTS | _OTHER[form]
    if demand is not None:
        n_new, results = demand.n_new, demand.weights(results)
    rows: dict[str, Counter[str]] = {
        "received": Counter(rng.choices(_COLUMNS, _SHARES, k=n_new)),
        "carried_in": Counter(rng.choices(_COLUMNS, _SHARES, k=_up_to(rng, 1 + n_new // 12))),
        "carried_out": Counter(),
    }
    if "applications.carried_out.total" in last:
        left_over = {c: int(last.get(f"applications.carried_out.{c}", 0)) for c in _COLUMNS}
        rows["carried_in"] = Counter(left_over)
    names, weights = tuple(results), tuple(results.values())
    for column in _COLUMNS:
        available = rows["received"][column] + rows["carried_in"][column]
        left = min(available, _up_to(rng, 1 + available // 12, zero=0.6))
        rows["carried_out"][column] = left
        for name, count in Counter(rng.choices(names, weights, k=available - left)).items():
            rows.setdefault(name, Counter())[column] = count
        rows.setdefault("total", Counter())[column] = available - left
    values: Values = {}
    for name, counts in rows.items():
        values |= {f"applications.{name}.{column}": n for column, n in counts.items()}
        values[f"applications.{name}.total"] = sum(counts.values())
    return values


def _litigation(rng: Random) -> Values:
    values: Values = {}
    for row in _LITIGATION:
        counts = [_up_to(rng, 6, zero=0.6) for _ in _OUTCOMES] if rng.random() < 0.4 else [0] * 4
        values |= {f"litigation.{row}.{o}": n for o, n in zip(_OUTCOMES, counts, strict=True)}
        values[f"litigation.{row}.total"] = sum(counts)
    return values


def _indicators(rng: Random, demand: Demand | None) -> Values:
    at = "indicators."
    values: Values = {f"{at}{n}.count": _up_to(rng, m) for n, m in _INDICATOR_RANGES.items()}
    most = rng.choice((200, 2000, 20_000))
    channels = [_up_to(rng, most) for _ in _CHANNELS]
    channels[1] += 1
    values |= {f"{at}{c}.count": n for c, n in zip(_CHANNELS, channels, strict=True)}
    values[at + "published.count"] = rng.randint(max(channels), sum(channels))
    values[at + "normative_documents.count"] = min(_up_to(rng, 20), max(channels))
    for name in ("press_conferences", "interviews"):
        values[f"{at}{name}_by_head.count"] = rng.randint(0, int(values[f"{at}{name}.count"]))
    n_requests = _up_to(rng, 60, zero=0.3) if demand is None else demand.n_new
    totals = {"applications": n_requests, "completed": n_requests, "replies": n_requests}
    totals |= {"review": _up_to(rng, 4, zero=0.7), "lawsuits": _up_to(rng, 3, zero=0.8)}
    totals["staff"] = 1 + _up_to(rng, 8)
    for name, total in totals.items():
        parts = _INDICATOR_PARTS[name]
        found = Counter(rng.choices(parts, range(len(parts), 0, -1), k=total))
        values[f"{at}{name}.count"] = total
        values |= {f"{at}{name}_{part}.count": found[part] for part in parts}
    return values


def derived_values(values: Mapping[str, int | Decimal]) -> Values:
    """Return the derived quantities that sentences may state."""
    sums: Values = {}
    for address, value in values.items():
        if address.startswith("applications.") and address.endswith(".total"):
            group = "derived." + address.split(".")[1]
            sums[group] = sums.get(group, 0) + value
    direct, after = (values.get(f"litigation.{row}.total", 0) for row in _LITIGATION[1:])
    return {
        "derived.denied": sums.get("derived.denied", 0),
        "derived.unavailable": sums.get("derived.unavailable", 0),
        "derived.rejected": sums.get("derived.rejected", 0),
        "derived.handled": values.get("applications.total.total", 0),
        "derived.accepted": values.get("applications.received.total", 0)
        + values.get("applications.carried_in.total", 0),
        "derived.lawsuits": direct + after,
    }


def table_truth(
    layout: str, values: Mapping[str, int | Decimal], *, printed: Mapping[str, str], fill: str
) -> TableTruth:
    """Return a table that prints `values`; `printed` overrides single cells, `fill` stands for 0.

    Raises
    ------
    TruthError
        When the layout is unknown.
    """
    rows: dict[str, list[str]] = {}
    for cell in build_grid(TableTruth(layout=layout, rows={}, labels={})).cells:
        if cell.address:
            row = cell.address.split(".", 1)[1].rpartition(".")[0]
            value = values.get(cell.address, 0)
            text = printed.get(cell.address) or (f"{value}" if value else ".")
            rows.setdefault(row, []).append(text)
    return TableTruth(
        layout=layout, fill=fill, rows={k: tuple(v) for k, v in rows.items()}, labels={}
    )


def broken_identities(values: Mapping[str, int | Decimal]) -> Iterator[tuple[str, str]]:
    """Yield the rule and the cell of every sum that does not come out, worked out plainly."""
    get = values.get
    if "applications.received.total" in values:
        yield from _broken_applications(values)
    for row in _LITIGATION:
        told = get(f"litigation.{row}.total", 0)
        if told != sum(get(f"litigation.{row}.{o}", 0) for o in _OUTCOMES):
            yield "table-litigation-total", f"litigation.{row}.total"
    if "indicators.published.count" not in values:
        return
    for name, parts in _INDICATOR_PARTS.items():
        told = get(f"indicators.{name}.count", 0)
        if told != sum(get(f"indicators.{name}_{part}.count", 0) for part in parts):
            yield "table-indicator-total", f"indicators.{name}.count"
    channels = [get(f"indicators.{c}.count", 0) for c in _CHANNELS]
    if not max(channels) <= values["indicators.published.count"] <= sum(channels):
        yield "table-indicator-bound", "indicators.published.count"


def broken_years(last: Values, values: Values) -> Iterator[tuple[str, str]]:
    """Yield the rule and the cell of everything that two years should carry on and do not."""
    closed, opened = "applications.carried_out", "applications.carried_in"
    for column in (*_COLUMNS, "total") if f"{closed}.total" in last else ():
        if f"{opened}.total" in values and last.get(f"{closed}.{column}", 0) != values.get(
            f"{opened}.{column}", 0
        ):
            yield "years-carried", f"{opened}.{column}"
    for address, value in values.items():
        row, _, column = address.rpartition(".")
        before = last.get(address)
        if column == "items_last_year" and before is not None:
            if before + last.get(f"{row}.change", 0) != value:
                yield "years-items", address
        elif column == "in_force" and before is not None:
            moved = values.get(f"{row}.issued", 0) - values.get(f"{row}.repealed", 0)
            if before + moved != value:
                yield "years-in-force", address


def _broken_applications(values: Mapping[str, int | Decimal]) -> Iterator[tuple[str, str]]:
    def at(row: str, column: str) -> int | Decimal:
        return values.get(f"applications.{row}.{column}", 0)

    names = {a.split(".", 1)[1].rpartition(".")[0] for a in values if a.startswith("applications.")}
    for row in sorted(names):
        if at(row, "total") != sum(at(row, column) for column in _COLUMNS):
            yield "table-row-total", f"applications.{row}.total"
    results = names - {"received", "carried_in", "carried_out", "total"}
    for column in (*_COLUMNS, "total"):
        if at("total", column) != sum(at(row, column) for row in results):
            yield "table-results-total", f"applications.total.{column}"
        into = at("received", column) + at("carried_in", column)
        if into != at("total", column) + at("carried_out", column):
            yield "table-balance", f"applications.carried_out.{column}"
