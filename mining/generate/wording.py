"""Problem sections of a world: points with known themes in wording that varies."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from mining.numerals import to_chinese

__all__ = ["Point", "draw_points", "draw_summary", "vary", "write_points"]

_CHOICE = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A problem as a report tells it; `remedy` is empty where nothing is promised."""

    theme: str
    problem: str
    remedy: str = ""


@cache
def _words() -> dict[str, Any]:
    path = files("mining.generate").joinpath("world_words.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def vary(text: str, rng: Random) -> str:
    """Return `text` with one word of each ``[a|b]`` drawn.

    Examples
    --------
    >>> vary("人手[不足|偏少]", Random(1))
    '人手不足'
    """
    return _CHOICE.sub(lambda match: rng.choice(match[1].split("|")), text)


def draw_summary(rng: Random) -> str:
    """Return a paragraph of an overview that tells no number."""
    there = _words()["summary"]
    return "".join(vary(text, rng) for text in rng.sample(there, rng.randint(4, 5)))


def draw_points(
    themes: Mapping[str, bool], rng: Random, *, known: Mapping[str, Point] | None = None
) -> tuple[Point, ...]:
    """Return a point of each theme, in random order.

    Parameters
    ----------
    themes
        Whether an improvement is promised, by theme.
    rng
        Where chance comes from.
    known
        Points of last year to take over word for word where the theme is the same.
    """
    order = rng.sample(sorted(themes), len(themes))
    return tuple(
        _point(theme, rng, (known or {}).get(theme), promised=themes[theme]) for theme in order
    )


def _point(theme: str, rng: Random, known: Point | None, *, promised: bool) -> Point:
    words = _words()["themes"][theme]
    problem = known.problem if known else vary(rng.choice(words["problems"]), rng)
    remedy = ""
    if promised:
        remedy = known.remedy if known else ""
        remedy = remedy or vary(rng.choice(words["remedies"]), rng)
    return Point(theme=theme, problem=problem, remedy=remedy)


def write_points(points: Sequence[Point], rng: Random) -> str:
    """Return the body of a section that tells `points` in one of the usual shapes."""
    words = _words()
    problems = [point.problem for point in points] or [vary(rng.choice(words["nothing"]), rng)]
    remedies = [point.remedy for point in points if point.remedy]
    if not remedies:
        remedies = [vary(rng.choice(words["general"]), rng)]
    shape = rng.choice(("run-in", "run-in", "lines"))
    lead = vary(rng.choice(words["lead"]), rng)
    fixes = vary(rng.choice(words["fixes_lead"]), rng)
    return "\n".join((*_listed(shape, lead, problems), *_listed(shape, fixes, remedies)))


def _listed(shape: str, lead: str, told: Sequence[str]) -> Iterator[str]:
    if len(told) == 1:
        yield f"{lead}{told[0]}。"
    elif shape == "lines":
        yield lead
        yield from (f"{number}.{text}。" for number, text in enumerate(told, start=1))
    else:
        texts = (f"{to_chinese(number)}是{text}" for number, text in enumerate(told, start=1))
        yield f"{lead}{'；'.join(texts)}。"
