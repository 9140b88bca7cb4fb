"""Approximation: narrow and wide readings, and the bounds that are written out."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining.quantities.approximation import APPROXIMATORS, make_magnitude, make_quantity, make_range


@pytest.mark.parametrize(
    ("value", "step", "word", "low", "high", "narrow", "wide"),
    [
        (600, 100, "余", 600, 699, "(600, 700)", "[600, 700]"),
        (23_000, 1000, "余", 23_000, 23_999, "(23000, 24000)", "[23000, 24000]"),
        (120, 10, "多", 120, 129, "(120, 130)", "[120, 130]"),
        (10_000, 10_000, "余", 10_000, 19_999, "(10000, 13000]", "[10000, 20000]"),
        (2541, 1, "余", 2541, 2541, "[2541, 2542]", "[2541, 2551]"),
        (3400, 100, "近", 3300, 3400, "(3300, 3400]", "[3060, 3400]"),
        (10_000, 10_000, "近", 9000, 10_000, "(9000, 10000]", "[9000, 10000]"),
        (200, 100, "约", 190, 210, "[150, 250]", "[150, 250]"),
        (35_000, 1000, "约", 33_250, 36_750, "[33250, 36750]", "[31500, 38500]"),
        (2000, 1000, "突破", 2000, None, "(2000, 3000)", "(2000, ∞)"),
        (18_000_000, 10**6, "逾", 18_000_000, None, "(18000000, 19000000)", "(18000000, ∞)"),
        (30, 10, "以上", 30, None, "[30, 40)", "[30, ∞)"),
        (100, 100, "不足", 0, 100, "(0, 100)", "[0, 100)"),
        (20, 10, "以内", 0, 20, "(10, 20]", "[0, 20]"),
    ],
)
def test_readings(
    value: int, step: int, word: str, low: int, high: int | None, narrow: str, wide: str
) -> None:
    quantity = make_quantity(value, step=step, words=(word,))

    assert (quantity.low, quantity.high) == (low, high)
    assert (str(quantity.narrow), str(quantity.wide)) == (narrow, wide)


def test_exact_number_is_one_point() -> None:
    quantity = make_quantity(90, step=10, unit="条")

    assert str(quantity.narrow) == str(quantity.wide) == "[90, 90]"
    assert quantity.approx == ""


def test_rounded_number_allows_half_a_unit() -> None:
    quantity = make_quantity(23_000, step=1000, grain=1000, is_rounded=True, unit="条")

    assert (quantity.low, quantity.high) == (23_000, 23_000)
    assert str(quantity.narrow) == "[22500, 23500)"
    assert str(quantity.wide) == "[22000, 24000)"


def test_percent_allows_rounding_and_truncation() -> None:
    quantity = make_quantity(Decimal("33.9"), step=Decimal("0.1"), grain=Decimal("0.1"), unit="%")

    assert str(quantity.narrow) == "[33.85, 34)"
    assert str(quantity.wide) == "[33.8, 34]"


def test_range_has_its_lower_end_as_value() -> None:
    quantity = make_range(3, 5, unit="次")

    assert (quantity.value, quantity.low, quantity.high) == (3, 3, 5)


def test_range_must_rise() -> None:
    with pytest.raises(ValueError, match="not a range"):
        make_range(5, 5)


@pytest.mark.parametrize(
    ("scale", "word", "value", "low", "high", "approx"),
    [
        (100, "余", 100, 100, 199, "more"),
        (100, "近", 100, 90, 100, "less"),
        (1000, "上", 1000, 1000, None, "at_least"),
        (10, "数", 20, 20, 99, "about"),
        (100, "几", 200, 200, 999, "about"),
    ],
)
def test_magnitudes(
    scale: int, word: str, value: int, low: int, high: int | None, approx: str
) -> None:
    quantity = make_magnitude(scale, word=word, unit="件")

    assert quantity.is_magnitude
    assert (quantity.value, quantity.low, quantity.high) == (value, low, high)
    assert quantity.approx == approx


@given(
    st.integers(min_value=1, max_value=10**9),
    st.integers(min_value=0, max_value=6),
    st.sampled_from(sorted(APPROXIMATORS)),
)
def test_wide_holds_narrow(value: int, zeros: int, word: str) -> None:
    step = 10**zeros
    quantity = make_quantity(value * step, step=step, words=(word,))
    narrow, wide = quantity.narrow, quantity.wide

    assert narrow.low is not None
    assert wide.low is not None
    assert wide.low <= narrow.low
    assert wide.high is None or (narrow.high is not None and narrow.high <= wide.high)
