"""The folder that a run works in, beside its results: locked, planned, and fit to be resumed."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mining.corpus.ledger import Ledger
from mining.corpus.lock import folder_lock
from mining.corpus.outputs import MARKER, check_target, move_result, work_path
from mining.corpus.tasks import Part
from mining.errors import OutputError

__all__ = ["Plan", "WorkFolder", "unfinished", "work_folder"]

_PLAN = "plan.json"
_LEDGER = "shards.jsonl"
_LOCK = "lock"
_RESULT = "result"
_AUDITED = b'{"task":"audit-'
# Stands there as soon as files of the result may have been moved.
_MOVING = "moving"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run is about: two runs of one plan have the same results.

    Parameters
    ----------
    facts
        Versions, settings, rules and forms.
    shards
        Digests of the inputs of each shard.
    names
        The first report of each shard, for messages.
    """

    facts: Mapping[str, object]
    shards: tuple[str, ...]
    names: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the plan as plain JSON."""
        plan = {"facts": self.facts, "shards": self.shards, "names": self.names}
        told: dict[str, Any] = json.loads(json.dumps(plan))
        return told

    def difference(self, other: Mapping[str, Any]) -> str:
        """Return how the plan differs from an earlier one, in words; empty if it does not."""
        mine = self.as_json()
        facts, known = mine["facts"], other["facts"]
        changed = sorted(k for k in facts | known if facts.get(k) != known.get(k))
        if changed:
            return "its settings were others: " + ", ".join(changed)
        if mine["shards"] == other["shards"]:
            return ""
        pairs = zip(mine["shards"], other["shards"], strict=False)
        same = next((i for i, (a, b) in enumerate(pairs) if a != b), None)
        if same is None:
            return "its inputs were others: more or fewer reports"
        return f"its inputs were others, from {self.names[same]} on"


class WorkFolder:
    """The folder of a run at work.

    Attributes
    ----------
    path
        Where tasks leave their parts.
    ledger
        Which tasks are done.
    """

    def __init__(self, path: Path, ledger: Ledger) -> None:
        self.path, self.ledger = path, ledger

    def publish(
        self,
        parts: Iterable[Part],
        marker: Mapping[str, object],
        out: Path,
        own: frozenset[str],
        *,
        finish: Callable[[Path], None] = lambda _result: None,
    ) -> None:
        """Put the files of some parts together as the result, with what it was made of.

        `finish` may add to the folder before it takes its place.
        """
        result = self.path / _RESULT
        result.mkdir()
        (self.path / _MOVING).touch()
        for part in parts:
            for name in part.files:
                target = result / name
                target.parent.mkdir(parents=True, exist_ok=True)
                (self.path / part.folder / name).rename(target)
        text = json.dumps(marker, ensure_ascii=False, indent=2)
        (result / MARKER).write_text(text + "\n", encoding="utf-8")
        finish(result)
        move_result(result, out, own)


@contextmanager
def work_folder(
    out: Path,
    plan: Plan,
    *,
    own: frozenset[str],
    force: bool = False,
    resume: bool = False,
    restart: bool = False,
) -> Iterator[WorkFolder]:
    """Lend the folder that the run for `out` works in; what is done there outlives a failure.

    Parameters
    ----------
    out
        The folder of results. An earlier result is replaced by `WorkFolder.publish` only.
    plan
        What the run is about.
    own, force
        See `mining.corpus.outputs.check_target`.
    resume
        Go on with an unfinished run of the same plan, if there is one.
    restart
        Throw an unfinished run away.

    Raises
    ------
    OutputError
        E501 when `out` can't be used or written or the disk is full, E502 when another run works
        there, E503 when an unfinished run is there that is not to be or can't be resumed.
    """
    work = work_path(out)
    check_target(out, own, force=force, is_begun=(work / _MOVING).exists())
    try:
        work.mkdir(parents=True, exist_ok=True)
        with folder_lock(work / _LOCK, shown=out):
            _prepare(work, out, plan, resume=resume, restart=restart)
            yield from _lend(work)
    except OutputError as error:
        if error.path == str(out):
            raise
        # A writer names its temporary file; people know the folder that they asked for.
        raise _unwritable(error.message, out) from error
    except OSError as error:
        raise _unwritable(error.strerror or str(error), out) from error
    finally:
        with suppress(OSError):
            work.rmdir()  # empty unless something is kept


def unfinished(out: Path) -> tuple[int, int] | None:
    """Return how many shards of an unfinished run for `out` are done, and how many there are."""
    work = work_path(out)
    plan = _read_plan(work / _PLAN)
    if plan is None or not (work / _LEDGER).exists():
        return None
    with (work / _LEDGER).open("rb") as lines:
        # A shard that was done again has two lines.
        done = {line.split(b'"')[3] for line in lines if line.startswith(_AUDITED)}
    return len(done), len(plan["shards"])


def _lend(work: Path) -> Iterator[WorkFolder]:
    ledger = Ledger(work / _LEDGER)
    is_done = False
    try:
        ledger.check()
        yield WorkFolder(work, ledger)
        is_done = True
    finally:
        ledger.close()
        if is_done or not len(ledger):
            _clear(work)


def _prepare(work: Path, out: Path, plan: Plan, *, resume: bool, restart: bool) -> None:
    """Make the folder fit for a plan, or refuse."""
    earlier = None if restart else _read_plan(work / _PLAN)
    kept = unfinished(out)
    if earlier is not None and kept is not None and kept[0]:
        if not resume:
            msg = f"an unfinished run is there: {kept[0]} of {kept[1]} shards are done"
            hint = "go on with --resume, or throw it away with --restart"
            raise OutputError(msg, code="E503", path=out, hint=hint)
        difference = plan.difference(earlier)
        if difference:
            msg = f"the unfinished run there does not fit: {difference}"
            hint = "ask for what it was begun with, or throw it away with --restart"
            raise OutputError(msg, code="E503", path=out, hint=hint)
        return
    _clear(work)
    draft = work / f"{_PLAN}.part"
    with draft.open("w", encoding="utf-8") as file:
        json.dump(plan.as_json(), file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(work / _PLAN)


def _read_plan(path: Path) -> dict[str, Any] | None:
    try:
        plan: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return plan


def _clear(work: Path) -> None:
    """Remove all but the lock; what can't be read as a run goes first."""
    paths = sorted(work.iterdir(), key=lambda path: path.name != _PLAN)
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif not path.name.startswith(_LOCK):
            path.unlink(missing_ok=True)


def _unwritable(message: str, out: Path) -> OutputError:
    hint = "free some space, or choose another folder with --out"
    return OutputError(message, code="E501", path=out, hint=hint)
