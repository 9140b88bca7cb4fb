"""Kinds of agencies (乡镇街道, 公安, 教育 …) for comparisons, told by the name."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from mining.origin.agencies import parse_agency
from mining.study.labels import Lang, group_label

__all__ = ["agency_kind", "kind_label"]

OTHER = "other"
_SUFFIX = "_government"
# The government itself, or the office that signs for it; all that remains of the name.
_GOVERNMENT = re.compile(r"^(?:国务院)?(?:人民政府|政府)?(?:办公室|办公厅|办)?$")


@dataclass(frozen=True, slots=True)
class _Kinds:
    words: tuple[tuple[str, tuple[str, ...]], ...]
    names: dict[str, tuple[str, str]]


@cache
def _kinds() -> _Kinds:
    text = (files("mining") / "data" / "agency_kinds.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    names = {f"{level}{_SUFFIX}": tuple(pair) for level, pair in data["governments"].items()}
    names |= {kind["id"]: tuple(kind["names"]) for kind in data["kinds"]}
    words = tuple((kind["id"], tuple(kind["words"])) for kind in data["kinds"])
    return _Kinds(words, names)


@lru_cache(maxsize=8192)
def agency_kind(name: str) -> str:
    """Return the kind of the agency of this name, ``other`` when no kind fits.

    Examples
    --------
    >>> agency_kind("宁波市江宁区教育局"), agency_kind("宁波市江宁区人民政府")
    ('education', 'county_government')
    >>> agency_kind("江宁区水阳镇人民政府"), agency_kind("宁波市江宁区红十字会")
    ('township_government', 'other')
    """
    parsed = parse_agency(name)
    if parsed.township:
        return f"township{_SUFFIX}"
    if parsed.level and _GOVERNMENT.match(parsed.office):
        return f"{parsed.level}{_SUFFIX}"
    found = (kind for kind, words in _kinds().words if any(w in parsed.office for w in words))
    return next(found, OTHER)


def kind_label(kind: str, lang: Lang) -> str:
    """Return what a kind of agency is called.

    Examples
    --------
    >>> kind_label("education", "zh"), kind_label("other", "en")
    ('教育', 'Other agency')
    """
    pair = _kinds().names.get(kind)
    return group_label(kind, lang) if pair is None else pair[0 if lang == "zh" else 1]
