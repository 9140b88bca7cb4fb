"""Requests and what became of them, from the panel and, before 2019, from the indicators."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from mining.study.bootstrap import Bootstrap
from mining.study.grouped import shares_by_group
from mining.study.panel.cells import Blanks, first_told, read_cells
from mining.study.panel.positions import report_order
from mining.study.panel.variables import Quantity

__all__ = [
    "CHANNELS",
    "OUTCOMES",
    "RATES",
    "REASONS",
    "channel_table",
    "load_requests",
    "outcome_table",
    "rate_table",
    "refusal_table",
    "request_table",
]

OUTCOMES = (
    *("granted", "partial", "denied", "unavailable", "rejected", "other"),
    "already_public",
)
"""Results of requests in the order of the statutory table; the last one is of form 2014 only."""

RATES = ("disclosure_rate", "refusal_rate")
REASONS = tuple(f"refusal_share_{i}" for i in range(1, 9))
CHANNELS = tuple(f"channel_{name}" for name in ("website", "weibo", "wechat", "gazette", "other"))
_NEW_MEDIA = "new_media_share"

_ROW = "indicators.{}.count"
# Rows of the indicators of form 2014. What was not there or another agency's stands where form 2019
# has "not held"; advice to change a request or to go elsewhere is an other result.
_INDICATORS: Mapping[str, tuple[str, ...]] = {
    "received": ("applications",),
    "handled": ("replies",),
    "granted": ("replies_granted",),
    "partial": ("replies_partial",),
    "denied": ("replies_denied",),
    "unavailable": ("replies_not_this_agency", "replies_not_exist"),
    "other": ("replies_clarify", "replies_other_route"),
    "already_public": ("replies_already_public",),
}
# Numbers of the statutory table, as shares of the results that the panel has.
_RATES = {
    "granted": "grant_full_rate",
    "denied": "refusal_rate",
    "unavailable": "unable_rate",
    "rejected": "not_processed_rate",
}


def load_requests(run: Path, panel: pd.DataFrame, *, blanks: Blanks = "missing") -> pd.DataFrame:
    """Return requests and results of each report of the panel, nan where it tells nothing.

    Reports with the statutory table (forms 2019 and 2021) count as the panel counts them; all
    others by the indicators, if they have them.

    Parameters
    ----------
    run
        Folder of results of an audit.
    panel
        The panel of the run.
    blanks
        What a blank cell counts as.

    Returns
    -------
    pandas.DataFrame
        In the order of the panel: ``received``, ``handled``, ``disclosed`` (granted, in part or in
        full), and each of `OUTCOMES`.
    """
    table, old = _from_table(panel), _from_indicators(run, panel, blanks)
    has_table = table["received"].notna() | table["handled"].notna()
    frame = table.where(has_table, old)
    frame["partial"] = frame["disclosed"] - frame["granted"]
    told = frame[[name for name in OUTCOMES if name != "other"]].sum(axis=1, skipna=False)
    # The statutory table has all results in one total, so what is left is the rest.
    rest = (frame["handled"] - told).where(has_table, frame["other"])
    frame["other"] = rest.where(rest >= 0)
    return frame


def _from_table(panel: pd.DataFrame) -> pd.DataFrame:
    handled = _numbers(panel, "grant_full_rate_n")
    columns = {name: _top(panel, rate) for name, rate in _RATES.items()}
    columns["disclosed"] = _top(panel, "disclosure_rate")
    nothing = pd.Series(np.where(np.isnan(handled), np.nan, 0.0))
    return pd.DataFrame(
        {"received": _numbers(panel, "req_new"), "handled": handled, "other": np.nan, **columns}
    ).assign(partial=np.nan, already_public=nothing)


def _from_indicators(run: Path, panel: pd.DataFrame, blanks: Blanks) -> pd.DataFrame:
    wanted: dict[str, Quantity] = {
        name: (tuple(_ROW.format(row) for row in rows),) for name, rows in _INDICATORS.items()
    }
    order = report_order(panel["report"].tolist())
    cells = read_cells(run, order, wanted=wanted, blanks=blanks)
    frame = pd.DataFrame({name: first_told(cells, ways) for name, ways in wanted.items()})
    frame["disclosed"] = frame["granted"] + frame["partial"]
    frame["rejected"] = np.where(frame["handled"].isna(), np.nan, 0.0)
    # As in the panel: a part above its whole says that the table is wrong.
    for name in ("disclosed", "denied"):
        frame[name] = frame[name].where(frame[name] <= frame["handled"])
    return frame


def _numbers(panel: pd.DataFrame, name: str) -> np.ndarray:
    return np.asarray(panel[name].to_numpy(dtype=np.float64, na_value=np.nan))


def _top(panel: pd.DataFrame, rate: str) -> np.ndarray:
    """Return the numerator of a rate; of a denominator of 0 it is 0."""
    bottom = _numbers(panel, f"{rate}_n")
    found = np.round(_numbers(panel, rate) * bottom)
    return np.where(bottom == 0, 0.0, found)


def request_table(
    panel: pd.DataFrame, requests: pd.DataFrame, how: Bootstrap | None = None
) -> pd.DataFrame:
    """Return the mean number of requests received, by year."""
    return _by_year(panel, ("received",), requests[["received"]], 1.0, how)


def outcome_table(
    panel: pd.DataFrame, requests: pd.DataFrame, how: Bootstrap | None = None
) -> pd.DataFrame:
    """Return the shares of the results, by year, of reports that tell all of them."""
    parts = requests[list(OUTCOMES)]
    whole = parts.sum(axis=1, skipna=False)
    hits = parts.where(whole.notna(), np.nan)
    return _by_year(panel, OUTCOMES, hits, whole.to_numpy()[:, None], how)


def rate_table(
    panel: pd.DataFrame, requests: pd.DataFrame, by: str, how: Bootstrap | None = None
) -> pd.DataFrame:
    """Return `RATES` by a grouping of the panel."""
    hits = requests[["disclosed", "denied"]]
    totals = requests["handled"].to_numpy()[:, None]
    return shares_by_group(panel[by], RATES, hits, totals, agencies=panel["agency_id"], how=how)


def refusal_table(panel: pd.DataFrame, how: Bootstrap | None = None) -> pd.DataFrame:
    """Return the shares of the eight reasons of refusals, by year."""
    hits = np.column_stack([_top(panel, name) for name in REASONS])
    totals = np.column_stack([_numbers(panel, f"{name}_n") for name in REASONS])
    # All eight or none, so that they add up to 100 %.
    hits[np.isnan(hits).any(axis=1)] = np.nan
    return _by_year(panel, REASONS, hits, totals, how)


def channel_table(panel: pd.DataFrame, how: Bootstrap | None = None) -> pd.DataFrame:
    """Return the mean number of items published in each way, and the share of new media."""
    hits = np.column_stack([_numbers(panel, n) for n in CHANNELS] + [_top(panel, _NEW_MEDIA)])
    totals = np.ones_like(hits)
    totals[:, -1] = _numbers(panel, f"{_NEW_MEDIA}_n")
    return _by_year(panel, (*CHANNELS, _NEW_MEDIA), hits, totals, how)


def _by_year(
    panel: pd.DataFrame,
    names: tuple[str, ...],
    hits: object,
    totals: object,
    how: Bootstrap | None,
) -> pd.DataFrame:
    found = shares_by_group(
        panel["year"],
        names,
        np.asarray(hits),
        np.asarray(totals),
        agencies=panel["agency_id"],
        how=how,
    )
    found.insert(0, "year", found.pop("group").astype(np.int64))
    return found
