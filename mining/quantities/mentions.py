"""Find the quantities that a text tells: the mask pass first, then one numeral grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from mining.numerals import Numeral, read_numeral
from mining.quantities.approximation import APPROXIMATORS, make_magnitude, make_quantity, make_range
from mining.quantities.masks import find_masks, half_width
from mining.quantities.measures import load_measures
from mining.quantity import Quantity
from mining.spans import Span

__all__ = ["Mention", "find_mentions"]

_CN = "零〇一二三四五六七八九十百千万亿两廿卅"
_START = re.compile(f"[0-9{_CN}数几半过]")
_SCALE = (
    "(?:十万|百万|千万|十亿|百亿|千亿|万亿|千(?![米克瓦伏卡帕])|百(?![分货姓科])|万(?![达科])|亿)"
)
_ARABIC = (
    r"(?:[1-9][0-9]{0,2}(?:(?:,[0-9]{3}){1,4}|(?: [0-9]{3}){1,3})(?![0-9])|[0-9]++)(?:\.[0-9]++)?"
)
_NUMBER = re.compile(
    rf"(?P<share>半数|一半|过半数?|[{_CN}]{{1,3}}分之(?:[{_CN}]{{1,7}}|{_ARABIC})"
    r"|[一二两三四五六七八九]成(?:[一二三四五六七八九半](?![一二三四五六七八九]))?"
    r"(?![员为功果立绩效长交熟都本就]))"
    r"|(?P<several>[数几])(?P<of>[十百千万亿]{1,2})"
    rf"|(?P<arabic>(?<![0-9A-Za-z_])(?<![0-9]\.)(?<![A-Za-z]-){_ARABIC})"
    rf"|(?P<chinese>[{_CN}]++)"
)
_TAIL = re.compile(
    rf"(?:(?P<inner>[余多来几])?[ ]?(?P<scale>{_SCALE})(?P<more>[0-9]{{1,4}}[万千百])?)?"
    r"(?P<outer>余|多(?![样元])|几|来(?![自信访电函源]))?"
)
_SPOKEN_RANGE = re.compile(
    r"(?P<ten>十)?(?P<a>[一二两三四五六七八九])(?P<b>[二三四五六七八九])(?P<scale>[十百千万亿]{0,2})"
)
_RANGE = re.compile(
    rf"(?P<unit>%|[个次条件家人名天])?\s?(?:至|到|[-—–~～－]{{1,2}})\s?(?=[0-9{_CN}])"
)
_AFTER = re.compile(
    r"[ ]?(?P<word>以上|以内|之内|左右|上下|以下(?![简几问方工])|[余多](?=[,，。；;、)）\s]))"
)
_BLANK = re.compile(r"[ \t\u3000]{0,4}(?P<line>\r?\n[ \t\u3000]{0,4})?")
_RANK = re.compile(rf"第\s?(?P<n>[0-9]{{1,4}}|[{_CN}]{{1,4}})(?:\s?(?P<unit>[名位]))?")
_RANK_VERB = re.compile(r"(?:排名|位列|位居|名列|位次|列|居|排|跃升)[^,，。；;\n]{0,10}$")
_RANK_END = re.compile(r"[,，。；;、)）!！\s]|$")
_FIRST_PLACE = re.compile(r"[放摆][在到]$")
_CLOSE = re.compile(r"[ ]{0,2}(?:[,，、；;。)）]|\.(?![0-9]))|[ ]{0,2}$|[ ]{0,2}\n")
_WORD_BEFORE = re.compile(r"[\u4e00-\u9fff”」》)）][:：]?[ ]?$")
_CHINESE_NEXT = re.compile(r"[\u4e00-\u9fff]")
_FROM = re.compile(r"[从由][^,，。；;\n]{0,6}$")

# Single characters that end other words when one of these stands before them (预约, 附近).
_OTHER_WORD = {
    "约": "预节签合条特解邀制契相公婚履",
    "近": "最附就邻靠亲远临新",
    "超": "赶高",
    "过": "通超经不",
    "破": "爆打攻侦",
    "上": "以网线会身之向",
    "逾": "",
}
# These approximate an order of magnitude only (上百, 过千); elsewhere they are verbs.
_ORDER_ONLY = frozenset("上过破")
_PREFIXES = {w: w for w in APPROXIMATORS if w not in ("余", "多", "几", "来", "左右", "上下")}
_VERB_BETWEEN = re.compile(r"(?P<word>大约|约|超过|将近|近|至少)(?:有|为|占|达到?|是|了)[ ]?$")
_MAX_DIGITS = 15


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


class _Number(NamedTuple):
    """A numeral with what binds to it: approximators inside, a second end, an order only."""

    start: int
    end: int
    numeral: Numeral | None = None
    high: Numeral | None = None
    order: int = 0
    words: tuple[str, ...] = ()
    is_arabic: bool = False


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
    text = half_width(text)
    if not _START.search(text):
        return []
    found = (*islice(_ranks(text), limit), *islice(_iter_mentions(text), limit))
    return sorted(found, key=lambda m: m.span)[:limit]


def _iter_mentions(text: str) -> Iterator[Mention]:
    """Yield what stands between the masks."""
    position = 0
    for mask in (*find_masks(text), Span(len(text), len(text))):
        yield from _between(text, position, mask.start)
        position = mask.end


def _between(text: str, floor: int, stop: int) -> Iterator[Mention]:
    """Read one stretch without masks; nothing of a mention reaches outside it."""
    position = floor
    while match := _START.search(text, position, stop):
        number = _read_number(text, match.start(), stop)
        if number is None:
            position = match.end()
            continue
        mention = _read_mention(text, number, floor, stop)
        position = mention.span.end if mention else number.end
        if mention:
            yield mention


def _read_number(text: str, start: int, stop: int) -> _Number | None:
    """Read the numeral that starts at `start`; a run that is none comes back without a value."""
    match = _NUMBER.match(text, start, stop)
    if match is None:
        return None
    if match["several"]:
        return _several(text, match, stop)
    if match["share"]:
        tail = _TAIL.match(text, match.end(), stop)
        more = tail is not None and tail["outer"] == "多" and not tail["scale"]
        numeral = read_numeral(match[0].removesuffix("数") if "过半" in match[0] else match[0])
        end = match.end() + more
        return _Number(start=start, end=end, numeral=numeral, words=("多",) if more else ())
    if match["arabic"] and len(match[0]) > _MAX_DIGITS:
        return _Number(start=start, end=match.end())
    number = _read_core(text, match, stop)
    return _read_range(text, number, stop)


def _several(text: str, match: re.Match[str], stop: int) -> _Number:
    """Read 数十, 几百万: 数余 takes no further approximator."""
    factor = 1
    for char in match["of"]:
        factor *= {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}[char]
    end = match.end()
    if text[end : min(end + 1, stop)] in ("余", "多"):
        end += 1
    return _Number(start=match.start(), end=end, order=factor, words=(match["several"],))


def _read_core(text: str, match: re.Match[str], stop: int) -> _Number:
    """Read digits or characters with 万 and 余 in either order."""
    is_arabic = match["arabic"] is not None
    tail = _TAIL.match(text, match.end(), stop)
    inner, scale, more, outer = (
        tail.group("inner", "scale", "more", "outer") if tail else (None, None, None, None)
    )
    end = tail.end() if tail else match.end()
    if scale and not is_arabic and not inner:
        scale, more, outer, end = None, None, None, match.end()
    written = match[0] + (scale or "") + (more or "")
    words = tuple(w for w in (inner, outer) if w)
    numeral = read_numeral(written)
    base = _Number(start=match.start(), end=end, numeral=numeral, words=words, is_arabic=is_arabic)
    if numeral is None and written and all(c in "百千万亿" for c in written) and len(written) < 3:
        return base._replace(order=_order_of(written))
    if numeral is None:
        return _spoken_range(base, match[0]) if not is_arabic else base
    return base


def _order_of(written: str) -> int:
    """Return the factor of 百, 百万 …; 0 for what nobody writes."""
    numeral = read_numeral("一" + written)
    return int(numeral.value) if numeral else 0


def _spoken_range(base: _Number, written: str) -> _Number:
    """Read 两三, 三五, 二三十, 十五六 as a range; anything else keeps no value."""
    match = _SPOKEN_RANGE.fullmatch(written)
    if match is None or (match["ten"] and match["scale"]):
        return base
    ten, scale = match["ten"] or "", match["scale"]
    low, high = read_numeral(ten + match["a"] + scale), read_numeral(ten + match["b"] + scale)
    if low is None or high is None:
        return base
    gap = (high.value - low.value) * 10 // (high.step * 10)
    is_pair = gap == 1 or match["a"] + match["b"] == "三五"
    return base._replace(numeral=low, high=high) if is_pair else base


def _read_range(text: str, number: _Number, stop: int) -> _Number:
    """Take the upper end of 3至5 or 10%-20% in, when there is one."""
    joint = _RANGE.match(text, number.end, stop)
    if joint is None or number.numeral is None or number.high or number.words:
        return number
    match = _NUMBER.match(text, joint.end(), stop)
    if match is None or match["several"] or match["share"]:
        return number
    if joint["unit"] and _FROM.search(text, max(0, number.start - 8), number.start):
        return number
    second = _read_core(text, match, stop)
    return _join(text, number, second, scale=text[match.end() : second.end].strip())


def _join(text: str, number: _Number, second: _Number, *, scale: str) -> _Number:
    """Make a range of two numerals in rising order and of one script."""
    low, high = number.numeral, second.numeral
    if low is None or high is None or second.words or second.is_arabic != number.is_arabic:
        return number
    # 1至3万: the scale at the end holds for both.
    is_shared = bool(scale) and number.is_arabic and not low.is_rounded
    shared = read_numeral(text[number.start : number.end] + scale) if is_shared else None
    low = shared if shared and shared.value < high.value else low
    if low.value >= high.value:
        return number
    return number._replace(numeral=low, high=high, end=second.end)


def _read_mention(text: str, number: _Number, floor: int, stop: int) -> Mention | None:
    """Add unit and approximators to a numeral, or decide that it tells no quantity."""
    if number.numeral is None and not number.order:
        return None
    unit, end = _unit_at(text, number, stop)
    after = _AFTER.match(text, end, stop) if unit or _is_share(number) else None
    end = after.end() if after else end
    start, prefix = _prefix_at(text, number, floor)
    words = number.words + ((after["word"],) if after else ()) + ((prefix,) if prefix else ())
    if prefix or after:
        number = number._replace(words=words)
    if not _is_count(text, number, unit, start):
        return None
    return Mention(Span(start, end), _quantity(number, words, "%" if _is_share(number) else unit))


def _is_count(text: str, number: _Number, unit: str, start: int) -> bool:
    """Tell whether a numeral with this unit counts anything; `words` holds all approximators."""
    if number.order and not number.words:
        return False
    if _is_share(number):
        return True
    if not unit:
        return _is_bare_count(text, number, start)
    return number.is_arabic or bool(number.words) or _is_chinese_count(text, number, unit)


def _is_share(number: _Number) -> bool:
    return number.numeral is not None and number.numeral.is_share


def _quantity(number: _Number, words: tuple[str, ...], unit: str) -> Quantity:
    """Build the quantity from the word that binds most closely."""
    if unit == "‰":
        return _quantity(_per_mille(number), words, "%")
    numeral = number.numeral
    if numeral is None:
        return make_magnitude(number.order, word=words[0], unit=unit)
    if number.high is not None:
        return make_range(numeral.value, number.high.value, unit=unit)
    return make_quantity(
        numeral.value,
        step=numeral.step,
        words=words,
        unit=unit,
        grain=numeral.grain,
        is_rounded=numeral.is_rounded,
    )


def _per_mille(number: _Number) -> _Number:
    """Turn ‰ into %."""
    numeral = read_numeral(f"千分之{number.numeral.value}") if number.numeral else None
    return number._replace(numeral=numeral or number.numeral)


def _unit_at(text: str, number: _Number, stop: int) -> tuple[str, int]:
    """Return the measure word after the numeral and where it ends; empty when there is none."""
    blank = _BLANK.match(text, number.end, stop)
    at = blank.end() if blank else number.end
    if blank and blank["line"]:
        line = text[text.rfind("\n", 0, number.start) + 1 : number.start]
        # A number alone on its line is a table cell, and the next line another cell.
        if not line.strip():
            return "", number.end
    match = load_measures().pattern.match(text, at, stop)
    if match is None:
        return "", number.end
    return match["unit"], match.end()


def _prefix_at(text: str, number: _Number, floor: int) -> tuple[int, str]:
    """Return where the mention starts and its approximator before the numeral, if any."""
    end = number.start
    if end > floor and text[end - 1] == " ":
        end -= 1
    for length in (3, 2, 1):
        word = text[max(floor, end - length) : end]
        if len(word) == length and word in _PREFIXES and _binds(text, word, end - length, number):
            return end - length, word
    verb = _VERB_BETWEEN.search(text, max(floor, end - 5), number.start)
    if verb and text[max(0, verb.start() - 1) : verb.start()] not in _other(verb["word"]):
        # 约占30%: the approximator counts, but the verb keeps it out of the span.
        return number.start, verb["word"]
    return number.start, ""


def _other(word: str) -> tuple[str, ...]:
    return tuple(_OTHER_WORD.get(word, ""))


def _binds(text: str, word: str, start: int, number: _Number) -> bool:
    """Tell whether the word approximates, and is not the end of another word."""
    if word in _ORDER_ONLY and not number.order and not _is_share(number):
        return False
    return text[max(0, start - 1) : start] not in _other(word)


def _is_bare_count(text: str, number: _Number, start: int) -> bool:
    """Tell whether a number without measure word tells a quantity (粉丝突破2000, 会议信息42、)."""
    before = text[max(0, start - 3) : start]
    if not number.is_arabic or number.high or not _WORD_BEFORE.search(before.split("\n")[-1]):
        return False
    if _CLOSE.match(text, number.end):
        return True
    if not _CHINESE_NEXT.match(text, number.end):
        return False
    # 10万用户: what is counted follows without a measure word.
    is_rounded = number.numeral is not None and number.numeral.is_rounded
    return is_rounded or bool(load_measures().nouns.search(text, max(0, start - 4), start))


def _is_chinese_count(text: str, number: _Number, unit: str) -> bool:
    """Tell whether a numeral in characters counts; 一 does so in clear settings only."""
    measures = load_measures()
    if _is_share(number) or number.order:
        return True
    if unit in measures.not_chinese:
        return False
    before = text[number.start - 1 : number.start] if number.start else ""
    if before in ("第", "初", "其", "周"):
        return False
    if number.numeral is None or number.numeral.value != 1:
        return True
    if before in measures.never_after or text.startswith(
        ("作为", "成为"), max(0, number.start - 2)
    ):
        return False
    return unit in measures.one or (unit in measures.one_after_verb and before in measures.verbs)


def _ranks(text: str) -> Iterator[Mention]:
    """Find ranks (第3名, 位列全市第二); other ordinals are names."""
    for match in _RANK.finditer(text):
        numeral = read_numeral(match["n"])
        before = text[max(0, match.start() - 16) : match.start()]
        if numeral is None or _FIRST_PLACE.search(before):
            continue
        is_rank = match["unit"] == "名" or _RANK_VERB.search(before)
        if is_rank and _RANK_END.match(text, match.end()):
            quantity = make_quantity(numeral.value, step=1, unit=match["unit"] or "")
            yield Mention(Span(*match.span()), quantity)
