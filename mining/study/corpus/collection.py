"""`Corpus`: many reports with document variables, cut, grouped, sampled and streamed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from mining.catalog import READERS
from mining.corpus.inputs import collect
from mining.corpus.manifest import digest
from mining.errors import ReadError, SettingsError
from mining.finding import Failure
from mining.history.mapping import AgencyMap
from mining.settings import Settings
from mining.study.agencies import map_digest
from mining.study.corpus.document import Document
from mining.study.corpus.exports import write_docbin, write_quanteda
from mining.study.corpus.ordering import stream_ordered
from mining.study.corpus.pieces import Piece, Pieces, Unit, load_pieces, sentence_spans
from mining.study.corpus.reading import Scratch, read_inputs, read_texts
from mining.study.corpus.variables import Joined, join_variables, load_variables, packed_variables
from mining.study.frames import UNKNOWN, load_reports
from mining.words.segment import Segmenter, segmenter

__all__ = ["Corpus", "open_corpus"]

_SECTIONS = (
    *("preface", "overview", "disclosure", "applications", "litigation", "problems"),
    *("other", "fees", "attachment", "unknown"),
)
_KINDS = ("problem", "improvement", "neither")
_RUN_TABLES = ("reports", "texts", "sections", "points")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Corpus:
    """Reports of a run, or read by themselves; every method returns another corpus.

    Texts stay on disk and come one at a time; only the document variables are in memory.
    Documents come in the order of the names of their reports, whatever order these were read in.

    Parameters
    ----------
    run
        Folder with the tables ``reports``, ``texts``, ``sections`` and ``points``.
    variables
        One row per report: ``report``, ``agency``, ``region``, ``province``, ``level``, ``kind``,
        ``year``, ``template``, and the user's own.
    unit
        What a document is, unless `by_sentence`.
    section_keys, point_kinds
        Sections and kinds of points that documents are taken from; all when empty.
    by_sentence
        Whether each sentence of these is a document of its own.
    origin
        What it was made from, for the settings of a result.
    failures
        Reports that could not be read.
    unmatched
        Rows of users' tables that no report has.
    """

    run: Path
    variables: pd.DataFrame
    unit: Unit = "report"
    section_keys: tuple[str, ...] = ()
    point_kinds: tuple[str, ...] = ()
    by_sentence: bool = False
    origin: Mapping[str, object] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    unmatched: tuple[pd.DataFrame, ...] = ()
    scratch: Scratch | None = None

    @classmethod
    def from_run(cls, run: str | Path, *, agencies: AgencyMap | None = None) -> Corpus:
        """Return the reports of an audit's folder of results.

        Raises
        ------
        StudyError
            E701 when tables are missing.
        """
        path = Path(run)
        tables = [name for name in _RUN_TABLES if (path / f"{name}.parquet").exists()]
        origin: dict[str, object] = {"run": path.as_posix(), "tables": tables}
        return cls._of(path, agencies, origin)

    @classmethod
    def from_folder(
        cls,
        *paths: str | Path,
        points: bool = False,
        workers: int = 1,
        settings: Settings | None = None,
        agencies: AgencyMap | None = None,
    ) -> Corpus:
        """Read files, folders, globs and zip archives, as `mining audit` takes them.

        Parameters
        ----------
        paths
            The inputs. They are read once, into a temporary folder.
        points
            Whether points are wanted, which takes several times as long.
        workers
            Number of processes that read.
        settings
            Limits.
        agencies
            A user's file of agencies that are the same.

        Raises
        ------
        ReadError
            E105 when a path names nothing, E106 when there is no report at all.
        """
        settings, scratch = settings or Settings(), Scratch()
        found = collect(paths, suffixes=frozenset(READERS), settings=settings)
        if not found.items:
            msg = "no readable report was found; formats read: " + " ".join(sorted(READERS))
            told = " ".join(map(str, paths))
            raise ReadError(msg, code="E106", path=told, hint="give other inputs")
        failed = read_inputs(
            found.items, scratch.path, settings=settings, points=points, workers=workers
        )
        sources = sorted({item.path for item in found.items})
        origin: dict[str, object] = {"files": {p.as_posix(): digest(p) for p in sources}}
        corpus = cls._of(scratch.path, agencies, origin)
        return replace(corpus, failures=(*found.failures, *failed), scratch=scratch)

    @classmethod
    def from_parquet(
        cls,
        path: str | Path,
        *,
        points: bool = False,
        workers: int = 1,
        settings: Settings | None = None,
        agencies: AgencyMap | None = None,
    ) -> Corpus:
        """Read texts from a Parquet file or a folder of such files.

        Parameters
        ----------
        path
            With the columns ``report`` and ``text``; all others are document variables, and stand
            above what the texts tell of agency, year and so on.
        points, workers, settings, agencies
            As for `from_folder`.

        Raises
        ------
        StudyError
            E701 when a column is missing, a name comes twice or the file can't be read.
        """
        path, scratch = Path(path), Scratch()
        table = packed_variables(path)
        failed = read_texts(
            path,
            scratch.path,
            settings=settings or Settings(),
            points=points,
            workers=workers,
        )
        origin: dict[str, object] = {"files": {path.as_posix(): digest(path)}}
        corpus = cls._of(scratch.path, agencies, origin)
        if len(table.columns) > 1:
            joined = join_variables(corpus.variables, table, path=path)
            corpus = replace(corpus, variables=joined.variables)
        return replace(corpus, failures=failed, scratch=scratch)

    @classmethod
    def _of(cls, run: Path, agencies: AgencyMap | None, origin: Mapping[str, object]) -> Corpus:
        reports = load_reports(run, agencies=agencies).drop(columns="is_known")
        told = {**origin, "agencies": map_digest(agencies)}
        return cls(run=run, variables=reports, origin=told)

    def __repr__(self) -> str:
        unit = "sentence" if self.by_sentence else self.unit
        return f"<Corpus: {len(self)} reports, {unit} by {unit}>"

    def __len__(self) -> int:
        """Return the number of reports."""
        return len(self.variables)

    def join(self, table: pd.DataFrame | str | Path) -> Corpus:
        """Add document variables of a user's table; see `mining.study.corpus.variables`.

        Rows that no report has are kept in `unmatched`, to be told.

        Raises
        ------
        StudyError
            E703 when the table can't be read or joined.
        """
        path = Path(table) if isinstance(table, (str, Path)) else None
        given: pd.DataFrame = table if path is None else load_variables(path)
        joined: Joined = join_variables(self.variables, given, path=path)
        text = given.to_csv(index=False).encode()
        known = [*self._told_list("joined"), hashlib.sha256(text).hexdigest()]
        return replace(
            self,
            variables=joined.variables,
            unmatched=(*self.unmatched, joined.unmatched),
            origin={**self.origin, "joined": known},
        )

    def filter(
        self, condition: Callable[[pd.DataFrame], pd.Series] | None = None, /, **values: object
    ) -> Corpus:
        """Keep the reports whose variables have the values given, or one of them.

        Parameters
        ----------
        condition
            Tells from the table of variables which rows to keep.
        values
            A value or a collection of values for each variable named.

        Examples
        --------
        ``corpus.filter(year=[2020, 2021], level="county")``
        """
        chosen = pd.Series(data=True, index=self.variables.index)
        for name, wanted in values.items():
            column = self._column(name)
            many = wanted if isinstance(wanted, Iterable) and not isinstance(wanted, str) else None
            chosen &= column.isin([wanted] if many is None else list(many)).astype(bool)
        if condition is not None:
            chosen &= condition(self.variables).fillna(value=False).astype(bool)
        return replace(self, variables=self.variables[chosen].reset_index(drop=True))

    def group_by(self, name: str) -> Iterator[tuple[object, Corpus]]:
        """Yield each value of a variable with its reports, in order; `UNKNOWN` stands for none."""
        told = self._column(name).astype(object)
        told = told.where(told.notna(), UNKNOWN)
        for value in sorted(told.unique(), key=lambda v: (isinstance(v, str), v)):
            rows = self.variables[told == value].reset_index(drop=True)
            yield value, replace(self, variables=rows)

    def sample(self, n: int, *, seed: int = 0) -> Corpus:
        """Keep `n` reports by chance; which ones depends on their names and the seed alone."""
        names = self.variables["report"]
        marks = [
            hashlib.blake2b(f"{seed}\0{name}".encode(errors="replace")).digest() for name in names
        ]
        chosen = sorted(sorted(range(len(marks)), key=marks.__getitem__)[: max(n, 0)])
        return replace(self, variables=self.variables.iloc[chosen].reset_index(drop=True))

    def sections(self, *keys: str) -> Corpus:
        """Make each section a document, without its heading; all sections when none is named."""
        _check(keys, _SECTIONS, "section")
        return replace(self, unit="section", section_keys=keys, by_sentence=False)

    def points(self, *kinds: str) -> Corpus:
        """Make each point of the problem sections a document; of all kinds when none is named."""
        _check(kinds, _KINDS, "kind of point")
        return replace(self, unit="point", point_kinds=kinds, by_sentence=False)

    def sentences(self) -> Corpus:
        """Make each sentence of what are documents now a document of its own."""
        return replace(self, by_sentence=True)

    def documents(self) -> Iterator[Document]:
        """Yield the documents in order; memory does not grow with their number."""
        names = self.variables["report"]
        columns = {c: self._values(c) for c in self.variables.columns if c != "report"}
        pieces = self._pieces(names)
        for row, text in stream_ordered(self.run, names):
            report = names.iloc[row]
            variables = {name: values[row] for name, values in columns.items()}
            for name, section, start, end in self._cut(row, text, pieces):
                whole = f"{report}#{name}" if name else report
                yield Document(whole, report, text[start:end], start, section, variables)

    def _pieces(self, names: pd.Series) -> Pieces | None:
        if self.unit == "report":
            return None
        return load_pieces(
            self.run, self.unit, names, sections=self.section_keys, kinds=self.point_kinds
        )

    def _cut(
        self, row: int, text: str, pieces: Pieces | None
    ) -> Iterator[tuple[str, str, int, int]]:
        whole = (Piece("", "", 0, len(text)),)
        for piece in whole if pieces is None else pieces.of(row, text):
            if not self.by_sentence:
                yield piece.name, piece.section, piece.start, piece.end
                continue
            for i, (start, end) in enumerate(sentence_spans(text, piece.start, piece.end), 1):
                yield f"{piece.name}.{i}" if piece.name else str(i), piece.section, start, end

    def to_pandas(self) -> pd.DataFrame:
        """Return all documents with their texts and variables as one table, in memory."""
        columns = ["document", "report", "section", "start", "end", "text"]
        told = [c for c in self.variables.columns if c != "report"]
        rows = (
            (d.name, d.report, d.section, d.start, d.end, d.text, *map(d.variables.get, told))
            for d in self.documents()
        )
        return pd.DataFrame(rows, columns=[*columns, *told])

    def to_docbin(self, folder: str | Path, *, words: Segmenter | None = None) -> list[Path]:
        """Write the documents as spaCy's ``DocBin`` files; see `mining.study.corpus.exports`."""
        return write_docbin(self.documents(), Path(folder), words or segmenter())

    def to_quanteda(self, path: str | Path) -> int:
        """Write ``doc_id``, ``text`` and the variables as .csv or .jsonl; return how many."""
        return write_quanteda(self.documents(), Path(path), list(self.variables.columns))

    def settings(self) -> dict[str, object]:
        """Return all that decides which documents there are, for the settings of a result."""
        names = "\n".join(self.variables["report"]).encode(errors="replace")
        return {
            **self.origin,
            "unit": self.unit,
            "sections": list(self.section_keys),
            "kinds": list(self.point_kinds),
            "by_sentence": self.by_sentence,
            "reports": len(self),
            "reports_hash": hashlib.sha256(names).hexdigest()[:16],
        }

    def _column(self, name: str) -> pd.Series:
        if name not in self.variables:
            msg = f"no document variable {name}"
            known = ", ".join(self.variables.columns)
            raise SettingsError(msg, code="E401", hint=f"choose from {known}")
        return self.variables[name]

    def _values(self, name: str) -> list[object]:
        column = self.variables[name].astype(object)
        return list(column.where(column.notna(), None))

    def _told_list(self, name: str) -> Sequence[object]:
        told = self.origin.get(name, ())
        return told if isinstance(told, list) else []


def open_corpus(
    inputs: Sequence[str | Path],
    *,
    points: bool = False,
    workers: int = 1,
    agencies: AgencyMap | None = None,
) -> Corpus:
    """Return the corpus that a command's arguments name: a run, a Parquet file, or reports."""
    first = Path(inputs[0])
    options: dict[str, Any] = {"points": points, "workers": workers, "agencies": agencies}
    if len(inputs) == 1 and (first / "texts.parquet").exists():
        return Corpus.from_run(first, agencies=agencies)
    if len(inputs) == 1 and (first.suffix.lower() == ".parquet"):
        return Corpus.from_parquet(first, **options)
    return Corpus.from_folder(*inputs, **options)


def _check(given: Sequence[str], known: Sequence[str], what: str) -> None:
    if unknown := [name for name in given if name not in known]:
        msg = f"unknown {what}: {', '.join(unknown)}"
        raise SettingsError(msg, code="E401", hint=f"choose from {', '.join(known)}")
