"""Words, lines and tables out of glyphs and rules, without any file."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining.pdf.columns import find_rows
from mining.pdf.lines import Line, drop_furniture, join_text, make_lines, may_join
from mining.pdf.page import Glyph, Rule
from mining.pdf.tables import Row, find_grids, join_pages

SIZE = 10.0


def printed(x: float, y: float, text: str, *, size: float = SIZE) -> list[Glyph]:
    """Return the glyphs of a text: ideographs fill a square, other signs half of one."""
    glyphs = []
    for sign in text:
        width = size if ord(sign) >= 0x2E80 else size / 2
        glyphs.append(Glyph(sign, x, x + width, y, size))
        x += width
    return glyphs


def drawn(xs: Sequence[float], ys: Sequence[float]) -> tuple[list[Rule], list[Rule]]:
    """Return the rules of a full grid."""
    across = [Rule(y, min(xs), max(xs)) for y in ys]
    return across, [Rule(x, min(ys), max(ys)) for x in xs]


def texts(rows: Sequence[Row]) -> list[list[str]]:
    return [[cell.text for cell in row] for row in rows]


def lines_of(*placed: tuple[float, float, str], page: int = 1) -> list[Line]:
    return make_lines([g for x, y, t in placed for g in printed(x, y, t)], page=page)


def rows_of(*placed: tuple[float, float, str]) -> list[list[str]]:
    found = find_rows(lines_of(*placed))
    return [[item.text] if isinstance(item, Line) else [c.text for c in item] for item in found]


@pytest.mark.parametrize(
    ("gap", "text"),
    [(0.5, "12"), (4.0, "1 2"), (20.0, "1  2"), (-0.5, "12")],
    ids=["two runs of one number", "a blank", "two columns", "touching"],
)
def test_digits_join_by_their_distance(gap: float, text: str) -> None:
    glyphs = [*printed(100, 700, "1"), *printed(105 + gap, 700, "2")]

    assert make_lines(glyphs)[0].text == text


def test_bold_by_printing_twice_counts_once() -> None:
    glyphs = [*printed(100, 700, "总计"), *printed(100.4, 700, "总计")]

    assert [line.text for line in make_lines(glyphs)] == ["总计"]


def test_a_raised_sign_stays_on_its_line() -> None:
    glyphs = [*printed(100, 700, "公开"), *printed(120, 702.5, "1"), *printed(125, 700, "条")]

    assert [line.text for line in make_lines(glyphs)] == ["公开1条"]


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("全年收到申请1", "28件", "全年收到申请128件"),
        ("Government", "Open", "Government Open"),
        ("见www.example.", "gov", "见www.example.gov"),
    ],
)
def test_wrapped_lines_join(first: str, second: str, joined: str) -> None:
    assert join_text(first, second) == joined


LONG = "本年度继续完善主动公开目录并更新三百余条事项"


@pytest.mark.parametrize(
    ("first", "second", "goes_on"),
    [
        ((100, 700, LONG), (80, 680, "目，其中新增十二条。"), True),
        ((100, 700, LONG), (100, 680, "下一年度将加强培训。"), False),
        ((100, 700, "本年度没有。"), (80, 680, "二、主动公开"), False),
        ((80, 700, LONG + "一二。"), (80, 680, "（二）依申请公开。"), False),
        ((100, 700, LONG), (80, 600, "相隔很远的一行"), False),
    ],
    ids=["wrapped", "indented", "short line", "list item", "far below"],
)
def test_paragraphs_end_where_they_end(
    first: tuple[float, float, str], second: tuple[float, float, str], goes_on: bool
) -> None:
    line, following = lines_of(first, second)

    assert may_join(line, following, left=80, right=330) is goes_on


def test_a_number_too_wide_for_the_line_goes_down_whole() -> None:
    line, following = lines_of((100, 700, LONG), (80, 680, "12345678条"))

    assert may_join(line, following, left=80, right=355)
    assert not may_join(line, following, left=80, right=400)


def test_page_numbers_and_running_heads_go() -> None:
    pages = [
        lines_of(
            (80, 800, "云州市水务局公开年报"),
            (80, 700, f"第{number}段说明了不同的事情"),
            (80, 680, str(90 + number)),
            (290, 40, f"- {number} -"),
            page=number,
        )
        for number in (1, 2, 3)
    ]
    for number, page in enumerate(pages):
        page[1] = lines_of((80, 700 - 9 * number, "正文各页不同" + "甲乙丙"[number]))[0]

    kept = [[line.text for line in page] for page in drop_furniture(pages)]

    assert [page[0] for page in kept] == ["正文各页不同甲", "正文各页不同乙", "正文各页不同丙"]
    assert not any("- " in text or "水务局" in text for page in kept for text in page)


def test_a_number_right_below_a_line_is_no_page_number() -> None:
    page = lines_of((80, 700, "本年收到申请件数"), (80, 686, "12"))

    assert [line.text for line in drop_furniture([page])[0]] == ["本年收到申请件数", "12"]


def test_pages_all_alike_are_kept() -> None:
    pages = [lines_of((80, 700, "同样的一行"), page=n) for n in (1, 2)]

    assert [len(page) for page in drop_furniture(pages)] == [1, 1]


def test_merged_cells_stand_once() -> None:
    across, down = drawn([100, 200, 300, 400], [500, 520, 540])
    # The first column is merged over both rows, the upper row over columns two and three.
    across[1] = Rule(520, 200, 400)
    down[2] = Rule(300, 500, 520)
    glyphs = [
        *printed(120, 527, "合并"),
        *printed(230, 526, "宽格"),
        *printed(240, 506, "3"),
        *printed(340, 506, "16"),
    ]

    grids, rest = find_grids(glyphs, across, down)

    assert texts(grids[0].rows) == [["合并", "宽格"], ["", "3", "16"]]
    assert rest == []


def test_wrapped_cells_close_up_and_empty_ones_stay() -> None:
    across, down = drawn([100, 130, 160, 190], [500, 540])
    glyphs = [*printed(104, 526, "商业"), *printed(104, 512, "企业"), *printed(172, 518, "7")]

    grids, _ = find_grids(glyphs, across, down)

    assert texts(grids[0].rows) == [["商业企业", "", "7"]]


def test_a_number_wider_than_its_cell_is_not_cut() -> None:
    across, down = drawn([100, 120, 140], [500, 520])
    glyphs = [*printed(96, 506, "12345"), *printed(128, 506, "6")]

    grids, _ = find_grids(glyphs, across, down)

    assert texts(grids[0].rows) == [["12345", "6"]]


def test_rules_in_pieces_and_doubled_are_one() -> None:
    across, down = drawn([100, 150, 200], [500, 520, 540])
    pieces = [Rule(r.at + d, a, a + 32) for r in across for d in (0, 1.5) for a in (100, 132, 165)]
    glyphs = [*printed(110, 526, "甲"), *printed(160, 526, "1"), *printed(110, 506, "乙")]

    grids, _ = find_grids(glyphs, pieces, down)

    assert texts(grids[0].rows) == [["甲", "1"], ["乙", ""]]


def test_tables_open_at_the_sides_have_their_outer_columns() -> None:
    across = [Rule(y, 100, 300) for y in (500, 520, 540)]
    glyphs = [*printed(110, 526, "规章"), *printed(250, 526, "0"), *printed(250, 506, "5")]

    grids, _ = find_grids(glyphs, across, [Rule(200, 500, 540)])

    assert texts(grids[0].rows) == [["规章", "0"], ["", "5"]]


def test_a_frame_around_a_paragraph_is_no_table() -> None:
    across, down = drawn([100, 300], [500, 540])
    glyphs = printed(120, 520, "方框里的一段话")

    grids, rest = find_grids(glyphs, across, down)

    assert grids == []
    assert rest == glyphs


def test_a_drawing_of_thousands_of_lines_is_no_table() -> None:
    across, down = drawn([i * 5.0 for i in range(400)], [i * 5.0 for i in range(400)])

    assert find_grids(printed(10, 10, "图"), across, down)[0] == []


@given(
    st.lists(
        st.lists(st.sampled_from(["", "0", "12", "规章", "1,024"]), min_size=4, max_size=4),
        min_size=2,
        max_size=6,
    )
)
def test_any_full_grid_comes_back(table: list[list[str]]) -> None:
    table[0][0] = "表"
    ys = [500.0 + 20 * i for i in range(len(table) + 1)]
    across, down = drawn([100, 160, 220, 280, 340], ys)
    glyphs = [
        glyph
        for r, row in enumerate(table)
        for c, text in enumerate(row)
        for glyph in printed(105 + 60 * c, ys[-1] - 20 * r - 14, text)
    ]

    grids, _ = find_grids(glyphs, across, down)

    assert texts(grids[0].rows) == table


def grid_rows(table: Sequence[Sequence[str]], page: int) -> Sequence[Row]:
    ys = [500.0 + 20 * i for i in range(len(table) + 1)]
    across, down = drawn([100.0 + 90 * i for i in range(len(table[0]) + 1)], ys)
    glyphs = [
        glyph
        for r, row in enumerate(table)
        for c, text in enumerate(row)
        for glyph in printed(102 + 90 * c, ys[-1] - 20 * r - 14, text, size=8)
    ]
    return find_grids(glyphs, across, down, page=page)[0][0].rows


HEAD = ["项目", "自然人", "总计"]


@pytest.mark.parametrize(
    ("before", "after", "whole"),
    [
        (
            [HEAD, ["1.重复申请", "3", "3"]],
            [HEAD, ["2.其他", "0", "0"]],
            [HEAD, ["1.重复申请", "3", "3"], ["2.其他", "0", "0"]],
        ),
        (
            [["6.属于四类过", "1", "1"]],
            [["程性信息", "", ""], ["7.其他", "0", "0"]],
            [["6.属于四类过程性信息", "1", "1"], ["7.其他", "0", "0"]],
        ),
        (
            [["行政许可", "1", "1"]],
            [["行政处罚", "", ""]],
            [["行政许可", "1", "1"], ["行政处罚", "", ""]],
        ),
        (
            [["规章", "0", "0"]],
            [["规章", "0", "0"]],
            [["规章", "0", "0"], ["规章", "0", "0"]],
        ),
        (
            [["行政复议", "结果", "尚未"], ["", "维", "审"]],
            [["甲乙", "持", "结"], ["1", "2", "3"]],
            [["行政复议", "结果", "尚未"], ["", "维", "审"], ["甲乙", "持", "结"], ["1", "2", "3"]],
        ),
        (
            [["结果", "其他", "尚未"]],
            [["维持", "结果", "审结"], ["1", "2", "3"]],
            [["结果维持", "其他结果", "尚未审结"], ["1", "2", "3"]],
        ),
    ],
    ids=["repeated head", "cut label", "blank row", "equal values", "too few", "cut head"],
)
def test_tables_go_on_over_a_page(
    before: list[list[str]], after: list[list[str]], whole: list[list[str]]
) -> None:
    assert texts(join_pages(grid_rows(before, 1), grid_rows(after, 2))) == whole


def test_rows_without_rules() -> None:
    found = rows_of(
        (80, 760, "二、主动公开政府信息情况"),
        (100, 720, "信息内容"),
        (200, 720, "本年制发件数"),
        (320, 720, "现行有效件数"),
        (100, 700, "规章"),
        (220, 700, "0"),
        (340, 700, "0"),
        (100, 680, "行政规范性文件"),
        (220, 680, "13"),
        (340, 680, "127"),
        (80, 640, "三、收到和处理政府信息公开申请情况"),
    )

    assert found == [
        ["二、主动公开政府信息情况"],
        ["信息内容", "本年制发件数", "现行有效件数"],
        ["规章", "0", "0"],
        ["行政规范性文件", "13", "127"],
        ["三、收到和处理政府信息公开申请情况"],
    ]


def test_a_missing_value_leaves_an_empty_cell() -> None:
    found = rows_of(
        (100, 700, "1.重复申请"),
        (220, 700, "1"),
        (260, 700, "2"),
        (300, 700, "3"),
        (100, 680, "2.其他情形"),
        (220, 680, "4"),
        (300, 680, "5"),
    )

    assert found == [["1.重复申请", "1", "2", "3"], ["2.其他情形", "4", "", "5"]]


def test_labels_wrapped_around_their_values_are_whole() -> None:
    found = rows_of(
        (100, 716, "1.申请人逾期不补"),
        (100, 702, "正的申请"),
        (220, 709, "1"),
        (260, 709, "2"),
        (100, 680, "2.其他"),
        (220, 680, "3"),
        (260, 680, "4"),
    )

    assert found == [["1.申请人逾期不补正的申请", "1", "2"], ["2.其他", "3", "4"]]


def test_running_text_is_no_table() -> None:
    lines = [(80.0, 700.0 - 16 * i, LONG) for i in range(5)]

    assert rows_of(*lines) == [[LONG]] * 5
