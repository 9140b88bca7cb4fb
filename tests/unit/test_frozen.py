"""Objects made by the quick constructors are those that the frozen classes make."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, fields, replace
from typing import Any

import pytest

from mining.finding import Evidence, Finding, make_evidence, make_finding
from mining.frozen import changer
from mining.report import (
    Block,
    Cell,
    Figure,
    Provenance,
    Report,
    Source,
    change_report,
    make_block,
    make_cell,
    make_figure,
    make_provenance,
)

MADE: list[tuple[Callable[..., Any], type[Any]]] = [
    (make_block, Block),
    (make_cell, Cell),
    (make_evidence, Evidence),
    (make_figure, Figure),
    (make_finding, Finding),
    (make_provenance, Provenance),
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


def test_a_changed_report_is_what_replace_makes() -> None:
    report = Report(id="a", source=Source(uri="a.txt"), raw_text="甲", text="乙", tables=())
    before = repr(report)
    change: dict[str, Any] = {"text": "丙", "tables": None, "form": "f"}

    changed = change_report(report, **change)

    assert type(changed) is Report
    assert changed == replace(report, **change)
    assert repr(report) == before
    with pytest.raises(FrozenInstanceError):
        changed.text = "丁"  # type: ignore[misc]


def test_only_fields_can_be_changed() -> None:
    with pytest.raises(AttributeError, match="rows"):
        changer(Provenance)(Provenance(), rows=1)
