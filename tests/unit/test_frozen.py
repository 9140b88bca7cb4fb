"""Objects made by the quick constructors are those that the frozen classes make."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, fields, replace
from typing import Any

import pytest

from mining.finding import Evidence, Finding, make_evidence, make_finding
from mining.report import (
    Block,
    Cell,
    Fact,
    Figure,
    Link,
    Point,
    Provenance,
    Report,
    Section,
    Source,
    ThemeScore,
    change_report,
    make_block,
    make_cell,
    make_fact,
    make_figure,
    make_link,
    make_point,
    make_provenance,
    make_section,
    make_theme_score,
)
from mining.spans import Edit, make_edit

MADE: list[tuple[Callable[..., Any], type[Any]]] = [
    (make_block, Block),
    (make_cell, Cell),
    (make_edit, Edit),
    (make_evidence, Evidence),
    (make_fact, Fact),
    (make_figure, Figure),
    (make_finding, Finding),
    (make_link, Link),
    (make_point, Point),
    (make_provenance, Provenance),
    (make_section, Section),
    (make_theme_score, ThemeScore),
]


@pytest.mark.parametrize(("make", "cls"), MADE, ids=[cls.__name__ for _, cls in MADE])
def test_made_objects_are_frozen_ones(make: Callable[..., Any], cls: type[Any]) -> None:
    told = {field.name: f"{field.name}!" for field in fields(cls)}

    made = make(**told)

    assert type(made) is cls
    expected = cls(**told)
    assert (made, hash(made), repr(made)) == (expected, hash(expected), repr(expected))
    assert pickle.loads(pickle.dumps(made)) == expected  # noqa: S301 - our own bytes
    with pytest.raises(FrozenInstanceError):
        setattr(made, fields(cls)[0].name, "other")


@pytest.mark.parametrize(("make", "cls"), MADE, ids=[cls.__name__ for _, cls in MADE])
def test_defaults_are_those_of_the_class(make: Callable[..., Any], cls: type[Any]) -> None:
    needed = {f.name: "x" for f in fields(cls) if f.default is MISSING}

    assert make(**needed) == cls(**needed)
    for name in needed:
        with pytest.raises(TypeError, match=name):
            make(**{n: v for n, v in needed.items() if n != name})


@pytest.mark.parametrize("name", [field.name for field in fields(Report)])
def test_a_changed_report_is_one_that_replace_makes(name: str) -> None:
    told: dict[str, Any] = {field.name: (field.name,) for field in fields(Report)}
    report = Report(**told)

    change: dict[str, Any] = {name: ("other",)}

    changed = change_report(report, **change)

    assert type(changed) is Report
    assert changed == replace(report, **change) != report
    with pytest.raises(FrozenInstanceError):
        setattr(changed, name, "other")


def test_a_report_has_no_other_fields_to_change() -> None:
    report = Report(id="a", source=Source(uri="a"), raw_text="")

    with pytest.raises(AttributeError, match="txt"):
        change_report(report, txt="")
