"""Charts of themes: by year, by group, what comes back, what answers what.

Each function takes a table of `mining.study.themes` and returns the figure with the rows that it
draws.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from mining.study.charts.dots import name_rows, put_dots
from mining.study.charts.fonts import drawable
from mining.study.charts.heatmap import draw_heatmap
from mining.study.charts.style import (
    COLOURS,
    GREY,
    Width,
    chart_style,
    new_figure,
    note,
    say_nothing,
)
from mining.study.frames import UNKNOWN
from mining.study.kinds import kind_label
from mining.study.labels import Lang, chart_text, group_label, state_label, theme_label
from mining.study.themes import ALL, STATES

__all__ = ["Drawn", "draw_by_group", "draw_by_year", "draw_recurrence", "draw_remedies", "in_order"]

Drawn = tuple[Figure, pd.DataFrame]

_MOST_GROUPS = 30
_LEVELS = ("national", "province", "prefecture", "county", "township")
_COLUMNS: dict[Width, int] = {"column": 3, "page": 5}
_PANEL_CM = 2.35
# The label of the shares fits beside a chart this high.
_LEAST_CM = 6.5
_ROW_CM = 0.42
_OFFSETS = dict(zip(STATES, (-0.24, 0.0, 0.24), strict=True))
_MARKS = dict(zip(STATES, ("o", "s", "^"), strict=True))


def draw_by_year(prevalence: pd.DataFrame, *, lang: Lang = "zh", width: Width = "page") -> Drawn:
    """Draw the share of reports that name a problem of each theme, a small chart per theme.

    With one year only, dots with intervals stand in one chart.
    """
    rows = _named(prevalence, "year")
    rows = rows[rows["group"] != UNKNOWN].assign(year=lambda r: r["group"].astype(int))
    themes = _by_size(rows)
    rows = rows[rows["theme"].isin(themes)]
    if rows["year"].nunique() < 2:
        return _draw_one_year(rows, themes, lang=lang, width=width)
    columns = min(_COLUMNS[width], len(themes))
    n_rows = math.ceil(len(themes) / columns)
    with chart_style():
        figure = new_figure(width, max(n_rows * _PANEL_CM + 1.4, _LEAST_CM))
        panels = figure.subplots(n_rows, columns, sharex=True, sharey=True, squeeze=False)
        top = _top_percent(rows)
        for axes, theme in zip(panels.flat, themes, strict=False):
            _draw_years(axes, rows[rows["theme"] == theme], top)
            axes.set_title(drawable(theme_label(theme, lang)))
        for axes in panels.flat[len(themes) :]:
            axes.set_axis_off()
        for axes in panels.flat[: len(themes)][-columns:]:
            axes.tick_params(labelbottom=True)
        figure.supylabel(chart_text("share_reports", lang), fontsize=7.5)
        note(figure, chart_text("band", lang))
    return figure, rows.drop(columns="year")


def _draw_years(axes: Axes, rows: pd.DataFrame, top: float) -> None:
    # A year without reports is a gap, never a line drawn through it.
    years = np.arange(rows["year"].min(), rows["year"].max() + 1)
    line = rows.set_index("year").reindex(years)
    axes.fill_between(
        years, line["low"] * 100, line["high"] * 100, color=COLOURS[5], alpha=0.45, lw=0
    )
    # A band needs two years; a year that stands alone has a line.
    told = line["share"].notna()
    alone = line[told & ~told.shift(1, fill_value=False) & ~told.shift(-1, fill_value=False)]
    axes.vlines(alone.index, alone["low"] * 100, alone["high"] * 100, color=COLOURS[5])
    axes.plot(years, line["share"] * 100, color=COLOURS[0], marker="o", markersize=2)
    axes.set_ylim(0, top)
    axes.set_xlim(years[0] - 0.5, years[-1] + 0.5)
    axes.set_xticks(_year_ticks(years))
    axes.yaxis.set_major_locator(MaxNLocator(3, integer=True))
    axes.grid(axis="y")


def _year_ticks(years: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the first, middle and last year: three labels fit below a small chart."""
    return np.unique(years[[0, len(years) // 2, -1]])


def _draw_one_year(rows: pd.DataFrame, themes: Sequence[str], *, lang: Lang, width: Width) -> Drawn:
    with chart_style():
        figure = new_figure(width, max(len(themes), 1) * _ROW_CM + 2)
        axes = figure.subplots()
        if not themes:
            say_nothing(axes, chart_text("nothing", lang))
            return figure, rows.drop(columns="year")
        line = rows.set_index("theme").loc[list(themes)]
        put_dots(axes, np.arange(len(themes), dtype=float), line, colour=COLOURS[0], mark="o")
        name_rows(axes, [theme_label(theme, lang) for theme in themes])
        axes.set_xlim(0, _top_percent(rows))
        axes.set_xlabel(chart_text("share_reports", lang))
        year, n = line["group"].iloc[0], line["n"].iloc[0]
        axes.set_title(f"{year}  {chart_text('n', lang, n=n)}", loc="left")
        note(figure, chart_text("bar", lang))
    return figure, rows.drop(columns="year")


def draw_by_group(
    prevalence: pd.DataFrame, by: str, *, lang: Lang = "zh", width: Width = "page"
) -> Drawn:
    """Draw the share of reports that name each theme as a heat map, a row per group.

    Of many groups, the 30 with most reports are drawn.
    """
    rows = _named(prevalence, by)
    themes = _by_size(rows)
    sizes = rows.drop_duplicates("group").sort_values(["n", "group"], ascending=[False, True])
    groups = in_order(by, list(sizes["group"][:_MOST_GROUPS]))
    rows = rows[rows["theme"].isin(themes) & rows["group"].isin(groups)]
    counts = sizes.set_index("group")["n"]
    label = kind_label if by == "kind" else group_label
    with chart_style():
        figure = draw_heatmap(
            rows.pivot_table(index="group", columns="theme", values="share", sort=False).reindex(
                index=groups, columns=themes
            ),
            rows=[label(g, lang) for g in groups],
            counts=[counts[g] for g in groups],
            columns=[theme_label(t, lang) for t in themes],
            title=chart_text("share_reports", lang),
            lang=lang,
            width=width,
        )
        told = [chart_text("n_reports", lang)] if themes else []
        if themes and len(sizes) > len(groups):
            told.append(chart_text("cut", lang, shown=len(groups), total=len(sizes)))
        note(figure, chart_text("joiner", lang).join(told))
    return figure, rows


def in_order(by: str, groups: list[str]) -> list[str]:
    """Return groups from high to low levels, by year or by template; others stay as they are."""
    if by == "level":
        return sorted(groups, key=lambda g: (*_LEVELS, g, UNKNOWN).index(g))
    return sorted(groups) if by in {"year", "template"} else groups


def draw_recurrence(
    recurrence: pd.DataFrame, *, lang: Lang = "zh", width: Width = "column"
) -> Drawn:
    """Draw how often a problem is named again, by what was promised: dots with intervals."""
    rows = recurrence[recurrence["n"] > 0] if len(recurrence) else recurrence
    promised = rows[rows["state"] == "promised"].sort_values(["share", "theme"], ascending=False)
    themes = [t for t in promised["theme"] if t != ALL]
    rows = rows[rows["theme"].isin([*themes, ALL])]
    with chart_style():
        figure = new_figure(width, max(len(themes) + 1, 3) * _ROW_CM * 1.5 + 2.8)
        axes = figure.subplots()
        if not themes:
            say_nothing(axes, chart_text("nothing", lang))
            return figure, rows
        places = {theme: i for i, theme in enumerate([*themes, ALL])}
        for state in (s for s in STATES if s in set(rows["state"])):
            part = rows[rows["state"] == state]
            y = part["theme"].map(places).to_numpy(dtype=float) + _OFFSETS[state]
            colour, mark = COLOURS[STATES.index(state)], _MARKS[state]
            put_dots(axes, y, part, colour=colour, mark=mark, label=state_label(state, lang))
        name_rows(axes, [theme_label(t, lang) for t in themes] + [group_label(ALL, lang)])
        axes.axhline(len(themes) - 0.5, color=GREY, lw=0.6)
        axes.set_xlim(-2, 102)
        axes.set_xlabel(chart_text("share_next", lang))
        figure.legend(loc="outside upper left", ncols=3 if width == "page" else 1)
        note(figure, chart_text("bar", lang))
    return figure, rows


def draw_remedies(remedies: pd.DataFrame, *, lang: Lang = "zh", width: Width = "page") -> Drawn:
    """Draw which themes answer problems of each theme, as a matrix."""
    sizes = remedies.groupby("problem", sort=False)["n"].first()
    problems = list(sizes.sort_values(ascending=False, kind="stable").index)
    drawn = remedies.groupby("remedy", sort=False)["hits"].sum()
    answers = set(drawn[drawn > 0].index)
    columns = [t for t in problems if t in answers] + [
        t for t in drawn.index if t in answers and t not in problems
    ]
    rows = remedies[remedies["remedy"].isin(columns)]
    with chart_style():
        figure = draw_heatmap(
            rows.pivot_table(index="problem", columns="remedy", values="share", sort=False).reindex(
                index=problems, columns=columns
            ),
            rows=[theme_label(t, lang) for t in problems],
            counts=[sizes[t] for t in problems],
            columns=[theme_label(t, lang) for t in columns],
            title=chart_text("share_remedy", lang),
            lang=lang,
            width=width,
            axes_labels=(chart_text("remedy", lang), chart_text("problem", lang)),
        )
        if problems:
            note(figure, chart_text("n_answers", lang))
    return figure, rows


def _named(prevalence: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the shares of reports that name a problem, by theme and group."""
    wanted = (prevalence["by"] == by) & (prevalence["kind"] == "problem")
    return prevalence[wanted & (prevalence["unit"] == "report")]


def _by_size(rows: pd.DataFrame) -> list[str]:
    """Return the themes that occur, the most frequent first."""
    hits = rows.groupby("theme", sort=False)["hits"].sum()
    return list(hits[hits > 0].sort_values(ascending=False, kind="stable").index)


def _top_percent(rows: pd.DataFrame) -> float:
    top = np.nanmax(np.r_[rows["high"].to_numpy(float), rows["share"].to_numpy(float)])
    return min(102.0, float(top) * 105)
