"""Statements of none in many people's words: each links to the cells that it says are 0."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from mining.catalog import shipped_forms
from mining.pipeline import read_passage
from mining.report import Meta
from tests.support import SETTINGS

PASSAGES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "rules" / "nones.toml").read_text(encoding="utf-8")
)["passages"]
FORMS = {form.id: form for form in shipped_forms()}
CASES = [
    pytest.param(passage, text, cells, id=text)
    for passage in PASSAGES
    for text, *cells in passage["says"]
]


@pytest.mark.parametrize(("passage", "text", "cells"), CASES)
def test_what_is_said_to_be_none(passage: dict[str, Any], text: str, cells: list[str]) -> None:
    report = read_passage(
        text,
        section=passage["section"],
        form=FORMS[passage["form"]],
        settings=SETTINGS,
        meta=Meta(year=2016, agency="青原县水务局"),
    )

    assert sorted(link.address for link in report.links or ()) == sorted(cells)
