"""Whole runs: the same bytes whoever works, and nothing lost or double whatever happens."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from mining.catalog import READERS
from mining.corpus.audittask import ShardTask
from mining.corpus.inputs import Inputs, collect
from mining.corpus.limits import Limits
from mining.corpus.pool import Here, Processes
from mining.corpus.run import run_audit
from mining.corpus.scale import LocalDask
from mining.corpus.tasks import At, Executor, Lost, Part
from mining.errors import OutputError
from mining.present.tables import SCHEMAS
from mining.settings import Settings
from tests.poison import PoisonJob

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "corpora/sample/reports"
N_SHARDS = 6


@pytest.fixture
def corpus(tmp_path: Path, sample: Path) -> Path:
    """Return a folder of 12 reports in mixed formats, some of one agency over years."""
    folder = tmp_path / "年报"
    folder.mkdir()
    names = [p.name for p in sorted((sample / "reports").iterdir())]
    wanted = [n for n in names if "hrss" in n or "transport" in n or n.endswith(("html", "pdf"))]
    for name in [*wanted, "shaxi_town_2020.txt", "yunzhou_land_2020.txt"][:12]:
        (folder / name).write_bytes((sample / "reports" / name).read_bytes())
    return folder


@pytest.fixture(autouse=True)
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mining.corpus.shards._SMALLEST", 2)
    monkeypatch.setattr("mining.corpus.shards._REPORTS_PER_PARTITION", 6)


def found(folder: Path) -> Inputs:
    return collect([folder], suffixes=frozenset(READERS), settings=Settings())


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def audit_here(corpus: Path, out: Path) -> dict[str, bytes]:
    run_audit(found(corpus), out, executor=Here())
    return contents(out)


@pytest.mark.parametrize("make", [lambda: Processes(2), lambda: LocalDask(2)], ids=["pool", "dask"])
@pytest.mark.parametrize("n_single", [64, 2], ids=["small", "large"])
def test_same_bytes_whoever_works(
    make: Callable[[], Executor],
    n_single: int,
    corpus: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mining.corpus.run._MOST_SHARDS", n_single)
    monkeypatch.setattr("mining.corpus.run._SHARDS_PER_FILE", 2)
    (corpus / "空.txt").write_bytes(b"")

    here = audit_here(corpus, tmp_path / "1")
    run_audit(found(corpus), tmp_path / "2", executor=make())

    assert contents(tmp_path / "2") == here


def test_large_run_reads_like_a_small_one(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (corpus / "空.txt").write_bytes(b"")
    run_audit(found(corpus), tmp_path / "small")
    monkeypatch.setattr("mining.corpus.run._MOST_SHARDS", 2)
    monkeypatch.setattr("mining.corpus.run._SHARDS_PER_FILE", 2)
    run_audit(found(corpus), tmp_path / "large")

    for name, schema in SCHEMAS.items():
        small = pd.read_parquet(tmp_path / f"small/{name}.parquet")
        large = pd.read_parquet(tmp_path / f"large/{name}.parquet")
        assert pq.read_table(tmp_path / f"large/{name}.parquet").column("year").type == "int64"
        by = [c for c in ("report", "finding", "start", "order", "cell") if c in schema.names]
        sides = (t[schema.names].sort_values(by, ignore_index=True) for t in (small, large))
        pd.testing.assert_frame_equal(*sides)
    assert {p.name for p in (tmp_path / "large/reports.parquet").iterdir()} >= {"2021", "unknown"}
    assert contents(tmp_path / "small")["audit.html"] == contents(tmp_path / "large")["audit.html"]


def test_a_small_result_takes_the_place_of_a_large_one(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = audit_here(corpus, tmp_path / "1")
    monkeypatch.setattr("mining.corpus.run._MOST_SHARDS", 2)
    large = audit_here(corpus, tmp_path / "2")
    monkeypatch.undo()
    monkeypatch.setattr("mining.corpus.shards._SMALLEST", 2)
    monkeypatch.setattr("mining.corpus.shards._REPORTS_PER_PARTITION", 6)

    assert audit_here(corpus, tmp_path / "2") == small != large


KILLED = """
import os, signal, sys
from pathlib import Path
from mining.corpus import outputs, shards, workfolder
from mining.corpus.ledger import Ledger
shards._SMALLEST, shards._REPORTS_PER_PARTITION = 2, 6
moment, n = sys.argv.pop(1), int(sys.argv.pop(1))

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def add(self, part, real=Ledger.add):
    if len(self) == n:
        if moment == "half":
            self._file.write(b'{"task":"audit-000')
            self._file.flush()
        die()
    real(self, part)

def move(result, out, own, real=outputs.move_result):
    for count, path in enumerate(sorted(result.iterdir())):
        if count == n:
            die()
        out.mkdir(exist_ok=True)
        path.rename(out / path.name)

if moment == "moving":
    workfolder.move_result = move
else:
    Ledger.add = add
from mining.cli.app import main
main()
"""


@pytest.mark.parametrize(
    ("moment", "n"),
    [
        ("whole", 0),
        ("half", 2),
        ("whole", 3),
        ("half", N_SHARDS),
        ("whole", N_SHARDS + 4),
        ("moving", 0),
        ("moving", 4),
    ],
)
def test_killed_at_any_moment(
    moment: str, n: int, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = audit_here(corpus, tmp_path / "whole")
    out = tmp_path / "out"
    command = [
        sys.executable,
        "-c",
        KILLED,
        moment,
        str(n),
        "audit",
        str(corpus),
        "--out",
        str(out),
    ]
    assert subprocess.run(command, check=False, capture_output=True).returncode == -9
    assert not (out / "run.json").exists()

    ran: Counter[str] = Counter()

    def run(task: ShardTask, work: Path, at: At, lost: Lost) -> Part:
        ran[task.name] += 1
        return real(task, work, at, lost)

    real = ShardTask.run
    monkeypatch.setattr(ShardTask, "run", run)
    ticks: list[int] = []
    run_audit(found(corpus), out, resume=True, progress=ticks.append)

    assert contents(out) == whole
    assert sum(ran.values()) == (0 if moment == "moving" else max(0, N_SHARDS - n))
    assert sum(ticks) == 12
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "whole", "年报"]


def test_changed_input_is_not_mixed_with_old_shards(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-c", KILLED, "whole", "3", "audit", str(corpus), "--out", str(out)]
    assert subprocess.run(command, check=False, capture_output=True).returncode == -9
    last = max(p for p in corpus.iterdir() if p.suffix == ".txt")
    with last.open("a", encoding="utf-8") as file:
        file.write("\n补充说明。\n")

    with pytest.raises(OutputError, match=r"E503.*its inputs were others"):
        run_audit(found(corpus), out, resume=True)


@pytest.mark.parametrize("make", [Processes, LocalDask], ids=["pool", "dask"])
def test_poison_files_are_rows(
    make: type[Processes | LocalDask],
    corpus: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clean = audit_here(corpus, tmp_path / "clean")
    poison = {"hang": "E197", "crash": "E198", "memory": "E196"}
    poison |= {"late-hang": "E197", "late-crash": "E198"}
    for name in poison:
        (corpus / f"{name}.txt").write_text("", encoding="utf-8")
    monkeypatch.setattr("mining.corpus.run.AuditJob", PoisonJob)

    limits = Limits(seconds=4, megabytes=600)
    summary = run_audit(found(corpus), tmp_path / "out", executor=make(2, limits=limits))

    rows = pq.read_table(tmp_path / "out/reports.parquet").to_pylist()
    codes = {r["report"]: r["error"][1:5] for r in rows if r["status"] == "failed"}
    assert codes == {f"{name}.txt": code for name, code in poison.items()}
    assert (summary.totals["reports"], summary.totals["failed"]) == (12, len(poison))
    assert contents(tmp_path / "out")["texts.parquet"] == clean["texts.parquet"]


def limit_file_size() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))


@pytest.mark.parametrize("how", [(), ("--workers", "2"), ("--dask-local", "2")], ids=str)
def test_disk_that_takes_no_more(how: tuple[str, ...], corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    whole = audit_here(corpus, tmp_path / "whole")
    code = KILLED.replace("len(self) == n", "False")
    command = [sys.executable, "-c", code, "-", "0", "audit", str(corpus), "--out", str(out), *how]

    full = subprocess.run(
        command,
        check=False,
        capture_output=True,
        preexec_fn=limit_file_size,
    )
    told = full.stderr.decode()
    assert full.returncode == 2
    assert f"[E501] {out}: 结果无法写入（" in told
    assert "--resume" in told
    assert not out.exists()

    run_audit(found(corpus), out, resume=True)
    assert contents(out) == whole


def test_clock_that_jumps_changes_nothing(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = audit_here(corpus, tmp_path / "1")
    times = iter(range(2_000_000_000, 0, -400_000))
    monkeypatch.setattr(time, "time", lambda: float(next(times)))

    assert audit_here(corpus, tmp_path / "2") == whole


def test_second_run_into_one_folder_is_refused(corpus: Path, tmp_path: Path) -> None:
    told: list[str] = []

    def begin_again(_: int) -> None:
        with pytest.raises(OutputError, match="E502") as caught:
            run_audit(found(corpus), tmp_path / "out", restart=True)
        told.append(caught.value.message)

    run_audit(found(corpus), tmp_path / "out", progress=begin_again)

    assert set(told) == {
        f"another run writes there (process {os.getpid()} on {os.uname().nodename})"
    }
    assert contents(tmp_path / "out") == audit_here(corpus, tmp_path / "again")
