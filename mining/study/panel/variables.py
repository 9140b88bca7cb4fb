"""The variables of the panel, their definitions and what they are made of (``panel.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from mining.study.labels import Lang, theme_label
from mining.themes.names import THEMES

__all__ = [
    "Quantity",
    "Variable",
    "note_text",
    "panel_variables",
    "quantities",
    "section_names",
    "variable_label",
    "years_of",
]

Pair = tuple[str, str]
"""Chinese and English."""

Quantity = tuple[tuple[str, ...], ...]
"""Alternatives, of which the first with all its cells there counts; each a sum of cells."""

Kind = Literal["text", "whole", "flag", "number"]

_KINDS: dict[str, Kind] = {"text": "text", "yes": "flag"}
_KINDS |= dict.fromkeys(("count", "items", "people", "chars", "year", "number"), "whole")
_FIRST_YEARS = {"2008": 2008, "2014": 2014, "2019": 2019, "2021": 2021}
_LAST_YEARS = {"2008": 2013, "2014": 2018, "2019": 2020, "2021": None}
_COMPANION = ("分母：{}", "Denominator: {}")
_DENOMINATOR = ("{} 的分母。", "Denominator of {}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One column of the panel.

    Parameters
    ----------
    name
        Public name, at most 32 characters.
    label, definition, unit
        In Chinese and English.
    source
        Where the values come from: quantities that are added up, or a table of the run.
    top, bottom
        Quantities with signs, ``+received`` or ``-rejected``; empty for what is not made of cells.
    templates
        Forms that print the cells; empty for what every form has.
    breaks
        What changes between forms, or two empty texts.
    kind
        ``text``, ``whole`` (whole numbers), ``flag`` (1 or 0) or ``number``.
    is_open
        Whether a rate may rise above 1.
    has_companion
        Whether a column ``NAME_n`` tells the denominator.
    """

    name: str
    label: Pair
    definition: Pair
    unit: Pair
    source: str
    top: tuple[str, ...] = ()
    bottom: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    breaks: Pair = ("", "")
    kind: Kind = "number"
    is_open: bool = False
    has_companion: bool = False


@cache
def _data() -> dict[str, Any]:
    text = (files("mining") / "data" / "panel.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def quantities() -> Mapping[str, Quantity]:
    """Return the cells of each quantity."""
    told = _data()["quantities"]
    return {name: tuple(tuple(cells) for cells in ways) for name, ways in told.items()}


def section_names() -> tuple[str, ...]:
    """Return the sections whose figures are counted."""
    return tuple(_data()["sections"])


def note_text(key: str, lang: Lang, **values: object) -> str:
    """Return what is to be told about how a panel was made."""
    return str(_data()["notes"][key][0 if lang == "zh" else 1].format(**values))


@cache
def _labels() -> Mapping[str, Pair]:
    return {variable.name: variable.label for variable in panel_variables()}


def variable_label(name: str, lang: Lang) -> str:
    """Return what a variable is called.

    Examples
    --------
    >>> variable_label("refusal_rate", "en")
    'Refusal rate'
    """
    return _labels()[name][0 if lang == "zh" else 1]


@cache
def panel_variables() -> tuple[Variable, ...]:
    """Return every column of the panel in order, denominators right after their rates."""
    return tuple(_with_companions())


def _with_companions() -> Iterator[Variable]:
    units = _data()["units"]
    for entry in _data()["variables"]:
        for variable in _expanded(entry):
            yield variable
            if variable.has_companion:
                unit = units[entry.get("rate", "count")]
                yield _companion(variable, (unit[0], unit[1]))


def _companion(rate: Variable, unit: Pair) -> Variable:
    return replace(
        rate,
        name=f"{rate.name}_n",
        label=_filled(_COMPANION, rate.label),
        definition=_filled(_DENOMINATOR, (rate.name, rate.name)),
        unit=unit,
        top=rate.bottom,
        bottom=(),
        kind="whole",
        has_companion=False,
    )


def _filled(pair: Pair, values: Pair) -> Pair:
    return pair[0].format(values[0]), pair[1].format(values[1])


def _expanded(entry: Mapping[str, Any]) -> Iterator[Variable]:
    """Yield a variable, or one for each theme or section that its name has a place for."""
    variable = _variable(entry)
    if "{theme}" in variable.name:
        pairs = {t: (theme_label(t, "zh"), theme_label(t, "en")) for t in THEMES}
        yield from _filled_in(variable, "{theme}", pairs)
    elif "{section}" in variable.name:
        sections = {name: (pair[0], pair[1]) for name, pair in _data()["sections"].items()}
        yield from _filled_in(variable, "{section}", sections)
    else:
        yield variable


def _filled_in(variable: Variable, place: str, names: Mapping[str, Pair]) -> Iterator[Variable]:
    zh, en = variable.label
    for name, pair in names.items():
        label = zh.replace(place, pair[0]), en.replace(place, pair[1])
        yield replace(variable, name=variable.name.replace(place, name), label=label)


def _variable(entry: Mapping[str, Any]) -> Variable:
    unit = _data()["units"][entry["unit"]]
    broken = _data()["breaks"].get(entry.get("breaks", ""), ("", ""))
    top, bottom = (_signed(entry.get(side, ())) for side in ("top", "bottom"))
    return Variable(
        name=entry["name"],
        label=(entry["label"][0], entry["label"][1]),
        definition=(entry["definition"][0], entry["definition"][1]),
        unit=(unit[0], unit[1]),
        source=entry.get("source") or _source(top, bottom) or f"table {entry['from']}",
        top=top,
        bottom=bottom,
        templates=tuple(entry.get("templates", ("2019", "2021") if top else ())),
        breaks=(broken[0], broken[1]),
        kind=_KINDS.get(entry["unit"], "number"),
        is_open=entry.get("open", False),
        has_companion=bool(bottom) or "rate" in entry,
    )


def _signed(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return quantities with their signs, sums that have a name taken apart."""
    sums = _data()["sums"]
    found: list[str] = []
    for name in names:
        sign, bare = ("-", name[1:]) if name.startswith("-") else ("+", name)
        found += [sign + part for part in sums.get(bare, (bare,))]
    return tuple(found)


def _source(top: tuple[str, ...], bottom: tuple[str, ...]) -> str:
    return " / ".join(_addresses(side) for side in (top, bottom) if side)


def _addresses(side: tuple[str, ...]) -> str:
    """Return the cells of one side; ``|`` stands between alternatives."""
    terms: list[str] = []
    for term in side:
        told = " | ".join(" + ".join(cells) for cells in quantities()[term[1:]])
        terms.append((term[0] if terms or term[0] == "-" else "") + told)
    return " ".join(terms)


def years_of(variable: Variable) -> str:
    """Return the years that a variable is valid for, such as ``2019-2020``; empty for all.

    Examples
    --------
    >>> from mining.study.panel.variables import panel_variables, years_of
    >>> [years_of(v) for v in panel_variables() if v.name in ("req_new", "procurement_amount")]
    ['2019-', '2019-2020']
    """
    if not variable.templates:
        return ""
    first = min(_FIRST_YEARS[template] for template in variable.templates)
    last = _LAST_YEARS[max(variable.templates)]
    return f"{first}-{'' if last is None else last}"
