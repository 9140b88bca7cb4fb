"""The studies of words from end to end: a corpus in, tables and a page out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from mining.study.collocations import collocations
from mining.study.corpus.collection import Corpus
from mining.study.corpusresults import corpus_results, corpus_settings
from mining.study.dictionaries import Dictionary, category_table, count_categories
from mining.study.frequency import ALL, TermMatrix, count_terms, frequencies, tfidf
from mining.study.keywords import keyness, known_groups
from mining.study.kwic import Concordance, Query, concordance
from mining.study.kwicpage import write_kwic_page
from mining.study.labels import Lang
from mining.study.results import StudyResults
from mining.study.tokens import Tokenizer

__all__ = ["Counting", "write_keywords", "write_kwic"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """How words are counted and compared.

    Parameters
    ----------
    longest
        Up to how many neighbouring words make a term.
    window
        How far apart the words of a collocation may be.
    min_count, min_documents
        Rarer terms are neither compared nor told as collocations.
    top
        How many terms of each group the table of TF-IDF has.
    """

    longest: int = 1
    window: int = 1
    min_count: int = 5
    min_documents: int = 3
    top: int = 50


def write_kwic(
    corpus: Corpus,
    out: Path,
    query: Query,
    *,
    tokenizer: Tokenizer | None = None,
    lang: Lang = "zh",
) -> tuple[tuple[str, ...], Concordance]:
    """Write every place of a word as a table and as a page.

    Parameters
    ----------
    corpus, query, tokenizer
        As for `mining.study.kwic.concordance`.
    out
        Folder for the files ``kwic-*``.
    lang
        Language of the page.

    Returns
    -------
    tuple
        Names of the files written, and what was found.

    Raises
    ------
    OutputError
        E501 when `out` can't be written.
    """
    found = concordance(corpus, query, tokenizer)
    settings = {**corpus_settings(found.meta), "found": found.found, "lang": lang}
    with corpus_results(corpus, out, "kwic", settings) as results:
        _add(results, "places", found.table)
        write_kwic_page(found, query.pattern, results.add_file("page.html"), lang=lang)
    return tuple(results.files), found


def write_keywords(
    corpus: Corpus,
    out: Path,
    tokenizer: Tokenizer,
    *,
    by: tuple[str, ...] = (),
    counting: Counting | None = None,
    dictionary: Dictionary | None = None,
    workers: int = 1,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Write how often words come, what goes together, and what sets groups apart.

    Parameters
    ----------
    corpus, tokenizer
        What is read, and how it becomes words.
    out
        Folder for the files ``keywords-*``.
    by
        Document variables whose groups are compared.
    counting
        How words are counted.
    dictionary
        Categories to count as well.
    workers
        Number of processes that cut texts into words.

    Returns
    -------
    tuple
        Names of the files written, and variables by which there is nothing to compare, because
        all reports have the same value or none.

    Raises
    ------
    StudyError
        E702 when there is nothing to count.
    SettingsError
        E401 when a variable is unknown or a number is out of range.
    OutputError
        E501 when `out` can't be written.
    """
    how = counting or Counting()
    matrix = count_terms(corpus, tokenizer, longest=how.longest, workers=workers)
    settings = {**corpus_settings(matrix.meta), "by": list(by), "counting": asdict(how)}
    settings |= {"dictionary": dictionary.fingerprint if dictionary else None}
    groups = tuple(dict.fromkeys((ALL, *by)))
    compared = [name for name in groups if len(known_groups(matrix, name)) > 1]
    with corpus_results(corpus, out, "keywords", settings) as results:
        _add_counts(results, matrix, groups, compared, how)
        pairs = collocations(
            corpus, tokenizer, window=how.window, min_count=how.min_count, workers=workers
        )
        _add(results, "collocations", pairs)
        if dictionary is not None:
            _add_categories(results, corpus, dictionary, tokenizer, groups)
    return tuple(results.files), tuple(n for n in groups if n not in {ALL, *compared})


def _add_counts(
    results: StudyResults,
    matrix: TermMatrix,
    groups: tuple[str, ...],
    compared: Sequence[str],
    how: Counting,
) -> None:
    _add(results, "frequency", _stacked(frequencies(matrix, by=name) for name in groups))
    _add(results, "tfidf", _stacked(tfidf(matrix, by=name, top=how.top) for name in groups))
    for name in compared:
        told = keyness(matrix, name, min_count=how.min_count, min_documents=how.min_documents)
        _add(results, f"by-{name}", told)


def _add_categories(
    results: StudyResults,
    corpus: Corpus,
    dictionary: Dictionary,
    tokenizer: Tokenizer,
    groups: tuple[str, ...],
) -> None:
    counts = count_categories(corpus, dictionary, tokenizer)
    _add(results, "categories", _stacked(category_table(counts, name) for name in groups))
    _add(results, "category-words", counts.words)
    _add(results, "category-documents", counts.table)


def _add(results: StudyResults, name: str, table: pd.DataFrame) -> None:
    """Write a table; its settings stand in the study's own file, once for all tables."""
    bare = table.copy(deep=False)
    bare.attrs = {}
    results.add_table(name, bare)


def _stacked(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True)
