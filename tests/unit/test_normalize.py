"""What normalisation changes, and all that it leaves alone."""

import pytest

from mining.spans import Span
from mining.steps.normalize import normalize_text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("新收１２件", "新收12件"),
        ("ＡＢｃ", "ABc"),
        ("增长１２．３％", "增长12.3%"),
        ("一行\r\n二行\r三行\u2028四行\u0085", "一行\n二行\n三行\n四行\n"),
        ("全\u3000角\u00a0空\u2002格", "全 角 空 格"),
        ("\ufeff总\u200b体\u00ad情\u2060况", "总体情况"),
        ("[bookmark: _GoBack]公开3条", "公开3条"),
        ("㈠主动公开⑵⒊", "(一)主动公开(2)3."),
        ("⒇㈩①", "(20)(十)①"),
        ("﹝2021﹞30号〘x〙", "〔2021〕30号〔x〕"),
        ("规章｜0｜－1", "规章|0|-1"),
        ("\t制表\t符", "\t制表\t符"),
        ("，。；：（）", "，。；：（）"),
        ("\r\r\n\n", "\n\n\n"),
        ("[bookmark: 未完", "[bookmark: 未完"),
        ("", ""),
    ],
)
def test_text_is_made_uniform(raw: str, text: str) -> None:
    assert normalize_text(raw)[0] == text


def test_a_figure_is_traced_to_its_place_in_the_raw_text() -> None:
    raw = "㈠共\u200b收到\r\n1\u200b２件"
    text, offsets = normalize_text(raw)

    start = text.index("12件")
    assert offsets.to_raw(Span(start, start + 3)).of(raw) == "1\u200b２件"


@pytest.mark.parametrize("raw", ["一行\r\n\r\n２行\r\n", "\r\n", "没有行尾"])
def test_line_ends_alone_are_mapped_as_beside_other_signs(raw: str) -> None:
    text, alone = normalize_text(raw)
    longer, beside = normalize_text(f"{raw}\u200b")

    assert longer == text
    assert alone.edits == beside.edits[:-1]
    assert len(alone.edits) == raw.count("\r\n")
