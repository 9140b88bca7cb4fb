"""Scores of predicted themes against labels: F1, hard negatives and calibration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mining.tally import Tally

__all__ = ["ThemesScore", "calibration_error", "label_matrix", "render_themes", "score_themes"]

_BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemesScore:
    """How predicted themes compare with labels.

    Parameters
    ----------
    themes
        Counts by theme.
    n_statements, n_exact, n_primary
        Statements, those with exactly the labelled themes, and those of a label whose first
        predicted theme is the primary one.
    n_primary_of
        Statements with a label.
    n_hard, n_resisted, n_clean
        Statements whose theme words are mere setting; those told none of these themes; and those
        told no wrong theme at all.
    calibration
        Expected calibration error over all statements and themes, and over the themes told.
    """

    themes: Mapping[str, Tally]
    n_statements: int
    n_exact: int
    n_primary: int
    n_primary_of: int
    n_hard: int = 0
    n_resisted: int = 0
    n_clean: int = 0
    calibration: tuple[float, float] = (0.0, 0.0)

    @property
    def total(self) -> Tally:
        """The counts of all themes together; its F1 is the micro average."""
        return sum(self.themes.values(), Tally())

    @property
    def macro(self) -> float:
        """Mean F1 of the themes that have a label."""
        return float(np.mean([t.f1 for t in self.themes.values() if t.gold] or [1.0]))

    @property
    def resisted(self) -> float:
        """Share of the hard statements that are told none of the themes of their bait words."""
        return self.n_resisted / self.n_hard if self.n_hard else 1.0

    def summary(self) -> dict[str, Any]:
        """Return the scores as plain data, rounded."""
        return {
            "statements": self.n_statements,
            "micro_f1": round(self.total.f1, 4),
            "macro_f1": round(self.macro, 4),
            "exact": round(self.n_exact / max(self.n_statements, 1), 4),
            "primary": round(self.n_primary / max(self.n_primary_of, 1), 4),
            "hard": self.n_hard,
            "hard_resisted": round(self.resisted, 4),
            "hard_without_fault": round(self.n_clean / self.n_hard if self.n_hard else 1.0, 4),
            "calibration_error": round(self.calibration[0], 4),
            "calibration_error_told": round(self.calibration[1], 4),
            "themes": {
                name: [t.gold, t.found, t.right, round(t.f1, 4)] for name, t in self.themes.items()
            },
        }


def label_matrix(labels: Sequence[Sequence[str]], themes: Sequence[str]) -> NDArray[np.int8]:
    """Return 1 where a statement has a theme; one row for each statement."""
    positions = {name: k for k, name in enumerate(themes)}
    matrix = np.zeros((len(labels), len(themes)), np.int8)
    for i, names in enumerate(labels):
        matrix[i, [positions[name] for name in names]] = 1
    return matrix


def score_themes(
    gold: Sequence[Sequence[str]],
    found: Sequence[Sequence[str]],
    probabilities: NDArray[np.float64],
    *,
    themes: Sequence[str],
    traps: Sequence[frozenset[str] | None] = (),
) -> ThemesScore:
    """Score predicted themes, the primary one first on both sides.

    Parameters
    ----------
    traps
        For a hard statement the themes whose words are there as mere setting, else ``None``.
    """
    truth, told = label_matrix(gold, themes) == 1, label_matrix(found, themes) == 1
    tallies = {
        name: Tally(int(truth[:, k].sum()), int(told[:, k].sum()), int((truth & told)[:, k].sum()))
        for k, name in enumerate(themes)
    }
    hard = [(i, trap) for i, trap in enumerate(traps) if trap is not None]
    return ThemesScore(
        themes=tallies,
        n_statements=len(gold),
        n_exact=int((truth == told).all(axis=1).sum()),
        n_primary=sum(
            bool(g) and tuple(g[:1]) == tuple(f[:1]) for g, f in zip(gold, found, strict=True)
        ),
        n_primary_of=sum(bool(g) for g in gold),
        n_hard=len(hard),
        n_resisted=sum(trap.isdisjoint(found[i]) for i, trap in hard),
        n_clean=sum(set(found[i]) <= set(gold[i]) for i, _ in hard),
        calibration=(
            calibration_error(probabilities.ravel(), truth.ravel()),
            calibration_error(probabilities[told], truth[told]),
        ),
    )


def calibration_error(probabilities: NDArray[np.float64], truth: NDArray[np.bool_]) -> float:
    """Return the expected calibration error: how far shares are from probabilities, ten bins."""
    bins = np.minimum((probabilities * _BINS).astype(int), _BINS - 1)
    error = 0.0
    for b in range(_BINS):
        inside = bins == b
        if inside.any():
            error += inside.mean() * abs(truth[inside].mean() - probabilities[inside].mean())
    return float(error)


def render_themes(score: ThemesScore) -> str:
    """Return the score as lines of counts, for people."""
    told = score.summary()
    lines = ["theme\tgold\tfound\tright\tF1"]
    lines += [f"{n}\t{t.gold}\t{t.found}\t{t.right}\t{t.f1:.3f}" for n, t in score.themes.items()]
    total = score.total
    lines.append(f"all (micro)\t{total.gold}\t{total.found}\t{total.right}\t{total.f1:.3f}")
    lines.append(f"all (macro)\t\t\t\t{score.macro:.3f}")
    lines.append(f"statements\t{score.n_statements}\t\t{score.n_exact}\t{told['exact']:.3f}")
    lines.append(f"primary\t{score.n_primary_of}\t\t{score.n_primary}\t{told['primary']:.3f}")
    lines.append(f"hard\t{score.n_hard}\t\t{score.n_resisted}\t{score.resisted:.3f}")
    lines.append(
        f"hard, no wrong theme\t{score.n_hard}\t\t{score.n_clean}\t{told['hard_without_fault']:.3f}"
    )
    lines.append(f"calibration error\t\t\t\t{score.calibration[0]:.3f}")
    lines.append(f"calibration error, told\t\t\t\t{score.calibration[1]:.3f}")
    return "\n".join(lines)
