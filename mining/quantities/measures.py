"""Measure words: which there are, and after which numerals they count."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

__all__ = ["Measures", "load_measures"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """The word lists of ``data/units.toml``, compiled.

    Parameters
    ----------
    pattern
        Matches an adjective and a measure word, which is group ``unit``; the longest that fits.
    initials
        The characters that a match of `pattern` can begin with.
    not_chinese
        Measure words that numerals in characters never count with.
    one, one_after_verb
        Measure words that 一 counts with anywhere, and after one of `verbs` only.
    verbs, never_after
        Single characters before 一 that make it count, and that keep it from counting.
    nouns
        Matches a noun at the end of a text that is counted even without a measure word.
    """

    pattern: re.Pattern[str]
    initials: frozenset[str]
    not_chinese: frozenset[str]
    one: frozenset[str]
    one_after_verb: frozenset[str]
    verbs: frozenset[str]
    never_after: frozenset[str]
    nouns: re.Pattern[str]


@lru_cache(maxsize=1)
def load_measures() -> Measures:
    """Return the measure words; the file is read once.

    Examples
    --------
    >>> load_measures().pattern.match("个工作日内")["unit"]
    '个工作日'
    """
    raw = tomllib.loads((files("mining") / "data" / "units.toml").read_text(encoding="utf-8"))
    units = _by_first(raw["units"], raw["not_before"])
    adjectives = raw["adjectives"]
    one = raw["one"]
    return Measures(
        pattern=re.compile(
            rf"(?:[{adjectives['words']}](?={'|'.join(adjectives['before'])}))?"
            rf"(?P<unit>(?:{units})(?:[（(/]次[)）]?)?)"
        ),
        initials=frozenset(adjectives["words"]) | {unit[0] for unit in raw["units"]},
        not_chinese=frozenset(raw["chinese"]["not_units"]),
        one=frozenset(one["units"]),
        one_after_verb=frozenset(one["after_verb_units"]),
        verbs=frozenset(one["verbs"]),
        never_after=frozenset(one["never_after"]),
        nouns=re.compile(f"(?:{'|'.join(raw['bare']['nouns'])})$"),
    )


def _by_first(units: list[str], not_before: dict[str, str]) -> str:
    """Return a pattern for `units`, grouped by first character, the longest of a group first.

    The groups stay in order of the list, so that the most frequent measure words come first.
    """
    groups: dict[str, list[str]] = {}
    for unit in units:
        groups.setdefault(unit[0], []).append(unit)
    return "|".join(
        re.escape(first)
        + "(?:"
        + "|".join(
            re.escape(u[1:]) + (f"(?!{not_before[u]})" if not_before.get(u) else "")
            for u in sorted(set(group), key=lambda w: (-len(w), w))
        )
        + ")"
        for first, group in groups.items()
    )
