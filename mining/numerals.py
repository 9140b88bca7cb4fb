"""Chinese and Arabic numerals: text to exact numbers and back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

__all__ = [
    "Numeral",
    "parse_number",
    "read_numeral",
    "tidy",
    "to_chinese",
    "to_wan",
]

_DIGITS = "零一二三四五六七八九"
_FOLD = str.maketrans(
    "０１２３４５６７８９．，〇两壹贰叁肆伍陆柒捌玖拾佰仟萬億",
    "0123456789.,零二一二三四五六七八九十百千万亿",
)
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_ARABIC = re.compile(
    r"((?:[1-9][0-9]{0,2}(?:,[0-9]{3}){1,5}|0|[1-9][0-9]{0,14})(?:\.[0-9]{1,9})?)([十百千万亿]{0,2})"
)
# What 零 after 万 leaves open is filled with zeros: 2万零500.
_REST = re.compile("零(?=[1-9][0-9]{0,2}(?:[十百千]|$))")
_PLAIN = re.compile("0|[1-9][0-9]{0,14}")
_BLANKS = re.compile(r"\s")
_MAX_CHARS = 32
_BELOW_WAN = re.compile(
    r"(?P<q>[一二三四五六七八九]?千)?(?P<z1>零)?(?P<b>[一二三四五六七八九]?百)?(?P<z2>零)?"
    r"(?P<s>[一二三四五六七八九]?十)?(?P<z3>零)?(?P<g>[一二三四五六七八九])?"
)
_FRACTION = re.compile(r"(.{1,7})分之(.{1,12})")
_SLASH = re.compile("([1-9])/([1-9])")
_TENTHS = re.compile(r"([一二三四五六七八九1-9])成([一二三四五六七八九半])?")
_DECIMAL = re.compile("([零一二三四五六七八九十百千]{1,8})点([零一二三四五六七八九]{1,4})([万亿]?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeral:
    """A number as written, before words of approximation.

    Parameters
    ----------
    value
        In base units; a share (三成, 三分之二) in percent.
    step
        Unit of the last stated digit, trailing zeros skipped: 100 for 3400, 1000 for 2.3万.
    grain
        Unit of the last written digit, zeros included: 1 for 3400, 10 000 for 50万.
    is_rounded
        Written with 万 or 亿, or as a rough share, so that smaller digits were dropped.
    is_share
        A share without ``%``: 成, 半数, 分之.
    """

    value: int | Decimal
    step: int | Decimal
    grain: int | Decimal
    is_rounded: bool = False
    is_share: bool = False


def read_numeral(text: str) -> Numeral | None:
    """Return what a numeral says, or ``None`` when `text` is not wholly one numeral.

    Examples
    --------
    >>> read_numeral("2.3万").grain
    1000
    >>> read_numeral("三成五").value
    35
    """
    # Reports tell the same small numbers over and over; what is longer is not worth keeping.
    return _looked_up(text) if len(text) <= _MAX_CHARS else _read(text)


def _read(text: str) -> Numeral | None:
    if _PLAIN.fullmatch(text):
        # Nine numerals in ten.
        whole = int(text)
        return Numeral(value=whole, step=_zeros_step(whole), grain=1)
    bare = _BLANKS.sub("", text)
    folded = bare.translate(_FOLD)
    # 两 never stands in the last place of a longer numeral.
    if not 0 < len(folded) <= _MAX_CHARS or (len(bare) > 1 and bare.endswith("两")):
        return None
    return _read_share(folded) or _read_mixed(folded) or _read_chinese(folded)


_looked_up = lru_cache(maxsize=8192)(_read)


def parse_number(text: str) -> tuple[int | Decimal, int | Decimal] | None:
    """Return the exact value and the unit of the last stated digit, or ``None``.

    Shares (三成, 半数, 三分之二, 百分之五) are given in percent. What is ambiguous, such as
    二三 or a lone 百, has no value.

    Examples
    --------
    >>> parse_number("1,250"), parse_number("一百零五"), parse_number("5亿")
    ((1250, 10), (105, 1), (500000000, 100000000))
    >>> parse_number("百") is None
    True
    """
    numeral = read_numeral(text)
    return None if numeral is None else (numeral.value, numeral.step)


def tidy(number: int | Decimal) -> int | Decimal:
    """Return whole numbers as `int`, and others as `Decimal` without trailing zeros.

    Examples
    --------
    >>> tidy(Decimal("3.0")), tidy(Decimal("3.50"))
    (3, Decimal('3.5'))
    """
    if isinstance(number, int):
        return number
    return int(number) if number == number.to_integral_value() else number.normalize()


def _zeros_step(value: int) -> int:
    """Return the place of the last digit that is not 0, and 1 for 0."""
    step = 1
    while value and value % (step * 10) == 0:
        step *= 10
    return step


def _scale_of(suffix: str) -> int | None:
    """Return the factor of 万, 百万, 万亿 …; ``None`` for orders that nobody writes (万百)."""
    factor = 1
    for char in suffix:
        factor *= _SCALES[char]
    falling = len(suffix) == 2 and _SCALES[suffix[0]] >= _SCALES[suffix[1]]
    return None if falling else factor


def _read_mixed(text: str) -> Numeral | None:
    """Read Arabic digits with scale words: 3400, 1.2万, 3万5千."""
    total, step, grain, ceiling, position = Decimal(0), Decimal(1), Decimal(1), None, 0
    rounded = False
    while position < len(text):
        rest = _REST.match(text, position) if rounded else None
        match = _ARABIC.match(text, rest.end() if rest else position)
        scale = _scale_of(match[2]) if match else None
        if match is None or scale is None or match.end() == position:
            return None
        bare = match[1].replace(",", "")
        number = Decimal(bare)
        if ceiling is not None and number * scale >= ceiling:
            return None
        decimals = len(bare.partition(".")[2])
        total += number * scale
        grain = Decimal(10) ** -decimals * scale
        step = grain if decimals else Decimal(_zeros_step(int(number))) * scale
        ceiling, position, rounded = scale, match.end(), scale > 1
    return Numeral(value=tidy(total), step=tidy(step), grain=tidy(grain), is_rounded=rounded)


def _read_chinese(text: str) -> Numeral | None:
    """Read a numeral in Chinese characters."""
    decimal = _DECIMAL.fullmatch(text)
    if decimal:
        return _read_decimal(decimal[1], decimal[2], decimal[3])
    if text == "半":
        tenth = Decimal("0.1")
        return Numeral(value=5 * tenth, step=tenth, grain=tenth)
    value = _chinese_value(text.replace("廿", "二十").replace("卅", "三十"))
    if value is None:
        return None
    rounded = text[-1] in "万亿"
    grain = _SCALES[text[-1]] if rounded else 1
    return Numeral(value=value, step=_zeros_step(value), grain=grain, is_rounded=rounded)


def _read_decimal(whole: str, places: str, scale: str) -> Numeral | None:
    """Read 三点五万 as 3.5万."""
    number = _chinese_value(whole)
    digits = "".join(str(_DIGITS.index(c)) for c in places)
    return None if number is None else _read_mixed(f"{number}.{digits}{scale}")


def _chinese_value(text: str) -> int | None:
    """Return the value of 三千零五万, 一百二, 二零二一; ``None`` rather than a guess."""
    if len(text) > 1 and all(c in _DIGITS for c in text):
        # Digit by digit only where that is the one reading: 二三 may be "two or three".
        spelled = int("".join(str(_DIGITS.index(c)) for c in text))
        return spelled if "零" in text[1:] or len(text) > 3 else None
    head, yi, tail = text.rpartition("亿")
    if yi:
        return _join(_chinese_value(head) if head else None, tail, 100_000_000)
    head, wan, tail = text.rpartition("万")
    if wan:
        return _join(_below_wan(head), tail, 10_000)
    return 0 if text == "零" else _below_wan(text)


def _join(head: int | None, tail: str, scale: int) -> int | None:
    """Add what follows 万 or 亿; a single digit there counts the next place (一万二 = 12 000)."""
    if head is None or not tail:
        return None if head is None else head * scale
    if len(tail) == 1 and tail in _DIGITS[1:]:
        return head * scale + _DIGITS.index(tail) * scale // 10
    rest = _chinese_value(tail.removeprefix("零"))
    return None if rest is None or rest >= scale else head * scale + rest


def _below_wan(text: str) -> int | None:
    """Read a group below 10 000; 百 and 千 alone are orders of magnitude, not numbers."""
    match = _BELOW_WAN.fullmatch(text)
    if match is None or not text or text in "千百零" or text.endswith("零"):
        return None
    total, last = 0, 1
    for group in "qbs":
        part = match[group]
        if part is None:
            continue
        if len(part) == 1 and match.start(group) > 0:
            return None
        last = _SCALES[part[-1]]
        total += last * (_DIGITS.index(part[0]) if len(part) == 2 else 1)
    ones = match["g"]
    if ones is None:
        return total
    colloquial = last >= 100 and "零" not in text[-2:]
    return total + _DIGITS.index(ones) * (last // 10 if colloquial else 1)


def _read_share(text: str) -> Numeral | None:
    """Read 半数, 三成五, 三分之二 and 百分之十二 as percent."""
    if text in ("半数", "一半"):
        return Numeral(value=50, step=10, grain=10, is_rounded=True, is_share=True)
    tenths = _TENTHS.fullmatch(text)
    if tenths:
        ones = {None: 0, "半": 5}.get(tenths[2])
        fine = _DIGITS.index(tenths[2]) if ones is None else ones
        step = 1 if tenths[2] else 10
        tens = tenths[1]
        value = (int(tens) if tens.isdecimal() else _DIGITS.index(tens)) * 10 + fine
        return Numeral(value=value, step=step, grain=step, is_rounded=True, is_share=True)
    slash = _SLASH.fullmatch(text)
    if slash:
        return _as_percent(int(slash[2]), int(slash[1]))
    fraction = _FRACTION.fullmatch(text)
    return _read_fraction(fraction[1], fraction[2]) if fraction else None


def _read_fraction(below: str, above: str) -> Numeral | None:
    """Read 三分之二 and 百分之十二."""
    hundreds = {"百": 1, "千": 10, "万": 100}.get(below)
    part = _read_mixed(above) or _read_chinese("一百" if above == "百" else above)
    if part is None:
        return None
    if hundreds:
        told = (part.value, part.step, part.grain)
        value, step, grain = (tidy(Decimal(n) / hundreds) for n in told)
        return Numeral(value=value, step=step, grain=grain, is_share=True)
    whole = _read_chinese(below)
    return None if whole is None else _as_percent(whole.value, part.value)


def _as_percent(below: int | Decimal, above: int | Decimal) -> Numeral | None:
    """Return a proper fraction in percent, at two decimals where it does not come out even."""
    if below <= above:
        return None
    exact = Decimal(above) * 100 / Decimal(below)
    value = tidy(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))
    return Numeral(value=value, step=10, grain=1, is_rounded=True, is_share=True)


def to_chinese(number: int) -> str:
    """Write a whole number in Chinese characters, 0 up to below 10 to the 16th.

    Raises
    ------
    ValueError
        When the number is negative or too large.

    Examples
    --------
    >>> to_chinese(12), to_chinese(105), to_chinese(10_020)
    ('十二', '一百零五', '一万零二十')
    """
    if not 0 <= number < 10**16:
        msg = f"can't write {number} in Chinese"
        raise ValueError(msg)
    if number == 0:
        return "零"
    written = _write_above(number, 100_000_000, "亿")
    return written.removeprefix("一") if written.startswith("一十") else written


def _write_above(number: int, scale: int, name: str) -> str:
    """Write the groups of 亿 or 万, with 零 where the next group starts with empty places."""
    high, low = divmod(number, scale)
    smaller = _write_group if name == "万" else lambda n: _write_above(n, 10_000, "万")
    if not high:
        return smaller(low)
    head = smaller(high) + name
    if not low:
        return head
    return head + ("零" if low < scale // 10 else "") + smaller(low)


def _write_group(number: int) -> str:
    """Write 1 to 9999."""
    out, gap = "", False
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // scale % 10
        if digit:
            out += ("零" if gap and out else "") + _DIGITS[digit] + name
        gap = not digit
    return out


def to_wan(number: int | Decimal, *, places: int | None = None) -> str:
    """Write a number with 万 or 亿 from 10 000 on, such as ``2.3万``.

    Parameters
    ----------
    number
        In base units, not negative.
    places
        Decimals kept, halves rounded up; all of them when ``None``, so that nothing is lost.

    Examples
    --------
    >>> to_wan(23_456), to_wan(23_456, places=1), to_wan(120)
    ('2.3456万', '2.3万', '120')
    """
    scale, name = next(((s, n) for s, n in ((10**8, "亿"), (10**4, "万")) if number >= s), (1, ""))
    scaled = Decimal(number) / scale
    if places is not None:
        scaled = scaled.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{Decimal(tidy(scaled)):f}{name}"
