"""The process that audits: it takes tasks from its standard input until that is closed."""

from __future__ import annotations

import gc
import os
import signal
from pathlib import Path

import pyarrow as pa

from mining.corpus.frames import read_frame, write_frame
from mining.corpus.tasks import Task

__all__ = ["serve"]

# Python's own 700 cost a whole run 5 % of its time.
_NEW_OBJECTS = 20_000


def serve() -> None:
    """Do tasks one after the other, telling which item is at work and how each task ended."""
    # Ctrl-C reaches the whole group; the parent alone decides how the run ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Most garbage goes at once; a search through all objects for cycles is seldom worth its time.
    gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])
    # The pools that Arrow prefers keep freed memory for threads that are not used here.
    pa.set_memory_pool(pa.system_memory_pool())
    with os.fdopen(os.dup(1), "wb") as out, os.fdopen(os.dup(0), "rb") as tasks:
        # What a library prints must not get between the frames.
        os.dup2(2, 1)
        while True:
            try:
                work, task, lost = read_frame(tasks)
            except EOFError:
                return
            try:
                write_frame(out, _answer(task, work, lost, out))
                _settle()
            except BrokenPipeError:
                # The parent is gone; nobody needs this any more.
                os._exit(1)


def _settle() -> None:
    """Give memory back, and leave what stays, such as forms, out of later searches for garbage."""
    # Arrow keeps what it had at most, and tasks of another kind need it otherwise.
    pa.default_memory_pool().release_unused()
    gc.collect()
    gc.freeze()


def _answer(task: Task, work: Path, lost: dict[int, str], out: object) -> tuple[str, object]:
    def at(place: int, n: int = 1) -> None:
        write_frame(out, ("at", range(place, place + n)))  # type: ignore[arg-type]

    try:
        return "done", task.run(work, at, lost)
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - it is raised again in the parent
        return "failed", error
