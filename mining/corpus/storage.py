"""Places of packed corpora: paths of this machine, and addresses that fsspec knows."""

from __future__ import annotations

import os
import re
from pathlib import Path

from pyarrow import fs

from mining.errors import MissingExtraError, ReadError

__all__ = ["is_remote", "join", "list_files", "locate", "stamp"]

# Two letters at least: one letter is a drive of Windows. A `Path` keeps one slash only, so that
# an address that went through one is known again.
_ADDRESS = re.compile(r"([a-z][a-z0-9+]+):/+(?=[^/])")


def is_remote(place: str | Path) -> bool:
    """Tell whether `place` is an address such as ``s3://bucket/corpus.parquet``.

    Examples
    --------
    >>> is_remote(Path("memory://a/b.parquet")), is_remote("年报/b.parquet")
    (True, False)
    """
    return _ADDRESS.match(str(place)) is not None and not os.path.lexists(place)


def locate(place: str | Path) -> tuple[fs.FileSystem, str]:
    """Return the file system of a place, and its path there.

    Raises
    ------
    ReadError
        E105 when no file system has such addresses.
    MissingExtraError
        E601 when the package for them is not installed.
    """
    if not is_remote(place):
        return fs.LocalFileSystem(), str(Path(place).absolute())
    address = _ADDRESS.sub(r"\1://", str(place), count=1)
    try:
        from fsspec.core import url_to_fs  # noqa: PLC0415 - an extra that few need

        system, path = url_to_fs(address)
    except ImportError as error:
        hint = "pip install 'mining[scale]', and s3fs for s3, gcsfs for gs"
        raise MissingExtraError(str(error), code="E601", path=address, hint=hint) from error
    except ValueError as error:
        hint = "give a path or an address that fsspec knows"
        raise ReadError(str(error), code="E105", path=address, hint=hint) from error
    return fs.PyFileSystem(fs.FSSpecHandler(system)), path


def join(place: str | Path, name: str) -> str:
    """Return the place of `name` in the folder `place`."""
    return f"{str(place).rstrip('/')}/{name}"


def list_files(place: str | Path) -> list[str] | None:
    """Return the names of the files in a folder, sorted; ``None`` when it is no folder.

    Files in folders below have names with slashes.
    """
    system, path = locate(place)
    if system.get_file_info(path).type != fs.FileType.Directory:
        return None
    found = system.get_file_info(fs.FileSelector(path, recursive=True))
    start = len(path.rstrip("/")) + 1
    # Some file systems begin their paths with a slash, whether asked with one or not.
    slash = bool(found) and found[0].path.startswith("/") and not path.startswith("/")
    return sorted(f.path[start + slash :] for f in found if f.type == fs.FileType.File)


def stamp(place: Path) -> tuple[int, int] | None:
    """Return size and time of change of a file, by which it is known again."""
    if is_remote(place):
        system, path = locate(place)
        info = system.get_file_info(path)
        known = info.type == fs.FileType.File
        return (info.size, info.mtime_ns or 0) if known else None
    try:
        found = place.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns
