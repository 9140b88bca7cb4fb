"""Study the problems that reports name and print the most frequent themes and what comes back.

Copy and change:  python scripts/problem_themes.py [FOLDER [OUT]]
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from mining import Settings, collect, run_audit
from mining.study.themestudy import write_theme_study

SAMPLE = "corpora/sample/reports"
RESULTS = "reports_out/problem_themes"
MOST = 8


def main(folder: str = SAMPLE, out: str = RESULTS) -> None:
    """Audit `folder`, study its themes below `out`, and show shares with their intervals."""
    run, tables = Path(out) / "run", Path(out) / "themes"
    run_audit(collect([folder], suffixes=frozenset({".txt"}), settings=Settings()), run, workers=2)
    write_theme_study(run, tables, by=("year", "level"), formats=("png",), lang="en")

    common = pd.read_parquet(tables / "themes-prevalence.parquet")
    shown = common[(common["by"] == "all") & (common["kind"] == "problem")]
    shown = shown[shown["unit"] == "report"].nlargest(MOST, "share")
    for row in shown.itertuples():
        print(f"{row.share:6.1%}  [{row.low:.1%}, {row.high:.1%}]  {row.theme}")
    again = pd.read_parquet(tables / "themes-recurrence.parquet")
    for row in again[again["theme"] == "all"].itertuples():
        print(f"{row.share:6.1%}  of {row.n} named again next year: {row.state}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
