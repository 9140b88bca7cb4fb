"""A Dask cluster as its documents start it: schedulers and workers come and go, parts do not."""

from __future__ import annotations

import gc
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from distributed import Client
from tornado.ioloop import IOLoop

from mining.corpus.scale import DaskWorkers, leave_scheduler
from mining.errors import WorkerError
from tests.poison import ItemsTask

pytestmark = pytest.mark.slow

N_TASKS = 8


@pytest.fixture(autouse=True)
def _open_sockets_fail_here() -> Iterator[None]:
    """Collect what a test dropped, lest its warnings fail another test."""
    yield
    gc.collect()


class Cluster:
    """A scheduler and workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self.port}"
        self._folder, self._stack = folder, ExitStack()
        self.scheduler = self.start_scheduler()
        self.worker = self.start_worker()

    def start_scheduler(self) -> subprocess.Popen[bytes]:
        where = ("--host", "127.0.0.1", "--port", str(self.port))
        self.scheduler = self._start("scheduler", *where, "--no-dashboard")
        return self.scheduler

    def start_worker(self) -> subprocess.Popen[bytes]:
        rest = ("--nthreads", "1", "--no-dashboard", "--no-nanny", "--death-timeout", "60")
        self.worker = self._start("worker", self.address, *rest)
        return self.worker

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        log = self._stack.enter_context((self._folder / f"{arguments[0]}.log").open("ab"))
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments], stdout=log, stderr=log, cwd=self._folder
        )
        self._stack.callback(process.wait)
        self._stack.callback(process.kill)
        return process

    def close(self) -> None:
        self._stack.close()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    folder = tmp_path / "cluster"
    folder.mkdir()
    made = Cluster(folder)
    yield made
    made.close()


def kill_scheduler(cluster: Cluster) -> None:
    cluster.scheduler.kill()
    cluster.scheduler.wait()
    cluster.worker.kill()
    cluster.start_scheduler()
    cluster.start_worker()


def kill_worker(cluster: Cluster) -> None:
    cluster.worker.kill()
    cluster.start_worker()


@pytest.mark.parametrize("harm", [kill_scheduler, kill_worker])
def test_what_is_lost_in_mid_run_is_done_again(
    harm: Callable[[Cluster], None], cluster: Cluster, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    tasks = [ItemsTask(name=f"task-{i}", items=(f"a{i}", "slow", "slow")) for i in range(N_TASKS)]
    ticks: list[int] = []
    done: dict[str, list[str]] = {}

    for part in DaskWorkers(cluster.address, patience=90).run(list(tasks), work, ticks.append):
        assert part.task not in done
        assert (work / part.folder).is_dir()
        done[part.task] = part.told["done"]
        if len(done) == 2:
            harm(cluster)

    assert done == {f"task-{i}": [f"a{i}", "slow", "slow"] for i in range(N_TASKS)}
    assert sum(ticks) == 3 * N_TASKS


def test_connection_in_the_making_is_closed_with_its_client(cluster: Cluster) -> None:
    client = Client(cluster.address, set_as_default=False)
    ours, theirs = socket.socketpair()

    async def connect() -> None:
        IOLoop.current().add_handler(ours, print, IOLoop.READ)

    client.sync(connect)

    leave_scheduler(client)

    assert ours.fileno() == -1
    theirs.close()


def test_error_of_a_task_ends_the_run(cluster: Cluster, tmp_path: Path) -> None:
    executor = DaskWorkers(cluster.address, patience=90)

    with pytest.raises(OSError, match="no such luck"):
        list(executor.run([ItemsTask(name="bad", items=("fail",))], tmp_path, lambda _n: None))


def test_no_scheduler_is_a_clear_error(tmp_path: Path) -> None:
    executor = DaskWorkers("tcp://127.0.0.1:1", patience=1)

    with pytest.raises(WorkerError, match="no scheduler with workers at") as caught:
        list(executor.run([ItemsTask(name="a", items=("a",))], tmp_path, lambda _n: None))
    assert caught.value.code == "E504"
