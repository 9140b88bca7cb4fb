"""Whose number a figure is: this year's own, last year's, of lower units, an average."""

from __future__ import annotations

import re
from functools import lru_cache

from mining.quantities.cues import (
    ALL_CUES,
    AREA,
    ASIDE,
    CASES,
    COMPARED,
    DESK,
    FROM,
    GOVERNMENT,
    HALF_STOP,
    IN_TURN,
    LOWER,
    NAMED,
    NEW,
    RATE,
    REPRINTED,
    RUNS,
    VILLAGE,
    YEAR,
)
from mining.quantities.periods import NEW_NEXT, last_match, listed_scope, period_scope, tells_start
from mining.quantities.rates import rate_scope
from mining.report import Figure, Meta, Role, Scope

__all__ = ["find_scope"]

# How far back words can decide: longer than any real sentence, and it keeps the step linear.
_REACH = 400
# Patterns begin with a class or with plain characters only: the search for the next place where
# one can begin takes a tenth of the time then.
_NAMED = re.compile(
    r"[《“〔\[【（(](?:(?<=《)[^》]{0,80}》|(?<=“)[^”]{0,30}”"
    r"|(?<=[〔\[【（(])(?:19|20)[0-9]{2}[〕\]】）)][^,，。]{0,8}号)"
)
# A year told in brackets, or only to compare with, is not the year of what follows.
_ASIDE = re.compile(
    r"[（(](?!市、区|县、区|[区市县][）)]|居[）)]|街道|社区)[^（）()]{0,40}[）)](?!单位|部门|公开|街道)|[比较与和同跟](?:(?:19|20)[0-9]{2}年|上一?年|去年|往年)[^,，。；;]{0,24}(?=[,，])"
)
# 对各镇街开展培训4次 is the agency's own number; 各镇街公开300条 is not.
_LOWER_WORD = re.compile(
    "各|[区市县]（[区市县]|区县|县区|市县|[省市县区][级直]|下[属级]|分局|[所直局]属|系统内|基层|二级|乡镇|镇街|街道|部门"
)
_LOWER = re.compile(
    r"等(?:所属|下属|直属)[^,，。；;]{0,6}(?:单位|机构|部门)|(?:^|[,，。；;：:、（(])\s?(?:其中[,，]?)?(?:[全我]?[省市县区旗局系统]{0,2})?"
    r"(?:各级?(?:镇|乡|街道|村(?!公开栏)|社区|县|区|市|旗|州|部门|单位|委办局|学校|基层|站所|分局|下属|直属|成员单位)"
    r"|(?:下属|所属|直属|局属|基层|下级|二级|系统内)[^,，。；;]{0,6}(?:单位|部门|机构|站所|学校|医院|分局|中心)"
    r"|县（市、区）(?=[^,，。；;]{0,8}$)|[县区]（?区?）?分局"
    r"|(?:乡镇|镇街)[、（(和及]?(?:街道|部门)|(?:区县|县区|市县|区（市）|县（市）|市（县）|县（市、区）)|(?:县级|市级|区级|镇级|[省市县区]直)(?:部门|单位|机关))"
)
# 区政府及各部门共新收申请: all of it together.
_TOGETHER = re.compile(
    r"(?:政府|机关|[我本]局|[我本]厅)(?:及|和|与)其?(?:各|所属|下属|直属)(?:[^,，。；;0-9]{0,24}共)?"
)
_TOWNS = re.compile(
    r"(?:^|[,，。；;：:、（(个])\s?(?:其中[,，]?)?(?:乡镇|镇街|街道|镇)(?:[（(、和及]?街道[）)]?)?(?:办事处)?"
    r"共?(?=公开|发布|收到|受理|新收|[制印]发|$)"
)
# What a town calls its villages, and its own desk beside them.
_VILLAGE = re.compile(
    r"(?<![在对为给与和0-9一二三四五六七八九十])(?:[0-9一二三四五六七八九十]+个(?:村|社区)|各(?:村|社区)(?!公开栏)"
    r"|村级(?=公开栏|信息员|站点))|^社区$"
)
_VILLAGE_AFTER = re.compile(r"(?:村|社区)(?!公开栏|阅览)")
_VILLAGE_NEXT = re.compile(r"[^,，、；;]{0,8}[,，、]\s?各?(?:社区|村)[0-9一二三四五六七八九十]")
_CLAUSE_MARK = re.compile("[,，。：:、]")
_TOWN_DESK = re.compile(r"(?:^|[,，、：:（(]|其中)(?:街道|镇|乡)$")
_SAME_LEVEL = re.compile(r"街道|乡镇|镇街|镇|乡")
_WHOLE_BEFORE = re.compile(r"[在居占]全[省市区县州](?P<all>[0-9]+个(?:街道|乡镇|镇街|镇|乡))?$")
_IN_NAME_OF = re.compile(r"以[^,，。；;]{2,18}名义[^,，。；;]{0,8}$")
# On the website of the office above it, not its own.
_REPRINTED = re.compile(r"(?:上级|[省市]局|[省市]厅)(?:门户)?网站?(?:转载|采用)$")
_HELPING = re.compile(
    r"(?:配合|协助)[^,，。；;]{1,8}(?:、?[^,，。；;、]{1,12}){0,3}(?:应诉|答复|办理)[^,，。；;]{0,4}$"
)
_ALL_CASES = re.compile(r"(?:全部|所有|各类)(?:行政)?复议案件?[^,，。；;0-9]{0,3}[（(]?$")
_DECIDED = re.compile(r"(?:^|[,，；;])审结$")
_BRANCHES = re.compile(
    r"(?:^|[,，。；;：:、（(])\s?(?:其中[,，]?)?[省市县区州旗]?[直级]?部门共?(?=公开|发布|收到|受理|新收|[制印]发|$)"
)
# 本机关 is how an agency speaks of itself, whatever its tables count.
_OWN = re.compile(r"(?:[省市区县镇州局委厅]|政府|机关)本级(?!政务新媒体)")
_SELF = re.compile(
    r"(?:我|本)(?:局|厅|委|院|办|[省市区县镇乡]|街道|中心|单位|机关|部门)|(?P<desk>[局厅委镇]机关|[省市县区]局(?=(?:门户)?网站))"
)
# A government's own papers and requests, where its departments' stand beside them.
_GOVERNMENT_DESK = re.compile(
    r"[省市区县州旗](?:人民)?政府(?P<office>办公?[室厅])?(?:直接|自身|本身)?共?(?=[制印]发|制定|出台|收到|受理|公开|发布|办理|承办|答复)"
)
_WHOLE = re.compile(
    r"\s?[^,，。；;：:]{0,8}全(?:省|市|区|县|州|旗|镇|系统)(?!各|面|公安机关)[^,，。]{0,12}(?:公开|申请)(?!业务|培训|工作|监督|栏|专区|点)"
)
# A vertical agency's system: 全省系统, 全省地税系统; its own desk is named apart.
_SYSTEM = re.compile(
    r"全(?:省|市|区|县|州|旗|国|关区|行业)?[\u4e00-\u9fff]{0,8}?系统(?!内|性|化|建|学|培|梳)"
)
_AREA = re.compile("全[省市区县州旗镇系国]")
_SHARE_OF = re.compile(r"占[^,，。；;0-9]{0,12}$")
# Its own desk, named after the system.
_DESK_NAMED = re.compile(r"[省市县区州旗]局|[厅局委关署]机关|[我本](?:局|厅|委|关|院|办)")
_REVIEWER = re.compile(
    r"(?:作为|履行|承担)[^,，。；;]{0,8}?(?:行政)?复议(?:机关|机构|职责)|(?:审理|审结)[^,，。；;]{0,4}行政复议[^,，。；;]{0,6}$"
    r"|审理[^,，。；;]{0,2}复议[^；;]{0,40}$"
    r"|(?:受理|收到|审理|审结|办理)(?:的|了)?[^,，。；;]{0,4}不服(?![^,，。；;]{0,6}[本我])[^,，。；;]{0,12}(?:部门|下级|[市县区镇乡局]|街道|政府)[^；;]{0,40}$"
    r"|以(?P<party>[^,，。；;]{1,8})为被申请人的[^；;]{0,40}$"
)
# Each match of the above holds one of these; looking for them takes a tenth of the time.
_REVIEW_WORDS = ("复议", "不服", "被申请人")
# 由省政府审理, 复议机关审结: somebody else decides.
_BY_OTHERS = re.compile(
    r"(?:由|经|被)[^,，。；;]{2,14}$|(?:复议机关|上级[^,，。；;]{0,6}|总局|总署|法院|省政府|市政府)(?:已|均|全部)?$"
)
_SELF_SHORT = re.compile(r"[本我].*|[省市县区州旗]?[局厅委关署院办]")
_OF_REVIEWS = re.compile(
    r"[^。；;0-9]{0,8}其中[,，]?[^,，。；;0-9]{0,10}(?:涉及|涉|因|有关|属于?)[^,，。；;0-9]{0,6}信息公开"
)
_GOVERNMENT = re.compile(r"人民政府|政府办公|管委会|管理委员会")
_TOWN = re.compile(r"(?:[镇乡]|街道(?:办事处)?|[镇乡](?:人民)?政府)$")
# How far after a figure a second number of the same sentence is looked for.
_NEARBY = 60
# Where a level may be named, or the whole area.
_OF_OFFICES = LOWER | DESK | VILLAGE | AREA
_OF_GOVERNMENTS = _OF_OFFICES | GOVERNMENT
_OF_SCOPES = FROM | RATE | IN_TURN | RUNS | YEAR | CASES | NAMED | REPRINTED | _OF_GOVERNMENTS


@lru_cache(maxsize=4096)
def _is_government(agency: str) -> bool:
    return _GOVERNMENT.search(agency) is not None


@lru_cache(maxsize=4096)
def _is_town(agency: str) -> bool:
    return _TOWN.search(agency) is not None


def find_scope(
    text: str, figure: Figure, *, role: Role, meta: Meta | None, cues: int = ALL_CUES
) -> Scope:
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
    cues
        What `find_cues` says of it.
    """
    end = figure.span.end
    is_each = text.startswith("的", end)
    if not (cues & _OF_SCOPES or is_each or (cues & NEW and text.startswith(NEW_NEXT, end))):
        return ""
    segment = _segment(text, figure, cues)
    after = text[end : min(figure.sentence.end, end + _NEARBY)]
    if cues & FROM and role != "change" and tells_start(segment, after):
        return "last_year"
    rate = rate_scope(segment, after) if is_each or cues & RATE else ""
    if rate == "average" and figure.kind == "percent":
        # 平均降价52% is a rate of its own, not this agency's mean of something it counts.
        rate = ""
    if rate or role == "change":
        return rate
    year = meta.year if meta else None
    listed = listed_scope(segment, year) if cues & IN_TURN else None
    if listed is not None:
        return listed
    when = period_scope(segment, after, year, cues=cues)
    is_share = figure.kind == "percent" and _SHARE_OF.search(segment)
    return when if when or is_share else _place_scope(text, figure, segment, meta, cues=cues)


def _segment(text: str, figure: Figure, cues: int) -> str:
    """Return the words before the figure since the last semicolon of its sentence, names out."""
    start = max(figure.sentence.start, figure.span.start - _REACH)
    end = figure.span.start
    if cues & HALF_STOP:
        start = max(start, text.rfind("；", start, end) + 1, text.rfind(";", start, end) + 1)
    segment = text[start:end]
    if not cues & (ASIDE | COMPARED):
        return segment
    return _ASIDE.sub("", _NAMED.sub("", segment))


def _place_scope(text: str, figure: Figure, segment: str, meta: Meta | None, *, cues: int) -> Scope:
    agency = meta.agency if meta else None
    # For a government the whole area is what its own tables count.
    is_office = bool(agency and not _is_government(agency))
    found = _case_scope(text, figure, segment, agency) if cues & CASES else ""
    found = found or _named_scope(text, figure, segment, is_office=is_office, cues=cues)
    if found or not cues & (_OF_OFFICES if is_office else _OF_GOVERNMENTS):
        return found
    level = _level(text, figure, segment, agency)
    if level is not None or not is_office:
        return level or ""
    clause = text[figure.clause.start : figure.span.start]
    return "whole_area" if _is_system(segment) or _WHOLE.match(clause) else ""


def _named_scope(text: str, figure: Figure, segment: str, *, is_office: bool, cues: int) -> Scope:
    """Return in whose name or on whose website, or in which area, something was done."""
    if cues & NAMED and "名义" in segment and _IN_NAME_OF.search(segment):
        return "own_level"
    area = _WHOLE_BEFORE.search(segment) if is_office and cues & AREA else None
    if area and (area["all"] or _SAME_LEVEL.match(text, figure.span.end)):
        return "whole_area"
    is_reprint = is_office and cues & REPRINTED and _REPRINTED.search(segment)
    return "other_agency" if is_reprint else ""


def _is_system(segment: str) -> bool:
    """Tell whether the whole system was named, and no desk of its own after it."""
    system = _SYSTEM.search(segment) if "系统" in segment else None
    return system is not None and _DESK_NAMED.search(segment, system.end()) is None


def _case_scope(text: str, figure: Figure, segment: str, agency: str | None) -> Scope:
    """Return whose cases are told of: all reviews, those decided, those of others."""
    clause = text[figure.clause.start : figure.span.start]
    is_about_cases = "复议" in segment or "诉讼" in segment or "应诉" in segment
    if ("复议" in clause and _ALL_CASES.search(clause)) or (
        is_about_cases and _OF_REVIEWS.match(text, figure.span.end)
    ):
        return "all_reviews"
    if ("配合" in segment or "协助" in segment) and _HELPING.search(segment):
        return "other_agency"
    if figure.quantity.unit != "份" and _is_reviewer(segment, agency):
        return "as_reviewer"
    if "审结" not in segment or not _DECIDED.search(segment):
        return ""
    so_far = text[max(figure.sentence.start, figure.span.start - _REACH) : figure.span.start]
    return "as_reviewer" if _is_reviewer(so_far, agency) else ""


def _is_reviewer(segment: str, agency: str | None) -> bool:
    """Tell whether cases are those that the agency decides, not those against it."""
    is_told = any(word in segment for word in _REVIEW_WORDS)
    found = _REVIEWER.search(segment) if is_told else None
    if found is None or _BY_OTHERS.search(segment, 0, found.start()):
        return False
    if not found["party"]:
        return True
    if "各" in found["party"]:
        return False
    # People shorten a name by leaving characters out: 区住建局, 市政府.
    return not (_SELF_SHORT.fullmatch(found["party"]) or set(found["party"]) <= set(agency or ""))


def _level(text: str, figure: Figure, segment: str, agency: str | None) -> Scope | None:
    """Return the level named last before a figure; ``None`` when no level is named."""
    lower = _last_lower(segment, agency)
    rest = text[figure.span.end : min(figure.sentence.end, figure.span.end + _NEARBY)]
    town = _town_level(figure, segment, rest) if agency and _is_town(agency) else None
    if town is not None:
        return town
    own = last_match(_OWN, segment) if "本级" in segment else None
    is_told = "我" in segment or "本" in segment or "机关" in segment
    desk = last_match(_SELF, segment) if is_told else None
    at = desk.start() if desk else -1
    if own and own.start() + 2 >= max(lower, at):
        return "own_level"
    if lower > at:
        return "sub_unit"
    if desk and desk["desk"]:
        is_beside = lower >= 0 or _last_lower(rest, agency) >= 0 or _AREA.search(segment)
        return "own_level" if is_beside else ""
    if desk is None and agency and _is_government(agency):
        return _government_level(segment, rest, agency)
    return "" if desk else None


def _town_level(figure: Figure, segment: str, rest: str) -> Scope | None:
    """Tell a town's own numbers from those of its villages, where either is named."""
    is_village = figure.quantity.unit == "个" and _VILLAGE_AFTER.match(rest) is not None
    if is_village or _VILLAGE.search(_CLAUSE_MARK.split(segment)[-1]):
        return "sub_unit"
    return "own_level" if _TOWN_DESK.search(segment) and _VILLAGE_NEXT.match(rest) else None


def _last_lower(words: str, agency: str | None) -> int:
    """Return where units below the agency are named last, -1 for nowhere."""
    if not _LOWER_WORD.search(words):
        return -1
    words = _TOGETHER.sub(lambda found: "　" * len(found[0]), words)
    patterns = [_LOWER]
    if agency and not _is_town(agency):
        patterns.append(_TOWNS)
        if _is_government(agency):
            patterns.append(_BRANCHES)
    last = -1
    for pattern in patterns:
        found = last_match(pattern, words)
        if found is not None:
            last = max(last, found.start())
    return last


def _government_level(segment: str, rest: str, agency: str) -> Scope | None:
    """Tell a government's own papers from those of its departments told beside them."""
    if "政府" not in segment or "办公" in agency:
        return None
    told = last_match(_GOVERNMENT_DESK, segment)
    if told is None:
        return None
    return "own_level" if told["office"] or _last_lower(rest, agency) >= 0 else None
