"""The themes that a point can speak of, in the order of the public contract."""

from __future__ import annotations

__all__ = ["THEMES"]

THEMES = (
    "new_media",
    "staffing",
    "training",
    "timeliness",
    "content_quality",
    "coverage",
    "interpretation",
    "channels",
    "platform",
    "requests",
    "interaction",
    "awareness",
    "mechanism",
    "standardization",
    "supervision",
    "security_review",
    "key_areas",
    "reform",
    "publicity",
)
"""Names of all themes; output tables, labels and models use these and no others."""
