"""Small PDF files written byte by byte, so that tests say exactly what stands where."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

FONTS = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
    b" /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light"
    b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000"
    b" /W [1 95 500] >>] >>"
)
"""A Chinese font that every reader of PDF knows, so that none has to be embedded."""


def text(x: float, y: float, words: str, *, size: float = 10, turn: str = "1 0 0 1") -> bytes:
    """Return the operators that print `words` with their baseline beginning at a point."""
    code = words.encode("utf-16-be").hex()
    return f"BT /F1 {size} Tf {turn} {x} {y} Tm <{code}> Tj ET\n".encode()


def line(x0: float, y0: float, x1: float, y1: float) -> bytes:
    """Return the operators that draw a thin line."""
    return f"0.5 w {x0} {y0} m {x1} {y1} l S\n".encode()


def make_pdf(
    contents: Sequence[bytes],
    *,
    page: bytes = b"/MediaBox [0 0 595 842]",
    trailer: bytes = b"",
    compress: bool = False,
    extra: Mapping[int, bytes] | None = None,
) -> bytes:
    """Return a PDF with one page for each of `contents`.

    Objects 1 to 3 are catalog, page tree and font; `extra` adds or replaces objects by number.
    """
    objects: dict[int, bytes] = {}
    kids = " ".join(f"{10 + 2 * i} 0 R" for i in range(len(contents)))
    objects[1] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[2] = f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode()
    objects[3] = FONTS
    for i, content in enumerate(contents):
        number = 10 + 2 * i
        objects[number] = (
            b"<< /Type /Page /Parent 2 0 R /Resources << /Font << /F1 3 0 R >>"
            b" /XObject << /X0 5 0 R >> >> %b /Contents %d 0 R >>" % (page, number + 1)
        )
        objects[number + 1] = stream(content, compress=compress)
    return assemble(objects | dict(extra or {}), trailer=trailer)


def stream(content: bytes, entries: bytes = b"", *, compress: bool = False) -> bytes:
    """Return a stream object."""
    if compress:
        content = zlib.compress(content, 9)
        entries += b" /Filter /FlateDecode"
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(content), entries, content)


def assemble(objects: Mapping[int, bytes], *, trailer: bytes = b"") -> bytes:
    """Return a file of numbered objects with its table of places."""
    out = bytearray(b"%PDF-1.7\n")
    places: dict[int, int] = {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    size = max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += (
            b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n"
        )
    out += b"trailer\n<< /Size %d /Root 1 0 R %b >>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        trailer,
        start,
    )
    return bytes(out)
