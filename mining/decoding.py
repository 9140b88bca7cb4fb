"""Bytes of unknown encoding to text: byte order marks, what a page declares, and detection."""

from __future__ import annotations

import codecs
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

from mining.errors import ReadError

__all__ = ["decode_page", "decode_text"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY = ["gb18030", "big5", "utf_16_le", "utf_16_be"]
# Shares of undecodable places: up to the first the text is read and the places are logged, above
# the second it is no text at all. A report holds 2 000 to 20 000 characters.
_MAX_BROKEN = 0.005
_BINARY = 0.05

# A page tells its encoding in its first lines: meta charset, http-equiv or the XML declaration.
_DECLARED = re.compile(rb"(?:charset|encoding)\s{0,9}=\s{0,9}[\"']?\s{0,9}([A-Za-z0-9_.:-]{1,40})")
_HEAD_BYTES = 8192
# What pages call GB2312 holds characters of its successors.
_SUCCESSORS = {"gb2312": "gb18030", "gbk": "gb18030", "hz": "hz", "big5": "big5hkscs"}
# Detection looks at so many bytes without the markup; its time grows with the bytes.
_SAMPLE_BYTES = 40_000
_TAG = re.compile(rb"[\t -~]+")


def decode_text(data: bytes, *, path: Path) -> tuple[str, str, int]:
    """Decode bytes of unknown encoding.

    Returns
    -------
    tuple of (str, str, int)
        The text, the encoding, and how many broken places were replaced by U+FFFD.

    Raises
    ------
    ReadError
        E101 when the bytes are no text, E103 when no encoding fits.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            text = data.decode(encoding, errors="replace")
            return text, encoding, text.count("\ufffd")
    text = data.decode("utf-8", errors="replace")
    n_broken = text.count("\ufffd")
    if n_broken <= _MAX_BROKEN * len(text) and b"\0" not in data:
        return text, "utf-8", n_broken
    return _decode_legacy(data, path)


def _decode_legacy(data: bytes, path: Path) -> tuple[str, str, int]:
    # Imported here: 40 ms that a run over UTF-8 files never needs.
    from charset_normalizer import from_bytes  # noqa: PLC0415

    best = from_bytes(data, cp_isolation=_LEGACY).best()
    if best is not None and "\0" not in str(best):
        return str(best), best.encoding, 0
    text = data.decode("gb18030", errors="replace")
    n_broken = text.count("\ufffd")
    if "\0" in text or n_broken > _BINARY * len(text):
        msg = "the file is binary or in an unknown encoding"
        raise ReadError(msg, code="E101", path=path, hint="save it as UTF-8 text")
    if n_broken > _MAX_BROKEN * len(text):
        msg = f"mixed encodings: {n_broken} places can't be decoded"
        raise ReadError(msg, code="E103", path=path, hint="save it again as UTF-8 text")
    return text, "gb18030", n_broken


def decode_page(data: bytes, *, path: Path, charset: str = "") -> tuple[str, str, int]:
    """Decode a page that may declare its encoding, rightly or wrongly.

    A declaration counts when the bytes fit it; else the encoding that fits is taken.

    Parameters
    ----------
    data
        The bytes of the page.
    path
        The file, for messages.
    charset
        What an envelope (a web archive) says about the page; the page itself comes first.

    Returns
    -------
    tuple of (str, str, int)
        The text, the encoding, and how many broken places were replaced by U+FFFD.

    Raises
    ------
    ReadError
        E101 when the bytes are no text, E103 when no encoding fits.
    """
    if data.startswith(tuple(bom for bom, _ in _BOMS)):
        return decode_text(data, path=path)
    # Single zero bytes are an old fault of some site software; UTF-16 is full of them.
    zeros = b"\0" in data
    if zeros and data.count(0) * 10 < len(data):
        data = data.replace(b"\0", b"")
        zeros = False
    # Nearly every page is UTF-8: what it declares is looked up when it is not.
    for encoding in itertools.chain(["utf-8"], _declared(data, charset)):
        text = data.decode(encoding, errors="replace")
        n_broken = text.count("\ufffd")
        fits = not n_broken or n_broken <= _MAX_BROKEN * _n_wide(text)
        # A search for zeros in wide text is slow; without zero bytes there are none.
        if fits and not (zeros and "\0" in text):
            return text, encoding, n_broken
    return _detect_page(data, path)


def _n_wide(text: str) -> int:
    """Count the characters beyond ASCII: markup says nothing about an encoding."""
    return len(text) - len(text.encode("ascii", errors="ignore"))


def _declared(data: bytes, charset: str) -> Iterator[str]:
    """Yield the encodings that a page, then its envelope, declares."""
    found = [m[1].decode("ascii") for m in _DECLARED.finditer(data[:_HEAD_BYTES])]
    for name in [*found[:3], *([charset] if charset else [])]:
        try:
            known = codecs.lookup(name).name
        except (LookupError, ValueError):
            continue
        # Each byte means something in a single-byte encoding, so it would fit anything.
        if known in _SUCCESSORS or known in _SUCCESSORS.values() or known.startswith("utf-16"):
            yield _SUCCESSORS.get(known, known)


def _detect_page(data: bytes, path: Path) -> tuple[str, str, int]:
    """Detect the encoding by the text between the tags."""
    if b"\0" in data:
        return decode_text(data, path=path)
    sample = b"\n".join(_TAG.split(data[: 50 * _SAMPLE_BYTES]))[:_SAMPLE_BYTES]
    _, encoding, _ = decode_text(sample, path=path)
    text = data.decode(encoding, errors="replace")
    return text, encoding, text.count("\ufffd")
