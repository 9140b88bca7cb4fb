"""Limits and options of a run, in one frozen place."""

from __future__ import annotations

from dataclasses import dataclass, fields

from mining.errors import SettingsError

__all__ = ["Settings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Options of reading and auditing.

    Parameters
    ----------
    max_bytes
        Larger files are refused unread (reports have 10 kB to 1 MB as text).
    max_chars
        Longer texts are refused after decoding.
    max_lines
        Texts with more lines are refused.
    max_seconds
        Reading one file stops after this time.
    max_cells, max_pages, max_depth
        Table cells, PDF pages and nested elements beyond these are refused.
    max_ratio
        Compressed content that grows by more than this factor is refused.
    max_figures
        Reading of figures stops here, with a log entry; no real report comes near.
    sure_link
        A link below this score never makes a ``mismatch``.
    sure_cell
        A cell below this score never makes a ``mismatch``.
    sure_agency
        Reports of two years that match less surely never make a ``mismatch``.
    """

    max_bytes: int = 20_000_000
    max_chars: int = 600_000
    max_lines: int = 100_000
    max_seconds: float = 20.0
    max_cells: int = 50_000
    max_pages: int = 300
    max_depth: int = 200
    max_ratio: float = 200.0
    max_figures: int = 5_000
    sure_link: float = 0.8
    sure_cell: float = 0.9
    sure_agency: float = 0.8

    def __post_init__(self) -> None:
        """Refuse limits that would switch the toolkit off."""
        for item in fields(self):
            value = getattr(self, item.name)
            if value <= 0 or (item.name.startswith("sure_") and value > 1):
                msg = f"{item.name} = {value} is out of range"
                raise SettingsError(msg, code="E401", hint="see the Settings docstring")
