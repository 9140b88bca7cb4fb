"""Scoring a run against gold, on plain rows and on Parquet tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import pytest

from mining.errors import ReadError
from mining.score import render_score, score_run
from mining.scoring import Score, Tally, score_rows

Rows = dict[str, list[dict[str, Any]]]

RECEIVED = "applications.received.total"


def gold_figure(start: int, end: int, **told: object) -> dict[str, Any]:
    figure = {
        "start": start,
        "end": end,
        "text": "12件",
        "value": 12,
        "unit": "件",
        "approx": "",
        "cell": None,
        "cells": [],
        "claim": "number",
        "loose": False,
        "optional": False,
    }
    return figure | told


def gold_report(name: str = "a.txt", **told: object) -> dict[str, Any]:
    report = {
        "report": name,
        "sections": [{"key": "overview", "start": 10}],
        "cells": [{"address": RECEIVED, "value": 12}],
        "figures": [gold_figure(20, 23, cell=RECEIVED, cells=[RECEIVED, "derived.accepted"])],
        "findings": [],
    }
    return report | told


def run_figure(start: int, end: int, **told: object) -> dict[str, Any]:
    figure = {
        "report": "a.txt",
        "start": start,
        "end": end,
        "text": "12件",
        "value": 12.0,
        "unit": "件",
        "approx": "",
        "cell": None,
    }
    return figure | told


def run_finding(
    rule: str, cell: str | None, status: str = "mismatch", **told: object
) -> dict[str, Any]:
    finding = {"report": "a.txt", "rule": rule, "cell": cell, "status": status, "evidence": "[]"}
    return finding | told


def run_tables(**tables: list[dict[str, Any]]) -> Rows:
    rows: Rows = {
        "reports": [{"report": "a.txt", "status": "ok"}],
        "sections": [{"report": "a.txt", "section": "overview", "start": 10}],
        "cells": [{"report": "a.txt", "cell": RECEIVED, "value": 12.0}],
        "figures": [run_figure(20, 23, cell=RECEIVED)],
        "findings": [],
    }
    return rows | tables


def expected(rule: str, cell: str, status: str = "mismatch") -> dict[str, Any]:
    return {"rule": rule, "cell": cell, "status": status}


def counts(score: Score, layer: str) -> tuple[int, int, int]:
    tally = score.layers[layer]
    return tally.gold, tally.found, tally.right


class TestTally:
    def test_shares(self) -> None:
        tally = Tally(gold=4, found=5, right=3)
        assert (tally.precision, tally.recall) == (0.6, 0.75)
        assert tally.f1 == pytest.approx(2 / 3)

    def test_nothing_to_find_is_no_fault(self) -> None:
        assert Tally().f1 == 1.0
        assert Tally(found=1).precision == 0.0
        assert Tally(gold=1).recall == 0.0


class TestLayers:
    def test_a_perfect_run(self) -> None:
        score = score_rows([gold_report()], run_tables())
        assert all(t.f1 == 1.0 for t in score.layers.values())
        assert score.errors == ()
        assert score.missing == ()

    def test_a_section_counts_with_key_and_start(self) -> None:
        rows = [{"report": "a.txt", "section": "overview", "start": 11}]
        assert counts(score_rows([gold_report()], run_tables(sections=rows)), "sections") == (
            1,
            1,
            0,
        )

    @pytest.mark.parametrize(("value", "right"), [(12, 1), (12.0, 1), (13.0, 0), (None, 0)])
    def test_a_cell_counts_with_its_value(self, value: float | None, right: int) -> None:
        rows = [{"report": "a.txt", "cell": RECEIVED, "value": value}]
        assert counts(score_rows([gold_report()], run_tables(cells=rows)), "cells") == (1, 1, right)

    @pytest.mark.parametrize(
        ("told", "span_right", "wholly_right"),
        [
            ({}, 1, 1),
            ({"unit": "条"}, 1, 0),
            ({"approx": "about"}, 1, 0),
            ({"value": 120.0}, 1, 0),
            ({"start": 19}, 0, 0),
        ],
    )
    def test_a_figure_counts_by_span_and_wholly(
        self, told: dict[str, Any], span_right: int, wholly_right: int
    ) -> None:
        figure = run_figure(20, 23, cell=RECEIVED) | told
        score = score_rows([gold_report()], run_tables(figures=[figure]))
        assert counts(score, "figures") == (1, 1, span_right)
        assert counts(score, "figures_full") == (1, 1, wholly_right)

    def test_optional_figures_may_be_found_or_not(self) -> None:
        gold = gold_report(figures=[gold_figure(30, 32, text="一张", optional=True)])
        for figures in ([], [run_figure(30, 32, cell=RECEIVED)]):
            score = score_rows([gold], run_tables(figures=figures))
            assert counts(score, "figures") == (0, 0, 0)
            assert counts(score, "links") == (0, 0, 0)

    @pytest.mark.parametrize(("value", "found"), [(0.0, 1), (3.0, 0)])
    def test_statements_of_none_match_by_overlap(self, value: float, found: int) -> None:
        told = gold_figure(
            40, 49, text="未收到公开申请", claim="none", cell=RECEIVED, cells=[RECEIVED]
        )
        figure = run_figure(41, 45, text="未收到", value=value, cell=RECEIVED)
        score = score_rows([gold_report(figures=[told])], run_tables(figures=[figure]))
        assert counts(score, "nones") == (1, found, found)
        assert counts(score, "links") == (1, 1, 1)


class TestLinks:
    @pytest.mark.parametrize(
        ("cell", "told"),
        [
            (RECEIVED, (1, 1, 1)),
            ("derived.accepted", (1, 1, 1)),
            ("derived.handled", (1, 1, 0)),
            (None, (1, 0, 0)),
            # The report prints no such cell, so that the link can't be judged.
            ("indicators.published.count", (1, 0, 0)),
        ],
    )
    def test_links(self, cell: str | None, told: tuple[int, int, int]) -> None:
        figures = [run_figure(20, 23, cell=cell)]
        assert counts(score_rows([gold_report()], run_tables(figures=figures)), "links") == told

    def test_a_link_of_a_figure_without_cell_is_false(self) -> None:
        gold = gold_report(figures=[gold_figure(20, 23)])
        assert counts(score_rows([gold], run_tables()), "links") == (0, 1, 0)

    def test_one_row_may_answer_a_joint_statement(self) -> None:
        cells = ["litigation.review.total", "derived.lawsuits"]
        joint = [
            gold_figure(40, 47, claim="none", cell=cells[0], cells=cells),
            gold_figure(48, 52, claim="none", cell=cells[1], cells=cells[1:], loose=True),
        ]
        row = run_figure(40, 52, text="未发生行政复议、诉讼", value=0.0, cell=cells[1])
        gold = gold_report(figures=joint)
        assert counts(score_rows([gold], run_tables(figures=[row])), "links") == (1, 1, 1)

    def test_a_loose_link_is_not_judged(self) -> None:
        gold = gold_report(figures=[gold_figure(20, 23, loose=True)])
        assert counts(score_rows([gold], run_tables()), "links") == (0, 0, 0)


class TestFindings:
    def test_rule_and_cell_must_agree(self) -> None:
        gold = gold_report(findings=[expected("narrative-table", RECEIVED)])
        rows = [run_finding("narrative-table", RECEIVED), run_finding("narrative-none", RECEIVED)]
        score = score_rows([gold], run_tables(findings=rows))
        assert counts(score, "mismatches") == (1, 2, 1)
        assert score.rules["narrative-none"] == Tally(0, 1, 0)
        assert score.rules["narrative-table"] == Tally(1, 1, 1)

    def test_the_cell_may_stand_in_the_evidence(self) -> None:
        gold = gold_report(findings=[expected("table-balance", "applications.carried_out.total")])
        evidence = json.dumps([{"role": "cell", "address": "applications.carried_out.total"}])
        rows = [run_finding("table-balance", RECEIVED, evidence=evidence)]
        assert counts(score_rows([gold], run_tables(findings=rows)), "mismatches") == (1, 1, 1)

    def test_part_of_an_address_is_another_cell(self) -> None:
        gold = gold_report(findings=[expected("table-balance", "applications.total.total")])
        evidence = '[{"address": "applications.total.total_last_year"}]'
        rows = [run_finding("table-balance", None, evidence=evidence)]
        assert counts(score_rows([gold], run_tables(findings=rows)), "mismatches") == (1, 1, 0)

    def test_one_error_told_twice_counts_once(self) -> None:
        gold = gold_report(findings=[expected("narrative-conflict", "")])
        rows = [run_finding("narrative-conflict", None)] * 2
        assert counts(score_rows([gold], run_tables(findings=rows)), "mismatches") == (1, 1, 1)

    def test_a_suspect_is_no_mismatch_but_no_false_suspect_either(self) -> None:
        gold = gold_report(findings=[expected("narrative-table", RECEIVED)])
        rows = [run_finding("narrative-table", RECEIVED, status="suspect")]
        score = score_rows([gold], run_tables(findings=rows))
        assert counts(score, "mismatches") == (1, 0, 0)
        assert counts(score, "suspects") == (0, 0, 0)

    def test_false_mismatches_of_clean_reports(self) -> None:
        gold = [gold_report(), gold_report("b.txt", findings=[expected("form-year", "")])]
        rows = [
            run_finding("table-unit", RECEIVED),
            run_finding("table-unit", None, status="suspect"),
        ]
        score = score_rows(gold, run_tables(findings=rows))
        assert (score.n_clean, score.false_in_clean, score.false_per_clean) == (1, 1, 1.0)


class TestReports:
    def test_reports_match_by_stem(self) -> None:
        rows = run_tables()
        moved = {n: [r | {"report": "县区/a.txt"} for r in t] for n, t in rows.items()}
        assert all(t.f1 == 1.0 for t in score_rows([gold_report()], moved).layers.values())

    def test_missing_and_failed_reports_are_named(self) -> None:
        rows = run_tables(reports=[{"report": "a.txt", "status": "failed"}])
        score = score_rows([gold_report(), gold_report("b.txt")], rows)
        assert score.missing == ("a.txt", "b.txt")
        assert score.layers["sections"].recall == 0.5

    def test_reports_outside_gold_are_left_out(self) -> None:
        rows = run_tables(
            figures=[run_figure(20, 23, cell=RECEIVED), run_figure(1, 2, report="z.txt")]
        )
        assert score_rows([gold_report()], rows).n_figures == 1

    def test_coverage(self) -> None:
        findings = [
            run_finding("table-unit", None, status=s) for s in ("consistent", "unverifiable")
        ]
        score = score_rows([gold_report()], run_tables(findings=findings))
        assert (score.n_figures, score.n_linked) == (1, 1)
        assert (score.n_findings, score.n_unverifiable) == (2, 1)


class TestFilesAndText:
    def test_parquet_tables_are_scored(self, tmp_path: Path) -> None:
        pa = pytest.importorskip("pyarrow")
        pq = pytest.importorskip("pyarrow.parquet")
        (tmp_path / "a.json").write_text(json.dumps(gold_report()), encoding="utf-8")
        rows = run_tables(findings=[run_finding("table-unit", RECEIVED, status="consistent")])
        for name, table in rows.items():
            pq.write_table(pa.Table.from_pylist(table), tmp_path / f"{name}.parquet")
        score = score_run(tmp_path, tmp_path)
        assert all(t.f1 == 1.0 for t in score.layers.values())
        (tmp_path / "cells.parquet").unlink()
        with pytest.raises(ReadError, match=r"cells\.parquet"):
            score_run(tmp_path, tmp_path)

    def test_a_folder_without_gold_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(ReadError, match="no gold"):
            score_run(tmp_path, tmp_path)

    @pytest.mark.parametrize(("lang", "word"), [("zh", "准确率"), ("en", "precision")])
    def test_text_for_people(self, lang: Literal["zh", "en"], word: str) -> None:
        gold = [gold_report(findings=[expected("form-year", "")]), gold_report("b.txt")]
        text = render_score(score_rows(gold, run_tables()), lang=lang)
        assert word in text
        assert "form-year\t1\t0\t0\t1.000\t0.000\t0.000" in text
        assert "b.txt" in text
