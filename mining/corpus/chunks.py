"""Small pieces of work spread over processes: results in the order of the items."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Generic, TypeVar

__all__ = ["map_chunks", "map_items"]

T = TypeVar("T")
R = TypeVar("R")

# Enough reports to outweigh the cost of sending them, few enough to keep all workers busy.
_LARGEST_CHUNK = 32


def map_items(
    job: Callable[[Sequence[T]], list[R]],
    items: Sequence[T],
    *,
    workers: int,
    lost: Callable[[T], R],
) -> Iterator[R]:
    """Yield one result per item, in order, whatever the number of workers.

    Parameters
    ----------
    job
        Turns some items into as many results; sent to the workers, so it must be picklable.
    items
        The work.
    workers
        Number of processes; 1 works in this one.
    lost
        Makes the result of an item that killed its process. Such an item is found by running its
        neighbors again one at a time, so that they don't share its fate.
    """
    size = max(1, min(_LARGEST_CHUNK, len(items) // (4 * workers)))
    chunks = (items[i : i + size] for i in range(0, len(items), size))
    yield from map_chunks(job, chunks, workers=workers, lost=lost)


def map_chunks(
    job: Callable[[Sequence[T]], list[R]],
    chunks: Iterator[Sequence[T]],
    *,
    workers: int,
    lost: Callable[[T], R],
) -> Iterator[R]:
    """Yield one result per item of chunks that are made as they are needed; see `map_items`."""
    if workers <= 1:
        for chunk in chunks:
            yield from job(chunk)
    else:
        yield from _Pool(job, workers, lost).map(chunks)


class _Pool(Generic[T, R]):
    """A process pool that survives the death of its workers and looks a few chunks ahead."""

    def __init__(
        self, job: Callable[[Sequence[T]], list[R]], workers: int, lost: Callable[[T], R]
    ) -> None:
        self._job = job
        self._workers = workers
        self._lost = lost
        self._executor = _executor(workers)
        self._waiting: deque[tuple[Sequence[T], Future[list[R]] | None]] = deque()

    def map(self, chunks: Iterator[Sequence[T]]) -> Iterator[R]:
        """Yield the results of all chunks in order."""
        try:
            for chunk in chunks:
                self._waiting.append((chunk, self._submit(chunk)))
                # The look-ahead is bounded, so that memory does not grow with the corpus.
                if len(self._waiting) > 2 * self._workers:
                    yield from self._next()
            while self._waiting:
                yield from self._next()
        finally:
            self._executor.shutdown(cancel_futures=True)

    def _submit(self, chunk: Sequence[T]) -> Future[list[R]] | None:
        try:
            return self._executor.submit(self._job, chunk)
        except BrokenProcessPool:
            return None

    def _next(self) -> list[R]:
        chunk, future = self._waiting.popleft()
        if future is not None:
            try:
                return future.result()
            except BrokenProcessPool:
                pass
        self._restart()
        return self._one_by_one(chunk)

    def _restart(self) -> None:
        self._executor.shutdown(cancel_futures=True)
        self._executor = _executor(self._workers)
        chunks = [chunk for chunk, _ in self._waiting]
        self._waiting = deque((chunk, self._submit(chunk)) for chunk in chunks)

    def _one_by_one(self, chunk: Sequence[T]) -> list[R]:
        results: list[R] = []
        for i in range(len(chunk)):
            with _executor(1) as single:
                try:
                    results += single.submit(self._job, chunk[i : i + 1]).result()
                except BrokenProcessPool:
                    results.append(self._lost(chunk[i]))
        return results


def _executor(workers: int) -> ProcessPoolExecutor:
    # "spawn" behaves alike everywhere; forking a process that runs threads may hang it.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_ignore_interrupts)


def _ignore_interrupts() -> None:
    # Ctrl-C reaches the whole group; the parent alone decides how the run ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
