"""Find the quantities that a text tells: the mask pass first, then one numeral grammar."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from mining.numerals import read_numeral
from mining.quantities.approximation import (
    APPROXIMATORS,
    make_exact,
    make_magnitude,
    make_quantity,
    make_range,
)
from mining.quantities.masks import GAP, find_ranges, half_width
from mining.quantities.measures import load_measures
from mining.quantities.ranks import find_ranks
from mining.quantities.written import (
    JOINT,
    NOT_ALONE,
    NOT_PLAIN,
    START,
    TENTH,
    Written,
    find_start,
    read_coins,
    read_written,
    scaled,
)
from mining.quantity import Quantity
from mining.spans import Span

__all__ = ["Found", "Mention", "find_mentions", "find_quantities"]

# Where a quantity starts and ends, and what it says.
Found = tuple[int, int, Quantity]

_AFTER = re.compile(
    r"[ ]?(?:及|或|[（(]含[)）])?(?P<word>以上|以内|之内|左右|上下|以下(?![简几问方工])"
    r"|[余多](?=[,，。；;、)）\s]|$))"
)
_AFTER_STARTS = frozenset(" 以之左上及或（(余多")
_BLANK = re.compile(r"[ \t\u3000]{0,4}(?P<line>\r?\n[ \t\u3000]{0,4})?")
_CLOSE = re.compile(
    r"[ ]{0,2}(?:[,，、；;。)）]|\.(?![0-9]))|[ ]{0,2}$|[ ]{0,2}\n|[和及与](?=[0-9])"
)
_LIST_MARKS = frozenset("、和及与")
_WORD_BEFORE = re.compile(r"[\u4e00-\u9fff”」》)）][:：]?[ ]?$")
_CHINESE_NEXT = re.compile(r"[\u4e00-\u9fff]")
# A sign is one only where a difference is told: elsewhere - parts a name from its number.
_PLUS = re.compile(r"[\u4e00-\u9fff:：（(,，、]\s?[+＋]$")
_MINUS = re.compile(
    r"(?:[同环相]比|[增降]幅|增速|增长率?|增减|变化|变动|幅度|[为率])[:：（(]?\s?[-−－]$"
)
_ORDINAL = ("第", "初", "其", "周")
_CURRENCY = frozenset("¥￥")
_SIGNS = frozenset("+-＋−－¥￥")

# Single characters that end other words when one of these stands before them (预约, 附近).
_OTHER_WORD = {
    "约": "预节签合条特解邀制契相公婚履集简",
    "近": "最附就邻靠亲远临新",
    "超": "赶高",
    "过": "通超经不",
    "破": "爆打攻侦",
    "上": "以网线会身之向",
    "逾": "",
}
# These approximate an order of magnitude only (上百, 过千); elsewhere they are verbs.
_ORDER_ONLY = frozenset("上过破")
_AFTER_ONLY = frozenset(("余", "多", "几", "来", "左右", "上下", "强", "弱"))
_PREFIXES = frozenset(APPROXIMATORS) - _AFTER_ONLY
_PREFIX_ENDS = frozenset(w[-1] for w in _PREFIXES)
_VERB_BETWEEN = re.compile(r"(?P<word>大约|约|超过|将近|近|至少)(?:有|为|占|达到?|是|了)[ ]?$")
_VERB_ENDS = frozenset("有为占达到是了 ")


class Mention(NamedTuple):
    """A quantity in a text.

    Parameters
    ----------
    span
        Approximators, numeral and unit.
    quantity
        What it says.
    """

    span: Span
    quantity: Quantity


def find_mentions(text: str, *, limit: int | None = None) -> list[Mention]:
    """Find the quantities that `text` tells, in order, none overlapping another.

    Parameters
    ----------
    text
        Normalised text.
    limit
        Reading stops after so many; no limit by default.

    Examples
    --------
    >>> text = "2021年公开信息近3400条，其中微信1.2万余条。"
    >>> [(m.span.of(text), m.quantity.value) for m in find_mentions(text)]
    [('近3400条', 3400), ('1.2万余条', 12000)]
    """
    [found] = find_quantities(text, [Span(0, len(text))], limit=limit)
    return [Mention(Span(start, end), quantity) for start, end, quantity in found]


def find_quantities(
    text: str, passages: Sequence[Span], *, limit: int | None = None
) -> list[list[Found]]:
    """Find in each passage what `find_mentions` finds in it alone, with positions in `text`.

    All passages go through each expression together: one that comes back to a processor that has
    done something else in between takes half as long again.

    Parameters
    ----------
    text
        Normalised text.
    passages
        In rising order.
    limit
        Reading of a passage stops after so many.
    """
    joined = half_width(GAP.join([text[span.start : span.end] for span in passages]))
    if find_start(joined, 0, len(joined)) < 0:
        return [[] for _ in passages]
    masks = find_ranges(joined)
    found, start, first = [], 0, 0
    for span in passages:
        end = start + span.end - span.start
        last = bisect_left(masks, (end, 0), first)
        inside = [(left - start, right - start) for left, right in masks[first:last]]
        found.append(_find_in(joined[start:end], inside, span.start, limit))
        start, first = end + len(GAP), last
    return found


def _find_in(text: str, masks: list[tuple[int, int]], shift: int, limit: int | None) -> list[Found]:
    found = list(islice(_iter_mentions(text, masks, shift), limit))
    ranks = list(islice(find_ranks(text, shift), limit))
    return sorted((*ranks, *found), key=itemgetter(0, 1))[:limit] if ranks else found


def _iter_mentions(text: str, masks: list[tuple[int, int]], shift: int) -> Iterator[Found]:
    """Yield what stands between the masks; nothing of a mention reaches into one."""
    search = _next_number().search
    position = 0
    for mask, after in (*masks, (len(text), len(text))):
        floor = position
        while match := search(text, position, mask):
            start, end = match.span()
            # The last group of a plain number is its unit.
            if match.lastgroup:
                quantity = (
                    make_exact(int(text[start : match.end("digits")]), match["unit"])
                    if match.lastgroup == "unit"
                    else _plain_percent(text[start : end - 1])
                )
                yield start + shift, end + shift, quantity
                floor = position = end
                continue
            number = read_written(text, start, mask)
            found = number and _read_mention(text, number, floor, mask)
            if found:
                start, floor, quantity = found
                yield start + shift, floor + shift, quantity
                position = floor
            else:
                position = number.end if number else start + 1
        position = after


@lru_cache(maxsize=1)
def _next_number() -> re.Pattern[str]:
    """Return what finds the next number, and reads it where it is as plain as three in four are.

    Those are digits and a measure word or %, with nothing around them that says more: what the
    words before and after might do to them need not be asked then, which takes three times as long.
    """
    before = re.escape("".join(sorted(_PREFIX_ENDS | _VERB_ENDS | _SIGNS)))
    after = re.escape("".join(sorted(_AFTER_STARTS)))
    unit = load_measures().pattern.pattern
    return re.compile(
        rf"{START}(?:(?<=[0-9])(?<![0-9A-Za-z_./{before}].)(?P<digits>(?<!0)[0-9]{{0,8}}+|(?<=0))"
        rf"(?:(?!{NOT_PLAIN}|[番元角%‰])(?>{unit})(?![{after}])"
        rf"|(?:\.[0-9]{{1,4}}+)?(?P<percent>%)(?!{JOINT}|[{after}]))"
        rf"|{NOT_ALONE})"
    )


@lru_cache(maxsize=1024)
def _plain_percent(digits: str) -> Quantity:
    """Return an exact share; 100%, 98% and a few hundred others are most of them."""
    return _quantity(Written(0, len(digits), read_numeral(digits)), "%")


def _read_mention(text: str, number: Written, floor: int, stop: int) -> Found | None:
    """Add unit and approximators to a numeral, or decide that it tells no quantity."""
    if number.numeral is None and not number.order:
        return None
    unit, end = _unit_at(text, number, stop)
    is_told = (unit or number.is_arabic or number.is_share) and text[end : end + 1] in _AFTER_STARTS
    after = _AFTER.match(text, end, stop) if is_told else None
    end = after.end() if after else end
    start, prefix = _prefix_at(text, number, floor)
    if prefix or after:
        more = ((after["word"],) if after else ()) + ((prefix,) if prefix else ())
        # 超过50余万次 has no upper bound: the word before the number decides then.
        is_open = APPROXIMATORS.get(prefix) == "at_least"
        words = more[::-1] + number.words if is_open else number.words + more
        number = number._replace(words=words)
    elif start > floor and text[start - 1] in _SIGNS:
        return _read_signed(text, number, unit, (floor, end))
    if not _is_count(text, number, unit, (start, end), floor):
        return None
    if unit in ("元", "角"):
        number, end = read_coins(text, number, unit, (end, stop))
    return start, end, _quantity(number, "%" if number.is_share else unit)


def _read_signed(text: str, number: Written, unit: str, around: tuple[int, int]) -> Found | None:
    """Read +16件, -5.3% and ¥3000; the sign of a list or a range is none."""
    sign_at = number.start - 1
    numeral = number.numeral
    floor, end = around
    if text[sign_at] in _CURRENCY and (numeral or number.words):
        return sign_at, end, _quantity(number, unit or "元")
    is_signed = any(p.search(text, max(floor, sign_at - 5), number.start) for p in (_PLUS, _MINUS))
    if numeral and unit and is_signed and not number.high:
        if text[sign_at] not in "+＋":
            number = number._replace(numeral=replace(numeral, value=-numeral.value))
        return sign_at, end, _quantity(number, unit)
    if not _is_count(text, number, unit, (number.start, end), floor):
        return None
    return number.start, end, _quantity(number, "%" if number.is_share else unit)


def _is_count(text: str, number: Written, unit: str, span: tuple[int, int], floor: int) -> bool:
    """Tell whether a numeral with this unit counts anything; `words` holds all approximators."""
    if number.order and not number.words:
        return False
    if number.is_share:
        return True
    if not unit:
        return _is_bare_count(text, number, span, floor)
    if unit == "番":
        return text.endswith(("翻", "翻了"), 0, span[0])
    return number.is_arabic or bool(number.words) or _is_chinese_count(text, number, unit)


def _quantity(number: Written, unit: str) -> Quantity:
    """Build the quantity from the word that binds most closely."""
    numeral = number.numeral
    if unit == "‰" and numeral:
        number = number._replace(numeral=scaled(numeral, TENTH))
        return _quantity(number, "%")
    unit = "元" if unit == "角" else unit
    if numeral is None:
        return make_magnitude(number.order, word=number.words[0], unit=unit)
    if number.high is not None:
        return make_range(numeral.value, number.high.value, unit=unit)
    return make_quantity(
        numeral.value,
        step=numeral.step,
        words=number.words,
        unit=unit,
        grain=numeral.grain,
        is_rounded=numeral.is_rounded,
    )


def _unit_at(text: str, number: Written, stop: int) -> tuple[str, int]:
    """Return the measure word after the numeral and where it ends; empty when there is none."""
    at = end = number.end
    if at < stop and text[at] in " \t\u3000\r\n":
        blank = _BLANK.match(text, at, stop)
        at = blank.end() if blank else at
        if blank and blank["line"]:
            line = text[text.rfind("\n", 0, number.start) + 1 : number.start]
            # A number alone on its line is a table cell, and the next line another cell.
            if not line.strip():
                return "", end
    measures = load_measures()
    if at >= stop or text[at] not in measures.initials:
        return "", end
    match = measures.pattern.match(text, at, stop)
    return (match["unit"], match.end()) if match else ("", end)


def _prefix_at(text: str, number: Written, floor: int) -> tuple[int, str]:
    """Return where the mention starts and its approximator before the numeral, if any."""
    end = number.start
    if end > floor and text[end - 1] == " ":
        end -= 1
    last = text[end - 1] if end > floor else ""
    if last in _PREFIX_ENDS:
        for length in (3, 2, 1):
            word = text[max(floor, end - length) : end]
            if word in _PREFIXES and _binds(text, word, end - len(word), number):
                return end - len(word), word
    if last in _VERB_ENDS:
        verb = _VERB_BETWEEN.search(text, max(floor, end - 5), number.start)
        if verb and text[max(0, verb.start() - 1) : verb.start()] not in _other(verb["word"]):
            # 约占30%: the approximator counts, but the verb keeps it out of the span.
            return number.start, verb["word"]
    return number.start, ""


def _other(word: str) -> tuple[str, ...]:
    return tuple(_OTHER_WORD.get(word, ""))


def _binds(text: str, word: str, start: int, number: Written) -> bool:
    """Tell whether the word approximates, and is not the end of another word."""
    if word in _ORDER_ONLY and not number.order and not number.is_share:
        is_rounded = number.numeral is not None and number.numeral.is_rounded
        if word != "破" or not is_rounded:
            return False
    return text[max(0, start - 1) : start] not in _other(word)


def _is_bare_count(text: str, number: Written, span: tuple[int, int], floor: int) -> bool:
    """Tell whether a number without measure word tells a quantity (粉丝突破2000, 会议信息42、).

    It also does right after another one, which ends at `floor` (分别为12、35和120件).
    """
    start, end = span
    before = text[max(0, start - 3) : start]
    is_order = number.order > 0 and start < number.start
    if (
        text.startswith(("为零", "是零"), max(0, number.start - 1))
        and number.end - number.start == 1
    ):
        return bool(_CLOSE.match(text, end))
    if not (number.is_arabic or is_order) or number.high:
        return False
    # The length first: a slice back to a far floor, for every number, would be quadratic.
    is_next = 0 < floor == start - 1 and text[floor] in _LIST_MARKS
    if not is_next and not _WORD_BEFORE.search(before.split("\n")[-1]):
        return False
    if _CLOSE.match(text, end):
        return True
    if is_order or not _CHINESE_NEXT.match(text, end):
        return False
    # 10万用户: what is counted follows without a measure word.
    is_rounded = number.numeral is not None and number.numeral.is_rounded
    return is_rounded or bool(load_measures().nouns.search(text, max(0, start - 4), start))


def _is_chinese_count(text: str, number: Written, unit: str) -> bool:
    """Tell whether a numeral in characters counts; 一 does so in clear settings only."""
    measures = load_measures()
    if number.order or number.high:
        return True
    value = number.numeral.value if number.numeral else 0
    # 五金 and 三分 are words, 五千万元 is money.
    if unit in measures.not_chinese and value < 10:
        return False
    before = text[number.start - 1 : number.start] if number.start else ""
    if before in _ORDINAL:
        return False
    return value != 1 or _is_one(text, number, unit, before)


def _is_one(text: str, number: Written, unit: str, before: str) -> bool:
    """Tell whether 一 counts."""
    measures = load_measures()
    if before in measures.never_after or text.startswith(
        ("作为", "成为"), max(0, number.start - 2)
    ):
        return False
    if unit in measures.one:
        return True
    # 设政务公开栏一个，
    is_last = before not in ("的", "中") and _CLOSE.match(text, number.end + len(unit)) is not None
    return unit in measures.one_after_verb and (before in measures.verbs or is_last)
