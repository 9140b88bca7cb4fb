"""`mining audit`: reports in; tables, page and worksheet out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mining.cli.options import (
    DEFAULT_MAX_BYTES,
    DEFAULT_MEGABYTES,
    DEFAULT_SECONDS,
    AgenciesOption,
    DaskLocalOption,
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
    ReportSecondsOption,
    RestartOption,
    ResumeOption,
    SchedulerOption,
    SelectOption,
    WorkerMemoryOption,
    WorkersOption,
    split_list,
)
from mining.cli.progress import show_progress
from mining.cli.words import say, say_skipped, word_error
from mining.corpus.limits import Limits
from mining.errors import MissingExtraError, OutputError, ReadError, SettingsError, WorkerError
from mining.settings import Settings

if TYPE_CHECKING:
    from mining.corpus.inputs import Inputs
    from mining.corpus.run import RunSummary
    from mining.corpus.tasks import Executor

__all__ = ["audit", "find_inputs"]

_WORTH_A_PROCESS = 100
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
    resume: ResumeOption = False,
    restart: RestartOption = False,
    scheduler: SchedulerOption = "",
    dask_local: DaskLocalOption = 0,
    report_seconds: ReportSecondsOption = DEFAULT_SECONDS,
    worker_memory: WorkerMemoryOption = DEFAULT_MEGABYTES,
) -> None:
    """Audit reports and write the results to a folder."""
    from mining.corpus.job import Selection
    from mining.corpus.run import run_audit
    from mining.history.mapping import load_agencies

    settings = Settings(max_bytes=max_bytes)
    limits = Limits(seconds=report_seconds, megabytes=worker_memory)
    known = load_agencies(agencies) if agencies is not None else None
    found = find_inputs(inputs, out, settings=settings)
    workforce = _executor(
        len(found.items), workers=workers, scheduler=scheduler, dask_local=dask_local, limits=limits
    )
    total = len(found.items) + len(found.failures)
    with _telling_what_is_kept(out, lang), show_progress(total, lang=lang) as progress:
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
            resume=resume,
            restart=restart,
            executor=workforce,
            progress=progress,
        )
    _show(summary, lang)
    if summary.totals["failed"]:
        raise typer.Exit(3)
    if fail_on is not None and summary.has_findings(fail_on.value):
        raise typer.Exit(1)


def find_inputs(arguments: list[str], out: Path, *, settings: Settings) -> Inputs:
    """Return the reports that `arguments` name; a `ReadError` E106 when there is none."""
    from mining.catalog import READERS
    from mining.corpus.inputs import collect

    suffixes = frozenset(READERS)
    found = collect(arguments, suffixes=suffixes, settings=settings, exclude=out)
    if not found.items and not found.failures:
        msg = "no readable report was found; formats read: " + " ".join(sorted(suffixes))
        raise ReadError(msg, code="E106", path=" ".join(arguments), hint="give other inputs")
    return found


def _executor(
    n_items: int, *, workers: int, scheduler: str, dask_local: int, limits: Limits
) -> Executor:
    from mining.corpus.pool import Here, Processes

    if sum((bool(scheduler), bool(dask_local), workers > 1)) > 1:
        msg = "--workers, --dask-local and --scheduler exclude each other"
        raise SettingsError(msg, code="E401", hint="give one of them")
    if scheduler or dask_local:
        try:
            from mining.corpus.scale import DaskWorkers, LocalDask
        except ImportError as error:
            hint = "pip install 'mining[scale]'"
            raise MissingExtraError(str(error), code="E601", hint=hint) from error
        if scheduler:
            return DaskWorkers(scheduler, limits=limits)
        return LocalDask(dask_local, limits=limits)
    # A process takes longer to start than a few reports take.
    return Processes(workers, limits) if workers > 1 or n_items > _WORTH_A_PROCESS else Here()


@contextmanager
def _telling_what_is_kept(out: Path, lang: str) -> Iterator[None]:
    """Tell how to go on when a run ends early and some of its work is kept."""
    from mining.corpus.workfolder import unfinished

    try:
        yield
    except (KeyboardInterrupt, OutputError, WorkerError) as error:
        kept = unfinished(out)
        told = isinstance(error, OutputError) and error.code in {"E502", "E503"}
        if kept is not None and kept[0] and not told:
            typer.echo(say("kept", lang=lang, done=kept[0], total=kept[1]), err=True)
        raise


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
