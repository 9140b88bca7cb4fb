"""The bytes of one input, within limits that are checked before anything is read."""

from __future__ import annotations

import stat
import zipfile
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self

from mining.corpus.archives import read_member
from mining.corpus.inputs import Input
from mining.corpus.packrows import PackContents, find_packed
from mining.corpus.packs import is_pack
from mining.corpus.webarchives import WebArchive, is_web_archive
from mining.errors import ReadError
from mining.settings import Settings
from mining.zipfaults import ZIP_FAULTS

__all__ = ["Loader", "load_file"]


def load_file(path: Path, *, settings: Settings) -> bytes:
    """Return the content of `path`, which may lead into a packed corpus.

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
        packed = find_packed(path)
        if packed is not None:
            with closing(PackContents(packed[0])) as contents:
                return contents.read(packed[1], settings=settings)
        hint = "check that the file exists and may be read"
        raise ReadError(error.strerror or str(error), code="E105", path=path, hint=hint) from error


class Loader:
    """Loads inputs one after the other and keeps the last archive open between them."""

    def __init__(self, *, settings: Settings) -> None:
        self._settings = settings
        self._archive: zipfile.ZipFile | PackContents | WebArchive | None = None
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
        archive = self._open(item.path)
        if not isinstance(archive, zipfile.ZipFile):
            return archive.read(item.member, settings=self._settings)
        return read_member(archive, item.member, settings=self._settings)

    def _open(self, path: Path) -> zipfile.ZipFile | PackContents | WebArchive:
        if self._archive is not None and self._path == path:
            return self._archive
        self._close()
        if is_pack(path):
            self._archive = PackContents(path)
        elif is_web_archive(path):
            self._archive = WebArchive(path)
        else:
            self._archive = _open_zip(path)
        self._path = path
        return self._archive

    def _close(self) -> None:
        if self._archive is not None:
            self._archive.close()
        self._archive = None


def _open_zip(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except ZIP_FAULTS as error:
        hint = "the archive changed since it was listed"
        raise ReadError(str(error), code="E105", path=path, hint=hint) from error
