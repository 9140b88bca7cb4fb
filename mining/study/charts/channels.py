"""Chart of the ways in which items are published, over years."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from mining.study.charts.style import (
    COLOURS,
    WIDTHS,
    Width,
    chart_style,
    new_figure,
    note,
    say_nothing,
)
from mining.study.charts.themes import Drawn
from mining.study.charts.years import prepare_years, put_line, year_notes
from mining.study.labels import Lang, chart_text
from mining.study.panel.variables import variable_label

__all__ = ["draw_channels"]

_COLUMNS = {"page": 3, "column": 2}
_PANEL_CM = 3.0


def draw_channels(channels: pd.DataFrame, *, lang: Lang = "zh", width: Width = "page") -> Drawn:
    """Draw the mean number of items by way of publishing, each with a scale of its own.

    The last one is the share of new media.

    Parameters
    ----------
    channels
        Of `mining.study.outcomes.channel_table`.
    """
    measures = list(dict.fromkeys(channels["measure"]))
    columns = _COLUMNS[width]
    n_rows = max(math.ceil(len(measures) / columns), 1)
    with chart_style():
        figure = new_figure(width, n_rows * _PANEL_CM + 1.4)
        if not measures:
            say_nothing(figure.subplots(), chart_text("nothing", lang))
            return figure, channels
        panels = figure.subplots(n_rows, columns, squeeze=False)
        wide = WIDTHS[width] * 2.54 / columns - 1.2
        for axes, name in zip(panels.flat, measures, strict=False):
            prepare_years(axes, channels["year"], wide)
            _draw_one(axes, channels[channels["measure"] == name])
            axes.set_title(variable_label(name, lang))
        for axes in panels.flat[len(measures) :]:
            axes.set_axis_off()
        figure.supylabel(chart_text("channel_mean", lang), fontsize=7.5)
        told = [*year_notes(channels, lang), chart_text("channel_note", lang)]
        note(figure, *told, joiner=chart_text("joiner", lang))
    return figure, channels


def _draw_one(axes: Axes, rows: pd.DataFrame) -> None:
    is_share = rows["measure"].iloc[0].endswith("_share")
    put_line(axes, rows, colour=COLOURS[0], mark="o", scale=100 if is_share else 1)
    # All at 0 would otherwise have a scale of fractions around it.
    axes.set_ylim(0, max(axes.get_ylim()[1], 1))
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.grid(axis="y")
