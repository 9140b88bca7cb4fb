"""Which problem an improvement answers: same order by default, shared words against it."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from mining.report import PointKind
from mining.themes.weights import PointWeights

__all__ = ["PairSheet", "Statement", "pair"]

# What stands in every statement of every report tells nothing of what it is about.
_COMMON = re.compile(r"[，、。；：“”（）\s\d]|公开|信息|工作|政府|政务|进一步|不够|情况")


@dataclass(frozen=True, slots=True)
class Statement:
    """A point on its way: place, kind, enumerated item, and where the words before it begin."""

    start: int
    end: int
    kind: PointKind
    item: int
    lead: int
    fresh: bool


@cache
def _subjects() -> re.Pattern[str]:
    data = tomllib.loads((files("mining") / "data" / "points.toml").read_text(encoding="utf-8"))
    return re.compile("|".join(sorted({w for s in data["subjects"] for w in s.split("|")})))


@cache
def _subjects_of() -> dict[str, int]:
    """Return the subjects of each word as bits; a word may tell of several."""
    data = tomllib.loads((files("mining") / "data" / "points.toml").read_text(encoding="utf-8"))
    bits: dict[str, int] = {}
    for i, line in enumerate(data["subjects"]):
        for word in line.split("|"):
            bits[word] = bits.get(word, 0) | 1 << i
    return bits


class PairSheet:
    """The problems and improvements of one section, and what each pair of them has in common."""

    def __init__(self, text: str, statements: Sequence[Statement]) -> None:
        self._all = statements
        self.problems = [i for i, s in enumerate(statements) if s.kind == "problem"]
        self.improvements = [i for i, s in enumerate(statements) if s.kind == "improvement"]
        self._rank = {p: r for r, p in enumerate(self.problems)}
        self._place = {i: r for r, i in enumerate(self.improvements)}
        self._answered: set[int] = set()
        self._words: dict[int, frozenset[str]] = {}
        self._bits: dict[int, int] = {}
        for i in (*self.problems, *self.improvements):
            s = statements[i]
            start = s.lead if s.kind == "improvement" else s.start
            self._words[i] = _pairs_of(text[start : s.end])
            self._bits[i] = _bits(text[start : s.end])
        self._spread = Counter(w for p in self.problems for w in self._words[p])
        self._last_problem: dict[int, int] = {}
        last = -1
        for i, s in enumerate(statements):
            if s.kind == "problem":
                last = i
            self._last_problem[i] = last

    def settle(self, problem: int | None) -> None:
        """Note that a problem is answered."""
        if problem is not None:
            self._answered.add(problem)

    def features(self, improvement: int, problem: int, last: int | None) -> Iterator[str]:
        """Yield what an improvement and a problem have in common; `last` was answered before it."""
        rank, place = self._rank[problem], self._place[improvement]
        first = self.improvements[0] < self.problems[-1]
        behind = self._last_problem[improvement] == problem
        previous = self._all[improvement - 1].kind[0] if improvement else ""
        yield f"near{behind:d}{first:d}{previous}"
        yield f"same{rank == place:d}{first:d}{len(self.problems) == len(self.improvements):d}"
        yield f"apart{max(min(rank - place, 4), -4)}{first:d}"
        following = -1 if last is None else self._rank[last] + 1
        yield f"next{following == rank:d}{first:d}"
        yield f"done{problem in self._answered:d}{first:d}"
        shared = self._words[improvement] & self._words[problem]
        own = sum(1 for w in shared if self._spread[w] == 1)
        yield f"own{min(own, 5)}"
        yield f"own{min(own, 2)}same{rank == place:d}{behind:d}{first:d}"
        yield f"shared{min(len(shared) - own, 3)}"
        bits = self._bits[improvement] & self._bits[problem]
        here = bits.bit_count()
        others = max(
            ((self._bits[improvement] & self._bits[p]).bit_count() for p in self.problems
             if p != problem), default=0,
        )
        rival = max(
            (sum(1 for w in self._words[improvement] & self._words[p] if self._spread[w] == 1)
             for p in self.problems if p != problem), default=0,
        )
        yield f"topic{min(here, 4)}"
        yield f"topic{min(max(here - others, -3), 3) if here > others or others else 0}"
        yield f"lead{max(min(here - others, 3), -3)}"
        yield f"rival{max(min(own - rival, 4), -4)}"
        for i in range(bits.bit_length()):
            if bits >> i & 1:
                yield f"both{i}"
        yield f"left{min(len(self.improvements) - place, 4)}{min(len(self.problems), 4)}"
        yield f"none{self._bits[improvement] == 0:d}{place == len(self.improvements) - 1:d}"


def pair(text: str, statements: Sequence[Statement], weights: PointWeights) -> list[int | None]:
    """Return, for each statement, the position of the problem that it answers, or ``None``."""
    sheet = PairSheet(text, statements)
    answers: list[int | None] = [None] * len(statements)
    last: int | None = None
    for i in sheet.improvements if sheet.problems else ():
        scores = {p: weights.pair_score(sheet.features(i, p, last)) for p in sheet.problems}
        best = max(scores, key=lambda p: scores[p])
        last = best if scores[best] > 0 else None
        answers[i] = last
        sheet.settle(last)
    return answers


def _pairs_of(words: str) -> frozenset[str]:
    bare = _COMMON.sub(" ", words)
    return frozenset(
        bare[i : i + 2] for i in range(len(bare) - 1) if " " not in bare[i : i + 2]
    )


def _bits(words: str) -> int:
    bits = 0
    table = _subjects_of()
    for match in _subjects().findall(words):
        bits |= table[match]
    return bits
