"""A table of shares as a heat map with the numbers in it."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from mining.study.charts.fonts import drawable
from mining.study.charts.style import GREY, SHADES, Width, new_figure, say_nothing
from mining.study.labels import Lang, chart_text

__all__ = ["draw_heatmap"]

_ROW_CM = 0.46
# A number of two digits at 7 points is this wide.
_NUMBER_CM = 0.45
_LABEL_CM: dict[Width, float] = {"column": 2.6, "page": 3.6}
_CM_WIDE: dict[Width, float] = {"column": 8.9, "page": 18.3}
# White letters on a shade this dark, black ones on lighter shades.
_DARK = 0.55


def draw_heatmap(
    shares: pd.DataFrame,
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    title: str,
    lang: Lang,
    width: Width,
    axes_labels: tuple[str, str] = ("", ""),
) -> Figure:
    """Draw shares as shades, in percent; the number is written where it fits.

    Parameters
    ----------
    shares
        One row and column for each label; nan where there is nothing to say, drawn as a dot.
    rows, columns
        The labels.
    title
        What the shares are of, written at the colour bar.
    axes_labels
        What columns and rows are.
    """
    percent = shares.to_numpy(dtype=float) * 100
    figure = new_figure(width, max(len(rows), 1) * _ROW_CM + 4.2)
    axes = figure.subplots()
    if percent.size == 0:
        say_nothing(axes, chart_text("nothing", lang))
        return figure
    top = max(float(np.nanmax(percent)), 1.0) if np.isfinite(percent).any() else 1.0
    picture = axes.imshow(percent, cmap=SHADES, vmin=0, vmax=top, aspect="auto")
    axes.set_xticks(range(len(columns)), [drawable(c) for c in columns], rotation=90)
    axes.set_yticks(range(len(rows)), [drawable(r) for r in rows])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.xaxis.tick_top()
    axes.set_xlabel(axes_labels[0])
    axes.xaxis.set_label_position("top")
    axes.set_ylabel(axes_labels[1])
    if (_CM_WIDE[width] - _LABEL_CM[width]) / len(columns) >= _NUMBER_CM:
        _write_numbers(axes, percent, top)
    bar = figure.colorbar(picture, ax=axes, location="bottom", fraction=0.04, aspect=40, pad=0.01)
    bar.set_label(title, fontsize=7)
    bar.outline.set_visible(False)  # type: ignore[operator]
    bar.ax.tick_params(color=GREY)
    return figure


def _write_numbers(axes: Axes, percent: NDArray[np.float64], top: float) -> None:
    shades = mpl.colormaps[SHADES]
    for (row, column), value in np.ndenumerate(percent):
        if np.isnan(value):
            axes.text(column, row, "·", ha="center", va="center", color=GREY)
            continue
        red, green, blue, _ = shades(value / top)
        light = 0.299 * red + 0.587 * green + 0.114 * blue
        colour = "white" if light < _DARK else "black"
        axes.text(column, row, f"{value:.0f}", ha="center", va="center", color=colour)
