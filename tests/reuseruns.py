"""Folders of results with texts made up for tests of copied text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pandas as pd

Row = dict[str, object]

LETTERS = [chr(0x4E00 + i) for i in range(2000)]


def sentences(seed: int, n: int) -> list[str]:
    """Return sentences of 20 to 40 characters that no other seed has."""
    rng = Random(seed)
    return ["".join(rng.choices(LETTERS, k=rng.randint(20, 40))) + "。" for _ in range(n)]


def prose(seed: int, n: int = 8) -> str:
    """Return text that shares nothing with that of another seed."""
    return "".join(sentences(seed, n))


@dataclass
class TextRun:
    """Rows of a run with texts; `add` takes one report at a time."""

    reports: list[Row] = field(default_factory=list)
    texts: list[Row] = field(default_factory=list)
    sections: list[Row] = field(default_factory=list)

    def add(
        self,
        agency: str | None,
        year: int | None,
        problems: str,
        overview: str = "",
        other: str = "",
    ) -> str:
        """Add a report and return its name; `other` stands in a section that is not compared."""
        report = f"r{len(self.reports):03}.txt"
        known = {"source": report, "template": "2021", "status": "ok", "error": None}
        self.reports.append(
            {"report": report, "agency": agency, "region": None, "year": year, **known}
        )
        text = "政府信息公开工作年度报告\n"
        parts = (("overview", "总体情况", overview), ("other", "其他事项", other))
        for section, title, body in (*parts, ("problems", "存在的主要问题及改进情况", problems)):
            if body:
                start = len(text)
                text += f"五、{title}\n{body}\n"
                place = {"section": section, "title": title, "start": start, "end": len(text)}
                self.sections.append({"report": report, **place})
        self.texts.append({"report": report, "text": text})
        return report

    def text(self, report: str) -> str:
        """Return the text of a report."""
        return next(str(row["text"]) for row in self.texts if row["report"] == report)

    def write(self, folder: Path, *, order: Callable[[list[Row]], Sequence[Row]] = list) -> Path:
        """Write the tables, rows in the given order."""
        folder.mkdir(parents=True, exist_ok=True)
        columns = {
            "reports": "report source agency region year template status error",
            "texts": "report text",
            "sections": "report section title start end",
        }
        for name, names in columns.items():
            frame = pd.DataFrame(order(getattr(self, name)), columns=names.split())
            numbers = {c: "Int64" for c in ("year", "start", "end") if c in frame}
            words = {c: "string" for c in frame if c not in numbers}
            frame.astype(numbers | words).to_parquet(folder / f"{name}.parquet", index=False)
        return folder
