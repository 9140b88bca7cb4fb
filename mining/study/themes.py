"""Themes of problems and improvements: how common, what comes back, what answers what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mining.errors import SettingsError, StudyError
from mining.history.mapping import AgencyMap
from mining.study.bootstrap import Bootstrap
from mining.study.frames import GROUPINGS, UNKNOWN, load_reports, load_table
from mining.study.grouped import share_rows
from mining.themes.names import THEMES

__all__ = [
    "ALL",
    "STATES",
    "ThemeFrames",
    "load_theme_frames",
    "prevalence",
    "recurrence",
    "recurring_cases",
    "remedies",
]

ALL = "all"
"""The group of all reports, and the row of all themes together."""

STATES = ("promised", "unanswered", "absent")
"""What a report said about a theme: a problem with an improvement that answers it, a problem
without one, or no problem. ``absent`` tells how often a theme turns up anyway."""

_POINT_COLUMNS = ("report", "point", "kind", "start", "end", "text", "answers")
_LABEL_COLUMNS = ("report", "start", "theme")
_KINDS = ("problem", "improvement")
_NO_REPORTS = "no report has points of a problem section"


@dataclass(frozen=True, slots=True)
class ThemeFrames:
    """What studies of themes are made of.

    Parameters
    ----------
    reports
        Reports with at least one point, see `mining.study.frames.load_reports`.
    points
        Their points.
    labels
        One row for each theme of a point: ``report``, ``point``, ``kind``, ``theme``.
    themes
        All themes, the public ones first, then a user's own.
    """

    reports: pd.DataFrame
    points: pd.DataFrame
    labels: pd.DataFrame
    themes: tuple[str, ...]


def load_theme_frames(run: Path, *, agencies: AgencyMap | None = None) -> ThemeFrames:
    """Load points and their themes; only reports with a point count.

    A report without points has no problem section that could be read: whether it has a problem is
    unknown, and it is in no denominator.

    Raises
    ------
    StudyError
        E701 when tables are missing; E702 when no report has a point.
    """
    reports = load_reports(run, agencies=agencies)
    points = load_table(run, "points", _POINT_COLUMNS).drop_duplicates(["report", "point"])
    points = points[points["report"].isin(reports["report"])].sort_values(["report", "point"])
    raw = load_table(run, "themes", _LABEL_COLUMNS).drop_duplicates()
    labels = points[["report", "start", "point", "kind"]].merge(raw, on=["report", "start"])
    reports = reports[reports["report"].isin(points["report"])].reset_index(drop=True)
    if reports.empty:
        hint = "audit reports that have a section of problems"
        raise StudyError(_NO_REPORTS, code="E702", path=run, hint=hint)
    own = sorted(set(labels["theme"]) - set(THEMES))
    labels = labels[["report", "point", "kind", "theme"]].drop_duplicates()
    return ThemeFrames(reports, points.reset_index(drop=True), labels, (*THEMES, *own))


def prevalence(
    frames: ThemeFrames, by: Sequence[str] = ("year",), how: Bootstrap | None = None
) -> pd.DataFrame:
    """Return how common each theme is, for all reports and by group.

    Parameters
    ----------
    by
        Some of `mining.study.frames.GROUPINGS`.

    Returns
    -------
    pandas.DataFrame
        ``by, group, kind`` (problem or improvement), ``theme``, ``unit`` (``report``: share of
        reports with such a point; ``point``: share of points), ``hits, n, agencies, share, low,
        high``.

    Raises
    ------
    SettingsError
        E401 when a grouping is unknown.
    """
    if unknown := [name for name in by if name not in GROUPINGS]:
        msg = f"unknown grouping: {', '.join(unknown)}"
        raise SettingsError(msg, code="E401", hint=f"choose from {', '.join(GROUPINGS)}")
    reports = frames.reports
    keys, hits, totals = _counts(frames)
    agencies = reports["agency"].to_numpy(dtype=str)
    rows: list[pd.DataFrame] = []
    for name, group, chosen in _groups(reports, by):
        found = share_rows(keys, hits[chosen], totals[chosen], agencies[chosen], how)
        found.insert(0, "group", group)
        found.insert(0, "by", name)
        rows.append(found)
    return pd.concat(rows, ignore_index=True)


def _groups(
    reports: pd.DataFrame, by: Sequence[str]
) -> Iterator[tuple[str, str, NDArray[np.intp]]]:
    yield ALL, ALL, np.arange(len(reports))
    for name in dict.fromkeys(by):
        values = reports[name].astype(object).where(reports[name].notna(), UNKNOWN).astype(str)
        for group, places in sorted(values.groupby(values).indices.items()):
            yield name, group, places


def _counts(
    frames: ThemeFrames,
) -> tuple[pd.DataFrame, NDArray[np.float64], NDArray[np.float64]]:
    """Return the shares to compute, and for each report their hits and totals."""
    order = pd.Index(frames.reports["report"])
    keys: list[pd.DataFrame] = []
    hits: list[NDArray[np.float64]] = []
    totals: list[NDArray[np.float64]] = []
    for kind in _KINDS:
        found = _by_report(frames.labels[frames.labels["kind"] == kind], order, frames.themes)
        n_points = frames.points.loc[frames.points["kind"] == kind, "report"].value_counts()
        n = n_points.reindex(order, fill_value=0).to_numpy(dtype=np.float64)[:, None]
        for unit, top, bottom in (
            ("report", np.minimum(found, 1), np.ones_like(n)),
            ("point", found, n),
        ):
            keys.append(pd.DataFrame({"kind": kind, "theme": frames.themes, "unit": unit}))
            hits.append(top)
            totals.append(np.broadcast_to(bottom, top.shape))
    return pd.concat(keys, ignore_index=True), np.hstack(hits), np.hstack(totals)


def _by_report(labels: pd.DataFrame, order: pd.Index, themes: Sequence[str]) -> NDArray[np.float64]:
    """Return how many points of each report (row) have each theme (column)."""
    counts = np.zeros((len(order), len(themes)))
    rows = order.get_indexer(labels["report"])
    np.add.at(counts, (rows, pd.Index(themes).get_indexer(labels["theme"])), 1)
    return counts


def recurrence(frames: ThemeFrames, how: Bootstrap | None = None) -> pd.DataFrame:
    """Return how often a problem is named again in the next year, by what was promised.

    Counted are agencies with reports of two years that follow each other; reports without agency
    or year are left out. An improvement counts as promised when it answers a problem of the theme.

    Returns
    -------
    pandas.DataFrame
        ``theme`` (`ALL` for all together), ``state`` (see `STATES`), ``hits, n, agencies, share,
        low, high``; empty when no agency has two such reports.
    """
    years, states, again = _transitions(frames)
    if years.empty:
        names = ("theme", "state", "hits", "n", "agencies", "share", "low", "high")
        return pd.DataFrame(columns=list(names))
    keys, hits, totals = [], [], []
    for state in STATES:
        is_state = (states == state).astype(np.float64)
        top = is_state * again
        hits += [top, top.sum(axis=1, keepdims=True)]
        totals += [is_state, is_state.sum(axis=1, keepdims=True)]
        keys.append(pd.DataFrame({"theme": [*frames.themes, ALL], "state": state}))
    agencies = years["agency"].to_numpy(dtype=str)
    joined = pd.concat(keys, ignore_index=True)
    return share_rows(joined, np.hstack(hits), np.hstack(totals), agencies, how)


def _dated(frames: ThemeFrames) -> pd.DataFrame:
    reports = frames.reports
    return reports.loc[reports["is_known"] & reports["year"].notna(), ["report", "agency", "year"]]


def _transitions(
    frames: ThemeFrames,
) -> tuple[pd.DataFrame, NDArray[np.str_], NDArray[np.float64]]:
    """Return agency-years with a next year, and by theme the state now and whether it is next."""
    dated = _dated(frames)
    problems = frames.labels[frames.labels["kind"] == "problem"]
    named = _by_year(dated, problems, frames.themes)
    promised = _by_year(dated, _answered(frames), frames.themes)
    after = pd.MultiIndex.from_arrays(
        [named.index.get_level_values("agency"), named.index.get_level_values("year") + 1]
    )
    where = named.index.get_indexer(after)
    has_next = where >= 0
    now = named.to_numpy()[has_next]
    answered = promised.to_numpy()[has_next]
    states = np.where(now, np.where(answered, "promised", "unanswered"), "absent")
    again = named.to_numpy()[where[has_next]].astype(np.float64)
    return named.index.to_frame(index=False)[has_next], states, again


def _answered(frames: ThemeFrames) -> pd.DataFrame:
    """Return labels of problems that an improvement of the same report answers."""
    answers = frames.points.loc[
        (frames.points["kind"] == "improvement") & frames.points["answers"].notna(),
        ["report", "answers"],
    ]
    pairs = answers.rename(columns={"answers": "point"}).drop_duplicates()
    pairs = pairs.astype({"point": frames.labels["point"].dtype})
    return frames.labels[frames.labels["kind"] == "problem"].merge(pairs, on=["report", "point"])


def _by_year(dated: pd.DataFrame, labels: pd.DataFrame, themes: Sequence[str]) -> pd.DataFrame:
    """Return agency and year by theme: whether one of the reports has such a label."""
    found = _by_report(
        labels[labels["report"].isin(dated["report"])], pd.Index(dated["report"]), themes
    )
    frame = pd.DataFrame(found > 0, columns=list(themes))
    return (
        frame.groupby([dated["agency"].to_numpy(), dated["year"].to_numpy(dtype=np.int64)])
        .any()
        .rename_axis(["agency", "year"])
    )


def recurring_cases(frames: ThemeFrames) -> pd.DataFrame:
    """Return the problems that came back although an improvement was promised, with their texts.

    Returns
    -------
    pandas.DataFrame
        ``agency, theme, year, report, start, end, problem, improvement, next_report, next_start,
        next_end, next_problem``: one row for each agency, theme and year, with the first such
        points.
    """
    dated, points = _dated(frames), frames.points
    texts = points[["report", "point", "start", "end", "text"]]
    problems = frames.labels[frames.labels["kind"] == "problem"].merge(dated, on="report")
    problems = problems.merge(texts, on=["report", "point"])
    promises = points.loc[
        (points["kind"] == "improvement") & points["answers"].notna(),
        ["report", "answers", "text"],
    ].rename(columns={"answers": "point", "text": "improvement"})
    promises = promises.astype({"point": problems["point"].dtype})
    now = problems.rename(columns={"text": "problem"}).merge(promises, on=["report", "point"])
    after = problems.assign(year=problems["year"] - 1).rename(
        columns={
            "report": "next_report",
            "start": "next_start",
            "end": "next_end",
            "text": "next_problem",
        }
    )
    cases = now.merge(after, on=["agency", "theme", "year"])
    unique = ["agency", "theme", "year"]
    cases = cases.sort_values([*unique, "report", "start", "next_report", "next_start"])
    columns = (
        "agency",
        "theme",
        "year",
        "report",
        "start",
        "end",
        "problem",
        "improvement",
        "next_report",
        "next_start",
        "next_end",
        "next_problem",
    )
    return cases.drop_duplicates(unique)[list(columns)].reset_index(drop=True)


def remedies(frames: ThemeFrames, how: Bootstrap | None = None) -> pd.DataFrame:
    """Return which themes the improvements have that answer a problem of each theme.

    Returns
    -------
    pandas.DataFrame
        ``problem, remedy`` (themes), ``hits`` (pairs of such points), ``n`` (all answers to
        problems of that theme), ``agencies, share, low, high``; themes without answers are left
        out.
    """
    points, labels = frames.points, frames.labels
    answers = points.loc[
        (points["kind"] == "improvement") & points["answers"].notna(),
        ["report", "point", "answers"],
    ].astype({"answers": labels["point"].dtype})
    problems = labels[labels["kind"] == "problem"].rename(
        columns={"point": "answers", "theme": "problem"}
    )
    answered = answers.merge(problems[["report", "answers", "problem"]], on=["report", "answers"])
    pairs = answered.merge(
        labels[["report", "point", "theme"]].rename(columns={"theme": "remedy"}),
        on=["report", "point"],
    )
    order, size = pd.Index(frames.reports["report"]), len(frames.themes)
    axis = pd.Index(frames.themes)
    # Summed by agency first: a table of reports by pairs of themes would not fit in memory.
    agencies, codes = np.unique(frames.reports["agency"].to_numpy(dtype=str), return_inverse=True)
    n = np.zeros((len(agencies), size))
    told = (codes[order.get_indexer(answered["report"])], axis.get_indexer(answered["problem"]))
    np.add.at(n, told, 1)
    hits = np.zeros((len(agencies), size, size))
    cell = (axis.get_indexer(pairs["problem"]), axis.get_indexer(pairs["remedy"]))
    np.add.at(hits, (codes[order.get_indexer(pairs["report"])], *cell), 1)
    keys = pd.DataFrame({"problem": np.repeat(axis, size), "remedy": np.tile(axis, size)})
    rows = share_rows(
        keys, hits.reshape(len(agencies), -1), np.repeat(n, size, axis=1), agencies, how
    )
    return rows[rows["n"] > 0].reset_index(drop=True)
