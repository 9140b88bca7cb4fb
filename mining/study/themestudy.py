"""The study of themes from end to end: a run in, tables and charts out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mining.history.mapping import AgencyMap
from mining.study.bootstrap import Bootstrap
from mining.study.charts.style import CHART_FORMATS, Width
from mining.study.charts.themes import (
    draw_by_group,
    draw_by_year,
    draw_recurrence,
    draw_remedies,
)
from mining.study.labels import Lang
from mining.study.results import StudyResults, study_results
from mining.study.themes import (
    ThemeFrames,
    load_theme_frames,
    prevalence,
    recurrence,
    recurring_cases,
    remedies,
)

__all__ = ["write_theme_study"]

_BY = ("year", "region", "level", "kind")


def write_theme_study(
    run: Path,
    out: Path,
    *,
    by: Sequence[str] = _BY,
    how: Bootstrap | None = None,
    agencies: AgencyMap | None = None,
    formats: Sequence[str] = CHART_FORMATS,
    width: Width | None = None,
    lang: Lang = "zh",
) -> tuple[str, ...]:
    """Write how common themes are, what comes back and what answers what.

    Parameters
    ----------
    run
        Folder of results of an audit.
    out
        Folder for the tables and charts.
    by
        Some of `mining.study.frames.GROUPINGS`.
    how
        How intervals are made.
    agencies
        A user's file of agencies that are the same.
    formats
        Formats of charts; none for no charts.
    width
        Width of charts; by default the page, and a column for what comes back.
    lang
        Language of charts.

    Returns
    -------
    tuple of str
        Names of the files written.

    Raises
    ------
    StudyError
        E701 when tables are missing, E702 when no report has points.
    SettingsError
        E401 when a grouping or a format is unknown.
    OutputError
        E501 when `out` can't be written.
    """
    how = how or Bootstrap()
    settings = {
        "by": list(by),
        "samples": how.samples,
        "seed": how.seed,
        "confidence": how.confidence,
        "agencies": agencies is not None,
        "lang": lang,
        "width": width,
    }
    tables = ("reports", "points", "themes")
    frames = load_theme_frames(run, agencies=agencies)
    with study_results(
        out, "themes", run=run, tables=tables, settings=settings, formats=formats
    ) as results:
        _write(results, frames, by, how=how, lang=lang, width=width)
    return tuple(results.files)


def _write(
    results: StudyResults,
    frames: ThemeFrames,
    by: Sequence[str],
    *,
    how: Bootstrap,
    lang: Lang,
    width: Width | None,
) -> None:
    common = prevalence(frames, by, how)
    again = recurrence(frames, how)
    answers = remedies(frames, how)
    results.add_table("prevalence", common)
    results.add_table("recurrence", again)
    results.add_table("cases", recurring_cases(frames))
    results.add_table("remedies", answers)
    if not results.formats:
        return
    page = width or "page"
    for group in dict.fromkeys(by):
        drawn = (
            draw_by_year(common, lang=lang, width=page)
            if group == "year"
            else draw_by_group(common, group, lang=lang, width=page)
        )
        results.add_chart(f"by-{group}", *drawn)
    results.add_chart("recurrence", *draw_recurrence(again, lang=lang, width=width or "column"))
    results.add_chart("remedies", *draw_remedies(answers, lang=lang, width=page))
