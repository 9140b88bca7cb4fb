"""The words told with one figure, on either side of it, and what a set of words leaves of them."""

from __future__ import annotations

import re

from mining.phrases import PhraseSpec

__all__ = ["explains", "is_told_first", "piece_of", "words_behind"]

# The part of a sentence before a figure that only says when, how many or of what: its words follow
# the number, or stand in the part before.
_LIGHT = re.compile(
    r"(?:其中|另外?|还|尚|又|共[有计]?|合计|总[计共]|累计|有|为|即|达到?|约|近|含|分别|均|也|仅|只|各"
    r"|全年|[本当今]年度?|年内|(?:19|20)[0-9]{2}年度?|[我本全][\u4e00-\u9fff]|数量?|总[数量]|[,，、:：\s（(])*+"
)
_LAST_PARTS = re.compile(r"(?:[^,，；;：:（(]*[,，：:（(])?[^,，；;：:（(]*$")
_LAST_PART = re.compile(r"[^,，；;：:（(]*$")
_AFTER = re.compile(r"[^,，。；;、：:（）()!！?？\n0-9]{0,16}")
_MARKS = "，。、；,;：:（）()!！?？\n"
_MARK = re.compile(r"[,，。；;、：:（）()!！?？\s]|$")
_NUMBER_FIRST = re.compile(r"(?:[^0-9]*[,，；;、：:（(])?(?:其中|另外?|还|尚|有|含)*+")
# What says nothing of the kind of thing: times, the agency itself, and signs.
_UNSAID = re.compile(
    r"(?:19|20)?[0-9]{2}年度?|[0-9]+月?|[我本全该各][\u4e00-\u9fff]{1,2}(?<=[局厅委办院区县市省镇乡道关位])"
    r"|[，,、：:；;（）()“”\"‘’《》\s]"
)


def piece_of(left: str, right: str) -> str:
    """Return the words on either side that belong to one figure, which is shown as ``|``.

    Parameters
    ----------
    left
        The sentence up to the figure, since the figure before it.
    right
        What follows the figure.

    Examples
    --------
    >>> piece_of("召开会议部署工作，全年收到", "申请，均已答复")
    '全年收到|申请'
    >>> piece_of("收到申请", "办结5件")
    '收到申请|'
    """
    told = words_behind(right)
    near = _LAST_PART.search(left)
    words = near[0] if near else ""
    if _LIGHT.fullmatch(words):
        near = _LAST_PARTS.search(left)
        words = near[0] if near else words
    if told and not _MARK.match(right, len(told)) and not _LIGHT.fullmatch(left):
        told = ""
    return f"{words}|{told}"


def words_behind(right: str) -> str:
    """Return the words right behind a figure, up to the next mark or number."""
    if right[:1] in _MARKS:
        # As behind nine figures in ten, where no expression is asked; or nothing is left.
        return ""
    found = _AFTER.match(right)
    return found[0] if found else ""


def is_told_first(left: str, right: str) -> bool:
    """Tell whether a number stands before its words: 其中2起维持.

    Examples
    --------
    >>> is_told_first("，其中", "维持、"), is_told_first("，维持", "、")
    (True, False)
    """
    if right[:1] in _MARKS or _MARK.match(right):
        return False
    return _NUMBER_FIRST.fullmatch(left) is not None


def explains(phrase: PhraseSpec, piece: str, filler: re.Pattern[str] | None, *, most: int) -> bool:
    """Tell whether all words of a phrase are told, and next to nothing else.

    Parameters
    ----------
    phrase
        With ``words``.
    piece
        What stands on the two sides of a figure.
    filler
        Words that mean nothing by themselves.
    most
        So many characters may be left that neither the phrase nor the filler knows.
    """
    for pattern in phrase.words:
        if pattern.search(piece) is None:
            return False
    for pattern in phrase.words:
        piece = pattern.sub("", piece)
    rest = _UNSAID.sub("", piece)
    if filler is not None:
        rest = filler.sub("", rest)
    return len(rest) - 1 <= most
