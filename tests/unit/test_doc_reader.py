"""Old Word files go through LibreOffice; what it should not see is refused before."""

import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from mining.errors import ReadError
from mining.generate.truth import load_truth
from mining.readers import doc
from mining.readers.doc import find_office, read_doc
from mining.readers.docx import read_docx
from mining.report import Report
from mining.settings import Settings
from tests.conftest import SAMPLE
from tests.wordmaker import docx_of_truth, make_docx, p

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DOCUMENT = "WordDocument".encode("utf-16-le")
RTF = rb"{\rtf1\ansi\ansicpg936 \u26032?\u31435?12\u20214?\par}"

needs_office = pytest.mark.skipif(
    find_office() is None and not os.environ.get("CI"), reason="LibreOffice is not installed"
)


def read(
    data: bytes, *, name: str = "report.doc", limits: Mapping[str, float] | None = None
) -> Report:
    settings = Settings(**(limits or {}))  # type: ignore[arg-type]
    return read_doc(data, report_id="r", path=Path(name), settings=settings)


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"  \n", "E102", "empty"),
        (b"<html><body>x</body></html>", "E101", "web page"),
        (b"GIF89a" + b"\0" * 99, "E101", "no Word file"),
        (OLE + b"\0" * 2000, "E101", "no Word document"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "E107", "encrypted"),
        (OLE + b"\0" * 504 + b"\xec\xa5" + b"\0" * 9 + b"\1" + DOCUMENT, "E107", "encrypted"),
        (b"PK\3\4" + b"\0" * 99, "E101", "damaged"),
    ],
)
def test_what_is_no_old_word_file_is_refused_at_once(data: bytes, code: str, words: str) -> None:
    with pytest.raises(ReadError, match=words) as error:
        read(data)
    assert error.value.code == code


def test_a_docx_named_doc_is_read_as_what_it_is() -> None:
    report = read(make_docx(p("新收申请12件。")))

    assert report.raw_text == "新收申请12件。\n"
    assert report.source.media_type == "application/msword"


def test_without_libreoffice_the_user_learns_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)

    with pytest.raises(ReadError, match="apt-get install libreoffice-writer-nogui") as error:
        read(OLE + DOCUMENT)
    assert error.value.code == "E101"


def stand_in(folder: Path, code: str) -> str:
    """Return a command that runs `code` instead of LibreOffice."""
    script = folder / "office"
    script.write_text(f"#!{sys.executable}\nimport sys, time, pathlib\n{code}\n", encoding="utf-8")
    script.chmod(0o755)
    return str(script)


WRITE = "out = pathlib.Path(sys.argv[sys.argv.index('--outdir') + 1]); out.mkdir()\n"


@pytest.mark.parametrize(
    ("code", "limits", "words"),
    [
        ("time.sleep(60)", {"max_seconds": 0.5}, "max_seconds"),
        ("sys.exit(3)", {}, "can't read it"),
        (f"{WRITE}(out / 'report.docx').write_bytes(b'x' * 5000)", {"max_bytes": 4000}, "max_b"),
        (f"{WRITE}(out / 'report.docx').write_bytes(b'x' * 5000)", {}, "no Word file"),
    ],
    ids=["slow", "fails", "too much", "nonsense"],
)
def test_a_conversion_that_goes_wrong_is_a_clear_error(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    code: str,
    limits: dict[str, float],
    words: str,
) -> None:
    command = stand_in(tmp_path, code)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(doc, "find_office", lambda: command)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))

    with pytest.raises(ReadError, match=words):
        read(OLE + DOCUMENT, limits=limits)
    assert list(temporary.iterdir()) == []


@needs_office
@pytest.mark.slow
def test_a_doc_gives_the_text_of_its_docx(tmp_path: Path) -> None:
    truth = load_truth(SAMPLE / "truth" / "jiangling_civil_2022.toml")
    data = docx_of_truth(truth)
    settings = Settings()
    office = find_office()
    assert office is not None
    # The sample as .doc is made by the same program: no binary file is kept here.
    (tmp_path / "profile").mkdir()
    (tmp_path / "sample.docx").write_bytes(data)
    profile = (tmp_path / "profile").as_uri()
    command = [office, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "doc"]
    doc._run(
        [*command, "--outdir", str(tmp_path), str(tmp_path / "sample.docx")], Path("x"), settings
    )

    report = read((tmp_path / "sample.doc").read_bytes())

    expected = read_docx(data, report_id="r", path=Path("r.docx"), settings=settings)
    assert report.raw_text == expected.raw_text


@needs_office
@pytest.mark.slow
def test_rich_text_is_read() -> None:
    report = read(RTF, name="report.rtf")

    assert report.raw_text.strip() == "新立12件"
    assert report.source.media_type == "application/rtf"
