"""Tasks done by the workers of a Dask scheduler, on this machine or on many.

Workers share a file system with the process that runs the audit: tasks find their inputs there
and leave their parts there; only small counts travel. A worker audits in a child process of its
own (see `mining.corpus.supervisor`), so that a report that hangs or crashes costs itself and not
the worker. When the scheduler is lost, tasks that are not done are handed to the next one.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from distributed import Client, Future, LocalCluster, as_completed
from distributed.comm.core import CommClosedError

from mining.corpus.limits import Limits
from mining.corpus.supervisor import Supervisor
from mining.corpus.tasks import Part, Task, Tick
from mining.errors import WorkerError
from mining.version import __version__

__all__ = ["DaskWorkers", "LocalDask"]

# Tasks on their way for each core: one at work and one that waits.
_AHEAD = 2
_PAUSE = 1.0
_ATTEMPTS = 3
# So often without a single part in between.
_LOSSES = 5
_CONNECT = 10


class _LostError(Exception):
    """The scheduler can't be reached any more."""


class _TaskError(Exception):
    """A task failed by itself: any worker would fail at it."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


class DaskWorkers:
    """Does tasks on the workers of a scheduler that somebody else has started.

    Parameters
    ----------
    address
        Of the scheduler, as in ``tcp://node1:8786``.
    limits
        What the child process of a worker may use.
    patience
        Seconds to wait for a scheduler and a first worker, at the start and when they are lost.
    """

    def __init__(
        self, address: str, *, limits: Limits | None = None, patience: float = 300
    ) -> None:
        self._address, self._patience = address, patience
        self._limits = limits or Limits()
        self._folder = Path.cwd()

    def run(self, tasks: list[Task], work: Path, tick: Tick) -> Iterator[Part]:
        """Yield the parts of all tasks as they are done, whatever schedulers come and go.

        Raises
        ------
        WorkerError
            E504 when no scheduler or no worker is there, or workers die again and again.
        """
        left = {task.name: task for task in tasks}
        failures: Counter[str] = Counter()
        n_lost = 0
        while left:
            client = self._connect()
            try:
                for part in self._parts(client, list(left.values()), work, failures):
                    n_lost = 0
                    tick(left.pop(part.task).n_reports)
                    yield part
            except _LostError as error:
                n_lost += 1
                if n_lost >= _LOSSES:
                    msg = f"the scheduler at {self._address} is lost again and again"
                    raise WorkerError(msg, code="E504", hint="see its log") from error
            except _TaskError as failed:
                raise failed.cause from failed
            finally:
                leave_scheduler(client)

    def close(self) -> None:
        """Leave the workers to whoever started them."""

    def _connect(self) -> Client:
        """Return a client as soon as there are a scheduler and a worker."""
        deadline = time.monotonic() + self._patience
        while True:
            client = None
            try:
                client = Client(self._address, timeout=_CONNECT, set_as_default=False)
                client.wait_for_workers(1, timeout=max(1.0, deadline - time.monotonic()))
            except (OSError, TimeoutError, CommClosedError, CancelledError, ValueError) as error:
                if client is not None:
                    leave_scheduler(client)
                if time.monotonic() > deadline or isinstance(error, ValueError):
                    msg = f"no scheduler with workers at {self._address}: {error}"
                    hint = "start `dask scheduler` and `dask worker`, then go on with --resume"
                    raise WorkerError(msg, code="E504", hint=hint) from error
                time.sleep(_PAUSE)
            else:
                return client

    def _parts(
        self, client: Client, tasks: list[Task], work: Path, failures: Counter[str]
    ) -> Iterator[Part]:
        waiting = deque(tasks)
        at_work: dict[Future[Any], Task] = {}
        done = as_completed(loop=client.loop)
        try:
            while waiting or at_work:
                self._fill(client, waiting, at_work, done, work)
                future = next(done)
                task = at_work.pop(future)
                part = self._part(future, task, failures)
                if part is None:
                    waiting.append(task)
                else:
                    yield part
        except (CommClosedError, OSError) as error:
            raise _LostError from error
        finally:
            with suppress(Exception):
                client.cancel(list(at_work), force=True)

    def _fill(
        self,
        client: Client,
        waiting: deque[Task],
        at_work: dict[Future[Any], Task],
        done: as_completed,
        work: Path,
    ) -> None:
        """Keep all cores busy without handing over all tasks: each names hundreds of files."""
        cores = max(1, sum(client.nthreads().values()))
        while waiting and len(at_work) < _AHEAD * cores:
            task = waiting.popleft()
            future = client.submit(
                do_task,
                task,
                work,
                self._folder,
                self._limits,
                __version__,
                key=f"{task.name}-{uuid.uuid4().hex[:8]}",
                pure=False,
            )
            at_work[future] = task
            done.add(future)

    def _part(self, future: Future[Any], task: Task, failures: Counter[str]) -> Part | None:
        """Return the part of a task, or ``None`` to have it done again: its worker died."""
        if future.status in {"cancelled", "lost"}:
            raise _LostError
        try:
            ending, told = future.result()
        except (CancelledError, CommClosedError) as error:
            raise _LostError from error
        except Exception as error:  # whatever Dask says of a worker that is gone
            failures[task.name] += 1
            if failures[task.name] >= _ATTEMPTS:
                msg = f"workers die of {task.name}: {type(error).__name__}: {error}"
                raise WorkerError(msg, code="E504", hint="see the workers' logs") from error
            return None
        if ending == "failed":
            raise _TaskError(told)
        part: Part = told
        return part


def leave_scheduler(client: Client) -> None:
    """Close a client, and the connection that it may have been making at that moment."""
    with suppress(Exception):  # a lost scheduler answers nothing, not even a goodbye
        client.close(timeout=_CONNECT)
        loop: Any = client.loop
        if not loop.asyncio_loop.is_running():
            # The client drops an attempt to reconnect without closing its socket.
            loop.close(all_fds=True)


class LocalDask:
    """Does tasks with Dask on this machine: the same way as on many, nothing to be started.

    Parameters
    ----------
    workers
        How many child processes.
    limits
        What each may use.
    """

    def __init__(self, workers: int, *, limits: Limits | None = None) -> None:
        self._workers, self._limits = workers, limits
        self._stack = ExitStack()
        self._inner: DaskWorkers | None = None

    def run(self, tasks: list[Task], work: Path, tick: Tick) -> Iterator[Part]:
        """Yield the parts of all tasks as they are done."""
        if self._inner is None:
            # Workers as threads: each only waits for its own child process.
            cluster = LocalCluster(
                n_workers=self._workers,
                threads_per_worker=1,
                processes=False,
                dashboard_address=":0",  # the usual port may be taken
            )
            self._stack.callback(close_children)
            self._stack.enter_context(cluster)
            self._inner = DaskWorkers(cluster.scheduler_address, limits=self._limits)
        yield from self._inner.run(tasks, work, tick)

    def close(self) -> None:
        """Stop the workers."""
        self._stack.close()
        self._inner = None


def do_task(
    task: Task, work: Path, folder: Path, limits: Limits, version: str
) -> tuple[str, Part | Exception]:
    """Do a task in the child process of this thread of a worker; never raises of its own."""
    if version != __version__:
        msg = f"the worker has mining {__version__}, the run has {version}"
        return "failed", WorkerError(msg, code="E504", hint="install the same version everywhere")
    try:
        return "done", _child(limits, folder).run(task, work, lambda _n: None)
    except Exception as error:  # noqa: BLE001 - it is raised again where the run waits
        return "failed", error


_children: dict[tuple[int, Limits, Path], Supervisor] = {}


def _child(limits: Limits, folder: Path) -> Supervisor:
    key = (threading.get_ident(), limits, folder)
    return _children.setdefault(key, Supervisor(limits, folder))


def close_children() -> None:
    """End the child processes of workers that were threads of this process."""
    while _children:
        child = _children.popitem()[1]
        child.stop()
        child.close()
