"""Numbers as they are written: one numeral, what binds to it, and the upper end of a range."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from mining.numerals import Numeral, read_numeral, tidy

__all__ = [
    "JOINT",
    "NOT_ALONE",
    "NOT_PLAIN",
    "START",
    "TENTH",
    "Written",
    "find_start",
    "read_coins",
    "read_written",
    "scaled",
]

_CN = "零〇一二三四五六七八九十百千万亿两廿卅"
_FORMAL = "壹贰叁肆伍陆柒捌玖拾"
START = f"[0-9{_CN}数几半过{_FORMAL}]"
"""The characters that can begin a number, as an expression."""

NOT_ALONE = r"(?<![数几过])|(?=[十百千万亿半])"
"""What holds behind the first character of a number: 数据 and 通过 begin none."""

_START = re.compile(START)
_SCALE = (
    "(?:十万|百万|千万|十亿|百亿|千亿|万亿|千(?![米克瓦伏卡帕])|百(?![分货姓科])|万(?![达科])|亿)"
)
# What follows a number that counts: other digits with a gap before them are not one number.
_COUNTED = r"(?=[ ]?[余多]?[万亿]?[ ]?[%条件个次项篇人份起宗例期场家名位元户册封部批种类])"
_ARABIC = (
    r"(?:[1-9][0-9]{0,2}(?:(?:,[0-9]{3}){1,4}|(?: [0-9]{3}){1,3})(?![0-9])|[0-9]++)(?:\.[0-9]++)?"
)
_SPOKEN_DIGITS = "零〇一二三四五六七八九"
_NUMBER = re.compile(
    rf"(?P<share>半数|一半|过半数?"
    rf"|[{_CN}]{{1,3}}分之(?:[{_CN}]{{1,7}}(?:点[{_SPOKEN_DIGITS}]{{1,3}})?|{_ARABIC})"
    r"|(?:[一二两三四五六七八九]|(?<![0-9.])[1-9](?=成))成"
    r"(?:[一二三四五六七八九半](?![一二三四五六七八九]))?(?![员为功果立绩效长交熟都本就])"
    r"|[1-9](?<=[占为达约近超过足到逾][1-9])/[1-9](?![0-9/.])"
    r"|(?<![0-9/.])[1-9]/[1-9](?=以上|左右))"
    r"|(?P<several>[数几])(?P<of>[十百千万亿]{1,2})"
    rf"|(?P<arabic>(?<![0-9A-Za-z_])(?<![0-9]\.)(?<![A-Za-z]-){_ARABIC})"
    rf"|(?P<chinese>[{_CN}]++(?:点[{_SPOKEN_DIGITS}]{{1,4}}[万亿]?(?![{_CN}分时]))?"
    r"|半(?<![下上前后多大对各过一]半)(?=个?(?:小时|工作日)(?!之?内|以内|前))"
    rf"|[{_FORMAL}](?<![队入退大登内水着收捡{_FORMAL}佰仟零][{_FORMAL}])"
    rf"(?:(?=[元圆件])|[{_FORMAL}佰仟零萬億万亿]{{1,24}}(?=[元圆余多件人])))"
)
# Three numbers in four: digits and a measure word, with nothing between or right after them.
_QUICK = re.compile(
    r"(?<![0-9A-Za-z_.\-/])(?:[1-9][0-9]{0,8}|0)"
    r"(?=[条件篇期场批户家项份则例起宗封名位册类种](?![\s至到\-—–~～－])(?!人?次[至到\-—–~～－]))"
)
_TAIL = re.compile(
    rf"(?:(?P<inner>[余多来几])?[ ]?(?P<scale>{_SCALE})"
    r"(?P<more>(?:零?[0-9]{1,4}(?:[十百千]?万|[千百])){0,3}(?:零[0-9]{1,3}|[1-9][0-9]{2,3})?(?![0-9]))?)?"
    r"(?P<outer>余|多(?!样|元(?:化|解|调|共|参))|几|来(?![自信访电函源])"
    r"|[+＋](?=[次人条个件家篇场，。、；,;）)]|$))?"
)
_FULL_COMMAS = re.compile(rf"(?:，[0-9]{{3}}){{1,4}}(?![0-9]|[,，.][0-9]){_COUNTED}")
_BROKEN = re.compile(
    r" ?\. ?[0-9]{1,4}(?=[ ]?(?:%|个百分点|[万亿]))"
    rf"|(?: |(?P<line>\n))[0-9]{{1,6}}(?![0-9.,，]){_COUNTED}"
)
_LISTED = re.compile(r"分别[^,，。；;\n]{0,6}$")
# The shortest line that a page, not the writer, breaks inside a number.
_SHORTEST_WRAPPED = 12
_SPOKEN_RANGE = re.compile(
    r"(?P<ten>十)?(?P<a>[一二两三四五六七八九])(?P<b>[二两三四五六七八九])(?P<scale>[十百千万亿]{0,2})"
)
_RANGE = re.compile(
    r"(?P<unit>%|个工作日|工作日|个月|人次|条次|场次|万?元|[个次条件家人名天期篇场份项])?\s?"
    rf"(?:至|到|[-—–~～－]{{1,2}})\s?(?=[0-9{_CN}])"
)
_AND_HALF = re.compile("个半(?=小时|工作日)")
JOINT = r"\s?[至到\-—–~～－]"
"""What joins the lower end of a range to the upper one."""

NOT_PLAIN = (
    r"[余多来几十百千万亿成分+＋]|个半"
    r"|(?:个工作日|个月|人次|条次|场次|[个次条件家人名天期篇场份项])?\s?[至到\-—–~～－]"
)
"""What may follow digits and be part of the number: a scale, a half, the joint of a range."""

_FROM = re.compile(r"[从由][^,，。；;\n]{0,6}$")
_MAX_DIGITS = 15
_COIN = re.compile("([1-9])角")
TENTH = Decimal("0.1")
_FORMAL_RUN = re.compile(f"[{_FORMAL}]+")


class Written(NamedTuple):
    """A numeral with what binds to it: approximators inside, a second end, an order only.

    Parameters
    ----------
    start, end
        Where it stands.
    numeral, high
        What it says, and the upper end of a range.
    order
        The scale of 百余 and 数十, which have no numeral; 0 elsewhere.
    words
        Approximators that bind to it, the closest first.
    is_arabic
        Written in digits.
    """

    start: int
    end: int
    numeral: Numeral | None = None
    high: Numeral | None = None
    order: int = 0
    words: tuple[str, ...] = ()
    is_arabic: bool = False

    @property
    def is_share(self) -> bool:
        """Whether it is a share without ``%``: 三成, 半数, 三分之二."""
        return self.numeral is not None and self.numeral.is_share


def find_start(text: str, position: int, stop: int) -> int:
    """Return where the next character that can begin a number stands, or -1.

    Examples
    --------
    >>> find_start("共受理93件", 0, 6)
    3
    """
    match = _START.search(text, position, stop)
    return match.start() if match else -1


def read_written(text: str, start: int, stop: int) -> Written | None:
    """Read the number that starts at `start`; a run that is none comes back without a value.

    Examples
    --------
    >>> read_written("1.2万余条", 0, 6).words
    ('余',)
    """
    quick = _QUICK.match(text, start, stop)
    if quick:
        return Written(start, quick.end(), read_numeral(quick[0]), is_arabic=True)
    match = _NUMBER.match(text, start, stop)
    if match is None:
        # None of them begins behind another: asked of each, a long run would take its time.
        run = _FORMAL_RUN.match(text, start, stop)
        return Written(start, run.end()) if run else None
    if match["several"]:
        return _several(text, match, stop)
    if match["share"]:
        return _share(text, match, stop)
    return _read_plain(text, match, stop)


def _read_plain(text: str, match: re.Match[str], stop: int) -> Written:
    """Read a numeral with its half or the upper end of its range."""
    if match["arabic"] and len(match[0]) > _MAX_DIGITS:
        return Written(start=match.start(), end=match.end())
    number = _read_core(text, match, stop)
    half = _AND_HALF.match(text, number.end, stop)
    if half and number.numeral and not number.words:
        return number._replace(numeral=_half_more(number.numeral), end=half.end())
    return _read_range(text, number, stop)


def _half_more(numeral: Numeral) -> Numeral:
    """Add the half of 2个半小时."""
    tenth = Decimal("0.1")
    return replace(numeral, value=tidy(numeral.value + 5 * tenth), step=tenth, grain=tenth)


def _share(text: str, match: re.Match[str], stop: int) -> Written:
    """Read 三成多, 四分之一强, 过半."""
    start, end = match.span()
    word = text[end : min(end + 1, stop)]
    is_fraction = "分之" in match[0]
    bound = (word,) if word and word in ("余多强弱" if is_fraction else "余多") else ()
    if match[0].startswith("过半"):
        return Written(start=start, end=end, numeral=read_numeral("半数"), words=("过",))
    numeral = read_numeral(match[0])
    return Written(start=start, end=end + len(bound), numeral=numeral, words=bound)


def _several(text: str, match: re.Match[str], stop: int) -> Written:
    """Read 数十, 几百万: 数余 takes no further approximator."""
    end = match.end()
    if text[end : min(end + 1, stop)] in ("余", "多"):
        end += 1
    order = _order_of(match["of"])
    return Written(start=match.start(), end=end, order=order, words=(match["several"],))


def _read_core(text: str, match: re.Match[str], stop: int) -> Written:
    """Read digits or characters with 万 and 余 in either order."""
    is_arabic = match["arabic"] is not None
    start, end = match.start(), match.end()
    if is_arabic and end < stop and text[end] in "， .\n":
        end = _mended_end(text, start, end, stop)
    digits = text[start:end]
    tail = _TAIL.match(text, end, stop)
    inner, scale, more, outer = (
        tail.group("inner", "scale", "more", "outer") if tail else (None, None, None, None)
    )
    if scale and not is_arabic and not inner:
        scale, more, outer = None, None, None
    else:
        end = tail.end() if tail else end
    written = digits + (scale or "") + (more or "")
    # 10万+ tells at least so many.
    words = tuple("以上" if w in "+＋" else w for w in (inner, outer) if w)
    numeral = read_numeral(written)
    base = Written(start=start, end=end, numeral=numeral, words=words, is_arabic=is_arabic)
    if numeral is None and written and all(c in "百千万亿" for c in written) and len(written) < 3:
        return base._replace(order=_order_of(written))
    if numeral is None:
        return _spoken_range(base, digits) if not is_arabic else base
    return base


def _mended_end(text: str, start: int, end: int, stop: int) -> int:
    """Return where digits end that a full-width comma, a blank or a line end breaks."""
    before = text[max(0, start - 2) : start].rstrip(" ")[-1:]
    if text[end] == "，":
        match = _FULL_COMMAS.match(text, end, stop) if end - start <= len("999") else None
        is_listed = match and _LISTED.search(text, max(0, start - 10), start)
        return match.end() if match and not is_listed else end
    match = _BROKEN.match(text, end, stop)
    # Blanks part the cells of a row; only behind a word are they a slip.
    if match is None or not "\u4e00" <= before <= "\u9fff":
        return end
    if match["line"] and start - text.rfind("\n", 0, start) < _SHORTEST_WRAPPED:
        return end
    return match.end()


def _order_of(written: str) -> int:
    """Return the factor of 百, 百万 …; 0 for what nobody writes."""
    numeral = read_numeral("1" + written)
    return int(numeral.value) if numeral else 0


def _spoken_range(base: Written, written: str) -> Written:
    """Read 两三, 三五, 二三十, 十五六 as a range; anything else keeps no value."""
    match = _SPOKEN_RANGE.fullmatch(written)
    if match is None or (match["ten"] and match["scale"]):
        return base
    ten, scale = match["ten"] or "", match["scale"]
    low = read_numeral(ten + match["a"] + scale)
    high = read_numeral(ten + match["b"].replace("两", "二") + scale)
    if low is None or high is None:
        return base
    gap = (high.value - low.value) * 10 // (high.step * 10)
    is_pair = gap == 1 or match["a"] + match["b"] == "三五"
    return base._replace(numeral=low, high=high) if is_pair else base


def _read_range(text: str, number: Written, stop: int) -> Written:
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
    # 3次至5次, not 3次至5家.
    if joint["unit"] and not text.startswith(joint["unit"], second.end, stop):
        return number
    return _join(text, number, second, scale=text[match.end() : second.end].strip())


def _join(text: str, number: Written, second: Written, *, scale: str) -> Written:
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


def read_coins(text: str, number: Written, unit: str, rest: tuple[int, int]) -> tuple[Written, int]:
    """Count 角 as tenths of 元, alone and after it."""
    numeral, end = number.numeral, rest[0]
    if numeral is None or number.high:
        return number, end
    if unit == "角":
        return number._replace(numeral=scaled(numeral, TENTH)), end
    coin = _COIN.match(text, *rest)
    if coin is None:
        return number, end
    value = tidy(numeral.value + int(coin[1]) * TENTH)
    return number._replace(numeral=replace(numeral, value=value)), coin.end()


def scaled(numeral: Numeral, factor: Decimal) -> Numeral:
    """Return a numeral in another unit."""
    value, step, grain = (tidy(n * factor) for n in (numeral.value, numeral.step, numeral.grain))
    return replace(numeral, value=value, step=step, grain=grain)
