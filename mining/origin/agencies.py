"""Names of agencies: the place, the office, its level, and whether two names mean the same."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

__all__ = [
    "ENDINGS",
    "LAST_SIGNS",
    "AgencyName",
    "Likeness",
    "compare_agencies",
    "function_words",
    "is_agency",
    "parse_agency",
]

Likeness = Literal["same", "unsure", "different"]

_ENDINGS = (
    "局|委员会|委|办公室|办|厅|政府|办事处|街道|镇|乡|中心|院|大队|支队|总队|集团|公司|学校|大学"
    "|中学|小学|所|站|部|署|银行|会|社|处|馆|台|海关"
)
ENDINGS = f"(?:{_ENDINGS})"
"""Pattern of the words an agency's name ends with."""

LAST_SIGNS = "".join(dict.fromkeys(word[-1] for word in _ENDINGS.split("|")))
"""The last characters of these words."""

_IS_AGENCY = re.compile(rf"[\u4e00-\u9fff()]{{1,40}}{ENDINGS}$")
_COUNTY = re.compile(r"[\u4e00-\u9fff]{1,14}?(?:自治县|自治旗|新区|县|区|市|旗)")
_NO_COUNTY = re.compile(r"社区|小区|地区|辖区|片区|校区|灾区|库区|^[城市郊]区")
_ZONE = re.compile(
    r"[\u4e00-\u9fff]{0,12}?(?:开发区|高新区|高新技术产业园区|保税区|园区|景区|示范区)"
)
_TOWNSHIP = re.compile(
    r"(?P<name>[\u4e00-\u9fff]{1,6}?(?:街道|镇|乡|苏木))"
    r"(?=人民政府|政府|办事处|办|党|综合|便民|$)"
)
_BRANCH = re.compile(r"局(?P<place>[\u4e00-\u9fff]{2,8}?)分局$")
_SUFFIX = re.compile(r"(?:分局|总局|局|委员会|委|办公室|办|厅|部|中心|署|院|处)$")
_OWN_OFFICE = re.compile(
    r"(?:人民政府|政府|党政|党委|政务公开|综合).{0,14}(?:办公室|办|中心|科|室|领导小组)$"
)
_GOVERNMENT = re.compile(r"^(?:人民政府|政府|管理委员会|管委会|办事处)?$")
_FILLER = re.compile(r"[和与及、()\s]")
_PLACE_SUFFIX = re.compile(r"(?:自治县|自治旗|地区|新区|市|县|区|旗|盟)$")
_PLACE_WORDS = frozenset("省区县市镇乡路湖")
_MUNICIPALITIES = frozenset({"北京市", "天津市", "上海市", "重庆市"})
_MINISTRY = re.compile(
    r"^(?!.*(?:宣传|组织|统战|武装|支|项目))[\u4e00-\u9fff]{2,10}(?:部|总局|总署)$"
)
_ORGAN = re.compile(r"^[\u4e00-\u9fff]{2,12}?(?:总局|银行|局)(?=[\u4e00-\u9fff]{3,}$)")
_BARE_LEVELS = {"省": "province", "县": "county", "区": "county"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyName:
    """An agency's name taken apart; empty strings where the name says nothing.

    Parameters
    ----------
    text
        The name itself.
    province, prefecture, county
        Full names (宁波市) where the name prints or shortens them; a county-level place without
        its 区, 县 or 市 keeps the short form (海门).
    township
        A town, township or street, with that word.
    office
        What remains: the function and the kind of agency.
    is_branch
        Whether it is a 分局 of a higher agency.
    is_outpost
        Whether it is a province's branch for a prefecture.
    is_national
        Whether the name starts like that of a national agency.
    """

    text: str
    province: str = ""
    prefecture: str = ""
    county: str = ""
    township: str = ""
    office: str = ""
    is_branch: bool = False
    is_outpost: bool = False
    is_national: bool = False

    @property
    def region(self) -> str:
        """Place of the agency, prefecture and county together; the province if no more is known."""
        county = self.county if _PLACE_SUFFIX.search(self.county) else ""
        if self.prefecture or (county and self.province not in _MUNICIPALITIES):
            return self.prefecture + county
        return self.province + county

    @property
    def level(self) -> str:
        """``national``, ``province``, ``prefecture``, ``county``, ``township``, or empty."""
        if self.township:
            return "township"
        if self.county or (self.is_branch and self.province and not self.is_outpost):
            return "county"
        if self.prefecture:
            return "prefecture"
        if self.province:
            return "province"
        if self.is_national or _MINISTRY.match(self.text):
            return "national"
        return _BARE_LEVELS.get(self.text[:1], "")


@dataclass(frozen=True, slots=True)
class _Places:
    """Names of places and habits of naming, indexed for prefix look-up."""

    provinces: dict[str, str]
    prefectures: dict[str, tuple[str, str]]
    functions: frozenset[str]
    national: tuple[str, ...]
    synonyms: tuple[tuple[str, str], ...]


@lru_cache(maxsize=1)
def _places() -> _Places:
    text = files("mining").joinpath("data/regions.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    ethnic = re.compile(f"(?:{'|'.join(data['ethnic'])})+自治州$")
    provinces = _province_names(data["provinces"])
    prefectures: dict[str, tuple[str, str]] = {}
    for province, members in data["provinces"].items():
        for member in members:
            prefectures[member] = (member, province)
            stem = ethnic.sub("", member)
            bare = stem if stem != member else re.sub("(?:地区|市|盟)$", "", member)
            if bare not in provinces:  # 海南 alone is the province
                prefectures.setdefault(bare, (member, province))
            if stem != member:
                prefectures[f"{stem}州"] = (member, province)
    pairs = [(_bare_function(w), group[0]) for group in data["synonyms"] for w in group]
    ranked = tuple(sorted(pairs, key=lambda p: -len(p[0])))
    return _Places(
        provinces, prefectures, frozenset(data["functions"]), tuple(data["national"]), ranked
    )


def _province_names(names: Iterable[str]) -> dict[str, str]:
    ending = re.compile("(?:壮族|回族|维吾尔)?自治区$|特别行政区$|[省市]$")
    return {name: full for full in names for name in (full, ending.sub("", full))}


def is_agency(text: str) -> bool:
    """Tell whether `text` reads like the name of an agency, from first to last character.

    Examples
    --------
    >>> is_agency("江宁县水利局"), is_agency("江宁县水利")
    (True, False)
    """
    return _IS_AGENCY.match(text) is not None


@lru_cache(maxsize=4096)
def parse_agency(text: str) -> AgencyName:
    """Take an agency's name apart.

    Examples
    --------
    >>> parse_agency("宁波市江宁区水利局").region, parse_agency("宁波市水利局江宁分局").level
    ('宁波市江宁区', 'county')
    """
    rest, is_national = _strip_national(text)
    province, prefecture, rest = _leading_places(rest)
    county, rest = _leading_county(rest)
    township = _TOWNSHIP.match(rest)
    if township:
        rest = rest[township.end() :]
    office, branch_place = _split_branch(rest)
    is_outpost = not prefecture and branch_place in _places().prefectures
    if is_outpost:
        prefecture, branch_place = _places().prefectures[branch_place][0], ""
    if not county and not township:
        county = branch_place or _leftover(office, has_place=bool(prefecture))
        office = office.removeprefix(county)
    return AgencyName(
        text=text,
        province=province,
        prefecture=prefecture,
        county=_county_of(county, prefecture),
        township=township["name"] if township else "",
        office=office,
        is_branch=text.endswith("分局"),
        is_outpost=is_outpost,
        is_national=is_national,
    )


def _strip_national(text: str) -> tuple[str, bool]:
    # 国家税务总局宁波市税务局: the local office follows the national name.
    if not text.startswith(_places().national):
        return text, False
    for start in range(2, len(text) - 2):
        province, prefecture, _ = _leading_places(text[start:])
        if province or prefecture:
            return text[start:], True
    return _ORGAN.sub("", text), True


def _leading_places(text: str) -> tuple[str, str, str]:
    province = prefecture = ""
    name = _prefix(text, _places().prefectures)
    if not name and (name := _prefix(text, _places().provinces)):
        province, text = _places().provinces[name], text[len(name) :]
        name = _prefix(text, _places().prefectures)
    if name:
        prefecture, province = _places().prefectures[name]
        text = text[len(name) :]
    return province, prefecture, text


def _prefix(text: str, names: Iterable[str]) -> str:
    """Return the longest name that `text` starts with, if it is not part of a longer place name."""
    for length in range(min(11, len(text)), 1, -1):
        head = text[:length]
        if head in names:
            is_full = head[-1] in "省市州盟区" and length > 2
            if is_full or text[length : length + 1] not in _PLACE_WORDS:
                return head
    return ""


def _leading_county(text: str) -> tuple[str, str]:
    match = _ZONE.match(text)
    if match is None and text[:2] not in _places().functions:
        match = _COUNTY.match(text)
        if match and _NO_COUNTY.search(match[0]):
            match = None
    return (match[0], text[match.end() :]) if match else ("", text)


def _split_branch(text: str) -> tuple[str, str]:
    match = _BRANCH.search(text)
    if match is None:
        return text, ""
    return text[: match.start() + 1], match["place"]


def _leftover(text: str, *, has_place: bool) -> str:
    """Return a place without 区, 县 or 市 that stands before the function (海门|生态环境局)."""
    functions = _places().functions
    if not has_place or text[:2] in functions or text[:3] in functions:
        return ""
    for length in (2, 3, 4):
        if text[length : length + 2] in functions:
            return text[:length]
    return ""


def _county_of(place: str, prefecture: str) -> str:
    # 浙江省…局宁波分局: the branch serves the prefecture that was already named.
    return "" if place and prefecture.startswith(place) else place


def compare_agencies(one: str, other: str) -> Likeness:
    """Tell whether two names mean the same agency.

    Abbreviations, reform names, a missing place and an agency's own office count as the same.
    ``different`` is said only when two places of one level or two functions have nothing in common.

    Examples
    --------
    >>> compare_agencies("宁波市江宁区环保局", "宁波市生态环境局江宁分局")
    'same'
    >>> compare_agencies("江宁区水利局", "海曙区水利局")
    'different'
    """
    if one == other or one in other or other in one:
        return "same"
    left, right = parse_agency(one), parse_agency(other)
    offices = _compare_offices(left, right)
    if _places_differ(left, right):
        return "different" if offices == "same" else "unsure"
    return offices


def _places_differ(left: AgencyName, right: AgencyName) -> bool:
    pairs = (
        (left.province, right.province),
        (left.prefecture, right.prefecture),
        (left.county, right.county),
        (left.township, right.township),
    )
    return any(a and b and _bare(a) != _bare(b) for a, b in pairs)


def _bare(place: str) -> str:
    return _PLACE_SUFFIX.sub("", place) or place


def _compare_offices(left: AgencyName, right: AgencyName) -> Likeness:
    one, other = left.office, right.office
    if _is_government(one) or _is_government(other):
        both = _is_government(one) and _is_government(other)
        return "same" if both else "unsure"
    a, b = _function_key(one), _function_key(other)
    if not a or not b:
        return "unsure"
    if a in b or b in a or _is_abbreviation(a, b) or _is_abbreviation(b, a):
        return "same"
    return "unsure" if set(a) & set(b) else "different"


def _is_government(office: str) -> bool:
    # A government's report is often signed by its office.
    return bool(_GOVERNMENT.match(office) or _OWN_OFFICE.match(office))


@lru_cache(maxsize=4096)
def _function_key(office: str) -> str:
    key = _bare_function(_SUFFIX.sub("", office))
    for word, canonical in _places().synonyms:
        if key.startswith(word):
            return canonical + key[len(word) :]
    return key


def function_words(office: str) -> tuple[str, str]:
    """Return what an office deals with: as printed, and under the name that its synonyms share.

    Examples
    --------
    >>> function_words("环境保护局")
    ('环境保护', '生态环境')
    """
    return _bare_function(_SUFFIX.sub("", office)), _function_key(office)


def _bare_function(text: str) -> str:
    return _FILLER.sub("", text.removesuffix("管理"))


def _is_abbreviation(short: str, long: str) -> bool:
    """Tell whether the characters of `short` stand in `long` in the same order."""
    rest = iter(long)
    return len(short) >= 2 and all(char in rest for char in short)
