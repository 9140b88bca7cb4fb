"""Overviews that are last year's: all sentences but those that tell numbers of the tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from random import Random

__all__ = ["CopiedOverview", "copied_share", "copy_overview"]

# A number of this year's table, a change against last year, or a year: it can't stay as it is.
_OWN = re.compile(r"\|[^{}]*?(?:[a-z_]+\.[a-z]|\bchange\b|\blast_year\b)|20[0-9]{2}年")
_HEADING = re.compile(r"（[一二三四五六]）|[1-6]\.|[一二三四五六]是")
_MARK = re.compile(r"\{([^{}|]*)(?:\|[^{}]*)?\}")
_SENTENCE = re.compile(r"[^。]+。?")
# Shorter matches are not counted as copied, see NAMES.md.
_LEAST = 13


@dataclass(frozen=True, slots=True)
class CopiedOverview:
    """A body, and the sentences in it that are last year's."""

    body: str
    taken: tuple[str, ...]


def copy_overview(last: str, this: str, *, rng: Random, kept: float) -> CopiedOverview:
    """Return last year's overview with this year's numbers.

    Parameters
    ----------
    last, this
        The two bodies, with marks.
    rng
        Where chance comes from.
    kept
        Share of last year's sentences that are kept, of those that could be.
    """
    taken: list[str] = []
    lines: list[str] = []
    for line in last.splitlines():
        free = [s for s in _sentences(line) if not _OWN.search(s) and "上年" not in s]
        chosen = [s for s in free if _HEADING.match(s) or rng.random() < kept]
        taken += chosen
        lines.append("".join(chosen))
    new = "".join(s for line in this.splitlines() for s in _sentences(line) if _OWN.search(s))
    body = "\n".join(line for line in (new, *lines) if line)
    return CopiedOverview(body, tuple(taken))


def _sentences(line: str) -> Iterator[str]:
    return (match[0] for match in _SENTENCE.finditer(line))


def copied_share(taken: Iterable[str], bodies: Mapping[str, str]) -> float:
    """Return which share of overview and problems the `taken` sentences are, as printed.

    Examples
    --------
    >>> copied_share(["公开渠道较为单一，主要靠网站。"], {"overview": "", "problems": "字" * 30})
    0.5
    """
    sizes = (len(_printed(text)) for text in taken)
    total = sum(len(_printed(bodies[key])) for key in ("overview", "problems"))
    return sum(size for size in sizes if size >= _LEAST) / total


def _printed(text: str) -> str:
    return "".join(_MARK.sub(r"\1", text).split())
