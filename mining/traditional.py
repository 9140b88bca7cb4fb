"""Traditional characters to simplified: which texts need it, and what is to be changed in them.

Only texts that are mostly traditional are touched: a simplified report pays a few searches for
characters that it does not hold.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["FREQUENT", "Simplifier", "find_simplifier"]

# 公開 and 務 stand in every report; the others decide where only a name is written so.
FREQUENT = "開務為爲會個請導於與關"
"""Characters of which a text that is to be simplified holds one."""

_SIMPLIFIED = "开务为会个请导于与关"
# Mirror sites glue a pronunciation to a character: 公開(kāi), 聯(lián)系.
_GLUED = r"(?<=[\u4e00-\u9fff])[(（][a-zü]{0,3}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-zü]{0,4}[)）]"
_GLUED_SEARCH = re.compile(_GLUED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Simplifier:
    """What to change in a traditional text.

    Parameters
    ----------
    pattern
        Finds words that change as a whole and pronunciations that go; to be compiled.
    words
        The words and what they become; what `pattern` finds beside them goes.
    characters
        Table for `str.translate` of one character to one character, for all the rest.
    """

    pattern: str
    words: dict[str, str]
    characters: dict[int, str]

    def replacement(self, found: str) -> str:
        """Return what a match of `pattern` becomes.

        Examples
        --------
        >>> find_simplifier("公開資訊").replacement("資訊")
        '信息'
        """
        return self.words.get(found, "")

    def translate(self, text: str) -> str:
        """Return `text` with each traditional character replaced, of the same length.

        Examples
        --------
        >>> find_simplifier("主動公開").translate("主動公開")
        '主动公开'
        """
        return text.translate(self.characters)


def find_simplifier(text: str) -> Simplifier | None:
    """Return what `text` needs to be simplified, ``None`` when it is simplified already.

    Words of Taiwan (資訊, 網路, 最佳化) are undone where the text says 資訊 more often than 信息;
    elsewhere they are the author's.

    Examples
    --------
    >>> find_simplifier("主动公开政府信息12条") is None
    True
    """
    if not any(character in text for character in FREQUENT):
        return None
    n_traditional = sum(map(text.count, FREQUENT))
    if n_traditional <= sum(map(text.count, _SIMPLIFIED)) and not _GLUED_SEARCH.search(text):
        return None
    return _load_simplifier(has_words=text.count("資訊") > text.count("信息"))


@cache
def _load_simplifier(*, has_words: bool) -> Simplifier:
    source = files("mining").joinpath("data", "traditional.toml").read_text(encoding="utf-8")
    data = tomllib.loads(source)
    pairs = data["characters"]
    characters = {ord(old): new for old, new in zip(pairs[::2], pairs[1::2], strict=True)}
    words = data["phrases"] | (data["words"] if has_words else {})
    # The longest first, so that 檔案局 is not taken for 檔案 and a rest.
    longest = sorted(words, key=lambda word: (-len(word), word))
    return Simplifier(
        pattern="|".join([_GLUED, *map(re.escape, longest)]),
        words=words,
        characters=characters,
    )
