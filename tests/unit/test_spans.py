"""Half-open ranges, and the way between raw and normalised text."""

import pytest

from mining.spans import Edit, OffsetMap, Span, one_wide

# Raw "a㈠b\u200bc\r\nd" became "a(一)bc\nd".
EDITS = OffsetMap((Edit(1, 2, 1, 4), Edit(3, 4, 5, 5), Edit(5, 7, 6, 7)))


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2)])
def test_a_range_that_is_none_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="not a range"):
        Span(start, end)


def test_ranges_are_half_open() -> None:
    assert Span(2, 5).of("本年新收12件") == "新收1"
    assert len(Span(2, 5)) == 3
    assert not Span(0, 2).overlaps(Span(2, 4))
    assert Span(0, 3).overlaps(Span(2, 4))
    assert Span(0, 4).contains(Span(0, 4))
    assert not Span(1, 4).contains(Span(0, 2))
    assert sorted([Span(2, 3), Span(0, 9), Span(0, 1)]) == [Span(0, 1), Span(0, 9), Span(2, 3)]


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        (Span(0, 1), Span(0, 1)),
        (Span(1, 4), Span(1, 2)),
        (Span(2, 3), Span(1, 2)),
        (Span(4, 5), Span(2, 3)),
        (Span(5, 6), Span(4, 5)),
        (Span(4, 6), Span(2, 5)),
        (Span(6, 7), Span(5, 7)),
        (Span(7, 8), Span(7, 8)),
        (Span(0, 8), Span(0, 8)),
    ],
)
def test_a_range_covers_all_of_its_source(text: Span, raw: Span) -> None:
    assert EDITS.to_raw(text) == raw
    assert EDITS.to_text(raw).contains(text)


def test_an_empty_range_stays_empty() -> None:
    for position in range(9):
        assert len(EDITS.to_raw(Span(position, position))) == 0


def test_spans_of_one_character_stand_where_they_say() -> None:
    shared = one_wide()

    assert all(span == Span(start, start + 1) for start, span in enumerate(shared))
    assert one_wide() is shared
