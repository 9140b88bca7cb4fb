"""What a point looks like to the theme classifier: n-grams, words, cues of the lexicon."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mining.report import PointKind
from mining.spans import Span
from mining.themes.lexicon import Cue, Lexicon

__all__ = ["Features", "Row", "Statement", "Trace", "fold_text", "learn_features"]

_LONGEST_GRAM = 3
_WORD_LENGTHS = range(2, 7)
_RAREST = 2
# How loud cues are beside the two text blocks, whose rows have length 1; by cross-validation.
_CUE_SCALE = 0.2
_MOST_CUES = 3
_SHORT = 12
_DIGITS = str.maketrans("123456789１２３４５６７８９０", "0" * 19)


@dataclass(frozen=True, slots=True)
class Statement:
    """A point as the classifier sees it.

    Parameters
    ----------
    text
        Its words.
    kind
        What it is; as both are told in much the same words, it matters little.
    answers
        Position, in the same batch, of the problem that an improvement answers.
    """

    text: str
    kind: PointKind = "problem"
    answers: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """Columns of a statement and how strongly each is there."""

    columns: list[int]
    values: list[float]


@dataclass(frozen=True, slots=True)
class Trace:
    """A column with the places in the text that it stands on."""

    column: int
    value: float
    spans: tuple[Span, ...]


def fold_text(text: str) -> str:
    """Return `text` with every digit as 0, at the same length: which number it is tells nothing."""
    return text.translate(_DIGITS)


class Features:
    """Turns statements into rows of the model.

    Words are those that the segmenter found in the training texts; later they are looked up, so
    that a model works without a segmenter.

    Parameters
    ----------
    grams, words
        Each string with its inverse document frequency, in the order of the columns.
    cues
        Names of the columns behind them: ``people``, ``people+problem`` or ``people*late``.
    lexicon
        Where the cues come from.
    """

    def __init__(
        self,
        grams: Mapping[str, float],
        words: Mapping[str, float],
        cues: Sequence[str],
        lexicon: Lexicon,
    ) -> None:
        self.grams, self.words, self.cues, self.lexicon = dict(grams), dict(words), cues, lexicon
        self._gram_columns = {gram: i for i, gram in enumerate(grams)}
        self._word_columns = {word: len(grams) + i for i, word in enumerate(words)}
        first = len(grams) + len(words)
        self._cue_columns = {name: first + i for i, name in enumerate(cues)}
        self._idf = [*grams.values(), *words.values()]

    def __len__(self) -> int:
        """Return the number of columns."""
        return len(self.grams) + len(self.words) + len(self.cues)

    def row(self, statement: Statement) -> Row:
        """Return the columns of one statement."""
        text = fold_text(statement.text)
        columns: list[int] = []
        values: list[float] = []
        for counts in (
            Counter(_known(_grams(text), self._gram_columns)),
            Counter(_known(_words(text), self._word_columns)),
        ):
            found = [
                self._idf[c] * (1.0 + math.log(n) if n > 1 else 1.0) for c, n in counts.items()
            ]
            norm = math.sqrt(sum([v * v for v in found])) or 1.0
            columns += counts
            values += [v / norm for v in found]
        cues = self.lexicon.find(statement.text)
        for name, value in _cue_values(statement, cues, self.lexicon):
            if (column := self._cue_columns.get(name)) is not None:
                columns.append(column)
                values.append(value * _CUE_SCALE)
        return Row(columns, values)

    def trace(self, statement: Statement) -> Iterator[Trace]:
        """Yield the columns that stand on words of the statement, with their places."""
        row = self.row(statement)
        values = dict(zip(row.columns, row.values, strict=True))
        text = fold_text(statement.text)
        places: dict[int, list[Span]] = {}
        for span in _stretches(len(text)):
            part = span.of(text)
            for table in (self._gram_columns, self._word_columns):
                if (column := table.get(part)) is not None:
                    places.setdefault(column, []).append(span)
        concepts = self.lexicon.concepts
        stands: dict[str, list[Span]] = {}
        for cue in self.lexicon.find(statement.text):
            stands.setdefault(concepts[cue.concept].name, []).append(cue.span)
        for name, spans in stands.items():
            for cue_name in (name, f"{name}+{statement.kind}"):
                if cue_name in self._cue_columns:
                    places[self._cue_columns[cue_name]] = spans
        for place, found in places.items():
            yield Trace(place, values[place], tuple(found))


def learn_features(
    statements: Sequence[Statement], cut: Iterable[Iterable[str]], lexicon: Lexicon
) -> Features:
    """Choose the columns from training statements; `cut` holds the words of each."""
    texts = [fold_text(s.text) for s in statements]
    known = {w for words in cut for w in words if len(w) in _WORD_LENGTHS}
    n = len(texts)
    grams = _common((_grams(text) for text in texts), n)
    words = _common(((w for w in _words(text) if w in known) for text in texts), n)
    cues = Counter(
        name for s in statements for name, _ in _cue_values(s, lexicon.find(s.text), lexicon)
    )
    return Features(grams, words, sorted(c for c, k in cues.items() if k >= _RAREST), lexicon)


def _common(rows: Iterable[Iterable[str]], n: int) -> dict[str, float]:
    counts = Counter(item for row in rows for item in set(row))
    # Rounded, so that a model written and read again is the same model.
    return {
        item: round(math.log((1 + n) / (1 + k)) + 1.0, 4)
        for item, k in sorted(counts.items())
        if k >= _RAREST
    }


def _known(items: Iterable[str], table: Mapping[str, int]) -> list[int]:
    found = table.get
    return [c for item in items if (c := found(item)) is not None]


def _grams(text: str) -> list[str]:
    n = len(text)
    return [text[i : i + k] for k in range(1, _LONGEST_GRAM + 1) for i in range(n - k + 1)]


def _words(text: str) -> list[str]:
    n = len(text)
    return [text[i : i + k] for k in _WORD_LENGTHS for i in range(n - k + 1)]


def _stretches(n: int) -> Iterator[Span]:
    for length in range(1, _WORD_LENGTHS.stop):
        yield from (Span(i, i + length) for i in range(n - length + 1))


def _cue_values(
    statement: Statement, cues: Sequence[Cue], lexicon: Lexicon
) -> Iterator[tuple[str, float]]:
    counts = Counter(cue.concept for cue in cues)
    names = [lexicon.concepts[c].name for c in sorted(counts)]
    for concept, n in counts.items():
        name = lexicon.concepts[concept].name
        yield name, math.sqrt(min(n, _MOST_CUES))
        yield f"{name}+{statement.kind}", 1.0
    for i, name in enumerate(names):
        yield from ((f"{name}*{other}", 0.5) for other in names[i + 1 :])
    yield f"+{statement.kind}", 1.0
    if not counts:
        yield "-", 1.0
    if len(statement.text) < _SHORT:
        yield "short", 1.0
