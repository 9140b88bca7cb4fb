"""Numbers told for each of several things, or as their mean: 每月3期, 平均2次, 日均5件."""

from __future__ import annotations

import re

from mining.report import Scope

__all__ = ["rate_scope"]

_RATE_WORD = re.compile("[每均各手]")
# 提交50件以上的有4人: so many for each of them.
_EACH_OF = re.compile(
    r"的(?:有|作品|单位|部门|申请人|视频|推文)(?:有|共)?[0-9一二三四五六七八九十]"
)
_PER_DAY = re.compile(r"(?:每个?(?:工作)?日|每天|日均)[^,，。；;、]{0,14}$")
_PER_WEEK = re.compile(r"(?:每周|每星期|周均)[^,，。；;、]{0,14}$")
_AVERAGE = re.compile(
    r"(?:平均|[人户月年]均)(?!为|在)(?:[^,，。；;、]{0,14}|[^,，。；;、]{0,10}[由从][^,，。；;、]{0,12}[到至为])$"
)
_EACH = re.compile(
    r"(?:每(?:月|年|季度?|半年|两|个|名|家|件|期|次|人|户|村|镇|条|种|份|处|点|所|院|科|场|班|批|轮|社区|站|校|部门)[^,，。；;、]{0,12}"
    r"|人手|各(?:举办|召开|开展|组织)[^,，。；;、0-9]{0,4}|各[发设办建刊布开制派配有]{0,2})$"
)


def rate_scope(segment: str, after: str) -> Scope:
    """Return what a number is told for; empty when it is told for nothing else than itself.

    Parameters
    ----------
    segment, after
        The words before and after the number.

    Examples
    --------
    >>> rate_scope("每周更新", "条"), rate_scope("公开信息", "条")
    ('per_week', '')
    """
    if _EACH_OF.match(after):
        return "each"
    if not _RATE_WORD.search(segment):
        return ""
    if _PER_DAY.search(segment):
        return "per_day"
    if _PER_WEEK.search(segment):
        return "per_week"
    if _AVERAGE.search(segment):
        return "average"
    return "each" if _EACH.search(segment) else ""
