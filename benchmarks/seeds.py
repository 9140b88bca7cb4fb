"""Sound files of every format to break: the sample corpus, test pages, and packed copies."""

from __future__ import annotations

import base64
import io
import quopri
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from mining.generate.corpus import render
from mining.generate.random_truth import random_truth

__all__ = ["load_seeds"]

_ROOT = Path(__file__).parents[1]
_SAMPLE = _ROOT / "corpora" / "sample"
_DATA = _ROOT / "tests" / "data"
_ENCODINGS = ("gb18030", "utf-16", "utf-8-sig", "big5")
# Enough for every form and most layouts.
_RANDOM = 16


def load_seeds(names: Iterable[str]) -> dict[str, list[bytes]]:
    """Return sound files for each of the formats `names`."""
    makers: dict[str, Callable[[], list[bytes]]] = {
        "txt": _texts,
        "html": _pages,
        "mht": lambda: [_archive(page) for page in _pages()[:8]],
        "docx": lambda: [*_stored("docx"), *_rendered("docx")],
        "pdf": lambda: _stored("pdf"),
        "zip": lambda: [_packed(_texts()[:3] + _pages()[:2]), _packed(_texts()[3:5])],
    }
    return {name: makers[name]() for name in names}


def _stored(suffix: str) -> list[bytes]:
    paths = [*sorted(_SAMPLE.rglob(f"*.{suffix}")), *sorted(_DATA.rglob(f"*.{suffix}"))]
    # Broken files of earlier runs are there to be run, not to be bred from.
    return [path.read_bytes() for path in paths if path.parent.name != "bad"]


def _rendered(name: str) -> list[bytes]:
    return [render(random_truth(seed), name)[0] for seed in range(_RANDOM)]


def _texts() -> list[bytes]:
    texts = _stored("txt")
    readable = [data.decode(errors="ignore") for data in texts[: len(_ENCODINGS)]]
    pairs = zip(readable, _ENCODINGS, strict=True)
    return [*texts, *(text.encode(encoding, errors="ignore") for text, encoding in pairs)]


def _pages() -> list[bytes]:
    return [*_stored("html"), *_rendered("html")]


def _archive(page: bytes) -> bytes:
    """Return a web archive of a page."""
    quoted = len(page) % 2 == 0
    content = quopri.encodestring(page) if quoted else base64.encodebytes(page)
    encoding = b"quoted-printable" if quoted else b"base64"
    head = (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="edge"\r\n\r\n--edge\r\n'
    )
    part = b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: " + encoding
    return head + part + b"\r\n\r\n" + content + b"\r\n--edge--\r\n"


def _packed(contents: Sequence[bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, content in enumerate(contents):
            suffix = "html" if content.lstrip()[:1] == b"<" else "txt"
            archive.writestr(f"2022/{number}.{suffix}", content)
    return out.getvalue()
