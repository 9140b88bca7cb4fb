"""What a point looks like to the theme classifier: short strings in it, and cues of the lexicon."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mining.report import PointKind
from mining.spans import Span
from mining.themes.lexicon import Lexicon

__all__ = ["CUE_SCALE", "Features", "Row", "Statement", "Trace", "fold_text", "learn_features"]

CUE_SCALE = 0.1
"""How loud a cue is beside the strings, whose rows have length 1; by cross-validation."""

_LONGEST_GRAM = 3
_RAREST = 2
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

    A string counts as often as it occurs, and the row of all strings has length 1 when none occurs
    twice; a cue of the lexicon is there or not.

    Parameters
    ----------
    grams
        Each string with its inverse document frequency, in the order of the columns; digits
        folded.
    cues
        Names of the lexicon's concepts, whose columns lie behind those of the strings.
    lexicon
        Where the cues come from.
    """

    def __init__(self, grams: Mapping[str, float], cues: Sequence[str], lexicon: Lexicon) -> None:
        self.grams, self.cues, self.lexicon = dict(grams), tuple(cues), lexicon
        self._gram_columns = {gram: i for i, gram in enumerate(grams)}
        self._idf = list(grams.values())
        self._lengths = sorted({len(gram) for gram in grams})
        known = {concept.name: i for i, concept in enumerate(lexicon.concepts)}
        self.concepts = tuple(known[name] for name in self.cues)
        """Positions, in the lexicon, of the concepts of `cues`."""
        self._cue_columns = {c: len(self.grams) + i for i, c in enumerate(self.concepts)}

    def __len__(self) -> int:
        """Return the number of columns."""
        return len(self.grams) + len(self.cues)

    def row(self, statement: Statement) -> Row:
        """Return the columns of one statement."""
        text = fold_text(statement.text)
        found = self._gram_columns.get
        counts = Counter(
            c for s in _stretches(text, self._lengths) if (c := found(s.of(text))) is not None
        )
        idf = self._idf
        norm = math.sqrt(sum([n * idf[c] ** 2 for c, n in counts.items()])) or 1.0
        cues = {self._cue_columns.get(cue.concept, -1) for cue in self.lexicon.find(text)} - {-1}
        return Row(
            [*counts, *sorted(cues)],
            [*(n * idf[c] / norm for c, n in counts.items()), *[CUE_SCALE] * len(cues)],
        )

    def trace(self, statement: Statement) -> Iterator[Trace]:
        """Yield the columns of the statement with the places that they stand on."""
        row = self.row(statement)
        text = fold_text(statement.text)
        places: dict[int, list[Span]] = {}
        for span in _stretches(text, self._lengths):
            if (column := self._gram_columns.get(span.of(text))) is not None:
                places.setdefault(column, []).append(span)
        for cue in self.lexicon.find(text):
            if (column := self._cue_columns.get(cue.concept)) is not None:
                places.setdefault(column, []).append(cue.span)
        for column, value in zip(row.columns, row.values, strict=True):
            yield Trace(column, value, tuple(places[column]))


def learn_features(
    statements: Sequence[Statement], lexicon: Lexicon, *, words: Collection[str] = ()
) -> Features:
    """Choose the columns from training statements.

    Parameters
    ----------
    words
        Longer strings to look for beside all that have up to three characters.
    """
    longer = {fold_text(word) for word in words if len(word) > _LONGEST_GRAM}
    lengths = sorted({*range(1, _LONGEST_GRAM + 1), *map(len, longer)})
    n = len(statements)
    counts: Counter[str] = Counter()
    cues: Counter[int] = Counter()
    for statement in statements:
        text = fold_text(statement.text)
        found = {span.of(text) for span in _stretches(text, lengths)}
        counts.update(s for s in found if len(s) <= _LONGEST_GRAM or s in longer)
        cues.update({cue.concept for cue in lexicon.find(text)})
    # Rounded, so that a model written and read again is the same model.
    grams = {
        gram: round(math.log((1 + n) / (1 + k)) + 1.0, 4)
        for gram, k in sorted(counts.items())
        if k >= _RAREST
    }
    kept = [c.name for i, c in enumerate(lexicon.concepts) if cues[i] >= _RAREST]
    return Features(grams, kept, lexicon)


def _stretches(text: str, lengths: Iterable[int]) -> list[Span]:
    n = len(text)
    return [Span(i, i + k) for k in lengths for i in range(n - k + 1)]
