"""What can be asserted of charts: all within the picture, no label over another."""

from __future__ import annotations

import io
from itertools import pairwise

from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure

from mining.study.charts.style import chart_style


def drawn(figure: Figure) -> RendererAgg:
    canvas = FigureCanvasAgg(figure)
    with chart_style():
        canvas.print_figure(io.BytesIO(), format="png", dpi=100)
    renderer: RendererAgg = canvas.get_renderer()  # type: ignore[no-untyped-call]
    return renderer


def is_whole(figure: Figure) -> bool:
    """Tell whether all that is drawn lies within the picture, a pixel allowed."""
    inner = figure.get_tightbbox(drawn(figure)).padded(-0.01)
    width, height = figure.get_size_inches()
    return bool(inner.x0 >= 0 and inner.y0 >= 0 and inner.x1 <= width and inner.y1 <= height)


def overlaps(figure: Figure) -> list[tuple[str, str]]:
    """Return labels of one axis that stand over each other."""
    found = []
    for axes in (a for a in figure.axes if a.axison):
        for direction, axis in enumerate((axes.xaxis, axes.yaxis)):
            boxes = [
                (label.get_window_extent().get_points()[:, direction], label.get_text())
                for label in axis.get_ticklabels()
                if label.get_visible() and label.get_text()
            ]
            boxes.sort(key=lambda box: box[0][0])
            found += [(a[1], b[1]) for a, b in pairwise(boxes) if a[0][1] > b[0][0] + 0.5]
    return found
