"""Labelled statements as a CSV that spreadsheet programs write and read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mining.errors import ReadError
from mining.report import PointKind
from mining.themes.features import Statement
from mining.themes.themedata import ThemeData

__all__ = ["COLUMNS", "BadRow", "LabelSheet", "read_label_csv", "write_label_csv"]

COLUMNS = ("id", "report", "kind", "text", "answers", "themes", "suggested")
"""Columns that `write_label_csv` writes; reading needs ``text`` and ``themes``."""

_KINDS: Mapping[str, PointKind] = {
    "": "problem",
    "problem": "problem",
    "improvement": "improvement",
    "neither": "neither",
    "问题": "problem",
    "改进": "improvement",
    "其他": "neither",
}
_NONE = ("-", "无", "none")
_MOST_THEMES = 3


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that can't be used: its line in the file, what is wrong, what to do."""

    line: int
    message: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelSheet:
    """What a CSV holds: labelled statements with their ids, rows without labels, and bad rows."""

    data: ThemeData
    ids: tuple[str, ...]
    n_unlabelled: int
    bad: tuple[BadRow, ...]


def read_label_csv(path: Path, *, themes: Sequence[str]) -> LabelSheet:
    """Read labels; ``themes`` holds names parted by spaces or commas, or ``-`` for no theme.

    A row with empty ``themes`` is not labelled yet. ``answers`` is the id of the problem that an
    improvement answers.

    Raises
    ------
    ReadError
        E105 when the file can't be opened; E108 when it is no UTF-8 CSV or lacks a column.
    """
    rows, bad, n_empty = [], [], 0
    for line, cells in _rows(path):
        fault = _fault(cells, themes)
        if fault:
            bad.append(BadRow(line, *fault))
        elif not cells["themes"]:
            n_empty += 1
        else:
            rows.append(cells)
    ids = [cells["id"] or f"#{n}" for n, cells in enumerate(rows)]
    places = {name: i for i, name in enumerate(ids)}
    statements = tuple(
        Statement(cells["text"], _KINDS[cells["kind"]], places.get(cells["answers"]))
        for cells in rows
    )
    data = ThemeData(
        statements=statements,
        labels=tuple(_names(cells["themes"]) for cells in rows),
        groups=tuple(cells["report"] or path.stem for cells in rows),
        hard=(False,) * len(rows),
    )
    return LabelSheet(data=data, ids=tuple(ids), n_unlabelled=n_empty, bad=tuple(bad))


def write_label_csv(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    """Write rows with `COLUMNS`, with the mark by which Excel knows UTF-8."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ReadError(str(error.strerror), code="E105", path=path) from error
    except UnicodeDecodeError as error:
        msg = f"not UTF-8: {error.reason} at byte {error.start}"
        hint = "in Excel save as “CSV UTF-8 (comma delimited)”"
        raise ReadError(msg, code="E108", path=path, hint=hint) from error
    first = text.partition("\n")[0]
    # Excel writes ; where the comma is the decimal mark.
    delimiter = max(",;\t", key=first.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = [name.strip().lower() for name in reader.fieldnames or ()]
    if missing := {"text", "themes"} - set(names):
        msg = f"columns are missing: {', '.join(sorted(missing))}"
        raise ReadError(msg, code="E108", path=path, hint=f"name the columns {','.join(COLUMNS)}")
    reader.fieldnames = names
    try:
        for row in reader:
            cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
            if any(cells.values()):
                yield reader.line_num, cells
    except csv.Error as error:
        msg = f"line {reader.line_num}: {error}"
        raise ReadError(msg, code="E108", path=path, hint="save the file again as CSV") from error


def _names(told: str) -> tuple[str, ...]:
    if told.lower() in _NONE:
        return ()
    parts = told.replace(",", " ").replace("，", " ").replace(";", " ").replace("；", " ").split()
    return tuple(dict.fromkeys(parts))


def _fault(cells: Mapping[str, str], themes: Sequence[str]) -> tuple[str, str] | None:
    names = _names(cells["themes"])
    unknown = [name for name in names if name not in themes]
    if not cells["text"]:
        return "the text is empty", "fill in the text, or delete the row"
    if cells["kind"] not in _KINDS:
        return f"unknown kind {cells['kind']}", "write problem, improvement or neither"
    if unknown:
        return f"unknown theme {unknown[0]}", f"choose from {' '.join(themes)}; - for none"
    if len(names) > _MOST_THEMES:
        return f"{len(names)} themes", f"keep the {_MOST_THEMES} that matter most"
    return None
