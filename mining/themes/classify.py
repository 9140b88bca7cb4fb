"""The theme classifier: what a point of a problem section speaks of, and by which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from mining.report import ThemeScore, make_theme_score
from mining.spans import Span
from mining.themes.features import Statement
from mining.themes.model import ThemeModel, decide, load_model, save_model

__all__ = ["Evidence", "ThemeClassifier", "shipped_folder", "theme_classifier"]

_MOST_TERMS = 5
_SHIPPED = "themes-1"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of a statement that speak for a theme, and how strongly, in log-odds."""

    theme: str
    span: Span
    text: str
    weight: float


class ThemeClassifier:
    """Tells the themes of statements: several, one or none, the primary one first.

    Examples
    --------
    >>> labels = theme_classifier().predict([Statement("公众号长期不更新")])[0]
    >>> sorted(label.theme for label in labels)
    ['new_media', 'timeliness']
    """

    def __init__(self, model: ThemeModel) -> None:
        self.model = model

    @classmethod
    def fit(
        cls,
        statements: Sequence[Statement],
        labels: Sequence[Sequence[str]],
        *,
        groups: Sequence[str],
        themes: Sequence[str] | None = None,
        words: bool = False,
    ) -> Self:
        """Train on labelled statements.

        Parameters
        ----------
        statements, labels
            What is said, and its themes, the primary one first.
        groups
            Who wrote each statement; what one writer wrote is never split by cross-validation.
        themes
            All names; those of the public contract by default.
        words
            Whether the segmenter's words of four characters and more are features, beside all
            strings of up to three: costs time to train, and brought nothing on the shipped data.

        Raises
        ------
        SettingsError
            E401 when there is too little to learn from.
        """
        # Training alone needs scikit-learn and the segmenter.
        from mining.themes.training import train_themes  # noqa: PLC0415

        found = train_themes(statements, labels, groups=groups, themes=themes, words=words)
        return cls(found)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a classifier from its folder; see `mining.themes.model.load_model`."""
        return cls(load_model(folder))

    def save(self, folder: Path) -> None:
        """Write the classifier to a folder."""
        save_model(self.model, folder)

    def predict_proba(self, statements: Sequence[Statement]) -> NDArray[np.float64]:
        """Return the probability of each theme of the model, one row for each statement."""
        return self.model.probabilities(statements)

    def predict(self, statements: Sequence[Statement]) -> list[tuple[ThemeScore, ...]]:
        """Return the themes of each statement; what is neither problem nor improvement has none."""
        names = self.model.themes
        chosen = decide(self.predict_proba(statements), self.model.thresholds, self.model.floor)
        return [
            ()
            if statement.kind == "neither"
            else tuple([make_theme_score(theme=names[k], score=round(p, 3)) for k, p in picks])
            for statement, picks in zip(statements, chosen, strict=True)
        ]

    def explain(self, statements: Sequence[Statement], position: int) -> tuple[Evidence, ...]:
        """Return, for each theme told of the statement at `position`, the words that speak for it.

        Of what the pair of the statement adds no words are told, as they stand elsewhere.
        """
        statement, model = statements[position], self.model
        traces = list(model.features.trace(statement))
        found: list[Evidence] = []
        for label in self.predict(statements)[position]:
            k = model.themes.index(label.theme)
            share = np.zeros(len(statement.text))
            for trace in traces:
                weight = float(model.weights[trace.column, k]) * trace.value
                size = sum(len(span) for span in trace.spans)
                for span in trace.spans:
                    share[span.start : span.end] += weight / size
            found += _terms(label.theme, statement.text, share * float(model.context[k, 0]))
        return tuple(found)


def _terms(theme: str, text: str, share: NDArray[np.float64]) -> list[Evidence]:
    """Return the stretches whose characters speak for the theme more than the average one does."""
    level = max(float(share.mean()), 0.0)
    found: list[Evidence] = []
    start = None
    for i in range(len(text) + 1):
        strong = i < len(text) and share[i] > level and text[i].isalnum()
        if strong and start is None:
            start = i
        elif not strong and start is not None:
            weight = round(float(share[start:i].sum()), 3)
            found.append(Evidence(theme, Span(start, i), text[start:i], weight))
            start = None
    return sorted(found, key=lambda e: (-e.weight, e.span))[:_MOST_TERMS]


def shipped_folder() -> Path:
    """Return the folder of the model that comes with the package."""
    package = Path(__file__).parents[1]
    inside = package / "_share" / "models"
    return (inside if inside.is_dir() else package.parent / "models") / _SHIPPED


@cache
def theme_classifier() -> ThemeClassifier:
    """Return the classifier that comes with the package, loaded once per process."""
    return ThemeClassifier.load(shipped_folder())
