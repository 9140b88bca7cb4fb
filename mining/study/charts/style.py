"""How charts look and how they are saved: the same bytes from the same table, on any machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, get_args

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mining.errors import SettingsError
from mining.present.sinks import writing
from mining.study.charts.fonts import FAMILIES, drawable, register_fonts

__all__ = [
    "CHART_FORMATS",
    "COLOURS",
    "GREY",
    "SHADES",
    "WIDTHS",
    "Width",
    "chart_style",
    "check_formats",
    "new_figure",
    "note",
    "save_chart",
    "say_nothing",
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


def note(figure: Figure, text: str) -> None:
    """Write a line below the charts of a figure, in grey."""
    figure.supxlabel(drawable(text), fontsize=7, color=GREY, x=0.995, ha="right")


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
