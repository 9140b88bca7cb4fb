"""`mining study topics`: from a run to tables, charts and a model."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import Ran
from tests.study.topicworlds import write_world

Cli = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return write_world(tmp_path / "run", agencies=6, years=3)


def test_topics_of_a_run(run_cli: Cli, run: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    options = ("--k", "3", "--seeds", "2", "--max-share", "0.9", "--charts", "svg")

    ran = run_cli("study", "topics", run, "--out", out, *options, "--by", "year，level")

    assert (ran.code, ran.out) == (0, "")
    names = {path.name for path in out.iterdir()}
    charts = {f"topics-chart-{name}.svg" for name in ("words", "by-year", "by-level")}
    assert charts == {name for name in names if name.endswith(".svg")}
    assert f"{len(names) - 1} 个文件" in ran.err
    assert len(pd.read_csv(out / "topics-topics.csv")) == 3


def test_fewer_topics_are_told(run_cli: Cli, run: Path, tmp_path: Path) -> None:
    options = ("--k", "100", "--seeds", "1", "--charts", "none", "--max-share", "0.9")

    ran = run_cli("study", "topics", run, "--out", tmp_path / "out", *options, "--lang", "en")

    assert ran.code == 0
    assert "only 18 topics" in ran.err


@pytest.mark.parametrize(
    ("option", "code"),
    [
        (("--k", "many"), "[E401]"),
        (("--k", "0"), "[E401]"),
        (("--by", "colour"), "[E401]"),
        (("--max-share", "2"), "[E401]"),
        (("--min-documents", "99"), "[E702]"),
        (("--model", "nowhere.json"), "[E105]"),
    ],
)
def test_wrong_option_is_told(
    run_cli: Cli, run: Path, tmp_path: Path, option: tuple[str, str], code: str
) -> None:
    ran = run_cli("study", "topics", run, "--out", tmp_path / "out", *option)

    assert ran.code == 2
    assert ran.err.startswith(code)
    assert not (tmp_path / "out").exists()
