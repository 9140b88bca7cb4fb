"""What may have to be asked about a figure: one scan of its sentence tells it for all questions.

Role and scope of a figure depend on some fifty expressions over the words around it, and nearly
none of them matches. Each match of one holds certain characters, its cue. A sentence is read once
for all cues; an expression is searched only where its cue stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache, reduce
from operator import or_
from typing import Final

from mining.report import Figure

__all__ = [
    "AHEAD",
    "AIMED",
    "ALL_CUES",
    "AREA",
    "ASIDE",
    "CASES",
    "CHANGE",
    "COMPARED",
    "DECIDING",
    "DESK",
    "DISTRIBUTED",
    "FROM",
    "GOVERNMENT",
    "HALF_STOP",
    "IN_TURN",
    "LOWER",
    "NAMED",
    "NEW",
    "OTHERS",
    "PAST",
    "PLACED",
    "PLANNED",
    "RATE",
    "REPRINTED",
    "RUNS",
    "SETTLED",
    "SURROUNDING",
    "VILLAGE",
    "YEAR",
    "find_cues",
]

_Find = Callable[[str, int, int], list[str]]

# Where no sentence was read every expression is searched.
ALL_CUES: Final = -1

CHANGE: Final = 1
_SINCE_FIGURE = {CHANGE: "增升降减少落涨翻比多低高差移速前缩"}

ASIDE: Final = 1 << 1
COMPARED: Final = 1 << 2
FROM: Final = 1 << 3
RATE: Final = 1 << 4
IN_TURN: Final = 1 << 5
RUNS: Final = 1 << 6
YEAR: Final = 1 << 7
PAST: Final = 1 << 8
PLANNED: Final = 1 << 9
CASES: Final = 1 << 10
NAMED: Final = 1 << 11
REPRINTED: Final = 1 << 12
AREA: Final = 1 << 13
LOWER: Final = 1 << 14
DESK: Final = 1 << 15
GOVERNMENT: Final = 1 << 16
OTHERS: Final = 1 << 17
_SINCE_SEMICOLON = {
    ASIDE: "》”〕】）)]",
    COMPARED: "比较与和同跟",
    FROM: "由从",
    RATE: "每均各手",
    IN_TURN: "别次",
    RUNS: "累来至留存原近五—~-到共合",
    YEAR: "年",
    PAST: "上去前",
    PLANNED: "划拟争预标算步明来任求保",
    CASES: "议诉配助服被审",
    NAMED: "义",
    REPRINTED: "载采",
    AREA: "全统",
    LOWER: "各县区（级直属分统基乡街门",
    DESK: "机网级",
    GOVERNMENT: "府",
    OTHERS: "局委院厅府室心道镇乡级",
}

# A semicolon stands before the figure; it ends what the words before it mean.
HALF_STOP: Final = 1 << 22
DISTRIBUTED: Final = 1 << 18
AIMED: Final = 1 << 19
PLACED: Final = 1 << 23
SETTLED: Final = 1 << 24
AHEAD: Final = 1 << 25
SURROUNDING: Final = AIMED | PLACED | SETTLED | AHEAD
NEW: Final = 1 << 20
VILLAGE: Final = 1 << 21
_IN_SENTENCE = {
    DISTRIBUTED: "别",
    AIMED: '标任求”"',
    PLACED: "口党辖积",
    SETTLED: "村居",
    AHEAD: "步争",
    NEW: "增入其",
    VILLAGE: "村社",
}

# Without one of these a figure has no role or scope by its words, if nothing new is told next.
DECIDING: Final = ~(ASIDE | COMPARED | PAST | HALF_STOP | NEW)

_ALL = {**_SINCE_FIGURE, **_SINCE_SEMICOLON, **_IN_SENTENCE}
_MEANINGS = dict.fromkeys("；;", HALF_STOP)
_MEANINGS |= {
    char: reduce(or_, (cue for cue, chars in _ALL.items() if char in chars))
    for char in "".join(_ALL.values())
}
# Most characters count only in the words that are meant: what must stand before them (年到, 2019到,
# 年共, 依次, 复议, 去年), and what never follows them (全年, 政府信息), or with ^ the only one that
# may (分局), where a bracket may begin.
_ONLY_AFTER = {
    "年": "0-9上去前往一",
    "到": "0-9年",
    "共合": "年",
    "次": "依",
    "级": "本省市县区下二",
    "机": "局厅委镇",
    "网": "局户",
    "门": "部",
    "议": "复",
    "服": "不",
    "县": "区市",
    "区": "县",
    "属": "下所直局",
    "求": "要",
    "标": "目指",
    "步": "下一",
    "保": "确",
    "算": "打",
    "划": "计",
    "助": "协",
    "手": "人",
    "均": "日周平人户月年",
    "统": "系",
    "义": "名",
    "载": "转",
    "移": "前后",
    "落": "回",
}
_OPENINGS = r"（(《“〔【\["
_NEVER_BEFORE = {
    "全": "年部体面",
    "府": "信网采门",
    "各": "类项",
    "分": f"^局{_OPENINGS}",
    "社": f"^区{_OPENINGS}",
    "任": f"^务{_OPENINGS}",
    "配": f"^合{_OPENINGS}",
    "审": f"^理结{_OPENINGS}",
    "被": f"^申{_OPENINGS}",
    "采": f"^用{_OPENINGS}",
}
# Brackets may stand between, and numbers of papers, as they are passed over later on.
_ENDS = re.escape(_SINCE_SEMICOLON[ASIDE]) + "号"
_BEFORE = "|".join(f"[{near}{_ENDS}][{chars}]" for chars, near in _ONLY_AFTER.items())
_BEHIND = "|".join(rf"[{near}](?<={char}[\s\S])" for char, near in _NEVER_BEFORE.items())
_BOUND = "".join(_NEVER_BEFORE)
_FREE = re.escape("".join(c for c in _MEANINGS if c not in "".join((_BOUND, *_ONLY_AFTER))))
# Behind its last figure a sentence has only these.
_SAID_BEHIND = re.compile(f"[{re.escape(''.join(_IN_SENTENCE.values()))}]").findall
# All first, as a search for one set jumps.
_CUE = (
    f"[{re.escape(''.join(_MEANINGS))}]"
    f"(?:(?<=[{_FREE}])|(?<={_BEFORE})|(?<=[{_BOUND}])(?!{_BEHIND}))"
)
_OF_FIGURE = sum(_SINCE_FIGURE)
_OF_SEGMENT = sum(_SINCE_SEMICOLON) | HALF_STOP
_OF_SENTENCE = sum(_IN_SENTENCE)
# How far after the last figure of a sentence words can decide.
_NEARBY = 60


def find_cues(text: str, figures: Sequence[Figure], year: int | None = None) -> list[int]:
    """Return for each figure the cues that stand where they can decide, as one number of bits.

    Parameters
    ----------
    text
        The report's text.
    figures
        In order of the text.
    year
        The report's year; where it alone is told, no year has to be asked for.
    """
    cues: list[int] = []
    find, meanings = _finder(year), _MEANINGS
    # Of the sentence: its first figure, its start, and how far it has been read; what `before`
    # the last semicolon and in the `segment` since stands; where its last figure ends.
    first = position = new = before = segment = last = end = 0
    sentence, known = -1, None
    for figure in figures:
        start = figure.span.start
        # The figures of a sentence share its span, if not all of them.
        if (around := figure.sentence) is not known:
            known = around
            if around.start != sentence:
                if cues:
                    behind = _cues_behind(text, position, min(end, last + _NEARBY))
                    _tell_all(cues, first, (before | segment | behind) & _OF_SENTENCE)
                first, position = len(cues), around.start
                sentence = position
                new = before = segment = last = end = 0
            end = max(end, around.end)
        for char in find(text, position, start):
            meaning = meanings[char]
            if meaning == HALF_STOP:
                before |= segment
                segment = HALF_STOP
            else:
                segment |= meaning
                new |= meaning
        cues.append(new & _OF_FIGURE | segment & _OF_SEGMENT)
        position = start
        if figure.claim == "number":
            new = 0
        # One statement may stand inside another, so the last one need not end last.
        last = max(last, figure.span.end)
    behind = _cues_behind(text, position, min(end, last + _NEARBY))
    _tell_all(cues, first, (before | segment | behind) & _OF_SENTENCE)
    return cues


def _cues_behind(text: str, position: int, end: int) -> int:
    """Return what the last figure of a sentence and the words behind it tell of all of it."""
    told = 0
    for char in _SAID_BEHIND(text, position, end):
        told |= _MEANINGS[char]
    return told


def _tell_all(cues: list[int], first: int, told: int) -> None:
    """Add cues of a sentence to those of its figures, the last ones."""
    if told:
        cues[first:] = [cue | told for cue in cues[first:]]


@lru_cache(maxsize=64)
def _finder(year: int | None) -> _Find:
    """Return what lists the characters of cues in a stretch of a text."""
    return re.compile(_CUE if year is None else f"{_CUE}(?<!{year:04}年)").findall
