"""What a process that audits may use: in a module of its own, so that the help stays quick."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a process that audits may use before it is killed.

    Parameters
    ----------
    seconds
        Time for one report.
    megabytes
        Memory of the process; watched where the system tells it (Linux).
    attempts
        How often an item may kill its process before it is given up. Once is not enough: the
        process may have been killed for no fault of the item.
    """

    seconds: float = 120.0
    megabytes: int = 2000
    attempts: int = 2
