"""Hard phrases of tests/rules/figures.toml: each figure whole and right, and nothing else."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from mining.form import DetectSpec, Form
from mining.generate.marks import PlacedMark, parse_marks
from mining.report import Figure, Report, Section, Source
from mining.settings import Settings
from mining.spans import Span
from mining.steps.figures import extract_figures

_FILE = Path(__file__).parents[1] / "rules" / "figures.toml"
_FORM = Form(id="t", family="t", template="", title="", detect=DetectSpec(), sections=())

Told = tuple[str, int, Decimal, Decimal | None, Decimal | None, str, str, str]


def _phrases() -> list[str]:
    topics = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    blocks = [block for part in topics.values() for block in part.values()]
    return [line.replace("⏎", "\n") for block in blocks for line in block.splitlines() if line]


def _figures(text: str) -> tuple[Figure, ...]:
    whole = Span(0, len(text))
    section = Section(
        key="overview", title="", order=1, heading=Span(0, 0), span=whole, matched_by="", score=1
    )
    report = Report(id="x", source=Source(uri="x"), raw_text=text, text=text, sections=(section,))
    return extract_figures(report, _FORM, Settings()).figures or ()


def _decimal(number: int | Decimal | None) -> Decimal | None:
    return None if number is None else round(Decimal(number), 2)


def _read(text: str, figure: Figure) -> Told:
    q = figure.quantity
    span = figure.span
    return (
        span.of(text),
        span.start,
        round(Decimal(q.value), 2),
        _decimal(q.low),
        _decimal(q.high),
        q.unit,
        q.approx,
        figure.kind,
    )


def _marked(placed: PlacedMark) -> Told:
    m = placed.mark
    return (
        m.text,
        placed.start,
        round(m.value, 2),
        _decimal(m.low),
        _decimal(m.high),
        m.unit,
        m.approx,
        m.kind,
    )


def test_there_are_many_phrases() -> None:
    assert len(_phrases()) > 450


@pytest.mark.parametrize("phrase", _phrases())
def test_phrase(phrase: str) -> None:
    text, marks = parse_marks(phrase)

    assert [_read(text, f) for f in _figures(text)] == [_marked(m) for m in marks]
