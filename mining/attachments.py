"""Pages that show only a link to the report: which file is meant, and whether it lies beside."""

from __future__ import annotations

import stat
from collections.abc import Collection, Iterable
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from mining.report import LogEntry, Report

__all__ = ["attachment_entries", "attachment_name", "find_beside"]

_ONLY = "attachment-only"
_SUFFIXES = frozenset({".doc", ".docx", ".docm", ".wps", ".rtf", ".pdf", ".txt"})
_MAX_ENTRIES = 20
_MAX_NAME = 200


def attachment_name(text: str) -> str:
    """Return the file name that a link's address or words end in, or an empty text.

    Examples
    --------
    >>> attachment_name("../../files/P0202301.docx?download=1")
    'P0202301.docx'
    >>> attachment_name("../")
    ''
    """
    try:
        path = urlsplit(text.strip()).path
    except ValueError:
        return ""
    name = PurePosixPath(unquote(path).replace("\\", "/")).name
    known = PurePosixPath(name).suffix.lower() in _SUFFIXES
    return name if known and name.isprintable() and len(name) <= _MAX_NAME else ""


def attachment_entries(names: Iterable[str], *, only: bool) -> tuple[LogEntry, ...]:
    """Return a log entry for each linked file; its message is the file's name.

    Parameters
    ----------
    names
        File names, from `attachment_name`.
    only
        The page has no report of its own.
    """
    code = _ONLY if only else "attachment"
    unique = list(dict.fromkeys(name for name in names if name))[:_MAX_ENTRIES]
    return tuple(LogEntry(stage="read", code=code, message=name) for name in unique)


def find_beside(report: Report, *, path: Path, suffixes: Collection[str]) -> Path | None:
    """Return the first file that a page without a report links to and that lies in its folder.

    Never leaves the folder: names with separators are cut by `attachment_name`, and a link of the
    file system that leads elsewhere is not followed.

    Parameters
    ----------
    report
        As the reader of pages returned it.
    path
        The page.
    suffixes
        Lower-case suffixes that can be read.
    """
    names = [entry.message for entry in report.log if entry.code == _ONLY]
    for name in names:
        candidate = path.parent / name
        if candidate.suffix.lower() in suffixes and _is_file_of(candidate, path.parent):
            return candidate
    return None


def _is_file_of(candidate: Path, folder: Path) -> bool:
    try:
        inside = candidate.resolve().parent == folder.resolve()
        return inside and stat.S_ISREG(candidate.lstat().st_mode)
    except (OSError, ValueError, RuntimeError):
        return False
