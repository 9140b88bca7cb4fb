"""Labelled statements for the theme classifier, from sections or a CSV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mining.themes.features import Statement
from mining.themes.labelled import LabelledSection

__all__ = ["ThemeData", "from_sections"]


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
