"""What may have to be asked about a figure: one scan of its sentence tells it for all questions.

Role and scope of a figure depend on some fifty expressions over the words around it, and nearly
none of them matches. Each match of one holds certain characters, its cue. A sentence is read once
for all cues; an expression is searched only where its cue stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import reduce
from itertools import groupby
from operator import or_
from typing import Final

from mining.report import Figure

__all__ = [
    "ALL_CUES",
    "AREA",
    "ASIDE",
    "CASES",
    "CHANGE",
    "COMPARED",
    "DESK",
    "DISTRIBUTED",
    "FROM",
    "GOVERNMENT",
    "IN_TURN",
    "LOWER",
    "NAMED",
    "NEW",
    "OTHERS",
    "PAST",
    "PLANNED",
    "RATE",
    "REPRINTED",
    "RUNS",
    "SURROUNDING",
    "VILLAGE",
    "YEAR",
    "find_cues",
]

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
    LOWER: "各县（级直属分统基乡街门",
    DESK: "机站级",
    GOVERNMENT: "府",
    OTHERS: "局委院厅府室心道镇乡级",
}

DISTRIBUTED: Final = 1 << 18
SURROUNDING: Final = 1 << 19
NEW: Final = 1 << 20
VILLAGE: Final = 1 << 21
_IN_SENTENCE = {
    DISTRIBUTED: "别",
    SURROUNDING: '步争标任求”"口党辖积村居',
    NEW: "增入其",
    VILLAGE: "村社",
}

_ALL = {**_SINCE_FIGURE, **_SINCE_SEMICOLON, **_IN_SENTENCE}
# A semicolon means nothing, and ends what the words before it mean.
_MEANINGS = dict.fromkeys("；;", 0)
_MEANINGS |= {
    char: reduce(or_, (cue for cue, chars in _ALL.items() if char in chars))
    for char in "".join(_ALL.values())
}
# Frequent characters count only where the word can be the one that is meant: 年到 and 2019到, 年共,
# 依次, 全 before a place. Brackets may stand between, as they are passed over later on.
_ENDS = re.escape(_SINCE_SEMICOLON[ASIDE])
_FIND = re.compile(
    f"[{re.escape(''.join(_MEANINGS))}]"
    f"(?<![^0-9年{_ENDS}]到|[^年{_ENDS}][共合]|[^依{_ENDS}]次)(?!(?<=全)[年部体面])"
).findall
_OF_FIGURE = sum(_SINCE_FIGURE)
_OF_SEGMENT = sum(_SINCE_SEMICOLON)
_OF_SENTENCE = sum(_IN_SENTENCE)
# How far after the last figure of a sentence words can decide.
_NEARBY = 60


def find_cues(text: str, figures: Sequence[Figure]) -> list[int]:
    """Return for each figure the cues that stand where they can decide, as one number of bits.

    Parameters
    ----------
    text
        The report's text.
    figures
        In order of the text.
    """
    cues: list[int] = []
    for start, told in groupby(figures, key=_sentence_start):
        cues += _cues_of_sentence(text, start, list(told))
    return cues


def _sentence_start(figure: Figure) -> int:
    return figure.sentence.start


def _cues_of_sentence(text: str, position: int, figures: list[Figure]) -> list[int]:
    """Return the cues of figures that stand in one sentence, which starts at `position`."""
    cues: list[int] = []
    new = segment = before = 0
    for figure in figures:
        start = figure.span.start
        for char in _FIND(text, position, start):
            meaning = _MEANINGS[char]
            new |= meaning
            segment |= meaning
            if not meaning:
                before |= segment
                segment = 0
        cues.append(new & _OF_FIGURE | segment & _OF_SEGMENT)
        position = start
        if figure.claim == "number":
            new = 0
    end = min(max(f.sentence.end for f in figures), max(f.span.end for f in figures) + _NEARBY)
    for char in _FIND(text, position, end):
        before |= _MEANINGS[char]
    told = (before | segment) & _OF_SENTENCE
    return [cue | told for cue in cues]
