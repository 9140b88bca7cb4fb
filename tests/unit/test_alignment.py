"""Labels to rows, values to slots."""

import pytest

from mining.tabular.alignment import fill_slots, match_labels
from mining.tabular.tabletext import Token, tokenize
from tests.support import form_of

LABELS = form_of("2021").table_labels["disclosure"]
KEYS = [row.key for row in next(t for t in form_of("2021").tables if t.key == "disclosure").rows]


def matched(text: str) -> list[tuple[str, str]]:
    tokens = tokenize(text)
    texts = [i for i, token in enumerate(tokens) if token.key]
    return [(KEYS[a.row], a.how) for a in match_labels(tokens, LABELS, texts=texts)]


def test_labels_are_matched_in_order() -> None:
    assert matched("规章\n0\n行政许可\n5\n行政处罚\n3") == [
        ("regulations", "exact"),
        ("licensing", "exact"),
        ("penalties", "exact"),
    ]


def test_a_label_on_two_lines_and_a_damaged_one() -> None:
    assert matched("规章\n行政规范\n性文件\n2\n行政处罚\n3\n行政事业性收入\n0") == [
        ("regulations", "exact"),
        ("normative_documents", "joined"),
        ("penalties", "exact"),
        ("fees", "fuzzy"),
    ]


def test_the_densest_part_wins_over_names_in_the_text() -> None:
    prose = "行政许可\n" + "其他工作情况说明\n" * 80
    assert len(matched(prose + "规章\n0\n行政规范性文件\n1\n行政许可\n5\n行政强制\n0")) == 4


def test_short_labels_match_to_the_letter() -> None:
    assert matched("规章\n0\n行政许司\n5\n行政强制\n0") == [
        ("regulations", "exact"),
        ("coercion", "exact"),
    ]


def value(text: str, *, weak: bool = False) -> Token:
    kind = "value" if text else "blank"
    return Token(text, 0, 0, kind, -1, weak=weak, key="")


@pytest.mark.parametrize(
    ("printed", "regular", "slots", "sure"),
    [
        (["1", "2", "3"], False, ["1", "2", "3"], True),
        (["1", "_", "3"], False, ["1", "", "3"], True),
        (["1", "", "3"], False, ["1", "", "3"], True),
        (["1", "2", "3", ""], False, ["1", "2", "3"], True),
        (["", "1", "", "2", "", "3"], False, ["1", "2", "3"], True),
        (["1", "", ""], False, ["1", "", ""], False),
        (["1", "", ""], True, ["1", "", ""], True),
        (["", "", ""], False, ["", "", ""], True),
        ([], False, ["", "", ""], False),
        (["1", "3"], False, ["1", "", "3"], False),
        (["1", "3"], True, ["1", "", "3"], False),
        (["1", "2", "3", "4"], False, ["1", "2", "3"], False),
        (["1", "2", "3", "4"], True, ["1", "2", "3"], False),
    ],
)
def test_slots(printed: list[str], slots: list[str], *, regular: bool, sure: bool) -> None:
    tokens = [value("" if p == "_" else p, weak=not p) for p in printed]

    filling = fill_slots(tokens, 3, has_total=True, regular=regular)

    assert [t.text if t else "" for t in filling.slots] == slots
    assert all(score >= 0.9 for score in filling.scores) is sure
    assert len(filling.extra) == max(0, sum(bool(p) for p in printed) - 3)


def test_without_a_total_values_stay_left() -> None:
    filling = fill_slots([value("1"), value("3")], 3, has_total=False)

    assert [t.text if t else "" for t in filling.slots] == ["1", "3", ""]
