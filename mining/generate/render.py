"""Truth to plain text and gold: prints a report and remembers where everything stands."""

from __future__ import annotations

from mining.generate.gold import Gold, GoldCell, GoldFigure, GoldSection, cell_value, gold_figure
from mining.generate.layout import PrintGrid
from mining.generate.marks import PlacedMark
from mining.generate.printout import PrintItem, print_items
from mining.generate.styles import flatten
from mining.generate.truth import Truth
from mining.spans import OffsetMap, Span
from mining.steps.normalize import normalize_text

__all__ = ["encode_text", "render_text"]


def render_text(truth: Truth) -> tuple[str, Gold]:
    """Return the text of the report and its gold.

    The text is as it is written to the file; offsets of the gold count code points of the
    normalised text.

    Raises
    ------
    TruthError
        When a mark, a table line or a table of the truth is unsound.
    """
    writer = _Writer(truth)
    writer.write_report()
    text = "".join(writer.parts)
    if truth.crlf:
        # Every line end counts one code point in either text, so no place of the gold moves.
        return text.replace("\n", "\r\n"), _map_gold(writer, text)
    return text, _map_gold(writer, text)


def encode_text(text: str, *, truth: Truth) -> bytes:
    """Return the bytes of the report's file, in the encoding that the truth asks for."""
    if truth.encoding == "utf-16":
        # The byte order is told, so that the file is the same on every machine.
        return b"\xff\xfe" + text.encode("utf-16-le")
    return text.encode(truth.encoding)


class _Writer:
    """Collects printed text; places are of the text before normalisation."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self.parts: list[str] = []
        self.length = 0
        # A report opens with a preface, even when that holds no more than the title.
        self.sections: list[tuple[str, str, int]] = [("preface", "", 0)]
        self.cells: list[tuple[str, Span]] = []
        self.figures: list[tuple[str, PlacedMark]] = []

    def write(self, text: str) -> int:
        """Append `text` and return the place where it starts."""
        start = self.length
        self.parts.append(text)
        self.length += len(text)
        return start

    def write_report(self) -> None:
        """Print page head, title, sections and page tail."""
        self.write(self.truth.head)
        for item in print_items(self.truth):
            if item.grid is not None:
                self._write_table(item.grid)
            elif item.kind == "paragraph":
                self._write_line(item)
            else:
                start = self.write(f"{item.text}\n")
                if item.kind == "heading":
                    self.sections.append((item.section, item.text, start))
        self.write(self.truth.tail)

    def _write_line(self, item: PrintItem) -> None:
        indent = self.truth.indent if item.text.strip() else ""
        start = self.write(f"{indent}{item.text}\n") + len(indent)
        for placed in item.marks:
            moved = PlacedMark(start + placed.start, start + placed.end, placed.mark)
            self.figures.append((item.section, moved))

    def _write_table(self, grid: PrintGrid) -> None:
        for text, cell in flatten(grid, style=self.truth.style):
            start = self.write(text)
            if cell is not None and cell.address:
                self.cells.append((cell.address, Span(start, start + len(text))))


def _map_gold(writer: _Writer, raw: str) -> Gold:
    """Move all places to the normalised text."""
    truth = writer.truth
    text, offsets = normalize_text(raw)
    return Gold(
        report=f"{truth.name}.txt",
        agency=truth.agency,
        year=truth.year,
        region=truth.region,
        level=truth.level,
        template=truth.form,
        sections=_gold_sections(writer, offsets, len(text)),
        cells=tuple(_gold_cell(a, offsets.to_text(s), text) for a, s in writer.cells),
        figures=tuple(_placed_figure(key, m, text, offsets) for key, m in writer.figures),
        findings=truth.findings,
    )


def _gold_sections(writer: _Writer, offsets: OffsetMap, length: int) -> tuple[GoldSection, ...]:
    starts = [offsets.to_text(Span(s, s)).start for _, _, s in writer.sections]
    ends = [*starts[1:], length]
    return tuple(
        GoldSection(key=key, title=title, start=start, end=end)
        for (key, title, _), start, end in zip(writer.sections, starts, ends, strict=True)
        if start < end
    )


def _gold_cell(address: str, span: Span, text: str) -> GoldCell:
    raw = span.of(text)
    start = span.start + len(raw) - len(raw.lstrip())
    raw = raw.strip()
    return GoldCell(
        address=address,
        raw=raw,
        value=cell_value(raw),
        blank=not raw,
        start=start,
        end=start + len(raw),
    )


def _placed_figure(section: str, placed: PlacedMark, text: str, offsets: OffsetMap) -> GoldFigure:
    span = offsets.to_text(Span(placed.start, placed.end))
    return gold_figure(placed.mark, section=section, text=span.of(text), span=span)
