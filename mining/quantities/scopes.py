"""Whose number a figure is: this year's own, last year's, of lower units, an average."""

from __future__ import annotations

import re

from mining.report import Figure, Meta, Role, Scope

__all__ = ["find_role", "find_scope"]

# The change words stand right before the number; 增加到 and 提升至 tell a level, not a change.
_CHANGE = re.compile(
    r"(?:增长率?|增加|上升|提高|提升|下降|减少|降低|缩短|压缩|压减"
    r"|增幅|降幅|涨幅|增速|翻番?|翻了|提速|同比|环比|净增|净减|多|少"
    r"|增(?=$|了|约|近)|减(?=$|了|约|近))(?:幅度?)?(?:了|约|近|超过?|达到?|为|率|分别为)?[:：]?[“（(]?\s?$"
)
_COMPARES = re.compile(
    r"同比|环比|相比|较年初|增幅|降幅|涨幅|增长"
    r"|比(?:上一?年|去年|往年|前一?年|同期|(?:19|20)[0-9]{2}年)"
    r"|较(?:上一?年|去年|往年|前一?年|同期|(?:19|20)[0-9]{2}年)"
)
# How far back words can decide: longer than any real sentence, and it keeps the step linear.
_REACH = 400
_RATE_UNITS = frozenset(("%", "个百分点", "百分点", "倍"))
# Patterns begin with a class or with plain characters only: the search for the next place where
# one can begin takes a tenth of the time then.
_NAMED = re.compile(
    r"[《“〔\[【（(](?:(?<=《)[^》]{0,80}》|(?<=“)[^”]{0,30}”"
    r"|(?<=[〔\[【（(])(?:19|20)[0-9]{2}[〕\]】）)][^,，。]{0,8}号)"
)
_YEAR = re.compile(r"1(?<![0-9]1)9[0-9]{2}年|2(?<![0-9]2)0[0-9]{2}年|本年度?|今年|全年|当年|本期")
_LAST = re.compile(
    r"(?:上年度?|去年|上一年度?)(?!度?(?:同期)?(?:结转|转|遗留|未办结|相比|下降|增))"
)
_PLAN = re.compile(r"(?:力争|争取|预计|目标)[^,，]{0,12}$")
_SINCE = re.compile(
    r"(?:自|从)?(?:(?P<year>(?:19|20)[0-9]{2})年[^,，。；]{0,12}|[^,，。；今年初]{2,12})以来"
)
_UNTIL = re.compile(r"历年|截[至止]")
# Followers are always told as they stand, not as they came in the year.
_FOLLOWERS = re.compile(r"累计(?:关注|粉丝|用户|注册)[^,，。；;]{0,6}$")
_YEARS_TOGETHER = re.compile(r"(?:[二两三四五六七八九十]|(?<![0-9])[2-9])年(?:来)?累计")
_OWN_YEAR = re.compile(r"(?:全年|本年度?|今年|当年|(?P<year>(?:19|20)[0-9]{2})年度?)(?:共)?累计")
# The year of a rule or a start is not the year of the number.
_EVENT = re.compile(r"[^,，]{0,12}(?:印发|出台|成立|开通|修订|施行|度?工作)")
_RATE_WORD = re.compile("[每均各]")
_PER_DAY = re.compile(r"(?:每个?(?:工作)?日|每天|日均)[^,，。；;、]{0,14}$")
_PER_WEEK = re.compile(r"(?:每周|每星期|周均)[^,，。；;、]{0,14}$")
_AVERAGE = re.compile(r"(?:平均|[人户月年]均)(?!为|在)[^,，。；;、]{0,14}$")
_EACH = re.compile(
    r"(?:每(?:月|年|季度?|半年|两|个|名|家|件|期|次|人|户|村|镇|条)[^,，。；;、]{0,12}"
    r"|各[发设办建刊布开制派配有]{0,2})$"
)
# 对各镇街开展培训4次 is the agency's own number; 各镇街公开300条 is not.
_LOWER_WORD = re.compile("各|下[属级]|所属|直属|基层|乡镇|镇街")
_LOWER = re.compile(
    r"(?:^|[,，。；;：:、（(])\s?(?:[全我]?[省市县区旗])?"
    r"(?:各级?(?:镇|乡|街道|村(?!公开栏)|社区|县|区|市|旗|州|部门|单位|委办局|学校|科室|下属|直属|成员单位)"
    r"|(?:下属|所属|直属|基层|下级)[^,，。；;]{0,6}(?:单位|部门|机构)|(?:其中)?(?:乡镇|镇街)[、（(和及]?(?:街道|部门))"
)
# 本机关 is how an agency speaks of itself, whatever its tables count.
_OWN = re.compile(r"(?:[省市区县镇州局委厅]|政府)本级")
_WHOLE = re.compile(
    r"\s?[^,，。；;：:]{0,8}全(?:省|市|区|县|州|旗|镇|系统)(?!各|面)[^,，。]{0,12}(?:公开|申请)(?!业务|培训|工作)"
)
_REVIEWER = re.compile(
    r"(?:作为|履行)(?:行政)?复议(?:机关|机构|职责)|(?:审理|审结)[^,，。；;]{0,4}行政复议[^,，。；;]{0,6}$"
    r"|以[^,，。；;]{0,8}为被申请人的[^,，。；;]{0,12}$"
)
_OF_REVIEWS = re.compile(
    r"[,，]?\s?其中[,，]?[^,，。；;0-9]{0,6}(?:涉及|涉|因)[^,，。；;0-9]{0,4}信息公开"
)
_GOVERNMENT = re.compile(r"人民政府|政府办公|管委会|管理委员会")


def find_role(text: str, figure: Figure) -> Role:
    """Return ``change``, ``percent``, ``other`` or ``single`` from the words around a figure.

    Examples
    --------
    A rate after 同比增长 is a change, after 占 a percent; a number to be reached is other.
    """
    before = text[figure.clause.start : figure.span.start]
    if _CHANGE.search(before):
        so_far = text[max(figure.sentence.start, figure.span.start - _REACH) : figure.span.start]
        if figure.quantity.unit in _RATE_UNITS or _COMPARES.search(so_far):
            return "change"
    if figure.kind == "percent":
        return "percent"
    if _PLAN.search(before):
        return "other"
    return "change" if figure.kind == "change" else "single"


def find_scope(text: str, figure: Figure, *, role: Role, meta: Meta | None) -> Scope:
    """Return whose number a figure is; empty for this year's own.

    Parameters
    ----------
    text
        The report's text.
    figure
        With sentence and clause.
    role
        A change is always this year's own.
    meta
        The report's year and agency; without them only the plainest wordings decide.
    """
    segment = _segment(text, figure)
    rate = _rate_scope(segment)
    # 平均降价52% is a rate of its own, not this agency's mean of something it counts.
    if rate and not (rate == "average" and figure.kind == "percent"):
        return rate
    if role == "change":
        return ""
    return _time_scope(segment, meta) or _place_scope(text, figure, segment, meta)


def _segment(text: str, figure: Figure) -> str:
    """Return the words before the figure since the last semicolon of its sentence, names out."""
    start = max(figure.sentence.start, figure.span.start - _REACH)
    mark = max(text.rfind(c, start, figure.span.start) for c in "；;")
    return _NAMED.sub("", text[max(start, mark + 1) : figure.span.start])


def _rate_scope(segment: str) -> Scope:
    if not _RATE_WORD.search(segment):
        return ""
    if _PER_DAY.search(segment):
        return "per_day"
    if _PER_WEEK.search(segment):
        return "per_week"
    if _AVERAGE.search(segment):
        return "average"
    return "each" if _EACH.search(segment) else ""


def _is_running(segment: str, year: int | None) -> bool:
    """Tell whether the number runs over more than the report's year."""
    since = _SINCE.search(segment) if "以来" in segment else None
    if since is not None and since["year"] != str(year):
        return True
    if "累计" not in segment:
        return False
    if _FOLLOWERS.search(segment) or _YEARS_TOGETHER.search(segment):
        return True
    return bool(_UNTIL.search(segment)) and not _OWN_YEAR.search(segment)


def _time_scope(segment: str, meta: Meta | None) -> Scope:
    year = meta.year if meta else None
    if _is_running(segment, year):
        return "cumulative"
    last = max(_LAST.finditer(segment), key=re.Match.start, default=None)
    told = max(_YEAR.finditer(segment), key=re.Match.start, default=None)
    if last and (told is None or told.start() < last.start()):
        return "last_year"
    if told is None or year is None or not told[0][0].isdigit():
        return ""
    if "结转" in segment[told.end() :]:
        return ""
    gap = year - int(told[0][:4])
    if gap <= 0 or _EVENT.match(segment, told.end()):
        return ""
    return "last_year" if gap == 1 else "earlier_year"


def _place_scope(text: str, figure: Figure, segment: str, meta: Meta | None) -> Scope:
    clause = text[figure.clause.start : figure.span.start]
    if _OF_REVIEWS.match(text, figure.span.end) and re.search("复议|诉讼|应诉", segment):
        return "all_reviews"
    if figure.quantity.unit != "份" and _REVIEWER.search(segment):
        return "as_reviewer"
    if "本级" in clause and _OWN.search(clause):
        return "own_level"
    if _LOWER_WORD.search(segment) and _LOWER.search(segment):
        return "sub_unit"
    # For a government the whole area is what its own tables count.
    is_office = bool(meta and meta.agency and not _GOVERNMENT.search(meta.agency))
    return "whole_area" if is_office and _WHOLE.match(clause) else ""
