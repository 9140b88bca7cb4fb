"""Coherence by hand and never nan, stability, and the number of topics that was planted."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

from mining.errors import SettingsError
from mining.study.topics.coherence import coherence, diversity, top_words
from mining.study.topics.fitting import METHODS, Method
from mining.study.topics.guide import guide_topics, recommend, unseen_fit
from mining.study.topics.model import TopicModel
from mining.study.topics.stability import match_topics, resamples, stability_table
from mining.study.topics.vocabulary import Vocabulary, choose_terms, count_known
from tests.study.topicworlds import planted_matrix

USUAL = Vocabulary(max_share=0.9)


def words(*columns: int) -> list[np.ndarray]:
    return [np.array(columns, dtype=np.intp)]


def test_coherence_by_hand() -> None:
    # Words 0 and 1 are in 2 and 3 of 4 documents, in 2 of them together.
    counts = csr_matrix([[1, 5, 0], [2, 1, 1], [0, 1, 0], [0, 0, 1]])

    found = coherence(counts, words(0, 1))

    pmi = math.log((2 / 4) / ((2 / 4) * (3 / 4)))
    assert found.npmi[0] == pytest.approx(pmi / -math.log(2 / 4))
    assert found.umass[0] == pytest.approx(math.log(min(1, (2 + 1) / 2)))
    backwards = coherence(counts, words(2, 0))
    assert backwards.umass[0] == pytest.approx(math.log((1 + 1) / 2))
    assert coherence(counts, words(1, 2)).umass[0] == pytest.approx(math.log((1 + 1) / 3))


def test_words_always_together_are_best_and_never_together_worst() -> None:
    counts = csr_matrix([[1, 1, 0], [2, 1, 0], [0, 0, 1], [0, 0, 1]])

    assert coherence(counts, words(0, 1)).npmi[0] == pytest.approx(1)
    assert coherence(counts, words(0, 2)).npmi[0] == -1


@pytest.mark.parametrize(
    ("counts", "columns"),
    [
        ([[1, 1], [1, 1]], (0, 1)),  # in every document
        ([[1, 0], [1, 0]], (0, 1)),  # one in none
        ([[0, 0], [0, 0]], (0, 1)),  # no words at all
        ([[1, 1]], (0, 1)),  # one document
        ([[1, 1]], (0,)),  # one word
        ([[1, 1]], ()),  # no word
    ],
)
def test_coherence_is_never_nan(counts: list[list[int]], columns: tuple[int, ...]) -> None:
    found = coherence(csr_matrix(counts), words(*columns))

    assert np.isfinite(found.npmi).all()
    assert np.isfinite(found.umass).all()
    assert -1 <= found.npmi[0] <= 1
    assert found.umass[0] <= 0


def test_planted_topics_are_more_coherent_than_mixed_ones() -> None:
    matrix = planted_matrix()
    mixed = [np.arange(j, 60, 12)[:10] for j in range(5)]
    planted = [np.arange(j * 12, j * 12 + 10) for j in range(5)]

    own, other = coherence(matrix.counts, planted), coherence(matrix.counts, mixed)

    assert own.npmi.min() > 0.2
    assert other.npmi.max() < 0
    assert own.umass.min() > other.umass.max()


def test_diversity() -> None:
    assert diversity([np.array([0, 1]), np.array([2, 3])]) == 1
    assert diversity([np.array([0, 1]), np.array([0, 1])]) == 0.5
    assert diversity([]) == 0


def test_top_words_without_weight_are_left_out() -> None:
    found = top_words(np.array([[0.2, 0.8, 0], [0, 0, 1]]), 2)

    assert [w.tolist() for w in found] == [[1, 0], [2]]


def test_topics_are_matched_one_to_one() -> None:
    model = np.array([[0.9, 0.1, 0.0], [0.8, 0.2, 0.0], [0.0, 0.1, 0.9]])

    found = match_topics(model, model[[2, 1, 0]], top=1)
    fewer = match_topics(model, model[[2]], top=1)

    assert found.other.tolist() == [2, 1, 0]
    assert found.cosine.tolist() == pytest.approx([1, 1, 1])
    assert fewer.other.tolist() == [-1, -1, 0]
    assert fewer.cosine.tolist() == pytest.approx([0, 0, 1])
    assert fewer.jaccard.tolist() == [0, 0, 1]


@pytest.mark.parametrize("method", METHODS)
def test_planted_topics_are_stable_and_split_ones_are_not(method: Method) -> None:
    matrix = planted_matrix(agencies=15)
    terms = choose_terms(matrix, USUAL)
    counts = count_known(matrix, terms)
    stable = {}
    for k in (5, 12):
        model = TopicModel(k, method=method).fit_counts(counts, terms)
        stable[k] = stability_table(model, resamples(model, counts, (1, 2)))

    assert stable[5]["cosine"].min() > 0.95
    assert stable[5]["jaccard"].min() > 0.6
    assert stable[12]["least_cosine"].min() < 0.8
    assert set(stable[5]["models"]) == {2}


def test_stability_of_one_model_is_not_known() -> None:
    matrix = planted_matrix(agencies=5)
    model = TopicModel(3, vocabulary=USUAL).fit(matrix)

    table = stability_table(model, [])

    assert table["cosine"].isna().all()
    assert set(table["models"]) == {0}


@pytest.mark.parametrize("method", METHODS)
def test_guide_recommends_the_planted_number(method: Method) -> None:
    matrix = planted_matrix(agencies=20)
    terms = choose_terms(matrix, USUAL)
    model = TopicModel(method=method)
    model.terms = terms

    table = guide_topics(model, count_known(matrix, terms), (8, 3, 5), (1, 2))

    assert table["k"].tolist() == [3, 5, 8]
    assert table.loc[table["recommended"], "k"].tolist() == [5]
    assert np.isfinite(table.select_dtypes("number").to_numpy()).all()


@pytest.mark.parametrize("method", METHODS)
def test_unseen_documents_fit_better_with_the_planted_topics(method: Method) -> None:
    matrix, new = planted_matrix(agencies=20), planted_matrix(agencies=5, seed=9)
    fits = {}
    for k in (1, 5):
        model = TopicModel(k, method=method, vocabulary=USUAL).fit(matrix)
        fits[k] = unseen_fit(model, count_known(new, model.terms))

    assert fits[5] < 0.85 * fits[1]
    assert np.isnan(unseen_fit(model, csr_matrix((2, len(model.terms)))))


def test_numbers_that_differ_in_nothing_recommend_the_smallest() -> None:
    table = pd.DataFrame({"k": [4, 8], "npmi": 0.3, "stability": 0.9, "unseen": 0.5})

    told = recommend(table)

    assert told.loc[told["recommended"], "k"].tolist() == [4]


def test_numbers_above_the_documents_are_tried_once() -> None:
    matrix = planted_matrix(agencies=2, years=2)
    terms = choose_terms(matrix, Vocabulary(max_share=1, min_documents=1))
    model = TopicModel()
    model.terms = terms

    table = guide_topics(model, count_known(matrix, terms), (2, 10, 20), (1,))

    assert table["k"].tolist() == [2, 4]


@pytest.mark.parametrize(("numbers", "seeds"), [((), (1,)), ((1, 5), (1,)), ((5,), ())])
def test_guide_without_numbers_or_seeds_is_told(
    numbers: tuple[int, ...], seeds: tuple[int, ...]
) -> None:
    with pytest.raises(SettingsError, match="numbers of topics"):
        guide_topics(TopicModel(), csr_matrix((2, 2)), numbers, seeds)
