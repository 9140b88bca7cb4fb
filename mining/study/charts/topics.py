"""Charts of topics: their words, how common they are by year and group, how many there should be.

Each function takes tables of `mining.study.topics` and returns the figure with the rows that it
draws.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from mining.study.charts.fonts import drawable
from mining.study.charts.heatmap import draw_heatmap
from mining.study.charts.style import (
    COLOURS,
    GREY,
    WIDTHS,
    Width,
    chart_style,
    new_figure,
    note,
    say_nothing,
    shorten,
)
from mining.study.charts.themes import Drawn, in_order
from mining.study.charts.years import break_note, prepare_years, put_line
from mining.study.frames import UNKNOWN
from mining.study.kinds import kind_label
from mining.study.labels import Lang, chart_text, group_label

__all__ = ["draw_guide", "draw_topic_groups", "draw_topic_words", "draw_topic_years"]

_COLUMNS: dict[Width, int] = {"column": 2, "page": 4}
_WORDS = 8
_WORD_CM = 0.36
_PANEL_CM = 2.5
_MOST_GROUPS: dict[Width, int] = {"column": 16, "page": 30}
_MOST_TICKS = 8
_MEASURES = ("npmi", "stability", "unseen", "score")


def _grid(n: int, width: Width, panel_cm: float, rest_cm: float) -> tuple[Figure, list[Axes]]:
    """Return a figure with at least `n` small charts, those too many switched off."""
    columns = min(_COLUMNS[width], n)
    rows = math.ceil(n / columns)
    figure = new_figure(width, rows * panel_cm + rest_cm)
    panels = list(figure.subplots(rows, columns, squeeze=False).flat)
    for axes in panels[n:]:
        axes.set_axis_off()
    return figure, panels[:n]


def _name(topic: int, labels: Mapping[int, str], lang: Lang, width: Width) -> str:
    # Titles are a little larger than the letters that widths are told for.
    most = WIDTHS[width] * 2.54 / _COLUMNS[width] - 1.35
    told = chart_text("topic", lang, n=topic)
    return shorten(f"{told} {labels.get(topic, '')}".strip(), most)


def draw_topic_words(words: pd.DataFrame, *, lang: Lang = "zh", width: Width = "page") -> Drawn:
    """Draw the most relevant words of each topic, with their shares of its weight as bars."""
    chosen = (words["measure"] == "relevance") & (words["rank"] <= _WORDS)
    rows = words[chosen]
    topics = sorted(set(rows["topic"]))
    with chart_style():
        if not topics:
            figure = new_figure(width, 4)
            say_nothing(figure.subplots(), chart_text("nothing", lang))
            return figure, rows
        figure, panels = _grid(len(topics), width, _WORDS * _WORD_CM + 1.0, 1.0)
        for axes, topic in zip(panels, topics, strict=True):
            part = rows[rows["topic"] == topic]
            axes.barh(part["rank"], part["probability"] * 100, color=COLOURS[5], height=0.7)
            axes.set_yticks(part["rank"], [shorten(term, 1.9) for term in part["term"]])
            axes.set_ylim(_WORDS + 0.6, 0.4)
            axes.tick_params(axis="y", length=0)
            axes.xaxis.set_major_locator(MaxNLocator(3, integer=True))
            axes.set_title(chart_text("topic", lang, n=topic), loc="left")
        joiner = chart_text("joiner", lang)
        note(
            figure, chart_text("word_share", lang), chart_text("by_relevance", lang), joiner=joiner
        )
    return figure, rows


def draw_topic_years(
    prevalence: pd.DataFrame,
    labels: Mapping[int, str],
    *,
    lang: Lang = "zh",
    width: Width = "page",
) -> Drawn:
    """Draw the mean share of each topic by year with its interval, a small chart per topic."""
    named = prevalence[(prevalence["by"] == "year") & (prevalence["group"] != UNKNOWN)]
    rows = named.assign(year=pd.to_numeric(named["group"]).astype(int))
    topics = sorted(set(rows["topic"]))
    with chart_style():
        if not topics:
            figure = new_figure(width, 4)
            say_nothing(figure.subplots(), chart_text("nothing", lang))
            return figure, named
        figure, panels = _grid(len(topics), width, _PANEL_CM, 1.6)
        top = _top(rows)
        wide = WIDTHS[width] * 2.54 / min(_COLUMNS[width], len(topics)) - 0.9
        for axes, topic in zip(panels, topics, strict=True):
            prepare_years(axes, rows["year"], wide)
            part = rows[rows["topic"] == topic]
            put_line(axes, part, colour=COLOURS[0], mark="o", scale=100)
            axes.set_ylim(0, top)
            axes.yaxis.set_major_locator(MaxNLocator(3))
            axes.grid(axis="y")
            axes.set_title(_name(topic, labels, lang, width), loc="left")
        figure.supylabel(chart_text("topic_share", lang), fontsize=7.5)
        told = (chart_text("upright", lang), *break_note(rows["year"], lang))
        note(figure, *told, joiner=chart_text("joiner", lang))
    return figure, named


def _top(rows: pd.DataFrame) -> float:
    highest = np.nanmax(np.r_[rows["high"].to_numpy(float), rows["share"].to_numpy(float)])
    return max(float(highest) * 108, 1.0)


def draw_topic_groups(
    prevalence: pd.DataFrame,
    by: str,
    labels: Mapping[int, str],
    *,
    lang: Lang = "zh",
    width: Width = "page",
) -> Drawn:
    """Draw the mean shares as a heat map, a row per topic and a column per group.

    Of many groups, those with most documents are drawn: 30 on a page, 16 in a column.
    """
    rows = prevalence[prevalence["by"] == by]
    sizes = rows.groupby("group")["documents"].max()
    largest = sizes.sort_values(ascending=False, kind="stable").index[: _MOST_GROUPS[width]]
    groups = in_order(by, list(largest))
    rows = rows[rows["group"].isin(groups)]
    topics = sorted(set(rows["topic"]))
    name = kind_label if by == "kind" else group_label
    with chart_style():
        figure = draw_heatmap(
            rows.pivot_table(index="topic", columns="group", values="share").reindex(
                index=topics, columns=groups
            ),
            rows=[_name(topic, labels, lang, width) for topic in topics],
            columns=[name(group, lang) for group in groups],
            title=chart_text("topic_share", lang),
            lang=lang,
            width=width,
        )
        if len(sizes) > len(groups):
            note(figure, chart_text("cut_documents", lang, shown=len(groups), total=len(sizes)))
    return figure, rows


def draw_guide(guide: pd.DataFrame, *, lang: Lang = "zh", width: Width = "page") -> Drawn:
    """Draw coherence, stability, fit and score for each number of topics; one is recommended."""
    with chart_style():
        figure, panels = _grid(len(_MEASURES), width, 3.6, 1.5)
        best = guide.loc[guide["recommended"], "k"]
        for axes, measure in zip(panels, _MEASURES, strict=True):
            axes.plot(guide["k"], guide[measure], marker="o", color=COLOURS[0], clip_on=False)
            axes.axvline(int(best.iloc[0]), color=GREY, lw=0.7, ls=(0, (4, 3)), zorder=0)
            axes.set_title(drawable(chart_text(f"guide_{measure}", lang)), loc="left")
            numbers = guide["k"].tolist()
            axes.set_xticks(numbers if len(numbers) <= _MOST_TICKS else numbers[::2])
            axes.yaxis.set_major_locator(MaxNLocator(4))
            axes.grid(axis="y")
            axes.margins(0.06)
        told = chart_text("guide_best", lang, n=int(best.iloc[0]))
        note(figure, chart_text("guide_k", lang), told, joiner=chart_text("joiner", lang))
    return figure, guide
