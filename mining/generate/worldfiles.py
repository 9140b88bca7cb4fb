"""A world on disk: its reports, and beside them the truth that a study is measured against."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mining.generate.render import encode_text, render_text
from mining.generate.world import WorldReport, draw_world
from mining.generate.worldplan import Plan

__all__ = ["TRUTH", "WorldTruth", "load_world_truth", "write_world"]

TRUTH = "truth.json"


@dataclass(frozen=True, slots=True)
class WorldTruth:
    """What was planned, and what each report of the world holds."""

    plan: dict[str, Any]
    reports: list[dict[str, Any]]


def write_world(folder: Path, plan: Plan) -> int:
    """Write ``reports/`` and ``truth.json``, and return how many reports there are.

    Reports of another world that was written to the folder before are removed.

    Parameters
    ----------
    folder
        Gets the files.
    plan
        What is planted; the same plan gives the same bytes.
    """
    reports = folder / "reports"
    reports.mkdir(parents=True, exist_ok=True)
    rows = []
    for report in draw_world(plan):
        text, gold = render_text(report.truth)
        (reports / gold.report).write_bytes(encode_text(text, truth=report.truth))
        rows.append(_row(gold.report, report))
    made = {row["report"] for row in rows}
    for stale in reports.glob("w[0-9][0-9][0-9][0-9]-[0-9][0-9][0-9][0-9].txt"):
        if stale.name not in made:
            stale.unlink()
    told = {"plan": asdict(plan), "reports": rows}
    body = json.dumps(told, ensure_ascii=False, indent=0) + "\n"
    (folder / TRUTH).write_text(body, encoding="utf-8", newline="\n")
    return len(rows)


def load_world_truth(folder: Path) -> WorldTruth:
    """Return the truth that `write_world` wrote to a folder."""
    told = json.loads((folder / TRUTH).read_text(encoding="utf-8"))
    return WorldTruth(told["plan"], told["reports"])


def _row(name: str, report: WorldReport) -> dict[str, Any]:
    truth = report.truth
    return {
        "report": name,
        "agency": report.agency,
        "name": truth.agency,
        "level": report.level,
        "year": truth.year,
        "problems": [[point.theme, bool(point.remedy)] for point in report.points],
        "n_new": report.n_new,
        "refused": report.refused,
        "handled": report.handled,
        "copied": None if report.copied is None else round(report.copied, 4),
        "mismatches": [[f.rule, f.cell] for f in truth.findings],
    }
