"""Folders of results with many regions, years and rules, for tests of charts."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pandas as pd

from tests.panelruns import PanelRun

LONG = ("黔西南布依族苗族自治州", "积石山保安族东乡族撒拉族自治县")
OFFICES = (
    "人民政府",
    "公安局",
    "教育局",
    "生态环境局",
    "水利局",
    "审计局",
    "民政局",
    "卫生健康委员会",
)
DENIED = (
    *("state_secret", "law", "safety", "third_party"),
    *("internal", "process", "case_file", "inquiry"),
)
REFUSED = tuple(f"applications.denied.{name}.total" for name in DENIED)
UNAVAILABLE = ("not_held", "needs_creation", "unclear")
REJECTED = ("petition", "repeat", "publication", "excessive", "confirmation")
RULES = (
    *("narrative-table", "narrative-parts", "narrative-percent", "narrative-conflict"),
    *("narrative-growth", "narrative-none", "table-row-total", "table-results-total"),
    *("table-balance", "table-litigation-total", "table-value", "table-unit", "table-decisions"),
    *("years-carried", "years-items", "years-in-force", "years-same", "form-section-missing"),
    *("form-year", "form-template", "form-copied"),
)


def table_cells(counts: Sequence[int], refused: Sequence[int], received: int) -> dict[str, float]:
    """Return the cells of the statutory table: granted, partial, unavailable, rejected, other."""
    granted, partial, unavailable, rejected, other = counts
    cells = dict.fromkeys((f"applications.unavailable.{n}.total" for n in UNAVAILABLE), 0)
    cells |= dict.fromkeys((f"applications.rejected.{n}.total" for n in REJECTED), 0)
    cells |= dict(zip(REFUSED, refused, strict=True))
    cells |= {
        "applications.received.total": received,
        "applications.carried_in.total": 0,
        "applications.granted.total": granted,
        "applications.partial.total": partial,
        "applications.unavailable.not_held.total": unavailable,
        "applications.rejected.repeat.total": rejected,
        "applications.other.total": other,
        "applications.total.total": sum(counts) + sum(refused),
    }
    return {name: float(value) for name, value in cells.items()}


def indicator_cells(chance: random.Random, year: int) -> dict[str, float]:
    """Return the cells of the indicators of form 2014."""
    granted, partial, denied = (chance.randint(0, n) for n in (30, 6, 8))
    rest = [chance.randint(0, 5) for _ in range(5)]
    names = ("already_public", "not_this_agency", "not_exist", "clarify", "other_route")
    cells = {f"replies_{name}": n for name, n in zip(names, rest, strict=True)}
    cells |= {"replies_granted": granted, "replies_partial": partial, "replies_denied": denied}
    handled = granted + partial + denied + sum(rest)
    cells |= {"replies": handled, "applications": handled + chance.randint(0, 3)}
    growth = (year - 2012) ** 2
    cells |= {"website": chance.randint(500, 30_000), "wechat": growth * chance.randint(0, 90)}
    cells |= {"weibo": chance.randint(0, 2000), "gazette": chance.randint(0, 9)}
    cells |= {"other_channels": chance.randint(0, 400)}
    return {f"indicators.{name}.count": float(value) for name, value in cells.items()}


def many(years: Sequence[int] = tuple(range(2009, 2024)), regions: int = 30) -> PanelRun:
    """Return a run of many regions, years and rules, with more requests from year to year."""
    chance = random.Random(3)
    made = PanelRun()
    for i in range(regions):
        region = LONG[i] if i < len(LONG) else f"宁波市第{i}县"
        for office in OFFICES[: 2 + i % 7]:
            for year in years:
                _add(made, chance, region, office, year, openness=0.3 + 0.6 * i / regions)
    return made


def _add(
    made: PanelRun, chance: random.Random, region: str, office: str, year: int, openness: float
) -> None:
    cells: dict[str, float] = {}
    template = "2008" if year < 2014 else "2014"
    if year >= 2019:
        template = "2019" if year < 2021 else "2021"
        handled = chance.randint(0, 12 * (year - 2015))
        granted = round(handled * openness * chance.uniform(0.6, 1))
        refused = [0] * 8
        for _ in range((handled - granted) // 3):
            refused[min(int(chance.expovariate(0.4)), 7)] += 1
        left = handled - granted - sum(refused)
        parts = [left // 4, left // 3, left // 6]
        counts = (granted, *parts, left - sum(parts))
        cells = table_cells(counts, refused, handled + chance.randint(0, 3))
    elif year >= 2014:
        cells = indicator_cells(chance, year)
    report = made.add(region + office, year, cells, region=region, template=template)
    for k, rule in enumerate(RULES):
        status = "mismatch" if chance.random() < 0.35 * 0.75**k else "consistent"
        made.add_finding(report, rule, status)


def keyness_of(groups: Sequence[str], by: str = "year", words: int = 30) -> pd.DataFrame:
    """Return a table of keyness with words of both directions."""
    chance = random.Random(5)
    terms = ("政务新媒体", "依申请公开", "基层政务公开标准化规范化", "营商环境", "疫情防控", "网站")
    rows = []
    for group in groups:
        for k in range(words):
            ratio = chance.uniform(-4, 4)
            term = f"{terms[k % 6]}{k // 6 or ''}"
            row = {"by": by, "group": group, "term": term, "n": chance.randint(5, 400)}
            row |= {"log_ratio": ratio, "low": ratio - 0.5, "high": ratio + 0.5}
            rows.append(row | {"g2": abs(ratio) * 10, "p_adjusted": 0.001 if k % 9 else 0.4})
    return pd.DataFrame(rows)
