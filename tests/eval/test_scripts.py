"""The scripts that people copy run on the sample corpus and say what they found."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = {
    "audit_corpus": ("26 reports, 0 failed", "narrative-table"),
    "copied_text": ("groups of near-copies",),
    "panel": ("disclosure_rate", "the codebook tells"),
    "problem_themes": ("named again next year: promised", "%]"),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_script_runs_on_the_sample(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = runpy.run_path(str(ROOT / "scripts" / f"{name}.py"))
    script["main"](str(ROOT / script["SAMPLE"]), str(tmp_path / "out"))
    told = capsys.readouterr().out

    assert [words for words in SCRIPTS[name] if words not in told] == []
    assert script["RESULTS"] == f"reports_out/{name}"


@pytest.mark.parametrize("path", sorted((ROOT / "scripts").glob("*.py")), ids=lambda p: p.stem)
def test_scripts_are_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 100
