"""Finding the reports of a run: files, folders, globs, archives, packed corpora; in order.

Nothing is lost silently: what is not a report is counted by reason, and what can't be opened
becomes a `Failure`.
"""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from mining.corpus.archives import Member, list_members
from mining.corpus.outputs import work_path
from mining.corpus.packs import PackPart, PackRow, is_pack, part_places
from mining.corpus.storage import is_remote
from mining.corpus.webarchives import is_web_archive, list_captures
from mining.errors import MiningError, MissingExtraError, ReadError
from mining.finding import Failure
from mining.settings import Settings

__all__ = ["Input", "Inputs", "collect"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One report to read.

    Parameters
    ----------
    report_id
        Path relative to the input it came with; unique in a run.
    path
        The file on disk; for a report in an archive or a packed corpus, that file. The address of
        a corpus elsewhere is a path too: see `mining.corpus.storage`.
    member
        Position of the report in its archive or pack, or ``None`` for a plain file.
    name
        Name of the report in its archive or pack, decoded; empty for a plain file.
    """

    report_id: str
    path: Path
    member: int | None = None
    name: str = ""

    @property
    def source(self) -> Path:
        """Where the report stands, as shown to people and used to pick a reader."""
        return self.path / self.name if self.name else self.path


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What `collect` found.

    Parameters
    ----------
    items
        The reports, in the order of the run.
    failures
        Folders, archives and packs that can't be opened.
    skipped
        How many files were left out, by reason: a suffix, ``hidden``, ``duplicate`` or
        ``older capture`` (of a page in a web archive).
    """

    items: tuple[Input, ...]
    failures: tuple[Failure, ...] = ()
    skipped: Mapping[str, int]


def collect(
    arguments: Iterable[str | Path],
    *,
    suffixes: frozenset[str],
    settings: Settings,
    exclude: Path | None = None,
) -> Inputs:
    """Find the reports that `arguments` name.

    Parameters
    ----------
    arguments
        Files, folders (searched to the bottom), glob patterns, zip and web archives, packed
        corpora. A pack must be named itself: in a folder, Parquet files are most likely results.
    suffixes
        Suffixes of readable files, lower case with the dot.
    settings
        Limits for archives.
    exclude
        A folder to leave out, and what belongs to it: the results of an earlier run, or of one
        that is not finished yet, may lie inside the input.

    Returns
    -------
    Inputs
        In the order of the arguments, names sorted within each; a file named twice comes once.

    Raises
    ------
    ReadError
        E105 when an argument names nothing at all: most likely a slip of the pen.
    """
    search = _Search(suffixes, settings, exclude)
    groups = [(_label(str(a)), list(search.argument(str(a)))) for a in arguments]
    return Inputs(
        items=tuple(_unique_ids(groups)),
        failures=tuple(search.failures),
        skipped={reason: n for reason, n in sorted(search.skipped.items()) if n},
    )


class _Search:
    """One walk over all arguments, which remembers what was seen and what was left out."""

    def __init__(self, suffixes: frozenset[str], settings: Settings, exclude: Path | None) -> None:
        self.suffixes = suffixes
        self.settings = settings
        self.failures: list[Failure] = []
        self.skipped: Counter[str] = Counter()
        self._files: set[str] = set()
        # A folder that a link leads back to has been seen already, which ends every loop.
        self._folders: set[tuple[int, int]] = set()
        if exclude is not None and exclude.is_dir():
            self._folders.add(_identity(exclude))
        self._work = None if exclude is None else work_path(exclude)

    def argument(self, text: str) -> Iterator[Input]:
        """Yield the reports of one argument; an existing path is never taken for a pattern."""
        path = Path(text)
        if os.path.lexists(path) or is_remote(text):
            yield from self._existing(path)
            return
        found = sorted(glob.glob(text, recursive=True)) if glob.has_magic(text) else []
        if not found:
            msg = "no such file or folder"
            raise ReadError(msg, code="E105", path=path, hint="check the spelling of the path")
        base = _fixed_part(text)
        for name in found:
            if is_pack(name):
                yield from self._pack(Path(name))
            else:
                yield from self._below(Path(name), base)

    def _existing(self, path: Path) -> Iterator[Input]:
        if is_pack(path) or is_remote(path):
            yield from self._pack(path)
        elif os.path.isdir(path):
            yield from self._below(path, path)
        elif _is_archive(path):
            yield from self._archive(path, "")
        else:
            yield from self._file(path, path.name)

    def _below(self, top: Path, base: Path) -> Iterator[Input]:
        # A stack, not recursion: folders may be nested deeper than Python's limit on calls.
        stack = [top]
        while stack:
            path = stack.pop()
            if os.path.isdir(path):
                stack.extend(reversed(self._children(path, base)))
            else:
                yield from self._entry(path, base)

    def _children(self, folder: Path, base: Path) -> list[Path]:
        try:
            identity = _identity(folder)
            seen = identity in self._folders
            paths = () if seen else folder.iterdir()
            names = sorted(path.name for path in paths if path.absolute() != self._work)
        except OSError as error:
            self._fail(_relative(folder, base), folder, _why(error))
            return []
        self._folders.add(identity)
        shown = [n for n in names if not _is_hidden(n)]
        self.skipped["hidden"] += len(names) - len(shown)
        return [folder / n for n in shown]

    def _entry(self, path: Path, base: Path) -> Iterator[Input]:
        name = _relative(path, base)
        if _is_archive(path):
            yield from self._archive(path, name)
        elif path.suffix.lower() in self.suffixes:
            yield from self._file(path, name)
        else:
            self.skipped[path.suffix.lower() or "no suffix"] += 1

    def _file(self, path: Path, report_id: str) -> Iterator[Input]:
        if self._is_new(path):
            yield Input(report_id=report_id, path=path)

    def _is_new(self, path: Path) -> bool:
        real = os.path.realpath(path)
        if real in self._files:
            self.skipped["duplicate"] += 1
            return False
        self._files.add(real)
        return True

    def _archive(self, path: Path, name: str) -> Iterator[Input]:
        if not self._is_new(path):
            return
        try:
            if is_web_archive(path):
                members = self._captures(path, name)
            else:
                members = list_members(path, settings=self.settings)
        except OSError as error:
            self._fail(name or path.name, path, _why(error))
            return
        except (ReadError, MissingExtraError) as error:
            self._fail(name or path.name, path, error)
            return
        for member in members:
            yield from self._member(member, path, name)

    def _captures(self, path: Path, name: str) -> tuple[Member, ...]:
        captures = list_captures(path, settings=self.settings)
        self.skipped["older capture"] += captures.older
        if captures.damage is not None:
            self._fail(name or path.name, path, captures.damage)
        return captures.members

    def _member(self, member: Member, path: Path, name: str) -> Iterator[Input]:
        report_id = f"{name}/{member.name}" if name else member.name
        suffix = PurePosixPath(member.name).suffix.lower()
        if any(_is_hidden(part) for part in member.name.split("/")):
            self.skipped["hidden"] += 1
        elif suffix not in self.suffixes:
            self.skipped[suffix or "no suffix"] += 1
        elif member.refusal is not None:
            self._fail(report_id, path / member.name, member.refusal)
        else:
            yield Input(report_id=report_id, path=path, member=member.index, name=member.name)

    def _pack(self, path: Path) -> Iterator[Input]:
        try:
            places = part_places(path)
        except ReadError as error:
            self._fail(path.name, path, error)
            return
        n_told = 0
        for place in map(Path, places):
            if not self._is_new(place):
                continue
            try:
                with PackPart(place) as part:
                    n_told = max(n_told, part.n_parts)
                    yield from filter(None, (self._packed(row, place) for row in part.rows()))
            except ReadError as error:
                self._fail(_relative(place, path.parent), place, error)
        if len(places) < n_told and places != [str(path)]:
            msg = f"{n_told - len(places)} of {n_told} parts are missing"
            self._fail(path.name, path, ReadError(msg, code="E105"))

    def _packed(self, row: PackRow, place: Path) -> Input | None:
        suffix = PurePosixPath(row.name).suffix.lower()
        # Loading a report that failed when it was packed tells why.
        if row.refusal is not None and not row.is_failed:
            self._fail(row.report, place / row.name, row.refusal)
            return None
        if suffix not in self.suffixes and not row.is_failed:
            self.skipped[suffix or "no suffix"] += 1
            return None
        return Input(report_id=row.report, path=place, member=row.index, name=row.name)

    def _fail(self, report_id: str, path: Path, error: MiningError) -> None:
        self.failures.append(
            Failure(report=report_id, source=str(path), code=error.code, message=error.message)
        )


def _why(error: OSError) -> ReadError:
    return ReadError(error.strerror or str(error), code="E105")


def _is_archive(path: Path) -> bool:
    return path.suffix.lower() == ".zip" or is_web_archive(path)


def _is_hidden(name: str) -> bool:
    # Word keeps a lock file "~$name" beside an open document; macOS adds __MACOSX to archives.
    # A name that starts with ".." is no hidden file but an attempt to leave the archive.
    dotted = name.startswith((".", "~$")) and not name.startswith("..")
    return dotted or name == "__MACOSX"


def _identity(folder: Path) -> tuple[int, int]:
    facts = folder.stat()
    return facts.st_dev, facts.st_ino


def _relative(path: Path, base: Path) -> str:
    return path.relative_to(base).as_posix() if path != base else path.name


def _fixed_part(pattern: str) -> Path:
    """Return the folder of a pattern that holds no wildcard."""
    parts = Path(pattern).parts
    fixed = next(i for i, part in enumerate(parts) if glob.has_magic(part))
    return Path(*parts[:fixed])


def _label(argument: str) -> str:
    """Return the name that tells the reports of one argument from those of another."""
    if glob.has_magic(argument) and not os.path.lexists(argument):
        return _fixed_part(argument).absolute().name
    path = Path(os.path.normpath(Path(argument).absolute()))
    is_many = path.is_dir() or _is_archive(path) or is_pack(path)
    return path.name if is_many else path.parent.name


def _unique_ids(groups: list[tuple[str, list[Input]]]) -> Iterator[Input]:
    """Give reports of the same name the name of their argument, then a number if need be."""
    count = Counter(item.report_id for _, items in groups for item in items)
    free = _numbered({name for name, n in count.items() if n == 1})
    for label, items in groups:
        for item in items:
            if count[item.report_id] == 1:
                yield item
            else:
                yield replace(item, report_id=free(f"{label}/{item.report_id}"))


def _numbered(taken: set[str]) -> Callable[[str], str]:
    """Return a function that changes a name until it is new."""

    def free(name: str) -> str:
        path, number, candidate = PurePosixPath(name), 1, name
        while candidate in taken:
            number += 1
            candidate = str(path.with_name(f"{path.stem}~{number}{path.suffix}"))
        taken.add(candidate)
        return candidate

    return free
