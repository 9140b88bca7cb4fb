"""The sentences a finding speaks of, cut into marked pieces."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import TypedDict

from mining.finding import Finding
from mining.places import place_of
from mining.present.messages import Wording, word_place
from mining.report import Report
from mining.spans import Span

__all__ = ["Passage", "Piece", "cut_passages", "section_title"]

Piece = tuple[str, str]
"""Some text and the role it is marked with, empty for none."""

_Mark = tuple[Span, str]

_END = re.compile(r"[。！？\n]")
# Sentences of the narrative have 40 to 150 characters; a table printed in one line has thousands.
_REACH = 160
_LONGEST = 600
_MOST = 6


class Passage(TypedDict):
    """One stretch of the narrative: title of its section, place in the source, marked pieces."""

    section: str
    place: str
    pieces: list[Piece]


def cut_passages(report: Report, finding: Finding, *, wording: Wording) -> list[Passage]:
    """Return the sentences around the evidence of a finding, in text order, cut into pieces.

    The cuts are made here because a browser counts UTF-16 units and spans count code points.
    Evidence inside a table has no sentence; at most six passages are returned, each of at most
    600 characters.
    """
    marks = sorted(set(_marks(report, finding)))
    windows: list[Span] = []
    for span, _ in marks:
        window = _sentence(report.text, span)
        if windows and window.start <= windows[-1].end:
            window = Span(windows[-1].start, max(window.end, windows[-1].end))
            windows.pop()
        windows.append(window)
    return [
        Passage(
            section=section_title(report, window, wording=wording),
            place=word_place(place_of(report, window), wording=wording),
            pieces=_pieces(report.text, window, marks),
        )
        for window in windows[:_MOST]
    ]


def section_title(report: Report, span: Span | None, *, wording: Wording) -> str:
    """Return the title of the section that holds `span`, or its usual name, or nothing."""
    section = report.section_at(span.start) if span else None
    if section is None:
        return ""
    return section.title or wording.sections.get(section.key, section.key)


def _marks(report: Report, finding: Finding) -> Iterable[_Mark]:
    tables = [table.span for table in report.tables or ()]
    told: dict[Span, str] = {}
    own = [(finding.span, "figure")] if finding.report == report.id else []
    for span, role in [(e.span, e.role) for e in finding.evidence_in(report.id)] + own:
        if span and len(span):
            told.setdefault(span, role)
    for span, role in told.items():
        if span.end <= len(report.text) and not any(t.overlaps(span) for t in tables):
            yield span, role


def _sentence(text: str, span: Span) -> Span:
    """Return the sentence around `span`, or as much of it as fits on a page."""
    lowest, end = max(0, span.start - _REACH), min(span.end, span.start + _LONGEST)
    before = [m.end() for m in _END.finditer(text, lowest, span.start)]
    after = _END.search(text, max(end - 1, span.start), min(len(text), end + _REACH))
    start = before[-1] if before else lowest
    stop = max(end, after.start() + (after[0] != "\n") if after else min(len(text), end + _REACH))
    while start < span.start and text[start].isspace():
        start += 1
    return Span(start, stop)


def _pieces(text: str, window: Span, marks: list[_Mark]) -> list[Piece]:
    here = [(s, role) for s, role in marks if s.overlaps(window) and role != "sentence"]
    edges = {window.start, window.end}
    for span, _ in here:
        edges |= {max(span.start, window.start), min(span.end, window.end)}
    points = sorted(edges)
    pieces = [
        (text[start:end], _role_at(Span(start, end), here)) for start, end in pairwise(points)
    ]
    return _ellipsis(text, window, pieces)


def _role_at(span: Span, marks: list[_Mark]) -> str:
    """Return the role of the shortest mark over `span`."""
    over = [(len(s), role) for s, role in marks if s.contains(span)]
    return min(over)[1] if over else ""


def _ellipsis(text: str, window: Span, pieces: list[Piece]) -> list[Piece]:
    """Show where a passage does not begin or end with its sentence."""
    cut_start = window.start > 0 and not (
        text[window.start - 1].isspace() or _END.match(text, window.start - 1)
    )
    cut_end = window.end < len(text) and not (
        text[window.end] == "\n" or _END.match(text, window.end - 1)
    )
    return [("…", "")] * cut_start + pieces + [("…", "")] * cut_end
