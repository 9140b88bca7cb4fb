"""What a change is a change of: the number told before, after, or in the sentence before."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from mining.history.facts import Base
from mining.quantity import Quantity
from mining.report import Figure, Link, Report
from mining.spans import Span

__all__ = [
    "TOLD",
    "Narrative",
    "base_of",
    "bases_of",
    "is_level",
    "is_this_year",
    "is_times",
    "readings_of",
    "share_before",
]

TOLD = ("count", "money")
# Longer than any real sentence, so that hostile texts stay linear.
_REACH = 120
# 达到1286件, 共收到14件: the number that a change leads to may follow it.
_FOLLOWS = re.compile(r"[,，]?\s?(?:[共总达到至为收新受理]{1,4}|[^,，。；;0-9]{0,12}达到?)")
_TIME = r"(?:[与较比同和]?(?:去年|上一?年|[0-9]{4}年)(?:度|同期|全年)?(?:相比)?|同比)[，,]?"
_MORE = r"(?:有所|共|净)?(?:增长|增加|减少|下降|上升|提高|降低)了?"
# A sentence that names nothing but 总量, or the 申请 of the sentence before.
_OPENING = re.compile(rf"\s*(?:(?P<about>申请)?(?:总量|总数|数量|件数))?[，,]?{_TIME}{_MORE}")
_SHARE = re.compile(r"^[^，,。；;]{0,6}[，,]?(?:占比?|占总数|占总量)的?(?:为|约|达)?$")
_COMPARED = re.compile(rf"[，,]{_TIME}{_MORE}")


@dataclass(frozen=True, slots=True)
class Narrative:
    """A report's figures with the link of each, and what other rules compared."""

    report: Report
    year: int
    figures: tuple[Figure, ...]
    links: dict[int, Link]
    compared: AbstractSet[Span]


def bases_of(here: Narrative, figure: Figure) -> tuple[tuple[Base, ...], int]:
    """Return what a change may be of, and where the words that tell of it begin."""
    before = _figure_before(here, figure)
    if before is not None:
        return readings_of(here, before), before.span.end
    start = max(figure.sentence.start, figure.span.start - _REACH)
    after = here.figures[figure.id + 1] if figure.id + 1 < len(here.figures) else None
    if after is not None and after.sentence == figure.sentence and is_level(after, figure):
        between = here.report.text[figure.span.end : after.span.start]
        if _FOLLOWS.fullmatch(between):
            return readings_of(here, after), start
    told = _told_before(here, figure)
    return (readings_of(here, told) if told is not None else ()), start


def _told_before(here: Narrative, figure: Figure) -> Figure | None:
    """Return the only number of the sentence before, for a change whose sentence names no other."""
    text = here.report.text
    subject = _OPENING.fullmatch(text[figure.sentence.start : figure.span.start])
    nearby = here.figures[max(0, figure.id - 6) : figure.id]
    earlier = [f for f in nearby if f.sentence.end <= figure.sentence.start]
    if subject is None or not earlier or nearby[len(earlier) :]:
        return None
    sentence = earlier[-1].sentence
    # A line end begins another subject.
    if (
        "\n" in text[sentence.start : figure.sentence.start].strip("\n")
        or "\n" in text[sentence.end - 1 : figure.sentence.start]
    ):
        return None
    told = [f for f in earlier if f.sentence == sentence and f.kind in TOLD]
    link = here.links.get(told[0].id) if len(told) == 1 else None
    if link is None or not is_level(told[0], figure):
        return None
    is_named = not subject["about"] or subject["about"] in link.quote.of(text)
    return told[0] if is_named else None


def share_before(here: Narrative, figure: Figure) -> tuple[Quantity | None, tuple[Base, ...]]:
    """Return the share that a change in 百分点 is of, and what it is a share of.

    The first base is the part, the others may be its whole; none where that is not told.
    """
    if figure.id < 2:
        return None, ()
    part, share = here.figures[figure.id - 2], here.figures[figure.id - 1]
    text = here.report.text
    joined = _SHARE.search(text[part.span.end : share.span.start])
    compared = _COMPARED.fullmatch(text[share.span.end : figure.span.start])
    is_share = share.kind == "percent" and share.role == "percent" and not share.quantity.approx
    together = part.sentence == share.sentence == figure.sentence
    if not (is_share and together and joined and compared and is_this_year(part)):
        return None, ()
    before = here.figures[max(0, part.id - 8) : part.id]
    wholes = [f for f in before if f.sentence == part.sentence and is_this_year(f)]
    wholes = [f for f in wholes if f.quantity.unit == part.quantity.unit]
    if part.id not in here.links or not wholes or wholes[0].id not in here.links:
        return None, ()
    told = (part, wholes[0])
    return share.quantity, tuple(base_of(here.links[f.id], f) for f in told)


def _figure_before(here: Narrative, figure: Figure) -> Figure | None:
    """Return this year's number told last before a change in its sentence."""
    for other in reversed(here.figures[max(0, figure.id - 8) : figure.id]):
        if other.sentence != figure.sentence or figure.span.start - other.span.end > _REACH:
            return None
        if is_level(other, figure):
            return other
    return None


def is_level(other: Figure, change: Figure) -> bool:
    """Tell whether a figure is a number of this year that the change can be of."""
    if not is_this_year(other):
        return False
    is_rate = is_times(change) or change.kind not in ("change", *TOLD)
    return is_rate or other.quantity.unit == change.quantity.unit


def is_this_year(figure: Figure) -> bool:
    """Tell whether a figure is a number of this year."""
    told = figure.kind in TOLD and figure.role != "change" and figure.claim == "number"
    return told and figure.scope != "last_year"


def readings_of(here: Narrative, figure: Figure) -> tuple[Base, ...]:
    """Return the quantity of a figure, and that of the total it is a part of."""
    wholes = [b.total for b in here.report.breakdowns or () if figure.id in b.parts]
    found = [figure.id, *wholes[:1]]
    return tuple(base_of(here.links[i], here.figures[i]) for i in found if i in here.links)


def base_of(link: Link, figure: Figure | None) -> Base:
    """Return what a link says a change may be of; without `figure` nothing of this year is told."""
    return Base(
        address=link.address,
        also=link.also,
        score=link.score,
        span=figure.span if figure else link.quote,
        told=figure.quantity if figure else None,
    )


def is_times(figure: Figure) -> bool:
    """Tell whether a figure says how many times."""
    return figure.quantity.unit == "倍"
