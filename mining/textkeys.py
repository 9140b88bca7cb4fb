"""Keys under which labels and headings are compared, and words that are searched together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

__all__ = ["any_word", "heading_key", "label_key", "strip_numbering"]

_NOISE = re.compile(r"[\s()（）\[\]【】,，.。:：;；、·“”\"'‘’《》<>*＊_…—\-/／|]+")
# Blanks are never given back (`*+`): two stretches of them side by side would cost the square.
_NUMBERING = re.compile(
    r"\s*+(?:第?[(（]?\s*+(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s*+[)）]?\s*+[、.．,，:：)）]\s*"
    r"|[(（]\s*+(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s*+[)）]\s*"
    r"|[①-⑳]\s*)"
)
_NOTE = re.compile(r"[(（][^()（）]*(?:[)）]|$)")


def strip_numbering(text: str) -> str:
    """Return `text` without a leading 一、 （一） 1. or ①.

    Examples
    --------
    >>> strip_numbering("（三）不予公开"), strip_numbering("1.属于国家秘密")
    ('不予公开', '属于国家秘密')
    """
    match = _NUMBERING.match(text)
    return text[match.end() :] if match else text


@lru_cache(maxsize=8192)
def label_key(text: str) -> str:
    r"""Return the key under which a label is compared.

    Numbering, notes in parentheses, punctuation and blanks do not count.

    Examples
    --------
    >>> label_key("（二）部分公开（区分处理的，只计这一情形，不计其他情形）")
    '部分公开'
    >>> label_key("本年新\n制作数量")
    '本年新制作数量'
    """
    bare = strip_numbering(text)
    without_notes = _NOTE.sub("", bare)
    return _NOISE.sub("", without_notes) or _NOISE.sub("", bare)


def heading_key(text: str) -> str:
    """Return the key under which a heading is compared: a label key in which 的 does not count.

    Examples
    --------
    >>> heading_key("三、依申请公开政府信息的情况")
    '依申请公开政府信息情况'
    """
    return label_key(text).replace("的", "")


def any_word(words: Iterable[str]) -> re.Pattern[str] | None:
    """Return one expression for all words, longer ones first; ``None`` without words.

    Examples
    --------
    >>> any_word(["申请", "依申请公开"]).findall("依申请公开和申请")
    ['依申请公开', '申请']
    """
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))) if longest_first else None
