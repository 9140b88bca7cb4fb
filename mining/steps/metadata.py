"""Step: whose report this is, and of which year, from title, period, signature and file name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mining.form import Form
from mining.frozen import maker
from mining.origin.agencies import compare_agencies, parse_agency
from mining.origin.reportyears import Opening, body_years, periods, preamble_years
from mining.origin.statements import (
    agency_before,
    body_agencies,
    find_titles,
    preamble_agencies,
    signature,
)
from mining.report import Fact, Meta, Report, change_report, make_fact
from mining.settings import Settings

__all__ = ["read_metadata"]

_make_meta = maker(Meta)

_RANK = {"title": 0, "period": 1, "preamble": 2, "body": 3, "signature": 4, "file": 5}
_AGENCY_RANK = {"title": 0, "signature": 1, "preamble": 2, "body": 3, "file": 4}
_SURE_NAME = 0.6
_FILE_YEAR = re.compile(r"(?<!\d)20[0-3]\d(?!\d|[-_.]\d\d?[-_.])")
_OWN_PLACE = re.compile(r"[我全](?P<unit>省|区|县|镇|乡|街道)(?!域|部|长|委|体)")
_UNIT_LEVELS = {
    "省": "province",
    "区": "county",
    "县": "county",
    "镇": "township",
    "乡": "township",
    "街道": "township",
}
_PLACE_ENDINGS = ("区", "县", "市", "旗")


def read_metadata(report: Report, form: Form, settings: Settings) -> Report:  # noqa: ARG001
    """Fill ``Report.meta`` with year, agency, region and level, each with all statements found.

    Only the opening and the last lines are read. The year is taken from the title, else the period
    statement, the preamble, the year the first section names most, the signature, the file name;
    among equals the one that most others agree with. A signature counts as the year that its date
    implies. ``None`` stays where nothing is said.

    Parameters
    ----------
    report
        A report with normalised text.
    form, settings
        Not used; every step takes them.

    Returns
    -------
    Report
        The report with ``meta`` filled.
    """
    opening = Opening.of(report.text)
    titles = list(find_titles(opening))
    signer, signed = signature(report.text)
    dated = [signed] if signed else []
    file_name = _file_name(report)
    start = max((title.end for title in titles), default=0)
    years = _rank_years(
        [
            *(fact for title in titles for fact in title.years),
            *periods(opening),
            *preamble_years(opening, start=start),
            *body_years(opening),
            *dated,
            *_file_years(file_name),
        ]
    )
    agencies = _rank_agencies(
        [
            *(title.agency for title in titles if title.agency),
            *([signer] if signer else []),
            *preamble_agencies(opening, start=start),
            *body_agencies(opening, start=start),
            *_file_agencies(file_name),
        ]
    )
    regions = _regions(agencies, report.text)
    levels = _levels(agencies, opening)
    meta = _make_meta(
        year=int(years[0].value) if years else None,
        agency=agencies[0].value if agencies else None,
        region=regions[0].value if regions else None,
        level=levels[0].value if levels else None,
        years=years,
        agencies=agencies,
        regions=regions,
        levels=levels,
    )
    return change_report(report, meta=meta)


def _rank_years(facts: list[Fact]) -> tuple[Fact, ...]:
    """Order by source; among facts of one source, by how many other sources agree."""
    sources: dict[str, set[str]] = {}
    for fact in facts:
        sources.setdefault(fact.value, set()).add(fact.source)
    return tuple(
        sorted(
            _distinct(facts),
            key=lambda f: (_RANK[f.source], -len(sources[f.value]), -f.score),
        )
    )


def _rank_agencies(facts: list[Fact]) -> tuple[Fact, ...]:
    """Order by source, doubtful names last; a name with its place stands before one without."""
    ranked = sorted(_distinct(facts), key=lambda f: (f.score < _SURE_NAME, _AGENCY_RANK[f.source]))
    if not ranked or parse_agency(ranked[0].value).level:
        return tuple(ranked)
    for fact in ranked[1:]:
        is_same = compare_agencies(ranked[0].value, fact.value) == "same"
        if is_same and fact.score >= _SURE_NAME and parse_agency(fact.value).level:
            return (fact, *(f for f in ranked if f is not fact))
    return tuple(ranked)


def _distinct(facts: Iterable[Fact]) -> list[Fact]:
    """Keep the surest of equal statements: a page's 来源 line stands before the preamble."""
    best: dict[tuple[str, str], Fact] = {}
    for fact in facts:
        key = (fact.source, fact.value)
        if key not in best or fact.score > best[key].score:
            best[key] = fact
    return list(best.values())


def _file_name(report: Report) -> str:
    name = (report.source.uri or report.id).replace("\\", "/").rstrip("/").rpartition("/")[2]
    dot = name.rfind(".")
    # A name that begins or ends with its only dot has no suffix.
    return name[:dot] if 0 < dot < len(name) - 1 else name


def _file_years(file_name: str) -> list[Fact]:
    found = _FILE_YEAR.findall(file_name)
    return [make_fact(value=year, score=0.3, source="file") for year in dict.fromkeys(found)]


def _file_agencies(file_name: str) -> list[Fact]:
    name = agency_before(file_name)
    return [make_fact(value=name, score=0.3, source="file")] if len(name) > 3 else []


def _regions(agencies: tuple[Fact, ...], text: str) -> tuple[Fact, ...]:
    facts = []
    for fact in agencies:
        name = parse_agency(fact.value)
        region = name.region
        if name.county and not region.endswith(name.county):
            region += _spelled_out(name.county, text)
        if region:
            facts.append(_with_value(fact, region))
    return tuple(_distinct(facts))


def _with_value(fact: Fact, value: str) -> Fact:
    return make_fact(value=value, score=fact.score, source=fact.source, span=fact.span)


def _spelled_out(place: str, text: str) -> str:
    """Return 镇海区 for 镇海 when the report says so somewhere, else nothing."""
    found = [place + end for end in _PLACE_ENDINGS if place + end in text]
    return found[0] if len(found) == 1 else ""


def _levels(agencies: tuple[Fact, ...], opening: Opening) -> tuple[Fact, ...]:
    facts = [
        _with_value(fact, level) for fact in agencies if (level := parse_agency(fact.value).level)
    ]
    if not facts and (match := _OWN_PLACE.search(opening.text)):
        facts.append(make_fact(value=_UNIT_LEVELS[match["unit"]], score=0.4, source="body"))
    return tuple(_distinct(facts))
