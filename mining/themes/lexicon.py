"""The theme lexicon: families of wordings (concepts), and where they stand in a text."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from mining.spans import Span
from mining.themes.names import THEMES

__all__ = ["FARTHEST", "GAP", "Concept", "Cue", "Lexicon", "parse_lexicon", "theme_lexicon"]

GAP = "…"
"""Between the head and the tail of a wording that has something in the middle."""

FARTHEST = 8
"""How many characters may stand there."""


@dataclass(frozen=True, slots=True)
class Concept:
    """A family of wordings; without a theme it is a setting that others are read against."""

    name: str
    theme: str
    weight: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cue:
    """A wording found in a text: the concept's position in the lexicon, and the place."""

    concept: int
    span: Span


class Lexicon:
    """Finds the concepts of a text in one pass, in time linear in its length.

    Examples
    --------
    >>> lexicon = Lexicon((Concept("late", "timeliness", 1.0, ("滞后", "才…公布")),))
    >>> [cue.span for cue in lexicon.find("名单到年底才对外公布")]
    [Span(start=5, end=10)]
    """

    def __init__(self, concepts: tuple[Concept, ...]) -> None:
        self.concepts = concepts
        # First two characters (or the one) lead to the whole wordings, longest first.
        table: dict[str, list[tuple[str, str, int]]] = {}
        for position, concept in enumerate(concepts):
            for word in concept.words:
                head, _, tail = word.partition(GAP)
                table.setdefault(head[:2], []).append((head, tail, position))
        self._table = {
            key: sorted(entries, key=lambda e: (-len(e[0]), -len(e[1]), e))
            for key, entries in table.items()
        }

    def find(self, text: str) -> tuple[Cue, ...]:
        """Return the cues of `text`, at each place the longest of a concept."""
        found: list[Cue] = []
        table = self._table
        ends = [0] * len(self.concepts)
        for start in range(len(text)):
            entries = table.get(text[start : start + 2], ()), table.get(text[start], ())
            for head, tail, concept in (*entries[0], *entries[1]):
                end = start + len(head)
                if end <= ends[concept] or not text.startswith(head, start):
                    continue
                if tail:
                    place = text.find(tail, end, end + FARTHEST + len(tail))
                    if place < 0:
                        continue
                    end = place + len(tail)
                ends[concept] = end
                found.append(Cue(concept, Span(start, end)))
        return tuple(found)

    def scores(self, text: str) -> dict[str, float]:
        """Return how strongly the lexicon alone speaks for each theme, 0 to 1."""
        left = dict.fromkeys(THEMES, 1.0)
        for cue in self.find(text):
            concept = self.concepts[cue.concept]
            if concept.theme:
                left[concept.theme] *= 1.0 - concept.weight * 0.6
        return {theme: 1.0 - rest for theme, rest in left.items()}


def parse_lexicon(text: str) -> Lexicon:
    """Read a lexicon from the text of its TOML file."""
    tables: Mapping[str, Mapping[str, object]] = tomllib.loads(text)["concepts"]
    return Lexicon(
        tuple(
            Concept(
                name=name,
                theme=str(entry.get("theme", "")),
                weight=float(str(entry.get("weight", 0))),
                words=tuple(dict.fromkeys(str(entry["words"]).split())),
            )
            for name, entry in tables.items()
        )
    )


@cache
def theme_lexicon() -> Lexicon:
    """Return the lexicon that comes with the package, loaded once."""
    data = files("mining") / "data" / "theme_lexicon.toml"
    return parse_lexicon(data.read_text(encoding="utf-8"))
