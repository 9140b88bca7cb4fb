"""The page that shows two reports side by side with what they share, for people to look at."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import pandas as pd
import pyarrow.compute as pc
import pyarrow.dataset as ds
from jinja2 import Environment, StrictUndefined

from mining.present.sinks import encodable, writing
from mining.spans import Span
from mining.study.labels import Lang
from mining.study.reuse.loading import Sections, load_sections, stream_texts
from mining.study.reuse.passagetable import Kind
from mining.study.reuse.texts import SECTIONS
from mining.study.reuse.years import Reuse

__all__ = ["PairView", "Piece", "Side", "load_views", "write_reuse_page"]

_COLUMN = {"zh": 0, "en": 1}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `passage` numbers the shared passage that it is, from 1, 0 for none."""

    text: str
    passage: int


@dataclass(frozen=True, slots=True)
class Side:
    """One report: its name, agency, year and sections in pieces."""

    report: str
    agency: str
    year: int
    sections: tuple[tuple[str, tuple[Piece, ...]], ...]


@dataclass(frozen=True, slots=True)
class PairView:
    """Two reports side by side, and how many characters they share."""

    kind: Kind
    chars: int
    this: Side
    other: Side


def load_views(run: Path, found: Reuse, passages: Path) -> list[PairView]:
    """Return the pairs of reports that share most, of last year's first.

    Parameters
    ----------
    run
        Folder of results of an audit.
    found
        What was found in it.
    passages
        The Parquet file of passages.
    """
    chosen = [(kind, pair) for kind, top in found.pairs.items() for pair in top.pairs]
    numbers = {i for _, pair in chosen for i in (pair.row, pair.source)}
    reports = found.reports.iloc[sorted(numbers)]
    if reports.empty:
        return []
    # Numbers in this short list are other ones than in the study's.
    place = {number: i for i, number in enumerate(sorted(numbers))}
    sections = load_sections(run, reports)
    texts = dict(stream_texts(run, reports))
    shared = _shared(passages, reports["report"].tolist())
    views = []
    for kind, pair in chosen:
        this, other = place[pair.row], place[pair.source]
        names = (reports["report"].iloc[this], reports["report"].iloc[other])
        spans = shared.get((kind, *names), [])
        sides = (
            _side(reports, i, texts[i], sections, [span[end] for span in spans])
            for end, i in enumerate((this, other))
        )
        views.append(PairView(kind, -pair.minus_chars, *sides))
    return views


def _shared(path: Path, reports: list[str]) -> dict[tuple[str, str, str], list[tuple[Span, Span]]]:
    """Return the passages of the reports by kind and by both names, in the order of the first."""
    wanted = ds.field("report").isin(reports) & ds.field("source_report").isin(reports)
    columns = ["kind", "report", "source_report", "start", "end", "source_start", "source_end"]
    table = ds.dataset(path, format="parquet").to_table(columns=columns, filter=wanted)
    order = pc.sort_indices(table, sort_keys=[("report", "ascending"), ("start", "ascending")])
    found: dict[tuple[str, str, str], list[tuple[Span, Span]]] = {}
    for row in table.take(order).to_pylist():
        key = (row["kind"], row["report"], row["source_report"])
        spans = (Span(row["start"], row["end"]), Span(row["source_start"], row["source_end"]))
        found.setdefault(key, []).append(spans)
    return found


def _side(
    reports: pd.DataFrame, row: int, text: str, sections: Sections, spans: Sequence[Span]
) -> Side:
    marks = sorted((span.start, span.end, i) for i, span in enumerate(spans, start=1))
    told = reports.iloc[row]
    return Side(
        encodable(told["report"]),
        encodable(told["agency"]),
        int(told["year"]),
        tuple(
            (SECTIONS[body.section], tuple(_pieces(text, body.start, body.end, marks)))
            for body in sections.bodies(row, text)
        ),
    )


def _pieces(
    text: str, start: int, end: int, marks: Sequence[tuple[int, int, int]]
) -> Iterator[Piece]:
    """Yield a section in pieces; where passages overlap, the earlier one shows whole."""
    at = start
    for first, last, number in marks:
        low, high = max(first, at), min(last, end)
        if low >= high:
            continue
        if low > at:
            yield Piece(encodable(text[at:low]), 0)
        yield Piece(encodable(text[low:high]), number)
        at = high
    if at < end:
        yield Piece(encodable(text[at:end]), 0)


def write_reuse_page(views: Sequence[PairView], path: Path, *, lang: Lang = "zh") -> None:
    """Write the page: one file that needs no network and no script.

    Raises
    ------
    OutputError
        E501 when it can't be written.
    """
    data = files("mining") / "data"
    words = tomllib.loads((data / "reuse.toml").read_text(encoding="utf-8"))
    ui = {name: pair[_COLUMN[lang]] for name, pair in words.items()}
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string((data / "reuse.html.j2").read_text(encoding="utf-8"))
    page = template.render(ui=ui, lang=lang, views=views)
    with writing(path):
        path.write_text(page, encoding="utf-8", newline="\n")
