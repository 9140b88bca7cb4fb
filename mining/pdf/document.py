"""A whole PDF through PDFium, in this process or in a child that can be stopped."""

from __future__ import annotations

import json
import marshal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

from mining.pdf.page import Glyph, PageContent, PageTooLargeError, Rule, read_page
from mining.settings import Settings

__all__ = ["PdfProblemError", "answer_parent", "read_document", "read_in_child"]

# A page may hold so many times more objects than a report may hold cells.
_OBJECTS_PER_CELL = 4
_PASSWORD_ERRORS = frozenset({4, 5})
# What a child may take: bytes of memory, seconds, and seconds more for each megabyte of the file.
_CHILD_MEMORY = 300_000_000
_CHILD_SECONDS, _SECONDS_PER_MB = 1.8, 0.5
_CHILD_CODE = (
    "import sys; sys.path.insert(0, sys.argv[1]);"
    "from mining.pdf.document import answer_parent; answer_parent()"
)


class PdfProblemError(Exception):
    """A PDF can't be read; `kind` is ``damaged``, ``encrypted``, ``heavy`` or a setting's name."""

    def __init__(self, *, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def read_document(data: bytes, *, settings: Settings) -> list[PageContent]:
    """Read all pages.

    Raises
    ------
    PdfProblemError
        When the file is damaged or encrypted, or passes a limit.
    ImportError
        When pypdfium2 is not installed.
    """
    contents: list[PageContent] = []
    deadline = time.monotonic() + settings.max_seconds
    left = settings.max_chars
    with _open(data) as document:
        n_pages = len(document)
        if n_pages > settings.max_pages:
            raise PdfProblemError(kind="max_pages")
        for index in range(n_pages):
            if time.monotonic() > deadline:
                raise PdfProblemError(kind="max_seconds")
            content = read_page(
                document,
                index,
                max_chars=left,
                max_objects=_OBJECTS_PER_CELL * settings.max_cells,
            )
            left -= len(content.glyphs)
            contents.append(content)
    return contents


@contextmanager
def _open(data: bytes) -> Iterator[Any]:
    """Open a document and close it whatever happens."""
    # Imported here: only PDF files need the library.
    import pypdfium2  # noqa: PLC0415

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        is_locked = getattr(error, "err_code", None) in _PASSWORD_ERRORS
        raise PdfProblemError(kind="encrypted" if is_locked else "damaged") from error
    try:
        yield document
    except pypdfium2.PdfiumError as error:
        raise PdfProblemError(kind="damaged") from error
    except PageTooLargeError as error:
        raise PdfProblemError(kind=error.setting) from error
    finally:
        document.close()


def read_in_child(data: bytes, *, settings: Settings) -> list[PageContent]:
    """Read all pages in a process of its own, within limits of memory and time.

    Raises
    ------
    PdfProblemError
        As `read_document`, and ``heavy`` when the child passed its limits.
    """
    order = json.dumps(asdict(settings)).encode() + b"\n" + data
    seconds = _CHILD_SECONDS + _SECONDS_PER_MB * len(data) / 1e6
    root = str(Path(__file__).resolve().parents[2])
    try:
        done = subprocess.run(  # noqa: S603 -- this interpreter and this package, nothing else
            [sys.executable, "-c", _CHILD_CODE, root],
            input=order,
            capture_output=True,
            timeout=min(seconds, settings.max_seconds),
            check=True,
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise PdfProblemError(kind="heavy") from error
    problem, pages = marshal.loads(done.stdout)  # noqa: S302 -- numbers and texts of our own child
    if problem:
        raise PdfProblemError(kind=problem)
    return [_unpack(page) for page in pages]


def answer_parent() -> None:
    """Read settings and a PDF from standard input, and write its pages to standard output."""
    _limit_memory()
    head, _, data = sys.stdin.buffer.read().partition(b"\n")
    answer: tuple[str, list[tuple[object, ...]]]
    try:
        contents = read_document(data, settings=Settings(**json.loads(head)))
        answer = ("", [_pack(c) for c in contents])
    except PdfProblemError as error:
        answer = (error.kind, [])
    sys.stdout.buffer.write(marshal.dumps(answer))


def _limit_memory() -> None:
    try:
        # Not there on Windows, where only the time is limited.
        import resource  # noqa: PLC0415
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_DATA, (_CHILD_MEMORY, _CHILD_MEMORY))


def _pack(content: PageContent) -> tuple[object, ...]:
    plain = [[tuple(item) for item in x] for x in (content.glyphs, content.across, content.down)]
    rest = (content.number, content.angle, content.shape, content.n_images)
    return (*plain, *rest, content.n_strange, content.n_sampled)


def _unpack(page: tuple[Any, ...]) -> PageContent:
    glyphs, across, down, number, angle, shape, n_images, n_strange, n_sampled = page
    return PageContent(
        number=number,
        angle=angle,
        shape=cast("tuple[float, float]", shape),
        glyphs=tuple(Glyph(*g) for g in glyphs),
        across=tuple(Rule(*r) for r in across),
        down=tuple(Rule(*r) for r in down),
        n_images=n_images,
        n_strange=n_strange,
        n_sampled=n_sampled,
    )
