"""Planted sizes and what a study finds of them: as a chart and as a table of Markdown."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mining.study.charts.fonts import drawable
from mining.study.charts.style import COLOURS, GREY, Width, chart_style, new_figure
from mining.study.labels import Lang

__all__ = ["draw_recovery", "recovery_markdown"]

_PANELS = ("changes", "shares")
_ROW_CM = 0.5


@cache
def _labels() -> dict[str, list[str]]:
    text = files("mining.generate").joinpath("world.toml").read_text(encoding="utf-8")
    labels: dict[str, list[str]] = tomllib.loads(text)["labels"]
    return labels


def _label(key: str, lang: Lang) -> str:
    return _labels()[key][0 if lang == "zh" else 1]


def draw_recovery(table: pd.DataFrame, *, lang: Lang = "zh", width: Width = "page") -> Figure:
    """Draw what was found with its intervals, and what was planted.

    Parameters
    ----------
    table
        As `mining.generate.recovery.compare_world` returns it.
    lang, width
        Language of the labels, and width of the chart.
    """
    is_share = table["unit"] == "share"
    parts = [table[~is_share], table[is_share]]
    with chart_style():
        figure = new_figure(width, len(table) * _ROW_CM + 3)
        sizes = [len(part) for part in parts]
        panels = figure.subplots(2, 1, gridspec_kw={"height_ratios": sizes})
        for axes, part, name in zip(panels, parts, _PANELS, strict=True):
            _draw_panel(axes, part, lang)
            axes.set_xlabel(_label(name, lang))
        handles, _ = panels[1].get_legend_handles_labels()
        names = [_label(key, lang) for key in ("found", "planted")]
        figure.legend(handles, names, loc="outside upper left", ncols=2)
    return figure


def _draw_panel(axes: Axes, rows: pd.DataFrame, lang: Lang) -> None:
    places = range(len(rows))
    axes.hlines(places, rows["low"] * 100, rows["high"] * 100, color=COLOURS[0], lw=1.1)
    axes.plot(rows["found"] * 100, places, "o", color=COLOURS[0], label="found")
    axes.plot(
        rows["planted"] * 100, places, "D", mfc="none", ms=5.5, color=COLOURS[1], label="planted"
    )
    axes.axvline(0, color=GREY, lw=0.6)
    axes.set_yticks(places, [drawable(_label(name, lang)) for name in rows["size"]])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")


def recovery_markdown(table: pd.DataFrame, lang: Lang = "en") -> str:
    """Return the table in Markdown: what was planned, planted and found, in per cent.

    Parameters
    ----------
    table
        As `mining.generate.recovery.compare_world` returns it.
    lang
        Language of the names.
    """
    lines = [
        "| what | planned | planted | found | 95 % interval | n | agencies | holds | sees |",
        "|---|---:|---:|---:|---:|---:|---:|---|---|",
    ]
    marks = {True: "yes", False: "no"}
    for row in table.to_dict("records"):
        numbers = [f"{row[name] * 100:.2f}" for name in ("planned", "planted", "found")]
        ends = f"{row['low'] * 100:.2f} – {row['high'] * 100:.2f}"
        told = [_label(row["size"], lang), *numbers, ends, f"{row['n']:,}", f"{row['agencies']}"]
        told += [marks[bool(row[name])] for name in ("holds", "is_seen")]
        lines.append(f"| {' | '.join(told)} |")
    return "\n".join(lines) + "\n"
