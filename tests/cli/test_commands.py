"""The smaller commands: read, rule, form, score."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mining.catalog import RULES
from tests.conftest import Ran

Cli = Callable[..., Ran]


def test_read_shows_sections_tables_and_findings(run_cli: Cli, sample: Path) -> None:
    ran = run_cli("read", sample / "reports" / "yunzhou_ecology_2020.txt")

    assert ran.code == 0
    assert "云州市" in ran.out
    assert "总体情况" in ran.out
    assert "本年新收" in ran.out
    assert "⟨applications." in ran.out


def test_read_json_has_the_columns_of_the_tables(run_cli: Cli, sample: Path) -> None:
    ran = run_cli("read", sample / "reports" / "yunzhou_ecology_2020.txt", "--json")

    shown = json.loads(ran.out)
    (report,) = shown["reports"]
    assert report["year"] == 2020
    text = shown["texts"][0]["text"]
    assert all(text[f["start"] : f["end"]] == f["text"] for f in shown["figures"])


@pytest.fixture(scope="module")
def problem_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("points") / "report.txt"
    path.write_text(
        "2019年政府信息公开工作年度报告\n一、总体情况\n本局主动公开政府信息。\n"
        "五、存在的主要问题及改进情况\n存在的问题：一是栏目更新不及时；二是专职人员不足。"
        "下一步，一是按周更新栏目；二是配齐专职人员。\n六、其他需要报告的事项\n无。\n",
        encoding="utf-8",
    )
    return path


def test_read_shows_points_with_themes_and_answers(run_cli: Cli, problem_report: Path) -> None:
    lines = run_cli("read", problem_report).out.splitlines()

    assert any(line.startswith("0 问题 栏目更新不及时  [") and "时效" in line for line in lines)
    assert any(
        line.startswith("3 改进 配齐专职人员  [") and "针对第 1 点" in line for line in lines
    )


def test_read_without_problems_shows_no_points(run_cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(
        "2019年政府信息公开工作年度报告\n一、总体情况\n本局主动公开政府信息。\n", encoding="utf-8"
    )

    assert "问题与改进" not in run_cli("read", path).out


def test_read_json_holds_points_and_themes(run_cli: Cli, problem_report: Path) -> None:
    shown = json.loads(run_cli("read", problem_report, "--json").out)

    assert [(p["kind"], p["answers"]) for p in shown["points"]] == [
        ("problem", None),
        ("problem", None),
        ("improvement", 0),
        ("improvement", 1),
    ]
    told = {(t["text"], t["theme"]) for t in shown["themes"]}
    assert {("栏目更新不及时", "timeliness"), ("专职人员不足", "staffing")} <= told


@pytest.mark.parametrize(("lang", "told"), [("zh", "[E105]"), ("en", "check that the file exists")])
def test_read_of_a_file_that_is_not_there(
    run_cli: Cli, tmp_path: Path, lang: str, told: str
) -> None:
    ran = run_cli("read", tmp_path / "没有.txt", "--lang", lang)

    assert ran.code == 2
    assert told in ran.err
    assert "没有.txt" in ran.err


def test_rules_are_listed_with_titles(run_cli: Cli) -> None:
    ran = run_cli("rule")

    assert [line.split()[0] for line in ran.out.splitlines()] == list(RULES)
    assert "收办平衡" in ran.out


@pytest.mark.parametrize("rule_id", RULES)
def test_rule_is_explained(run_cli: Cli, rule_id: str) -> None:
    ran = run_cli("rule", rule_id)

    assert ran.code == 0
    assert "What it checks" in ran.out


def test_unknown_rule_suggests_one(run_cli: Cli) -> None:
    ran = run_cli("rule", "table-ballance")

    assert ran.code == 2
    assert "table-balance" in ran.err


def test_forms_are_listed(run_cli: Cli) -> None:
    ran = run_cli("form", "list")

    assert [line.split()[0][-4:] for line in ran.out.splitlines()] == [
        "2008",
        "2014",
        "2019",
        "2021",
    ]


def test_sound_form(run_cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('id = "own-2021"\nextends = "disclosure-2021"\n', encoding="utf-8")

    ran = run_cli("form", "check", path)

    assert (ran.code, ran.err) == (0, "")


def test_unsound_form_lists_every_problem(run_cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    checks = '[[checks]]\nrule = "table-ballance"\n[[checks]]\nrule = "no-such-rule"\n'
    text = f'id = "own-2021"\nextends = "disclosure-2021"\n{checks}'
    path.write_text(text, encoding="utf-8")

    ran = run_cli("form", "check", path)

    assert ran.code == 2
    assert "表单有 2 处问题" in ran.err
    assert "table-ballance" in ran.err
    assert "no-such-rule" in ran.err


def test_form_that_is_no_toml(run_cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("id = ", encoding="utf-8")

    assert run_cli("form", "check", path).code == 2


def test_score_of_the_sample(run_cli: Cli, sample: Path, tmp_path: Path) -> None:
    run_cli("audit", sample / "reports", "--out", tmp_path / "out")
    ran = run_cli("score", sample / "gold", tmp_path / "out")

    assert ran.code == 0
    assert "table-balance" in ran.out


def test_version_and_help(run_cli: Cli) -> None:
    assert run_cli("--version").out.startswith("mining ")
    assert "核对" in run_cli("--help").out
