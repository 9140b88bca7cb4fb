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
    ordered = sorted(set(raw["units"]), key=lambda w: (-len(w), w))
    guards = raw["not_before"]
    words = "|".join(re.escape(w) + (f"(?!{guards[w]})" if guards.get(w) else "") for w in ordered)
    one = raw["one"]
    return Measures(
        pattern=re.compile(
            rf"(?:[大小整](?=[个类项件条]))?(?P<unit>(?:{words})(?:[（(/]次[)）]?)?)"
        ),
        not_chinese=frozenset(raw["chinese"]["not_units"]),
        one=frozenset(one["units"]),
        one_after_verb=frozenset(one["after_verb_units"]),
        verbs=frozenset(one["verbs"]),
        never_after=frozenset(one["never_after"]),
        nouns=re.compile(f"(?:{'|'.join(raw['bare']['nouns'])})$"),
    )
