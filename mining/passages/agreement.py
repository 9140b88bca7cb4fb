"""Agreement of two annotators of the same passages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mining.figurescore import number, place
from mining.passages.counting import gold_rows
from mining.passages.loading import Passage
from mining.tally import Tally, compare

__all__ = ["Agreement", "compare_annotators", "kappa"]

_EQUAL = ("value", "unit", "approx", "low", "high")
_LABELS = ("kind", "role", "scope", "cell")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far two annotators agree.

    Parameters
    ----------
    n_passages, n_changed
        Passages that both annotated; those left out because their text is not the same.
    spans
        Figures by span, with statements of none left out.
    nones
        Statements of none, which agree where they overlap.
    n_shared
        Figures that both marked, on which the rest is worked out.
    equal
        Shares with the same value, unit, approximation, lower and upper bound.
    kappas
        Cohen's kappa of kind, role, scope and cell.
    same
        Shares with the same kind, role, scope and cell.
    groups
        Breakdowns with the same total and parts.
    """

    n_passages: int
    n_changed: int
    spans: Tally
    nones: Tally
    n_shared: int
    equal: Mapping[str, float]
    kappas: Mapping[str, float]
    same: Mapping[str, float]
    groups: Tally


def compare_annotators(first: Sequence[Passage], second: Sequence[Passage]) -> Agreement:
    """Compare annotations of the passages that both hold, by id."""
    others = {p.id: p for p in second}
    both = [(p, others[p.id]) for p in first if p.id in others]
    same_text = [(p, q) for p, q in both if p.text == q.text]
    spans = nones = groups = Tally()
    pairs: list[tuple[Mapping[str, object], Mapping[str, object]]] = []
    for one, other in same_text:
        left, right = (
            {place(r): r for r in gold_rows(p) if r["claim"] == "number"} for p in (one, other)
        )
        spans += compare(set(zip(left)), set(zip(right))).tally
        pairs += [(left[at], right[at]) for at in sorted(left.keys() & right.keys())]
        nones += _nones(one, other)
        groups += compare(*({(g.total, *g.parts) for g in p.groups} for p in (one, other))).tally
    return Agreement(
        n_passages=len(same_text),
        n_changed=len(both) - len(same_text),
        spans=spans,
        nones=nones,
        n_shared=len(pairs),
        equal={name: _share(pairs, name) for name in _EQUAL},
        kappas={name: kappa([(str(a[name]), str(b[name])) for a, b in pairs]) for name in _LABELS},
        same={name: _share(pairs, name) for name in _LABELS},
        groups=groups,
    )


def _nones(one: Passage, other: Passage) -> Tally:
    left, right = ([m for m in p.marks if m.mark.is_none] for p in (one, other))
    met = [m for m in left if any(m.start < n.end and n.start < m.end for n in right)]
    return Tally(len(left), len(right), min(len(met), len(right)))


def _share(pairs: Sequence[tuple[Mapping[str, object], Mapping[str, object]]], name: str) -> float:
    if not pairs:
        return 1.0
    read = number if name in {"value", "low", "high"} else str
    return sum(read(a[name]) == read(b[name]) for a, b in pairs) / len(pairs)


def kappa(pairs: Sequence[tuple[str, str]]) -> float:
    """Return Cohen's kappa of pairs of labels: agreement beyond what chance gives.

    Examples
    --------
    >>> kappa([("a", "a"), ("b", "b"), ("a", "b"), ("b", "b")])
    0.5
    """
    n = len(pairs)
    if not n:
        return 1.0
    observed = sum(a == b for a, b in pairs) / n
    left, right = (Counter(side) for side in zip(*pairs, strict=True))
    chance = sum(left[label] * right[label] for label in left) / n**2
    return 1.0 if chance == 1 else (observed - chance) / (1 - chance)
