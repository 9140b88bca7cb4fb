"""Commas that part two statements of one sentence, told from those inside a statement."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from mining.themes.cues import marks_of, pairs_of
from mining.themes.weights import PointWeights

__all__ = ["clause_cuts", "clause_features", "commas_of"]

_COMMAS = "，,、"
_OPENING, _CLOSING = "“（(《【", "”）)》】"
_MARK = re.compile(f"[{_COMMAS}{_OPENING}{_CLOSING}]")
_STEPS = (4, 6, 8, 10, 13, 17, 22, 30, 45, 70, 110)
# Nearer than this a 、 stands in a list of nouns.
_SHORTEST = 4
# A sentence of prose longer than this is not looked at clause by clause.
_MAX_SENTENCE = 600


def clause_cuts(
    text: str,
    start: int,
    end: int,
    *,
    enumerated: bool,
    weights: PointWeights,
    turn: re.Pattern[str] | None,
    crowd: int,
    closed: bool = False,
) -> list[int]:
    """Return the commas of a sentence at which a new point begins, in order.

    Behind a comma, words that `turn` matches open an answer for sure, where there is a `turn`.
    `crowd` is the number of sentences in the section: in a short one a sentence tells more than
    one thing. `closed` is true for a list that 等问题 ends.
    """
    commas = commas_of(text, start, end)
    if not commas or end - start > _MAX_SENTENCE:
        return []
    found: list[int] = []
    last = start
    for index in range(len(commas)):
        features = clause_features(
            text,
            start,
            end,
            commas,
            index,
            last=last,
            enumerated=enumerated,
            crowd=crowd,
            closed=closed,
        )
        turns = turn is not None and turn.match(text, commas[index] + 1, end)
        lacks = closed and _both_lack(text, last, commas, index, end)
        if turns or lacks or weights.clause_score(features) > 0:
            found.append(commas[index])
            last = commas[index] + 1
    return found


def _both_lack(text: str, last: int, commas: list[int], index: int, end: int) -> bool:
    """Tell whether both sides of a comma end in a lack: members of a list of lacks."""
    here = commas[index]
    right = commas[index + 1] if index + 1 < len(commas) else end
    return all(
        "l" in marks_of(pairs_of(text, max(first, stop - 6), stop))
        for first, stop in ((last, here), (here + 1, right))
    )


def commas_of(text: str, start: int, end: int) -> list[int]:
    """Return the commas outside of quotes and brackets, and each 、 with enough words around it."""
    found: list[int] = []
    depth = 0
    last = start - 1
    for match in _MARK.finditer(text, start, end):
        i, char = match.start(), match[0]
        if char in _COMMAS:
            if depth == 0 and (char != "、" or _is_apart(text, last, i, end)):
                found.append(i)
            last = i
        elif char in _OPENING:
            depth += 1
        else:
            depth = max(depth - 1, 0)
    return found


def _is_apart(text: str, last: int, here: int, end: int) -> bool:
    following = _MARK.search(text, here + 1, end)
    after = following.start() if following and following[0] in _COMMAS else end
    return here - last > _SHORTEST and after - here > _SHORTEST


def clause_features(
    text: str,
    start: int,
    end: int,
    commas: list[int],
    index: int,
    *,
    last: int,
    enumerated: bool,
    crowd: int,
    closed: bool,
) -> Iterator[str]:
    """Yield what a comma looks like: words and lengths around it, and its sentence.

    `last` is where the point that the comma may end begins.
    """
    here = commas[index]
    left = max(commas[index - 1] + 1 if index else start, start)
    right = commas[index + 1] if index + 1 < len(commas) else end
    after, before = text[here + 1 : right], text[left:here]
    chain = text[end : end + 1] in "；;" or text[start - 1 : start] in "；;"
    regime = f"{chain:d}{enumerated:d}"
    yield from _cue_features(text[last:here], after, f"{regime}{closed:d}")
    yield f"c{regime}"
    yield f"w{min(crowd, 9)}c{regime}"
    yield f"w{min(crowd // 2, 4)}n{min(len(commas), 6)}c{regime}"
    yield f"n{min(len(commas), 8)}"
    yield f"c{chain:d}n{min(len(commas), 8)}"
    mark = f"{text[here] == '、':d}{closed:d}"
    yield f"m{mark}"
    yield f"m{mark}c{regime}"
    yield f"m{mark}l{_step(len(before))}"
    yield f"m{mark}r{_step(len(after))}"
    yield f"c{regime}s{_step(end - start)}"
    yield f"p{_step(here - last)}e{_step(end - here)}"
    yield f"c{regime}p{_step(here - last)}"
    yield f"c{regime}e{_step(end - here)}"
    yield f"l{_step(len(before))}"
    yield f"r{_step(len(after))}"
    yield f"p{_step(here - last)}"
    yield f"k{sum(1 for c in commas if last <= c < here)}c{chain:d}{enumerated:d}"
    yield f"e{_step(end - here)}"
    yield f"s{_step(end - start)}"
    yield f"a0{after[:1]}"
    yield f"a1{after[1:2]}"
    yield f"A{after[:2]}"
    yield f"b0{before[-1:]}"
    yield f"B{before[-2:]}"
    yield f"S{before[:2]}"
    for i in range(1, min(len(after) - 1, 12)):
        yield f"R{after[i : i + 2]}"
    for i in range(max(len(before) - 12, 0), len(before) - 1):
        yield f"L{before[i : i + 2]}"


def _cue_features(before: str, after: str, regime: str) -> Iterator[str]:
    """Yield whether each side tells a lack or an action of its own."""
    left, right = pairs_of(before, 0, len(before)), pairs_of(after, 0, len(after))
    told, next_ = marks_of(left), marks_of(right)
    sides = f"{'l' in told:d}{'a' in told:d}{'l' in next_:d}{'a' in next_:d}"
    yield f"x{sides}"
    yield f"x{sides}{regime}"
    yield f"y{'l' in marks_of(left[-5:]):d}{'l' in marks_of(right[-5:]):d}{regime}"
    yield f"z{marks_of(right[:3])[:1]}{regime}"
    yield f"t{told[-1:]}{next_[:1]}"


def _step(length: int) -> int:
    return bisect_right(_STEPS, length)
