"""Would a learned ranker link better than the phrases? ``python -m benchmarks.link_ranker``.

Every phrase that the words of a figure match makes its cell a candidate. A model learns from one
half of the gold passages for tuning which candidates are right, and is measured on the other half;
the phrases were written with both in view, which flatters them. It never sees what a table holds:
that would hide the errors that links are for. Needs scikit-learn.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mining.figurescore import place as place_of
from mining.passages.counting import gold_rows
from mining.passages.loading import Passage, read_passages
from mining.pipeline import read_passage
from mining.report import Address, Figure, Meta
from mining.settings import Settings
from mining.steps.link import matching_phrases
from mining.steps.normalize import normalize_text

GOLD = Path(__file__).parents[1] / "corpora" / "gold" / "tune"
HALVES = ("w1", "w2")
_ROLES = ("total", "part", "single")
_SECTIONS = ("overview", "disclosure", "applications", "litigation", "fees")
_TEMPLATES = ("2014", "2019", "2021")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A cell that a figure may state: what the model sees of it, and whether it is right."""

    figure: tuple[str, int]
    score: float
    features: tuple[float, ...]
    is_right: bool


@dataclass(frozen=True, slots=True)
class Half:
    """The candidates of some passages, and how many links gold wants there."""

    candidates: tuple[Candidate, ...]
    wanted: int


def read_half(passages: Iterable[Passage]) -> Half:
    """Return all candidates of passages beside gold."""
    found: list[Candidate] = []
    wanted = 0
    for passage in passages:
        rows = {place_of(r): r for r in gold_rows(passage) if r["claim"] == "number"}
        wanted += sum(bool(r["cells"]) and not r["loose"] for r in rows.values())
        found += _candidates(passage, rows)
    return Half(tuple(found), wanted)


def _candidates(passage: Passage, rows: dict[Any, Any]) -> Iterator[Candidate]:
    text, offsets = normalize_text(passage.text)
    report = read_passage(
        text,
        section=passage.section,
        form=passage.form,
        settings=Settings(),
        meta=Meta(year=passage.year, agency=passage.agency),
    )
    previous: Figure | None = None
    for figure in report.figures or ():
        span = offsets.to_raw(figure.span)
        row = rows.get((span.start, span.end))
        if row and not row["loose"] and not row["optional"] and figure.role in _ROLES:
            matches = matching_phrases(report, figure, previous, passage.form)
            best: dict[Address, tuple[float, int]] = {}
            for phrase, quote in matches:
                best.setdefault(phrase.cell, (phrase.score, len(quote)))
            top = [score for score, _ in best.values()]
            for rank, (cell, (score, length)) in enumerate(best.items()):
                if passage.form.is_optional(cell):
                    continue
                rival = max((s for i, s in enumerate(top) if i != rank), default=0.0)
                told = (score, score - rival, float(len(top)), float(length))
                features = _features(passage, figure, told)
                is_right = cell in row["cells"]
                yield Candidate((passage.id, figure.id), score, features, is_right)
        previous = figure


def _features(passage: Passage, figure: Figure, told: tuple[float, ...]) -> tuple[float, ...]:
    return (
        *told,
        float(figure.span.start - figure.sentence.start),
        float(bool(figure.scope)),
        float(figure.kind == "money"),
        *(float(figure.role == role) for role in _ROLES),
        *(float(passage.section == section) for section in _SECTIONS),
        *(float(passage.form.template == template) for template in _TEMPLATES),
    )


def measure(half: Half, scores: Iterable[float], threshold: float) -> tuple[float, float]:
    """Return precision and recall of the best candidate of each figure above a threshold."""
    best: dict[tuple[str, int], tuple[float, bool]] = {}
    for candidate, score in zip(half.candidates, scores, strict=True):
        if score >= threshold and score > best.get(candidate.figure, (0.0, False))[0]:
            best[candidate.figure] = (score, candidate.is_right)
    right = sum(is_right for _, is_right in best.values())
    return right / max(len(best), 1), right / max(half.wanted, 1)


def _models() -> dict[str, Any]:
    return {
        "logistic regression": make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)),
        "gradient boosting": GradientBoostingClassifier(random_state=0),
    }


def _line(name: str, test: str, result: tuple[float, float]) -> str:
    return f"| {name} | {test} | {result[0]:.3f} | {result[1]:.3f} |"


def compare(halves: dict[str, Half]) -> Iterator[str]:
    """Yield the lines of a table: phrases and models, each measured on either half."""
    yield "| links by | measured on | P | R |"
    yield "|---|---|---|---|"
    for train, test in ((HALVES[0], HALVES[1]), (HALVES[1], HALVES[0])):
        half = halves[test]
        yield _line("phrases", test, measure(half, (c.score for c in half.candidates), 0.0))
        seen = [c.features for c in halves[train].candidates]
        labels = [c.is_right for c in halves[train].candidates]
        for name, model in _models().items():
            model.fit(seen, labels)
            told = [float(p[1]) for p in model.predict_proba([c.features for c in half.candidates])]
            for threshold in (0.0, 0.5):
                title = f"{name}, from {threshold:.1f}"
                yield _line(title, test, measure(half, told, threshold))


def calibrate(half: Half) -> Iterator[str]:
    """Yield how often phrases of a score are right."""
    best: dict[tuple[str, int], Candidate] = {}
    for candidate in half.candidates:
        if candidate.score > getattr(best.get(candidate.figure), "score", 0.0):
            best[candidate.figure] = candidate
    yield "| score | links | right |"
    yield "|---|---|---|"
    for low, high in ((0.0, 0.8), (0.8, 0.85), (0.85, 0.9), (0.9, 0.95), (0.95, 1.01)):
        told = [c.is_right for c in best.values() if low <= c.score < high]
        share = sum(told) / max(len(told), 1)
        yield f"| {low:.2f}–{min(high, 1):.2f} | {len(told)} | {share:.3f} |"


def main() -> None:
    """Print both tables."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    halves = {name: read_half(read_passages([GOLD / f"{name}.toml"])[0]) for name in HALVES}
    both = Half(
        tuple(c for half in halves.values() for c in half.candidates),
        sum(half.wanted for half in halves.values()),
    )
    print(*compare(halves), "", *calibrate(both), sep="\n")


if __name__ == "__main__":
    main()
