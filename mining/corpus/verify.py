"""Whether results are still what they were, and whether they come out the same again."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mining.corpus.job import Selection
from mining.corpus.manifest import MANIFEST, digest, inputs_of
from mining.corpus.run import run_audit
from mining.errors import ReadError
from mining.history.mapping import AgencyMap, load_agencies
from mining.settings import Settings

__all__ = ["Manifest", "Rerun", "Verdict", "load_manifests", "rerun_audit", "verify"]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest tells, of an audit or of a study.

    Parameters
    ----------
    path
        The manifest.
    task
        ``audit``, or the name of the study.
    outputs
        SHA-256 of each file of the results, by name.
    inputs
        SHA-256 of what was read, by path; ``None`` for what could not be read.
    told
        All of it.
    """

    path: Path
    task: str
    outputs: Mapping[str, str]
    inputs: Mapping[str, str | None]
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What differs between results and their manifest.

    Parameters
    ----------
    task, n_files
        What was verified, and how many files it has.
    missing, changed
        Files of the results.
    inputs_missing, inputs_changed
        What the results were made from; told when asked to compute again.
    recomputed
        Files that come out differently now, or ``None`` when nothing was computed again.
    """

    task: str
    n_files: int
    missing: tuple[str, ...]
    changed: tuple[str, ...]
    inputs_missing: tuple[str, ...] = ()
    inputs_changed: tuple[str, ...] = ()
    recomputed: tuple[str, ...] | None = None

    @property
    def is_same(self) -> bool:
        """Whether nothing differs."""
        return not (self.missing or self.changed or self.inputs_changed or self.recomputed)


Rerun = Callable[[Manifest, Path], None]
"""Makes the results of a manifest again, in a folder that does not exist yet."""


def load_manifests(folder: Path) -> list[Manifest]:
    """Return the manifests in a folder of results: of an audit, or of each study there.

    Raises
    ------
    ReadError
        E105 when there is none, or it is broken.
    """
    hint = "give a folder that `mining audit` or `mining study` wrote"
    if not folder.is_dir():
        msg = "there is no such folder"
        raise ReadError(msg, code="E105", path=folder, hint=hint)
    found: list[Manifest] = []
    for path in sorted(folder.glob("*.json")):
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            if path.name == MANIFEST:
                found.append(_of_audit(path, told))
            elif isinstance(told, dict) and told.get("study") == path.stem:
                found.append(_of_study(path, told))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            if path.name == MANIFEST:
                msg = f"the manifest is broken ({error})"
                raise ReadError(msg, code="E105", path=path, hint=hint) from error
    if not found:
        msg = "the folder has no manifest"
        raise ReadError(msg, code="E105", path=folder, hint=hint)
    return found


def _of_audit(path: Path, told: Mapping[str, Any]) -> Manifest:
    outputs = {name: facts["sha256"] for name, facts in told["outputs"].items()}
    inputs = {file["path"]: file["sha256"] for file in (*told["inputs"], *told["form_files"])}
    return Manifest(path, "audit", outputs, inputs, told)


def _of_study(path: Path, told: Mapping[str, Any]) -> Manifest:
    settings = told["settings"]
    inputs = dict(settings.get("files", {}))
    if "run" in settings:
        run = Path(settings["run"])
        inputs |= {str(run / f"{name}.parquet"): sha for name, sha in told["tables"].items()}
    return Manifest(path, told["study"], dict(told["files"]), inputs, told)


def verify(manifest: Manifest, rerun: Rerun | None = None) -> Verdict:
    """Compare results with their manifest; with `rerun` make them again and compare bytes.

    Parameters
    ----------
    manifest
        From `load_manifests`.
    rerun
        Makes the results again. It is not called when inputs are missing or have changed.
    """
    folder = manifest.path.parent
    found = {name: digest(folder / name) for name in manifest.outputs}
    missing = tuple(name for name in found if not (folder / name).exists())
    changed = _differing(found, manifest.outputs, but=missing)
    verdict = Verdict(manifest.task, len(found), missing, changed)
    if rerun is None:
        return verdict
    read = {path: digest(Path(path)) for path in manifest.inputs}
    gone = tuple(path for path, told in manifest.inputs.items() if told and read[path] is None)
    other = _differing(read, manifest.inputs, but=gone)
    recomputed = None if gone or other else _recompute(manifest, rerun)
    return Verdict(manifest.task, len(found), missing, changed, gone, other, recomputed)


def _differing(
    found: Mapping[str, str | None], told: Mapping[str, str | None], *, but: Sequence[str] = ()
) -> tuple[str, ...]:
    return tuple(name for name, sha in found.items() if sha != told[name] and name not in but)


def _recompute(manifest: Manifest, rerun: Rerun) -> tuple[str, ...]:
    with tempfile.TemporaryDirectory() as place:
        again = Path(place) / "again"
        rerun(manifest, again)
        found = {name: digest(again / name) for name in manifest.outputs}
    return _differing(found, manifest.outputs)


def rerun_audit(manifest: Manifest, out: Path) -> None:
    """Audit the inputs of a manifest again, with its settings."""
    told = manifest.told
    run_audit(
        inputs_of(told),
        out,
        formats=told["formats"],
        lang=told["lang"],
        settings=Settings(**told["settings"]),
        selection=Selection(
            select=tuple(told["select"]),
            ignore=tuple(told["ignore"]),
            forms=tuple(Path(file["path"]) for file in told["form_files"]),
        ),
        agencies=_agencies(told["agencies"]),
    )


def _agencies(rows: Sequence[Sequence[Any]] | None) -> AgencyMap | None:
    """Return the user's agencies, read as the file they came from."""
    if rows is None:
        return None
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "agencies.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("agency", "same_as", "from", "to"))
            for name, same_as, first, last in rows:
                # The widest limits stand for none, and none is what the file said.
                limits = (first or "", "" if last == 9999 else last)
                writer.writerow((name, same_as, *limits))
        return load_agencies(path)
