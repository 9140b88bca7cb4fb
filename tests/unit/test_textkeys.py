"""Keys under which labels and headings are compared."""

import pytest

from mining.textkeys import heading_key, label_key, strip_numbering


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("一、总体情况", "总体情况"),
        ("十二、附表", "附表"),
        ("（三）不予公开", "不予公开"),
        ("( 二) 部分公开", "部分公开"),
        ("（一）、予以公开", "予以公开"),
        ("1.属于国家秘密", "属于国家秘密"),
        ("12）其他", "其他"),
        ("①微信", "微信"),
        ("一是主动公开", "一是主动公开"),
        ("2022年工作", "2022年工作"),
        ("三公经费", "三公经费"),
        ("十大举措", "十大举措"),
    ],
)
def test_numbering_is_stripped(text: str, bare: str) -> None:
    assert strip_numbering(text) == bare


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "部分公开"),
        ("本年新\n制作数量", "本年新制作数量"),
        ("本年收费金额（单位：万元）", "本年收费金额"),
        ("本年增/减", "本年增减"),
        ("3.危及“三安全一稳定”", "危及三安全一稳定"),
        ("（单位：万元）", "单位万元"),
        ("部分公开（区分处理的", "部分公开"),
        ("——", ""),
    ],
)
def test_label_keys_leave_out_what_varies(text: str, key: str) -> None:
    assert label_key(text) == key


def test_headings_compare_without_de() -> None:
    assert heading_key("三、依申请公开政府信息的情况") == heading_key("依申请公开政府信息情况")
