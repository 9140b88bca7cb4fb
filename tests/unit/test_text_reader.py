"""Bytes of any usual encoding to text, and a clear error for all else."""

from pathlib import Path

import pytest

from mining.errors import ReadError
from mining.readers.text import read_text
from mining.report import Report
from mining.settings import Settings

TEXT = "云州市水务局2022年政府信息公开工作年度报告\n一、总体情况\n全年主动公开政府信息312条。\n" * 5
TRADITIONAL = "民國九十九年政府信息公開年度報告\n全年主動公開政府資訊三百條，並無收費情形。\n" * 5
PATH = Path("report.txt")


def read(data: bytes, **limits: int) -> Report:
    return read_text(data, report_id="r", path=PATH, settings=Settings(**limits))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_simplified_text_is_read(encoding: str) -> None:
    assert read(TEXT.encode(encoding)).raw_text == TEXT


@pytest.mark.parametrize("encoding", ["big5", "utf-16-le", "utf-16-be", "utf-8"])
def test_traditional_text_and_text_without_a_mark_are_read(encoding: str) -> None:
    assert read(TRADITIONAL.encode(encoding)).raw_text == TRADITIONAL


def test_a_few_broken_bytes_are_shown_and_told() -> None:
    report = read(TEXT.encode() + b"\xff" + TEXT.encode())

    assert report.raw_text.count("\ufffd") == 1
    assert [entry.code for entry in report.log] == ["mixed-encoding"]
    assert report.source.encoding == "utf-8"


def test_the_source_is_told() -> None:
    source = read(TEXT.encode("gb18030")).source

    assert source.n_bytes == len(TEXT.encode("gb18030"))
    assert len(source.sha256) == 64


@pytest.mark.parametrize("data", [b"", b"  \n", b"\xef\xbb\xbf", "\u3000\n".encode()])
def test_no_text_is_an_error(data: bytes) -> None:
    with pytest.raises(ReadError, match="E102"):
        read(data)


@pytest.mark.parametrize(
    "data",
    [b"\x7fELF" + bytes(range(256)) * 20, b"\x89PNG\r\n\x1a\n" + b"\0\1\2\xff" * 200],
    ids=["program", "picture"],
)
def test_bytes_that_are_no_text_are_an_error(data: bytes) -> None:
    with pytest.raises(ReadError, match=r"E10[13]"):
        read(data)


@pytest.mark.parametrize("limits", [{"max_chars": 50}, {"max_lines": 3}])
def test_limits_hold(limits: dict[str, int]) -> None:
    with pytest.raises(ReadError, match="E104"):
        read(TEXT.encode(), **limits)
