"""Charts of copied text: how shares are distributed over reports, and how they change."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from mining.study.charts.fonts import drawable
from mining.study.charts.style import (
    COLOURS,
    GREY,
    Width,
    chart_style,
    new_figure,
    note,
    say_nothing,
)
from mining.study.labels import Lang, chart_text

__all__ = ["draw_distribution", "draw_shares_by_year"]

_BINS = 20
_HEIGHT_CM = 5.2
_ROW_CM = 3.6
_MARKS = ("o", "s", "^", "D")


def draw_distribution(
    shares: pd.DataFrame, measures: Sequence[str], *, lang: Lang = "zh", width: Width = "page"
) -> tuple[Figure, pd.DataFrame]:
    """Draw how many reports have how large a share, a histogram for each measure.

    Parameters
    ----------
    shares
        A row for each report, a column for each measure; missing where there is none.
    measures
        The columns to draw.
    """
    rows = pd.concat([_bins(shares[name].dropna(), name) for name in measures])
    beside = width == "page"
    with chart_style():
        height = _HEIGHT_CM if beside else _ROW_CM * len(measures) + 1
        figure = new_figure(width, height)
        shape = (1, len(measures)) if beside else (len(measures), 1)
        panels = figure.subplots(*shape, sharex=True, sharey=True, squeeze=False)
        for axes, name in zip(panels.flat, measures, strict=True):
            _draw_bins(axes, rows[rows["measure"] == name], lang)
            median = shares[name].median()
            _mark_median(axes, float(median), lang)
            n = int(shares[name].count())
            axes.set_title(f"{chart_text(name, lang)}  {chart_text('n', lang, n=f'{n:,}')}")
        figure.supxlabel(chart_text("reuse_share", lang), fontsize=7.5)
        figure.supylabel(chart_text("reuse_reports", lang), fontsize=7.5)
    return figure, rows


def _bins(shares: pd.Series, name: str) -> pd.DataFrame:
    edges = np.linspace(0, 1, _BINS + 1)
    counts = np.histogram(shares.to_numpy(dtype=float), edges)[0]
    part = counts / counts.sum() if counts.sum() else np.full(_BINS, np.nan)
    columns = {"low": edges[:-1].round(2), "high": edges[1:].round(2)}
    return pd.DataFrame({"measure": name, **columns, "reports": counts, "share": part})


def _draw_bins(axes: Axes, rows: pd.DataFrame, lang: Lang) -> None:
    if rows["share"].isna().all():
        say_nothing(axes, chart_text("nothing", lang))
        return
    axes.bar(
        rows["low"] * 100,
        rows["share"] * 100,
        width=100 / _BINS,
        align="edge",
        color=COLOURS[5],
        edgecolor="white",
        linewidth=0.4,
    )
    axes.set_xlim(0, 100)
    axes.margins(y=0.16)  # room for the median's label
    axes.grid(axis="y")


def _mark_median(axes: Axes, median: float, lang: Lang) -> None:
    if np.isnan(median):
        return
    axes.axvline(median * 100, color=COLOURS[1], lw=1, ls="--")
    is_left = median < 0.5
    axes.annotate(
        drawable(chart_text("reuse_median", lang, value=f"{median * 100:.0f}")),
        (median * 100, 1),
        xycoords=("data", "axes fraction"),
        xytext=(3 if is_left else -3, -2),
        textcoords="offset points",
        ha="left" if is_left else "right",
        va="top",
        color=COLOURS[1],
    )


def draw_shares_by_year(
    years: pd.DataFrame,
    measures: Sequence[str],
    *,
    lang: Lang = "zh",
    width: Width = "page",
) -> tuple[Figure, pd.DataFrame]:
    """Draw the shares of all characters of each year, a line with intervals for each measure."""
    rows = years[years["share"].notna()]
    with chart_style():
        figure = new_figure(width, 6.5)
        axes = figure.subplots()
        if rows.empty:
            say_nothing(axes, chart_text("nothing", lang))
            return figure, rows
        span = np.arange(rows["year"].min(), rows["year"].max() + 1)
        for i, name in enumerate(measures):
            # A year without reports is a gap, never a line drawn through it.
            line = rows[rows["measure"] == name].set_index("year").reindex(span)
            x = span + (i - 1) * 0.06
            label = drawable(chart_text(name, lang))
            axes.plot(x, line["share"] * 100, marker=_MARKS[i], color=COLOURS[i], label=label)
            axes.vlines(x, line["low"] * 100, line["high"] * 100, color=COLOURS[i])
        axes.set_xlim(span[0] - 0.5, span[-1] + 0.5)
        axes.xaxis.set_major_locator(MaxNLocator(min(len(span), 12), integer=True))
        axes.set_ylim(0, 100)
        axes.set_xlabel(chart_text("year", lang))
        axes.set_ylabel(chart_text("reuse_share", lang))
        axes.grid(axis="y")
        axes.tick_params(color=GREY)
        figure.legend(loc="outside upper left", ncols=3 if width == "page" else 1)
        note(figure, chart_text("bar_upright", lang))
    return figure, rows
