"""Which problem an improvement answers: same order by default, shared words against it."""

from __future__ import annotations

import operator
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import filterfalse

from mining.report import PointKind
from mining.themes.cues import pairs_of, point_cues
from mining.themes.weights import PointWeights

__all__ = ["PairSheet", "Statement", "pair"]

# What stands in every statement of every report tells nothing of what it is about.
_COMMON = re.compile(r"[，、。；：“”（）\s的了]|公开|信息|工作|政府|政务|发布|进一|一步|不够|情况|部分|个别|单位")
# Runs of answers that are followed further, the likeliest first.
_WIDTH = 4


@dataclass(frozen=True, slots=True)
class Statement:
    """A point on its way: place, kind, enumerated item, and where the words before it begin."""

    start: int
    end: int
    kind: PointKind
    item: int
    lead: int
    fresh: bool


@dataclass(frozen=True, slots=True)
class _Words:
    """What a statement is about: its pairs of characters, those that are no cue, its subjects."""

    pairs: Sequence[str]
    all: frozenset[str]
    rare: frozenset[str]
    bits: int


class PairSheet:
    """The problems and improvements of one section, and what each pair of them has in common."""

    def __init__(self, text: str, statements: Sequence[Statement]) -> None:
        self._all = statements
        self.problems = [i for i, s in enumerate(statements) if s.kind == "problem"]
        self.improvements = [i for i, s in enumerate(statements) if s.kind == "improvement"]
        self._rank = {p: r for r, p in enumerate(self.problems)}
        self._place = {i: r for r, i in enumerate(self.improvements)}
        self._words = {
            i: _words_of(text, s.lead if s.kind == "improvement" else s.start, s.end)
            for i, s in enumerate(statements)
            if s.kind != "neither"
        }
        self._spread = Counter(w for p in self.problems for w in self._words[p].all)
        self._nearest: list[int] = []
        last = -1
        for i, s in enumerate(statements):
            last = i if s.kind == "problem" else last
            self._nearest.append(last)
        self.first = bool(self.problems and self.improvements) and (
            self.improvements[0] < self.problems[-1]
        )

    def nothing(self, improvement: int, last: int | None) -> list[str]:
        """Return what speaks for an improvement that answers none of the problems."""
        words, place = self._words[improvement], self._place[improvement]
        left = len(self.improvements) - place
        more = max(-3, min(len(self.improvements) - len(self.problems), 3))
        end = f"{left == 1:d}{self.first:d}"
        behind = self._all[improvement - 1].kind[:1] if improvement else ""
        return [
            "N",
            f"N{more}{self.first:d}",
            f"Nleft{min(left, 4)}{self.first:d}",
            f"Nend{end}{more > 0:d}",
            f"Nbits{min(words.bits.bit_count(), 3)}{end}",
            f"Nsize{min(len(words.pairs) // 8, 5)}{end}",
            f"Nlast{last is None:d}{place == 0:d}{self.first:d}",
            f"Nnear{behind}{self.first:d}",
            *(f"N{pair}" for pair in words.pairs[:24]),
        ]

    def shared(self, improvement: int) -> dict[int, list[str]]:
        """Return, for each problem, what its words have in common with the improvement's."""
        own = self._words[improvement]
        rows = {}
        for p in self.problems:
            words = self._words[p]
            both = own.all & words.all
            single = sum(1 for w in both if self._spread[w] == 1)
            rare = sum(1 for w in own.rare & words.rare if self._spread[w] == 1)
            rows[p] = (single, rare, len(both) - single, (own.bits & words.bits).bit_count())
        found = {}
        for p, (single, rare, other, bits) in rows.items():
            rivals = [row for q, row in rows.items() if q != p]
            top_rare = max((row[1] for row in rivals), default=0)
            top_bits = max((row[3] for row in rivals), default=0)
            found[p] = [
                f"single{min(single, 6)}",
                f"rare{min(rare, 6)}",
                f"other{min(other, 3)}",
                f"bits{min(bits, 4)}",
                f"overbits{max(min(bits - top_bits, 3), -3)}",
                f"over{max(min(rare - top_rare, 4), -4)}",
                f"best{rare > top_rare:d}{bits > top_bits:d}",
            ]
            both_bits = own.bits & self._words[p].bits
            found[p] += [f"both{i}" for i in range(19) if both_bits >> i & 1]
        return found

    def order(
        self, improvement: int, problem: int, last: int | None, answered: frozenset[int]
    ) -> list[str]:
        """Return how a problem stands to an improvement when `last` was answered before it."""
        rank, place = self._rank[problem], self._place[improvement]
        near = self._nearest[improvement] == problem
        previous = self._all[improvement - 1].kind[:1] if improvement else ""
        first = f"{self.first:d}"
        even = len(self.problems) == len(self.improvements)
        step = rank - self._rank[last] if last is not None else rank + 1
        open_before = sum(1 for p in self.problems[:rank] if p not in answered)
        return [
            f"near{near:d}{previous}{first}",
            f"same{rank == place:d}{even:d}{first}",
            f"apart{max(min(rank - place, 4), -4)}{first}",
            f"step{max(min(step, 4), -3)}{first}",
            f"done{problem in answered:d}{first}{problem == last:d}",
            f"open{min(open_before, 3)}{problem in answered:d}{first}",
            f"later{problem > improvement:d}",
        ]


def pair(text: str, statements: Sequence[Statement], weights: PointWeights) -> list[int | None]:
    """Return, for each statement, the position of the problem that it answers, or ``None``."""
    answers: list[int | None] = [None] * len(statements)
    sheet = PairSheet(text, statements)
    if not sheet.problems:
        return answers
    runs: list[tuple[float, tuple[int | None, ...], int | None, frozenset[int]]]
    runs = [(0.0, (), None, frozenset())]
    for i in sheet.improvements:
        words = {p: weights.pair_score(found) for p, found in sheet.shared(i).items()}
        further = []
        for score, run, last, answered in runs:
            nothing = weights.pair_score(sheet.nothing(i, last))
            further.append((score + nothing, (*run, None), last, answered))
            for p, shared in words.items():
                whole = score + shared + weights.pair_score(sheet.order(i, p, last, answered))
                further.append((whole, (*run, p), p, answered | {p}))
        further.sort(key=operator.itemgetter(0), reverse=True)
        runs = further[:_WIDTH]
    for i, answer in zip(sheet.improvements, runs[0][1], strict=True):
        answers[i] = answer
    return answers


def _words_of(text: str, start: int, end: int) -> _Words:
    cues = point_cues()
    pairs = pairs_of(text, start, end)
    told = frozenset(filterfalse(_COMMON.search, pairs))
    bits = reduce(operator.or_, filter(None, map(cues.subjects.get, pairs)), 0)
    return _Words(pairs, told, told - cues.classes.keys(), bits)
