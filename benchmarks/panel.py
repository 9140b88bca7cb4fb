"""Measure the panel of many reports: time of each part and peak memory; never fails.

The run is made of the sample's own tables, repeated under other names, so that it has the mix of
forms and lengths of real ones. Run with ``python benchmarks/panel.py --reports 50000``.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import islice, product
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mining import Settings, collect, run_audit
from mining.origin.agencies import parse_agency
from mining.study.panel.build import build_panel
from mining.study.panel.outputs import PANEL_FORMATS
from mining.themes.names import THEMES

SAMPLE = Path(__file__).parents[1] / "corpora" / "sample" / "reports"
TABLES = ("reports", "texts", "sections", "cells", "figures", "findings")
SYLLABLES = "安宝昌德东丰福高广海和华江金康兰临龙明南宁平清泉荣山石顺泰天文武西新兴阳永玉元云正中"
BAR = 30.0
POINTS = 6
# Each county has its reports several times, so many years apart: an agency has several years.
PERIODS = 6
SPAN = 15


def places() -> Iterator[str]:
    """Yield names of counties that nobody has told yet."""
    return (f"{a}{b}{c}县" for a, b, c in product(SYLLABLES, repeat=3))


def repeat_run(source: Path, out: Path, n_reports: int) -> int:
    """Write a run of at least `n_reports` reports; return how many there are."""
    out.mkdir()
    n_sample: int = pq.read_metadata(source / "reports.parquet").num_rows
    copies = -(-n_reports // n_sample)
    counties = list(islice(places(), copies))
    for name in TABLES:
        table = pq.read_table(source / f"{name}.parquet")
        # Row groups as long as those that an audit writes.
        step = max(1, (2_400 if name == "texts" else 20_000) // len(table))
        with pq.ParquetWriter(out / f"{name}.parquet", table.schema, compression="zstd") as file:
            for start in range(0, copies, step):
                parts = [renamed(table, i, counties) for i in range(copies)[start : start + step]]
                group = pa.concat_tables(parts)
                file.write_table(group, row_group_size=len(group))
    write_points(out)
    return copies * n_sample


def renamed(table: pa.Table, copy: int, counties: Sequence[str]) -> pa.Table:
    """Return the rows of the sample as reports of a county, and of years that it has not yet."""
    place, period = counties[copy // PERIODS], copy % PERIODS
    ids = pa.array([f"{place}/{period}/{name}" for name in table["report"].to_pylist()])
    table = table.set_column(0, "report", ids)
    if "agency" not in table.column_names:
        return table
    names = [place + parse_agency(name or "").office for name in table["agency"].to_pylist()]
    years = pc.add(table["year"], SPAN * period)
    columns = {"agency": pa.array(names), "year": years}
    for column, values in columns.items():
        table = table.set_column(table.column_names.index(column), column, values)
    return table


def write_points(out: Path) -> None:
    """Write points and themes as many as real reports have."""
    reports = pq.read_table(out / "reports.parquet", columns=["report"])["report"]
    n = len(reports)
    rows = np.repeat(np.arange(n), POINTS)
    starts = np.tile(np.arange(POINTS) * 50, n)
    kinds = np.tile(np.array(["problem", "improvement"] * (POINTS // 2)), n)
    themes = np.random.default_rng(1).choice(np.array(THEMES), n * POINTS)
    told = {"report": reports.take(pa.array(rows)), "start": starts}
    pq.write_table(pa.table({**told, "kind": kinds}), out / "points.parquet")
    pq.write_table(pa.table({**told, "theme": themes}), out / "themes.parquet")


def main() -> None:
    """Make a run, measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--reports", type=int, default=50_000)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        inputs = collect([SAMPLE], suffixes=frozenset({".txt"}), settings=Settings())
        run_audit(inputs, folder / "sample")
        n = repeat_run(folder / "sample", folder / "run", parser.parse_args().reports)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.perf_counter(), time.process_time()
        panel = build_panel(folder / "run")
        took = time.perf_counter() - start[0], time.process_time() - start[1]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"{n} reports, {len(panel.frame)} rows, {len(panel.frame.columns)} variables")
        print(f"panel {took[0]:.1f} s ({took[1]:.1f} s of processor), bar {BAR:g} s for 50,000")
        print(f"peak memory {peak / 1024:.0f} MB ({before / 1024:.0f} MB before)")
        for kind, write in PANEL_FORMATS.items():
            begin = time.perf_counter()
            write(panel.frame, folder / f"panel.{kind}", "zh")
            size = (folder / f"panel.{kind}").stat().st_size / 1e6
            print(f"  {kind:<8}{time.perf_counter() - begin:6.1f} s {size:8.1f} MB")


if __name__ == "__main__":
    main()
