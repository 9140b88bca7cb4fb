"""Would a learned ranker link better than the phrases? ``python -m benchmarks.link_ranker``.

Every phrase that the words of a figure match makes its cell a candidate. A model learns from the
passages of some hands which candidates are right and is measured on those of others, alone and as
a filter of the phrases' choice. The phrases were written with the first hands and with half of
the third in view, which flatters them there. No model sees what a table holds: that would hide
the errors that links are for. Needs scikit-learn.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
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
SPLITS = ((("w1",), ("w2", "w3")), (("w1", "w2"), ("w3",)), (("w2", "w3"), ("w1",)))
_ROLES = ("total", "part", "single")
_SECTIONS = ("overview", "disclosure", "applications", "litigation", "fees")
_TEMPLATES = ("2014", "2019", "2021")
_BINS = (0.0, 0.75, 0.8, 0.85, 0.9, 0.95, 1.01)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A cell that a figure may state: what the model sees of it, and whether it is right."""

    figure: tuple[str, int]
    score: float
    features: tuple[float, ...]
    is_right: bool


@dataclass(frozen=True, slots=True)
class Part:
    """The candidates of some passages, and how many links gold wants there."""

    candidates: tuple[Candidate, ...]
    wanted: int


def read_part(names: Iterable[str]) -> Part:
    """Return all candidates of the passages of some hands."""
    found: list[Candidate] = []
    wanted = 0
    for passage in read_passages([GOLD / f"{name}.toml" for name in names])[0]:
        rows = {place_of(r): r for r in gold_rows(passage) if r["claim"] == "number"}
        wanted += sum(bool(r["cells"]) and not r["loose"] for r in rows.values())
        found += _candidates(passage, rows)
    return Part(tuple(found), wanted)


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
            best: dict[Address, tuple[float, int]] = {}
            for phrase, quote in matching_phrases(report, figure, previous, passage.form):
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


def choose(part: Part, scores: Sequence[float]) -> dict[tuple[str, int], tuple[float, int]]:
    """Return the best candidate of each figure: its score and its position."""
    best: dict[tuple[str, int], tuple[float, int]] = {}
    for position, (candidate, score) in enumerate(zip(part.candidates, scores, strict=True)):
        if score > best.get(candidate.figure, (-1.0, 0))[0]:
            best[candidate.figure] = (score, position)
    return best


def measure(part: Part, chosen: Iterable[int]) -> tuple[float, float]:
    """Return precision and recall of the candidates at some positions."""
    told = [part.candidates[position].is_right for position in chosen]
    return sum(told) / max(len(told), 1), sum(told) / max(part.wanted, 1)


def calibration_error(told: Sequence[tuple[float, bool]]) -> float:
    """Return by how much scores are off the share of right links, over bins of equal width."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for score, is_right in told:
        bins.setdefault(min(int(score * 10), 9), []).append((score, is_right))
    return sum(abs(sum(s - r for s, r in group)) for group in bins.values()) / max(len(told), 1)


def _models() -> dict[str, Any]:
    return {
        "logistic regression": make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)),
        "gradient boosting": GradientBoostingClassifier(random_state=0),
    }


def _line(name: str, part: Part, chosen: dict[tuple[str, int], tuple[float, int]]) -> str:
    precision, recall = measure(part, (position for _, position in chosen.values()))
    told = [(score, part.candidates[position].is_right) for score, position in chosen.values()]
    return f"| {name} | {precision:.3f} | {recall:.3f} | {calibration_error(told):.3f} |"


def compare(train: Part, test: Part, title: str) -> Iterator[str]:
    """Yield the lines of a table: phrases, models alone, and models as a filter of phrases."""
    yield from (f"| {title} | P | R | ECE |", "|---|---|---|---|")
    phrases = choose(test, [c.score for c in test.candidates])
    yield _line("phrases", test, phrases)
    for name, model in _models().items():
        model.fit([c.features for c in train.candidates], [c.is_right for c in train.candidates])
        told = [float(p[1]) for p in model.predict_proba([c.features for c in test.candidates])]
        alone = {k: v for k, v in choose(test, told).items() if v[0] >= 0.5}
        yield _line(name, test, alone)
        kept = {k: (told[at], at) for k, (_, at) in phrases.items() if told[at] >= 0.5}
        yield _line(f"phrases, kept by {name}", test, kept)


def calibrate(part: Part) -> Iterator[str]:
    """Yield how often phrases of a score are right."""
    chosen = choose(part, [c.score for c in part.candidates]).values()
    yield from ("| score | links | right |", "|---|---|---|")
    for low, high in pairwise(_BINS):
        told = [part.candidates[at].is_right for score, at in chosen if low <= score < high]
        share = sum(told) / max(len(told), 1)
        yield f"| {low:.2f}–{min(high, 1):.2f} | {len(told)} | {share:.3f} |"


def main() -> None:
    """Print a table for each split, and how far the scores of the phrases can be believed."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    for train, test in SPLITS:
        title = f"learned from {'+'.join(train)}, measured on {'+'.join(test)}"
        print(*compare(read_part(train), read_part(test), title), "", sep="\n")
    print(*calibrate(read_part(("w1", "w2", "w3"))), sep="\n")


if __name__ == "__main__":
    main()
