"""Problem, improvement or neither: by the part, the wording and the run of the section."""

from __future__ import annotations

import itertools
import operator
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from mining.report import PointKind
from mining.themes.cues import pairs_of
from mining.themes.cutting import Piece
from mining.themes.weights import Move, PointWeights, TextSheet

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


class KindLook(NamedTuple):
    """What a piece looks like.

    Parameters
    ----------
    place, cues
        Keys of small numbers, for which scores are remembered: where it stands, and what its cues
        tell.
    edges
        Its first and last characters, and those before it.
    windows
        Stretches of pairs of characters by which it is told.
    """

    place: Key
    cues: Key
    edges: tuple[str, str, str]
    windows: Sequence[tuple[int, int]]


def kind_looks(sheet: TextSheet, pieces: Sequence[Piece]) -> list[KindLook]:
    """Return what each piece looks like: where it stands, its characters in pairs, its cues."""
    parts = [piece.part for piece in pieces]
    announced = "improvement" in parts
    # What comes before the lead-in of the problems is mostly none.
    first = 0
    if "problem" in parts:
        led = (i for i, piece in enumerate(pieces) if piece.part == "problem" and piece.fresh)
        first = next(led, 0)
    # Most sections count nothing: asked once, not for each piece.
    counted = _COUNT.search(sheet.text) is not None
    count = len(pieces)
    return [
        _look(sheet, piece, (i, count), signs=(announced, i < first, counted))
        for i, piece in enumerate(pieces)
    ]


def kind_features(look: KindLook, text: str) -> list[str]:
    """Return all features of a piece of `text`."""
    return [
        *_place_features(look.place),
        *_cue_features(look.cues),
        *(f for features, edge in zip(_EDGES, look.edges, strict=True) for f in features(edge)),
        *(f"W{pair}" for a, b in look.windows for pair in pairs_of(text, a, b + 1)),
    ]


def _look(
    sheet: TextSheet, piece: Piece, position: tuple[int, int], *, signs: tuple[bool, bool, bool]
) -> KindLook:
    start, end, told, fresh, item, lead, split, later, past = piece
    text, last = sheet.text, end - 1
    announced, ahead, counted = signs
    rank, count = position
    part = told[:1] + "-" * past
    place = (
        part,
        announced,
        4 * rank // count,
        (fresh, item > 0, later, split),
        (rank == 0, rank == count - 1),
        min((end - start) // 8, 8),
        text[end : end + 1],
    )
    whole = sheet.marks[start:last]
    marks = whole.replace(" ", "")
    count_of = marks.count
    cues = (
        (
            min(count_of("l"), _MOST),
            min(count_of("a"), _MOST),
            min(count_of("f"), _MOST),
            min(count_of("o"), _MOST),
        ),
        (marks[:2], marks[-2:], whole[:6].replace(" ", "")[:2], whole[-6:].replace(" ", "")[-2:]),
        f"{announced:d}{part}",
        min(len(_COUNT.findall(text, start, end)), 3) if counted else 0,
        min(rank, 3),
        ahead,
    )
    edges = (
        text[start : start + 3],
        text[max(end - 2, start) : end],
        text[max(start - 2, lead) : start],
    )
    long = last - start > _HEAD + _TAIL
    windows = ((start, start + _HEAD), (last - _TAIL, last)) if long else ((start, last),)
    return KindLook(place, cues, edges, windows)


def _start_features(edge: str) -> Iterator[str]:
    yield f"0{edge[:1]}"
    yield f"1{edge[:2]}"
    yield f"2{edge}"


def _end_features(edge: str) -> Iterator[str]:
    yield f"-1{edge[-1:]}"
    yield f"-2{edge}"


def _lead_features(edge: str) -> Iterator[str]:
    yield f"lead{edge}"


_EDGES = (_start_features, _end_features, _lead_features)


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


_FEATURES = (_place_features, _cue_features, *_EDGES)


def _scores(sheet: TextSheet, pieces: Sequence[Piece]) -> list[Scores]:
    """Return what speaks for each kind of each piece, against neither."""
    weights, sums = sheet.weights, sheet.kinds
    places, cues, starts, ends, leads = weights.kind_memories(_FEATURES)
    found: list[Scores] = []
    for look in kind_looks(sheet, pieces):
        start, end, lead = look.edges
        score = places[look.place] + cues[look.cues] + starts[start] + ends[end] + leads[lead]
        for begin, stop in look.windows:
            score += sums[stop] - sums[begin]
        found.append((score.real, score.imag, 0.0))
    return found


def look_of(pieces: Sequence[Piece]) -> int:
    """Return a class of sections: how often improvements are announced, items with answers."""
    turns, mixed = 0, False
    for piece in pieces:
        turns += piece.fresh and piece.part == "improvement"
        mixed |= piece.later or piece.split
    return min(turns, 2) * 2 + mixed


def kinds_of(sheet: TextSheet, pieces: Sequence[Piece]) -> list[PointKind]:
    """Return the likeliest run of kinds for all pieces of a section."""
    if not pieces:
        return []
    scores = _scores(sheet, pieces)
    bounds = [boundary(sheet.text, a, b) for a, b in itertools.pairwise(pieces)]
    return [KINDS[k] for k in best_run(scores, bounds, look_of(pieces), sheet.weights)]


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
    (first, second), (moves, others) = weights.first[look], weights.moves
    return max(_run(scores, bounds, first, moves), _run(scores, bounds, second, others))[1]


def _run(
    scores: Sequence[Scores], bounds: Sequence[int], first: Sequence[float], moves: Sequence[Move]
) -> tuple[float, list[int]]:
    x, y, z = map(operator.add, first, scores[0])
    back: list[list[int]] = []
    for i, bound in enumerate(bounds, start=1):
        tops: list[float] = []
        came: list[int] = []
        for own, (a, b, c) in zip(scores[i], moves[bound], strict=True):
            p, q, r = x + a, y + b, z + c
            kind = (0 if p >= r else 2) if p >= q else 1 if q >= r else 2
            tops.append((p, q, r)[kind] + own)
            came.append(kind)
        x, y, z = tops
        back.append(came)
    top = max(x, y, z)
    kind = (x, y, z).index(top)
    run = [kind]
    for origins in reversed(back):
        kind = origins[kind]
        run.append(kind)
    return top, run[::-1]
