"""Flattened tables to a stream of cells."""

import time

import pytest

from mining.tabular.tabletext import tokenize


def cells(text: str) -> list[tuple[str, str]]:
    return [(t.kind, t.text) for t in tokenize(text)]


def rows(text: str) -> list[list[str]]:
    found: dict[int, list[str]] = {}
    for token in tokenize(text):
        found.setdefault(token.row, []).append(token.text)
    return list(found.values())


@pytest.mark.parametrize(
    "text",
    [
        "规章 | 0 |  | 3 |",
        "规章|0||3|",
        "| 规章 | 0 |  | 3 |",
        "规章 | 0 |  | 3",
        "\t规章\t0\t\t3",
        "规章\t0\t\t3",
        "\t规章\n\t0\n\t\n\t3\n",
        "\t规章 | 0 |  | 3 |",
        "规章 | 0 |  | 3\n|",
    ],
)
def test_a_row_with_a_blank_in_every_style(text: str) -> None:
    assert cells(text)[:4] == [("text", "规章"), ("value", "0"), ("blank", ""), ("value", "3")]
    assert len(rows(text)[0]) == 4


@pytest.mark.parametrize("text", ["规章    0  3", "规章 0 3", "  规章  0  3"])
def test_a_row_of_blanks_between_cells(text: str) -> None:
    assert rows(text) == [["规章", "0", "3"]]


def test_a_blank_last_cell_before_a_sign_on_its_own_line() -> None:
    assert rows("规章 | 0 | \n|\n行政许可 | 5 | 6 \n|\n") == [
        ["规章", "0", ""],
        ["行政许可", "5", "6"],
        [""],
    ]


def test_a_blank_first_cell() -> None:
    assert rows(" |  | 3 |") == [["", "", "3"]]


def test_a_group_before_the_label_is_a_cell_of_its_own() -> None:
    assert rows("三、本年度办理结果 （一）予以公开 5 0") == [
        ["三、本年度办理结果", "（一）予以公开", "5", "0"]
    ]


@pytest.mark.parametrize(
    "text", ["全年公开信息 312", "2022 年 1 月", "主动公开 3 条", "地址 和平路 1 号 邮编 无", "312"]
)
def test_a_sentence_with_blanks_stays_one_line(text: str) -> None:
    assert [t.row for t in tokenize(text)] == [-1]


def test_empty_lines_may_be_cells_only_outside_rows() -> None:
    assert [t.weak for t in tokenize("规章\n\n0")] == [False, True, False]
    assert cells("\t规章\n\t0\n\n\t行政许可\n") == [
        ("text", "规章"),
        ("value", "0"),
        ("text", "行政许可"),
    ]


def test_a_cell_broken_over_two_lines_is_joined() -> None:
    token, *_ = tokenize("\t本年新\n制作数量\n\t0\n")

    assert (token.text, token.key) == ("本年新\n制作数量", "本年新制作数量")


@pytest.mark.parametrize("sign", ["|", "\t", " ", "0 ", "\n", "| \n|"])
def test_hostile_tables_take_linear_time(sign: str) -> None:
    began = time.process_time()

    tokenize(sign * 200_000)
    assert time.process_time() - began < 3
