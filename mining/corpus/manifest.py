"""The manifest of a run: what went in, with which settings and versions, and what came out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from mining.corpus.inputs import Input, Inputs
from mining.finding import Failure
from mining.history.mapping import AgencyMap

__all__ = ["MANIFEST", "digest", "inputs_of", "write_manifest"]

MANIFEST = "manifest.json"

_BLOCK = 1 << 20

Told = dict[str, object]


def digest(path: Path) -> str | None:
    """Return the SHA-256 of a file, or of the files of a folder in the order of their names.

    ``None`` stands for what is no file (a pipe would never end) or can't be read.
    """
    found = hashlib.sha256()
    parts = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    try:
        for part in parts:
            if not part.is_file():
                return None
            with part.open("rb") as file:
                while block := file.read(_BLOCK):
                    found.update(block)
    except OSError:
        return None
    return found.hexdigest()


def write_manifest(
    folder: Path,
    facts: Mapping[str, object],
    inputs: Inputs,
    *,
    forms: tuple[Path, ...] = (),
    agencies: AgencyMap | None = None,
) -> None:
    """Write ``manifest.json`` beside the results of an audit.

    The number of workers and the time are left out: they change no byte of the results.

    Parameters
    ----------
    folder
        Holds every other file of the results already.
    facts
        Versions and settings, as in ``run.json``.
    inputs
        What was read.
    forms, agencies
        The user's form files, and which agencies are the same.
    """
    outputs = {p.name: _file_facts(p) for p in sorted(folder.iterdir())}
    told: Told = {
        "task": "audit",
        **facts,
        "seeds": {},
        "form_files": [{"path": str(p), **_file_facts(p)} for p in forms],
        "agencies": _agency_rows(agencies),
        "inputs": _Listed(lambda: _input_facts(inputs)),
        "failures": _Listed(lambda: map(_failure_facts, inputs.failures)),
        "outputs": outputs,
    }
    try:
        _write_json(folder / MANIFEST, told, ensure_ascii=False)
    except UnicodeEncodeError:  # a file name that is no UTF-8; escapes keep it exactly
        _write_json(folder / MANIFEST, told, ensure_ascii=True)


@dataclass(frozen=True, slots=True)
class _Listed:
    """A list in a manifest that is too long to be held in memory."""

    make: Callable[[], Iterable[object]]


def _write_json(path: Path, told: Told, *, ensure_ascii: bool) -> None:
    """Write an object as `json.dumps` would with ``indent=1``, its lists piece by piece."""

    def encoded(value: object, depth: int) -> str:
        text = json.dumps(value, ensure_ascii=ensure_ascii, indent=1)
        # Strings in JSON hold no line ends, so that each one begins a line of the layout.
        return text.replace("\n", "\n" + " " * depth)

    with path.open("w", encoding="utf-8", newline="\n") as file:
        lead = "{"
        for key, value in told.items():
            file.write(f"{lead}\n {encoded(key, 0)}: ")
            lead = ","
            if isinstance(value, _Listed):
                end, between = "[]", "[\n  "
                for item in value.make():
                    file.write(between + encoded(item, 2))
                    end, between = "\n ]", ",\n  "
                file.write(end)
            else:
                file.write(encoded(value, 1))
        file.write("\n}\n")


def _file_facts(path: Path) -> Told:
    sha256 = digest(path)
    return {"size": path.stat().st_size if path.is_file() else None, "sha256": sha256}


def _input_facts(inputs: Inputs) -> Iterator[Told]:
    """Yield each file once, with the reports in it."""
    for path, items in groupby(inputs.items, key=lambda item: item.path):
        reports = [{"report": i.report_id, "member": i.member, "name": i.name} for i in items]
        yield {"path": str(path), **_file_facts(path), "reports": reports}


def _failure_facts(failure: Failure) -> Told:
    names = ("report", "source", "code", "message")
    return {name: getattr(failure, name) for name in names}


def _agency_rows(agencies: AgencyMap | None) -> list[list[object]] | None:
    if agencies is None:
        return None
    entries = sorted(agencies.entries.items())
    return [[name, e.same_as, e.first, e.last] for name, known in entries for e in known]


def inputs_of(manifest: Mapping[str, object]) -> Inputs:
    """Return the inputs that a manifest of an audit names."""
    given, failures, skipped = (manifest[key] for key in ("inputs", "failures", "skipped"))
    if not (isinstance(given, list) and isinstance(failures, list) and isinstance(skipped, dict)):
        msg = "no manifest of an audit"
        raise TypeError(msg)
    items = tuple(
        Input(
            report_id=report["report"],
            path=Path(file["path"]),
            member=report["member"],
            name=report["name"],
        )
        for file in given
        for report in file["reports"]
    )
    return Inputs(items=items, failures=tuple(Failure(**f) for f in failures), skipped=skipped)
