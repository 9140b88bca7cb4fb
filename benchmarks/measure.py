"""What accuracy is measured on: gold passages, planted errors, clean reports, series of years."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq

from mining.catalog import READERS
from mining.corpus.inputs import collect
from mining.corpus.run import run_audit
from mining.generate.corpus import render
from mining.generate.gold import Gold, to_json
from mining.generate.random_truth import FAULTS, random_truth
from mining.generate.series import SERIES_FAULTS, random_series
from mining.generate.truth import Truth
from mining.pipeline import audit_report
from mining.present.rows import result_rows
from mining.scoring import TABLES, Score, score_rows
from mining.settings import Settings

__all__ = ["FIRST_SEED", "Sizes", "measure_clean", "measure_planted", "measure_series"]

FIRST_SEED = 300_000
"""Seeds below 10 000 are for tuning; from here on they are for measuring only."""

_CLEAN_SEED = FIRST_SEED + 100_000
_SERIES_SEED = FIRST_SEED + 200_000
_SETTINGS = Settings()
_Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much to measure: reports per planted kind, clean reports, series per kind."""

    planted: int
    clean: int
    series: int


def measure_planted(sizes: Sizes) -> Score:
    """Score reports with one planted error each, every kind of error the same number of times."""
    truths = [
        truth
        for number, fault in enumerate(FAULTS)
        for truth in islice(_with_fault(fault, FIRST_SEED + 1000 * number), sizes.planted)
    ]
    return _score_alone(truths)


def _with_fault(fault: str, seed: int) -> Iterator[Truth]:
    """Yield reports in which a fault found its place; not every report has one."""
    for number in range(seed, seed + 1000):
        truth = random_truth(number, fault=fault)
        if any(finding.fault for finding in truth.findings):
            yield truth


def measure_clean(sizes: Sizes) -> Score:
    """Score reports in which nothing is wrong."""
    truths = (random_truth(_CLEAN_SEED + i, n_faults=0) for i in range(2 * sizes.clean))
    return _score_alone(list(islice((t for t in truths if t.is_clean), sizes.clean)))


def _score_alone(truths: Sequence[Truth]) -> Score:
    """Score reports that are audited one by one, so that chance makes no series of them."""
    documents: list[dict[str, Any]] = []
    rows: _Rows = {name: [] for name in TABLES}
    for truth in truths:
        data, gold = render(truth, "txt")
        documents.append(_document(gold))
        result = audit_report(
            data, report_id=gold.report, path=Path(gold.report), settings=_SETTINGS
        )
        found = result_rows(result, labels={})
        for name in TABLES:
            rows[name] += found[name]
    return score_rows(documents, rows)


def _document(gold: Gold) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(to_json(gold, indent=None), parse_float=Decimal)
    return document


def measure_series(sizes: Sizes) -> Score:
    """Score series of reports over three years, in a run as a user starts it."""
    kinds = ("", *SERIES_FAULTS)
    series = [
        found
        for number, fault in enumerate(kinds)
        for found in islice(_series(fault, _SERIES_SEED + 1000 * number), sizes.series)
    ]
    with TemporaryDirectory() as name:
        return _score_run(_distinct(series), Path(name))


def _series(fault: str, seed: int) -> Iterator[tuple[Truth, ...]]:
    for number in range(seed, seed + 1000):
        found = random_series(number, fault=fault)
        if not fault or any(finding.fault for truth in found for finding in truth.findings):
            yield found


def _distinct(series: Sequence[tuple[Truth, ...]]) -> Iterator[Truth]:
    """Yield the reports of series, leaving out those whose county or office another series has."""
    taken: set[str] = set()
    for truths in series:
        names = {truths[0].region, *(truth.agency for truth in truths)}
        if not names & taken:
            yield from truths
        taken |= names


def _score_run(truths: Iterator[Truth], folder: Path) -> Score:
    documents = []
    reports = folder / "reports"
    reports.mkdir()
    for truth in truths:
        data, gold = render(truth, "txt")
        documents.append(_document(gold))
        (reports / gold.report).write_bytes(data)
    inputs = collect([reports], suffixes=frozenset(READERS), settings=_SETTINGS)
    run_audit(inputs, folder / "out")
    rows = {name: pq.read_table(folder / "out" / f"{name}.parquet").to_pylist() for name in TABLES}
    return score_rows(documents, rows)
