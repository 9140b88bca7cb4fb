"""What titles, preambles and signatures say about the agency and the year of a report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from mining.origin.agencies import ENDINGS, LAST_SIGNS, is_agency
from mining.origin.reportyears import YEAR_WORDS, Opening, fold_signs, year_of
from mining.report import Fact, make_fact
from mining.spans import Span

__all__ = [
    "Title",
    "agency_before",
    "body_agencies",
    "find_titles",
    "preamble_agencies",
    "signature",
]

_HAN = "[\u4e00-\u9fff]"
_BREAK = re.compile(
    # One class first, which a search finds fast.
    r"[\n\t\r|>»《》: ](?:(?<! )[\n\t\r|>»《》:]*|(?<= ) +"
    r"|(?<=\S )(?=发布|来源|日期|时间|索引|浏览|字体|字号|作者))"
)
_TITLE_END = re.compile(
    r"(?:报告|年报|汇报|工作总结|情况总结|情况说明)(?P<note>\([^()\n]{1,16}\))?$"
)
_TITLE_LABEL = re.compile(
    r"索引号|来源|发布|日期|时间|浏览|字体|字号|打印|分享|首页|目录|位置|文号|编号|[。;,!?]"
)
_PATH = re.compile(r"[^ ]{0,12}(?:首页|主页|位置)(?:.{0,30}(?:公开|年报|目录))? ")
_PUBLIC = re.compile(r"(?:政府)?(?:信息|政务)公开(?!办|领导小组|科|服务中心)")
_TITLE_PREFIX = re.compile(r"^(?:\(图解\)|附件\d{0,2}|标题|名称|关于|现将)+")
_TITLE_SUFFIX = re.compile(r"(?:关于|公布|印发|发布|报送|编制|开展|行政机关|推进|的|年度|做好)+$")
_PLACE_ONLY = re.compile(rf"{_HAN}{{1,14}}[省市县区旗州盟]$")
_NAMED = re.compile(
    rf"(?:现将|结合|由|现公布)(?:20\d\d ?年度?)?(?P<name>{_HAN}{{3,25}}?{ENDINGS})"
    r"(?=20\d\d|编制|政府信息公开|政务公开|信息公开|年度)"
)
_CONTACT = re.compile(rf"(?:请与|联系单位:|请联系)(?P<name>{_HAN}{{3,25}}?{ENDINGS})(?=联系|\()")
_ISSUER = re.compile(
    rf"(?:发布机构|发文机关|发布单位|发文单位|公开主体|信息来源|来源)[ :|\t\n]{{1,6}}"
    rf"(?P<name>{_HAN}{{2,25}})"
)
_SUBJECT_VERB = (
    r"(?=认真|深入|严格|在|坚持|以|按照|始终|高度|继续|全面|积极|紧紧|紧扣|围绕|切实"
    r"|根据|\(以下简称)"
)
_SUBJECT = re.compile(
    rf"(?:。|(?:\n|\A) {{0,8}})(?:20\d\d ?年(?:度|来|以来)?,?)?(?P<name>{_HAN}{{3,25}}?{ENDINGS})"
    + _SUBJECT_VERB
)
# Where the name in `_SUBJECT` ends. It is searched first, and the start of its sentence from there:
# sentences begin all over a text, and each would be read as a name of any length.
_SUBJECT_END = re.compile(rf"[{LAST_SIGNS}]{_SUBJECT_VERB}")
# No subject is longer with what stands before it, and no word of `_SUBJECT_VERB`.
_MAX_SUBJECT = 60
_MAX_VERB = 5
_GENERIC = re.compile(r"^(?:我|本|该|各|全|区委|市委|县委|省委|党|国务院|中共中央|依据|根据|按照)")
# What stands in every match of `_APPENDED`, and in few reports without one.
_APPENDED_SIGN = re.compile(r"\n[ \t]*+附|统计表(?=\n)")
# The line above an appended table: 附表, 附件：…统计表, or the name of the table.
_APPENDED = re.compile(r"\n[ \t]*(?:附(?:件|表|录)?[^\n]{0,40}|[^\n]{0,20}统计表)\n")
_DATE_LINE = re.compile(
    r"(?P<year>20[0-3]\d|二[〇零○OoＯ][〇零○OoＯ一二三四五六七八九]{2})\s{0,2}[年./-]\s{0,2}"
    r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s{0,2}(?:[月./-]|$)"
    r"[\s\d一二三四五六七八九十]{0,6}日?$"
)
# What stands in every line that `_DATE_LINE` matches: most texts end without.
_DATED = re.compile(
    r"(?m)(?:20[0-3]\d|二.{3})\s{0,2}[年./-]\s{0,2}"
    r"[\d一二三四五六七八九十][\s\d一二三四五六七八九十月日./-]*$"
)
_HAN_MONTHS = {"十": 10, "十一": 11, "十二": 12} | dict(
    zip("一二三四五六七八九", range(1, 10), strict=True)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A title: the years and the agency it names, and where the text after it starts."""

    years: tuple[Fact, ...]
    agency: Fact | None
    end: int


class _Piece(NamedTuple):
    start: int
    text: str


def _pieces(text: str) -> list[_Piece]:
    found: list[_Piece] = []
    start = 0
    for match in _BREAK.finditer(text):
        _add(found, text, start, match.start())
        start = match.end()
        if len(found) > 60:
            return found
    _add(found, text, start, len(text))
    return found


def _add(found: list[_Piece], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        found.append(_Piece(start + piece.index(stripped[0]), stripped))


def find_titles(opening: Opening) -> Iterator[Title]:
    """Give every title before the first heading, put together from up to five lines."""
    pieces = _pieces(opening.text[: opening.heading])
    for index, piece in enumerate(pieces):
        match = _TITLE_END.search(piece.text)
        if match is None or len(piece.text) > 70 or "。" in piece.text:
            continue
        pieces[index] = _without_path(piece)
        joined = _join_lines(pieces, index)
        compact, places = _compact(joined)
        if "公开" in compact:
            yield Title(
                years=tuple(_title_years(compact, places)),
                agency=_title_agency(compact, places),
                end=joined[-1].start + len(joined[-1].text),
            )


def _without_path(piece: _Piece) -> _Piece:
    """Cut off the names of pages that lead to a title on the same line (首页 政务公开 …)."""
    match = _PATH.match(piece.text)
    if match is None or "公开" not in piece.text[match.end() :]:
        return piece
    return _Piece(piece.start + match.end(), piece.text[match.end() :])


def _join_lines(pieces: list[_Piece], index: int) -> list[_Piece]:
    joined = [pieces[index]]
    first = index
    while first and index - first < 3 and _wants(joined, pieces[first - 1]):
        first -= 1
        joined.insert(0, pieces[first])
    after = pieces[index + 1 : index + 2]
    if after and not _has_year(joined) and YEAR_WORDS.fullmatch(after[0].text.strip("() ")):
        joined.extend(after)
    return joined


def _wants(joined: list[_Piece], piece: _Piece) -> bool:
    """Tell whether the line before supplies what the title still lacks."""
    text = piece.text.replace(" ", "")
    if len(text) > 35 or _TITLE_LABEL.search(text) or _TITLE_END.search(text):
        return False
    whole = "".join(p.text for p in joined).replace(" ", "")
    if "公开" not in whole and "公开" in text:
        return True
    if not _has_year(joined) and YEAR_WORDS.search(text):
        return True
    has_agency = len(agency_before(whole)) > 2
    return not has_agency and (is_agency(text) or _PLACE_ONLY.fullmatch(text) is not None)


def _has_year(pieces: list[_Piece]) -> bool:
    return any(YEAR_WORDS.search(p.text.replace(" ", "")) for p in pieces)


def _compact(pieces: list[_Piece]) -> tuple[str, list[int]]:
    chars: list[str] = []
    places: list[int] = []
    for piece in pieces:
        # Few pieces hold a blank: the others are not read one by one.
        if len(piece.text.split(maxsplit=1)) == 1:
            chars.append(piece.text)
            places.extend(range(piece.start, piece.start + len(piece.text)))
            continue
        for offset, char in enumerate(piece.text):
            if not char.isspace():
                chars.append(char)
                places.append(piece.start + offset)
    return "".join(chars), places


def _title_years(compact: str, places: list[int]) -> Iterator[Fact]:
    years = list(YEAR_WORDS.finditer(compact))
    for match in years:
        score = 0.97 if len(years) == 1 else 0.8
        span = Span(places[match.start()], places[match.end() - 1] + 1)
        year = year_of(match[0].rstrip("年度"))
        yield make_fact(value=year, score=score, source="title", span=span)


def _title_agency(compact: str, places: list[int]) -> Fact | None:
    agency = agency_before(compact)
    if len(agency) < 2:
        return None
    start = max(compact.find(agency[:2]), 0)
    last = compact.find(agency[-2:], start)
    end = last + 2 if last >= 0 else start + len(agency)
    span = Span(places[start], places[min(end, len(places)) - 1] + 1)
    name, score = _complete(agency)
    return make_fact(value=name, score=score, source="title", span=span)


def agency_before(title: str) -> str:
    """Return what a title without blanks names before 政府信息公开, its year left out.

    Examples
    --------
    >>> agency_before("江宁县人民政府信息公开工作2019年度报告")
    '江宁县人民政府'
    """
    match = _PUBLIC.search(title)
    if match is None:
        return ""
    before = title[: match.start()]
    if before.endswith("人民") and match[0].startswith("政府"):
        before += "政府"
    before = YEAR_WORDS.sub("", before)
    return _TITLE_SUFFIX.sub("", _TITLE_PREFIX.sub("", before)).strip("()-— ")


def _complete(name: str) -> tuple[str, float]:
    """Return the name of the agency that a title means, and how sure that is."""
    if is_agency(name):
        tail = {"镇": "人民政府", "乡": "人民政府", "道": "办事处"}.get(name[-1], "")
        return (name + tail, 0.85) if tail and len(name) > 2 else (name, 0.95)
    if _PLACE_ONLY.fullmatch(name):
        return f"{name}人民政府", 0.8
    return name, 0.5 if len(name) <= 25 else 0.2


def preamble_agencies(opening: Opening, *, start: int) -> Iterator[Fact]:
    """Give agencies that the text from `start` to the first heading, or a data line, names."""
    for pattern, score in ((_CONTACT, 0.45), (_ISSUER, 0.45)):
        yield from _named(pattern.search(opening.text, 0, opening.heading), "preamble", score)
    yield from _named(_NAMED.search(opening.text, start, opening.heading), "preamble", 0.75)


def body_agencies(opening: Opening, *, start: int) -> Iterator[Fact]:
    """Give the agency that is the subject of one of the first sentences after `start`."""
    text = opening.text
    for end in _SUBJECT_END.finditer(text, start):
        first = max(start, end.end() - _MAX_SUBJECT)
        begin = max(text.rfind("。", first, end.end()), text.rfind("\n", first, end.end()))
        match = _SUBJECT.match(text, begin if begin >= 0 else first, end.end() + _MAX_VERB)
        if match:
            yield from _named(match, "body", 0.4)
            return


def _named(match: re.Match[str] | None, source: str, score: float) -> Iterator[Fact]:
    if match and is_agency(match["name"]) and not _GENERIC.match(match["name"]):
        span = Span(*match.span("name"))
        yield make_fact(value=match["name"], score=score, source=source, span=span)


def signature(text: str) -> tuple[Fact | None, Fact | None]:
    """Return agency and report year of the lines that sign the report.

    A report is signed in the year after the one it covers, from the following January on; the
    year told here is the one that the date implies, and its span is the date.
    """
    end = _signed_end(text)
    base = max(0, end - 400)
    tail = fold_signs(text[base:end])
    is_dated = _DATED.search(tail) is not None
    lines = _last_lines(tail, 12 if is_dated else 1)
    for index in range(len(lines) - 1, -1, -1) if is_dated else ():
        match = _DATE_LINE.search(lines[index].text)
        if match:
            return _dated(lines, index, match, base=base)
    if lines and len(lines[-1].text) > 4 and _is_signature(lines[-1].text):
        return _signer(lines[-1], base=base, score=0.75), None
    return None, None


def _signed_end(text: str) -> int:
    """Return where the signed text ends: at an appended table of statistics, else at its end."""
    # Asked first, as the expression stops at every line: few reports have an appended table.
    if "附" not in text and "统计表\n" not in text:
        return len(text)
    found, done = len(text), 0
    for sign in _APPENDED_SIGN.finditer(text):
        start = text.rfind("\n", 0, sign.start() + 1)
        match = _APPENDED.match(text, start) if start >= done else None
        if match:
            done = match.end()
            if "统计" in text[start : done + 120]:
                found = start
    return found


def _last_lines(tail: str, most: int) -> list[_Piece]:
    """Return the last lines that hold anything, at most so many."""
    found: list[_Piece] = []
    end = len(tail)
    for line in reversed(tail.split("\n")):
        start = end - len(line)
        if line:
            _add(found, tail, start, end)
            if len(found) == most:
                break
        end = start - 1
    return found[::-1]


def _dated(
    lines: list[_Piece], index: int, match: re.Match[str], *, base: int
) -> tuple[Fact | None, Fact | None]:
    line = lines[index]
    before = line.text[: match.start()].strip()
    if len(before) > 30 or "。" in before:
        return None, None
    agency = None
    if _is_signature(before):
        agency = _signer(_Piece(line.start, before), base=base, score=0.85)
    elif not before and index and _is_signature(lines[index - 1].text):
        agency = _signer(lines[index - 1], base=base, score=0.85)
    month = int(_HAN_MONTHS.get(match["month"], 0) or match["month"])
    implied = int(year_of(match["year"])) - (month <= 9)
    start = base + line.start + match.start()
    span = Span(start, start + len(match[0]))
    score = 0.5 if month <= 4 or month == 12 else 0.3
    return agency, make_fact(value=str(implied), score=score, source="signature", span=span)


def _is_signature(text: str) -> bool:
    name = text.replace(" ", "")
    return 2 < len(name) <= 30 and is_agency(name) and not _GENERIC.match(name)


def _signer(line: _Piece, *, base: int, score: float) -> Fact:
    span = Span(base + line.start, base + line.start + len(line.text))
    name = line.text.replace(" ", "")
    return make_fact(value=name, score=score, source="signature", span=span)
