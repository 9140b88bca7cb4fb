"""Broken copies of sound files: mutations that know the parts of each format.

Bytes alone rarely get past the front door, so a Word file is unpacked, its XML broken and packed
again; a page is broken at its tags; a PDF in its numbers and inside its streams; text in its lines
and numbers, which is where the steps after the readers look.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from random import Random

from lxml import etree

from benchmarks.broken_text import MARKUP, TEXT, Change

__all__ = ["FORMATS", "mutate"]

_Bytes = Callable[[Random, bytes], bytes]

# Files beyond this only test the limit on size.
_MAX_BYTES = 1_500_000
_MAX_MUTATIONS = 5
_ODD_BYTES = (b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xff" * 8, b"\x81\x30\x81\x30", b"\r", b"\x1a")
_PDF_NUMBER = re.compile(rb"\d{1,10}(?:\.\d{1,10})?")
_PDF_NAME = re.compile(rb"/[A-Za-z0-9]{1,30}")
_PDF_STREAM = re.compile(rb"stream\r?\n")
_PDF_NUMBERS = (b"0", b"-1", b"65536", b"2147483647", b"4294967296", b"99999999999", b"1e9", b"0.0")
_PDF_TOKENS = (b" Q ", b" q ", b" ET ", b" BT ", b" Do ", b" Tj ", b" l S ", b" re f ", b" W n ")
_PDF_OBJECTS = re.compile(rb"\d{1,6} \d{1,3} obj.{0,2000}?endobj", re.DOTALL)


def mutate(data: bytes, *, format_name: str, pool: Sequence[bytes], rng: Random) -> bytes:
    """Return a broken copy of `data`.

    Parameters
    ----------
    data
        A file of the format.
    format_name
        One of `FORMATS`.
    pool
        Files of the same format; pieces of them are spliced in.
    rng
        Source of chance: the same state gives the same copy.
    """
    for _ in range(rng.randint(1, _MAX_MUTATIONS)):
        if rng.random() < 0.05:
            data = _splice(rng, data, rng.choice(pool))
        else:
            data = rng.choice(FORMATS[format_name])(rng, data)
    return data[:_MAX_BYTES]


# ---- bytes ----


def _flip(rng: Random, data: bytes) -> bytes:
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 4, 32)) if out else 0):
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def _block(rng: Random, data: bytes) -> tuple[int, int]:
    start = rng.randint(0, len(data))
    return start, min(len(data), start + rng.choice((1, 8, 100, 2_000)))


def _truncate(rng: Random, data: bytes) -> bytes:
    return data[: rng.randint(0, len(data))]


def _delete(rng: Random, data: bytes) -> bytes:
    start, end = _block(rng, data)
    return data[:start] + data[end:]


def _repeat(rng: Random, data: bytes) -> bytes:
    start, end = _block(rng, data)
    return data[:start] + data[start:end] * rng.choice((2, 2, 10, 300)) + data[end:]


def _insert(rng: Random, data: bytes) -> bytes:
    at = rng.randint(0, len(data))
    return data[:at] + rng.choice(_ODD_BYTES) + data[at:]


def _splice(rng: Random, data: bytes, other: bytes) -> bytes:
    return data[: rng.randint(0, len(data))] + other[rng.randint(0, len(other)) :]


def _as_text(change: Change) -> _Bytes:
    """Return a mutation of bytes from one of text, in the encoding that the bytes are in."""

    def changed(rng: Random, data: bytes) -> bytes:
        for encoding in ("utf-8-sig", "gb18030", "utf-16"):
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                continue
            target = rng.choice((encoding, encoding, "utf-8", "gb18030", "utf-16", "big5"))
            return change(rng, text).encode(target, errors="ignore")
        return data

    return changed


def _sound(change: _Bytes) -> _Bytes:
    """Return a mutation of XML that ends in sound XML most of the time, so that it is read on."""

    def changed(rng: Random, data: bytes) -> bytes:
        broken = change(rng, data)
        if rng.random() < 0.1:
            return broken
        parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
        try:
            root = etree.fromstring(broken, parser)
        except etree.XMLSyntaxError:
            return broken
        return broken if root is None else bytes(etree.tostring(root, encoding="utf-8"))

    return changed


# ---- Word files and archives ----


def _members(change: Sequence[_Bytes]) -> _Bytes:
    """Return a mutation of one member of a zip archive, which stays a sound archive."""

    def changed(rng: Random, data: bytes) -> bytes:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                members = [(i.filename, archive.read(i)) for i in archive.infolist()]
        except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, RuntimeError, OSError):
            return data
        if not members or sum(len(content) for _, content in members) > 4 * _MAX_BYTES:
            return data
        # Large members are chosen more often: the text is in them.
        index = rng.choice((rng.randrange(len(members)), _largest(members)))
        name, content = members[index]
        members[index] = (name, rng.choice(change)(rng, content))
        if rng.random() < 0.1:
            members[index] = (rng.choice(("../../x.docx", "/x.txt", "\0", name * 2)), content)
        if rng.random() < 0.05:
            del members[rng.randrange(len(members))]
        return _pack(members)

    return changed


def _largest(members: Sequence[tuple[str, bytes]]) -> int:
    return max(range(len(members)), key=lambda i: len(members[i][1]))


def _pack(members: Sequence[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in members:
            # Two members of one name are a fault too, about which nobody needs to be warned.
            archive.NameToInfo.clear()
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


# ---- PDF ----


def _pdf_numbers(rng: Random, data: bytes) -> bytes:
    """Break numbers of objects: lengths, references, boxes, the table of places."""
    found = list(_PDF_NUMBER.finditer(data))
    for match in rng.sample(found, min(len(found), rng.choice((1, 1, 3)))):
        value = rng.choice((*_PDF_NUMBERS, rng.choice(found)[0]))
        data = data[: match.start()] + value + data[match.end() :]
    return data


def _pdf_names(rng: Random, data: bytes) -> bytes:
    found = list(_PDF_NAME.finditer(data))
    if not found:
        return data
    match, other = rng.choice(found), rng.choice(found)
    return data[: match.start()] + other[0] + data[match.end() :]


def _pdf_objects(rng: Random, data: bytes) -> bytes:
    found = list(_PDF_OBJECTS.finditer(data))
    if not found:
        return data
    match, other = rng.choice(found), rng.choice(found)
    return data[: match.start()] + other[0] * rng.choice((0, 1, 2, 200)) + data[match.end() :]


def _pdf_streams(rng: Random, data: bytes) -> bytes:
    """Break the content of a packed stream and pack it again."""
    found = [
        m.end() for m in _PDF_STREAM.finditer(data) if data[m.start() - 3 : m.start()] != b"end"
    ]
    if not found:
        return data
    start = rng.choice(found)
    end = max(data.find(b"endstream", start), start)
    packer = zlib.decompressobj()
    try:
        content = packer.decompress(data[start:end], _MAX_BYTES)
    except zlib.error:
        return data[:start] + _drawing(rng, data[start:end]) + data[end:]
    return data[:start] + zlib.compress(_drawing(rng, content), 1) + b"\n" + data[end:]


def _drawing(rng: Random, content: bytes) -> bytes:
    if rng.random() < 0.3:
        return rng.choice(_BYTES)(rng, content)
    if rng.random() < 0.5:
        return _pdf_numbers(rng, content)
    at = rng.randint(0, len(content))
    return content[:at] + rng.choice(_PDF_TOKENS) * rng.choice((1, 1, 1_000)) + content[at:]


_BYTES: tuple[_Bytes, ...] = (_flip, _truncate, _delete, _repeat, _insert)
_PLAIN = tuple(_as_text(change) for change in TEXT)
_PAGE = tuple(_as_text(change) for change in MARKUP)

FORMATS: dict[str, tuple[_Bytes, ...]] = {
    "txt": (*_BYTES, *_PLAIN, *_PLAIN),
    "html": (*_BYTES, *_PAGE, *_PAGE),
    "mht": (*_BYTES, *_PAGE),
    "docx": (*_BYTES[:2], *(_members([_sound(m)]) for m in (*_PAGE, *_PAGE, *_BYTES))),
    "pdf": (*_BYTES, *(_pdf_numbers, _pdf_names, _pdf_objects, _pdf_streams) * 3),
    "zip": (*_BYTES, _members(_BYTES), _members(_PAGE)),
}
"""Mutations by format; those that count more stand there more often."""
