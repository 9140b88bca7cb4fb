"""What tables and charts call themes, kinds of agencies and groups, in Chinese or English."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

__all__ = ["Lang", "chart_text", "group_label", "outcome_label", "state_label", "theme_label"]

Lang = Literal["zh", "en"]
_COLUMN = {"zh": 0, "en": 1}

Labels = dict[str, dict[str, list[str]]]


@cache
def _study_data() -> Labels:
    """Return the labels by subject and name: Chinese first, then English."""
    text = (files("mining") / "data" / "study.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _label(subject: str, name: str, lang: Lang) -> str:
    pair = _study_data()[subject].get(name)
    return name if pair is None else pair[_COLUMN[lang]]


def theme_label(theme: str, lang: Lang) -> str:
    """Return what a theme is called; a theme of the user's own keeps its name.

    Examples
    --------
    >>> theme_label("new_media", "zh"), theme_label("my_theme", "en")
    ('政务新媒体', 'my_theme')
    """
    return _label("themes", theme, lang)


def group_label(group: str, lang: Lang) -> str:
    """Return what a level or another named group is called; years and places stay as they are."""
    return _label("groups", group, lang)


def chart_text(key: str, lang: Lang, **values: object) -> str:
    """Return a text of the charts, its ``{fields}`` filled in."""
    return _study_data()["charts"][key][_COLUMN[lang]].format(**values)


def state_label(state: str, lang: Lang) -> str:
    """Return what the state of a theme in the year before is called."""
    return _label("states", state, lang)


def outcome_label(outcome: str, lang: Lang) -> str:
    """Return what a result of requests is called."""
    return _label("outcomes", outcome, lang)
