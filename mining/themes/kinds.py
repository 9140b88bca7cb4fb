"""Problem, improvement or neither: by the part, the wording and the run of the section."""

from __future__ import annotations

import itertools
import operator
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mining.report import PointKind
from mining.themes.cues import blanked, marks_of, pairs_of, telling_pairs
from mining.themes.cutting import Piece
from mining.themes.weights import PointWeights

__all__ = [
    "KINDS",
    "N_BOUNDARIES",
    "N_LOOKS",
    "KindLook",
    "best_run",
    "boundary",
    "kind_features",
    "kind_looks",
    "kinds_of",
    "look_of",
]

Key = tuple[object, ...]
Scores = tuple[float, float, float]
KINDS: tuple[PointKind, ...] = ("problem", "improvement", "neither")
N_BOUNDARIES = 7
N_LOOKS = 6
# A count: of what was reached rather than of what is lacking.
_COUNT = re.compile(
    "(?:[0-9][0-9,，.]*|[一二两三四五六七八九十百千万余多]{1,9})"
    "(?:余|多|个)?(?:条|件|次|人|场|期|篇|宗|份|户|名|项|万|份|元|块|%|％)"
)
# The beginning and the end of a statement tell its kind; a long middle is only its subject.
_HEAD, _TAIL = 28, 10
_MOST = 4


@dataclass(frozen=True, slots=True)
class KindLook:
    """What a piece looks like.

    Parameters
    ----------
    place, cues, echo
        Keys of small numbers, for which scores are remembered: where it stands, what its cues
        tell, and how much it repeats.
    words
        Its characters at both ends, and in pairs.
    """

    place: Key
    cues: Key
    echo: Key
    words: Sequence[str]


def kind_looks(text: str, pieces: Sequence[Piece]) -> list[KindLook]:
    """Return what each piece looks like: where it stands, its characters in pairs, its cues."""
    announced = any(piece.part == "improvement" for piece in pieces)
    led = [i for i, piece in enumerate(pieces) if piece.part == "problem" and piece.fresh]
    found: list[KindLook] = []
    told: set[str] = set()
    last: set[str] = set()
    plain = blanked(text)
    for i, piece in enumerate(pieces):
        own = telling_pairs(plain, piece.start, piece.end)
        # An answer repeats words of its problem; a problem is told once.
        echo = min(len(own & told), 5), min(len(own & last), 3)
        told |= own
        last = own
        # What comes before the lead-in of the problems is mostly none.
        ahead = bool(led) and i < led[0]
        found.append(_look(text, piece, (i, len(pieces)), echo, signs=(announced, ahead)))
    return found


def kind_features(look: KindLook) -> list[str]:
    """Return all features of a piece."""
    place = _place_features(look.place)
    return [*place, *_cue_features(look.cues), *_echo_features(look.echo), *look.words]


def _look(
    text: str,
    piece: Piece,
    position: tuple[int, int],
    echo: tuple[int, int],
    *,
    signs: tuple[bool, bool],
) -> KindLook:
    start, end = piece.start, piece.end
    announced, ahead = signs
    rank, count = position
    part = piece.part[:1] + "-" * piece.past
    counts = min(len(_COUNT.findall(text, start, end)), 3)
    pairs = pairs_of(text, start, end)
    place = (
        part,
        announced,
        4 * rank // count,
        (piece.fresh, bool(piece.item), piece.later, piece.split),
        (rank == 0, rank == count - 1),
        min((end - start) // 8, 8),
        text[end : end + 1],
    )
    marks, head, tail = marks_of(pairs), marks_of(pairs[:6]), marks_of(pairs[-6:])
    told = tuple(min(marks.count(m), _MOST) for m in "lafo")
    ends = marks[:2], marks[-2:], head[:2], tail[-2:]
    cues = (told, ends, f"{announced:d}{part}", counts, min(rank, 3), ahead)
    words = [
        "0" + text[start],
        "1" + text[start : start + 2],
        "2" + text[start : start + 3],
        "-1" + text[end - 1],
        "-2" + text[max(end - 2, start) : end],
        "lead" + text[max(start - 2, piece.lead) : start],
    ]
    words += pairs if len(pairs) <= _HEAD + _TAIL else pairs[:_HEAD] + pairs[-_TAIL:]
    return KindLook(place, cues, echo, words)


def _place_features(key: Any) -> list[str]:  # noqa: ANN401 - numbers and words in a fixed order
    part, announced, quarter, (fresh, item, later, split), (first, last), size, mark = key
    return [
        f"part{part}",
        f"part{part}{fresh:d}{item:d}",
        f"part{part}{later:d}{split:d}",
        f"told{announced:d}{part}{quarter}",
        f"told{announced:d}{part}{later:d}{item:d}",
        f"item{item:d}{first:d}{last:d}",
        f"split{split:d}{mark}",
        f"length{size}",
    ]


def _cue_features(key: Any) -> list[str]:  # noqa: ANN401 - as above
    (lacks, acts, facts, opening), (begin, stop, head, tail), place, counts, rank, ahead = key
    return [
        f"counts{counts}{rank == 0:d}",
        f"ahead{ahead:d}",
        f"ahead{ahead:d}{lacks > 0:d}",
        f"cues{lacks}{acts}",
        f"cues{lacks > 0:d}{acts > 0:d}{place}",
        f"lacks{lacks}",
        f"acts{acts}",
        f"facts{facts}{lacks > 0:d}",
        f"facts{facts > 1:d}{lacks > 0:d}{counts > 0:d}{rank}",
        f"opening{opening}{lacks > 0:d}",
        f"from{begin[:1]}",
        f"from{begin}",
        f"to{stop[-1:]}",
        f"to{stop}",
        f"head{head}",
        f"tail{tail}",
        f"ends{head[:1]}{tail[-1:]}",
    ]


def _echo_features(key: Any) -> list[str]:  # noqa: ANN401 - as above
    told, last = key
    return [f"echo{told}", f"again{last}"]


def _scores(look: KindLook, weights: PointWeights) -> Scores:
    known = weights.kind_score
    score = (
        known(_place_features, look.place)
        + known(_cue_features, look.cues)
        + known(_echo_features, look.echo)
        + weights.kind_words(look.words)
    )
    return score.real, score.imag, 0.0


def look_of(pieces: Sequence[Piece]) -> int:
    """Return a class of sections: how often improvements are announced, items with answers."""
    turns = sum(1 for p in pieces if p.fresh and p.part == "improvement")
    return min(turns, 2) * 2 + any(p.later or p.split for p in pieces)


def kinds_of(text: str, pieces: Sequence[Piece], weights: PointWeights) -> list[PointKind]:
    """Return the likeliest run of kinds for all pieces of a section."""
    if not pieces:
        return []
    scores = [_scores(look, weights) for look in kind_looks(text, pieces)]
    bounds = [boundary(text, a, b) for a, b in itertools.pairwise(pieces)]
    return [KINDS[k] for k in best_run(scores, bounds, look_of(pieces), weights)]


def boundary(text: str, first: Piece, second: Piece) -> int:
    """Return what parts two pieces: a comma, a later sentence of one item, or a new item."""
    if second.split:
        return 0
    between = text[first.end : second.start]
    line = "\n" in between
    if second.item and not second.later:
        return 3 + line
    if line:
        return 5
    semicolon = "；" in between or ";" in between
    return 1 if semicolon else 2 if second.later else 6


def best_run(
    scores: Sequence[Scores], bounds: Sequence[int], look: int, weights: PointWeights
) -> list[int]:
    """Return the likeliest run of kinds over both layouts."""
    runs = (
        _run(scores, bounds, first, moves)
        for first, moves in zip(weights.first[look], weights.transitions, strict=True)
    )
    return max(runs)[1]


def _run(
    scores: Sequence[Scores],
    bounds: Sequence[int],
    first: Sequence[float],
    moves: Sequence[Sequence[Sequence[float]]],
) -> tuple[float, list[int]]:
    best = [first[k] + scores[0][k] for k in range(3)]
    back: list[list[int]] = []
    for score, bound in zip(scores[1:], bounds, strict=True):
        b0, b1, b2 = best
        ways = [(b0 + x, b1 + y, b2 + z) for x, y, z in zip(*moves[bound], strict=True)]
        tops = list(map(max, ways))
        best = list(map(operator.add, tops, score))
        back.append([way.index(top) for way, top in zip(ways, tops, strict=True)])
    kind = best.index(max(best))
    run = [kind]
    for came in reversed(back):
        kind = came[kind]
        run.append(kind)
    return max(best), run[::-1]
