"""Rules about the narrative: a hit, a near miss and a legitimate approximation for each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining.finding import Finding, Status
from tests.support import findings_of

M, S, C, U = Status.MISMATCH, Status.SUSPECT, Status.CONSISTENT, Status.UNVERIFIABLE
RECEIVED = "applications.received.total"


def of_rule(rule: str, text: str, **cells: int | None) -> list[tuple[Status, str, str]]:
    named = {key.replace("__", "."): value for key, value in cells.items()}
    return [(f.status, f.quote, f.reason) for f in findings_of(text, named or None, rule=rule)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("本年新收政府信息公开申请90件。", [(M, "90件", "")]),
        ("本年新收政府信息公开申请91件。", [(C, "91件", "")]),
        ("本年新收政府信息公开申请90余件。", [(C, "90余件", "")]),
        ("本年新收政府信息公开申请近百件。", [(C, "近百件", "")]),
        ("本年新收政府信息公开申请80余件。", [(M, "80余件", "")]),
        ("本年新收政府信息公开申请数百件。", [(S, "数百件", "magnitude")]),
        ("全年行政诉讼案件6件。", [(S, "6件", "unsure-link")]),
        ("全年网站访问量86万次。", []),
    ],
)
def test_table(text: str, expected: list[tuple[Status, str, str]]) -> None:
    assert of_rule("narrative-table", text) == expected


@pytest.mark.parametrize(
    ("cells", "score", "status", "reason"),
    [
        ({RECEIVED: 91}, 1.0, M, ""),
        ({RECEIVED: 91}, 0.5, S, "uncertain-cell"),
        ({RECEIVED: None}, 1.0, U, "blank-cell"),
        ({"litigation.review.total": 2}, 1.0, U, "no-table"),
    ],
)
def test_table_as_sure_as_its_cell(
    cells: dict[str, int | None], score: float, status: Status, reason: str
) -> None:
    text = "本年新收政府信息公开申请90件。"
    [found] = findings_of(text, cells, rule="narrative-table", score=score)

    assert (found.status, found.reason) == (status, reason)


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("全年未收到政府信息公开申请。", 91, [M]),
        ("全年未收到政府信息公开申请。", 0, [C]),
        ("全年未收到政府信息公开申请。", None, [U]),
        ("全年未收到当面提交的政府信息公开申请。", 91, []),
        ("全年未收到超过3件的政府信息公开申请。", 91, []),
        ("本年新收政府信息公开申请9件。", 0, [M]),
    ],
)
def test_none(text: str, value: int | None, expected: list[Status]) -> None:
    found = findings_of(text, {RECEIVED: value}, rule="narrative-none")

    assert [f.status for f in found] == expected


def test_none_of_an_uncertain_cell_is_suspect() -> None:
    text = "全年未收到政府信息公开申请。"
    [found] = findings_of(text, {RECEIVED: 4}, rule="narrative-none", score=0.4)

    assert (found.status, found.reason) == (S, "uncertain-cell")


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        ("共发布信息313条，分别为要闻200条、公告38条、政策50条。", [M]),
        ("共发布信息288条，分别为要闻200条、公告38条、政策50条。", [C]),
        ("共发布信息313条，其中要闻200条、公告38条等。", [C]),
        ("共发布信息230条，其中要闻200条、公告38条。", [M]),
        ("共发布信息近300条，分别为要闻200条、公告98条。", [C]),
        ("共发布信息300余条，其中要闻200条、公告98条。", [C]),
        ("要闻200条、公告38条，共238条。", [C]),
        ("要闻200条、公告38条，共248条。", [M]),
        # Kinds divide a total even where a share and a half stop part them; channels need not.
        ("发布信息238条，其中要闻类200条，占84%；公告类98条，占41%。", [M]),
        ("发布信息238条，其中要闻类200条，占84%；公告类38条，占16%。", [C]),
        ("发布信息238条：要闻类238条、公告类19条。", [M]),
        ("发布信息238条，其中网站238条；微博98条。", [C]),
    ],
)
def test_parts(text: str, statuses: list[Status]) -> None:
    assert [status for status, *_ in of_rule("narrative-parts", text)] == statuses


CHANNELS = "全年主动公开政府信息500条，其中网站公开400条，政务微信公开300条。"


@pytest.mark.parametrize(
    ("text", "cells", "status"),
    [
        (CHANNELS, {"indicators.published.count": 500}, C),
        (CHANNELS, {}, S),
        (CHANNELS.replace("400", "600"), {"indicators.published.count": 500}, M),
        (CHANNELS.replace("网站", "甲类").replace("政务微信", "乙类"), {}, M),
    ],
)
def test_channels_may_add_up_to_more_than_a_total(
    text: str, cells: dict[str, int | None], status: Status
) -> None:
    [found] = findings_of(text, cells, rule="narrative-parts")

    assert found.status is status


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        ("共发布信息466条，其中要闻36条，占22.64%。", [M]),
        ("共发布信息466条，其中要闻36条，占7.73%。", [C]),
        ("共发布信息466条，其中要闻36条，占7.7%。", [C]),
        ("共发布信息466条，其中要闻36条，占7.8%。", [S]),
        ("办结率达100%。", []),
        ("要闻36条，占总量的7.7%。", [U]),
    ],
)
def test_percent(text: str, statuses: list[Status]) -> None:
    assert [status for status, *_ in of_rule("narrative-percent", text)] == statuses


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("依申请公开办理中，予以公开46件，占办结总数的52.3%。", [(C, "52.3%", "")]),
        ("依申请公开办理中，予以公开46件，占办结总数的62.3%。", [(M, "62.3%", "")]),
        ("依申请公开办理中，予以公开46件，占全县总量的62.3%。", [(U, "62.3%", "no-number")]),
        ("依申请公开办理中，予以公开46件，占办结总数的五成多。", []),
    ],
)
def test_percent_of_a_total_that_only_the_table_tells(
    text: str, expected: list[tuple[Status, str, str]]
) -> None:
    assert of_rule("narrative-percent", text) == expected


@given(st.integers(1, 400), st.integers(0, 600))
def test_a_rounded_share_always_holds(part: int, rest: int) -> None:
    total = part + rest
    text = f"共发布信息{total}条，其中要闻{part}条，占{part * 100 / total:.1f}%。"
    found: list[Finding] = findings_of(text, {}, rule="narrative-percent")

    assert {f.status for f in found} <= {C}


@pytest.mark.parametrize(
    ("first", "second", "status"),
    [("12件", "15件", M), ("12件", "12件", C), ("10余件", "12件", C), ("十二件", "12件", C)],
)
def test_conflict(first: str, second: str, status: Status) -> None:
    text = f"全年收到政府信息公开申请{first}。依法办理。本年收到政府信息公开申请{second}。"
    [found] = findings_of(text, {RECEIVED: 12}, rule="narrative-conflict")

    assert found.status is status


def test_conflict_in_one_sentence_needs_a_person() -> None:
    text = "收到政府信息公开申请12件，本局收到政府信息公开申请15件。"
    [found] = findings_of(text, {RECEIVED: 12}, rule="narrative-conflict")

    assert (found.status, found.reason) == (S, "other-scope")


@pytest.mark.parametrize("value", [0, 5, 90])
def test_a_fact_is_told_by_one_rule_only(value: int) -> None:
    text = "全年未收到政府信息公开申请。其间收到政府信息公开申请7件，收到政府信息公开申请0件。"
    found = [
        f
        for f in findings_of(text, {RECEIVED: value})
        if f.rule in ("narrative-table", "narrative-none")
    ]
    spans = [f.span for f in found]

    assert len(set(spans)) == len(spans)
