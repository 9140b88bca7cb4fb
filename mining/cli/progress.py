"""How far a long run is: a bar on a terminal, now and then a line in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

from mining.cli.words import say

__all__ = ["show_progress"]

# Below this many reports a run is over before a bar could be read.
_BAR_FROM = 100
_LINE_EVERY = 60.0


@contextmanager
def show_progress(total: int, *, lang: str) -> Iterator[Callable[[int], None] | None]:
    """Lend a function that is told how many more reports are done.

    Rate and time left come from a clock that only goes forward, whatever the system's time does.

    Parameters
    ----------
    total
        How many reports there are.
    lang
        Language of the words.
    """
    if total < _BAR_FROM:
        yield None
    elif not sys.stderr.isatty():
        yield _Log(total, lang)
    else:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        rate = TextColumn("{task.fields[rate]}")
        columns = (BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn())
        words = TextColumn("{task.description}")
        with Progress(words, *columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(say("progress", lang=lang), total=total, rate="")

            def advance(n: int) -> None:
                bar.advance(task, n)
                speed = bar.tasks[0].finished_speed or bar.tasks[0].speed
                if speed:
                    bar.update(task, rate=say("rate", lang=lang, rate=f"{speed:,.0f}"))

            yield advance


class _Log:
    """Writes a line a minute, for runs whose terminal nobody watches."""

    def __init__(self, total: int, lang: str) -> None:
        self._total, self._lang = total, lang
        self._done, self._told_done = 0, 0
        self._told = time.monotonic()

    def __call__(self, n: int) -> None:
        """Count some more reports."""
        self._done += n
        now = time.monotonic()
        if now - self._told >= _LINE_EVERY:
            rate = (self._done - self._told_done) / (now - self._told)
            left = (self._total - self._done) / rate / 60
            line = say(
                "line",
                lang=self._lang,
                done=f"{self._done:,}",
                total=f"{self._total:,}",
                rate=f"{rate:,.0f}",
                left=f"{left:,.0f}",
            )
            typer.echo(line, err=True)
            self._told, self._told_done = now, self._done
