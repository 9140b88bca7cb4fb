"""A table of shares as a heat map with the numbers in it."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from mining.study.charts.style import (
    GREY,
    SHADES,
    WIDTHS,
    Width,
    ink_on,
    new_figure,
    say_nothing,
    shorten,
    text_cm,
)
from mining.study.labels import Lang, chart_text

__all__ = ["draw_heatmap"]

_ROW_CM = 0.46
_BAR_CM = 0.22
# Ticks and title of the bar, a note, and what lies between.
_REST_CM = 1.9
# A number of two digits at 7 points is this wide.
_NUMBER_CM = 0.45
# Column labels stand side by side when their columns are this wide.
_LABEL_CM = 0.26
_MOST_CM = 6.0


def draw_heatmap(
    shares: pd.DataFrame,
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    title: str,
    lang: Lang,
    width: Width,
    counts: Sequence[int] = (),
    axes_labels: tuple[str, str] = ("", ""),
    column_cm: float = 3.0,
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
    counts
        How many cases each row is of, written after its label.
    axes_labels
        What columns and rows are.
    column_cm
        How long labels of columns may be.
    """
    percent = shares.to_numpy(dtype=float) * 100
    told = [f" ({n})" for n in counts] or [""] * len(rows)
    wide = WIDTHS[width] * 2.54 - 0.5
    most = min(wide - _LABEL_CM * max(len(columns), 8), _MOST_CM)
    row_names = [shorten(r, most, n) for r, n in zip(rows, told, strict=True)]
    column_names = [shorten(c, column_cm) for c in columns]
    body = max(len(rows), 1) * _ROW_CM
    labels_cm = text_cm(column_names) + 0.5 * bool(axes_labels[0])
    figure = new_figure(width, body + _BAR_CM + labels_cm + _REST_CM)
    if percent.size == 0:
        say_nothing(figure.subplots(), chart_text("nothing", lang))
        return figure
    axes, bar_axes = figure.subplots(2, 1, height_ratios=(body, _BAR_CM))
    top = max(float(np.nanmax(percent)), 1.0) if np.isfinite(percent).any() else 1.0
    picture = axes.imshow(percent, cmap=SHADES, vmin=0, vmax=top, aspect="auto")
    axes.set_xticks(range(len(columns)), column_names, rotation=90)
    axes.set_yticks(range(len(rows)), row_names)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.xaxis.tick_top()
    axes.set_xlabel(axes_labels[0])
    axes.xaxis.set_label_position("top")
    axes.set_ylabel(axes_labels[1])
    if (wide - text_cm(row_names)) / len(columns) >= _NUMBER_CM:
        _write_numbers(axes, percent, top)
    bar = figure.colorbar(picture, cax=bar_axes, orientation="horizontal")
    # Flush right: below long row labels, a title may be wider than the bar.
    bar.set_label(title, fontsize=7, loc="right")
    bar_axes.spines[:].set_visible(False)
    bar_axes.tick_params(color=GREY)
    return figure


def _write_numbers(axes: Axes, percent: NDArray[np.float64], top: float) -> None:
    shades = mpl.colormaps[SHADES]
    for (row, column), value in np.ndenumerate(percent):
        if np.isnan(value):
            axes.text(column, row, "·", ha="center", va="center", color=GREY)
            continue
        colour = ink_on(shades(value / top))
        axes.text(column, row, f"{value:.0f}", ha="center", va="center", color=colour)
