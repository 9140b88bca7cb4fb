"""The bytes of one input, within limits that are checked before anything is read."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path
from types import TracebackType
from typing import Self

from mining.corpus.archives import read_member
from mining.corpus.inputs import Input
from mining.errors import ReadError
from mining.settings import Settings
from mining.zipfaults import ZIP_FAULTS

__all__ = ["Loader", "load_file"]


def load_file(path: Path, *, settings: Settings) -> bytes:
    """Return the content of `path`.

    Raises
    ------
    ReadError
        E104 when the file is larger than ``settings.max_bytes`` (it is not read then), E105 when
        it can't be opened or is no regular file.
    """
    try:
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            msg = "not a regular file"
            raise ReadError(msg, code="E105", path=path, hint="give a file")
        if facts.st_size > settings.max_bytes:
            msg = f"{facts.st_size} bytes, more than the limit of {settings.max_bytes}"
            raise ReadError(msg, code="E104", path=path, hint="is this really a report?")
        return path.read_bytes()
    except OSError as error:
        hint = "check that the file exists and may be read"
        raise ReadError(error.strerror or str(error), code="E105", path=path, hint=hint) from error


class Loader:
    """Loads inputs one after the other and keeps the last archive open between them."""

    def __init__(self, *, settings: Settings) -> None:
        self._settings = settings
        self._archive: zipfile.ZipFile | None = None
        self._path: Path | None = None

    def __enter__(self) -> Self:
        """Return the loader itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the archive that is still open."""
        self._close()

    def load(self, item: Input) -> bytes:
        """Return the content of `item`.

        Raises
        ------
        ReadError
            E101 damaged archive, E104 over a limit, E105 no access.
        """
        if item.member is None:
            return load_file(item.path, settings=self._settings)
        return read_member(self._open(item.path), item.member, settings=self._settings)

    def _open(self, path: Path) -> zipfile.ZipFile:
        if self._archive is not None and self._path == path:
            return self._archive
        self._close()
        try:
            self._archive = zipfile.ZipFile(path)
        except ZIP_FAULTS as error:
            hint = "the archive changed since it was listed"
            raise ReadError(str(error), code="E105", path=path, hint=hint) from error
        self._path = path
        return self._archive

    def _close(self) -> None:
        if self._archive is not None:
            self._archive.close()
        self._archive = None
