"""A small result with one of everything, as tests of its rows and files need it."""

from decimal import Decimal
from typing import Any

from mining.finding import Evidence, Finding, Result, Severity, Status
from mining.present.rows import result_rows
from mining.quantity import Interval, Quantity
from mining.report import (
    Address,
    Cell,
    Figure,
    Link,
    Meta,
    Point,
    Report,
    Section,
    Source,
    Table,
    ThemeScore,
)
from mining.spans import Span

TEXT = "一、总体情况\n全年收到申请93件，超6件上年结转。\n本年新收 +16 91"
RECEIVED = Address("applications.received.total")


def at(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


def a_cell(column: str, raw: str, value: int | Decimal | None) -> Cell:
    return Cell(
        table="applications",
        row="received",
        column=column,
        raw=raw,
        kind="number",
        value=value,
        span=at(raw),
    )


def a_figure(number: int, words: str, quantity: Quantity) -> Figure:
    return Figure(
        id=number,
        span=at(words),
        quantity=quantity,
        kind="count",
        role="single",
        scope="",
        sentence=at("全年收到申请93件，超6件上年结转。"),
        clause=at(words),
        section="overview",
    )


def a_finding(**changes: Any) -> Finding:  # noqa: ANN401 - any field
    values: dict[str, Any] = {
        "report": "市局/2022.txt",
        "rule": "narrative-table",
        "status": Status.MISMATCH,
        "severity": Severity.ERROR,
        "reason": "",
        "cell": RECEIVED,
        "stated": "93",
        "expected": "91",
        "difference": 2,
        "span": at("93件"),
        "quote": "93件",
        "evidence": (
            Evidence(role="figure", span=at("93件"), value=93),
            Evidence(role="cell", span=at("91"), address=RECEIVED, value=Decimal("91.50")),
        ),
    }
    return Finding(**(values | changes))


def a_report(**changes: Any) -> Report:  # noqa: ANN401 - any field
    exact = Quantity(
        value=93,
        low=93,
        high=93,
        unit="件",
        approx="",
        narrow=Interval(93, 93),
        wide=Interval(93, 93),
    )
    above = Quantity(
        value=6,
        low=6,
        high=None,
        unit="件",
        approx="more",
        narrow=Interval(6, None),
        wide=Interval(6, None),
    )
    values: dict[str, Any] = {
        "id": "市局/2022.txt",
        "source": Source(uri="in/市局/2022.txt"),
        "raw_text": TEXT,
        "text": TEXT,
        "template": "2021",
        "meta": Meta(year=2022, agency="临江市水务局", region="临江市"),
        "sections": (
            Section(
                key="overview",
                title="一、总体情况",
                order=1,
                heading=Span(0, 6),
                span=Span(0, TEXT.index("本年新收")),
                matched_by="heading",
                score=1.0,
            ),
        ),
        "tables": (
            Table(
                key="applications",
                unit="件",
                cells=(a_cell("natural_person", "+16", 16), a_cell("total", "91", Decimal(91))),
                span=Span(TEXT.index("本年新收"), len(TEXT)),
                section="applications",
                style="rows",
            ),
        ),
        "figures": (a_figure(0, "93件", exact), a_figure(1, "超6件", above)),
        "links": (
            Link(
                figure=0,
                address=Address("derived.handled"),
                also=(),
                score=0.5,
                phrase="x",
                quote=at("93件"),
            ),
            Link(figure=0, address=RECEIVED, also=(), score=0.9, phrase="y", quote=at("93件")),
        ),
        "points": (
            Point(id=0, section="overview", kind="problem", span=at("收到申请")),
            Point(
                id=1,
                section="overview",
                kind="improvement",
                span=at("本年新收"),
                answers=0,
                themes=(ThemeScore(theme="requests", score=0.9),),
            ),
        ),
    }
    return Report(**(values | changes))


def rows_of(
    *findings: Finding,
    **changes: Any,  # noqa: ANN401 - any field
) -> dict[str, list[dict[str, object]]]:
    result = Result(report=a_report(**changes), findings=findings)
    return result_rows(result, labels={RECEIVED: "本年新收·总计"})
