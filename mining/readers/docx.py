"""Word files (.docx) to a raw report."""

from __future__ import annotations

import hashlib
from pathlib import Path

from mining.docx.body import read_docx_text
from mining.report import Report, Source
from mining.settings import Settings

__all__ = ["read_docx"]

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def read_docx(data: bytes, *, report_id: str, path: Path, settings: Settings) -> Report:
    """Read a Word file into a raw report.

    The text is what Word shows: automatic numbers written out, tracked changes accepted, hidden
    text, headers and footers left out. Blocks give the element path of each paragraph and cell.

    Parameters
    ----------
    data
        Content of the file.
    report_id, path
        Public id of the report, and where the bytes came from (for messages).
    settings
        Limits on bytes, growth, cells, characters, depth and seconds.

    Returns
    -------
    Report
        With `raw_text`, `blocks` and a log of what was left out; no layer is computed.

    Raises
    ------
    ReadError
        E101 no Word file, E102 no text, E104 over a limit, E107 encrypted.
    """
    text, blocks, log = read_docx_text(data, path=path, settings=settings)
    source = Source(
        uri=str(path),
        media_type=_MEDIA_TYPE,
        sha256=hashlib.sha256(data).hexdigest(),
        n_bytes=len(data),
    )
    return Report(id=report_id, source=source, raw_text=text, blocks=blocks, log=log)
