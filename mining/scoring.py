"""Counting a run against gold: sections, cells, figures, links and findings, right and wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any, Literal

from mining.goldplaces import has_places, place_gold

__all__ = ["LAYERS", "TABLES", "Row", "Score", "Tally", "score_rows"]

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]

TABLES = ("reports", "sections", "cells", "figures", "findings")
_ADDRESS = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)+")
_NUMERAL = re.compile(r"[0-9０-９一二三四五六七八九十两百千万亿零〇半]")
LAYERS = (
    "sections",
    "cells",
    "figures",
    "figures_full",
    "nones",
    "links",
    "mismatches",
    "suspects",
)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one layer: items in gold, items found by the run, items found and right.

    An empty side counts as perfect: nothing to find, or nothing said, is no fault.
    """

    gold: int = 0
    found: int = 0
    right: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.gold + other.gold, self.found + other.found, self.right + other.right)

    @property
    def precision(self) -> float:
        """Share of the found items that are right, 0 to 1."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of the gold items that were found, 0 to 1."""
        return self.right / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall.

        Examples
        --------
        >>> Tally(gold=4, found=2, right=2).f1
        0.6666666666666666
        """
        total = self.gold + self.found
        return 2 * self.right / total if total else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How a run did.

    Parameters
    ----------
    layers
        One tally per layer: ``sections`` (key and start), ``cells`` (address and value),
        ``figures`` (exact span), ``figures_full`` (span, value, unit and approximation),
        ``nones`` (statements of none; gold tells only some, so there is no precision), ``links``
        (figure and cell), ``mismatches`` and ``suspects`` (rule and cell).
    rules
        Tallies of the mismatches by rule.
    n_reports, n_clean
        Reports in gold, and those without any expected finding.
    false_in_clean
        Mismatches told about clean reports.
    n_figures, n_linked, n_findings, n_unverifiable
        Coverage: what the run found in the scored reports, and how much of it came to a verdict.
    missing
        Reports of the gold that the run lacks or failed on.
    errors
        One line per miss and per false item, for people.
    """

    layers: Mapping[str, Tally]
    rules: Mapping[str, Tally]
    n_reports: int
    n_clean: int
    false_in_clean: int
    n_figures: int
    n_linked: int
    n_findings: int
    n_unverifiable: int
    missing: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()

    @property
    def false_per_clean(self) -> float:
        """False mismatches per clean report."""
        return self.false_in_clean / self.n_clean if self.n_clean else 0.0


def score_rows(gold: Sequence[Row], run: Rows) -> Score:
    """Score output rows by table name against gold documents; reports match by path or stem."""
    tables = {name: _by_report(run.get(name, ()), gold) for name in TABLES}
    ok = {
        r for r, rows in tables["reports"].items() if any(x.get("status") != "failed" for x in rows)
    }
    sheet = _Sheet()
    for document in gold:
        report = str(document["report"])
        if report not in ok:
            sheet.missing.append(report)
        sheet.add(document, {n: t.get(report, []) for n, t in tables.items()})
    return sheet.score(len(gold))


def _by_report(rows: Iterable[Row], gold: Sequence[Row]) -> dict[str, list[Row]]:
    names = {str(g["report"]) for g in gold}
    stems = {PurePosixPath(n).stem: n for n in sorted(names)}
    out: dict[str, list[Row]] = {}
    for row in rows:
        path = str(row["report"])
        name = path if path in names else stems.get(PurePosixPath(path).stem, path)
        out.setdefault(name, []).append(row)
    return out


@dataclass
class _Sheet:
    """Running counts over the reports."""

    layers: dict[str, Tally] = field(default_factory=lambda: dict.fromkeys(LAYERS, Tally()))
    rules: dict[str, Tally] = field(default_factory=dict)
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(
            ("clean", "false", "figures", "linked", "findings", "unverifiable"), 0
        )
    )
    missing: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def add(self, gold: Row, run: Rows) -> None:
        """Add one report."""
        if not has_places(gold):
            gold = place_gold(gold, run)
        self._add_sets(gold, run)
        self._add_figures(gold, run["figures"])
        self._add_links(gold, run["figures"])
        self._add_findings(gold, run["findings"])
        self.counts["figures"] += len(run["figures"])
        self.counts["linked"] += sum(bool(r.get("cell")) for r in run["figures"])
        self.counts["findings"] += len(run["findings"])
        self.counts["unverifiable"] += sum(r["status"] == "unverifiable" for r in run["findings"])

    def score(self, n_reports: int) -> Score:
        """Return the counts as a score."""
        return Score(
            layers=self.layers,
            rules=dict(sorted(self.rules.items())),
            n_reports=n_reports,
            n_clean=self.counts["clean"],
            false_in_clean=self.counts["false"],
            n_figures=self.counts["figures"],
            n_linked=self.counts["linked"],
            n_findings=self.counts["findings"],
            n_unverifiable=self.counts["unverifiable"],
            missing=tuple(self.missing),
            errors=tuple(self.errors),
        )

    def _compare(self, layer: str, report: str, gold: set[Any], found: set[Any]) -> None:
        right = gold & found
        self.layers[layer] += Tally(len(gold), len(found), len(right))
        sides: tuple[tuple[Literal["missed", "false"], set[Any]], ...] = (
            ("missed", gold - right),
            ("false", found - right),
        )
        for side, items in sides:
            lines = (_error(layer, report, side, *item) for item in items)
            self.errors.extend(sorted(lines))

    def _add_sets(self, gold: Row, run: Rows) -> None:
        report = str(gold["report"])
        self._compare(
            "sections",
            report,
            {(s["key"], s["start"]) for s in gold["sections"]},
            {(s["section"], s["start"]) for s in run["sections"]},
        )
        self._compare(
            "cells",
            report,
            {(c["address"], _number(c["value"])) for c in gold["cells"]},
            {(c["cell"], _number(c["value"])) for c in run["cells"]},
        )

    def _add_figures(self, gold: Row, rows: Sequence[Row]) -> None:
        report = str(gold["report"])
        numbers = [f for f in gold["figures"] if f["claim"] == "number" and not f["optional"]]
        free = [f for f in gold["figures"] if f["optional"]]
        found = [r for r in rows if not _is_none(r) and not _overlaps_any(r, free)]
        self._compare("figures", report, set(map(_place, numbers)), set(map(_place, found)))
        self._compare("figures_full", report, set(map(_wholly, numbers)), set(map(_wholly, found)))
        nones = [f for f in gold["figures"] if f["claim"] == "none" and not f["optional"]]
        zeros = [r for r in rows if _number(r["value"]) == 0]
        told = [f for f in nones if _overlaps_any(f, zeros)]
        self.layers["nones"] += Tally(len(nones), len(told), len(told))
        self.errors += [
            _error("nones", report, "missed", *_place(f)) for f in nones if f not in told
        ]

    def _add_links(self, gold: Row, rows: Sequence[Row]) -> None:
        """Compare links; those to cells that the report does not print can't be judged."""
        report = str(gold["report"])
        printed = {c["address"] for c in gold["cells"]}
        free = [f for f in gold["figures"] if f["loose"] or f["optional"]]
        wanted = [f for f in gold["figures"] if f["cells"] and f not in free]
        links = [
            r
            for r in rows
            if r.get("cell")
            and (r["cell"] in printed or (printed and str(r["cell"]).startswith("derived.")))
            and (any(_same_link(f, r) for f in wanted) or not _overlaps_any(r, free))
        ]
        hits = [f for f in wanted if any(_same_link(f, r) for r in links)]
        right = [r for r in links if any(_same_link(f, r) for f in wanted)]
        # One figure of the gold may be told in several rows (a joint statement of none).
        self.layers["links"] += Tally(len(wanted), len(links) - len(right) + len(hits), len(hits))
        missed = [
            _error("links", report, "missed", f["text"], f["cell"]) for f in wanted if f not in hits
        ]
        false = [
            _error("links", report, "false", r["text"], r["cell"]) for r in links if r not in right
        ]
        self.errors += missed + false

    def _add_findings(self, gold: Row, rows: Sequence[Row]) -> None:
        report = str(gold["report"])
        expected = {s: [f for f in gold["findings"] if f["status"] == s] for s in _STATUSES}
        told = {s: [r for r in rows if r["status"] == s] for s in _STATUSES}
        # A suspect about a true mismatch is a weak answer, not a false one.
        told["suspect"] = [
            r for r in told["suspect"] if not any(_same_finding(f, r) for f in expected["mismatch"])
        ]
        for layer, status in (("mismatches", "mismatch"), ("suspects", "suspect")):
            tallies = dict(_finding_tallies(expected[status], told[status]))
            self.layers[layer] += sum(tallies.values(), start=Tally())
            if status == "mismatch":
                for rule, tally in tallies.items():
                    self.rules[rule] = self.rules.get(rule, Tally()) + tally
            self.errors += _finding_errors(layer, report, expected[status], told[status])
        if not gold["findings"]:
            self.counts["clean"] += 1
            self.counts["false"] += len(told["mismatch"])


_STATUSES = ("mismatch", "suspect")


def _finding_tallies(expected: Sequence[Row], told: Sequence[Row]) -> Iterator[tuple[str, Tally]]:
    """Yield a tally per rule; several findings about one expected error count as one."""
    for rule in sorted({str(f["rule"]) for f in [*expected, *told]}):
        gold = [f for f in expected if f["rule"] == rule]
        rows = [r for r in told if r["rule"] == rule]
        hits = sum(any(_same_finding(f, r) for r in rows) for f in gold)
        false = sum(not any(_same_finding(f, r) for f in gold) for r in rows)
        yield rule, Tally(len(gold), hits + false, hits)


def _finding_errors(
    layer: str, report: str, expected: Sequence[Row], told: Sequence[Row]
) -> list[str]:
    missed = [f for f in expected if not any(_same_finding(f, r) for r in told)]
    false = [r for r in told if not any(_same_finding(f, r) for f in expected)]
    return [
        *(_error(layer, report, "missed", f["rule"], f["cell"]) for f in missed),
        *(
            _error(layer, report, "false", r["rule"], r.get("cell"), r.get("message"))
            for r in false
        ),
    ]


def _same_finding(gold: Row, row: Row) -> bool:
    """Tell whether a finding is the expected one: same rule, and about its cell."""
    if gold["rule"] != row["rule"]:
        return False
    cell = gold["cell"]
    return not cell or cell == row.get("cell") or cell in _ADDRESS.findall(_evidence(row))


def _evidence(row: Row) -> str:
    evidence = row.get("evidence") or ""
    return evidence if isinstance(evidence, str) else json.dumps(evidence)


def _same_link(gold: Row, row: Row) -> bool:
    near = _place(gold) == _place(row) if gold["claim"] == "number" else _overlap(gold, row)
    return near and row["cell"] in gold["cells"]


def _place(row: Row) -> tuple[int, int]:
    return int(row["start"]), int(row["end"])


def _wholly(row: Row) -> tuple[int, int, Decimal | None, str, str]:
    return (*_place(row), _number(row["value"]), row["unit"] or "", row["approx"] or "")


def _overlap(one: Row, other: Row) -> bool:
    return bool(one["start"] < other["end"] and other["start"] < one["end"])


def _overlaps_any(row: Row, others: Iterable[Row]) -> bool:
    return any(_overlap(row, other) for other in others)


def _is_none(row: Row) -> bool:
    """Tell whether a figure of a run is a statement of none without a number."""
    return _number(row["value"]) == 0 and not _NUMERAL.search(row["text"])


def _number(value: object) -> Decimal | None:
    """Return any number of a table or of JSON in one comparable form."""
    return None if value is None else Decimal(str(value)).normalize()


def _error(layer: str, report: str, side: str, *what: object) -> str:
    return f"{layer} {side} {report}: " + " ".join(str(w) for w in what if w is not None)
