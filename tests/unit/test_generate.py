"""Truth files become text and gold: marks, layouts, styles, offsets, encodings."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mining.generate.corpus import write_corpus
from mining.generate.gold import cell_value, to_json
from mining.generate.layout import build_grid
from mining.generate.marks import MarkError, PlacedMark, parse_marks
from mining.generate.render import encode_text, render_text
from mining.generate.styles import flatten
from mining.generate.truth import SectionTruth, TableTruth, Truth, TruthError, load_truth
from mining.steps.normalize import normalize_text

LITIGATION = TableTruth(layout="litigation", rows={"review": ("1", "_", "0", "0", "1")}, labels={})

TRUTH = Truth(
    name="pinggang_forestry_2020",
    form="2019",
    style="tab",
    agency="平岗县林业局",
    region="平岗县",
    level="county",
    year=2020,
    title=("平岗县林业局", "2020年政府信息公开工作年度报告"),
    sections=(
        SectionTruth(
            key="overview",
            heading="一、总体情况",
            body=(
                "[bookmark: _GoBack]全年发布护林防火信息{600余条}。\n\n"
                "新收申请{３件|value=3 unit=件}。"
            ),
        ),
        SectionTruth(key="litigation", heading="四、复议诉讼情况", body="@litigation"),
    ),
    tables={"litigation": LITIGATION},
)

TOML = """
form = "2021"
style = "pipe"
agency = "平岗县林业局"
region = "平岗县"
level = "county"
year = 2022
title = ["平岗县林业局2022年政府信息公开工作年度报告"]

[[sections]]
key = "applications"
heading = "三、收到和处理政府信息公开申请情况"
body = "@applications"

[tables.applications]
layout = "applications-2021"
rows.received = "2 . . . . . 2"
rows.denied.law = "1 . . . . . 1"
rows.other.other = "1 . . . . . 1"
"""


def one_mark(text: str) -> tuple[str, PlacedMark]:
    plain, marks = parse_marks(text)
    assert len(marks) == 1
    return plain, marks[0]


class TestMarks:
    @pytest.mark.parametrize(
        ("mark", "value", "low", "high", "unit", "approx"),
        [
            ("{93件}", 93, 93, 93, "件", ""),
            ("{1,024 条}", 1024, 1024, 1024, "条", ""),
            ("{600余条}", 600, 600, 699, "条", "more"),
            ("{2.3万余条}", 23000, 23000, 23999, "条", "more"),
            ("{1万余条}", 10000, 10000, 19999, "条", "more"),
            ("{120多人次}", 120, 120, 129, "人次", "more"),
            ("{2541余条}", 2541, 2541, 2541, "条", "more"),
            ("{近3400条}", 3400, 3300, 3400, "条", "less"),
            ("{近4000份}", 4000, 3600, 4000, "份", "less"),
            ("{约300篇}", 300, 285, 315, "篇", "about"),
            ("{5条左右}", 5, Decimal("4.75"), Decimal("5.25"), "条", "about"),
            ("{超过12万人}", 120000, 120000, None, "人", "at_least"),
            ("{不足20条}", 20, 0, 20, "条", "at_most"),
            ("{1.18万条}", 11800, 11800, 11800, "条", ""),
            ("{十二件}", 12, 12, 12, "件", ""),
            ("{二十三名}", 23, 23, 23, "名", ""),
            ("{36.5万元}", 365000, 365000, 365000, "元", ""),
            ("{三成以上|value=30 unit=% high=open approx=at_least}", 30, 30, None, "%", "at_least"),
        ],
    )
    def test_plain_texts_follow_the_guide(
        self,
        *,
        mark: str,
        value: Decimal,
        low: Decimal,
        high: Decimal | None,
        unit: str,
        approx: str,
    ) -> None:
        _, placed = one_mark(f"全年{mark}。")
        found = placed.mark
        assert (found.value, found.low, found.high) == (value, low, high)
        assert (found.unit, found.approx) == (unit, approx)

    def test_attributes_name_cells_role_and_scope(self) -> None:
        plain, placed = one_mark(
            "去年{7件|applications.received.total/derived.accepted part last_year}"
        )
        assert plain[placed.start : placed.end] == "7件"
        assert placed.mark.cells == ("applications.received.total", "derived.accepted")
        assert (placed.mark.role, placed.mark.scope) == ("part", "last_year")

    def test_kind_comes_from_the_unit_and_the_role(self) -> None:
        _, marks = parse_marks("{33.9%}{12.5%|change}{5件|change}{80万元}{8件}")
        kinds = [(m.mark.kind, m.mark.role) for m in marks]
        assert kinds == [
            ("percent", "percent"),
            ("percent", "change"),
            ("change", "change"),
            ("money", "single"),
            ("count", "single"),
        ]

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("收到{3件", "brace"),
            ("收到3件}", "brace"),
            ("收到{若干}", "can't be worked out"),
            ("收到{3件|totl}", "unknown attribute"),
            ("收到{3件|total part}", "told twice"),
            ("收到{3件|kind=sum}", "not allowed"),
            ("收到{3件|value=三}", "no number"),
            ("{未收到申请|none}", "names no cell"),
        ],
    )
    def test_unsound_marks_are_refused(self, text: str, message: str) -> None:
        with pytest.raises(MarkError, match=message):
            parse_marks(text)

    @given(
        st.lists(st.tuples(st.text("年局县。，", max_size=5), st.integers(0, 99_999)), max_size=6)
    )
    def test_places_point_at_the_text(self, pairs: list[tuple[str, int]]) -> None:
        plain, marks = parse_marks("".join(f"{word}{{{number}件}}" for word, number in pairs))
        told = [plain[m.start : m.end] for m in marks]
        assert told == [f"{number}件" for _, number in pairs]
        assert plain == "".join(f"{word}{number}件" for word, number in pairs)


class TestLayout:
    @pytest.mark.parametrize(
        ("layout", "n_slots"),
        [
            ("disclosure-2019", 22),
            ("disclosure-2021", 10),
            ("applications-2019", 23 * 7),
            ("applications-2021", 25 * 7),
            ("litigation", 15),
        ],
    )
    def test_layouts_have_the_slots_of_the_form(self, layout: str, n_slots: int) -> None:
        grid = build_grid(TableTruth(layout=layout, rows={}, labels={}))
        addresses = [c.address for c in grid.cells if c.address]
        assert len(addresses) == len(set(addresses)) == n_slots

    @pytest.mark.parametrize(
        "layout",
        [
            "disclosure-2019",
            "disclosure-2021",
            "applications-2019",
            "applications-2021",
            "litigation",
            "indicators",
            "indicators-full",
            "indicators-part",
        ],
    )
    def test_cells_cover_the_grid_once(self, layout: str) -> None:
        grid = build_grid(TableTruth(layout=layout, rows={}, labels={}))
        covered = [
            (row, col)
            for cell in grid.cells
            for row in range(cell.row, cell.row + cell.row_span)
            for col in range(cell.col, cell.col + cell.col_span)
        ]
        assert len(covered) == len(set(covered)) == grid.n_rows * grid.n_cols

    @pytest.mark.parametrize(
        ("table", "message"),
        [
            (TableTruth(layout="litigations", rows={}, labels={}), "unknown layout"),
            (TableTruth(layout="litigation", rows={"reviews": ("1",)}, labels={}), "reviews"),
            (TableTruth(layout="litigation", rows={"review": ("1",)}, labels={}), "5 slots"),
            (TableTruth(layout="litigation", rows={}, labels={"维持": "x"}), "维持"),
        ],
    )
    def test_what_the_layout_lacks_is_refused(self, table: TableTruth, message: str) -> None:
        with pytest.raises(TruthError, match=message):
            build_grid(table)


class TestStyles:
    def printed(self, style: str) -> str:
        table = replace(LITIGATION, labels={"未经复议直接起诉": "未经复议\n直接起诉"})
        return "".join(text for text, _ in flatten(build_grid(table), style=style))

    def test_tab_prints_a_line_per_place_and_a_blank_line_after_a_row(self) -> None:
        rows = self.printed("tab").split("\n\n")
        assert rows[0] == "\t行政复议\n\t行政诉讼"
        assert "\t未经复议\n直接起诉\n" in rows[1]
        # Cells merged with the row above are printed as blank places.
        assert rows[2].startswith("\t\n\t\n\t\n\t\n\t\n\t结果维持\n")
        assert rows[3].startswith("\t1\n\t\n\t0\n")

    def test_lines_keep_or_lose_the_blank_cell(self) -> None:
        kept, missing = self.printed("line-blanks-kept"), self.printed("line-blanks-missing")
        assert "总计\n1\n\n0\n0\n1\n" in kept
        assert "总计\n1\n0\n0\n1\n" in missing
        assert kept.count("\n") == missing.count("\n") + 1

    def test_rows_stand_on_one_line(self) -> None:
        assert self.printed("pipe").splitlines()[3].startswith("1 |  | 0 | 0 | 1 | 0 |")
        assert self.printed("spaces").splitlines()[0] == "行政复议    行政诉讼"
        assert "未经复议 直接起诉 |" in self.printed("pipe")


class TestRender:
    @pytest.mark.parametrize(
        "style", ["tab", "line-blanks-kept", "line-blanks-missing", "pipe", "spaces"]
    )
    @pytest.mark.parametrize("indent", ["", "　　"])
    @pytest.mark.parametrize("crlf", [False, True])
    def test_gold_points_into_the_normalised_text(
        self, style: str, indent: str, *, crlf: bool
    ) -> None:
        raw, gold = render_text(replace(TRUTH, style=style, indent=indent, crlf=crlf))
        text, _ = normalize_text(raw)
        assert [text[f.start : f.end] for f in gold.figures] == ["600余条", "3件"]
        assert all(text[c.start : c.end] == c.raw for c in gold.cells)
        assert [(s.key, text[s.start : s.end][:3]) for s in gold.sections] == [
            ("preface", "平岗县"),
            ("overview", "一、总"),
            ("litigation", "四、复"),
        ]
        assert gold.sections[-1].end == len(text)

    def test_blank_cells_have_no_value(self) -> None:
        _, gold = render_text(TRUTH)
        cells = {c.address: c for c in gold.cells}
        assert cells["litigation.review.corrected"].blank
        assert cells["litigation.review.corrected"].value is None
        assert cells["litigation.review.total"].value == 1

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
    def test_bytes_are_in_the_encoding(self, encoding: str) -> None:
        text, _ = render_text(TRUTH)
        assert encode_text(text, truth=replace(TRUTH, encoding=encoding)).decode(encoding) == text

    def test_same_truth_gives_the_same_gold(self) -> None:
        assert to_json(render_text(TRUTH)[1]) == to_json(render_text(TRUTH)[1])

    def test_a_table_without_values_is_refused(self) -> None:
        with pytest.raises(TruthError, match="printed but not told"):
            render_text(replace(TRUTH, tables={}))

    def test_a_bad_mark_names_the_file(self) -> None:
        section = SectionTruth(key="overview", heading="一、总体情况", body="收到{若干}件")
        with pytest.raises(TruthError, match=r"pinggang_forestry_2020\.toml"):
            render_text(replace(TRUTH, sections=(section,)))


class TestCellValue:
    @pytest.mark.parametrize(
        ("raw", "value"),
        [
            ("0", "0"),
            ("+16", "16"),
            ("-10", "-10"),
            ("减1", "-1"),
            ("增9", "9"),
            ("1,251.9", "1251.9"),
            ("75.9260", "75.926"),
            ("251000元", "251000"),
        ],
    )
    def test_numbers(self, raw: str, value: str) -> None:
        assert cell_value(raw) == Decimal(value)

    @pytest.mark.parametrize("raw", ["", "/", "—", "无", "若干", "3件"])
    def test_no_numbers(self, raw: str) -> None:
        assert cell_value(raw) is None


class TestTruthFiles:
    def write(self, folder: Path, text: str) -> Path:
        path = folder / "pinggang_forestry_2022.toml"
        path.write_text(text, encoding="utf-8")
        return path

    def test_dotted_rows_are_joined(self, tmp_path: Path) -> None:
        truth = load_truth(self.write(tmp_path, TOML))
        assert truth.is_clean
        assert set(truth.tables["applications"].rows) == {"received", "denied.law", "other.other"}

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ('form = "2021"', 'form = "2022"', "unknown form"),
            ('style = "pipe"', 'style = "pipes"', "unknown style"),
            ('level = "county"', 'level = "town"', "unknown level"),
            ("year = 2022", 'year = "2022"', "whole number"),
            ("year = 2022", "year = 2022\nyaer = 2022", "unknown or of the wrong kind"),
            ('agency = "平岗县林业局"', "agency = 7", "must be text"),
            ("year = 2022", "year =", "E701"),
        ],
    )
    def test_unsound_files_are_refused(
        self, tmp_path: Path, old: str, new: str, message: str
    ) -> None:
        path = self.write(tmp_path, TOML.replace(old, new))
        with pytest.raises(TruthError, match=message):
            load_truth(path)

    def test_a_corpus_is_written_and_stale_reports_go(self, tmp_path: Path) -> None:
        (tmp_path / "truth").mkdir()
        self.write(tmp_path / "truth", TOML)
        reports = tmp_path / "reports"
        reports.mkdir()
        (reports / "old_report.txt").write_text("旧", encoding="utf-8")
        assert write_corpus(tmp_path) == 1
        assert [p.name for p in reports.iterdir()] == ["pinggang_forestry_2022.txt"]
        gold = (tmp_path / "gold" / "pinggang_forestry_2022.json").read_text(encoding="utf-8")
        assert '"address": "applications.denied.law.total"' in gold
