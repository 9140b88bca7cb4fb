"""Dictionaries with categories: how much documents say of each."""

from __future__ import annotations

import csv
import hashlib
import io
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from mining.errors import StudyError
from mining.study.corpus.collection import Corpus
from mining.study.frames import UNKNOWN
from mining.study.frequency import ALL
from mining.study.tokens import Tokenizer

__all__ = ["CategoryCounts", "Dictionary", "category_table", "count_categories", "load_dictionary"]

_MOST_BYTES = 20_000_000
_COLUMNS = ["category", "word"]


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Words by category; a word may be in several."""

    categories: Mapping[str, tuple[str, ...]]

    @property
    def fingerprint(self) -> str:
        """Hash of the categories and words, for the settings of a result."""
        told = [f"{name}\t{word}" for name, words in self.categories.items() for word in words]
        return hashlib.sha256("\n".join(sorted(told)).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, eq=False)
class CategoryCounts:
    """How often the words of each category come.

    Parameters
    ----------
    table
        One row per document: ``document``, ``report``, the variables, ``words`` (all of the
        document, stop words included), and a column for each category.
    words
        ``category``, ``word``, ``n``: how often each entry was found, 0 for none.
    categories
        Names of the categories, in order.
    meta
        Settings of the corpus and the words, and the dictionary's hash.
    """

    table: pd.DataFrame
    words: pd.DataFrame
    categories: tuple[str, ...]
    meta: Mapping[str, object]


def load_dictionary(path: Path) -> Dictionary:
    """Read a dictionary: CSV with the columns ``category`` and ``word``, or TOML.

    In TOML each category is a list: ``staffing = ["人手", "专职人员"]``; a Chinese name stands in
    quotes there.

    Raises
    ------
    StudyError
        E703, with what is wrong.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            msg = f"more than {_MOST_BYTES} bytes"
            raise _fault(path, msg)
        text = path.read_text(encoding="utf-8-sig")
        pairs = _toml(path, text) if path.suffix.lower() == ".toml" else _csv(path, text)
    except (OSError, ValueError, csv.Error) as error:
        raise _fault(path, str(error).splitlines()[0]) from error
    found: dict[str, dict[str, None]] = {}
    for category, word in pairs:
        if category.strip() and word.strip():
            found.setdefault(category.strip(), {})[word.strip()] = None
    if not found:
        msg = "no word in it"
        raise _fault(path, msg)
    return Dictionary({name: tuple(sorted(found[name])) for name in sorted(found)})


def _csv(path: Path, text: str) -> list[tuple[str, str]]:
    rows = csv.DictReader(io.StringIO(text, newline=""))
    if not set(_COLUMNS) <= set(rows.fieldnames or ()):
        msg = "no column category, or none named word"
        raise _fault(path, msg)
    return [(row["category"] or "", row["word"] or "") for row in rows]


def _toml(path: Path, text: str) -> list[tuple[str, str]]:
    data = tomllib.loads(text)
    for name, words in data.items():
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            msg = f"{name} is no list of words"
            raise _fault(path, msg)
    return [(name, word) for name, words in data.items() for word in words]


def _fault(path: Path, message: str) -> StudyError:
    hint = (
        "give CSV with the columns category,word, or TOML with a list for each category, its name"
        " in quotes where it is Chinese"
    )
    return StudyError(message, code="E703", path=path, hint=hint)


class _Matcher:
    """Finds the entries of one category, the longest first, none inside of another."""

    def __init__(self, entries: Iterable[str], tokenizer: Tokenizer) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for entry in entries:
            if terms := tokenizer.terms(entry):
                self._by_first.setdefault(terms[0], []).append((terms, entry))
        for known in self._by_first.values():
            known.sort(key=lambda pair: (-len(pair[0]), pair[1]))

    def count(self, words: Sequence[str]) -> Counter[str]:
        """Return how often each entry comes."""
        found: Counter[str] = Counter()
        i = 0
        while i < len(words):
            entries = self._by_first.get(words[i], ())
            fit = next((e for e in entries if tuple(words[i : i + len(e[0])]) == e[0]), None)
            i += len(fit[0]) if fit else 1
            if fit:
                found[fit[1]] += 1
        return found


def count_categories(
    corpus: Corpus, dictionary: Dictionary, tokenizer: Tokenizer
) -> CategoryCounts:
    """Count the words of a dictionary in each document.

    Entries are cut by the segmenter that cuts the texts, and may be of several words. An entry
    that running text is cut otherwise in is missed; as one of ``Tokenizer.own_words`` it is kept
    whole everywhere.
    """
    names = tuple(dictionary.categories)
    matchers = {n: _Matcher(words, tokenizer) for n, words in dictionary.categories.items()}
    entries: Counter[tuple[str, str]] = Counter()
    rows: list[tuple[object, ...]] = []
    for document in corpus.documents():
        words = tokenizer.terms(document.text)
        counts = {name: matcher.count(words) for name, matcher in matchers.items()}
        for name, found in counts.items():
            entries.update({(name, word): n for word, n in found.items()})
        n_words = sum(any(char.isalpha() for char in word) for word in words)
        told = (document.name, document.report, n_words)
        rows.append((*told, *(counts[name].total() for name in names)))
    columns = ["document", "report", "words", *(f"n:{name}" for name in names)]
    table = pd.DataFrame(rows, columns=columns).merge(corpus.variables, on="report", how="left")
    told_words = [
        (name, word, entries[name, word]) for name in names for word in dictionary.categories[name]
    ]
    meta = {
        "corpus": corpus.settings(),
        "words": tokenizer.settings(),
        "dictionary": dictionary.fingerprint,
    }
    return CategoryCounts(table, pd.DataFrame(told_words, columns=[*_COLUMNS, "n"]), names, meta)


def category_table(counts: CategoryCounts, by: str = ALL) -> pd.DataFrame:
    """Return for each group and category: ``n``, ``per_10k`` words, ``documents``, ``share``."""
    table = counts.table
    told = table[by].astype(object) if by != ALL else pd.Series(ALL, index=table.index)
    told = told.where(told.notna(), UNKNOWN).astype(str)
    rows = []
    for group in sorted(set(told)):
        part = table[told == group]
        whole = int(part["words"].sum())
        for name in counts.categories:
            n, seen = int(part[f"n:{name}"].sum()), int((part[f"n:{name}"] > 0).sum())
            rate = n / max(whole, 1) * 10_000
            rows.append((by, group, name, n, rate, seen, seen / len(part)))
    columns = ["by", "group", "category", "n", "per_10k", "documents", "share"]
    found = pd.DataFrame(rows, columns=columns)
    found.attrs["meta"] = dict(counts.meta)
    return found
