"""Reports inside zip archives, read with bounds and never unpacked to disk."""

from __future__ import annotations

import os
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import BinaryIO

from mining.errors import ReadError
from mining.settings import Settings
from mining.zipfaults import ZIP_FAULTS

__all__ = [
    "HARMLESS_BYTES",
    "MAX_RATIO",
    "Member",
    "check_name",
    "list_members",
    "read_member",
    "too_large",
]

MAX_MEMBERS = 200_000
# Plain Chinese text packs to about a third; tables of zeros to a thirtieth. Bombs reach 1000.
MAX_RATIO = 200
# In bytes; each entry costs memory ten times its size there before it can be counted.
_MAX_DIRECTORY = 20_000_000
_END_RECORD = b"PK\5\6"
# The record has 22 bytes, and a comment of up to 65 535 may follow.
_END_RECORD_REACH = 22 + 65_535
# Below this size no ratio does harm.
HARMLESS_BYTES = 1_000_000
# A flag of the zip format: the name is UTF-8; without it, whatever the writer's system used.
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file in an archive: its position, decoded name, and why it must not be read, if so."""

    index: int
    name: str
    refusal: ReadError | None = None


def list_members(path: Path, *, settings: Settings) -> tuple[Member, ...]:
    """Return the files of the archive `path`, sorted by name.

    Raises
    ------
    ReadError
        E101 when the archive is damaged, E104 when it holds more than `MAX_MEMBERS` entries.
    OSError
        When the archive can't be opened.
    """
    with path.open("rb") as file:
        if _directory_size(file) > _MAX_DIRECTORY:
            raise _too_many(path)
        try:
            with zipfile.ZipFile(file) as archive:
                entries = archive.infolist()
        except ZIP_FAULTS as error:
            msg = f"damaged archive: {error}"
            raise ReadError(msg, code="E101", path=path, hint="pack it again") from error
    if len(entries) > MAX_MEMBERS:
        raise _too_many(path)
    members = [
        Member(index=i, name=_decoded_name(e), refusal=_refusal(e, settings))
        for i, e in enumerate(entries)
        if e.filename and not e.is_dir()
    ]
    return tuple(sorted(members, key=lambda m: (m.name, m.index)))


def read_member(archive: zipfile.ZipFile, index: int, *, settings: Settings) -> bytes:
    """Return the content of one member, at most ``settings.max_bytes`` long.

    Raises
    ------
    ReadError
        E104 over the limit, whatever the archive's directory claims; E101 when it is damaged.
    """
    entry = archive.infolist()[index]
    try:
        with archive.open(entry) as stream:
            data = stream.read(settings.max_bytes + 1)
    except ZIP_FAULTS as error:
        msg = f"damaged archive: {error}"
        raise ReadError(msg, code="E101", hint="pack the file again") from error
    if len(data) > settings.max_bytes:
        raise too_large(len(data), settings)
    return data


def _too_many(path: Path) -> ReadError:
    msg = f"the archive holds more than {MAX_MEMBERS} files"
    return ReadError(msg, code="E104", path=path, hint="split the archive")


def _directory_size(file: BinaryIO) -> int:
    """Return the size of the archive's directory as its end record tells it, 0 without one."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _END_RECORD_REACH))
    end = file.read()
    at = end.rfind(_END_RECORD)
    return int.from_bytes(end[at + 12 : at + 16], "little") if at >= 0 else 0


def _decoded_name(entry: zipfile.ZipInfo) -> str:
    if entry.flag_bits & _UTF8_NAME:
        return entry.filename
    # Python decodes other names as cp437, which keeps every byte, so they can be had back.
    raw = entry.filename.encode("cp437", errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _refusal(entry: zipfile.ZipInfo, settings: Settings) -> ReadError | None:
    outside = check_name(_decoded_name(entry))
    if outside is not None:
        return outside
    if entry.flag_bits & _ENCRYPTED:
        return ReadError("it is encrypted", code="E105", hint="unpack the archive first")
    if entry.file_size > settings.max_bytes:
        return too_large(entry.file_size, settings)
    if entry.file_size > max(HARMLESS_BYTES, MAX_RATIO * entry.compress_size):
        msg = f"it unpacks to more than {MAX_RATIO} times its size"
        return ReadError(msg, code="E104", hint="unpack it yourself if you trust it")
    return None


def check_name(name: str) -> ReadError | None:
    """Return why a report of this name must not be read: it would stand outside its archive."""
    if _is_inside(name):
        return None
    msg = "its name leads out of the archive"
    return ReadError(msg, code="E105", hint="pack the file again")


def too_large(size: int, settings: Settings) -> ReadError:
    """Return the error of a report of so many bytes."""
    msg = f"{size} bytes, more than the limit of {settings.max_bytes}"
    return ReadError(msg, code="E104", hint="raise max_bytes if this really is a report")


def _is_inside(name: str) -> bool:
    path, other = PurePosixPath(name), PureWindowsPath(name)
    outside = path.is_absolute() or bool(other.drive) or "\\" in name
    return not outside and ".." not in path.parts and "\x00" not in name
