"""What the other tables of a run tell about each report: figures, findings, points, themes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mining.study.frames import load_table, stream_table
from mining.study.panel.cells import Floats
from mining.study.panel.variables import section_names
from mining.themes.names import THEMES

__all__ = [
    "Columns",
    "Sections",
    "count_figures",
    "count_findings",
    "count_points",
    "load_sections",
]

Columns = dict[str, Floats]

_UNKNOWN = "unknown"
# The place of each piece of evidence in the report itself; evidence in last year's report begins
# with the key "report". Quotes can't look like this, as their quotation marks are escaped.
_PLACES = re.compile(r'\{"role":"[a-z_]{1,40}","start":(\d{1,12}),"end":(\d{1,12})')
_NARRATIVE = "narrative-"


@dataclass(frozen=True, slots=True)
class Sections:
    """The sections of all reports: which there are, and where those of the prose stand.

    Parameters
    ----------
    there
        For each report (row) whether it has the section (column) of `section_names`.
    frame
        The rows of the table ``sections`` with the position of the report in ``row``.
    """

    there: NDArray[np.bool_]
    frame: pd.DataFrame

    def has(self, name: str) -> NDArray[np.bool_]:
        """Tell which reports have a section."""
        return self.there[:, section_names().index(name)]


def load_sections(run: Path, order: pd.Index) -> Sections:
    """Load the sections of the reports in `order`."""
    frame = load_table(run, "sections", ("report", "section", "start", "end"))
    frame = frame.assign(row=order.get_indexer(frame["report"]))
    frame = frame[frame["row"] >= 0]
    there = np.zeros((len(order), len(section_names())), dtype=bool)
    there[frame["row"].to_numpy(), _section_places(frame["section"])] = True
    return Sections(there, frame)


def _section_places(sections: pd.Series) -> NDArray[np.intp]:
    names = pd.Index(section_names())
    found = np.asarray(names.get_indexer(sections.fillna(_UNKNOWN)), dtype=np.intp)
    return np.where(found < 0, section_names().index(_UNKNOWN), found).astype(np.intp)


def count_figures(
    run: Path, order: pd.Index, sections: Sections, *, prose: Sequence[str]
) -> tuple[Columns, Floats]:
    """Count the figures of each report, in all, by section, and those that were compared.

    Returns
    -------
    tuple
        The columns, and how many figures the sections `prose` have together.
    """
    frame = load_table(run, "figures", ("report", "section", "start", "end"))
    frame = frame.assign(row=order.get_indexer(frame["report"]))
    frame = frame[frame["row"] >= 0]
    counts = np.zeros(sections.there.shape)
    np.add.at(counts, (frame["row"].to_numpy(), _section_places(frame["section"])), 1)
    compared = _compared_places(run, order)
    told = frame[["row", "start", "end"]].merge(compared, on=["row", "start", "end"])
    names = section_names()
    columns = {
        "figures_found": counts.sum(axis=1),
        "figures_checked": np.bincount(told["row"], minlength=len(order)).astype(np.float64),
    }
    by_section = np.where(sections.there | (counts > 0), counts, np.nan)
    columns |= {f"figures_{name}": by_section[:, i] for i, name in enumerate(names)}
    return columns, counts[:, [names.index(name) for name in prose]].sum(axis=1)


def _compared_places(run: Path, order: pd.Index) -> pd.DataFrame:
    """Return where figures of the narrative were compared, each place once."""
    rows: list[tuple[int, int, int]] = []
    for batch in stream_table(run, "findings", ("report", "rule", "status", "evidence")):
        is_narrative = pc.starts_with(pc.cast(batch["rule"], pa.string()), _NARRATIVE)
        is_told = pc.not_equal(pc.cast(batch["status"], pa.string()), "unverifiable")
        chosen = batch.filter(pc.and_(is_narrative, is_told))
        reports = order.get_indexer(chosen["report"].to_pylist()).tolist()
        for row, evidence in zip(reports, chosen["evidence"].to_pylist(), strict=True):
            found = _PLACES.findall(evidence or "") if row >= 0 else ()
            rows += [(row, int(start), int(end)) for start, end in found]
    return pd.DataFrame(sorted(set(rows)), columns=["row", "start", "end"], dtype=np.int64)


def count_findings(run: Path, order: pd.Index) -> Columns:
    """Count the comparisons of each report and those that found a mismatch."""
    total, wrong = np.zeros(len(order)), np.zeros(len(order))
    known = pa.array(order, type=pa.string())
    for batch in stream_table(run, "findings", ("report", "status")):
        rows = pc.index_in(pc.cast(batch["report"], pa.string()), value_set=known)
        is_wrong = pc.equal(pc.cast(batch["status"], pa.string()), "mismatch")
        total += _bincount(rows, len(order))
        wrong += _bincount(rows.filter(is_wrong), len(order))
    return {"checks_run": total, "checks_mismatch": wrong}


def _bincount(rows: pa.Array, size: int) -> NDArray[np.int64]:
    told = np.asarray(pc.drop_null(rows).to_numpy(zero_copy_only=False), dtype=np.int64)
    return np.bincount(told, minlength=size)


def count_points(run: Path, order: pd.Index, sections: Sections) -> Columns:
    """Count problems and improvements, and tell which themes the problems have.

    A report without a section of problems tells nothing about its problems: missing. One with the
    section and no problem in it has none: 0.

    Raises
    ------
    StudyError
        E701 when the run has no tables ``points`` and ``themes``.
    """
    points = load_table(run, "points", ("report", "start", "kind"))
    labels = load_table(run, "themes", ("report", "start", "theme"))
    points = points.assign(row=order.get_indexer(points["report"]))
    points = points[points["row"] >= 0]
    is_told = sections.has("problems") | np.isin(np.arange(len(order)), points["row"])
    problems = points[points["kind"] == "problem"]
    columns = {
        "n_problems": _by_row(problems["row"], is_told),
        "n_improvements": _by_row(points.loc[points["kind"] == "improvement", "row"], is_told),
    }
    themed = problems.merge(labels.drop_duplicates(), on=["report", "start"])
    for theme in THEMES:
        rows = themed.loc[themed["theme"] == theme, "row"]
        columns[f"theme_{theme}"] = np.minimum(_by_row(rows, is_told), 1)
    return columns


def _by_row(rows: pd.Series, is_told: NDArray[np.bool_]) -> Floats:
    counts = np.bincount(rows.to_numpy(dtype=np.int64), minlength=len(is_told))
    return np.where(is_told, counts.astype(np.float64), np.nan)
