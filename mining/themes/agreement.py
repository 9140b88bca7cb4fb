"""How well two people who labelled the same statements agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mining.tally import Tally
from mining.themes.themescore import label_matrix

__all__ = ["Agreement", "agree", "cohen_kappa", "krippendorff_alpha", "render_agreement"]

_ROUNDS = 1000
_SEED = 20080501


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Agreement of two labellers.

    Parameters
    ----------
    n
        Statements that both labelled.
    kappas
        Cohen's kappa for each theme; ``None`` where neither used it.
    tallies
        Labels of the first, of the second, and of both, by theme.
    alpha, low, high
        Krippendorff's alpha over all statements and themes, with the bounds of a bootstrap over
        statements that hold 95 of 100 draws.
    """

    n: int
    kappas: dict[str, float | None]
    tallies: dict[str, Tally]
    alpha: float
    low: float
    high: float

    @property
    def f1(self) -> float:
        """F1 of one labeller measured against the other, over all themes."""
        return sum(self.tallies.values(), Tally()).f1


def agree(
    first: Sequence[Sequence[str]], second: Sequence[Sequence[str]], *, themes: Sequence[str]
) -> Agreement:
    """Compare two labellings of the same statements in the same order."""
    a, b = label_matrix(first, themes) == 1, label_matrix(second, themes) == 1
    chance = np.random.default_rng(_SEED)
    n = len(first)
    draws = [
        krippendorff_alpha(a[rows], b[rows])
        for rows in (chance.integers(0, n, n) for _ in range(_ROUNDS if n else 0))
    ]
    low, high = np.quantile(draws, (0.025, 0.975)) if draws else (1.0, 1.0)
    return Agreement(
        n=n,
        kappas={t: cohen_kappa(a[:, k], b[:, k]) for k, t in enumerate(themes)},
        tallies={
            t: Tally(int(a[:, k].sum()), int(b[:, k].sum()), int((a & b)[:, k].sum()))
            for k, t in enumerate(themes)
        },
        alpha=krippendorff_alpha(a, b),
        low=float(low),
        high=float(high),
    )


def cohen_kappa(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> float | None:
    """Return how far two yes-or-no labellings agree beyond chance; ``None`` without any yes.

    Examples
    --------
    >>> cohen_kappa(np.array([True, True, False, False]), np.array([True, False, False, False]))
    0.5
    """
    if not (first.any() or second.any()):
        return None
    p, q = float(first.mean()), float(second.mean())
    chance = p * q + (1 - p) * (1 - q)
    if chance >= 1.0:
        return 1.0
    # Rounded, as no agreement beyond chance would else come out as -0.
    return round((float((first == second).mean()) - chance) / (1 - chance), 12) + 0.0


def krippendorff_alpha(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> float:
    """Return Krippendorff's alpha of two complete nominal labellings, cells taken as units."""
    a, b = first.ravel(), second.ravel()
    values = 2 * a.size
    if values <= 2:
        return 1.0
    yes = int(a.sum()) + int(b.sum())
    expected = 2 * yes * (values - yes) / (values * (values - 1))
    observed = float((a != b).mean())
    return 1.0 - observed / expected if expected else 1.0


def render_agreement(found: Agreement) -> str:
    """Return the agreement as lines, for people."""
    lines = ["theme\tfirst\tsecond\tboth\tkappa"]
    for theme, kappa in found.kappas.items():
        t = found.tallies[theme]
        told = "" if kappa is None else f"{kappa:.3f}"
        lines.append(f"{theme}\t{t.gold}\t{t.found}\t{t.right}\t{told}")
    lines.append(f"n\t{found.n}")
    lines.append(f"F1\t{found.f1:.3f}")
    lines.append(f"alpha\t{found.alpha:.3f}\t[{found.low:.3f}, {found.high:.3f}]")
    return "\n".join(lines)
