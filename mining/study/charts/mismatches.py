"""Charts of mismatches: which rules find them, and in whose reports."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from mining.present.messages import word_rule_titles
from mining.study.charts.dots import ROW_CM, name_rows, put_dots
from mining.study.charts.heatmap import draw_heatmap
from mining.study.charts.style import (
    COLOURS,
    GREY,
    Width,
    chart_style,
    count_note,
    new_figure,
    note,
    say_nothing,
    shorten,
)
from mining.study.charts.themes import Drawn
from mining.study.frames import UNKNOWN
from mining.study.kinds import kind_label
from mining.study.labels import Lang, chart_text, group_label
from mining.study.mismatches import ANY_RULE

__all__ = ["draw_mismatches_by_group", "draw_mismatches_by_rule", "draw_rule_matrix"]

_MOST_GROUPS = 30
_LABEL_CM = 3.6
_TITLE_CM = 5.4
_REST_CM = 1.8
_LEAST_ROWS = 3


def draw_mismatches_by_rule(
    rules: pd.DataFrame, *, lang: Lang = "zh", width: Width = "column"
) -> Drawn:
    """Draw the share of reports with a mismatch of each rule, and of any rule.

    Parameters
    ----------
    rules
        Of `mining.study.mismatches.by_rule`.
    """
    titles = word_rule_titles(lang)

    def named(row: pd.Series) -> str:
        rule = str(row["rule"])
        return group_label("all", lang) if rule == ANY_RULE else titles.get(rule, rule)

    told = [count_note(int(rules["n"].max()), lang)] if len(rules) else []
    return _draw_dots(rules, named, told, lang=lang, width=width)


def draw_mismatches_by_group(
    groups: pd.DataFrame, by: str, *, lang: Lang = "zh", width: Width = "column"
) -> Drawn:
    """Draw the share of reports with any mismatch in each group, its reports in brackets.

    Of many groups, the 30 with most reports are drawn.

    Parameters
    ----------
    groups
        Of `mining.study.mismatches.by_group`.
    by
        What makes the groups.
    """
    label = kind_label if by == "kind" else group_label
    rows = _largest(groups)

    def named(row: pd.Series) -> str:
        return shorten(label(str(row["group"]), lang), _LABEL_CM, f" ({row['n']})")

    told = [chart_text("n_reports", lang)]
    if len(groups) > len(rows):
        told.append(chart_text("cut", lang, shown=len(rows), total=len(groups)))
    return _draw_dots(rows, named, told, lang=lang, width=width)


def _largest(groups: pd.DataFrame) -> pd.DataFrame:
    """Return the groups with most reports, still in their own order."""
    largest = groups.sort_values(["n", "group"], ascending=[False, True]).index[:_MOST_GROUPS]
    return groups.loc[groups.index.isin(largest)].reset_index(drop=True)


def _draw_dots(
    rows: pd.DataFrame,
    named: Callable[[pd.Series], str],
    told: list[str],
    *,
    lang: Lang,
    width: Width,
) -> Drawn:
    with chart_style():
        figure = new_figure(width, max(len(rows), _LEAST_ROWS) * ROW_CM + _REST_CM)
        axes = figure.subplots()
        if rows.empty:
            say_nothing(axes, chart_text("nothing", lang))
            return figure, rows
        put_dots(axes, np.arange(len(rows), dtype=float), rows, colour=COLOURS[0], mark="o")
        name_rows(axes, [named(row) for _, row in rows.iterrows()])
        if "rule" in rows and len(rows) > 1:
            axes.axhline(len(rows) - 1.5, color=GREY, lw=0.6)
        top = float(np.nanmax(rows[["share", "high"]].to_numpy())) * 105
        axes.set_xlim(0, min(max(top, 5.0), 102.0))
        axes.set_xlabel(chart_text("mismatch_reports", lang))
        if rows["low"].notna().any():
            told.append(chart_text("across", lang))
        if rows["low"].isna().any():
            told.append(chart_text("lone", lang))
        note(figure, *told, joiner=chart_text("joiner", lang))
    return figure, rows


def draw_rule_matrix(
    matrix: pd.DataFrame, by: str, *, lang: Lang = "zh", width: Width = "page"
) -> Drawn:
    """Draw the share of reports with a mismatch by group and rule as a heat map.

    Rules without any mismatch have no column; of many groups, the 30 with most reports are drawn.

    Parameters
    ----------
    matrix
        Of `mining.study.mismatches.rule_matrix`.
    by
        What makes the groups.
    """
    sizes = matrix.drop_duplicates("group").sort_values(
        ["reports", "group"], ascending=[False, True]
    )
    groups = [str(g) for g in sizes["group"][:_MOST_GROUPS] if g != UNKNOWN]
    found = matrix[matrix["share"] > 0]
    weight = (found["share"] * found["reports"]).groupby(found["rule"]).sum()
    rules = list(weight.sort_values(ascending=False, kind="stable").index)
    rows = matrix[matrix["group"].isin(groups) & matrix["rule"].isin(rules)]
    titles = word_rule_titles(lang)
    label = kind_label if by == "kind" else group_label
    with chart_style():
        if rows.empty:
            figure = new_figure(width, _LEAST_ROWS * ROW_CM + _REST_CM)
            say_nothing(figure.subplots(), chart_text("no_mismatch", lang))
            return figure, rows
        figure = draw_heatmap(
            rows.pivot_table(index="group", columns="rule", values="share", sort=False).reindex(
                index=groups, columns=rules
            ),
            rows=[label(g, lang) for g in groups],
            counts=sizes.set_index("group")["reports"].reindex(groups).tolist(),
            columns=[titles.get(r, r) for r in rules],
            title=chart_text("mismatch_reports", lang),
            lang=lang,
            width=width,
            column_cm=_TITLE_CM,
        )
        told = [chart_text("n_reports", lang)]
        if len(sizes) > len(groups):
            told.append(chart_text("cut", lang, shown=len(groups), total=len(sizes)))
        note(figure, *told, joiner=chart_text("joiner", lang))
    return figure, rows
