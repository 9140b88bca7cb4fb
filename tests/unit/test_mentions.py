"""Mentions: every quantity of a text with span, value, unit and approximation."""

from __future__ import annotations

import time
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining.numerals import parse_number, to_chinese, to_wan
from mining.quantities.mentions import find_mentions


def told(text: str) -> list[tuple[str, str, str, str]]:
    return [
        (m.span.of(text), str(m.quantity.value), m.quantity.unit, m.quantity.approx)
        for m in find_mentions(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("主动公开2003条，", [("2003条", "2003", "条", "")]),
        ("公开１２３条", [("１２３条", "123", "条", "")]),
        ("公开1,234条", [("1,234条", "1234", "条", "")]),
        ("受理1 023件", [("1 023件", "1023", "件", "")]),
        ("公开信息3667 条", [("3667 条", "3667", "条", "")]),
        ("网站公开5928\n条，其余", [("5928\n条", "5928", "条", "")]),
        ("公开2.3万余条", [("2.3万余条", "23000", "条", "more")]),
        ("发布1万余条", [("1万余条", "10000", "条", "more")]),
        ("发布近3400条", [("近3400条", "3400", "条", "less")]),
        ("发布600余条", [("600余条", "600", "条", "more")]),
        ("阅读约3.5万条次", [("约3.5万条次", "35000", "条次", "about")]),
        ("提速三成以上", [("三成以上", "30", "%", "at_least")]),
        ("增长近两成", [("近两成", "20", "%", "less")]),
        ("占三分之一", [("三分之一", "33.33", "%", "")]),
        ("节省逾1800万元", [("逾1800万元", "18000000", "元", "at_least")]),
        (
            "采购251000元，收费1251.9万元",
            [
                ("251000元", "251000", "元", ""),
                ("1251.9万元", "12519000", "元", ""),
            ],
        ),
        ("投资1亿2000万元", [("1亿2000万元", "120000000", "元", "")]),
        ("收到九十件", [("九十件", "90", "件", "")]),
        ("曝光12个方面31个问题", [("12个", "12", "个", ""), ("31个", "31", "个", "")]),
        ("解读十大类政策", [("十大类", "10", "类", "")]),
        ("改进10余个", [("10余个", "10", "个", "more")]),
        (
            "采纳十余条、二十多条",
            [("十余条", "10", "条", "more"), ("二十多条", "20", "条", "more")],
        ),
        ("浏览10多万人次", [("10多万人次", "100000", "人次", "more")]),
        ("点击超过50余万次", [("超过50余万次", "500000", "次", "at_least")]),
        ("走访几百户", [("几百户", "200", "户", "about")]),
        ("走访数十家", [("数十家", "20", "家", "about")]),
        ("刊发超百篇", [("超百篇", "100", "篇", "at_least")]),
        ("覆盖近千条", [("近千条", "1000", "条", "less")]),
        ("上百人参加", [("上百人", "100", "人", "at_least")]),
        ("组织3至5次", [("3至5次", "3", "次", "")]),
        ("召开两三次", [("两三次", "2", "次", "")]),
        ("走访二三十家", [("二三十家", "20", "家", "")]),
        ("投入1至3万元", [("1至3万元", "10000", "元", "")]),
        ("从3件增加到5件", [("3件", "3", "件", ""), ("5件", "5", "件", "")]),
        ("约有300人参加", [("300人", "300", "人", "about")]),
        ("约占30%", [("30%", "30", "%", "about")]),
        (
            "不少于20次，不足5次",
            [
                ("不少于20次", "20", "次", "at_least"),
                ("不足5次", "5", "次", "at_most"),
            ],
        ),
        ("占98.5％、24.0 %", [("98.5％", "98.5", "%", ""), ("24.0 %", "24", "%", "")]),
        ("提升2.5个百分点", [("2.5个百分点", "2.5", "个百分点", "")]),
        ("粉丝突破2000。", [("突破2000", "2000", "", "at_least")]),
        ("政务公开信息42、部分公开67，", [("42", "42", "", ""), ("67", "67", "", "")]),
        ("文件46政府会议3个", [("46", "46", "", ""), ("3个", "3", "个", "")]),
        ("实现10万用户共享", [("10万", "100000", "", "")]),
        ("参加12人（次）", [("12人（次）", "12", "人（次）", "")]),
        ("受理12345件", [("12345件", "12345", "件", "")]),
        ("第三批10件", [("10件", "10", "件", "")]),
        ("设一名专人，各刊发一个专版", [("一名", "1", "名", ""), ("一个", "1", "个", "")]),
        ("全区排名第三，", [("第三", "3", "", "")]),
        ("获得全市第2名。", [("第2名", "2", "名", "")]),
        ("得分95.5分，用时2.5小时", [("95.5分", "95.5", "分", ""), ("2.5小时", "2.5", "小时", "")]),
        ("占千分之五", [("千分之五", "0.5", "%", "")]),
    ],
)
def test_finds(text: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2021年1月1日至2021年12月31日",
        "应在20个工作日内答复",
        "国办公开办函〔2021〕30号",
        "条例第二十条",
        "办公室406为公开场所",
        "“12345”热线、双随机一公开、最多跑一次",
        "这是一项重要工作，每一个环节都要统一",
        "十分重要，一次性告知",
        "5G基站、G20、COVID-19、3D",
        "单位：万元",
        "两微一端、三审三校、四级联动",
        "预约、节约、附近、最近",
        "规范性文件\n12\n行政许可\n0\n",
        "千方百计、万无一失",
        "7×24小时",
        "把公开放在第一位，",
        "",
    ],
)
def test_takes_no_trap(text: str) -> None:
    assert told(text) == []


def test_prefix_inside_another_word_is_none() -> None:
    text = "网上预约30人，节约5万元，附近3个"

    assert [q[3] for q in told(text)] == ["", "", ""]


def test_readings_come_with_the_mention() -> None:
    ten_thousand = find_mentions("微信1万余条")[0].quantity
    rounded = find_mentions("微信1.18万条")[0].quantity
    share = find_mentions("占33.9%")[0].quantity

    assert str(ten_thousand.narrow) == "(10000, 13000]"
    assert (ten_thousand.wide.high, ten_thousand.low, ten_thousand.high) == (20_000, 10_000, 19_999)
    assert str(rounded.narrow) == "[11750, 11850)"
    assert str(share.narrow) == "[33.85, 34)"
    assert find_mentions("走访几百户")[0].quantity.is_magnitude


@given(
    st.integers(min_value=2, max_value=99_999),
    st.sampled_from(["条", "件", "篇", "人次", "个"]),
    st.booleans(),
)
def test_every_count_is_read_back(number: int, unit: str, in_characters: bool) -> None:
    numeral = to_chinese(number) if in_characters else str(number)
    text = f"今年公开{numeral}{unit}，其中"

    assert [(q[0], q[1]) for q in told(text)] == [(numeral + unit, str(number))]


@given(
    st.text(
        alphabet="近约超余多万千百十一二两三0123456789.,%条件个元年第（）、，。 \n至-", max_size=50
    )
)
def test_any_text_gives_ordered_mentions(text: str) -> None:
    mentions = find_mentions(text)

    assert all(a.span.end <= b.span.start for a, b in pairwise(mentions))
    assert all(isinstance(m.quantity.value, int | Decimal) for m in mentions)


@given(
    st.sampled_from(["", "近", "约", "超过", "不足"]),
    st.integers(min_value=1, max_value=9_999),
    st.sampled_from(["", "余"]),
)
def test_every_approximation_is_read_back(before: str, number: int, inner: str) -> None:
    text = f"今年公开{before}{number}{inner}万条，其中"

    [(words, value, unit, approx)] = told(text)

    assert (words, value, unit) == (f"{before}{number}{inner}万条", str(number * 10_000), "条")
    assert (approx == "") == (before + inner == "")


@given(st.decimals(min_value=0, max_value=1000, places=2), st.sampled_from(["%", "元", "个百分点"]))
def test_every_decimal_is_read_back(number: Decimal, unit: str) -> None:
    [mention] = find_mentions(f"同比增长{number:.2f}{unit}。")

    assert (mention.quantity.value, mention.quantity.unit) == (number, unit)


@given(st.integers(min_value=10_000, max_value=10**11), st.integers(min_value=0, max_value=4))
def test_every_amount_in_wan_is_read_back(number: int, places: int) -> None:
    written = to_wan(number, places=places)

    [mention] = find_mentions(f"共投入{written}元。")

    parsed = parse_number(written)
    assert parsed is not None
    assert mention.quantity.value == parsed[0]
    assert number in mention.quantity.wide


@pytest.mark.parametrize("unit", ["1", "万", ",", "，", "〇", "壹", "约有"])
def test_a_megabyte_of_one_thing_takes_about_a_second(unit: str) -> None:
    began = time.process_time()
    find_mentions(unit * (1_000_000 // len(unit)))

    # On an idle core 0.4 s for digits or 万 and 1 s for 壹; twice that when its twin is busy.
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    "unit", ["1", "〇", "3至5", "1，234", "1 2 ", "零5", "三点", "壹", "数十", "条例一", "第1、"]
)
def test_twice_the_text_takes_twice_the_time(unit: str) -> None:
    def timed(n_chars: int) -> float:
        text = unit * (n_chars // len(unit))
        times = []
        for _ in range(3):
            began = time.process_time()
            find_mentions(text)
            times.append(time.process_time() - began)
        return min(times)

    assert timed(80_000) < 3 * timed(40_000)


@pytest.mark.parametrize("unit", ["3条", "约3至", "三分之", "1\n", "1,111", "数十", "十、"])
def test_time_is_linear(unit: str) -> None:
    text = unit * (50_000 // len(unit))
    began = time.process_time()
    find_mentions(text)

    assert time.process_time() - began < 3


@pytest.mark.parametrize("text", ["收费¥百", "花费￥百元", "罚款¥亿元"])
def test_a_currency_before_a_bare_order_tells_no_number(text: str) -> None:
    assert find_mentions(text) == []
