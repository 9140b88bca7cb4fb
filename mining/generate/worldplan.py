"""What is planted in a world of reports: the sizes of ``world.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files

__all__ = ["Plan", "Rate", "load_plan"]

Rate = float | tuple[float, float] | Mapping[str, float]
"""A share that is always the same, changes from the first to the last year, or goes by level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many reports, and how chance starts."""

    agencies: int
    first_year: int
    last_year: int
    seed: int
    missing: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Who reports: `renamed` is the old and the new name of an office, and since when."""

    per_county: int
    townships: float
    renamed: tuple[str, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """How many requests there are and how many are refused."""

    median: float
    spread: float
    growth: float
    noise: float
    least: int
    refused: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Copying:
    """Who copies last year's report, and how much of it."""

    who: Rate
    least: float
    kept: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """How many problems are answered, and how many come back next year."""

    promised: float
    again_promised: float
    again_unanswered: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that is planted; see ``world.toml`` for what each number means."""

    size: Size
    places: Places
    requests: Requests
    mismatches: Rate
    faults: tuple[str, ...]
    copying: Copying
    points: Recurrence
    themes: Mapping[str, Rate]

    @property
    def years(self) -> range:
        """Years with reports."""
        return range(self.size.first_year, self.size.last_year + 1)

    def rate(self, rate: Rate, *, year: int, level: str) -> float:
        """Return the share that holds for a year and a level."""
        if isinstance(rate, Mapping):
            return rate[level]
        if isinstance(rate, tuple):
            span = self.size.last_year - self.size.first_year
            return rate[0] + (rate[1] - rate[0]) * (year - self.size.first_year) / max(1, span)
        return rate


def load_plan(*, agencies: int | None = None, seed: int | None = None) -> Plan:
    """Return the plan of ``world.toml``, perhaps with another size and start of chance.

    Examples
    --------
    >>> plan = load_plan(agencies=50)
    >>> plan.size.agencies, plan.rate(plan.themes["staffing"], year=2024, level="county")
    (50, 0.18)
    """
    path = files("mining.generate").joinpath("world.toml")
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    size = Size(**told["size"])
    old, new, since = told["places"].pop("renamed")
    requests, copying, wrong = told["requests"], told["copying"], told["mismatches"]
    kept = {"least": copying.pop("least"), "kept": copying.pop("kept")}
    faults = tuple(wrong.pop("kinds"))
    return Plan(
        size=replace(
            size,
            agencies=size.agencies if agencies is None else agencies,
            seed=size.seed if seed is None else seed,
        ),
        places=Places(**told["places"], renamed=(old, new, since)),
        requests=Requests(**requests | {"refused": _rate(requests["refused"])}),
        mismatches=_rate(wrong),
        faults=faults,
        copying=Copying(who=_rate(copying), **kept),
        points=Recurrence(**told["points"]),
        themes={name: _rate(value) for name, value in told["themes"].items()},
    )


def _rate(told: float | list[float] | dict[str, float]) -> Rate:
    return (told[0], told[1]) if isinstance(told, list) else told
