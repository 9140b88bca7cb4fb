"""The page and the worksheet of a run, made of the cards that its parts hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from operator import itemgetter
from pathlib import Path
from typing import Literal

from mining.corpus.audittask import CARDS
from mining.corpus.join import YEARS_CARDS
from mining.corpus.lines import read_lines
from mining.corpus.tasks import At, Lost, Part, PartFolder
from mining.present.cards import ReportCard, Summary
from mining.present.html import MOST_FINDINGS, write_page
from mining.present.messages import Lang
from mining.present.selection import Kind, select_cards
from mining.present.xlsx import MOST_LISTED, write_workbook
from mining.present.years import merge_cards

__all__ = ["PAGE", "WORKBOOK", "PageTask"]

PAGE = "audit.html"
WORKBOOK = "audit.xlsx"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTask:
    """Writes the page or the worksheet of a run.

    Parameters
    ----------
    kind
        Which of the two.
    shards, partitions
        Names of the folders of all shards and of the comparisons over years.
    totals, kinds
        What the run came to, and how many findings of each kind there are.
    lang
        Language.
    """

    kind: Literal["page", "workbook"]
    shards: Sequence[str]
    partitions: Sequence[str]
    totals: Summary
    kinds: Sequence[tuple[Kind, int]]
    lang: Lang

    @property
    def name(self) -> str:
        """Name of the task."""
        return f"merge-{self.kind}"

    @property
    def n_reports(self) -> int:
        """Reports are counted where they are audited."""
        return 0

    def run(self, work: Path, at: At, lost: Lost) -> Part:
        """Write the file."""
        del at, lost
        write, name, most = {
            "page": (write_page, PAGE, MOST_FINDINGS),
            "workbook": (write_workbook, WORKBOOK, MOST_LISTED),
        }[self.kind]
        with PartFolder.fresh(work, self.name) as folder:
            cards = select_cards(self._cards(work), dict(self.kinds), most=most)
            write(cards, folder.path / name, lang=self.lang, summary=self.totals)
            return folder.seal({})

    def _cards(self, work: Path) -> Iterator[ReportCard]:
        """Yield the cards of all reports, with what the years add to them."""
        cards = (card for name in self.shards for card in read_lines(work / name / CARDS))
        groups = [read_lines(work / name / YEARS_CARDS) for name in self.partitions]
        # Every group of agencies is in the order of the run, and so is the whole.
        additions = (card for _, card in merge(*groups, key=itemgetter(0)))
        return merge_cards(cards, additions)
