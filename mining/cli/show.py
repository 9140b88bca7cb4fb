"""A result as parts for the terminal: text with marked figures, tables, findings in colour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.console import RenderableType
from rich.rule import Rule
from rich.table import Table as Grid
from rich.text import Text

from mining.finding import Result, Severity, Status
from mining.form import Form
from mining.places import place_of_finding
from mining.present.messages import Lang, load_wording, word_finding, word_place
from mining.report import Report, Section, Table

__all__ = ["show_result"]

# Marks differ in shape too (underline, reverse), for eyes and terminals that show no colour.
_LINKED = "bold green underline"
_FREE = "yellow underline"
_KINDS = {"problem": "yellow", "improvement": "green"}
_STYLES = {Status.MISMATCH: "bold red reverse", Status.SUSPECT: "bold yellow"}


def show_result(result: Result, form: Form, *, lang: Lang) -> Iterator[RenderableType]:
    """Yield the parts of `result` in the order of reading; findings come last."""
    report = result.report
    yield _head(report, form)
    for section in report.sections or ():
        yield Rule(_section_title(section, lang), align="left", style="dim")
        yield _marked(report, section)
    for table in report.tables or ():
        yield Rule(load_wording(lang).tables.get(table.key, table.key), align="left", style="cyan")
        yield _grid(table, form)
    if report.points:
        yield Rule(load_wording(lang).ui.get("points", ""), align="left", style="dim")
        yield from _points(report, lang)
    yield Rule(load_wording(lang).ui.get("findings", ""), align="left")
    yield from _findings(result, form, lang)


def _head(report: Report, form: Form) -> Text:
    meta = report.meta
    who = [meta.agency, meta.region, str(meta.year or "")] if meta else []
    name = " · ".join(part for part in who if part)
    return Text.assemble((name or report.id, "bold"), f"\n{report.id}  {form.title or form.id}")


def _section_title(section: Section, lang: Lang) -> str:
    name = load_wording(lang).sections.get(section.key, section.key)
    return f"{section.title} [{name}]" if section.title not in {"", name} else name


def _marked(report: Report, section: Section) -> Text:
    """Return the section's narrative with its figures marked, its tables left out."""
    linked = {link.figure: link.address for link in report.links or ()}
    text = Text()
    position = section.heading.end
    cuts: list[tuple[int, int, int | None]]
    cuts = [(t.span.start, t.span.end, None) for t in report.tables or ()]
    cuts += [(f.span.start, f.span.end, f.id) for f in report.figures or ()]
    for start, end, figure in sorted(cuts, key=lambda cut: cut[:2]):
        if start < position or end > section.span.end:
            continue
        text.append(report.text[position:start])
        if figure is not None:
            text.append(report.text[start:end], style=_LINKED if figure in linked else _FREE)
            text.append(f"⟨{linked[figure]}⟩" if figure in linked else "", style="dim")
        position = end
    text.append(report.text[position : section.span.end])
    return Text("\n").join(line for line in text.split("\n") if line.plain.strip())


def _grid(table: Table, form: Form) -> Grid:
    spec = form.table(table.key)
    columns = [(c.key, c.labels[0]) for c in spec.columns] if spec else []
    rows = [(r.key, r.labels[0]) for r in spec.rows] if spec else []
    grid = Grid(show_edge=False, pad_edge=False)
    grid.add_column("", min_width=20, overflow="fold")
    for _, label in columns:
        grid.add_column(label, justify="right", overflow="fold")
    for key, label in rows:
        cells = (table.at(key, column) for column, _ in columns)
        grid.add_row(label, *(cell.raw.strip() if cell else "" for cell in cells))
    return grid


def _points(report: Report, lang: Lang) -> Iterator[Text]:
    """Yield a line for each point: its number, kind, words, themes, and what it answers."""
    ui = load_wording(lang).ui
    for point in report.points or ():
        words = " ".join(point.span.of(report.text).split())
        notes = [ui.get(f"theme_{score.theme}", score.theme) for score in point.themes]
        if point.answers is not None:
            notes.append(ui["point_answers"].format(n=point.answers))
        kind = (ui[f"point_{point.kind}"], _KINDS.get(point.kind, "dim"))
        note = (f"  [{', '.join(notes)}]" if notes else "", "dim")
        yield Text.assemble(f"{point.id} ", kind, f" {words}", note)


def _findings(result: Result, form: Form, lang: Lang) -> Iterator[Text]:
    wording = load_wording(lang)
    for finding in result.findings:
        if finding.status in _STYLES:
            style = _STYLES[finding.status]
            if finding.status is Status.MISMATCH and finding.severity is not Severity.ERROR:
                style = "bold red"
            message = word_finding(finding, lang=lang, labels=form.labels)
            status = f" {wording.statuses[finding.status]} "
            place = word_place(place_of_finding(result.report, finding), wording=wording)
            where = (f"  [{place}]" if place else "", "dim")
            yield Text.assemble((status, style), f" {finding.rule}  {message}", where)
    counts = Counter(finding.status for finding in result.findings)
    yield Text(", ".join(f"{wording.statuses[s]} {counts[s]}" for s in Status), style="dim")
