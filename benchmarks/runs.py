"""Measure whole runs: time, reports per second, processor time and memory of each process.

``python benchmarks/runs.py --n 5000 --workers 2``: generated text reports, four years of each
agency. On a machine that does other work as well, processor time tells more than time.
"""

from __future__ import annotations

import argparse
import os
import threading
import time
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

import psutil

from mining.corpus.inputs import collect
from mining.corpus.pool import Processes
from mining.corpus.run import run_audit
from mining.corpus.scale import LocalDask
from mining.generate.corpus import render
from mining.generate.series import SERIES_FAULTS, random_series
from mining.generate.truth import Truth
from mining.settings import Settings

_FIRST_SEED = 700_000
# As many series without an error as with one of each kind.
_FAULTS = (*SERIES_FAULTS, *("",) * len(SERIES_FAULTS))
_LOOK_EVERY = 0.25


class Watch:
    """Follows the processes of a run: memory over time, and processor time at the last look."""

    def __init__(self) -> None:
        self.megabytes: dict[int, list[float]] = {}
        self.seconds: dict[int, float] = {}
        # What this process has done before, such as writing the reports, is no part of the run.
        self._before = {os.getpid(): time.process_time()}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        me = psutil.Process()
        while not self._over.wait(_LOOK_EVERY):
            for process in (me, *me.children(recursive=True)):
                try:
                    times = process.cpu_times()
                    used = process.memory_info().rss / 1e6
                except psutil.Error:  # it has just ended
                    continue
                spent = times.user + times.system
                self.seconds[process.pid] = spent - self._before.get(process.pid, 0.0)
                self.megabytes.setdefault(process.pid, []).append(used)


def truths() -> Iterator[Truth]:
    """Yield reports without end."""
    for number in count():
        yield from random_series(
            _FIRST_SEED + number, years=4, fault=_FAULTS[number % len(_FAULTS)]
        )


def write_reports(folder: Path, n: int) -> None:
    """Write `n` reports, a thousand to a folder."""
    for number, truth in enumerate(islice(truths(), n)):
        path = folder / f"{number // 1000:04}" / f"{truth.name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(render(truth, "txt")[0])


def measure(folder: Path, out: Path, *, workers: int, use_dask: bool) -> None:
    """Audit the reports of a folder and print what it took."""
    make = LocalDask if use_dask else Processes
    with Watch() as watch:
        start = time.perf_counter()
        inputs = collect([folder], suffixes=frozenset({".txt"}), settings=Settings())
        summary = run_audit(inputs, out, executor=make(workers))
        spent = time.perf_counter() - start
    totals = summary.totals
    print(f"{totals['reports']:,} reports, {workers} workers: {spent:,.1f} s,", end=" ")
    print(f"{totals['reports'] / spent:,.0f} reports/s, {totals['failed']} failed")
    for pid, used in watch.megabytes.items():
        tenth = max(1, len(used) // 10)
        print(
            f"  process {pid}: {watch.seconds[pid]:,.1f} s of processor time, at most"
            f" {max(used):,.0f} MB, first tenth {max(used[:tenth]):,.0f} MB,"
            f" last tenth {max(used[-tenth:]):,.0f} MB"
        )


def main() -> None:
    """Read the command line, write reports unless there are some, and measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--n", type=int, default=5000, help="how many reports")
    parser.add_argument("--workers", type=int, default=2, help="how many processes")
    parser.add_argument("--dask", action="store_true", help="under Dask")
    parser.add_argument("--reports", type=Path, help="keep the reports here, or take those there")
    args = parser.parse_args()
    with TemporaryDirectory() as name:
        reports = args.reports or Path(name) / "reports"
        if not reports.exists():
            write_reports(reports, args.n)
        measure(reports, Path(name) / "out", workers=args.workers, use_dask=args.dask)


if __name__ == "__main__":
    main()
