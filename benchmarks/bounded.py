"""Work in a child process that may take only so much time and memory (Linux)."""

from __future__ import annotations

import marshal
import os
import resource
import select
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

__all__ = ["Outcome", "run_bounded"]

SECONDS = 4.0
"""Processor time that any file may take: twice what the slowest needs on an idle core."""
MEMORY = 300_000_000
"""Bytes that any file may take beyond what the process had before."""
# A busy machine may make a file wait; this is only against one that waits for ever.
_PATIENCE = 10.0
_PAGE_SIZE = resource.getpagesize()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How it ended.

    Parameters
    ----------
    kind
        ``done``, ``exception``, ``timeout``, ``memory`` or ``crash``.
    told
        What the action returned, the traceback, or the number of the signal.
    seconds
        Processor time of the child and of processes that it waited for.
    growth
        Bytes of memory beyond what the process had before.
    """

    kind: str
    told: str
    seconds: float
    growth: int


def run_bounded(action: Callable[[], str]) -> Outcome:
    """Run `action` in a forked child within `SECONDS` and `MEMORY`, and tell how it ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _work(action, writing)
    os.close(writing)
    told = _read(reading, child)
    _, status, usage = os.wait4(child, 0)
    seconds = usage.ru_utime + usage.ru_stime
    if told:
        kind, text, growth = marshal.loads(told)  # noqa: S302 -- written by our own child
        return Outcome(kind=kind, told=text, seconds=seconds, growth=growth)
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    is_late = number in {signal.SIGPROF, signal.SIGKILL}
    kind = "timeout" if is_late else "crash"
    return Outcome(kind=kind, told=f"signal {number}", seconds=seconds, growth=0)


def _read(reading: int, child: int) -> bytes:
    """Return all that the child writes; end it when nothing comes."""
    deadline = time.monotonic() + _PATIENCE
    parts: list[bytes] = []
    with os.fdopen(reading, "rb", buffering=0) as stream:
        while select.select([stream], [], [], max(0.0, deadline - time.monotonic()))[0]:
            part = stream.read(1 << 16)
            if not part:
                return b"".join(parts)
            parts.append(part)
    os.kill(child, signal.SIGKILL)
    return b""


def _work(action: Callable[[], str], writing: int) -> NoReturn:
    """Run the action as the child, write how it ended, and end without any cleaning up."""
    before = _memory(1)
    limit = _memory(0) + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        kind, told = "done", action()
    except MemoryError:
        kind, told = "memory", traceback.format_exc(limit=-6)
    except BaseException:  # noqa: BLE001 -- whatever it is, it is the outcome
        kind, told = "exception", traceback.format_exc(limit=-12)
    signal.setitimer(signal.ITIMER_PROF, 0)
    growth = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before
    with os.fdopen(writing, "wb") as stream:
        stream.write(marshal.dumps((kind, told, max(growth, 0))))
    os._exit(0)


def _memory(column: int) -> int:
    """Return the size of this process (0) or what of it is in memory (1), in bytes."""
    sizes = Path("/proc/self/statm").read_text(encoding="ascii").split()
    return int(sizes[column]) * _PAGE_SIZE
