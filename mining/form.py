"""A form: what a family of reports says, as data read from a TOML file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from mining.identity import Identity
from mining.lanes import Axis, Lane, build_lanes
from mining.nones import NoneIndex
from mining.phrases import NoneSpec, PhraseIndex, PhraseSpec, TopicSpec
from mining.report import Address
from mining.textkeys import any_word, heading_key, label_key

__all__ = [
    "CheckSpec",
    "ColumnSpec",
    "DerivedSpec",
    "DetectSpec",
    "Example",
    "Form",
    "RowSpec",
    "SectionSpec",
    "TableLabels",
    "TableSpec",
]

Layout = Literal["rows", "values", "indicators"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectSpec:
    """How a report is recognised: title patterns, years, labels that only this form prints."""

    titles: tuple[re.Pattern[str], ...] = ()
    labels: tuple[str, ...] = ()
    first_year: int | None = None
    last_year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionSpec:
    """A first-level section and the headings it goes by (numbering stripped).

    `patterns` match numbered headings beside the exact ones, `bare` whole lines without a number.
    """

    key: str
    order: int
    headings: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...] = ()
    bare: tuple[re.Pattern[str], ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSpec:
    """A column and the header texts it goes by."""

    key: str
    labels: tuple[str, ...]
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowSpec:
    """A row, its labels, and the keys of the columns it has."""

    key: str
    labels: tuple[str, ...]
    columns: tuple[str, ...]
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSpec:
    """A statutory table.

    `layout` is ``rows`` (label, then one slot per column), ``values`` (all headers first, then one
    line of slots, row by row) or ``indicators`` (label, unit, one slot). `headers` are printed
    texts that are no row and no column: captions, group stubs, the formula note. Where an
    `optional` table is not printed, nothing in the narrative can state it.
    """

    key: str
    section: str
    layout: Layout
    columns: tuple[ColumnSpec, ...]
    rows: tuple[RowSpec, ...]
    headers: tuple[str, ...] = ()
    unit: str = ""
    min_rows: int = 2
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLabels:
    """Label keys of one table, and the addresses of all its cells in form order.

    Parameters
    ----------
    n_rows
        How many rows the form has.
    rows, heads
        Row numbers by key, and every beginning of a key: a label may be printed in two pieces.
    by_row
        The keys of each row.
    headers, everything
        Keys of headers and columns, and of all.
    addresses
        One for each cell, row by row.
    """

    n_rows: int
    rows: Mapping[str, tuple[int, ...]]
    heads: frozenset[str]
    by_row: tuple[tuple[str, ...], ...]
    headers: frozenset[str]
    everything: frozenset[str]
    addresses: tuple[Address, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedSpec:
    """A named sum of cells; without terms, a quantity that is only told in words."""

    key: str
    terms: tuple[tuple[int, Address], ...]
    label: str

    @property
    def address(self) -> Address:
        """The public name, ``derived.key``."""
        return Address(f"derived.{self.key}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSpec:
    """A rule switched on by the form, with its keyword parameters."""

    key: str
    rule: str
    params: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A sentence that tests the form: which cell its figure must link to, and the value."""

    text: str
    cell: str
    value: str
    section: str


@dataclass(frozen=True, kw_only=True)
class Form:
    """One TOML file, checked and compiled."""

    id: str
    family: str
    template: str
    title: str
    detect: DetectSpec
    sections: tuple[SectionSpec, ...]
    tables: tuple[TableSpec, ...] = ()
    topics: tuple[TopicSpec, ...] = ()
    subjects: tuple[TopicSpec, ...] = ()
    phrases: tuple[PhraseSpec, ...] = ()
    nones: tuple[NoneSpec, ...] = ()
    none_signs: frozenset[str] = frozenset()
    derived: tuple[DerivedSpec, ...] = ()
    checks: tuple[CheckSpec, ...] = ()
    examples: tuple[Example, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    filler: re.Pattern[str] | None = None

    @cached_property
    def derived_by_address(self) -> dict[Address, DerivedSpec]:
        """Derived quantities by their public name."""
        return {d.address: d for d in self.derived}

    @cached_property
    def row_labels(self) -> frozenset[str]:
        """Label keys of every row and header of every table; such a line is never a heading."""
        return frozenset(
            label_key(label)
            for table in self.tables
            for group in (table.rows, table.columns)
            for item in group
            for label in item.labels
        ) | frozenset(label_key(h) for table in self.tables for h in table.headers)

    @cached_property
    def heading_specs(self) -> dict[str, SectionSpec]:
        """Section specs by the key of each heading they go by."""
        return {heading_key(h): spec for spec in self.sections for h in spec.headings}

    @cached_property
    def heading_initials(self) -> str:
        """Every character that a heading begins with."""
        return "".join(sorted({key[0] for key in self.heading_specs if key} | self.bare_initials))

    @cached_property
    def longest_heading(self) -> int:
        """Characters of the longest heading key."""
        return max(map(len, self.heading_specs), default=0)

    @cached_property
    def bare_specs(self) -> tuple[SectionSpec, ...]:
        """Sections that whole lines without a number may open by a pattern."""
        return tuple(s for s in self.sections if s.bare)

    @cached_property
    def bare_initials(self) -> frozenset[str]:
        """The plain characters that these patterns begin with."""
        return frozenset(p.pattern[0] for s in self.bare_specs for p in s.bare)

    @cached_property
    def table_labels(self) -> dict[str, TableLabels]:
        """Label keys of every table, by the table's key."""
        return {spec.key: _table_labels(spec) for spec in self.tables}

    @cached_property
    def table_words(self) -> frozenset[str]:
        """Every key that means something to a table, and every beginning of a row's key."""
        known = (keys for t in self.table_labels.values() for keys in (t.everything, t.heads))
        return frozenset().union(*known) - {""}

    @cached_property
    def cell_places(self) -> dict[Address, tuple[str, int]]:
        """The table of each address, and where the cell stands in it when no row is missing."""
        return {
            address: (table, place)
            for table, labels in self.table_labels.items()
            for place, address in enumerate(labels.addresses)
        }

    @cached_property
    def topic_words(self) -> dict[str, str]:
        """Topic keys by word."""
        return {word: topic.key for topic in self.topics for word in topic.words}

    @cached_property
    def told_topics(self) -> frozenset[str]:
        """Keys of the topics that have words."""
        return frozenset(self.topic_words.values())

    @cached_property
    def topic_pattern(self) -> re.Pattern[str] | None:
        """All topic words as one expression, longer words first; ``None`` without topics."""
        return any_word(self.topic_words)

    @cached_property
    def subject_words(self) -> dict[str, str]:
        """Subject keys by word."""
        return {word: subject.key for subject in self.subjects for word in subject.words}

    @cached_property
    def subject_of_section(self) -> dict[str, str]:
        """Subject keys by section, for paragraphs that name none."""
        return {section: s.key for s in self.subjects for section in s.sections}

    @cached_property
    def subject_pattern(self) -> re.Pattern[str] | None:
        """All words of subjects as one expression; ``None`` without subjects."""
        return any_word(self.subject_words)

    @cached_property
    def holding_topics(self) -> frozenset[str]:
        """Keys of the topics that hold."""
        return frozenset(topic.key for topic in self.topics if topic.holds)

    @cached_property
    def none_index(self) -> NoneIndex:
        """The statements of none by how they begin and by what they hold."""
        return NoneIndex(self.nones, self.none_signs)

    @cached_property
    def phrase_index(self) -> PhraseIndex:
        """The phrases by what a figure and the words beside it must be for one to match."""
        return PhraseIndex(self.phrases)

    @cached_property
    def _optional(self) -> frozenset[str]:
        return frozenset(t.key for t in self.tables if t.optional)

    def is_optional(self, address: Address) -> bool:
        """Tell whether a report may leave out what `address` names, so that nothing is missing."""
        derived = self.derived_by_address.get(address)
        if derived is None:
            return address.partition(".")[0] in self._optional
        return all(self.is_optional(term) for _, term in derived.terms)

    @cached_property
    def _lanes(self) -> dict[tuple[str, str, str], tuple[Lane, ...]]:
        return {}

    def lanes(self, table: str, identity: Identity, each: Axis) -> tuple[Lane, ...]:
        """Return the rows or columns of a table that an identity speaks of, built once."""
        key = (table, identity.text, each)
        found = self._lanes.get(key)
        if found is None:
            spec = self.table(table)
            rows = {row.key: row.columns for row in spec.rows} if spec else {}
            found = self._lanes[key] = build_lanes(
                table, rows, identity, each, places=self.cell_places
            )
        return found

    def table(self, key: str) -> TableSpec | None:
        """Return the table spec with `key`, or ``None``."""
        return next((t for t in self.tables if t.key == key), None)


def _table_labels(spec: TableSpec) -> TableLabels:
    rows: dict[str, list[int]] = {}
    for i, row in enumerate(spec.rows):
        for key in dict.fromkeys(map(label_key, row.labels)):
            rows.setdefault(key, []).append(i)
    columns = (label_key(label) for c in spec.columns for label in c.labels)
    headers = frozenset((*map(label_key, spec.headers), *columns))
    return TableLabels(
        n_rows=len(spec.rows),
        rows={key: tuple(found) for key, found in rows.items()},
        heads=frozenset(key[:n] for key in rows for n in range(1, len(key))),
        by_row=tuple(tuple(map(label_key, row.labels)) for row in spec.rows),
        headers=headers,
        everything=headers | frozenset(rows),
        addresses=tuple(
            Address(f"{spec.key}.{row.key}.{column}") for row in spec.rows for column in row.columns
        ),
    )
