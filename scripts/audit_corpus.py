"""Audit a folder of reports and print what was found, most frequent rule first.

Copy and change:  python scripts/audit_corpus.py [FOLDER [OUT]]
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq

from mining import Settings, collect, run_audit

SAMPLE = "corpora/sample/reports"
RESULTS = "reports_out/audit_corpus"


def main(folder: str = SAMPLE, out: str = RESULTS) -> None:
    """Audit `folder` into `out` and count the mismatches of each rule."""
    inputs = collect([folder], suffixes=frozenset({".txt"}), settings=Settings())
    summary = run_audit(inputs, Path(out), workers=2)
    print(f"{summary.totals['reports']} reports, {summary.totals['failed']} failed")

    findings = pq.read_table(Path(out) / "findings.parquet", columns=["rule", "status"])
    wrong = Counter(row["rule"] for row in findings.to_pylist() if row["status"] == "mismatch")
    for rule, count in wrong.most_common():
        print(f"{count:6}  {rule}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
