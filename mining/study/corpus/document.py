"""One document of a corpus: a report, or a piece of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Document"]


@dataclass(frozen=True, slots=True)
class Document:
    """A report, or a piece of one.

    Parameters
    ----------
    name
        Unique in its corpus: the report's name, and what piece of it.
    report
        The report's name.
    text
        The piece as the normalised text of the report has it.
    start
        Where it starts there, in code points.
    section
        Key of its section, empty for a whole report.
    variables
        Agency, region, province, level, kind of agency, year, template, and the user's own.
    """

    name: str
    report: str
    text: str
    start: int
    section: str
    variables: Mapping[str, object]

    @property
    def end(self) -> int:
        """Where the piece ends in the report."""
        return self.start + len(self.text)
