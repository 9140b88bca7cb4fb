"""One year after the other: its passages, template sentences and groups of near-copies."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mining.study.reuse.groups import alike_pairs, groups_of
from mining.study.reuse.passages import Passages, Seeds, covered, find_passages
from mining.study.reuse.passagetable import Kind, PassageWriter, TopPairs
from mining.study.reuse.shingles import Places
from mining.study.reuse.sources import last_year_seeds, other_agency_seeds
from mining.study.reuse.template import template_text
from mining.study.reuse.texts import Spool, YearTexts

__all__ = ["Limits", "Reuse", "compare_years"]

_MISSING = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What counts as what.

    Parameters
    ----------
    template
        In so many of the other agencies' reports of the year a template sentence stands.
    alike
        So much of two reports' runs of 13 characters is common in near-copies.
    pairs
        So many pairs of reports of each kind are kept for people to look at.
    """

    template: float = 0.05
    alike: float = 0.6
    pairs: int = 20


@dataclass(slots=True)
class Reuse:
    """What comes out, by the numbers of reports; -1 where there is nothing to compare.

    Parameters
    ----------
    reports
        The reports of `load_reports`.
    most_pairs
        How many pairs of each kind are kept for people to look at.
    """

    reports: pd.DataFrame
    most_pairs: int
    counts: dict[str, NDArray[np.int64]] = field(init=False)
    last_report: NDArray[np.int64] = field(init=False)
    groups: list[dict[str, object]] = field(default_factory=list)
    pairs: dict[Kind, TopPairs] = field(init=False)

    def __post_init__(self) -> None:
        n = len(self.reports)
        names = ("chars", "copied", "shared", "template")
        self.counts = {name: np.full(n, _MISSING, dtype=np.int64) for name in names}
        self.last_report = np.full(n, _MISSING, dtype=np.int64)
        kinds: tuple[Kind, ...] = ("last_year", "other_agency")
        self.pairs = {kind: TopPairs(self.most_pairs) for kind in kinds}


def compare_years(
    spool: Spool, found: Reuse, writer: PassageWriter, folder: Path, limits: Limits
) -> None:
    """Compare the reports of each year with each other and with the year before.

    Two years are open at a time.
    """
    agencies = pd.factorize(found.reports["agency"], sort=True)[0].astype(np.int64)
    is_known = found.reports["is_known"].to_numpy(dtype=np.bool_)
    last: tuple[int, YearTexts] | None = None
    for year in spool.years:
        this = spool.year(year, agencies)
        found.counts["chars"][this.rows] = this.sizes
        if last and last[0] == year - 1:
            _compare_last(this, last[1], found, writer, is_known)
        _compare_others(this, found, writer, folder)
        text = template_text(this, share=limits.template)
        found.counts["template"][this.rows] = np.where(text.others > 0, text.chars, _MISSING)
        found.groups += _groups(year, this, found.reports, limits.alike)
        if last:
            spool.remove(last[0])
        last = (year, this)


def _compare_last(
    this: YearTexts,
    last: YearTexts,
    found: Reuse,
    writer: PassageWriter,
    is_known: NDArray[np.bool_],
) -> None:
    """Compare the reports of a year with their agencies' reports of the year before."""
    others = _last_reports(this, last, is_known)
    for low, high in this.blocks():
        is_paired = others[low:high] != _MISSING
        paired = np.flatnonzero(is_paired) + low
        parts = [last_year_seeds(this, i, last, int(others[i])) for i in paired.tolist()]
        passages = find_passages(this, last, Seeds.joined(parts))
        rows = this.rows[paired]
        found.counts["copied"][rows] = covered(this, low, high, passages)[is_paired]
        found.last_report[rows] = last.rows[others[paired]]
        _keep(this, last, passages, "last_year", found=found, writer=writer)


def _last_reports(this: YearTexts, last: YearTexts, is_known: NDArray[np.bool_]) -> Places:
    """Return the position of the last report of each report's agency, -1 where there is none."""
    # Of two reports of one agency the longer one is the report: it comes later and overwrites.
    order = np.argsort(last.sizes, kind="stable")
    told = order[is_known[last.rows[order]] & (last.sizes[order] > 0)]
    earlier = dict(zip(last.agencies[told].tolist(), told.tolist(), strict=True))
    own = zip(this.agencies.tolist(), is_known[this.rows].tolist(), strict=True)
    found = [earlier.get(agency, _MISSING) if known else _MISSING for agency, known in own]
    return np.array(found, dtype=np.int64)


def _compare_others(this: YearTexts, found: Reuse, writer: PassageWriter, folder: Path) -> None:
    """Compare the reports of a year with those of other agencies."""
    if len(np.unique(this.agencies)) < 2:
        return
    for first, last, seeds in other_agency_seeds(this, folder):
        passages = find_passages(this, this, seeds)
        found.counts["shared"][this.rows[first:last]] = covered(this, first, last, passages)
        _keep(this, this, passages, "other_agency", found=found, writer=writer)


def _keep(
    here: YearTexts,
    there: YearTexts,
    passages: Passages,
    kind: Kind,
    *,
    found: Reuse,
    writer: PassageWriter,
) -> None:
    if len(passages.start):
        writer.add(here, there, passages, kind)
        found.pairs[kind].add(here, there, passages)


def _groups(
    year: int, texts: YearTexts, reports: pd.DataFrame, alike: float
) -> list[dict[str, object]]:
    """Return a row for each report that is in a group of near-copies."""
    pairs = alike_pairs(texts, least=alike)
    best: dict[int, tuple[float, int]] = {}
    for pair in pairs:
        for one, other in ((pair.one, pair.other), (pair.other, pair.one)):
            best[one] = max(best.get(one, (0.0, 0)), (pair.likeness, -other))
    names, agencies = reports["report"].to_numpy(), reports["agency"].to_numpy()
    rows = texts.rows
    return [
        {
            "year": year,
            "group": number,
            "report": names[rows[i]],
            "agency": agencies[rows[i]],
            "reports": len(group),
            "agencies": len(np.unique(texts.agencies[group])),
            "alike": round(best[i][0], 4),
            "alike_report": names[rows[-best[i][1]]],
        }
        for number, group in enumerate(groups_of(pairs, len(rows)), start=1)
        for i in group
    ]
