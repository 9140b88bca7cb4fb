"""Which words belong to a number, and whether a phrase's words leave much of them unknown."""

import re
import time

import pytest

from mining.phrases import PhraseSpec
from mining.report import Address
from mining.steps.pieces import explains, is_told_first, piece_of
from mining.textkeys import any_word

FILLER = any_word(("全年", "共", "政府信息"))


def phrase(*words: str) -> PhraseSpec:
    return PhraseSpec(
        key="k",
        cell=Address("t.r.c"),
        also=(),
        before=None,
        around=(),
        units=frozenset(),
        topics=frozenset(),
        not_near=None,
        near=None,
        sections=frozenset(),
        scopes=frozenset(("",)),
        score=0.8,
        words=tuple(map(re.compile, words)),
    )


@pytest.mark.parametrize(
    ("left", "right", "piece"),
    [
        ("部署工作，全年收到", "申请，", "全年收到|申请"),
        ("网上收到申请，共", "，", "网上收到申请，共|"),
        ("收到申请", "办结5件", "收到申请|"),
        ("，其中", "由律师提出，", "，其中|由律师提出"),
    ],
)
def test_pieces(left: str, right: str, piece: str) -> None:
    assert piece_of(left, right) == piece


@pytest.mark.parametrize(
    ("left", "right", "told_first"),
    [
        ("，其中", "维持", True),
        ("", "被撤销", True),
        ("，维持", "、", False),
        ("维持", "案件", False),
    ],
)
def test_a_number_may_stand_before_its_words(left: str, right: str, told_first: bool) -> None:
    assert is_told_first(left, right) is told_first


@pytest.mark.parametrize(
    ("piece", "known"),
    [
        ("全年网站共发布政府信息|", True),
        ("发布|在网站", True),
        ("全年网站|", False),
        ("网站发布办事指南|", False),
    ],
)
def test_all_words_in_any_order_and_little_else(piece: str, known: bool) -> None:
    assert explains(phrase("网站", "发布"), piece, FILLER, most=3) is known


def test_long_stretches_take_linear_time() -> None:
    began = time.process_time()

    piece_of("共有" * 200_000 + "件", "其中" * 10_000)
    is_told_first("其中" * 200_000 + "件", "维持")

    assert time.process_time() - began < 1
