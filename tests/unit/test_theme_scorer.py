"""The fast way to score statements: as the plain way, whatever else is in the batch."""

from dataclasses import replace

import numpy as np
import pytest

from mining.errors import SettingsError
from mining.themes.classify import theme_classifier
from mining.themes.features import CUE_SCALE, Features, Statement, learn_features
from mining.themes.lexicon import Concept, Lexicon, theme_lexicon
from mining.themes.model import CONTEXT, context_of
from mining.themes.scorer import Scorer
from mining.themes.trie import Trie

TEXTS = [
    "公众号长期不更新",
    "",
    "名单到年底才对外公布，栏目里找不到2021年的",
    "２０２１年第三季度",
    "𠮷字头的名字\x00打不开",
    "\ud800",
    "Ａ",
    "字" * 700,
    "号" * 3,
]


def naive(strings: list[str], text: str) -> list[str]:
    beginnings = {s[:k] for s in strings for k in range(1, len(s) + 1)}
    return [
        max((text[i:k] for k in range(i, len(text) + 1) if text[i:k] in beginnings), key=len,
            default="")
        for i in range(len(text))
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["更新滞后", "滞", "滞后滞后于", "后", "不更新不及时"])
def test_the_walk_ends_at_the_longest_beginning(text: str) -> None:
    strings = ["更新", "滞后于人", "滞", "不及时", "后"]
    trie = Trie(strings)
    beginnings = sorted({s[:k] for s in strings for k in range(1, len(s) + 1)})
    nodes = dict(zip(Trie(beginnings).ends.tolist(), beginnings, strict=True))

    walk = Trie(beginnings).walk([text])

    assert len(trie) == len(Trie(beginnings))
    assert [nodes.get(n, "") for n in walk.nodes.tolist()[:-1]] == naive(strings, text)


def test_strings_do_not_run_into_the_next_text() -> None:
    trie = Trie(["滞后"])
    walk = trie.walk(["滞", "后"])

    assert trie.ends[0] not in walk.nodes.tolist()
    assert walk.starts.tolist() == [0, 2]


def test_digits_of_either_width_are_alike() -> None:
    trie = Trie(["第1条"])

    assert trie.walk(["第９条"]).nodes[0] == trie.ends[0] != 0
    assert trie.walk(["第九条"]).nodes[0] != trie.ends[0]


def test_a_string_beyond_the_basic_plane_has_no_node() -> None:
    trie = Trie(["𠮷", "𠮷人", "人"])

    assert trie.ends.tolist()[:2] == [0, 0]
    assert trie.walk(["𠮷人"]).nodes.tolist() == [0, trie.ends[2], 0]


def test_no_strings_find_nothing() -> None:
    assert Trie([]).walk(["滞后"]).nodes.tolist() == [0, 0, 0]


@pytest.mark.parametrize("text", TEXTS)
def test_scores_are_those_of_the_columns(text: str) -> None:
    model = theme_classifier().model
    row = model.features.row(Statement(text))
    values = np.array(row.values)[:, None]

    expected = (model.weights[row.columns] * values).sum(axis=0) + model.bias

    assert np.allclose(model.log_odds([Statement(text)])[0], expected, atol=1e-3)


def test_the_rest_of_the_batch_moves_no_bit() -> None:
    model = theme_classifier().model
    together = model.log_odds([Statement(text) for text in TEXTS * 80])

    for i, text in enumerate(TEXTS):
        alone = model.log_odds([Statement(text)])[0]
        assert np.array_equal(alone, together[i])
        assert np.array_equal(alone, together[-len(TEXTS) + i])


def toy_scorer(concepts: tuple[Concept, ...]) -> Scorer:
    features = Features({}, [c.name for c in concepts], Lexicon(concepts))
    return Scorer(
        features, np.eye(len(concepts), dtype=np.float32), np.zeros(len(concepts), np.float32)
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("年底才对外公布", [1, 0]),
        ("才过了很久很久很久很久很久才公布", [1, 0]),
        ("才过了很久很久很久很久很久公布", [0, 0]),
        ("公布才", [0, 0]),
        ("刚才滞后", [0, 1]),
        ("才滞后却公布", [1, 1]),
    ],
)
def test_words_with_a_gap(text: str, found: list[int]) -> None:
    concepts = (
        Concept("late", "timeliness", 1.0, ("才…公布",)),
        Concept("slow", "timeliness", 1.0, ("滞后", "才滞后")),
    )

    odds = toy_scorer(concepts).log_odds([text])[0]

    assert odds.tolist() == pytest.approx([CUE_SCALE * x for x in found])


def test_too_many_concepts_are_refused() -> None:
    concepts = tuple(Concept(f"c{i}", "", 0.0, (f"词{chr(0x4E00 + i)}",)) for i in range(64))

    with pytest.raises(SettingsError, match="64 concepts"):
        toy_scorer(concepts)


def test_longer_words_are_found_when_asked_for() -> None:
    said = [Statement("处理机关内部事务"), Statement("机关内部事务信息")]

    plain = learn_features(said, theme_lexicon())
    with_words = learn_features(said, theme_lexicon(), words=["内部事务", "内部", "处理"])

    assert set(with_words.grams) - set(plain.grams) == {"内部事务"}


def test_the_lexicon_has_no_digits() -> None:
    # Statements are read with every digit as 0, so that such a word would never be found.
    words = [word for concept in theme_lexicon().concepts for word in concept.words]

    assert [w for w in words if any(c.isdecimal() for c in w)] == []


def test_a_model_changed_by_replace_scores_anew() -> None:
    model = theme_classifier().model
    before = model.log_odds([Statement("更新不及时")])
    louder = replace(model, weights=model.weights * 2)

    assert not np.allclose(louder.log_odds([Statement("更新不及时")]), before)


def test_what_the_second_stage_sees() -> None:
    odds = np.array([[2.0, -1.0, 0.0], [1.0, 3.0, 0.0], [-2.0, 1.0, 0.5], [0.0, -1.0, -3.0]])
    said = [
        Statement("甲"),
        Statement("乙", "improvement", 0),
        Statement("丙", "improvement", 0),
        Statement("丁"),
    ]

    seen = dict(zip(CONTEXT, np.moveaxis(context_of(odds, said), 2, 0), strict=True))

    assert np.array_equal(seen["own"], odds)
    assert seen["partner"][0].tolist() == [-0.5, 2.0, 0.25]  # the mean of both answers
    assert seen["partner"][1].tolist() == odds[0].tolist()
    assert seen["partner"][3].tolist() == [0.0, 0.0, 0.0]
    assert seen["paired"][:, 0].tolist() == [1.0, 1.0, 1.0, 0.0]
    assert seen["improvement"][:, 0].tolist() == [0.0, 1.0, 1.0, 0.0]
    assert seen["alone"][3].tolist() == odds[3].tolist()
    assert not seen["alone"][:3].any()
    # The likeliest theme's rival is the next one, every other theme's is the likeliest.
    assert seen["rival"][3].tolist() == [-1.0, 0.0, 0.0]
    assert seen["rival"][1] == pytest.approx([3.0 - 0.7, 1.0 + 1.4, 1.0 + 1.4])


def test_the_second_stage_weighs_what_it_sees() -> None:
    model = theme_classifier().model
    said = [
        Statement("网站栏目更新不及时"),
        Statement("明确专人按周更新栏目", "improvement", 0),
        Statement("加强业务培训", "improvement"),
        Statement("工作人员对法规掌握不够"),
    ]

    seen = context_of(model.log_odds(said), said)
    score = np.einsum("ntc,tc->nt", seen, model.context) + model.context_bias

    assert model.probabilities(said) == pytest.approx(1 / (1 + np.exp(-score)), abs=1e-12)
