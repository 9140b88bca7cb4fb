"""One child process that does tasks, watched: what hangs, eats memory or crashes is isolated."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any, BinaryIO, cast

from mining.corpus.frames import read_frame, write_frame
from mining.corpus.limits import Limits
from mining.corpus.tasks import OUTSIDE, Part, Task, Tick
from mining.errors import WorkerError

__all__ = ["StoppedError", "Supervisor"]

_GONE = ("gone", None)
_OUTSIDE = range(OUTSIDE, OUTSIDE + 1)
_LOOK_EVERY = 0.2
# Megabytes: forms, words and libraries take 200 to 230, and starting anew takes a second.
_MOST_KEPT = 300
_MEMORY, _TIME, _CRASH = "E196", "E197", "E198"
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_START = "import sys; sys.path[:] = {path!r}; from mining.corpus.child import serve; serve()"


class StoppedError(Exception):
    """The run is over; the task at work was left."""


class _DeathError(Exception):
    def __init__(self, places: range, code: str) -> None:
        super().__init__(places, code)
        self.places, self.code = places, code


class Supervisor:
    """Does tasks in a child process, and starts another one when it has to be killed.

    Parameters
    ----------
    limits
        When to kill it.
    folder
        Where the child works, so that relative paths mean the same.
    """

    def __init__(self, limits: Limits, folder: Path | None = None) -> None:
        self._limits, self._folder = limits, folder
        self._stopped = Event()
        self._looked = 0.0
        self._child: subprocess.Popen[bytes] | None = None
        self._told: SimpleQueue[tuple[str, Any]] = SimpleQueue()

    def run(self, task: Task, work: Path, tick: Tick) -> Part:
        """Do one task; an item that kills the child again and again is left out and told.

        Raises
        ------
        WorkerError
            E198 when the child dies outside of any item.
        StoppedError
            When `stop` was called.
        """
        strikes: Counter[int] = Counter()
        lost: dict[int, str] = {}
        progress = _Progress(tick)
        while True:
            try:
                part = self._attempt(task, work, lost, progress)
            except _DeathError as death:
                self._end()
                strikes.update(death.places)
                if len(death.places) > 1:
                    lost.update(dict.fromkeys(death.places, ""))
                elif strikes[death.places[0]] >= self._limits.attempts:
                    if death.places == _OUTSIDE:
                        msg = f"the process that worked on {task.name} died"
                        raise WorkerError(msg, code=death.code) from None
                    lost[death.places[0]] = death.code
            else:
                progress.up_to(task.n_reports)
                self._renew()
                return part

    def stop(self) -> None:
        """Kill the child, from whatever thread; a task at work ends with `StoppedError`."""
        self._stopped.set()
        child = self._child
        if child is not None:
            child.kill()

    def close(self) -> None:
        """End the child; the next task starts another one."""
        self._end()
        self._stopped.clear()

    def _renew(self) -> None:
        """End a child that keeps much memory between tasks; the next task starts another one."""
        if self._child is not None and _megabytes(self._child.pid) > _MOST_KEPT:
            self._end()

    def _attempt(self, task: Task, work: Path, lost: dict[int, str], progress: _Progress) -> Part:
        child = self._started()
        places, since = _OUTSIDE, time.monotonic()
        try:
            write_frame(cast("BinaryIO", child.stdin), (work, task, lost))
        except OSError:
            raise _DeathError(places, _CRASH) from None
        while True:
            try:
                kind, told = self._told.get(timeout=_LOOK_EVERY)
            except Empty:
                self._check(child, places, since)
                continue
            match kind:
                case "at":
                    places, since = told, time.monotonic()
                    progress.up_to(places.start)
                case "done":
                    return cast("Part", told)
                case "failed":
                    raise told
                case _:
                    self._raise_if_stopped()
                    raise _DeathError(places, _CRASH)
            if time.monotonic() - self._looked >= _LOOK_EVERY:
                self._check(child, places, since)

    def _check(self, child: subprocess.Popen[bytes], places: range, since: float) -> None:
        """Raise when the child is beyond a limit; only items have a time."""
        self._looked = time.monotonic()
        self._raise_if_stopped()
        if places != _OUTSIDE and self._looked - since > self._limits.seconds:
            raise _DeathError(places, _TIME)
        if _megabytes(child.pid) > self._limits.megabytes:
            raise _DeathError(places, _MEMORY)

    def _raise_if_stopped(self) -> None:
        if self._stopped.is_set():
            raise StoppedError

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            self._child = subprocess.Popen(  # noqa: S603 - this interpreter
                [sys.executable, "-c", _START.format(path=sys.path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=self._folder,
                # Away from the group that Ctrl-C reaches, before it can ignore that by itself.
                start_new_session=True,
            )
            self._told = SimpleQueue()
            self._looked = time.monotonic()
            arguments = (cast("BinaryIO", self._child.stdout), self._told)
            Thread(target=_listen, args=arguments, daemon=True).start()
        self._raise_if_stopped()
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            for stream in (child.stdin, child.stdout):
                with suppress(OSError):
                    cast("BinaryIO", stream).close()


class _Progress:
    """Tells how many reports of a task are done, each once though the task may begin again."""

    def __init__(self, tick: Tick) -> None:
        self._tick, self._done = tick, 0

    def up_to(self, done: int) -> None:
        if done > self._done:
            self._tick(done - self._done)
            self._done = done


def _listen(stream: BinaryIO, told: SimpleQueue[tuple[str, Any]]) -> None:
    try:
        while True:
            told.put(read_frame(stream))
    except (EOFError, OSError, ValueError):
        told.put(_GONE)


def _megabytes(pid: int) -> float:
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    except (OSError, IndexError):
        return 0.0
    return int(pages) * _PAGE / 1e6
