"""Planted errors: one kind at a time, over years too, with the findings that they call for."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from itertools import pairwise
from random import Random

import pytest

from mining.generate.corpus import render
from mining.generate.faults import SLIPS, TABLE_FAULTS, slip_value
from mining.generate.gold import to_json
from mining.generate.numbers import Values, broken_identities, broken_years, draw_values
from mining.generate.random_truth import FAULTS, random_truth
from mining.generate.series import SERIES_FAULTS, random_series
from mining.generate.truth import Truth
from mining.scoring import Tally, score_rows


def planted(truth: Truth) -> set[str]:
    return {f.fault for f in truth.findings if f.fault}


class TestSlips:
    @pytest.mark.parametrize(
        ("kind", "value", "wrong"),
        [
            ("digit-swap", 81, {18}),
            ("digit-swap", 110, {101}),
            ("digit-swap", 10, {None}),
            ("digit-swap", 33, {None}),
            ("digit-swap", Decimal("12.5"), {None}),
            ("off-by-one", 7, {6, 8}),
            ("off-by-one", 1, {2}),
            ("lost-digit", 123, {12}),
            ("lost-digit", 7, {None}),
            ("unit-slip", Decimal("12.5"), {Decimal("12.5")}),
            ("part-for-total", 9, {4}),
        ],
    )
    def test_wrong_numbers(
        self, kind: str, value: int | Decimal, wrong: set[int | Decimal | None]
    ) -> None:
        values: Values = {"t.row.total": value, "t.row.natural_person": 4}

        told = {slip_value(kind, "t.row.total", values, Random(seed)) for seed in range(20)}
        assert told == wrong

    @pytest.mark.parametrize("kind", SLIPS)
    def test_a_slip_of_each_kind_is_a_finding_about_its_cell(self, kind: str) -> None:
        truths = (random_truth(s, fault=f"text/{kind}") for s in range(200))
        truth = next(t for t in truths if planted(t))
        [found] = [f for f in truth.findings if f.fault]

        assert (found.rule, found.fault) == ("narrative-table", kind)
        text, _ = render(truth, "txt")
        assert found.note.split("正文写")[1].split("，")[0] in text.decode(truth.encoding)


class TestSingleFaults:
    @pytest.mark.parametrize("fault", FAULTS)
    def test_only_what_was_asked_for_is_wrong(self, fault: str) -> None:
        found: Counter[str] = Counter()
        for seed in range(40):
            truth = random_truth(seed, fault=fault)
            found.update(planted(truth))
            untold = {f.rule for f in truth.findings if not f.fault}
            assert untold <= {"table-value"}, "blanks in place of zeros are the only other finding"
        assert len(found.keys() - {"old-template"}) == (fault != "form/template")

    @pytest.mark.parametrize("form", ["2014", "2019", "2021"])
    def test_tables_break_where_the_findings_say(self, form: str) -> None:
        sums = {"table-value", "table-unit", "table-decisions"}
        for seed, name in enumerate(TABLE_FAULTS):
            truth = random_truth(seed, form=form, fault=f"table/{name}")
            told = {(f.rule, f.cell) for f in truth.findings if f.fault and f.rule not in sums}
            _, gold = render(truth, "txt")
            printed: Values = {c.address: c.value for c in gold.cells if c.value is not None}
            assert set(broken_identities(printed)) >= told
            if "table-unit" not in {f.rule for f in truth.findings}:
                assert set(broken_identities(printed)) == told

    def test_gold_tells_the_kind_of_planted_errors_only(self) -> None:
        faulty = random_truth(3, fault="form/year")
        _, gold = render(faulty, "txt")
        [told] = [f for f in json.loads(to_json(gold))["findings"] if f["rule"] == "form-year"]

        assert told["fault"] == "last-year"
        assert '"fault"' not in to_json(render(random_truth(3, n_faults=0), "txt")[1])


class TestSeries:
    @pytest.mark.parametrize("seed", range(12))
    def test_years_carry_on(self, seed: int) -> None:
        series = random_series(seed, years=4)
        cells = []
        for truth in series:
            _, gold = render(truth, "txt")
            values: Values = {c.address: c.value for c in gold.cells if c.value is not None}
            cells.append(values)
            assert truth.is_clean
        for last, this in pairwise(cells):
            assert list(broken_years(last, this)) == []

        assert [t.year for t in series] == list(range(series[0].year, series[0].year + 4))

    def test_sentences_compare_with_last_years_report(self) -> None:
        for seed in range(20):
            last, this = random_series(seed, years=2)
            marks = "".join(s.body for s in this.sections)
            assert random_series(seed, years=2) == (last, this)
            if "|last_year}" in marks and this.form == last.form:
                told = marks.split("|last_year}")[0].rpartition("{")[2]
                number = told.rstrip("件条次")
                _, gold = render(last, "txt")
                assert Decimal(number) in {c.value or 0 for c in gold.cells}

    def test_some_offices_are_renamed(self) -> None:
        names = [{t.agency for t in random_series(seed, years=8)} for seed in range(60)]

        assert 5 <= sum(len(n) == 2 for n in names) <= 30
        assert max(len(n) for n in names) == 2

    @pytest.mark.parametrize("fault", SERIES_FAULTS)
    def test_faults_stand_in_the_last_year(self, fault: str) -> None:
        found: Counter[str] = Counter()
        for seed in range(25):
            *before, last = random_series(seed, fault=fault)
            assert not any(t.findings for t in before)
            found.update(f.rule for f in last.findings)
        rules = {"copied": "form-copied", "growth": "narrative-growth"}

        assert found[rules.get(fault, f"years-{fault}")] >= 5

    def test_what_two_years_break_is_worked_out_plainly(self) -> None:
        last = draw_values(Random(5), "2021")
        this = draw_values(Random(6), "2021", last=last)
        address = "disclosure.normative_documents.in_force"

        assert list(broken_years(last, this)) == []
        moved = this | {address: this[address] + 1}
        assert list(broken_years(last, moved)) == [("years-in-force", address)]
        carried = "applications.carried_in.total"
        moved = this | {carried: this[carried] + 2}
        assert list(broken_years(last, moved)) == [("years-carried", carried)]
        assert list(broken_years(draw_values(Random(5), "2014"), this)) == []


class TestRecallByKind:
    def report(self, status: str) -> dict[str, object]:
        finding = {"rule": "form-year", "cell": "", "status": status, "fault": "last-year"}
        layers: dict[str, object] = {"sections": [], "cells": [], "figures": []}
        return {"report": "a.txt", "findings": [finding], **layers}

    @pytest.mark.parametrize(
        ("due", "told", "right", "weak"),
        [
            ("mismatch", ["mismatch"], 1, 0),
            ("mismatch", ["suspect"], 0, 1),
            ("mismatch", ["mismatch", "suspect"], 1, 0),
            ("mismatch", [], 0, 0),
            ("suspect", ["suspect"], 1, 0),
            ("suspect", ["mismatch"], 0, 0),
        ],
    )
    def test_told_as_due_or_weaker(self, due: str, told: list[str], right: int, weak: int) -> None:
        rows = [
            {"report": "a.txt", "rule": "form-year", "cell": None, "status": s, "evidence": "[]"}
            for s in told
        ]
        score = score_rows([self.report(due)], {"findings": rows})

        assert score.faults == {"form-year last-year": Tally(1, right, right)}
        assert score.weak["form-year last-year"] == weak
