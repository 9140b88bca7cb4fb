"""A user's file of agencies that are the same: it decides over names and reforms."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mining.errors import SettingsError
from mining.history.names import Identity, identify, mapped_identity

__all__ = ["AgencyMap", "load_agencies"]

# A list of all agencies of a province, with room to spare.
_MOST_BYTES = 20_000_000
_MOST_ROWS = 200_000
_LONGEST_CHAIN = 50
_COLUMNS = ("agency", "same_as")
_LIMITS = ("from", "to")
_BLANKS = re.compile(r"\s+")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


@dataclass(frozen=True, slots=True)
class _Entry:
    """One line of the file: under which name an agency goes in which years."""

    line: int
    same_as: str
    first: int
    last: int

    def overlaps(self, other: _Entry) -> bool:
        """Tell whether there is a year in which both hold."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class AgencyMap:
    """Agencies by the names of a user's file; without one, names alone decide."""

    entries: Mapping[str, tuple[_Entry, ...]]
    targets: frozenset[str]

    def identify(self, agency: str, region: str | None, year: int | None) -> Identity:
        """Return who an agency is: by the file where it names the agency, else by its name."""
        name = _tidy(agency)
        seen = {name}
        while (entry := self._entry(name, year)) is not None and entry.same_as not in seen:
            name = entry.same_as
            seen.add(name)
        is_named = len(seen) > 1 or name in self.entries or name in self.targets
        return mapped_identity(name) if is_named else identify(agency, region)

    def _entry(self, name: str, year: int | None) -> _Entry | None:
        if year is None:
            return None
        return next((e for e in self.entries.get(name, ()) if e.first <= year <= e.last), None)


def load_agencies(path: Path) -> AgencyMap:
    """Read a CSV file with the columns ``agency``, ``same_as`` and, if wanted, ``from``, ``to``.

    A report of `agency` for a year from ``from`` to ``to`` then counts as one of `same_as`.
    Both names are taken as reports print them, blanks left out.

    Raises
    ------
    SettingsError
        E403, with the line at fault and what to do about it.
    """
    entries: dict[str, list[_Entry]] = {}
    for line, row in _rows(path):
        agency, entry = _entry(path, line, row)
        known = entries.setdefault(agency, [])
        clash = next((e for e in known if e.overlaps(entry)), None)
        if clash is not None and clash.same_as != entry.same_as:
            msg = f"{agency} was {clash.same_as} in line {clash.line} for some of the same years"
            raise _fault(path, line, msg, "keep one of the lines, or set from and to")
        if clash is None or (clash.first, clash.last) != (entry.first, entry.last):
            known.append(entry)
    _refuse_circles(path, entries)
    return AgencyMap(
        entries={name: tuple(known) for name, known in entries.items()},
        targets=frozenset(e.same_as for known in entries.values() for e in known),
    )


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        head = [name.strip() for name in next(reader, [])]
        _check_head(path, head)
        for row in reader:
            if reader.line_num > _MOST_ROWS:
                raise _fault(path, reader.line_num, "too many lines", f"at most {_MOST_ROWS}")
            if not any(value.strip() for value in row):
                continue
            if len(row) > len(head):
                raise _fault(
                    path, reader.line_num, "more values than columns", "quote values with commas"
                )
            padded = [*row, *[""] * (len(head) - len(row))]
            yield reader.line_num, dict(zip(head, map(_tidy, padded), strict=True))
    except csv.Error as error:
        raise _fault(path, reader.line_num, str(error), "save the file as CSV again") from error


def _text(path: Path) -> str:
    try:
        if not path.is_file():
            raise _fault(path, 0, "no such file", "check the spelling of the path")
        if path.stat().st_size > _MOST_BYTES:
            raise _fault(path, 0, f"more than {_MOST_BYTES} bytes", "is this the right file?")
        data = path.read_bytes()
    except OSError as error:
        raise _fault(path, 0, error.strerror or str(error), "check the file's rights") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _fault(path, line, "not UTF-8", "save the file as CSV in UTF-8") from error


def _check_head(path: Path, head: list[str]) -> None:
    known = {*_COLUMNS, *_LIMITS}
    lost = [name for name in _COLUMNS if name not in head]
    if lost:
        msg = f"no column {lost[0]}"
        raise _fault(path, 1, msg, "the first line must be agency,same_as or …,from,to")
    strange = [name for name in head if name not in known]
    if strange or len(set(head)) < len(head):
        msg = f"unknown column {strange[0]!r}" if strange else "a column stands twice"
        raise _fault(path, 1, msg, "columns are agency, same_as, from, to")


def _entry(path: Path, line: int, row: dict[str, str]) -> tuple[str, _Entry]:
    for name in _COLUMNS:
        if not row[name]:
            raise _fault(path, line, f"{name} is empty", "write a name, or remove the line")
    years = []
    for name, default in zip(_LIMITS, (0, 9999), strict=True):
        told = row.get(name, "")
        if told and not _YEAR.fullmatch(told):
            raise _fault(path, line, f"{name} is {told[:20]!r}", "write a year such as 2019")
        years.append(int(told) if told else default)
    if years[0] > years[1]:
        raise _fault(path, line, "from is later than to", "swap the two years")
    return row["agency"], _Entry(line, row["same_as"], years[0], years[1])


def _refuse_circles(path: Path, entries: Mapping[str, list[_Entry]]) -> None:
    """Refuse A = B and B = A for one year: neither name would be the one to use."""
    for start, known in entries.items():
        for entry in known:
            name, steps = entry.same_as, {start}
            while name not in steps:
                steps.add(name)
                if len(steps) > _LONGEST_CHAIN:
                    msg = f"{start} leads over more than {_LONGEST_CHAIN} names"
                    raise _fault(path, entry.line, msg, "let all names lead to one")
                following = [e for e in entries.get(name, ()) if e.overlaps(entry)]
                name = following[0].same_as if following else name
            if name == start and entry.same_as != start:
                msg = f"{start} leads back to itself"
                raise _fault(path, entry.line, msg, "let all names lead to one")


def _tidy(text: str) -> str:
    return _BLANKS.sub("", text)


def _fault(path: Path, line: int, message: str, hint: str) -> SettingsError:
    where = f"line {line}: " if line else ""
    return SettingsError(f"{where}{message}", code="E403", path=path, hint=hint)
