"""What a packed corpus holds: counts by format, year and size, doubles, and damage."""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from mining.corpus.packrows import PackContents
from mining.corpus.packs import PackPart, part_places
from mining.corpus.variables import YEAR
from mining.errors import ReadError
from mining.settings import Settings

__all__ = ["Damage", "PackInfo", "describe_pack"]

_SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
# So many reports that occur twice are named.
_SHOWN = 10
_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Damage:
    """A part or a report that can't be read any more, and why."""

    where: str
    code: str
    message: str


@dataclass(slots=True, kw_only=True)
class PackInfo:
    """What a packed corpus holds.

    Parameters
    ----------
    parts, reports, failed
        Files that can be read; reports in them; how many of these could not be read when packed.
    n_bytes
        Size of all contents, before compression.
    formats, years, sizes
        Reports by suffix, by year (empty when no year is told), by size.
    variables
        For each document variable, how many reports have it.
    doubles
        How many reports have the same content as one before them.
    shown_doubles
        Some of them: the names that share a content.
    damage
        What can't be read.
    """

    parts: int = 0
    reports: int = 0
    failed: int = 0
    n_bytes: int = 0
    formats: Counter[str] = field(default_factory=Counter)
    years: Counter[str] = field(default_factory=Counter)
    sizes: Counter[str] = field(default_factory=Counter)
    variables: Counter[str] = field(default_factory=Counter)
    doubles: int = 0
    shown_doubles: list[Sequence[str]] = field(default_factory=list)
    damage: list[Damage] = field(default_factory=list)

    def told(self) -> Mapping[str, object]:
        """Return all as plain data."""
        told = {item.name: getattr(self, item.name) for item in fields(self)}
        return {**told, "damage": [asdict(damage) for damage in self.damage]}


def describe_pack(place: str | Path, *, verify: bool = False) -> PackInfo:
    """Return what a packed corpus holds; contents are read only with `verify`.

    Raises
    ------
    ReadError
        E105 when there is no such corpus, or packing it was not finished.
    """
    info, digests, n_told = PackInfo(), array("Q"), 0
    places = part_places(place)
    for path in places:
        try:
            with PackPart(path) as part:
                n_told = max(n_told, part.n_parts)
                _add_part(info, part, digests)
            if verify:
                info.damage.extend(_differing(path))
        except ReadError as error:
            info.damage.append(Damage(path, error.code, error.message))
    if len(places) < n_told and places != [str(place)]:
        msg = f"{n_told - len(places)} of {n_told} parts are missing"
        info.damage.append(Damage(str(place), "E105", msg))
    counted = pc.value_counts(pa.array(digests, pa.uint64()))
    twice = counted.filter(pc.greater(counted.field("counts"), 1))
    info.doubles = (pc.sum(twice.field("counts")).as_py() or 0) - len(twice)
    wanted = set(twice.field("values")[:_SHOWN].to_pylist())
    info.shown_doubles = _names(places, wanted) if wanted else []
    return info


def _add_part(info: PackInfo, part: PackPart, digests: array[int]) -> None:
    info.parts += 1
    known = [n for n in ("suffix", "size", "sha256", "error") if n in part.schema.names]
    names = part.variables.names
    for batch in part.columns([*known, *names] or ["report"]):
        info.reports += batch.num_rows
        if "error" in known:
            info.failed += batch.num_rows - batch.column("error").null_count
        if "suffix" in known:
            info.formats.update(s or "" for s in batch.column("suffix").to_pylist())
        if "size" in known:
            sizes = [s for s in batch.column("size").to_pylist() if s is not None]
            info.n_bytes += sum(sizes)
            info.sizes.update(map(_size_class, sizes))
        if "sha256" in known:
            digests.extend(_short(d) for d in batch.column("sha256").to_pylist() if d)
        for name in names:
            told = batch.num_rows - batch.column(name).null_count
            info.variables[name] += told
        if YEAR in names:
            info.years.update(str(y) for y in batch.column(YEAR).to_pylist() if y is not None)


def _size_class(size: int) -> str:
    """Return the class of a size, as the number that it stays below."""
    return str(next((limit for limit in _SIZES if size < limit), ""))


def _short(digest: str) -> int:
    """Return the first 64 bits of a digest: among millions, two that agree are one content."""
    try:
        return int(digest[:_DIGITS], 16)
    except ValueError:
        msg = f"damaged Parquet file: {digest[:_DIGITS]!r} is no SHA-256"
        raise ReadError(msg, code="E101") from None


def _names(places: Sequence[str], wanted: set[int]) -> list[Sequence[str]]:
    """Return the reports of some contents."""
    found: dict[str, list[str]] = {}
    for place in places:
        try:
            with PackPart(place) as part:
                for batch in part.columns(["report", "sha256"]):
                    rows = (batch.column(n).to_pylist() for n in ("report", "sha256"))
                    for report, digest in zip(*rows, strict=True):
                        if digest and _short(digest) in wanted:
                            found.setdefault(digest, []).append(report)
        except ReadError:
            continue  # told as damage already
    return list(found.values())


def _differing(place: str) -> Iterator[Damage]:
    """Yield the reports whose contents are not what they were."""
    contents = PackContents(place)
    settings = Settings()
    try:
        with PackPart(place) as part:
            digests = _digests(part)
            for row in part.rows():
                expected = next(digests)
                if row.is_failed:
                    continue
                try:
                    data = contents.read(row.index, settings=settings)
                except ReadError as error:
                    yield Damage(row.report, error.code, error.message)
                    continue
                if expected is not None and hashlib.sha256(data).hexdigest() != expected:
                    yield Damage(row.report, "E101", "its content is not what was packed")
    finally:
        contents.close()


def _digests(part: PackPart) -> Iterator[str | None]:
    if "sha256" not in part.schema.names:
        for _ in range(part.n_rows):
            yield None
        return
    for batch in part.columns(["sha256"]):
        yield from batch.column("sha256").to_pylist()
