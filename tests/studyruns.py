"""Folders of results made up for tests of studies, with truths planted in them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

Row = dict[str, object]

REPORT_TYPES = {"report": "string", "agency": "string", "region": "string", "year": "Int64"}
COLUMNS = {
    "reports": "report source agency region year template status error",
    "points": "report section point kind start end text answers",
    "themes": "report section start end text theme score",
}


@dataclass
class MadeRun:
    """Rows of a run; `add` takes one report at a time."""

    reports: list[Row] = field(default_factory=list)
    points: list[Row] = field(default_factory=list)
    themes: list[Row] = field(default_factory=list)

    def add(
        self,
        agency: str | None,
        year: int | None,
        problems: Sequence[str],
        answers: dict[int, str] | None = None,
        *,
        region: str | None = None,
    ) -> str:
        """Add a report; `answers` gives the theme of an improvement by the problem's position."""
        report = f"{agency or 'nobody'}-{year}-{len(self.reports)}.txt"
        known = {"source": report, "template": "2021", "status": "ok", "error": None}
        self.reports.append(
            {"report": report, "agency": agency, "region": region, "year": year, **known}
        )
        told: list[tuple[str, str, int | None]] = [("problem", theme, None) for theme in problems]
        told += [("improvement", theme, i) for i, theme in sorted((answers or {}).items())]
        for point, (kind, theme, answered) in enumerate(told or [("neither", "", None)]):
            self._add_point(report, point, kind, theme, answered)
        return report

    def _add_point(
        self, report: str, point: int, kind: str, theme: str, answered: int | None
    ) -> None:
        place = {"report": report, "section": "problems", "start": point * 20}
        place |= {"end": point * 20 + 9, "text": f"{kind} {theme}"}
        self.points.append({**place, "point": point, "kind": kind, "answers": answered})
        if theme:
            self.themes.append({**place, "theme": theme, "score": 0.9})

    def write(self, folder: Path, *, order: Callable[[list[Row]], list[Row]] = list) -> Path:
        """Write the tables, rows in the given order."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, columns in COLUMNS.items():
            rows = order(getattr(self, name))
            frame = pd.DataFrame(rows, columns=columns.split())
            types = {"answers": "Int64", "point": "Int64", "year": "Int64"}
            frame = frame.astype({c: t for c, t in types.items() if c in frame})
            frame.to_parquet(folder / f"{name}.parquet", index=False)
        (folder / "run.json").write_text("{}\n", encoding="utf-8")
        return folder


def shuffled(rows: list[Row]) -> list[Row]:
    """Return the rows in another order."""
    return random.Random(7).sample(rows, len(rows))
