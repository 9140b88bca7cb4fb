"""Pages inside WARC files, as web archives and crawlers write them (ISO 28500:2017).

FastWARC reads them: it bounds the length of headers, so that a bomb of one endless header line is
refused at once (warcio, the other well-kept reader, held 1.2 GB for a file of 400 kB).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import unquote_to_bytes, urlsplit

from mining.corpus.archives import Member, check_name, too_large
from mining.errors import MissingExtraError, ReadError
from mining.settings import Settings

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

__all__ = ["Captures", "WebArchive", "is_web_archive", "list_captures"]

_FETCHED = 200
_SCHEMES = frozenset({"http", "https", "ftp"})
_PAGE = (".html", ".htm", ".shtml", ".xhtml")
_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# The suffixes a name may have that holds what the server calls so; the first is added to others,
# as in ``show.jsp?id=12.html``.
_SUFFIXES_OF = {
    "text/html": _PAGE,
    "application/xhtml+xml": _PAGE,
    "text/plain": (".txt",),
    "application/pdf": (".pdf",),
    "application/msword": (".doc", ".wps"),
    "application/rtf": (".rtf", ".doc"),
    "text/rtf": (".rtf", ".doc"),
    _OFFICE: (".docx",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Captures:
    """What a web archive holds.

    Parameters
    ----------
    members
        The newest capture of each page that was fetched, by name; `Member.index` is the byte at
        which its record begins.
    older
        How many earlier captures of the same pages were left out.
    damage
        Why reading ended before the end of the file, or ``None``.
    """

    members: tuple[Member, ...]
    older: int = 0
    damage: ReadError | None = None


def is_web_archive(path: Path) -> bool:
    """Tell whether a file is a web archive by its name.

    Examples
    --------
    >>> is_web_archive(Path("crawl-01.warc.gz")), is_web_archive(Path("report.gz"))
    (True, False)
    """
    return path.name.lower().endswith((".warc", ".warc.gz"))


def list_captures(path: Path, *, settings: Settings) -> Captures:
    """Return the pages of the web archive `path`.

    What stands before a damage is listed all the same.

    Raises
    ------
    ReadError
        E101 when it is compressed as a whole, as no record can be found again then.
    MissingExtraError
        E601 when FastWARC is not installed.
    OSError
        When the archive can't be opened.
    """
    newest: dict[str, tuple[str, Member]] = {}
    n_captures, end, damage = 0, -1, None
    with path.open("rb") as file:
        try:
            for record in _records(file):
                if record.stream_pos == end:
                    raise _packed_as_a_whole(path)
                end = record.stream_pos
                capture = _capture(record, settings)
                if capture is not None:
                    n_captures += 1
                    _keep(newest, capture)
            if end >= 0 and not _is_whole(file, end):
                damage = _damaged("its last record is cut off", path)
        except OSError as error:
            damage = _damaged(str(error), path)
    members = sorted((member for _, member in newest.values()), key=lambda m: m.name)
    return Captures(members=tuple(members), older=n_captures - len(members), damage=damage)


class WebArchive:
    """Contents of the pages of one web archive.

    Raises
    ------
    ReadError
        E105 when it can't be opened.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise ReadError(error.strerror or str(error), code="E105", path=path) from error
        self._path = path

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def read(self, index: int, *, settings: Settings) -> bytes:
        """Return the page whose record begins at byte `index`, free of transfer encodings.

        Raises
        ------
        ReadError
            E104 over ``settings.max_bytes``, E101 when the record is damaged or cut off.
        """
        try:
            if not _is_whole(self._file, index):
                msg = "the record is cut off"
                raise _damaged(msg, self._path)
            self._file.seek(index)
            data = next(_records(self._file, decode=True)).reader.read(settings.max_bytes + 1)
        except OSError as error:
            raise _damaged(str(error), self._path) from error
        if len(data) > settings.max_bytes:
            raise too_large(len(data), settings)
        return data


def _records(file: BinaryIO, *, decode: bool = False) -> Iterator[WarcRecord]:
    try:
        from fastwarc.warc import ArchiveIterator  # noqa: PLC0415 - an extra
    except ImportError as error:
        hint = "pip install 'mining[warc]'"
        raise MissingExtraError(str(error), code="E601", hint=hint) from error
    return iter(ArchiveIterator(file, auto_decode="all" if decode else "none"))


def _is_whole(file: BinaryIO, index: int) -> bool:
    """Tell whether the record at `index` has as many bytes as it tells; cut files just end."""
    file.seek(index)
    record = next(_records(file), None)
    return record is not None and record.consume() == record.content_length


def _keep(newest: dict[str, tuple[str, Member]], capture: tuple[str, Member]) -> None:
    """Keep a capture unless a later one of the same page is there; dates sort as text."""
    date, member = capture
    if member.name not in newest or newest[member.name][0] <= date:
        newest[member.name] = capture


def _capture(record: WarcRecord, settings: Settings) -> tuple[str, Member] | None:
    """Return date and place of a page, ``None`` when the record is none or was not fetched."""
    from fastwarc.warc import WarcRecordType  # noqa: PLC0415 - an extra

    if record.record_type == WarcRecordType.response:
        if not record.is_http_parsed or record.http_headers.status_code != _FETCHED:
            return None
        media_type = record.http_content_type
    elif record.record_type == WarcRecordType.resource:
        media_type = record.headers.get("Content-Type")
    else:
        return None
    name = _name(record.headers.get("WARC-Target-URI") or "", media_type or "")
    if not name:
        return None
    refusal = check_name(name) or _refusal(record, settings)
    member = Member(index=record.stream_pos, name=name, refusal=refusal)
    return record.headers.get("WARC-Date") or "", member


def _refusal(record: WarcRecord, settings: Settings) -> ReadError | None:
    reason = record.headers.get("WARC-Truncated")
    if reason:
        return ReadError(f"the crawler cut it off: {reason}", code="E101", hint="fetch it again")
    if record.content_length > settings.max_bytes:
        return too_large(record.content_length, settings)
    return None


def _name(address: str, media_type: str) -> str:
    """Return host and path of an address with a suffix that tells the type, empty for others.

    Examples
    --------
    >>> _name("http://www.example.gov.cn/gk/show.jsp?id=7", "text/html; charset=utf-8")
    'www.example.gov.cn/gk/show.jsp?id=7.html'
    """
    try:
        parts = urlsplit(address.strip("<>"))  # wget writes the brackets of the grammar
    except ValueError:
        return ""
    if parts.scheme not in _SCHEMES or not parts.netloc:
        return ""
    path = _decoded(parts.path or "/")
    name = parts.netloc + path + ("index.html" if path.endswith("/") else "")
    if parts.query:
        name += "?" + parts.query.replace("/", "%2F")
    wanted = _SUFFIXES_OF.get(media_type.partition(";")[0].strip().lower(), ())
    is_told = not wanted or PurePosixPath(name).suffix.lower() in wanted
    return name if is_told else name + wanted[0]


def _decoded(path: str) -> str:
    raw = unquote_to_bytes(path)
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return path


def _damaged(why: str, path: Path) -> ReadError:
    return ReadError(f"damaged web archive: {why}", code="E101", path=path, hint="fetch it again")


def _packed_as_a_whole(path: Path) -> ReadError:
    msg = "the web archive is compressed as a whole, not record by record"
    return ReadError(msg, code="E101", path=path, hint="unpack it with gunzip and give the .warc")
