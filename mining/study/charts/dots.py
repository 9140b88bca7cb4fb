"""Dots with intervals on named rows, for comparisons of shares."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from mining.study.charts.fonts import drawable

__all__ = ["ROW_CM", "name_rows", "put_dots"]

ROW_CM = 0.42
"""Height of a row."""


def put_dots(
    axes: Axes,
    y: NDArray[np.float64],
    rows: pd.DataFrame,
    *,
    colour: str,
    mark: str,
    label: str = "",
) -> None:
    """Draw the shares of `rows` in percent at `y`; hollow where there is no interval."""
    axes.hlines(y, rows["low"] * 100, rows["high"] * 100, color=colour, lw=1)
    axes.plot(rows["share"] * 100, y, mark, color=colour, label=label, clip_on=False)
    is_lone = (rows["low"].isna() & rows["share"].notna()).to_numpy()
    if is_lone.any():
        (lone,) = axes.plot(rows["share"][is_lone] * 100, y[is_lone], mark, color=colour)
        lone.set(markerfacecolor="white", clip_on=False)


def name_rows(axes: Axes, names: Sequence[str]) -> None:
    """Write the names of the rows, the first one at the top."""
    axes.set_yticks(range(len(names)), [drawable(name) for name in names])
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")
