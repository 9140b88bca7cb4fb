"""TOML files to forms: inheritance, cross-checks, and every problem reported at once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mining.contracts import Rule
from mining.errors import FormError, FormProblem
from mining.form import Form
from mining.formload.build import FormBuilder

__all__ = ["FORMS_DIR", "load_form", "load_forms"]

FORMS_DIR = Path(__file__).parents[1] / "forms"
_MAX_BYTES = 1_000_000
_MAX_DEPTH = 8
_LISTS = (
    "sections",
    "tables",
    "topics",
    "subjects",
    "phrases",
    "nones",
    "derived",
    "checks",
    "examples",
)


def load_form(path: Path, *, rules: Mapping[str, Rule]) -> Form:
    """Load one form file, its ancestors merged in.

    Parameters
    ----------
    path
        A TOML file; what it ``extends`` is looked up beside it, then among the shipped forms.
    rules
        Known rules by id; their keyword parameters are the schema of ``[[checks]]``.

    Raises
    ------
    FormError
        With every problem of the file in ``problems``.
    """
    merged = _merged(path, depth=0)
    builder = FormBuilder(merged, rules)
    form = builder.build()
    if builder.problems or form is None:
        raise FormError(tuple(builder.problems), path=path)
    return form


def load_forms(folder: Path = FORMS_DIR, *, rules: Mapping[str, Rule]) -> tuple[Form, ...]:
    """Load every form of a folder, in the order of file names.

    Raises
    ------
    FormError
        For the first file that is unsound.
    """
    return tuple(load_form(path, rules=rules) for path in sorted(folder.glob("*.toml")))


def _merged(path: Path, *, depth: int) -> dict[str, Any]:
    data = _parse(path)
    parent = data.pop("extends", None)
    if parent is None:
        return data
    if depth >= _MAX_DEPTH:
        raise _error(path, "extends", "the chain of forms is too long or goes in a circle")
    for folder in (path.parent, FORMS_DIR):
        candidate = folder / f"{parent}.toml"
        if isinstance(parent, str) and "/" not in parent and candidate.is_file():
            return _merge(_merged(candidate, depth=depth + 1), data)
    raise _error(path, "extends", f"no form {parent!r} beside this file or among the shipped ones")


def _parse(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise _error(path, "file", f"larger than {_MAX_BYTES} bytes")
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _error(path, "file", str(error)) from error


def _error(path: Path, location: str, message: str) -> FormError:
    return FormError((FormProblem(location, message),), path=path)


def _merge(parent: dict[str, Any], child: dict[str, Any]) -> dict[str, Any]:
    """Merge lists of entries by `key`; a child's entry keeps the parent fields it does not give."""
    out = {**parent, **child}
    for name in _LISTS:
        if not isinstance(parent.get(name), list) or not isinstance(child.get(name, []), list):
            continue
        entries = {_key(e, i): e for i, e in enumerate(parent[name])}
        for i, entry in enumerate(child.get(name, [])):
            key = _key(entry, len(entries) + i)
            entries[key] = {**entries.get(key, {}), **entry} if isinstance(entry, dict) else entry
        out[name] = [e for e in entries.values() if not (isinstance(e, dict) and e.get("drop"))]
    slots = child.get("slots", {})
    # A value of another type is kept as it is, for the builder to complain about.
    out["slots"] = {**parent.get("slots", {}), **slots} if isinstance(slots, dict) else slots
    return out


def _key(entry: object, position: int) -> str:
    if isinstance(entry, dict):
        return str(entry.get("key") or entry.get("rule") or position)
    return str(position)
