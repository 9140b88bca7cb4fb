"""Slopes and means with intervals over agencies."""

from __future__ import annotations

import numpy as np
import pytest

from mining.study.slopes import mean_interval, slope_interval

AGENCIES = np.repeat(np.arange(80), 6)
YEARS = np.tile(np.arange(2019, 2025), 80)


def test_slope_is_that_of_least_squares() -> None:
    rng = np.random.default_rng(7)
    values = 0.03 * YEARS + rng.normal(0, 0.1, len(YEARS))
    found = slope_interval(values, YEARS, AGENCIES)

    assert found.value == pytest.approx(np.polyfit(YEARS - 2019, values, 1)[0])
    assert found.low < 0.03 < found.high
    assert found.low > 0
    assert (found.n, found.agencies) == (480, 80)


def test_slope_over_two_groups_is_the_difference_of_means() -> None:
    rng = np.random.default_rng(7)
    group = AGENCIES % 3 == 0
    values = np.where(group, 2.0, 1.0) + rng.normal(0, 0.2, len(YEARS))
    found = slope_interval(values, group, AGENCIES)

    assert found.value == pytest.approx(values[group].mean() - values[~group].mean())


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(7)
    held = 0
    for _ in range(100):
        own = np.repeat(rng.normal(0, 0.05, 80), 6) * (YEARS - 2021.5)
        values = 0.1 * (YEARS - 2021.5) + own + rng.normal(0, 0.3, len(YEARS))
        found = slope_interval(values, YEARS, AGENCIES)
        held += found.low <= 0.1 <= found.high

    assert 87 <= held <= 100


def test_missing_values_are_left_out_and_order_changes_nothing() -> None:
    rng = np.random.default_rng(7)
    values = 0.03 * YEARS + rng.normal(0, 0.1, len(YEARS))
    values[::7] = np.nan
    order = rng.permutation(len(values))
    one = slope_interval(values, YEARS, AGENCIES)
    two = slope_interval(values[order], YEARS[order], AGENCIES[order])

    assert one == two
    assert one.n == np.count_nonzero(~np.isnan(values))


def test_mean_of_fractions() -> None:
    found = mean_interval([0.5, 0.7, np.nan, 0.6], ["甲", "乙", "丙", "丁"])

    assert found.value == pytest.approx(0.6)
    assert (found.n, found.agencies) == (3, 3)
    assert found.low < 0.6 < found.high


def test_nothing_to_estimate_from() -> None:
    found = slope_interval([np.nan], [1], ["甲"])

    assert np.isnan(found.value)
    assert found.n == 0
