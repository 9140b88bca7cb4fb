"""Labelled statements for the theme classifier, and its scores on them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mining.themes.classify import ThemeClassifier
from mining.themes.features import Statement
from mining.themes.labelled import LabelledSection
from mining.themes.lexicon import theme_lexicon
from mining.themes.themescore import ThemesScore, score_themes

__all__ = ["ThemeData", "baits", "from_sections", "score_data"]

# A cue that speaks for its theme as weakly as this is no bait.
_LEAST_BAIT = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeData:
    """Statements and what is known of each, in the same order.

    Parameters
    ----------
    statements
        What is said.
    labels
        Themes of each, the primary one first.
    groups
        Who wrote it.
    hard
        Whether its theme words are mere setting.
    """

    statements: tuple[Statement, ...]
    labels: tuple[tuple[str, ...], ...]
    groups: tuple[str, ...]
    hard: tuple[bool, ...]

    @property
    def fingerprint(self) -> str:
        """Hash of the statements and labels."""
        digest = hashlib.sha256()
        for statement, labels in zip(self.statements, self.labels, strict=True):
            line = (statement.kind, str(statement.answers), statement.text, *labels)
            digest.update("\t".join(line).encode() + b"\n")
        return digest.hexdigest()

    def unpaired(self) -> ThemeData:
        """Return the same data without what answers what."""
        return replace(self, statements=tuple(replace(s, answers=None) for s in self.statements))


def from_sections(sections: Sequence[LabelledSection]) -> ThemeData:
    """Return the problems and improvements of labelled sections.

    What is neither has no theme by definition, so that it would only flatter the scores.
    """
    statements: list[Statement] = []
    labels: list[tuple[str, ...]] = []
    groups: list[str] = []
    hard: list[bool] = []
    for section in sections:
        kept = [i for i, p in enumerate(section.points) if p.kind != "neither"]
        place = {i: len(statements) + n for n, i in enumerate(kept)}
        for i in kept:
            point = section.points[i]
            answers = None if point.answers is None else place[point.answers]
            statements.append(Statement(point.span.of(section.text), point.kind, answers))
            labels.append(point.themes)
            # Ids are VOICE-NUMBER.
            groups.append(section.id.rpartition("-")[0])
            hard.append(point.hard)
    return ThemeData(
        statements=tuple(statements),
        labels=tuple(labels),
        groups=tuple(groups),
        hard=tuple(hard),
    )


def baits(text: str, labels: Sequence[str]) -> frozenset[str]:
    """Return the themes that a text has clear words of although it is not labelled with them.

    Examples
    --------
    >>> sorted(baits("微信群里的停水通知发得太晚", ["timeliness"]))
    ['channels']
    """
    concepts = theme_lexicon().concepts
    found = {concepts[cue.concept] for cue in theme_lexicon().find(text)}
    strong = {c.theme for c in found if c.theme and c.weight >= _LEAST_BAIT}
    return frozenset(strong - set(labels))


def score_data(classifier: ThemeClassifier, data: ThemeData) -> ThemesScore:
    """Score a classifier on labelled statements."""
    found = [[x.theme for x in labels] for labels in classifier.predict(data.statements)]
    return score_themes(
        data.labels,
        found,
        classifier.predict_proba(data.statements),
        themes=classifier.model.themes,
        traps=[
            baits(s.text, labels) if hard else None
            for s, labels, hard in zip(data.statements, data.labels, data.hard, strict=True)
        ],
    )
