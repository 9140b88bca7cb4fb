"""Cards written by hand, as the page and the worksheet take them."""

from __future__ import annotations

from typing import Any

from mining.present.cards import Coverage, FindingCard, ReportCard

__all__ = ["make_card", "make_finding"]


def make_finding(**changes: Any) -> FindingCard:  # noqa: ANN401 - any field
    """Return a finding: the text tells 93, the table holds 91."""
    finding = FindingCard(
        id="a1b2c3d4e5f60718",
        rule="narrative-table",
        status="mismatch",
        severity="error",
        message="正文写“93件”，表中“本年新收·总计”是91，相差2。",
        stated="93",
        expected="91",
        difference="2",
        cell="本年新收·总计",
        address="applications.received.total",
        section="一、总体情况",
        place="第1页",
        formula="",
        terms=[],
        column="",
        passages=[
            {
                "section": "一、总体情况",
                "place": "第1页",
                "pieces": [("全年收到申请", ""), ("93件", "figure"), ("，均已答复。", "")],
            }
        ],
        tables=[
            {
                "table": "applications",
                "title": "收到和处理政府信息公开申请情况表",
                "place": "第3页",
                "unit": "件",
                "columns": [
                    "自然人",
                    "商业企业",
                    "科研机构",
                    "社会公益组织",
                    "法律服务机构",
                    "其他",
                    "总计",
                ],
                "rows": [
                    {
                        "label": "一、本年新收政府信息公开申请数量",
                        "slots": ["90", "1", "0", "0", "0", "0", ("91", "cell", False)],
                    },
                    {
                        "label": "二、上年结转",
                        "slots": ["2", "0", "0", "0", None, "0", ("2", "", True)],
                    },
                    None,
                ],
            }
        ],
    )
    finding.update(changes)  # type: ignore[typeddict-item]
    return finding


def make_card(*findings: FindingCard, **changes: Any) -> ReportCard:  # noqa: ANN401 - any field
    """Return a report's card with the counts that belong to its findings."""
    counts = {"consistent": 40, "unverifiable": 3}
    for finding in findings:
        counts[finding["status"]] = counts.get(finding["status"], 0) + 1
    card = ReportCard(
        report="临江市/水务局2022.txt",
        source="in/临江市/水务局2022.txt",
        agency="临江市水务局",
        region="临江市",
        level="city",
        year=2022,
        template="2021",
        ok=True,
        error="",
        counts=counts,
        rules={"table-row-total": {"consistent": 40}, "narrative-table": {"unverifiable": 3}},
        coverage=Coverage(found=20, linked=8, checked=7),
        findings=list(findings),
    )
    card.update(changes)  # type: ignore[typeddict-item]
    return card
