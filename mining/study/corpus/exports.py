"""Documents as files that other tools read: spaCy, R's quanteda and stm."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mining.errors import SettingsError
from mining.present.sinks import encodable, writing
from mining.study.corpus.document import Document
from mining.words.segment import Segmenter

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

__all__ = ["write_docbin", "write_quanteda", "write_stm"]

# Documents of one file: enough to be few files, few enough to fit in memory many times over.
_SHARD = 2000


def write_docbin(documents: Iterable[Document], folder: Path, words: Segmenter) -> list[Path]:
    """Write documents as ``00000.spacy`` and so on, which spaCy reads from a folder in order.

    Tokens are the words of `words`, white space among them, so that offsets are those of the text.
    ``doc.user_data["mining"]`` holds the document's name, report, start and variables.

    Raises
    ------
    OutputError
        E501 when the folder can't be written.
    """
    # A second to load, for this alone.
    from spacy.tokens import DocBin  # noqa: PLC0415
    from spacy.vocab import Vocab  # noqa: PLC0415

    vocab, source, paths = Vocab(), iter(documents), list[Path]()
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        while shard := list(islice(source, _SHARD)):
            packed = DocBin(store_user_data=True)
            for document in shard:
                packed.add(_doc(document, words, vocab))
            paths.append(folder / f"{len(paths):05}.spacy")
            packed.to_disk(paths[-1])
    return paths


def _doc(document: Document, words: Segmenter, vocab: Vocab) -> Doc:
    from spacy.tokens import Doc  # noqa: PLC0415

    cut = words.cut(document.text)
    doc = Doc(vocab, words=cut, spaces=[False] * len(cut))
    doc.user_data["mining"] = {
        "name": document.name,
        "report": document.report,
        "section": document.section,
        "start": document.start,
        "variables": {name: _plain(value) for name, value in document.variables.items()},
    }
    return doc


def write_quanteda(documents: Iterable[Document], path: Path, variables: Sequence[str]) -> int:
    """Write a CSV table or JSON lines for ``readtext::readtext(FILE, text_field = "text")``.

    Raises
    ------
    SettingsError
        E401 when the suffix is neither .csv nor .jsonl.
    OutputError
        E501 when the file can't be written.
    """
    if path.suffix not in {".csv", ".jsonl"}:
        msg = f"can't write {path.suffix or 'a file without a suffix'}"
        raise SettingsError(msg, code="E401", path=path, hint="choose .csv or .jsonl")
    names = ["doc_id", "text", "report", "section", *(v for v in variables if v != "report")]
    n = 0
    with writing(path), path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        if path.suffix == ".csv":
            table.writerow(names)
        for n, row in enumerate(_rows(documents, names), start=1):  # noqa: B007 - counted
            if path.suffix == ".csv":
                table.writerow(row)
            else:
                told = dict(zip(names, row, strict=True))
                file.write(json.dumps(told, ensure_ascii=False) + "\n")
    return n


def _rows(documents: Iterable[Document], names: Sequence[str]) -> Iterator[list[object]]:
    for document in documents:
        first = (document.name, document.text, document.report, document.section)
        told = (document.variables.get(name) for name in names[4:])
        yield [_plain(value) for value in (*first, *told)]


def _plain(value: object) -> object:
    """Return a value that JSON and msgpack know."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, str):
        return encodable(value)
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)


def write_stm(
    folder: Path, terms: Sequence[str], counts: csr_matrix, documents: pd.DataFrame
) -> int:
    """Write counts in lda-c format, terms and variables; see `TermMatrix.to_stm`.

    Raises
    ------
    OutputError
        E501 when the folder can't be written.
    """
    kept = np.flatnonzero(np.diff(counts.indptr))
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _write_lines(folder / "vocab.txt", map(encodable, terms))
        _write_lines(folder / "documents.ldac", _ldac(counts, kept))
        text = documents.iloc[kept].to_csv(index=False, lineterminator="\n")
        (folder / "meta.csv").write_text(encodable(text), encoding="utf-8", newline="\n")
    return len(documents) - len(kept)


def _ldac(counts: csr_matrix, rows: Iterable[int]) -> Iterator[str]:
    for row in rows:
        part = slice(counts.indptr[row], counts.indptr[row + 1])
        pairs = zip(counts.indices[part].tolist(), counts.data[part].tolist(), strict=True)
        told = " ".join(f"{term}:{n}" for term, n in pairs)
        yield f"{part.stop - part.start} {told}"


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)
