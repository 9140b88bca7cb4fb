"""The words by which problem sections are cut: one data file, compiled once."""

from __future__ import annotations

import operator
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

__all__ = ["Cues", "pairs_of", "places_of", "point_cues"]


@dataclass(frozen=True, slots=True)
class Cues:
    """Compiled word lists of ``data/points.toml``, where each is told.

    `list_start` matches up to 16 characters and a `list_word`, from where it begins on;
    `classes` holds, for each pair of characters that tells something, the initial of its class.
    """

    improvement: re.Pattern[str]
    problem: re.Pattern[str]
    heading: re.Pattern[str]
    lead: re.Pattern[str]
    list_end: re.Pattern[str]
    list_start: re.Pattern[str]
    list_word: re.Pattern[str]
    act: re.Pattern[str]
    turn: re.Pattern[str]
    classes: Mapping[str, str]


@cache
def point_cues() -> Cues:
    """Return the word lists that come with the package."""
    words = tomllib.loads((files("mining") / "data" / "points.toml").read_text(encoding="utf-8"))
    classes = _classes(words.pop("cues"))
    any_of = {name: f"(?:{'|'.join(entries)})" for name, entries in words.items()}
    return Cues(
        improvement=re.compile(any_of["improvement"]),
        problem=re.compile(any_of["problem"]),
        heading=re.compile(any_of["heading_ends"] + "$"),
        lead=re.compile(rf"[ \t　]*(?:{any_of['lead_commas']}[，,]|{any_of['leads']})"),
        list_end=re.compile(any_of["list_ends"]),
        list_start=re.compile(f"[^，,、：:。]{{0,16}}?{any_of['list_starts']}[：:]?"),
        list_word=re.compile(any_of["list_starts"]),
        act=re.compile(any_of["acts"] + "[，,]?$"),
        turn=re.compile(any_of["turns"]),
        classes=classes,
    )


def places_of(pattern: re.Pattern[str], text: str) -> list[int]:
    """Return all places at which a pattern matches, also inside of other matches.

    Examples
    --------
    >>> places_of(re.compile("下一?步|一步"), "下一步再下步")
    [0, 1, 4]
    """
    found: list[int] = []
    match = pattern.search(text)
    while match:
        found.append(match.start())
        match = pattern.search(text, match.start() + 1)
    return found


def pairs_of(text: str, start: int, end: int) -> list[str]:
    """Return all pairs of neighbouring characters.

    Examples
    --------
    >>> pairs_of("更新滞后", 1, 4)
    ['新滞', '滞后']
    """
    return _all_pairs(text)[start : max(end - 1, start)]


@lru_cache(maxsize=4)
def _all_pairs(text: str) -> list[str]:
    # The pairs of a section are looked up many times: made once, each knows its hash.
    return list(map(operator.add, text, text[1:]))


def _classes(lists: Mapping[str, str]) -> dict[str, str]:
    classes: dict[str, str] = {}
    for name, words in lists.items():
        for word in words.split():
            classes.setdefault(word, name[0])
    return classes
