"""Gold passages from TOML: pieces of narrative with every figure marked by hand.

A file holds ``[[passages]]`` with ``id``, ``form``, ``year``, ``agency``, ``section`` and ``text``;
the marks in the text follow `mining.generate.marks`.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from mining.catalog import shipped_forms
from mining.form import Form
from mining.generate.marks import MarkError, PlacedMark, parse_marks
from mining.generate.truth import TruthError

__all__ = ["Group", "Passage", "PassageFault", "load_passages", "read_passages"]

_KEYS = {"id": str, "form": str, "year": int, "agency": str, "section": str, "text": str}
# Headings that a form does not list, but that sections may have by NAMES.
_SECTIONS = frozenset({"preface", "unknown"})
Place = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A breakdown by places: the total (``None`` when untold), its parts, open or complete."""

    total: Place | None
    parts: tuple[Place, ...]
    is_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One annotated passage; all places are in `text`, which is printed as it stands.

    `form` is the form whose addresses the marks use: reports for 2008 to 2013 print no table, and
    their gold names cells of the table that came after.
    """

    id: str
    form: Form
    year: int
    agency: str
    section: str
    text: str
    marks: tuple[PlacedMark, ...]
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class PassageFault:
    """What is wrong with one passage of a gold file."""

    file: str
    id: str
    message: str

    def __str__(self) -> str:
        """Return ``file: id: message``."""
        return f"{self.file}: {self.id}: {self.message}"


def load_passages(folder: Path) -> tuple[Passage, ...]:
    """Return the passages of all TOML files in `folder`, by file name.

    Raises
    ------
    TruthError
        When a passage is unsound; the message tells every fault.
    """
    passages, faults = read_passages(sorted(folder.glob("*.toml")))
    if faults:
        hint = "see corpora/gold/README.md"
        raise TruthError("; ".join(map(str, faults)), code="E701", path=folder, hint=hint)
    return passages


def read_passages(paths: Sequence[Path]) -> tuple[tuple[Passage, ...], tuple[PassageFault, ...]]:
    """Return the sound passages of gold files, and every fault of the others."""
    passages: list[Passage] = []
    faults: list[PassageFault] = []
    for path in paths:
        try:
            entries = tomllib.loads(path.read_text(encoding="utf-8")).get("passages", [])
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            faults.append(PassageFault(path.name, "-", str(error)))
            continue
        for number, entry in enumerate(entries, start=1):
            name = str(entry.get("id", f"passage {number}"))
            told = list(_faults_of(entry))
            faults += [PassageFault(path.name, name, message) for message in told]
            if not told:
                passages.append(_passage(entry))
    doubles = [name for name, n in Counter(p.id for p in passages).items() if n > 1]
    faults += [PassageFault("-", name, "two passages have this id") for name in doubles]
    return tuple(passages), tuple(faults)


@cache
def _form(name: str) -> Form | None:
    """Return the form whose addresses gold of the form `name` uses, or ``None``."""
    forms = shipped_forms()
    there = next((f for f in forms if f.id == name), None)
    if there is None or there.tables:
        return there
    return next(f for f in forms if f.tables and f.template > there.template)


def _faults_of(entry: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with one entry."""
    wrong = [k for k, kind in _KEYS.items() if type(entry.get(k)) is not kind]
    unknown = sorted(set(entry) - set(_KEYS))
    if wrong or unknown:
        yield from (f"{key} is missing or of the wrong kind" for key in wrong)
        yield from (f"unknown key {key}" for key in unknown)
        return
    form = _form(entry["form"])
    if form is None:
        yield f"unknown form {entry['form']!r}"
        return
    if entry["section"] not in _SECTIONS | {s.key for s in form.sections}:
        yield f"unknown section {entry['section']!r}"
    try:
        _, marks = parse_marks(entry["text"])
    except MarkError as error:
        yield str(error)
        return
    yield from _wrong_addresses(marks, form)
    yield from _wrong_groups(marks)


def _wrong_addresses(marks: Sequence[PlacedMark], form: Form) -> Iterator[str]:
    known = {*form.labels, *form.derived_by_address}
    for placed in marks:
        for address in placed.mark.cells:
            if address not in known:
                yield f"{form.id} has no cell {address} (mark {placed.mark.text!r})"


def _wrong_groups(marks: Sequence[PlacedMark]) -> Iterator[str]:
    told = [word for placed in marks for word in placed.mark.groups]
    for letter in sorted({_letter(word) for word in told}):
        totals = sum(word.startswith("^") and _letter(word) == letter for word in told)
        parts = told.count(letter)
        if totals > 1:
            yield f"group {letter} has {totals} totals"
        if not parts or (parts == 1 and not totals):
            yield f"group {letter} has too few figures"


def _letter(word: str) -> str:
    return word.strip("^~")


def _passage(entry: dict[str, Any]) -> Passage:
    text, marks = parse_marks(entry["text"])
    form = _form(entry["form"])
    if form is None:
        raise KeyError(entry["form"])
    letters = {_letter(word): None for placed in marks for word in placed.mark.groups}
    return Passage(
        id=entry["id"],
        form=form,
        year=entry["year"],
        agency=entry["agency"],
        section=entry["section"],
        text=text,
        marks=marks,
        groups=tuple(_group(letter, marks) for letter in letters),
    )


def _group(letter: str, marks: Sequence[PlacedMark]) -> Group:
    total: Place | None = None
    parts: list[Place] = []
    is_open = False
    for placed in marks:
        for word in placed.mark.groups:
            if word == letter:
                parts.append((placed.start, placed.end))
            elif _letter(word) == letter:
                total = (placed.start, placed.end)
                is_open = word.endswith("~")
    return Group(total=total, parts=tuple(parts), is_open=is_open)
