"""Scores of cut points against labelled sections: points, kinds and pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from mining.scoring import Tally
from mining.spans import Span
from mining.themes.labelled import LabelledSection
from mining.themes.points import CutPoint

__all__ = ["PointScore", "match_points", "overlap_share", "render_points", "score_points"]

_LEAST_OVERLAP = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class PointScore:
    """How cut points compare with the labels.

    Parameters
    ----------
    points
        Problems and improvements with an overlap of at least half (intersection over union) and
        the same kind.
    spans
        The same whatever the kind, statements that are neither included.
    kinds
        The same as `points` for each kind.
    pairs
        Labelled improvements, and those whose answer is right: the problem found answers by
        overlap, or nothing where the label is none. A missed improvement is wrong.
    """

    points: Tally
    spans: Tally
    kinds: dict[str, Tally] = field(default_factory=dict)
    pairs: Tally

    @property
    def pairing(self) -> float:
        """Share of the labelled improvements whose answer is right."""
        return self.pairs.recall


def overlap_share(first: Span, second: Span) -> float:
    """Return intersection over union of two spans."""
    shared = min(first.end, second.end) - max(first.start, second.start)
    if shared <= 0:
        return 0.0
    return shared / (len(first) + len(second) - shared)


def match_points(section: LabelledSection, found: Sequence[CutPoint]) -> dict[int, int]:
    """Return the found point that matches each labelled one by overlap, kinds not looked at."""
    # Spans of one side never overlap, so at half or more a match is the only one.
    matches: dict[int, int] = {}
    for i, label in enumerate(section.points):
        for j, point in enumerate(found):
            if (
                j not in matches.values()
                and overlap_share(label.span, point.span) >= _LEAST_OVERLAP
            ):
                matches[i] = j
                break
    return matches


def score_points(
    sections: Sequence[LabelledSection], found: Sequence[Sequence[CutPoint]]
) -> PointScore:
    """Score what was cut from each section."""
    spans = Tally()
    kinds = dict.fromkeys(("problem", "improvement", "neither"), Tally())
    pairs = Tally()
    for section, cut in zip(sections, found, strict=True):
        matches = match_points(section, cut)
        spans += Tally(len(section.points), len(cut), len(matches))
        for kind in kinds:
            right = sum(section.points[i].kind == cut[j].kind == kind for i, j in matches.items())
            gold = sum(p.kind == kind for p in section.points)
            kinds[kind] += Tally(gold, sum(p.kind == kind for p in cut), right)
        pairs += _pairs(section, cut, matches)
    return PointScore(
        points=kinds["problem"] + kinds["improvement"], spans=spans, kinds=kinds, pairs=pairs
    )


def _pairs(section: LabelledSection, cut: Sequence[CutPoint], matches: dict[int, int]) -> Tally:
    gold = right = 0
    for i, label in enumerate(section.points):
        if label.kind != "improvement":
            continue
        gold += 1
        if i not in matches or cut[matches[i]].kind != "improvement":
            continue
        answer = cut[matches[i]].answers
        wanted = None if label.answers is None else matches.get(label.answers, -1)
        right += answer == wanted
    return Tally(gold, gold, right)


def render_points(score: PointScore) -> str:
    """Return the score as lines of counts, for people."""
    rows = {"points": score.points, "spans": score.spans, **score.kinds}
    lines = ["layer\tgold\tfound\tright\tF1"]
    lines += [f"{n}\t{t.gold}\t{t.found}\t{t.right}\t{t.f1:.3f}" for n, t in rows.items()]
    lines.append(f"pairing\t{score.pairs.gold}\t\t{score.pairs.right}\t{score.pairing:.3f}")
    return "\n".join(lines)
