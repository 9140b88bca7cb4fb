"""What the narrative says about last year: growth, last year's number, 持平."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace

from mining.form import Form
from mining.history.bases import (
    TOLD,
    Narrative,
    base_of,
    bases_of,
    is_level,
    is_this_year,
    is_times,
    readings_of,
    share_before,
)
from mining.history.facts import Base, Claim, ClaimKind
from mining.report import Figure, Link, Report
from mining.settings import Settings
from mining.spans import Span
from mining.steps.link import link_figures

__all__ = ["find_claims"]

_NEAR = 14
_LAST = r"上一?年度?|去年|前一年"
_LAST_YEAR = re.compile(rf"同比|同期|{_LAST}")
_OTHER_TIME = re.compile(r"环比|年初|上半年|上[个一]?(?:月|季)|季度|十[二三四]五|以来|[两三五]年")
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})年")
_DIRECTION = re.compile(
    r"(?P<down>下降|减少|降低|降幅|缩短|压缩|压减|净减|回落|下滑|减|降|少)"
    r"|(?P<up>增长|增加|上升|提高|提升|增幅|涨幅|增速|净增|增|升|涨|多)"
)
_RATIO = re.compile(rf"(?:是|为|达到?|相当于)(?:{_LAST}|[0-9]{{4}}年)[^,，。；;]{{0,8}}$")
_EVEN = re.compile(
    rf"[与和同跟](?P<time>{_LAST}|[0-9]{{4}}年)(?:度|同期|全年|数量|总数|基本|大致|大体){{0,3}}"
    r"(?:持平|相同|一致)"
)
# Nothing but the time may stand between a number and last year's beside it.
_BESIDE = re.compile(
    rf"[,，；;（(]?\s?(?:而|较|比|与|对比|相比)?(?:{_LAST}|[0-9]{{4}}年度?)(?:同期|全年)?(?:的|为|是|有|仅)?[:：]?"
)
_POINTS = frozenset(("个百分点", "百分点"))


def find_claims(
    report: Report, form: Form, *, settings: Settings, compared: Callable[[], AbstractSet[Span]]
) -> tuple[Claim, ...]:
    """Return what the narrative says about last year, in text order.

    Claims about other times (环比, 较年初, 较2015年) are left out.

    Parameters
    ----------
    report
        A report with all its layers.
    form, settings
        What it was read with.
    compared
        Called only when there is a claim: the figures that other rules compared.
    """
    year = report.meta.year if report.meta else None
    figures = report.figures or ()
    if year is None or not _mentions(report, figures):
        return ()
    links: dict[int, Link] = {}
    for link in report.links or ():
        if link.figure not in links or link.score > links[link.figure].score:
            links[link.figure] = link
    here = Narrative(report, year, figures, links, compared())
    found = [*_changes(here), *_levels(here, form, settings), *_evens(here)]
    return tuple(sorted(found, key=lambda claim: (claim.span, claim.kind)))


def _mentions(report: Report, figures: tuple[Figure, ...]) -> bool:
    told = any(f.role == "change" or f.scope == "last_year" or is_times(f) for f in figures)
    return told or "持平" in report.text or _EVEN.search(report.text) is not None


def _changes(here: Narrative) -> Iterator[Claim]:
    for figure in here.figures:
        if figure.claim != "number" or (figure.role != "change" and not is_times(figure)):
            continue
        bases, start = bases_of(here, figure)
        words = here.report.text[start : figure.span.start]
        explicit = _is_last_year(words, here.year)
        if explicit is None:
            continue
        kind, sign = _kind(figure, words)
        if kind is None or (not sign and kind != "ratio"):
            continue
        share = None
        if kind == "points":
            share, bases = share_before(here, figure)
        yield Claim(
            kind=kind,
            sign=sign,
            span=figure.span,
            sentence=figure.sentence,
            quantity=figure.quantity,
            bases=bases,
            share=share,
            is_explicit=explicit,
            is_counted=figure.span in here.compared,
        )


def _kind(figure: Figure, words: str) -> tuple[ClaimKind | None, int]:
    """Return what sort of change a figure is, and its direction; 0 where none is told."""
    near = words[-_NEAR:]
    sign = 0
    for match in _DIRECTION.finditer(near):
        sign = -1 if match["down"] else 1
    unit = figure.quantity.unit
    if unit in _POINTS:
        return "points", sign
    if is_times(figure):
        return ("ratio", 0) if _RATIO.search(near) else ("times", sign)
    if figure.kind == "percent":
        return "rate", sign
    return ("amount" if figure.kind in ("change", "count", "money") else None), sign


def _is_last_year(words: str, year: int) -> bool | None:
    """Tell whether words compare with last year: false when left open, `None` for other times."""
    last = max((m.start() for m in _LAST_YEAR.finditer(words)), default=-1)
    for match in _YEAR.finditer(words):
        told = int(match[1])
        if told == year - 1:
            last = max(last, match.start())
        elif told < year - 1 and match.start() > last:
            return None
    other = max((m.start() for m in _OTHER_TIME.finditer(words)), default=-1)
    return None if other > last else last >= 0


def _levels(here: Narrative, form: Form, settings: Settings) -> Iterator[Claim]:
    """Yield last year's numbers told beside this year's, or by words of their own."""
    told = [f for f in here.figures if f.scope == "last_year" and f.kind in TOLD]
    told = [f for f in told if f.claim == "number" and f.role != "change"]
    if not told:
        return
    own = _own_links(here, told, form, settings)
    for figure in told:
        bases = _beside(here, figure)
        link = own.get(figure.id)
        if not bases and link is not None:
            bases = (base_of(link, None),)
        words = here.report.text[max(figure.sentence.start, figure.span.start - 2) :][:2]
        yield Claim(
            kind="level",
            sign=0,
            span=figure.span,
            sentence=figure.sentence,
            quantity=figure.quantity,
            bases=bases,
            # 去年收到的2件已办结 may be some of those that came in.
            is_explicit=bool(bases) and (bases[0].told is not None or "的" not in words),
            is_counted=figure.span in here.compared,
        )


def _beside(here: Narrative, figure: Figure) -> tuple[Base, ...]:
    before = here.figures[figure.id - 1] if figure.id else None
    if before is None or before.sentence != figure.sentence:
        return ()
    if not is_level(before, figure):
        return ()
    between = here.report.text[before.span.end : figure.span.start]
    return readings_of(here, before)[:1] if _BESIDE.fullmatch(between) else ()


def _own_links(
    here: Narrative, told: list[Figure], form: Form, settings: Settings
) -> dict[int, Link]:
    """Link last year's numbers as if they were this year's: the same words tell what they count."""
    report, wanted = here.report, {f.id for f in told}
    figures = tuple(
        replace(f, scope="") if f.id in wanted else replace(f, role="other") for f in here.figures
    )
    text = _as_this_year(report.text, here.year)
    linked = link_figures(replace(report, text=text, figures=figures), form, settings)
    return {link.figure: link for link in linked.links or () if link.figure in wanted}


def _as_this_year(text: str, year: int) -> str:
    """Return `text` with words for last year turned into those for this one, none longer."""
    for last, this in (("上一年", "本年度"), ("上年", "本年"), ("去年", "今年")):
        text = text.replace(last, this)
    return text.replace(f"{year - 1}年", f"{year}年").replace("本年度度", "本年度 ")


def _evens(here: Narrative) -> Iterator[Claim]:
    text = here.report.text
    for match in _EVEN.finditer(text):
        if match["time"][0].isdigit() and match["time"] != f"{here.year - 1}年":
            continue
        span = Span(match.start(), match.end())
        at = bisect_left(here.figures, span.start, key=lambda f: f.span.start)
        before = here.figures[max(0, at - 3) : at]
        level = next((f for f in reversed(before) if is_this_year(f)), None)
        if level is None or not level.sentence.contains(span):
            continue
        yield Claim(
            kind="even",
            sign=0,
            span=span,
            sentence=level.sentence,
            quantity=None,
            bases=readings_of(here, level)[:1],
        )
