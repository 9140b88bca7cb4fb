"""Topic models: planted topics are found, the same bytes come again, bad input is told."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mining.errors import ReadError, SettingsError, StudyError
from mining.study.frequency import TermMatrix
from mining.study.topics.fitting import METHODS, Method
from mining.study.topics.model import TopicModel
from mining.study.topics.saving import load_topics, save_topics
from mining.study.topics.stability import match_topics
from mining.study.topics.vocabulary import Vocabulary, count_known, take_rows
from tests.study.topicworlds import planted_matrix, planted_shares, planted_words

ROOT = Path(__file__).parents[2]
ALL_WORDS = Vocabulary(max_share=1, min_documents=1)
USUAL = Vocabulary(max_share=0.9)


@pytest.fixture(scope="module")
def matrix() -> TermMatrix:
    return planted_matrix()


@pytest.fixture(scope="module", params=METHODS)
def fitted(request: pytest.FixtureRequest, matrix: TermMatrix) -> TopicModel:
    return TopicModel(5, method=request.param, vocabulary=USUAL).fit(matrix)


def test_planted_topics_are_found(fitted: TopicModel) -> None:
    terms, odds = planted_words(5)
    columns = [terms.index(term) for term in fitted.terms]

    found = match_topics(odds[:, columns], fitted.probabilities)

    assert found.cosine.min() > 0.9
    assert sorted(found.other.tolist()) == list(range(5))


def test_planted_shares_are_found(fitted: TopicModel, matrix: TermMatrix) -> None:
    terms, odds = planted_words(5)
    columns = [terms.index(term) for term in fitted.terms]
    _, planted = planted_shares(40, 8, 5)

    shares = fitted.transform(matrix)

    other = match_topics(odds[:, columns], fitted.probabilities).other
    related = [np.corrcoef(planted[:, j], shares[:, other[j]])[0, 1] for j in range(5)]
    assert min(related) > 0.9
    assert np.allclose(shares.sum(axis=1), 1)


def test_topics_come_with_the_largest_first(fitted: TopicModel) -> None:
    assert (np.diff(fitted.sizes) <= 1e-9).all()
    assert fitted.sizes.sum() == pytest.approx(1)


def test_new_documents_have_the_topics_of_old_ones(fitted: TopicModel) -> None:
    new = planted_matrix(agencies=20, years=2, seed=50)
    _, planted = planted_shares(20, 2, 5, seed=50)
    # A word that nobody knew, and the known ones in other columns.
    backwards = replace(new, terms=(*new.terms[:-1], "new"))

    shares = fitted.transform(backwards)

    terms, odds = planted_words(5)
    columns = [terms.index(term) for term in fitted.terms]
    other = match_topics(odds[:, columns], fitted.probabilities).other
    assert np.corrcoef(planted.ravel(), shares[:, other].ravel())[0, 1] > 0.9


@pytest.mark.parametrize("method", METHODS)
def test_document_alone_has_the_shares_that_it_has_among_others(
    method: Method, matrix: TermMatrix
) -> None:
    model = TopicModel(5, method=method, vocabulary=USUAL).fit(matrix)

    together = model.transform(matrix)[:3]
    alone = model.transform(take_rows(matrix, np.arange(3)))

    assert np.abs(together - alone).max() < 0.01


@pytest.mark.parametrize("method", METHODS)
def test_same_bytes_in_another_process_with_other_threads(
    method: Method, matrix: TermMatrix
) -> None:
    here = TopicModel(5, method=method, vocabulary=USUAL).fit(matrix).fingerprint
    code = (
        "from tests.study.topicworlds import planted_matrix;"
        "from mining.study.topics.model import TopicModel;"
        "from mining.study.topics.vocabulary import Vocabulary;"
        f"m=TopicModel(5, method={method!r}, vocabulary=Vocabulary(max_share=0.9));"
        "print(m.fit(planted_matrix()).fingerprint)"
    )
    environment = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}

    there = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )

    assert there.stdout.strip() == here


def test_another_seed_gives_other_numbers(matrix: TermMatrix) -> None:
    found = {
        seed: TopicModel(5, method="lda", seed=seed, vocabulary=USUAL).fit(matrix).fingerprint
        for seed in (1, 2)
    }

    assert found[1] != found[2]


def test_saved_model_is_the_same(fitted: TopicModel, matrix: TermMatrix, tmp_path: Path) -> None:
    save_topics(fitted, tmp_path / "one.json")
    again = load_topics(tmp_path / "one.json")
    save_topics(again, tmp_path / "two.json")

    assert again.fingerprint == fitted.fingerprint
    assert again.get_params() == fitted.get_params()
    assert np.array_equal(again.transform(matrix), fitted.transform(matrix))
    for suffix in (".json", ".npz"):
        one, two = (tmp_path / f"{name}{suffix}" for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda path: path.with_suffix(".npz").unlink(), "E105"),
        (lambda path: path.with_suffix(".npz").write_bytes(b"PK\x03\x04"), "E109"),
        (lambda path: path.with_suffix(".npz").write_bytes(b""), "E109"),
        (lambda path: path.write_text("[]"), "E109"),
        (lambda path: path.write_text("{}"), "E109"),
        (
            lambda path: path.write_text(path.read_text().replace('"version":1', '"version":9')),
            "E109",
        ),
        (lambda path: path.write_text(_with_a_word_less(path)), "E109"),
    ],
)
def test_damaged_model_is_told(
    damage: object, code: str, matrix: TermMatrix, tmp_path: Path
) -> None:
    path = tmp_path / "model.json"
    save_topics(TopicModel(2, vocabulary=USUAL).fit(matrix), path)
    assert callable(damage)
    damage(path)

    with pytest.raises(ReadError) as told:
        load_topics(path)

    assert told.value.code == code
    assert told.value.hint


def _with_a_word_less(path: Path) -> str:
    told = json.loads(path.read_text(encoding="utf-8"))
    return json.dumps({**told, "terms": told["terms"][1:]})


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("documents", [1, 3])
def test_more_topics_than_documents_are_made_fewer(
    method: Method, documents: int, matrix: TermMatrix
) -> None:
    few = take_rows(matrix, np.arange(documents))
    model = TopicModel(20, method=method, vocabulary=ALL_WORDS)

    shares = model.fit_transform(few)

    assert shares.shape == (documents, documents)
    assert np.allclose(shares.sum(axis=1), 1)
    assert model.notes[0].startswith(f"{documents} topics instead of 20")


@pytest.mark.parametrize("method", METHODS)
def test_empty_documents_have_no_topics_and_change_none(method: Method, matrix: TermMatrix) -> None:
    counts = matrix.counts.copy().tolil()
    counts[[0, 7]] = 0
    gaps = replace(matrix, counts=counts.tocsr())
    others = np.setdiff1d(np.arange(len(matrix.documents)), [0, 7])

    model = TopicModel(5, method=method, vocabulary=USUAL)
    shares = model.fit_transform(gaps)
    without = TopicModel(5, method=method, vocabulary=USUAL).fit(take_rows(gaps, others))

    assert np.flatnonzero(np.isnan(shares).all(axis=1)).tolist() == [0, 7]
    assert model.fingerprint == without.fingerprint


def test_no_word_left_is_told(matrix: TermMatrix) -> None:
    few = take_rows(matrix, np.arange(2))

    with pytest.raises(StudyError, match="in 5 documents or more") as told:
        TopicModel(2).fit(few)

    assert told.value.code == "E702"
    assert "min_documents" in told.value.hint


def test_model_that_learnt_nothing_is_told(matrix: TermMatrix) -> None:
    with pytest.raises(StudyError, match="has not learnt"):
        TopicModel(2).transform(matrix)


@pytest.mark.parametrize(
    "options",
    [{"n_topics": 0}, {"method": "lsa"}, {"seed": -1}, {"seed": 2**32}],
)
def test_wrong_parameters_are_told(options: dict[str, object]) -> None:
    with pytest.raises(SettingsError) as told:
        TopicModel().set_params(**options)

    assert told.value.code == "E401"


@pytest.mark.parametrize(
    "options", [{"min_documents": 0}, {"max_share": 0}, {"max_share": 1.1}, {"max_terms": 0}]
)
def test_wrong_words_to_keep_are_told(options: dict[str, float]) -> None:
    with pytest.raises(SettingsError, match="out of range"):
        Vocabulary(**options)  # type: ignore[arg-type]


def test_parameters_as_in_scikit_learn() -> None:
    model = TopicModel(7, method="lda")

    assert model.set_params(seed=3) is model
    assert (model.get_params()["n_topics"], model.get_params(deep=True)["seed"]) == (7, 3)
    with pytest.raises(SettingsError, match="unknown parameter: topics"):
        model.set_params(topics=3)


def test_words_to_keep(matrix: TermMatrix) -> None:
    seen = np.asarray((matrix.counts > 0).sum(axis=0)).ravel()
    model = TopicModel(2, vocabulary=Vocabulary(min_documents=60, max_share=0.3)).fit(matrix)
    most = TopicModel(2, vocabulary=Vocabulary(max_share=1, max_terms=9)).fit(matrix)

    kept = {t for t, n in zip(matrix.terms, seen, strict=True) if 60 <= n <= 0.3 * 320}
    assert 0 < len(kept) < len(matrix.terms)
    assert set(model.terms) == kept
    assert len(most.terms) == 9
    first = [matrix.terms[i] for i in np.argsort(-seen, kind="stable")[:9]]
    assert most.terms == tuple(sorted(first))


def test_unknown_words_are_left_out(matrix: TermMatrix) -> None:
    counts = count_known(matrix, ("t0w00", "nobody says this"))

    column = matrix.terms.index("t0w00")
    assert counts.shape == (320, 2)
    assert np.array_equal(counts[:, 0].toarray(), matrix.counts[:, column].toarray())
    assert counts[:, 1].nnz == 0
