"""Reports and items that harm or slow the process that works on them, each in its own way."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

from mining.corpus.inputs import Input
from mining.corpus.job import AuditJob, Outcome
from mining.corpus.loading import Loader
from mining.corpus.tasks import OUTSIDE, At, Lost, Part, PartFolder

__all__ = ["HARMS", "ItemsTask", "PoisonJob"]


def hang() -> None:
    time.sleep(600)


def crash() -> None:
    os.abort()


def eat_memory() -> None:
    eaten = []
    while True:
        eaten.append(b"x" * 20_000_000)
        time.sleep(0.005)


def fail() -> None:
    message = "no such luck"
    raise OSError(message)


def die_once() -> None:
    """Die as by the system's hand: the next process that comes here lives."""
    flag = Path(os.environ["DIED_ONCE"])
    if not flag.exists():
        flag.touch()
        os._exit(1)


def work_slowly() -> None:
    time.sleep(0.3)


HARMS: dict[str, Callable[[], None]] = {
    "hang": hang,
    "crash": crash,
    "memory": eat_memory,
    "fail": fail,
    "once": die_once,
    "slow": work_slowly,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsTask:
    """Writes its items to a file; a few words do something else as well."""

    name: str
    items: tuple[str, ...]
    at_end: str = ""
    together: int = 1

    @property
    def n_reports(self) -> int:
        return len(self.items)

    def run(self, work: Path, at: At, lost: Lost) -> Part:
        with PartFolder.fresh(work, self.name) as folder:
            done = []
            for place, item in enumerate(self.items):
                if self.together == 1 or place in lost:
                    at(place)
                elif place % self.together == 0:
                    at(place, self.together)
                if lost.get(place):
                    done.append(lost[place])
                    continue
                if item in HARMS:
                    HARMS[item]()
                done.append(item)
            at(OUTSIDE)
            if self.at_end:
                HARMS[self.at_end]()
            return folder.seal({"done": done})


@dataclass(frozen=True, slots=True, kw_only=True)
class PoisonJob(AuditJob):
    """Audits reports; some names do harm instead, or ``late-`` after they were read."""

    def steps(self, item: Input, loader: Loader) -> Generator[None, None, Outcome]:
        name = Path(item.report_id).stem
        if name.startswith("late-"):
            yield
        harm = HARMS.get(name.removeprefix("late-"))
        if harm is not None:
            harm()
        return (yield from AuditJob.steps(self, item, loader))
