"""Study copied text in a run and print who takes over most from last year's report.

Copy and change:  python scripts/copied_text.py RUN OUT
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from mining.study.reuse.results import write_reuse_study

MOST = 20
LEAST_CHARS = 200


def main(run: str, out: str) -> None:
    """Study `run` into `out` and list the reports with the largest shares."""
    write_reuse_study(Path(run), Path(out))
    shares = pd.read_parquet(Path(out) / "reuse-shares.parquet")
    long = shares[shares["copied_share_n"] >= LEAST_CHARS]
    top = long.nlargest(MOST, "copied_share")
    for row in top.itertuples():
        print(f"{row.copied_share:6.1%}  {row.agency} {row.year}  ({row.last_report})")
    groups = pd.read_parquet(Path(out) / "reuse-groups.parquet")
    print(f"{groups.groupby(['year', 'group']).ngroups} groups of near-copies")


if __name__ == "__main__":
    main(*sys.argv[1:3])
