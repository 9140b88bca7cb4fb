"""Step: find the figures of the narrative, and the statements of none."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import islice
from operator import itemgetter

from mining.errors import LayerError
from mining.form import Form
from mining.phrases import NoneSpec
from mining.quantities.approximation import make_quantity
from mining.quantities.mentions import Found, find_quantities
from mining.report import Figure, FigureKind, LogEntry, Report, Section, change_report, make_figure
from mining.settings import Settings
from mining.spans import Span

__all__ = ["extract_figures"]

_STOP = re.compile(r"[。！？!?\n]")
_TO_MARK = re.compile("(?s:.*)[。；;，,：:]")
# A line this long that ends in the middle of a sentence was wrapped by the page, not by the writer.
_WRAPPED_LINE = 25
_LINE_END = "。！？!?；;：:）)”…|"
# Line ends that a page made. The character first, as looking for one is faster than looking back.
_WRAP = re.compile(
    rf"\n(?<=[^\n]{{{_WRAPPED_LINE - 1}}}[^\n{_LINE_END}]\n)"
    r"(?![\s（(【\[一二三四五六七八九十①-⑳|]|[0-9]{1,2}[.．、]|$)"
)
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
_TO_NONE_MARK = re.compile("(?s:.*)[。；;，,：:\n]")
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
    most = settings.max_figures
    found = _iter_figures(report.text, report.sections, _bounded(report, settings), form, most + 1)
    figures = tuple(islice(found, most + 1))
    if len(figures) <= most:
        return change_report(report, figures=figures)
    entry = LogEntry(
        stage="figures",
        code="figures-limit",
        message=f"stopped at {most}",
        span=figures[most].span,
    )
    return change_report(report, figures=figures[:most], log=(*report.log, entry))


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


def _stops(text: str, passage: Span, mentions: list[Found]) -> list[int]:
    """Return where sentences end: after a full stop, at a line end that is no page wrap."""
    stops = [m.end() for m in _STOP.finditer(text, passage.start, passage.end)]
    # What stands before the passage makes no line of it longer.
    first = passage.start + _WRAPPED_LINE
    wraps = _WRAP.finditer(text, min(first, passage.end), passage.end)
    joined = {m.end() for m in wraps}
    for start, end, _ in mentions:
        if text.find("\n", start, end) >= 0:
            joined.update(at + 1 for at in range(start, end) if text[at] == "\n")
    if joined:
        stops = [stop for stop in stops if stop not in joined]
    return [passage.start, *stops, passage.end]


def _iter_figures(
    text: str, sections: tuple[Section, ...], passages: list[Span], form: Form, limit: int
) -> Iterator[Figure]:
    """Yield the figures in order of the text, numbered from 0."""
    starts = [s.span.start for s in sections]
    told = find_quantities(text, passages, limit=limit)
    denied = [list(_nones(text, *each, form)) for each in zip(passages, told, strict=True)]
    section, turn = None, 0
    number = 0
    for passage, mentions, nones in zip(passages, told, denied, strict=True):
        pending = [(start, end, "", quantity) for start, end, quantity in mentions]
        if nones:
            pending += [(s.start, s.end, key, _NOTHING) for s, key in nones]
            pending.sort(key=itemgetter(0, 1, 2))
        if not pending:
            continue
        sentences = _Sentences(text, _stops(text, passage, mentions))
        floor = passage.start
        for start, end, key, quantity in pending:
            if start >= turn:
                # The figures come in order of the text, so that a section holds until the next.
                index = bisect_right(starts, start)
                section = sections[index - 1] if index else None
                turn = starts[index] if index < len(starts) else len(text) + 1
            if section is None or start >= section.span.end:
                continue
            sentence = sentences.around(start, end)
            first = sentence.start
            if first < floor:
                first = min(start, floor)
            marked = _TO_MARK.match(text, first, start)
            yield make_figure(
                id=number,
                span=Span(start, end),
                quantity=quantity,
                kind="ordinal"
                if text[start] == "第" and not key
                else _KINDS.get(quantity.unit, "count"),
                role="single",
                scope="",
                sentence=sentence,
                # From the last clause mark, or the figure before it, to the end of the figure.
                clause=Span(marked.end() if marked else first, end),
                section=section.key,
                claim="none" if key else "number",
                hint=key,
            )
            number += 1
            if not key:
                floor = end


class _Sentences:
    """The sentences of a passage; most hold several figures, which then share one span."""

    def __init__(self, text: str, stops: list[int]) -> None:
        self.text, self.stops = text, stops
        self.start = self.end = 0
        self.inner = Span(0, 0)

    def around(self, start: int, end: int) -> Span:
        """Return the sentence around a range, without blanks at its edges."""
        if start < self.start or end > self.end:
            index = bisect_right(self.stops, start)
            last = bisect_left(self.stops, end, index)
            self.start, self.end = self.stops[index - 1], self.stops[last]
            self.inner = _trimmed(self.text, self.start, self.end)
            if last > index:
                # Its own words hold a full stop: what comes after may stand in a shorter one.
                self.end = self.start
        inner = self.inner
        if inner.start <= start and end <= inner.end:
            return inner
        return Span(min(inner.start, start), max(inner.end, end))


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _nones(
    text: str, passage: Span, mentions: list[Found], form: Form
) -> Iterator[tuple[Span, str]]:
    """Yield the statements of none that no number takes back; of overlapping ones the longest."""
    found = [
        (match, spec)
        for match, spec in form.none_index.matches(text, passage.start, passage.end)
        if match.end() > match.start() and not _is_near(text, match, spec)
    ]
    if not found:
        return
    starts = [start for start, _, _ in mentions]
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


def _none_span(match: re.Match[str]) -> Span:
    """Return what to show of a statement of none: its group ``s`` where the pattern has one."""
    shown = "s" if match.re.groupindex and match["s"] else 0
    return Span(*match.span(shown))


def _is_near(text: str, match: re.Match[str], spec: NoneSpec) -> bool:
    """Tell whether the clause holds, in or close to the match, a word that the spec rules out."""
    if spec.not_near is None:
        return False
    floor = max(0, match.start() - _LONGEST_CLAUSE)
    marked = _TO_NONE_MARK.match(text, floor, match.start())
    start = marked.end() if marked else floor
    after = _NONE_AFTER.match(text, match.end())
    return spec.not_near.search(text, start, after.end() if after else match.end()) is not None


def _is_taken_back(text: str, span: Span, mentions: list[Found], starts: list[int]) -> bool:
    """Tell whether a number above 0 stands inside the words of none or right after them."""
    index = max(bisect_right(starts, span.start) - 1, 0)
    for start, end, quantity in mentions[index:]:
        if start > span.end + 8:
            return False
        if quantity.value == 0 or end <= span.start:
            continue
        if _CONTRADICTS.fullmatch(text, span.end, max(span.end, start)):
            return True
    return False
