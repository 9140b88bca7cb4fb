"""One fact in many people's words: each number links to its cell, and others to none."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from mining.catalog import shipped_forms
from mining.generate.marks import parse_marks
from mining.pipeline import read_passage
from mining.report import Meta
from tests.support import SETTINGS

PASSAGES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "rules" / "wordings.toml").read_text(encoding="utf-8")
)["passages"]
FORMS = {form.id: form for form in shipped_forms()}
YEARS = {"disclosure-2014": 2016, "disclosure-2019": 2020, "disclosure-2021": 2022}
CASES = [
    pytest.param(passage, text, id=f"{passage['form']}-{passage['section']}-{number}")
    for passage in PASSAGES
    for number, text in enumerate(passage["texts"], 1)
]


@pytest.mark.parametrize(("passage", "marked"), CASES)
def test_cells(passage: dict[str, Any], marked: str) -> None:
    text, marks = parse_marks(marked)
    report = read_passage(
        text,
        section=passage["section"],
        form=FORMS[passage["form"]],
        settings=SETTINGS,
        meta=Meta(year=YEARS[passage["form"]], agency="青原县水务局"),
    )
    figures = report.figures or ()
    linked = {
        (figures[link.figure].span.start, figures[link.figure].span.end): link.address
        for link in report.links or ()
    }

    wanted = {(m.start, m.end): m.mark.cells for m in marks if m.mark.cells}

    assert set(linked) == set(wanted)
    assert all(address in wanted[place] for place, address in linked.items())
