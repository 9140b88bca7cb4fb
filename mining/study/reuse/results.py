"""The study of copied text from end to end: a run in, tables, a page and charts out."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd

from mining.errors import SettingsError, StudyError
from mining.history.mapping import AgencyMap
from mining.study.agencies import map_digest
from mining.study.bootstrap import Bootstrap, share_intervals
from mining.study.charts.reuse import draw_distribution, draw_shares_by_year
from mining.study.charts.style import CHART_FORMATS, Width
from mining.study.frames import load_reports
from mining.study.labels import Lang
from mining.study.results import StudyResults, study_results
from mining.study.reuse.loading import load_sections, spool_texts
from mining.study.reuse.page import load_views, write_reuse_page
from mining.study.reuse.passagetable import PassageWriter
from mining.study.reuse.texts import Spool
from mining.study.reuse.years import Limits, Reuse, compare_years

__all__ = ["MEASURES", "share_table", "write_reuse_study", "year_table"]

MEASURES = {"copied_share": "copied", "template_share": "template", "others_share": "shared"}
"""Shares by the counts that they are made of."""

_TABLES = ("reports", "sections", "texts")
_GROUP_COLUMNS = [
    "year",
    "group",
    "report",
    "agency",
    "reports",
    "agencies",
    "alike",
    "alike_report",
]


def write_reuse_study(
    run: Path,
    out: Path,
    *,
    limits: Limits | None = None,
    how: Bootstrap | None = None,
    agencies: AgencyMap | None = None,
    formats: Sequence[str] = CHART_FORMATS,
    width: Width | None = None,
    lang: Lang = "zh",
) -> tuple[str, ...]:
    """Write what reports share with their last year's and with other agencies' of the year.

    Parameters
    ----------
    run
        Folder of results of an audit.
    out
        Folder for the tables, the page and the charts.
    limits
        What counts as template and as a near-copy, and how much the page shows.
    how
        How intervals are made.
    agencies
        A user's file of agencies that are the same.
    formats
        Formats of charts; none for no charts.
    width
        Width of charts; by default the page.
    lang
        Language of the page and the charts.

    Returns
    -------
    tuple of str
        Names of the files written.

    Raises
    ------
    StudyError
        E701 when tables are missing, E702 when no report of a known year has the sections.
    SettingsError
        E401 when a limit or a format is unsound.
    OutputError
        E501 when `out` can't be written.
    """
    how, limits = how or Bootstrap(), limits or Limits()
    _check(limits)
    reports = load_reports(run, agencies=agencies)
    told = {"agencies": map_digest(agencies), "lang": lang, "width": width}
    settings = {**asdict(limits), **asdict(how), **told}
    with study_results(
        out, "reuse", run=run, tables=_TABLES, settings=settings, formats=formats
    ) as results:
        found = Reuse(reports, limits.pairs)
        passages = _compare(run, out, results, found, limits)
        views = load_views(run, found, passages)
        write_reuse_page(views, results.add_file("page.html"), lang=lang)
        _write_tables(results, found, how=how, lang=lang, width=width or "page")
    return tuple(results.files)


def _check(limits: Limits) -> None:
    for name, value in (("template", limits.template), ("alike", limits.alike)):
        if not 0 < value <= 1:
            msg = f"{name} is {value}"
            raise SettingsError(msg, code="E401", hint="choose a share above 0 and up to 1")


def _compare(run: Path, out: Path, results: StudyResults, found: Reuse, limits: Limits) -> Path:
    """Compare all reports, and return the file of passages."""
    parquet, csv = (results.add_file(f"passages.{kind}") for kind in ("parquet", "csv"))
    names = found.reports["report"].to_numpy(dtype=object)
    # Beside the results, where there is room: the texts of a million reports are several GB.
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.texts-") as folder:
        spool = Spool(Path(folder))
        spool_texts(run, found.reports, load_sections(run, found.reports), spool)
        with PassageWriter(parquet, csv, names) as writer:
            compare_years(spool, found, writer, Path(folder), limits)
    if not (found.counts["chars"] > 0).any():
        msg = "no report of a known year has an overview or a section of problems"
        raise StudyError(msg, code="E702", path=run, hint="look at the table sections of the run")
    return parquet


def share_table(found: Reuse) -> pd.DataFrame:
    """Return the shares of each report, each with the characters that it is of.

    A share is missing where there is nothing to compare with: no report of the year before, no
    other agency in the year, or none of the sections.
    """
    names = found.reports["report"].to_numpy(dtype=object)
    chars = found.counts["chars"]
    last = np.where(found.last_report >= 0, names[found.last_report], None)
    table = found.reports[["report", "agency", "year"]].assign(
        n_chars=pd.array(np.maximum(chars, 0), dtype="Int64"), last_report=last
    )
    for name, count in MEASURES.items():
        part = found.counts[count]
        is_told = (part >= 0) & (chars > 0)
        table[name] = np.divide(part, chars, out=np.full(len(part), np.nan), where=is_told)
        table[f"{name}_n"] = pd.array(np.where(is_told, chars, 0), dtype="Int64")
    return table


def year_table(shares: pd.DataFrame, how: Bootstrap | None = None) -> pd.DataFrame:
    """Return the shares of all characters of a year, with intervals over agencies."""
    rows: list[dict[str, object]] = []
    for year, part in shares.dropna(subset=["year"]).groupby("year", sort=True):
        totals = part[[f"{name}_n" for name in MEASURES]].to_numpy(dtype=np.float64)
        told = part[list(MEASURES)].fillna(0).to_numpy(dtype=np.float64)
        found = share_intervals(np.rint(told * totals), totals, part["agency"], how)
        rows += [
            {
                "year": int(year),
                "measure": name,
                "share": found.share[i],
                "low": found.low[i],
                "high": found.high[i],
                "reports": int(np.count_nonzero(totals[:, i])),
                "chars": int(totals[:, i].sum()),
            }
            for i, name in enumerate(MEASURES)
        ]
    columns = ["year", "measure", "share", "low", "high", "reports", "chars"]
    return pd.DataFrame(rows, columns=columns)


def _write_tables(
    results: StudyResults, found: Reuse, *, how: Bootstrap, lang: Lang, width: Width
) -> None:
    shares = share_table(found)
    years = year_table(shares, how)
    results.add_table("shares", shares)
    results.add_table("years", years)
    results.add_table("groups", pd.DataFrame(found.groups, columns=_GROUP_COLUMNS))
    if results.formats:
        names = tuple(MEASURES)
        drawn = draw_distribution(shares, names, lang=lang, width=width)
        results.add_chart("distribution", *drawn)
        drawn = draw_shares_by_year(years, names, lang=lang, width=width)
        results.add_chart("by-year", *drawn)
