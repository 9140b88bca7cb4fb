"""Step: say what part each figure plays, and which parts belong to which total."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from mining.errors import LayerError
from mining.form import Form
from mining.quantities.scopes import find_role, find_scope
from mining.report import Breakdown, Figure, Number, Report
from mining.settings import Settings
from mining.spans import Span

__all__ = ["assign_roles"]

# What opens a list after its total; 其中 may start the next sentence.
_OPENS = re.compile(
    r"(?P<lead>[^。；;：:（）()0-9]{0,16}?)(?P<joint>[,，；;：:。\s]{0,3})(?P<bracket>[（(]?)\s?"
    r"(?P<marker>其中|主要包括|主要有|主要为|主要是|包括|包含|含|涉及|分别为|分别是"
    r"|分为|来自|按[^,，。；;：:0-9]{1,8}(?:分|看|统计)|从[^,，。；;：:0-9]{1,8}看)"
)
_COLON = re.compile(r"[^。；;：:（）()，,0-9]{0,8}(?P<marker>[：:])")
_BRACKET = re.compile(r"[^。；;：:（）()，,0-9]{0,8}(?P<marker>[（(])(?!占|比|同比|较|按|以|由)")
_EACH_OPENS = re.compile(
    r"[,，；;：:。]\s?[^。；;0-9]{2,40}(?P<marker>分别为|分别是|分别有|分别公开|分别发布)[:：]?$"
)
_TRAILING = re.compile(
    r"^[)）]?(?P<open>等)?[,，、；;]?\s?(?:以上|两项|三项|各项|总数)?(?P<marker>共计|合计|总计|总共|共)(?:有|为|是)?[:：]?$"
)
_OPEN_WORDS = re.compile(r"包括|包含|主要|含|涉及|例如")
_AFTER_OPEN = re.compile(r"等|及其他|余")
_REST = re.compile(r"其他|其它|其余|另有|另外|剩余|结转|未办结|正在办理")
# Another piece of business than the one the list divides.
_NEW_SUBJECT = re.compile(
    r"召开|举办|举行|开展|组织|培训|受理|收到|复议|诉讼|回应|访谈|解读|发布会|约谈|督办|会议|办理|答复|建议|提案|涉及|投入|培育|走访"
)
_MIXED = frozenset(
    ("条", "篇", "件", "个", "则", "期", "条次", "份", "项", "篇次", "件次", "起", "宗", "例")
)
_PEOPLE = frozenset(("人", "名", "位", "人次", "人（次）", "人(次)"))
# No real list is longer; without a bound a text of numbers alone takes quadratic time.
_MOST_PARTS = 100
_LONGEST_STEP = 60
_WHOLE_BRACKET = re.compile(r"[（(][^（）()]{0,60}[）)]")
_CUT_BRACKET = re.compile(r"[（(][^（）()]{0,60}$|^[^（）()]{0,60}[）)]")
# A change or a share told beside the total: 200条，同比增长12.3%，其中…
_ASIDE = re.compile(r"[,，]\s?(?:同比|环比|占|较|比)[^,，。；;（）()]{0,24}(?=[,，。；;])")
# Channels may publish the same item; such a list divides nothing.
_COUNTED_TWICE = re.compile(r"[^。\n]{0,12}(?:同一信息|部分信息|多个渠道|不同渠道|重复)")
_CARRIES = re.compile(
    r"[^。！？!?]{0,30}。\s{0,4}(?:其中|按[^,，。]{1,8}(?:分|看|统计)|从[^,，。]{1,8}看)"
)
_LEADS_AWAY = re.compile(r"其中|[合总]计|[,，、]共")
_HALF_STOP = re.compile("[；;]")
_CLOSING = re.compile("[）)]")
_ENDS_PARTS = re.compile(r"[；;]|其中|共")


@dataclass(frozen=True, slots=True)
class _Counts:
    """The figures that can be totals or parts, and how deep in brackets each stands."""

    text: str
    figures: tuple[Figure, ...]
    depths: tuple[int, ...]

    def gap(self, left: int, right: int) -> str:
        """Return the words between two of the figures."""
        return self.text[self.figures[left].span.end : self.figures[right].span.start]


def assign_roles(report: Report, form: Form, settings: Settings) -> Report:  # noqa: ARG001
    """Fill role, scope and ``breakdowns`` from the words around the figures.

    A figure that is both total and part becomes a part. The form is not asked: how Chinese tells a
    total and its parts does not depend on it.

    Raises
    ------
    LayerError
        When the figures have not been extracted (E301).
    """
    if report.figures is None:
        msg = "roles need figures"
        raise LayerError(msg, code="E301", path=report.source.uri, hint="run the step before")
    told = tuple(_with_role(report, f) for f in report.figures)
    counts = tuple(f for f in told if f.claim == "number" and f.role == "single")
    lists = tuple(_iter_breakdowns(_Counts(report.text, counts, _depths(report.text, counts))))
    parts = {i for b in lists for i in b.parts}
    totals = {b.total for b in lists}
    listed = parts | totals
    figures = tuple(
        replace(f, role="part" if f.id in parts else "total")
        if f.role == "single" and f.id in listed
        else f
        for f in told
    )
    return replace(report, figures=figures, breakdowns=lists)


def _with_role(report: Report, figure: Figure) -> Figure:
    """Set role and scope, and the kind of an absolute change; a none has a scope only."""
    if figure.claim == "none":
        scope = find_scope(report.text, figure, role="single", meta=report.meta)
        return replace(figure, scope=scope)
    role = find_role(report.text, figure)
    scope = find_scope(report.text, figure, role=role, meta=report.meta)
    kind = "change" if role == "change" and figure.kind == "count" else figure.kind
    if (role, scope, kind) == (figure.role, figure.scope, figure.kind):
        return figure
    return replace(figure, role=role, scope=scope, kind=kind)


def _depths(text: str, figures: tuple[Figure, ...]) -> tuple[int, ...]:
    """Return how many brackets are open at each figure, counted from its sentence's start."""
    depths: list[int] = []
    position, sentence, balance = 0, -1, 0
    for figure in figures:
        if figure.sentence.start != sentence:
            position = sentence = figure.sentence.start
            balance = 0
        passed = text[position : figure.span.start]
        balance += sum(map(passed.count, "（(")) - sum(map(passed.count, "）)"))
        position = figure.span.start
        depths.append(max(0, balance))
    return tuple(depths)


def _iter_breakdowns(counts: _Counts) -> Iterator[Breakdown]:
    """Yield the lists in order of their totals; a trailing total takes only free figures."""
    taken: set[int] = set()
    owners: dict[int, Figure] = {}
    for index in range(len(counts.figures) - 1):
        for first in _first_parts(counts, index):
            found = _list_after(counts, index, first)
            if found is not None:
                found = _rehome(counts, found, counts.figures[index], owners)
                owner = next(f for f in counts.figures if f.id == found.total)
                owners.update(dict.fromkeys(found.parts, owner))
                taken |= {*found.parts, found.total}
                yield found
    for index in range(2, len(counts.figures)):
        found = _list_before(counts, index)
        if found is not None and not taken & {*found.parts, found.total}:
            taken |= {*found.parts, found.total}
            yield found


def _rehome(
    counts: _Counts, found: Breakdown, total: Figure, owners: dict[int, Figure]
) -> Breakdown:
    """Give a list that is too large for the figure before it to the one that it divides.

    收到5件，其中网上4件，来人1件，其中公开4件: the last list divides the 5, not the 1; and
    新收6件，上年结转1件，其中自然人3件: the 6.
    """
    members = [f for f in counts.figures if f.id in found.parts]
    told: Number = sum((m.quantity.value for m in members), start=0)
    if total.quantity.value >= told:
        return found
    outer = owners.get(total.id) or _neighbour(counts, total)
    if outer is None or told > outer.quantity.value:
        return found
    return _breakdown(outer, members, closed=False, marker=found.marker)


def _neighbour(counts: _Counts, total: Figure) -> Figure | None:
    """Return the figure right before `total`, of its unit and in its part of the sentence."""
    index = next(i for i, f in enumerate(counts.figures) if f.id == total.id)
    if not index:
        return None
    before = counts.figures[index - 1]
    between = counts.text[before.span.end : total.span.start]
    same = before.sentence == total.sentence and before.quantity.unit == total.quantity.unit
    return before if same and not re.search(r"[；;。：:]", between) else None


def _first_parts(counts: _Counts, index: int) -> list[int]:
    """Return where lists of this total may start: next, and again after its bracket."""
    following = range(index + 1, min(len(counts.figures), index + _MOST_PARTS))
    level = next((i for i in following if counts.depths[i] <= counts.depths[index]), None)
    return [index + 1] if level is None or level == index + 1 else [index + 1, level]


def _list_after(counts: _Counts, index: int, first: int) -> Breakdown | None:
    """Read the list that a total opens, its first part given."""
    gap = counts.gap(index, first)
    gap = _ASIDE.sub("", _WHOLE_BRACKET.sub("", gap))
    total = counts.figures[index]
    same = total.sentence == counts.figures[first].sentence
    opening = _opening(gap)
    if opening is None or (not same and not _carries_over(gap)):
        return None
    marker, is_open, needs_two = opening
    parts = _parts(counts, index, first)
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
    return _breakdown(total, members, closed=closed, marker="分别" if exhaustive else marker)


def _breakdown(total: Figure, parts: list[Figure], *, closed: bool, marker: str) -> Breakdown:
    ends = [total.span, *(p.span for p in parts)]
    return Breakdown(
        total=total.id,
        parts=tuple(p.id for p in parts),
        closed=closed,
        span=Span(min(s.start for s in ends), max(s.end for s in ends)),
        marker=marker,
    )


def _opening(gap: str) -> tuple[str, bool, bool] | None:
    """Return marker, whether it leaves the list open, and whether two parts are needed."""
    if len(gap) > _LONGEST_STEP + 40:
        return None
    named = _OPENS.match(gap)
    if named:
        marker = named["marker"]
        if marker != "其中" and _HALF_STOP.search(named["joint"]):
            # 办结5件；涉及复议2件: a new statement, not the parts of the one before it.
            return None
        return marker, bool(_OPEN_WORDS.search(marker)), marker != "其中" and not named["bracket"]
    each = _EACH_OPENS.match(gap)
    if each:
        return "分别", False, True
    colon = _COLON.match(gap) or _BRACKET.match(gap)
    return (colon["marker"], False, True) if colon else None


def _carries_over(gap: str) -> bool:
    """Tell whether the list goes on over one full stop, as in 共发布X条。其中，网站Y条."""
    return _CARRIES.match(gap) is not None


def _parts(counts: _Counts, total: int, first: int) -> list[int]:
    """Collect the parts: same sentence, same depth, units that add up, one subject."""
    figures = counts.figures
    depth, sentence = counts.depths[first], figures[first].sentence
    target = figures[total].quantity
    sum_so_far: Number = 0
    parts: list[int] = []
    for index in range(first, min(len(figures), first + _MOST_PARTS)):
        figure = figures[index]
        if figure.sentence != sentence or counts.depths[index] < depth:
            break
        if counts.depths[index] > depth:
            continue
        last = parts[-1] if parts else total
        if parts and _ends_list(counts, last, index, is_level=depth == counts.depths[total]):
            break
        if not _adds_up(figures[total], figure):
            if parts:
                break
            return []
        parts.append(index)
        sum_so_far += figure.quantity.value
        if not target.approx and sum_so_far == target.value:
            break
    return parts


def _ends_list(counts: _Counts, last: int, index: int, *, is_level: bool) -> bool:
    """Tell whether the words after a part lead away from the list."""
    gap = _without_brackets(counts.gap(last, index))
    if _LEADS_AWAY.search(gap) or len(gap) > _LONGEST_STEP:
        return True
    if is_level and _CLOSING.search(gap):
        # The bracket around the list was closed.
        return counts.depths[last] > counts.depths[index]
    return bool(_HALF_STOP.search(gap) and _NEW_SUBJECT.search(gap))


def _without_brackets(gap: str) -> str:
    """Drop what stands in brackets, whole or cut off, between two figures."""
    return _CUT_BRACKET.sub("", _WHOLE_BRACKET.sub("", gap))


def _adds_up(total: Figure, part: Figure) -> bool:
    """Tell whether the two can be counted together."""
    a, b = total.quantity.unit, part.quantity.unit
    if a == b:
        return True
    if "元" in (a, b) or total.kind != part.kind:
        return False
    return not a or not b or {a, b} <= _MIXED or {a, b} <= _PEOPLE


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
    sum_of_parts: Number = sum((p.quantity.value for p in parts), start=0)
    return (is_plain or len(parts) > 2) and sum_of_parts * 5 >= total.quantity.value * 4


def _list_before(counts: _Counts, index: int) -> Breakdown | None:
    """Read the parts before a trailing total: A88件、B3件，共91件."""
    figures = counts.figures
    marker = _TRAILING.match(counts.gap(index - 1, index))
    if marker is None:
        return None
    total, depth = figures[index], counts.depths[index]
    parts: list[Figure] = []
    for at in range(index - 1, max(-1, index - 1 - _MOST_PARTS), -1):
        figure = figures[at]
        if figure.sentence != total.sentence or not _adds_up(total, figure):
            break
        if parts and _ENDS_PARTS.search(counts.gap(at, at + 1)):
            break
        if counts.depths[at] == depth:
            parts.insert(0, figure)
    if len(parts) < 2:
        return None
    word = "共" if marker["marker"] == "总共" else marker["marker"]
    return _breakdown(total, parts, closed=not marker["open"], marker=word)
