"""One report at a time, for scripts and notebooks."""

from __future__ import annotations

from pathlib import Path

from mining.corpus.job import Selection
from mining.corpus.loading import load_file
from mining.finding import Result
from mining.pipeline import audit_report, parse_report, read_report
from mining.report import Report
from mining.settings import Settings

__all__ = ["audit", "read"]


def audit(
    path: str | Path, *, settings: Settings | None = None, selection: Selection | None = None
) -> Result:
    """Read one report, check it, and return it with every finding.

    Parameters
    ----------
    path
        The file; its name becomes the report's id.
    settings, selection
        Limits; which forms and rules to use.

    Raises
    ------
    ReadError
        When the file can't be read; its code says why.
    """
    path, settings = Path(path), settings or Settings()
    return audit_report(
        load_file(path, settings=settings),
        report_id=path.name,
        path=path,
        settings=settings,
        forms=(selection or Selection()).load(),
    )


def read(path: str | Path, *, settings: Settings | None = None) -> Report:
    """Read one report and fill every layer, without checking it.

    Raises
    ------
    ReadError
        When the file can't be read; its code says why.
    """
    path, settings = Path(path), settings or Settings()
    data = load_file(path, settings=settings)
    raw = read_report(data, report_id=path.name, path=path, settings=settings)
    return parse_report(raw, settings=settings)[0]
