"""`mining themes`: from a run to labels, a model and its scores."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import Ran

Cli = Callable[..., Ran]

_WORDS = ("人手不够没有专人", "网站更新太慢经常滞后", "网页打不开链接失效")
_THEMES = ("staffing", "timeliness", "platform")


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    path = tmp_path / "labels.csv"
    rows = [
        f"r{i % 4};{'甲乙丙丁戊'[i % 5]}科{_WORDS[i % 3][i % 4 :]};{_THEMES[i % 3]}"
        for i in range(60)
    ]
    path.write_text("\n".join(["report;text;themes", *rows]), encoding="utf-8-sig")
    return path


def test_train_writes_a_model_with_a_card_and_evaluate_reads_it(
    run_cli: Cli, labels: Path, tmp_path: Path
) -> None:
    trained = run_cli("themes", "train", labels, "--out", tmp_path / "own")
    measured = run_cli("themes", "evaluate", tmp_path / "own", labels)

    assert trained.code == measured.code == 0
    assert "交叉验证" in trained.out
    assert "60 statements" in (tmp_path / "own" / "card.md").read_text(encoding="utf-8")
    assert "staffing\t20\t20\t20\t1.000" in measured.out


def test_bad_rows_are_all_told_and_nothing_is_trained(
    run_cli: Cli, labels: Path, tmp_path: Path
) -> None:
    with labels.open("a", encoding="utf-8") as file:
        file.write("\nr1;又慢了;timelines\nr1;;staffing\n")
    ran = run_cli("themes", "train", labels, "--out", tmp_path / "own", "--lang", "en")

    assert ran.code == 3
    assert "line 62: unknown theme timelines" in ran.err
    assert "line 63: the text is empty" in ran.err
    assert not (tmp_path / "own").exists()


def test_suggest_writes_rows_that_can_be_labelled(run_cli: Cli, tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    points = pd.DataFrame(
        {
            "report": ["a", "a", "a"],
            "point": [0, 1, 2],
            "kind": ["problem", "improvement", "neither"],
            "text": ["这方面办法不多", "下一步多想办法", "特此报告"],
            "answers": pd.array([None, 0, None], dtype="Int64"),
        }
    )
    points.to_parquet(run / "points.parquet")
    out = tmp_path / "next.csv"
    ran = run_cli("themes", "suggest", run, "--n", "5", "--out", out)
    rows = pd.read_csv(out, encoding="utf-8-sig", keep_default_na=False)

    assert ran.code == 0
    assert sorted(rows["text"]) == ["下一步多想办法", "这方面办法不多"]
    assert list(rows.loc[rows["kind"] == "improvement", "answers"]) == ["a#0"]
    assert set(rows["themes"]) == {""}


def test_suggest_needs_the_table_of_points(run_cli: Cli, tmp_path: Path) -> None:
    assert run_cli("themes", "suggest", tmp_path).code == 2


def test_agreement_of_two_sheets(run_cli: Cli, labels: Path, tmp_path: Path) -> None:
    second = tmp_path / "second.csv"
    text = labels.read_text(encoding="utf-8-sig").replace("platform", "timeliness")
    second.write_text(text, encoding="utf-8-sig")
    ran = run_cli("themes", "agreement", labels, second)

    assert ran.code == 0
    assert "staffing\t20\t20\t20\t1.000" in ran.out
    assert "platform\t20\t0\t0\t0.000" in ran.out
    assert "alpha\t" in ran.out


def test_agreement_without_a_shared_statement(run_cli: Cli, labels: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("text,themes\n别的话,-\n", encoding="utf-8-sig")

    assert run_cli("themes", "agreement", labels, other).code == 3
