"""The folder of results: complete or not there, and never mixed with other people's files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mining.errors import OutputError

__all__ = ["MARKER", "output_folder"]

MARKER = "run.json"
"""Written last and removed first, so that a folder that holds it holds a whole result."""


@contextmanager
def output_folder(out: Path, *, own: frozenset[str], force: bool = False) -> Iterator[Path]:
    """Lend a temporary folder next to `out`, whose files move to `out` when all went well.

    Parameters
    ----------
    out
        The folder of results. An earlier result is replaced on success and only then.
    own
        File names that a result may have; all others are foreign.
    force
        Work in a folder with foreign files too; they stay as they are.

    Yields
    ------
    Path
        An empty folder on the same file system as `out`.

    Raises
    ------
    OutputError
        E501 when `out` is a file, holds foreign files, or can't be written; the disk is full.
    """
    _check_target(out, own, force=force)
    work = out.parent / f".{out.name}.part-{os.getpid()}"
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        yield work
        _publish(work, out, own)
    except OutputError as error:
        # A writer names its temporary file; people know the folder that they asked for.
        raise _unwritable(error.message, out) from error
    except OSError as error:
        raise _unwritable(error.strerror or str(error), out) from error
    finally:
        # Reached after success, an error and Ctrl-C alike: nothing half-written stays.
        shutil.rmtree(work, ignore_errors=True)


def _unwritable(message: str, out: Path) -> OutputError:
    hint = "free some space, or choose another folder with --out"
    return OutputError(message, code="E501", path=out, hint=hint)


def _check_target(out: Path, own: frozenset[str], *, force: bool) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        msg = "there is a file of this name"
        raise OutputError(msg, code="E501", path=out, hint="choose another folder with --out")
    names = sorted(path.name for path in out.iterdir())
    foreign = [n for n in names if n not in own]
    if MARKER not in names:
        # Without the marker, even a familiar name is somebody's own file.
        foreign = names
    if foreign and not force:
        shown = ", ".join(foreign[:3]) + (" …" if len(foreign) > 3 else "")
        msg = f"the folder holds files that are no result of an audit: {shown}"
        hint = "choose another folder with --out, or keep them there with --force"
        raise OutputError(msg, code="E501", path=out, hint=hint)


def _publish(work: Path, out: Path, own: frozenset[str]) -> None:
    if not out.exists():
        work.rename(out)
        return
    (out / MARKER).unlink(missing_ok=True)
    names = sorted((path.name for path in work.iterdir()), key=lambda name: name == MARKER)
    for stale in own.difference(names):
        (out / stale).unlink(missing_ok=True)
    for name in names:
        (work / name).replace(out / name)
