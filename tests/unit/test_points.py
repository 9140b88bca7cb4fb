"""Points of problem sections: spans, kinds and pairs, in every style of writing."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mining.catalog import shipped_forms
from mining.detect import select_form
from mining.errors import ReadError
from mining.pipeline import read_report
from mining.report import Report
from mining.settings import Settings
from mining.steps.metadata import read_metadata
from mining.steps.normalize import normalize
from mining.steps.points import cut_points
from mining.steps.sections import split_sections
from mining.steps.tables import extract_tables
from mining.themes.cues import places_of, point_cues
from mining.themes.labelled import load_labelled, parse_labelled
from mining.themes.lookup import PairTable, keys_of
from mining.themes.pairing import _NUMBERED, _NUMBERS_BEGIN
from mining.themes.points import cut_section
from mining.themes.pointscore import overlap_share, render_points, score_points

ONE = '''[[sections]]
id = "x-1"
year = 2019
agency = "青石县水利局"
level = "county"
heading = "五、存在问题"
text = """{words}"""
'''


def told(text: str) -> list[tuple[str, str, int | None]]:
    return [(p.kind[:1], p.span.of(text), p.answers) for p in cut_section(text)]


def read(text: str) -> Report:
    how = Settings()
    raw = read_report(text.encode(), report_id="report", path=Path("report.txt"), settings=how)
    report = read_metadata(normalize(raw, shipped_forms()[0], how), shipped_forms()[0], how)
    form, _ = select_form(report, shipped_forms())
    for step in (split_sections, extract_tables, cut_points):
        report = step(report, form, how)
    return report


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "存在的问题：一是栏目更新不及时；二是专职人员不足。"
            "下一步，一是按周更新各栏目；二是配齐专职人员。",
            [
                ("p", "栏目更新不及时", None),
                ("p", "专职人员不足", None),
                ("i", "按周更新各栏目", 0),
                ("i", "配齐专职人员", 1),
            ],
            id="inline, same order",
        ),
        pytest.param(
            "【存在问题】1.政策解读形式单一。2.业务培训不够。\n"
            "【改进措施】1.组织业务培训。2.丰富政策解读形式。",
            [
                ("p", "政策解读形式单一", None),
                ("p", "业务培训不够", None),
                ("i", "组织业务培训", 1),
                ("i", "丰富政策解读形式", 0),
            ],
            id="blocks, crossed",
        ),
        pytest.param(
            "（一）存在问题\n首先，网站栏目检索功能不完善。其次，宣传力度不够。\n"
            "（二）改进情况\n首先，完善网站检索功能。其次，加大宣传力度。",
            [
                ("p", "网站栏目检索功能不完善", None),
                ("p", "宣传力度不够", None),
                ("i", "完善网站检索功能", 0),
                ("i", "加大宣传力度", 1),
            ],
            id="sub-headings, 首先",
        ),
        pytest.param(
            "存在信息更新不及时、公开内容不全面、业务人员不熟悉等问题。",
            [
                ("p", "信息更新不及时", None),
                ("p", "公开内容不全面", None),
                ("p", "业务人员不熟悉", None),
            ],
            id="list closed by 等问题",
        ),
    ],
)
def test_styles(text: str, expected: list[tuple[str, str, int | None]]) -> None:
    assert told(text) == expected


def test_the_part_decides_a_bare_need() -> None:
    text = "存在的问题：信息公开的广度有待加强。下一步，进一步加强信息公开的广度。"

    assert [kind for kind, _, _ in told(text)] == ["p", "i"]


def test_a_lack_that_is_prevented_is_an_improvement() -> None:
    text = "【改进措施】一是防止栏目更新不及时；二是杜绝答复超期。"

    assert [kind for kind, _, _ in told(text)] == ["i", "i"]


def test_a_noun_list_is_one_point() -> None:
    text = "存在的问题：一是网站、微博、公告栏的内容更新不及时；二是人手不足。"

    assert [words for _, words, _ in told(text)] == [
        "网站、微博、公告栏的内容更新不及时",
        "人手不足",
    ]


@pytest.mark.parametrize("text", ["", "\n \n", "无。", "None.", "。；：\n，", "一是；二是。"])
def test_what_says_nothing_has_no_problem(text: str) -> None:
    assert [p for p in cut_section(text) if p.kind == "problem" and len(p.span) > 4] == []


def test_what_stands_before_the_lead_in_of_problems_is_an_achievement() -> None:
    text = (
        "一年来，我局通过网站和服务窗口发布信息，方便了办事群众。"
        "存在的主要问题：一是栏目更新不及时；二是专职人员不足。"
    )

    assert [kind for kind, _, _ in told(text)] == ["n", "p", "p"]


def test_subjects_pair_what_shares_no_word() -> None:
    text = (
        "【存在问题】1.公众号长期停更。2.经办干部业务生疏。3.留言无人理会。\n"
        "【改进措施】1.组织轮训和测试。2.网民提问三日内给予答复。3.微博微信每周推送两次。"
    )

    assert [answer for kind, _, answer in told(text) if kind == "i"] == [1, 2, 0]


@pytest.mark.parametrize(
    "item", ["信息内容粗糙，针对性不足", "少数干部对公开工作认识不足", "与公众的互动不足"]
)
@pytest.mark.parametrize(("number", "mark"), [("2.", "。"), ("二是", "；"), ("（二）", "\n")])
def test_an_item_is_one_lack_and_no_heading(item: str, number: str, mark: str) -> None:
    text = f"存在的主要问题：\n{number}{item}{mark}"

    assert told(text) == [("p", item, None)]


@pytest.mark.parametrize("heading", ["（一）存在的主要问题", "1.存在问题", "一、工作中存在的不足"])
def test_a_numbered_heading_is_no_lack(heading: str) -> None:
    text = f"{heading}\n一是栏目更新不及时。\n二是专职人员不足。"

    assert told(text) == [("p", "栏目更新不及时", None), ("p", "专职人员不足", None)]


def test_an_item_holds_its_answer() -> None:
    text = "存在的问题：1.栏目更新不及时，下一步将按周更新；2.专职人员不足，今后将配齐人员。"

    assert [(kind, answer) for kind, _, answer in told(text)] == [
        ("p", None),
        ("i", 0),
        ("p", None),
        ("i", 2),
    ]


def test_what_an_action_turns_around_is_of_it() -> None:
    first, second = "围绕群众需求充实公开内容，增强实用性", "树牢主动公开的理念，克服应付思想"
    text = f"存在的问题：1.内容粗糙。2.认识不足。\n改进措施：\n1.{first}。\n2.{second}。"

    assert [words for kind, words, _ in told(text) if kind == "i"] == [first, second]


def test_a_mere_lead_around_which_an_action_turns_is_not_of_it() -> None:
    text = "存在的问题：1.内容粗糙。\n改进措施：\n1.围绕群众需求，充实公开内容。"

    assert [words for kind, words, _ in told(text) if kind == "i"] == ["充实公开内容"]


def test_one_action_behind_a_lead_in_of_several() -> None:
    text = "存在的问题是更新滞后。今后要做好以下几件事：按月更新栏目。"

    assert told(text) == [("p", "更新滞后", None), ("i", "按月更新栏目", 0)]


def test_a_vague_promise_answers_nothing() -> None:
    text = "存在的问题：一是栏目更新不及时；二是专职人员不足。下一步，踏实做好各项工作。"

    assert told(text)[-1] == ("i", "踏实做好各项工作", None)


@pytest.mark.parametrize(
    ("named", "answers"),
    [
        (("针对问题三", "针对问题一", "针对问题二"), [2, 0, 1]),
        (("针对第三个问题", "针对第一个问题", "针对第2个问题"), [2, 0, 1]),
        (("针对问题九", "针对问题一", "针对问题二"), [2, 0, 1]),
    ],
)
def test_a_number_tells_the_problem(named: tuple[str, str, str], answers: list[int]) -> None:
    what = ("招录两名专职人员", "按周更新栏目", "制作政策图解")
    says = "；".join(f"{n}，{w}" for n, w in zip(named, what, strict=True))
    text = f"存在的问题：一是栏目更新不及时；二是政策解读少；三是专职人员不足。改进措施：{says}。"

    assert [answer for kind, _, answer in told(text) if kind == "i"] == answers


PAIRS = st.lists(st.text(alphabet="更新滞后人手不", min_size=2, max_size=2), unique=True)


@given(PAIRS, st.text(alphabet="更新滞后人手不𠀀,", max_size=30))
def test_known_pairs_are_found_wherever_they_stand(pairs: list[str], text: str) -> None:
    rows = PairTable(pairs).rows(keys_of(text)).tolist()
    expected = [pairs.index(p) + 1 if p in pairs else 0 for p in map("".join, pairwise(text))]

    assert rows == expected


TALK = st.lists(
    st.sampled_from(
        [
            *("更新不及时", "人手少", "，", "；", "等", "等问题", "两个方面的不足", "存在的不足是"),
            *("还有", "如", "一些", "主要是", "针对", "针对性", "下一步", "拟", "我局将", "一二"),
            *("针对问题", "对于上述第", "第二个问题", "不足之二", "三个", "公开内容的针"),
        ]
    ),
    max_size=12,
).map("".join)


@given(TALK, st.integers(0, 20), st.integers(0, 60))
def test_no_list_turn_or_number_is_missed_by_the_scan_of_the_whole_text(
    text: str, start: int, end: int
) -> None:
    cues = point_cues()
    ends, words = places_of(cues.list_end, text), places_of(cues.list_word, text)
    if cues.list_end.search(text, start, end):
        assert any(start <= place < end for place in ends)
    if cues.list_start.match(text, start, end):
        assert any(start <= place <= start + 16 for place in words)
    # Stretches end at a mark, as what stands behind 针对 tells whether it opens an answer.
    if (end >= len(text) or text[end] in "，；") and cues.turn.search(text, start, end):
        assert any(start <= place < end for place in places_of(cues.turn, text))
    if _NUMBERED.search(text, start, end):
        assert _NUMBERS_BEGIN.search(text)


def test_english_is_no_crash() -> None:
    text = "Problems: updates are late; staff are few. Next year we will improve."

    assert all(0 <= p.span.start < p.span.end <= len(text) for p in cut_section(text))


def test_traditional_characters() -> None:
    report = read(
        "2019年政府信息公開工作年度報告\n一、總體情況\n本局主動公開政府信息。\n"
        "五、存在的主要問題及改進情況\n存在的問題：一是欄目更新不及時；二是專職人員不足。"
        "下一步，一是按週更新欄目；二是配齊專職人員。\n六、其他需要報告的事項\n無。\n"
    )
    points = [p for p in report.points or () if p.section == "problems"]

    assert [p.kind for p in points] == ["problem", "problem", "improvement", "improvement"]


def test_a_long_section_is_cut_whole() -> None:
    text = "存在的问题：" + "；".join(
        f"{i}.第{i}个栏目更新不及时，" + "上一次更新还是在去年年初的时候" * 3 for i in range(1, 96)
    )
    points = cut_section(text)

    assert len(text) > 5000
    assert len(points) == 95
    assert {p.kind for p in points} == {"problem"}


def test_two_first_level_headings_are_one_stretch() -> None:
    report = read(
        "2013年政府信息公开工作年度报告\n一、概述\n本局公开信息12条。\n"
        "二、存在的主要问题\n一是公开内容不全面；二是没有专职人员。\n"
        "三、下一步工作打算\n一是扩大公开内容；二是配备专职人员。\n"
    )
    points = report.points or ()

    assert [p.kind for p in points] == ["problem", "problem", "improvement", "improvement"]
    assert [p.answers for p in points] == [None, None, 0, 1]


def test_problems_below_a_heading_of_another_section() -> None:
    report = read(
        "2016年政府信息公开工作年度报告\n一、总体情况\n本局主动公开信息30条。\n"
        "二、其他需要报告的事项\n（一）收费情况\n本年没有收费。\n"
        "（二）存在的问题\n一是公开内容不全面；二是栏目更新不及时。\n（三）附表说明\n统计表附后。\n"
    )
    points = report.points or ()

    assert [p.span.of(report.text) for p in points] == ["公开内容不全面", "栏目更新不及时"]


def test_a_report_without_problems_has_no_points() -> None:
    report = read("2016年政府信息公开工作年度报告\n一、总体情况\n本局主动公开信息30条。\n")

    assert report.points == ()


ALPHABET = "一是二三、，。；：\n（）1.存在问题改进措施不及时人员下一步加强等【】针对 公开"


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=ALPHABET, max_size=120))
def test_spans_lie_inside_and_never_overlap(text: str) -> None:
    points = cut_section(text)
    ends = [0, *(p.span.end for p in points)]

    assert all(p.span.start >= end for p, end in zip(points, ends, strict=False))
    assert all(p.span.start < p.span.end <= len(text) for p in points)
    assert all(p.answers is None or points[p.answers].kind == "problem" for p in points)
    assert cut_section(text) == points


def test_marks_become_spans_and_positions() -> None:
    words = "一是{更新慢|p timeliness #a}；二是{按周更新|i timeliness >a}。{表附后|n}"
    (section,) = parse_labelled(ONE.format(words="@").replace("@", words), path=Path("x.toml"))

    assert section.text == "一是更新慢；二是按周更新。表附后"
    assert [p.span.of(section.text) for p in section.points] == ["更新慢", "按周更新", "表附后"]
    assert [p.answers for p in section.points] == [None, 0, None]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("{慢|q}", "the kind"),
        ("{慢|p lateness}", "unknown theme"),
        ("{快|i >a}", "no point is named a"),
        ("{慢|n timeliness}", "no theme"),
        ("{慢|p", "a brace"),
        ("{慢|p #a}{快|p >a}", "only improvements"),
    ],
)
def test_every_fault_is_told_with_its_section(words: str, said: str) -> None:
    with pytest.raises(ReadError, match=said) as caught:
        parse_labelled(ONE.replace("{words}", words), path=Path("x.toml"))

    assert caught.value.code == "E108"
    assert "x-1" in str(caught.value)


def test_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="E105"):
        load_labelled(tmp_path)


def test_scores_count_spans_kinds_and_pairs() -> None:
    words = "一是{更新慢|p #a}；二是{人手少|p #b}。下一步，{按周更新|i >a}，{加派人手|i >b}。"
    (section,) = parse_labelled(ONE.replace("{words}", words), path=Path("x.toml"))
    exact = cut_section(section.text)
    score = score_points([section], [exact])
    none = score_points([section], [()])

    assert (score.points.gold, score.pairs.gold) == (4, 2)
    assert (none.points.right, none.pairing) == (0, 0.0)
    assert overlap_share(exact[0].span, exact[0].span) == 1.0
    assert overlap_share(exact[0].span, exact[1].span) == 0.0
    assert render_points(score).startswith("layer\tgold")
