"""The card of a theme model: what it was made of, how well it does, what it can't do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from importlib.metadata import version

from mining.tally import Tally
from mining.themes.model import ThemeModel, fingerprint
from mining.themes.themedata import ThemeData
from mining.themes.themescore import ThemesScore

__all__ = ["model_card"]

_TOOLS = ("scikit-learn", "scipy", "numpy", "jieba")
_ROWS = {
    "micro_f1": "micro-F1",
    "macro_f1": "macro-F1",
    "exact": "all themes of a statement right",
    "primary": "first theme right",
    "hard_resisted": "hard negatives: no bait theme told",
    "hard_without_fault": "hard negatives: no wrong theme told",
    "calibration_error": "calibration error, all pairs",
    "calibration_error_told": "calibration error, themes told",
}
_INTENDED = """\
Tells which of the 19 themes a problem or an improvement of an annual report speaks of. Input: the
words of one point, its kind, and which problem it answers. Output: up to three themes, the
likeliest first, each with a calibrated probability, and the words that speak for it.

Two linear stages. The first is a logistic regression for each theme over strings of one to three
characters, made louder by how unevenly they fall on the theme, and cues of the theme lexicon. The
second weighs a point's log-odds against those of the point it is paired with, and calibrates; it is
fitted on log-odds of held-out voices. Thresholds come from the same cross-validation, drawn to a
common one the fewer labels a theme has.
"""
_LIMITS = """\
- Trained on texts written for this project by few hands in the register of annual reports, not on
  published reports: on real ones it may do better (they are more formulaic) or worse.
- The test part is by other voices, but by the same guide; how well two people agree is the ceiling.
- Statements whose labels follow from the business of the agency alone, or from what the section
  said before, are often missed: the model sees a point and its pair, nothing else.
- Likeliest confusions: content_quality with coverage, key_areas with both, mechanism with any theme
  that a mechanism serves.
- Hard negatives count as resisted when none of the themes whose lexicon words (weight 0.5 or more)
  stand in the text without being labelled is told. The stricter row wants no wrong theme at all.
- A pair that the cutter got wrong draws a point towards the wrong themes.
"""


def model_card(model: ThemeModel, *, data: ThemeData, test: Mapping[str, ThemesScore]) -> str:
    """Return the card as Markdown; the same model, data and libraries give the same card."""
    voices = Counter(data.groups)
    tools = ", ".join(f"{tool} {version(tool)}" for tool in _TOOLS)
    voice_list = ", ".join(f"{name} {n}" for name, n in sorted(voices.items()))
    size = f"{len(data.statements)} statements ({voice_list})"
    words = f"`{model.facts['words']}`" if model.facts["words"] else "none"
    facts = [
        f"- model: `{fingerprint(model)}`, {len(model.features)} features",
        f"- training data: {size}, sha256 `{data.fingerprint[:16]}`",
        f"- longer words: {words}; made with {tools}",
    ]
    parts = [
        "# Theme model\n",
        "Written by `scripts/train_themes.py`; do not edit.\n",
        _INTENDED,
        "\n".join(facts) + "\n",
        "## Scores\n",
        _totals(model, test),
        "## By theme\n",
        "Where there is no test part, the columns of counts are those of the cross-validation.\n",
        _themes(model, next(iter(test.values()), None)),
        "## Limits\n",
        _LIMITS,
    ]
    return "\n".join(parts)


def _totals(model: ThemeModel, test: Mapping[str, ThemesScore]) -> str:
    columns = [s.summary() for s in test.values()]
    held = model.facts["cross_validation"]
    lines = [
        "| | cross-validation by voice | " + " | ".join(f"test, {n}" for n in test) + " |",
        "|---|---:|" + "---:|" * len(test),
    ]
    numbers = [held["statements"], *(c["statements"] for c in columns)]
    lines.append("| statements | " + " | ".join(str(n) for n in numbers) + " |")
    for key, title in _ROWS.items():
        cells = [held[key] if key[:4] != "hard" else None, *(c[key] for c in columns)]
        told = (" " if cell is None else f"{cell:.3f}" for cell in cells)
        lines.append(f"| {title} | " + " | ".join(told) + " |")
    return "\n".join(lines) + "\n"


def _themes(model: ThemeModel, score: ThemesScore | None) -> str:
    held = model.facts["cross_validation"]["themes"]
    lines = [
        "| theme | labels | told | right | F1 | F1, cross-validation | threshold |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for k, name in enumerate(model.themes):
        t = score.themes[name] if score else Tally(*held[name][:3])
        row = f"{t.gold} | {t.found} | {t.right} | {t.f1:.3f} | {held[name][3]:.3f}"
        lines.append(f"| {name} | {row} | {float(model.thresholds[k]):.2f} |")
    return "\n".join(lines) + "\n"
