"""Hard sentences about roles, scopes, lists and links, each figure marked with what it is."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mining.catalog import STEPS, shipped_forms
from mining.generate.marks import PlacedMark, parse_marks
from mining.report import Figure, Meta, Report
from tests.support import SETTINGS, narrative_report

PASSAGES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "rules" / "links.toml").read_text(encoding="utf-8")
)["passages"]
FORMS = {form.id: form for form in shipped_forms()}
CASES = [
    pytest.param(passage, text, id=f"{passage['form']}-{passage['section']}-{number}")
    for passage in PASSAGES
    for number, text in enumerate(passage["texts"], 1)
]


def read(passage: dict[str, Any], text: str) -> Report:
    """Read a sentence without tables, as its agency's own of its year."""
    form = FORMS[passage["form"]]
    report = narrative_report(text, {}, form=form, section=passage["section"])
    report = replace(report, meta=Meta(year=passage["year"], agency=passage["agency"]))
    for step in STEPS[2:]:
        report = step(report, form, SETTINGS)
    return report


def pairs(report: Report, marks: tuple[PlacedMark, ...]) -> Iterator[tuple[Figure, PlacedMark]]:
    """Yield each marked number with the figure found there."""
    found = {(f.span.start, f.span.end): f for f in report.figures or () if f.claim == "number"}
    for mark in marks:
        if not mark.mark.is_none:
            yield found[mark.start, mark.end], mark


def test_there_are_enough_sentences() -> None:
    assert len(CASES) >= 200


@pytest.mark.parametrize(("passage", "marked"), CASES)
def test_roles_and_scopes(passage: dict[str, Any], marked: str) -> None:
    text, marks = parse_marks(marked)
    report = read(passage, text)

    for figure, placed in pairs(report, marks):
        mark = placed.mark
        assert figure.scope == mark.scope, mark.text
        # What is told of others may be counted up beside the report's own.
        if not mark.scope:
            assert figure.role == mark.role, mark.text


@pytest.mark.parametrize(("passage", "marked"), CASES)
def test_lists(passage: dict[str, Any], marked: str) -> None:
    text, marks = parse_marks(marked)
    report = read(passage, text)
    totals: dict[str, int] = {}
    parts: dict[str, list[int]] = {}
    for figure, placed in pairs(report, marks):
        for group in placed.mark.groups:
            if group.startswith("^"):
                totals[group.strip("^~")] = figure.id
            else:
                parts.setdefault(group, []).append(figure.id)

    found = {(b.total, b.parts) for b in report.breakdowns or ()}
    assert found == {(total, tuple(parts[name])) for name, total in totals.items()}


@pytest.mark.parametrize(("passage", "marked"), CASES)
def test_links(passage: dict[str, Any], marked: str) -> None:
    text, marks = parse_marks(marked)
    report = read(passage, text)
    links = {link.figure: link.address for link in report.links or ()}

    for figure, placed in pairs(report, marks):
        mark, address = placed.mark, links.get(figure.id)
        if mark.is_loose or (not mark.cells and _is_optional(passage, address)):
            continue
        assert (address in mark.cells) if mark.cells else address is None, mark.text


def _is_optional(passage: dict[str, Any], address: str | None) -> bool:
    """Rows of a table that a report of this form need not print are linked and never compared."""
    return address is not None and FORMS[passage["form"]].is_optional(address)  # type: ignore[arg-type]
