"""Chart of the reasons of refusals over years."""

from __future__ import annotations

import pandas as pd

from mining.study.charts.stacks import put_stack
from mining.study.charts.style import (
    WIDTHS,
    Width,
    chart_style,
    new_figure,
    note,
    put_legend,
    say_nothing,
)
from mining.study.charts.themes import Drawn
from mining.study.charts.years import break_note, prepare_years, reports_note
from mining.study.labels import Lang, chart_text
from mining.study.outcomes import REASONS
from mining.study.panel.variables import variable_label

__all__ = ["draw_refusals"]

_HEIGHT_CM = 5.0
_REST_CM = {"page": 2.4, "column": 3.6}


def draw_refusals(refusals: pd.DataFrame, *, lang: Lang = "zh", width: Width = "column") -> Drawn:
    """Draw the shares of the eight reasons in each year.

    Parameters
    ----------
    refusals
        Of `mining.study.outcomes.refusal_table`.
    """
    with chart_style():
        figure = new_figure(width, _HEIGHT_CM + _REST_CM[width])
        axes = figure.subplots()
        if refusals.empty:
            say_nothing(axes, chart_text("nothing", lang))
            return figure, refusals
        wide = WIDTHS[width] * 2.54 - 1.2
        prepare_years(axes, refusals["year"], wide)
        bars = put_stack(axes, refusals, REASONS, size_cm=(wide, _HEIGHT_CM - 0.8))
        axes.set_xlabel(chart_text("year", lang))
        axes.set_ylabel(chart_text("refusals", lang))
        put_legend(figure, bars, [_named(i, m, lang) for i, m in enumerate(REASONS, 1)])
        told = (reports_note(refusals, lang), *break_note(refusals["year"], lang))
        note(figure, *told, joiner=chart_text("joiner", lang))
    return figure, refusals


def _named(number: int, reason: str, lang: Lang) -> str:
    """Return the number of a reason in the law's order, and its name alone."""
    mark = "：" if lang == "zh" else ": "
    name = variable_label(reason, lang).rpartition(mark)[2]
    return f"{number} {name[0].upper()}{name[1:]}"
