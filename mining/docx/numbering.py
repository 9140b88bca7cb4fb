"""Automatic numbering of Word paragraphs as text: 一、 （一） 1. that stand in no run.

A paragraph names a list and a level, itself or through its style; the list says how the level
is counted and printed (ISO/IEC 29500-1, 17.9).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from xml.etree import ElementTree as ET

from mining.docx.package import W, is_on, value_of
from mining.numerals import to_chinese

__all__ = ["Numbering", "ParagraphFormat", "format_number", "paragraph_format"]

_N_LEVELS = 9
# No list is longer; bounds what a hostile start value can print.
_MAX_NUMBER = 9_999
_MAX_TEXT = 100
_MAX_BASED_ON = 20
_PLACEHOLDER = re.compile("%([1-9])")
# After other signs a blank keeps "1." apart from "2022年", and "第一章" from its title.
_CLOSING = frozenset("、）)】］]：:")

_HEAVENLY = "甲乙丙丁戊己庚辛壬癸"
_EARTHLY = "子丑寅卯辰巳午未申酉戌亥"
_LEGAL = str.maketrans("零一二三四五六七八九十百千万", "零壹贰叁肆伍陆柒捌玖拾佰仟萬")
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
    (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_COUNTED = frozenset(
    {
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "koreanCounting",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "ideographEnclosedCircle",
    }
)
_SPELLED = frozenset({"ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"})
_FULL_LEGAL = frozenset({"chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ParagraphFormat:
    """What numbering needs of a paragraph or style: style, list and level, ``None`` if not told."""

    style: str | None = None
    num_id: str | None = None
    level: int | None = None
    based_on: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    start: int
    number_format: str
    text: str
    restart: int | None
    is_legal: bool
    suffix: str
    style: str | None


@dataclass(slots=True, kw_only=True)
class _List:
    """A list as used: the abstract list whose counters it shares, and its own changes."""

    abstract: str
    levels: dict[int, _Level]
    starts: dict[int, int] = field(default_factory=dict)


class _Styles(NamedTuple):
    """Formats of the styles by id, and the ids of the lines of a table of contents."""

    formats: dict[str, ParagraphFormat]
    contents: set[str]


def paragraph_format(properties: ET.Element | None) -> ParagraphFormat:
    """Return style, list and level that a ``w:pPr`` tells."""
    if properties is None:
        return ParagraphFormat()
    numbering = properties.find(f"{W}numPr")
    return ParagraphFormat(
        style=value_of(properties, "pStyle"),
        num_id=None if numbering is None else value_of(numbering, "numId"),
        level=None if numbering is None else _number(value_of(numbering, "ilvl"), _N_LEVELS - 1),
    )


class Numbering:
    """Counts the numbered paragraphs of one document.

    Parameters
    ----------
    numbering
        Root of the part of that name, ``None`` when the file lacks it.
    load_styles
        Returns the root of the styles. It is called when a paragraph first names a style: the
        part is often larger than the document, and many files never need it.
    """

    def __init__(
        self, numbering: ET.Element | None, load_styles: Callable[[], ET.Element | None]
    ) -> None:
        self._load_styles = load_styles
        self._styles_read: _Styles | None = None
        self._lists: dict[str, _List] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[str] = set()
        if numbering is not None:
            self._read_lists(numbering)

    def is_contents(self, style: str | None) -> bool:
        """Tell whether a style is one of the lines of a table of contents."""
        return style is not None and style in self._styles.contents

    def label(self, told: ParagraphFormat) -> str:
        """Count a paragraph and return what is printed before it, empty for most.

        Examples
        --------
        >>> Numbering(None, lambda: None).label(ParagraphFormat(style="Normal"))
        ''
        """
        if not self._lists:
            return ""
        num_id, level, style = self._resolve(told)
        found = self._lists.get(num_id or "0")
        if found is None:
            return ""
        if level is None:
            level = next((i for i, v in found.levels.items() if style and v.style == style), 0)
        if level not in found.levels:
            return ""
        return self._print(found, level, self._advance(num_id or "", found, level))

    @property
    def _styles(self) -> _Styles:
        if self._styles_read is None:
            self._styles_read = _read_styles(self._load_styles())
        return self._styles_read

    def _read_lists(self, root: ET.Element) -> None:
        abstracts: dict[str, dict[int, _Level]] = {}
        linked: dict[str, str] = {}
        for item in root.iterfind(f"{W}abstractNum"):
            key = item.get(f"{W}abstractNumId", "")
            abstracts[key] = _levels(item)
            style = value_of(item, "numStyleLink")
            if style:
                linked[key] = style
        for item in root.iterfind(f"{W}num"):
            abstract = value_of(item, "abstractNumId") or ""
            if abstract in abstracts:
                found = _List(abstract=abstract, levels=dict(abstracts[abstract]))
                _apply_overrides(found, item)
                self._lists[item.get(f"{W}numId", "")] = found
        self._follow_links(linked)

    def _follow_links(self, linked: dict[str, str]) -> None:
        """Give lists that only name a list style the levels of that style's own list."""
        for found in self._lists.values():
            if found.levels or found.abstract not in linked:
                continue
            style = self._styles.formats.get(linked[found.abstract])
            target = self._lists.get(style.num_id or "") if style else None
            if target is not None:
                found.abstract, found.levels = target.abstract, target.levels

    def _resolve(self, told: ParagraphFormat) -> tuple[str | None, int | None, str | None]:
        """Return list, level and the style that says so: the paragraph's own word comes first."""
        if told.num_id is not None:
            return told.num_id, told.level or 0, None
        key = told.style
        level = told.level
        for _ in range(_MAX_BASED_ON):
            style = self._styles.formats.get(key) if key else None
            if style is None:
                break
            level = style.level if level is None else level
            if style.num_id is not None:
                return style.num_id, level, told.style
            key = style.based_on
        return None, None, None

    def _advance(self, num_id: str, found: _List, level: int) -> list[int | None]:
        counts = self._counts.setdefault(found.abstract, [None] * _N_LEVELS)
        if num_id not in self._begun:
            self._begun.add(num_id)
            for changed in found.starts:
                counts[changed] = None
        count = counts[level]
        counts[level] = _start(found, level) if count is None else min(count + 1, _MAX_NUMBER)
        for lower in range(level + 1, _N_LEVELS):
            restart = found.levels[lower].restart if lower in found.levels else None
            if restart is None or level < restart:
                counts[lower] = None
        return counts

    def _print(self, found: _List, level: int, counts: list[int | None]) -> str:
        spec = found.levels[level]
        if spec.number_format == "bullet":
            return ""

        def number(match: re.Match[str]) -> str:
            index = int(match[1]) - 1
            shown = found.levels.get(index)
            if shown is None:
                return ""
            count = counts[index]
            told = "decimal" if spec.is_legal else shown.number_format
            return format_number(_start(found, index) if count is None else count, told)

        text = _PLACEHOLDER.sub(number, spec.text).strip()
        apart = text and spec.suffix != "nothing" and text[-1] not in _CLOSING
        return f"{text} " if apart else text


def format_number(number: int, number_format: str) -> str:
    """Print a list number in one of Word's number formats; unknown ones come out as digits.

    Examples
    --------
    >>> format_number(12, "chineseCounting"), format_number(3, "decimalEnclosedCircle")
    ('十二', '③')
    """
    if number_format in _COUNTED:
        return to_chinese(number)
    if number_format in _SPELLED:
        return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))
    if number_format in _FULL_LEGAL:
        return to_chinese(number).translate(_LEGAL)
    printer = _PRINTERS.get(number_format)
    return printer(number) if printer else str(number)


def _circled(number: int) -> str:
    return chr(0x245F + number) if 1 <= number <= 20 else str(number)


def _letters(number: int) -> str:
    # After z comes aa, bb, cc: Word repeats the letter.
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if number else ""


def _roman(number: int) -> str:
    out = ""
    for value, sign in _ROMAN:
        times, number = divmod(number, value)
        out += sign * times
    return out


_PRINTERS: dict[str, Callable[[int], str]] = {
    "none": lambda number: "",  # noqa: ARG005
    "decimalZero": lambda number: f"{number:02d}",
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedFullstop": lambda number: f"{number}.",
    "decimalEnclosedParen": lambda number: f"({number})",
    "numberInDash": lambda number: f"-{number}-",
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperRoman": _roman,
    "ideographTraditional": lambda number: _HEAVENLY[(number - 1) % 10],
    "ideographZodiac": lambda number: _EARTHLY[(number - 1) % 12],
}


def _read_styles(root: ET.Element | None) -> _Styles:
    found = _Styles({}, set())
    for style in () if root is None else root.iterfind(f"{W}style"):
        key = style.get(f"{W}styleId", "")
        told = paragraph_format(style.find(f"{W}pPr"))
        found.formats[key] = replace(told, style=key, based_on=value_of(style, "basedOn"))
        if (value_of(style, "name") or "").lower().startswith("toc "):
            found.contents.add(key)
    return found


def _levels(parent: ET.Element) -> dict[int, _Level]:
    found = {}
    for item in parent.iterfind(f"{W}lvl"):
        index = _number(item.get(f"{W}ilvl"), _N_LEVELS - 1) or 0
        start = _number(value_of(item, "start"), _MAX_NUMBER)
        found[index] = _Level(
            start=0 if start is None else start,
            number_format=value_of(item, "numFmt") or "decimal",
            text=(value_of(item, "lvlText") or "")[:_MAX_TEXT],
            restart=_number(value_of(item, "lvlRestart"), _N_LEVELS),
            is_legal=is_on(item.find(f"{W}isLgl")),
            suffix=value_of(item, "suff") or "tab",
            style=value_of(item, "pStyle"),
        )
    return found


def _apply_overrides(found: _List, item: ET.Element) -> None:
    for change in item.iterfind(f"{W}lvlOverride"):
        found.levels.update(_levels(change))
        start = _number(value_of(change, "startOverride"), _MAX_NUMBER)
        if start is not None:
            found.starts[_number(change.get(f"{W}ilvl"), _N_LEVELS - 1) or 0] = start


def _start(found: _List, level: int) -> int:
    return found.starts.get(level, found.levels[level].start)


def _number(text: str | None, highest: int) -> int | None:
    """Return a whole number from 0 to `highest`, ``None`` for anything else."""
    if text is None or not text.isdecimal() or len(text) > 9:
        return None
    return min(int(text), highest)
