"""How well random reports are read in every format: ``python benchmarks/formats.py --n 320``.

The seeds start at 100 000, which nothing else uses: rules and readers are not tuned on them.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from mining.errors import ReadError
from mining.finding import Result
from mining.generate.corpus import render
from mining.generate.gold import Gold, to_json
from mining.generate.pdf import find_printers, render_pdfs
from mining.generate.random_truth import FORMS, random_truth
from mining.generate.truth import Truth
from mining.pipeline import audit_report
from mining.present.rows import result_rows
from mining.scoring import Score, score_rows
from mining.settings import Settings

FIRST_SEED = 100_000
FORMATS = ("txt", "html", "docx", "pdf")
SETTINGS = Settings()
_HEAD = ("format", "form", "reports", "failed", "cells", "right%", "wrong&sure", "unsure")
_TAIL = ("sect.F1", "fig.P", "fig.R", "link.P", "link.R", "find.P", "find.R", "false/clean", "ms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """One report of the benchmark: its gold, the rows found, cells by how sure they are."""

    form: str
    format: str
    gold: dict[str, Any]
    rows: dict[str, list[dict[str, Any]]]
    n_unsure: int
    n_wrong_sure: int
    seconds: float


def render_all(truths: Sequence[Truth], name: str) -> list[tuple[bytes, Gold]]:
    """Return the files of one format; PDFs are printed together."""
    return render_pdfs(truths) if name == "pdf" else [render(t, name) for t in truths]


def audit_one(data: bytes, gold: Gold, form: str, name: str) -> Audit:
    """Audit one file; a file that can't be read has no rows."""
    document = json.loads(to_json(gold), parse_float=Decimal)
    path = Path(gold.report)
    start = time.perf_counter()
    try:
        result = audit_report(data, report_id=gold.report, path=path, settings=SETTINGS)
    except ReadError as error:
        print(f"failed: {error}")
        return Audit(
            form=form, format=name, gold=document, rows={}, n_unsure=0, n_wrong_sure=0, seconds=0
        )
    seconds = time.perf_counter() - start
    unsure, wrong = count_cells(result, document)
    rows = {k: list(v) for k, v in result_rows(result, labels={}).items()}
    return Audit(
        form=form,
        format=name,
        gold=document,
        rows=rows,
        n_unsure=unsure,
        n_wrong_sure=wrong,
        seconds=seconds,
    )


def count_cells(result: Result, gold: dict[str, Any]) -> tuple[int, int]:
    """Return how many cells are uncertain, and how many are wrong and yet sure."""
    values = {c["address"]: c["value"] for c in gold["cells"]}
    cells = [c for t in result.report.tables or () for c in t.cells]
    sure = [c for c in cells if c.score >= SETTINGS.sure_cell]
    wrong = sum(c.address in values and c.value != values[c.address] for c in sure)
    return len(cells) - len(sure), wrong


def score(audits: Sequence[Audit]) -> Score:
    """Score a group of reports."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for audit in audits:
        for table, found in audit.rows.items():
            rows.setdefault(table, []).extend(found)
    return score_rows([a.gold for a in audits], rows)


def line(audits: Sequence[Audit], name: str, form: str) -> str:
    """Return one line of the table."""
    found = score(audits)
    cells, links, wrong = (found.layers[k] for k in ("cells", "links", "mismatches"))
    figures = found.layers["figures"]
    values = (
        name,
        form,
        len(audits),
        len(found.missing),
        cells.gold,
        f"{100 * cells.recall:.2f}",
        sum(a.n_wrong_sure for a in audits),
        sum(a.n_unsure for a in audits),
        *(f"{x:.3f}" for x in (found.layers["sections"].f1, figures.precision, figures.recall)),
        *(f"{x:.3f}" for x in (links.precision, links.recall, wrong.precision, wrong.recall)),
        f"{found.false_per_clean:.3f}",
        f"{1000 * sum(a.seconds for a in audits) / len(audits):.1f}",
    )
    return "\t".join(map(str, values))


def run(n: int, formats: Sequence[str]) -> Iterator[Audit]:
    """Audit `n` reports, each in every format, all forms by turns."""
    truths = [replace(random_truth(FIRST_SEED + i, form=FORMS[i % len(FORMS)])) for i in range(n)]
    for name in formats:
        for start in range(0, n, 40):
            batch = truths[start : start + 40]
            for truth, (data, gold) in zip(batch, render_all(batch, name), strict=True):
                yield audit_one(data, gold, truth.form, name)


def main() -> None:
    """Print the table, and with ``--errors`` every miss and false item."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--n", type=int, default=320, help="reports, each in every format")
    parser.add_argument("--formats", default="txt,html,docx,pdf")
    parser.add_argument("--errors", action="store_true", help="list what went wrong")
    args = parser.parse_args()
    formats = [f for f in args.formats.split(",") if f != "pdf" or find_printers()]
    audits = list(run(args.n, formats))
    print("\t".join((*_HEAD, *_TAIL)))
    for name in formats:
        of_format = [a for a in audits if a.format == name]
        for form in FORMS:
            print(line([a for a in of_format if a.form == form], name, form))
        print(line(of_format, name, "all"))
    if args.errors:
        errors = score(audits).errors if len(formats) == 1 else ()
        print(Counter(e.partition(" r")[0] for e in errors))
        print("\n".join(errors))


if __name__ == "__main__":
    main()
