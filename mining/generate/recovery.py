"""What a study finds of what was planted in a world: each size with its interval.

Each size is estimated twice in the same way, from the truth of the reports that are there and from
what was read in them. The first differs from the plan by chance, the second from the first by
mistakes of reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mining.generate.worldfiles import WorldTruth
from mining.study.bootstrap import Bootstrap
from mining.study.slopes import Estimate, mean_interval, slope_interval
from mining.study.themes import ALL, ThemeFrames, load_theme_frames, recurrence
from mining.themes.names import THEMES

__all__ = ["compare_world"]

_Test = Callable[[pd.DataFrame, Bootstrap], Estimate]
_TRENDS = ("new_media", "platform", "training")
_LEVELS = ("county", "township")
_STATES = ("promised", "unanswered")


@dataclass(frozen=True, slots=True)
class _Question:
    """A planted size: what it is called, in which unit, what was planned, how to estimate it."""

    name: str
    unit: str
    planned: float
    test: _Test


def compare_world(
    truth: WorldTruth, run: Path, panel: Path, how: Bootstrap | None = None
) -> pd.DataFrame:
    """Return planted sizes beside what a study finds of them.

    Parameters
    ----------
    truth
        Of the world that was audited.
    run
        Folder of the audit.
    panel
        The run's panel as Parquet, made with its table of copied text.
    how
        How intervals are made.

    Returns
    -------
    pandas.DataFrame
        ``size, unit, planned, planted, found, low, high, n, agencies``, and whether the interval
        holds what was planted (``holds``) and leaves 0 out (``is_seen``).
    """
    how = how or Bootstrap()
    planted, found = _planted(truth), _found(pd.read_parquet(panel), truth.plan)
    rows = [
        _row(q.name, q.unit, q.planned, q.test(planted, how), q.test(found, how))
        for q in _questions(truth.plan)
    ]
    again = [_again(frames, how) for frames in (_planted_frames(truth), load_theme_frames(run))]
    for state in _STATES:
        name = f"again_{state}"
        rows.append(
            _row(name, "share", truth.plan["points"][name], *(found[state] for found in again))
        )
    return pd.DataFrame(rows)


def _row(
    name: str, unit: str, planned: float, planted: Estimate, found: Estimate
) -> dict[str, object]:
    return {
        "size": name,
        "unit": unit,
        "planned": planned,
        "planted": planted.value,
        "found": found.value,
        "low": found.low,
        "high": found.high,
        "n": found.n,
        "agencies": found.agencies,
        "holds": found.low <= planted.value <= found.high,
        "is_seen": not found.low <= 0 <= found.high,
    }


def _questions(plan: Mapping[str, Any]) -> Iterator[_Question]:
    size = plan["size"]
    span = size["last_year"] - size["first_year"]
    for theme in _TRENDS:
        ends = plan["themes"][theme]
        planned = (ends[1] - ends[0]) / span if isinstance(ends, list) else 0.0
        yield _Question(f"trend_{theme}", "share a year", planned, _trend(f"theme_{theme}"))
    ends = plan["requests"]["refused"]
    yield _Question(
        "trend_refusals", "share a year", (ends[1] - ends[0]) / span, _trend("refusal_rate")
    )
    yield _Question(
        "growth_requests", "log a year", plan["requests"]["growth"], _mean("req_growth")
    )
    shares = {
        "theme_staffing": plan["themes"]["staffing"],
        "is_copied": plan["copying"]["who"],
        "is_wrong": plan["mismatches"],
    }
    for column, by_level in shares.items():
        name = column.removeprefix("theme_").removeprefix("is_")
        for level in _LEVELS:
            yield _Question(f"{name}_{level}", "share", by_level[level], _level(column, level))
        gap = by_level["township"] - by_level["county"]
        yield _Question(f"{name}_difference", "share", gap, _difference(column))


def _trend(column: str) -> _Test:
    return lambda frame, how: slope_interval(frame[column], frame["year"], frame["agency"], how)


def _mean(column: str) -> _Test:
    return lambda frame, how: mean_interval(frame[column], frame["agency"], how)


def _level(column: str, level: str) -> _Test:
    return lambda frame, how: _mean(column)(frame[frame["level"] == level], how)


def _difference(column: str) -> _Test:
    return lambda frame, how: slope_interval(
        frame[column], frame["level"] == "township", frame["agency"], how
    )


def _planted(truth: WorldTruth) -> pd.DataFrame:
    """Return the truth with the columns that a panel has."""
    told = pd.DataFrame(truth.reports).sort_values(["agency", "year"])
    told["agency"] = told["agency"].astype(str)
    for theme in THEMES:
        told[f"theme_{theme}"] = [any(t == theme for t, _ in p) for p in told["problems"]]
    told["refusal_rate"] = told["refused"] / told["handled"]
    n_new = np.log1p(told["n_new"].where(told["handled"].notna()))
    last = n_new.groupby(told["agency"]).shift(1)
    follows = told.groupby("agency")["year"].shift(1) == told["year"] - 1
    told["req_growth"] = (n_new - last).where(follows)
    told["is_copied"] = _reaches(told["copied"], truth.plan)
    told["is_wrong"] = [float(bool(m)) for m in told["mismatches"]]
    return told


def _found(panel: pd.DataFrame, plan: Mapping[str, Any]) -> pd.DataFrame:
    numbers = {"is_copied": _reaches(panel["copied_share"], plan)}
    numbers["is_wrong"] = (panel["checks_mismatch"] > 0).astype(np.float64)
    frame = panel.assign(**numbers)
    columns = frame.select_dtypes("number").columns
    return frame.astype(dict.fromkeys(columns, np.float64))


def _reaches(shares: pd.Series, plan: Mapping[str, Any]) -> pd.Series:
    told = shares.astype(np.float64)
    return (told >= plan["copying"]["least"]).astype(np.float64).where(told.notna())


def _planted_frames(truth: WorldTruth) -> ThemeFrames:
    """Return the truth as a run would tell it, so that the same counting serves both."""
    reports = pd.DataFrame(truth.reports)[["report", "agency", "year"]]
    points, labels = [], []
    for row in truth.reports:
        for number, (theme, promised) in enumerate(row["problems"], start=1):
            point = {"report": row["report"], "point": number, "kind": "problem"}
            points.append(point | {"answers": None})
            labels.append(point | {"theme": theme})
            if promised:
                answer = {"point": -number, "kind": "improvement", "answers": number}
                points.append(point | answer)
    return ThemeFrames(
        reports.assign(agency=reports["agency"].astype(str), is_known=True),
        pd.DataFrame(points),
        pd.DataFrame(labels),
        THEMES,
    )


def _again(frames: ThemeFrames, how: Bootstrap) -> dict[str, Estimate]:
    table = recurrence(frames, how)
    rows = table[table["theme"] == ALL].set_index("state").to_dict("index")
    return {
        state: Estimate(
            value=rows[state]["share"],
            low=rows[state]["low"],
            high=rows[state]["high"],
            n=rows[state]["n"],
            agencies=rows[state]["agencies"],
        )
        for state in _STATES
    }
