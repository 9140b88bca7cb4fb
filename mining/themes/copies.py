"""Near-copies between two parts of labelled data, which would make a score say nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

__all__ = ["NearCopy", "near_copies"]

_GRAM = 8
_LIKE = 0.3
_LONGEST_RUN = 12


@dataclass(frozen=True, slots=True)
class NearCopy:
    """Two texts, by position, that share too much: a long run, or many short ones."""

    first: int
    second: int
    run: str
    likeness: float


def near_copies(first: Sequence[str], second: Sequence[str]) -> Iterator[NearCopy]:
    """Yield pairs with a shared run of 12 characters, or a Jaccard index of 8-grams of 0.3 or more.

    Examples
    --------
    >>> told = near_copies(["县里的公开栏三年没有换过一张纸"], ["公开栏三年没有换过一张纸了"])
    >>> [copy.run for copy in told]
    ['公开栏三年没有换过一张纸']
    >>> list(near_copies(["公开栏三年没有换过"], ["公开栏五年没有换过"]))
    []
    """
    holders: dict[str, list[int]] = {}
    grams = [_grams(text) for text in second]
    for j, found in enumerate(grams):
        for gram in found:
            holders.setdefault(gram, []).append(j)
    for i, text in enumerate(first):
        own = _grams(text)
        for j in sorted({j for gram in own for j in holders.get(gram, ())}):
            run = _longest_run(text, second[j])
            likeness = len(own & grams[j]) / len(own | grams[j])
            if len(run) >= _LONGEST_RUN or likeness >= _LIKE:
                yield NearCopy(i, j, run, likeness)


def _grams(text: str) -> set[str]:
    return {text[i : i + _GRAM] for i in range(len(text) - _GRAM + 1)}


def _longest_run(first: str, second: str) -> str:
    best = ""
    start = 0
    for end in range(1, len(first) + 1):
        while first[start:end] not in second:
            start += 1
        if end - start > len(best):
            best = first[start:end]
    return best
