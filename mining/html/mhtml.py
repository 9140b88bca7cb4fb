"""Web archives (MHTML): the page inside a message of many parts."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from email.message import Message
from email.parser import BytesHeaderParser

__all__ = ["is_archive", "page_of_archive"]

_BOUNDARY = re.compile(rb"\r?\n\r?\n")
_OPENING = re.compile(
    rb"\s*(?:from|mime-version|date|subject|content-type|snapshot-content-location):", re.IGNORECASE
)
# Headers have a few hundred bytes; parts may hold parts (alternatives inside related ones).
_MAX_HEADER = 20_000
_MAX_NESTED = 3
_MAX_PARTS = 2000


def is_archive(data: bytes) -> bool:
    """Tell whether `data` begins like a message, not like a page."""
    head = data[:2000].lower()
    return _OPENING.match(head) is not None and b"mime-version:" in head


def page_of_archive(data: bytes) -> tuple[bytes, str] | None:
    """Return the bytes of the first page in a web archive and the charset its part declares.

    The time is linear in the size; ``None`` when no part is a page.
    """
    return _page_in(data, _MAX_NESTED)


def _page_in(data: bytes, depth: int) -> tuple[bytes, str] | None:
    header, body = _split_part(data)
    kind = header.get_content_type()
    if kind == "text/html":
        return _decoded(header, body), header.get_content_charset("")
    boundary = header.get_boundary()
    if not boundary or not depth:
        return None
    mark = b"--" + boundary.encode("utf-8", errors="replace")
    for part in body.split(mark, _MAX_PARTS)[1:]:
        found = _page_in(part.lstrip(b"\r\n"), depth - 1)
        if found is not None:
            return found
    return None


def _split_part(data: bytes) -> tuple[Message, bytes]:
    match = _BOUNDARY.search(data, 0, _MAX_HEADER)
    end, begin = match.span() if match else (min(len(data), _MAX_HEADER), len(data))
    return BytesHeaderParser().parsebytes(data[:end] + b"\n\n"), data[begin:]


def _decoded(header: Message, body: bytes) -> bytes:
    encoding = str(header.get("content-transfer-encoding", "")).strip().lower()
    if encoding == "quoted-printable":
        return quopri.decodestring(body)
    if encoding == "base64":
        try:
            return base64.b64decode(body)
        except binascii.Error:
            return b""
    return body
