"""Web archives: pages by their addresses, each as the server sent it, and hostile files refused.

``tests/data/warc/site.warc.gz`` was written by wget from a server with three generated reports: a
page, a page sent in chunks by a script, a Word file, and a picture and a missing page beside them.
"""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from mining.corpus import webarchives
from mining.corpus.inputs import Inputs
from mining.corpus.loading import Loader
from mining.errors import ReadError
from mining.pipeline import audit_report
from mining.settings import Settings
from tests.packmaker import SETTINGS, contents, found, packed

SITE = Path(__file__).parents[1] / "data" / "warc" / "site.warc.gz"
SAMPLE = Path(__file__).parents[2] / "corpora" / "sample" / "reports"
PAGE = "<html><body><p>青原县司法局2020年政府信息公开工作年度报告</p></body></html>".encode()
HOST = "127.0.0.1:8766"


def record(
    body: bytes,
    *,
    address: str = "http://www.example.gov.cn/a.html",
    media_type: str = "text/html",
    date: str = "2021-02-01T00:00:00Z",
    http: str = "",
    more: str = "",
) -> bytes:
    """Return a record of a page that a server sent."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\n{http}\r\n".encode()
    return envelope("response", address, head + body, date=date, more=more)


def envelope(
    kind: str,
    address: str,
    block: bytes,
    *,
    date: str = "2021-02-01T00:00:00Z",
    media_type: str = "application/http; msgtype=response",
    more: str = "",
) -> bytes:
    """Return a record of any kind."""
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\nWARC-Date: {date}\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n{more}"
        f"Content-Type: {media_type}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def archive(tmp_path: Path, *records: bytes, name: str = "a.warc") -> Path:
    """Write an archive, compressed record by record when its name says so."""
    path = tmp_path / name
    path.write_bytes(b"".join(map(gzip.compress, records) if name.endswith("gz") else records))
    return path


def names(inputs: Inputs) -> list[str]:
    return [item.name for item in inputs.items]


def failures(inputs: Inputs) -> list[tuple[str, str]]:
    return [(failure.report, failure.code) for failure in inputs.failures]


def test_archive_of_a_crawler_gives_what_the_server_had() -> None:
    inputs = found(SITE)

    assert names(inputs) == [
        f"{HOST}/gk/show.jsp?id=7.html",
        f"{HOST}/index.html",
        f"{HOST}/jiangling_civil_2022.html",
        f"{HOST}/年报.docx",
    ]
    assert inputs.skipped == {".png": 1}
    assert not inputs.failures
    with Loader(settings=SETTINGS) as loader:
        page, chunked = loader.load(inputs.items[2]), loader.load(inputs.items[0])
    assert page == (SAMPLE / "jiangling_civil_2022.html").read_bytes()
    assert chunked == (SAMPLE / "yunzhou_statistics_2022.html").read_bytes()


def test_findings_are_those_of_the_file() -> None:
    item = found(SITE).items[2]
    with Loader(settings=SETTINGS) as loader:
        data = loader.load(item)
    file = SAMPLE / "jiangling_civil_2022.html"

    archived = audit_report(data, report_id="a", path=item.source, settings=SETTINGS)
    saved = audit_report(file.read_bytes(), report_id="a", path=file, settings=SETTINGS)

    assert saved.findings
    assert archived.findings == saved.findings


@pytest.mark.parametrize("name", ["a.warc", "A.WARC.GZ", "b.warc.gz"])
def test_compressed_or_not(tmp_path: Path, name: str) -> None:
    other = record(b"second", address="http://www.example.gov.cn/b.txt", media_type="text/plain")
    inputs = found(
        archive(tmp_path, record(PAGE), other, name=name.lower()).rename(tmp_path / name)
    )

    assert names(inputs) == ["www.example.gov.cn/a.html", "www.example.gov.cn/b.txt"]
    with Loader(settings=SETTINGS) as loader:
        assert [loader.load(item) for item in reversed(inputs.items)] == [b"second", PAGE]


def test_archives_in_a_folder_are_packed_like_files(tmp_path: Path) -> None:
    folder = tmp_path / "存档"
    folder.mkdir()
    archive(folder, record(PAGE), name="x.warc.gz")
    (folder / "y.txt").write_bytes(PAGE)

    packed([folder], tmp_path / "p.parquet")

    assert contents(tmp_path / "p.parquet") == contents(folder)
    assert set(contents(folder)) == {"x.warc.gz/www.example.gov.cn/a.html", "y.txt"}


@pytest.mark.parametrize(
    ("address", "media_type", "name"),
    [
        ("http://a.cn/", "text/html", "a.cn/index.html"),
        ("http://a.cn/x.shtml", "text/html;charset=GBK", "a.cn/x.shtml"),
        ("http://a.cn/x.jsp", "Text/HTML", "a.cn/x.jsp.html"),
        ("http://a.cn/down.do?f=/1/2.pdf", "application/pdf", "a.cn/down.do?f=%2F1%2F2.pdf"),
        ("http://a.cn/f", "application/pdf", "a.cn/f.pdf"),
        ("http://a.cn/f.wps", "application/octet-stream", "a.cn/f.wps"),
        ("http://a.cn/%C4%EA%B1%A8.doc", "application/msword", "a.cn/年报.doc"),
        ("<https://a.cn/%E5%B9%B4%E6%8A%A5.html>", "text/html", "a.cn/年报.html"),
    ],
)
def test_names_come_from_addresses(
    tmp_path: Path, address: str, media_type: str, name: str
) -> None:
    assert names(
        found(archive(tmp_path, record(PAGE, address=address, media_type=media_type)))
    ) == [name]


def test_only_pages_that_were_fetched(tmp_path: Path) -> None:
    missing = envelope("response", "http://a.cn/gone.html", b"HTTP/1.1 404 No\r\n\r\nno")
    request = envelope("request", "http://a.cn/a.html", b"GET / HTTP/1.1\r\n\r\n")
    own = envelope("resource", "metadata://wget/log.txt", b"log", media_type="text/plain")
    kept = envelope("resource", "ftp://a.cn/kept.txt", b"text", media_type="text/plain")
    broken = envelope("response", "http://[a.cn/b.html", b"HTTP/1.1 200 OK\r\n\r\nno")

    inputs = found(archive(tmp_path, missing, request, own, kept, broken))

    assert names(inputs) == ["a.cn/kept.txt"]


def test_newest_capture_stands_for_a_page(tmp_path: Path) -> None:
    path = archive(
        tmp_path,
        record(b"second", date="2022-01-01T00:00:00Z"),
        record(b"third", date="2023-01-01T00:00:00Z"),
        record(b"first", date="2021-01-01T00:00:00Z"),
        name="a.warc.gz",
    )

    inputs = found(path)

    assert contents(path) == {"www.example.gov.cn/a.html": b"third"}
    assert inputs.skipped == {"older capture": 2}


def test_transfer_encodings_are_undone(tmp_path: Path) -> None:
    body = gzip.compress(PAGE)
    half = len(body) // 2
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(c), c) for c in (body[:half], body[half:], b""))
    http = "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"

    assert list(contents(archive(tmp_path, record(chunks, http=http))).values()) == [PAGE]


def test_name_that_leads_outside_is_refused(tmp_path: Path) -> None:
    inputs = found(archive(tmp_path, record(PAGE, address="http://a.cn/../../etc/x.html")))

    assert failures(inputs) == [("a.cn/../../etc/x.html", "E105")]


def test_page_that_the_crawler_cut_off_is_refused(tmp_path: Path) -> None:
    inputs = found(archive(tmp_path, record(PAGE, more="WARC-Truncated: length\r\n")))

    assert [f.code for f in inputs.failures] == ["E101"]
    assert "length" in inputs.failures[0].message


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_archive_that_ends_early_keeps_what_stands_before(tmp_path: Path, name: str) -> None:
    last = record(PAGE * 50, address="http://a.cn/z.html")
    path = archive(tmp_path, record(PAGE), last, name=name)
    path.write_bytes(path.read_bytes()[:-40])

    inputs = found(path)

    assert failures(inputs) == [(name, "E101")]
    assert contents(path) == {
        "a.cn/z.html": "E101",
        "www.example.gov.cn/a.html": PAGE,
        name: "E101",
    }


def test_damage_in_the_middle_is_told(tmp_path: Path) -> None:
    path = archive(tmp_path, record(PAGE), record(PAGE, address="http://a.cn/z.html"))
    data = path.read_bytes()
    path.write_bytes(data[: len(record(PAGE))] + b"?" * 30 + data[len(record(PAGE)) + 30 :])

    inputs = found(path)

    assert names(inputs) == ["www.example.gov.cn/a.html"]
    assert failures(inputs) == [("a.warc", "E101")]


def test_archive_compressed_as_a_whole_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(gzip.compress(record(PAGE) * 3))

    inputs = found(path)

    assert failures(inputs) == [("a.warc.gz", "E101")]
    assert "as a whole" in inputs.failures[0].message


def test_no_archive_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(b"no archive" * 100)

    assert failures(found(path)) == [("a.warc", "E101")]


def test_pages_have_a_limit_packed_and_unpacked(tmp_path: Path) -> None:
    body = gzip.compress(b"a" * 3_000_000)
    bomb = record(body, address="http://a.cn/b.html", http="Content-Encoding: gzip\r\n")
    path = archive(tmp_path, record(b"a" * 1_000_001), bomb)
    settings = Settings(max_bytes=1_000_000)

    listed = webarchives.list_captures(path, settings=settings).members

    assert [m.refusal.code if m.refusal else "" for m in listed] == ["", "E104"]
    pages = webarchives.WebArchive(path)
    with pytest.raises(ReadError, match="E104"):
        pages.read(listed[0].index, settings=settings)
    pages.close()


def test_bomb_in_a_header_takes_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.warc.gz"
    with gzip.open(path, "wb") as out:
        out.write(b"WARC/1.0\r\nWARC-Type: response\r\nX: ")
        for _ in range(300):
            out.write(b"a" * 1_000_000)
    code = (
        "import resource, sys; from pathlib import Path;"
        "from mining.corpus.webarchives import list_captures; from mining.settings import Settings;"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "damage = list_captures(Path(sys.argv[1]), settings=Settings()).damage;"
        "print(damage.code, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )

    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )

    told, grown = done.stdout.split()
    assert told == "E101"
    assert int(grown) < 50_000


def test_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = archive(tmp_path, record(PAGE))
    (tmp_path / "b.txt").write_bytes(PAGE)
    monkeypatch.setitem(sys.modules, "fastwarc.warc", None)

    inputs = found(tmp_path)

    assert [item.report_id for item in inputs.items] == ["b.txt"]
    assert [(f.report, f.code) for f in inputs.failures] == [(path.name, "E601")]
