"""Whether reports of two years are of one agency: a key to group by, and how sure a match is."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

from mining.origin.agencies import AgencyName, function_words, parse_agency

__all__ = ["Identity", "identify", "likeness", "mapped_identity"]

_SPACES = re.compile(r"\s+")
_GOVERNMENT = re.compile(r"(?:人民政府|政府|管理委员会|管委会|街道办事处|办事处)?$")
_GOVERNMENT_OFFICE = re.compile(r"(?:人民政府|政府|管委会|管理委员会|党政).{0,6}(?:办公室|办)$")
_PLACE_END = re.compile(r"(?:自治县|自治旗|地区|新区|街道|苏木|[市县区旗盟镇乡])$")

# A place that no list knows still tells its agencies from those of other places.
_OWN_PLACE = re.compile(r"[\u4e00-\u9fff]{2,8}?[省市县区州旗]|国家|中华")

# How sure a match is after each difference; two slight ones still leave it above 0.8.
_PREFIX_LEFT_OUT = 0.97
_STATUS_CHANGED = 0.93
_SHORT_FORM = 0.96
_RENAMED = 0.92
_MERGED = 0.5
_OWN_OFFICE = 0.7
_NO_PLACE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """An agency's name as far as it tells who it is.

    Parameters
    ----------
    name
        As told, blanks left out.
    key
        Equal for all names that may mean one agency; reports are grouped by it.
    parts
        Province, prefecture, county, township, with their endings; empty where not told.
    branch
        The name's place in its line of succession (``now``, ``renamed``, ``merged 0`` …).
    word
        What the agency deals with, as printed.
    is_mapped
        Whether a user's file decided, so that the key alone tells who is who.
    """

    name: str
    key: str
    parts: tuple[str, str, str, str]
    branch: str
    word: str
    is_mapped: bool = False


@lru_cache(maxsize=1)
def _successions() -> dict[str, tuple[str, str]]:
    """Return the line of succession and the branch in it, by word."""
    text = files("mining").joinpath("data/successions.toml").read_text(encoding="utf-8")
    found: dict[str, tuple[str, str]] = {}
    for entry in tomllib.loads(text)["successions"]:
        line = function_words(entry["now"][0])[0]
        branches = {"now": entry["now"], "renamed": entry.get("renamed", [])}
        branches |= {f"merged {i}": group for i, group in enumerate(entry.get("merged", []))}
        for branch, words in branches.items():
            for word in words:
                found.setdefault(function_words(word)[0], (line, branch))
    return found


def mapped_identity(name: str) -> Identity:
    """Return the identity of an agency that a user's file names."""
    return Identity(
        name=name, key=f"={name}", parts=("", "", "", ""), branch="", word="", is_mapped=True
    )


@lru_cache(maxsize=8192)
def identify(agency: str, region: str | None = None) -> Identity:
    """Take the name of an agency for what it tells about who it is.

    Parameters
    ----------
    agency
        As a report tells it.
    region
        The place that the report tells elsewhere, for a name without one.

    Examples
    --------
    >>> identify("宁波市江宁区环保局").key == identify("宁波市生态环境局江宁分局").key
    True
    """
    name = _SPACES.sub("", agency)
    parsed = _parse(name)
    if region and not parsed.level:
        parsed = _parse(region + name)
    line, branch, word = _function(parsed)
    parts = (parsed.province, parsed.prefecture, parsed.county, parsed.township)
    level, place = next(
        ((i, part) for i, part in reversed(list(enumerate(parts))) if part), (-1, "")
    )
    key = "|".join((str(level) if place else "", _bare(place), line))
    return Identity(name=name, key=key, parts=parts, branch=branch, word=word)


def _parse(name: str) -> AgencyName:
    parsed = parse_agency(name)
    if parsed.county.endswith("市") and not parsed.prefecture:
        # A city whose name is in no list of prefectures may stand before a county of its own.
        inner = parse_agency(parsed.office)
        if inner.county and not (inner.province or inner.prefecture):
            return replace(inner, prefecture=parsed.county)
    return parsed


def _function(parsed: AgencyName) -> tuple[str, str, str]:
    if _GOVERNMENT.match(parsed.office):
        return "政府", "now", "政府"
    if _GOVERNMENT_OFFICE.match(parsed.office):
        return "政府", "office", "政府办公室"
    word, common = function_words(parsed.office)
    line, branch = _successions().get(word, (common, "now"))
    return line, branch, word


def _bare(place: str) -> str:
    return _PLACE_END.sub("", place) or place


def likeness(one: Identity, other: Identity) -> float:
    """Return how sure it is that two names mean one agency: 1 for the same name, 0 for no.

    Examples
    --------
    >>> likeness(identify("江宁县水利局"), identify("江宁区水利局"))
    0.93
    >>> likeness(identify("宁波市工商局"), identify("宁波市市场监督管理局"))
    0.5
    """
    if one.key != other.key:
        return 0.0
    if one.is_mapped:
        return 1.0
    return round(_place_likeness(one, other) * _function_likeness(one, other), 4)


def _place_likeness(one: Identity, other: Identity) -> float:
    if not any(one.parts):
        # 水务局 alone: whose it is, nothing says.
        is_placed = one.name == other.name and _OWN_PLACE.match(one.name)
        return 1.0 if is_placed else _NO_PLACE
    score = 1.0
    for mine, theirs in zip(one.parts, other.parts, strict=True):
        if mine == theirs:
            continue
        if mine and theirs and _bare(mine) != _bare(theirs):
            return 0.0
        has_ends = all(_PLACE_END.search(p) for p in (mine, theirs) if p)
        changed = bool(mine and theirs) and has_ends
        score *= _STATUS_CHANGED if changed else _PREFIX_LEFT_OUT
    return max(score, _STATUS_CHANGED * _PREFIX_LEFT_OUT)


def _function_likeness(one: Identity, other: Identity) -> float:
    if one.word == other.word:
        return 1.0
    branches = {one.branch, other.branch}
    if "office" in branches:
        return _OWN_OFFICE
    if len(branches) == 1:
        return _SHORT_FORM
    if branches == {"now", "renamed"}:
        return _RENAMED
    return _MERGED if branches & {"now", "renamed"} else 0.0
