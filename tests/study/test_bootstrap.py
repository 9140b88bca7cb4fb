"""Intervals: as wide as the data allow, the same whatever the order of the rows."""

import numpy as np
import pytest

from mining.study.bootstrap import Bootstrap, share_intervals

N = 400
HOW = Bootstrap(samples=2000)


def interval(hits: list[int], clusters: list[str], how: Bootstrap = HOW) -> tuple[float, ...]:
    found = share_intervals([[h] for h in hits], [[1] for _ in hits], clusters, how)
    return float(found.share[0]), float(found.low[0]), float(found.high[0])


def test_single_reports_have_the_interval_of_a_binomial_share() -> None:
    hits = [1] * (N // 4) + [0] * (N - N // 4)

    share, low, high = interval(hits, [f"机关{i}" for i in range(N)])

    half = 1.96 * np.sqrt(0.25 * 0.75 / N)
    assert share == 0.25
    assert low == pytest.approx(0.25 - half, abs=0.006)
    assert high == pytest.approx(0.25 + half, abs=0.006)


def test_reports_of_one_agency_count_as_one() -> None:
    # Ten reports of each agency say the same: forty agencies are all there is to know.
    hits = [1] * (N // 4) + [0] * (N - N // 4)

    _, low, high = interval(hits, [f"机关{i // 10:03}" for i in range(N)])

    half = 1.96 * np.sqrt(0.25 * 0.75 / (N / 10))
    assert high - low == pytest.approx(2 * half, rel=0.1)


def test_intervals_hold_the_truth_as_often_as_they_promise() -> None:
    chance = np.random.default_rng(5)
    names = np.repeat([f"机关{i:02}" for i in range(60)], 5)
    held = 0
    for _ in range(200):
        # Agencies differ: half of them name the problem in 0.1 of their reports, half in 0.7.
        odds = np.repeat(np.where(chance.random(60) < 0.5, 0.1, 0.7), 5)
        hits = (chance.random(300) < odds).astype(float)[:, None]
        found = share_intervals(hits, np.ones_like(hits), names, Bootstrap(samples=200))
        held += bool(found.low[0] <= 0.4 <= found.high[0])

    assert 0.90 <= held / 200 <= 0.99


def test_order_of_rows_changes_nothing() -> None:
    hits = [1, 0, 0, 1, 1, 0, 1, 0]
    names = list("甲甲乙乙丙丙丁丁")
    order = np.random.default_rng(3).permutation(len(hits))

    assert interval(hits, names) == interval([hits[i] for i in order], [names[i] for i in order])


def test_seed_and_confidence_are_used() -> None:
    hits, names = [1, 0, 0, 1, 0, 1, 1], list("甲乙丙丁戊己庚")

    first, again = (interval(hits, names, Bootstrap(samples=150, seed=1)) for _ in range(2))
    other = interval(hits, names, Bootstrap(samples=150, seed=2))
    narrow = interval(hits, names, Bootstrap(confidence=0.5))

    assert first == again
    assert first != other
    assert narrow[2] - narrow[1] < interval(hits, names)[2] - interval(hits, names)[1]


def test_one_agency_has_a_share_and_no_interval() -> None:
    share, low, high = interval([1, 0], ["甲", "甲"])

    assert share == 0.5
    assert np.isnan([low, high]).all()


def test_nothing_counted_is_no_share() -> None:
    found = share_intervals([[0], [0]], [[0], [0]], ["甲", "乙"])

    assert np.isnan([found.share, found.low, found.high]).all()


def test_many_agencies_are_drawn_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    hits, names = [1, 0, 0, 1, 0, 1, 1], list("甲乙丙丁戊己庚")
    whole = interval(hits, names)
    monkeypatch.setattr("mining.study.bootstrap._BLOCK", 3 * len(names))

    assert interval(hits, names) == whole
