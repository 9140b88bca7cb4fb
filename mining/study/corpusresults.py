"""Results of studies that are made from a corpus: their folder and what settings tell of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from mining.study.corpus.collection import Corpus
from mining.study.results import StudyResults, study_results

__all__ = ["corpus_results", "corpus_settings"]


def corpus_settings(meta: Mapping[str, object]) -> dict[str, object]:
    """Return the settings of a result; what it was made from stands where `mining verify` looks."""
    corpus = meta["corpus"]
    told = dict(corpus) if isinstance(corpus, Mapping) else {}
    sources = {name: told.pop(name) for name in ("run", "files") if name in told}
    return {**sources, **meta, "corpus": told}


def corpus_results(
    corpus: Corpus,
    out: Path,
    study: str,
    settings: Mapping[str, object],
    formats: Sequence[str] = (),
) -> AbstractContextManager[StudyResults]:
    """Lend the results of a study of a corpus; see `mining.study.results.study_results`."""
    tables = corpus.origin.get("tables", ())
    known = tables if isinstance(tables, list) else ()
    return study_results(
        out, study, run=corpus.run, tables=known, settings=settings, formats=formats
    )
