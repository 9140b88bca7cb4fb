"""Shared fixtures: the command line in this process, and reports to give it."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from mining.cli.app import main

SAMPLE = Path(__file__).parents[1] / "corpora" / "sample"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How a command ended: its exit code and what it printed."""

    code: int
    out: str
    err: str


@pytest.fixture
def run_cli(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    """Return a function that runs ``mining`` with the arguments it is given."""
    monkeypatch.delenv("MINING_LANG", raising=False)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["mining", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        printed = capfd.readouterr()
        return Ran(code=int(end.value.code or 0), out=printed.out, err=printed.err)

    return run


@pytest.fixture
def sample() -> Path:
    """Return the folder of the sample corpus."""
    return SAMPLE


@pytest.fixture
def reports(tmp_path: Path, sample: Path) -> Path:
    """Return a folder with three reports of the sample corpus."""
    folder = tmp_path / "年报"
    folder.mkdir()
    for path in sorted((sample / "reports").glob("*.txt"))[:3]:
        (folder / path.name).write_bytes(path.read_bytes())
    return folder
