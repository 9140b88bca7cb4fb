"""Hostile web pages: each ends in a report or a clear error, soon and within small memory."""

import gc
import resource
import time
from pathlib import Path

import pytest

from mining.errors import ReadError
from mining.html.tree import Node
from mining.readers.html import read_html
from mining.report import Report
from mining.settings import Settings

SENTENCE = "本年新收政府信息公开申请12件，均已答复。"


def read(page: str | bytes) -> Report:
    data = page.encode() if isinstance(page, str) else page
    return read_html(data, report_id="r", path=Path("page.html"), settings=Settings())


REFUSED = [
    (b"", "E102"),
    (b"   \n", "E102"),
    (b"<html><body><script>x</script></body></html>", "E102"),
    (b"PK\x03\x04" + bytes(200), "E101"),
    (b"%PDF-1.7 ...", "E101"),
    (b"MIME-Version: 1.0\r\nContent-Type: image/png\r\n\r\nxx", "E102"),
    (b"\x7fELF" + bytes(range(256)) * 20, "E103"),
]


@pytest.mark.parametrize(("data", "code"), REFUSED)
def test_what_is_no_page_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(ReadError) as caught:
        read(data)

    assert caught.value.code == code
    assert caught.value.path == "page.html"


LOLS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))
BIG = 15_000_000
HOSTILE = {
    "divs": "<div>" * 100_000,
    "unclosed bold": "<b>" * 100_000,
    "tables": "<table><tr><td>" * (20_000_000 // 15),
    "nested tables": "<table><tr><td>" * 60_000,
    "cells": "<table><tr>" + "<td>1" * 60_000,
    "wide": f"<table><tr><td colspan=999999999>{SENTENCE}<td rowspan=999999999>1<tr><td>2</table>",
    "tall": "<table><tr>" + "<td rowspan=60000>1" * 3000 + "<tr><td>2" * 30_000,
    "laughs": f'<!DOCTYPE html [<!ENTITY l0 "ha">{LOLS}]><p>&l11;{SENTENCE}</p>',
    "outside": f'<!DOCTYPE p [<!ENTITY e SYSTEM "file:///etc/passwd">]><p>&e;{SENTENCE}</p>',
    "attribute": f"<p title='{'x' * BIG}'>{SENTENCE}</p>",
    "attributes": f"<p {' '.join(f'a{i}=1' for i in range(150_000))}>{SENTENCE}</p>",
    "text": "<p>" + "x" * BIG,
    "zero bytes": SENTENCE.replace("新", "\0新\0"),
    "zero bytes in a table": "<table>" + "1\0" * 400_000,
    "lines": "<pre>" + "新\n" * 400_000,
    "entities in a title": "<title>" + "新&amp;" * 300_000,
    "comments": "<!--" * 150_000,
    "open tags": "<" * 20_000_000,
    "scripts": "<script " * 1_000_000,
    "blanks": "<p>" + " \n" * 5_000_000 + SENTENCE,
    "lists": f"<ol start=99999999999>{'<li value=-5>甲' * 20_000}",
    "archive": "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=a\n\n"
    + "--a\n\n" * 900_000,
    "archives": "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=a\n\n"
    + "--a\nContent-Type: multipart/related; boundary=a\n\n" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_end_soon_and_small(name: str) -> None:
    data = HOSTILE[name].encode()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    try:
        text = read(data).raw_text
    except ReadError as error:
        assert error.code in {"E101", "E102", "E104"}  # noqa: PT017 - either end is right
    else:
        assert "root:" not in text
        assert len(text) < 2_000_001
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before

    assert time.process_time() - start < 2
    assert grown < 300_000


@pytest.mark.parametrize(
    "name", ["laughs", "outside", "attribute", "attributes", "zero bytes", "wide"]
)
def test_text_beside_hostile_markup_is_read(name: str) -> None:
    assert SENTENCE in read(HOSTILE[name]).raw_text


# html and body are blocks, and the root is not: 200 blocks fit, and 1,000 other elements.
DEEP = [
    ("<div>" * 198, "</div>" * 198, True),
    ("<div>" * 199, "</div>" * 199, False),
    ("<b>" * 999, "", True),
    ("<b>" * 1000, "", False),
    ("<div>" * 198 + "<b>" * 999, "", True),
    # Not at the deepest place.
    ("<b>" * 900 + "</b>" * 900 + "<div>" * 199, "</div>" * 199 + "<i>" * 900, False),
    ("<b>" * 150 + "<div>" * 190 + "</div>" * 190 + "<div>" * 190, "", True),
]


@pytest.mark.parametrize(("before", "after", "fits"), DEEP)
def test_depth_counts_blocks_and_other_elements_apart(
    before: str, after: str, *, fits: bool
) -> None:
    page = f"<html><body>{before}{SENTENCE}{after}"
    if fits:
        assert SENTENCE in read(page).raw_text
        return
    with pytest.raises(ReadError, match="max_depth = 200") as caught:
        read(page)

    assert caught.value.code == "E104"


def n_elements() -> int:
    return sum(isinstance(item, Node) for item in gc.get_objects())


def test_no_tree_outlives_its_page() -> None:
    gc.collect()
    before = n_elements()
    gc.disable()
    try:
        read(f"<p>{SENTENCE}</p>" * 100)

        assert n_elements() == before
    finally:
        gc.enable()
