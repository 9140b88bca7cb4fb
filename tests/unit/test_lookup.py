"""Results are found by their argument, and there are never too many of them."""

from __future__ import annotations

import pytest

from mining.lookup import Lookup


def test_a_short_string_is_read_once_and_a_long_one_each_time() -> None:
    read: list[str] = []

    def length(text: str) -> int:
        read.append(text)
        return len(text)

    found = Lookup(length, longest=3)

    lengths = [found[text] for text in ("规章", "行政许可", "规章", "行政许可", "")]

    assert lengths == [2, 4, 2, 4, 0]
    assert read == ["规章", "行政许可", "行政许可", ""]


def test_so_many_are_kept_and_no_more() -> None:
    found = Lookup(int, longest=9, most=3)

    for number in range(1000):
        assert found[str(number)] == number
        assert len(found) <= 3


def test_nothing_is_kept_of_a_failure() -> None:
    found = Lookup(int, longest=9)

    for _ in range(2):
        with pytest.raises(ValueError, match="一点"):
            found["一点"]
    assert not found
