"""Passages as the toolkit reads them: figures and breakdowns with places in the printed text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mining.passages.loading import Group, Passage, Place
from mining.pipeline import read_passage
from mining.present.rows import figure_rows
from mining.report import Breakdown, Figure, Meta, Report
from mining.settings import Settings
from mining.spans import OffsetMap
from mining.steps.normalize import normalize_text

__all__ = ["Extractor", "Reading", "read_with_toolkit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What an extractor found in a passage.

    Parameters
    ----------
    figures
        Rows with the columns of the table ``figures``, ``claim`` besides; who knows nothing of
        roles, scopes and cells leaves these columns out.
    groups
        Breakdowns.
    """

    figures: Sequence[Mapping[str, Any]]
    groups: Sequence[Group] = ()


Extractor = Callable[[Passage], Reading]
"""Anything that finds figures in a passage: the toolkit, or a library to compare it with."""


def read_with_toolkit(passage: Passage) -> Reading:
    """Return what the toolkit finds, from normalisation to links."""
    text, offsets = normalize_text(passage.text)
    report = read_passage(
        text,
        section=passage.section,
        form=passage.form,
        settings=Settings(),
        meta=Meta(year=passage.year, agency=passage.agency),
    )
    figures = report.figures or ()
    places = {figure.id: _place(figure, offsets) for figure in figures}
    return Reading(
        figures=tuple(_rows(report, places)),
        groups=tuple(_group(found, places) for found in report.breakdowns or ()),
    )


def _place(figure: Figure, offsets: OffsetMap) -> Place:
    span = offsets.to_raw(figure.span)
    return span.start, span.end


def _rows(report: Report, places: Mapping[int, Place]) -> Iterator[Mapping[str, Any]]:
    for figure, row in zip(report.figures or (), figure_rows(report), strict=True):
        start, end = places[figure.id]
        yield {**row, "start": start, "end": end, "claim": figure.claim}


def _group(found: Breakdown, places: Mapping[int, Place]) -> Group:
    return Group(
        total=places[found.total],
        parts=tuple(places[part] for part in found.parts),
        is_open=not found.closed,
    )
