"""Whose report it is and of which year: titles, periods, signatures, names."""

from __future__ import annotations

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining.form import Form
from mining.origin.agencies import compare_agencies, is_agency, parse_agency
from mining.origin.statements import signature
from mining.report import Meta, Report, Source
from mining.settings import Settings
from mining.spans import Span
from mining.steps.metadata import read_metadata

FORM = cast("Form", None)  # the step does not look at the form


def meta_of(text: str, uri: str = "report.txt") -> Meta:
    report = Report(id=uri, source=Source(uri=uri), raw_text=text, text=text)
    meta = read_metadata(report, FORM, Settings()).meta
    assert meta is not None
    return meta


TITLES = [
    ("江宁县水利局2022年政府信息公开工作年度报告\n一、总体情况\n", 2022, "江宁县水利局"),
    ("2022年江宁县水利局政府信息公开年报\n一、概述\n", 2022, "江宁县水利局"),
    ("2013年江宁区环保局政府信息公开工作汇报\n2013年，我局…", 2013, "江宁区环保局"),
    ("江宁县财政局\n2020年度\n政府信息公开工作\n年度报告\n", 2020, "江宁县财政局"),
    ("宁波市江宁生态环境局\n信息公开工作2019年度报告\n", 2019, "宁波市江宁生态环境局"),
    ("江宁县审计局\n\n政府信息公开工作年度报告\n（2012年度）\n一、概述", 2012, "江宁县审计局"),
    ("江宁县人民政府信息公开2016年度报告\n", 2016, "江宁县人民政府"),
    ("江宁县2023年政府信息公开工作年度报告\n", 2023, "江宁县人民政府"),
    ("首页 政务公开 江宁县水利局2022年政府信息公开工作年度报告\n", 2022, "江宁县水利局"),
    ("当前位置：首页 江宁县水利局 2022年政府信息公开工作年度报告\n", 2022, "江宁县水利局"),
    ("凤山镇政府信息公开2009年度报告\n", 2009, "凤山镇人民政府"),
    ("二〇一五年江宁县司法局政府信息公开工作年度报告\n", 2015, "江宁县司法局"),
    ("江宁区应急管理局2020政府信息公开工作年度报告\n", 2020, "江宁区应急管理局"),
    ("关于印发《江宁县审计局2018年政府信息公开工作年度报告》的通知\n", 2018, "江宁县审计局"),
    (
        (
            "首页 > 政务公开 > 政府信息公开年报\n江宁县水利局关于2021年度政府信息公开情况的报告\n"
            "发布时间：2022-01-20 来源：江宁县政府办 浏览次数：33\n一、总体情况\n"
        ),
        2021,
        "江宁县水利局",
    ),
    (
        "索引号 | 0012/2022 | 发布机构 | 凤山镇 |\n2009年度凤山镇政府信息公开年度报告\n一、概述",
        2009,
        "凤山镇人民政府",
    ),
    (
        "江宁县审计局2019年政府信息公开工作年度报告 发布时间:2020-01-16 来源:审计局\n一、",
        2019,
        "江宁县审计局",
    ),
]


@pytest.mark.parametrize(("text", "year", "agency"), TITLES)
def test_title_names_year_and_agency(text: str, year: int, agency: str) -> None:
    meta = meta_of(text)
    assert (meta.year, meta.agency) == (year, agency)
    assert meta.years[0].source == meta.agencies[0].source == "title"


PERIODS = [
    ("自2022年1月1日起至2022年12月31日止", [("2022", 0.95)]),
    ("从2020年1月1日到12月31日止", [("2020", 0.95)]),
    ("为2023年1月1日至当年12月31日", [("2023", 0.95)]),
    ("为2021年12月21日至2022年12月20日", [("2022", 0.95)]),
    ("为2023年1—12月", [("2023", 0.95)]),
    ("为2019年1月1日至2020年1月1日", [("2019", 0.95)]),
    ("自2010年1月1日至2011年12月31日", [("2011", 0.5), ("2010", 0.5)]),
    ("为20211月1日至2021年12月31日", [("2021", 0.5)]),
    ("为2025111231日", [("2025", 0.4)]),
    ("自2016年1月1日至2020年12月31日", []),
    ("为2022年3月1日至2022年4月30日", []),
]


@pytest.mark.parametrize(("words", "expected"), PERIODS)
def test_period_statement(words: str, expected: list[tuple[str, float]]) -> None:
    meta = meta_of(f"根据条例编制本报告，数据统计期限{words}。\n一、总体情况\n")
    found = [(f.value, f.score) for f in meta.years if f.source == "period"]
    assert found == expected


@pytest.mark.parametrize(
    "words",
    [
        "2019  年  01 月 01  日零时起，  至  2019  年  12  月  31  日",
        "2019年1月1日起--12月31日",
        "2019年1月至12月",
    ],
)
def test_a_period_is_found_whole_wherever_its_blanks_stand(words: str) -> None:
    text = f"江宁县水利局年度报告\n第12至3页，数据自{words}，5至6月除外。"
    found = [f.span for f in meta_of(text).years if f.source == "period"]
    assert [span.of(text) for span in found if span] == [words]


@pytest.mark.parametrize("gap", ["", "  "])
def test_a_period_may_be_all_there_is(gap: str) -> None:
    words = "2021年1月1日" + gap.join(["至", "12", "月", "31", "日"])
    assert [(f.value, f.span) for f in meta_of(words).years if f.source == "period"] == [
        ("2021", Span(0, len(words)))
    ]


@pytest.mark.parametrize(
    ("start", "named"),
    [
        ("", ["江宁县水利局"]),
        ("\n    ", ["江宁县水利局"]),
        ("略。2021年以来,", ["江宁县水利局"]),
        ("略。  ", []),
        ("略,", []),
    ],
)
def test_a_subject_begins_its_sentence(start: str, named: list[str]) -> None:
    found = meta_of(f"{start}江宁县水利局认真落实。")
    assert [f.value for f in found.agencies if f.source == "body"] == named


def test_the_subject_is_named_where_its_verb_follows() -> None:
    text = "一、总体情况\n工作由各单位承办。在局里，市局办公室在线。江宁县水利局认真落实。"
    named = [f.value for f in meta_of(text).agencies if f.source == "body"]
    assert named == ["江宁县水利局"]


def test_period_of_a_comparison_is_none() -> None:
    meta = meta_of("公开数量较2019年1月1日至2019年12月31日增加3件。\n一、总体情况\n")
    assert [f for f in meta.years if f.source == "period"] == []


def test_title_beats_period_and_both_are_kept() -> None:
    meta = meta_of(
        "江宁县水利局2022年政府信息公开工作年度报告\n"
        "数据统计期限自2021年1月1日起至2021年12月31日止。\n一、总体情况\n"
    )
    assert meta.year == 2022
    assert {(f.source, f.value) for f in meta.years} >= {("title", "2022"), ("period", "2021")}


def test_title_that_others_agree_with_beats_the_first_one() -> None:
    meta = meta_of(
        "江宁县水利局2022年政府信息公开工作年度报告\n江宁县水利局2021年政府信息公开工作年度报告\n"
        "数据统计期限自2021年1月1日起至12月31日止。\n一、总体情况\n"
    )
    assert meta.year == 2021


def test_text_without_title_is_read_from_signature_and_preamble() -> None:
    meta = meta_of(
        "现将宁波市江宁区司法局2023年政府信息公开工作情况公布如下：\n一、总体情况\n略。\n\n"
        "宁波市江宁区司法局\n        2024 年 1 月 12 日\n"
    )
    assert (meta.year, meta.agency) == (2023, "宁波市江宁区司法局")
    assert (meta.region, meta.level) == ("宁波市江宁区", "county")
    signed = next(f for f in meta.years if f.source == "signature")
    assert signed.value == "2023"


def test_body_majority_leaves_out_documents_and_dates() -> None:
    meta = meta_of(
        "一、总体情况\n2021年，我县落实《2019年政务公开工作要点》（国办函〔2019〕60号）。"
        "2019年5月15日施行的条例。2021年公开12条，2021年培训3次。\n"
    )
    body = next(f for f in meta.years if f.source == "body")
    assert (meta.year, body.score) == (2021, 0.6)


def test_file_name_is_the_last_resort() -> None:
    assert meta_of("略\n", uri="data/江宁县水利局2017年政府信息公开年报.txt").year == 2017
    meta = meta_of("略\n", uri="data/江宁县水利局2017年政府信息公开年报.txt")
    assert (meta.agency, meta.agencies[0].source) == ("江宁县水利局", "file")
    assert meta_of("略\n", uri="t20210115_99.txt").year is None


@pytest.mark.parametrize("uri", ["a/2017.txt", "a\\2017.txt", "2017", ".2017", "x/2017/", "2017."])
def test_a_file_name_has_a_folder_or_none_and_a_suffix_or_none(uri: str) -> None:
    assert meta_of("略\n", uri=uri).year == 2017


@pytest.mark.parametrize("uri", ["2017/a.txt", "a.2017"])
def test_folders_and_suffixes_tell_no_year(uri: str) -> None:
    assert meta_of("略\n", uri=uri).year is None


def test_damaged_and_empty_texts_stay_empty() -> None:
    assert meta_of("") == Meta()
    assert meta_of("\n\n一、总体情况\n").year is None


def test_bare_name_takes_the_place_from_the_signature() -> None:
    meta = meta_of(
        "水利局2020年政府信息公开工作年度报告\n一、总体情况\n略\n宁波市江宁区水利局\n2021年1月20日"
    )
    assert (meta.agency, meta.region) == ("宁波市江宁区水利局", "宁波市江宁区")


def test_short_place_is_spelled_out_when_the_text_does() -> None:
    head = "宁波市生态环境局江宁分局2020年政府信息公开工作年度报告\n一、总体情况\n"
    assert meta_of(head).region == "宁波市"
    assert meta_of(head + "服务江宁区发展。").region == "宁波市江宁区"


def test_level_from_the_words_for_ones_own_place() -> None:
    meta = meta_of("2020年政府信息公开工作年度报告\n一、总体情况\n我镇全年公开信息30条。")
    assert (meta.agency, meta.level, meta.levels[0].source) == (None, "township", "body")


def test_spans_lie_on_the_words() -> None:
    text = "江宁县\n财政局\n\n2020年政府信息公开工作年度报告\n自2020年1月1日至12月31日。\n一、概述"
    meta = meta_of(text)
    assert [f.span.of(text) for f in meta.years if f.span][:2] == [
        "2020年",
        "2020年1月1日至12月31日",
    ]


REGIONS = [
    ("宁波市江宁区水利局", "宁波市江宁区", "county"),
    ("浙江省宁波市江宁区水利局", "宁波市江宁区", "county"),
    ("宁波市水利局", "宁波市", "prefecture"),
    ("浙江省公安厅", "浙江省", "province"),
    ("吉林省水利厅", "吉林省", "province"),
    ("吉林市水利局", "吉林市", "prefecture"),
    ("海南省财政厅", "海南省", "province"),
    ("海南州财政局", "海南藏族自治州", "prefecture"),
    ("延边朝鲜族自治州公安局", "延边朝鲜族自治州", "prefecture"),
    ("上海市公安局浦东分局", "上海市", "county"),
    ("北京市朝阳区教委", "北京市朝阳区", "county"),
    ("朝阳区教育局", "朝阳区", "county"),
    ("宁波市市场监督管理局", "宁波市", "prefecture"),
    ("宁波市社会保险局", "宁波市", "prefecture"),
    ("景德镇市公安局", "景德镇市", "prefecture"),
    ("达州市达川区乡村振兴局", "达州市达川区", "county"),
    ("遂宁县建新镇人民政府", "遂宁县", "township"),
    ("宁波市江宁区新碶街道办事处", "宁波市江宁区", "township"),
    ("国家税务总局宁波市江宁区税务局", "宁波市江宁区", "county"),
    ("国家税务总局江宁县税务局", "江宁县", "county"),
    ("中华人民共和国宁波海关", "宁波市", "prefecture"),
    ("浙江省药品监督管理局宁波分局", "宁波市", "prefecture"),
    ("嘉兴经济技术开发区管委会", "嘉兴市经济技术开发区", "county"),
    ("威宁彝族回族苗族自治县教育局", "威宁彝族回族苗族自治县", "county"),
    ("国家统计局", "", "national"),
    ("交通运输部", "", "national"),
    ("海关总署", "", "national"),
    ("市场监督管理局", "", ""),
    ("县财政局", "", "county"),
]


@pytest.mark.parametrize(("name", "region", "level"), REGIONS)
def test_region_and_level(name: str, region: str, level: str) -> None:
    parsed = parse_agency(name)
    assert (parsed.region, parsed.level) == (region, level)


LIKENESS = [
    ("宁波市生态环境局江宁分局", "江宁区环保局", "same"),
    ("江宁区人民政府", "江宁区人民政府办公室", "same"),
    ("江宁区人民政府", "江宁区政府办", "same"),
    ("江宁区人社局", "江宁区人力资源和社会保障局", "same"),
    ("江宁区发改局", "江宁区发展和改革局", "same"),
    ("江宁县国土资源局", "江宁县自然资源和规划局", "same"),
    ("江宁区应急管理局", "江宁区安全生产监督管理局", "same"),
    ("兴国镇人民政府", "兴国镇党政综合办公室", "same"),
    ("国家税务总局宁波市税务局", "宁波市税务局", "same"),
    ("水利局", "宁波市江宁区水利局", "same"),
    ("江宁县文化广电新闻出版局", "江宁县文化和旅游局", "unsure"),
    ("江宁区人民政府", "江宁区水利局", "unsure"),
    ("江宁区水利局", "海曙区公安局", "unsure"),
    ("江宁区水利局", "海曙区水利局", "different"),
    ("江宁区教育局", "江宁区公安局", "different"),
    ("兴国镇人民政府", "太平镇人民政府", "different"),
]


@pytest.mark.parametrize(("one", "other", "expected"), LIKENESS)
def test_likeness_of_names(one: str, other: str, expected: str) -> None:
    assert compare_agencies(one, other) == expected
    assert compare_agencies(other, one) == expected


def test_what_reads_like_an_agency() -> None:
    assert is_agency("江宁县水利局")
    assert not is_agency("三、本年度办理结果")
    assert not is_agency("水利局认真落实")


@given(st.text(alphabet="江宁县局镇20年月1日至—政府信息公开报告一、\n ：。（）《》|", max_size=200))
def test_any_text_gives_facts_inside_it(text: str) -> None:
    meta = meta_of(text)
    for fact in (*meta.years, *meta.agencies, *meta.regions):
        assert fact.span is None or fact.span.end <= len(text)
        assert 0 < fact.score <= 1


@pytest.mark.parametrize(
    ("line", "year"),
    [
        ("2017 年 1 月 10 日  ", "2016"),
        ("二〇一七年一月十日", "2016"),
        ("2017.1.10\n\n略", "2016"),
        ("江宁县水利局 2017年12月", "2017"),
        ("2017年1月10日召开会议", None),
        ("2017年共3件", None),
    ],
)
def test_a_signature_ends_its_line_with_a_date(line: str, year: str | None) -> None:
    _, signed = signature(f"一、概述\n略。\n{line}\n")
    assert (signed and signed.value) == year


@pytest.mark.parametrize(
    ("head", "is_end"),
    [
        ("附件", True),
        ("  附：表", True),
        ("政府信息公开情况统计表", True),
        ("附件：统计表\n统计表", True),
        ("见附件", False),
        ("见统计表。", False),
    ],
)
def test_an_appended_table_has_its_line_above(head: str, *, is_end: bool) -> None:
    text = f"略。\n江宁县水利局\n2017年3月8日\n{head}\n统计指标\n" + "略\n" * 200
    assert (signature(text)[1] is not None) == is_end


def test_a_signature_stands_before_an_appended_table() -> None:
    text = (
        "2016年政府信息公开工作年度报告\n一、概述\n全年主动公开政府信息120条。\n"
        "青原县水务局\n2017年3月8日\n附件：政府信息公开情况统计表\n统计指标 | 单位 | 统计数 |\n"
        + "主动公开政府信息数 | 条 | 120 |\n"
        * 40
    )

    agency, year = signature(text)

    assert agency is not None
    assert year is not None
    assert (agency.value, year.value) == ("青原县水务局", "2016")
