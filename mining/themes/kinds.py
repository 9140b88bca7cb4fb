"""Problem, improvement or neither: by the part, the wording and the run of the section."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from mining.report import PointKind
from mining.themes.cutting import Piece
from mining.themes.weights import PointWeights

__all__ = ["KINDS", "N_BOUNDARIES", "boundary", "is_announced", "kind_features", "kinds_of"]

KINDS: tuple[PointKind, ...] = ("problem", "improvement", "neither")
N_BOUNDARIES = 4
# The beginning and the end of a statement tell its kind; a long middle is only its subject.
_DIGITS = re.compile(r"[0-9百千]")
_HEAD, _TAIL = 28, 10


def kind_features(
    text: str, piece: Piece, position: int, count: int, *, announced: bool
) -> Iterator[str]:
    """Yield what a piece looks like: where it stands, and its characters in pairs.

    `announced` tells whether a heading or lead-in of the section announces improvements.
    """
    start, end = piece.start, piece.end
    part = piece.part[:1]
    yield f"part{part}"
    yield f"part{part}{piece.fresh:d}{bool(piece.item):d}"
    yield f"part{part}{piece.later:d}{piece.split:d}"
    where = 4 * position // count
    yield f"told{announced:d}{part}{where}"
    yield f"told{announced:d}{part}{piece.later:d}{bool(piece.item):d}"
    yield f"digits{_DIGITS.search(text, start, end) is not None:d}{position == 0:d}"
    yield f"item{bool(piece.item):d}{position == 0:d}{position == count - 1:d}"
    yield f"split{piece.split:d}{text[end : end + 1]}"
    yield f"length{min((end - start) // 8, 8)}"
    yield f"0{text[start]}"
    yield f"1{text[start : start + 2]}"
    yield f"2{text[start : start + 3]}"
    yield f"-1{text[end - 1]}"
    yield f"-2{text[max(end - 2, start) : end]}"
    yield f"lead{text[max(start - 2, piece.lead) : start]}"
    middle = min(start + _HEAD, end)
    for i in range(start, middle - 1):
        yield text[i : i + 2]
    for i in range(max(middle - 1, end - _TAIL), end - 1):
        yield text[i : i + 2]


def is_announced(pieces: Sequence[Piece]) -> bool:
    """Tell whether a heading or lead-in announces improvements."""
    return any(piece.part == "improvement" for piece in pieces)


def kinds_of(
    text: str, pieces: Sequence[Piece], weights: PointWeights
) -> list[PointKind]:
    """Return the likeliest run of kinds for all pieces of a section."""
    if not pieces:
        return []
    count = len(pieces)
    announced = is_announced(pieces)
    scores = [
        weights.kind_scores(kind_features(text, piece, i, count, announced=announced))
        for i, piece in enumerate(pieces)
    ]
    bounds = [boundary(text, a, b) for a, b in itertools.pairwise(pieces)]
    return [KINDS[k] for k in _best_run(scores, bounds, weights)]


def boundary(text: str, first: Piece, second: Piece) -> int:
    """Return what parts two pieces: 0 a comma, 1 a semicolon, 2 a full stop, 3 a new item."""
    if second.split:
        return 0
    between = text[first.end : second.start]
    if "\n" in between or (second.item and not second.later):
        return 3
    return 1 if "；" in between or ";" in between else 2


def _best_run(
    scores: Sequence[tuple[float, float, float]], bounds: Sequence[int], weights: PointWeights
) -> list[int]:
    best = [weights.first[k] + scores[0][k] for k in range(3)]
    back: list[list[int]] = []
    for score, bound in zip(scores[1:], bounds, strict=True):
        moves = weights.transitions[bound]
        came: list[int] = []
        now: list[float] = []
        for k in range(3):
            options = [best[j] + moves[j][k] for j in range(3)]
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
    return run[::-1]
