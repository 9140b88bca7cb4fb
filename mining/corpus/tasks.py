"""The units of a run: a task does a bounded piece of work and leaves its files in a folder."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any, NamedTuple, Protocol

__all__ = [
    "OUTSIDE",
    "At",
    "Executor",
    "FileMark",
    "Lost",
    "Part",
    "PartFolder",
    "Task",
    "Tick",
    "mark_file",
]


class At(Protocol):
    """Told by a task which items are at work, so that one that kills a process is known."""

    def __call__(self, place: int, n: int = 1) -> None:
        """Say that `n` items from `place` on are at work."""
        ...


OUTSIDE = -1
"""Told for an item by a task that is done with all items, but not with its files."""

Lost = Mapping[int, str]
"""Items that may have killed a process: with the code of the error to tell for one that must not be
touched any more, or empty for one that must be worked on by itself."""

Tick = Callable[[int], None]
"""Told how many more reports are done."""


class FileMark(NamedTuple):
    """Size and SHA-256 of a file, by which a later process knows that it is whole."""

    size: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a finished task leaves: its folder, the marks of its files, and small facts.

    Parameters
    ----------
    task
        Name of the task.
    folder
        Name of its folder; each attempt has its own, so that two attempts never meet.
    files
        Marks by path inside the folder.
    told
        Counts and the like, as plain JSON.
    """

    task: str
    folder: str
    files: Mapping[str, FileMark]
    told: Mapping[str, Any]


class Task(Protocol):
    """A piece of work that can be sent to any process and done again with the same result."""

    @property
    def name(self) -> str:
        """Name of the task, the same in every run over the same inputs."""
        ...

    @property
    def n_reports(self) -> int:
        """How many reports it audits; 0 for work that only puts parts together."""
        ...

    def run(self, work: Path, at: At, lost: Lost) -> Part:
        """Do the work below the folder `work`; `at` and `lost` speak of items by position."""
        ...


class Executor(Protocol):
    """Does tasks somewhere: here, in other processes, on other machines."""

    def run(self, tasks: list[Task], work: Path, tick: Tick) -> Iterator[Part]:
        """Yield the parts of all tasks as they are done, in any order."""
        ...

    def close(self) -> None:
        """End what was started; it is started again when there is more to do."""
        ...


class PartFolder:
    """The folder of one attempt at a task."""

    def __init__(self, path: Path, task: str) -> None:
        self.path, self._task = path, task

    def seal(self, told: Mapping[str, Any]) -> Part:
        """Return the part that the folder holds now."""
        files = sorted(p for p in self.path.rglob("*") if p.is_file())
        marks = {p.relative_to(self.path).as_posix(): mark_file(p) for p in files}
        return Part(task=self._task, folder=self.path.name, files=marks, told=told)

    @classmethod
    @contextmanager
    def fresh(cls, work: Path, task: str) -> Iterator[PartFolder]:
        """Make a folder that no other attempt has; it goes when the attempt fails."""
        path = work / f"{task}.{uuid.uuid4().hex[:12]}"
        path.mkdir()
        try:
            yield cls(path, task)
        except BaseException:
            shutil.rmtree(path, ignore_errors=True)
            raise


def mark_file(path: Path) -> FileMark:
    """Return the mark of a file."""
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
        return FileMark(file.tell(), digest)
