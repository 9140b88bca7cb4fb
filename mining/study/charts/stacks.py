"""Shares that add up to 100 %, stacked by year; numbers in the parts lead to the legend."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from mining.study.charts.style import ink_on

__all__ = ["STACK_COLOURS", "put_stack"]

STACK_COLOURS = (
    *("#0072B2", "#56B4E9", "#D55E00", "#E69F00"),
    *("#009E73", "#F0E442", "#CC79A7", "#BBBBBB"),
)
"""Okabe & Ito (2008) and grey, ordered so that neighbours differ in lightness too."""

_BAR = 0.8
# A number at 7 points is this high, and a digit this wide.
_NUMBER_CM = (0.27, 0.2)


def put_stack(
    axes: Axes, rows: pd.DataFrame, measures: Sequence[str], *, size_cm: tuple[float, float]
) -> list[Artist]:
    """Stack the shares of each year in percent and return what the legend shows.

    Parameters
    ----------
    axes
        The chart, whose years are set.
    rows
        ``year, measure, share``.
    measures
        The parts from the bottom up.
    size_cm
        About how wide and high the chart is: parts that are too small have no number.
    """
    table = rows.pivot_table(index="year", columns="measure", values="share")
    table = table.reindex(columns=list(measures)).fillna(0.0) * 100
    first, last = axes.get_xlim()
    is_wide = size_cm[0] / (last - first) * _BAR >= _NUMBER_CM[1]
    least = 100 * _NUMBER_CM[0] / size_cm[1]
    bottom = pd.Series(0.0, index=table.index)
    bars: list[Artist] = []
    for number, (name, colour) in enumerate(zip(measures, STACK_COLOURS, strict=False), 1):
        part = table[name]
        drawn = axes.bar(table.index, part, _BAR, bottom, color=colour, edgecolor="white", lw=0.4)
        bars.append(drawn.patches[0])
        for year in part.index[(part >= least) & is_wide]:
            middle = bottom[year] + part[year] / 2
            letter = axes.text(year, middle, str(number), fontsize=6.5, color=ink_on(colour))
            letter.set(ha="center", va="center_baseline")
        bottom += part
    axes.set_ylim(0, 100)
    return bars
