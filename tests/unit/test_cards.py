"""Cards: what the page and the worksheet are told about a report."""

import json
from dataclasses import replace
from typing import Any

import pytest

from mining.finding import Evidence, Failure, Finding, Result, Severity, Status
from mining.form import ColumnSpec, DerivedSpec, DetectSpec, Form, RowSpec, SectionSpec, TableSpec
from mining.formload.labels import address_labels
from mining.present.cards import failure_card, report_card, summarize
from mining.quantity import Interval, Quantity
from mining.report import Address, Cell, Figure, Link, Meta, Report, Section, Source, Table
from mining.spans import Span

TELLS = "全年受理申请𠮷93件，办结91件"
TEXT = f"一、总体情况\n上年平稳。{TELLS}。来年再接再厉。\n二、依申请公开\n12 3 15"
ROWS = ("received", "carried_in", *(f"denied.{n}" for n in range(8)), "total", "carried_out")
COLUMNS = ("business", "total")


def at(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


def cell_at(row: str, column: str = "total") -> Address:
    return Address(f"applications.{row}.{column}")


SPEC = TableSpec(
    key="applications",
    section="applications",
    layout="rows",
    columns=(
        ColumnSpec(key="business", labels=("商业企业",)),
        ColumnSpec(key="total", labels=("总计",)),
    ),
    rows=tuple(
        RowSpec(key=key, labels=(f"{n}.{key}行",), columns=COLUMNS)
        for n, key in enumerate(ROWS, start=1)
    ),
    unit="件",
)
FEES = TableSpec(
    key="disclosure",
    section="disclosure",
    layout="values",
    columns=(
        ColumnSpec(key="decisions", labels=("决定数量",)),
        ColumnSpec(key="amount", labels=("金额",)),
    ),
    rows=(
        RowSpec(key="licensing", labels=("行政许可",), columns=("decisions",)),
        RowSpec(key="fees", labels=("行政事业性收费",), columns=("amount",)),
    ),
)
DERIVED = (
    DerivedSpec(
        key="handled", terms=((1, cell_at("received")), (1, cell_at("carried_in"))), label="受理"
    ),
)
FORM = Form(
    id="toy",
    family="toy",
    template="2021",
    title="试用表",
    detect=DetectSpec(),
    sections=(SectionSpec(key="applications", order=3, headings=("依申请公开",)),),
    tables=(FEES, SPEC),
    derived=DERIVED,
    labels=address_labels((FEES, SPEC), DERIVED),
)


def a_cell(row: str, column: str, *, score: float = 1.0) -> Cell:
    return Cell(
        table="applications",
        row=row,
        column=column,
        raw="12",
        kind="number",
        value=12,
        span=at("12"),
        score=score,
    )


def a_table(*, unsure: str = "") -> Table:
    cells = [
        a_cell(r, c, score=0.5 if r == unsure else 1.0)
        for r in ROWS
        for c in COLUMNS
        if (r, c) != ("carried_out", "business")
    ]
    return Table(
        key="applications",
        unit="件",
        cells=tuple(cells),
        span=at("12 3 15"),
        section="applications",
        style="rows",
    )


def a_figure(number: int, words: str, value: int) -> Figure:
    exact = Interval(value, value)
    return Figure(
        id=number,
        span=at(words),
        quantity=Quantity(
            value=value, low=value, high=value, unit="件", approx="", narrow=exact, wide=exact
        ),
        kind="count",
        role="single",
        scope="",
        sentence=at(TELLS),
        clause=at(words),
        section="overview",
    )


def a_section(key: str, title: str, start: int, end: int) -> Section:
    return Section(
        key=key,
        title=title,
        order=1,
        heading=Span(start, start + len(title)),
        span=Span(start, end),
        matched_by="heading",
        score=1.0,
    )


SECOND = TEXT.index("二、")
REPORT = Report(
    id="水务局/2022.txt",
    source=Source(uri="in/水务局/2022.txt"),
    raw_text=TEXT,
    text=TEXT,
    template="2021",
    meta=Meta(year=2022, agency="临江市水务局", region="临江市", level="city"),
    sections=(
        a_section("overview", "一、总体情况", 0, SECOND),
        a_section("applications", "", SECOND, len(TEXT)),
    ),
    tables=(a_table(),),
    figures=(a_figure(0, "93件", 93), a_figure(1, "91件", 91)),
    links=(
        Link(figure=0, address=cell_at("received"), also=(), score=1, phrase="p", quote=at("93件")),
    ),
)


def a_finding(**changes: Any) -> Finding:  # noqa: ANN401 - any field
    values: dict[str, Any] = {
        "report": REPORT.id,
        "rule": "narrative-table",
        "status": Status.MISMATCH,
        "severity": Severity.ERROR,
        "reason": "",
        "cell": cell_at("received"),
        "stated": "93",
        "expected": "12",
        "difference": 81,
        "span": at("93件"),
        "quote": "93件",
        "evidence": (
            Evidence(role="figure", span=at("93件"), value=93),
            Evidence(role="cell", span=at("12"), address=cell_at("received"), value=12),
        ),
    }
    return Finding(**(values | changes))


def card_of(*findings: Finding, report: Report = REPORT) -> Any:  # noqa: ANN401 - through JSON
    """Return the card as the page gets it."""
    card = report_card(Result(report=report, findings=findings), FORM)
    return json.loads(json.dumps(card))


def labels_of(excerpt: Any) -> list[str | None]:  # noqa: ANN401 - JSON
    return [row and row["label"] for row in excerpt["rows"]]


def test_who_and_when() -> None:
    card = card_of()

    assert (card["agency"], card["year"], card["region"], card["level"], card["template"]) == (
        "临江市水务局",
        2022,
        "临江市",
        "city",
        "2021",
    )
    assert card["ok"]


def test_only_mismatches_and_suspects_are_told_in_full() -> None:
    statuses = [Status.CONSISTENT, Status.SUSPECT, Status.UNVERIFIABLE, Status.MISMATCH]

    card = card_of(*(a_finding(status=s) for s in statuses))

    assert [f["status"] for f in card["findings"]] == ["suspect", "mismatch"]
    assert card["counts"] == {s.value: 1 for s in statuses}
    assert card["rules"] == {"narrative-table": card["counts"]}


def test_ids_are_those_of_the_findings_table() -> None:
    consistent = a_finding(status=Status.CONSISTENT)

    card = card_of(consistent, a_finding())

    assert card["findings"][0]["id"] == f"{consistent.fingerprint}-2"


def test_coverage_counts_figures_that_a_rule_compared() -> None:
    unverifiable = a_finding(
        status=Status.UNVERIFIABLE, evidence=(Evidence(role="figure", span=at("91件")),)
    )

    assert card_of(a_finding(), unverifiable)["coverage"] == {"found": 2, "linked": 1, "checked": 1}


def test_sentence_is_cut_by_code_points() -> None:
    passage = card_of(a_finding())["findings"][0]["passages"]

    assert passage == [
        {
            "section": "一、总体情况",
            "place": "",
            "pieces": [["全年受理申请𠮷", ""], ["93件", "figure"], ["，办结91件。", ""]],
        }
    ]


def test_two_figures_of_one_sentence_share_a_passage() -> None:
    evidence = (
        Evidence(role="total", span=at("93件")),
        Evidence(role="part", span=at("91件")),
        Evidence(role="sentence", span=at(TELLS)),
    )

    (passage,) = card_of(a_finding(evidence=evidence))["findings"][0]["passages"]

    assert [role for _, role in passage["pieces"]] == ["", "total", "", "part", ""]
    assert "".join(text for text, _ in passage["pieces"]) == TELLS + "。"


def test_endless_sentence_is_cut_on_both_sides() -> None:
    text = "申" * 500 + "93件" + "请" * 500
    report = replace(REPORT, text=text, tables=(), sections=())
    span = Span(500, 503)
    finding = a_finding(span=span, evidence=(Evidence(role="figure", span=span),))

    (passage,) = card_of(finding, report=report)["findings"][0]["passages"]

    pieces = passage["pieces"]
    assert (pieces[0], pieces[-1]) == (["…", ""], ["…", ""])
    assert ["93件", "figure"] in pieces
    assert sum(len(t) for t, _ in pieces) < 400


def test_a_number_in_a_table_has_no_sentence() -> None:
    inside = a_finding(span=at("12"), evidence=(Evidence(role="cell", span=at("12")),))

    assert card_of(inside)["findings"][0]["passages"] == []


def test_long_table_shows_the_rows_that_matter_and_their_neighbours() -> None:
    (excerpt,) = card_of(a_finding(cell=cell_at("total"), evidence=()))["findings"][0]["tables"]

    assert labels_of(excerpt) == [None, "10.denied.7行", "11.total行", "12.carried_out行"]
    assert excerpt["columns"] == ["商业企业", "总计"]
    assert excerpt["rows"][2]["slots"] == ["12", ["12", "cell", False]]


def test_missing_cell_is_no_blank() -> None:
    (excerpt,) = card_of(a_finding(cell=cell_at("total"), evidence=()))["findings"][0]["tables"]

    assert excerpt["rows"][3]["slots"] == [None, "12"]


def test_uncertain_cells_say_so() -> None:
    report = replace(REPORT, tables=(a_table(unsure="carried_in"),))

    (excerpt,) = card_of(a_finding(), report=report)["findings"][0]["tables"]

    assert excerpt["rows"][1]["slots"] == [["12", "", True], ["12", "", True]]


def test_sum_is_taken_apart_in_the_table() -> None:
    finding = a_finding(cell=Address("derived.handled"), evidence=())

    (excerpt,) = card_of(finding)["findings"][0]["tables"]

    roles = [row["slots"][1] for row in excerpt["rows"] if row]
    assert roles[:2] == [["12", "part", False]] * 2


def test_formula_has_values_and_shared_column() -> None:
    formula = f"{cell_at('received')} + {cell_at('carried_in')} == {cell_at('total')} - 3"

    card = card_of(a_finding(rule="table-balance", formula=formula))["findings"][0]

    assert card["column"] == "总计"
    assert [t if isinstance(t, str) else (t["label"], t["value"]) for t in card["terms"]] == [
        ("received行", "12"),
        "+",
        ("carried_in行", "12"),
        "=",
        ("total行", "12"),
        "−",
        ("", "3"),
    ]
    assert card["formula"] == "received行·总计 + carried_in行·总计 = total行·总计 − 3"


def test_row_mates_of_the_cell_are_addresses() -> None:
    card = card_of(a_finding(formula="business <= total"))["findings"][0]

    assert card["formula"] == "received行·商业企业 ≤ received行·总计"
    assert [t if isinstance(t, str) else t["value"] for t in card["terms"]] == ["12", "≤", "12"]


def test_key_alone_is_no_formula() -> None:
    card = card_of(
        a_finding(
            rule="form-section-missing",
            formula="litigation",
            expected="litigation",
            params=(("section", "litigation"),),
            cell=None,
        )
    )["findings"][0]

    assert (card["formula"], card["terms"]) == ("", [])
    assert card["expected"] == "行政复议、行政诉讼情况"


def test_last_years_cells_are_not_marked() -> None:
    evidence = (
        Evidence(role="cell", address=cell_at("carried_in"), value=12),
        Evidence(role="other", address=cell_at("carried_out"), value=5, report="去年.txt"),
    )
    finding = a_finding(rule="years-carried", cell=cell_at("carried_in"), evidence=evidence)

    (excerpt,) = card_of(finding)["findings"][0]["tables"]

    assert labels_of(excerpt) == ["1.received行", "2.carried_in行", "3.denied.0行", None]


@pytest.mark.parametrize("layer", ["meta", "sections", "tables", "figures", "links"])
def test_report_without_a_layer_has_a_card(layer: str) -> None:
    missing: dict[str, Any] = {layer: None}

    assert card_of(a_finding(), report=replace(REPORT, **missing))["findings"]


def test_summary_adds_up() -> None:
    failure = Failure(report="坏.pdf", source="in/坏.pdf", code="E101", message="无法读取")
    result = Result(report=REPORT, findings=(a_finding(), a_finding(status=Status.CONSISTENT)))
    cards = [report_card(result, FORM), report_card(result, FORM), failure_card(failure)]

    assert summarize(cards) == {
        "reports": 2,
        "failed": 1,
        "checks": 4,
        "mismatch": 2,
        "suspect": 0,
        "consistent": 2,
        "unverifiable": 0,
        "found": 4,
        "linked": 2,
        "checked": 2,
    }
    assert cards[2]["error"].startswith("[E101] 文件已损坏，或者不是能读的格式（无法读取）")
