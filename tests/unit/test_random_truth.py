"""Random truths: numbers that add up, sentences that hold, known errors, the same every time."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mining.generate.corpus import write_random
from mining.generate.faults import plant_form_faults, plant_table_faults
from mining.generate.numbers import broken_identities, draw_values, table_truth
from mining.generate.random_truth import FORMS, random_truth
from mining.generate.render import render_text
from mining.generate.sentences import Teller
from mining.generate.truth import Truth


class TestNumbers:
    @given(st.integers(0, 10_000), st.sampled_from(["2014", "2019", "2021"]))
    @settings(max_examples=60)
    def test_drawn_tables_add_up(self, seed: int, form: str) -> None:
        values = draw_values(Random(seed), form)

        assert list(broken_identities(values)) == []
        assert min(v for a, v in values.items() if not a.endswith(".change")) >= 0

    @pytest.mark.parametrize("form", ["2014", "2019", "2021"])
    def test_planted_faults_are_the_ones_that_break(self, form: str) -> None:
        rules: Counter[str] = Counter()
        for seed in range(60):
            rng = Random(seed)
            values = draw_values(rng, form)
            faults = plant_table_faults(values, rng, count=2)
            sums = {(f.rule, f.cell) for f in faults.findings}
            assert set(broken_identities(values)) <= sums
            rules.update(f.rule for f in faults.findings)
        assert len(rules) >= 3

    def test_a_changed_total_is_found(self) -> None:
        values = {f"litigation.review.{c}": 1 for c in ("upheld", "corrected", "other", "pending")}
        values["litigation.review.total"] = 5

        assert list(broken_identities(values)) == [
            ("table-litigation-total", "litigation.review.total")
        ]

    def test_tables_print_what_they_are_given(self) -> None:
        table = table_truth(
            "litigation",
            {"litigation.review.upheld": 2},
            printed={"litigation.review.total": "若干"},
            fill="",
        )

        assert table.rows["review"] == ("2", ".", ".", ".", "若干")
        assert table.fill == ""

    @pytest.mark.parametrize("seed", range(12))
    def test_form_faults_come_one_at_a_time(self, seed: int) -> None:
        faults = plant_form_faults(
            Random(seed),
            year=2021,
            agency="平岗县林业局",
            other_agency="平岗县水利局",
            is_old=False,
            wanted=True,
        )

        changed = (faults.period != 2021, faults.signature != "平岗县林业局", bool(faults.lost))
        assert sum(changed) == len(faults.findings) == 1


class TestSentences:
    def teller(self, **options: object) -> Teller:
        values = {
            "applications.received.total": 12,
            "applications.granted.total": 3,
            "applications.total.total": 12,
            "litigation.review.total": 0,
        }
        given = {"rng": Random(3), "values": values, "words": {"year": "2021"}, **options}
        return Teller(**given)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("template", "told"),
        [
            (
                "<year>年收到{applications.received.total:件}",
                "2021年收到{12件|applications.received.total}",
            ),
            (
                "收到{applications.received.total/derived.accepted:件 part}",
                "收到{12件|applications.received.total/derived.accepted part}",
            ),
            (
                "{litigation.review.total!未发生复议}",
                "{未发生复议|litigation.review.total none}",
            ),
            ("复议{litigation.review.total?件}", "复议{0件|litigation.review.total}"),
            ("办结率{100%}", "办结率{100%}"),
        ],
    )
    def test_slots(self, template: str, told: str) -> None:
        teller = self.teller()

        assert teller.can_tell(template)
        assert teller.tell(template) == told

    def test_shares_are_right(self) -> None:
        told = self.teller().tell("占{%applications.granted.total/applications.total.total}")
        share = re.search(r"\{([\d.]+)%\}", told)

        assert share is not None
        assert Decimal(share[1]) == 25

    def test_parts_add_up_to_the_total(self) -> None:
        told = self.teller().tell("{@0/3/60-90:条 total}：{@1:条 part}、{@2:条 part}、{@3:条 part}")
        total, *parts = (int(n) for n in re.findall(r"\{(\d+)条", told))

        assert len(parts) == 3
        assert sum(parts) == total

    @pytest.mark.parametrize(
        "template",
        ["复议{litigation.review.total:件}", "{applications.received.total!没有收到申请}"],
    )
    def test_what_does_not_hold_is_not_told(self, template: str) -> None:
        assert not self.teller().can_tell(template)

    def test_a_cell_is_told_once(self) -> None:
        teller = self.teller()
        teller.tell("收到{applications.received.total:件}")

        assert not teller.can_tell("共收到{applications.received.total:件}")

    def test_lies_are_told_once_and_written_down(self) -> None:
        teller = self.teller(lies={"narrative-table", "narrative-none"})
        wrong = teller.tell("收到{applications.granted.total:件}")
        none = teller.tell("{applications.received.total!没有收到申请}")

        assert "{3件" not in wrong
        assert none == "{没有收到申请|applications.received.total none}"
        assert [(f.rule, f.cell) for f in teller.findings] == [
            ("narrative-table", "applications.granted.total"),
            ("narrative-none", "applications.received.total"),
        ]
        assert teller.lies == set()

    @given(st.integers(0, 500))
    @settings(max_examples=50)
    def test_a_changed_number_is_another_one(self, seed: int) -> None:
        teller = self.teller(rng=Random(seed), lies={"narrative-table"})
        told = re.search(r"\{(\d+)件", teller.tell("收到{applications.received.total:件}"))

        assert told is not None
        assert int(told[1]) not in {0, 3, 12}


def body_of(truth: Truth) -> str:
    return "\n".join(section.body for section in truth.sections)


class TestRandomTruths:
    @pytest.mark.parametrize("form", FORMS)
    def test_a_form_and_a_year_can_be_asked_for(self, form: str) -> None:
        truth = random_truth(3, form=form, year=2016)

        assert (truth.form, truth.year) == (form, 2016)
        assert "2016年" in "".join(truth.title)

    def test_reports_differ(self) -> None:
        truths = [random_truth(seed) for seed in range(120)]

        assert len({body_of(t) for t in truths}) == 120
        assert len({t.agency for t in truths}) > 90
        assert {t.form for t in truths} == set(FORMS)
        assert 40 <= sum(t.is_clean for t in truths) <= 90

    def test_errors_can_be_left_out(self) -> None:
        late = {"form-template"}
        for seed in range(40):
            truth = random_truth(seed, n_faults=0)
            told = {f.rule for f in truth.findings if f.status == "mismatch"}
            assert told <= late

    def test_many_rules_are_broken(self) -> None:
        rules = {f.rule for seed in range(300) for f in random_truth(seed, n_faults=3).findings}

        assert len(rules) >= 13

    @pytest.mark.parametrize("seed", range(40))
    def test_gold_points_at_what_is_printed(self, seed: int) -> None:
        truth = replace(random_truth(seed), crlf=False)
        raw, gold = render_text(truth)
        places = [(f.start, f.end, f.text) for f in gold.figures]

        assert all(f.start is not None for f in gold.figures)
        assert len(set(places)) == len(places)
        assert raw.count("\n") > 15

    def test_the_hash_seed_does_not_matter(self) -> None:
        code = (
            "from hashlib import sha256\n"
            "from mining.generate.random_truth import random_truth\n"
            "print(sha256(''.join(repr(random_truth(s)) for s in range(30)).encode()).hexdigest())"
        )
        made = {
            subprocess.run(
                [sys.executable, "-c", code],
                env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
                capture_output=True,
                check=True,
                text=True,
            ).stdout
            for seed in ("1", "2")
        }
        assert len(made) == 1

    def test_a_folder_of_random_reports(self, tmp_path: Path) -> None:
        n = write_random(tmp_path, n=6, seed=11, formats=("txt", "html", "docx"), n_faults=1)
        names = sorted(p.suffix for p in (tmp_path / "reports").iterdir())

        assert n == 6
        assert names == [".docx", ".docx", ".html", ".html", ".txt", ".txt"]
        gold = [json.loads(p.read_text("utf-8")) for p in (tmp_path / "gold").iterdir()]
        assert all((tmp_path / "reports" / g["report"]).is_file() for g in gold)
