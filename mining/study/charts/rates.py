"""Chart of disclosure and refusal rates over years."""

from __future__ import annotations

import pandas as pd

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
from mining.study.labels import Lang, chart_text
from mining.study.outcomes import RATES
from mining.study.panel.variables import variable_label

__all__ = ["draw_rates"]

_MARKS = ("o", "s")


def draw_rates(rates: pd.DataFrame, *, lang: Lang = "zh", width: Width = "column") -> Drawn:
    """Draw the rates of each year with intervals.

    Parameters
    ----------
    rates
        Of `mining.study.outcomes.rate_table` by year.
    """
    rows = rates.assign(year=rates["group"].astype("int64"))
    with chart_style():
        figure = new_figure(width, 6.5)
        axes = figure.subplots()
        if rows.empty:
            say_nothing(axes, chart_text("nothing", lang))
            return figure, rates
        prepare_years(axes, rows["year"], WIDTHS[width] * 2.54 - 1.2)
        lines = [
            put_line(
                axes,
                rows[rows["measure"] == name],
                colour=COLOURS[i],
                mark=_MARKS[i],
                shift=(i - 0.5) * 0.12,
                scale=100,
            )
            for i, name in enumerate(RATES)
        ]
        axes.set_ylim(0, 100)
        axes.grid(axis="y")
        axes.set_xlabel(chart_text("year", lang))
        axes.set_ylabel(chart_text("rates", lang))
        put_legend(figure, lines, [variable_label(name, lang) for name in RATES])
        note(figure, *year_notes(rows, lang), joiner=chart_text("joiner", lang))
    return figure, rates
