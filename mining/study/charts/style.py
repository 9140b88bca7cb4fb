"""How charts look and how they are saved: the same bytes from the same table, on any machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Literal, get_args

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.typing import ColorType

from mining.errors import SettingsError
from mining.present.sinks import writing
from mining.study.charts.fonts import FAMILIES, drawable, register_fonts
from mining.study.labels import Lang, chart_text

__all__ = [
    "CHART_FORMATS",
    "COLOURS",
    "GREY",
    "SHADES",
    "WIDTHS",
    "Width",
    "chart_style",
    "check_formats",
    "count_note",
    "ink_on",
    "new_figure",
    "note",
    "put_legend",
    "save_chart",
    "say_nothing",
    "shorten",
    "text_cm",
]

Width = Literal["column", "page"]
_CM = 1 / 2.54
WIDTHS: dict[Width, float] = {"column": 8.9 * _CM, "page": 18.3 * _CM}
"""Widths of one column and of a page of a journal, in inches."""

CHART_FORMATS = ("png", "svg", "pdf")

# Okabe & Ito (2008): told apart with every kind of colour blindness.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
GREY = "#6F6F6F"
SHADES = "Blues"
"""Colour map of shares: one hue, darker is more, so that it holds in grey print too."""

# Relative luminance below which white letters contrast more than black ones (WCAG 2.2).
_DARK = 0.179
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])

# Handle of a legend and the space around it.
_HANDLE_CM = 1.3

_STYLE = {
    "axes.axisbelow": True,
    "axes.edgecolor": GREY,
    "axes.grid": False,
    "axes.labelsize": 7.5,
    "axes.linewidth": 0.6,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 7.5,
    "axes.titlepad": 3.0,
    "axes.unicode_minus": False,
    "figure.constrained_layout.h_pad": 0.03,
    "figure.constrained_layout.w_pad": 0.03,
    "figure.dpi": 100,
    "font.family": list(FAMILIES),
    "font.size": 7,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.5,
    "legend.fontsize": 7,
    "legend.frameon": False,
    "lines.linewidth": 1.1,
    "lines.markersize": 3.5,
    "pdf.fonttype": 42,
    "savefig.dpi": 300,
    "svg.fonttype": "path",
    "svg.hashsalt": "mining",
    "xtick.labelsize": 7,
    "xtick.major.size": 2,
    "xtick.major.width": 0.6,
    "ytick.labelsize": 7,
    "ytick.major.size": 2,
    "ytick.major.width": 0.6,
}
# Without dates, so that two runs give the same bytes.
_METADATA: dict[str, dict[str, str | None]] = {
    "png": {},
    "svg": {"Date": None},
    "pdf": {"CreationDate": None},
}


@contextmanager
def chart_style() -> Iterator[None]:
    """Draw and save in the style of the charts, whatever settings a user has."""
    register_fonts()
    with mpl.rc_context():
        mpl.rcdefaults()
        # A subset of the keys, which the stubs want as literals.
        mpl.rcParams.update(_STYLE)  # type: ignore[arg-type]
        yield


def check_formats(formats: Sequence[str]) -> tuple[str, ...]:
    """Return the formats without repeats.

    Raises
    ------
    SettingsError
        E401 when one is unknown.
    """
    if unknown := [name for name in formats if name not in CHART_FORMATS]:
        msg = f"unknown chart format: {', '.join(unknown)}"
        raise SettingsError(msg, code="E401", hint=f"choose from {', '.join(CHART_FORMATS)}")
    return tuple(dict.fromkeys(formats))


def new_figure(width: Width, height: float) -> Figure:
    """Return an empty figure of a journal's width; `height` in centimetres.

    Raises
    ------
    SettingsError
        E401 when the width is unknown.
    """
    if width not in get_args(Width):
        msg = f"unknown width: {width}"
        raise SettingsError(msg, code="E401", hint=f"choose from {', '.join(WIDTHS)}")
    return Figure(figsize=(WIDTHS[width], height * _CM), layout="constrained")


def text_cm(texts: Iterable[str]) -> float:
    """Return about how wide the widest text is at 7 points, in centimetres.

    Examples
    --------
    >>> text_cm(["公开", "abc"])
    0.5
    """
    return max((sum(0.25 if ord(c) > 0x2E7F else 0.14 for c in t) for t in texts), default=0.0)


def shorten(name: str, most: float, count: str = "") -> str:
    """Return a label with its count, the name cut so that both are at most `most` cm wide.

    Examples
    --------
    >>> shorten("积石山保安族东乡族撒拉族自治县", 2.0, " (3)")
    '积石山保安… (3)'
    """
    cuts = (name, *(f"{name[:n]}…" for n in range(min(len(name), 60) - 1, 0, -1)))
    fits = (cut for cut in cuts if text_cm([cut + count]) <= most)
    return drawable(next(fits, "…") + count)


def ink_on(colour: ColorType) -> str:
    """Return the colour of letters that can be read on a colour.

    Examples
    --------
    >>> ink_on("#0072B2"), ink_on("#F0E442")
    ('white', 'black')
    """
    light = ((np.array(to_rgb(colour)) + 0.055) / 1.055) ** 2.4 @ _LUMINANCE
    return "white" if light < _DARK else "black"


def note(figure: Figure, *texts: str, joiner: str = "") -> None:
    """Write texts below the charts of a figure, in grey, on as many lines as they need."""
    most = figure.get_figwidth() / _CM - 0.4
    lines: list[str] = []
    for text in texts:
        if lines and text_cm([lines[-1] + joiner + text]) <= most:
            lines[-1] += joiner + text
        else:
            lines.append(text)
    told = drawable("\n".join(lines))
    figure.supxlabel(told, fontsize=7, color=GREY, x=0.995, ha="right")


def count_note(reports: int, lang: Lang) -> str:
    """Return how many reports a chart is from."""
    return chart_text("from_one" if reports == 1 else "from_year", lang, low=reports)


def put_legend(figure: Figure, handles: Sequence[Artist], labels: Sequence[str]) -> None:
    """Write a legend above the charts of a figure, in as many columns as fit."""
    room = figure.get_figwidth() / _CM - 0.2
    fitting = (n for n in range(len(labels), 1, -1) if _legend_cm(labels, n) <= room)
    told = [drawable(label) for label in labels]
    figure.legend(handles, told, loc="outside upper left", ncols=next(fitting, 1))


def _legend_cm(labels: Sequence[str], columns: int) -> float:
    """Return how wide a legend is: labels run down its columns, the first ones may have one more.

    Examples
    --------
    >>> round(_legend_cm(["公开", "不予公开", "其他"], 2), 1)
    4.1
    """
    low, more = divmod(len(labels), columns)
    starts = [i * low + min(i, more) for i in range(columns + 1)]
    return sum(text_cm(labels[a:b]) + _HANDLE_CM for a, b in pairwise(starts))


def say_nothing(axes: Axes, text: str) -> None:
    """Say in an empty chart that there is nothing to draw."""
    axes.set_axis_off()
    axes.text(0.5, 0.5, drawable(text), ha="center", va="center", color=GREY, fontsize=8)


def save_chart(
    figure: Figure, table: pd.DataFrame, stem: Path, formats: Sequence[str] = CHART_FORMATS
) -> tuple[Path, ...]:
    """Save a figure in each format, and as ``STEM.csv`` the table that it draws.

    Returns
    -------
    tuple of Path
        The files, the table first.

    Raises
    ------
    SettingsError
        E401 when a format is unknown.
    OutputError
        E501 when a file can't be written.
    """
    # Names may have dots, so nothing is replaced after the last one.
    paths = [stem.with_name(f"{stem.name}.{name}") for name in ("csv", *check_formats(formats))]
    with writing(stem), chart_style():
        stem.parent.mkdir(parents=True, exist_ok=True)
        # With the byte order mark Excel reads Chinese right.
        table.to_csv(paths[0], index=False, encoding="utf-8-sig", lineterminator="\r\n")
        for path in paths[1:]:
            kind = path.suffix[1:]
            figure.savefig(path, format=kind, metadata=_METADATA[kind])
    return tuple(paths)
