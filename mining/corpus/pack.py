"""Packing: many small files into a few Parquet files, the same bytes whenever it is done."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pyarrow as pa

from mining.corpus.inputs import Input, Inputs
from mining.corpus.loading import Loader
from mining.corpus.packs import BASE, PackPart
from mining.corpus.packtarget import PackTarget, writing_pack
from mining.corpus.packwriter import CarriedVariables, PartWriter, is_packed
from mining.corpus.shards import Shard, digest_of, plan_shards
from mining.corpus.tasks import Tick
from mining.corpus.variables import VariableSources, common_schema
from mining.errors import ReadError
from mining.pipeline import read_report
from mining.present.sinks import Row, encodable
from mining.settings import Settings
from mining.version import __version__

__all__ = ["Packed", "pack_reports"]

_PART_REPORTS = 2_000
_SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """What packing did.

    Parameters
    ----------
    parts, kept
        How many files the pack has, and how many of them were there from an earlier attempt.
    unmatched
        Rows of the user's table that no report has.
    unfitting
        Reports whose path does not fit the pattern.
    """

    parts: int
    kept: int
    unmatched: int
    unfitting: int


def pack_reports(
    inputs: Inputs,
    out: str | Path,
    *,
    settings: Settings,
    variables: VariableSources | None = None,
    as_text: bool = False,
    force: bool = False,
    part_reports: int = 0,
    progress: Tick | None = None,
) -> Packed:
    """Write the contents of `inputs` to `out`, a file, or a folder when there are many.

    A report that can't be read is a row with the error. A folder that was left unfinished is
    gone on with, when inputs and options are as they were.

    Parameters
    ----------
    inputs
        What `mining.corpus.inputs.collect` found; reports of other packs bring their variables.
    out
        A path or address that ends in ``.parquet``.
    settings
        Limits.
    variables
        More variables, which stand above those of other packs.
    as_text
        Write the texts that the reports hold instead of the files.
    force
        Replace a pack that is there already.
    part_reports
        How many reports a file holds; 2,000 when not given.
    progress
        Called with the number of reports that are done since the last call.

    Raises
    ------
    SettingsError
        E401 when `out` has another suffix, or variables contradict each other.
    OutputError
        E501 when `out` can't be written, E506 when something else is there, E505 when an
        unfinished pack of other inputs is there.
    """
    sources = variables or VariableSources()
    shards = list(plan_shards(inputs, size=part_reports or _PART_REPORTS)) or [_EMPTY]
    schema = _schema(inputs, sources, as_text=as_text)
    job = _Job(schema=schema, sources=sources, settings=settings, n_parts=len(shards))
    plan = _plan(shards, sources, settings, as_text=as_text)
    with writing_pack(out):
        target = PackTarget(out, plan, is_single=len(shards) == 1)
        target.prepare(force=force)
        kept = job.write_all(shards, target, progress or (lambda _n: None))
        target.finish()
    names = [item.report_id for item in inputs.items]
    return Packed(
        parts=len(shards),
        kept=kept,
        unmatched=sources.n_unmatched(names),
        unfitting=sources.n_unfitting(names),
    )


def _plan(
    shards: Iterable[Shard], sources: VariableSources, settings: Settings, *, as_text: bool
) -> dict[str, object]:
    """Return all that two attempts must share for one to go on with the other's parts."""
    return {
        "schema": _SCHEMA_VERSION,
        "mining": __version__,
        "as_text": as_text,
        "max_bytes": settings.max_bytes,
        "variables": sources.digest,
        "parts": [digest_of(shard) for shard in shards],
    }


_EMPTY = Shard(index=0, start=0, failures=(), items=())


def _schema(inputs: Inputs, sources: VariableSources, *, as_text: bool) -> pa.Schema:
    """Return all columns: the variables are those of packs among the inputs, then the sources'."""
    packs = dict.fromkeys(item.path for item in inputs.items if is_packed(item))
    found: list[pa.Schema] = []
    for place in packs:
        with PackPart(place) as part:
            if part.variables not in found:
                found.append(part.variables)
    content = BASE.get_field_index("content")
    base = BASE.set(content, pa.field("text", pa.string())) if as_text else BASE
    return pa.schema([*base, *common_schema([pa.schema([]), *found, *sources.schemas])])


@dataclass(frozen=True, kw_only=True)
class _Job:
    """Writes parts."""

    schema: pa.Schema
    sources: VariableSources
    settings: Settings
    n_parts: int

    def write_all(self, shards: Iterable[Shard], target: PackTarget, tick: Tick) -> int:
        """Write the parts that are not there yet, and return how many are."""
        kept = 0
        for shard in shards:
            if target.has(shard):
                kept += 1
            else:
                with target.part(shard) as stream:
                    self._write(shard, stream)
            tick(len(shard))
        return kept

    def _write(self, shard: Shard, stream: pa.NativeFile) -> None:
        order = shard.index, self.n_parts
        with closing(PartWriter(stream, self.schema, order)) as part:
            for failure in shard.failures:
                error = ReadError(failure.message, code=failure.code)
                part.add(self._row(failure.report, error, {}))
            with Loader(settings=self.settings) as loader, CarriedVariables() as carried:
                for item in shard.items:
                    part.add(self._read(item, loader, carried))

    def _read(self, item: Input, loader: Loader, carried: CarriedVariables) -> Row:
        told: Row = {}
        try:
            told = carried.of(item)
            return self._row(item.report_id, self._content(item, loader), told)
        except ReadError as error:
            return self._row(item.report_id, error, told)

    def _content(self, item: Input, loader: Loader) -> bytes:
        data = loader.load(item)
        if "content" in self.schema.names:
            return data
        name, path = item.report_id, item.source
        report = read_report(data, report_id=name, path=path, settings=self.settings)
        return encodable(report.raw_text).encode()

    def _row(self, report: str, content: bytes | ReadError, told: Row) -> Row:
        name = encodable(report)
        row: Row = {**dict.fromkeys(self.schema.names), **told, **self.sources.of(report)}
        row |= {"report": name, "suffix": PurePosixPath(name).suffix.lower()}
        if isinstance(content, ReadError):
            return {**row, "error": content.code, "error_message": encodable(content.message)}
        row |= {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        if "content" in self.schema.names:
            return {**row, "content": content}
        return {**row, "text": content.decode()}
