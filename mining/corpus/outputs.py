"""The folder of results: complete or not there, and never mixed with other people's files."""

from __future__ import annotations

import shutil
from pathlib import Path

from mining.errors import OutputError

__all__ = ["MARKER", "check_target", "move_result", "work_path"]

MARKER = "run.json"
"""Written last and removed first, so that a folder that holds it holds a whole result."""


def work_path(out: Path) -> Path:
    """Return where a run for the results in `out` works, on the same file system."""
    # Absolute, because processes on other machines are started elsewhere.
    absolute = out.absolute()
    return absolute.parent / f".{absolute.name}.work"


def check_target(out: Path, own: frozenset[str], *, force: bool, is_begun: bool = False) -> None:
    """Refuse a folder of results that holds foreign files.

    Parameters
    ----------
    out
        The folder, which need not be there.
    own
        Names that a result may have; all others are foreign.
    force
        Accept foreign files too; they stay as they are.
    is_begun
        Whether files of a result were moved there already, by a process that died meanwhile.

    Raises
    ------
    OutputError
        E501 when `out` is a file or holds foreign files.
    """
    if not out.exists():
        return
    if not out.is_dir():
        msg = "there is a file of this name"
        raise OutputError(msg, code="E501", path=out, hint="choose another folder with --out")
    names = sorted(path.name for path in out.iterdir())
    foreign = [n for n in names if n not in own]
    if MARKER not in names and not is_begun:
        # Without the marker, even a familiar name is somebody's own file.
        foreign = names
    if foreign and not force:
        shown = ", ".join(foreign[:3]) + (" …" if len(foreign) > 3 else "")
        msg = f"the folder holds files that are no result of an audit: {shown}"
        hint = "choose another folder with --out, or keep them there with --force"
        raise OutputError(msg, code="E501", path=out, hint=hint)


def move_result(result: Path, out: Path, own: frozenset[str]) -> None:
    """Move a whole result to `out`, at once where nothing stands there yet."""
    if not out.exists():
        result.rename(out)
        return
    (out / MARKER).unlink(missing_ok=True)
    names = sorted((path.name for path in result.iterdir()), key=lambda name: name == MARKER)
    for stale in own:
        _remove(out / stale)
    for name in names:
        (result / name).rename(out / name)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
