"""What the other tables of a run tell about each report: figures, findings, points, themes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mining.study.panel.cells import Floats
from mining.study.panel.positions import Order, Places, integers, positions, stream_rows
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
_SPAN = ["row", "start", "end"]


@dataclass(frozen=True, slots=True)
class Sections:
    """The sections of all reports.

    Parameters
    ----------
    there
        For each report (row) whether it has the section (column) of `section_names`.
    frame
        ``row`` of the report, ``section`` (its place in `section_names`), ``start``, ``end``.
    """

    there: NDArray[np.bool_]
    frame: pd.DataFrame

    def has(self, name: str) -> NDArray[np.bool_]:
        """Tell which reports have a section."""
        return self.there[:, section_names().index(name)]

    @property
    def ends(self) -> Floats:
        """Where the last section of each report ends; 0 for a report without sections."""
        found = np.zeros(len(self.there))
        np.maximum.at(found, self.frame["row"].to_numpy(), self.frame["end"].to_numpy())
        return found


def load_sections(run: Path, order: Order) -> Sections:
    """Load the sections of the reports in `order`."""
    frame = _spans(run, "sections", order)
    there = np.zeros((len(order), len(section_names())), dtype=np.bool_)
    there[frame["row"], frame["section"]] = True
    return Sections(there, frame)


def _spans(run: Path, table: str, order: Order) -> pd.DataFrame:
    """Load where something stands: row of the report, place of the section, start, end."""
    parts = [
        np.stack([rows, _section_places(batch["section"]), *map(integers, batch.columns[-2:])])
        for rows, batch in stream_rows(run, table, order, ("section", "start", "end"))
    ]
    return pd.DataFrame(np.hstack(parts).T, columns=["row", "section", "start", "end"])


def _section_places(sections: pa.Array) -> Places:
    names = section_names()
    found = positions(sections, pa.array(names, type=pa.string()))
    return np.where(found < 0, names.index(_UNKNOWN), found)


def count_figures(
    run: Path, order: Order, sections: Sections, compared: pd.DataFrame, *, prose: Sequence[str]
) -> tuple[Columns, Floats]:
    """Count the figures of each report, in all, by section, and those that were compared.

    Parameters
    ----------
    compared
        Places that a comparison used, from `count_findings`.
    prose
        Sections whose figures are wanted together.

    Returns
    -------
    tuple
        The columns, and the figures of `prose`.
    """
    frame = _spans(run, "figures", order)
    counts = np.zeros(sections.there.shape)
    np.add.at(counts, (frame["row"].to_numpy(), frame["section"].to_numpy()), 1)
    checked = frame[_SPAN].merge(compared, on=_SPAN)["row"]
    names = section_names()
    columns: Columns = {
        "figures_found": counts.sum(axis=1),
        "figures_checked": np.bincount(checked, minlength=len(order)).astype(np.float64),
    }
    by_section = np.where(sections.there | (counts > 0), counts, np.nan)
    columns |= {f"figures_{name}": by_section[:, i] for i, name in enumerate(names)}
    return columns, counts[:, [names.index(name) for name in prose]].sum(axis=1)


def count_findings(run: Path, order: Order) -> tuple[Columns, pd.DataFrame]:
    """Count the comparisons of each report and those that found a mismatch.

    Returns
    -------
    tuple
        The columns, and each place of a narrative that was compared: ``row, start, end``.
    """
    total, wrong = np.zeros(len(order)), np.zeros(len(order))
    places: list[Places] = []
    for rows, batch in stream_rows(run, "findings", order, ("rule", "status", "evidence")):
        status = pc.cast(batch["status"], pa.string())
        total += np.bincount(rows, minlength=len(order))
        is_wrong = _mask(pc.equal(status, "mismatch"))
        wrong += np.bincount(rows[is_wrong], minlength=len(order))
        is_narrative = pc.starts_with(pc.cast(batch["rule"], pa.string()), _NARRATIVE)
        chosen = _mask(pc.and_(is_narrative, pc.not_equal(status, "unverifiable")))
        told = list(_told_places(rows[chosen], batch["evidence"].filter(pa.array(chosen))))
        places.append(np.array(told, dtype=np.int64).reshape(-1, len(_SPAN)))
    compared = pd.DataFrame(np.vstack(places), columns=_SPAN).drop_duplicates()
    return {"checks_run": total, "checks_mismatch": wrong}, compared


def _mask(values: pa.Array) -> NDArray[np.bool_]:
    return np.asarray(
        pc.fill_null(values, fill_value=False).to_numpy(zero_copy_only=False), dtype=np.bool_
    )


def _told_places(rows: Places, evidence: pa.Array) -> Iterator[tuple[int, int, int]]:
    for row, text in zip(rows.tolist(), evidence.to_pylist(), strict=True):
        for start, end in _PLACES.findall(text or ""):
            yield row, int(start), int(end)


def count_points(run: Path, order: Order, sections: Sections) -> Columns:
    """Count problems and improvements, and tell which themes the problems have.

    A report without a section of problems tells nothing about its problems: missing. One with the
    section and no problem in it has none: 0. In a run without a single theme all are missing.

    Raises
    ------
    StudyError
        E701 when the run has no tables ``points`` and ``themes``.
    """
    points = _started(run, "points", order, "kind")
    labels = _started(run, "themes", order, "theme")
    is_told = sections.has("problems").copy()
    is_told[points["row"]] = True
    problems = points[points["kind"] == "problem"]
    improvements = points[points["kind"] == "improvement"]
    columns = {
        "n_problems": _by_row(problems["row"], is_told),
        "n_improvements": _by_row(improvements["row"], is_told),
    }
    # Not one theme in the whole run: its problems were not looked at for themes.
    is_told &= len(labels) > 0
    themed = problems.merge(labels.drop_duplicates(), on=["row", "start"])
    for theme in THEMES:
        rows = themed.loc[themed["theme"] == theme, "row"]
        columns[f"theme_{theme}"] = np.minimum(_by_row(rows, is_told), 1)
    return columns


def _started(run: Path, table: str, order: Order, column: str) -> pd.DataFrame:
    """Load what begins where: row of the report, start, and one column of words."""
    parts = [
        pd.DataFrame(
            {
                "row": rows,
                "start": integers(batch["start"]),
                column: pc.cast(batch[column], pa.string()).dictionary_encode().to_pandas(),
            }
        )
        for rows, batch in stream_rows(run, table, order, ("start", column))
    ]
    return pd.concat(parts, ignore_index=True).astype({column: str})


def _by_row(rows: pd.Series, is_told: NDArray[np.bool_]) -> Floats:
    counts = np.bincount(rows.to_numpy(dtype=np.int64), minlength=len(is_told))
    return np.where(is_told, counts.astype(np.float64), np.nan)
