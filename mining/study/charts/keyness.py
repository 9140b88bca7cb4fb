"""Chart of the words that set groups apart: log ratios in both directions."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mining.study.charts.fonts import drawable
from mining.study.charts.style import (
    COLOURS,
    GREY,
    Width,
    chart_style,
    new_figure,
    note,
    say_nothing,
    shorten,
)
from mining.study.charts.themes import Drawn
from mining.study.kinds import kind_label
from mining.study.labels import Lang, chart_text, group_label

__all__ = ["draw_keyness"]

_COLUMNS = {"page": 3, "column": 2}
_MOST_GROUPS = 6
# Words of each direction: of two groups one is enough, as the other is its mirror.
_WORDS, _WORDS_OF_TWO = 7, 12
_SURE = 0.05
_ROW_CM = 0.36
# For one chart alone, and for several side by side.
_LABEL_CM = (3.4, 2.0)
_TITLE_CM = 3.4


def draw_keyness(keyness: pd.DataFrame, *, lang: Lang = "zh", width: Width = "page") -> Drawn:
    """Draw the surest words of each group that it has more often, and less often, than the rest.

    Of two groups the first is drawn, as the other is its mirror; of many, the six largest.

    Parameters
    ----------
    keyness
        Of `mining.study.keywords.keyness`: groups of one document variable.
    """
    groups = _groups(keyness)
    is_pair = keyness["group"].nunique() == 2
    most = _WORDS_OF_TWO if is_pair else _WORDS
    parts = {group: _surest(keyness[keyness["group"] == group], most) for group in groups}
    rows = pd.concat(parts.values(), ignore_index=True) if parts else keyness.iloc[:0]
    columns = max(min(_COLUMNS[width], len(groups)), 1)
    n_rows = max(math.ceil(len(groups) / columns), 1)
    tallest = max([len(part) for part in parts.values()] + [4])
    with chart_style():
        figure = new_figure(width, n_rows * (tallest * _ROW_CM + 0.9) + 1.6)
        if rows.empty:
            say_nothing(figure.subplots(), chart_text("keyness_nothing", lang))
            return figure, rows
        panels = figure.subplots(n_rows, columns, squeeze=False, sharex=True)
        reach = float(np.abs(rows[["low", "high"]].to_numpy()).max()) * 1.05
        for axes, (group, part) in zip(panels.flat, parts.items(), strict=False):
            _draw_words(axes, part, reach, lang, most=_LABEL_CM[len(groups) > 1])
            axes.set_title(shorten(_group_name(part, group, lang), _TITLE_CM))
        for axes in panels.flat[len(parts) :]:
            axes.set_axis_off()
        for axes in panels.flat[: len(parts)][-columns:]:
            axes.tick_params(labelbottom=True)
            axes.set_xlabel(chart_text("log_ratio", lang))
        note(figure, *_notes(keyness, len(groups), lang), joiner=chart_text("joiner", lang))
    return figure, rows


def _groups(keyness: pd.DataFrame) -> list[str]:
    sizes = keyness.groupby("group")["n"].sum().sort_values(ascending=False, kind="stable")
    if len(sizes) == 2:
        return [str(min(sizes.index))]
    return sorted(str(group) for group in sizes.index[:_MOST_GROUPS])


def _surest(rows: pd.DataFrame, most: int) -> pd.DataFrame:
    """Return the surest words of each direction, the largest ratio first."""
    sure = rows[rows["p_adjusted"] < _SURE].sort_values(["g2", "term"], ascending=[False, True])
    sides = (sure[sure["log_ratio"] > 0][:most], sure[sure["log_ratio"] < 0][:most])
    return pd.concat(sides).sort_values(["log_ratio", "term"], ascending=[False, True])


def _group_name(part: pd.DataFrame, group: str, lang: Lang) -> str:
    is_kind = len(part) > 0 and part["by"].iloc[0] == "kind"
    return kind_label(group, lang) if is_kind else group_label(group, lang)


def _draw_words(axes: Axes, rows: pd.DataFrame, reach: float, lang: Lang, *, most: float) -> None:
    axes.set_xlim(-reach, reach)
    if rows.empty:
        axes.set_yticks([])
        axes.text(0, 0, drawable(chart_text("keyness_nothing", lang)), ha="center", color=GREY)
        axes.set_ylim(1, -1)
        return
    y = np.arange(len(rows), dtype=float)
    is_over = (rows["log_ratio"] > 0).to_numpy()
    colours = np.where(is_over, COLOURS[0], COLOURS[4])
    axes.barh(y, rows["log_ratio"], color=colours, height=0.72)
    axes.hlines(y, rows["low"], rows["high"], color="black", lw=0.7)
    axes.axvline(0, color=GREY, lw=0.6)
    axes.set_yticks(y, [shorten(str(term), most) for term in rows["term"]])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")


def _notes(keyness: pd.DataFrame, shown: int, lang: Lang) -> list[str]:
    told = [chart_text(key, lang) for key in ("keyness_sides", "keyness_p", "bar")]
    total = keyness["group"].nunique()
    if total > max(shown, 2):
        told.append(chart_text("cut_words", lang, shown=shown, total=total))
    return told
