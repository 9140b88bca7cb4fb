"""A trained theme model: plain arrays and JSON, so that loading one can run no code."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mining.errors import ReadError
from mining.themes.features import Features, Statement
from mining.themes.lexicon import parse_lexicon
from mining.themes.scorer import Scorer

__all__ = [
    "CONTEXT",
    "ThemeModel",
    "context_of",
    "decide",
    "fingerprint",
    "load_model",
    "save_model",
]

Matrix = NDArray[np.float64]

CONTEXT = ("own", "partner", "paired", "improvement", "alone", "rival")
"""What the second stage weighs: the log-odds of the statement, of what it is paired with, two
marks, the log-odds once more where there is no pair, and those of the likeliest other theme. A
problem and the improvement that answers it mostly speak of the same, and of few themes."""

# How much the pair counts when the likeliest other theme is sought; by cross-validation.
_PAIR_SHARE = 0.7

_VERSION = 2
_MOST_THEMES = 3
_BATCH = 512
_JSON, _ARRAYS, _LEXICON = "model.json", "weights.npz", "lexicon.toml"


@dataclass(frozen=True, kw_only=True)
class ThemeModel:
    """Two linear stages and the thresholds.

    Parameters
    ----------
    themes
        Names, in the order of the columns of all arrays.
    features
        What a statement looks like.
    lexicon_text
        Source of the lexicon that the features were learnt with.
    weights, bias
        First stage: log-odds by feature.
    context, context_bias
        Second stage: weight of each entry of `CONTEXT`; its logistic is the calibrated probability.
    thresholds
        Probability from which a theme is told.
    floor
        Probability from which the likeliest theme is told when none reaches its threshold.
    facts
        How it was made: data, versions, scores of the cross-validation.
    """

    themes: tuple[str, ...]
    features: Features
    lexicon_text: str
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    context: NDArray[np.float32]
    context_bias: NDArray[np.float32]
    thresholds: NDArray[np.float32]
    floor: float
    facts: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def scorer(self) -> Scorer:
        """The first stage in the shape that scores fast, made when the first statement comes."""
        return Scorer(self.features, self.weights, self.bias)

    def log_odds(self, statements: Sequence[Statement]) -> Matrix:
        """Return the first stage: one row for each statement, each seen by itself."""
        texts = [s.text for s in statements]
        if len(texts) <= _BATCH:
            return self.scorer.log_odds(texts)
        parts = range(0, len(texts), _BATCH)
        return np.concatenate([self.scorer.log_odds(texts[i : i + _BATCH]) for i in parts])

    def probabilities(self, statements: Sequence[Statement]) -> Matrix:
        """Return the calibrated probability of each theme, pairs of the batch considered."""
        if not statements:
            return np.empty((0, len(self.themes)))
        own = self.log_odds(statements)
        partner, paired, rival = _entries(own, statements)
        weights = self._second
        # As `context_of` times `context`; the three entries that are marks choose a row instead.
        # Each array is filled anew: with seven statements a new one costs as much as its numbers.
        score = weights.own.take(paired, 0)
        score *= own
        partner *= weights.partner
        score += partner
        rival *= weights.rival
        score += rival
        marks = [2 * p + (s.kind == "improvement") for p, s in zip(paired, statements, strict=True)]
        score += weights.start.take(marks, 0)
        np.negative(score, out=score)
        np.exp(score, out=score)
        score += 1.0
        return np.reciprocal(score, out=score)

    @cached_property
    def _second(self) -> _Second:
        own, partner, paired, improvement, alone, rival = self.context.T.astype(np.float64)
        bias = self.context_bias.astype(np.float64)
        return _Second(
            own=np.array((own + alone, own)),
            partner=partner,
            rival=rival,
            start=np.array((bias, bias + improvement, bias + paired, bias + paired + improvement)),
        )


class _Second(NamedTuple):
    """Weights of the second stage by theme, and what it adds.

    `own` has a row for a statement without and with a pair; `start`, what is added, has these two
    for other statements and for improvements: 2 × paired + improvement.
    """

    own: Matrix
    partner: Matrix
    rival: Matrix
    start: Matrix


def context_of(log_odds: Matrix, statements: Sequence[Statement]) -> Matrix:
    """Return the entries of `CONTEXT` for each statement and theme."""
    partner, marks, rival = _entries(log_odds, statements)
    paired = np.array(marks)[:, None]
    context = np.empty((*log_odds.shape, len(CONTEXT)))
    context[:, :, 0] = log_odds
    context[:, :, 1] = partner
    context[:, :, 2] = paired
    context[:, :, 3] = np.array([s.kind == "improvement" for s in statements])[:, None]
    context[:, :, 4] = np.where(paired, 0.0, log_odds)
    context[:, :, 5] = rival
    return context


def _entries(log_odds: Matrix, statements: Sequence[Statement]) -> tuple[Matrix, list[int], Matrix]:
    """Return ``partner``, ``paired`` as 0 or 1, and ``rival`` of `CONTEXT`."""
    answers = [(i, s.answers) for i, s in enumerate(statements) if s.answers is not None]
    pairs: list[list[int]] = [[] for _ in statements]
    for fix, lack in answers:
        pairs[fix].append(lack)
    for fix, lack in answers:
        pairs[lack].append(fix)
    partner = log_odds.take([found[0] if found else 0 for found in pairs], 0)
    for i, found in enumerate(pairs):
        if not found:
            partner[i] = 0.0
        elif len(found) > 1:
            partner[i] = sum(log_odds[other] for other in found) / len(found)
    paired = [int(bool(found)) for found in pairs]
    joint = _PAIR_SHARE * partner
    joint += log_odds
    if joint.shape[1] == 1:
        return partner, paired, joint
    top = joint.copy()
    top.partition(-2, axis=1)
    first, second = top[:, -1:], top[:, -2:-1]
    return partner, paired, np.where(joint == first, second, first)


def decide(
    probabilities: NDArray[np.float64], thresholds: NDArray[np.float32], floor: float
) -> list[list[tuple[int, float]]]:
    """Return the themes told of each row, as position and probability, the likeliest first."""
    order = (-probabilities).argsort(axis=1, kind="stable")[:, :_MOST_THEMES].tolist()
    least = thresholds.tolist()
    out = []
    for row, columns in zip(probabilities.tolist(), order, strict=True):
        picks = [(k, row[k]) for k in columns if row[k] >= least[k]]
        if not picks and columns and row[columns[0]] >= floor:
            picks = [(columns[0], row[columns[0]])]
        out.append(picks)
    return out


def save_model(model: ThemeModel, folder: Path) -> None:
    """Write a model to a folder; the same model gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    told = {
        "version": _VERSION,
        "themes": model.themes,
        "floor": model.floor,
        "facts": model.facts,
        "cues": model.features.cues,
        "grams": model.features.grams,
    }
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=False)
    (folder / _JSON).write_text(text + "\n", encoding="utf-8", newline="\n")
    (folder / _LEXICON).write_text(model.lexicon_text, encoding="utf-8", newline="\n")
    arrays = io.BytesIO()
    np.savez_compressed(
        arrays,
        weights=model.weights.astype(np.float16),
        bias=model.bias,
        context=model.context,
        context_bias=model.context_bias,
        thresholds=model.thresholds,
    )
    (folder / _ARRAYS).write_bytes(arrays.getvalue())


def load_model(folder: Path) -> ThemeModel:
    """Read a model.

    Raises
    ------
    ReadError
        E105 when the folder lacks a file; E109 when a file is damaged or of another version.
    """
    try:
        told = json.loads((folder / _JSON).read_text(encoding="utf-8"))
        lexicon_text = (folder / _LEXICON).read_text(encoding="utf-8")
        with np.load(folder / _ARRAYS, allow_pickle=False) as arrays:
            found = {name: arrays[name].astype(np.float32) for name in arrays.files}
        if told["version"] != _VERSION:
            raise _damaged(folder, f"version {told['version']}, this program reads {_VERSION}")
        features = Features(told["grams"], told["cues"], parse_lexicon(lexicon_text))
        model = ThemeModel(
            themes=tuple(told["themes"]),
            features=features,
            lexicon_text=lexicon_text,
            floor=float(told["floor"]),
            facts=told["facts"],
            **found,
        )
    except OSError as error:
        hint = "give a folder that `mining themes train` wrote"
        raise ReadError(str(error.strerror), code="E105", path=folder, hint=hint) from error
    except (ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        raise _damaged(folder, str(error)) from error
    if fault := _shape_fault(model):
        raise _damaged(folder, fault)
    return model


def _shape_fault(model: ThemeModel) -> str:
    k = len(model.themes)
    wanted = {
        "weights": (len(model.features), k),
        "bias": (k,),
        "context": (k, len(CONTEXT)),
        "context_bias": (k,),
        "thresholds": (k,),
    }
    for name, shape in wanted.items():
        if getattr(model, name).shape != shape:
            return f"{name} has the shape {getattr(model, name).shape}, not {shape}"
    return ""


def _damaged(folder: Path, message: str) -> ReadError:
    return ReadError(message, code="E109", path=folder, hint="train the model again")


def fingerprint(model: ThemeModel) -> str:
    """Return a hash of what the model computes, for the settings of a result."""
    digest = hashlib.sha256(model.lexicon_text.encode())
    for name in ("weights", "bias", "context", "context_bias", "thresholds"):
        digest.update(getattr(model, name).tobytes())
    return digest.hexdigest()[:16]
