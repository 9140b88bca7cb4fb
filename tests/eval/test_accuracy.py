"""No accuracy falls below what was once reached; ``benchmarks/accuracy.py`` raises the floors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.accuracy import BY_HAND, FLOORS, SMALL, floors_of, interval, measure, page
from mining.scoring import Score

HELD = json.loads(FLOORS.read_text(encoding="utf-8"))

pytestmark = pytest.mark.eval


@pytest.fixture(scope="module")
def scores() -> dict[str, Score]:
    return measure(SMALL)


def test_nothing_falls_below_its_floor(scores: dict[str, Score]) -> None:
    found = floors_of(scores)
    fallen = {n: (found.get(n), floor) for n, floor in HELD.items() if found.get(n, 0) < floor}

    assert fallen == {}


def test_everything_measured_has_a_floor(scores: dict[str, Score]) -> None:
    assert sorted(set(floors_of(scores)) - set(HELD)) == []


def test_the_page_tells_every_part_and_keeps_what_is_by_hand(scores: dict[str, Score]) -> None:
    text = page(scores, None, f"{BY_HAND}\n\nkept\n")

    assert text.endswith("kept\n")
    assert "| years-carried off-by-few |" in text
    assert text.count("\n## ") >= 6


@pytest.mark.parametrize(("wrong", "n"), [(0, 50), (3, 50), (50, 50)])
def test_the_interval_holds_the_share(wrong: int, n: int) -> None:
    low, high = interval(wrong, n)

    assert 0 <= low <= wrong / n <= high + 1e-9 <= 1 + 1e-6


def test_floors_are_rounded_down() -> None:
    assert floors_of({}) == {}
    assert all(0 <= v <= 1 for v in HELD.values())
    assert Path(FLOORS).name == "floors-accuracy.json"
