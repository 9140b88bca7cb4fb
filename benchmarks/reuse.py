"""Measure the study of copied text: time of each part and peak memory; never fails.

The reports are made up from words of a made-up language with the frequencies of a real one; of
their sentences a quarter are from a stock that all agencies use, a third are last year's, and the
rest are new. All of their characters are compared, so that real reports, half of which are tables,
take about half of the time. Run with ``python benchmarks/reuse.py --reports 50000``; ``--years 1``
puts all reports into one year, where memory is largest.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mining.study.reuse.results import write_reuse_study

BAR_SECONDS, BAR_MB = 300.0, 1000.0
FIRST_YEAR = 2008
CHARS = 3500
OVERVIEW = 0.6
STOCK, TAKEN_OVER = 0.25, 0.33
_TITLES = (("overview", "一、总体情况", "总体情况"), ("problems", "五、存在的问题", "存在的问题"))
_GROUP = 1000


class Writer:
    """Writes sentences; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        letters = np.array([chr(0x4E00 + i) for i in range(3000)])
        sizes = self._rng.integers(1, 5, size=20_000)
        self._words = ["".join(self._rng.choice(letters, size=n)) for n in sizes]
        self._odds = 1 / np.arange(1, len(self._words) + 1)
        self._odds /= self._odds.sum()
        self._stock = self.new(3000)

    def new(self, n: int) -> list[str]:
        """Return new sentences."""
        sizes = self._rng.integers(8, 22, size=n)
        words = self._rng.choice(len(self._words), size=sizes.sum(), p=self._odds).tolist()
        ends = np.cumsum(sizes).tolist()
        bounds = zip([0, *ends[:-1]], ends, strict=True)
        return ["".join(self._words[w] for w in words[a:b]) + "。" for a, b in bounds]

    def report(self, last: list[str]) -> list[str]:
        """Return the sentences of a report, given those of last year's."""
        n = CHARS // 38
        kinds = self._rng.random(n)
        made = self.new(n)
        stock = np.minimum(self._rng.zipf(1.3, size=n), len(self._stock)) - 1
        for i in range(n):
            if kinds[i] < STOCK:
                made[i] = self._stock[stock[i]]
            elif kinds[i] < STOCK + TAKEN_OVER and i < len(last):
                made[i] = last[i]
        return made


def write_run(out: Path, n_reports: int, years: int) -> int:
    """Write the tables of a run, and return how many characters its texts have."""
    out.mkdir()
    writer = Writer(20_080_501)
    rows: dict[str, list[dict[str, object]]] = {"reports": [], "texts": [], "sections": []}
    files: dict[str, pq.ParquetWriter] = {}
    chars = 0
    for agency in range(-(-n_reports // years)):
        sentences: list[str] = []
        for year in range(FIRST_YEAR, FIRST_YEAR + years):
            sentences = writer.report(sentences)
            chars += _add(rows, agency, year, sentences)
        if len(rows["reports"]) >= _GROUP:
            _flush(rows, files, out)
    _flush(rows, files, out)
    for file in files.values():
        file.close()
    return chars


def _add(
    rows: dict[str, list[dict[str, object]]], agency: int, year: int, sentences: list[str]
) -> int:
    report = f"a{agency:06}/{year}.txt"
    name = f"江宁区第{agency}局"
    known = {"region": "江宁区", "template": "2021", "status": "ok"}
    rows["reports"].append({"report": report, "agency": name, "year": year, **known})
    cut = int(len(sentences) * OVERVIEW)
    text = ""
    parts = (sentences[:cut], sentences[cut:])
    for (section, heading, title), part in zip(_TITLES, parts, strict=True):
        start = len(text)
        text += heading + "\n" + "".join(part) + "\n"
        place = {"section": section, "title": title, "start": start, "end": len(text)}
        rows["sections"].append({"report": report, **place})
    rows["texts"].append({"report": report, "text": text})
    return len(text)


def _flush(
    rows: dict[str, list[dict[str, object]]], files: dict[str, pq.ParquetWriter], out: Path
) -> None:
    for name, part in rows.items():
        if not part:
            continue
        table = pa.Table.from_pylist(part)
        if name not in files:
            files[name] = pq.ParquetWriter(out / f"{name}.parquet", table.schema)
        files[name].write_table(table)
        part.clear()


@contextmanager
def timed(name: str) -> Iterator[None]:
    """Print the time that something takes, and the peak of memory so far."""
    start, clock = time.perf_counter(), time.process_time()
    yield
    spent, busy = time.perf_counter() - start, time.process_time() - clock
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:<24}{spent:>8.1f} s  {busy:>8.1f} s busy  {peak:>8.0f} MB")


def main() -> None:
    """Make a run, study it, and print time and memory beside their bars."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--run", type=Path, help="where to keep the made-up run")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = args.run or Path(folder) / "run"
        if not run.exists():
            with timed("make the run"):
                chars = write_run(run, args.reports, args.years)
            print(f"{args.reports} reports, {args.years} years, {chars:,} characters")
        with timed("study of copied text"):
            write_reuse_study(run, Path(folder) / "out", formats=())
        rows = pq.read_metadata(Path(folder) / "out" / "reuse-passages.parquet").num_rows
        print(f"{rows:,} passages; bars at 50,000 reports: {BAR_SECONDS:g} s, {BAR_MB:g} MB")


if __name__ == "__main__":
    main()
