"""Scores of an extractor on gold passages, by the same counting as for whole reports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from mining.figurescore import (
    Row,
    count_figures,
    count_links,
    count_nones,
    is_none,
    number,
    overlap,
    overlaps_any,
    place,
    scored_rows,
)
from mining.generate.gold import gold_figure
from mining.passages.loading import Group, Passage, Place
from mining.passages.reading import Extractor, Reading
from mining.report import Address
from mining.scoring import Score
from mining.spans import Span
from mining.tally import Outcome, Tally, compare

__all__ = ["LAYERS", "find_traps", "gold_rows", "score_passages"]

LAYERS = (
    "figures",
    "figures_full",
    "bounds",
    "values",
    "kinds",
    "roles",
    "scopes",
    "nones",
    "breakdowns",
    "groups",
    "links",
)
_NUMERALS = re.compile(
    r"[0-9０-９]+|[零〇一二三四五六七八九十百千万亿两廿卅壹贰叁肆伍陆柒捌玖拾佰仟]+"
)
_LABELS = ("kind", "role", "scope")


def score_passages(passages: Sequence[Passage], extract: Extractor) -> Score:
    """Score an extractor on passages.

    Layers, besides those of reports: ``bounds`` (span, lowest and highest reading), ``values``
    (a figure met anywhere, and its value right: for libraries whose spans leave the measure word
    out), ``kinds`` and ``roles`` (span and label), ``scopes`` (those that are not empty),
    ``breakdowns`` (pairs of a total and a part, or of neighbouring parts without a total) and
    ``groups`` (a total with exactly its parts). Links count wherever gold could name the cell:
    links to tables that a report of the form need not have are left out, as gold leaves them out.
    """
    sheet = _Sheet()
    for passage in passages:
        sheet.add(passage, extract(passage))
    return sheet.score(len(passages))


def gold_rows(passage: Passage) -> list[dict[str, Any]]:
    """Return the marks of a passage as rows, with the fields of `GoldFigure`."""
    rows = []
    for placed in passage.marks:
        span = Span(placed.start, placed.end)
        figure = gold_figure(placed.mark, section=passage.section, text=placed.mark.text, span=span)
        rows.append({name: getattr(figure, name) for name in figure.__slots__})
    return rows


def find_traps(passage: Passage) -> list[Place]:
    """Return the numeral strings of a passage that are part of no marked figure."""
    marks = [{"start": m.start, "end": m.end} for m in passage.marks]
    found = (match.span() for match in _NUMERALS.finditer(passage.text))
    return [(s, e) for s, e in found if not overlaps_any({"start": s, "end": e}, marks)]


@dataclass
class _Sheet:
    """Running counts over the passages."""

    layers: dict[str, Tally] = field(default_factory=lambda: dict.fromkeys(LAYERS, Tally()))
    labels: dict[str, Tally] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    n_figures: int = 0
    n_linked: int = 0
    n_traps: int = 0
    n_taken: int = 0

    def add(self, passage: Passage, reading: Reading) -> None:
        """Add one passage."""
        gold, rows = gold_rows(passage), reading.figures
        wanted, found = scored_rows(gold, rows)
        outcomes = {
            **count_figures(gold, rows),
            "bounds": compare(set(map(_bounds, wanted)), set(map(_bounds, found))),
            "values": _count_values(wanted, found),
            "nones": _count_nones(gold, rows, passage),
            "links": count_links(gold, rows, lambda c: not passage.form.is_optional(Address(c))),
            **_count_groups(passage, reading, [f for f in gold if f["optional"]]),
        }
        for name in _LABELS:
            outcomes[f"{name}s"] = compare(_labelled(wanted, name), _labelled(found, name))
        for layer, outcome in outcomes.items():
            self._put(layer, passage, outcome)
        self._add_labels(wanted, found)
        self.n_figures += len(rows)
        self.n_linked += sum(bool(r.get("cell")) for r in rows)
        traps = find_traps(passage)
        numbers = [r for r in rows if not is_none(r)]
        taken = [(s, e) for s, e in traps if overlaps_any({"start": s, "end": e}, numbers)]
        self.n_traps += len(traps)
        self.n_taken += len(taken)
        self._put("traps", passage, Outcome(Tally(), false=tuple(taken)))

    def _put(self, layer: str, passage: Passage, outcome: Outcome) -> None:
        if layer in self.layers:
            self.layers[layer] += outcome.tally
        for side, items in (("missed", outcome.missed), ("false", outcome.false)):
            told = (" ".join(_words(item, passage.text)) for item in items)
            self.errors += [f"{layer} {side} {passage.id}: {line}" for line in told]

    def _add_labels(self, wanted: Sequence[Row], found: Sequence[Row]) -> None:
        for name in _LABELS:
            gold, told = _labelled(wanted, name), _labelled(found, name)
            for value in sorted({label for *_, label in gold | told}):
                sides = ({x for x in side if x[2] == value} for side in (gold, told))
                key = f"{name} {value}"
                self.labels[key] = self.labels.get(key, Tally()) + compare(*sides).tally

    def score(self, n_passages: int) -> Score:
        """Return the counts as a score."""
        return Score(
            layers=self.layers,
            rules={},
            n_reports=n_passages,
            n_clean=0,
            false_in_clean=0,
            n_figures=self.n_figures,
            n_linked=self.n_linked,
            n_findings=0,
            n_unverifiable=0,
            errors=tuple(self.errors),
            labels=dict(sorted(self.labels.items())),
            n_traps=self.n_traps,
            n_taken=self.n_taken,
        )


def _words(item: Sequence[object], text: str) -> Iterator[str]:
    """Yield an item of an outcome in words: places as the text that stands there."""
    rest = list(item)
    while rest:
        first = rest.pop(0)
        if isinstance(first, int) and rest and isinstance(rest[0], int):
            yield text[first : int(str(rest.pop(0)))]
        elif isinstance(first, tuple):
            yield text[first[0] : first[1]]
        else:
            yield str(first)


def _bounds(row: Row) -> tuple[int, int, str, str]:
    low, high = (None if row.get(k) is None else float(row[k]) for k in ("low", "high"))
    return (*place(row), f"{low}", f"{high}")


def _count_values(wanted: Sequence[Row], found: Sequence[Row]) -> Outcome:
    right = [
        f
        for f in wanted
        if any(overlap(f, r) and number(f["value"]) == number(r["value"]) for r in found)
    ]
    missed = tuple(place(f) for f in wanted if f not in right)
    return Outcome(Tally(len(wanted), max(len(found), len(right)), len(right)), missed)


def _labelled(rows: Sequence[Row], name: str) -> set[tuple[int, int, str]]:
    return {(*place(r), str(r[name])) for r in rows if r.get(name)}


def _count_nones(gold: Sequence[Row], rows: Sequence[Row], passage: Passage) -> Outcome:
    """Count statements of none: here gold tells all of them that a cell could answer."""
    seen = count_nones(gold, rows)
    there = [f for f in gold if f["claim"] == "none" or f["value"] == 0 or f["optional"]]
    false = tuple(
        place(r)
        for r in rows
        if is_none(r)
        and r.get("cell")
        and not passage.form.is_optional(r["cell"])
        and not overlaps_any(r, there)
    )
    tally = Tally(seen.tally.gold, seen.tally.found + len(false), seen.tally.right)
    return Outcome(tally, seen.missed, false)


def _count_groups(
    passage: Passage, reading: Reading, optional: Sequence[Mapping[str, Any]]
) -> dict[str, Outcome]:
    free = {place(f) for f in optional}
    gold, found = (
        [_without(g, free) for g in groups] for groups in (passage.groups, reading.groups)
    )
    pairs = ({pair for g in side for pair in _pairs(g)} for side in (gold, found))
    wholes = (
        {(g.total or "-", *sorted(g.parts)) for g in side if g.parts} for side in (gold, found)
    )
    return {"breakdowns": compare(*pairs), "groups": compare(*wholes)}


def _without(group: Group, free: set[Place]) -> Group:
    return Group(
        total=None if group.total in free else group.total,
        parts=tuple(p for p in group.parts if p not in free),
        is_open=group.is_open,
    )


def _pairs(group: Group) -> Iterator[tuple[Place, Place]]:
    if group.total is not None:
        yield from ((group.total, part) for part in group.parts)
    else:
        yield from pairwise(sorted(group.parts))
