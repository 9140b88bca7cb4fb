"""When a run has too many findings to show, the gravest are shown and all are counted."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from mining.present import html, xlsx
from mining.present.cards import ReportCard, summarize
from mining.present.html import write_page
from mining.present.selection import Kind, select_cards
from tests.cardmaker import make_card, make_finding

KINDS = [
    ("suspect", "error"),
    ("mismatch", "warning"),
    ("mismatch", "error"),
    ("mismatch", "warning"),
]


def cards() -> list[ReportCard]:
    return [
        make_card(*(make_finding(id=f"{n}{i}", status=s, severity=v) for i, (s, v) in KINDS_AT))
        for n in "ab"
    ]


KINDS_AT = list(enumerate(KINDS))
COUNTS: Counter[Kind] = Counter(KINDS * 2)


@pytest.mark.parametrize(
    ("most", "shown"),
    [
        (8, ["a0", "a1", "a2", "a3", "b0", "b1", "b2", "b3"]),
        (7, ["a0", "a1", "a2", "a3", "b1", "b2", "b3"]),
        (4, ["a1", "a2", "a3", "b2"]),
        (1, ["a2"]),
        (0, []),
    ],
)
def test_gravest_first_then_in_order(most: int, shown: list[str]) -> None:
    selected = list(select_cards(cards(), COUNTS, most=most))

    assert [f["id"] for card in selected for f in card["findings"]] == shown
    assert [card["counts"] for card in selected] == [card["counts"] for card in cards()]


def test_page_bounds_failed_reports_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "MOST_REPORTS", 2)
    failed = [make_card(report=f"坏{n}.txt", ok=False, error="[E101]") for n in range(5)]
    wrong = make_card(make_finding(message="最后一条"), report="错.txt")

    write_page([*failed, wrong], tmp_path / "a.html", summary=summarize([*failed, wrong]))

    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert [f"坏{n}.txt" in page for n in range(5)] == [True, True, False, False, False]
    assert "最后一条" in page
    assert '"cut":1' in page


def test_sheets_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    monkeypatch.setattr(xlsx, "MOST_LISTED", 3)
    many = [make_card(report=f"{n}.txt") for n in range(9)]

    xlsx.write_workbook(many, tmp_path / "a.xlsx", summary=summarize(many))

    assert openpyxl.load_workbook(tmp_path / "a.xlsx")["覆盖情况"].max_row == 4
