"""Which years a number is told for: the report's own, one before it, or several."""

from __future__ import annotations

import re

from mining.quantities.cues import ALL_CUES, NEW, PAST, RUNS, YEAR
from mining.report import Scope

__all__ = ["NEW_NEXT", "last_match", "listed_scope", "period_scope", "tells_start"]

# What came in the year is told after one of these: 累计4100条，全年新增310条.
NEW_NEXT = tuple(
    f"{mark}{among}{year}"
    for mark in ",，"
    for among in ("", "其中")
    for year in ("全年", "本年", "今年", "当年", "年内")
)
_YEAR = re.compile(r"1(?<![0-9]1)9[0-9]{2}年|2(?<![0-9]2)0[0-9]{2}年|本年度?|今年|全年|当年|本期")
_LAST = re.compile(
    r"(?:上年度?|去年|上一年度?)(?!度?(?:同期)?(?:结转|转|遗留|未办|未完|接转|留存|跨|顺延|相比|下降|增|[^,，。；;]{0,14}引[起发]))"
)
_BEFORE_LAST = re.compile("前年|前一年")
# 由62%提高到75%: where it came from.
_FROM = re.compile(r"[由从](?:原来的?|之前的?|过去的?)?\s?$")
_TO = re.compile(
    r"[^,，。；;0-9]{0,4}(?:提高|提升|上升|增加|增长|扩大|下降|降低|减少|缩短|压缩|[升降增减])[到至为]"
)
# 2019年、2020年收到申请分别为8件、12件.
_YEAR_LIST = re.compile(
    r"(?P<years>(?:(?:19|20)[0-9]{2}年[、和及与,，]?){2,5})[^。；;0-9]{0,30}(?:分别|依次)[^0-9。；;]{0,6}"
)
_LIST_MARK = re.compile("[、和及与,，]")
# The table of decisions has a column for the year before.
_ITEMS_BEFORE = re.compile(
    r"(?:事项|项目|收费)[^,，。；;]{0,4}上一?年度?[^,，。；;]{0,4}$|收费上一?年"
)
_SINCE = re.compile(
    r"(?:自|从)?(?:(?P<year>(?:19|20)[0-9]{2})年[^,，。；]{0,24}|[^,，。；今年初]{2,12})以来"
)
# 自6月18日开通以来: no year is named, so it is the report's own.
_SINCE_MONTH = re.compile(r"(?<!年)[0-9]{1,2}月[^,，。；;]{0,12}以来")
_UNTIL = re.compile(r"历年|截[至止]|[从自](?:19|20)[0-9]{2}年[^,，。；]{0,8}[到至]")
_TO_NOW = re.compile(
    r"[两三四五六七八九十0-9]年来|近[两三四五几]年|[“\"]?十[一二三四]五[”\"]?(?:期间|时期)|(?:19|20)[0-9]{2}年?(?:[至到—~-]|——)(?:19|20)[0-9]{2}年(?!度?报告)|"
    r"至今|[两二三四五六七八九十][个]?年来?[共累合]|近[两二三四五六七八九十几]年来?[共累合]"
)
# 累计4100条，全年新增310条: what came in the year follows, or stands in, the number that runs on.
# Asked first, as nearly every figure ends with this.
_RUNS = re.compile(
    "累计|以来|至今|年来|年[共累合]|留存|原有|存量|近.年|五.?[期时]|[0-9]{4}年?[至到—~-]"
)
_BACK_TO_YEAR = re.compile(
    r"(?:累计|以来|至今)[^；;]{0,60}[,，](?:其中)?(?:全年|本年度?|今年|当年|年内|(?P<year>(?:19|20)[0-9]{2})年)"
)
_THEN_NEW = re.compile(
    r"[,，](?:(?:其中)?(?:全年|本年度?|今年|当年|年内)(?:新增|加入)|其中(?:本年度?|当年|今年)[^,，]{0,6}[0-9])"
)
# 由上年的51条增加到66条: the second number is this year's.
_RISEN_TO = re.compile(
    r"[由从][^。]{0,40}(?:增加|增长|上升|提高|提升|扩大|下降|减少|降低|[增升降减])[到至为]了?$"
)
# Followers are always told as they stand, not as they came in the year.
_FOLLOWERS = re.compile(r"累计(?:关注|粉丝|用户|注册)[^,，。；;]{0,6}$")
_THEN_YEAR = re.compile(r"[,，](?:其中)?(?:(?:19|20)[0-9]{2}年|本年度?|今年)[0-9]")
_STANDING = re.compile(r"累计(?:建成|设立|设置|认领|服务|阅读|播放|访问)[^,，。；;]{0,8}$")
_STOCK = re.compile(r"(?:留存|原有|存量)[^,，。；;]{0,6}$")
_YEARS_TOGETHER = re.compile(r"(?:[二两三四五六七八九十]|(?<![0-9])[2-9])年(?:来)?累计")
_OWN_YEAR = re.compile(r"(?:全年|本年度?|今年|当年|(?P<year>(?:19|20)[0-9]{2})年度?)(?:共)?累计")
# The year of a rule or a start is not the year of the number.
_EVENT = re.compile(
    r"[^,，]{0,12}(?:印发|出台|成立|开通|修订|施行|度?工作"
    r"|设立|建立|启用|上线|建成|改版|颁布|创办|组建|挂牌|启动)|起(?!诉)"
)


def last_match(pattern: re.Pattern[str], words: str) -> re.Match[str] | None:
    """Return the last match of a pattern."""
    found = None
    for match in pattern.finditer(words):
        found = match
    return found


def tells_start(segment: str, after: str) -> bool:
    """Tell whether a number is where a change began: 由62%提高到75%."""
    return _FROM.search(segment) is not None and _TO.match(after) is not None


def _is_running(segment: str, after: str, year: int | None) -> bool:
    """Tell whether the number runs over more than the report's year."""
    if not _RUNS.search(segment):
        return _THEN_NEW.match(after) is not None
    back = _BACK_TO_YEAR.search(segment)
    if back is not None and back["year"] in (None, str(year)):
        return False
    since = _SINCE.search(segment) if "以来" in segment else None
    if (
        (since is not None and not _SINCE_MONTH.search(since[0]) and since["year"] != str(year))
        or _TO_NOW.search(segment)
        or _THEN_NEW.match(after)
        or _THEN_YEAR.match(after)
    ):
        return True
    if "累计" not in segment:
        return _STOCK.search(segment) is not None
    if _FOLLOWERS.search(segment) or _YEARS_TOGETHER.search(segment):
        return True
    runs = _STANDING.search(segment) or _UNTIL.search(segment)
    return runs is not None and not _OWN_YEAR.search(segment)


def listed_scope(segment: str, year: int | None) -> Scope | None:
    """Return what the year of a number says where several years are told in order.

    Parameters
    ----------
    segment
        The words before the number.
    year
        The report's year.

    Examples
    --------
    >>> listed_scope("2019年、2020年收到申请分别为", 2020)
    'last_year'
    """
    told = _listed_year(segment)
    return None if told is None or not year else _scope_of_gap(year - told)


def _listed_year(segment: str) -> int | None:
    """Return the year of a number among several that are told for several years in order."""
    if "分别" not in segment and "依次" not in segment:
        return None
    found = last_match(_YEAR_LIST, segment)
    if found is None:
        return None
    years = re.findall(r"[0-9]{4}", found["years"])
    place = len(_LIST_MARK.findall(segment, found.end()))
    return int(years[place]) if place < len(years) else None


def _scope_of_gap(gap: int) -> Scope:
    if gap <= 0:
        return ""
    return "last_year" if gap == 1 else "earlier_year"


def period_scope(segment: str, after: str, year: int | None, *, cues: int = ALL_CUES) -> Scope:
    """Return the scope that the years around a number give it; empty for the report's own year.

    Parameters
    ----------
    segment, after
        The words before and after the number.
    year
        The report's year.
    cues
        What `find_cues` says of the number.

    Examples
    --------
    >>> period_scope("2019年收到申请", "件", 2020), period_scope("去年收到申请", "件", 2020)
    ('last_year', 'last_year')
    """
    may_run = cues & RUNS or (cues & NEW and after.startswith(NEW_NEXT))
    if may_run and _is_running(segment, after, year):
        return "cumulative"
    if not cues & YEAR:
        return ""
    told = last_match(_YEAR, segment)
    named = _named_year(segment, told.start() if told else -1) if cues & PAST else None
    if named is not None:
        return named
    if told is None or year is None or not told[0][0].isdigit():
        return ""
    scope = _scope_of_gap(year - int(told[0][:4]))
    if not scope or "结转" in segment[told.end() :] or _RISEN_TO.search(segment):
        return ""
    return "" if _EVENT.match(segment, told.end()) else scope


def _named_year(segment: str, told: int) -> Scope | None:
    """Return what 去年 or 前年 says of a number, when it stands behind the year at `told`."""
    if "年" not in segment:
        return None
    last, before = last_match(_LAST, segment), last_match(_BEFORE_LAST, segment)
    if before and (last is None or before.start() > last.start()):
        return "earlier_year"
    if last is None or last.start() <= told:
        return None
    return "" if _ITEMS_BEFORE.search(segment) or _RISEN_TO.search(segment) else "last_year"
