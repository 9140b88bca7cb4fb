"""Concordance: every place of a word with what stands around it."""

from __future__ import annotations

import hashlib
import heapq
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

import pandas as pd

from mining.errors import SettingsError
from mining.study.corpus.collection import Corpus
from mining.study.corpus.document import Document
from mining.study.tokens import Tokenizer
from mining.words.segment import Token

__all__ = ["Concordance", "Match", "Query", "Sort", "WidthUnit", "concordance"]

Match = Literal["text", "word", "regex"]
Sort = Literal["report", "left", "hit", "right"]
WidthUnit = Literal["chars", "words"]

_MOST_WIDTH = 1000
_BLANKS = re.compile(r"\s+")
_COLUMNS = ("document", "report", "section", "start", "end", "left", "hit", "right")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is looked for, and what is told of each place.

    Parameters
    ----------
    pattern
        Words, or a regular expression.
    match
        ``text``: these characters anywhere; ``word``: whole words only, as the segmenter cuts
        them; ``regex``: a regular expression of Python.
    width, unit
        How many characters or words of context there are on each side.
    sort
        Order of the places: as in the reports, or by the context before (from the hit outwards),
        the hit, or the context after.
    most
        When there are more places than this, so many are drawn by chance, always the same.
    """

    pattern: str
    match: Match = "text"
    width: int = 30
    unit: WidthUnit = "chars"
    sort: Sort = "report"
    most: int = 100_000

    def __post_init__(self) -> None:
        """Refuse what can find nothing.

        Raises
        ------
        SettingsError
            E401, with what to do about it.
        """
        if not self.pattern.strip():
            msg = "nothing to look for"
            raise SettingsError(msg, code="E401", hint="give a word")
        if not 0 <= self.width <= _MOST_WIDTH:
            msg = f"width is {self.width}"
            raise SettingsError(msg, code="E401", hint=f"choose a number from 0 to {_MOST_WIDTH}")
        if self.most < 1:
            msg = f"most is {self.most}"
            raise SettingsError(msg, code="E401", hint="choose a number above 0")
        if self.match == "regex":
            try:
                re.compile(self.pattern)
            except re.error as error:
                msg = f"{self.pattern!r} is no regular expression ({error})"
                hint = "leave out --match regex to look for these characters"
                raise SettingsError(msg, code="E401", hint=hint) from error


@dataclass(frozen=True, slots=True, eq=False)
class Concordance:
    """Places of a word.

    Parameters
    ----------
    table
        One row per place: document, report, its variables, section, ``start`` and ``end`` in the
        report's text, ``left``, ``hit``, ``right`` (white space as one blank).
    found
        How many places there are in all.
    documents
        How many documents have one, and how many were searched.
    meta
        Settings of the corpus, the words and the query.
    """

    table: pd.DataFrame
    found: int
    documents: tuple[int, int]
    meta: Mapping[str, object]


@dataclass(frozen=True, slots=True, order=True)
class _Drawn:
    """A place in the order of chance, the last to be kept first."""

    minus_mark: int
    row: tuple[object, ...]
    variables: Mapping[str, object]


def concordance(corpus: Corpus, query: Query, tokenizer: Tokenizer | None = None) -> Concordance:
    """Find every place of a word in a corpus.

    Memory grows with ``query.most`` and not with the corpus.

    Parameters
    ----------
    corpus
        Its documents are searched; no place reaches from one into the next.
    query
        What is looked for.
    tokenizer
        Cuts into words where words are asked for.
    """
    tokenizer = tokenizer or Tokenizer()
    find = _finder(query, tokenizer)
    kept: list[_Drawn] = []
    found = searched = with_hits = 0
    for document in corpus.documents():
        searched += 1
        spans = find(document.text)
        found += len(spans)
        with_hits += bool(spans)
        for row in _rows(document, spans, query, tokenizer):
            drawn = _Drawn(-_mark(row), row, document.variables)
            if len(kept) < query.most:
                heapq.heappush(kept, drawn)
            else:
                heapq.heappushpop(kept, drawn)
    uses_words = query.match == "word" or query.unit == "words"
    meta = {
        "corpus": corpus.settings(),
        "words": tokenizer.settings() if uses_words else None,
        "query": asdict(query),
    }
    table = _table(kept, corpus, query.sort)
    return Concordance(table, found, (with_hits, searched), meta)


Spans = Sequence[tuple[int, int]]


def _finder(query: Query, tokenizer: Tokenizer) -> Callable[[str], Spans]:
    if query.match == "word":
        wanted = tokenizer.terms(query.pattern)
        return lambda text: _find_words(text, wanted, tokenizer)
    pattern = re.compile(query.pattern if query.match == "regex" else re.escape(query.pattern))
    return lambda text: [m.span() for m in pattern.finditer(text) if m.end() > m.start()]


def _find_words(text: str, wanted: tuple[str, ...], tokenizer: Tokenizer) -> Spans:
    # Most texts don't have the characters at all, which is much quicker to see; white space may
    # stand between words.
    folded = text.lower()
    if not all(term in folded for term in wanted):
        return []
    tokens = list(tokenizer.segmenter().tokens(text))
    words = [token.text.lower() for token in tokens]
    n = len(wanted)
    places = (i for i in range(len(words) - n + 1) if tuple(words[i : i + n]) == wanted)
    return [(tokens[i].start, tokens[i + n - 1].end) for i in places]


def _rows(
    document: Document, spans: Spans, query: Query, tokenizer: Tokenizer
) -> Iterator[tuple[object, ...]]:
    text = document.text
    by_word = spans and query.unit == "words"
    tokens = list(tokenizer.segmenter().tokens(text)) if by_word else []
    for start, end in spans:
        if query.unit == "words":
            low, high = _reach(tokens, start, end, query.width)
        else:
            low, high = max(0, start - query.width), min(len(text), end + query.width)
        yield (
            document.name,
            document.report,
            document.section,
            document.start + start,
            document.start + end,
            *(
                _BLANKS.sub(" ", part)
                for part in (text[low:start], text[start:end], text[end:high])
            ),
        )


def _reach(tokens: Sequence[Token], start: int, end: int, width: int) -> tuple[int, int]:
    """Return from where to where the context goes; a part of a word at the hit counts as one."""
    before = [t.start for t in tokens if t.start < start][-width:] if width else []
    after = [t.end for t in tokens if t.end > end][:width]
    return min(before, default=start), max(after, default=end)


def _mark(row: tuple[object, ...]) -> int:
    told = f"{row[0]}\0{row[3]}".encode(errors="replace")
    return int.from_bytes(hashlib.blake2b(told, digest_size=8).digest())


def _table(kept: Iterable[_Drawn], corpus: Corpus, sort: Sort) -> pd.DataFrame:
    told = [name for name in corpus.variables.columns if name != "report"]
    ordered = sorted(kept, key=lambda drawn: _key(drawn.row, sort))
    rows = [(*d.row[:2], *map(d.variables.get, told), *d.row[2:]) for d in ordered]
    table = pd.DataFrame(rows, columns=[*_COLUMNS[:2], *told, *_COLUMNS[2:]])
    for name in told:
        table[name] = table[name].astype(corpus.variables[name].dtype)
    return table


def _key(row: tuple[object, ...], sort: Sort) -> tuple[object, ...]:
    _, report, _, start, end, left, hit, right = row
    place = (report, start, end)
    keys = {"report": (), "left": (str(left)[::-1],), "hit": (hit, right), "right": (right, hit)}
    return (*keys[sort], *place)
