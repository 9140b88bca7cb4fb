"""Phrases that an index leaves: all that can match, and few others."""

import random
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest

from mining.catalog import shipped_forms
from mining.form import Form
from mining.formload.patterns import cues, cues_of_phrase
from mining.phrases import Cues, PhraseIndex, PhraseSpec
from mining.pipeline import read_passage
from mining.report import Address
from mining.settings import Settings
from mining.spans import Span
from mining.steps.link import matching_phrases

SETTINGS = Settings()
SLOTS = {"what": ("申请", "公开申请"), "receive": ("收到", "受理", "接")}
COMMON = {"申请": 9, "公开": 5, "收到": 3}


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("答复", {"答复"}),
        ("[未]{receive}[了]~{what}", {"收到", "受理", "接"}),
        ("{what}", {"申请", "开申"}),
        ("公开申请", {"开申"}),
        ("(维持|责令(重做|重新答复))收到", {"维持", "责令"}),
        ("(申请|公开)收到", {"收到"}),
        ("(维持|纠正)[的|，]*", {"维持", "纠正"}),
        ("[a|b]*无", {"无"}),
        ("办结$", {"办结"}),
    ],
)
def test_cues_are_the_rarest_that_a_match_needs(pattern: str, found: set[str]) -> None:
    assert cues(pattern, SLOTS, COMMON) == frozenset(found)


@pytest.mark.parametrize("pattern", ["", "~", "[收到]", "(收到|~)", "(收到|)", "{unknown}"])
def test_what_may_match_without_a_word_has_no_cues(pattern: str) -> None:
    assert cues(pattern, SLOTS, COMMON) is None


@pytest.mark.parametrize(
    ("patterns", "words", "found"),
    [
        (("答复", "补正{n}申请"), (), Cues(frozenset(("答复",)), behind=frozenset(("申请",)))),
        (("补正{n}~申请",), (), Cues(frozenset(), unended=frozenset(("补正",)))),
        # A gap ends at the comma that may begin what follows it.
        (("补正{n}~[，]申请",), (), Cues(frozenset(("补正",)))),
        (("补正{n}~~申请",), (), Cues(frozenset(("补正",)))),
        (("补正{n}[，]~",), (), Cues(frozenset(("补正",)))),
        ((), ("申请", "网站"), Cues(frozenset(("网站",)))),
        (("{n}~申请",), ("网站",), None),
        (("答复", "[了]"), (), None),
    ],
)
def test_each_way_to_match_has_its_cues(
    patterns: tuple[str, ...], words: tuple[str, ...], found: Cues | None
) -> None:
    assert cues_of_phrase(patterns, words, SLOTS, COMMON) == found


def phrase(
    cues: Cues,
    *,
    topics: tuple[str, ...] = (),
    subjects: tuple[str, ...] = (),
    score: float = 0.9,
) -> PhraseSpec:
    return PhraseSpec(
        key=min(cues.beside | cues.unended),
        cell=Address("t.r.c"),
        also=(),
        before=None,
        around=(),
        units=frozenset(("件",)),
        topics=frozenset(topics),
        subjects=frozenset(subjects),
        not_subjects=frozenset(("nothing",)),
        not_near=None,
        near=None,
        sections=frozenset(("overview",)),
        scopes=frozenset(("",)),
        score=score,
        cues=cues,
    )


PHRASES = PhraseIndex(
    (
        phrase(
            Cues(frozenset(("收到",)), behind=frozenset(("申请", "件"))), topics=("applications",)
        ),
        phrase(Cues(frozenset(("网站",))), score=0.95),
        phrase(Cues(frozenset(), unended=frozenset(("无",))), subjects=("rules",)),
    )
)


def names(bits: int) -> list[str]:
    return [p.key for at, p in enumerate(PHRASES.phrases) if bits >> at & 1]


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (("件", "", "overview"), ["网站", "收到", "无"]),
        (("", "", "overview"), ["网站", "收到", "无"]),
        (("元", "", "overview"), []),
        (("件", "last_year", "overview"), []),
        (("件", "", "fees"), []),
    ],
)
def test_unit_scope_and_section_admit(kind: tuple[str, str, str], found: list[str]) -> None:
    assert names(PHRASES.admitted(*kind)) == found


def test_topics_and_subjects_admit() -> None:
    assert names(PHRASES.with_topics) == ["收到"]
    assert names(PHRASES.topics["applications"]) == ["网站", "收到", "无"]
    assert names(PHRASES.topics["other"]) == ["网站", "无"]
    assert names(PHRASES.subjects["rules"]) == ["网站", "收到", "无"]
    assert names(PHRASES.subjects[""]) == ["网站", "收到"]
    assert names(PHRASES.subjects["nothing"]) == []


@pytest.mark.parametrize(
    ("beside", "behind", "found"),
    [
        ("门户网站收到", "，", ["网站", "收到"]),
        ("均无", "的", ["无"]),
        ("均无", "，", []),
        ("均无", "", []),
        ("收，到", "，申请", []),
        ("", "申请", ["收到"]),
        ("", "件数", ["收到"]),
        ("", "", []),
    ],
)
def test_words_beside_a_figure_admit(beside: str, behind: str, found: list[str]) -> None:
    assert names(PHRASES.told(beside, behind)) == found


def without_cues(form: Form) -> Form:
    """Return a form each of whose phrases is searched for, whatever the words are."""
    return replace(form, phrases=tuple(replace(p, cues=None) for p in form.phrases))


# Words that follow their number at a distance, and single characters before one.
OTHERS = (
    "全年召开了3场新闻、政策发布会。",
    "编发5篇本级、上级解读。",
    "举办2次网上、在线访谈。",
    "政策解读一直在做，才7篇。",
)


def sentences(form: Form) -> Iterator[tuple[str, str]]:
    """Yield the examples of a form and sentences joined from pieces of them, with sections."""
    yield from ((e.text, e.section) for e in form.examples)
    yield from ((text, "disclosure") for text in OTHERS)
    pieces = [p for e in form.examples for p in re.split(r"(?<=[，。；、])|[0-9]+件?", e.text) if p]
    draw = random.Random(7)
    for _ in range(60):
        parts = [f"{draw.choice(pieces)}{draw.randint(1, 99)}件" for _ in range(6)]
        yield f"{''.join(parts)}。", draw.choice(form.examples).section


def shown(text: str, section: str, form: Form) -> list[list[tuple[str, Span]]]:
    report = read_passage(text, section=section, form=form, settings=SETTINGS)
    figures = report.figures or ()
    return [
        [(p.key, quote) for p, quote in matching_phrases(report, figure, previous, form)]
        for previous, figure in pairwise((None, *figures))
        if figure is not None
    ]


@pytest.mark.parametrize("form", [f for f in shipped_forms() if f.examples], ids=lambda f: f.id)
def test_no_phrase_is_lost(form: Form) -> None:
    every = without_cues(form)
    n_matches = 0
    for text, section in sentences(form):
        found = shown(text, section, form)
        assert found == shown(text, section, every), text
        n_matches += sum(map(len, found))

    assert n_matches > 100


def test_long_stretches_take_linear_time() -> None:
    index = shipped_forms()[-1].phrase_index
    began = time.process_time()

    index.told("收到申请" * 100_000, "公开")

    assert time.process_time() - began < 2
