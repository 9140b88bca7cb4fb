"""Lines over years: gaps where nothing is told, breaks where the form of reports changed."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from mining.study.charts.style import GREY, count_note
from mining.study.labels import Lang, chart_text

__all__ = ["break_note", "prepare_years", "put_line", "reports_note", "year_notes"]

# The first years of forms 2019 and 2021.
_BREAKS = (2019, 2021)
_LABEL_CM = 0.75
_LEAST_YEARS = 3


def prepare_years(axes: Axes, years: pd.Series, width_cm: float) -> None:
    """Set the axis of years and mark where the form changed, if it changed between them.

    Parameters
    ----------
    axes
        The chart.
    years
        The years that are drawn.
    width_cm
        About how wide the chart is, for the number of labels.
    """
    first, last = int(years.min()), int(years.max())
    for start in _breaks(years):
        axes.axvline(start - 0.5, color=GREY, lw=0.7, ls=(0, (4, 3)), zorder=0)
    # One year alone would have a bar as wide as the chart.
    margin = max(0.6, (_LEAST_YEARS - (last - first)) / 2)
    axes.set_xlim(first - margin, last + margin)
    most = max(2, int(width_cm / _LABEL_CM))
    if last - first < most:
        axes.set_xticks(range(first, last + 1))
    else:
        axes.xaxis.set_major_locator(MaxNLocator(most - 1, integer=True))
    axes.tick_params(color=GREY)


def _breaks(years: pd.Series) -> list[int]:
    return [start for start in _BREAKS if years.min() < start <= years.max()]


def put_line(
    axes: Axes, rows: pd.DataFrame, *, colour: str, mark: str, shift: float = 0, scale: float = 1
) -> Line2D:
    """Draw the values of `rows` by year with their intervals, and return the line.

    The line ends at a year without reports and where form 2014 gave way to the statutory table,
    which counts other things. A value without an interval is hollow.
    """
    years = np.arange(rows["year"].min(), rows["year"].max() + 1)
    # A row of nothing between the years is a gap in the line.
    places = np.sort(np.append(years.astype(float), _BREAKS[0] - 0.5))
    line = rows.set_index("year")[["share", "low", "high"]].reindex(places) * scale
    x = places + shift
    axes.vlines(x, line["low"], line["high"], color=colour, lw=0.9)
    (drawn,) = axes.plot(x, line["share"], marker=mark, color=colour, clip_on=False)
    is_lone = (line["low"].isna() & line["share"].notna()).to_numpy()
    if is_lone.any():
        (lone,) = axes.plot(x[is_lone], line["share"][is_lone], mark, color=colour)
        lone.set(markerfacecolor="white", clip_on=False)
    return drawn


def year_notes(rows: pd.DataFrame, lang: Lang) -> list[str]:
    """Return what is to be told below a chart over years.

    Parameters
    ----------
    rows
        ``year, low, reports`` of all that is drawn.
    """
    told = [reports_note(rows, lang)]
    if rows["low"].notna().any():
        told.append(chart_text("upright", lang))
    if rows["low"].isna().any():
        told.append(chart_text("lone", lang))
    return told + break_note(rows["year"], lang)


def break_note(years: pd.Series, lang: Lang) -> list[str]:
    """Return what the dashed lines are, if there are any."""
    return [chart_text("breaks", lang)] if _breaks(years) else []


def reports_note(rows: pd.DataFrame, lang: Lang) -> str:
    """Return how many reports a year's values are from."""
    counts = rows.groupby("year")["reports"].max()
    low, high = int(counts.min()), int(counts.max())
    if len(counts) == 1:
        return count_note(low, lang)
    return chart_text("from_same" if low == high else "from_n", lang, low=low, high=high)
