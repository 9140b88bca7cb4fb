"""How much of a report is made of sentences that many other agencies have in the same year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mining.study.reuse.shingles import Hashes, Places, hash_stretches
from mining.study.reuse.texts import YearTexts

__all__ = ["TemplateText", "template_text"]

# 5 % of 140 reports are 7, whatever floating point makes of it.
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class TemplateText:
    """For each report of a year: characters in template sentences, and reports of others."""

    chars: Places
    others: Places


def template_text(texts: YearTexts, *, share: float = 0.05) -> TemplateText:
    """Return how many characters of each report are in sentences that many others have.

    Sentences end with 。！？； or the line and are compared without white space, by hashes of 64
    bits: among three million sentences two different ones are taken for the same with a chance
    of less than one in a million.

    Parameters
    ----------
    texts
        The reports of one year.
    share
        In so many of the other agencies' reports of the year a sentence must stand.
    """
    hashes, reports, lengths = _sentences(texts)
    own = np.bincount(texts.agencies, minlength=1)[texts.agencies]
    others = len(texts.rows) - own
    found = _in_others(texts, hashes, reports)
    needed = np.maximum(others * share - _TINY, 1)
    is_template = found >= needed[reports]
    chars = np.bincount(reports, weights=lengths * is_template, minlength=len(texts.rows))
    return TemplateText(chars.astype(np.int64), others)


def _sentences(texts: YearTexts) -> tuple[Hashes, Places, Places]:
    """Return hash, report and length of each sentence."""
    ends = texts.cuts
    starts = np.concatenate(([0], ends[:-1]))[: len(ends)]
    parts = [np.empty(0, dtype=np.uint64)]
    for first, last in texts.blocks():
        low, high = texts.starts[[first, last]]
        inside = slice(*np.searchsorted(starts, [low, high]))
        parts.append(hash_stretches(texts.codes[low:high], starts[inside] - low))
    return np.concatenate(parts), texts.report_of(starts), ends - starts


def _in_others(texts: YearTexts, hashes: Hashes, reports: Places) -> NDArray[np.int64]:
    """Return in how many reports of other agencies each sentence stands."""
    if len(hashes) == 0:
        return np.empty(0, dtype=np.int64)
    order = np.lexsort((reports, hashes))
    ranked, ranked_reports = hashes[order], reports[order]
    agencies = texts.agencies[ranked_reports]
    is_first = np.diff(ranked, prepend=ranked[:1] + np.uint64(1)) != 0
    new_report = is_first | (np.diff(ranked_reports, prepend=-1) != 0)
    new_agency = is_first | (np.diff(agencies, prepend=-1) != 0)
    counted = new_report.astype(np.int64)
    by_sentence = np.add.reduceat(counted, np.flatnonzero(is_first))
    by_agency = np.add.reduceat(counted, np.flatnonzero(new_agency))
    found = np.empty(len(order), dtype=np.int64)
    found[order] = by_sentence[np.cumsum(is_first) - 1] - by_agency[np.cumsum(new_agency) - 1]
    return found
