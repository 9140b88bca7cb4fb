"""Which statements to label next: those the model is unsure of, and unlike each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mining.themes.classify import ThemeClassifier
from mining.themes.features import Statement

__all__ = ["choose_statements"]

# Candidates for each statement asked for; more than this few are as unsure.
_CANDIDATES = 8
# Near the threshold, as far as that a statement still counts as half unsure.
_WIDTH = 0.15


def choose_statements(
    classifier: ThemeClassifier, statements: Sequence[Statement], n: int
) -> list[int]:
    """Return the positions of `n` statements, the most telling to label first.

    A statement counts by how near its probabilities are to the thresholds, less what it shares with
    those chosen already. What is neither problem nor improvement is left out.
    """
    probabilities = classifier.predict_proba(statements)
    near = np.exp2(-np.abs(probabilities - classifier.model.thresholds) / _WIDTH)
    # Sure noes are many and small; the two nearest themes tell how unsure the model is.
    unsure = np.sort(near, axis=1)[:, -2:].sum(axis=1)
    order = [int(i) for i in np.argsort(-unsure, kind="stable") if statements[i].kind != "neither"][
        : n * _CANDIDATES
    ]
    grams = {i: _bigrams(statements[i].text) for i in order}
    likeness = dict.fromkeys(order, 0.0)
    chosen: list[int] = []
    while likeness and len(chosen) < n:
        best = max(likeness, key=lambda i: unsure[i] * (1.0 - likeness[i]))
        if likeness.pop(best) >= 1.0:
            continue  # word for word as one chosen already
        chosen.append(best)
        for i, most in likeness.items():
            shared = len(grams[i] & grams[best]) / max(len(grams[i] | grams[best]), 1)
            likeness[i] = max(most, shared)
    return chosen


def _bigrams(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(max(len(text) - 1, 1))}
