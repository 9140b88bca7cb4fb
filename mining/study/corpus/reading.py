"""Reports of any format read to texts, sections and points, in the tables of a run.

Studies of raw reports thus read each of them once, and then work as on an audit's output.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import pyarrow.dataset as ds

from mining.catalog import shipped_forms
from mining.corpus.chunks import map_chunks, map_items
from mining.corpus.inputs import Input
from mining.corpus.job import attempt, lost_failure
from mining.corpus.loading import Loader
from mining.detect import select_form
from mining.finding import Failure, Result
from mining.pipeline import read_report
from mining.present.rows import failed_row, result_rows
from mining.present.sinks import Row
from mining.present.tables import TableWriter
from mining.readers.text import read_text
from mining.report import Report
from mining.settings import Settings
from mining.steps.metadata import read_metadata
from mining.steps.normalize import normalize
from mining.steps.points import cut_points
from mining.steps.sections import split_sections
from mining.steps.tables import extract_tables

__all__ = ["Scratch", "read_inputs", "read_texts"]

_KEPT = ("reports", "texts", "sections", "points")
_CHUNK = 32

TextItem = tuple[str, str]
Rows = dict[str, list[Row]]


class Scratch:
    """A temporary folder that goes when nothing refers to it any more."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="mining-corpus-"))
        self._end = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


def read_inputs(
    items: Sequence[Input], folder: Path, *, settings: Settings, points: bool, workers: int
) -> tuple[Failure, ...]:
    """Read inputs into tables of `folder`; return those that failed.

    Parameters
    ----------
    items
        The reports; they are read in the order of their names, whatever order they come in.
    folder
        Where the tables go.
    settings
        Limits.
    points
        Whether to cut problems into points, which takes ten times as long as the rest.
    workers
        Number of processes.
    """
    ordered = sorted(items, key=lambda item: item.report_id)
    job = _FileJob(settings, points)
    done = map_items(job, ordered, workers=workers, lost=job.lost)
    return _write(done, folder)


def read_texts(
    path: Path, folder: Path, *, settings: Settings, points: bool, workers: int
) -> tuple[Failure, ...]:
    """Read the columns ``report`` and ``text`` of a Parquet file or folder, as `read_inputs`."""
    job = _TextJob(settings, points)
    texts = _texts(path)
    chunks = iter(lambda: list(islice(texts, _CHUNK)), [])
    return _write(map_chunks(job, chunks, workers=workers, lost=job.lost), folder)


def _texts(path: Path) -> Iterator[TextItem]:
    dataset = ds.dataset(path, format="parquet")
    batches = dataset.to_batches(
        columns=["report", "text"], batch_size=256, batch_readahead=2, fragment_readahead=1
    )
    for batch in batches:
        for report, text in zip(batch["report"], batch["text"], strict=True):
            yield str(report.as_py()), text.as_py() or ""


def _write(done: Iterable[Rows | Failure], folder: Path) -> tuple[Failure, ...]:
    failures: list[Failure] = []
    with TableWriter(folder) as tables:
        for rows in done:
            if isinstance(rows, Failure):
                failures.append(rows)
                tables.write({"reports": [failed_row(rows)]})
            else:
                tables.write(rows)
    return tuple(failures)


@dataclass(frozen=True, slots=True)
class _FileJob:
    """Reads files, in this or another process."""

    settings: Settings
    points: bool

    def __call__(self, items: Sequence[Input]) -> list[Rows | Failure]:
        with Loader(settings=self.settings) as loader:
            return [self._one(item, loader) for item in items]

    def _one(self, item: Input, loader: Loader) -> Rows | Failure:
        def work() -> Rows:
            report = read_report(
                loader.load(item),
                report_id=item.report_id,
                path=item.source,
                settings=self.settings,
            )
            return _rows(report, self.settings, points=self.points)

        return attempt(work, report=item.report_id, source=item.source)

    @staticmethod
    def lost(item: Input) -> Rows | Failure:
        """Return the failure of an input that killed its process."""
        return lost_failure(item.report_id, item.source)


@dataclass(frozen=True, slots=True)
class _TextJob:
    """Reads texts, in this or another process."""

    settings: Settings
    points: bool

    def __call__(self, items: Sequence[TextItem]) -> list[Rows | Failure]:
        return [self._one(report, text) for report, text in items]

    def _one(self, name: str, text: str) -> Rows | Failure:
        def work() -> Rows:
            data, path = text.encode(errors="replace"), Path(name)
            report = read_text(data, report_id=name, path=path, settings=self.settings)
            return _rows(report, self.settings, points=self.points)

        return attempt(work, report=name, source=Path(name))

    @staticmethod
    def lost(item: TextItem) -> Rows | Failure:
        """Return the failure of a text that killed its process."""
        return lost_failure(item[0], Path(item[0]))


def _rows(report: Report, settings: Settings, *, points: bool) -> Rows:
    """Take the steps that texts need, and no others: an audit takes ten times as long."""
    forms = shipped_forms()
    report = normalize(report, forms[0], settings)
    report = read_metadata(report, forms[0], settings)
    form, _ = select_form(report, forms)
    report = replace(report, form=form.id, template=form.template)
    report = split_sections(report, form, settings)
    if points:
        report = cut_points(extract_tables(report, form, settings), form, settings)
    rows = result_rows(Result(report=report, findings=()), labels={})
    return {name: rows[name] for name in _KEPT}
