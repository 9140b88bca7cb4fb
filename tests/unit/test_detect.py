"""Which form a report follows."""

import pytest

from mining.catalog import shipped_forms
from mining.detect import select_form
from mining.report import Meta, Report, Source

LABELS = {
    "2014": "统计指标\n单位\n统计数\n收到申请数\n申请办结数\n申请答复数\n",
    "2019": "本年新制作数量\n本年新公开数量\n对外公开总数量\n上一年项目数量\n采购项目数量\n",
    "2021": "本年制发件数\n本年废止件数\n现行有效件数\n本年处理决定数量\n行政规范性文件\n",
}


def chosen(text: str, year: int | None) -> str:
    report = Report(
        id="r", source=Source(uri="r.txt"), raw_text=text, text=text, meta=Meta(year=year)
    )
    return select_form(report, shipped_forms())[0].template


@pytest.mark.parametrize("template", sorted(LABELS))
@pytest.mark.parametrize("year", [None, 2012, 2016, 2020, 2022])
def test_printed_labels_decide_whatever_the_year(template: str, year: int | None) -> None:
    assert chosen(f"政府信息公开工作年度报告\n{LABELS[template]}", year) == template


def test_labels_broken_into_lines_are_seen() -> None:
    broken = LABELS["2019"].replace("制作", "\n制作").replace("项目", "项 目")

    assert chosen(f"政府信息公开工作年度报告\n{broken}", 2021) == "2019"


@pytest.mark.parametrize(
    ("year", "template"),
    [
        (2009, "2008"),
        (2013, "2008"),
        (2014, "2014"),
        (2018, "2014"),
        (2020, "2019"),
        (2024, "2021"),
    ],
)
def test_without_tables_the_year_decides(year: int, template: str) -> None:
    assert chosen("某局政府信息公开工作年度报告\n工作平稳。\n", year) == template


def test_every_score_is_told_best_first() -> None:
    report = Report(id="r", source=Source(uri="r.txt"), raw_text="", text=LABELS["2021"])

    form, facts = select_form(report, shipped_forms())

    assert facts[0].value == form.id == "disclosure-2021"
    assert [f.score for f in facts] == sorted((f.score for f in facts), reverse=True)


def test_there_must_be_a_form() -> None:
    with pytest.raises(ValueError, match="no forms"):
        select_form(Report(id="r", source=Source(uri="r.txt"), raw_text=""), ())
