"""Cutting a problem section into pieces: sentences, items, list members, clauses."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Literal, NamedTuple

from mining.themes.clauses import Sentence, clause_cuts
from mining.themes.cues import pairs_of, places_of, point_cues
from mining.themes.weights import TextSheet

__all__ = ["Piece", "cut_pieces", "list_end", "part_of"]

Part = Literal["", "problem", "improvement"]

_CN = "一二三四五六七八九十"
_SENTENCE = re.compile(r"[^。；;！!？?\n]+")
_ITEM = re.compile(
    rf"[ \t　]*(?:(?P<spoken>(?:第?[{_CN}]{{1,3}}(?:则|来)?(?:是|要(?!闻)|，|,)"
    rf"|其[{_CN}]{{1,2}}[，,是]"
    r"|(?:首先|其次|再次|再者|最后|末了)(?:是|[，,])?))"
    rf"|(?P<named>(?:问题|不足|短板|改进|措施|对策|整改|举措)(?:之)?[{_CN}\d]{{1,2}}[：:，,、]"
    rf"|【[^】\n]{{1,6}}[{_CN}\d]】)"
    rf"|(?P<numbered>[（(][ ]?(?:[{_CN}]{{1,3}}|\d{{1,2}})[ ]?[）)][、.．]?"
    rf"|(?:[{_CN}]{{1,3}}|\d{{1,2}})(?:、|[.．）)](?!\d))|[①-⑳]))[ \t　]*"
)
# With what an item can begin, beside a digit: most sentences are none.
_ITEM_STARTS = frozenset(" \t　第其首再最末问不短改措对整举【（(①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳" + _CN)
_BLOCK = re.compile(r"[ \t　]*[【\[〔](?P<title>[^】\]〕\n]{1,16})[】\]〕][：: ]*")
_COLON = re.compile(r"(?P<title>[^：:\n“《]{1,120})[：:]")
_HAN = re.compile("[一-鿿]")
# A heading over problems, rather than a lack told in few words; a list of lacks is none.
_NAMES_PROBLEMS = re.compile(
    "(?!.*[、不未没缺].*等).{0,20}?(?:存在|主要(?!领导)|问题|(?:^|[的在和及与])不足(?=$|[及和与之]))"
)
# What a heading says of problems without telling any.
_PROBLEM_WORDS = re.compile("存在|问题|不足|短板|差距|困难|薄弱环节|弱项|之处")
# With a full stop behind it, a heading is barer still.
_BARE_PROBLEMS = re.compile(
    "(?:[^，]{0,10}(?:工作|公开)[中上里]?|目前|当前|主要)?(?:还|仍|尚)?存在(?:的|着|一些|主要|几个)*"
    "(?:问题|不足|困难|短板|差距).{0,8}|(?:主要|工作|突出|的)*(?:问题|不足|困难|短板|差距)(?:及|和|与|$).{0,8}"
)
_NUMBERED_END = re.compile(rf"[{_CN}\d]$")
_FIRST = re.compile(r"^[^一二三四五六七八九十\d①-⑳]*(?:首先|第?一(?!十)|1(?!\d)|①)")
# A list that says no more than 等 is one only when its beginning says so too.
_BARE_END = re.compile(r"等(?=[，,]|$)")
_FIELD = re.compile(r"[^，,、]{2,12}方面$")
_MARKS = " \t　，,、：:”）)"
_LONGEST_HEADING = 30
_SHORTEST_REST = 5
# So far into a stretch `Cues.list_start` looks for its word.
_FARTHEST_WORD = 16


class Piece(NamedTuple):
    """A stretch that states one thing.

    Parameters
    ----------
    start, end
        Its place.
    part
        What the heading or lead-in above it announces; empty when nothing does.
    fresh
        Whether that lead-in stands right before it.
    item
        Number of the enumerated item that it belongs to; 0 outside of items.
    lead
        Place of the words before it, where a lead-in may name the problem that is answered.
    split
        Whether it was parted from the piece before it by a mere comma.
    later
        Whether it is a later sentence of its item.
    past
        Whether the sentence in which its part was announced is over.
    """

    start: int
    end: int
    part: Part
    fresh: bool
    item: int
    lead: int
    split: bool = False
    later: bool = False
    past: bool = False


def part_of(words: str) -> Part:
    """Return the part that the words of a heading or lead-in announce."""
    cues = point_cues()
    improvement = cues.improvement.search(words)
    problem = cues.problem.search(words)
    if improvement and problem and problem.start() < improvement.start():
        return ""  # 存在的问题及改进情况 announces both
    return "improvement" if improvement else "problem" if problem else ""


def cut_pieces(sheet: TextSheet) -> list[Piece]:
    """Cut a text, a problem section without its heading, into pieces in order."""
    return _Cutter(sheet).run()


def list_end(text: str, start: int, end: int) -> re.Match[str] | None:
    """Return the words that close a list of lacks within a sentence, 等问题, if there are any."""
    return point_cues().list_end.search(text, start, end)


class _Cutter:
    """One walk over a section."""

    def __init__(self, sheet: TextSheet) -> None:
        self._sheet, self._text = sheet, sheet.text
        self._crowd = 0
        # Most text has few of the marks that some patterns look for: asked once, not each time.
        self._last_colon = max(sheet.text.rfind("："), sheet.text.rfind(":"))
        self._blocks = "【" in sheet.text or "[" in sheet.text or "〔" in sheet.text
        self._cues = cues = point_cues()
        # Of ten sentences one has any of these: found in one scan each, not sought ten times.
        self._list_words = places_of(cues.list_word, sheet.text)
        self._list_ends = places_of(cues.list_end, sheet.text)
        self._turns = places_of(cues.turn, sheet.text)
        self._part: Part = ""
        self._chained = False
        self._fresh = False
        self._item = 0
        self._items = 0
        self._style = ""
        self._field = False
        # Part that the next item of a style goes back to, after an answer inside an item.
        self._resume: dict[str, Part] = {}
        self._passing = False
        self._past = False
        self._spoken = False

    def run(self) -> list[Piece]:
        """Return the pieces."""
        pieces: list[Piece] = []
        sentences = list(_SENTENCE.finditer(self._text))
        self._crowd = len(sentences)
        for match in sentences:
            start, end = match.span()
            before = self._text[start - 1 : start]
            if before not in ("；", ";") and self._passing:
                self._part, self._passing = "", False
            if before in ("\n", "") or (before == "。" and self._chained):
                self._item = 0
            self._past |= before not in ("；", ";")
            self._chained = before in ("；", ";") or (self._chained and before not in "。\n")
            pieces += self._sentence(start, end)
        return pieces

    def _sentence(self, start: int, end: int) -> list[Piece]:
        lead = start
        items = self._items
        self._spoken = False
        while start < end and (begin := self._prefix(start, end)) > start:
            start = begin
        start, end = self._trimmed(start, end)
        if not _HAN.search(self._text, start, end) or self._is_heading(start, end):
            return []
        fresh, self._fresh = self._fresh, False
        item = 0 if self._field else self._item
        later = bool(item) and items == self._items
        past = self._past and not fresh
        first = Piece(start, end, self._part, fresh, item, lead, False, later, past)  # noqa: FBT003
        return self._members(first) or self._clauses(first)

    def _prefix(self, start: int, end: int) -> int:
        """Return where an enumerator, block title or lead-in at `start` ends."""
        text = self._text
        match = _BLOCK.match(text, start, end) if self._blocks else None
        if match and not _NUMBERED_END.search(match["title"]):
            self._announce(match["title"])
            self._item = 0
            return match.end()
        begins_item = text[start] in _ITEM_STARTS or text[start].isdecimal()
        if begins_item and (match := _ITEM.match(text, start, end)):
            self._begin_item(match)
            return match.end()
        match = _COLON.match(text, start, end) if start < self._last_colon else None
        if match and self._is_lead(match["title"], match.end(), end):
            self._turn(part_of(match["title"]))
            return match.end()
        if match := self._cues.lead.match(text, start, end):
            self._led(match[0])
            return match.end()
        return start

    def _begin_item(self, match: re.Match[str]) -> None:
        self._items += 1
        self._item, self._field = self._items, False
        self._spoken = match["spoken"] is not None
        if match["named"]:
            self._announce(match["named"])
            return
        style = _style(match)
        if not _FIRST.search(match[0]) and style in self._resume:
            self._part, self._fresh = self._resume.pop(style), True
        self._style = style

    def _led(self, words: str, *, inside: bool = False) -> None:
        """Go over to the part that a lead-in tells.

        已 or 为此 tells it for its sentence only, as does what stands `inside` a sentence.
        """
        before = self._part
        acts = self._cues.act.search(words) is not None
        part: Part = "improvement" if acts else part_of(words)
        passing = acts or inside
        if part:
            self._turn(part)
            self._passing = passing and (before != "improvement" or self._passing)

    def _turn(self, part: Part) -> None:
        """Go over to a part; where that happens inside an item, the next item goes back."""
        if self._item:
            self._resume[self._style] = self._part or "problem"
        self._part, self._fresh, self._item, self._passing = part, True, 0, False
        self._past = False

    def _announce(self, title: str) -> None:
        self._part, self._fresh, self._passing = part_of(title), True, False
        self._past = False

    def _is_lead(self, title: str, after: int, end: int) -> bool:
        """Tell whether words before a colon lead in: an item follows, or they name a part."""
        if after >= end or _ITEM.match(self._text, after, end):
            return True
        if self._cues.heading.search(title) and self._cues.problem.search(title[-6:]):
            return True
        return len(title) <= _LONGEST_HEADING and bool(
            self._cues.improvement.search(title) or self._cues.problem.search(title)
        )

    def _is_heading(self, start: int, end: int) -> bool:
        text = self._text
        words = text[start:end]
        if end - start > _LONGEST_HEADING or "，" in words:
            return False
        if words.endswith("方面") and _FIELD.match(words):
            self._field = True
            return True
        if text[end : end + 1] not in ("\n", "。", "") or not self._cues.heading.search(words):
            return False
        part = part_of(words)
        if part == "problem" and not self._names_problems(words, text[end : end + 1]):
            return False
        if not part and not re.fullmatch(r".{0,8}问题.{0,4}改进.{0,6}", words):
            return False
        self._part, self._fresh, self._item = part, True, 0
        return True

    def _names_problems(self, words: str, mark: str) -> bool:
        """Tell whether words name problems without telling one, as 二是专职人员不足。 does."""
        if self._spoken or not _NAMES_PROBLEMS.match(words):
            return False
        if mark == "。" and not _BARE_PROBLEMS.fullmatch(words):
            return False
        bare = _PROBLEM_WORDS.sub(" ", words)
        classes = self._cues.classes
        return all(classes.get(pair) != "l" for pair in pairs_of(bare, 0, len(bare)))

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        text = self._text
        while start < end and text[start] in " \t　，,、：:":
            start += 1
        while end > start and text[end - 1] in " \t　，,、：:":
            end -= 1
        return start, end

    def _members(self, piece: Piece) -> list[Piece]:
        """Return the members of a list closed by 等问题, and what follows it."""
        found_list = self._list(piece.start, piece.end)
        if found_list is None:
            return []
        start, stop, after = found_list
        start, stop = self._trimmed(start, stop)
        whole = piece._replace(start=start, end=stop, part="problem", item=0)
        found = self._clauses(whole, closed=True)
        if len(found) < 2 and after < piece.end:
            return []
        rest_start, rest_end = self._trimmed(after, piece.end)
        if rest_end - rest_start > _SHORTEST_REST:
            found += self._sentence(rest_start, rest_end)
        return found

    def _list(self, start: int, end: int) -> tuple[int, int, int] | None:
        """Return where a list of lacks begins and ends, and where its closing words end."""
        text, cues = self._text, self._cues
        close = list_end(text, start, end) if _any_at(self._list_ends, start, end) else None
        opened = (
            cues.list_start.match(text, start, close.start() if close else end)
            if _any_at(self._list_words, start, start + _FARTHEST_WORD + 1)
            else None
        )
        if close is None and opened:
            close = _BARE_END.search(text, opened.end(), end)
        first = opened.end() if opened else start
        if close is not None:
            return first, close.start(), close.end()
        # 主要问题是A、B、C: nothing closes the list.
        return (first, end, end) if opened and cues.problem.search(opened[0]) else None

    def _clauses(self, piece: Piece, *, closed: bool = False) -> list[Piece]:
        begin = piece.start
        turns = piece.part != "improvement" and _any_at(self._turns, begin, piece.end)
        if piece.item and not closed and not turns:
            return [piece]  # An item is one statement but for an answer behind it.
        cuts = clause_cuts(
            self._sheet,
            Sentence(begin, piece.end, bool(piece.item), self._crowd, closed),
            turn=self._cues.turn if turns else None,
        )
        if not cuts:
            return [piece]
        found: list[Piece] = []
        for stop in [*cuts, piece.end]:
            split = bool(found)
            start, lead = begin, begin if split else piece.lead
            while split and (match := self._cues.lead.match(self._text, start, stop)):
                self._led(match[0], inside=True)
                start = match.end()
            start, end = self._trimmed(start, stop)
            if start < end:
                fresh, self._fresh = self._fresh or (piece.fresh and not split), False
                part = self._part if split else piece.part
                found.append(
                    piece._replace(
                        start=start, end=end, part=part, fresh=fresh, lead=lead, split=split
                    )
                )
            begin = stop + 1
        return found


def _any_at(places: Sequence[int], start: int, end: int) -> bool:
    """Tell whether one of some ascending places is in a stretch."""
    i = bisect_left(places, start)
    return i < len(places) and places[i] < end


def _style(match: re.Match[str]) -> str:
    """Return what numbers of one list have in common: 一是, （一） or 1. alike."""
    words = match[0].strip()
    if match["spoken"]:
        return "spoken"
    return "".join("0" if c.isdigit() else "一" if c in _CN else c for c in words)[:2]
