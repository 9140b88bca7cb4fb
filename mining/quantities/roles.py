"""What part a figure plays by the words around it: a change, a share, an aim, or a statistic."""

from __future__ import annotations

import re

from mining.quantities.cues import (
    AHEAD,
    AIMED,
    ALL_CUES,
    CHANGE,
    DISTRIBUTED,
    PLACED,
    PLANNED,
    SETTLED,
    SURROUNDING,
)
from mining.report import Figure, Role

__all__ = ["find_role"]

# The change words stand right before the number; 增加到 and 提升至 tell a level, not a change.
_CHANGE = re.compile(
    r"(?:增长率?|增加|上升|提高|提升|下降|减少|降低|缩短|压缩|压减"
    r"|增幅|降幅|回落|回升|涨幅|增速|翻番?|翻了|提速|同比|环比|净增|净减|多|少|低|高|差|增支|减支"
    r"|前移|前进|后移|增设|新增加|本年[增减]"
    r"|增(?=$|了|约|近)|减(?=$|了|约|近))(?:幅度?)?(?:了|出|约|近|超过?|达到?|为|率|分别为)?[:：]?[“（(]?\s?$"
)
# Such a word needs nothing to compare with: it tells a change by itself.
_ALWAYS_CHANGE = re.compile(
    r"(?:净增加?|净减少?|前移|前进|回升|缩短|增支|减支|本年(?:增加?|减少?))(?:了|约|近)?\s?$"
)
# 比2008年多公开304条, 较去年少报送21篇: the verb stands between.
_MORE_THAN = re.compile(
    r"[比较](?:上一?年度?|去年|往年|前一?年|同期|(?:19|20)[0-9]{2}年)(?:同期)?[多少增减][^,，。；;0-9、]{1,6}$"
)
_GAPS = re.compile(r"[低高差]了?约?$")
# 较上年分别增加3份和4份: the second number has the word of the first.
_CHANGES = re.compile(r"分别(?:增加|增长|上升|提高|减少|下降|降低)[^,，。；;]{1,12}[和、及与]$")
_COMPARES = re.compile(
    r"同比|环比|相比|较年初|增幅|降幅|涨幅|增长"
    r"|比(?:上一?年|去年|往年|前一?年|同期|(?:19|20)[0-9]{2}年)"
    r"|较(?:上一?年|去年|往年|前一?年|同期|(?:19|20)[0-9]{2}年)"
)
# How far back words can decide, and how far after a figure: longer than any real sentence.
_REACH = 400
_NEARBY = 60
# Patterns that end at the figure reach back less far than this.
_TAIL = 40
# 完成240条的目标，与“公开率100%”的要求相比，距离目标95%.
_AIM_AFTER = re.compile(
    r"[”\"]?的?(?:目标|任务|要求|指标)(?!完成)|[、,，][^,，。；;]{0,12}[”\"]的要求|[^,，。；;、]{0,8}[”\"]相比"
)
_AIM_BEFORE = re.compile(
    r"(?:距离?|离|目标)[^,，。；;0-9]{0,4}(?:目标|要求)[值为]?$|要求[^,，。；;]{0,4}[“\"][^。；;”\"]{0,20}$"
)
# 全乡人口1.8万人，辖7个社区: what the place is like is no work of the year.
_PLACE_BEFORE = re.compile(
    r"(?:(?<![务服])总?人口|党员|下?辖|总面积|管辖)(?:约|近|有|共|为|达)?[^,，。；;、0-9]{0,4}$"
)
_VILLAGES = re.compile(r"(?:行政|自然|建制)村|居委会|村委会")
_THERE_ARE = re.compile(r"(?:共有|现有|辖|共辖|[乡镇]有)[^,，。；;]{0,12}$")
_AHEAD = re.compile(r"下一?步[,，:：打]|(?:力争|争取)(?=[^。；;]{0,60}$)")
_DONE = re.compile(r"已|完成了|全年共|实现了")
_RATE_UNITS = frozenset(("%", "个百分点", "百分点", "倍"))
_PLAN = re.compile(r"(?:力争|争取|预计|目标)[^,，]{0,12}$")


def find_role(text: str, figure: Figure, *, cues: int = ALL_CUES) -> Role:
    """Return ``change``, ``percent``, ``other`` or ``single`` from the words around a figure.

    Parameters
    ----------
    text
        The report's text.
    figure
        With sentence and clause.
    cues
        What `find_cues` says of it.

    Examples
    --------
    A rate after 同比增长 is a change, after 占 a percent; a number to be reached is other.
    """
    if cues & (CHANGE | DISTRIBUTED | SURROUNDING):
        so_far = text[max(figure.sentence.start, figure.span.start - _REACH) : figure.span.start]
        if cues & DISTRIBUTED and _shares_change(so_far[-_TAIL:]):
            return "change"
        if cues & CHANGE and _is_change(text, figure, so_far):
            return "change"
        if cues & SURROUNDING and _is_aimed_at(text, figure, so_far, cues):
            return "other"
    if figure.kind == "percent":
        return "percent"
    if cues & PLANNED and _PLAN.search(text[figure.clause.start : figure.span.start]):
        return "other"
    return "change" if figure.kind == "change" else "single"


def _shares_change(tail: str) -> bool:
    return "分别" in tail and _CHANGES.search(tail) is not None


def _is_change(text: str, figure: Figure, so_far: str) -> bool:
    before = text[figure.clause.start : figure.span.start]
    if _ALWAYS_CHANGE.search(before) or _MORE_THAN.search(before):
        return True
    if not _CHANGE.search(before):
        return False
    if _GAPS.search(before) and figure.quantity.unit not in ("百分点", "个百分点"):
        return False
    return figure.quantity.unit in _RATE_UNITS or _COMPARES.search(so_far) is not None


def _is_aimed_at(text: str, figure: Figure, so_far: str, cues: int) -> bool:
    """Tell whether a number is what was asked for or is to come, or what the place is like."""
    tail = so_far[-_TAIL:]
    if cues & PLACED and _PLACE_BEFORE.search(tail):
        return True
    if cues & (AIMED | SETTLED):
        after = text[figure.span.end : min(figure.sentence.end, figure.span.end + _NEARBY)]
        if cues & AIMED and (_AIM_AFTER.match(after) or _AIM_BEFORE.search(tail)):
            return True
        if cues & SETTLED and _VILLAGES.match(after) and _THERE_ARE.search(tail):
            return True
    ahead = _AHEAD.search(so_far) if cues & AHEAD else None
    return ahead is not None and _DONE.search(so_far, ahead.end()) is None
