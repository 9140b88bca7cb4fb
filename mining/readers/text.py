"""Plain text in any usual encoding to a raw report."""

from __future__ import annotations

import hashlib
from pathlib import Path

from mining.decoding import decode_text
from mining.errors import ReadError
from mining.report import LogEntry, Report, Source
from mining.settings import Settings

__all__ = ["check_limits", "read_text"]

_LINE_ENDS = ("\n", "\r", "\x85", "\u2028", "\u2029")


def read_text(data: bytes, *, report_id: str, path: Path, settings: Settings) -> Report:
    """Read plain text into a raw report.

    Parameters
    ----------
    data
        Content of the file.
    report_id, path
        Public id of the report, and where the bytes came from (for messages).
    settings
        Limits on characters and lines.

    Returns
    -------
    Report
        With `raw_text` only; no layer is computed.

    Raises
    ------
    ReadError
        E102 empty, E101 binary, E103 no encoding fits, E104 over a limit.
    """
    if not data.strip():
        msg = "the file is empty"
        raise ReadError(msg, code="E102", path=path, hint="check the download or export")
    text, encoding, n_broken = decode_text(data, path=path)
    check_limits(text, path, settings)
    log: tuple[LogEntry, ...] = ()
    if n_broken:
        message = f"{n_broken} broken bytes shown as U+FFFD"
        log = (LogEntry(stage="read", code="mixed-encoding", message=message),)
    source = Source(
        uri=str(path),
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=encoding,
        n_bytes=len(data),
    )
    return Report(id=report_id, source=source, raw_text=text, log=log)


def check_limits(text: str, path: Path, settings: Settings) -> None:
    """Refuse a text that holds nothing or passes the limits on characters and lines.

    Raises
    ------
    ReadError
        E102 nothing but blanks, E104 over a limit.
    """
    if len(text) > settings.max_chars:
        msg = f"{len(text)} characters, the limit is {settings.max_chars}"
        raise ReadError(msg, code="E104", path=path, hint="split the file or raise max_chars")
    # A text has no more lines than characters: most are not counted.
    n_lines = max(map(text.count, _LINE_ENDS)) if len(text) > settings.max_lines else 0
    if n_lines > settings.max_lines:
        msg = f"{n_lines} lines, the limit is {settings.max_lines}"
        raise ReadError(msg, code="E104", path=path, hint="split the file or raise max_lines")
    if not text.strip("\ufeff\u200b \t\r\n\u3000"):
        msg = "the file holds no text"
        raise ReadError(msg, code="E102", path=path, hint="check the download or export")
