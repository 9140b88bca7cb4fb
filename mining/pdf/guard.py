"""Whether a PDF may be opened in this process, or only in one that can be stopped.

A few bytes of a PDF can ask for hours of work or for all memory: streams that inflate a thousand
times, drawings that call each other. PDFium can't be stopped from outside, so each stream is
inflated here first, within limits, and whatever is unusual goes to a child process.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["is_ordinary"]

_STREAM = re.compile(rb"stream(?:\r\n|\n|\r)")
_FILTER = re.compile(rb"/(?:FlateDecode|LZWDecode|RunLengthDecode|Fl|LZW|RL)\b")
_UNUSUAL = re.compile(rb"/(?:LZWDecode|LZW|RunLengthDecode|RL|Crypt|ASCII\w+|A85|AHx)\b")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_CALL = re.compile(rb"\bDo\b")
# In bytes. A page of a report is drawn by 5 to 200 kB; an embedded Chinese font has up to 10 MB.
_MAX_DRAWING, _MAX_DRAWINGS = 400_000, 6_000_000
_MAX_STREAM, _MAX_STREAMS = 12_000_000, 60_000_000
# How many bytes of drawing all calls of shared drawings may come to.
_MAX_CALLED = 20_000_000
_MAX_OBJECTS = 50_000
# Where a stream's own entries stand before its keyword.
_ENTRIES = 4_000
_SAMPLE = 512
_PLAIN = bytes(range(32, 127)) + b"\t\n\r\f"


@dataclass(slots=True)
class _Totals:
    """What all streams so far come to."""

    streams: int = 0
    drawings: int = 0
    calls: int = 0
    largest_shared: int = 0

    @property
    def is_ordinary(self) -> bool:
        return (
            self.streams <= _MAX_STREAMS
            and self.drawings <= _MAX_DRAWINGS
            and self.calls * self.largest_shared <= _MAX_CALLED
        )


def is_ordinary(data: bytes) -> bool:
    """Tell whether nothing in a PDF asks for unusual time or memory.

    Encrypted files are never ordinary: nobody can look into their streams from outside.

    Examples
    --------
    >>> is_ordinary(b"%PDF-1.7 1 0 obj << >> endobj")
    True
    >>> is_ordinary(b"%PDF-1.7 trailer << /Encrypt 5 0 R >>")
    False
    """
    if b"/Encrypt" in data or data.count(b"endobj") > _MAX_OBJECTS:
        return False
    totals = _Totals()
    return all(
        _add_stream(entries, data, start, totals) and totals.is_ordinary
        for entries, start in _streams(data)
    )


def _streams(data: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield the entries of every stream, names without escapes, and where its content starts."""
    end = 0
    for match in _STREAM.finditer(data):
        if data[match.start() - 3 : match.start()] == b"end":
            end = match.end()
            continue
        entries = data[max(end, match.start() - _ENTRIES) : match.start()]
        entries = entries[entries.rfind(b" obj") + 1 :]
        if b"#" in entries:
            entries = _ESCAPED.sub(lambda m: bytes([int(m[1], 16)]), entries)
        yield entries, match.end()


def _add_stream(entries: bytes, data: bytes, start: int, totals: _Totals) -> bool:
    """Add one stream to the totals; ``False`` when it is unusual by itself."""
    is_image = b"/Image" in entries
    if len(_FILTER.findall(entries)) > 1 or (_UNUSUAL.search(entries) and not is_image):
        return False
    if b"/Fl" in entries:
        inflater = zlib.decompressobj()
        try:
            content = inflater.decompress(memoryview(data)[start:], _MAX_STREAM)
        except zlib.error:
            # PDFium repairs what it can of such a stream; what that comes to is not known here.
            return False
    else:
        end = data.find(b"endstream", start)
        content = data[start : end if end >= 0 else len(data)]
    totals.streams += len(content)
    if len(content) >= _MAX_STREAM:
        return False
    if _is_drawing(content):
        _add_drawing(entries, content, totals)
    return not (_is_drawing(content) and len(content) > _MAX_DRAWING)


def _is_drawing(content: bytes) -> bool:
    """Tell whether a stream may be operators of a page: mostly plain signs at three places."""
    middle = len(content) // 2
    sample = content[:_SAMPLE] + content[middle : middle + _SAMPLE] + content[-_SAMPLE:]
    plain = len(sample) - len(sample.translate(None, _PLAIN))
    return plain > 0.7 * len(sample)


def _add_drawing(entries: bytes, content: bytes, totals: _Totals) -> None:
    totals.drawings += len(content)
    n_calls = sum(1 for _ in _CALL.finditer(content))
    totals.calls += n_calls
    if b"/Form" in entries:
        totals.largest_shared = max(totals.largest_shared, len(content))
        if n_calls:
            # A shared drawing that calls others: how deep that goes only PDFium finds out.
            totals.calls += _MAX_CALLED
