"""Folders of results with the tables that a panel is made of, for tests."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from mining.present.tables import SCHEMAS

Row = dict[str, object]

TABLES = ("reports", "texts", "sections", "cells", "figures", "findings")


@dataclass
class PanelRun:
    """Rows of a run; `add` takes one report at a time."""

    tables: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in TABLES})

    def add(
        self,
        agency: str | None,
        year: int | None,
        cells: Mapping[str, float | str | None] | None = None,
        *,
        name: str = "",
        region: str | None = None,
        template: str = "2021",
        text: str = "",
        sections: Mapping[str, tuple[int, int]] | None = None,
        score: float = 1.0,
    ) -> str:
        """Add a report; a text in place of a number is what is printed in the cell."""
        report = name or f"{agency}-{year}.txt"
        known = {"source": report, "template": template, "status": "ok"}
        self._row("reports", report, agency=agency, year=year, region=region, **known)
        self._row("texts", report, text=text)
        for section, (start, end) in (sections or {}).items():
            self._row("sections", report, section=section, start=start, end=end)
        for address, value in (cells or {}).items():
            is_number = isinstance(value, int | float)
            told = {"raw": str(value or ""), "value": value if is_number else None}
            self._row("cells", report, cell=address, score=score, **told)
        return report

    def add_figure(self, report: str, section: str, start: int, end: int) -> None:
        """Add a figure of the narrative."""
        self._row("figures", report, section=section, start=start, end=end)

    def add_finding(
        self, report: str, rule: str, status: str, *places: tuple[int, int], last: str = ""
    ) -> None:
        """Add a finding with evidence at `places`, in the report `last` if one is given."""
        other = {"report": last} if last else {}
        evidence = [{**other, "role": "stated", "start": a, "end": b} for a, b in places]
        told = json.dumps(evidence, separators=(",", ":"))
        self._row("findings", report, rule=rule, status=status, evidence=told)

    def _row(self, table: str, report: str, **values: object) -> None:
        blank: Row = dict.fromkeys(SCHEMAS[table].names)
        self.tables[table].append({**blank, "report": report, **values})

    def write(self, folder: Path, *, order: Callable[[list[Row]], list[Row]] = list) -> Path:
        """Write the tables, rows in the given order."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, rows in self.tables.items():
            table = pa.Table.from_pylist(order(rows), schema=SCHEMAS[name])
            pq.write_table(table, folder / f"{name}.parquet")
        return folder
