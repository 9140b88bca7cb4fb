"""Step: find the figures of the narrative, and the statements of none."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import replace

from mining.errors import LayerError
from mining.form import Form
from mining.phrases import NoneSpec
from mining.quantities.approximation import make_quantity
from mining.quantities.mentions import Mention, find_mentions
from mining.quantity import Quantity
from mining.report import Figure, FigureKind, LogEntry, Report, Section
from mining.settings import Settings
from mining.spans import Span

__all__ = ["extract_figures"]

_STOP = re.compile(r"[。！？!?\n]")
_CLAUSE_MARK = re.compile("[。；;，,：:]")
# A line this long that ends in the middle of a sentence was wrapped by the page, not by the writer.
_WRAPPED_LINE = 25
_LINE_END = "。！？!?；;：:）)”…|"
_NEW_ITEM = re.compile(r"[\s（(【\[一二三四五六七八九十①-⑳|]|[0-9]{1,2}[.．、]|$")
_KINDS: dict[str, FigureKind] = {
    **dict.fromkeys(("%", "个百分点", "百分点"), "percent"),
    **dict.fromkeys(("元", "美元"), "money"),
    **dict.fromkeys(("倍", "番"), "change"),
    **dict.fromkeys(("分", "天", "小时", "个小时", "分钟", "秒", "工作日", "个工作日"), "other"),
    **dict.fromkeys(("公里", "平方公里", "平方米", "立方米", "米", "公顷", "亩", "吨"), "other"),
    **dict.fromkeys(("千克", "公斤"), "other"),
}
# What may stand between the words of none and a number that takes them back (未收到超过3件).
_CONTRADICTS = re.compile(r"[^,，。；;：:、\n]{0,6}")
# How far a word that rules a statement of none out may follow it.
_NONE_AFTER = re.compile(r"[^。；;，,\n]{0,10}")
_NONE_MARKS = "。；;，,：:\n"
_LONGEST_CLAUSE = 60
# A report of 100 thousand characters and more has fewer than 5 000 numerals.
_NUMERAL = re.compile(r"[0-9]+|[一二三四五六七八九十百千万亿两〇零]+")
_NUMERALS_PER_FIGURE = 10
_NOTHING = make_quantity(0, step=1)


def extract_figures(report: Report, form: Form, settings: Settings) -> Report:
    """Fill ``figures`` with the quantities of the narrative and the statements of none.

    The narrative is the text of the sections without the spans of tables. Roles and scopes are
    left at their defaults.

    Parameters
    ----------
    report
        With sections; tables may be missing.
    form
        Its ``nones`` say how a statement of none is worded.
    settings
        ``max_figures`` stops the reading, with a log entry.

    Raises
    ------
    LayerError
        When the sections have not been computed (E301).
    """
    if report.sections is None:
        msg = "figures need sections"
        raise LayerError(msg, code="E301", path=report.source.uri, hint="run the step before")
    figures: list[Figure] = []
    for figure in _iter_figures(
        report.text, report.sections, _bounded(report, settings), form, settings.max_figures + 1
    ):
        if len(figures) == settings.max_figures:
            entry = LogEntry(
                stage="figures",
                code="figures-limit",
                message=f"stopped at {settings.max_figures}",
                span=figure.span,
            )
            return replace(report, figures=tuple(figures), log=(*report.log, entry))
        figures.append(figure)
    return replace(report, figures=tuple(figures))


def _passages(report: Report) -> list[Span]:
    """Return the stretches of running text: everything but the tables."""
    passages, position = [], 0
    for span in sorted(t.span for t in report.tables or ()):
        if span.start > position:
            passages.append(Span(position, span.start))
        position = max(position, span.end)
    if position < len(report.text):
        passages.append(Span(position, len(report.text)))
    return passages


def _bounded(report: Report, settings: Settings) -> list[Span]:
    """Return the passages up to the numeral after which no report goes on.

    Numbers that count nothing make no figures, so ``max_figures`` alone would not stop them.
    """
    passages, left = _passages(report), settings.max_figures * _NUMERALS_PER_FIGURE
    if sum(map(len, passages)) < 2 * left:
        return passages
    for index, passage in enumerate(passages):
        for match in _NUMERAL.finditer(report.text, passage.start, passage.end):
            left -= 1
            if not left:
                return [*passages[:index], Span(passage.start, match.start())]
    return passages


def _mentions_in(text: str, passage: Span, limit: int) -> Iterator[Mention]:
    """Yield the quantities of one passage, their spans in the whole text."""
    shift = passage.start
    for mention in find_mentions(passage.of(text), limit=limit):
        span = Span(mention.span.start + shift, mention.span.end + shift)
        yield Mention(span=span, quantity=mention.quantity) if shift else mention


def _stops(text: str, passage: Span, mentions: list[Mention]) -> Iterator[int]:
    """Yield where sentences end: after a full stop, at a line end that is no page wrap."""
    inside = {p for m in mentions for p in range(m.span.start, m.span.end)}
    line = passage.start
    for match in _STOP.finditer(text, passage.start, passage.end):
        if match[0] != "\n":
            yield match.end()
            continue
        at = match.start()
        wrapped = at - line >= _WRAPPED_LINE and text[at - 1] not in _LINE_END
        if at not in inside and not (wrapped and not _NEW_ITEM.match(text, at + 1)):
            yield match.end()
        line = match.end()
    yield passage.end


def _iter_figures(
    text: str, sections: tuple[Section, ...], passages: list[Span], form: Form, limit: int
) -> Iterator[Figure]:
    """Yield the figures in order of the text, numbered from 0."""
    starts = [s.span.start for s in sections]
    number = 0
    for passage in passages:
        mentions = list(_mentions_in(text, passage, limit))
        nones = [(s, _NOTHING, key) for s, key in _nones(text, passage, form, mentions)]
        if not mentions and not nones:
            continue
        stops = [passage.start, *_stops(text, passage, mentions)]
        pending = [*((m.span, m.quantity, "") for m in mentions), *nones]
        pending.sort(key=lambda p: (p[0].start, p[0].end, p[2]))
        floor = passage.start
        for span, quantity, key in pending:
            section = _section_at(sections, starts, span)
            if section is None:
                continue
            sentence = _sentence_at(text, stops, span)
            clause = _clause(text, max(sentence.start, min(floor, span.start)), span)
            yield _figure(
                text, span, quantity, sentence, clause, section=section.key, hint=key, number=number
            )
            number += 1
            if not key:
                floor = span.end


def _section_at(sections: tuple[Section, ...], starts: list[int], span: Span) -> Section | None:
    index = bisect_right(starts, span.start) - 1
    return sections[index] if index >= 0 and span.start < sections[index].span.end else None


def _sentence_at(text: str, stops: list[int], span: Span) -> Span:
    """Return the sentence around `span`, without blanks at its edges."""
    index = bisect_right(stops, span.start)
    start = stops[index - 1] if index else 0
    last = bisect_left(stops, span.end, index)
    end = stops[last] if last < len(stops) else len(text)
    while start < span.start and text[start].isspace():
        start += 1
    while end > span.end and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _clause(text: str, floor: int, span: Span) -> Span:
    """Return the stretch from the last clause mark (or `floor`) to the end of the figure."""
    mark = -1
    for match in _CLAUSE_MARK.finditer(text, floor, span.start):
        mark = match.start()
    return Span(max(mark + 1, floor), span.end)


def _figure(
    text: str,
    span: Span,
    quantity: Quantity,
    sentence: Span,
    clause: Span,
    *,
    section: str,
    hint: str,
    number: int,
) -> Figure:
    is_rank = text.startswith("第", span.start) and not hint
    return Figure(
        id=number,
        span=span,
        quantity=quantity,
        kind="ordinal" if is_rank else _KINDS.get(quantity.unit, "count"),
        role="single",
        scope="",
        sentence=sentence,
        clause=clause,
        section=section,
        claim="none" if hint else "number",
        hint=hint,
    )


def _nones(
    text: str, passage: Span, form: Form, mentions: list[Mention]
) -> Iterator[tuple[Span, str]]:
    """Yield the statements of none that no number takes back; of overlapping ones the longest."""
    starts = [m.span.start for m in mentions]
    found = [
        (match, spec)
        for match, spec in _none_matches(text, passage, form)
        if match.end() > match.start() and not _is_near(text, match, spec)
    ]
    found.sort(key=lambda f: (f[0].start() - f[0].end(), f[0].start(), f[1].key))
    taken: list[Span] = []
    for match, spec in found:
        whole = Span(*match.span())
        at = bisect_right(taken, whole)
        if any(whole.overlaps(other) for other in taken[max(0, at - 1) : at + 1]):
            continue
        span = _none_span(match)
        if not _is_taken_back(text, span, mentions, starts):
            taken.insert(at, whole)
            yield span, spec.key


def _none_matches(text: str, passage: Span, form: Form) -> Iterator[tuple[re.Match[str], NoneSpec]]:
    """Yield what the patterns match where one of them can begin: the words are rare."""
    if form.none_start is None:
        return
    known = form.nones_by_opening
    for start in form.none_start.finditer(text, passage.start, passage.end):
        at = start.start()
        for spec in known.get(text[at : at + 2]) or known.get(start[0]) or ():
            match = spec.pattern.match(text, at, passage.end)
            if match is not None:
                yield match, spec


def _none_span(match: re.Match[str]) -> Span:
    """Return what to show of a statement of none: its group ``s`` where the pattern has one."""
    shown = "s" if match.re.groupindex and match["s"] else 0
    return Span(*match.span(shown))


def _is_near(text: str, match: re.Match[str], spec: NoneSpec) -> bool:
    """Tell whether the clause holds, in or close to the match, a word that the spec rules out."""
    if spec.not_near is None:
        return False
    floor = max(0, match.start() - _LONGEST_CLAUSE)
    start = max(floor - 1, *(text.rfind(c, floor, match.start()) for c in _NONE_MARKS)) + 1
    after = _NONE_AFTER.match(text, match.end())
    return spec.not_near.search(text, start, after.end() if after else match.end()) is not None


def _is_taken_back(text: str, span: Span, mentions: list[Mention], starts: list[int]) -> bool:
    """Tell whether a number above 0 stands inside the words of none or right after them."""
    index = max(bisect_right(starts, span.start) - 1, 0)
    for mention in mentions[index:]:
        if mention.span.start > span.end + 8:
            return False
        if mention.quantity.value == 0 or mention.span.end <= span.start:
            continue
        between = text[span.end : max(span.end, mention.span.start)]
        if _CONTRADICTS.fullmatch(between):
            return True
    return False
