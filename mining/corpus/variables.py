"""Document variables of packed reports: from a user's CSV, from their paths, from other packs."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

import pyarrow as pa

from mining.corpus.packs import BASE
from mining.errors import SettingsError

__all__ = ["PathPattern", "Table", "Value", "VariableSources", "common_schema", "load_table"]

Value = str | int | float | None

YEAR = "year"
_KEY = "report"
_FIELD = re.compile(r"\{([^{}]*)\}")
_TAKEN = frozenset({*BASE.names, "text"})


@dataclass(frozen=True, slots=True)
class Table:
    """A user's variables by report.

    Parameters
    ----------
    schema
        The variables and their types.
    rows
        Values by report, in the order of the variables.
    """

    schema: pa.Schema
    rows: Mapping[str, Sequence[Value]]

    def of(self, report: str) -> dict[str, Value]:
        """Return the variables of a report; empty when the table does not have it."""
        values = self.rows.get(report)
        return {} if values is None else dict(zip(self.schema.names, values, strict=True))


def load_table(path: Path) -> Table:
    """Read a CSV with a column ``report``; every other column is a variable.

    A column whose values are all whole numbers has whole numbers, and so on; 010 is no number.

    Raises
    ------
    SettingsError
        E401 when it can't be read, has no such column, or tells a report twice.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _table(csv.reader(file, strict=True), path)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        msg = f"the table can't be read ({error})"
        raise _unsound(path, msg) from error


def _unsound(path: Path, message: str) -> SettingsError:
    hint = "save it as CSV in UTF-8, with a column report that has the paths of the reports"
    return SettingsError(message, code="E401", path=path, hint=hint)


def _table(lines: Iterator[list[str]], path: Path) -> Table:
    names = [name.strip() for name in next(lines, [])]
    if _KEY not in names:
        raise _unsound(path, "the table lacks the column report")
    key = names.index(_KEY)
    wanted = [i for i in range(len(names)) if i != key]
    if fault := _name_fault([names[i] for i in wanted]):
        raise _unsound(path, fault)
    rows: dict[str, list[str]] = {}
    for line in filter(any, lines):
        if len(line) != len(names):
            raise _unsound(path, f"a row has {len(line)} fields, the first has {len(names)}")
        if line[key] in rows:
            raise _unsound(path, f"two rows are for {line[key]}")
        rows[line[key]] = [line[i].strip() for i in wanted]
    kinds = [_kind(row[i] for row in rows.values()) for i in range(len(wanted))]
    return Table(
        schema=pa.schema([(names[i], _TYPES[k]) for i, k in zip(wanted, kinds, strict=True)]),
        rows={
            report: [_value(v, k) for v, k in zip(row, kinds, strict=True)]
            for report, row in rows.items()
        },
    )


def _name_fault(names: Sequence[str]) -> str:
    """Return what is wrong with names of variables, or an empty text."""
    for name in names:
        if not name:
            return "a column has no name"
        if name in _TAKEN:
            return f"{name} is a column of every pack, choose another name"
    return "two columns have the same name" if len(set(names)) < len(names) else ""


_Kind = Callable[[str], Value]
_TYPES: dict[_Kind, pa.DataType] = {int: pa.int64(), float: pa.float64(), str: pa.string()}
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,17})?")


def _kind(values: Iterable[str]) -> _Kind:
    told = [v for v in values if v]
    if told and all(_WHOLE.fullmatch(v) for v in told):
        return int
    return float if told and all(_DECIMAL.fullmatch(v) for v in told) else str


def _value(text: str, kind: _Kind) -> Value:
    return kind(text) if text else None


@dataclass(frozen=True, slots=True)
class PathPattern:
    """Variables in the paths of reports, as ``{province}/{year}/{agency}_{_}.txt`` tells.

    A field takes all up to the text that follows it, within one folder or name; ``{_}`` is
    passed over. Folders of the pattern are the last folders of a path. ``{year}`` must be a
    number.

    Parameters
    ----------
    pattern
        The pattern.

    Raises
    ------
    SettingsError
        E401 when it has no field, one twice, or two fields that nothing separates.

    Examples
    --------
    >>> PathPattern("{region}/{agency}{_}_{year}.txt")
    Traceback (most recent call last):
    mining.errors.SettingsError: [E401] {region}/{agency}{_}_{year}.txt: ...
    >>> PathPattern("{region}/{agency}_{year}.txt").of("省/青原县/水务局_2020.txt")
    {'region': '青原县', 'agency': '水务局', 'year': 2020}
    """

    pattern: str
    _parts: tuple[tuple[str, ...], ...] = field(init=False)

    def __post_init__(self) -> None:
        """Cut the pattern into folders, and each into texts and names of fields in turn."""
        parts = tuple(tuple(_FIELD.split(part)) for part in self.pattern.split("/"))
        object.__setattr__(self, "_parts", parts)
        fault = _name_fault(self.names)
        if not self.names:
            fault = "the pattern has no field such as {year}"
        elif any(not text for part in parts for text in part[2:-1:2]):
            fault = "two fields have nothing between them"
        if fault:
            hint = "as in {region}/{agency}_{year}.txt"
            raise SettingsError(fault, code="E401", path=self.pattern, hint=hint)

    @property
    def names(self) -> list[str]:
        """Names of the variables."""
        return [name for part in self._parts for name in part[1::2] if name != "_"]

    @property
    def schema(self) -> pa.Schema:
        """The variables and their types."""
        types = {True: pa.int64(), False: pa.string()}
        return pa.schema([(name, types[name == YEAR]) for name in self.names])

    def of(self, report: str) -> dict[str, Value]:
        """Return the variables that a path tells; empty when the pattern does not fit."""
        given = PurePosixPath(report).parts[-len(self._parts) :]
        if len(given) < len(self._parts):
            return {}
        found: dict[str, Value] = {}
        for part, text in zip(self._parts, given, strict=True):
            fields = _fields(part, text)
            if fields is None:
                return {}
            found |= fields
        if YEAR in found:
            year = str(found[YEAR])
            if not _WHOLE.fullmatch(year):
                return {}
            found[YEAR] = int(year)
        found.pop("_", None)
        return found


def _fields(part: Sequence[str], text: str) -> dict[str, Value] | None:
    """Return the fields of one folder or name, or ``None`` when it does not fit."""
    if not text.startswith(part[0]):
        return None
    found: dict[str, Value] = {}
    position = len(part[0])
    for name, after in zip(part[1::2], part[2::2], strict=True):
        end = text.find(after, position) if after else len(text)
        if end <= position:
            return None
        found[name] = text[position:end]
        position = end + len(after)
    return found if position == len(text) else None


@dataclass(frozen=True, kw_only=True)
class VariableSources:
    """Where the variables of packed reports come from, the strongest first.

    Parameters
    ----------
    table
        A user's table.
    pattern
        What paths tell.
    """

    table: Table | None = None
    pattern: PathPattern | None = None

    def of(self, report: str) -> dict[str, Value]:
        """Return the variables of a report."""
        told = self.pattern.of(report) if self.pattern else {}
        return {**told, **(self.table.of(report) if self.table else {})}

    def n_unmatched(self, reports: Iterable[str]) -> int:
        """Return how many rows of the table are for none of the reports."""
        return len(set(self.table.rows).difference(reports)) if self.table else 0

    def n_unfitting(self, reports: Iterable[str]) -> int:
        """Return how many reports have paths that do not fit the pattern."""
        return sum(not self.pattern.of(name) for name in reports) if self.pattern else 0

    @cached_property
    def schemas(self) -> list[pa.Schema]:
        """The variables of each source."""
        return [source.schema for source in (self.pattern, self.table) if source is not None]

    @property
    def digest(self) -> str:
        """What identifies the sources."""
        rows = sorted(self.table.rows.items()) if self.table else None
        told = repr((rows, self.pattern and self.pattern.pattern, self.schemas))
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def common_schema(schemas: Iterable[pa.Schema]) -> pa.Schema:
    """Return all variables of several sources, each once.

    Raises
    ------
    SettingsError
        E401 when one variable has a text here and a number there.
    """
    try:
        found = pa.unify_schemas(list(schemas), promote_options="permissive")
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        hint = "a variable must have one type: rename or correct it"
        raise SettingsError(str(error).splitlines()[0], code="E401", hint=hint) from error
    return pa.schema([pa.field(f.name, f.type) for f in found])
