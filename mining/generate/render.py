"""Truth to plain text and gold: prints a report and remembers where everything stands."""

from __future__ import annotations

import re

from mining.generate.gold import Gold, GoldCell, GoldFigure, GoldSection, cell_value
from mining.generate.layout import build_grid
from mining.generate.marks import MarkError, PlacedMark, parse_marks
from mining.generate.styles import flatten
from mining.generate.truth import SectionTruth, Truth, TruthError
from mining.spans import OffsetMap, Span
from mining.steps.normalize import normalize_text

__all__ = ["encode_text", "render_text"]

_TABLE_LINE = re.compile(r"@([a-z0-9_]+)")


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
    try:
        writer.write_report()
    except MarkError as error:
        raise TruthError(str(error), code="E701", path=f"{truth.name}.toml") from error
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
        self.sections: list[tuple[str, str, int]] = []
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
        truth = self.truth
        self.write(truth.head)
        self.write("".join(f"{line}\n" for line in truth.title))
        for number, section in enumerate(truth.sections):
            if number == 0 and section.key != "preface":
                self.sections.append(("preface", "", 0))
            self._write_section(section)
        self.write(truth.tail)

    def _write_section(self, section: SectionTruth) -> None:
        is_preface = section.key == "preface"
        heading = "" if is_preface else f"{section.heading}\n"
        start = self.write(heading)
        self.sections.append((section.key, section.heading, 0 if is_preface else start))
        for line in section.body.strip("\n").splitlines():
            table = _TABLE_LINE.fullmatch(line)
            if table:
                self._write_table(table[1])
            else:
                self._write_line(line, section.key)

    def _write_line(self, line: str, section: str) -> None:
        plain, marks = parse_marks(line)
        indent = self.truth.indent if plain.strip() else ""
        start = self.write(f"{indent}{plain}\n") + len(indent)
        for placed in marks:
            moved = PlacedMark(start + placed.start, start + placed.end, placed.mark)
            self.figures.append((section, moved))

    def _write_table(self, key: str) -> None:
        table = self.truth.tables.get(key)
        if table is None:
            msg = f"the table {key} is printed but not told"
            raise TruthError(msg, code="E701", path=f"{self.truth.name}.toml")
        for text, cell in flatten(build_grid(table), style=self.truth.style):
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
        figures=tuple(_gold_figure(key, m, text, offsets) for key, m in writer.figures),
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


def _gold_figure(section: str, placed: PlacedMark, text: str, offsets: OffsetMap) -> GoldFigure:
    span = offsets.to_text(Span(placed.start, placed.end))
    mark = placed.mark
    return GoldFigure(
        start=span.start,
        end=span.end,
        text=span.of(text),
        section=section,
        value=mark.value,
        low=mark.low,
        high=mark.high,
        unit=mark.unit,
        approx=mark.approx,
        kind=mark.kind,
        role=mark.role,
        scope=mark.scope,
        cell=mark.cells[0] if mark.cells else None,
        cells=mark.cells,
        claim="none" if mark.is_none else "number",
        loose=mark.is_loose,
        optional=mark.is_optional,
    )
