"""Chart of requests received and of what became of them, over years."""

from __future__ import annotations

import pandas as pd

from mining.study.charts.stacks import put_stack
from mining.study.charts.style import (
    COLOURS,
    WIDTHS,
    Width,
    chart_style,
    new_figure,
    note,
    put_legend,
    say_nothing,
)
from mining.study.charts.themes import Drawn
from mining.study.charts.years import prepare_years, put_line, year_notes
from mining.study.labels import Lang, chart_text, outcome_label
from mining.study.outcomes import OUTCOMES

__all__ = ["draw_requests"]

_PANEL_CM = 5.0
_REST_CM = 1.8


def draw_requests(
    received: pd.DataFrame, outcomes: pd.DataFrame, *, lang: Lang = "zh", width: Width = "page"
) -> Drawn:
    """Draw the mean number of requests by year, and beside it the shares of their results.

    Parameters
    ----------
    received, outcomes
        Of `mining.study.outcomes.request_table` and `outcome_table`.
    """
    rows = pd.concat([received, outcomes], ignore_index=True)
    across = width == "page"
    with chart_style():
        figure = new_figure(width, (_PANEL_CM if across else 2 * _PANEL_CM) + _REST_CM)
        if rows.empty:
            say_nothing(figure.subplots(), chart_text("nothing", lang))
            return figure, rows
        left, right = figure.subplots(1, 2) if across else figure.subplots(2, 1)
        wide = WIDTHS[width] * 2.54 / (2 if across else 1) - 1.2
        left.set_title(chart_text("requests_mean", lang))
        right.set_title(chart_text("outcomes", lang))
        if received.empty:
            say_nothing(left, chart_text("nothing", lang))
        else:
            prepare_years(left, rows["year"], wide)
            put_line(left, received, colour=COLOURS[0], mark="o")
            left.set_ylim(0, max(left.get_ylim()[1], 1))
            left.grid(axis="y")
        if outcomes.empty:
            say_nothing(right, chart_text("nothing", lang))
        else:
            shown = [m for m in OUTCOMES if outcomes.loc[outcomes["measure"] == m, "hits"].any()]
            prepare_years(right, rows["year"], wide)
            bars = put_stack(right, outcomes, shown, size_cm=(wide, _PANEL_CM - 1))
            labels = [f"{i} {outcome_label(m, lang)}" for i, m in enumerate(shown, 1)]
            put_legend(figure, bars, labels)
        note(
            figure,
            *year_notes(received if len(received) else rows, lang),
            joiner=chart_text("joiner", lang),
        )
    return figure, rows
