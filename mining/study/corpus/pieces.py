"""Where the pieces of a corpus stand in its texts: sections, points, sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mining.study.frames import stream_table
from mining.study.reuse.loading import after_title

__all__ = ["Piece", "Pieces", "Unit", "load_pieces", "sentence_spans"]

Unit = Literal["report", "section", "point"]

_COLUMNS = {
    "section": ("report", "section", "start", "end", "order", "title"),
    "point": ("report", "section", "start", "end", "point", "kind"),
}
# A sentence with its end mark and the quotes that close after it; a line is one as well.
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]*[”’」』）)]*")


@dataclass(frozen=True, slots=True)
class Piece:
    """A section or a point: its name in the report, its section, and its place in the text."""

    name: str
    section: str
    start: int
    end: int


class Pieces:
    """The sections or points of all reports, found by the report's number."""

    def __init__(self, unit: Unit, rows: NDArray[np.int64], table: pd.DataFrame) -> None:
        order = np.lexsort((table["start"].to_numpy(), rows))
        self._unit = unit
        self._rows = rows[order]
        self._table = table.iloc[order]

    def of(self, row: int, text: str) -> Iterator[Piece]:
        """Yield the pieces of a report in order; a section without the line of its heading."""
        low, high = np.searchsorted(self._rows, [row, row + 1])
        part = self._table.iloc[low:high]
        columns = _COLUMNS[self._unit][1:]
        for section, start, end, number, told in zip(*(part[c] for c in columns), strict=True):
            if self._unit == "section":
                yield Piece(
                    f"{section}-{number}", section, after_title(text, told, start, end), end
                )
            else:
                yield Piece(f"{told}-{number}", section, start, end)


def load_pieces(
    run: Path,
    unit: Unit,
    reports: pd.Series,
    *,
    sections: Sequence[str] = (),
    kinds: Sequence[str] = (),
) -> Pieces:
    """Return the pieces of the reports of a corpus.

    Parameters
    ----------
    run
        Folder with the tables ``sections`` and ``points``.
    unit
        ``section`` or ``point``.
    reports
        Names of the reports; a report's number is its position.
    sections, kinds
        Only these sections, and points of these kinds; all when empty.
    """
    index = pd.Index(reports)
    parts: list[pd.DataFrame] = []
    columns = _COLUMNS[unit]
    for batch in stream_table(run, f"{unit}s", columns):
        table = batch.to_pandas()
        row = index.get_indexer(table.pop("report"))
        chosen = row >= 0
        if sections:
            chosen &= table["section"].isin(sections).to_numpy()
        if kinds and unit == "point":
            chosen &= table["kind"].isin(kinds).to_numpy()
        parts.append(table.assign(row=row)[chosen])
    whole = pd.concat(parts, ignore_index=True)
    whole[columns[5]] = whole[columns[5]].fillna("").astype(str)
    numbers = ["start", "end", columns[4], "row"]
    whole = whole.astype(dict.fromkeys(numbers, np.int64))
    return Pieces(unit, whole.pop("row").to_numpy(), whole)


def sentence_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where the sentences of a stretch stand, blanks around them left out.

    Examples
    --------
    >>> text = "一是更新慢；二是人手少。（见附件）"
    >>> [text[a:b] for a, b in sentence_spans(text, 0, len(text))]
    ['一是更新慢；', '二是人手少。', '（见附件）']
    """
    for match in _SENTENCE.finditer(text, start, end):
        told = match.group()
        bare = told.strip()
        if bare:
            first = match.start() + len(told) - len(told.lstrip())
            yield first, first + len(bare)
