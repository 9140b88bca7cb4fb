"""Printed reports for tests: grids of cells flattened into every plain-text style."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from mining.form import Form, TableSpec
from mining.report import Report, Source, Table
from mining.settings import Settings
from mining.steps.normalize import normalize
from mining.steps.sections import split_sections
from mining.steps.tables import extract_tables
from tests.support import form_of

SETTINGS = Settings()
Rows = Sequence[Sequence[str]]
Truth = Mapping[tuple[str, str], str]

_GROUPS = {
    "granted": "三、本年度办理结果",
    "denied.state_secret": "（三）不予公开",
    "unavailable.not_held": "（四）无法提供",
    "rejected.petition": "（五）不予处理",
    "other.no_correction": "（六）其他处理",
}
APPLICATIONS_HEAD = (
    "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
    "申请人情况",
    "自然人",
    "法人或其他组织",
    "总计",
    "商业企业",
    "科研机构",
    "社会公益组织",
    "法律服务机构",
    "其他",
)


def _lines(cells: Rows, mark: str, *, before: str = "", after: str = "") -> str:
    return "".join(f"{before}{mark.join(row)}{after}\n" for row in cells)


STYLES: Mapping[str, Callable[[Rows], str]] = {
    "tab": lambda rows: "".join("".join(f"\t{c}\n" for c in row) + "\n" for row in rows),
    "tab-rows": lambda rows: _lines(rows, "\t", before="\t"),
    "tab-joined": lambda rows: _lines(rows, "\t"),
    "lines": lambda rows: "".join(f"{c}\n" for row in rows for c in row),
    "lines-blanks-missing": lambda rows: "".join(f"{c}\n" for row in rows for c in row if c),
    "lines-apart": lambda rows: "".join(f"{c}\n\n" for row in rows for c in row),
    "pipe": lambda rows: _lines(rows, " | ", after=" |"),
    "pipe-tight": lambda rows: _lines(rows, "|", after="|"),
    "pipe-before": lambda rows: _lines(rows, " | ", before="| ", after=" |"),
    "pipe-own-line": lambda rows: _lines(rows, " | ", after=" \n|"),
    "spaces": lambda rows: _lines(rows, "    "),
    "one-space": lambda rows: _lines(rows, " "),
}
KEEPS_BLANKS = ("tab", "tab-rows", "tab-joined", "lines", "pipe", "pipe-tight", "pipe-before")
"""Styles in which a blank cell leaves its trace."""


def parsed(text: str, template: str = "2021", *, form: Form | None = None) -> Report:
    """Return a report of `text` with its sections and tables."""
    chosen = form or form_of(template)
    report = Report(id="report", source=Source(uri="report.txt"), raw_text=text)
    for step in (normalize, split_sections, extract_tables):
        report = step(report, chosen, SETTINGS)
    return report


def spec_of(key: str, template: str = "2021") -> TableSpec:
    """Return the spec of a table of a shipped form."""
    spec = form_of(template).table(key)
    assert spec is not None
    return spec


def filled(spec: TableSpec, value: Callable[[str, str], str]) -> dict[tuple[str, str], str]:
    """Return the printed text of every cell."""
    return {(row.key, c): value(row.key, c) for row in spec.rows for c in row.columns}


def application_rows(
    truth: Truth, template: str = "2021", *, names: Mapping[str, str] | None = None
) -> list[list[str]]:
    """Return the printed rows of the applications table; `names` replaces labels by row key."""
    names = names or {}
    return [
        ([_GROUPS[row.key]] if row.key in _GROUPS else [])
        + [names.get(row.key, row.labels[0])]
        + [truth[row.key, c] for c in row.columns]
        for row in spec_of("applications", template).rows
    ]


def applications_text(rows: Rows, style: str) -> str:
    """Return a report whose third section is the applications table."""
    table = STYLES[style]([APPLICATIONS_HEAD, *rows])
    return (
        "云州市水务局2022年政府信息公开工作年度报告\n一、总体情况\n2022年主动公开信息86条。\n"
        f"三、收到和处理政府信息公开申请情况\n{table}"
        "四、政府信息公开行政复议、行政诉讼情况\n本年度未发生。\n"
        "五、存在的主要问题及改进情况\n全年组织培训2次，共40人参加。\n"
    )


def read_cells(table: Table | None) -> dict[tuple[str, str], str]:
    """Return the raw text of every cell that was read."""
    assert table is not None
    return {(c.row, c.column): c.raw for c in table.cells}


def sure_errors(table: Table | None, truth: Truth) -> list[tuple[str, str, str]]:
    """Return address and text of the cells that are sure and wrong."""
    return [
        (c.row, c.column, c.raw)
        for c in (table.cells if table else ())
        if c.score >= SETTINGS.sure_cell and c.raw != truth[c.row, c.column].strip()
    ]
