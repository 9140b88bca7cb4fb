"""Gold passages: loading with every fault told, scoring, and two annotators compared."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mining.generate.marks import MarkError, parse_marks
from mining.generate.truth import TruthError
from mining.passages.agreement import compare_annotators, kappa
from mining.passages.counting import find_traps, gold_rows, score_passages
from mining.passages.loading import Group, Passage, load_passages, read_passages
from mining.passages.reading import Reading, read_with_toolkit
from mining.scoring import Score
from tests.conftest import Ran

HAND = Path(__file__).parents[1] / "data" / "passages"
PASSAGES = {p.id: p for p in load_passages(HAND)}
Cli = Callable[..., Ran]

ENTRY = """[[passages]]
id = "{id}"
form = "{form}"
year = 2022
agency = "岚浦县水利局"
section = "{section}"
text = "{text}"
"""


def write(folder: Path, text: str, **changed: str) -> Path:
    told = {"id": "x-1", "form": "disclosure-2021", "section": "overview", "text": text}
    path = folder / "x.toml"
    path.write_text(ENTRY.format(**(told | changed)), encoding="utf-8")
    return path


def perfect(passage: Passage) -> Reading:
    """Read a passage as its gold does."""
    return Reading(figures=gold_rows(passage), groups=passage.groups)


def changed(name: str, **fields: object) -> Score:
    """Score one passage whose first figure is read with other fields."""
    passage = PASSAGES[name]
    rows = gold_rows(passage)
    reading = Reading(figures=[rows[0] | fields, *rows[1:]], groups=passage.groups)
    return score_passages([passage], lambda _: reading)


def counts(score: Score, layer: str) -> tuple[int, int, int]:
    tally = score.layers[layer]
    return tally.gold, tally.found, tally.right


class TestMarks:
    @pytest.mark.parametrize(
        ("word", "groups"),
        [("a", ("a",)), ("^a", ("^a",)), ("^a~", ("^a~",)), ("a,^b", ("a", "^b"))],
    )
    def test_groups(self, word: str, groups: tuple[str, ...]) -> None:
        _, [placed] = parse_marks(f"公开{{12条|total group={word}}}")

        assert placed.mark.groups == groups

    @pytest.mark.parametrize("word", ["", "A", "a~", "ab", "^", "a,", "1"])
    def test_other_words_are_refused(self, word: str) -> None:
        with pytest.raises(MarkError, match="group"):
            parse_marks(f"公开{{12条|group={word}}}")

    def test_a_rank_is_worked_out(self) -> None:
        _, [placed] = parse_marks("考核{第3名|kind=ordinal role=other}")

        assert placed.mark.value == 3
        assert placed.mark.unit == "名"


class TestLoading:
    def test_breakdowns_have_places(self) -> None:
        passage = PASSAGES["hand-001"]
        [group] = passage.groups

        assert group.total is not None
        assert passage.text[slice(*group.total)] == "620余条"
        assert [passage.text[slice(*p)] for p in group.parts] == ["310条", "205条", "108条"]

    def test_reports_without_tables_use_the_cells_that_came_after(self) -> None:
        assert PASSAGES["hand-004"].form.id == "disclosure-2014"

    @pytest.mark.parametrize(
        ("changed", "told"),
        [
            ({"text": "收到{12件|no.such.cell}"}, "has no cell no.such.cell"),
            ({"text": "收到{12件"}, "brace"),
            ({"text": "收到{12件|odd}"}, "unknown attribute"),
            ({"text": "收到{12件|group=a}"}, "group a has too few figures"),
            ({"text": "{2件|group=^a}{1件|group=^a}{1件|group=a}"}, "2 totals"),
            ({"form": "disclosure-1999"}, "unknown form"),
            ({"section": "middle"}, "unknown section"),
        ],
    )
    def test_every_fault_tells_file_and_id(
        self, tmp_path: Path, changed: dict[str, str], told: str
    ) -> None:
        write(tmp_path, "收到{12件}", **changed) if "text" not in changed else write(
            tmp_path, changed["text"]
        )
        with pytest.raises(TruthError, match=told) as error:
            load_passages(tmp_path)

        assert "x.toml: x-1: " in str(error.value)

    def test_all_faults_are_told_at_once(self, tmp_path: Path) -> None:
        first, second = (
            ENTRY.format(id=i, form="none", section="overview", text="无") for i in "ab"
        )
        path = tmp_path / "x.toml"
        path.write_text(first + second + '[[passages]]\nid = "c"\nodd = 1\n', encoding="utf-8")
        passages, faults = read_passages([path])

        assert passages == ()
        assert {f.id for f in faults} == {"a", "b", "c"}
        assert "unknown key odd" in {f.message for f in faults}

    def test_an_id_stands_for_one_passage(self, tmp_path: Path) -> None:
        path = write(tmp_path, "收到{12件}")
        path.write_text(path.read_text("utf-8") * 2, encoding="utf-8")

        assert [f.id for f in read_passages([path])[1]] == ["x-1"]

    def test_no_toml_is_a_fault(self, tmp_path: Path) -> None:
        (tmp_path / "x.toml").write_text("[[", encoding="utf-8")

        assert len(read_passages([tmp_path / "x.toml"])[1]) == 1


class TestScore:
    def test_gold_read_as_gold_is_perfect(self) -> None:
        score = score_passages(list(PASSAGES.values()), perfect)

        assert {name: t.f1 for name, t in score.layers.items()} == dict.fromkeys(score.layers, 1.0)
        assert (score.n_taken, score.errors) == (0, ())
        assert score.layers["figures"].gold == 21

    @pytest.mark.parametrize(
        ("fields", "layers"),
        [
            ({"unit": "件"}, {"figures_full"}),
            ({"approx": "about"}, {"figures_full"}),
            ({"high": 700}, {"bounds"}),
            ({"kind": "other"}, {"kinds"}),
            ({"role": "single"}, {"roles"}),
            ({"scope": "cumulative"}, {"scopes"}),
            ({"cell": "disclosure.licensing.decisions"}, {"links"}),
            ({"value": 62}, {"figures_full", "values"}),
        ],
    )
    def test_each_layer_sees_its_own_fault(
        self, fields: dict[str, object], layers: set[str]
    ) -> None:
        score = changed("hand-001", **fields)

        assert {name for name, t in score.layers.items() if t.f1 < 1} == layers

    def test_a_link_that_gold_could_not_name_is_left_out(self) -> None:
        score = changed("hand-001", cell="indicators.published.count")

        assert counts(score, "links") == (0, 0, 0)

    def test_a_lost_part_costs_a_pair_and_the_group(self) -> None:
        passage = PASSAGES["hand-001"]
        [group] = passage.groups
        less = Group(total=group.total, parts=group.parts[:2])
        reading = Reading(figures=gold_rows(passage), groups=(less,))
        score = score_passages([passage], lambda _: reading)

        assert counts(score, "breakdowns") == (3, 2, 2)
        assert counts(score, "groups") == (1, 1, 0)

    def test_parts_without_a_total_are_paired_with_their_neighbours(self) -> None:
        passage = replace(PASSAGES["hand-001"], groups=(Group(total=None, parts=((0, 1), (2, 3))),))
        score = score_passages([passage], lambda p: Reading(figures=(), groups=p.groups))

        assert counts(score, "breakdowns") == (1, 1, 1)

    def test_numerals_that_are_no_figure_are_traps(self) -> None:
        passage = PASSAGES["hand-006"]
        found = [passage.text[slice(*place)] for place in find_traps(passage)]

        assert found == ["万", "一", "0579", "8123456", "321000"]

    def test_a_trap_that_was_taken_counts(self) -> None:
        passage = PASSAGES["hand-006"]
        start = passage.text.index("321000")
        row = gold_rows(passage)[0] | {"start": start, "end": start + 6, "text": "321000"}
        score = score_passages([passage], lambda _: Reading(figures=[row]))

        assert (score.n_traps, score.n_taken) == (5, 1)
        assert "traps false hand-006: 321000" in score.errors

    @pytest.mark.parametrize(
        ("text", "cell", "false"),
        [
            ("双随机", "derived.lawsuits", 1),
            ("双随机", "indicators.applications.count", 0),
            ("双随机", None, 0),
        ],
    )
    def test_a_false_statement_of_none(self, text: str, cell: str | None, false: int) -> None:
        passage = PASSAGES["hand-001"]
        start = passage.text.index(text)
        none = {"start": start, "end": start + 3, "text": text, "value": 0, "claim": "none"}
        reading = Reading(figures=[none | {"cell": cell}])
        score = score_passages([passage], lambda _: reading)

        assert counts(score, "nones") == (0, false, 0)

    def test_labels_are_told_apart(self) -> None:
        score = changed("hand-001", role="single")

        assert score.labels["role total"].recall == 0
        assert score.labels["role single"].precision == 0
        assert score.labels["role part"].f1 == 1

    def test_places_are_those_of_the_text_as_printed(self) -> None:
        passage = PASSAGES["hand-003"]
        wide = replace(passage, text=passage.text.replace("1284", "１２８４"))
        places = [(r["start"], r["end"]) for r in read_with_toolkit(wide).figures]

        assert places == [(r["start"], r["end"]) for r in read_with_toolkit(passage).figures]


class TestAgreement:
    def test_the_same_annotation_agrees(self) -> None:
        found = compare_annotators(list(PASSAGES.values()), list(PASSAGES.values()))

        assert (found.spans.f1, found.nones.f1, found.groups.f1) == (1, 1, 1)
        assert set(found.kappas.values()) == set(found.equal.values()) == {1.0}

    def test_other_marks_disagree_where_they_differ(self, tmp_path: Path) -> None:
        first, second = tmp_path / "1", tmp_path / "2"
        for folder in (first, second):
            folder.mkdir()
        write(first, "收到{12件|applications.received.total}，办结{9件|other}，来电{3个}")
        write(second, "收到{12件|cumulative}，办结{9件|other}，来电3{个|value=3}")
        found = compare_annotators(load_passages(first), load_passages(second))

        assert (found.spans.gold, found.spans.found, found.spans.right) == (3, 3, 2)
        assert (found.same["scope"], found.same["role"]) == (0.5, 1.0)
        assert (found.kappas["scope"], found.kappas["role"]) == (0.0, 1.0)

    def test_another_text_is_left_out(self) -> None:
        one = PASSAGES["hand-001"]
        found = compare_annotators([one], [replace(one, text=one.text + "。")])

        assert (found.n_passages, found.n_changed) == (0, 1)

    def test_kappa_takes_chance_away(self) -> None:
        half = [("a", "a"), ("b", "b"), ("a", "b"), ("b", "a")]

        assert kappa(half) == 0
        assert kappa([("a", "a")] * 3) == 1
        assert kappa([]) == 1


class TestCommand:
    def test_passages_need_no_run(self, run_cli: Cli) -> None:
        ran = run_cli("score", HAND)

        assert ran.code == 0
        assert "数字（位置）\t21\t" in ran.out
        assert "不是数字的数字串" in ran.out

    def test_json_tells_counts_and_shares(self, run_cli: Cli) -> None:
        told = json.loads(run_cli("score", HAND, "--json").out)

        assert told["layers"]["figures"]["gold"] == 21
        assert "errors" not in told
        assert "errors" in json.loads(run_cli("score", HAND, "--json", "--errors").out)

    def test_misses_are_listed_on_demand(self, run_cli: Cli, tmp_path: Path) -> None:
        write(tmp_path, "依据{文件|value=7}开展工作")
        ran = run_cli("score", tmp_path, "--errors")

        assert "figures missed x-1: 文件" in ran.out
        assert "missed" not in run_cli("score", tmp_path).out

    def test_agreement(self, run_cli: Cli) -> None:
        ran = run_cli("score", HAND, HAND, "--agreement", "--lang", "en")

        assert ran.code == 0
        assert "scope\t1.000" in ran.out

    def test_agreement_needs_two(self, run_cli: Cli) -> None:
        assert run_cli("score", HAND, "--agreement").code == 2

    def test_gold_of_reports_needs_a_run(self, run_cli: Cli, sample: Path) -> None:
        ran = run_cli("score", sample / "gold")

        assert ran.code == 2
        assert "E401" in ran.err

    def test_faults_of_gold_are_told(self, run_cli: Cli, tmp_path: Path) -> None:
        write(tmp_path, "收到{12件|no.such.cell}")
        ran = run_cli("score", tmp_path)

        assert ran.code == 2
        assert "x-1" in ran.err
