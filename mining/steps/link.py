"""Links from figures to the cells, named sums and derived quantities that they state."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from mining.errors import LayerError
from mining.form import Form
from mining.phrases import PhraseSpec
from mining.report import Address, Figure, Link, Report
from mining.settings import Settings
from mining.spans import Span
from mining.steps.pieces import explains, is_told_first, piece_of
from mining.steps.subjects import is_planned, tells_other_period, words_before
from mining.tabular.cellbook import CellBook

__all__ = ["link_figures", "matching_phrases"]

_RIGHT = 24
_BREAK = re.compile(r"[。；;！!？?\n]")
_REST = re.compile(r"[^，,。；;：:\n]{0,24}")
_AFTER = re.compile(r"[^，,。；;、：:（(）)\s]{0,8}")
# 行政复议、行政诉讼分别为2件、1件: the figures take the names before 分别 in turn.
_EACH = re.compile(
    r"分别(?:[为是有达]到?|(?P<verb>公开|发布|推送|收到|受理|办结|召开|举办))?(?:政府|政务)?(?:信息)?[:：]?"
)
_ASIDE = re.compile(r"[（(][^（）()]{0,20}[）)]")
_NAMES = re.compile(r"[、，,和及与]")
# What belongs to a number that stands before its words.
_WORDS_OF_LAST = re.compile(r"[^,，；;、：:（(0-9]*[,，、]")
# So many characters told with a figure may be unknown where a phrase lists single words.
_MOST_UNKNOWN = 3
# How far back words can decide: longer than any real sentence, and it keeps linking linear.
_REACH = 400
_LONGEST_LEAD = 24
_RUN_IN = re.compile(r"[^。；;，,：:\n]{0,24}[。：:]")
# A figure that fits another scope of the same words is less sure than one that fits the first.
_OTHER_SCOPE = 0.97
# So is one whose words were told with the figure before it: 2019年发生行政复议5件，2020年2件.
_CARRIED_OVER = 0.95
_ELSEWHERE = frozenset(("last_year", "earlier_year", "whole_area", "sub_unit", "other_agency"))
_ONLY_TIME = re.compile(
    r"[,，]?(?:而|其中)?(?:(?:19|20)[0-9]{2}年度?|今年|本年度?|(?:我|本)[\u4e00-\u9fff]{1,2}(?<=[局厅委院办区县市省镇乡道关位]))?"
    r"(?P<verb>[\u4e00-\u9fff]{0,4}?)(?:共|共有|为|则为|有|达到?|(?:增加|增长|上升|提高|减少|下降|[增升降减])?[到至为])?"
    r"(?:(?:19|20)[0-9]{2}年的|今年的|本年的)?"
)
_TIME_AT_END = re.compile(
    r"[,，]?(?:从|由|比|较|与)?(?:(?:19|20)[0-9]{2}年度?|上年度?|去年|上一年度?)(?:同期)?的?$"
)


class _Place(NamedTuple):
    """What stands around a figure: its window to the left, the sentence so far, and the right."""

    figure: Figure
    left: str
    start: int
    sofar: str
    lead: str
    right: str
    topic: str
    subject: str = ""
    is_carried: bool = False
    is_first: bool = False
    piece: str = "|"


def link_figures(report: Report, form: Form, settings: Settings) -> Report:
    """Link each figure that states something of the tables.

    A figure is linked by the surest phrase of the form that its words match; among the scopes that
    the phrase allows, the one whose value fits is taken. Figures of another year, level or kind
    are not linked.

    Raises
    ------
    LayerError
        E301 when figures or tables are not computed yet.
    """
    if report.figures is None or report.tables is None:
        msg = "links need figures and tables"
        raise LayerError(msg, code="E301", path=report.id)
    book = CellBook(report, form, settings)
    links: list[Link] = []
    previous: Figure | None = None
    last: _Place | None = None
    for figure in report.figures:
        if figure.claim == "none":
            links.extend(_none_links(report, figure, form))
            continue
        place = None
        if _may_link(figure):
            is_first = last is not None and last.is_first
            place = _carry_over(_place(report, figure, previous, form, is_first=is_first), last)
            link = _best_link(place, form, book)
            if link is not None and _is_own(report, figure):
                links.append(link)
        previous, last = figure, place
    return replace(report, links=tuple(links))


def _may_link(figure: Figure) -> bool:
    return figure.kind in ("count", "money") and figure.role in ("total", "part", "single")


def _is_own(report: Report, figure: Figure) -> bool:
    """Tell whether the words before a figure speak of results of the whole year."""
    words = words_before(report.text, figure)
    return not (tells_other_period(words) or is_planned(words))


def _none_links(report: Report, figure: Figure, form: Form) -> Iterator[Link]:
    if figure.scope or not _is_own(report, figure):
        return
    for spec in form.nones:
        if spec.key == figure.hint:
            for cell in spec.cells:
                yield Link(
                    figure=figure.id,
                    address=cell,
                    also=(),
                    score=spec.score,
                    phrase=spec.key,
                    quote=figure.span,
                )


def _place(
    report: Report, figure: Figure, previous: Figure | None, form: Form, *, is_first: bool = False
) -> _Place:
    """Look at the words around a figure; `is_first` when those of the one before follow it."""
    text = report.text
    begin = max(figure.sentence.start, figure.span.start - _REACH)
    sofar = text[begin : figure.span.start]
    start = begin
    if previous is not None and previous.span.end > begin:
        start = previous.span.end
    window = text[start : figure.span.start]
    breaks = [m.end() for m in _BREAK.finditer(window)]
    if breaks:
        start += breaks[-1]
        window = text[start : figure.span.start]
    elif is_first and (mark := _WORDS_OF_LAST.match(window)):
        start += mark.end()
        window = window[mark.end() :]
    names = _shared_name(text, figure, begin)
    if names is not None:
        window = names
    right = text[figure.span.end : figure.span.end + _RIGHT]
    topic = _topic(report, figure, sofar, form)
    subject = _subject(report, figure, form)
    lead = _lead(text, begin)
    # What follows the number before it is that number's: 2起维持、1起被撤销.
    first = is_told_first(window, right)
    piece = piece_of(window, right)
    return _Place(
        figure, window, start, sofar, lead, right, topic, subject, is_first=first, piece=piece
    )


def _carry_over(place: _Place, last: _Place | None) -> _Place:
    """Give a figure that has only a time or a subject of its own the words of the one before it."""
    if last is None or place.figure.scope or last.figure.scope not in _ELSEWHERE:
        return place
    one, other = place.figure, last.figure
    if one.sentence != other.sentence or one.quantity.unit != other.quantity.unit:
        return place
    told = _ONLY_TIME.fullmatch(place.left)
    if told is None or told["verb"] not in last.left:
        return place
    left = _TIME_AT_END.sub("", last.left)
    piece = piece_of(left, place.right)
    return place._replace(left=left, start=last.start, is_carried=True, piece=piece)


def _lead(text: str, begin: int) -> str:
    """Return the short heading that a sentence stands under, on its own line or run in."""
    line = text.rfind("\n", max(0, begin - _REACH), begin) + 1
    if line == 0 and begin > _REACH:
        return ""
    above = text.rfind("\n", max(0, line - _REACH), max(line - 1, 0)) + 1
    before = text[above:line] if line - above <= _LONGEST_LEAD else ""
    run_in = _RUN_IN.match(text, line, begin)
    return f"{before}{run_in[0]}" if run_in else before


def _shared_name(text: str, figure: Figure, begin: int) -> str | None:
    """Return the name that belongs to a figure after 分别, counting both lists."""
    sofar = text[begin : figure.span.start]
    marks = list(_EACH.finditer(sofar)) if "分别" in sofar else []
    if not marks:
        return None
    mark = marks[-1]
    between = sofar[mark.end() :]
    if re.search(r"[，,；;。]", between):
        return None
    head = re.split(r"[。；;，,：:（(]", _ASIDE.sub("", sofar[: mark.start()]))[-1]
    names = [n for n in _NAMES.split(head) if n.strip()]
    position = len(re.findall(r"[、和及]", between))
    if len(names) < 2 or position >= len(names):
        return None
    return f"{names[position]}{mark['verb'] or ''}"


def _topic(report: Report, figure: Figure, sofar: str, form: Form) -> str:
    """Return the subject told last before the figure, else right after it, else the section's."""
    words, keys = form.topic_pattern, form.topic_words
    if words is None:
        return ""
    found = words.findall(sofar)
    holding = next((keys[w] for w in found if keys[w] in form.holding_topics), "")
    if holding:
        return holding
    after = None if found else words.search(_clause_after(report.text, figure))
    if after:
        # 收到12件政府信息公开申请: what is counted follows its number.
        return keys[after[0]]
    if not found:
        floor = max(0, figure.span.start - _REACH)
        begin = max(floor, report.text.rfind("\n", floor, figure.sentence.start) + 1)
        found = words.findall(report.text, begin, figure.span.start)
    if found:
        return keys[found[-1]]
    return figure.section if figure.section in keys.values() else ""


def _subject(report: Report, figure: Figure, form: Form) -> str:
    """Return what was named last in the paragraph before the figure."""
    words = form.subject_pattern
    if words is None:
        return ""
    floor = max(0, figure.span.start - _REACH)
    begin = max(floor, report.text.rfind("\n", floor, figure.span.start) + 1)
    found = words.findall(report.text, begin, figure.span.start)
    if not found:
        return form.subject_of_section.get(figure.section, "")
    return form.subject_words[found[-1]]


def _clause_after(text: str, figure: Figure) -> str:
    found = _REST.match(text, figure.span.end)
    return found[0] if found else ""


def _best_link(place: _Place, form: Form, book: CellBook) -> Link | None:
    figure = place.figure
    found = tuple(_matches(place, form, best_only=True))
    if not found:
        return None
    phrase, quote = max(
        found, key=lambda m: (m[0].score, m[1].end - figure.span.start, m[1].end - m[1].start)
    )
    link = _resolve(figure, phrase, quote, book)
    return replace(link, score=link.score * _CARRIED_OVER) if place.is_carried else link


def matching_phrases(
    report: Report, figure: Figure, previous: Figure | None, form: Form
) -> tuple[tuple[PhraseSpec, Span], ...]:
    """Return every phrase that the words of a figure match, the surest first, with its quote.

    Parameters
    ----------
    report
        With figures.
    figure, previous
        A figure and the one told before it.
    form
        Whose phrases are tried.
    """
    return tuple(_matches(_place(report, figure, previous, form), form, best_only=False))


def _matches(place: _Place, form: Form, *, best_only: bool) -> Iterator[tuple[PhraseSpec, Span]]:
    """Yield the phrases that match, the surest first; `best_only` ends after the highest score."""
    figure = place.figure
    index = form.phrase_index
    fitting = index.fitting(
        unit=figure.quantity.unit,
        scope=figure.scope,
        topic=place.topic,
        section=figure.section,
        subject=place.subject,
    )
    left, piece = place.left, place.piece
    least = 0.0
    if fitting:
        fitting &= index.told(f"{left}{piece[piece.index('|'):]}", place.right)
    for phrase in index.phrases(fitting):
        if phrase.score < least:
            return
        # Asked here, before anything is called: nearly all phrases end with this.
        found = phrase.before.search(left) if phrase.before is not None else None
        if found is None and not phrase.around:
            words = phrase.words
            if not words or words[0].search(piece) is None:
                continue
        quote = _match(place, phrase, found, form)
        if quote is None or _excluded(place, phrase):
            continue
        yield phrase, quote
        if best_only:
            least = phrase.score


def _match(
    place: _Place, phrase: PhraseSpec, before: re.Match[str] | None, form: Form
) -> Span | None:
    """Return the words that a phrase matches; `before` is what its first pattern found."""
    if before is not None:
        return _quote(place, before)
    for left, right in phrase.around:
        # The right side first: it is looked at in one place only.
        found = left.search(place.left) if right.match(place.right) else None
        if found is not None:
            return _quote(place, found)
    if phrase.words and explains(phrase, place.piece, form.filler, most=_MOST_UNKNOWN):
        end = place.figure.span.start
        return Span(end - place.piece.index("|"), end)
    return None


def _quote(place: _Place, found: re.Match[str]) -> Span:
    start = min(place.start + found.start(), place.figure.span.start)
    return Span(start, place.figure.span.start)


def _excluded(place: _Place, phrase: PhraseSpec) -> bool:
    after = _AFTER.match(place.right)
    around = f"{place.left}{after[0] if after else ''}"
    if phrase.not_near is not None and phrase.not_near.search(around):
        return True
    if phrase.not_after is not None and phrase.not_after.match(place.right):
        return True
    near = phrase.near
    return near is not None and not (near.search(place.sofar) or near.search(place.lead))


def _resolve(figure: Figure, phrase: PhraseSpec, quote: Span, book: CellBook) -> Link:
    """Choose among the scopes of a phrase the one that the figure fits, else the strict one."""
    addresses: tuple[Address, ...] = (phrase.cell, *phrase.also)
    chosen = phrase.cell
    for address in addresses:
        value = (book.in_yuan if figure.kind == "money" else book.value)(address).value
        if value is not None and value in figure.quantity.narrow:
            chosen = address
            break
    return Link(
        figure=figure.id,
        address=chosen,
        also=tuple(a for a in addresses if a != chosen),
        score=phrase.score if chosen == phrase.cell else phrase.score * _OTHER_SCOPE,
        phrase=phrase.key,
        quote=quote,
    )
