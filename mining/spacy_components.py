"""spaCy components: sections, figures and points of a report as spans of its `Doc`.

spaCy finds the three components and the tokenizer through the entry points of the package, so that
``nlp.add_pipe("mining_figures")`` needs no import. Importing this module also sets the extensions,
which is needed to read documents that another process has made.
"""

# spaCy reads the types of the factories at run time: annotations are no strings here.
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup
from spacy.util import registry
from spacy.vocab import Vocab

from mining.pipeline import parse_report
from mining.present.rows import figure_rows, point_rows, section_rows
from mining.readers.text import check_limits
from mining.report import Report, Source
from mining.settings import Settings
from mining.spans import Span as Place
from mining.steps.points import with_themes
from mining.themes.classify import ThemeClassifier
from mining.words.segment import Engine, Segmenter, domain_words, segmenter

__all__ = [
    "Marker",
    "SegmentTokenizer",
    "ThemeMarker",
    "create_figures",
    "create_sections",
    "create_themes",
    "create_tokenizer",
]

Row = dict[str, Any]

# Stands for the name of a file, from which year and agency are read where there is one.
_NAME = "doc"
_SECTIONS, _FIGURES, _POINTS = "mining_sections", "mining_figures", "mining_points"
_META = ("year", "agency", "region", "level")
_TEMPLATE = "mining_template"
_ABOUT = (*(f"mining_{name}" for name in _META), _TEMPLATE)
_LABELS = MappingProxyType({_SECTIONS: "section", _FIGURES: "kind", _POINTS: "kind"})
_QUANTITY = ("value", "low", "high", "unit", "approx")


class SegmentTokenizer:
    """Cuts texts into the words of `mining.words.segment`; white space makes tokens of its own.

    Parameters
    ----------
    vocab
        Of the pipeline.
    engine
        ``jieba``, or ``rjieba`` from the extra ``[fast]``.
    words
        Terms to keep whole; the domain dictionary by default. A saved pipeline keeps its own.
    """

    def __init__(
        self, vocab: Vocab, *, engine: Engine = "jieba", words: Iterable[str] | None = None
    ) -> None:
        self.vocab = vocab
        self.engine: Engine = engine
        self.words = domain_words() if words is None else tuple(words)

    def __call__(self, text: str) -> Doc:
        """Return a `Doc` whose text is `text`, character by character.

        Raises
        ------
        SettingsError
            E404 when the engine is not installed.
        """
        words = self.segmenter.cut(text)
        return Doc(self.vocab, words=words, spaces=[False] * len(words))

    @cached_property
    def segmenter(self) -> Segmenter:
        """What cuts; made when the first text comes, as dictionaries take a second to load."""
        if self.words == domain_words():
            return segmenter(self.engine)
        return Segmenter(engine=self.engine, words=self.words)

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:  # noqa: ARG002 - spaCy's protocol
        """Return engine and terms."""
        told = {"engine": self.engine, "words": self.words}
        return json.dumps(told, ensure_ascii=False).encode()

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Self:  # noqa: ARG002
        """Take over engine and terms."""
        told = json.loads(data)
        self.__dict__.pop("segmenter", None)
        self.engine, self.words = told["engine"], tuple(told["words"])
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write engine and terms to a file."""
        Path(path).write_bytes(self.to_bytes(exclude=exclude))

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Self:
        """Read engine and terms from a file."""
        return self.from_bytes(Path(path).read_bytes(), exclude=exclude)


class Marker:
    """Writes one layer of the report that a `Doc` holds into the `Doc`.

    The rows of the layer become ``doc._.mining_sections``, ``mining_figures`` or
    ``mining_points``, with exact places in ``doc.text``; a group of spans shows them on the tokens.

    Parameters
    ----------
    layer
        Name of the document extension that takes the rows.
    spans_key
        Name of the group in ``doc.spans``.
    """

    def __init__(self, layer: str, spans_key: str) -> None:
        self.layer = layer
        self.spans_key = spans_key

    def __call__(self, doc: Doc) -> Doc:
        """Read the text of `doc` as a report and mark it.

        Raises
        ------
        ReadError
            E104 when the text passes the limits of `Settings`.
        """
        # spaCy joins the tokens each time that it is asked for the text.
        text = doc.text
        rows: list[Row] = []
        # A text without letters and digits is no report, and may be empty once it is normalised.
        if any(map(str.isalnum, text)):
            report = self.report(text)
            rows = [_placed(row, report) for row in _ROWS[self.layer](report)]
            for name, value in _about(report):
                doc._.set(name, value)
        doc._.set(self.layer, rows)
        spans = (_aligned(doc, text, self.layer, number) for number in range(len(rows)))
        doc.spans[self.spans_key] = SpanGroup(
            doc, name=self.spans_key, spans=[s for s in spans if s is not None]
        )
        return doc

    def report(self, text: str) -> Report:
        """Return `text` as a report with every layer."""
        return _read(text)


class ThemeMarker(Marker):
    """Marks points and their themes.

    Parameters
    ----------
    spans_key
        Name of the group in ``doc.spans``.
    model
        Folder of a model that `mining themes train` wrote; the one of the package by default. The
        model is read when the first document comes, and a saved pipeline holds a copy.
    """

    def __init__(self, spans_key: str, model: str | None) -> None:
        super().__init__(_POINTS, spans_key)
        self._folder = None if model is None else Path(model)
        self._classifier: ThemeClassifier | None = None

    def report(self, text: str) -> Report:
        """Return `text` as a report, its points with the themes that the model tells."""
        report = _read(text)
        if self._folder is None or not report.points:
            return report
        classify = self._model(self._folder).predict
        return replace(report, points=with_themes(report.text, report.points, classify))

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:  # noqa: ARG002
        """Write a copy of the user's model; that of the package stays where it is."""
        if self._folder is not None:
            self._model(self._folder).save(Path(path))

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Self:  # noqa: ARG002
        """Use the copy of the model, if there is one."""
        if self._folder is not None and Path(path).is_dir():
            self._folder, self._classifier = Path(path), None
        return self

    def _model(self, folder: Path) -> ThemeClassifier:
        if self._classifier is None:
            self._classifier = ThemeClassifier.load(folder)
        return self._classifier


@lru_cache(maxsize=1)
def _read(text: str) -> Report:
    """Return a text as a report; the components of a pipeline ask one after the other."""
    settings = Settings()
    check_limits(text, Path(_NAME), settings)
    raw = Report(id=_NAME, source=Source(uri=_NAME), raw_text=text)
    return parse_report(raw, settings=settings)[0]


def _about(report: Report) -> Iterator[tuple[str, str | int | None]]:
    """Yield who reports on which year, by name of extension."""
    if report.meta is not None:
        yield from ((f"mining_{name}", getattr(report.meta, name)) for name in _META)
    yield _TEMPLATE, report.template or None


def _section_rows(report: Report) -> Iterator[Row]:
    for row in section_rows(report):
        # A count of the normalised text, which may be longer or shorter.
        del row["n_chars"]
        yield row


def _point_rows(report: Report) -> Iterator[Row]:
    for row, point in zip(point_rows(report), report.points or (), strict=True):
        yield {**row, "themes": {label.theme: label.score for label in point.themes}}


_ROWS: Mapping[str, Callable[[Report], Iterator[Row]]] = MappingProxyType(
    {_SECTIONS: _section_rows, _FIGURES: figure_rows, _POINTS: _point_rows}
)


def _placed(row: Row, report: Report) -> Row:
    """Return a row with its place in the text of the `Doc`, from which nothing was normalised."""
    place = report.offsets.to_raw(Place(row["start"], row["end"]))
    told = {name: value for name, value in row.items() if name != "report"}
    told |= {"start": place.start, "end": place.end}
    if "text" in told:
        told["text"] = place.of(report.raw_text)
    return told


def _aligned(doc: Doc, text: str, layer: str, number: int) -> Span | None:
    """Return the tokens that a row touches, without white space at its ends.

    Nothing is returned for a stretch of white space alone.
    """
    row = doc._.get(layer)[number]
    shown = text[row["start"] : row["end"]]
    start = row["end"] - len(shown.lstrip())
    if start == row["end"]:
        return None
    return doc.char_span(
        start,
        start + len(shown.strip()),
        label=row[_LABELS[layer]],
        span_id=f"{layer}-{number}",
        alignment_mode="expand",
    )


def _row(span: Span) -> Row | None:
    """Return the row that a span of a group shows; spans of other origin have none."""
    layer, _, number = span.id_.rpartition("-")
    rows = span.doc._.get(layer) if layer in _LABELS else None
    return rows[int(number)] if rows and number.isdecimal() and int(number) < len(rows) else None


def _quantity(span: Span) -> Row | None:
    row = _row(span)
    return {name: row[name] for name in _QUANTITY} if row and "approx" in row else None


def _themes(span: Span) -> dict[str, float] | None:
    row = _row(span)
    return row.get("themes") if row else None


def _answers(span: Span) -> Span | None:
    row = _row(span)
    if row is None or row.get("answers") is None:
        return None
    return _aligned(span.doc, span.doc.text, _POINTS, row["answers"])


def _set_extensions() -> None:
    """Set the extensions; one of the same name that a user has set before stays."""
    for name in (*_ROWS, *_ABOUT):
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=None)
    for name, getter in _GETTERS.items():
        if not Span.has_extension(name):
            Span.set_extension(name, getter=getter)


_GETTERS: Mapping[str, Callable[[Span], object]] = MappingProxyType(
    {"mining": _row, "quantity": _quantity, "themes": _themes, "answers": _answers}
)
_set_extensions()
_ASSIGNS = ("doc.spans", *(f"doc._.{name}" for name in _ABOUT), "span._.mining")


def create_tokenizer(
    engine: Engine = "jieba", words: list[str] | None = None
) -> Callable[[Language], SegmentTokenizer]:
    """Return what makes the tokenizer of a pipeline; see `SegmentTokenizer`."""

    def make(nlp: Language) -> SegmentTokenizer:
        return SegmentTokenizer(nlp.vocab, engine=engine, words=words)

    return make


registry.tokenizers.register("mining.segmenter.v1", func=create_tokenizer)


@Language.factory(
    "mining_sections",
    assigns=(*_ASSIGNS, "doc._.mining_sections"),
    default_config={"spans_key": "sections"},
)
def create_sections(nlp: Language, name: str, spans_key: str) -> Marker:  # noqa: ARG001
    """Make the component ``mining_sections``."""
    return Marker(_SECTIONS, spans_key)


@Language.factory(
    "mining_figures",
    assigns=(*_ASSIGNS, "doc._.mining_figures", "span._.quantity"),
    default_config={"spans_key": "figures"},
)
def create_figures(nlp: Language, name: str, spans_key: str) -> Marker:  # noqa: ARG001
    """Make the component ``mining_figures``."""
    return Marker(_FIGURES, spans_key)


@Language.factory(
    "mining_themes",
    assigns=(*_ASSIGNS, "doc._.mining_points", "span._.themes", "span._.answers"),
    default_config={"spans_key": "points", "model": None},
)
def create_themes(
    nlp: Language,  # noqa: ARG001
    name: str,  # noqa: ARG001
    spans_key: str,
    model: str | None,
) -> ThemeMarker:
    """Make the component ``mining_themes``."""
    return ThemeMarker(spans_key, model)
