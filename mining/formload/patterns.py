"""The small pattern language of form files, compiled to linear-time regular expressions.

``{name}`` stands for the words of a slot, ``[x]`` for optional ``x``, ``[a|b]*`` for up to
three of them in any order, ``(a|b)`` for one of several, ``~`` for up to eight characters of the
same clause, ``~~`` for up to eighty of the same sentence part, ``{n}`` for the place of the
figure, ``$`` for the end of a clause. All other characters stand for themselves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = [
    "PatternError",
    "compile_around",
    "compile_before",
    "compile_words",
    "initials",
    "to_regex",
]

LONG_GAP = "[^。；;！!？?\\n]{0,80}?"
GAP = "[^。；;，,！!？?\\n]{0,8}?"
_CLAUSE_END = "(?=[。；;，,、：:！!？?）)\\s]|$)"
# What may stand between a phrase and its figure: a few characters without a comma, or a comma
# before a word that sums up.
TAIL = (
    "[^。；;，,！!？?\\n\\d]{0,%d}"
    "(?:[，,](?:共|共计|合计|总计|总数|数量|计)[^。；;，,！!？?\\n\\d]{0,4})?$"
)
_TOKEN = re.compile(r"\{(\w+)\}|(~~|\]\*|[\[\]()|~$])|([^\[\](){}|~$]+)")
_OPEN = {"[": "(?:", "(": "(?:"}
_CLOSE = {"]": ")?", "]*": "){0,3}", ")": ")"}
_PAIRS = {"]": "[", "]*": "[", ")": "("}


class PatternError(ValueError):
    """The text is no pattern."""


def to_regex(pattern: str, slots: Mapping[str, tuple[str, ...]]) -> str:
    """Translate a pattern into the source of a regular expression.

    Raises
    ------
    PatternError
        When a slot is unknown or brackets do not pair.

    Examples
    --------
    >>> to_regex("收到[的]{what}", {"what": ("申请", "公开申请")})
    '收到(?:的)?(?:公开申请|申请)'
    """
    out: list[str] = []
    stack: list[str] = []
    position = 0
    while position < len(pattern):
        match = _TOKEN.match(pattern, position)
        if match is None:
            msg = f"can't read {pattern[position:]!r}"
            raise PatternError(msg)
        out.append(_translate(match, slots, stack))
        position = match.end()
    if stack:
        msg = f"{stack[-1]!r} is not closed in {pattern!r}"
        raise PatternError(msg)
    return "".join(out)


def _translate(match: re.Match[str], slots: Mapping[str, tuple[str, ...]], stack: list[str]) -> str:
    slot, sign, literal = match.groups()
    if literal is not None:
        if "*" in literal:
            msg = "'*' stands only right behind ']'"
            raise PatternError(msg)
        return re.escape(literal)
    if slot is not None:
        if slot not in slots:
            msg = f"unknown slot {{{slot}}}"
            raise PatternError(msg)
        words = sorted(slots[slot], key=len, reverse=True)
        return f"(?:{'|'.join(re.escape(w) for w in words)})"
    if sign in _OPEN:
        stack.append(sign)
        return _OPEN[sign]
    if sign in _CLOSE:
        if not stack or stack.pop() != _PAIRS[sign]:
            msg = f"{sign!r} without its partner"
            raise PatternError(msg)
        return _CLOSE[sign]
    return {"~": GAP, "~~": LONG_GAP, "$": _CLAUSE_END}.get(sign, sign)


def compile_before(
    patterns: tuple[str, ...], slots: Mapping[str, tuple[str, ...]], *, tail: int
) -> re.Pattern[str] | None:
    """Compile patterns without ``{n}``: they end at most `tail` characters before the figure."""
    sources = [to_regex(p, slots) for p in patterns if "{n}" not in p]
    if not sources:
        return None
    return re.compile(f"(?:{'|'.join(sources)})" + TAIL % tail)


def compile_around(
    patterns: tuple[str, ...], slots: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    """Compile the patterns with ``{n}``: one expression for each side of the figure."""
    pairs = []
    for pattern in patterns:
        left, mark, right = pattern.partition("{n}")
        if mark:
            before = re.compile(f"(?:{to_regex(left, slots)})$")
            pairs.append((before, re.compile(to_regex(right, slots))))
    return tuple(pairs)


def compile_words(
    words: tuple[str, ...], slots: Mapping[str, tuple[str, ...]]
) -> re.Pattern[str] | None:
    """Compile a list of words or patterns to be searched anywhere; ``None`` for none."""
    if not words:
        return None
    return re.compile("|".join(to_regex(w, slots) for w in words))


def initials(pattern: str, slots: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """Return every character that a match of the pattern can begin with.

    Raises
    ------
    PatternError
        When a match may begin with anything, as after a leading ``~``.

    Examples
    --------
    >>> sorted(initials("(未|没有)[新]收到", {}))
    ['未', '没']
    """
    found: set[str] = set()
    match = _TOKEN.match(pattern)
    if match is None or match[2] in ("~", "~~", "$", ")", "]", "|"):
        msg = f"{pattern!r} must begin with a word, a slot or alternatives"
        raise PatternError(msg)
    slot, sign, literal = match.groups()
    if literal is not None:
        return frozenset(literal[0])
    if slot is not None:
        return frozenset(word[0] for word in slots.get(slot, ()) if word)
    close = _closing(pattern)
    for part in pattern[1:close].split("|"):
        found |= initials(part, slots)
    if sign == "[":
        found |= initials(pattern[close + 1 :].removeprefix("*"), slots)
    return frozenset(found)


def _closing(pattern: str) -> int:
    """Return the position of the bracket that closes the one at the start."""
    depth = 0
    for position, char in enumerate(pattern):
        depth += (char in "[(") - (char in "])")
        if depth == 0:
            return position
    msg = f"{pattern[0]!r} is not closed in {pattern!r}"
    raise PatternError(msg)
