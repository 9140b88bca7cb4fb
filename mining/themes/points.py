"""Problem sections cut into points: what a report admits, what it promises, what answers what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mining.report import PointKind
from mining.spans import Span
from mining.themes.cutting import Piece, cut_pieces
from mining.themes.kinds import kinds_of
from mining.themes.pairing import Statement, pair
from mining.themes.weights import PointWeights, TextSheet, point_weights

__all__ = ["CutPoint", "cut_section", "cut_statements"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CutPoint:
    """A point of a section: its place in the section's text, kind, and what it answers.

    `answers` is the position of the answered problem among the section's points.
    """

    span: Span
    kind: PointKind
    answers: int | None = None


def cut_section(text: str, *, weights: PointWeights | None = None) -> tuple[CutPoint, ...]:
    """Cut the body of a problem section into points.

    Parameters
    ----------
    text
        The section's text, with or without its heading line.
    weights
        The models to cut by; those of the package by default.

    Examples
    --------
    >>> text = "一是更新不及时；二是人手不足。下一步，一是配备专人；二是按周更新。"
    >>> [(p.kind, p.span.of(text), p.answers) for p in cut_section(text)]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('problem', '更新不及时', None), ('problem', '人手不足', None),
     ('improvement', '配备专人', 1), ('improvement', '按周更新', 0)]
    """
    return tuple(
        CutPoint(span=Span(s.start, s.end), kind=s.kind, answers=a)
        for s, a in cut_statements(text, weights=weights)
    )


def cut_statements(
    text: str, *, weights: PointWeights | None = None
) -> list[tuple[Statement, int | None]]:
    """Return the points of `cut_section` before they are made: statement and what it answers."""
    sheet = TextSheet(text, weights or point_weights())
    pieces = cut_pieces(sheet)
    statements = list(_joined(text, pieces, kinds_of(sheet, pieces)))
    return list(zip(statements, pair(sheet, statements), strict=True))


def _joined(text: str, pieces: Sequence[Piece], kinds: Sequence[PointKind]) -> Iterator[Statement]:
    """Join the sentences of one item that are of one kind: the first is told at length."""
    last: Statement | None = None
    for piece, kind in zip(pieces, kinds, strict=True):
        if last is not None and _goes_on(text, last, piece, kind):
            last = last._replace(end=piece.end)
            continue
        if last is not None:
            yield last
        last = Statement(piece.start, piece.end, kind, piece.item, piece.lead, piece.fresh)
    if last is not None:
        yield last


def _goes_on(text: str, last: Statement, piece: Piece, kind: PointKind) -> bool:
    between = text[last.end : piece.lead]
    return (
        bool(piece.item)
        and piece.item == last.item
        and kind == last.kind
        and not piece.fresh
        and not piece.split
        and "\n" not in between
        and len(between) <= 4
    )
