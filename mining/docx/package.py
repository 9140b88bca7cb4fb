"""The parts of a Word file: a zip archive of XML, opened within limits and without trust.

XML is read by the standard library: a part with a document type is refused, so nothing can be
expanded or fetched, and relationships that lead out of the file are never followed.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import NoReturn
from xml.etree import ElementTree as ET

from mining.errors import ReadError
from mining.settings import Settings
from mining.zipfaults import ZIP_FAULTS

__all__ = ["OLE_MAGIC", "DocxPackage", "W", "is_on", "value_of"]

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of the old binary formats of Office, and of every encrypted one."""

_TRANSITIONAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
W = f"{{{_TRANSITIONAL.decode()}}}"
"""Namespace of Word's own elements, as a prefix of tags."""

_VAL = f"{W}val"

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DOCTYPE = tuple("<!DOCTYPE".encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))
_DIRECTORY_ENTRY = b"PK\1\2"
# How text looks is most of a Word file and says nothing here; parsing is three times faster
# without it.
_LOOKS = re.compile(
    rb"<w:(?:rFonts|szCs|sz|color|lang|kern|shd|spacing|ind|jc|tcW|vAlign|bCs|b)"
    rb"(?: [^<>]{0,400})?/>"
)
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# A report has 10 to 60 members; each costs memory before any of it is read.
_MAX_MEMBERS = 2_000
# Below this size a high ratio does no harm: an empty style sheet packs well.
_SMALL = 1_000_000
# Tags and attributes of one part: a typical report has 15 000, and ten times that is still read.
_MAX_MARKS = 300_000
_OTHER_FORMATS = (
    (b"%PDF", "a PDF file", ".pdf"),
    (b"{\\rtf", "an RTF file", ".rtf"),
    (b"<", "a web page or XML", ".html"),
)


class DocxPackage:
    """A Word file, its parts read on demand.

    Parameters
    ----------
    data, path
        The content of the file, and its name for messages.
    settings
        Limits on bytes, growth and elements.

    Raises
    ------
    ReadError
        E101 no Word file, E102 empty, E104 over a limit, E107 encrypted.
    """

    def __init__(self, data: bytes, *, path: Path, settings: Settings) -> None:
        self._path = path
        self._settings = settings
        self._left = settings.max_bytes
        self._zip = self._open(data)
        self._main = self._find_main()
        self._related = self._relationships(self._main)

    def document(self) -> ET.Element:
        """Return the root of the document itself.

        Raises
        ------
        ReadError
            E101 when there is none.
        """
        root = self._part(self._main)
        if root is None:
            self._refuse("the archive holds no Word document", hint="save it as .docx again")
        return root

    def related(self, kind: str) -> ET.Element | None:
        """Return the root of ``numbering``, ``styles``, ``footnotes`` …, if there is one."""
        name = self._related.get(kind)
        return None if name is None else self._part(name)

    def _open(self, data: bytes) -> zipfile.ZipFile:
        if not data.strip():
            self._refuse("the file is empty", code="E102", hint="check the download or export")
        if not data.startswith(b"PK"):
            self._refuse_other(data)
        if data.count(_DIRECTORY_ENTRY) > _MAX_MEMBERS:
            self._refuse(f"more than {_MAX_MEMBERS} files inside", code="E104")
        try:
            return zipfile.ZipFile(BytesIO(data))
        except ZIP_FAULTS as error:
            self._refuse("the archive is damaged", cause=error)

    def _refuse_other(self, data: bytes) -> NoReturn:
        """Say what the file is instead of a zip archive."""
        if data.startswith(OLE_MAGIC):
            if _ENCRYPTED in data:
                hint = "open it with its password and save it without one"
                self._refuse("the file is encrypted", code="E107", hint=hint)
            self._refuse("it is an old .doc file named .docx", hint="rename it to .doc")
        head = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
        for magic, what, suffix in _OTHER_FORMATS:
            if head.startswith(magic):
                self._refuse(f"it is {what} named .docx", hint=f"rename it to {suffix}")
        self._refuse("it is no Word file", hint="save it as .docx again")

    def _find_main(self) -> str:
        names = self._relationships("")
        return names.get("officeDocument", "word/document.xml")

    def _relationships(self, source: str) -> dict[str, str]:
        """Return the names of parts that `source` refers to by the last word of their type."""
        folder, name = posixpath.split(source)
        root = self._part(posixpath.join(folder, "_rels", f"{name}.rels"))
        found: dict[str, str] = {}
        for item in () if root is None else root.iter(_RELATIONSHIP):
            if item.get("TargetMode") != "External":
                target = posixpath.join("/", folder, item.get("Target", ""))
                kind = item.get("Type", "").rpartition("/")[2]
                found.setdefault(kind, posixpath.normpath(target).lstrip("/"))
        return found

    def _part(self, name: str) -> ET.Element | None:
        try:
            info = self._zip.getinfo(name)
        except KeyError:
            return None
        content = self._content(info)
        if any(mark in content for mark in _DOCTYPE):
            self._refuse(f"{name} declares a document type")
        content = _LOOKS.sub(b"", content)
        if content.count(b"<") + content.count(b"=") > _MAX_MARKS:
            message = f"{name} holds more than {_MAX_MARKS} tags and attributes"
            self._refuse(message, code="E104", hint="split the file")
        try:
            # Strict files differ from the usual ones in the namespace only.
            return ET.fromstring(content.replace(_STRICT, _TRANSITIONAL))  # noqa: S314
        except (ET.ParseError, ValueError, LookupError) as error:
            self._refuse(f"{name} is no sound XML", cause=error)

    def _content(self, info: zipfile.ZipInfo) -> bytes:
        name = info.filename
        if info.flag_bits & 1:
            hint = "pack it again without a password"
            self._refuse(f"{name} is encrypted", code="E107", hint=hint)
        if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            self._refuse(f"{name} is packed in a way that Word does not use")
        limit = self._settings.max_ratio * max(info.compress_size, 1)
        if info.file_size > max(limit, _SMALL):
            self._refuse_limit(name, "max_ratio")
        try:
            with self._zip.open(info) as stream:
                content = stream.read(self._left + 1)
        except ZIP_FAULTS as error:
            self._refuse(f"{name} is damaged", cause=error)
        self._left -= len(content)
        if self._left < 0:
            self._refuse_limit(name, "max_bytes")
        return content

    def _refuse_limit(self, name: str, setting: str) -> NoReturn:
        message = f"{name} unpacked passes the limit {setting} = {getattr(self._settings, setting)}"
        self._refuse(message, code="E104", hint=f"raise {setting} if you trust the file")

    def _refuse(
        self,
        message: str,
        *,
        code: str = "E101",
        hint: str = "open it in Word and save it again",
        cause: Exception | None = None,
    ) -> NoReturn:
        raise ReadError(message, code=code, path=self._path, hint=hint) from cause


def value_of(parent: ET.Element, name: str) -> str | None:
    """Return the value of a child such as ``<w:numId w:val="3"/>``, ``None`` without one."""
    child = parent.find(W + name)
    return None if child is None else child.get(_VAL)


def is_on(switch: ET.Element | None) -> bool:
    """Tell whether a switch such as ``<w:vanish/>`` is there and not turned off."""
    return switch is not None and switch.get(_VAL, "1") not in {"0", "false", "off"}
