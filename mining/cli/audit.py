"""`mining audit`: reports in; tables, page and worksheet out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mining.cli.options import (
    DEFAULT_MAX_BYTES,
    AgenciesOption,
    FailOnOption,
    ForceOption,
    FormatOption,
    FormOption,
    IgnoreOption,
    InputsArgument,
    LangOption,
    Language,
    MaxBytesOption,
    OutOption,
    SelectOption,
    WorkersOption,
    split_list,
)
from mining.cli.words import say, say_skipped, word_error
from mining.errors import ReadError
from mining.settings import Settings

if TYPE_CHECKING:
    from mining.corpus.inputs import Inputs
    from mining.corpus.run import RunSummary

__all__ = ["audit"]

# Below this many reports a run is over before a bar could be read.
_BAR_FROM = 100
# So many failed inputs are named on the terminal; the page lists all.
_SHOWN_FAILURES = 10


def audit(
    inputs: InputsArgument,
    out: OutOption,
    workers: WorkersOption = 1,
    formats: FormatOption = "",
    lang: LangOption = Language.zh,
    fail_on: FailOnOption = None,
    select: SelectOption = "",
    ignore: IgnoreOption = "",
    form: FormOption = None,
    agencies: AgenciesOption = None,
    max_bytes: MaxBytesOption = DEFAULT_MAX_BYTES,
    force: ForceOption = False,
) -> None:
    """Audit reports and write the results to a folder."""
    from mining.corpus.job import Selection
    from mining.corpus.run import run_audit
    from mining.history.mapping import load_agencies

    settings = Settings(max_bytes=max_bytes)
    known = load_agencies(agencies) if agencies is not None else None
    found = _find(inputs, out, settings=settings)
    with _progress(len(found.items), lang) as progress:
        summary = run_audit(
            found,
            out,
            workers=workers,
            formats=("parquet", *split_list(formats)),
            lang=lang.value,
            settings=settings,
            selection=Selection(
                select=split_list(select), ignore=split_list(ignore), forms=tuple(form or ())
            ),
            agencies=known,
            force=force,
            progress=progress,
        )
    _show(summary, lang)
    if summary.totals["failed"]:
        raise typer.Exit(3)
    if fail_on is not None and summary.has_findings(fail_on.value):
        raise typer.Exit(1)


def _find(arguments: list[str], out: Path, *, settings: Settings) -> Inputs:
    from mining.catalog import READERS
    from mining.corpus.inputs import collect

    suffixes = frozenset(READERS)
    found = collect(arguments, suffixes=suffixes, settings=settings, exclude=out)
    if not found.items and not found.failures:
        msg = "no readable report was found; formats read: " + " ".join(sorted(suffixes))
        raise ReadError(msg, code="E106", path=" ".join(arguments), hint="give other inputs")
    return found


@contextmanager
def _progress(total: int, lang: str) -> Iterator[Callable[[int], None] | None]:
    if total < _BAR_FROM or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(say("progress", lang=lang), total=total)
        yield lambda n: bar.advance(task, n)


def _show(summary: RunSummary, lang: str) -> None:
    from mining.corpus.run import PAGE, WORKBOOK

    totals, out = summary.totals, summary.out
    for failure in summary.failures[:_SHOWN_FAILURES]:
        line = word_error(
            code=failure.code, message=failure.message, path=failure.source, lang=lang
        )
        typer.secho(line, fg="yellow", err=True)
    lines = [
        say("reports", lang=lang, reports=totals["reports"])
        + (say("failed", lang=lang, failed=totals["failed"]) if totals["failed"] else ""),
        say("checks", lang=lang, **totals),
        say("coverage", lang=lang, **totals),
    ]
    if summary.skipped:
        lines.append(say_skipped(summary.skipped, lang=lang))
    lines.append(say("open", lang=lang, page=out / PAGE, workbook=out / WORKBOOK))
    typer.echo("\n".join(lines), err=True)
