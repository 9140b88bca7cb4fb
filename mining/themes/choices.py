"""Choosing one of several options by the weights of their features: trained on right choices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Choice", "fit_choices"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Choice:
    """Options, each by its features, and the position of the right one."""

    options: Sequence[Sequence[str]]
    right: int


def fit_choices(choices: Sequence[Choice], *, c: float) -> dict[str, float]:
    """Fit a weight for each feature; the smaller `c`, the nearer to zero they are."""
    # Training alone needs these.
    from scipy.optimize import minimize  # noqa: PLC0415
    from sklearn.feature_extraction import DictVectorizer  # noqa: PLC0415

    vectorizer = DictVectorizer()
    rows: Any = vectorizer.fit_transform([dict(Counter(o)) for e in choices for o in e.options])
    sizes = np.array([len(e.options) for e in choices])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    right = starts + np.array([e.right for e in choices])

    def target(weights: Floats) -> tuple[float, Floats]:
        scores = rows @ weights
        top = np.maximum.reduceat(scores, starts)
        shares = np.exp(scores - np.repeat(top, sizes))
        totals = np.add.reduceat(shares, starts)
        shares /= np.repeat(totals, sizes)
        loss = float((np.log(totals) + top - scores[right]).sum())
        shares[right] -= 1.0
        return c * loss + float(weights @ weights) / 2, c * (rows.T @ shares) + weights

    found = minimize(
        target, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 400}
    )
    names = vectorizer.get_feature_names_out()
    return {str(n): float(w) for n, w in zip(names, found.x, strict=True)}
