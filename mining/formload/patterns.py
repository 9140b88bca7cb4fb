"""The small pattern language of form files, compiled to linear-time regular expressions.

``{name}`` stands for the words of a slot, ``[x]`` for optional ``x``, ``[a|b]*`` for up to
three of them in any order, ``(a|b)`` for one of several, ``~`` for up to eight characters of the
same clause, ``~~`` for up to eighty of the same sentence part, ``{n}`` for the place of the
figure, ``$`` for the end of a clause. All other characters stand for themselves.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from mining.phrases import GAP_ENDS, LONGEST_OPENING, Cues

__all__ = [
    "PatternError",
    "compile_around",
    "compile_before",
    "compile_words",
    "cues",
    "cues_of_none",
    "cues_of_phrase",
    "openings",
    "pairs_of",
    "required",
    "to_regex",
]

LONG_GAP = "[^。；;！!？?\\n]{0,80}?"
GAP = f"[^{GAP_ENDS}]{{0,8}}?"
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


def openings(pattern: str, slots: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """Return what a match can begin with: three characters, or fewer that anything may follow.

    Raises
    ------
    PatternError
        When a match may begin with anything, as after a leading ``~``.

    Examples
    --------
    >>> sorted(openings("(未|没有)[新]收到", {})), openings("无~申请", {})
    (['未收到', '未新收', '没有收', '没有新'], frozenset({'无'}))
    """
    settled, growing = _begin(pattern, slots)
    if "" in settled | growing:
        msg = f"{pattern!r} must begin with a word, a slot or alternatives"
        raise PatternError(msg)
    return frozenset(settled | growing)


def pairs_of(word: str) -> list[str]:
    """Return each two characters that stand together; a single character is given by itself.

    Examples
    --------
    >>> pairs_of("新收到"), pairs_of("新")
    (['新收', '收到'], ['新'])
    """
    return [word[i : i + 2] for i in range(len(word) - 1)] or [word]


def cues(
    pattern: str, slots: Mapping[str, tuple[str, ...]], counts: Mapping[str, int]
) -> frozenset[str] | None:
    """Return characters or pairs of them, one of which stands in every match; ``None`` for none.

    Parameters
    ----------
    pattern, slots
        A sound pattern, and the words it may name.
    counts
        How common pairs and characters are, 1 where not told: the rarest that a match can't do
        without are taken, and the last of those equally rare.

    Examples
    --------
    >>> sorted(cues("[新]收到~(复议|行政诉讼)", {}, {"收到": 9, "行政": 9}))
    ['复议', '政诉']
    >>> cues("[新]~", {}, {}) is None
    True
    """
    found: set[str] = set()
    for branch in _branches(pattern):
        rarest = _rarest(_cues_of_parts(branch, slots, counts), counts)
        if rarest is None:
            return None
        found |= rarest
    return frozenset(found)


def cues_of_phrase(
    patterns: tuple[str, ...],
    words: tuple[str, ...],
    slots: Mapping[str, tuple[str, ...]],
    counts: Mapping[str, int],
) -> Cues | None:
    """Return what the matches of a phrase, as a form file writes it, can't do without.

    Examples
    --------
    >>> cues_of_phrase(("收到{n}申请", "补正{n}~后"), ("网站",), {}, {})
    Cues(beside=frozenset({'网站'}), unended=frozenset({'补正'}), behind=frozenset({'申请'}))
    """
    beside: list[frozenset[str] | None] = []
    unended: list[frozenset[str] | None] = []
    behind: set[str] = set()
    for pattern in patterns:
        left, mark, right = pattern.partition("{n}")
        first = _openings_or_none(right, slots) if mark else None
        if first is not None:
            behind |= first
        else:
            place = unended if _begins_with_gap(right, slots) else beside
            place.append(cues(left, slots, counts))
    if words:
        beside.append(_rarest((cues(w, slots, counts) for w in words), counts))
    near, apart = _union(beside), _union(unended)
    return None if near is None or apart is None else Cues(near, apart, frozenset(behind))


def cues_of_none(patterns: tuple[str, ...], slots: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """Return what each match of a statement of none holds before the next 。 or line end.

    One of these characters or pairs, that is; empty when that can't be told.

    Examples
    --------
    >>> sorted(cues_of_none(("(未|没有)[新]收到~申请", "无[新]申请"), {}))
    ['申请']
    """
    told = "".join(chain(patterns, *slots.values()))
    if "。" in told or "\n" in told:
        return frozenset()
    return _union([cues(pattern, slots, {}) for pattern in patterns]) or frozenset()


def _union(choices: list[frozenset[str] | None]) -> frozenset[str] | None:
    known = [choice for choice in choices if choice is not None]
    return frozenset[str]().union(*known) if len(known) == len(choices) else None


def _begins_with_gap(right: str, slots: Mapping[str, tuple[str, ...]]) -> bool:
    """Tell whether a pattern begins with ``~`` and goes on with anything but the end of a gap."""
    first = _openings_or_none(right[1:], slots) if right.startswith("~") else None
    return first is not None and all(begin[0] not in GAP_ENDS for begin in first)


def _openings_or_none(pattern: str, slots: Mapping[str, tuple[str, ...]]) -> frozenset[str] | None:
    try:
        return openings(pattern, slots)
    except PatternError:
        return None


def _rarest(
    choices: Iterable[frozenset[str] | None], counts: Mapping[str, int]
) -> frozenset[str] | None:
    """Return the set whose members are seen least often together; ``None`` when none is known."""
    known = [choice for choice in choices if choice is not None]
    return min(known[::-1], key=lambda keys: sum(counts.get(k, 1) for k in keys), default=None)


def _cues_of_parts(
    branch: str, slots: Mapping[str, tuple[str, ...]], counts: Mapping[str, int]
) -> Iterator[frozenset[str] | None]:
    """Yield the cues of each part that a match of the branch can't do without."""
    for words, inner in _required_parts(branch, slots):
        if inner:
            yield cues(inner, slots, counts)
        else:
            yield _rarest_pairs(words, counts) if words and all(words) else None


def required(
    pattern: str, slots: Mapping[str, tuple[str, ...]]
) -> list[list[tuple[tuple[str, ...], str]]]:
    """Return for each alternative of a pattern the parts that its matches can't do without.

    Each part is a choice of words, or else a pattern of its own.

    Examples
    --------
    >>> required("[新]收到{what}|(未|没)收", {"what": ("申请", "来件")})
    [[(('收到',), ''), (('申请', '来件'), '')], [((), '未|没'), (('收',), '')]]
    """
    return [list(_required_parts(branch, slots)) for branch in _branches(pattern)]


def _required_parts(
    branch: str, slots: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[tuple[str, ...], str]]:
    position = 0
    while match := _TOKEN.match(branch, position):
        slot, sign, literal = match.groups()
        position = match.end()
        if sign is None:
            yield (literal,) if literal is not None else slots.get(slot, ()), ""
        elif sign in _OPEN:
            close = match.start() + _closing(branch[match.start() :])
            if sign == "(":
                yield (), branch[position:close]
            position = close + 1 + branch.startswith("*", close + 1)


def _rarest_pairs(words: tuple[str, ...], counts: Mapping[str, int]) -> frozenset[str]:
    """Return the rarest pair of each word; of equally rare ones what most of the words share."""
    shared = Counter(chain.from_iterable(map(pairs_of, words)))
    return frozenset(
        min(pairs_of(word), key=lambda pair: (counts.get(pair, 1), -shared[pair])) for word in words
    )


_Beginnings = tuple[set[str], set[str]]


def _begin(pattern: str, slots: Mapping[str, tuple[str, ...]]) -> _Beginnings:
    """Return the beginnings that are settled, and those that what follows makes longer."""
    settled: set[str] = set()
    growing: set[str] = set()
    for branch in _branches(pattern):
        done, rest = _begin_branch(branch, slots)
        settled |= done
        growing |= rest
    return settled, growing


def _begin_branch(branch: str, slots: Mapping[str, tuple[str, ...]]) -> _Beginnings:
    found: _Beginnings = (set(), {""})
    position = 0
    while position < len(branch) and found[1]:
        match = _TOKEN.match(branch, position)
        if match is None or match[2] in ("~", "~~", "$"):
            return found[0] | found[1], set()
        slot, sign, literal = match.groups()
        if sign is None:
            words = (literal,) if literal is not None else slots.get(slot, ())
            found = _append(found, (set(), set(words)))
            position = match.end()
            continue
        close = position + _closing(branch[position:])
        inner = _begin(branch[position + 1 : close], slots)
        if sign == "[":
            inner[1].add("")
        position = close + 1
        found = _append(found, inner)
        if branch.startswith("*", position):
            position += 1
            found = _append(_append(found, inner), inner)
    return found


def _append(found: _Beginnings, more: _Beginnings) -> _Beginnings:
    """Let every beginning that still grows be followed by each of some others."""
    settled, growing = found
    joined = {(head + tail)[:LONGEST_OPENING] for head in growing for tail in more[1]}
    ended = {(head + tail)[:LONGEST_OPENING] for head in growing for tail in more[0]}
    whole = {j for j in joined if len(j) == LONGEST_OPENING}
    return settled | ended | whole, joined - whole


def _branches(pattern: str) -> list[str]:
    """Part a pattern at the ``|`` that stand in no bracket."""
    depth, start = 0, 0
    found: list[str] = []
    for position, char in enumerate(pattern):
        depth += (char in "[(") - (char in "])")
        if char == "|" and depth == 0:
            found.append(pattern[start:position])
            start = position + 1
    return [*found, pattern[start:]]


def _closing(pattern: str) -> int:
    """Return the position of the bracket that closes the one at the start."""
    depth = 0
    for position, char in enumerate(pattern):
        depth += (char in "[(") - (char in "])")
        if depth == 0:
            return position
    msg = f"{pattern[0]!r} is not closed in {pattern!r}"
    raise PatternError(msg)
