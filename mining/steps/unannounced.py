"""Lists of parts that no word announces: their numbers add up, or a told share shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mining.report import Breakdown, Figure
from mining.steps.counts import (
    Counts,
    adds_up,
    fit,
    heads_that_add_up,
    is_alike,
    is_other_business,
    make_breakdown,
    sum_of,
    without_brackets,
)

__all__ = ["find_attended", "find_shares", "find_sums"]

# 留言84条，咨询52条、投诉32条: so many parts at most, and so many words between two of them.
_MOST_PARTS = 12
_LONGEST_STEP = 40
_LONGEST_LEAD = 90
# So many other numbers may stand between a total and its first part.
_MOST_SKIPPED = 3
# Two small numbers add up to a third by chance too often to cross a full stop or another number.
_SMALL = 10
# 分别为3件、1件、2件: numbers side by side.
_AND = ("", "、", "和", "及", "与")
_COLON = re.compile("[:：]")
_MARK = re.compile(r"[,，、。；;：:\s]")
_FULL_STOP = re.compile(r"[。\n]")
_DIFFERENT = re.compile(r"其中|[合总]计|^共|同比|较上年|点击|阅读|浏览|粉丝|关注")
# 均按时办结并答复21件: such words close a list that was told before.
_SUMS_UP = re.compile(r"[均共总合现]|全部|应办")
_ABOVE = re.compile(r"以上|合计|总计|总数")
_SHARE = re.compile(
    r"[^,，。；;（(0-9]{0,10}[,，（(]?\s?约?占[^0-9，,。；;（(]{0,14}?(?:约|近|的)?(?P<share>[0-9]{1,3}(?:\.[0-9]{1,2})?)[%％]"
)
# How far a share told with so many decimals may be from the true one: rounded, or cut off at two.
_STEPS = (0.5, 0.06, 0.01)
# So many characters may stand before its 占.
_BEFORE_SHARE = 13
_MOST_BACK = 8
# 发布会2次，局主要负责人出席1次: the head is at some of what the agency holds.
_HEAD_AT = re.compile(
    r"[,，、（(]\s?(?:其中[,，]?)?[^,，。；;（）()0-9]{0,6}(?:主要负责(?:人|同志)|主要领导|一把手|[局县区市镇乡厅关州省]长|主任)"
    r"[^,，。；;（）()0-9]{0,8}"
)
_BEFORE_HEAD = (",", "，", "、", "（", "(")


@dataclass(slots=True)
class _Taken:
    """The places of the figures in the lists found so far."""

    totals: set[int] = field(default_factory=set)
    parts: set[int] = field(default_factory=set)

    def add(self, counts: Counts, found: Breakdown) -> None:
        self.totals.add(counts.places[found.total])
        self.parts.update([counts.places[part] for part in found.parts])


def find_sums(counts: Counts, told: Sequence[Breakdown]) -> Iterator[Breakdown]:
    """Yield lists whose parts add up to a number told before them, or right after them.

    Parameters
    ----------
    counts
        The figures that can be totals or parts.
    told
        The lists that words announce; their parts are not read again.
    """
    taken = _Taken()
    for known in told:
        taken.add(counts, known)
    for index in range(len(counts.figures)):
        for found in (_divided(counts, index, taken), _closing(counts, index, taken)):
            if found is not None:
                taken.add(counts, found)
                yield found


def _divided(counts: Counts, index: int, taken: _Taken) -> Breakdown | None:
    """Return the parts after a total that add up to it."""
    values, value = counts.values, counts.values[index]
    total = counts.figures[index]
    if value < 2 or total.quantity.approx or total.scope == "cumulative":
        return None
    units, unit, kinds, kind = counts.units, counts.units[index], counts.kinds, counts.kinds[index]
    starts, lasts, furthest = counts.starts, counts.lasts, counts.ends[index] + _LONGEST_LEAD
    left = 1 + _MOST_SKIPPED
    for first in range(index + 1, min(len(units), index + _MOST_PARTS)):
        if not left or starts[first] > furthest:
            break
        # As `adds_up` says, without a call: a report has hundreds of such pairs.
        if units[first] != unit and (kinds[first] != kind or not fit(unit, units[first])):
            continue
        left -= 1
        if first > index + 1 and values[first - 1] == value:
            if _may_start(counts, index, first):
                # 收到12件，答复12件：…: the nearer of the two is divided.
                return None
            continue
        # Numbers are asked before words, as most of them cannot add up: parts are less than the
        # total, and more than one in a sentence.
        if values[first] >= value or lasts[first] == first:
            continue
        parts = _parts(counts, index, first, taken)
        if parts and _may_start(counts, index, first) and _is_sure(counts, index, parts, taken):
            members = [counts.figures[i] for i in parts]
            return make_breakdown(total, members, closed=True, marker="")
    return None


def _may_start(counts: Counts, index: int, first: int) -> bool:
    """Tell whether the words between a total and a figure near it may lead to its parts."""
    gap = counts.gap(index, first)
    if (
        gap.strip() in (",", "，")
        and "分别"
        in counts.text[counts.figures[index].clause.start : counts.figures[index].span.start]
    ):
        return False
    return len(_FULL_STOP.findall(gap)) <= 1 and gap.strip() not in _AND


def _is_part(counts: Counts, index: int, at: int, taken: _Taken) -> bool:
    total, figure = counts.figures[index], counts.figures[at]
    return (
        at not in taken.parts
        and not figure.quantity.approx
        and figure.scope != "cumulative"
        and is_alike(total, figure)
    )


def _parts(counts: Counts, index: int, first: int, taken: _Taken) -> list[int]:
    """Return the figures from `first` on that add up to the total, as one list or as its heads."""
    if first in taken.parts:
        return []
    parts = _summands(counts, index, first)
    last = -1
    for at in parts:
        if not _is_part(counts, index, at, taken) or not _follows(counts, index, last, at):
            parts = []
            break
        last = at
    return parts or heads_that_add_up(counts, index, first)


def _summands(counts: Counts, index: int, first: int) -> list[int]:
    """Return the figures from `first` on that add up to the total by their numbers alone."""
    units, unit, kinds, kind = counts.units, counts.units[index], counts.kinds, counts.kinds[index]
    values, depth, whole = counts.values, counts.depths[first], counts.values[index]
    left = whole
    parts: list[int] = []
    for at in range(first, min(counts.lasts[first] + 1, first + _MOST_PARTS)):
        if units[at] != unit and not (kinds[at] == kind and fit(unit, units[at])):
            continue
        if counts.depths[at] > depth:
            continue
        if values[at] >= whole:
            return []
        left -= values[at]
        parts.append(at)
        if left <= 0:
            break
    return parts if left == 0 and len(parts) > 1 else []


def _follows(counts: Counts, index: int, last: int, at: int) -> bool:
    """Tell whether a figure may stand in one list after the part `last`, -1 for none."""
    if last < 0:
        return not _is_other(counts, index, at, counts.gap(at - 1, at))
    if counts.sentences[last] != counts.sentences[at]:
        return False
    gap = without_brackets(counts.gap(last, at))
    return (
        len(gap) <= _LONGEST_STEP
        and not _COLON.search(gap)
        and not _is_other(counts, index, at, gap)
    )


def _is_other(counts: Counts, index: int, at: int, gap: str) -> bool:
    """Tell whether the words right before a figure lead to other business than the total's."""
    pieces = [p for p in _MARK.split(without_brackets(gap)) if p]
    if pieces and _DIFFERENT.search(pieces[-1]):
        return True
    return is_other_business(counts, index, at, gap)


def _is_sure(counts: Counts, index: int, parts: list[int], taken: _Taken) -> bool:
    """Tell whether so many numbers so far apart do not add up by chance."""
    total = counts.figures[index]
    if len(parts) > 2:
        return True
    between = range(index + 1, parts[0])
    near = all(at in taken.parts or not adds_up(total, counts.figures[at]) for at in between)
    same = counts.sentences[parts[0]] == counts.sentences[index]
    return near and (same or total.quantity.value >= _SMALL)


def _closing(counts: Counts, index: int, taken: _Taken) -> Breakdown | None:
    """Return the parts right before a number that sums them up without 合计 or 共计."""
    before, start = counts.ends[index - 1], counts.starts[index]
    is_near = index > 1 and start - before <= _LONGEST_STEP
    if not is_near or not _SUMS_UP.search(counts.text, before, start):
        return None
    places = _summands_before(counts, index, taken)
    total = counts.figures[index]
    if not places or total.quantity.approx or index in taken.parts or index in taken.totals:
        return None
    # What a sentence before says of a total is not said of this number.
    words = _FULL_STOP.split(counts.text[before:start])[-1]
    if not _SUMS_UP.search(words):
        return None
    sentence, between = counts.sentences[index], counts.sentences[places[0] : index]
    if any(other != sentence for other in between) and not _ABOVE.search(words):
        return None
    parts = [counts.figures[at] for at in places]
    if any(part.quantity.approx or part.scope not in ("", total.scope) for part in parts):
        return None
    return make_breakdown(total, parts, closed=True, marker="")


def _summands_before(counts: Counts, index: int, taken: _Taken) -> list[int]:
    """Return the free figures right before a number that add up to it by their numbers alone."""
    units, unit, kinds, kind = counts.units, counts.units[index], counts.kinds, counts.kinds[index]
    values, listed = counts.values, taken.parts
    left = counts.values[index]
    parts: list[int] = []
    for at in range(index - 1, max(-1, index - 1 - _MOST_PARTS), -1):
        if at in listed or (units[at] != unit and (kinds[at] != kind or not fit(unit, units[at]))):
            continue
        if not values[at]:
            return []
        left -= values[at]
        parts.insert(0, at)
        if left <= 0:
            break
    return parts if left == 0 and len(parts) > 1 else []


def find_attended(counts: Counts, told: Sequence[Breakdown]) -> Iterator[Breakdown]:
    """Yield what an agency held with how often its head was there: 访谈5期（局长参加2期）."""
    values, sentences = counts.values, counts.sentences
    listed: set[int] | None = None
    for index in range(1, len(values)):
        if values[index] > values[index - 1] or sentences[index] != sentences[index - 1]:
            continue
        # The head is named behind a mark; few numbers have one right behind them.
        if not counts.text.startswith(_BEFORE_HEAD, counts.ends[index - 1]):
            continue
        if not _HEAD_AT.fullmatch(counts.text, counts.ends[index - 1], counts.starts[index]):
            continue
        total, part = counts.figures[index - 1], counts.figures[index]
        if listed is None:
            listed = {part for b in told for part in b.parts}
        if part.id not in listed and total.id not in listed and is_alike(total, part):
            yield make_breakdown(total, [part], closed=False, marker="")


def find_shares(counts: Counts, told: Sequence[Breakdown]) -> Iterator[Breakdown]:
    """Yield totals with the numbers whose told share is right of them: 答复60份，瑕疵9份，占15%."""
    listed = {part for b in told for part in b.parts}
    groups: dict[int, list[Figure]] = {}
    word = -1
    for index, end in enumerate(counts.ends):
        if word < end:
            # Looked for once from here on, not behind each figure.
            word = counts.text.find("占", end)
            if word < 0:
                break
        figure = counts.figures[index]
        if word - end > _BEFORE_SHARE or figure.id in listed:
            continue
        shown = _SHARE.match(counts.text, end)
        total = _shared_total(counts, index, shown["share"]) if shown else None
        if total is not None:
            groups.setdefault(total, []).append(figure)
    for at, parts in groups.items():
        total_figure = counts.figures[at]
        closed = sum_of(parts) == total_figure.quantity.value
        yield make_breakdown(total_figure, parts, closed=closed, marker="占")


def _shared_total(counts: Counts, index: int, share: str) -> int | None:
    """Return the nearest number of which the figure is the told share."""
    part = counts.figures[index].quantity
    step = _STEPS[len(share.partition(".")[2])]
    near: list[int] = [*range(index - 1, max(-1, index - 1 - _MOST_BACK), -1), index + 1]
    for at in near:
        if at >= len(counts.figures):
            continue
        other = counts.figures[at]
        if other.scope == "cumulative" or other.quantity.value <= part.value:
            continue
        if not adds_up(other, counts.figures[index]):
            continue
        low = float(part.low if part.low is not None else part.value)
        high = float(part.high if part.high is not None else part.value)
        whole = float(other.quantity.value)
        if low * 100 / whole - step <= float(share) <= high * 100 / whole + step:
            return at
    return None
