"""Invented offices and towns of random reports, and the wording of their reports."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

__all__ = ["Place", "draw_place", "texts"]


@cache
def texts() -> dict[str, Any]:
    """Return the wording of random reports, by group."""
    path = files("mining.generate").joinpath("sentences.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Who reports: agency, region (the county), level and what the agency calls itself."""

    agency: str
    region: str
    level: str
    own: str


def draw_place(rng: Random) -> Place:
    """Return who reports: an office of a county, or a town."""
    names = texts()["places"]
    region = rng.choice(names["first"]) + rng.choice(names["second"]) + rng.choice(names["county"])
    if rng.random() < 0.15:
        kind = rng.choice(names["township"])
        town = rng.choice(names["first"]) + rng.choice(names["second"]) + kind
        agency = town + ("办事处" if kind == "街道" else "人民政府")
        return Place(agency=agency, region=region, level="township", own="本机关")
    office = rng.choice(texts()["agencies"]["county"])
    own = "我局" if office.endswith("局") else "本机关"
    return Place(agency=region + office, region=region, level="county", own=own)
