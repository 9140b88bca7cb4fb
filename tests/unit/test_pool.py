"""Tasks over processes: what hangs, eats memory or crashes costs one item and nothing else."""

from __future__ import annotations

import subprocess
from pathlib import Path
from unittest.mock import Mock

import pytest

from mining.corpus.limits import Limits
from mining.corpus.pool import Here, Processes
from mining.corpus.tasks import Executor, Part
from mining.errors import WorkerError
from tests.poison import ItemsTask

LIMITS = Limits(seconds=2, megabytes=400)


def tasks(*items: str, n: int = 4) -> list[ItemsTask]:
    return [ItemsTask(name=f"task-{i}", items=items or (f"a{i}", f"b{i}")) for i in range(n)]


def finished(
    executor: Executor, made: list[ItemsTask], work: Path
) -> tuple[dict[str, list[str]], int]:
    """Return what each task says it did, and how many reports were told to be done."""
    ticks: list[int] = []
    try:
        parts: list[Part] = list(executor.run(list(made), work, ticks.append))
    finally:
        executor.close()
    assert len(parts) == len(made)
    return {part.task: part.told["done"] for part in parts}, sum(ticks)


@pytest.mark.parametrize("n", [0, 1, 5])
def test_every_task_is_done_once(n: int, tmp_path: Path) -> None:
    here = finished(Here(), tasks(n=n), tmp_path)
    spread = finished(Processes(2, LIMITS), tasks(n=n), tmp_path)

    assert here == spread == ({f"task-{i}": [f"a{i}", f"b{i}"] for i in range(n)}, 2 * n)


@pytest.mark.parametrize(
    ("harm", "code"), [("hang", "E197"), ("crash", "E198"), ("memory", "E196")]
)
def test_item_that_kills_its_process_is_lost_alone(harm: str, code: str, tmp_path: Path) -> None:
    made = [ItemsTask(name="bad", items=("a", harm, "b")), *tasks(n=2)]

    done, ticks = finished(Processes(2, LIMITS), made, tmp_path)

    assert done == {"bad": ["a", code, "b"], "task-0": ["a0", "b0"], "task-1": ["a1", "b1"]}
    assert ticks == 7
    assert len(list(tmp_path.glob("task-*"))) == 2


@pytest.mark.parametrize("harm", ["hang", "crash"])
def test_items_that_were_at_work_together_are_tried_alone(harm: str, tmp_path: Path) -> None:
    made = [ItemsTask(name="bad", items=("a", "b", harm, "c", "d", "e"), together=3)]

    done, ticks = finished(Processes(1, LIMITS), list(made), tmp_path)

    code = {"hang": "E197", "crash": "E198"}[harm]
    assert done == {"bad": ["a", "b", code, "c", "d", "e"]}
    assert ticks == 6


def test_item_of_a_process_that_was_killed_is_not_to_blame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIED_ONCE", str(tmp_path / "died"))

    done, ticks = finished(Processes(1, LIMITS), tasks("a", "once", "b", n=1), tmp_path)

    assert done == {"task-0": ["a", "once", "b"]}
    assert (tmp_path / "died").exists()
    assert ticks == 3


@pytest.mark.parametrize(("kept", "n_started"), [(-1, 3), (100_000, 1)])
def test_process_that_keeps_too_much_memory_is_replaced_between_tasks(
    kept: int, n_started: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = Mock(wraps=subprocess.Popen)
    monkeypatch.setattr("mining.corpus.supervisor._MOST_KEPT", kept)
    monkeypatch.setattr("mining.corpus.supervisor.subprocess.Popen", start)
    done, ticks = finished(Processes(1, LIMITS), tasks(n=3), tmp_path)

    assert done == {f"task-{i}": [f"a{i}", f"b{i}"] for i in range(3)}
    assert (start.call_count, ticks) == (n_started, 6)


def test_task_that_dies_outside_of_items_ends_the_run(tmp_path: Path) -> None:
    made = [ItemsTask(name="bad", items=("a",), at_end="crash")]

    with pytest.raises(WorkerError, match="bad died"):
        finished(Processes(1, LIMITS), made, tmp_path)


def test_error_of_a_task_reaches_the_run_and_stops_the_others(tmp_path: Path) -> None:
    made = [ItemsTask(name="bad", items=("fail",)), ItemsTask(name="slow", items=("hang",))]

    with pytest.raises(OSError, match="no such luck"):
        finished(Processes(2, Limits(seconds=300)), made, tmp_path)


def test_reader_that_stops_early_stops_the_processes(tmp_path: Path) -> None:
    executor = Processes(2, LIMITS)
    parts = executor.run([*tasks(n=1), *tasks("hang", n=1)], tmp_path, lambda _n: None)

    assert next(parts).task == "task-0"
    parts.close()  # type: ignore[attr-defined]
    executor.close()
