"""Audit a corpus on a Slurm cluster through dask-jobqueue (``pip install dask-jobqueue``).

Run it on a login node, or as a small job of its own:

    python scripts/cluster/slurm.py CORPUS OUT --jobs 25 --cores 8 --hours 2

Slurm may end jobs and start others meanwhile: what they had not finished is done again. When this
process ends early, run the same command once more.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from dask_jobqueue import SLURMCluster

from mining import Settings, collect, run_audit
from mining.catalog import READERS
from mining.corpus.scale import DaskWorkers


def main() -> None:
    """Start jobs that work, audit with them, and end them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("corpus", type=Path, help="reports, in a folder that all nodes see")
    parser.add_argument("out", type=Path, help="results, in a folder that all nodes see")
    parser.add_argument("--jobs", type=int, default=4, help="how many jobs Slurm is asked for")
    parser.add_argument("--cores", type=int, default=8, help="cores of each job")
    parser.add_argument("--hours", type=int, default=2, help="time limit of each job")
    args = parser.parse_args()

    with SLURMCluster(
        cores=args.cores,
        processes=1,
        memory=f"{args.cores}GB",
        walltime=f"{args.hours}:00:00",
    ) as cluster:
        cluster.scale(jobs=args.jobs)
        inputs = collect(
            [args.corpus], suffixes=frozenset(READERS), settings=Settings(), exclude=args.out
        )
        summary = run_audit(
            inputs,
            args.out,
            # Jobs may wait in the queue for an hour.
            executor=DaskWorkers(cluster.scheduler_address, patience=3600),
            resume=True,
        )
    print(f"{summary.totals['reports']} reports, {summary.totals['failed']} failed")


if __name__ == "__main__":
    main()
