"""Whatever the values and lost blanks: a sure cell is right, and no row takes another's cells."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.printing import (
    KEEPS_BLANKS,
    STYLES,
    application_rows,
    applications_text,
    filled,
    parsed,
    read_cells,
    spec_of,
    sure_errors,
)

_SPECS = {template: spec_of("applications", template) for template in ("2019", "2021")}
_VALUES = ["", "", "0", "0", "1", "7", "12", "1,043", "/", "—", "无"]
# A seed draws fast and shrinks well enough: a table has 175 cells.
_SEEDS = st.integers(0, 10**6).map(Random)


def _table(random: Random, template: str) -> dict[tuple[str, str], str]:
    return filled(_SPECS[template], lambda *_: random.choice(_VALUES))


@pytest.mark.parametrize("style", KEEPS_BLANKS)
@given(random=_SEEDS, template=st.sampled_from(sorted(_SPECS)))
@settings(max_examples=10, deadline=None)
def test_every_cell_is_right_where_blanks_are_printed(
    style: str, random: Random, template: str
) -> None:
    truth = _table(random, template)

    report = parsed(applications_text(application_rows(truth, template), style), template)

    assert sure_errors(report.table("applications"), truth) == []
    assert read_cells(report.table("applications")) == truth


@pytest.mark.parametrize("style", sorted(STYLES))
@given(
    random=_SEEDS, template=st.sampled_from(sorted(_SPECS)), share=st.sampled_from([0.03, 0.3, 1])
)
@settings(max_examples=15, deadline=None)
def test_a_sure_cell_is_right_although_blanks_are_lost(
    style: str, random: Random, template: str, share: float
) -> None:
    truth = _table(random, template)
    rows = [
        [cell for cell in row if cell or random.random() >= share]
        for row in application_rows(truth, template)
    ]

    report = parsed(applications_text(rows, style), template)

    assert sure_errors(report.table("applications"), truth) == []


@pytest.mark.parametrize("style", sorted(STYLES))
@given(random=_SEEDS)
@settings(max_examples=10, deadline=None)
def test_cells_never_shift_to_another_row(style: str, random: Random) -> None:
    spec = _SPECS["2021"]
    # Every row prints its own number, so that a cell tells where it came from.
    truth = filled(spec, lambda row, _: str(100 + [r.key for r in spec.rows].index(row)))
    rows = [
        [cell for cell in row if not cell.isdigit() or random.random() < 0.8]
        for row in application_rows(truth)
    ]

    table = parsed(applications_text(rows, style)).table("applications")

    assert table is not None
    assert [c for c in table.cells if c.raw and c.raw != truth[c.row, c.column]] == []


@given(
    values=st.lists(st.sampled_from(["", "0", "3", "21"]), min_size=15, max_size=15),
    style=st.sampled_from(sorted(STYLES)),
    lost=st.sets(st.integers(0, 14), max_size=3),
)
@settings(max_examples=60, deadline=None)
def test_the_litigation_line_is_never_sure_and_wrong(
    values: list[str], style: str, lost: set[int]
) -> None:
    spec = spec_of("litigation")
    texts = iter(values)
    truth = filled(spec, lambda *_: next(texts))
    results = [c.labels[0] for c in spec.columns]
    kept = [v for i, v in enumerate(values) if v or i not in lost]
    heads = [
        ["行政复议", "行政诉讼"],
        [*results, "未经复议直接起诉", "复议后起诉"],
        [*results, *results],
    ]
    text = f"四、政府信息公开行政复议、行政诉讼情况\n{STYLES[style]([*heads, kept])}"

    report = parsed(f"{text}五、存在的主要问题及改进情况\n一是解读不够。\n")

    assert sure_errors(report.table("litigation"), truth) == []
