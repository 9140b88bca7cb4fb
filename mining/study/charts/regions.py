"""Chart that compares the rates of regions without a map: dots with intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mining.study.charts.dots import ROW_CM, name_rows, put_dots
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
from mining.study.frames import UNKNOWN
from mining.study.kinds import kind_label
from mining.study.labels import Lang, chart_text, group_label
from mining.study.outcomes import RATES
from mining.study.panel.variables import variable_label

__all__ = ["draw_regions"]

_MOST = 40
_LABEL_CM = {"column": 2.6, "page": 5.0}
_REST_CM = 2.0
_LEAST_ROWS = 4
_GAP_INCH = 0.08


def draw_regions(
    rates: pd.DataFrame,
    overall: pd.DataFrame,
    by: str = "region",
    *,
    lang: Lang = "zh",
    width: Width = "page",
) -> Drawn:
    """Draw the rates of each region in order of the first one, a panel for each rate.

    Of many regions, the 40 with most reports are drawn. A dashed line has the rate of all.

    Parameters
    ----------
    rates
        Of `mining.study.outcomes.rate_table` by `by`.
    overall
        The same of all reports in one group.
    by
        What makes the groups.
    """
    known = rates[rates["group"] != UNKNOWN]
    names = _in_order(known)
    rows = known[known["group"].isin(names)]
    with chart_style():
        figure = new_figure(width, max(len(names), _LEAST_ROWS) * ROW_CM + _REST_CM)
        if not names:
            say_nothing(figure.subplots(), chart_text("nothing", lang))
            return figure, rows
        # The last number of one panel must not touch the first one of the next.
        figure.set_layout_engine("constrained", w_pad=_GAP_INCH)
        panels = figure.subplots(1, len(RATES), sharey=True)
        for i, (axes, rate) in enumerate(zip(panels, RATES, strict=True)):
            part = rows[rows["measure"] == rate].set_index("group").reindex(names)
            put_dots(
                axes, np.arange(len(names), dtype=float), part, colour=COLOURS[i], mark="os"[i]
            )
            _put_overall(axes, overall.loc[overall["measure"] == rate, "share"])
            top = np.nanmax(np.r_[part["share"].to_numpy(), part["high"].to_numpy(), 0.05])
            axes.set_xlim(0, min(float(top) * 105, 102.0))
            axes.set_title(f"{variable_label(rate, lang)} (%)")
        label = kind_label if by == "kind" else group_label
        counts = rows.groupby("group")["reports"].max()
        most = _LABEL_CM[width]
        name_rows(panels[0], [shorten(label(g, lang), most, f" ({counts[g]})") for g in names])
        for axes in panels[1:]:
            axes.tick_params(axis="y", length=0)
            axes.grid(axis="x")
        note(figure, *_notes(rows, len(names), known, lang), joiner=chart_text("joiner", lang))
    return figure, rows


def _in_order(rates: pd.DataFrame) -> list[str]:
    """Return the regions with most reports, the highest first rate on top."""
    first = rates[rates["measure"] == RATES[0]]
    most = first.sort_values(["reports", "group"], ascending=[False, True])[:_MOST]
    return [str(g) for g in most.sort_values(["share", "group"], ascending=[False, True])["group"]]


def _put_overall(axes: Axes, share: pd.Series) -> None:
    for value in share:
        axes.axvline(value * 100, color=GREY, lw=0.8, ls="--", zorder=0)


def _notes(rows: pd.DataFrame, shown: int, known: pd.DataFrame, lang: Lang) -> list[str]:
    told = [chart_text(key, lang) for key in ("n_reports", "overall")]
    if rows["low"].notna().any():
        told.append(chart_text("across", lang))
    if rows["low"].isna().any():
        told.append(chart_text("lone", lang))
    if (total := known["group"].nunique()) > shown:
        told.append(chart_text("cut", lang, shown=shown, total=total))
    return told
