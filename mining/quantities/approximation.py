"""Words of approximation: how far a told number may stand from the true one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache

from mining.numerals import tidy
from mining.quantity import Approx, Interval, Quantity

__all__ = ["APPROXIMATORS", "make_exact", "make_magnitude", "make_quantity", "make_range"]

APPROXIMATORS: dict[str, Approx] = {
    **dict.fromkeys(("约", "大约", "大概", "差不多", "左右", "上下", "来"), "about"),
    **dict.fromkeys(("余", "多", "几", "强"), "more"),
    **dict.fromkeys(("近", "将近", "接近", "弱"), "less"),
    **dict.fromkeys(("超", "超过", "超出", "逾", "突破", "破", "过", "高于", "多于"), "at_least"),
    **dict.fromkeys(("以上", "至少", "最少", "不少于", "不低于", "上"), "at_least"),
    **dict.fromkeys(("不止", "不下", "不下于"), "at_least"),
    **dict.fromkeys(("不足", "不到", "未满", "低于", "少于"), "at_most"),
    **dict.fromkeys(("以内", "之内", "以下", "不超过", "未超过", "至多", "最多"), "at_most"),
    **dict.fromkeys(("不高于", "不多于"), "at_most"),
}
"""Words of approximation and the direction that each gives."""

# The number itself is left out by these.
_STRICT = frozenset(
    ("超", "超过", "超出", "逾", "突破", "破", "过", "高于", "多于", "不止")
) | frozenset(("不足", "不到", "未满", "低于", "少于"))
_MORE_CAP = Decimal("1.3")
# Between two whole numbers there are more: 2倍多 stays below 3, but not at 2.
_CONTINUOUS = frozenset(("%", "倍", "个百分点", "百分点"))
# How far an order of magnitude is stretched in practice: narrow reading and told bounds, as
# multiples of the scale; None is open.
_Several = tuple[str, str, str, str | None]
_MAGNITUDES: dict[Approx, _Several] = {
    "about": ("0.8", "1.2", "0.95", "1.05"),
    "more": ("1", "2", "1", "2"),
    "less": ("0.8", "1", "0.9", "1"),
    "at_least": ("1", "2", "1", None),
    "at_most": ("0.5", "1", "0", "1"),
}
_SEVERAL = ("数", "几")

_Reading = tuple[int | Decimal | None, int | Decimal | None, Interval, Interval]


def make_quantity(
    value: int | Decimal,
    *,
    step: int | Decimal,
    words: Sequence[str] = (),
    unit: str = "",
    grain: int | Decimal = 1,
    is_rounded: bool = False,
) -> Quantity:
    """Return the quantity that a number, its approximators and its unit say.

    Parameters
    ----------
    value, step, grain, is_rounded
        As in `Numeral`.
    words
        Approximators, the one that binds most closely first; only that one decides.
    unit
        Measure word; ``%`` also allows for rounding or truncation at the stated digits.

    Raises
    ------
    KeyError
        When the first word is none of `APPROXIMATORS`.

    Examples
    --------
    >>> str(make_quantity(600, step=100, words=("余",), unit="条").narrow)
    '(600, 700)'
    >>> str(make_quantity(3400, step=100, words=("近",), unit="条").narrow)
    '(3300, 3400]'
    """
    approx: Approx = APPROXIMATORS[words[0]] if words else ""
    if not (words or is_rounded) and unit != "%":
        return make_exact(value, unit)
    v, s = Decimal(value), Decimal(step)
    if not approx:
        low, high, narrow, wide = _read_rounded(v, Decimal(grain), unit=unit)
    elif approx == "more" and s <= 1 and unit in _CONTINUOUS:
        narrow = _interval(v, v + s, low_open=True, high_open=True)
        low, high, wide = tidy(v), tidy(v + s - s / 100), _interval(v, v + s)
    else:
        low, high, narrow, wide = _READINGS[approx](v, s, words[0])
    return Quantity(
        value=tidy(v),
        low=low,
        high=high,
        unit=unit,
        approx=approx,
        narrow=narrow,
        wide=wide,
    )


# Typed, as 3 and Decimal("3") are equal and print differently.
@lru_cache(maxsize=4096, typed=True)
def make_exact(value: int | Decimal, unit: str) -> Quantity:
    """Return an exact number; most figures are, and the small ones come again and again.

    Examples
    --------
    >>> str(make_exact(12, "件").narrow)
    '[12, 12]'
    """
    point = Interval(value, value)
    return Quantity(
        value=value, low=value, high=value, unit=unit, approx="", narrow=point, wide=point
    )


def _interval(
    low: Decimal | None, high: Decimal | None, *, low_open: bool = False, high_open: bool = False
) -> Interval:
    """Build an interval with tidy bounds."""
    return Interval(
        None if low is None else tidy(low),
        None if high is None else tidy(high),
        low_open=low_open,
        high_open=high_open,
    )


def _read_rounded(v: Decimal, grain: Decimal, *, unit: str) -> _Reading:
    value = tidy(v)
    if unit == "%":
        # Rounding gives [v - g/2, v + g/2), truncation [v, v + g); either is common practice.
        narrow = _interval(v - grain / 2, v + grain, high_open=True)
        return value, value, narrow, _interval(v - grain, v + grain)
    narrow = _interval(v - grain / 2, v + grain / 2, high_open=True)
    return value, value, narrow, _interval(v - grain, v + grain, high_open=True)


def _read_about(v: Decimal, step: Decimal, _word: str) -> _Reading:
    twentieth = v / 20
    near = max(twentieth, step / 2)
    far = max(v / 10, near)
    narrow = _interval(v - near, v + near)
    return tidy(v - twentieth), tidy(v + twentieth), narrow, _interval(v - far, v + far)


def _read_more(v: Decimal, step: Decimal, word: str) -> _Reading:
    if word == "强":
        return _read_fraction(v, Decimal(1), Decimal("1.1"), Decimal("1.2"))
    top = v + step
    high = top - 1 if step >= 1 else top
    if step <= 1:
        # 2541余条: an exact count with a needless 余, so the count itself must agree.
        return tidy(v), tidy(high), _interval(v, top), _interval(v, v + 10 * step)
    cap = v * _MORE_CAP
    narrow = _interval(v, min(top, cap), low_open=True, high_open=top <= cap)
    return tidy(v), tidy(high), narrow, _interval(v, top)


def _read_less(v: Decimal, step: Decimal, word: str) -> _Reading:
    if word == "弱":
        return _read_fraction(v, Decimal("0.9"), Decimal(1), Decimal("0.8"))
    bottom = v - min(step, v / 10)
    wide = _interval(min(bottom, v * 9 / 10), v)
    return tidy(bottom), tidy(v), _interval(bottom, v, low_open=True), wide


def _read_fraction(v: Decimal, low: Decimal, high: Decimal, far: Decimal) -> _Reading:
    """Read 四分之一强 and 弱: a tenth beyond the fraction, a fifth at the most."""
    narrow = _interval(v * low, v * high)
    wide = _interval(v * min(low, far), v * max(high, far))
    return tidy(v * low), tidy(v * high), narrow, wide


def _read_at_least(v: Decimal, step: Decimal, word: str) -> _Reading:
    strict = word in _STRICT
    narrow = _interval(v, v + step, low_open=strict, high_open=step > 1)
    return tidy(v), None, narrow, _interval(v, None, low_open=strict)


def _read_at_most(v: Decimal, step: Decimal, word: str) -> _Reading:
    strict = word in _STRICT
    narrow = _interval(max(v - step, Decimal(0)), v, low_open=step > 1, high_open=strict)
    return 0, tidy(v), narrow, _interval(Decimal(0), v, high_open=strict)


_READINGS: dict[str, Callable[[Decimal, Decimal, str], _Reading]] = {
    "about": _read_about,
    "more": _read_more,
    "less": _read_less,
    "at_least": _read_at_least,
    "at_most": _read_at_most,
}


def make_range(low: int | Decimal, high: int | Decimal, *, unit: str = "") -> Quantity:
    """Return the quantity of 3至5次 or 两三个: the lower end is the value.

    Raises
    ------
    ValueError
        When the ends are not in rising order.

    Examples
    --------
    >>> str(make_range(3, 5, unit="次").narrow)
    '[3, 5]'
    """
    if low >= high:
        msg = f"not a range: {low} to {high}"
        raise ValueError(msg)
    both = Interval(low, high)
    return Quantity(value=low, low=low, high=high, unit=unit, approx="", narrow=both, wide=both)


def make_magnitude(scale: int, *, word: str, unit: str = "") -> Quantity:
    """Return an order of magnitude: 百余, 近千, 上万, or several of them (数十, 几百).

    Parameters
    ----------
    scale
        100 for 百, 10 for 数十.
    word
        An approximator, or 数 or 几.
    unit
        Measure word.

    Examples
    --------
    >>> str(make_magnitude(10, word="数", unit="家").narrow)
    '[20, 100)'
    """
    s = Decimal(scale)
    if word in _SEVERAL:
        return _several(s, unit)
    approx = APPROXIMATORS[word]
    below, above, floor, roof = _MAGNITUDES[approx]
    # 百余 stands below the next scale, so its upper bound is the last whole number there.
    high = None if roof is None else s * Decimal(roof) - (1 if approx == "more" else 0)
    return Quantity(
        value=scale,
        low=tidy(s * Decimal(floor)),
        high=None if high is None else tidy(high),
        unit=unit,
        approx=approx,
        narrow=_interval(s * Decimal(below), s * Decimal(above)),
        wide=_interval(s * Decimal(below) / 2, s * Decimal(above) * 2),
        is_magnitude=True,
    )


def _several(scale: Decimal, unit: str) -> Quantity:
    """Read 数十 and 几百: at least two of the scale and fewer than ten."""
    return Quantity(
        value=tidy(2 * scale),
        low=tidy(2 * scale),
        high=tidy(10 * scale - 1),
        unit=unit,
        approx="about",
        narrow=_interval(2 * scale, 10 * scale, high_open=True),
        wide=_interval(scale, 20 * scale),
        is_magnitude=True,
    )
