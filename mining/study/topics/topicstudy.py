"""The study of topics from end to end: a corpus in, tables, charts and the model out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from mining.errors import SettingsError, StudyError
from mining.study.bootstrap import Bootstrap
from mining.study.charts.style import CHART_FORMATS, Width
from mining.study.charts.topics import (
    draw_guide,
    draw_topic_groups,
    draw_topic_words,
    draw_topic_years,
)
from mining.study.corpus.collection import Corpus
from mining.study.corpusresults import corpus_results, corpus_settings
from mining.study.frequency import TermMatrix, count_terms
from mining.study.labels import Lang
from mining.study.results import StudyResults
from mining.study.tokens import Tokenizer
from mining.study.topics.coherence import coherence, top_words
from mining.study.topics.covariates import fit_covariates, fit_years
from mining.study.topics.fitting import Matrix, Method
from mining.study.topics.guide import guide_topics
from mining.study.topics.model import TopicModel
from mining.study.topics.prevalence import group_column, prevalence, trends
from mining.study.topics.representative import representative_sentences
from mining.study.topics.saving import load_topics, save_topics
from mining.study.topics.stability import resamples, stability_table
from mining.study.topics.vocabulary import Vocabulary, choose_terms, count_known
from mining.study.topics.words import topic_labels, word_table

__all__ = ["TopicChoices", "TopicSummary", "write_topic_study"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicChoices:
    """What topics are made, and what is told of them.

    Parameters
    ----------
    numbers
        How many topics; of several numbers the one that the guide recommends.
    method
        ``nmf`` or ``lda``.
    seeds
        Number of starts: the model, and others of random parts of the documents.
    seed
        First of the seeds.
    by
        Document variables whose groups are compared.
    vocabulary
        Which words are kept.
    covariates
        Document variables of a further model that they have a part in, with the extra ``[topics]``.
    dynamic
        Whether to make a further model whose words change over years, with the extra.
    model
        A saved model to use instead of a new one.
    """

    numbers: tuple[int, ...] = (20,)
    method: Method = "nmf"
    seeds: int = 5
    seed: int = 20_080_501
    by: tuple[str, ...] = ("year", "level")
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    covariates: tuple[str, ...] = ()
    dynamic: bool = False
    model: Path | None = None

    @property
    def part_seeds(self) -> tuple[int, ...]:
        """Seeds of the models of random parts."""
        return tuple(range(self.seed + 1, self.seed + self.seeds))


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicSummary:
    """What was written: files, topics, documents that have words, and notes of the model."""

    files: tuple[str, ...]
    topics: int
    documents: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Found:
    """A model with what it finds in the documents."""

    model: TopicModel
    matrix: TermMatrix
    counts: csr_matrix
    shares: Matrix
    guide: pd.DataFrame | None


def write_topic_study(
    corpus: Corpus,
    out: Path,
    choices: TopicChoices | None = None,
    *,
    tokenizer: Tokenizer | None = None,
    how: Bootstrap | None = None,
    workers: int = 1,
    formats: Sequence[str] = CHART_FORMATS,
    width: Width | None = None,
    lang: Lang = "zh",
) -> TopicSummary:
    """Write topics, their words and sentences, how common they are and how that changes.

    Parameters
    ----------
    corpus, tokenizer
        What is read, and how it becomes words.
    out
        Folder for the files ``topics-*``.
    choices
        What topics are made.
    how
        How intervals are made.
    workers
        Number of processes that cut texts into words.
    formats, width, lang
        Formats (none for no charts), width and language of charts.

    Raises
    ------
    StudyError
        E702 when there are no words to make topics of.
    SettingsError
        E401 when a number is out of range or a variable is unknown.
    MissingExtraError
        E601 when a model of the extra is asked for and tomotopy is not installed.
    OutputError
        E501 when `out` can't be written.
    """
    choices, how = choices or TopicChoices(), how or Bootstrap()
    tokenizer = tokenizer or Tokenizer()
    _check(choices)
    matrix = count_terms(corpus, tokenizer, per="document", workers=workers)
    for name in choices.by:
        group_column(matrix, name)
    found = _find(matrix, choices)
    settings = {**_settings(found, choices, how), "lang": lang, "width": width}
    with corpus_results(corpus, out, "topics", settings, formats) as results:
        sentences = representative_sentences(
            corpus, matrix, found.model, found.shares, tokenizer=tokenizer
        )
        results.add_table("sentences", sentences)
        _write(results, found, choices, how, width=width or "page", lang=lang)
    return TopicSummary(
        files=tuple(results.files),
        topics=len(found.model.weights),
        documents=int(np.isfinite(found.shares).all(axis=1).sum()),
        notes=found.model.notes,
    )


def _settings(found: _Found, choices: TopicChoices, how: Bootstrap) -> dict[str, object]:
    # A saved model is told by what was learnt, not by where it lies.
    told = {**asdict(choices), "model": None if choices.model is None else "saved"}
    return {
        **corpus_settings(found.matrix.meta),
        "topics": told,
        "fingerprint": found.model.fingerprint,
        "bootstrap": asdict(how),
    }


def _write(
    results: StudyResults,
    found: _Found,
    choices: TopicChoices,
    how: Bootstrap,
    *,
    width: Width,
    lang: Lang,
) -> None:
    words = word_table(found.model)
    common = prevalence(found.matrix, found.shares, choices.by, how)
    results.add_table("words", words)
    results.add_table("topics", _topic_table(found, words, choices))
    results.add_table("prevalence", common)
    results.add_table("trends", trends(found.matrix, found.shares, how))
    results.add_table("documents", _document_table(found))
    _add_model(results, found)
    _add_further(results, found, choices, how)
    if results.formats:
        _draw(results, words, common, choices.by, width=width, lang=lang)
        if found.guide is not None:
            results.add_chart("guide", *draw_guide(found.guide, lang=lang, width=width))


def _check(choices: TopicChoices) -> None:
    if not choices.numbers or min(choices.numbers) < 1 or choices.seeds < 1:
        msg = f"numbers of topics {list(choices.numbers)}, {choices.seeds} seeds"
        raise SettingsError(msg, code="E401", hint="give numbers from 1, and at least one seed")
    if len(choices.numbers) > 1 and choices.seeds < 2:
        msg = "choosing a number of topics needs two seeds or more"
        raise SettingsError(msg, code="E401", hint="raise the number of seeds")


def _find(matrix: TermMatrix, choices: TopicChoices) -> _Found:
    guide = None
    if choices.model is not None:
        model = load_topics(choices.model)
        counts = count_known(matrix, model.terms)
        shares = model.shares(counts)
        if not np.isfinite(shares).any():
            msg = "no document has any word of the model"
            raise StudyError(msg, code="E702", path=choices.model, hint="give other texts")
    else:
        terms = choose_terms(matrix, choices.vocabulary)
        counts = count_known(matrix, terms)
        model = TopicModel(
            choices.numbers[0],
            method=choices.method,
            seed=choices.seed,
            vocabulary=choices.vocabulary,
        )
        model.terms = terms
        if len(choices.numbers) > 1:
            guide = guide_topics(model, counts, choices.numbers, choices.part_seeds)
            model.set_params(n_topics=int(guide.loc[guide["recommended"], "k"].iloc[0]))
        model.fit_counts(counts, terms)
        shares = model.shares(counts)
    return _Found(model=model, matrix=matrix, counts=counts, shares=shares, guide=guide)


def _topic_table(found: _Found, words: pd.DataFrame, choices: TopicChoices) -> pd.DataFrame:
    """Return label, size, coherence and stability of each topic."""
    model = found.model
    labels = topic_labels(words)
    goes = coherence(found.counts, top_words(model.probabilities))
    seeds = () if choices.model is not None else choices.part_seeds
    stable = stability_table(model, resamples(model, found.counts, seeds))
    sizes = np.nanmean(found.shares, axis=0)
    told = {
        "topic": stable["topic"],
        "label": [labels.get(topic, "") for topic in stable["topic"]],
        "share": sizes,
        "npmi": goes.npmi,
        "umass": goes.umass,
    }
    return pd.DataFrame(told).merge(stable, on="topic")


def _document_table(found: _Found) -> pd.DataFrame:
    names = [f"topic_{i}" for i in range(1, found.shares.shape[1] + 1)]
    known = [c for c in ("document", "report", "agency", "year") if c in found.matrix.documents]
    table = found.matrix.documents[known].reset_index(drop=True)
    return table.join(pd.DataFrame(found.shares, columns=names))


def _add_model(results: StudyResults, found: _Found) -> None:
    path = results.add_file("model.json")
    results.add_file("model.npz")
    save_topics(found.model, path)
    if found.guide is not None:
        results.add_table("guide", found.guide)


def _add_further(
    results: StudyResults, found: _Found, choices: TopicChoices, how: Bootstrap
) -> None:
    """Add the models of the extra, with as many topics as the model has."""
    matrix, number = found.matrix, len(found.model.weights)
    vocabulary, seed = choices.vocabulary, choices.seed
    if choices.covariates:
        told = fit_covariates(matrix, choices.covariates, number, seed=seed, vocabulary=vocabulary)
        results.add_table("covariate-words", word_table(told))
        results.add_table("covariate-priors", told.priors)
        common = prevalence(matrix, told.shares, choices.covariates, how)
        results.add_table("covariate-prevalence", common)
    if choices.dynamic:
        years = fit_years(matrix, number, seed=seed, vocabulary=vocabulary)
        results.add_table("dynamic-words", years.words())


def _draw(
    results: StudyResults,
    words: pd.DataFrame,
    common: pd.DataFrame,
    by: Sequence[str],
    *,
    width: Width,
    lang: Lang,
) -> None:
    labels = topic_labels(words)
    results.add_chart("words", *draw_topic_words(words, lang=lang, width=width))
    for name in dict.fromkeys(by):
        drawn = (
            draw_topic_years(common, labels, lang=lang, width=width)
            if name == "year"
            else draw_topic_groups(common, name, labels, lang=lang, width=width)
        )
        results.add_chart(f"by-{name}", *drawn)
