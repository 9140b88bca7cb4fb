"""Step: cut what a report says of its problems into points, wherever it says it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from mining.errors import LayerError
from mining.form import Form
from mining.report import Point, PointKind, Report, Section, ThemeScore, change_report, make_point
from mining.settings import Settings
from mining.spans import Span
from mining.themes.cutting import part_of
from mining.themes.features import Statement
from mining.themes.points import cut_statements

__all__ = ["Classify", "cut_points", "with_themes"]

Classify = Callable[[Sequence[Statement]], Sequence[tuple[ThemeScore, ...]]]
"""Tells the themes of statements; `mining.themes.classify.ThemeClassifier.predict` is one."""

_PROBLEMS = "problems"
_CN = "一二三四五六七八九十"
_TOLD = re.compile(
    r"(?:存在|主要|工作)[的着]?[^，。；\n]{0,6}?(?:问题|不足|困难|差距)|(?:问题|不足|困难)(?:[及和与]|$)"
    r"|不足之处|^(?:问题|不足)"
)
# A heading inside a section, and what its number looks like.
_HEADING = re.compile(
    rf"^[ \t]*(?P<number>[（(][{_CN}]{{1,2}}[）)]|\d{{1,2}}[.、．]|[{_CN}]{{1,2}}、)?"
    r"[ \t]*(?P<title>[^\n。；，,：:]{2,30})[：:。]?[ \t]*$",
    re.MULTILINE,
)
# Prose that turns to problems without a heading, at the start of a paragraph.
_TURN = re.compile(
    r"^[ \t]*[^，。；：\n]{0,16}存在(?:着)?(?:的|一些|以下|不少)?(?:主要)?"
    r"(?:问题|不足|困难)[^。；\n]{0,12}?[：:]",
    re.MULTILINE,
)
# Signature and date below the last section.
_SIGNED = re.compile(
    r"(?:\n[^\n。；，]{2,30})?\n[ \t]*\d{4}[ ]?年[ ]?\d{1,2}[ ]?月[ ]?\d{1,2}[ ]?日[ \t\n]*$"
)
_MOST_SIGNED = 120


def cut_points(
    report: Report,
    form: Form,  # noqa: ARG001
    settings: Settings,  # noqa: ARG001
    *,
    classify: Classify | None = None,
) -> Report:
    """Fill ``points`` from the section of problems, or from where else problems are told.

    Old reports tell problems and plans in two sections, which are cut as one; others tell them
    below a heading inside of another section.

    Parameters
    ----------
    report
        With its sections and tables.
    form, settings
        Not asked.
    classify
        Fills the points' themes; without it they have none.

    Raises
    ------
    LayerError
        E301 when the sections or tables are not there yet.
    """
    if report.sections is None or report.tables is None:
        msg = "points need sections and tables"
        raise LayerError(msg, code="E301", path=report.source.uri, hint="run the steps before")
    text = report.text
    told = list(_told(report, report.sections))
    said = [Statement(text[start:end], kind, answers) for _, start, end, kind, answers in told]
    themes = classify(said) if classify and said else [()] * len(said)
    points = [
        make_point(
            id=i, section=key, kind=kind, span=Span(start, end), answers=answers, themes=spoken
        )
        for i, ((key, start, end, kind, answers), spoken) in enumerate(
            zip(told, themes, strict=True)
        )
    ]
    return change_report(report, points=tuple(points))


def _told(
    report: Report, sections: Sequence[Section]
) -> Iterator[tuple[str, int, int, PointKind, int | None]]:
    """Yield section, place, kind and answered problem of each point."""
    base = 0
    for key, stretch in _stretches(report, sections):
        shift = stretch.start
        found = cut_statements(stretch.of(report.text))
        for (own_start, own_end, kind, *_), answered in found:
            start = own_start + shift
            answers = None if answered is None else base + answered
            yield key or _key_at(report, start), start, own_end + shift, kind, answers
        base += len(found)


def with_themes(text: str, points: Sequence[Point], classify: Classify) -> tuple[Point, ...]:
    """Return points of one report with the themes that `classify` tells."""
    statements = [Statement(text=p.span.of(text), kind=p.kind, answers=p.answers) for p in points]
    themes = classify(statements) if statements else ()
    return tuple(replace(p, themes=t) for p, t in zip(points, themes, strict=True))


def _stretches(report: Report, sections: Sequence[Section]) -> Iterator[tuple[str, Span]]:
    """Yield stretches of text to cut, with the section's key, empty for more than one section."""
    told = [i for i, s in enumerate(sections) if _tells_problems(s)]
    if not told:
        for section in sections:
            if (inner := _inner(report.text, section)) is not None:
                yield section.key, _bare(report, inner)
        return
    for i in told:
        last = i
        while last + 1 < len(sections) and _tells_plans(sections[last + 1]):
            last += 1
        span = Span(sections[i].heading.end, sections[last].span.end)
        yield sections[i].key if last == i else "", _bare(report, span)


def _tells_problems(section: Section) -> bool:
    return section.key == _PROBLEMS or (
        section.key == "unknown" and _TOLD.search(section.title) is not None
    )


def _tells_plans(section: Section) -> bool:
    return section.key == "unknown" and part_of(section.title) == "improvement"


def _inner(text: str, section: Section) -> Span | None:
    """Return what a section tells of problems below a heading of its own."""
    begin: int | None = None
    style = ""
    for match in _HEADING.finditer(text, section.heading.end, section.span.end):
        if begin is None and _TOLD.search(match["title"]):
            begin, style = match.end(), _style(match["number"])
        elif begin is not None and _style(match["number"]) == style and not part_of(match["title"]):
            return Span(begin, match.start())
    if begin is None and (turn := _TURN.search(text, section.heading.end, section.span.end)):
        begin = turn.start()
    return None if begin is None else Span(begin, section.span.end)


def _style(number: str | None) -> str:
    number = number or ""
    return "1" if number[:1].isdigit() else number[:1] if number[:1] in ("（", "(") else number[-1:]


def _bare(report: Report, span: Span) -> Span:
    """Return the stretch up to its first table, or to the signature of the report."""
    start, end = span.start, span.end
    for table in report.tables or ():
        if start <= table.span.start < end:
            end = table.span.start
    signed = _SIGNED.search(report.text, max(start, end - _MOST_SIGNED), end)
    return Span(start, signed.start() if signed else end)


def _key_at(report: Report, position: int) -> str:
    section = report.section_at(position)
    return section.key if section else "unknown"
