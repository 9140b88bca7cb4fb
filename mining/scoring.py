"""Counting a run against gold: sections, cells, figures, links and findings, right and wrong."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from mining.figurescore import Row, count_figures, count_links, count_nones, number
from mining.goldplaces import has_places, place_gold
from mining.tally import Outcome, Tally, compare

__all__ = ["LAYERS", "TABLES", "Row", "Score", "Tally", "score_rows"]

Rows = Mapping[str, Sequence[Row]]

TABLES = ("reports", "sections", "cells", "figures", "findings")
_ADDRESS = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)+")
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
    faults
        Planted errors by ``rule kind``: how many there are, and how many were told as they should
        be. What else was told has no kind, so that there is a recall only.
    weak
        How many of them were told as a suspect where a mismatch was due.
    labels
        Passages only: figures with a kind, role or scope of gold (``scope last_year``).
    n_traps, n_taken
        Passages only: numeral strings that are no figure, and how many were taken for one.
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
    faults: Mapping[str, Tally] = field(default_factory=dict)
    weak: Mapping[str, int] = field(default_factory=dict)
    labels: Mapping[str, Tally] = field(default_factory=dict)
    n_traps: int = 0
    n_taken: int = 0

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
    faults: dict[str, Tally] = field(default_factory=dict)
    weak: Counter[str] = field(default_factory=Counter)
    missing: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def add(self, gold: Row, run: Rows) -> None:
        """Add one report."""
        if not has_places(gold):
            gold = place_gold(gold, run)
        self._add_sets(gold, run)
        self._add_figures(gold, run["figures"])
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
            faults=dict(sorted(self.faults.items())),
            weak=dict(self.weak),
        )

    def _put(self, layer: str, report: str, outcome: Outcome) -> None:
        self.layers[layer] += outcome.tally
        self.errors += [_error(layer, report, "missed", *item) for item in outcome.missed]
        self.errors += [_error(layer, report, "false", *item) for item in outcome.false]

    def _add_sets(self, gold: Row, run: Rows) -> None:
        sections = compare(
            {(s["key"], s["start"]) for s in gold["sections"]},
            {(s["section"], s["start"]) for s in run["sections"]},
        )
        cells = compare(
            {(c["address"], number(c["value"])) for c in gold["cells"]},
            {(c["cell"], number(c["value"])) for c in run["cells"]},
        )
        self._put("sections", str(gold["report"]), sections)
        self._put("cells", str(gold["report"]), cells)

    def _add_figures(self, gold: Row, rows: Sequence[Row]) -> None:
        """Compare figures; links to cells that the report does not print can't be judged."""
        report, figures = str(gold["report"]), gold["figures"]
        printed = {c["address"] for c in gold["cells"]}
        for layer, outcome in count_figures(figures, rows).items():
            self._put(layer, report, outcome)
        self._put("nones", report, count_nones(figures, rows))
        links = count_links(
            figures,
            rows,
            lambda cell: cell in printed or (bool(printed) and cell.startswith("derived.")),
        )
        self._put("links", report, links)

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
        self._add_faults(gold["findings"], rows)
        if not gold["findings"]:
            self.counts["clean"] += 1
            self.counts["false"] += len(told["mismatch"])

    def _add_faults(self, expected: Sequence[Row], rows: Sequence[Row]) -> None:
        """Count what was planted by its kind; one error may call for several findings."""
        for finding in expected:
            if not finding.get("fault"):
                continue
            name = f"{finding['rule']} {finding['fault']}"
            told = {r["status"] for r in rows if _same_finding(finding, r)}
            hit = int(finding["status"] in told)
            self.faults[name] = self.faults.get(name, Tally()) + Tally(1, hit, hit)
            self.weak[name] += int(not hit and "suspect" in told)


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


def _error(layer: str, report: str, side: str, *what: object) -> str:
    return f"{layer} {side} {report}: " + " ".join(str(w) for w in what if w is not None)
