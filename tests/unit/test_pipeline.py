"""One report from bytes to findings."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from mining.catalog import shipped_forms
from mining.errors import ReadError
from mining.finding import Result, Status
from mining.form import Example
from mining.pipeline import audit_report, check_examples, parse_report, read_report
from mining.settings import Settings
from tests.support import SETTINGS, form_of

TEXT = """青原县水务局2021年政府信息公开工作年度报告
一、总体情况
2021年，我局新收政府信息公开申请{told}件，均已办结。
二、主动公开政府信息情况
三、收到和处理政府信息公开申请情况
四、政府信息公开行政复议、行政诉讼情况
结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计 |
行政复议
1 | 0 | 0 | 0 | 1 |
未经复议直接起诉
0 | 0 | 0 | 0 | 0 |
复议后起诉
0 | 0 | 0 | 0 | 0 |
五、存在的主要问题及改进情况
主动公开内容还不够丰富。
六、其他需要报告的事项
无。
"""
PATH = Path("青原县水务局.txt")


def audit(text: str, *, path: Path = PATH, settings: Settings = SETTINGS) -> Result:
    return audit_report(text.encode(), report_id="r", path=path, settings=settings)


def test_every_layer_is_filled() -> None:
    report = audit(TEXT.format(told=3)).report

    assert report.template == "2021"
    assert report.meta is not None
    assert report.meta.year == 2021
    for layer in (report.sections, report.tables, report.figures, report.breakdowns, report.links):
        assert layer is not None
    assert [s.key for s in report.sections or ()][-2:] == ["problems", "other"]


def test_a_result_is_pure_and_can_be_sent_to_another_process() -> None:
    first, second = audit(TEXT.format(told=3)), audit(TEXT.format(told=3))

    assert first == second
    assert pickle.loads(pickle.dumps(first)) == first  # noqa: S301 - pickled right here


def test_a_number_without_its_table_is_not_passed_in_silence() -> None:
    found = [f for f in audit(TEXT.format(told=3)).findings if f.quote == "3件"]

    assert [(f.status, f.reason) for f in found] == [(Status.UNVERIFIABLE, "no-table")]


@pytest.mark.parametrize(
    ("path", "settings", "code"),
    [
        (Path("report.exe"), SETTINGS, "E101"),
        (Path("report"), SETTINGS, "E101"),
        (PATH, Settings(max_bytes=10), "E104"),
        (PATH, Settings(max_chars=10), "E104"),
    ],
)
def test_what_cannot_be_read_is_an_error_with_its_code(
    path: Path, settings: Settings, code: str
) -> None:
    with pytest.raises(ReadError) as caught:
        audit(TEXT, path=path, settings=settings)

    assert caught.value.code == code


@pytest.mark.parametrize("text", ["。", "一", "总计 | 总计 |", "1\n" * 50])
def test_almost_nothing_is_still_a_result(text: str) -> None:
    result = audit(text)

    assert result.report.figures is not None
    assert Status.MISMATCH not in {
        f.status for f in result.findings if f.rule.startswith("narrative-")
    }


def test_only_the_forms_given_are_chosen_from() -> None:
    raw = read_report(TEXT.encode(), report_id="r", path=PATH, settings=SETTINGS)
    report, form = parse_report(raw, settings=SETTINGS, forms=[form_of("2014")])

    assert form.template == report.template == "2014"


@pytest.mark.parametrize("form", shipped_forms(), ids=lambda form: form.id)
def test_examples_of_the_forms_hold(form: object) -> None:
    assert check_examples(form, settings=SETTINGS) == ()  # type: ignore[arg-type]


def test_a_wrong_example_is_reported_with_what_was_found() -> None:
    example = Example(
        text="全年收到政府信息公开申请17件。",
        cell="applications.received.total",
        value="18",
        section="overview",
    )
    [problem] = check_examples(replace(form_of("2021"), examples=(example,)), settings=SETTINGS)

    assert problem.location == "examples[0]"
    assert "found applications.received.total = 17" in problem.message
