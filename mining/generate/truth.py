"""The truth of one generated report: a TOML file that says what is printed and what it means."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mining.errors import MiningError

__all__ = ["FindingTruth", "SectionTruth", "TableTruth", "Truth", "TruthError", "load_truth"]

_STYLES = frozenset({"tab", "line-blanks-kept", "line-blanks-missing", "pipe", "spaces"})
_TEMPLATES = frozenset({"2008", "2014", "2019", "2021"})
_LEVELS = frozenset({"township", "county", "city", "province"})
_STATUSES = frozenset({"mismatch", "suspect"})
_FORMATS = frozenset({"txt", "html", "docx", "pdf"})
_ENCODINGS = frozenset({"utf-8", "utf-8-sig", "utf-16", "gb18030"})


class TruthError(MiningError, ValueError):
    """A truth file is unsound (E701)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionTruth:
    """A first-level section: `heading` as printed, `body` with marks and ``@table`` lines."""

    key: str
    heading: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableTruth:
    """What stands in one table.

    Parameters
    ----------
    layout
        Name of a print layout.
    fill
        Printed in every slot that `rows` does not tell.
    rows
        Per row key, one token per slot: ``.`` for `fill`, ``_`` for a blank.
    labels
        Labels printed otherwise than the layout has them; empty text leaves them out.
    """

    layout: str
    fill: str = "0"
    rows: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingTruth:
    """A finding that a careful auditor expects; `cell` is empty when it is about no cell.

    `fault` names the kind of error that was planted; empty where nobody planted it.
    """

    rule: str
    status: str = "mismatch"
    cell: str = ""
    note: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """One report: who, when, how it is printed, what it says and what is wrong with it.

    `head` and `tail` are page furniture around the report; `title` has one entry per line.
    `crlf` prints Windows line ends. `formats` are the file types that a corpus writes; `look`
    names one of the looks of that format, by chance where it is empty.
    """

    name: str
    form: str
    style: str
    agency: str
    region: str
    level: str
    year: int
    title: tuple[str, ...]
    sections: tuple[SectionTruth, ...]
    tables: Mapping[str, TableTruth]
    findings: tuple[FindingTruth, ...] = ()
    encoding: str = "utf-8"
    crlf: bool = False
    indent: str = ""
    head: str = ""
    tail: str = ""
    formats: tuple[str, ...] = ("txt",)
    look: str = ""

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing is wrong with the report."""
        return not self.findings


def load_truth(path: Path) -> Truth:
    """Read and check a truth file; its stem names the report.

    Raises
    ------
    TruthError
        When the file is no TOML, or a key is unknown, missing or of the wrong kind.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _error(str(error), path) from error
    try:
        truth = _build_truth(path.stem, data)
    except (TypeError, AttributeError) as error:
        msg = f"a key is missing, unknown or of the wrong kind: {error}"
        raise _error(msg, path) from error
    for problem in _problems(truth):
        raise _error(problem, path)
    return truth


def _error(message: str, path: Path) -> TruthError:
    return TruthError(message, code="E701", path=path, hint="see corpora/sample/README.md")


def _build_truth(name: str, data: dict[str, Any]) -> Truth:
    sections = tuple(SectionTruth(**s) for s in data.pop("sections"))
    tables = {k: _build_table(t) for k, t in data.pop("tables", {}).items()}
    findings = tuple(FindingTruth(**f) for f in data.pop("findings", []))
    title = tuple(data.pop("title"))
    formats = tuple(data.pop("formats", ("txt",)))
    return Truth(
        name=name,
        title=title,
        sections=sections,
        tables=tables,
        findings=findings,
        formats=formats,
        **data,
    )


def _build_table(data: dict[str, Any]) -> TableTruth:
    rows = {k: tuple(v.split()) for k, v in _flatten(data.pop("rows", {}))}
    return TableTruth(rows=rows, labels=data.pop("labels", {}), **data)


def _flatten(rows: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Join the keys that TOML split at their dots."""
    for key, value in rows.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def _problems(truth: Truth) -> Iterator[str]:
    """Yield what is wrong with values that TOML can't check."""
    known = (
        (truth.style, _STYLES, "style"),
        (truth.form, _TEMPLATES, "form"),
        (truth.level, _LEVELS, "level"),
        (truth.encoding, _ENCODINGS, "encoding"),
        *((f.status, _STATUSES, "status") for f in truth.findings),
        *((name, _FORMATS, "format") for name in truth.formats),
    )
    yield from (
        f"unknown {what} {value!r}" for value, allowed, what in known if value not in allowed
    )
    texts = (truth.agency, truth.region, truth.indent, truth.head, truth.tail, truth.look)
    # TOML fills the fields without looking at their declared types.
    if not all(type(text) is str for text in texts):
        yield "agency, region, indent, head, tail and look must be text"
    if type(truth.year) is not int:
        yield "year must be a whole number"
