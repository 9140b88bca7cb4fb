"""The findings worth a person's time, when a run has more of them than can be shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mining.finding import Severity
from mining.present.cards import SHOWN, FindingCard, ReportCard

__all__ = ["Kind", "select_cards"]

Kind = tuple[str, str]
"""Status and severity of a finding."""

_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_WORST_FIRST = tuple((str(status), str(severity)) for status in SHOWN for severity in _SEVERITIES)


def select_cards(
    cards: Iterable[ReportCard], kinds: Mapping[Kind, int], *, most: int
) -> Iterator[ReportCard]:
    """Yield all cards, with at most `most` findings: the worst kinds first, then run order.

    Counts of the cards stay as they are, so that what is not listed is still counted.

    Parameters
    ----------
    cards
        The cards of a run.
    kinds
        How many findings of each kind the run has.
    most
        How many findings may be listed.
    """
    if sum(kinds.values()) <= most:
        yield from cards
        return
    left: dict[Kind, int] = {}
    for kind in _WORST_FIRST:
        left[kind] = min(kinds.get(kind, 0), most)
        most -= left[kind]
    for card in cards:
        card["findings"] = [f for f in card["findings"] if _take(f, left)]
        yield card


def _take(finding: FindingCard, left: dict[Kind, int]) -> bool:
    kind = (finding["status"], finding["severity"])
    if left.get(kind, 0) <= 0:
        return False
    left[kind] -= 1
    return True
