"""Plain text in any usual encoding to a raw report."""

from __future__ import annotations

import codecs
import hashlib
from pathlib import Path

from mining.errors import ReadError
from mining.report import LogEntry, Report, Source
from mining.settings import Settings

__all__ = ["decode_text", "read_text"]

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
    _check_limits(text, path, settings)
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
    if n_broken <= _MAX_BROKEN * len(text) and "\0" not in text:
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


def _check_limits(text: str, path: Path, settings: Settings) -> None:
    if len(text) > settings.max_chars:
        msg = f"{len(text)} characters, the limit is {settings.max_chars}"
        raise ReadError(msg, code="E104", path=path, hint="split the file or raise max_chars")
    n_lines = text.count("\n")
    if n_lines > settings.max_lines:
        msg = f"{n_lines} lines, the limit is {settings.max_lines}"
        raise ReadError(msg, code="E104", path=path, hint="split the file or raise max_lines")
    if not text.strip("\ufeff\u200b \t\r\n\u3000"):
        msg = "the file holds no text"
        raise ReadError(msg, code="E102", path=path, hint="check the download or export")
