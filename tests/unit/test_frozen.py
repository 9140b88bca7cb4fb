"""Objects made by the quick constructors are those that the frozen classes make."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, fields
from typing import Any

import pytest

from mining.finding import Evidence, Finding, make_evidence, make_finding
from mining.report import (
    Block,
    Cell,
    Figure,
    Provenance,
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
