"""The pattern language of form files."""

import re
import time

import pytest

from mining.formload.patterns import (
    PatternError,
    compile_around,
    compile_before,
    compile_words,
    cues_of_none,
    openings,
    to_regex,
)
from mining.formload.signs import signs_of_nones

SLOTS = {"what": ("申请", "公开申请"), "receive": ("收到", "受理")}


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("{receive}[了]{what}", "受理了公开申请", True),
        ("{receive}[了]{what}", "收到的申请", False),
        ("(办结|答复)~件", "答复群众来件", True),
        ("办结~件", "办结，另有一件", False),
        ("办结~件", "办结一二三四五六七八九件", False),
        ("a.b", "axb", False),
        ("（[一|二]）", "（二）", True),
    ],
)
def test_patterns_say_what_they_mean(pattern: str, text: str, *, matches: bool) -> None:
    assert bool(re.fullmatch(to_regex(pattern, SLOTS), text)) is matches


def test_the_longest_word_of_a_slot_wins() -> None:
    match = re.match(to_regex("{what}", SLOTS), "公开申请表")

    assert match is not None
    assert match[0] == "公开申请"


@pytest.mark.parametrize(
    "pattern", ["{who}来", "[收到", "收到]", "(收到]", "{收到", "收}到", "(收|接)*到"]
)
def test_unsound_patterns_are_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        to_regex(pattern, SLOTS)


@pytest.mark.parametrize(
    ("clause", "matches"),
    [
        ("共收到申请", True),
        ("收到公开申请总计", True),
        ("收到申请，共计", True),
        ("收到申请，办结", False),
        ("收到申请3件、办结", False),
        ("收到申请一二三四五六七八九十一", False),
    ],
)
def test_the_figure_follows_its_phrase_closely(clause: str, *, matches: bool) -> None:
    before = compile_before(("{receive}{what}", "受理{n}件"), SLOTS, tail=10)

    assert before is not None
    assert bool(before.search(clause)) is matches


def test_a_pattern_with_a_place_has_two_sides() -> None:
    ((left, right),) = compile_around(("收到{n}[件]{what}", "受理"), SLOTS)

    assert left.search("全年收到")
    assert not left.search("收到了")
    assert right.match("件申请")


def test_nothing_compiles_to_none() -> None:
    assert compile_before(("收到{n}",), SLOTS, tail=3) is None
    assert compile_words((), SLOTS) is None


def test_search_is_linear() -> None:
    before = compile_before(("{receive}~{what}",), SLOTS, tail=10)
    assert before is not None
    began = time.process_time()

    assert before.search("收到" * 20_000) is None
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("{receive}{what}", {"收到公", "收到申", "受理公", "受理申"}),
        ("[未]{what}", {"未申请", "未公开", "申请", "公开申"}),
        ("(无|(未|没)收)到", {"无到", "未收到", "没收到"}),
        (
            "[新|再]*收",
            {"收", "新收", "再收", "新新收", "新再收", "再新收", "再再收"}
            | {first + second + third for first in "新再" for second in "新再" for third in "新再"},
        ),
        ("无~申请", {"无"}),
        ("零$", {"零"}),
        ("(无~|未)收到", {"无", "未收到"}),
    ],
)
def test_openings_are_three_characters_or_fewer_that_all_may_follow(
    pattern: str, found: set[str]
) -> None:
    assert openings(pattern, SLOTS) == found


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("{receive}~{what}", {"申请"}),
        ("{receive}~{what}案", {"案"}),
        ("(未|没有)[新]收到", {"收到"}),
        ("无[新|再]*申请$", {"申请"}),
        ("零申请|未~(复议|诉讼)", {"零申", "未"}),
        ("[未]~~", set()),
        ("申请|[未]", set()),
        ("无申请。另有", set()),
    ],
)
def test_what_a_match_holds_is_told_in_as_few_words_as_can_be(
    pattern: str, found: set[str]
) -> None:
    assert cues_of_none((pattern,), SLOTS) == found


@pytest.mark.parametrize(
    ("patterns", "counts", "found"),
    [
        (("未{receive}~{what}", "{what}(未|没有)受理"), {}, {"申"}),
        (("未{receive}~{what}", "{what}(未|没)受理"), dict.fromkeys("申请受理", 9), {"未", "没"}),
        (("(无|零){what}", "未{receive}"), dict.fromkeys("申请收到受理", 9), {"未", "无", "零"}),
        (("(未|[没])收",), {"收": 9}, {"收"}),
        (("未收", "[未]~"), {}, set()),
        (("未收", "无。"), {}, set()),
        ((), {}, set()),
    ],
)
def test_every_match_holds_a_sign(
    patterns: tuple[str, ...], counts: dict[str, int], found: set[str]
) -> None:
    assert signs_of_nones(patterns, SLOTS, counts) == found


@pytest.mark.parametrize("pattern", ["~收到", "[未]~收到", "(未|~)收到", "", "(收到"])
def test_what_may_begin_with_anything_has_no_openings(pattern: str) -> None:
    with pytest.raises(PatternError):
        openings(pattern, SLOTS)
