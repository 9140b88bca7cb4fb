"""From the tables of a run to the characters that are compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from mining.study.frames import stream_table
from mining.study.reuse.shingles import Places
from mining.study.reuse.texts import SECTIONS, Body, Spool

__all__ = ["Sections", "after_title", "load_sections", "spool_texts", "stream_texts"]

_COLUMNS = ("report", "section", "title", "start", "end")
# A number, a bracket and blanks may stand before what the table calls the title.
_MOST_BEFORE_TITLE = 30


class Sections:
    """Where the sections of `SECTIONS` stand in each report of the study, without headings."""

    def __init__(self, rows: Places, table: pd.DataFrame) -> None:
        order = np.lexsort((table["start"].to_numpy(), rows))
        self._rows = rows[order]
        self._table = table.iloc[order]

    def bodies(self, row: int, text: str) -> tuple[Body, ...]:
        """Return the sections of a report by its number in the study's list of reports."""
        low, high = np.searchsorted(self._rows, [row, row + 1])
        part = self._table.iloc[low:high]
        columns = (part[name].tolist() for name in ("section", "title", "start", "end"))
        return tuple(
            Body(SECTIONS.index(section), after_title(text, title, start, end), end)
            for section, title, start, end in zip(*columns, strict=True)
        )


def after_title(text: str, title: str, start: int, end: int) -> int:
    """Return where a section goes on after its heading, which all reports have."""
    limit = min(end, start + len(title) + _MOST_BEFORE_TITLE)
    found = text.find(title, start, limit) if title else -1
    body = text[start if found < 0 else found + len(title) : end]
    return end - len(body.lstrip())


def load_sections(run: Path, reports: pd.DataFrame) -> Sections:
    """Return where the sections to compare stand, for the reports of `load_reports`."""
    index = pd.Index(reports["report"])
    parts: list[pd.DataFrame] = []
    for batch in stream_table(run, "sections", _COLUMNS):
        table = batch.to_pandas()
        table = table[table["section"].isin(SECTIONS)]
        row = index.get_indexer(table.pop("report"))
        # The same few titles stand in all reports.
        title = table["title"].fillna("").astype("category")
        parts.append(table.assign(row=row, title=title)[row >= 0])
    whole = pd.concat([part.astype({"title": object}) for part in parts], ignore_index=True)
    whole = whole.astype({"start": np.int64, "end": np.int64, "row": np.int64})
    return Sections(whole.pop("row").to_numpy(), whole)


def stream_texts(run: Path, reports: pd.DataFrame) -> Iterator[tuple[int, str]]:
    """Yield the number of each report in the study's list, and its text, in the run's order."""
    index = pd.Index(reports["report"])
    for batch in stream_table(run, "texts", ("report", "text")):
        rows = index.get_indexer(batch["report"].to_pandas())
        # One text at a time: as Python's strings they are large.
        for row, text in zip(rows.tolist(), batch["text"], strict=True):
            if row >= 0:
                yield row, text.as_py() or ""


def spool_texts(run: Path, reports: pd.DataFrame, sections: Sections, spool: Spool) -> None:
    """Put down what is compared of each report whose year is known."""
    years = reports["year"].fillna(0).to_numpy(dtype=np.int64)
    for row, text in stream_texts(run, reports):
        if years[row]:
            spool.add(row, int(years[row]), text, sections.bodies(row, text))
