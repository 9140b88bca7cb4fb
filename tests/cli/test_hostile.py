"""Hostile files through the command line: a clear failed row each, soon, and the rest goes on."""

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.pdfmaker import assemble
from tests.wordmaker import make_docx, p, pack

HIDDEN = "天机不可泄露"
SENTENCE = "本年新收政府信息公开申请12件，均已答复。"
LOLS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))
LAUGHS = f'<!DOCTYPE w [<!ENTITY l0 "ha">{LOLS}]>'
OUTSIDE = '<!DOCTYPE w [<!ENTITY e SYSTEM "SECRET_FILE">]>'
DEEP = "<w:tbl><w:tr><w:tc>" * 2_000 + p(SENTENCE) + "</w:tc></w:tr></w:tbl>" * 2_000
GOOD = "好.txt"
# Starts the command and tells what it took: its parent must be small, or it would count itself.
METER = """
import os, sys
child = os.posix_spawn(sys.executable, [sys.executable, *sys.argv[1:]], os.environ)
_, status, usage = os.wait4(child, 0)
spent = usage.ru_utime + usage.ru_stime
print(os.waitstatus_to_exitcode(status), spent, usage.ru_maxrss * 1024)
"""
SECONDS, MEMORY = 2.0, 300_000_000


def word(head: str, body: str) -> bytes:
    """Return a Word file whose document begins with a document type."""
    name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    xml = f'<?xml version="1.0"?>{head}<w:document xmlns:w="{name}"><w:body>{body}</w:body>'
    return make_docx("", files={"word/document.xml": f"{xml}</w:document>".encode()})


def zipped(name: str, content: bytes) -> bytes:
    return pack({name: content})


def nested_bomb() -> bytes:
    inner = zipped("年报.txt", bytes(50_000_000))
    return pack({"一.zip": inner, "二.zip": inner, "年报.txt": bytes(100_000_000)})


def pdf_of(n_objects: int) -> bytes:
    kids = " ".join(f"{i} 0 R" for i in range(3, n_objects))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
    head = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Kids [{kids}] /Count {n_objects - 3} >>".encode(),
    }
    return assemble(head | dict.fromkeys(range(3, n_objects), page))


def page(markup: str) -> bytes:
    return markup.encode()


# The name of each file, its content, what its row says: a code, or nothing for a result.
CASES: dict[str, tuple[Callable[[], bytes], str]] = {
    "实体.docx": (partial(word, LAUGHS, p("&l11;")), "E101"),
    "外部.docx": (partial(word, OUTSIDE, p("&e;")), "E101"),
    "实体.xhtml": (partial(page, f"{LAUGHS}<html><p>&l11;{SENTENCE}</p></html>"), ""),
    "外部.xhtml": (partial(page, f"{OUTSIDE}<html><p>&e;{SENTENCE}</p></html>"), ""),
    "引用.html": (partial(page, f"<p>{SENTENCE}</p><iframe src='SECRET_FILE'></iframe>"), ""),
    "跨列.html": (partial(page, f"<table><tr><td colspan=999999999>{SENTENCE}<td>1"), ""),
    "万格.html": (lambda: b"<table>" + b"<tr><td>1<td>2" * 60_000, "E104"),
    "深层.html": (partial(page, "<div>" * 5_000 + SENTENCE), "E104"),
    "深层.docx": (partial(word, "", DEEP), "E104"),
    "膨胀.docx": (lambda: word("", " " * 100_000_000), "E104"),
    "对象.pdf": (partial(pdf_of, 150_000), "E104"),
    "套娃.zip": (nested_bomb, "E104"),
    "越界.zip": (partial(zipped, "../../越界.txt", SENTENCE.encode()), "E105"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """How a run ended, what it printed, and what it took: seconds of work, bytes of memory."""

    code: int
    err: str
    seconds: float
    memory: int


def audit(folder: Path, out: Path) -> Spent:
    """Run the command in a process of its own and measure it."""
    arguments = ("-m", "mining", "audit", str(folder), "--out", str(out))
    ran = subprocess.run(
        [sys.executable, "-c", METER, *arguments],
        check=True,
        capture_output=True,
        env={k: v for k, v in os.environ.items() if k != "MINING_LANG"},
    )
    code, seconds, memory = ran.stdout.split()
    return Spent(
        code=int(code), err=ran.stderr.decode(), seconds=float(seconds), memory=int(memory)
    )


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory, sample_text: bytes) -> Spent:
    """What a run over a good report alone takes: starting up is not the hostile file's fault."""
    folder = tmp_path_factory.mktemp("好")
    (folder / GOOD).write_bytes(sample_text)
    return audit(folder, tmp_path_factory.mktemp("果") / "out")


@pytest.fixture(scope="module")
def sample_text() -> bytes:
    sample = Path(__file__).parents[2] / "corpora" / "sample" / "reports"
    return next(path for path in sorted(sample.glob("*.txt"))).read_bytes()


@pytest.mark.parametrize("name", CASES)
def test_hostile_file(name: str, good: Spent, sample_text: bytes, tmp_path: Path) -> None:
    make, code = CASES[name]
    folder, secret = tmp_path / "年报", tmp_path / "密.txt"
    folder.mkdir()
    secret.write_text(HIDDEN, encoding="utf-8")
    (folder / GOOD).write_bytes(sample_text)
    (folder / name).write_bytes(make().replace(b"SECRET_FILE", secret.as_uri().encode()))

    spent = audit(folder, tmp_path / "out")
    if spent.seconds - good.seconds >= SECONDS:
        # A machine that does other work as well may double the time for a moment.
        spent = audit(folder, tmp_path / "again")

    rows = {r["report"]: r for r in pq.read_table(tmp_path / "out/reports.parquet").to_pylist()}
    hostile = [row for report, row in rows.items() if report.startswith(name)]
    assert spent.seconds - good.seconds < SECONDS
    assert spent.memory - good.memory < MEMORY
    assert rows[GOOD]["status"] == "ok"
    assert "Traceback" not in spent.err
    assert [(row["error"] or "")[1:5] for row in hostile] == [code]
    assert (spent.code, f"[{code}]" in spent.err and name in spent.err) == (
        (3, True) if code else (0, False)
    )
    texts = pq.read_table(tmp_path / "out/texts.parquet").column("text").to_pylist()
    assert all(HIDDEN not in text and len(text) < 100_000 for text in texts)
    assert not list(tmp_path.parent.rglob("越界.txt"))


def test_all_of_them_in_one_run(sample_text: bytes, tmp_path: Path) -> None:
    folder = tmp_path / "年报"
    folder.mkdir()
    (folder / GOOD).write_bytes(sample_text)
    for name, (make, _) in CASES.items():
        (folder / name).write_bytes(make())

    spent = audit(folder, tmp_path / "out")

    rows = pq.read_table(tmp_path / "out/reports.parquet").to_pylist()
    failed = [row["report"] for row in rows if row["status"] == "failed"]
    assert spent.code == 3
    assert len(failed) == sum(bool(code) for _, code in CASES.values())
    assert spent.memory < MEMORY + 200_000_000


def test_archive_with_a_broken_directory_does_not_end_the_run(
    sample_text: bytes, tmp_path: Path
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("年报.txt", sample_text)
    # The name's flag says UTF-8, and its bytes in the directory are none.
    data = packed.getvalue()
    at = data.rindex("年报.txt".encode())
    (tmp_path / "坏.zip").write_bytes(data[:at] + b"\xff\xfe" + data[at + 2 :])
    (tmp_path / GOOD).write_bytes(sample_text)

    spent = audit(tmp_path, tmp_path / "out")

    rows = {r["report"]: r for r in pq.read_table(tmp_path / "out/reports.parquet").to_pylist()}
    assert spent.code == 3
    assert rows["坏.zip"]["error"].startswith("[E101]")
    assert rows[GOOD]["status"] == "ok"
