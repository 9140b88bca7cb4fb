"""Training of the theme classifier with scikit-learn; the same data give the same model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from mining.errors import SettingsError
from mining.themes.features import Features, Statement, learn_features
from mining.themes.lexicon import parse_lexicon
from mining.themes.model import CONTEXT, ThemeModel, context_of, decide
from mining.themes.names import THEMES
from mining.themes.themescore import label_matrix, score_themes
from mining.words.segment import segmenter

__all__ = ["feature_matrix", "first_stage", "group_folds", "train_themes"]

Matrix = NDArray[np.float64]
Labels = NDArray[np.int8]

# By cross-validation over the voices.
_STRENGTH, _CONTEXT_STRENGTH = 5.0, 1.0
# How many statements a value of 1 counts as, beside the one that every column is given.
_EVIDENCE = 8.0
_MOST_FOLDS = 5
_LEAST_STATEMENTS = 40
_GRID = np.round(np.arange(0.16, 0.62, 0.02), 2)
# A threshold of its own counts like this many labels; rare themes stay near the common one.
_OWN = 60.0


def train_themes(
    statements: Sequence[Statement],
    labels: Sequence[Sequence[str]],
    *,
    groups: Sequence[str],
    themes: Sequence[str] | None = None,
    words: bool = False,
) -> ThemeModel:
    """Fit both stages and the thresholds, see `mining.themes.classify.ThemeClassifier.fit`."""
    names = tuple(themes or THEMES)
    truth = label_matrix(labels, names)
    _require_enough(statements, truth, names)
    text = (files("mining") / "data" / "theme_lexicon.toml").read_text(encoding="utf-8")
    lexicon = parse_lexicon(text)
    cut = [set(segmenter().cut(s.text)) for s in statements] if words else []
    folds = group_folds(groups)

    def fitted(rows: NDArray[np.intp]) -> tuple[Features, Matrix, Matrix]:
        chosen = [statements[int(i)] for i in rows]
        known: set[str] = set().union(*(cut[int(i)] for i in rows)) if words else set()
        features = learn_features(chosen, lexicon, words=known)
        weights, bias = first_stage(feature_matrix(features, chosen), truth[rows])
        return features, weights, bias

    held = np.zeros(truth.shape)
    for fold in np.unique(folds):
        features, weights, bias = fitted(np.flatnonzero(folds != fold))
        out = np.flatnonzero(folds == fold)
        rows = feature_matrix(features, [statements[int(i)] for i in out])
        held[out] = rows @ weights + bias
    context = context_of(held, statements)
    alone = context_of(held, [replace(s, answers=None) for s in statements])
    checked = _checked(context, alone, truth, folds)
    thresholds, floor = _thresholds(checked, truth)
    features, weights, bias = fitted(np.arange(len(statements)))
    slopes, offsets = _second_stage(context, alone, truth)
    chosen = decide(checked, thresholds, floor)
    told = [[names[k] for k, _ in picks] for picks in chosen]
    score = score_themes(labels, told, checked, themes=names)
    return replace(
        ThemeModel(
            themes=names,
            features=features,
            lexicon_text=text,
            # Half precision in the file; the model in memory is the one that will be read again.
            weights=weights.astype(np.float16).astype(np.float32),
            bias=bias.astype(np.float32),
            context=slopes.astype(np.float32),
            context_bias=offsets.astype(np.float32),
            thresholds=thresholds,
            floor=floor,
        ),
        facts={
            "statements": len(statements),
            "groups": len(set(groups)),
            "words": segmenter().fingerprint if words else "",
            "cross_validation": score.summary(),
        },
    )


def group_folds(groups: Sequence[str]) -> NDArray[np.intp]:
    """Return a fold for each statement: a group is never split, and folds are of similar size."""
    names, counts = np.unique(np.array(groups), return_counts=True)
    n = min(_MOST_FOLDS, len(names))
    sizes = [0] * n
    fold: dict[str, int] = {}
    for i in np.argsort(-counts, kind="stable"):
        smallest = sizes.index(min(sizes))
        fold[str(names[i])] = smallest
        sizes[smallest] += int(counts[i])
    return np.array([fold[g] for g in groups], np.intp)


def feature_matrix(features: Features, statements: Sequence[Statement]) -> sp.csr_matrix:
    """Return the rows of the statements as one sparse matrix."""
    rows = [features.row(s) for s in statements]
    ends = np.concatenate(([0], np.cumsum([len(r.columns) for r in rows])))
    columns = np.array([c for r in rows for c in r.columns], np.int32)
    values = np.array([v for r in rows for v in r.values])
    return sp.csr_matrix((values, columns, ends), shape=(len(rows), len(features)))


def first_stage(rows: sp.csr_matrix, truth: Labels) -> tuple[Matrix, Matrix]:
    """Fit a logistic regression for each theme; return weights by feature and theme, and biases.

    Columns are first made louder the more their share differs between statements with and without
    the theme (Wang and Manning 2012), which the weights take up again: rare strings that tell
    nothing are kept small.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - training alone

    weights = np.zeros((rows.shape[1], truth.shape[1]))
    bias = np.full(truth.shape[1], -6.0)
    for k in np.flatnonzero((truth.min(axis=0) == 0) & (truth.max(axis=0) == 1)):
        loud = _loudness(rows, truth[:, k])
        model = LogisticRegression(
            C=_STRENGTH, class_weight="balanced", solver="liblinear", random_state=0
        )
        model.fit(rows @ sp.diags(loud), truth[:, k])
        weights[:, k], bias[k] = model.coef_[0] * loud, model.intercept_[0]
    return weights, bias


def _loudness(rows: sp.csr_matrix, truth: NDArray[np.int8]) -> Matrix:
    """Return the root of the log-ratio of each column, of size 1 on average."""
    inside = truth == 1
    share = inside.sum() / (~inside).sum()
    with_theme = 1.0 + _EVIDENCE * np.asarray(rows[inside].sum(axis=0)).ravel()
    without = 1.0 + _EVIDENCE * share * np.asarray(rows[~inside].sum(axis=0)).ravel()
    loud: Matrix = np.sqrt(np.abs(np.log(with_theme / without)))
    return loud / (np.sqrt((loud**2).mean()) or 1.0)


def _second_stage(context: Matrix, alone: Matrix, truth: Labels) -> tuple[Matrix, Matrix]:
    """Fit what pairs add, which calibrates as well: its log-odds come from held-out statements."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - training alone

    # Most training statements are paired; every one counts by itself as well.
    rows, told = np.concatenate((context, alone)), np.concatenate((truth, truth))
    slopes = np.zeros((truth.shape[1], len(CONTEXT)))
    offsets = np.full(truth.shape[1], -6.0)
    for k in np.flatnonzero((truth.min(axis=0) == 0) & (truth.max(axis=0) == 1)):
        model = LogisticRegression(C=_CONTEXT_STRENGTH, max_iter=500)
        model.fit(rows[:, k], told[:, k])
        slopes[k], offsets[k] = model.coef_[0], model.intercept_[0]
    return slopes, offsets


def _checked(context: Matrix, alone: Matrix, truth: Labels, folds: NDArray[np.intp]) -> Matrix:
    """Return probabilities of each fold by a second stage that has not seen it."""
    checked = np.zeros(truth.shape)
    for fold in np.unique(folds):
        rest, out = folds != fold, folds == fold
        checked[out] = _apply(context[out], *_second_stage(context[rest], alone[rest], truth[rest]))
    return checked


def _apply(context: Matrix, slopes: Matrix, offsets: Matrix) -> Matrix:
    score: Matrix = np.einsum("ntc,tc->nt", context, slopes) + offsets
    return 1.0 / (1.0 + np.exp(-score))


def _thresholds(probabilities: Matrix, truth: Labels) -> tuple[NDArray[np.float32], float]:
    """Choose thresholds by F1: one for all, drawn to a theme's own the more labels it has."""
    common = max(_GRID, key=lambda t: _f1(probabilities >= t, truth))
    own = np.array(
        [
            max(_GRID, key=lambda t: _f1(probabilities[:, k] >= t, truth[:, k]))
            for k in range(truth.shape[1])
        ]
    )
    n = truth.sum(axis=0)
    thresholds = ((own * n + common * _OWN) / (n + _OWN)).round(3).astype(np.float32)

    def gain(floor: float) -> float:
        chosen = np.zeros(truth.shape, bool)
        for i, picks in enumerate(decide(probabilities, thresholds, floor)):
            chosen[i, [k for k, _ in picks]] = True
        return _f1(chosen, truth)

    return thresholds, float(max(_GRID, key=gain))


def _f1(found: NDArray[np.bool_], truth: Labels) -> float:
    total = found.sum() + truth.sum()
    return float(2 * (found & (truth == 1)).sum() / total) if total else 0.0


def _require_enough(statements: Sequence[Statement], truth: Labels, names: Sequence[str]) -> None:
    if len(statements) < _LEAST_STATEMENTS or not truth.any():
        msg = f"{len(statements)} statements with {int(truth.sum())} labels are too few to train on"
        hint = f"label at least {_LEAST_STATEMENTS} statements with themes such as {names[0]}"
        raise SettingsError(msg, code="E401", hint=hint)
