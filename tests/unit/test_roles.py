"""The roles step: totals and parts, changes and shares, and whose number a figure is."""

from __future__ import annotations

import pytest

from mining.errors import LayerError
from mining.form import DetectSpec, Form
from mining.report import Meta, Report, Source
from mining.settings import Settings
from mining.steps.figures import extract_figures
from mining.steps.roles import assign_roles
from tests.support import overview

FORM = Form(id="t", family="t", template="", title="", detect=DetectSpec(), sections=())


def analyse(text: str, *, year: int | None = None, agency: str | None = None) -> Report:
    report = overview(text, meta=Meta(year=year, agency=agency))
    return assign_roles(extract_figures(report, FORM, Settings()), FORM, Settings())


def roles(text: str) -> list[str]:
    return [f.role for f in analyse(text).figures or ()]


def lists(text: str) -> list[tuple[int, tuple[int, ...], bool, str]]:
    return [(b.total, b.parts, b.closed, b.marker) for b in analyse(text).breakdowns or ()]


def test_needs_figures() -> None:
    report = Report(id="x", source=Source(uri="x"), raw_text="", text="", sections=())

    with pytest.raises(LayerError, match="E301"):
        assign_roles(report, FORM, Settings())


def test_two_totals_in_one_sentence() -> None:
    text = (
        "共受理依申请93件，其中，当年办结88件，结转下年5件；"
        "涉及信息公开的行政复议2件（其中被纠正1件）、行政诉讼1件"
    )

    assert roles(text) == ["total", "part", "part", "total", "part", "single"]
    assert lists(text) == [(0, (1, 2), True, "其中"), (3, (4,), False, "其中")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("共发布20条，其中：网站12条，微信5条、其他3条。", [(0, (1, 2, 3), True, "其中")]),
        ("共发布20条，其中网站12条，微信5条等。", [(0, (1, 2), False, "其中")]),
        ("共发布20条，包括网站12条、微信5条；召开会议5次。", [(0, (1, 2), False, "包括")]),
        ("共发布500条。其中，政策文件30条、财政信息12条。", [(0, (1, 2), False, "其中")]),
        ("公开12条，微博、微信、网站分别为5条、4条、3条。", [(0, (1, 2, 3), True, "分别")]),
        ("网站88条、微信3条，共91条。", [(2, (0, 1), True, "共")]),
        ("网站88条，微信3条，合计91条。", [(2, (0, 1), True, "合计")]),
        ("公开120条（网站70条、微信50条）。", [(0, (1, 2), True, "（")]),
        ("公开120条：网站70条、微信50条。", [(0, (1, 2), True, "：")]),
        ("公开200条，同比增长12.3%，其中微信50条，占25%。", [(0, (2,), False, "其中")]),
        ("公开9条，其中专栏（含图解）4条，网站5条。", [(0, (1, 2), False, "其中")]),
        ("公开30条，分为防汛12条和水利8条两大类。", [(0, (1, 2), True, "分别")]),
        ("受理31件，来自自然人26件、企业5件。", [(0, (1, 2), True, "来自")]),
        ("公开31条。从公开渠道看，网站26条，微信5条。", [(0, (1, 2), True, "从公开渠道看")]),
        ("公开30篇，其中条目10条、期刊5期。", [(0, (1, 2), False, "其中")]),
        ("公开30条，其中召开会议5次。", []),
        ("公开30条。召开会议5次，其中专题2次。", [(1, (2,), False, "其中")]),
        ("公开30条，培训5条。", []),
        ("公开30条，其中网站28条，微信15条，部分信息在多个渠道发布。", []),
        (
            "收到5件，其中网上4件，来人1件，均已答复，其中公开4件，部分公开1件。",
            [(0, (1, 2), False, "其中"), (0, (3, 4), False, "其中")],
        ),
        ("新收64件，结转3件，两项合计67件。", [(2, (0, 1), True, "合计")]),
        ("公开30条。加强领导。其中网站5条。", []),
        ("受理20件，其中自然人15件；法人5件；办理答复18件。", [(0, (1, 2), False, "其中")]),
        ("受理20件，其中网上15件；召开会议3件。", [(0, (1,), False, "其中")]),
        # A share tells its total by as many digits as it is told with: this one is of 569.
        ("收到申请568件。予以公开208件，占办结总数的36.56%。", []),
        ("收到申请569件。予以公开208件，占办结总数的36.56%。", [(0, (1,), False, "占")]),
        ("收到申请569件。予以公开208件，占办结总数的36.55%。", [(0, (1,), False, "占")]),
        ("收到申请568件。予以公开208件，占办结总数的36.6%。", [(0, (1,), False, "占")]),
        # 总数 is said of the sentence before, not of the number that happens to be the sum.
        ("公布抽查事项42项。公开2件，占办结总数的25%。接听来电44个。", []),
        ("网站42条。微信2条。以上信息全部更新44条。", [(2, (0, 1), True, "")]),
    ],
)
def test_breakdowns(text: str, expected: list[tuple[int, tuple[int, ...], bool, str]]) -> None:
    assert lists(text) == expected


def test_two_lists_of_one_total() -> None:
    text = "收到41件（含上年度结转3件），其中网上申请30件，信函申请11件，已答复38件。"

    assert lists(text) == [(0, (1,), False, "含"), (0, (2, 3), False, "其中")]
    assert roles(text) == ["total", "part", "part", "part", "single"]


def test_figure_that_is_total_and_part_becomes_part() -> None:
    text = "受理41件，其中网上申请30件（其中自然人25件），信函申请11件。"

    assert roles(text) == ["total", "part", "part", "part"]
    assert lists(text) == [(0, (1, 3), False, "其中"), (1, (2,), False, "其中")]


def test_change_against_last_year() -> None:
    report = analyse("行政诉讼案件共1件，较2019年减少3件。", year=2020)
    lawsuits, change = report.figures or ()

    assert (lawsuits.role, lawsuits.scope) == ("single", "")
    assert (change.role, change.kind, change.scope) == ("change", "change", "")


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("同比增长12.3%。", "change"),
        ("比上年增加10件。", "change"),
        ("满意率提升2.5个百分点。", "change"),
        ("环节提速三成以上。", "change"),
        ("占66.48%。", "percent"),
        ("按时办结率100%。", "percent"),
        ("新增专栏3个。", "single"),
        ("位列全市第三。", "single"),
        ("平均用时3天。", "single"),
        ("力争培训3次。", "other"),
        ("公开30条，比上年多5条。", "single change"),
        ("粉丝12万人，较年初净增1.6万人。", "single change"),
    ],
)
def test_roles(text: str, role: str) -> None:
    assert roles(text) == role.split()


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("全年公开5条。", ""),
        ("去年公开5条。", "last_year"),
        ("2019年公开5条。", "last_year"),
        ("2017年公开5条。", "earlier_year"),
        ("2020年公开5条。", ""),
        ("上年结转5件。", ""),
        ("2019年结转5件。", ""),
        ("《2019年要点》公开5条。", ""),
        ("自2008年以来，共公开5条。", "cumulative"),
        ("截至目前，累计公开5条。", "cumulative"),
        ("历年累计公开5条。", "cumulative"),
        ("全年累计公开5条。", ""),
        ("2020年累计公开5条。", ""),
        ("公众号累计关注5万人。", "cumulative"),
        ("药品平均降价5%。", ""),
        ("各镇（街道）公开5条。", "sub_unit"),
        ("其中乡镇和部门栏目发布5条。", "sub_unit"),
        ("下属单位公开5条。", "sub_unit"),
        ("对各部门开展培训5次。", ""),
        ("区本级公开5条。", "own_level"),
        ("全区公开5条。", "whole_area"),
        ("平均每个工作日发布5条。", "per_day"),
        ("每日发布5条。", "per_day"),
        ("每周发布5条。", "per_week"),
        ("人均培训5次。", "average"),
        ("每月发布5条。", "each"),
        ("作为复议机关审结5件。", "as_reviewer"),
        ("办理以镇政府为被申请人的复议案件5件。", "as_reviewer"),
        ("行政复议案件5件，其中涉及政府信息公开的案件较多。", "all_reviews"),
    ],
)
def test_scopes(text: str, scope: str) -> None:
    report = analyse(text, year=2020, agency="某区环保局")

    assert [f.scope for f in report.figures or ()] == [scope]


def test_whole_area_is_a_governments_own() -> None:
    report = analyse("全区公开5条。", year=2020, agency="某区人民政府")

    assert [f.scope for f in report.figures or ()] == [""]


def test_scope_holds_for_the_clauses_after_it() -> None:
    report = analyse("各街道公开30条，微信12条；本单位公开8条。", year=2020)

    assert [f.scope for f in report.figures or ()] == ["sub_unit", "sub_unit", ""]
