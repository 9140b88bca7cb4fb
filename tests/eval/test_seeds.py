"""Facts about five real reports, read where they lie beside the project; figures only, no text.

The same assertions about structure run on corpora/sample in test_sample.py, so that a machine
without the real reports tests the same behaviour.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from mining.finding import Finding, Result, Status
from mining.pipeline import audit_report
from mining.settings import Settings

SEEDS = Path(__file__).parents[2].parent / "shared" / "seeds"
NAMES = ("000", "001", "002", "003", "004")
SIX = ["overview", "disclosure", "applications", "litigation", "problems", "other"]

pytestmark = pytest.mark.skipif(
    not SEEDS.is_dir(), reason="the real reports are not beside this checkout"
)


@pytest.fixture(scope="module")
def results() -> dict[str, Result]:
    found = {}
    for path in sorted(SEEDS.glob("*.txt")):
        found[path.name[:3]] = audit_report(
            path.read_bytes(), report_id=path.name, path=path, settings=Settings()
        )
    return found


def shown(result: Result, status: Status) -> list[tuple[str, str]]:
    return [(f.rule, str(f.cell or f.quote)) for f in result.findings if f.status is status]


def by_quote(result: Result, quote: str) -> Iterator[Finding]:
    return (f for f in result.findings if f.quote == quote and f.rule.startswith("narrative-"))


@pytest.mark.parametrize(
    ("name", "year", "agency", "template"),
    [
        ("000", 2020, "宁波市生态环境局镇海分局", "2019"),
        ("001", 2020, "宁波市镇海区综合行政执法局", "2019"),
        ("002", 2019, "南通市海门生态环境局", "2019"),
        ("003", 2020, "宁波市镇海区人民政府", "2019"),
        ("004", 2013, "镇海区环保局", "2008"),
    ],
)
def test_who_reports_on_what(
    results: dict[str, Result], name: str, year: int, agency: str, template: str
) -> None:
    report = results[name].report

    assert report.meta is not None
    assert (report.meta.year, report.meta.agency, report.template) == (year, agency, template)


def test_sections(results: dict[str, Result]) -> None:
    for name in ("000", "001", "002", "003"):
        sections = results[name].report.sections or ()
        assert [s.key for s in sections if s.key != "preface"] == SIX
    own = [s for s in results["004"].report.sections or () if s.key != "preface"]
    assert len(own) == 4
    assert [s.key for s in own[:3]] == ["unknown"] * 3


def test_sections_leave_no_gaps(results: dict[str, Result]) -> None:
    for result in results.values():
        sections = result.report.sections or ()
        assert sections[0].span.start == 0
        assert sections[-1].span.end == len(result.report.text)
        for first, second in itertools.pairwise(sections):
            assert first.span.end == second.span.start


def test_every_printed_cell_is_there_and_sure(results: dict[str, Result]) -> None:
    cells = [c for r in results.values() for t in r.report.tables or () for c in t.cells]

    assert len(cells) == 806
    assert min(c.score for c in cells) >= 0.9


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        (
            "000",
            (
                "disclosure.licensing 188 16 204|disclosure.penalties 95 -10 85|"
                "disclosure.coercion 13 2 15|disclosure.procurement 12 1251.9"
            ),
        ),
        (
            "001",
            (
                "disclosure.licensing 51 -5 1548|disclosure.other_services 18 -5 28|"
                "disclosure.penalties 378 0 1018|disclosure.coercion 2 0 0|disclosure.fees 2 0|"
                "applications.received 2 0 0 0 0 0 2|applications.granted 2 0 0 0 0 0 2|"
                "applications.total 2 0 0 0 0 0 2|applications.carried_out - - - - - - 0"
            ),
        ),
        (
            "002",
            (
                "disclosure.licensing 5 0 20|disclosure.other_services 7 -1 267|"
                "disclosure.penalties 128 9 67|disclosure.coercion 5 0 46|"
                "disclosure.procurement 9 2153.74|applications.received 3 0 0 0 0 0 3"
            ),
        ),
        (
            "003",
            (
                "disclosure.normative_documents 27 27 140|disclosure.licensing 792 0 34752|"
                "disclosure.other_services 415 -182 7840|disclosure.penalties 5046 0 4896|"
                "disclosure.coercion 145 0 44|disclosure.fees 20 2|"
                "disclosure.procurement 794 2808.8|"
                "applications.received 88 3 0 0 0 0 91|applications.carried_in 2 0 0 0 0 0 2|"
                "applications.granted 45 1 0 0 0 0 46|applications.partial 17 1 0 0 0 0 18|"
                "applications.denied.third_party 0 1 0 0 0 0 1|applications.total 85 3 0 0 0 0 88|"
                "applications.unavailable.not_held 10 0 0 0 0 0 10|"
                "applications.other 5 0 0 0 0 0 5|"
                "applications.carried_out 5 0 0 0 0 0 5|litigation.review 1 1 0 0 2|"
                "litigation.direct 1 0 0 0 1|litigation.after_review 0 0 0 0 0|"
                "indicators.published 23974|indicators.gazette 75|indicators.website 7997|"
                "indicators.weibo 7182|indicators.wechat 10038|indicators.other_channels 1993|"
                "indicators.hot_topics 4|indicators.press_conferences 13|"
                "indicators.press_conferences_by_head 10|indicators.interviews 2|"
                "indicators.interviews_by_head 2|indicators.interpretations 154|"
                "indicators.weibo_wechat_responses 1125|indicators.other_responses 6100"
            ),
        ),
    ],
)
def test_rows_that_are_not_zero(results: dict[str, Result], name: str, cells: str) -> None:
    tables = {t.key: t for t in results[name].report.tables or ()}
    for line in cells.split("|"):
        address, *values = line.split()
        table, _, row = address.partition(".")
        found = [c for c in tables[table].cells if c.row == row]
        assert ["-" if c.value is None else str(c.value) for c in found] == values, address


def test_all_other_cells_are_zero(results: dict[str, Result]) -> None:
    n_nonzero = {
        name: sum(1 for t in r.report.tables or () for c in t.cells if c.value)
        for name, r in results.items()
    }

    assert n_nonzero == {"000": 11, "001": 16, "002": 18, "003": 67, "004": 0}


@pytest.mark.parametrize(
    ("name", "quote", "status", "cell"),
    [
        ("003", "2.3万余条", "consistent", "indicators.published.count"),
        ("003", "7997条", "consistent", "indicators.website.count"),
        ("003", "93件", "consistent", "derived.accepted"),
        ("003", "88件", "consistent", "derived.handled"),
        ("003", "5件", "consistent", "applications.carried_out.total"),
        ("003", "2件", "consistent", "litigation.review.total"),
        ("003", "1万余条", "suspect", "derived.weibo_wechat"),
        ("003", "40篇", "suspect", "indicators.interpretations.count"),
        ("003", "5场次", "mismatch", "indicators.press_conferences.count"),
        ("001", "1018条", "consistent", "disclosure.penalties.decisions"),
        ("001", "1548条", "consistent", "disclosure.licensing.decisions"),
        ("002", "3件", "consistent", "derived.handled"),
    ],
)
def test_claims(results: dict[str, Result], name: str, quote: str, status: str, cell: str) -> None:
    found = [(str(f.status), f.cell) for f in by_quote(results[name], quote) if f.cell]

    assert (status, cell) in found
    assert {s for s, _ in found} == {status}


def test_one_case_each(results: dict[str, Result]) -> None:
    found = {str(f.cell): f.status for f in by_quote(results["003"], "1件")}

    assert found["litigation.review.corrected"] is Status.CONSISTENT
    assert found["derived.lawsuits"] is Status.CONSISTENT


@pytest.mark.parametrize(("name", "total"), [("000", "2003条"), ("001", "近3400条")])
def test_sums_of_parts(results: dict[str, Result], name: str, total: str) -> None:
    [found] = [
        f for f in results[name].findings if f.rule == "narrative-parts" and f.quote == total
    ]

    assert found.status is Status.CONSISTENT
    assert len(found.evidence) == 5


def test_no_other_mismatch(results: dict[str, Result]) -> None:
    mismatches = {name: shown(r, Status.MISMATCH) for name, r in results.items()}

    assert mismatches == {
        "000": [],
        "001": [],
        "002": [],
        "003": [("narrative-table", "indicators.press_conferences.count")],
        "004": [],
    }
