"""The folder of a study: tables, charts and what they were made from, complete or not there."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from mining.corpus.manifest import digest
from mining.errors import OutputError
from mining.present.sinks import writing
from mining.study.charts.style import CHART_FORMATS, check_formats, save_chart
from mining.version import __version__

__all__ = ["StudyResults", "study_results"]

_HINT = "choose another folder with --out"


class StudyResults:
    """Takes the tables and charts of one study; files are named ``STUDY-NAME``.

    Parameters
    ----------
    folder
        Where the files go.
    study
        Name of the study.
    formats
        Formats of charts; none draws no charts.
    """

    def __init__(self, folder: Path, study: str, formats: Sequence[str]) -> None:
        self.study = study
        self.formats = check_formats(formats)
        self.files: list[str] = []
        self._folder = folder

    def add_table(self, name: str, table: pd.DataFrame) -> None:
        """Write a table as CSV that Excel opens as it is, and as Parquet."""
        stem = self._folder / f"{self.study}-{name}"
        paths = [stem.with_name(f"{stem.name}.{kind}") for kind in ("csv", "parquet")]
        with writing(stem):
            # With the byte order mark Excel reads Chinese right.
            table.to_csv(paths[0], index=False, encoding="utf-8-sig", lineterminator="\r\n")
            table.to_parquet(paths[1], index=False)
        self.files += [path.name for path in paths]

    def add_file(self, name: str) -> Path:
        """Return where to write one more file, named as given after the study's name."""
        path = self._folder / f"{self.study}-{name}"
        self.files.append(path.name)
        return path

    def add_chart(
        self, name: str, figure: Figure, table: pd.DataFrame, *, prefix: str = "chart-"
    ) -> None:
        """Write a chart in each format, and beside it the table that it draws."""
        stem = self._folder / f"{self.study}-{prefix}{name}"
        self.files += [path.name for path in save_chart(figure, table, stem, self.formats)]


@contextmanager
def study_results(
    out: Path,
    study: str,
    *,
    run: Path,
    tables: Sequence[str],
    settings: Mapping[str, object],
    formats: Sequence[str] = CHART_FORMATS,
) -> Iterator[StudyResults]:
    """Lend a study's results, whose files move to `out` when all went well.

    ``<study>.json`` then tells the version, the settings, the run's tables with their hashes, and
    the files. A later result of the same study replaces them; all other files stay.

    Parameters
    ----------
    out
        Folder of results; studies of other names may share it.
    study
        Name of the study, a file name.
    run
        Folder of the audit that the study is of.
    tables
        The run's tables that the study reads.
    settings
        What the result depends on besides the tables.
    formats
        Formats of charts.

    Raises
    ------
    OutputError
        E501 when `out` is a file or the run itself, has files of these names that are no result of
        the study, or can't be written.
    """
    work = out.parent / f".{out.name}.part-{os.getpid()}"
    results = StudyResults(work, study, formats)
    _check_target(out, run)
    with writing(out):
        try:
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir(parents=True)
            yield results
            manifest = _manifest(results, work, run, tables, settings)
            (work / f"{study}.json").write_text(manifest, encoding="utf-8", newline="\n")
            _publish(work, out, study, results.files)
        finally:
            # Reached after success, an error and Ctrl-C alike: nothing half-written stays.
            shutil.rmtree(work, ignore_errors=True)


def _check_target(out: Path, run: Path) -> None:
    if out.exists() and not out.is_dir():
        msg = "there is a file of this name"
        raise OutputError(msg, code="E501", path=out, hint=_HINT)
    if out.resolve() == run.resolve():
        # A later audit would refuse to write to a folder with files that are not its own.
        msg = "this is the folder of the run itself"
        raise OutputError(msg, code="E501", path=out, hint=_HINT)


def _manifest(
    results: StudyResults,
    folder: Path,
    run: Path,
    tables: Sequence[str],
    settings: Mapping[str, object],
) -> str:
    told = {
        "study": results.study,
        "version": __version__,
        "settings": dict(settings),
        "tables": {name: digest(run / f"{name}.parquet") for name in tables},
        "files": {name: digest(folder / name) for name in sorted(results.files)},
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _publish(work: Path, out: Path, study: str, files: Sequence[str]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    manifest = out / f"{study}.json"
    old = _earlier(manifest, study)
    if foreign := sorted(n for n in files if n not in old and (out / n).exists()):
        msg = f"the folder holds files that are no result of this study: {foreign[0]}"
        raise OutputError(msg, code="E501", path=out, hint=_HINT)
    for name in old:
        (out / name).unlink(missing_ok=True)
    for name in [*files, manifest.name]:
        (work / name).replace(out / name)


def _earlier(manifest: Path, study: str) -> frozenset[str]:
    """Return the files of an earlier result; a file of that name that is none is somebody's."""
    if not manifest.exists():
        return frozenset()
    try:
        told = json.loads(manifest.read_text(encoding="utf-8"))
        if told["study"] == study:
            # Path("..").name is "..", which is no file either.
            return frozenset(n for n in told["files"] if Path(n).name == n and Path(n).suffix)
    except (ValueError, TypeError, KeyError):
        pass
    msg = f"the folder holds a file that is no result of this study: {manifest.name}"
    raise OutputError(msg, code="E501", path=manifest.parent, hint=_HINT)
