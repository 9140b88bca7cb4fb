"""Inline marks of figures in a truth file: ``{93件|applications.received.total total}``.

A mark is ``{text}`` or ``{text|attributes}``. Attributes are words parted by blanks: an address
(several, best first, parted by ``/``), a role, a scope, ``none`` for a statement of none without
a number, ``loose`` for words of which careful readers disagree what they count, ``optional`` for
numbers of which they disagree whether they count anything, or ``key=value`` with one of the keys
of `Mark`. ``group=`` names the breakdowns that a figure stands in, by a letter: ``group=^a`` the
total, ``group=a`` a part, ``group=^a~`` the total of a list that does not claim to be complete,
``group=a,^b`` two at once. What a plain text such as ``600余条`` says is worked out from
FIGURES.md; anything harder must be spelt out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import get_args

from mining.quantity import Approx
from mining.report import FigureKind, Role, Scope

__all__ = ["Mark", "MarkError", "PlacedMark", "parse_marks"]

_MARK = re.compile(r"\{([^{}|]+)(?:\|([^{}|]*))?\}")
_ADDRESS = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)+(?:/[a-z0-9_]+(?:\.[a-z0-9_]+)+)*")
_PLAIN = re.compile(
    r"(?P<before>大约|约|近|将近|超过|超|逾|突破|不足|不到|不少于|至少)?\s*"
    r"(?P<number>\d[\d,]*(?:\.\d+)?|[一二两三四五六七八九十]{1,3})\s*"
    r"(?P<scale>[百千万亿]?)(?P<inner>余|多)?(?P<after_scale>万?)(?P<after>余|多)?\s*"
    r"(?P<unit>[^\d\s]*?)(?P<last>左右|以上|以内|以下)?"
)
_GROUPS = re.compile(r"(?:\^[a-z]~?|[a-z])(?:,(?:\^[a-z]~?|[a-z]))*")
_HAN = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_SCALES = {"": 1, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_APPROX: dict[str, Approx] = {
    "大约": "about",
    "约": "about",
    "左右": "about",
    "近": "less",
    "将近": "less",
    "不足": "at_most",
    "不到": "at_most",
    "以内": "at_most",
    "以下": "at_most",
    "超": "at_least",
    "超过": "at_least",
    "逾": "at_least",
    "突破": "at_least",
    "余": "more",
    "多": "more",
    "以上": "at_least",
    "不少于": "at_least",
    "至少": "at_least",
}
_ROLES = frozenset(get_args(Role))
_SCOPES = frozenset(get_args(Scope)) - {""}
_KINDS = frozenset(get_args(FigureKind))
_APPROXES = frozenset(get_args(Approx))


class MarkError(ValueError):
    """A mark of a truth file does not follow the grammar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What one marked piece of text says; fields as in the output table ``figures``.

    `cells` lists the address meant and, after it, others that the same words may mean;
    `is_none` marks a statement of none without a number, `is_loose` a figure whose link is not
    scored; `groups` are the breakdowns as written (``^a``, ``a``, ``^a~``).
    """

    text: str
    value: Decimal
    low: Decimal | None
    high: Decimal | None
    unit: str = ""
    approx: str = ""
    kind: str = "count"
    role: str = "single"
    scope: str = ""
    cells: tuple[str, ...] = ()
    is_none: bool = False
    is_loose: bool = False
    is_optional: bool = False
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """A mark and where its text starts and ends in the text without marks."""

    start: int
    end: int
    mark: Mark


def parse_marks(text: str) -> tuple[str, tuple[PlacedMark, ...]]:
    """Return `text` without the braces and attributes, and the marks with their places.

    Raises
    ------
    MarkError
        When a brace is left over, an attribute is unknown or a value can't be worked out.

    Examples
    --------
    >>> plain, marks = parse_marks("受理{93件|applications.received.total}。")
    >>> plain, marks[0].start, marks[0].end, marks[0].mark.value
    ('受理93件。', 2, 5, Decimal('93'))
    """
    parts: list[str] = []
    marks: list[PlacedMark] = []
    position = length = 0
    for match in _MARK.finditer(text):
        before = text[position : match.start()]
        start = length + len(before)
        length = start + len(match[1])
        parts += [before, match[1]]
        marks.append(PlacedMark(start, length, _parse_mark(match[1], match[2] or "")))
        position = match.end()
    plain = "".join([*parts, text[position:]])
    if "{" in plain or "}" in plain:
        place = min(i for i in (plain.find("{"), plain.find("}")) if i >= 0)
        msg = f"a brace is left over near {plain[max(0, place - 12) : place + 12]!r}"
        raise MarkError(msg)
    return plain, tuple(marks)


def _parse_mark(text: str, attributes: str) -> Mark:
    fields: dict[str, str] = {}
    for word in attributes.split():
        key, value = _read_attribute(word, text)
        if key in fields:
            msg = f"{key} told twice in the mark {text!r}"
            raise MarkError(msg)
        fields[key] = value
    return _finish(_base(text, fields), fields)


def _read_attribute(word: str, text: str) -> tuple[str, str]:
    key, sign, value = word.partition("=")
    if sign and key == "group" and _GROUPS.fullmatch(value):
        return key, value
    if sign and key in {"value", "low", "high", "unit", "approx", "kind", "role", "scope"}:
        return key, value
    if word in {"none", "loose", "optional"}:
        return word, word
    if word in _ROLES:
        return "role", word
    if word in _SCOPES:
        return "scope", word
    if _ADDRESS.fullmatch(word):
        return "cell", word
    msg = f"unknown attribute {word!r} in the mark {text!r}"
    raise MarkError(msg)


def _base(text: str, fields: dict[str, str]) -> Mark:
    """Return what the words alone say, before roles and overrides."""
    if "none" in fields:
        zero = Decimal(0)
        return Mark(text=text, value=zero, low=zero, high=zero, is_none=True)
    if "value" in fields:
        value = _number(fields["value"], text)
        return Mark(text=text, value=value, low=value, high=value)
    match = _PLAIN.fullmatch(text.removeprefix("第"))  # a rank: 第3名
    if match is None:
        msg = f"value of {text!r} can't be worked out; write value="
        raise MarkError(msg)
    return _read_plain(text, match)


def _read_plain(text: str, match: re.Match[str]) -> Mark:
    scale = Decimal(_SCALES[match["scale"]] * _SCALES[match["after_scale"]])
    value, step = _digits(match["number"])
    value, step = value * scale, step * scale
    words = [w for w in (match["before"], match["inner"], match["after"], match["last"]) if w]
    word = words[0] if words else ""
    low, high = _bounds(word, value, step)
    unit = match["unit"]
    approx = _APPROX.get(word, "")
    return Mark(text=text, value=value, low=low, high=high, unit=unit, approx=approx)


def _digits(number: str) -> tuple[Decimal, Decimal]:
    """Return the number and one unit of its last written digit that is not 0."""
    if number[0].isdigit():
        value = Decimal(number.replace(",", ""))
    else:
        tens, ten, ones = number.rpartition("十")
        value = Decimal((_HAN.get(tens, 1) * 10 if ten else 0) + _HAN.get(ones, 0))
    exponent = value.normalize().as_tuple().exponent
    return value, Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)


def _bounds(word: str, value: Decimal, step: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """Return `low` and `high` as FIGURES.md sets them."""
    match word:
        case "":
            return value, value
        case "余" | "多":
            return value, value + step - 1
        case "近" | "将近":
            return value - min(step, value / 10), value
        case "约" | "大约" | "左右":
            return value * Decimal("0.95"), value * Decimal("1.05")
        case "不足" | "不到" | "以内" | "以下":
            return Decimal(0), value
    return value, None


def _finish(mark: Mark, fields: dict[str, str]) -> Mark:
    """Apply what the attributes say over what the words say."""
    text = mark.text
    unit = fields.get("unit", mark.unit)
    role = fields.get("role", "percent" if unit in {"%", "个百分点"} else "single")
    done = replace(
        mark,
        low=_bound(fields.get("low"), mark.low, text),
        high=_bound(fields.get("high"), mark.high, text),
        unit=unit,
        approx=_one_of(fields.get("approx", mark.approx), _APPROXES, text),
        kind=_one_of(fields.get("kind", _kind(unit, role)), _KINDS, text),
        role=_one_of(role, _ROLES, text),
        scope=_one_of(fields.get("scope", ""), _SCOPES | {""}, text),
        cells=tuple(fields["cell"].split("/")) if "cell" in fields else (),
        is_loose="loose" in fields,
        is_optional="optional" in fields,
        groups=tuple(fields["group"].split(",")) if "group" in fields else (),
    )
    if done.is_none and not done.cells:
        msg = f"the statement of none {text!r} names no cell"
        raise MarkError(msg)
    return done


def _kind(unit: str, role: str) -> str:
    if unit in {"%", "个百分点"}:
        return "percent"
    if unit == "元":
        return "money"
    return "change" if role == "change" else "count"


def _bound(told: str | None, default: Decimal | None, text: str) -> Decimal | None:
    if told is None:
        return default
    return None if told == "open" else _number(told, text)


def _number(told: str, text: str) -> Decimal:
    try:
        return Decimal(told)
    except InvalidOperation:
        msg = f"{told!r} is no number in the mark {text!r}"
        raise MarkError(msg) from None


def _one_of(value: str, allowed: frozenset[str], text: str) -> str:
    if value in allowed:
        return value
    msg = f"{value!r} is not allowed in the mark {text!r}"
    raise MarkError(msg)
