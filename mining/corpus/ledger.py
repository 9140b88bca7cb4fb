"""The manifest of a run: which tasks are done, and the marks of all files that they left."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from mining.corpus.tasks import FileMark, Part, mark_file

__all__ = ["Ledger"]


class Ledger:
    """A file of JSON lines, one for each finished task, each safe on disk before work goes on.

    Whoever dies may leave half a line at the end, or folders that no line names: neither counts.
    The parts themselves are not forced to disk; a part that a power cut took is known by its mark
    and made again.

    Parameters
    ----------
    path
        The file, beside the folders of the parts.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._parts = {part.task: part for part in self._read()}
        self._file = path.open("ab")
        # Whatever stood after the last whole line would run into the next one.
        self._file.truncate(self._end)

    def __contains__(self, task: str) -> bool:
        return task in self._parts

    def __getitem__(self, task: str) -> Part:
        return self._parts[task]

    def __len__(self) -> int:
        return len(self._parts)

    def add(self, part: Part) -> None:
        """Keep the part of a finished task."""
        line = json.dumps(asdict(part), separators=(",", ":"))
        self._file.write(line.encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._parts[part.task] = part

    def check(self) -> None:
        """Forget parts whose files are not what they were, and remove what no part owns."""
        for part in list(self._parts.values()):
            if not self._is_whole(part):
                del self._parts[part.task]
        owned = {part.folder for part in self._parts.values()}
        for path in self._path.parent.iterdir():
            if path.is_dir() and path.name not in owned:
                shutil.rmtree(path, ignore_errors=True)

    def forget(self, is_meant: Callable[[str], bool]) -> None:
        """Forget the parts of tasks that depend on others that are to be done again."""
        for task in [task for task in self._parts if is_meant(task)]:
            part = self._parts.pop(task)
            shutil.rmtree(self._path.parent / part.folder, ignore_errors=True)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _read(self) -> Iterator[Part]:
        self._end = 0
        if not self._path.exists():
            return
        with self._path.open("rb") as lines:
            for line in lines:
                part = _part(line)
                if part is None:
                    return
                self._end += len(line)
                yield part

    def _is_whole(self, part: Part) -> bool:
        folder = self._path.parent / part.folder
        try:
            # Sizes first: they tell most damage at no cost.
            return all(
                (folder / name).stat().st_size == mark.size for name, mark in part.files.items()
            ) and all(mark_file(folder / name) == mark for name, mark in part.files.items())
        except OSError:
            return False


def _part(line: bytes) -> Part | None:
    """Return the part that a line tells, or ``None`` for half a line."""
    try:
        told = json.loads(line) if line.endswith(b"\n") else None
    except ValueError:
        return None
    if told is None:
        return None
    files = {name: FileMark(*mark) for name, mark in told["files"].items()}
    return Part(task=told["task"], folder=told["folder"], files=files, told=told["told"])
