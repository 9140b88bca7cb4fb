"""The content of a form file to a compiled `Form`, with every problem collected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from inspect import Parameter
from typing import Any, TypeVar, get_origin

from mining.contracts import Rule
from mining.form import (
    CheckSpec,
    ColumnSpec,
    DerivedSpec,
    DetectSpec,
    Example,
    Form,
    RowSpec,
    SectionSpec,
    TableSpec,
)
from mining.formload.entries import EntryReader
from mining.formload.labels import address_labels
from mining.formload.patterns import (
    PatternError,
    compile_around,
    compile_before,
    cues_of_phrase,
    pairs_of,
)
from mining.formload.signs import signs_of_nones
from mining.identity import Identity, parse_identity
from mining.phrases import NoneSpec, PhraseSpec, TopicSpec
from mining.report import Address
from mining.textkeys import any_word

__all__ = ["FormBuilder"]

T = TypeVar("T")
_TOP = {
    "schema", "id", "family", "template", "title", "years", "detect", "slots", "sections", "tables",
    "topics", "subjects", "phrases", "nones", "derived", "checks", "examples",
}  # fmt: skip
_PHRASE_KEYS = (
    "key cell also patterns units topics subjects sections scopes near not_near score tail"
)
_PHRASE_KEYS += " not_after not_subjects words"
_SCHEMA = 1
_TAIL = 10


class FormBuilder(EntryReader):
    """Builds one form; `problems` lists what is wrong, with its place in the file."""

    def __init__(self, data: Mapping[str, Any], rules: Mapping[str, Rule]) -> None:
        super().__init__(data)
        self.rules = rules
        self.addresses: set[str] = set()

    def build(self) -> Form | None:
        """Return the form, or ``None`` when its head is unusable."""
        for name in self.data.keys() - _TOP:
            self._problem(name, "unknown key")
        if self.data.get("schema") != _SCHEMA:
            self._problem("schema", f"must be {_SCHEMA}")
        self._read_slots()
        sections = self._each("sections", self._section)
        tables = self._each("tables", self._table)
        self.addresses = _addresses(tables)
        derived = self._each("derived", self._derived)
        self.addresses |= {d.address for d in derived}
        topics = self._each("topics", self._topic)
        subjects = self._each("subjects", self._topic)
        self._keys = {
            "topics": {t.key for t in topics},
            "subjects": {s.key for s in subjects},
            "sections": {s.key for s in sections} | {"preface", "unknown"},
        }
        self._counts = self._count_pairs()
        form = Form(
            id=self._text("", self.data, "id"),
            family=self._text("", self.data, "family"),
            template=self._text("", self.data, "template"),
            title=self._text("", self.data, "title"),
            detect=self._detect(),
            sections=tuple(sorted(sections, key=lambda s: s.order)),
            tables=tables,
            topics=topics,
            subjects=subjects,
            phrases=self._each("phrases", self._phrase),
            nones=self._each("nones", self._none),
            none_signs=self._none_signs(),
            derived=derived,
            checks=self._each("checks", self._check),
            examples=self._each("examples", self._example),
            labels=address_labels(tables, derived),
            # Words that say nothing of what is counted, between those of a phrase.
            filler=any_word(self.slots.get("filler", ())),
        )
        return form if form.id and form.family else None

    def _address(self, where: str, text: str) -> Address:
        if text not in self.addresses:
            self._problem(where, f"no cell or derived quantity {text!r}")
        return Address(text)

    # -- the parts of a form -------------------------------------------------------------------

    def _detect(self) -> DetectSpec:
        entry = self._mapping("detect")
        years = self._mapping("years")
        self._known("detect", entry, "titles labels")
        self._known("years", years, "first last")
        return DetectSpec(
            titles=self._regexes("detect.titles", self._texts("detect", entry, "titles")),
            labels=self._texts("detect", entry, "labels"),
            first_year=self._year(years, "first"),
            last_year=self._year(years, "last"),
        )

    def _section(self, where: str, entry: dict[str, Any]) -> SectionSpec:
        self._known(where, entry, "key order headings patterns bare required")
        for pattern in self._texts(where, entry, "bare"):
            if pattern[:1] in tuple("[({~"):
                self._problem(f"{where}.bare", f"{pattern!r} must begin with a plain character")
        return SectionSpec(
            key=self._text(where, entry, "key"),
            order=int(self._number(where, entry, "order", 99)),
            headings=self._texts(where, entry, "headings"),
            patterns=self._regexes(f"{where}.patterns", self._texts(where, entry, "patterns")),
            bare=self._regexes(f"{where}.bare", self._texts(where, entry, "bare")),
            required=bool(entry.get("required", False)),
        )

    def _table(self, where: str, entry: dict[str, Any]) -> TableSpec | None:
        self._known(where, entry, "key section layout columns rows headers unit min_rows optional")
        layout = entry.get("layout", "rows")
        if layout not in ("rows", "values", "indicators"):
            self._problem(f"{where}.layout", f"unknown layout {layout!r}")
            return None
        columns = tuple(
            self._column(f"{where}.columns[{i}]", e)
            for i, e in enumerate(self._entries(where, entry, "columns"))
        )
        every = tuple(c.key for c in columns)
        rows = tuple(
            self._row(f"{where}.rows[{i}]", e, every)
            for i, e in enumerate(self._entries(where, entry, "rows"))
        )
        for row in rows:
            for name in set(row.columns) - set(every):
                self._problem(f"{where}.rows[{row.key}].columns", f"no column {name!r}")
        if not rows or not columns:
            self._problem(where, "needs rows and columns")
        return TableSpec(
            key=self._text(where, entry, "key"),
            section=self._text(where, entry, "section"),
            layout=layout,
            columns=columns,
            rows=rows,
            headers=self._texts(where, entry, "headers"),
            unit=self._text(where, entry, "unit", ""),
            min_rows=int(self._number(where, entry, "min_rows", 2)),
            optional=bool(entry.get("optional", False)),
        )

    def _column(self, where: str, entry: dict[str, Any]) -> ColumnSpec:
        self._known(where, entry, "key labels unit")
        return ColumnSpec(
            key=self._text(where, entry, "key"),
            labels=self._texts(where, entry, "labels"),
            unit=self._text(where, entry, "unit", ""),
        )

    def _row(self, where: str, entry: dict[str, Any], every: tuple[str, ...]) -> RowSpec:
        self._known(where, entry, "key labels columns unit")
        return RowSpec(
            key=self._text(where, entry, "key"),
            labels=self._texts(where, entry, "labels"),
            columns=self._texts(where, entry, "columns") or every,
            unit=self._text(where, entry, "unit", ""),
        )

    def _topic(self, where: str, entry: dict[str, Any]) -> TopicSpec:
        self._known(where, entry, "key words holds sections")
        return TopicSpec(
            key=self._text(where, entry, "key"),
            words=self._texts(where, entry, "words"),
            holds=bool(entry.get("holds", False)),
            sections=frozenset(self._texts(where, entry, "sections")),
        )

    def _phrase(self, where: str, entry: dict[str, Any]) -> PhraseSpec:
        self._known(where, entry, _PHRASE_KEYS)
        patterns = self._texts(where, entry, "patterns")
        tail = int(self._number(where, entry, "tail", _TAIL))
        for name, known in self._keys.items():
            self._subset(f"{where}.{name}", self._texts(where, entry, name), known)
        others = self._texts(where, entry, "not_subjects")
        self._subset(f"{where}.not_subjects", others, self._keys["subjects"])
        words = self._texts(where, entry, "words")
        n_problems = len(self.problems)
        before = self._try(where, lambda: compile_before(patterns, self.slots, tail=tail))
        around = self._try(where, lambda: compile_around(patterns, self.slots)) or ()
        in_piece = self._regexes(f"{where}.words", words)
        is_sound = len(self.problems) == n_problems
        cues = cues_of_phrase(patterns, words, self.slots, self._counts) if is_sound else None
        return PhraseSpec(
            key=self._text(where, entry, "key"),
            cell=self._address(f"{where}.cell", self._text(where, entry, "cell")),
            also=tuple(
                self._address(f"{where}.also", a) for a in self._texts(where, entry, "also")
            ),
            before=before,
            around=around,
            words=in_piece,
            units=frozenset(self._units_of(where, entry)),
            topics=frozenset(self._texts(where, entry, "topics")),
            subjects=frozenset(self._texts(where, entry, "subjects")),
            not_subjects=frozenset(self._texts(where, entry, "not_subjects")),
            not_near=self._words(where, entry, "not_near"),
            not_after=self._words(where, entry, "not_after"),
            near=self._words(where, entry, "near"),
            sections=frozenset(self._texts(where, entry, "sections")),
            scopes=frozenset(self._texts(where, entry, "scopes") or ("",)),
            score=self._number(where, entry, "score", 0.95),
            cues=cues,
        )

    def _count_pairs(self) -> Counter[str]:
        """Count how often pairs of characters, and characters, stand in the words of phrases."""
        counts: Counter[str] = Counter()
        for entry in self._entries("", self.data, "phrases"):
            for name in ("patterns", "words"):
                for pattern in self._texts("", entry, name):
                    counts.update(pattern)
                    counts.update(pairs_of(pattern))
        return counts

    def _subset(self, where: str, names: tuple[str, ...], known: set[str]) -> None:
        for name in set(names) - known:
            self._problem(where, f"unknown name {name!r}")

    def _none(self, where: str, entry: dict[str, Any]) -> NoneSpec | None:
        self._known(where, entry, "key cells patterns not_near score")
        pattern = self._words(where, entry, "patterns")
        if pattern is None:
            self._problem(f"{where}.patterns", "at least one pattern is needed")
            return None
        cells = self._texts(where, entry, "cells")
        return NoneSpec(
            key=self._text(where, entry, "key"),
            cells=tuple(self._address(f"{where}.cells", c) for c in cells),
            pattern=pattern,
            openings=self._openings(where, entry),
            cues=self._cues(where, entry),
            not_near=self._words(where, entry, "not_near"),
            score=self._number(where, entry, "score", 0.95),
        )

    def _none_signs(self) -> frozenset[str]:
        entries = self._entries("", self.data, "nones")
        patterns = [p for entry in entries for p in self._texts("", entry, "patterns")]
        try:
            return signs_of_nones(patterns, self.slots, self._counts)
        except PatternError:
            # Where it is wrong is told of the entry itself.
            return frozenset()

    def _derived(self, where: str, entry: dict[str, Any]) -> DerivedSpec | None:
        self._known(where, entry, "key sum label")
        text = self._text(where, entry, "sum")
        identity = (
            self._try(f"{where}.sum", lambda: parse_identity(f"{text} == x")) if text else None
        )
        if text and identity is None:
            return None
        terms = identity.expand(tuple(sorted(self.addresses))).left if identity else ()
        return DerivedSpec(
            key=self._text(where, entry, "key"),
            terms=tuple((sign, self._address(f"{where}.sum", key)) for sign, key in terms),
            label=self._text(where, entry, "label"),
        )

    def _example(self, where: str, entry: dict[str, Any]) -> Example:
        self._known(where, entry, "key text cell value section")
        cell = self._text(where, entry, "cell", "")
        if cell:
            self._address(f"{where}.cell", cell)
        return Example(
            text=self._text(where, entry, "text"),
            cell=cell,
            value=str(entry.get("value", "")),
            section=self._text(where, entry, "section", "overview"),
        )

    def _check(self, where: str, entry: dict[str, Any]) -> CheckSpec | None:
        rule = self.rules.get(self._text(where, entry, "rule"))
        if rule is None:
            self._problem(f"{where}.rule", f"unknown rule {entry.get('rule')!r}")
            return None
        params = {k: v for k, v in entry.items() if k not in ("rule", "key")}
        schema = rule.parameters
        for name in params.keys() - schema.keys():
            self._problem(f"{where}.{name}", f"rule {rule.id} has no such parameter")
        for name, parameter in schema.items():
            if parameter.default is Parameter.empty and name not in params:
                self._problem(f"{where}.{name}", f"rule {rule.id} needs this parameter")
        bound = {
            name: self._bind(f"{where}.{name}", schema[name].annotation, value)
            for name, value in params.items()
            if name in schema
        }
        return CheckSpec(key=str(entry.get("key", rule.id)), rule=rule.id, params=bound)

    def _bind(self, where: str, annotation: Any, value: Any) -> object:  # noqa: ANN401
        """Turn a TOML value into what a rule's parameter asks for."""
        if annotation is Identity:
            return self._try(where, lambda: parse_identity(str(value)))
        if annotation is Decimal and isinstance(value, int | float | str):
            return Decimal(str(value))
        if get_origin(annotation) is tuple and isinstance(value, list):
            return tuple(value)
        if annotation in (int, str, bool) and type(value) is annotation:
            return value
        if isinstance(value, str) and annotation is not int and annotation is not bool:
            return value
        self._problem(where, f"does not fit {annotation}")
        return None


def _addresses(tables: tuple[TableSpec, ...]) -> set[str]:
    return {
        f"{t.key}.{row.key}.{column}" for t in tables for row in t.rows for column in row.columns
    }
