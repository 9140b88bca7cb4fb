"""Where a pack is written: whole files only, and a plan until all of them are there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pyarrow as pa
from pyarrow import fs

from mining.corpus.packs import PLAN, SUFFIX, PackPart, is_pack
from mining.corpus.shards import Shard
from mining.corpus.storage import join, list_files, locate
from mining.errors import OutputError, ReadError, SettingsError

__all__ = ["PackTarget", "writing_pack"]


@contextmanager
def writing_pack(out: str | Path) -> Iterator[None]:
    """Turn any failure to write into an `OutputError` E501."""
    try:
        yield
    except OutputError:
        raise
    except (OSError, pa.ArrowException) as error:
        told = (getattr(error, "strerror", None) or str(error)).splitlines()[0]
        hint = "free some space, or choose another place; then run the same command again"
        msg = f"can't write: {told}"
        raise OutputError(msg, code="E501", path=out, hint=hint) from error


class PackTarget:
    """The file or folder of a pack, which is whole or says that it is not.

    Parameters
    ----------
    out
        A path or address that ends in ``.parquet``.
    plan
        All that two attempts must share for one to go on with the other's parts.
    is_single
        Whether the pack is one file.

    Raises
    ------
    SettingsError
        E401 when `out` has another suffix.
    """

    def __init__(self, out: str | Path, plan: Mapping[str, object], *, is_single: bool) -> None:
        if not is_pack(out):
            msg = "a packed corpus must be named *.parquet"
            raise SettingsError(msg, code="E401", path=out, hint="as in -o corpus.parquet")
        self._out, self._plan, self._is_single = out, plan, is_single
        self._system, self._path = locate(out)

    def prepare(self, *, force: bool) -> None:
        """Make room; keep what an earlier attempt left, if it had the same plan.

        Raises
        ------
        OutputError
            E506 when something else is there, E505 when an unfinished pack of another plan is.
        """
        names = list_files(self._out)
        told = self._plan_there() if names is not None and PLAN in names else None
        if told is not None and told == self._plan and not self._is_single:
            return
        kind = self._system.get_file_info(self._path).type
        if kind != fs.FileType.NotFound and names != []:
            self._refuse(force=force, is_begun=told is not None, names=names)
            self._remove(names)
        if self._is_single:
            self._system.create_dir(self._path.rpartition("/")[0] or "/", recursive=True)
        else:
            self._system.create_dir(self._path, recursive=True)
            self._write_plan()

    def _plan_there(self) -> object:
        with self._system.open_input_file(f"{self._path}/{PLAN}") as file:
            try:
                return json.loads(file.read())
            except ValueError:
                return {}

    def _refuse(self, *, force: bool, is_begun: bool, names: Sequence[str] | None) -> None:
        """Refuse to touch what is there, unless it is a pack and may be replaced."""
        foreign = [n for n in names or () if not n.removesuffix(".part").endswith((SUFFIX, PLAN))]
        if is_begun and not force:
            msg = "an unfinished pack of other inputs or options is there"
            hint = "give the same ones to go on, or --force to begin again"
            raise OutputError(msg, code="E505", path=self._out, hint=hint)
        if not force or foreign:
            msg = "there is something of this name"
            hint = "choose another name, or replace a pack with --force"
            raise OutputError(msg, code="E506", path=self._out, hint=hint)

    def _remove(self, names: Sequence[str] | None) -> None:
        if names is None:
            self._system.delete_file(self._path)
        else:
            self._system.delete_dir(self._path)

    def _write_plan(self) -> None:
        data = json.dumps(self._plan).encode()
        with self._system.open_output_stream(f"{self._path}/{PLAN}.part") as file:
            file.write(data)
        self._system.move(f"{self._path}/{PLAN}.part", f"{self._path}/{PLAN}")

    def _name(self, shard: Shard) -> str:
        return "" if self._is_single else f"/part-{shard.index:05}{SUFFIX}"

    def has(self, shard: Shard) -> bool:
        """Tell whether an earlier attempt left this part, whole."""
        if self._is_single:
            return False
        try:
            with PackPart(join(self._out, self._name(shard)[1:])) as part:
                return part.n_rows == len(shard)
        except ReadError:
            return False

    @contextmanager
    def part(self, shard: Shard) -> Iterator[pa.NativeFile]:
        """Lend a stream; what is written to it gets its name when it is whole."""
        path = f"{self._path}{self._name(shard)}"
        try:
            with self._system.open_output_stream(f"{path}.part") as stream:
                yield stream
        except BaseException:
            with suppress(OSError):
                self._system.delete_file(f"{path}.part")
            raise
        self._system.move(f"{path}.part", path)

    def finish(self) -> None:
        """Say that the pack is whole."""
        if not self._is_single:
            self._system.delete_file(f"{self._path}/{PLAN}")
