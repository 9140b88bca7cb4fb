"""Draw a flame graph of the audit as SVG, from stacks that a sampling profiler counted.

``py-spy record -f raw -o audit.folded -- python benchmarks/flame.py --work 80`` audits the reports
of corpora/sample so many times, and ``python benchmarks/flame.py audit.folded audit.svg`` draws.
Only what `audit_report` calls is shown, as parts of its time; each function is one box.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from mining.pipeline import audit_report
from mining.settings import Settings

REPORTS = Path(__file__).parents[1] / "corpora" / "sample" / "reports"
ROOT = "audit_report"
_FRAME = re.compile(r"(?P<name>.+) \((?:.*/)?(?P<file>[^/:]+/[^/:]+)(?::[0-9]+)?\)")
_WIDTH, _ROW, _CHAR = 1200, 17, 6.6
# Narrower boxes show nothing.
_LEAST = 0.002
_COLOURS = {
    "steps": "#f4c095",
    "quantities": "#f2a1a1",
    "tabular": "#a9d6b8",
    "checks": "#a9c7e8",
    "origin": "#d5b8e6",
    "formload": "#cfcfcf",
}
_PLAIN = "#ece5c8"


@dataclass
class Box:
    """A function as called from one place: its samples, and what it calls."""

    label: str
    samples: int = 0
    calls: dict[str, Box] = field(default_factory=dict)


def read_stacks(path: Path) -> Box:
    """Return the tree of calls below `audit_report`; loading the forms is left out."""
    root = Box(ROOT)
    for line in path.read_text(encoding="utf-8").splitlines():
        stack, _, count = line.rpartition(" ")
        frames = [_label(frame) for frame in stack.split(";")]
        at = next((i for i, f in enumerate(frames) if f.startswith(f"{ROOT} ")), None)
        if at is None or any("load_form" in frame for frame in frames):
            continue
        _add(root, frames[at + 1 :], int(count))
    return root


def _label(frame: str) -> str:
    match = _FRAME.fullmatch(frame.strip())
    return f"{match['name']} ({match['file']})" if match else frame.strip()


def _add(root: Box, frames: Sequence[str], count: int) -> None:
    root.samples += count
    box = root
    for frame in frames:
        # A comprehension is part of the function around it.
        if "<" in frame:
            continue
        box = box.calls.setdefault(frame, Box(frame))
        box.samples += count


def draw(root: Box) -> str:
    """Return the SVG of a tree, callers above what they call."""
    boxes = list(_boxes(root, 0.0, 0, root.samples))
    height = (max(row for _, _, row, _ in boxes) + 1) * _ROW
    size = f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="monospace" font-size="11">'
    ]
    parts += [_shape(box, left, row, share) for box, left, row, share in boxes]
    return "\n".join([*parts, "</svg>", ""])


def _boxes(box: Box, left: float, row: int, total: int) -> Iterator[tuple[Box, float, int, float]]:
    """Yield each box with its left edge, row and width, as parts of the whole."""
    yield box, left, row, box.samples / total
    for call in sorted(box.calls.values(), key=lambda c: (-c.samples, c.label)):
        share = call.samples / total
        if share >= _LEAST:
            yield from _boxes(call, left, row + 1, total)
        left += share


def _shape(box: Box, left: float, row: int, share: float) -> str:
    x, y, width = left * _WIDTH, row * _ROW, share * _WIDTH
    name, _, place = box.label.partition(" (")
    colour = _COLOURS.get(place.partition("/")[0], _PLAIN)
    shown = escape(name[: int(width / _CHAR)]) if width > 3 * _CHAR else ""
    return (
        f"<g><title>{escape(box.label)} {share:.1%}</title>"
        f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{_ROW - 1}" fill="{colour}"/>'
        f'<text x="{x + 2:.1f}" y="{y + 12}">{shown}</text></g>'
    )


def work(rounds: int) -> None:
    """Audit the text reports of the sample so many times."""
    files = [(path, path.read_bytes()) for path in sorted(REPORTS.glob("*.txt"))]
    for _ in range(rounds):
        for path, data in files:
            audit_report(data, report_id=path.name, path=path, settings=Settings())


def main(arguments: Sequence[str]) -> None:
    """Work, or draw."""
    if arguments[0] == "--work":
        work(int(arguments[1]))
    else:
        Path(arguments[1]).write_text(draw(read_stacks(Path(arguments[0]))), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
