"""Breakdowns: which figures of a sentence are the parts of which total."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mining.report import Breakdown, Figure, Number
from mining.steps.counts import (
    MOST_PARTS,
    Counts,
    adds_up,
    heads_that_add_up,
    is_alike,
    make_breakdown,
    sum_of,
    without_brackets,
)
from mining.steps.trailing import LONGEST_TRAILING, find_trailing
from mining.steps.unannounced import find_attended, find_shares, find_sums

__all__ = ["find_breakdowns"]

# What opens a list after its total; 其中 may start the next sentence.
_OPENS = re.compile(
    r"(?P<lead>[^、。；;：:（）()0-9]{0,16}?)(?P<joint>[,，；;：:。\s]{0,3})(?P<bracket>[（(]?)\s?"
    r"(?P<marker>其中|主要包括|主要有|主要为|主要是|包括|包含|含|涉及|分别为|分别是"
    r"|分为|来自|按[^,，。；;：:0-9]{1,8}(?:分|看|统计)|从[^,，。；;：:0-9]{1,8}看"
    r"|按[^,，。；;：:0-9]{1,6}(?=[：:])|主要(?:通过|集中))"
)
# 618件申请中，公开201件; 60个栏目中有3个: but not 集中 or 中心.
_AMONG = re.compile(
    r"\s?[^,，。；;：:（）()0-9]{0,8}(?<![其集])(?P<marker>[中里])"
    r"(?:[,，：:]|(?P<has>仅?只?有)|(?=$|[^0-9心央标国小学级层介医考共型面程]))"
)
# No list opens without one of these: of two numbers in one sentence, and over a full stop.
_MAY_OPEN = re.compile("[其要包含涉分来按从：:（(中里]")
# There the word stands behind a mark, or a bracket behind it.
_MAY_CARRY = re.compile(r"[其主包按从](?<=[。；;,，）)\s].)(?=[中要括]|(?<=[按从]))")
_COLON = re.compile(r"[^。；;：:（）()，,0-9]{0,8}(?P<marker>[：:])")
_BRACKET = re.compile(r"[^。；;：:（）()，,0-9]{0,8}(?P<marker>[（(])(?!占|比|同比|较|按|以|由)")
_EACH_OPENS = re.compile(
    r"[,，；;：:。]\s?[^。；;0-9]{2,40}(?P<marker>分别(?:[为是有]|公开|发布|提出|提交|收到|受理))[:：]?$"
)
_OPEN_WORDS = re.compile(r"包括|包含|主要|含|涉及|例如")
_AFTER_OPEN = re.compile(r"等|及其他|余")
_REST = re.compile(r"其他|其它|其余|另有|另外|剩余|结转|未办结|正在办理")
# Another piece of business than the one the list divides.
_NEW_SUBJECT = re.compile(
    r"召开|举办|举行|开展|组织|培训|受理|收到|复议|诉讼|回应|访谈|解读|发布会|约谈|督办|会议|办理|答复|建议|提案|涉及|投入|培育|走访"
)
_CASE_UNITS = frozenset(("宗", "起", "例"))
_LONGEST_STEP = 60
_WHOLE_BRACKET = re.compile(r"[（(][^（）()]{0,60}[）)]")
# A change or a share told beside the total: 200条，同比增长12.3%，其中…
_ASIDE = re.compile(
    r"[,，]\s?(?:同比|环比|占|较|比|与|增幅|降幅|增长|增加|下降|减少|上升|平均|[^,，。；;（）()0-9]{0,12}率)"
    r"[^,，。；;（）()]{0,24}(?=[,，。；;])"
)
# 从方式看，网上5件；从申请人看，公民8件: the total of the list before is divided again.
_AGAIN = re.compile(
    r"[^。；;0-9]{0,12}[；;。,，]\s{0,4}(?P<marker>[从按][^,，。；;：:0-9]{1,8}[看分计]?|其中)[,，：:]?[^,，。；;：:0-9]{0,14}"
)
# Channels may publish the same item; such a list divides nothing.
_COUNTED_TWICE = re.compile(r"[^。\n]{0,12}(?:同一信息|部分信息|多个渠道|不同渠道|重复)")
# The list goes on over one full stop: 共发布X条。其中，网站Y条.
_CARRIES = re.compile(
    r"[^。！？!?]{0,30}。\s{0,4}(?:其中|主要包括|主要有|主要是|包括|按[^,，。]{1,8}(?:分|看|统计)|从[^,，。]{1,8}看)"
)
_NEXT_KIND = re.compile(r"[,，、](?:[^,，、。；;：:0-9结余剩办]{1,4}|[^,，。；;：:0-9]{1,16}均为)")
_NEW_THIS_YEAR = re.compile(r"(?:新收|[当本]年(?:收到|受理)?)到?$")
_LEADS_AWAY = re.compile(r"其中|[合总]计|[,，、]共")
_HALF_STOP = re.compile("[；;]")
_CLOSING = re.compile("[）)]")
# Kinds divide a total: 政策类9条；其他类5条. Channels may each tell of the same item.
_KIND = re.compile(r"[^,，。；;：:、0-9]{2}类(?:信息|文件|事项)?$")
_LONGEST_KIND = 12


def find_breakdowns(text: str, figures: tuple[Figure, ...]) -> tuple[Breakdown, ...]:
    """Return the lists of parts that the words tell, in order of their totals.

    Parameters
    ----------
    text
        The report's text.
    figures
        Those that can be totals or parts: counts of this report, in order.
    """
    counts = Counts.of(text, figures)
    lists = list(_iter_breakdowns(counts))
    lists += find_attended(counts, lists)
    lists += find_sums(counts, lists)
    return (*lists, *find_shares(counts, lists))


def _iter_breakdowns(counts: Counts) -> Iterator[Breakdown]:
    """Yield the lists in order of their totals; a trailing total takes only free figures."""
    taken: set[int] = set()
    owners: dict[int, Figure] = {}
    for at in range(len(counts.figures) - 1):
        if not _may_open(counts, at):
            continue
        for first in _first_parts(counts, at):
            index = _divided(counts, at, first)
            found = _list_again(counts, index, first, owners)
            if found is None and (found := _list_after(counts, index, first)) is not None:
                found = _rehome(counts, found, counts.figures[index], owners)
            if found is not None and _is_shared_head(counts, index, found):
                found = None
            if found is not None:
                owner = counts.by_id(found.total)
                owners.update(dict.fromkeys(found.parts, owner))
                taken |= {*found.parts, found.total}
                yield found
    yield from _iter_trailing(counts, taken)


def _iter_trailing(counts: Counts, taken: set[int]) -> Iterator[Breakdown]:
    """Yield the lists whose total follows them, of figures that are in no list yet."""
    text, starts, ends = counts.text, counts.starts, counts.ends
    for index in range(2, len(starts)):
        if starts[index] - ends[index - 1] > LONGEST_TRAILING:
            continue
        # One of these stands in each word that leads to such a total.
        gap = text[ends[index - 1] : starts[index]]
        if "共" not in gap and "计" not in gap and "来" not in gap:
            continue
        found = find_trailing(counts, index)
        if found is not None and not taken & {*found.parts, found.total}:
            taken |= {*found.parts, found.total}
            yield found


def _may_open(counts: Counts, at: int) -> bool:
    """Tell whether the words up to the next figure may open a list; most don't."""
    if counts.depths[at + 1] > counts.depths[at]:
        return True
    same = counts.sentences[at] == counts.sentences[at + 1]
    opening = _MAY_OPEN if same else _MAY_CARRY
    return opening.search(counts.text, counts.ends[at], counts.starts[at + 1]) is not None


def _list_again(
    counts: Counts, index: int, first: int, owners: dict[int, Figure]
) -> Breakdown | None:
    """Read a second list of a total that was divided before, where its parts add up to it."""
    owner = owners.get(counts.figures[index].id)
    if owner is None or owner.quantity.approx or counts.depths[index] != counts.depths[first]:
        return None
    opened = _AGAIN.fullmatch(without_brackets(counts.gap(index, first)))
    if opened is None:
        return None
    at = counts.places[owner.id]
    parts = [counts.figures[i] for i in _parts(counts, at, first)]
    told = sum_of(parts)
    if len(parts) < 2 or told != owner.quantity.value:
        return None
    closed = opened["marker"] != "其中"
    return make_breakdown(owner, parts, closed=closed, marker=opened["marker"])


def _rehome(
    counts: Counts, found: Breakdown, total: Figure, owners: dict[int, Figure]
) -> Breakdown:
    """Give a list that is too large for the figure before it to the one that it divides.

    收到5件，其中网上4件，来人1件，其中公开4件: the last list divides the 5, not the 1; and
    新收6件，上年结转1件，其中自然人3件: the 6.
    """
    members = [counts.by_id(part) for part in found.parts]
    told = sum_of(members)
    if total.quantity.value >= told:
        return found
    outer = owners.get(total.id) or _neighbour(counts, total)
    if outer is None or told > outer.quantity.value:
        return found
    return make_breakdown(outer, members, closed=False, marker=found.marker)


def _is_shared_head(counts: Counts, index: int, found: Breakdown) -> bool:
    """Tell whether a list goes on about each of two numbers: 复议2件、诉讼1件，其中复议维持2件."""
    total = counts.figures[index]
    first = counts.by_id(found.parts[0])
    if found.total != total.id or first.quantity.value <= total.quantity.value or not index:
        return False
    between = counts.gap(index - 1, index)
    return counts.figures[index - 1].sentence == total.sentence and between[:1] in "、和及与"


def _neighbour(counts: Counts, total: Figure) -> Figure | None:
    """Return the figure right before `total`, of its unit and in its part of the sentence."""
    index = counts.places[total.id]
    if not index:
        return None
    before = counts.figures[index - 1]
    between = counts.text[before.span.end : total.span.start]
    same = before.sentence == total.sentence and before.quantity.unit == total.quantity.unit
    return before if same and not re.search(r"[；;。：:]", between) else None


def _divided(counts: Counts, at: int, first: int) -> int:
    """Return which number a list divides: the nearest that its first part can be counted with.

    出让土地52宗，价款15.7亿元，其中工业用地31宗: the 52.
    """
    if first != at + 1 or "其中" not in counts.gap(at, first):
        return at
    figures = counts.figures
    for index in range(at, max(-1, at - 3), -1):
        gap = counts.gap(index, first)
        if counts.sentences[index] != counts.sentences[first] or _HALF_STOP.search(gap):
            break
        if adds_up(figures[index], figures[first]):
            return index
    return at


def _first_parts(counts: Counts, index: int) -> list[int]:
    """Return where lists of this total may start: next, and again after its bracket."""
    depths, depth = counts.depths, counts.depths[index]
    if depths[index + 1] <= depth:
        return [index + 1]
    following = range(index + 2, min(len(depths), index + MOST_PARTS))
    level = next((i for i in following if depths[i] <= depth), None)
    return [index + 1] if level is None else [index + 1, level]


def _list_after(counts: Counts, index: int, first: int) -> Breakdown | None:
    """Read the list that a total opens, its first part given."""
    is_near = counts.depths[first - 1] <= counts.depths[index]
    gap = counts.gap(first - 1 if is_near else index, first)
    gap = _ASIDE.sub("", _WHOLE_BRACKET.sub("", gap))
    total = counts.figures[index]
    if counts.sentences[index] != counts.sentences[first] and not (
        _CARRIES.match(gap) and _is_same_business(total, counts.figures[first])
    ):
        return None
    opening = _opening(gap)
    if opening is None:
        return None
    marker, is_open, needs_two = opening
    parts = _parts(counts, index, first)
    if sum_of([counts.figures[i] for i in parts]) != total.quantity.value:
        parts = heads_that_add_up(counts, index, first) or parts
    parts = _with_rest(counts, index, parts)
    exhaustive = marker.startswith("分")
    if not parts or (needs_two and len(parts) < 2):
        return None
    members = [counts.figures[i] for i in parts]
    if _COUNTED_TWICE.match(counts.text, members[-1].span.end):
        return None
    region = _WHOLE_BRACKET.sub("", counts.text[total.span.end : members[-1].span.start])
    rest = counts.text[members[-1].span.end : members[-1].span.end + 6]
    left_open = is_open or bool(_AFTER_OPEN.match(rest) or _OPEN_WORDS.search(region))
    whole = exhaustive or _looks_whole(
        total, members, region, is_plain=marker[0] in "：:（(分来按从"
    )
    closed = whole and not left_open
    return make_breakdown(total, members, closed=closed, marker="分别" if exhaustive else marker)


def _with_rest(counts: Counts, index: int, parts: list[int]) -> list[int]:
    """Add what came in the year to what a bracket tells: 办理41件（含结转3件），当年新收38件."""
    following = parts[0] + 1 if len(parts) == 1 else len(counts.figures)
    if following >= len(counts.figures) or counts.depths[parts[0]] <= counts.depths[index]:
        return parts
    total, part = counts.figures[index], counts.figures[parts[0]]
    rest = counts.figures[following]
    is_rest = _NEW_THIS_YEAR.search(counts.gap(parts[0], following)) and is_alike(total, rest)
    adds = sum_of([part, rest]) == total.quantity.value
    return [*parts, following] if is_rest and adds else parts


def _opening(gap: str) -> tuple[str, bool, bool] | None:
    """Return marker, whether it leaves the list open, and whether two parts are needed."""
    if len(gap) > _LONGEST_STEP + 40:
        return None
    named = _OPENS.match(gap)
    if named:
        marker = named["marker"]
        if _HALF_STOP.search(gap, named.end()):
            # 其中微信占45%；推文208篇: what was to come after the word was no count.
            return None
        if marker != "其中" and _HALF_STOP.search(named["joint"]):
            # 办结5件；涉及复议2件: a new statement, not the parts of the one before it.
            return None
        # 受理41件，含上年结转3件: one part is enough for these words.
        single = marker in ("其中", "含", "包含", "包括", "主要通过", "主要集中") or bool(
            named["bracket"]
        )
        return marker, bool(_OPEN_WORDS.search(marker)), not single
    if _EACH_OPENS.match(gap):
        return "分别", False, True
    return _plain_opening(gap)


def _plain_opening(gap: str) -> tuple[str, bool, bool] | None:
    colon = _COLON.match(gap) or _BRACKET.match(gap)
    if colon is None:
        return ("其中", False, False) if _AMONG.match(gap) else None
    return colon["marker"], False, True


def _is_same_business(total: Figure, part: Figure) -> bool:
    """Tell whether a part in the next sentence is counted as its total is: not 宗 after 条."""
    one, other = total.quantity.unit, part.quantity.unit
    return one == other or not one or not other or not {one, other} & _CASE_UNITS


def _parts(counts: Counts, total: int, first: int) -> list[int]:
    """Collect the parts: same sentence, same depth, units that add up, one subject."""
    figures = counts.figures
    depth, sentence = counts.depths[first], counts.sentences[first]
    target = figures[total].quantity
    sum_so_far: Number = 0
    parts: list[int] = []
    for index in range(first, min(len(figures), first + MOST_PARTS)):
        figure = figures[index]
        if counts.sentences[index] != sentence or counts.depths[index] < depth:
            break
        if counts.depths[index] > depth:
            continue
        last = parts[-1] if parts else total
        if parts and _ends_list(counts, last, index, is_level=depth == counts.depths[total]):
            break
        if not adds_up(figures[total], figure) or _runs_on(figures[total], figure):
            break
        if parts and _is_beyond(counts, total, last, index, sum_so_far):
            break
        is_full = bool(parts) and not target.approx and sum_so_far == target.value
        if is_full and not _goes_on(counts, parts, index):
            break
        parts.append(index)
        sum_so_far += figure.quantity.value
    return parts


def _is_beyond(counts: Counts, total: int, last: int, index: int, so_far: Number) -> bool:
    """Tell whether a figure is too large to be a part and stands apart by its unit or a mark."""
    whole, part = counts.figures[total].quantity, counts.figures[index].quantity
    if whole.approx or so_far + part.value <= whole.value:
        return False
    unlike = part.unit != counts.figures[last].quantity.unit and part.value > whole.value
    apart = _HALF_STOP.search(counts.gap(last, index)) is not None
    return unlike or (apart and not _are_kinds(counts, last, index))


def _are_kinds(counts: Counts, *parts: int) -> bool:
    """Tell whether each number stands behind the name of a kind."""
    starts = [counts.figures[i].span.start for i in parts]
    return all(_KIND.search(counts.text[max(0, s - _LONGEST_KIND) : s]) for s in starts)


def _goes_on(counts: Counts, parts: list[int], index: int) -> bool:
    """Tell whether a figure belongs to a list that tells of the whole total already."""
    if _are_kinds(counts, parts[-1], index):
        return True
    return len(parts) > 1 and _is_one_more(counts, parts[-1], index)


def _runs_on(total: Figure, part: Figure) -> bool:
    """Tell whether the later number runs over more years than the one before it."""
    return part.scope == "cumulative" and total.scope != "cumulative"


def _is_one_more(counts: Counts, last: int, index: int) -> bool:
    """Tell whether one more kind follows a list that is full: 微博5条、抖音8条, 其他0条."""
    gap = counts.gap(last, index).replace("公益组织", "")
    return _NEXT_KIND.fullmatch(gap) is not None and _NEW_SUBJECT.search(gap) is None


def _ends_list(counts: Counts, last: int, index: int, *, is_level: bool) -> bool:
    """Tell whether the words after a part lead away from the list."""
    gap = without_brackets(counts.gap(last, index))
    if _LEADS_AWAY.search(gap) or len(gap) > _LONGEST_STEP:
        return True
    is_open = counts.text.startswith("等", counts.figures[last].span.end)
    if is_open and _HALF_STOP.search(gap):
        return True
    if is_level and _CLOSING.search(gap):
        # The bracket around the list was closed.
        return counts.depths[last] > counts.depths[index]
    return bool(_HALF_STOP.search(gap) and _NEW_SUBJECT.search(gap))


def _looks_whole(total: Figure, parts: list[Figure], region: str, *, is_plain: bool) -> bool:
    """Tell whether a list after 其中 or a colon means to name all parts.

    A part for the rest (其他, 结转) says so; else three parts that come near the total, or two in
    a plain list, which has only a colon or a bracket. Of lists in
    real reports a third leaves a rest, mostly much larger than what is told.
    """
    if len(parts) < 2:
        return False
    if _REST.search(region):
        return True
    sum_of_parts = sum_of(parts)
    return (is_plain or len(parts) > 2) and sum_of_parts * 5 >= total.quantity.value * 4
