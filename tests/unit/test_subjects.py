"""Whose number it is, where only the subject or the time of the sentence says so."""

from __future__ import annotations

import pytest

from mining.steps.subjects import is_planned, names_other_agency, tells_other_period


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("第三季度收到申请", True),
        ("上半年受理申请", True),
        ("1至6月，收到申请", True),
        ("1-9月收到申请", True),
        ("9月份受理申请", True),
        ("截至6月底，收到申请", True),
        ("近三年来，共收到申请", True),
        ("十三五期间，共公开信息", True),
        ("1-12月收到申请", False),
        ("自2020年1月1日起至12月31日止，收到申请", False),
        ("上半年收到申请21件，全年共收到申请", False),
        ("2020年，我局收到申请", False),
        ("截至12月底，收到申请", False),
        ("3月12日举办培训，收到申请", False),
    ],
)
def test_tells_other_period(words: str, *, expected: bool) -> None:
    assert tells_other_period(words) is expected


@pytest.mark.parametrize(
    ("words", "own", "expected"),
    [
        ("县交通局收到申请", "青原县水务局", True),
        ("其中，县交通运输局受理申请", "青原县人民政府", True),
        ("县法院审结行政诉讼", "青原县人民政府", True),
        ("青原县水务局2020年共收到申请", "青原县水务局", False),
        ("县水务局共收到申请", "青原县水务局", False),
        ("我局共收到申请", "青原县水务局", False),
        ("县政府收到申请", "青原县人民政府", False),
        ("县政府及县政府办公室制发规范性文件", "青原县人民政府", False),
        ("与县交通局联合召开新闻发布会", "青原县水务局", False),
        ("区政府办公室本级收到申请", "北湖区人民政府", True),
        ("县交通局收到申请", None, False),
    ],
)
def test_names_other_agency(words: str, own: str | None, *, expected: bool) -> None:
    assert names_other_agency(words, own) is expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("2021年计划召开新闻发布会", True),
        ("力争主动公开信息", True),
        ("下一步，召开新闻发布会", True),
        ("草拟文件", False),
        ("结转至明年", False),
        ("按计划召开新闻发布会", False),
    ],
)
def test_is_planned(words: str, *, expected: bool) -> None:
    assert is_planned(words) is expected
