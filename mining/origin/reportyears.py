"""The year of a report as its text tells it: years, periods, announcements, and counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mining.report import Fact, make_fact
from mining.spans import Span

__all__ = [
    "YEAR_WORDS",
    "Opening",
    "body_years",
    "find_years",
    "fold_signs",
    "periods",
    "preamble_years",
    "year_of",
]

# Replacing a few signs one by one is much faster than str.translate on Chinese text.
_FOLDED = tuple(zip("（）：，；！？～", "():,;!?~", strict=True))
_CHINESE = dict(zip("〇零○OoＯ一二三四五六七八九", "000000123456789", strict=True))
# The first character stands alone so that the search can jump from digit to digit.
_YEAR = re.compile(
    r"[12二](?<![\d〔\[(.].)(?:(?:(?<=2)0[0-3]|(?<=1)99)\d(?!\d|[-./]\d|[〕\])])"
    r"|(?<=二)[〇零○OoＯ][〇零○OoＯ一二三四五六七八九]{2}(?=年))"
)
YEAR_WORDS = re.compile(
    r"(?:20[0-3]\d|199\d|二[〇零○OoＯ][〇零○OoＯ一二三四五六七八九]{2})(?:年度|年|度)?"
)
_FIRST_HEADING = re.compile(r"(?m)^[ \t]{0,8}(?:[一1] {0,3}[、.]|第一部分|概 ?述$|总体情况$)")
# The second date of a period and the word before it. It is searched first: a text has a hundred
# digits with which the first date may begin, and one or two of these.
_UNTIL = re.compile(
    r"[至到—~-](?:(?<=[—~-])[—~-])? {0,2}"
    r"(?:(?P<y2>20\d\d) {0,2}年?|[当本同]年)? {0,2}(?P<m2>1[0-2]|0?[1-9]) {0,2}月"
    r"(?: {0,2}\d{1,2} {0,2}日)?"
)
_PERIOD = re.compile(
    r"(?P<y1>\d{3,6}) {0,2}(?P<mark>年)? {0,2}(?P<m1>\d{1,2})?[ 月]{0,3}"
    r"(?P<d1>\d{1,2})? {0,2}日?[零0]?时? {0,2}[起始]?,? {0,2}" + _UNTIL.pattern
)
# The first date and what stands behind it are no longer than this.
_MAX_FROM = 29
# Of the second date, what stands before 月, and this with what stands behind it.
_MAX_MONTH, _MAX_DAY = 18, 8
_DAMAGED = re.compile(r"(?:期限|时限|时间|截止?至?)[^\d。\n]{0,10}(?P<y1>20\d\d)\d{2,8} ?[月日]")
_COMPARED = re.compile(r"较|同比|相比|对比|去年|上年|规划")
_QUOTED = re.compile(r"《[^《》\n]{0,80}》")
# The 年 behind a year that is no part of a full date: 年 is rarer than a digit that begins a year.
_YEAR_ALONE = re.compile(
    r"年(?<=(?:20[0-3]\d|199\d|二[〇零○OoＯ][〇零○OoＯ一二三四五六七八九]{2})年)"
    r"(?<![\d〔\[(.].{4}年)(?! {0,2}\d{1,2} {0,2}月 {0,2}\d)"
)
_ANNOUNCED = re.compile(
    r"(?:现将|结合|现公布|特?向社会公[布开]|编制|现就)(?P<between>[\u4e00-\u9fff]{0,30}?)"
    r"(?P<year>20[0-3]\d) ?年"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The start of a report, folded code point by code point, and where its first heading is."""

    text: str
    heading: int

    @classmethod
    def of(cls, text: str) -> Opening:
        """Take the part before the tables; `text` may be the whole report."""
        head = fold_signs(text[:1500])
        match = _FIRST_HEADING.search(head)
        return cls(text=head, heading=match.start() if match else min(len(head), 700))


def fold_signs(text: str) -> str:
    """Return `text` with the full-width signs that matter here made half-width, length kept."""
    for sign, plain in _FOLDED:
        text = text.replace(sign, plain)
    return text


def year_of(text: str) -> str:
    """Return a year in digits, from digits or from Chinese ones (二〇一五)."""
    return "".join(_CHINESE.get(char, char) for char in text) if text[0] == "二" else text


def find_years(text: str) -> Iterator[tuple[str, Span]]:
    """Give each year named in `text`, as four digits, with its place; no document numbers.

    Examples
    --------
    >>> [year for year, _ in find_years("二〇一五年，较2014年；国办函〔2019〕60号")]
    ['2015', '2014']
    """
    for match in _YEAR.finditer(text):
        yield year_of(match[0]), Span(*match.span())


def periods(opening: Opening) -> Iterator[Fact]:
    """Give the years of the statements which days the report covers.

    A sound statement gives one fact of score 0.95; one over two years gives both years, and one
    with lost characters the year it seems to mean, with a score of 0.5 or less.
    """
    found = False
    for match in _find_periods(opening.text):
        before = opening.text[max(0, match.start() - 30) : match.start()].rpartition("。")[2]
        is_number_start = not opening.text[match.start() - 1 : match.start()].isdigit()
        if is_number_start and not _COMPARED.search(before):
            for fact in _period_facts(match):
                found = True
                yield fact
    damaged = None if found else _DAMAGED.search(opening.text)
    if damaged:
        span = Span(damaged.start("y1"), damaged.end())
        yield make_fact(value=damaged["y1"], score=0.4, source="period", span=span)


def _find_periods(text: str) -> Iterator[re.Match[str]]:
    """Give the matches of `_PERIOD`: all end where `_UNTIL` does."""
    first, last = text.find("月"), text.rfind("月")
    if first < 0:
        return
    # Months are named in few places: a third of the time of a search everywhere.
    start, stop = max(0, first - _MAX_MONTH), last + _MAX_DAY
    done = 0
    for until in _UNTIL.finditer(text, start, stop):
        match = _PERIOD.search(text, max(done, until.start() - _MAX_FROM), until.end())
        if match:
            done = match.end()
            yield match


def _period_facts(match: re.Match[str]) -> Iterator[Fact]:
    year, month = match["y1"], int(match["m1"] or 0)
    end = int(match["m2"])
    if match["mark"] and len(year) == 4:
        if not year.startswith("20") or not (month in {1, 11, 12} or year == "2008"):
            return
        if end in {11, 12, 1}:
            yield from _whole_period(match, month=month, end=end)
        return
    # 20211月1日: a character of the date is gone, so that only the year's digits can be trusted.
    if end in {12, 1} and (year.startswith("20") or match["y2"]):
        value = match["y2"] or year[:4]
        if len(value) == 4:
            yield make_fact(value=value, score=0.5, source="period", span=Span(*match.span()))


def _whole_period(match: re.Match[str], *, month: int, end: int) -> Iterator[Fact]:
    first = int(match["y1"])
    last = int(match["y2"] or first)
    span = Span(*match.span())
    if last == first + 1 and end == 1:
        last = first
    elif last == first + 1 and month in {11, 12}:
        first = last
    if first == last:
        yield make_fact(value=str(first), score=0.95, source="period", span=span)
    elif 0 < last - first <= 2:
        yield make_fact(value=str(last), score=0.5, source="period", span=span)
        yield make_fact(value=str(first), score=0.5, source="period", span=span)


def preamble_years(opening: Opening, *, start: int) -> Iterator[Fact]:
    """Give the year announced between `start`, the end of the title, and the first heading.

    Without an announcement it is the year that this part names most, with a lower score.
    """
    match = _ANNOUNCED.search(opening.text, start, opening.heading)
    if match and not _COMPARED.search(match["between"]):
        span = Span(*match.span("year"))
        yield make_fact(value=match["year"], score=0.75, source="preamble", span=span)
    elif counted := _most_named(opening.text, start, opening.heading):
        year, _, span = counted
        yield make_fact(value=year, score=0.5, source="preamble", span=span)


def body_years(opening: Opening) -> Iterator[Fact]:
    """Give the year that the first section names most; the score grows with count and share."""
    if counted := _most_named(opening.text, opening.heading, len(opening.text)):
        year, weight, span = counted
        yield make_fact(value=year, score=round(0.6 * weight, 2), source="body", span=span)


def _most_named(text: str, start: int, end: int) -> tuple[str, float, Span] | None:
    bare = _QUOTED.sub(lambda m: " " * len(m[0]), text[start:end])
    found: dict[str, list[int]] = {}
    for match in _YEAR_ALONE.finditer(bare):
        at = match.start() - 4
        found.setdefault(year_of(bare[at : at + 4]), []).append(at + start)
    if not found:
        return None
    year, places = max(found.items(), key=lambda item: len(item[1]))
    count, span = len(places), Span(places[0], places[0] + 4)
    return year, count / sum(map(len, found.values())) * min(count, 3) / 3, span
