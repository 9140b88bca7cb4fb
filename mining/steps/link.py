"""Links from figures to the cells, named sums and derived quantities that they state."""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import itemgetter
from typing import NamedTuple

from mining.errors import LayerError
from mining.form import Form
from mining.phrases import PhraseSpec
from mining.report import Address, Figure, Link, Report, change_report, make_link
from mining.settings import Settings
from mining.spans import Span
from mining.steps.pieces import explains, is_told_first, piece_of, words_behind
from mining.steps.subjects import is_planned, tells_other_period, words_before
from mining.tabular.cellbook import CellBook

__all__ = ["link_figures", "matching_phrases"]

_RIGHT = 24
_BREAK = re.compile(r"[。；;！!？?\n]")
_TO_BREAK = re.compile(r"[\s\S]*[。；;！!？?\n]")
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
    """What stands around a figure: its sentence, its window to the left, and the right."""

    figure: Figure
    begin: int
    start: int
    left: str
    right: str
    is_first: bool
    is_carried: bool = False


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
    book: CellBook | None = None
    text = report.text
    links: list[Link] = []
    previous: Figure | None = None
    last: _Place | None = None
    for figure in report.figures:
        if figure.claim == "none":
            links.extend(_none_links(text, figure, form))
            continue
        place = None
        if _may_link(figure):
            is_first = last is not None and last.is_first
            place = _place(text, figure, previous, is_first=is_first)
            if last is not None and last.figure.scope in _ELSEWHERE:
                place = _carry_over(place, last)
            best = _best_phrase(text, place, form)
            if best is not None:
                phrase, start = best
                if phrase.also and book is None:
                    book = CellBook(report, form, settings)
                links.append(_resolve(place, phrase, Span(start, figure.span.start), book))
        previous, last = figure, place
    return change_report(report, links=tuple(links))


def _may_link(figure: Figure) -> bool:
    return figure.kind in ("count", "money") and figure.role in ("total", "part", "single")


def _is_own(text: str, figure: Figure) -> bool:
    """Tell whether the words before a figure speak of results of the whole year."""
    words = words_before(text, figure)
    return not (tells_other_period(words) or is_planned(words))


def _none_links(text: str, figure: Figure, form: Form) -> Iterator[Link]:
    if figure.scope or not _is_own(text, figure):
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


def _place(text: str, figure: Figure, previous: Figure | None, *, is_first: bool = False) -> _Place:
    """Look at the words around a figure; `is_first` when those of the one before follow it."""
    at, end = figure.span.start, figure.span.end
    begin = start = figure.sentence.start
    if at - begin > _REACH:
        begin = start = at - _REACH
    if previous is not None and previous.span.end > begin:
        start = previous.span.end
    left = text[start:at]
    # Sought from the front, as there is nearly never one: a third of the time.
    mark = _TO_BREAK.match(left) if _BREAK.search(left) else None
    if mark is None and is_first:
        mark = _WORDS_OF_LAST.match(left)
    if mark is not None:
        start += mark.end()
        left = left[mark.end() :]
    if text.find("分别", begin, at) >= 0:
        left = _shared_name(text[begin:at]) or left
    right = text[end : end + _RIGHT]
    # What follows the number before it is that number's: 2起维持、1起被撤销.
    return _Place(figure, begin, start, left, right, is_told_first(left, right))


def _carry_over(place: _Place, last: _Place) -> _Place:
    """Give a figure that has only a time or a subject of its own the words of the one before it."""
    one, other = place.figure, last.figure
    if one.scope or one.sentence != other.sentence or one.quantity.unit != other.quantity.unit:
        return place
    told = _ONLY_TIME.fullmatch(place.left)
    if told is None or told["verb"] not in last.left:
        return place
    left = _TIME_AT_END.sub("", last.left)
    return place._replace(left=left, start=last.start, is_carried=True)


def _lead(text: str, begin: int) -> str:
    """Return the short heading that a sentence stands under, on its own line or run in."""
    line = text.rfind("\n", max(0, begin - _REACH), begin) + 1
    if line == 0 and begin > _REACH:
        return ""
    above = text.rfind("\n", max(0, line - _REACH), max(line - 1, 0)) + 1
    before = text[above:line] if line - above <= _LONGEST_LEAD else ""
    run_in = _RUN_IN.match(text, line, begin)
    return f"{before}{run_in[0]}" if run_in else before


def _shared_name(sofar: str) -> str:
    """Return the name that belongs to a figure after 分别, counting both lists; empty for none."""
    marks = list(_EACH.finditer(sofar))
    if not marks:
        return ""
    mark = marks[-1]
    between = sofar[mark.end() :]
    if re.search(r"[，,；;。]", between):
        return ""
    head = re.split(r"[。；;，,：:（(]", _ASIDE.sub("", sofar[: mark.start()]))[-1]
    names = [n for n in _NAMES.split(head) if n.strip()]
    position = len(re.findall(r"[、和及]", between))
    if len(names) < 2 or position >= len(names):
        return ""
    return f"{names[position]}{mark['verb'] or ''}"


def _topic(text: str, place: _Place, form: Form) -> str:
    """Return the subject told last before the figure, else right after it, else the section's."""
    words, keys = form.topic_pattern, form.topic_words
    if words is None:
        return ""
    figure = place.figure
    at = figure.span.start
    found = words.findall(text, place.begin, at)
    if found and (holding := form.holding_topics):
        for word in found:
            if keys[word] in holding:
                return keys[word]
    if not found:
        # 收到12件政府信息公开申请: what is counted follows its number.
        rest = _REST.match(text, figure.span.end)
        after = words.search(text, figure.span.end, rest.end()) if rest else None
        if after:
            return keys[after[0]]
        floor = max(0, at - _REACH)
        begin = max(floor, text.rfind("\n", floor, figure.sentence.start) + 1)
        found = words.findall(text, begin, at)
    if found:
        return keys[found[-1]]
    return figure.section if figure.section in form.told_topics else ""


def _subject(text: str, figure: Figure, form: Form) -> str:
    """Return what was named last in the paragraph before the figure."""
    words = form.subject_pattern
    if words is None:
        return ""
    at = figure.span.start
    floor = max(0, at - _REACH)
    begin = max(floor, text.rfind("\n", floor, at) + 1)
    found = words.findall(text, begin, at)
    if not found:
        return form.subject_of_section.get(figure.section, "")
    return form.subject_words[found[-1]]


def _best_phrase(text: str, place: _Place, form: Form) -> tuple[PhraseSpec, int] | None:
    """Return the surest phrase that matches, of those the one with the longest quote."""
    bits = _candidates(text, place, form)
    if not bits:
        return None
    found = _matches(text, place, bits, form, best_only=True)
    if not found or not _is_own(text, place.figure):
        return None
    return found[0] if len(found) == 1 else min(found, key=itemgetter(1))


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
    place = _place(report.text, figure, previous)
    bits = _candidates(report.text, place, form)
    found = _matches(report.text, place, bits, form, best_only=False)
    return tuple((phrase, Span(start, figure.span.start)) for phrase, start in found)


def _candidates(text: str, place: _Place, form: Form) -> int:
    """Return the bits of the phrases that can match, by all that can be told without a search."""
    index, figure = form.phrase_index, place.figure
    bits = index.admitted(figure.quantity.unit, figure.scope, figure.section)
    if bits:
        bits &= index.told(place.left + words_behind(place.right), place.right)
    if bits & index.with_topics:
        bits &= index.topics[_topic(text, place, form)]
    if bits & index.with_subjects:
        bits &= index.subjects[_subject(text, figure, form)]
    return bits


def _matches(
    text: str, place: _Place, bits: int, form: Form, *, best_only: bool
) -> list[tuple[PhraseSpec, int]]:
    """Return which phrases of some bits match, and where their quotes start, the surest first.

    `best_only` ends after the highest score.
    """
    phrases = form.phrase_index.phrases
    found: list[tuple[PhraseSpec, int]] = []
    piece = ""
    least = 0.0
    while bits:
        lowest = bits & -bits
        bits ^= lowest
        phrase = phrases[lowest.bit_length() - 1]
        if phrase.score < least:
            break
        start = _match(place, phrase)
        if start is None and phrase.words:
            piece = piece or piece_of(place.left, place.right)
            if explains(phrase, piece, form.filler, most=_MOST_UNKNOWN):
                start = place.figure.span.start - piece.index("|")
        if start is None or _excluded(text, place, phrase):
            continue
        found.append((phrase, start))
        if best_only:
            least = phrase.score
    return found


def _match(place: _Place, phrase: PhraseSpec) -> int | None:
    """Return where the words begin that a pattern of a phrase matches, or ``None``."""
    left = place.left
    found = phrase.before.search(left) if phrase.before is not None else None
    if found is None:
        for before, behind in phrase.around:
            # The right side first: it is looked at in one place only.
            if behind.match(place.right) and (found := before.search(left)):
                break
        else:
            return None
    return min(place.start + found.start(), place.figure.span.start)


def _excluded(text: str, place: _Place, phrase: PhraseSpec) -> bool:
    if phrase.not_near is not None:
        after = _AFTER.match(place.right)
        if phrase.not_near.search(f"{place.left}{after[0] if after else ''}"):
            return True
    if phrase.not_after is not None and phrase.not_after.match(place.right):
        return True
    if phrase.near is None or phrase.near.search(text[place.begin : place.figure.span.start]):
        return False
    return not phrase.near.search(_lead(text, place.begin))


def _resolve(place: _Place, phrase: PhraseSpec, quote: Span, book: CellBook | None) -> Link:
    """Choose among the scopes of a phrase the one that the figure fits, else the strict one.

    The cells are needed where there is a choice only.
    """
    figure, chosen, also = place.figure, phrase.cell, phrase.also
    if also and book is not None:
        addresses: tuple[Address, ...] = (chosen, *also)
        for address in addresses:
            value = (book.in_yuan if figure.kind == "money" else book.value)(address).value
            if value is not None and value in figure.quantity.narrow:
                chosen = address
                break
        also = tuple([a for a in addresses if a != chosen])
    score = phrase.score if chosen == phrase.cell else phrase.score * _OTHER_SCOPE
    if place.is_carried:
        score *= _CARRIED_OVER
    return make_link(
        figure=figure.id,
        address=chosen,
        also=also,
        score=score,
        phrase=phrase.key,
        quote=quote,
    )
