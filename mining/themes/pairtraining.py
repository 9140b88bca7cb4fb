"""Learning which problem an improvement answers: subjects of words, then the weights of pairs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mining.themes.choices import Choice, fit_choices
from mining.themes.labelled import LabelledSection
from mining.themes.likeness import Subjects, make_subjects
from mining.themes.names import THEMES
from mining.themes.pairing import (
    PairSheet,
    Statement,
    alike_features,
    alone_features,
    nothing_features,
    order_features,
    stand_features,
)
from mining.themes.weights import PointWeights, TextSheet, blank_weights

__all__ = ["Paired", "train_pairs", "train_subjects"]

# How strongly weights are held near zero; by cross-validation over the voices.
_PAIR_C, _THEME_C = 0.3, 0.3
_RAREST = 3
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Paired:
    """A labelled section and its points as the cutter would hand them to pairing."""

    section: LabelledSection
    statements: Sequence[Statement]


def train_pairs(
    sections: Sequence[Paired], single: Sequence[LabelledSection]
) -> tuple[Subjects, dict[str, float]]:
    """Return what words speak of, and the weight of each feature of pairs.

    The weights are learnt with subjects that other voices taught, as those of new reports are.
    """
    folds = _folds(sections)
    choices: list[Choice] = []
    for fold in sorted(set(folds)):
        others = [s.section for s, f in zip(sections, folds, strict=True) if f != fold]
        weights = replace(blank_weights(), subjects=train_subjects([*others, *single]))
        for paired, own in zip(sections, folds, strict=True):
            if own == fold:
                choices += _choices(paired, weights)
    subjects = train_subjects([*(s.section for s in sections), *single])
    return subjects, fit_choices(choices, c=_PAIR_C)


def _folds(sections: Sequence[Paired]) -> list[int]:
    """Return a number for each section: of its voice, or any where there is one voice only."""
    voices = [s.section.id.partition("-")[0] for s in sections]
    names = sorted(set(voices))
    if len(names) > 1:
        return [names.index(voice) for voice in voices]
    return [i % _FOLDS for i in range(len(sections))]


def train_subjects(sections: Sequence[LabelledSection]) -> Subjects:
    """Learn from labelled themes what words speak of."""
    # Training alone needs these.
    from scipy.sparse import csr_matrix  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    statements = [s for section in sections for s in _words_and_themes(section)]
    counts = Counter(w for words, _ in statements for w in words)
    names = sorted(w for w, n in counts.items() if n >= _RAREST)
    columns = {w: i for i, w in enumerate(names)}
    rows = [sorted(columns[w] for w in words if w in columns) for words, _ in statements]
    ends = np.cumsum([0, *(len(row) for row in rows)])
    ones = np.ones(int(ends[-1]), np.float32)
    shape = (len(rows), len(names))
    table: Any = csr_matrix((ones, [c for row in rows for c in row], ends), shape=shape)
    weights = np.zeros((len(names), len(THEMES)), np.float32)
    # A theme that nobody labelled is never told.
    bias = np.full(len(THEMES), -5.0, np.float32)
    for k, theme in enumerate(sorted(THEMES)):
        right = [theme in themes for _, themes in statements]
        if any(right):
            model = LogisticRegression(C=_THEME_C, solver="liblinear", random_state=0)
            model.fit(table, right)
            weights[:, k], bias[k] = model.coef_[0], model.intercept_[0]
    rarest = math.log(max(len(statements), 2))
    found = {w: rarest - math.log(1 + counts[w]) for w in names}
    return make_subjects(names, weights, bias, found, rarest)


def _words_and_themes(
    section: LabelledSection,
) -> Iterator[tuple[AbstractSet[str], tuple[str, ...]]]:
    sheet = TextSheet(section.text, blank_weights())
    points = [p for p in section.points if p.kind != "neither"]
    words, _ = sheet.spoken([(p.span.start, p.span.end) for p in points])
    for point, keys in zip(points, words, strict=True):
        yield {chr(k >> 16) + chr(k & 0xFFFF) for k in keys}, point.themes


def _choices(paired: Paired, weights: PointWeights) -> Iterator[Choice]:
    """Yield the features of each problem that an improvement could answer, and of none."""
    sheet = PairSheet(TextSheet(paired.section.text, weights), paired.statements)
    if not sheet.problems or not sheet.improvements:
        return
    found = sheet.compared()
    last, answered = -1, 0
    for place, i in enumerate(sheet.improvements):
        answer = paired.section.points[i].answers
        stands, orders = sheet.stands(i), sheet.orders(last, answered)
        options = [
            alike_features(found.bins[:, place, rank].tolist())
            + stand_features(stand)
            + order_features(order)
            for rank, (stand, order) in enumerate(zip(stands, orders, strict=True))
        ]
        alone = alone_features(found.alone[place])
        options.append(nothing_features(sheet.nothing(i, last)) + sheet.head_features(i) + alone)
        right = len(sheet.problems) if answer is None else sheet.problems.index(answer)
        yield Choice(options, right)
        if answer is not None:
            last, answered = right, answered | 1 << right
