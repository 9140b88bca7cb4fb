"""Values of the entries of a form file by their type, with every problem collected."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from mining.errors import FormProblem
from mining.formload.patterns import PatternError, compile_words, cues_of_none, openings, to_regex
from mining.identity import IdentityError

__all__ = ["EntryReader"]

T = TypeVar("T")


class EntryReader:
    """Reads the fields of entries; `problems` lists what is wrong, with its place in the file."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.problems: list[FormProblem] = []
        self.slots: dict[str, tuple[str, ...]] = {}

    def _read_slots(self) -> None:
        slots = self._mapping("slots")
        for name in slots:
            self.slots[name] = self._texts("slots", slots, name)

    def _problem(self, location: str, message: str) -> None:
        self.problems.append(FormProblem(location, message))

    def _each(self, name: str, build: Callable[[str, dict[str, Any]], T | None]) -> tuple[T, ...]:
        built = []
        seen: set[str] = set()
        for position, entry in enumerate(self._entries("", self.data, name)):
            key = str(entry.get("key", entry.get("rule", position)))
            where = f"{name}[{key}]"
            if key in seen:
                self._problem(where, "the key is used twice")
            seen.add(key)
            item = build(where, entry)
            if item is not None:
                built.append(item)
        return tuple(built)

    def _text(
        self, where: str, entry: Mapping[str, Any], name: str, default: str | None = None
    ) -> str:
        value = entry.get(name, default)
        if isinstance(value, str):
            return value
        self._problem(f"{where}.{name}".lstrip("."), "must be given as text")
        return ""

    def _texts(self, where: str, entry: Mapping[str, Any], name: str) -> tuple[str, ...]:
        value = entry.get(name, [])
        if isinstance(value, str):
            value = [value]
        if isinstance(value, list) and all(isinstance(v, str) for v in value):
            return tuple(value)
        self._problem(f"{where}.{name}", "must be a list of texts")
        return ()

    def _number(self, where: str, entry: Mapping[str, Any], name: str, default: float) -> float:
        value = entry.get(name, default)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        self._problem(f"{where}.{name}", "must be a number")
        return default

    def _entries(self, where: str, entry: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
        value = entry.get(name, [])
        if isinstance(value, list) and all(isinstance(e, dict) for e in value):
            return value
        self._problem(f"{where}.{name}".lstrip("."), "must be a list of entries with keys")
        return []

    def _mapping(self, name: str) -> dict[str, Any]:
        value = self.data.get(name, {})
        if isinstance(value, dict):
            return value
        self._problem(name, "must be an entry with keys")
        return {}

    def _year(self, years: Mapping[str, Any], name: str) -> int | None:
        value = years.get(name)
        if value is None or type(value) is int:
            return value
        self._problem(f"years.{name}", "must be a whole number")
        return None

    def _known(self, where: str, entry: Mapping[str, Any], allowed: str) -> None:
        for name in entry.keys() - set(allowed.split()):
            self._problem(f"{where}.{name}", "unknown key")

    def _regexes(self, where: str, patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
        """Compile patterns of the form language that must cover the whole text."""
        compiled = self._try(where, lambda: [re.compile(to_regex(p, self.slots)) for p in patterns])
        return tuple(compiled or ())

    def _try(self, where: str, build: Callable[[], T]) -> T | None:
        try:
            return build()
        except (PatternError, IdentityError, re.error) as error:
            self._problem(where, str(error))
            return None

    def _units_of(self, where: str, entry: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the measure words; ``{name}`` stands for the words of a slot."""
        units: list[str] = []
        for unit in self._texts(where, entry, "units"):
            name = unit.strip("{}")
            units.extend(self.slots.get(name, ()) if unit.startswith("{") else (unit,))
        return tuple(units)

    def _words(self, where: str, entry: Mapping[str, Any], name: str) -> re.Pattern[str] | None:
        words = self._texts(where, entry, name)
        return self._try(f"{where}.{name}", lambda: compile_words(words, self.slots))

    def _openings(self, where: str, entry: Mapping[str, Any]) -> frozenset[str]:
        patterns = self._texts(where, entry, "patterns")
        found = self._try(f"{where}.patterns", lambda: [openings(p, self.slots) for p in patterns])
        return frozenset().union(*(found or []))

    def _cues(self, where: str, entry: Mapping[str, Any]) -> frozenset[str]:
        patterns = self._texts(where, entry, "patterns")
        found = self._try(f"{where}.patterns", lambda: cues_of_none(patterns, self.slots))
        return found or frozenset()
