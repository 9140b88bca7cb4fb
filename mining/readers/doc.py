"""Old Word files (.doc, .wps, .rtf) to a raw report, through LibreOffice where it is installed."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import NoReturn

from mining.docx.body import read_docx_text
from mining.docx.package import OLE_MAGIC
from mining.errors import ReadError
from mining.report import Report, Source
from mining.settings import Settings

__all__ = ["find_office", "read_doc"]

_RTF = b"{\\rtf"
_ZIP = b"PK\3\4"
# Names in the container's directory: without the first LibreOffice would print bytes as text.
_DOCUMENT, _PACKAGE = (n.encode("utf-16-le") for n in ("WordDocument", "EncryptedPackage"))
# The file information block usually follows the 512 bytes of the container's head
# ([MS-DOC] 2.5.2): its magic number, and the bit that says the text is encrypted.
_FIB_AT, _FIB_MAGIC, _FLAGS_AT, _ENCRYPTED = 512, b"\xec\xa5", 10, 0x0100
_MEDIA_TYPES = {".rtf": "application/rtf", ".wps": "application/vnd.ms-works"}
_INSTALL = "install LibreOffice (apt-get install libreoffice-writer-nogui, or libreoffice.org)"
# A profile of its own for each file: no macros, no updates of links, so nothing is fetched.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop \
oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop \
oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop \
oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
# Should a link be followed all the same, it ends at a port where nobody listens.
_NOWHERE = "http://127.0.0.1:9"
_ENVIRONMENT = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), _NOWHERE)


def find_office() -> str | None:
    """Return the path of LibreOffice's command, or ``None`` when it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def read_doc(data: bytes, *, report_id: str, path: Path, settings: Settings) -> Report:
    """Read an old Word file into a raw report.

    LibreOffice turns it into .docx in a folder of its own that is removed afterwards. A .docx
    that is named .doc is read as what it is.

    Parameters
    ----------
    data
        Content of the file.
    report_id, path
        Public id of the report, and where the bytes came from (for messages).
    settings
        Limits; the conversion is stopped after `max_seconds`.

    Returns
    -------
    Report
        As the reader for .docx gives it; places are those of the converted file.

    Raises
    ------
    ReadError
        E101 no Word file or no LibreOffice, E102 no text, E104 over a limit, E107 encrypted.
    """
    _check_format(data, path)
    converted = data if data.startswith(_ZIP) else _convert(data, path, settings)
    text, blocks, log = read_docx_text(converted, path=path, settings=settings)
    source = Source(
        uri=str(path),
        media_type=_MEDIA_TYPES.get(path.suffix.lower(), "application/msword"),
        sha256=hashlib.sha256(data).hexdigest(),
        n_bytes=len(data),
    )
    return Report(id=report_id, source=source, raw_text=text, blocks=blocks, log=log)


def _check_format(data: bytes, path: Path) -> None:
    """Refuse what LibreOffice should not even see."""
    if not data.strip():
        message = "the file is empty"
        raise ReadError(message, code="E102", path=path, hint="check the download or export")
    head = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"<"):
        _refuse(f"it is a web page named {path.suffix}", path, hint="rename it to .html")
    if not head.startswith((OLE_MAGIC, _RTF, _ZIP)):
        _refuse("it is no Word file", path, hint="save it as .docx")
    if head.startswith(OLE_MAGIC):
        if _is_encrypted(data):
            message = "the file is encrypted"
            hint = "open it with its password and save it without one"
            raise ReadError(message, code="E107", path=path, hint=hint)
        if _DOCUMENT not in data:
            _refuse("it is an Office file, but no Word document", path, hint="save it as .docx")


def _is_encrypted(data: bytes) -> bool:
    fib = data[_FIB_AT : _FIB_AT + _FLAGS_AT + 2]
    flags = int.from_bytes(fib[_FLAGS_AT:], "little")
    return _PACKAGE in data or (fib.startswith(_FIB_MAGIC) and bool(flags & _ENCRYPTED))


def _convert(data: bytes, path: Path, settings: Settings) -> bytes:
    """Return the content of the file as .docx."""
    office = find_office()
    if office is None:
        _refuse("LibreOffice is needed to read it and was not found", path, hint=_INSTALL)
    with tempfile.TemporaryDirectory(prefix="mining-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        # A name of our own: the file's may hold anything.
        source = folder / ("report.rtf" if data.lstrip().startswith(_RTF) else "report.doc")
        source.write_bytes(data)
        command = [
            office,
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            "docx:MS Word 2007 XML",
            "--outdir",
            str(folder / "out"),
            str(source),
        ]
        _run(command, path, settings)
        return _take(folder / "out" / "report.docx", path, settings)


def _run(command: list[str], path: Path, settings: Settings) -> None:
    """Run LibreOffice, and end it with all that it started when it takes too long."""
    process = subprocess.Popen(  # noqa: S603 - a fixed command; only the temporary folder varies
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | _ENVIRONMENT,
        start_new_session=True,
    )
    try:
        process.wait(timeout=settings.max_seconds)
    except subprocess.TimeoutExpired as error:
        message = f"the conversion passes the limit max_seconds = {settings.max_seconds}"
        hint = "save it as .docx or raise max_seconds"
        raise ReadError(message, code="E104", path=path, hint=hint) from error
    finally:
        # The command hands over to a second process, which must not outlive this call.
        if process.poll() is None:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _take(result: Path, path: Path, settings: Settings) -> bytes:
    if not result.is_file():
        _refuse("LibreOffice can't read it", path, hint="open it in Word and save it as .docx")
    if result.stat().st_size > settings.max_bytes:
        message = f"the converted file passes the limit max_bytes = {settings.max_bytes}"
        raise ReadError(message, code="E104", path=path, hint="raise max_bytes or split it")
    return result.read_bytes()


def _refuse(message: str, path: Path, *, hint: str) -> NoReturn:
    raise ReadError(message, code="E101", path=path, hint=hint)
