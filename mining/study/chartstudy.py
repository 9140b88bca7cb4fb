"""The charts of a run from end to end: a run in, charts and their tables out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from mining.corpus.manifest import digest
from mining.errors import SettingsError, StudyError
from mining.history.mapping import load_agencies
from mining.study.bootstrap import Bootstrap
from mining.study.charts.channels import draw_channels
from mining.study.charts.keyness import draw_keyness
from mining.study.charts.mismatches import (
    draw_mismatches_by_group,
    draw_mismatches_by_rule,
    draw_rule_matrix,
)
from mining.study.charts.rates import draw_rates
from mining.study.charts.refusals import draw_refusals
from mining.study.charts.regions import draw_regions
from mining.study.charts.requests import draw_requests
from mining.study.charts.style import CHART_FORMATS, Width
from mining.study.charts.themes import Drawn
from mining.study.frames import GROUPINGS
from mining.study.labels import Lang
from mining.study.mismatches import by_group, by_rule, load_mismatches, rule_matrix
from mining.study.outcomes import (
    channel_table,
    load_requests,
    outcome_table,
    rate_table,
    refusal_table,
    request_table,
)
from mining.study.panel.build import Note, build_panel
from mining.study.panel.cells import Blanks
from mining.study.panel.outputs import panel_tables
from mining.study.results import StudyResults, study_results

__all__ = ["CHARTS", "REGIONS", "ChartFrames", "read_settings", "write_chart_study"]

REGIONS = tuple(name for name in GROUPINGS if name != "year")
"""What the chart of regions can compare."""

_KEYNESS = "keywords-by-*.parquet"
_KEYNESS_COLUMNS = frozenset({"by", "group", "term", "n", "log_ratio", "low", "high", "g2"})

# Notes about variables of the panel that no chart draws.
_NOT_DRAWN = frozenset({"no_points", "no_themes", "no_reuse", "residents"})


@dataclass(frozen=True)
class ChartFrames:
    """What charts are drawn from; what no chart asks for is not loaded.

    Parameters
    ----------
    run
        Folder of results of an audit.
    panel
        Its panel.
    blanks
        What a blank cell counts as.
    regions
        What the chart of regions compares, one of `REGIONS`.
    keyness
        Tables of keyness by their document variable.
    how
        How intervals are made.
    """

    run: Path
    panel: pd.DataFrame
    blanks: Blanks
    regions: str
    keyness: Mapping[str, pd.DataFrame]
    how: Bootstrap

    @cached_property
    def requests(self) -> pd.DataFrame:
        """Requests and results of each report of the panel."""
        return load_requests(self.run, self.panel, blanks=self.blanks)

    @cached_property
    def mismatches(self) -> pd.DataFrame:
        """Mismatches of each report of the panel."""
        return load_mismatches(self.run, self.panel)


def _requests(frames: ChartFrames, lang: Lang, width: Width | None) -> dict[str, Drawn]:
    received = request_table(frames.panel, frames.requests, frames.how)
    outcomes = outcome_table(frames.panel, frames.requests, frames.how)
    return {"requests": draw_requests(received, outcomes, lang=lang, width=width or "page")}


def _rates(frames: ChartFrames, lang: Lang, width: Width | None) -> dict[str, Drawn]:
    rates = rate_table(frames.panel, frames.requests, "year", frames.how)
    return {"rates": draw_rates(rates, lang=lang, width=width or "column")}


def _refusals(frames: ChartFrames, lang: Lang, width: Width | None) -> dict[str, Drawn]:
    refusals = refusal_table(frames.panel, frames.how)
    return {"refusals": draw_refusals(refusals, lang=lang, width=width or "column")}


def _channels(frames: ChartFrames, lang: Lang, width: Width | None) -> dict[str, Drawn]:
    channels = channel_table(frames.panel, frames.how)
    return {"channels": draw_channels(channels, lang=lang, width=width or "page")}


def _mismatches(frames: ChartFrames, lang: Lang, width: Width | None) -> dict[str, Drawn]:
    found, panel, how = frames.mismatches, frames.panel, frames.how
    rules, kinds = by_rule(panel, found, how), by_group(panel, found, "kind", how)
    matrix = rule_matrix(panel, found, "kind")
    narrow, wide = width or "column", width or "page"
    return {
        "mismatches-rule": draw_mismatches_by_rule(rules, lang=lang, width=narrow),
        "mismatches-kind": draw_mismatches_by_group(kinds, "kind", lang=lang, width=narrow),
        "mismatches-rule-kind": draw_rule_matrix(matrix, "kind", lang=lang, width=wide),
    }


def _regions(frames: ChartFrames, lang: Lang, width: Width | None) -> dict[str, Drawn]:
    by = frames.regions
    rates = rate_table(frames.panel, frames.requests, by, frames.how)
    together = frames.panel.assign(**{by: "all"})
    overall = rate_table(together, frames.requests, by, frames.how)
    drawn = draw_regions(rates, overall, by, lang=lang, width=width or "page")
    return {"regions": drawn}


def _keyness(frames: ChartFrames, lang: Lang, width: Width | None) -> dict[str, Drawn]:
    return {
        f"keyness-{by}": draw_keyness(table, lang=lang, width=width or "page")
        for by, table in frames.keyness.items()
    }


_Chart = Callable[[ChartFrames, Lang, Width | None], dict[str, Drawn]]

CHARTS: Mapping[str, _Chart] = {
    "requests": _requests,
    "rates": _rates,
    "refusals": _refusals,
    "channels": _channels,
    "mismatches": _mismatches,
    "regions": _regions,
    "keyness": _keyness,
}
"""Charts by the name that chooses them."""


def write_chart_study(
    run: Path,
    out: Path,
    *,
    only: Sequence[str] = (),
    keywords: Path | None = None,
    regions: str = "region",
    how: Bootstrap | None = None,
    agencies: Path | None = None,
    blanks: Blanks = "missing",
    formats: Sequence[str] = CHART_FORMATS,
    width: Width | None = None,
    lang: Lang = "zh",
) -> tuple[tuple[str, ...], tuple[Note, ...]]:
    """Draw the charts of a run, each beside the table that it draws.

    Parameters
    ----------
    run, out
        Folder of results of an audit, and the folder for the files ``charts-*``.
    only
        Some of `CHARTS`; none for all that there are tables for.
    keywords
        Folder that ``mining study keywords --by`` wrote, for charts of keyness.
    regions
        What the chart of regions compares, one of `REGIONS`.
    how, agencies, blanks
        How intervals are made, a file of agencies that are the same, what a blank cell counts as.
    formats, width, lang
        Formats (none for tables only), width (by default what suits each chart) and language.

    Returns
    -------
    tuple
        Names of the files written, and what is to be told about the panel.

    Raises
    ------
    StudyError
        E701 when tables are missing, E702 when no report tells its year, E703 for `keywords`.
    SettingsError, OutputError
        E401 when a name or a format is unknown, E403 when `agencies` can't be used; E501 for `out`.
    """
    how = how or Bootstrap()
    names, words = _chosen(only, keywords, regions), _keyness_files(keywords)
    settings = _given(run=run, keywords=keywords, agencies=agencies)
    settings |= {"files": _digests(agencies, *words.values()), "formats": list(formats)}
    settings |= {"only": list(names), "regions": regions, "blanks": blanks, **asdict(how)}
    settings |= {"width": width, "lang": lang}
    known = None if agencies is None else load_agencies(agencies)
    panel = build_panel(run, agencies=known, blanks=blanks)
    keyness = {by: _read_keyness(path) for by, path in words.items()}
    frames = ChartFrames(run, panel.frame, blanks, regions, keyness, how)
    with study_results(
        out, "charts", run=run, tables=panel_tables(run), settings=settings, formats=formats
    ) as results:
        _write(results, frames, names, lang, width)
    return tuple(results.files), tuple(n for n in panel.notes if n.key not in _NOT_DRAWN)


def _given(**paths: Path | None) -> dict[str, object]:
    return {name: None if path is None else path.as_posix() for name, path in paths.items()}


def _digests(*paths: Path | None) -> dict[str, str | None]:
    return {path.as_posix(): digest(path) for path in paths if path is not None}


def _write(
    results: StudyResults,
    frames: ChartFrames,
    names: Sequence[str],
    lang: Lang,
    width: Width | None,
) -> None:
    for name in names:
        for title, (figure, table) in CHARTS[name](frames, lang, width).items():
            results.add_chart(title, figure, table, prefix="")


def _chosen(only: Sequence[str], keywords: Path | None, regions: str) -> tuple[str, ...]:
    if unknown := [name for name in only if name not in CHARTS]:
        msg = f"unknown chart: {', '.join(unknown)}"
        raise SettingsError(msg, code="E401", hint=f"choose from {', '.join(CHARTS)}")
    if regions not in REGIONS:
        msg = f"unknown group: {regions}"
        raise SettingsError(msg, code="E401", hint=f"choose from {', '.join(REGIONS)}")
    if keywords is None and "keyness" in only:
        msg = "the chart of keyness needs --keywords"
        hint = "give the folder that `mining study keywords --by` wrote"
        raise SettingsError(msg, code="E401", hint=hint)
    chosen = dict.fromkeys(only or CHARTS)
    return tuple(name for name in chosen if name != "keyness" or keywords is not None)


def _keyness_files(folder: Path | None) -> dict[str, Path]:
    """Return the tables of keyness by their document variable.

    Raises
    ------
    StudyError
        E703 when there is none.
    """
    if folder is None:
        return {}
    start, end = _KEYNESS.split("*")
    found = sorted(folder.glob(_KEYNESS))
    if not found:
        msg = "the folder has no tables of keyness"
        hint = "give the folder that `mining study keywords --by` wrote"
        raise StudyError(msg, code="E703", path=folder, hint=hint)
    return {path.name.removeprefix(start).removesuffix(end): path for path in found}


def _read_keyness(path: Path) -> pd.DataFrame:
    hint = "run `mining study keywords --by` again"
    try:
        table = pd.read_parquet(path)
    except (OSError, pa.ArrowException) as error:
        msg = f"the table can't be read ({str(error).splitlines()[0]})"
        raise StudyError(msg, code="E703", path=path, hint=hint) from error
    if missing := sorted(_KEYNESS_COLUMNS - set(table.columns)):
        msg = f"the table lacks the columns: {', '.join(missing)}"
        raise StudyError(msg, code="E703", path=path, hint=hint)
    return table


def read_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of `write_chart_study` (but for `out`) that a manifest tells."""
    paths = {
        name: None if settings[name] is None else Path(settings[name])
        for name in ("keywords", "agencies")
    }
    how = Bootstrap(**{name: settings[name] for name in ("samples", "seed", "confidence")})
    names = ("only", "regions", "blanks", "formats", "width", "lang")
    kept = {name: settings[name] for name in names}
    return {"run": Path(settings["run"]), "how": how, **paths, **kept}
