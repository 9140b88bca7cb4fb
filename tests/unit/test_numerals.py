"""Numerals: exact numbers from text, and text from numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining.numerals import parse_number, read_numeral, tidy, to_chinese, to_wan
from mining.quantity import Interval


@pytest.mark.parametrize(
    ("text", "value", "step"),
    [
        ("0", 0, 1),
        ("93", 93, 1),
        ("3400", 3400, 100),
        ("600", 600, 100),
        ("120", 120, 10),
        ("３４００", 3400, 100),
        ("12,345", 12345, 1),
        ("1,250", 1250, 10),
        ("1 023", 1023, 1),
        ("2.5", Decimal("2.5"), Decimal("0.1")),
        ("1251.90", Decimal("1251.9"), Decimal("0.01")),
        ("2.3万", 23000, 1000),
        ("1.18万", 11800, 100),
        ("50万", 500000, 100000),
        ("3千", 3000, 1000),
        ("1.5亿", 150000000, 10000000),
        ("3万5千", 35000, 1000),
        ("1亿2000万", 120000000, 10000000),
        ("二十三", 23, 1),
        ("两", 2, 1),
        ("〇", 0, 1),
        ("廿", 20, 10),
        ("廿三", 23, 1),
        ("百零五", 105, 1),
        ("一百零五", 105, 1),
        ("一百二", 120, 10),
        ("一百二十", 120, 10),
        ("一万二", 12000, 1000),
        ("两万三千", 23000, 1000),
        ("一万零二百", 10200, 100),
        ("五千万", 50000000, 10000000),
        ("一亿二千万", 120000000, 10000000),
        ("二〇二一", 2021, 1),
        ("壹佰", 100, 100),
        ("三成", 30, 10),
        ("两成", 20, 10),
        ("三成五", 35, 1),
        ("半数", 50, 10),
        ("三分之二", Decimal("66.67"), 10),
        ("四分之三", 75, 10),
        ("百分之十二", 12, 1),
        ("百分之99.5", Decimal("99.5"), Decimal("0.1")),
        ("百分之百", 100, 100),
        ("千分之五", Decimal("0.5"), Decimal("0.1")),
    ],
)
def test_parses(text: str, value: int | Decimal, step: int | Decimal) -> None:
    assert parse_number(text) == (value, step)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "百",
        "万",
        "十百",
        "万百",
        "二三",
        "三五",
        "两三",
        "一百零",
        "百两",
        "1,25",
        "12,3456",
        "007",
        "1.2.3",
        "1.",
        "件",
        "3件",
        "三分之四",
        "千三万百",
        "9" * 40,
        "一" * 40,
        "1万2亿",
    ],
)
def test_has_no_value_rather_than_a_guess(text: str) -> None:
    assert parse_number(text) is None


def test_grain_counts_written_zeros() -> None:
    hundred_thousands = read_numeral("50万")

    assert hundred_thousands is not None
    assert (hundred_thousands.step, hundred_thousands.grain) == (100_000, 10_000)
    assert hundred_thousands.is_rounded


def test_exact_chinese_numeral_is_not_rounded() -> None:
    ninety = read_numeral("九十")

    assert ninety is not None
    assert not ninety.is_rounded
    assert ninety.grain == 1


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "零"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (110, "一百一十"),
        (105, "一百零五"),
        (1010, "一千零一十"),
        (10_020, "一万零二十"),
        (100_000, "十万"),
        (20_010_000, "二千零一万"),
        (100_000_005, "一亿零五"),
    ],
)
def test_writes_chinese(number: int, text: str) -> None:
    assert to_chinese(number) == text


@pytest.mark.parametrize("number", [-1, 10**16])
def test_refuses_what_it_cannot_write(number: int) -> None:
    with pytest.raises(ValueError, match="can't write"):
        to_chinese(number)


@pytest.mark.parametrize(
    ("number", "places", "text"),
    [
        (120, None, "120"),
        (23_000, None, "2.3万"),
        (23_456, None, "2.3456万"),
        (23_456, 1, "2.3万"),
        (23_500, 0, "2万"),
        (25_000, 0, "3万"),
        (150_000_000, None, "1.5亿"),
        (Decimal("12.50"), None, "12.5"),
    ],
)
def test_writes_wan(number: int | Decimal, places: int | None, text: str) -> None:
    assert to_wan(number, places=places) == text


@given(st.integers(min_value=0, max_value=10**16 - 1))
def test_chinese_round_trip(number: int) -> None:
    parsed = parse_number(to_chinese(number))

    assert parsed is not None
    assert parsed[0] == number


@given(st.integers(min_value=0, max_value=10**12))
def test_wan_round_trip(number: int) -> None:
    parsed = parse_number(to_wan(number))

    assert parsed is not None
    assert parsed[0] == number


@given(st.integers(min_value=0, max_value=10**14))
def test_arabic_round_trip_with_and_without_separators(number: int) -> None:
    assert parse_number(str(number)) == parse_number(f"{number:,}")
    assert parse_number(str(number)) is not None


@given(st.text(alphabet="零一二三四五六七八九十百千万亿两廿成分之半数0123456789.,", max_size=12))
def test_parser_never_fails(text: str) -> None:
    parsed = parse_number(text)

    assert parsed is None or parsed[0] >= 0


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=0, max_value=10**9))
def test_tidy_keeps_the_value(number: Decimal) -> None:
    assert tidy(number) == number


def test_interval_bounds() -> None:
    interval = Interval(600, 700, low_open=True, high_open=True)

    assert 601 in interval
    assert 600 not in interval
    assert 700 not in interval
    assert "650" not in interval
    assert str(Interval(None, 5)) == "(-∞, 5]"
