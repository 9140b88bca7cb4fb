"""Study copied text in a folder of reports and print who takes over most from last year's.

Copy and change:  python scripts/copied_text.py [FOLDER [OUT]]
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from mining import Settings, collect, run_audit
from mining.study.reuse.results import write_reuse_study

SAMPLE = "corpora/sample/reports"
RESULTS = "reports_out/copied_text"
MOST = 20
LEAST_CHARS = 200


def main(folder: str = SAMPLE, out: str = RESULTS) -> None:
    """Audit `folder`, study it below `out`, and list the reports with the largest shares."""
    run, tables = Path(out) / "run", Path(out) / "reuse"
    run_audit(collect([folder], suffixes=frozenset({".txt"}), settings=Settings()), run, workers=2)
    write_reuse_study(run, tables)
    shares = pd.read_parquet(tables / "reuse-shares.parquet")
    long = shares[shares["copied_share_n"] >= LEAST_CHARS]
    top = long.nlargest(MOST, "copied_share")
    for row in top.itertuples():
        print(f"{row.copied_share:6.1%}  {row.agency} {row.year}  ({row.last_report})")
    groups = pd.read_parquet(tables / "reuse-groups.parquet")
    print(f"{groups.groupby(['year', 'group']).ngroups} groups of near-copies")


if __name__ == "__main__":
    main(*sys.argv[1:3])
