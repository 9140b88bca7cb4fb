"""Make the panel of a folder of reports and print a few rates by year.

Copy and change:  python scripts/panel.py [FOLDER [OUT]]
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from mining import Settings, collect, run_audit
from mining.study.panel.outputs import write_panel

SAMPLE = "corpora/sample/reports"
RESULTS = "reports_out/panel"
RATES = ["disclosure_rate", "refusal_rate", "closure_rate"]


def main(folder: str = SAMPLE, out: str = RESULTS) -> None:
    """Audit `folder`, write its panel below `out`, and show the mean of each rate by year."""
    run, panel = Path(out) / "run", Path(out) / "panel"
    run_audit(collect([folder], suffixes=frozenset({".txt"}), settings=Settings()), run)
    files, notes = write_panel(run, panel, formats=["csv", "parquet", "dta"], lang="en")
    for note in notes:
        print(f"note: {note.text('en')}")

    frame = pd.read_parquet(panel / "panel-data.parquet")
    by_year = frame.groupby("year")[RATES].agg(["mean", "count"])
    print(by_year.dropna().round(3).to_string())
    print(f"{len(files)} files in {panel}; the codebook tells what each column means")


if __name__ == "__main__":
    main(*sys.argv[1:3])
