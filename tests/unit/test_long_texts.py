"""Texts as long as they may be, made of one piece: every step stays linear and within bounds."""

from pathlib import Path

import pytest

from benchmarks.bounded import run_bounded
from benchmarks.fuzz import audit
from mining.catalog import shipped_forms
from mining.errors import ReadError
from mining.report import Report, Source
from mining.settings import Settings
from mining.steps.normalize import normalize

HEAD = "青原县林业局2022年政府信息公开工作年度报告\n一、总体情况\n"
SIZE = 580_000
PIECES = {
    "numerals": "1，",
    "numerals in characters": "一，",
    "broken ranges": "1至",
    "pipes": "1|",
    "blanks": "\t\t",
    "shares": "占1%",
    "figures": "收到12件，",
    "parts": "，其中10件",
    "sentence": "本年新收政府信息公开申请12件，其中自然人10件，均已答复。",
}


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    """Load in this process what its children would each load again."""
    audit(HEAD.encode(), "txt")


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_long_text_is_read_within_bounds(piece: str) -> None:
    data = (HEAD + piece * (SIZE // len(piece))).encode()

    outcome = run_bounded(lambda: audit(data, "txt"))

    assert (outcome.kind, outcome.told[:2]) == ("done", "ok")


@pytest.mark.parametrize("end", ["\n", "\r", "\u2028", "\x85"])
def test_lines_are_counted_whatever_ends_them(end: str) -> None:
    data = (HEAD + f"新{end}" * 200_000).encode()

    outcome = run_bounded(lambda: audit(data, "txt"))

    assert (outcome.kind, outcome.told) == ("done", "E104 # lines, the limit is #")


def test_text_may_not_grow_over_the_limit() -> None:
    report = Report(id="r", source=Source(uri="r.txt"), raw_text="㈠" * 40)

    with pytest.raises(ReadError, match="120 characters, the limit is 100") as caught:
        normalize(report, shipped_forms()[0], Settings(max_chars=100))

    assert caught.value.path == str(Path("r.txt"))
