"""Fixed words that hold a numeral and state no quantity: names, idioms, service numbers."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

__all__ = ["NO_UNIT", "word_patterns"]

NO_UNIT = r"(?![0-9]|\s{0,2}[条件个次项篇人份起宗例期场家名位万亿余多])"
"""A measure word right after a bare number makes a count of it after all."""

_NUMERALS = "零〇一二三四五六七八九十百千万亿两廿"


@lru_cache(maxsize=1)
def word_patterns() -> tuple[re.Pattern[str], ...]:
    """Compile the word lists of ``data/masks.toml``."""
    lists = tomllib.loads((files("mining") / "data" / "masks.toml").read_text(encoding="utf-8"))
    names = _alternatives([*lists["names"], *lists["words"], *lists["slogans"]])
    hotlines = _alternatives(lists["hotlines"], not_after="0-9.,")
    short = _alternatives(lists["short_hotlines"], not_after="0-9.,")
    after = _alternatives(lists["after_short"])
    # A service number never goes on with a digit or a measure word.
    return (
        re.compile(names),
        re.compile(rf"(?:{hotlines}){NO_UNIT}"),
        re.compile(rf"(?:{short})(?={after})"),
    )


def _alternatives(words: list[str], *, not_after: str = "") -> str:
    """Return a pattern for `words`, longest first, grouped by first character for speed.

    A word that ends in 一 is none before 百, 千 or 万 (传单一千五百份).

    A word that starts with a numeral is none inside a longer one (万一 in 三万一千条), and no word
    stands right after one of the characters `not_after`. That is asked once the first character
    fits, so that the scan for it stays fast.
    """
    groups: dict[str, list[str]] = {}
    for word in sorted(set(words), key=lambda w: (-len(w), w)):
        groups.setdefault(word[0], []).append(word[1:])
    return "|".join(
        f"{re.escape(first)}{_second(rests)}{_guard(first, not_after)}(?:{_endings(first, rests)})"
        for first, rests in groups.items()
    )


def _second(rests: list[str]) -> str:
    """Ask for one of the second characters first: trying 80 service numbers takes far longer."""
    return f"(?=[{re.escape(''.join(rest[0] for rest in rests))}])" if all(rests) else ""


def _endings(first: str, rests: list[str]) -> str:
    return "|".join(
        re.escape(rest) + ("(?![百千万])" if (first + rest).endswith("一") else "")
        for rest in rests
    )


def _guard(first: str, not_after: str) -> str:
    # 多次 is no word in 49万多次 either.
    barred = f"0-9{_NUMERALS}" if first in _NUMERALS or first == "多" else not_after
    return f"(?<![{barred}]{re.escape(first)})" if barred else ""
