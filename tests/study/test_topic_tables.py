"""Tables of topics: planted trend and group found, sentences with places, the extra's models."""

import builtins
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mining.errors import MissingExtraError, SettingsError, StudyError
from mining.study.bootstrap import Bootstrap
from mining.study.corpus.collection import Corpus
from mining.study.frequency import TermMatrix, count_terms
from mining.study.tokens import Tokenizer
from mining.study.topics.covariates import fit_covariates, fit_years
from mining.study.topics.model import TopicModel
from mining.study.topics.prevalence import prevalence, trends
from mining.study.topics.representative import representative_sentences
from mining.study.topics.topicstudy import TopicChoices, write_topic_study
from mining.study.topics.vocabulary import Vocabulary, take_rows
from mining.study.topics.words import topic_labels, word_table
from tests.study.topicworlds import TOPICS, planted_matrix, planted_shares, write_world

USUAL = Vocabulary(max_share=0.9)
HOW = Bootstrap(samples=200)
SMALL = TopicChoices(numbers=(3,), seeds=2, vocabulary=USUAL, by=("year", "level"))


@pytest.fixture(scope="module")
def matrix() -> TermMatrix:
    return planted_matrix()


@pytest.fixture(scope="module")
def model(matrix: TermMatrix) -> TopicModel:
    return TopicModel(5, vocabulary=USUAL).fit(matrix)


def own_topic(model: TopicModel, planted: int) -> int:
    """Return the number of the topic with the first word of a planted one."""
    return int(np.argmax(model.probabilities[:, model.terms.index(f"t{planted}w00")])) + 1


def test_planted_trend_is_found(matrix: TermMatrix, model: TopicModel) -> None:
    _, shares = planted_shares(40, 8, 5)
    truth = np.polyfit(matrix.documents["year"], shares[:, 0], 1)[0]

    table = trends(matrix, model.transform(matrix), HOW).set_index("topic")

    row = table.loc[own_topic(model, 0)]
    assert 0 < row["low"] < row["slope"] < row["high"]
    assert row["slope"] == pytest.approx(truth, abs=0.012)
    assert (row["first_year"], row["last_year"], row["documents"]) == (2015, 2022, 320)


def test_topic_without_a_trend_has_none(model: TopicModel) -> None:
    flat = planted_matrix(years=1, agencies=320)
    flat.documents["year"] = 2015 + np.arange(320) % 8

    table = trends(flat, model.transform(flat), HOW)

    assert ((table["low"] < 0) & (table["high"] > 0)).sum() >= 4


def test_one_year_has_no_trend(matrix: TermMatrix, model: TopicModel) -> None:
    one = take_rows(matrix, np.flatnonzero(matrix.documents["year"] == 2016))

    table = trends(one, model.transform(one), HOW)

    assert table[["slope", "low", "high"]].isna().all(axis=None)
    assert set(table["documents"]) == {40}


def test_shares_by_group(matrix: TermMatrix, model: TopicModel) -> None:
    shares = model.transform(matrix)

    table = prevalence(matrix, shares, ("level",), HOW)

    county = (matrix.documents["level"] == "county").to_numpy()
    part = table[(table["by"] == "level") & (table["group"] == "county")]
    assert part["share"].to_numpy() == pytest.approx(shares[county].mean(axis=0), abs=1e-6)
    assert set(part["agencies"]) == {20}
    assert (table["low"] <= table["share"]).all()
    assert (table["share"] <= table["high"]).all()
    whole = table[table["by"] == "all"]
    assert whole["share"].sum() == pytest.approx(1, abs=1e-5)


def test_documents_without_words_count_in_no_group(matrix: TermMatrix, model: TopicModel) -> None:
    shares = model.transform(matrix)
    shares[:8] = np.nan

    table = prevalence(matrix, shares, (), HOW)

    assert set(table["documents"]) == {312}
    assert np.isfinite(table["share"]).all()


def test_words_of_a_topic(model: TopicModel) -> None:
    table = word_table(model, top=5)

    topic = own_topic(model, 2)
    for measure in ("probability", "relevance", "frex"):
        part = table[(table["topic"] == topic) & (table["measure"] == measure)]
        assert part["rank"].tolist() == [1, 2, 3, 4, 5]
        assert {term[:2] for term in part["term"]} == {"t2"}
    assert topic_labels(table)[topic].startswith("t2w00、t2w01")


def test_shared_words_are_probable_but_neither_relevant_nor_exclusive() -> None:
    found = TopicModel(2)
    found.terms = ("both", "left", "left too", "right", "right too")
    found.weights = np.array([[0.5, 0.3, 0.2, 0, 0], [0.5, 0, 0, 0.3, 0.2]])
    found.sizes = np.array([0.5, 0.5])

    table = word_table(found)

    first = table[table["rank"] == 1].set_index(["topic", "measure"])["term"]
    assert first[1, "probability"] == "both"
    assert (first[1, "frex"], first[2, "frex"]) == ("left", "right")
    assert len(table) == 18  # words that a topic has not are none of its words


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_world(tmp_path_factory.mktemp("world") / "run", empty=(3,))


def test_sentences_stand_where_they_are_told(world: Path) -> None:
    corpus = Corpus.from_run(world).sections("problems")
    tokenizer = Tokenizer()
    matrix = count_terms(corpus, tokenizer, per="document")
    model = TopicModel(3, vocabulary=USUAL)
    shares = model.fit_transform(matrix)

    table = representative_sentences(corpus, matrix, model, shares, tokenizer=tokenizer, top=4)

    texts = pd.read_parquet(world / "texts.parquet").set_index("report")["text"]
    assert [texts[r.report][r.start : r.end] for r in table.itertuples()] == list(table["text"])
    assert table.groupby("topic")["rank"].agg(list).tolist() == [[1, 2, 3, 4]] * 3
    assert not table.duplicated(["topic", "report"]).any()
    assert table["score"].between(0, 1).all()
    for _, part in table.groupby("topic"):
        kinds = {next(i for i, t in enumerate(TOPICS) if text[:2] in t) for text in part["text"]}
        assert len(kinds) == 1


def write(run: Path, out: Path, choices: TopicChoices = SMALL, **options: object) -> Path:
    corpus = Corpus.from_run(run).sections("problems")
    write_topic_study(corpus, out, choices, how=HOW, **options)  # type: ignore[arg-type]
    return out


def test_study_finds_the_planted_trend_in_texts(world: Path, tmp_path: Path) -> None:
    out = write(world, tmp_path / "out", formats=())

    words = pd.read_parquet(out / "topics-words.parquet")
    first = words[(words["rank"] == 1) & words["term"].isin(TOPICS[0])]["topic"].iloc[0]
    row = pd.read_parquet(out / "topics-trends.parquet").set_index("topic").loc[first]
    assert row["low"] > 0
    documents = pd.read_parquet(out / "topics-documents.parquet")
    assert documents["topic_1"].isna().sum() == 1


def test_same_bytes_in_another_order_and_with_two_workers(tmp_path: Path) -> None:
    one = write_world(tmp_path / "one" / "run", agencies=12)
    two = write_world(tmp_path / "two" / "run", agencies=12, order=lambda rows: rows[::-1])

    first = write(one, tmp_path / "a", formats=("svg",))
    second = write(two, tmp_path / "b", formats=("svg",), workers=2)

    names = {p.name for p in first.iterdir()} - {"topics.json"}
    assert names == {p.name for p in second.iterdir()} - {"topics.json"}
    assert {n for n in names if (first / n).read_bytes() != (second / n).read_bytes()} == set()


def test_guide_chooses_and_saved_model_is_used_for_new_years(world: Path, tmp_path: Path) -> None:
    old = write(
        world,
        tmp_path / "old",
        TopicChoices(numbers=(2, 3, 6), seeds=3, vocabulary=USUAL),
        formats=("png",),
    )
    new = write_world(tmp_path / "run", agencies=6, years=2, seed=8)

    choices = TopicChoices(model=old / "topics-model.json", by=("year",))
    out = write(new, tmp_path / "new", choices, formats=())

    guide = pd.read_csv(old / "topics-guide.csv")
    assert guide.loc[guide["recommended"], "k"].tolist() == [3]
    assert (old / "topics-chart-guide.png").stat().st_size > 5000
    for name in ("topics-model.json", "topics-model.npz", "topics-words.csv"):
        assert (out / name).read_bytes() == (old / name).read_bytes()
    assert len(pd.read_csv(out / "topics-documents.csv")) == 12


def test_only_empty_sections_are_told(tmp_path: Path) -> None:
    run = write_world(tmp_path / "run", agencies=2, years=1, empty=(0, 1))

    with pytest.raises(StudyError) as told:
        write(run, tmp_path / "out")

    assert told.value.code == "E702"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        (TopicChoices(numbers=()), "numbers of topics"),
        (TopicChoices(numbers=(2, 3), seeds=1), "two seeds"),
        (TopicChoices(by=("colour",)), "no document variable colour"),
        (TopicChoices(covariates=("colour",), vocabulary=USUAL), "no document variable colour"),
    ],
)
def test_wrong_choices_are_told(
    world: Path, tmp_path: Path, choices: TopicChoices, message: str
) -> None:
    with pytest.raises(SettingsError, match=message):
        write(world, tmp_path / "out", choices)

    assert not (tmp_path / "out").exists()


def test_covariates_find_the_planted_trend(matrix: TermMatrix) -> None:
    found = fit_covariates(matrix, ["year"], 5, vocabulary=USUAL, passes=300)
    again = fit_covariates(matrix, ["year"], 5, vocabulary=USUAL, passes=300)

    assert np.array_equal(found.shares, again.shares)
    topic = int(np.argmax(found.probabilities[:, found.terms.index("t0w00")])) + 1
    prior = found.priors[found.priors["topic"] == topic].set_index("group")["share"]
    assert prior["2022"] > 2 * prior["2015"]
    assert prior.index.tolist() == [str(year) for year in range(2015, 2023)]
    assert np.allclose(found.shares.sum(axis=1), 1, atol=1e-4)
    assert np.allclose(found.probabilities.sum(axis=1), 1, atol=1e-4)


def test_topics_over_years(matrix: TermMatrix) -> None:
    found = fit_years(matrix, 5, vocabulary=USUAL, passes=600)

    assert found.years == tuple(range(2015, 2023))
    words = found.words(3)
    assert len(words) == 5 * 8 * 3
    # In the middle year, topics have words of one planted topic each.
    middle = (
        words[words["year"] == 2019]
        .groupby("topic")["term"]
        .agg(lambda terms: {term[:2] for term in terms})
    )
    assert sum(len(kinds) == 1 for kinds in middle) >= 4
    assert np.allclose(found.by_year.sum(axis=2), 1, atol=1e-4)


def test_topics_over_one_year_are_told(matrix: TermMatrix) -> None:
    one = take_rows(matrix, np.flatnonzero(matrix.documents["year"] == 2016))

    with pytest.raises(StudyError, match="two years"):
        fit_years(one, 3, vocabulary=USUAL)


@pytest.mark.parametrize("fit", [lambda m: fit_covariates(m, ["year"]), fit_years])
def test_missing_extra_is_told(
    fit: Callable[[TermMatrix], object], matrix: TermMatrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = builtins.__import__

    def without(name: str, *args: object, **options: object) -> object:
        if name == "tomotopy":
            raise ImportError(name)
        return known(name, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)

    with pytest.raises(MissingExtraError) as told:
        fit(matrix)

    assert told.value.code == "E601"
    assert "mining[topics]" in told.value.hint
