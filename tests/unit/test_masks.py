"""Masks: what looks like a number and is no figure."""

from __future__ import annotations

import re
import time
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining.quantities import masks
from mining.quantities.masks import find_masks, half_width
from mining.quantities.maskwords import word_patterns


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("自2021年1月1日起至12月31日止", ["2021年1月1日", "12月31日"]),
        ("２０２１年度", ["２０２１年度"]),
        ("2019—2021年的数据", ["2019—2021年"]),
        ("统计到20211月1日", ["20211月1日"]),
        ("2021-03-15发布", ["2021-03-15"]),
        ("二〇二一年起", ["二〇二一年"]),
        ("近3个月来", ["3个月"]),
        ("应在15个工作日内答复", ["15个工作日内"]),
        ("收到之日起二十个工作日", ["之日起二十个工作日"]),
        ("（某政办发〔2021〕30号）", ["〔2021〕30号"]),
        ("（某政办发【2020】7号）", ["【2020】7号"]),
        ("某办发〔201724号", ["〔201724号"]),
        ("国令第711号", ["第711号"]),
        ("依照第十九、二十条办理", ["第十九、二十条"]),
        ("第二十条第（五）项", ["第二十条第（五）项"]),
        ("第四批名单", ["第四批"]),
        ("1.主动公开", ["1."]),
        ("（二）依申请公开", ["（二）"]),
        ("一是完善制度；二是加强培训", ["一是", "二是"]),
        ("中山路56号3楼301室", ["56号3楼301室"]),
        ("邮编：315200", ["邮编：315200"]),
        ("电话：0574-81234567", ["电话：0574-81234567"]),
        ("手机13800001111", ["手机13800001111"]),
        ("https://www.example.gov.cn/col/123", ["https://www.example.gov.cn/col/123"]),
        ("邮箱123abc@example.cn", ["123abc@example.cn"]),
        ("“12345”热线", ["“12345”"]),
        ("拨打12369投诉", ["12369"]),
        ("推进“六稳”“六保”", ["“六稳”“六保”"]),
        ("两微一端和一网通办", ["两微一端", "一网通办"]),
        ("统一规范，进一步加强", ["统一", "进一步"]),
        ("开展5·15宣传", ["5·15"]),
        ("党的十九大以来", ["十九大"]),
        ("构建1+8+N体系", ["1+8+N"]),
        ("《2021年30项任务》", ["《2021年30项任务》"]),
        ("附件3见后", ["附件3"]),
    ],
)
def test_masks(text: str, masked: list[str]) -> None:
    assert [s.of(text) for s in find_masks(text)] == masked


@pytest.mark.parametrize(
    "text",
    [
        "公开信息2003条",
        "发布12345件",
        "粉丝突破2000",
        "占66.48%",
        "解答问题120个",
        "近百名群众",
        "发放1万余份",
        "代表3名",
        "平均3个工作日",
        "微博12、微信35、网站120。",
    ],
)
def test_leaves_figures_alone(text: str) -> None:
    assert find_masks(text) == []


def test_half_width_keeps_the_length() -> None:
    assert half_width("１２．５％，共３件") == "12.5%，共3件"


@given(st.text(alphabet="2021年月日第条（）〔〕“”一二十.-·号件3 \n", max_size=60))
def test_masks_rise_and_do_not_touch(text: str) -> None:
    spans = find_masks(text)

    assert all(len(s) for s in spans)
    assert all(a.end < b.start for a, b in pairwise(spans))
    assert not spans or spans[-1].end <= len(text)


@pytest.mark.parametrize("unit", ["1", "万", "1,111", "〔2021", "第", "“", "(1"])
def test_time_is_linear(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    began = time.process_time()
    find_masks(text)

    assert time.process_time() - began < 2


PIECES = [
    *"0123456789一三十两零年月日号时点室楼层栋元×*·+＋.:：-~至到、/之个多内前以后 \n\t",
    *"（）()［］〔〕第条》表图附话提法延位名版底《",
    "2021年", "20", "个半月", "个工作日内", "之日起", "法定期限", "不超过", "项合计", "一起",
    "24小时", "条例", "表1", "12345", "一是", "\n1.", "\n（二）", "(1)\n", "1-12月", "8:30",
    "3.2.1", "1.0版", "1+3+N", "统一", "后三日", "前十位", "季度", "电话", "。2.", "一、",
    "附件", "版本号", "信用代码", "办公室", "点击量：", "QQ群", "邮政编码：", "延长了",
    "未超过", "〔20", "：1.",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_no_short_way_misses_what_a_scan_for_each_pattern_finds(text: str) -> None:
    led = (*masks._RUN_LED, *masks._NUMERAL_LED, *masks._PATTERNS, *masks._DURATIONS)
    patterns = [pattern for _, pattern in led]
    patterns += [pattern for _, _, pattern in masks._WORD_LED]
    patterns += [*word_patterns(), re.compile(f"^{masks._LIST_NUMBER}", re.MULTILINE)]
    alone = {n for p in patterns for m in p.finditer(text) for n in range(*m.span())}

    assert {n for span in find_masks(text) for n in range(span.start, span.end)} == alone


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), max_size=4))
def test_no_mask_reaches_from_one_text_into_the_next(texts: list[str]) -> None:
    starts = accumulate((len(text) + len(masks.GAP) for text in texts), initial=0)
    alone = [
        (start + left, start + right)
        for start, text in zip(starts, texts, strict=False)
        for left, right in masks.find_ranges(text)
    ]

    assert masks.find_ranges(masks.GAP.join(texts)) == alone
