"""The studies of words from end to end: a corpus in, tables and a page out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from mining.study.collocations import collocations
from mining.study.corpus.collection import Corpus
from mining.study.dictionaries import Dictionary, category_table, count_categories
from mining.study.frequency import ALL, count_terms, frequencies, tfidf
from mining.study.keywords import keyness
from mining.study.kwic import Concordance, Query, concordance
from mining.study.kwicpage import write_kwic_page
from mining.study.labels import Lang
from mining.study.results import StudyResults, study_results
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
    settings = {**_settings(found.meta), "found": found.found, "lang": lang}
    with _results(corpus, out, "kwic", settings) as results:
        results.add_table("places", found.table)
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
) -> tuple[str, ...]:
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
    tuple of str
        Names of the files written.

    Raises
    ------
    StudyError
        E702 when there is nothing to count or to compare.
    SettingsError
        E401 when a variable is unknown or a number is out of range.
    OutputError
        E501 when `out` can't be written.
    """
    how = counting or Counting()
    matrix = count_terms(corpus, tokenizer, longest=how.longest, workers=workers)
    settings = {**_settings(matrix.meta), "by": list(by), "counting": asdict(how)}
    settings |= {"dictionary": dictionary.fingerprint if dictionary else None}
    groups = dict.fromkeys((ALL, *by))
    with _results(corpus, out, "keywords", settings) as results:
        results.add_table("frequency", _stacked(frequencies(matrix, by=name) for name in groups))
        results.add_table("tfidf", _stacked(tfidf(matrix, by=name, top=how.top) for name in groups))
        for name in dict.fromkeys(by):
            told = keyness(matrix, name, min_count=how.min_count, min_documents=how.min_documents)
            results.add_table(f"by-{name}", told)
        pairs = collocations(
            corpus, tokenizer, window=how.window, min_count=how.min_count, workers=workers
        )
        results.add_table("collocations", pairs)
        if dictionary is not None:
            _add_categories(results, corpus, dictionary, tokenizer, tuple(groups))
    return tuple(results.files)


def _add_categories(
    results: StudyResults,
    corpus: Corpus,
    dictionary: Dictionary,
    tokenizer: Tokenizer,
    groups: tuple[str, ...],
) -> None:
    counts = count_categories(corpus, dictionary, tokenizer)
    results.add_table("categories", _stacked(category_table(counts, name) for name in groups))
    results.add_table("category-words", counts.words)
    results.add_table("category-documents", counts.table)


def _stacked(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True)


def _settings(meta: Mapping[str, object]) -> dict[str, object]:
    """Return the settings of a result; what it was made from stands where `mining verify` looks."""
    corpus = meta["corpus"]
    told = dict(corpus) if isinstance(corpus, Mapping) else {}
    sources = {name: told.pop(name) for name in ("run", "files") if name in told}
    return {**sources, **meta, "corpus": told}


def _results(
    corpus: Corpus, out: Path, study: str, settings: Mapping[str, object]
) -> AbstractContextManager[StudyResults]:
    tables = corpus.origin.get("tables", ())
    known = tables if isinstance(tables, list) else ()
    return study_results(out, study, run=corpus.run, tables=known, settings=settings, formats=())
