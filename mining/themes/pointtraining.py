"""Making the weights by which points are cut: linear models over labelled sections."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from mining.report import PointKind
from mining.themes.chain import Run, fit_chain
from mining.themes.clauses import CommaSheet, Sentence, clause_features, commas_of
from mining.themes.cutting import Piece, cut_pieces, list_end
from mining.themes.kinds import (
    KINDS,
    N_BOUNDARIES,
    N_LOOKS,
    boundary,
    kind_features,
    kind_looks,
    look_of,
)
from mining.themes.labelled import LabelledPoint, LabelledSection
from mining.themes.likeness import likeness_to_json
from mining.themes.pairing import Statement
from mining.themes.pairtraining import Paired, train_pairs
from mining.themes.weights import PointWeights, TextSheet, blank_weights

__all__ = ["train_points", "weights_to_json"]

_BLANK = blank_weights()
_SENTENCE_MARKS = "。；;！!？?\n"
# How strongly weights are held near zero; by cross-validation over the voices.
_CLAUSE_C, _KIND_C = 1.0, 0.5
_LEAST_WEIGHT = 0.02


def train_points(
    sections: Sequence[LabelledSection], *, single: Sequence[LabelledSection] = ()
) -> PointWeights:
    """Fit the models on labelled sections; the same sections give the same weights.

    Of statements `single` out of sections only what words speak of is learnt.
    """
    clauses = _fit([e for s in sections for e in _comma_examples(s)], c=_CLAUSE_C)
    cutter = replace(_BLANK, clauses=_one_sided(clauses))
    chain = fit_chain(
        [_run(section, cutter) for section in sections],
        n_bounds=N_BOUNDARIES,
        n_looks=N_LOOKS,
        c=_KIND_C,
    )
    subjects, pairs = train_pairs([Paired(s, statements_of(s, cutter)) for s in sections], single)
    return PointWeights(
        clauses=cutter.clauses,
        kinds={
            n: complex(w[0] - w[2], w[1] - w[2])
            for n, w in chain.weights.items()
            if max(w) - min(w) >= _LEAST_WEIGHT
        },
        first=chain.first,
        transitions=chain.moves,
        pairs={n: w for n, w in pairs.items() if abs(w) >= _LEAST_WEIGHT},
        subjects=subjects,
    )


def _one_sided(weights: Mapping[str, Sequence[float]]) -> dict[str, float]:
    return {name: row[-1] - row[0] for name, row in weights.items()}


def weights_to_json(weights: PointWeights) -> dict[str, Any]:
    """Return the weights as plain data, rounded, features in order."""
    return {
        "first": _rounded(weights.first),
        "transitions": _rounded(weights.transitions),
        "likeness": likeness_to_json(weights.subjects),
        "pairs": {n: round(w, 3) for n, w in sorted(weights.pairs.items())},
        "clauses": {n: round(w, 3) for n, w in sorted(weights.clauses.items())},
        "kinds": {
            n: [round(w.real, 3), round(w.imag, 3)] for n, w in sorted(weights.kinds.items())
        },
    }


def _rounded(values: Any) -> Any:  # noqa: ANN401 - a table of any depth
    return round(values, 3) if isinstance(values, float) else [_rounded(v) for v in values]


def _comma_examples(section: LabelledSection) -> Iterator[tuple[list[str], int]]:
    """Yield each comma between the first and the last point: 1 where it parts two points."""
    text = section.text
    sheet = TextSheet(text, _BLANK)
    crowd = sum(1 for _ in _sentences(text))
    for start, end in _sentences(text):
        own = [p for p in section.points if start <= p.span.start < end]
        if not own:
            continue
        first = own[0].span.start
        close = list_end(text, first, end)
        ended = close is not None and own[-1].span.end <= close.start()
        stop = close.start() if close and ended else end
        commas = commas_of(text, first, stop)
        whole = Sentence(first, stop, item=False, crowd=crowd, closed=close is not None)
        commas_seen = CommaSheet(sheet, whole, commas)
        for index, comma in enumerate(commas):
            inside = any(p.span.start <= comma < p.span.end for p in own)
            last = max(p.span.start for p in own if p.span.start <= comma)
            if comma < own[-1].span.end:
                yield clause_features(commas_seen, index, last), int(not inside)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for i, char in enumerate(text):
        if char in _SENTENCE_MARKS:
            if i > start:
                yield start, i
            start = i + 1
    if start < len(text):
        yield start, len(text)


def statements_of(section: LabelledSection, weights: PointWeights) -> list[Statement]:
    """Return the labelled points as the cutter would hand them to pairing."""
    pieces = cut_pieces(TextSheet(section.text, weights))
    found = []
    for point in section.points:
        start, end = point.span.start, point.span.end
        piece = max(pieces, key=lambda p: min(p.end, end) - max(p.start, start))
        found.append(Statement(start, end, point.kind, piece.item, piece.lead, piece.fresh))
    return found


def _kind_of(piece: Piece, points: Sequence[LabelledPoint]) -> PointKind:
    """Return the kind of the labelled point that a piece overlaps most; none is neither."""
    overlaps = [
        (min(piece.end, p.span.end) - max(piece.start, p.span.start), p.kind) for p in points
    ]
    overlap, kind = max(overlaps, default=(0, "neither"))
    return kind if overlap > 0 else "neither"


def _run(section: LabelledSection, weights: PointWeights) -> Run:
    sheet = TextSheet(section.text, weights)
    pieces = cut_pieces(sheet)
    kinds = [KINDS.index(_kind_of(piece, section.points)) for piece in pieces]
    return Run(
        look=look_of(pieces),
        features=[kind_features(look, section.text) for look in kind_looks(sheet, pieces)],
        bounds=[boundary(section.text, a, b) for a, b in itertools.pairwise(pieces)],
        kinds=kinds,
        layout=int((1, 0) in itertools.pairwise(k for k in kinds if k < 2)),
    )


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
