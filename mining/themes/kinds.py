"""Problem, improvement or neither: by the part, the wording and the run of the section."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from mining.report import PointKind
from mining.themes.cues import blanked, marks_of, pairs_of, telling_pairs
from mining.themes.cutting import Piece
from mining.themes.weights import PointWeights

__all__ = [
    "KINDS",
    "N_BOUNDARIES",
    "N_LOOKS",
    "best_run",
    "boundary",
    "kind_features",
    "kinds_of",
    "look_of",
]

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


def kind_features(text: str, pieces: Sequence[Piece]) -> list[list[str]]:
    """Return what each piece looks like: where it stands, its characters in pairs, its cues."""
    announced = is_announced(pieces)
    found: list[list[str]] = []
    told: set[str] = set()
    last: set[str] = set()
    plain = blanked(text)
    for i, piece in enumerate(pieces):
        pairs = pairs_of(text, piece.start, piece.end)
        own = telling_pairs(plain, piece.start, piece.end)
        features = _features(text, piece, pairs, i, len(pieces), announced=announced)
        # An answer repeats words of its problem; a problem is told once.
        features.append(f"echo{min(len(own & told), 5)}")
        features.append(f"again{min(len(own & last), 3)}")
        told |= own
        last = own
        found.append(features)
    return found


def _features(
    text: str, piece: Piece, pairs: list[str], position: int, count: int, *, announced: bool
) -> list[str]:
    start, end = piece.start, piece.end
    part = piece.part[:1] + "-" * piece.past
    place = f"{announced:d}{part}"
    counts = min(len(_COUNT.findall(text, start, end)), 3)
    later = f"{piece.later:d}{bool(piece.item):d}"
    found = [
        f"part{part}",
        f"part{part}{piece.fresh:d}{bool(piece.item):d}",
        f"part{part}{piece.later:d}{piece.split:d}",
        f"told{place}{4 * position // count}",
        f"told{place}{later}",
        f"counts{counts}{position == 0:d}",
        f"item{bool(piece.item):d}{position == 0:d}{position == count - 1:d}",
        f"split{piece.split:d}{text[end : end + 1]}",
        f"length{min((end - start) // 8, 8)}",
        f"0{text[start]}",
        f"1{text[start : start + 2]}",
        f"2{text[start : start + 3]}",
        f"-1{text[end - 1]}",
        f"-2{text[max(end - 2, start) : end]}",
        f"lead{text[max(start - 2, piece.lead) : start]}",
    ]
    found += _cue_features(pairs, place, position, counts)
    found += pairs if len(pairs) <= _HEAD + _TAIL else pairs[:_HEAD] + pairs[-_TAIL:]
    return found


def _cue_features(pairs: Sequence[str], place: str, position: int, counts: int) -> list[str]:
    marks = marks_of(pairs)
    lacks, acts = min(marks.count("l"), _MOST), min(marks.count("a"), _MOST)
    facts = min(marks.count("f"), _MOST)
    head, tail = marks_of(pairs[:6]), marks_of(pairs[-6:])
    return [
        f"cues{lacks}{acts}",
        f"cues{lacks > 0:d}{acts > 0:d}{place}",
        f"lacks{lacks}",
        f"acts{acts}",
        f"facts{facts}{lacks > 0:d}",
        f"facts{facts > 1:d}{lacks > 0:d}{counts > 0:d}{min(position, 3)}",
        f"opening{min(marks.count('o'), _MOST)}{lacks > 0:d}",
        f"from{marks[:1]}",
        f"from{marks[:2]}",
        f"to{marks[-1:]}",
        f"to{marks[-2:]}",
        f"head{head[:2]}",
        f"tail{tail[-2:]}",
        f"ends{head[:1]}{tail[-1:]}",
    ]


def is_announced(pieces: Sequence[Piece]) -> bool:
    """Tell whether a heading or lead-in announces improvements."""
    return any(piece.part == "improvement" for piece in pieces)


def look_of(pieces: Sequence[Piece]) -> int:
    """Return a class of sections: how often improvements are announced, items with answers."""
    turns = sum(1 for p in pieces if p.fresh and p.part == "improvement")
    return min(turns, 2) * 2 + any(p.later or p.split for p in pieces)


def kinds_of(text: str, pieces: Sequence[Piece], weights: PointWeights) -> list[PointKind]:
    """Return the likeliest run of kinds for all pieces of a section."""
    if not pieces:
        return []
    scores = [weights.kind_scores(features) for features in kind_features(text, pieces)]
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
        table = moves[bound]
        came: list[int] = []
        now: list[float] = []
        for k in range(3):
            options = [best[j] + table[j][k] for j in range(3)]
            top = max(options)
            came.append(options.index(top))
            now.append(top + score[k])
        best = now
        back.append(came)
    kind = best.index(max(best))
    run = [kind]
    for came in reversed(back):
        kind = came[kind]
        run.append(kind)
    return max(best), run[::-1]
