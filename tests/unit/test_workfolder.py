"""The folder of a run: one run at a time, and a manifest that survives whatever kills a run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mining.corpus.ledger import Ledger
from mining.corpus.lock import folder_lock
from mining.corpus.tasks import Part, PartFolder
from mining.corpus.workfolder import Plan, unfinished, work_folder
from mining.errors import OutputError

PLAN = Plan(facts={"lang": "zh", "mining": "1"}, shards=("x", "y"), names=("a.txt", "b.txt"))
OWN = frozenset({"run.json"})


def part(work: Path, task: str, content: str = "rows") -> Part:
    with PartFolder.fresh(work, task) as folder:
        (folder.path / "cells.parquet").write_text(content, encoding="utf-8")
        return folder.seal({"n": 1})


def begin(out: Path, n: int) -> None:
    with work_folder(out, PLAN, own=OWN) as folder:
        for i in range(n):
            folder.ledger.add(part(folder.path, f"audit-{i:05}"))
        raise KeyboardInterrupt


def begun(out: Path, n: int = 1) -> Path:
    """Leave an unfinished run with `n` shards done; return its folder."""
    with pytest.raises(KeyboardInterrupt):
        begin(out, n)
    return out.parent / f".{out.name}.work"


def test_finished_tasks_outlive_an_interrupt(tmp_path: Path) -> None:
    begun(tmp_path / "out")

    assert unfinished(tmp_path / "out") == (1, 2)
    with work_folder(tmp_path / "out", PLAN, own=OWN, resume=True) as folder:
        assert folder.ledger["audit-00000"].told == {"n": 1}
    assert list(tmp_path.iterdir()) == []


def test_unfinished_run_is_not_thrown_away_by_accident(tmp_path: Path) -> None:
    begun(tmp_path / "out")

    with (
        pytest.raises(OutputError, match=r"E503.*1 of 2 shards.*--resume.*--restart"),
        work_folder(tmp_path / "out", PLAN, own=OWN),
    ):
        pass
    with work_folder(tmp_path / "out", PLAN, own=OWN, restart=True) as folder:
        assert len(folder.ledger) == 0


@pytest.mark.parametrize(
    ("facts", "shards", "told"),
    [
        ({"lang": "en", "mining": "1"}, ("x", "y"), "settings were others: lang"),
        ({"lang": "zh", "mining": "2"}, ("x", "y"), "settings were others: mining"),
        ({"lang": "zh", "mining": "1"}, ("x", "z"), "inputs were others, from b.txt on"),
        ({"lang": "zh", "mining": "1"}, ("x",), "more or fewer reports"),
    ],
)
def test_other_inputs_or_settings_are_refused(
    facts: dict[str, str], shards: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    begun(tmp_path / "out")
    other = Plan(facts=facts, shards=shards, names=("a.txt", "b.txt"))

    with (
        pytest.raises(OutputError, match=told) as caught,
        work_folder(tmp_path / "out", other, own=OWN, resume=True),
    ):
        pass
    assert caught.value.code == "E503"
    assert unfinished(tmp_path / "out") == (1, 2)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1] + b"X")


@pytest.mark.parametrize("harm", [cut, flip, Path.unlink], ids=["cut", "changed", "gone"])
def test_damaged_part_is_done_again(harm: object, tmp_path: Path) -> None:
    work = begun(tmp_path / "out", n=2)
    (damaged,) = work.glob("audit-00001.*")
    harm(damaged / "cells.parquet")  # type: ignore[operator]

    with work_folder(tmp_path / "out", PLAN, own=OWN, resume=True) as folder:
        assert "audit-00000" in folder.ledger
        assert "audit-00001" not in folder.ledger
        assert not damaged.exists()


@pytest.mark.parametrize("tail", [b'{"task":"audit-00001","fol', b"{}x\n", b"\n"])
def test_half_a_line_does_not_count_and_does_not_stay(tail: bytes, tmp_path: Path) -> None:
    work = begun(tmp_path / "out")
    with (work / "shards.jsonl").open("ab") as file:
        file.write(tail)

    with work_folder(tmp_path / "out", PLAN, own=OWN, resume=True) as folder:
        folder.ledger.add(part(folder.path, "audit-00001"))
        lines = (work / "shards.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["task"] for line in lines] == ["audit-00000", "audit-00001"]


def test_folders_that_no_line_names_are_removed(tmp_path: Path) -> None:
    work = begun(tmp_path / "out")
    orphan = work / "audit-00001.0123"
    orphan.mkdir()

    with work_folder(tmp_path / "out", PLAN, own=OWN, resume=True):
        assert not orphan.exists()


def test_forgotten_parts_are_gone(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "shards.jsonl")
    for task in ("audit-0", "merge-0"):
        ledger.add(part(tmp_path, task))
    ledger.forget(lambda task: task.startswith("merge"))
    ledger.close()

    again = Ledger(tmp_path / "shards.jsonl")
    again.check()
    assert ("audit-0" in again, "merge-0" in again) == (True, False)
    again.close()


def test_second_run_is_refused_while_the_first_is_alive(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from mining.corpus.lock import folder_lock\n"
        "with folder_lock(Path(sys.argv[1]), shown=Path('out')): print('mine', flush=True); input()"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"mine\n"
        with (
            pytest.raises(OutputError, match=f"process {first.pid} on"),
            folder_lock(tmp_path / "lock", shown=tmp_path / "out"),
        ):
            pass
        first.kill()
        first.wait()

    with folder_lock(tmp_path / "lock", shown=tmp_path / "out"):
        assert json.loads((tmp_path / "lock").read_text(encoding="utf-8"))["pid"] == os.getpid()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "is_free"),
    [
        ({"host": "another-machine"}, False),
        ({}, False),
        ({"start": 1}, True),
        ({"boot": "another-boot"}, True),
        ({"pid": 2**22 + 1}, True),
    ],
    ids=["other host", "itself", "number given again", "restarted machine", "dead"],
)
def test_only_the_lock_of_a_dead_process_is_taken_over(
    change: dict[str, object], is_free: bool, tmp_path: Path
) -> None:
    path = tmp_path / "lock"
    with folder_lock(path, shown=tmp_path):
        holder = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(holder | change), encoding="utf-8")

    if is_free:
        with folder_lock(path, shown=tmp_path):
            pass
        assert not path.exists()
    else:
        with pytest.raises(OutputError, match="E502"), folder_lock(path, shown=tmp_path):
            pass
        assert path.exists()
