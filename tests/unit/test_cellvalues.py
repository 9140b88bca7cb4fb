"""Printed cells to kind, number and unit."""

from decimal import Decimal

import pytest

from mining.tabular.cellvalues import parse_cell


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("0", 0, ""), (" 12 ", 12, ""), ("1,113", 1113, ""), ("1，113", 1113, ""),
        ("1,251.9", Decimal("1251.9"), ""), ("75.9260", Decimal("75.9260"), ""),
        ("+16", 16, ""), ("-4", -4, ""), ("减1", -1, ""), ("增9", 9, ""), ("减少 2", -2, ""),
        ("增加3", 3, ""), ("251000元", 251000, "元"), ("12.5万元", Decimal("12.5"), "万元"),
        ("15件", 15, "件"), ("3 人次", 3, "人次"), ("007", 7, ""),
    ],
)  # fmt: skip
def test_numbers(text: str, value: int | Decimal, unit: str) -> None:
    assert parse_cell(text) == ("number", value, unit)


@pytest.mark.parametrize("text", ["", "  ", "\t"])
def test_blanks(text: str) -> None:
    assert parse_cell(text) == ("blank", None, "")


@pytest.mark.parametrize("text", ["/", "／", "—", "——", "－", "-", "无", "*"])
def test_marks_of_none(text: str) -> None:
    assert parse_cell(text) == ("none", None, "")


@pytest.mark.parametrize(
    "text",
    [
        "若干",
        "1,2",
        "12,34",
        "1.2.3",
        "3-5",
        "12 34",
        "约3",
        "十",
        "3个月",
        "无数据",
        "1" * 16,
        "件",
    ],
)
def test_everything_else_is_text(text: str) -> None:
    assert parse_cell(text) == ("text", None, "")
