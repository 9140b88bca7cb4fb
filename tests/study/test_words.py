"""Words: cut, counted and compared as the textbooks say, and the same whatever the order."""

import math
import random
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency
from sklearn.feature_extraction.text import TfidfVectorizer

from mining.errors import SettingsError, StudyError
from mining.study.collocations import collocations
from mining.study.corpus.collection import Corpus
from mining.study.frequency import count_terms, frequencies, spread, tfidf
from mining.study.keywords import keyness
from mining.study.tokens import Tokenizer, choose_engine, ngrams, stop_words, stream_words
from mining.words.segment import domain_words
from tests.conftest import SAMPLE
from tests.study.wordcorpora import made_corpus

TOKENIZER = Tokenizer()


def test_numbers_marks_and_stop_words_leave_gaps() -> None:
    words = TOKENIZER.words("我局的政务新媒体（含APP）共发布3.5万条")

    assert words[:4] == ["我局", "", "政务新媒体", ""]
    assert [w for w in words if w] == ["我局", "政务新媒体", "含", "app", "发布", "万条"]


def test_no_pair_reaches_over_a_gap() -> None:
    found = list(ngrams(["主动", "公开", "", "目录", "编制", "完成"], 3))

    assert found[5:] == ["主动 公开", "目录 编制", "编制 完成", "目录 编制 完成"]


def test_no_stop_word_is_a_term_of_the_subject() -> None:
    assert len(stop_words()) > 200
    assert not set(stop_words()) & set(domain_words())


def test_own_words_are_kept_whole_and_own_stop_words_left_out() -> None:
    own = Tokenizer(own_words=("云岭通办",), stop=("使用",))

    assert list(filter(None, own.words("使用云岭通办的人"))) == ["云岭通办", "的", "人"]
    assert own.settings()["dictionary"] != TOKENIZER.settings()["dictionary"]
    assert own.settings()["stop_words"] != TOKENIZER.settings()["stop_words"]


def test_engines_count_the_sample_corpus_alike() -> None:
    texts = [p.read_text(encoding="utf-8", errors="ignore") for p in SAMPLE.rglob("reports/*.txt")]
    slow, fast = (
        Counter(word for text in texts for word in Tokenizer(engine=engine).words(text) if word)
        for engine in ("jieba", "rjieba")
    )

    shared = (slow & fast).total() / (slow | fast).total()
    assert slow.total() > 10_000
    assert shared > 0.995


def test_the_fast_engine_has_a_stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose_engine("fast") == ("rjieba", False)
    monkeypatch.setitem(sys.modules, "rjieba", None)

    assert choose_engine("fast") == ("jieba", True)
    assert choose_engine("rjieba") == ("rjieba", False)


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    """Return 40 texts of two years, in which one word is rare at first and common then."""
    chance = random.Random(4)
    plain = ["政务公开", "信息", "网站", "平台", "目录", "群众", "解读", "栏目", "制度", "培训"]
    texts, years = [], []
    for i in range(40):
        words = chance.choices(plain, k=60)
        if chance.random() < (0.9 if i % 2 else 0.2):
            words[10:10] = ["新媒体"] * 4
        texts.append("，".join(words) + "。")
        years.append(2019 + i % 2)
    return made_corpus(tmp_path / "run", texts, year=pd.array(years, dtype="Int64"))


def test_counts_are_those_of_the_words(corpus: Corpus) -> None:
    matrix = count_terms(corpus, TOKENIZER)

    streamed = Counter(w for _, words in stream_words(corpus.documents(), TOKENIZER) for w in words)
    table = frequencies(matrix).set_index("term")
    assert {t: n for t, n in streamed.items() if t} == table["n"].to_dict()
    assert table["per_10k"].sum() == pytest.approx(10_000)
    assert list(matrix.terms) == sorted(matrix.terms)
    assert table.attrs["meta"]["words"] == TOKENIZER.settings()


def test_number_of_processes_changes_nothing(corpus: Corpus) -> None:
    one, two = (count_terms(corpus, TOKENIZER, longest=2, workers=n) for n in (1, 2))

    assert one.terms == two.terms
    assert (one.counts != two.counts).nnz == 0
    pd.testing.assert_frame_equal(frequencies(one, "year"), frequencies(two, "year"))


def test_pieces_of_a_report_count_together_when_asked(corpus: Corpus) -> None:
    sentences = corpus.sentences()
    whole = count_terms(corpus, TOKENIZER)
    together = count_terms(sentences, TOKENIZER)
    apart = count_terms(sentences, TOKENIZER, per="document")

    assert (whole.counts != together.counts).nnz == 0
    assert list(apart.documents["document"].head(2)) == ["a000.txt#1", "a001.txt#1"]


def test_rare_terms_are_left_out_and_no_word_at_all_is_told(tmp_path: Path) -> None:
    corpus = made_corpus(tmp_path, ["目录，平台", "目录，12", "3。"])

    assert count_terms(corpus, TOKENIZER, min_documents=2).terms == ("目录",)
    assert count_terms(corpus, TOKENIZER).counts.shape == (3, 2)
    with pytest.raises(StudyError, match="no word in these texts"):
        count_terms(corpus.filter(report="a002.txt"), TOKENIZER)


def test_spread_is_0_when_even_and_near_1_in_one_short_text(tmp_path: Path) -> None:
    texts = ["目录，目录，平台，平台", "目录，平台"] + ["目录，平台"] * 8 + ["培训，目录，平台"]
    matrix = count_terms(made_corpus(tmp_path, texts), TOKENIZER)

    found = dict(zip(matrix.terms, spread(matrix.counts), strict=True))
    n_words = matrix.counts.sum()
    assert found["培训"] == pytest.approx(1 - 3 / n_words)
    assert found["目录"] < 0.05


def test_tfidf_is_that_of_scikit_learn(corpus: Corpus) -> None:
    vectorizer = TfidfVectorizer(analyzer=lambda text: list(filter(None, TOKENIZER.words(text))))
    weights = vectorizer.fit_transform(d.text for d in corpus.documents())
    expected = dict(
        zip(
            vectorizer.get_feature_names_out(),
            np.asarray(weights.mean(axis=0)).ravel(),
            strict=True,
        )
    )

    table = tfidf(count_terms(corpus, TOKENIZER), top=5)

    assert list(table["rank"]) == [1, 2, 3, 4, 5]
    assert list(table["tfidf"]) == pytest.approx(sorted(expected.values(), reverse=True)[:5])
    assert all(
        expected[term] == pytest.approx(w)
        for term, w in zip(table["term"], table["tfidf"], strict=True)
    )


def test_keyness_finds_what_was_planted_and_nothing_else(corpus: Corpus) -> None:
    table = keyness(count_terms(corpus, TOKENIZER), "year")

    later = table[table["group"] == "2020"].reset_index(drop=True)
    assert later.loc[0, "term"] == "新媒体"
    assert later.loc[0, "low"] > 0
    assert later.loc[0, "p_adjusted"] < 0.001
    # The rest was drawn alike, and gives way only for the planted words.
    assert (later.loc[1:, "p_adjusted"] > 0.05).all()
    earlier = table[(table["group"] == "2019") & (table["term"] == "新媒体")].iloc[0]
    assert earlier["log_ratio"] == pytest.approx(-later.loc[0, "log_ratio"])


def test_keyness_is_that_of_the_fourfold_table(corpus: Corpus) -> None:
    matrix = count_terms(corpus, TOKENIZER)
    table = keyness(matrix, "year")
    row = table[(table["group"] == "2020") & (table["term"] == "新媒体")].iloc[0]
    n = frequencies(matrix, "year").groupby("group")["n"].sum()
    cells = [[row["n"], row["n_rest"]], [n["2020"] - row["n"], n["2019"] - row["n_rest"]]]

    g2 = chi2_contingency(cells, correction=False, lambda_="log-likelihood")
    assert row["g2"] == pytest.approx(g2.statistic)
    assert row["p"] == pytest.approx(g2.pvalue)
    assert row["chi2"] == pytest.approx(chi2_contingency(cells, correction=False).statistic)
    assert row["log_ratio"] == pytest.approx(math.log2(row["per_10k"] / row["per_10k_rest"]))


def test_p_values_are_corrected_after_benjamini_and_hochberg(corpus: Corpus) -> None:
    table = keyness(count_terms(corpus, TOKENIZER), "year").sort_values("p")

    n = len(table)
    steps = table["p"].to_numpy() * n / np.arange(1, n + 1)
    expected = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1)
    assert table["p_adjusted"].to_numpy() == pytest.approx(expected)


def test_a_word_that_one_side_lacks_has_a_finite_ratio(tmp_path: Path) -> None:
    texts = ["培训，目录，平台"] * 4 + ["目录，平台"] * 4
    matrix = count_terms(made_corpus(tmp_path, texts, side=["a"] * 4 + ["b"] * 4), TOKENIZER)

    row = keyness(matrix, "side", min_count=3).query("term == '培训' and group == 'a'").iloc[0]

    assert row["log_ratio"] == pytest.approx(math.log2((4 / 12) / (0.5 / 8)))
    assert row["low"] < row["log_ratio"] < row["high"]


def test_keyness_needs_two_known_groups(corpus: Corpus, tmp_path: Path) -> None:
    one = count_terms(corpus.filter(year=2020), TOKENIZER)
    with pytest.raises(StudyError, match="nothing to compare"):
        keyness(one, "year")
    half = made_corpus(tmp_path, ["目录"] * 6, side=["a", "a", "a", "unknown", None, "a"])
    with pytest.raises(StudyError, match="nothing to compare"):
        keyness(count_terms(half, TOKENIZER), "side")
    with pytest.raises(SettingsError, match="no document variable colour"):
        keyness(one, "colour")
    assert keyness(count_terms(corpus, TOKENIZER), "year", min_count=5000).empty


def test_collocations_find_the_planted_pair_and_its_statistics(tmp_path: Path) -> None:
    chance = random.Random(1)
    plain = ["信息", "网站", "平台", "目录", "群众"]
    texts = [
        "、".join(chance.choices(plain, k=6))
        + "".join(chance.choices(plain, k=6))
        + ("。人手短缺。" if i % 2 else "。人手。短缺。")
        for i in range(20)
    ]
    table = collocations(made_corpus(tmp_path, texts), TOKENIZER)

    first = table.iloc[0]
    assert (first["first"], first["second"]) == ("人手", "短缺")
    assert (first["n"], first["n_first"], first["n_second"], first["documents"]) == (10,) * 4
    assert first["npmi"] == pytest.approx(1)
    whole = round(10 * 2 ** first["pmi"])
    cells = [[10, 0], [0, whole - 10]]
    g2 = chi2_contingency(cells, correction=False, lambda_="log-likelihood")
    assert first["g2"] == pytest.approx(g2.statistic)
    assert table["n"].sum() <= whole


def test_a_window_reaches_further_but_not_out_of_the_text(tmp_path: Path) -> None:
    corpus = made_corpus(tmp_path, ["更新信息滞后"] * 6)

    near = collocations(corpus, TOKENIZER)
    far = collocations(corpus, TOKENIZER, window=2)

    assert ("更新", "滞后") not in set(zip(near["first"], near["second"], strict=True))
    assert ("更新", "滞后") in set(zip(far["first"], far["second"], strict=True))
    assert ("滞后", "更新") not in set(zip(far["first"], far["second"], strict=True))
    with pytest.raises(SettingsError, match="window is 0"):
        collocations(corpus, TOKENIZER, window=0)
    assert collocations(corpus, TOKENIZER, min_count=7).empty


def test_stm_reads_counts_terms_and_variables(tmp_path: Path) -> None:
    corpus = made_corpus(tmp_path / "run", ["目录，平台，目录", "12。", "平台"])
    matrix = count_terms(corpus, TOKENIZER)

    left_out = matrix.to_stm(tmp_path / "stm")

    assert left_out == 1
    # 平台 comes before 目录.
    assert (tmp_path / "stm" / "documents.ldac").read_text() == "2 0:1 1:2\n1 0:1\n"
    assert (tmp_path / "stm" / "vocab.txt").read_text(encoding="utf-8").split() == list(
        matrix.terms
    )
    assert list(pd.read_csv(tmp_path / "stm" / "meta.csv")["report"]) == ["a000.txt", "a002.txt"]
