"""Tasks done in this process, or spread over processes of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

from mining.corpus.limits import Limits
from mining.corpus.supervisor import StoppedError, Supervisor
from mining.corpus.tasks import Part, Task, Tick

__all__ = ["Here", "Processes"]


class Here:
    """Does tasks in this process: nothing to start, and nothing that could stop a bad report."""

    def run(self, tasks: list[Task], work: Path, tick: Tick) -> Iterator[Part]:
        """Yield the parts of all tasks in order."""
        for task in tasks:
            part = task.run(work, lambda _place, _n=1: None, {})
            if task.n_reports:
                tick(task.n_reports)
            yield part

    def close(self) -> None:
        """Nothing is kept open."""


class Processes:
    """Does tasks in some processes, each watched (see `Supervisor`).

    Parameters
    ----------
    workers
        How many processes.
    limits
        What each may use.
    """

    def __init__(self, workers: int, limits: Limits | None = None) -> None:
        self._supervisors = [Supervisor(limits or Limits()) for _ in range(workers)]

    def run(self, tasks: list[Task], work: Path, tick: Tick) -> Iterator[Part]:
        """Yield the parts of all tasks as they are done."""
        waiting: SimpleQueue[Task] = SimpleQueue()
        for task in tasks:
            waiting.put(task)
        done: SimpleQueue[Part | BaseException | int] = SimpleQueue()
        threads = [
            Thread(target=_work, args=(supervisor, waiting, work, done), daemon=True)
            for supervisor in self._supervisors[: len(tasks)]
        ]
        try:
            for thread in threads:
                thread.start()
            yield from _finished(len(tasks), done, tick)
        except BaseException:
            for supervisor in self._supervisors:
                supervisor.stop()
            raise
        finally:
            for thread in threads:
                thread.join()

    def close(self) -> None:
        """End the processes."""
        for supervisor in self._supervisors:
            supervisor.close()


def _finished(
    left: int, done: SimpleQueue[Part | BaseException | int], tick: Tick
) -> Iterator[Part]:
    while left:
        told = done.get()
        if isinstance(told, int):
            tick(told)
        elif isinstance(told, BaseException):
            raise told
        else:
            left -= 1
            yield told


def _work(
    supervisor: Supervisor,
    waiting: SimpleQueue[Task],
    work: Path,
    done: SimpleQueue[Part | BaseException | int],
) -> None:
    try:
        with suppress(Empty, StoppedError):
            while True:
                task = waiting.get_nowait()
                done.put(supervisor.run(task, work, done.put))
    except Exception as error:  # noqa: BLE001 - it is raised again in the thread that waits
        done.put(error)
