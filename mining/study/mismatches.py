"""How many reports have a mismatch, by rule and by group of reports."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mining.study.bootstrap import Bootstrap
from mining.study.frames import UNKNOWN
from mining.study.grouped import shares_by_group
from mining.study.panel.positions import report_order, stream_rows

__all__ = ["ANY_RULE", "by_group", "by_rule", "load_mismatches", "rule_matrix"]

ANY_RULE = "any"
"""The row of all rules together."""


def load_mismatches(run: Path, panel: pd.DataFrame) -> pd.DataFrame:
    """Return for each report of the panel (row) how many mismatches each rule (column) found.

    Rules that compared nothing in the whole run have no column.

    Raises
    ------
    StudyError
        E701 when the run has no table of findings.
    """
    order = report_order(panel["report"].tolist())
    columns: dict[str, NDArray[np.int64]] = {}
    for rows, batch in stream_rows(run, "findings", order, ("rule", "status")):
        rules = pc.dictionary_encode(pc.cast(batch["rule"], pa.string()))
        codes = rules.indices.to_numpy(zero_copy_only=False)
        status = pc.cast(batch["status"], pa.string())
        is_wrong = pc.equal(status, "mismatch").to_numpy(zero_copy_only=False).astype(bool)
        is_compared = pc.not_equal(status, "unverifiable").to_numpy(zero_copy_only=False)
        for code, rule in enumerate(rules.dictionary.to_pylist()):
            chosen = (codes == code) & is_compared.astype(bool)
            if chosen.any():
                count = columns.setdefault(rule, np.zeros(len(panel), dtype=np.int64))
                np.add.at(count, rows[chosen & is_wrong], 1)
    return pd.DataFrame(columns, index=panel.index).sort_index(axis=1)


def by_rule(
    panel: pd.DataFrame, mismatches: pd.DataFrame, how: Bootstrap | None = None
) -> pd.DataFrame:
    """Return the share of reports with a mismatch of each rule, most first.

    Shares are of all reports, as a report that lacks what a rule compares has no such mismatch.
    """
    everything = pd.Series(ANY_RULE, index=panel.index)
    hits = (mismatches > 0).assign(**{ANY_RULE: (mismatches > 0).any(axis=1)})
    found = shares_by_group(everything, list(hits), hits, 1.0, agencies=panel["agency_id"], how=how)
    found["is_any"] = found["measure"] == ANY_RULE
    found["mismatches"] = [
        int(mismatches[m].sum()) if m in mismatches else int(mismatches.to_numpy().sum())
        for m in found["measure"]
    ]
    order = ["is_any", "share", "measure"]
    found = found.sort_values(order, ascending=[True, False, True], ignore_index=True)
    return found.drop(columns=["group", "is_any"]).rename(columns={"measure": "rule"})


def by_group(
    panel: pd.DataFrame, mismatches: pd.DataFrame, by: str, how: Bootstrap | None = None
) -> pd.DataFrame:
    """Return the share of reports with any mismatch in each group, most first."""
    hits = (mismatches > 0).any(axis=1).to_numpy()[:, None]
    found = shares_by_group(panel[by], (ANY_RULE,), hits, 1.0, agencies=panel["agency_id"], how=how)
    return found.sort_values(["share", "group"], ascending=[False, True], ignore_index=True)


def rule_matrix(panel: pd.DataFrame, mismatches: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the share of reports with a mismatch for each group and rule, in long form."""
    groups = panel[by].astype(object).where(panel[by].notna(), UNKNOWN)
    parts = (mismatches > 0).groupby(groups)
    shares = parts.mean().rename_axis(index="group").reset_index()
    table = shares.melt(id_vars="group", var_name="rule", value_name="share")
    table["reports"] = table["group"].map(parts.size()).astype(np.int64)
    return table.sort_values(["group", "rule"], ignore_index=True)
