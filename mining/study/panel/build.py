"""From a run to its panel: one row per agency and year."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mining.errors import StudyError
from mining.history.mapping import AgencyMap
from mining.study.frames import UNKNOWN, load_reports
from mining.study.labels import Lang
from mining.study.panel.cells import Blanks, CellMatrix, Floats, amount, rate, read_cells
from mining.study.panel.counting import (
    Columns,
    count_figures,
    count_findings,
    count_points,
    load_sections,
)
from mining.study.panel.positions import Order, report_order
from mining.study.panel.specificity import PROSE, count_names_and_dates
from mining.study.panel.tables import load_residents, load_shares
from mining.study.panel.variables import note_text, panel_variables
from mining.themes.names import THEMES

__all__ = ["Note", "Panel", "build_panel"]

_SHOWN = 5
_AS = {"missing": ("缺失", "missing"), "zero": ("0", "0")}


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was left out or could not be told."""

    key: str
    told: dict[str, object] = field(default_factory=dict)

    def text(self, lang: Lang) -> str:
        """Return the note in words."""
        return note_text(self.key, lang, **self.told)


@dataclass(frozen=True, slots=True)
class Panel:
    """The panel and what is to be told about it.

    Parameters
    ----------
    frame
        One row per agency and year, ordered by both; the columns of `panel_variables`.
    notes
        What was left out, and why.
    """

    frame: pd.DataFrame
    notes: tuple[Note, ...]


def build_panel(
    run: Path,
    *,
    agencies: AgencyMap | None = None,
    residents: Path | None = None,
    reuse: Path | None = None,
    blanks: Blanks = "missing",
) -> Panel:
    """Make the panel of a run.

    Parameters
    ----------
    run
        Folder of results of an audit.
    agencies
        A user's file of agencies that are the same.
    residents
        A table ``region, year, residents``, for requests per 1,000 residents.
    reuse
        Folder that ``mining study reuse`` wrote, for shares of copied text.
    blanks
        What a blank cell counts as.

    Raises
    ------
    StudyError
        E701 when tables are missing, E702 when no report tells its year, E703 when `residents` or
        `reuse` can't be used.
    """
    notes: list[Note] = []
    reports = load_reports(run, agencies=agencies)
    order = report_order(reports["report"].tolist())
    cells = read_cells(run, order, blanks=blanks)
    _note_cells(cells, blanks, notes)
    columns = _cell_columns(cells, notes)
    columns |= _text_columns(run, order, notes)
    columns |= _shares(reuse, pd.Index(reports["report"]), notes)
    frame = pd.concat([reports, pd.DataFrame(columns, index=reports.index)], axis=1)
    frame = _one_per_year(frame, cells.n_cells, columns["n_chars"], notes)
    _add_last_year(frame)
    _add_residents(frame, residents, notes)
    return Panel(_typed(frame), tuple(notes))


def _note_cells(cells: CellMatrix, blanks: Blanks, notes: list[Note]) -> None:
    if cells.n_blank:
        words = dict(zip(("as_zh", "as_en"), _AS[blanks], strict=True))
        notes.append(Note("blank", {"n": cells.n_blank, **words}))
    if cells.n_unsure:
        notes.append(Note("unsure", {"n": cells.n_unsure}))
    if cells.n_negative:
        notes.append(Note("negative", {"n": cells.n_negative}))
    if cells.n_fraction:
        notes.append(Note("fraction", {"n": cells.n_fraction}))
    if not cells.has_scores:
        notes.append(Note("no_score"))


def _cell_columns(cells: CellMatrix, notes: list[Note]) -> Columns:
    """Return amounts, rates and their denominators."""
    columns: Columns = {}
    for variable in panel_variables():
        if not variable.top or variable.name in columns:
            continue
        if not variable.bottom:
            columns[variable.name] = amount(cells, variable.top)
            continue
        found, bottom, n_outside = rate(cells, variable)
        columns |= {variable.name: found, f"{variable.name}_n": bottom}
        if n_outside:
            notes.append(Note("outside", {"name": variable.name, "n": n_outside}))
    return columns


def _text_columns(run: Path, order: Order, notes: list[Note]) -> Columns:
    sections = load_sections(run, order)
    columns, compared = count_findings(run, order)
    counted, figures = count_figures(run, order, sections, compared, prose=PROSE)
    columns |= counted
    if all((run / f"{name}.parquet").exists() for name in ("points", "themes")):
        columns |= count_points(run, order, sections)
        if np.isnan(columns[f"theme_{THEMES[0]}"]).all():
            notes.append(Note("no_themes"))
    else:
        notes.append(Note("no_points"))
    names, dates, chars = count_names_and_dates(run, order, sections)
    with np.errstate(divide="ignore", invalid="ignore"):
        told = np.where(chars > 0, 100 * (figures + names + dates) / chars, np.nan)
    return columns | {
        "specificity": told,
        "specificity_n": chars,
        "n_chars": sections.ends,
    }


def _shares(reuse: Path | None, order: pd.Index, notes: list[Note]) -> Columns:
    if reuse is None:
        notes.append(Note("no_reuse"))
        return {}
    return load_shares(reuse, order)


def _one_per_year(
    frame: pd.DataFrame, n_cells: NDArray[np.int64], n_chars: Floats, notes: list[Note]
) -> pd.DataFrame:
    """Keep the report with most numbers of each agency and year, in the order of both."""
    frame = frame.assign(n_cells=n_cells, n_chars=n_chars)
    if n := int(frame["year"].isna().sum()):
        notes.append(Note("no_year", {"n": n}))
    frame = frame[frame["year"].notna()]
    if frame.empty:
        raise StudyError(note_text("no_reports", "en"), code="E702")
    if n := int((~frame["is_known"]).sum()):
        notes.append(Note("unknown_agency", {"n": n}))
    # A report whose agency is not known is an agency of its own.
    alone = frame["report"].where(~frame["is_known"], "")
    frame = frame.assign(alone=alone, agency_known=frame["is_known"].astype(np.float64))
    keys = ["agency", "alone", "year"]
    frame = frame.sort_values(
        [*keys, "n_cells", "n_chars", "report"], ascending=[True] * 3 + [False] * 2 + [True]
    )
    sizes = frame.groupby(keys)["report"].transform("size")
    frame = frame.assign(duplicates=sizes.to_numpy(dtype=np.float64) - 1)
    kept = frame.drop_duplicates(keys).reset_index(drop=True)
    if len(kept) < len(frame):
        notes.append(Note("duplicate", {"n": len(frame) - len(kept)}))
    kept["agency_id"] = kept.groupby(["agency", "alone"]).ngroup().astype(np.float64) + 1
    return kept


def _add_last_year(frame: pd.DataFrame) -> None:
    """Add what needs the same agency's last report; rows are in the order of agency and year."""
    last = frame.groupby("agency_id")[["year", "req_new", "template"]].shift(1)
    follows = (last["year"] == frame["year"] - 1).fillna(value=False).to_numpy(dtype=bool)
    growth = np.log1p(frame["req_new"]) - np.log1p(last["req_new"])
    frame["req_growth"] = growth.where(follows)
    differs = (frame["template"] != last["template"]).astype(np.float64)
    frame["form_break"] = differs.where(follows)


def _add_residents(frame: pd.DataFrame, path: Path | None, notes: list[Note]) -> None:
    if path is None:
        return
    table = load_residents(path)
    # A province's own agencies tell no place below it.
    places = frame["region"].where(frame["region"] != UNKNOWN, frame["province"])
    known = pd.DataFrame({"region": places, "year": frame["year"].astype(np.int64)})
    told = known.merge(table, on=["region", "year"], how="left")["residents"].to_numpy(np.float64)
    frame["req_per_1000_n"] = np.round(told)
    frame["req_per_1000"] = frame["req_new"] * 1000 / told
    is_lost = np.isnan(told)
    if is_lost.any():
        lost = sorted({f"{row.region} {row.year}" for row in known[is_lost].itertuples()})
        shown = ", ".join(lost[:_SHOWN]) + (" …" if len(lost) > _SHOWN else "")
        notes.append(Note("residents", {"n": int(is_lost.sum()), "shown": shown}))


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the public columns: texts, whole numbers, other numbers, each missing or told."""
    columns = {}
    for variable in panel_variables():
        if variable.kind == "text":
            texts = frame[variable.name].astype("string")
            columns[variable.name] = texts.mask(texts == UNKNOWN)
            continue
        values = np.full(len(frame), np.nan)
        if variable.name in frame:
            values = frame[variable.name].to_numpy(np.float64, na_value=np.nan)
        numbers = pd.Series(values).astype("Float64")
        is_whole = variable.kind in {"whole", "flag"}
        columns[variable.name] = numbers.astype("Int64") if is_whole else numbers
    return pd.DataFrame(columns)
