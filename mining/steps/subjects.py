"""Whose number a stretch of a sentence tells, where only its subject or its time can say."""

from __future__ import annotations

import re
from functools import lru_cache

from mining.origin.agencies import compare_agencies, is_agency
from mining.report import Figure

__all__ = ["is_planned", "names_other_agency", "tells_other_period", "words_before"]

# How far back words can decide: longer than any real sentence, and it keeps the steps linear.
_REACH = 400

_AGENCIES = "局|委员会|委|法院|检察院|厅|政府|办公室|管委会|分局|中心|医院|街道|镇|乡"
_DOES = (
    "(?=作为|共|全年|累计|依法|收到|收|受理|办理|办结|答复|审理|审结|公开|主动|发布|制发|召开|举办|未|没有|无|新收"
    r"|官方|微信|微博|作出|做出|制定|印发|推送|编发|(?<=[\u4e00-\u9fff]{4})$)"
)
# One agency as the subject right after a mark: 县交通局收到…, but not 与县交通局联合召开….
_SUBJECT = re.compile(
    r"(?:^|[,，。；;：:、\n]|(?<!作)为)\s?(?:其中|由|即)?[,，]?(?:年内|全年|今年|[本当]年度?|一年来)?"
    rf"(?P<name>[\u4e00-\u9fff]{{1,20}}?(?:{_AGENCIES})){_DOES}"
)
# Each match of the above holds one of this, which is found much sooner.
_MAY_BE_SUBJECT = re.compile(f"(?:{_AGENCIES}){_DOES}")
_GENERAL = re.compile(
    r"^(?:受理|收到|办理|不服|设立|成立|组建|[^局]{1,3}下乡|我|本|全|该|各|并|局|上报|参加|一审|二审|配合|协助|会同|联合|根据|按照|通过|经|对|向|在|为|被|以|由|县局|区局|市局|省厅|镇政府|街道)"
)
_WHOLE_YEAR = re.compile(r"全年|本年|今年|当年|年度|(?:19|20)[0-9]{2}年[,，，我本全共]")
_PART_WORD = re.compile("季度|半年|期间|时期|以来|年[来间]|月")
_PART_YEAR = re.compile(
    r"第?[一二三四1-4]季度|[上下]半年|前[一二三]季度|[十](?:二五|三五|四五)[”\"]?(?:期间|时期|以来)"
    r"|近?[两三四五几][个]?年(?:来|间)|截[至止](?:目前|20[0-9]{2}年)?(?:[1-9]|1[01])月"
    r"|(?<![0-9月至到\-—~])(?:[1-9]|1[0-2])月份?(?![0-9底末至到\-—~])|[首当]月"
)
_PLAN_WORD = re.compile("计划|拟|力争|争取|预计|目标|打算|下一?步|明年|来年|任务|指标|要求|确保")
_PLANNED = re.compile(
    r"(?:(?<![按划法作学])计划(?!类|总结|生育|信息|[、和及])(?=[^,，。；;]{2})|(?<![草模虚])拟(?!定|订|批|任|录|征)|力争|争取|预计|目标|打算)[^,，。；;]{0,14}$"
    r"|(?:任务|指标)数?[为是]$|(?:要求[每各]|确保(?:全年|每[年月季]))[^,，。；;]{0,10}$"
    r"|下一?步|(?<!结转)(?<!结转[到至入为])(?:明年|来年)(?!继续)"
)
_INNER = re.compile(r"(?:办公室|机关|单位|部门|公司|中心|学校)本级")
_AND = re.compile("[及和与]")
_MONTHS = re.compile(r"(?<![0-9])([0-9]{1,2})月?份?[至到\-—~]([0-9]{1,2})月(?![0-9])")


def words_before(text: str, figure: Figure) -> str:
    """Return the words of a figure's sentence before it, since the last semicolon."""
    start = max(figure.sentence.start, figure.span.start - _REACH)
    end = figure.span.start
    start = max(start, text.rfind("；", start, end) + 1, text.rfind(";", start, end) + 1)
    return text[start:end]


def tells_other_period(words: str) -> bool:
    """Tell whether the time named last is a part of the year or several years.

    Parameters
    ----------
    words
        The sentence, or its part since the last semicolon, up to the number.

    Examples
    --------
    >>> tells_other_period("上半年收到申请"), tells_other_period("上半年5件，全年收到申请")
    (True, False)
    >>> tells_other_period("1月至12月收到申请")
    False
    """
    if not _PART_WORD.search(words):
        return False
    found = -1
    for match in _PART_YEAR.finditer(words):
        found = match.start()
    for match in _MONTHS.finditer(words):
        if (int(match[1]), int(match[2])) != (1, 12):
            found = max(found, match.start())
    if found < 0:
        return False
    return _WHOLE_YEAR.search(words, found) is None


def is_planned(words: str) -> bool:
    """Tell whether the words before a number make it a plan rather than a result.

    Examples
    --------
    >>> is_planned("明年计划召开新闻发布会"), is_planned("按计划完成后，召开新闻发布会")
    (True, False)
    """
    return _PLAN_WORD.search(words) is not None and _PLANNED.search(words) is not None


def names_other_agency(words: str, own: str | None) -> bool:
    """Tell whether the subject named last is another agency, or one office of the reporting one.

    Parameters
    ----------
    words
        The sentence, or its part since the last semicolon, up to the number.
    own
        The reporting agency; without it no subject can be told to be another.

    Examples
    --------
    >>> names_other_agency("县交通局收到申请", "清河县人民政府")
    True
    >>> names_other_agency("我局全年收到申请", "清河县水务局")
    False
    """
    if not own or ("本级" in words and _INNER.search(words)):
        return bool(own)
    if not _MAY_BE_SUBJECT.search(words):
        return False
    name = ""
    for match in _SUBJECT.finditer(words):
        name = match["name"]
    return bool(name) and not _GENERAL.match(name) and _is_other(name, own)


@lru_cache(maxsize=4096)
def _is_other(name: str, own: str) -> bool:
    """Compare two names, 人民 left out, as people do when they shorten a government's name."""
    full = own.replace("人民政府", "政府")
    short = _AND.split(name.replace("人民政府", "政府"))[0]
    if short in full or full in short or not is_agency(short) or _shortens(short, full):
        return False
    if set(short) <= set(full):
        # The place may go before or after: 金融监管总局瀚东监管局 is 瀚东金融监管局.
        return False
    return compare_agencies(short, own) != "same"


def _shortens(short: str, full: str) -> bool:
    """Tell whether a name drops characters of the other: 区住建局 for 云浦区住房和城乡建设局."""
    rest = iter(full)
    return all(char in rest for char in short)
