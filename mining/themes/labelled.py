"""Problem sections with labelled points, written by hand: what training and scoring stand on.

A file holds ``[[sections]]`` with ``id``, ``year``, ``agency``, ``level``, ``heading`` and
``text``. In the text, ``{words|p staffing timeliness #a}`` marks a point: its kind (``p`` problem,
``i`` improvement, ``n`` neither), up to three themes, the primary first, a name (``#a``), the
problem that an improvement answers (``>a``), and ``hard`` where theme words are mere setting.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mining.errors import ReadError
from mining.report import PointKind
from mining.spans import Span
from mining.themes.names import THEMES

__all__ = ["LabelledPoint", "LabelledSection", "load_labelled", "parse_labelled"]

_MARK = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")
_BRACE = re.compile(r"[{}]")
_NAME = re.compile(r"[#>][0-9A-Za-z_]{1,12}")
_KINDS: Mapping[str, PointKind] = {"p": "problem", "i": "improvement", "n": "neither"}
_LEVELS = frozenset({"township", "county", "city", "province", "ministry"})
_FIELDS: Mapping[str, type] = {
    "id": str,
    "year": int,
    "agency": str,
    "level": str,
    "heading": str,
    "text": str,
}
_MOST_THEMES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPoint:
    """One marked point.

    Parameters
    ----------
    span
        Its place in the text of its section.
    kind
        What it is.
    themes
        Labels, the primary one first.
    answers
        Position, in the section's points, of the problem that an improvement answers.
    hard
        Whether it holds theme words that are mere setting.
    """

    span: Span
    kind: PointKind
    themes: tuple[str, ...] = ()
    answers: int | None = None
    hard: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledSection:
    """A problem section as plain text, without the marks, and its points in order."""

    id: str
    year: int
    agency: str
    level: str
    heading: str
    text: str
    points: tuple[LabelledPoint, ...]


@dataclass
class _Mark:
    """What one mark says, before names are looked up."""

    span: Span
    kind: PointKind = "neither"
    themes: list[str] = field(default_factory=list)
    name: str = ""
    answers: str = ""
    hard: bool = False


def load_labelled(*paths: Path) -> tuple[LabelledSection, ...]:
    """Read labelled sections from TOML files, or from every such file of a folder.

    Raises
    ------
    ReadError
        E105 when there is no file; E108 with every fault of the first unsound file.
    """
    found: list[LabelledSection] = []
    owners: dict[str, Path] = {}
    for path in _files(paths):
        for section in parse_labelled(_read(path), path=path):
            if section.id in owners:
                raise _fault(path, [f"{section.id}: the id stands in {owners[section.id].name}"])
            owners[section.id] = path
            found.append(section)
    return tuple(found)


def parse_labelled(text: str, *, path: Path) -> tuple[LabelledSection, ...]:
    """Read labelled sections from the text of a TOML file; `path` is for messages only.

    Raises
    ------
    ReadError
        E108 with every fault of the file.
    """
    try:
        entries = tomllib.loads(text).get("sections", [])
    except tomllib.TOMLDecodeError as error:
        raise _fault(path, [f"not TOML: {error}"]) from error
    faults: list[str] = []
    sections: list[LabelledSection] = []
    seen: set[str] = set()
    for position, entry in enumerate(entries if isinstance(entries, list) else [entries]):
        where = _where(entry, position)
        wrong = list(_field_faults(entry, seen))
        seen.add(where)
        section = None if wrong else _section(entry, wrong)
        faults += [f"{where}: {message}" for message in wrong]
        if section is not None:
            sections.append(section)
    if faults:
        raise _fault(path, faults)
    return tuple(sections)


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
        if not files:
            msg = "no labelled sections"
            raise ReadError(msg, code="E105", path=path, hint="*.toml are expected")
        yield from files


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ReadError(str(error.strerror), code="E105", path=path) from error
    except UnicodeDecodeError as error:
        raise _fault(path, [f"not UTF-8: {error.reason} at byte {error.start}"]) from error


def _fault(path: Path, messages: Sequence[str]) -> ReadError:
    return ReadError("; ".join(messages), code="E108", path=path, hint="mend the labels")


def _where(entry: Any, position: int) -> str:  # noqa: ANN401 - whatever TOML holds
    known = isinstance(entry, dict) and isinstance(entry.get("id"), str) and entry["id"]
    return str(entry["id"]) if known else f"sections[{position}]"


def _field_faults(entry: Any, seen: set[str]) -> Iterator[str]:  # noqa: ANN401 - see above
    if not isinstance(entry, dict):
        yield "not a table"
        return
    for name, kind in _FIELDS.items():
        if name not in entry:
            yield f"{name} is missing"
        elif not isinstance(entry[name], kind) or isinstance(entry[name], bool):
            yield f"{name} must be of type {kind.__name__}"
    yield from (f"unknown field {name}" for name in sorted(entry.keys() - _FIELDS.keys()))
    if entry.get("id") in seen:
        yield "the id is used twice"
    if isinstance(entry.get("level"), str) and entry["level"] not in _LEVELS:
        yield f"unknown level {entry['level']}"


def _section(entry: Mapping[str, Any], faults: list[str]) -> LabelledSection | None:
    text, marks = _marks(entry["text"], faults)
    names = {mark.name: i for i, mark in enumerate(marks) if mark.name}
    for mark in marks:
        faults += _mark_faults(mark, marks, names, text)
    if len(names) < sum(bool(mark.name) for mark in marks):
        faults.append("a name stands on two points")
    if faults:
        return None
    points = tuple(
        LabelledPoint(
            span=mark.span,
            kind=mark.kind,
            themes=tuple(mark.themes),
            answers=names[mark.answers] if mark.answers else None,
            hard=mark.hard,
        )
        for mark in marks
    )
    own = {name: entry[name] for name in ("id", "year", "agency", "level", "heading")}
    return LabelledSection(**own, text=text, points=points)


def _marks(marked: str, faults: list[str]) -> tuple[str, list[_Mark]]:
    """Return the text without its marks, and what they say."""
    pieces: list[str] = []
    marks: list[_Mark] = []
    length = position = 0
    for match in _MARK.finditer(marked):
        before, words = marked[position : match.start()], match[1]
        start = length + len(before)
        pieces += (before, words)
        length, position = start + len(words), match.end()
        mark = _Mark(Span(start, length))
        _read_attributes(mark, match[2].split(), words[:12], faults)
        marks.append(mark)
    pieces.append(marked[position:])
    text = "".join(pieces)
    if stray := _BRACE.search(text):
        faults.append(f"a brace outside of a mark near “{text[stray.start() : stray.end() + 12]}”")
    return text, marks


def _read_attributes(mark: _Mark, words: list[str], quote: str, faults: list[str]) -> None:
    if not words or words[0] not in _KINDS:
        faults.append(f"“{quote}”: the kind must be p, i or n")
        return
    mark.kind = _KINDS[words[0]]
    for word in words[1:]:
        if word == "hard":
            mark.hard = True
        elif word in THEMES:
            mark.themes.append(word)
        elif not _NAME.fullmatch(word):
            faults.append(f"“{quote}”: unknown theme or attribute {word}")
        elif word[0] == "#":
            mark.name = word[1:]
        else:
            mark.answers = word[1:]


def _mark_faults(
    mark: _Mark, marks: Sequence[_Mark], names: Mapping[str, int], text: str
) -> Iterator[str]:
    words = mark.span.of(text)
    where = f"“{words[:12]}”"
    if not words.strip():
        yield "an empty point"
    if len(mark.themes) > _MOST_THEMES or len(set(mark.themes)) < len(mark.themes):
        yield f"{where}: at most {_MOST_THEMES} themes, none twice"
    if mark.kind == "neither" and mark.themes:
        yield f"{where}: what is neither has no theme"
    if not mark.answers:
        return
    if mark.kind != "improvement":
        yield f"{where}: only improvements answer"
    if mark.answers not in names:
        yield f"{where}: no point is named {mark.answers}"
    elif marks[names[mark.answers]].kind != "problem":
        yield f"{where}: {mark.answers} is no problem"
