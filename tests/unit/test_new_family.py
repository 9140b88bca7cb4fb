"""A family that no code knows: from text to findings with a form file alone."""

from pathlib import Path

import pytest

from mining.catalog import RULES, shipped_forms
from mining.finding import Finding, Status
from mining.form import Form
from mining.formload.file import load_form
from mining.pipeline import check_examples, check_report, parse_report
from mining.report import Report, Source
from mining.settings import Settings

FORM = Path(__file__).parents[1] / "data" / "forms" / "rule-of-law.toml"
SETTINGS = Settings()
TEXT = """云州市司法局2022年法治政府建设年度报告
现将2022年度法治政府建设情况报告如下。
一、主要举措和成效
全年查处各类行政执法案件{enforcement}件；行政应诉案件共{litigation}件，负责人出庭应诉9件。
二、法治建设统计情况
统计项目 | 上半年 | 下半年 | 全年 |
行政执法案件数 | 120 | 131 | 251 |
行政应诉案件数 | 6 | 8 | 14 |
其中：负责人出庭案件数 | 4 | {second} | 9 |
重大行政决策事项数 | 1 | 2 | 3 |
三、下一年度工作安排
计划培训执法人员300人次。
"""


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form(FORM, rules=RULES)


def audited(form: Form, **values: str) -> tuple[Report, tuple[Finding, ...]]:
    text = TEXT.format(**{"enforcement": "251", "litigation": "14", "second": "5", **values})
    raw = Report(id="rule-of-law", source=Source(uri="rule-of-law.txt"), raw_text=text)
    report, chosen = parse_report(raw, settings=SETTINGS, forms=(*shipped_forms(), form))
    assert chosen is form
    return report, check_report(report, chosen, settings=SETTINGS)


def test_the_form_passes_its_own_examples(form: Form) -> None:
    assert check_examples(form, settings=SETTINGS) == ()


def test_sections_and_cells_are_read(form: Form) -> None:
    report, _ = audited(form)
    table = report.table("cases")

    assert table is not None
    assert [s.key for s in report.sections or ()] == ["preface", "measures", "statistics", "plans"]
    assert [c.value for c in table.cells] == [120, 131, 251, 6, 8, 14, 4, 5, 9, 1, 2, 3]
    assert table.section == "statistics"


def test_a_sound_report_has_no_mismatch(form: Form) -> None:
    _, findings = audited(form)

    assert {f.status for f in findings} == {Status.CONSISTENT}
    assert {f.rule for f in findings} == {"narrative-table", "table-identity"}
    assert {f.cell for f in findings if f.rule == "narrative-table"} == {
        "cases.enforcement.year",
        "cases.litigation.year",
        "cases.head_present.year",
    }


@pytest.mark.parametrize(
    ("values", "rule", "cell", "stated", "expected"),
    [
        ({"litigation": "15"}, "narrative-table", "cases.litigation.year", "15", "14"),
        ({"enforcement": "215"}, "narrative-table", "cases.enforcement.year", "215", "251"),
        ({"second": "6"}, "table-identity", "cases.head_present.year", "9", "10"),
    ],
)
def test_a_planted_error_is_found(
    form: Form, values: dict[str, str], rule: str, cell: str, stated: str, expected: str
) -> None:
    _, findings = audited(form, **values)
    found = [f for f in findings if f.status is Status.MISMATCH]

    assert [(f.rule, f.cell, f.stated, f.expected) for f in found] == [
        (rule, cell, stated, expected)
    ]


def test_an_impossible_part_is_found(form: Form) -> None:
    _, findings = audited(form, second="12")

    cells = {f.cell for f in findings if f.status is Status.MISMATCH}
    assert cells == {"cases.head_present.year", "cases.litigation.second_half"}


def test_the_form_leaves_other_reports_alone(form: Form) -> None:
    text = "云州市水务局2022年政府信息公开工作年度报告\n一、总体情况\n2022年公开信息3条。\n"
    raw = Report(id="other", source=Source(uri="other.txt"), raw_text=text)

    _, chosen = parse_report(raw, settings=SETTINGS, forms=(form, *shipped_forms()))

    assert chosen.family == "disclosure"
