"""What is compared: the characters of overview and problems, by year, on disk and in order.

A run may have a million reports, so texts are read once, in the order they come in, and put down
in a temporary folder by year; a year is then looked at in the order of agencies and reports, so
that the order of the files of a run changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike, NDArray

from mining.study.reuse.shingles import Codes, Hashes, Places, hash_runs, starts_of_runs

__all__ = ["SECTIONS", "Body", "Spool", "YearTexts"]

SECTIONS = ("overview", "problems")
"""Sections that a report writes in its own words; improvements are part of the problems."""

# Characters that are hashed at a time.
_BLOCK = 500_000
# Bytes that one file of a year may hold back before they are written.
_BUFFER = 1 << 20
_LAST_SPACE = 0x3000
_SPACES = np.array([chr(code).isspace() for code in range(_LAST_SPACE + 2)])
_NEWLINE = 10
# 一是…；二是…； is a list of sentences, whatever stands between them.
_LAST_MARK = 0xFFFF
_MARKS = np.zeros(_LAST_MARK + 1, dtype=np.bool_)
_MARKS[[ord(char) for char in "。！？；!?;"]] = True
_CLOSING = np.zeros(_LAST_MARK + 1, dtype=np.bool_)
_CLOSING[[ord(char) for char in "”’」』）)"]] = True
_PARTS: dict[str, DTypeLike] = {
    "codes": np.uint32,
    "break_at": np.int32,
    "break_to": np.int32,
    "cuts": np.int32,
    "piece_ends": np.int32,
    "piece_sections": np.int32,
}


@dataclass(frozen=True, slots=True)
class Body:
    """A section without its heading: position of its key in `SECTIONS`, and where it stands."""

    section: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class YearTexts:
    """The texts of one year as one row of characters, white space left out.

    Places are positions in that row. Reports stand in the order of their agencies, then of their
    names.

    Parameters
    ----------
    rows
        Number of each report in the study's list of reports.
    agencies
        Number of the agency of each report.
    starts
        Where each report starts, and the end of the last one.
    codes
        The characters.
    break_at, break_shift
        From a place in `break_at` on, offsets in the report are larger by `break_shift`.
    cuts
        Where each sentence ends.
    piece_starts, piece_ends, piece_sections
        Where the sections stand, and which they are.
    """

    rows: Places
    agencies: Places
    starts: Places
    codes: Codes
    break_at: Places
    break_shift: Places
    cuts: Places
    piece_starts: Places
    piece_ends: Places
    piece_sections: Places

    @property
    def sizes(self) -> Places:
        """Characters of each report."""
        return np.diff(self.starts)

    def blocks(self) -> Iterator[tuple[int, int]]:
        """Yield first and last (exclusive) report of blocks with about as many characters."""
        first, n = 0, len(self.rows)
        while first < n:
            wanted = int(self.starts[first]) + _BLOCK
            last = max(first + 1, int(np.searchsorted(self.starts, wanted, "right")) - 1)
            yield first, min(last, n)
            first = last

    def runs(self, first: int, last: int) -> tuple[Places, Hashes]:
        """Return where runs of 13 characters start in some reports, and their hashes."""
        low, high = int(self.starts[first]), int(self.starts[last])
        pieces = slice(*np.searchsorted(self.piece_ends, [low, high], "right"))
        at = starts_of_runs(self.piece_starts[pieces] - low, self.piece_ends[pieces] - low)
        return at + low, hash_runs(self.codes[low:high])[at] if len(at) else _NO_HASHES

    def report_of(self, places: Places) -> Places:
        """Return in which report each place is."""
        return np.searchsorted(self.starts, places, "right") - 1

    def piece_of(self, places: Places) -> Places:
        """Return in which section of which report each place is."""
        return np.searchsorted(self.piece_starts, places, "right") - 1

    def offsets(self, places: Places) -> Places:
        """Return the offset of each place in the text of its report."""
        return places + self.break_shift[np.searchsorted(self.break_at, places, "right") - 1]


_NO_HASHES = np.empty(0, dtype=np.uint64)


class _Ragged:
    """Rows of numbers of any length, written one after the other and read in any order."""

    def __init__(self, path: Path, dtype: DTypeLike) -> None:
        self._path, self._dtype = path, np.dtype(dtype)
        self._held: list[bytes] = []
        self._n_held = 0
        self.sizes: list[int] = []

    def add(self, values: NDArray[np.generic]) -> None:
        data = values.astype(self._dtype, copy=False).tobytes()
        self._held.append(data)
        self._n_held += len(data)
        self.sizes.append(len(values))
        if self._n_held > _BUFFER:
            self._flush()

    def _flush(self) -> None:
        with self._path.open("ab") as file:
            file.writelines(self._held)
        self._held, self._n_held = [], 0

    def in_order(self, order: Places) -> tuple[Places, Iterator[NDArray[np.generic]]]:
        """Return the sizes of the rows in `order`, and the rows one by one."""
        self._flush()
        sizes = np.array(self.sizes, dtype=np.int64)
        values = _mapped(self._path, self._dtype)
        ends = np.cumsum(sizes)
        rows = (values[ends[i] - sizes[i] : ends[i]] for i in order.tolist())
        return sizes[order], rows


def _mapped(path: Path, dtype: DTypeLike) -> NDArray[np.generic]:
    # An empty file can't be mapped.
    if not path.stat().st_size:
        return np.empty(0, dtype=dtype)
    return np.memmap(path, dtype=dtype, mode="r").view(np.ndarray)


class Spool:
    """Takes reports in any order and lends them by year."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parts: dict[int, dict[str, _Ragged]] = {}
        self._rows: dict[int, list[int]] = {}

    @property
    def years(self) -> list[int]:
        """Years with reports, the earliest first."""
        return sorted(self._rows)

    def add(self, row: int, year: int, text: str, bodies: Sequence[Body]) -> None:
        """Add a report by its number in the study's list of reports."""
        if year not in self._parts:
            files = {name: self._folder / f"{year}-{name}" for name in _PARTS}
            self._parts[year] = {name: _Ragged(files[name], _PARTS[name]) for name in _PARTS}
            self._rows[year] = []
        parts: dict[str, list[NDArray[np.generic]]] = {name: [] for name in _PARTS}
        before = 0
        for body in bodies:
            for name, values in _bare(text[body.start : body.end], body, before).items():
                parts[name].append(values)
            before += len(parts["codes"][-1])
        for name, ragged in self._parts[year].items():
            ragged.add(np.concatenate(parts[name]) if bodies else np.empty(0, _PARTS[name]))
        self._rows[year].append(row)

    def year(self, year: int, agencies: Places) -> YearTexts:
        """Return the texts of a year; `agencies` numbers the agency of each report of the study."""
        rows = np.array(self._rows[year], dtype=np.int64)
        order = np.lexsort((rows, agencies[rows]))
        parts = self._parts[year]
        sizes, texts = parts["codes"].in_order(order)
        starts = np.concatenate(([0], np.cumsum(sizes)))
        path = self._folder / f"{year}-ordered"
        with path.open("wb") as file:
            file.writelines(text.tobytes() for text in texts)
        found = {
            name: _placed(parts[name], order, starts[:-1] if name != "piece_sections" else None)
            for name in _PARTS
            if name not in {"codes", "break_to"}
        }
        ends = found["piece_ends"]
        shifts = _placed(parts["break_to"], order, None) - found["break_at"]
        return YearTexts(
            rows=rows[order],
            agencies=agencies[rows[order]],
            starts=starts,
            codes=_mapped(path, np.uint32).astype(np.uint32, copy=False),
            break_shift=shifts,
            # Sections touch: one starts where another ends.
            piece_starts=np.concatenate(([0], ends[:-1]))[: len(ends)],
            **found,
        )

    def remove(self, year: int) -> None:
        """Remove the files of a year that is not needed any more."""
        for name in (*_PARTS, "ordered"):
            (self._folder / f"{year}-{name}").unlink(missing_ok=True)


def _placed(ragged: _Ragged, order: Places, starts: Places | None) -> Places:
    """Return the rows one after the other, each moved to where its report starts."""
    sizes, rows = ragged.in_order(order)
    flat = np.concatenate([np.empty(0, np.int64), *rows]).astype(np.int64)
    return flat if starts is None else flat + np.repeat(starts, sizes)


def _bare(text: str, body: Body, before: int) -> dict[str, NDArray[np.generic]]:
    """Return the characters of a section without white space, and what was where."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    at = np.flatnonzero(~_SPACES[np.minimum(codes, _LAST_SPACE + 1)])
    bare = codes[at]
    breaks = np.flatnonzero(np.diff(at, prepend=-2) != 1)
    has_any = len(bare) > 0
    return {
        "codes": bare,
        "break_at": breaks + before,
        "break_to": at[breaks] + body.start,
        "cuts": _cuts(bare, np.searchsorted(at, np.flatnonzero(codes == _NEWLINE))) + before,
        "piece_ends": np.array([len(bare) + before][:has_any]),
        "piece_sections": np.array([body.section][:has_any]),
    }


def _cuts(bare: NDArray[np.uint32], lines: Places) -> Places:
    """Return where each sentence ends: after a mark and what closes it, or with the line."""
    known = np.minimum(bare, _LAST_MARK)
    is_end = np.zeros(len(bare) + 1, dtype=np.bool_)
    marks = np.flatnonzero(_MARKS[known]) + 1
    inside = marks[marks < len(bare)]
    is_closed = _CLOSING[known[inside]]
    is_end[marks] = True
    is_end[inside] = ~is_closed
    is_end[inside[is_closed] + 1] = True
    is_end[lines] = True
    is_end[len(bare)] = True
    is_end[0] = False
    return np.flatnonzero(is_end)
