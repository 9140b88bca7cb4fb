"""Short ways taken for speed say what the long ways say."""

from __future__ import annotations

import time
import tomllib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from mining.catalog import RULES, shipped_forms
from mining.contracts import CheckContext
from mining.finding import Status
from mining.identity import Identity
from mining.nones import NoneIndex
from mining.quantities.approximation import make_quantity
from mining.quantities.mentions import find_mentions
from mining.quantities.scopes import find_scope
from mining.report import Address, Meta, Report, Source, Table, make_cell
from mining.settings import Settings
from mining.spans import Span
from mining.steps.figures import extract_figures
from mining.steps.normalize import normalize_text
from mining.sums import evidence_of
from mining.tabular.cellbook import CellBook
from tests.support import overview

NONES = Path(__file__).parents[1] / "rules" / "nones.toml"
FORM = next(form for form in shipped_forms() if form.template == "2021")


def litigation(*, without: str = "") -> Table:
    spec = FORM.table("litigation")
    assert spec is not None
    cells = [
        make_cell(
            table="litigation",
            row=row.key,
            column=column,
            raw=str(n),
            kind="number",
            value=n,
            span=Span(n, n + 1),
        )
        for n, (row, column) in enumerate((r, c) for r in spec.rows for c in r.columns)
        if row.key != without
    ]
    return Table(
        key="litigation",
        unit="件",
        cells=tuple(cells),
        span=Span(0, 99),
        section="litigation",
        style="rows",
        missing_rows=(without,) if without else (),
    )


def book(table: Table) -> CellBook:
    report = Report(id="r", source=Source(uri="r"), raw_text="", tables=(table,))
    return CellBook(report, FORM, Settings())


@pytest.mark.parametrize("without", ["", "review", "direct", "after_review"])
def test_every_cell_stands_at_its_own_address(without: str) -> None:
    table = litigation(without=without)
    for cell in table.cells:
        assert book(table).cell(cell.address) is cell
    gone = book(table).value(Address("litigation.direct.total"))
    assert gone.reason == ("no-cell" if without == "direct" else "")


def test_of_two_tables_of_one_key_the_later_holds() -> None:
    first, second = litigation(), litigation(without="direct")
    others = tuple(replace(cell, raw="7", value=7) for cell in second.cells)
    both = (first, replace(second, cells=others))
    report = Report(id="r", source=Source(uri="r"), raw_text="", tables=both)
    cells = CellBook(report, FORM, Settings())
    values = [cells.value(cell.address).value for cell in first.cells]
    assert values == [c.value if c.row == "direct" else 7 for c in first.cells]
    assert cells.slots("litigation").numbers == [*values, 0]


# What cells hold instead of numbers that agree: in a part, in the total, in both of a lane.
ODD: list[dict[int, int | Decimal | None]] = [
    {},
    {1: 5},
    {1: None},
    {4: None},
    {0: None, 1: None, 2: None, 3: None},
    {0: Decimal("0.5"), 4: Decimal("6.5")},
    {2: -3, 4: 1},
    {4: 11, 9: 0},
]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("without", ["", "direct"])
def test_sums_by_position_are_sums_by_address(
    odd: dict[int, int | Decimal | None], without: str
) -> None:
    table = litigation(without=without)
    numbers = [n for row in range(3) for n in (row, 2, 3, 1, row + 6)]
    cells = tuple(
        replace(cell, value=value, kind="blank" if value is None else "number", raw=str(value))
        for at, cell in enumerate(table.cells)
        for value in [odd.get(at, numbers[at])]
    )
    report = Report(
        id="r",
        source=Source(uri="r"),
        raw_text="",
        text="0123456789" * 3,
        tables=(replace(table, cells=cells),),
    )
    ctx = CheckContext(report, FORM, Settings())
    params = next(c.params for c in FORM.checks if c.rule == "table-litigation-total")
    identity = params["identity"]
    assert isinstance(identity, Identity)
    lanes = FORM.lanes("litigation", identity, "row")
    found = list(ctx.run(RULES["table-litigation-total"], dict(params)))

    assert len(found) == len(lanes) == 3
    for lane, finding in zip(lanes, found, strict=True):
        parts = ctx.cells.total(lane.left[0][1], lane.left)
        total = ctx.cells.total(lane.right[0][1], lane.right)
        proof = evidence_of(total, "total")
        if parts.value is None or total.value is None:
            assert finding.status is Status.UNVERIFIABLE
            continue
        assert (finding.stated, finding.expected) == (str(total.value), str(parts.value))
        assert (finding.cell, finding.difference) == (total.address, total.value - parts.value)
        assert (finding.status is Status.CONSISTENT) is (total.value == parts.value)
        assert finding.evidence[:1] == proof
        assert finding.quote == total.cells[0].span.of(report.text)


def test_equal_numbers_are_printed_as_they_were_told() -> None:
    made = [make_quantity(n, step=1, unit="件").value for n in (3, Decimal("3.0"), 3)]
    assert [str(n) for n in made] == ["3", "3.0", "3"]


@pytest.mark.parametrize("text", ["", "本机关认真落实各项要求。", "公开内容有待丰富；\n"])
def test_a_text_without_numerals_tells_nothing(text: str) -> None:
    assert find_mentions(text) == []


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("甲\r\n乙\r丙\u2028丁", "甲\n乙\n丙\n丁"),
        ("[bookmark: a1]一、总体[附表]", "一、总体[附表]"),
        ("[bookmark:]\ufeff㈠⑴⒈", "[bookmark:](一)(1)1."),
        ("[[bookmark:b]]", "[]"),
    ],
)
def test_marks_change_and_brackets_stay(raw: str, text: str) -> None:
    assert normalize_text(raw)[0] == text


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("2021年收到申请12件", ""),
        ("2020年收到申请12件", "last_year"),
        ("2018年收到申请12件", "earlier_year"),
        ("去年《2021年要点》收到申请12件", "last_year"),
        ("去年收到5件，本年收到申请12件", ""),
        ("日均接听电话12件", "per_day"),
        ("各镇街公开信息12件", "sub_unit"),
        ("局本级公开信息12件", "own_level"),
        ("自2019年以来公开信息12件", "cumulative"),
        ("截至年底累计公开信息12件", "cumulative"),
    ],
)
def test_scopes_are_found_where_their_words_stand(text: str, scope: str) -> None:
    figure = (extract_figures(overview(text), FORM, Settings()).figures or ())[-1]
    assert find_scope(text, figure, role="single", meta=Meta(year=2021)) == scope


def test_every_denial_begins_as_its_openings_tell() -> None:
    passages = tomllib.loads(NONES.read_text(encoding="utf-8"))["passages"]
    texts = [text for passage in passages for text, *_ in passage["says"]]
    begun = [
        (spec.key, text[at:], spec.openings.isdisjoint(text[at : at + n] for n in (1, 2, 3)))
        for form in shipped_forms()
        for spec in form.nones
        for text in texts
        for at in range(len(text))
        if spec.pattern.match(text, at)
    ]
    assert len(begun) > len(texts)
    assert [found for found in begun if found[2]] == []


def test_every_denial_holds_one_of_its_cues_and_a_sign() -> None:
    passages = tomllib.loads(NONES.read_text(encoding="utf-8"))["passages"]
    texts = [text for passage in passages for text, *_ in passage["says"]]
    found = [
        (form, spec, match[0])
        for form in shipped_forms()
        for spec in form.nones
        for text in texts
        for at in range(len(text))
        if (match := spec.pattern.match(text, at))
    ]
    assert any(spec.cues for _, spec, _ in found)
    assert all(any(cue in words for cue in spec.cues) for _, spec, words in found if spec.cues)
    assert all(form.none_signs for form, _, _ in found)
    assert [words for form, _, words in found if form.none_signs.isdisjoint(words)] == []


def test_denials_are_found_with_and_without_signs() -> None:
    passages = tomllib.loads(NONES.read_text(encoding="utf-8"))["passages"]
    texts = [text for passage in passages for text, *_ in passage["says"]]
    whole = "\n".join([*texts, "。".join(texts)])
    for form in shipped_forms():
        quick, slow = form.none_index, NoneIndex(form.nones, "")
        told = [
            [(m.span(), s.key) for m, s in i.matches(whole, 9, len(whole))] for i in (quick, slow)
        ]
        assert told[0] == told[1]
        assert bool(told[0]) is bool(form.nones)


@pytest.mark.parametrize("words", ["未收到申请", "没有因政府信息公开", "无复议，"])
def test_time_of_a_line_without_end_is_linear(words: str) -> None:
    text = words * (20_000 // len(words))
    began = time.process_time()
    extract_figures(overview(text), FORM, Settings())
    assert time.process_time() - began < 4


def test_a_run_of_formal_numerals_hides_no_number() -> None:
    text = "壹" * 30 + "，退壹贰3件，收费叁佰元"
    assert [m.span.of(text) for m in find_mentions(text)] == ["3件", "叁佰元"]
