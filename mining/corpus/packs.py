"""Packed corpora: reports as rows of Parquet files, and which reports are there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mining.corpus.archives import check_name
from mining.corpus.storage import join, list_files, locate
from mining.errors import ReadError

__all__ = [
    "BASE",
    "FOOTER",
    "PLAN",
    "SUFFIX",
    "PackPart",
    "PackRow",
    "is_pack",
    "part_places",
    "telling_damage",
]

SUFFIX = ".parquet"

BASE = pa.schema(
    [
        ("report", pa.string()),
        ("suffix", pa.string()),
        ("size", pa.int64()),
        ("sha256", pa.string()),
        ("content", pa.binary()),
        ("error", pa.string()),
        ("error_message", pa.string()),
    ]
)
"""Columns of every pack; the columns after them are document variables.

A report that could not be read when it was packed has no content, but the code and message of the
error: it will be a failed row of every audit, as if its file had been given.
"""

FOOTER = b"mining.pack"
"""Key in the footer of a part: as JSON, which part it is, of how many."""

PLAN = "_plan.json"
"""Lies in the folder of a pack that is not finished."""

_MAX_ROWS = 2_000_000
_MAX_NAME = 4_096
_NAMES_AT_ONCE = 20_000
_BUFFER = 1 << 20
_FAULTS = (OSError, pa.ArrowException, ValueError, OverflowError)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackRow:
    """A report in a part: its position, its id, the name that tells its format, why not to read it.

    `is_failed` tells that it could not be read when it was packed.
    """

    index: int
    report: str
    name: str
    is_failed: bool
    refusal: ReadError | None = None


def is_pack(place: str | Path) -> bool:
    """Tell whether `place` is named like a packed corpus."""
    return str(place).lower().rstrip("/").endswith(SUFFIX)


def part_places(place: str | Path) -> list[str]:
    """Return the files of a packed corpus, in order.

    Raises
    ------
    ReadError
        E105 when there are none, or when packing was not finished.
    """
    try:
        names = list_files(place)
    except OSError as error:
        raise _no_access(error, place) from error
    if names is None:
        return [str(place)]
    if PLAN in names:
        msg = "packing was not finished"
        hint = "run `mining corpus pack` again as before"
        raise ReadError(msg, code="E105", path=place, hint=hint)
    shown = [n for n in names if n.endswith(SUFFIX) and not _is_private(n)]
    if not shown:
        msg = "the folder holds no Parquet file"
        raise ReadError(msg, code="E105", path=place, hint="give a packed corpus")
    return [join(place, name) for name in shown]


def _is_private(name: str) -> bool:
    return any(part.startswith((".", "_")) for part in name.split("/"))


def _no_access(error: OSError, place: str | Path) -> ReadError:
    hint = "check that the file exists and may be read"
    return ReadError(error.strerror or str(error), code="E105", path=place, hint=hint)


def _no_pack(place: str | Path) -> ReadError:
    msg = "no packed corpus: it lacks the columns report and content (or text)"
    return ReadError(msg, code="E101", path=place, hint="see `mining corpus pack`")


@contextmanager
def telling_damage(place: str | Path) -> Iterator[None]:
    """Turn what a damaged file raises into a `ReadError`."""
    try:
        yield
    except (FileNotFoundError, PermissionError) as error:
        raise _no_access(error, place) from error
    except KeyError as error:  # as which it tells of a column that is not there
        raise _no_pack(place) from error
    except _FAULTS as error:
        told = (str(error) or type(error).__name__).splitlines()[0]
        msg = f"damaged Parquet file: {told}"
        raise ReadError(msg, code="E101", path=place, hint="pack the corpus again") from error


class PackPart:
    """One file of a packed corpus, open for reading.

    Parameters
    ----------
    place
        The file.

    Attributes
    ----------
    file, schema
        The open file and its columns.

    Raises
    ------
    ReadError
        E105 no access, E101 damaged or no packed corpus, E104 over a limit.
    """

    def __init__(self, place: str | Path) -> None:
        self.place = place
        with telling_damage(place):
            system, path = locate(place)
            source = system.open_input_file(path)
            try:
                self.file = pq.ParquetFile(
                    source,
                    read_dictionary=["report"],
                    buffer_size=_BUFFER,
                    pre_buffer=False,
                    page_checksum_verification=True,
                )
            except BaseException:
                source.close()
                raise
            self._source = source
        try:
            self.schema = self._checked_schema()
        except ReadError:
            self.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self.file.close()
        self._source.close()

    def __enter__(self) -> Self:
        """Return the part itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()

    def _checked_schema(self) -> pa.Schema:
        with telling_damage(self.place):
            schema, n_rows = self.file.schema_arrow, self.file.metadata.num_rows
        types = {name: schema.field(name).type for name in set(schema.names)}
        named = _is_text(types.get("report"))
        if not named or not (_is_text(types.get("text")) or _is_bytes(types.get("content"))):
            raise _no_pack(self.place)
        if len(types) < len(schema.names):
            msg = "two columns have the same name"
            raise ReadError(msg, code="E101", path=self.place, hint="rename one of them")
        if not 0 <= n_rows <= _MAX_ROWS:
            msg = f"the file tells of {n_rows} reports, more than {_MAX_ROWS}"
            raise ReadError(msg, code="E104", path=self.place, hint="split the file")
        return schema

    @property
    def n_rows(self) -> int:
        """Number of reports."""
        return int(self.file.metadata.num_rows)

    @property
    def n_parts(self) -> int:
        """How many parts the corpus has, as this one tells; 0 for a file of other origin."""
        told = (self.file.metadata.metadata or {}).get(FOOTER)
        try:
            return int(json.loads(told)["parts"]) if told else 0
        except (ValueError, KeyError, TypeError):
            return 0

    @property
    def variables(self) -> pa.Schema:
        """The document variables: columns that only this corpus has."""
        known = {*BASE.names, "text"}
        return pa.schema([field for field in self.schema if field.name not in known])

    def columns(self, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Yield the named columns in bounded batches; not meant for contents."""
        with telling_damage(self.place):
            yield from self.file.iter_batches(_NAMES_AT_ONCE, columns=names, use_threads=False)

    def rows(self) -> Iterator[PackRow]:
        """Yield all reports of the part without their contents.

        Raises
        ------
        ReadError
            E101, E104 as soon as the names prove damaged or longer than any name.
        """
        is_coded, is_text = "error" in self.schema.names, "content" not in self.schema.names
        index = 0
        for batch in self.columns(["report", "error"] if is_coded else ["report"]):
            failed = batch.column("error").is_valid() if is_coded else repeat(None)
            for report, told in zip(self._names(batch), failed, strict=is_coded):
                is_named = not is_text or report.lower().endswith(".txt")
                yield PackRow(
                    index=index,
                    report=report,
                    name=report if is_named else f"{report}.txt",
                    is_failed=told is not None and told.as_py(),
                    refusal=check_name(report),
                )
                index += 1

    def _names(self, batch: pa.RecordBatch) -> list[str]:
        names = batch.column("report")
        longest = pc.max(pc.binary_length(names.dictionary)).as_py() or 0
        if longest > _MAX_NAME or names.null_count:
            msg = "a report has no name, or one that is too long"
            raise ReadError(msg, code="E101", path=self.place, hint="name each report")
        with telling_damage(self.place):
            return list(names.to_pylist())


def _is_text(kind: pa.DataType | None) -> bool:
    if kind is not None and pa.types.is_dictionary(kind):
        kind = kind.value_type
    return kind is not None and (pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _is_bytes(kind: pa.DataType | None) -> bool:
    return kind is not None and (pa.types.is_binary(kind) or pa.types.is_large_binary(kind))
