"""The rule `table-identity` through a family of reports that is nothing but a form file."""

from __future__ import annotations

from pathlib import Path

import pytest

from mining.catalog import RULES
from mining.errors import FormError
from mining.finding import Finding, Status
from mining.form import Form
from mining.formload.file import load_form
from mining.pipeline import check_report
from tests.support import SETTINGS, narrative_report

FORM = """
schema = 1
id = "rule-of-law"
family = "rule-of-law"
template = "law"
title = "法治政府建设年度报告"

[detect]
titles = ["法治政府建设~报告"]

[[sections]]
key = "overview"
order = 1
headings = ["总体情况"]

[[tables]]
key = "cases"
section = "overview"
layout = "rows"
columns = [{ key = "review", labels = ["行政复议"] }, { key = "suit", labels = ["行政诉讼"] }]
rows = [
  { key = "upheld", labels = ["维持"] },
  { key = "corrected", labels = ["纠正"] },
  { key = "total", labels = ["合计"] },
]

[[checks]]
key = "sums"
rule = "table-identity"
table = "cases"
identity = "%s"
"""


def load(folder: Path, identity: str, *, extra: str = "") -> Form:
    path = folder / "law.toml"
    path.write_text(FORM % identity + extra, encoding="utf-8")
    return load_form(path, rules=RULES)


def run(form: Form, **cells: int | None) -> list[Finding]:
    named = {f"cases.{key.replace('__', '.')}": value for key, value in cells.items()}
    report = narrative_report("总体情况。", named, form=form)
    return list(check_report(report, form, settings=SETTINGS))


def test_each_column_is_compared(tmp_path: Path) -> None:
    form = load(tmp_path, "upheld + corrected == total")
    review = {"upheld__review": 3, "corrected__review": 1, "total__review": 5}
    found = run(form, **review, upheld__suit=2, total__suit=2)

    assert [(f.status, f.cell, f.difference) for f in found] == [
        (Status.MISMATCH, "cases.total.review", 1),
        (Status.CONSISTENT, "cases.total.suit", 0),
    ]
    assert found[0].formula == "cases.upheld.review + cases.corrected.review == cases.total.review"


@pytest.mark.parametrize(
    ("identity", "total", "holds"),
    [
        ("upheld <= total", 3, True),
        ("upheld <= total", 2, False),
        ("total >= upheld + corrected", 4, True),
        ("total >= upheld + corrected", 3, False),
        ("total - corrected == upheld", 4, True),
        ("total - corrected == upheld", 5, False),
    ],
)
def test_operators_and_signs(tmp_path: Path, identity: str, total: int, *, holds: bool) -> None:
    form = load(tmp_path, identity)
    found = run(form, upheld__review=3, corrected__review=1, total__review=total)

    assert (found[0].status is Status.CONSISTENT) == holds


def test_rows_are_compared_when_asked(tmp_path: Path) -> None:
    form = load(tmp_path, "review >= suit", extra='each = "row"\n')
    found = run(form, upheld__review=3, upheld__suit=4)

    assert [f.status for f in found] == [Status.MISMATCH, Status.CONSISTENT, Status.CONSISTENT]


def test_blanks_are_not_verifiable(tmp_path: Path) -> None:
    form = load(tmp_path, "upheld + corrected == total")
    found = run(form, upheld__review=3, total__review=None)

    assert (found[0].status, found[0].reason) == (Status.UNVERIFIABLE, "blank-cell")


@pytest.mark.parametrize("identity", ["upheld + == total", "upheld", "upheld * 2 == total"])
def test_a_broken_identity_is_an_error_of_the_form(tmp_path: Path, identity: str) -> None:
    with pytest.raises(FormError, match="identity"):
        load(tmp_path, identity)
