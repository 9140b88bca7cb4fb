"""The study of themes from end to end: a run in, tables and charts out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mining.history.mapping import AgencyMap
from mining.study.agencies import map_digest
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
    run, out
        Folder of results of an audit, and the folder for the tables and charts.
    by
        Some of `mining.study.frames.GROUPINGS`.
    how
        How intervals are made.
    agencies
        A user's file of agencies that are the same.
    formats, width, lang
        Formats (none for no charts), width and language of charts. By default charts are as wide as
        a page, and what comes back as wide as a column.

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
    frames = load_theme_frames(run, agencies=agencies)
    with study_results(
        out,
        "themes",
        run=run,
        tables=("reports", "points", "themes"),
        settings=_settings(by, how, agencies=agencies, width=width, lang=lang),
        formats=formats,
    ) as results:
        _write(results, frames, by, how=how, lang=lang, width=width)
    return tuple(results.files)


def _settings(
    by: Sequence[str], how: Bootstrap, *, agencies: AgencyMap | None, width: str | None, lang: str
) -> dict[str, object]:
    return {
        "by": list(by),
        "samples": how.samples,
        "seed": how.seed,
        "confidence": how.confidence,
        "agencies": map_digest(agencies),
        "lang": lang,
        "width": width,
    }


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
