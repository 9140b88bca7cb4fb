"""The segmenter: nothing lost, terms kept whole, both engines alike."""

import pickle
import sys
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mining.errors import ReadError, SettingsError
from mining.words.segment import ENGINES, Engine, Segmenter, domain_words, load_words, segmenter

SAMPLE = Path(__file__).parents[2] / "corpora" / "sample" / "reports"


@pytest.mark.parametrize("engine", ENGINES)
def test_every_term_of_the_dictionary_stays_whole(engine: Engine) -> None:
    broken = [w for w in domain_words() if segmenter(engine).cut(w) != [w]]

    assert len(domain_words()) > 300
    assert broken == []


def test_engines_cut_the_sample_corpus_alike() -> None:
    shared = total = 0
    for path in sorted(SAMPLE.glob("*.txt")):
        text = path.read_bytes().decode("utf-8", errors="ignore")
        slow, fast = (set(accumulate(map(len, segmenter(e).cut(text)))) for e in ENGINES)
        shared += len(slow & fast)
        total += len(slow | fast)

    assert shared / total > 0.998


@settings(deadline=None)
@given(st.text(alphabet="政府信息公开新媒体不及时abc 12.5万\n\t，。𠀀", max_size=60))
@pytest.mark.parametrize("engine", ENGINES)
def test_words_joined_are_the_text(engine: Engine, text: str) -> None:
    assert "".join(segmenter(engine).cut(text)) == text


@settings(deadline=None)  # the first example loads the dictionary
@given(st.text(alphabet="政务公开目录 \n，x9", max_size=40))
def test_tokens_tell_their_place(text: str) -> None:
    assert all(text[t.start : t.end] == t.text for t in segmenter().tokens(text))


def test_fingerprint_follows_engine_and_words() -> None:
    prints = {
        segmenter("jieba").fingerprint,
        segmenter("rjieba").fingerprint,
        Segmenter(words=("云岭",)).fingerprint,
    }

    assert len(prints) == 3
    assert segmenter().fingerprint == Segmenter().fingerprint


def test_own_words_are_kept_whole_also_after_pickling() -> None:
    own = pickle.loads(pickle.dumps(Segmenter(words=("云岭通",))))  # noqa: S301

    assert own.cut("使用云岭通办理") == ["使用", "云岭通", "办理"]


def test_a_list_of_words_has_comments_and_one_bad_encoding(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "bad.txt"
    good.write_text("﻿云岭通 # 平台\n\n云岭通\n", encoding="utf-8")
    bad.write_bytes("云岭通".encode("gb18030"))

    assert load_words(good) == ("云岭通",)
    with pytest.raises(ReadError, match=r"bad\.txt"):
        load_words(bad)


def test_a_missing_engine_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rjieba", None)

    with pytest.raises(SettingsError, match="rjieba is not installed"):
        Segmenter(engine="rjieba")
