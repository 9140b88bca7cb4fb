"""Numbers of list items that a browser shows although they stand nowhere in the text."""

from __future__ import annotations

import re
import string
from collections.abc import Callable

from mining.html.tree import Node
from mining.numerals import to_chinese

__all__ = ["number_items"]

_STYLE = re.compile(r"list-style(?:-type)?\s{0,3}:\s{0,3}([a-z-]{1,40})", re.IGNORECASE)
_MAX_NUMBER = 999
_ROMAN = (
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
)


def number_items(node: Node) -> None:
    """Give each item of an ordered list the number that stands before it.

    Chinese numbers end in 、, others in a full stop; a list without numbers gets none.
    """
    write = _writer(node)
    items = [c for c in node.children if isinstance(c, Node) and c.tag == "li"]
    step = -1 if "reversed" in node.attrs else 1
    number = _integer(node.attrs.get("start", ""), 1 if step > 0 else len(items))
    for item in items:
        number = _integer(item.attrs.get("value", ""), number)
        item.prefix = write(number) if write and 0 < number <= _MAX_NUMBER else ""
        number += step


def _writer(node: Node) -> Callable[[int], str] | None:
    style = _STYLE.search(node.attrs.get("style", ""))
    kind = style[1].lower() if style else node.attrs.get("type", "1")
    if kind == "none":
        return None
    if any(word in kind for word in ("chinese", "cjk", "ideographic")):
        return lambda n: f"{to_chinese(n)}、"
    write = _STYLES.get(kind, str)
    return lambda n: f"{write(n)}."


def _integer(text: str, default: int) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else default


def _letter(number: int) -> str:
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = string.ascii_lowercase[rest] + letters
    return letters


def _roman(number: int) -> str:
    text = ""
    for value, sign in _ROMAN:
        text += sign * (number // value)
        number %= value
    return text + "i" * number


_STYLES: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(("a", "lower-alpha", "lower-latin"), _letter),
    **dict.fromkeys(("A", "upper-alpha", "upper-latin"), lambda n: _letter(n).upper()),
    **dict.fromkeys(("i", "lower-roman"), _roman),
    **dict.fromkeys(("I", "upper-roman"), lambda n: _roman(n).upper()),
}
