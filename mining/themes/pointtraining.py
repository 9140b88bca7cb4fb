"""Making the weights by which points are cut: linear models over labelled sections."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from mining.report import PointKind
from mining.themes.clauses import clause_features, commas_of
from mining.themes.cutting import Piece, cut_pieces, list_end
from mining.themes.kinds import KINDS, N_BOUNDARIES, boundary, is_announced, kind_features
from mining.themes.labelled import LabelledPoint, LabelledSection
from mining.themes.pairing import PairSheet, Statement
from mining.themes.weights import PointWeights

__all__ = ["train_points", "weights_to_json"]

_BLANK = PointWeights(
    clauses={"": -1.0},
    kinds={},
    first=(0.0, 0.0, 0.0),
    transitions=(((0.0, 0.0, 0.0),) * 3,) * N_BOUNDARIES,
    pairs={},
)
_SENTENCE_MARKS = "。；;！!？?\n"
# How strongly weights are held near zero; by cross-validation over the voices.
_CLAUSE_C, _KIND_C, _PAIR_C = 1.0, 1.0, 1.0
_LEAST_WEIGHT = 0.02


def train_points(sections: Sequence[LabelledSection]) -> PointWeights:
    """Fit the models on labelled sections; the same sections give the same weights."""
    clauses = _fit([e for s in sections for e in _comma_examples(s)], c=_CLAUSE_C)
    cutter = replace(_BLANK, clauses=_one_sided(clauses))
    examples: list[tuple[list[str], int]] = []
    moves: list[tuple[int, int, int]] = []
    starts: list[int] = []
    for section in sections:
        pieces = cut_pieces(section.text, cutter)
        kinds = [KINDS.index(_kind_of(piece, section.points)) for piece in pieces]
        announced = is_announced(pieces)
        for i, (piece, kind) in enumerate(zip(pieces, kinds, strict=True)):
            names = kind_features(section.text, piece, i, len(pieces), announced=announced)
            examples.append((list(names), kind))
        bounds = [boundary(section.text, a, b) for a, b in itertools.pairwise(pieces)]
        moves += zip(bounds, kinds, kinds[1:], strict=False)
        starts += kinds[:1]
    first, transitions = _chain(starts, moves)
    pairs = _fit([e for s in sections for e in _pair_examples(s, cutter)], c=_PAIR_C)
    return PointWeights(
        clauses=cutter.clauses,
        kinds={n: (r[0], r[1], r[2]) for n, r in _fit(examples, c=_KIND_C).items()},
        first=first,
        transitions=transitions,
        pairs=_one_sided(pairs),
    )


def _one_sided(weights: Mapping[str, Sequence[float]]) -> dict[str, float]:
    return {name: row[-1] - row[0] for name, row in weights.items()}


def weights_to_json(weights: PointWeights) -> dict[str, Any]:
    """Return the weights as plain data, rounded, features in order."""
    return {
        "first": [round(x, 3) for x in weights.first],
        "transitions": [
            [[round(x, 3) for x in row] for row in rows] for rows in weights.transitions
        ],
        "pairs": {n: round(w, 3) for n, w in sorted(weights.pairs.items())},
        "clauses": {n: round(w, 3) for n, w in sorted(weights.clauses.items())},
        "kinds": {n: [round(x, 3) for x in w] for n, w in sorted(weights.kinds.items())},
    }


def _comma_examples(section: LabelledSection) -> Iterator[tuple[list[str], int]]:
    """Yield each comma between the first and the last point: 1 where it parts two points."""
    text = section.text
    crowd = sum(1 for _ in _sentences(text))
    for start, end in _sentences(text):
        own = [p for p in section.points if start <= p.span.start < end]
        if not own:
            continue
        enumerated = text[start:end].lstrip()[:2].endswith(("是", ".", "）"))
        first = own[0].span.start
        close = list_end(text, first, end)
        end = close.start() if close and own[-1].span.end <= close.start() else end
        commas = commas_of(text, first, end)
        for index, comma in enumerate(commas):
            inside = any(p.span.start <= comma < p.span.end for p in own)
            last = max(p.span.start for p in own if p.span.start <= comma)
            if comma < own[-1].span.end:
                features = clause_features(
                    text,
                    first,
                    end,
                    commas,
                    index,
                    last=last,
                    enumerated=enumerated,
                    crowd=crowd,
                    closed=close is not None,
                )
                yield list(features), int(not inside)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for i, char in enumerate(text):
        if char in _SENTENCE_MARKS:
            if i > start:
                yield start, i
            start = i + 1
    if start < len(text):
        yield start, len(text)


def _pair_examples(
    section: LabelledSection, weights: PointWeights
) -> Iterator[tuple[list[str], int]]:
    """Yield each improvement with each problem, and 1 where it answers it."""
    pieces = cut_pieces(section.text, weights)
    statements = []
    for point in section.points:
        piece = max(
            pieces, key=lambda p: min(p.end, point.span.end) - max(p.start, point.span.start)
        )
        statements.append(
            Statement(
                point.span.start, point.span.end, point.kind, piece.item, piece.lead, piece.fresh
            )
        )
    sheet = PairSheet(section.text, statements)
    last: int | None = None
    for i in sheet.improvements:
        answer = section.points[i].answers
        for p in sheet.problems:
            yield list(sheet.features(i, p, last)), int(answer == p)
        sheet.settle(answer)
        last = answer


def _kind_of(piece: Piece, points: Sequence[LabelledPoint]) -> PointKind:
    """Return the kind of the labelled point that a piece overlaps most; none is neither."""
    overlaps = [
        (min(piece.end, p.span.end) - max(piece.start, p.span.start), p.kind) for p in points
    ]
    overlap, kind = max(overlaps, default=(0, "neither"))
    return kind if overlap > 0 else "neither"


def _chain(
    starts: Sequence[int], moves: Sequence[tuple[int, int, int]]
) -> tuple[tuple[float, float, float], tuple[tuple[tuple[float, float, float], ...], ...]]:
    """Return how much likelier each kind is at the start, and after each kind, than at large."""
    share = _logs(Counter([*starts, *(b for _, _, b in moves)]))

    def gain(found: Iterable[int]) -> tuple[float, float, float]:
        logs = _logs(Counter(found))
        return logs[0] - share[0], logs[1] - share[1], logs[2] - share[2]

    rows = tuple(
        tuple(gain(b for m, a, b in moves if m == bound and a == k) for k in range(len(KINDS)))
        for bound in range(N_BOUNDARIES)
    )
    return gain(starts), rows


def _logs(counts: Counter[int]) -> list[float]:
    total = sum(counts.values()) + 3
    return [math.log((counts[k] + 1) / total) for k in range(3)]


def _fit(examples: Sequence[tuple[list[str], int]], *, c: float) -> dict[str, list[float]]:
    """Fit a logistic regression; return the weights of each feature by class, ``""`` the bias."""
    # Training alone needs scikit-learn.
    from sklearn.feature_extraction import DictVectorizer  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    vectorizer = DictVectorizer()
    rows = vectorizer.fit_transform([dict(Counter(names)) for names, _ in examples])
    model = LogisticRegression(C=c, max_iter=2000)
    model.fit(rows, [kind for _, kind in examples])
    table = model.coef_ if len(model.coef_) > 1 else [-model.coef_[0] / 2, model.coef_[0] / 2]
    bias = model.intercept_
    biases = list(bias) if len(bias) > 1 else [-bias[0] / 2, bias[0] / 2]
    names = vectorizer.get_feature_names_out()
    weights = {
        str(name): [float(row[i]) for row in table]
        for i, name in enumerate(names)
        if max(abs(float(row[i])) for row in table) >= _LEAST_WEIGHT
    }
    return {"": [float(b) for b in biases], **weights}
