"""What tells a statement of none from the rest of a report: a few characters, worked out once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain

from mining.formload.patterns import required

__all__ = ["signs_of_nones"]


def signs_of_nones(
    patterns: Sequence[str], slots: Mapping[str, tuple[str, ...]], counts: Mapping[str, int]
) -> frozenset[str]:
    """Return characters, one of which every match of any pattern holds before the next 。.

    Parameters
    ----------
    patterns, slots
        Sound patterns, and the words they may name.
    counts
        How common characters are in what is told with numbers: the others make better signs.

    Returns
    -------
    frozenset of str
        As few as a short search finds; empty where a pattern holds none, or goes over a 。 or line
        end.

    Examples
    --------
    >>> patterns = ("{no}[新]申请", "复议[案件]{no}$", "未被诉讼")
    >>> sorted(signs_of_nones(patterns, {"no": ("未收到", "没有", "均无")}, {}))
    ['均', '有', '未']
    """
    told = "".join(chain(patterns, *slots.values()))
    if "。" in told or "\n" in told:
        return frozenset()
    chosen: list[str] = []
    left = list(patterns)
    while left:
        words = chain.from_iterable(_words(pattern, slots) for pattern in left)
        seen = Counter(c for word in words if not set(chosen) & set(word) for c in set(word))
        if not seen:
            return frozenset()
        chosen.append(max(sorted(seen), key=lambda c: seen[c] / (1 + counts.get(c, 0))))
        left = [pattern for pattern in left if not _is_held(pattern, slots, set(chosen))]
    for sign in chosen.copy():
        fewer = {c for c in chosen if c != sign}
        if all(_is_held(pattern, slots, fewer) for pattern in patterns):
            chosen.remove(sign)
    return frozenset(chosen)


def _is_held(pattern: str, slots: Mapping[str, tuple[str, ...]], signs: Collection[str]) -> bool:
    """Tell whether every match of the pattern holds a sign."""
    return all(
        any(
            _is_held(inner, slots, signs)
            if inner
            else words and all(not set(w).isdisjoint(signs) for w in words)
            for words, inner in branch
        )
        for branch in required(pattern, slots)
    )


def _words(pattern: str, slots: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield the words of the parts that a match can't do without."""
    for words, inner in chain.from_iterable(required(pattern, slots)):
        yield from _words(inner, slots) if inner else words
