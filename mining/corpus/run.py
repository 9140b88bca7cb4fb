"""An audit over many reports: the same bytes out, whoever works on it.

A run of more than 64 shards (32 thousand reports) writes each table as a folder of that name,
``findings.parquet/2021/part-00000.parquet``, with the year as a column of every table.
"""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from mining.corpus.audittask import ShardTask
from mining.corpus.counts import MAX_FAILURES, Counts
from mining.corpus.inputs import Inputs
from mining.corpus.job import AuditJob, Selection
from mining.corpus.join import YearsTask
from mining.corpus.manifest import MANIFEST, write_manifest
from mining.corpus.merge import BundleTask, TableTask
from mining.corpus.outputs import MARKER
from mining.corpus.pages import PAGE, WORKBOOK, PageTask
from mining.corpus.pool import Here, Processes
from mining.corpus.shards import Shard, digest_of, n_partitions, plan_shards
from mining.corpus.tasks import Executor, Part, Task, Tick
from mining.corpus.workfolder import Plan, WorkFolder, work_folder
from mining.corpus.years import has_years_checks
from mining.finding import Failure
from mining.form import Form
from mining.history.mapping import AgencyMap
from mining.present.cards import Summary
from mining.present.messages import Lang
from mining.present.tables import FORMATS, SCHEMAS, known_formats
from mining.settings import Settings
from mining.version import __version__

__all__ = ["MAX_FAILURES", "PAGE", "WORKBOOK", "FailOn", "RunSummary", "run_audit"]

FailOn = Literal["error", "warning", "suspect"]

_TABLES = (f"{table}.{kind}" for table in SCHEMAS for kind in FORMATS)
_OWN_FILES = frozenset({MARKER, MANIFEST, PAGE, WORKBOOK, *_TABLES})
# The packages whose versions can change a byte of the results.
_PACKAGES = ("charset-normalizer", "pyarrow", "rapidfuzz", "xlsxwriter")
# Runs of more shards write each table as a folder, in files of so many shards each.
_MOST_SHARDS = 64
_SHARDS_PER_FILE = 40
# Processes that have audited hold forms and words, 130 MB that merging more shards needs itself.
_MOST_BESIDE_FORMS = 16
_PHASES = ("audit", "years", "merge")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """What a run found, in numbers.

    Parameters
    ----------
    out
        The folder of results.
    totals
        Reports, checks by status, and coverage; see `mining.present.cards.Summary`.
    mismatches
        How many mismatches there are of each severity.
    failures
        The first failed inputs, at most `MAX_FAILURES`; ``reports`` and the page list all.
    skipped
        Files left out, by reason.
    """

    out: Path
    totals: Summary
    mismatches: Mapping[str, int]
    failures: Sequence[Failure]
    skipped: Mapping[str, int]

    def has_findings(self, level: FailOn) -> bool:
        """Tell whether there are findings of `level` or worse."""
        wrong = Counter(self.mismatches)
        if level == "error":
            return wrong["error"] > 0
        if level == "warning":
            return wrong["error"] + wrong["warning"] > 0
        return self.totals["mismatch"] + self.totals["suspect"] > 0


def run_audit(
    inputs: Inputs,
    out: Path,
    *,
    workers: int = 1,
    formats: Sequence[str] = ("parquet",),
    lang: Lang = "zh",
    settings: Settings | None = None,
    selection: Selection | None = None,
    agencies: AgencyMap | None = None,
    force: bool = False,
    resume: bool = False,
    restart: bool = False,
    executor: Executor | None = None,
    progress: Callable[[int], None] | None = None,
) -> RunSummary:
    """Audit `inputs`; write tables, page and worksheet to the folder `out`.

    Parameters
    ----------
    inputs
        What `mining.corpus.inputs.collect` found.
    out
        Made when missing; an earlier result there is replaced when the run succeeds.
    workers
        Number of processes; 1 works in this one, where a report that crashes it ends the run.
    formats
        Some of ``parquet``, ``csv``, ``xlsx``, ``json``.
    settings, selection, lang
        Limits; which forms and rules to use; the language of messages.
    agencies
        Which names mean one agency, where names alone would mislead the rules over years.
    force, resume, restart
        See `mining.corpus.workfolder.work_folder`.
    executor
        Does the work instead of `workers`: see `mining.corpus.scale`.
    progress
        Called with the number of reports that are done since the last call.

    Raises
    ------
    OutputError, WorkerError
        When the run can't go on. A report that fails is a row, no exception.
    FormError
        When a form file of `selection` is unsound.
    """
    job, forms = _job(inputs, settings or Settings(), selection or Selection(), lang)
    formats = known_formats(formats)
    shards, facts = list(plan_shards(inputs)), _facts(job, formats, forms=list(forms))
    plan = _plan(facts, shards, job=job, agencies=agencies)
    team = executor or (Here() if workers <= 1 else Processes(workers))
    lent = work_folder(out, plan, own=_OWN_FILES, force=force, resume=resume, restart=restart)
    with lent as folder, closing(team):
        tick = progress or (lambda _n: None)
        run = _Run(folder=folder, executor=team, job=job, agencies=agencies, tick=tick)
        counts, parts = run.all_phases(shards, formats)
        marker = {**facts, "totals": counts.totals, "skipped": inputs.skipped}
        manifest = _manifest(marker, inputs, job.selection, agencies)
        folder.publish(parts, marker, out, _OWN_FILES, finish=manifest)
    return _summary(out, counts, inputs)


def _manifest(
    facts: Mapping[str, object], inputs: Inputs, selection: Selection, agencies: AgencyMap | None
) -> Callable[[Path], None]:
    """Return what writes the manifest into a folder of results."""
    return partial(
        write_manifest, facts=facts, inputs=inputs, forms=selection.forms, agencies=agencies
    )


def _summary(out: Path, counts: Counts, inputs: Inputs) -> RunSummary:
    return RunSummary(
        out=out,
        totals=counts.totals,
        mismatches=counts.mismatches,
        failures=counts.failures,
        skipped=inputs.skipped,
    )


def _job(
    inputs: Inputs, settings: Settings, selection: Selection, lang: Lang
) -> tuple[AuditJob, dict[str, Form]]:
    """Return the work on one report and the forms by id; one report alone has no last year."""
    forms = {form.id: form for form in selection.load()}
    with_facts = len(inputs.items) > 1 and has_years_checks(list(forms.values()))
    job = AuditJob(settings=settings, selection=selection, lang=lang, with_facts=with_facts)
    return job, forms


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """The phases of a run: each begins when all parts of the one before are there."""

    folder: WorkFolder
    executor: Executor
    job: AuditJob
    agencies: AgencyMap | None
    tick: Tick

    def all_phases(
        self, shards: Sequence[Shard], formats: Sequence[str]
    ) -> tuple[Counts, list[Part]]:
        """Return what the run comes to, and the parts that are its result."""
        audited = self.audit(shards)
        compared = self.compare_years(audited)
        counts = _counts(audited, compared)
        return counts, self.merge(audited, compared, counts, formats)

    def audit(self, shards: Sequence[Shard]) -> list[Part]:
        """Audit all shards."""
        partitions = n_partitions(sum(map(len, shards)))
        return self._finish(
            "audit",
            [
                ShardTask(
                    shard=shard, job=self.job, agencies=self.agencies, n_partitions=partitions
                )
                for shard in shards
            ],
        )

    def compare_years(self, audited: Sequence[Part]) -> list[Part]:
        """Compare the reports of all agencies with last year's."""
        years = sorted({year for part in audited for year in part.told["years"]})
        if not self.job.with_facts or len(years) < 2:
            return []
        total = sum(
            part.told["totals"]["reports"] + part.told["totals"]["failed"] for part in audited
        )
        tasks = [
            YearsTask(
                partition=partition,
                shards=[part.folder for part in audited],
                years=years,
                agencies=self.agencies,
                selection=self.job.selection,
                settings=self.job.settings,
                lang=self.job.lang,
            )
            for partition in range(n_partitions(total))
        ]
        return self._finish("years", tasks)

    def merge(
        self,
        audited: Sequence[Part],
        compared: Sequence[Part],
        counts: Counts,
        formats: Sequence[str],
    ) -> list[Part]:
        """Put the parts together."""
        shards, partitions = ([p.folder for p in parts] for parts in (audited, compared))
        tasks: list[Task] = [
            PageTask(
                kind=kind,
                shards=shards,
                partitions=partitions,
                totals=counts.totals,
                kinds=sorted(counts.kinds.items()),
                lang=self.job.lang,
            )
            for kind in ("page", "workbook")
        ]
        if len(shards) > _MOST_BESIDE_FORMS:
            self.executor.close()
        is_large = len(shards) > _MOST_SHARDS
        if is_large:
            groups = [*_groups(shards), *_groups(partitions)]
            tasks += [BundleTask(index=i, parts=group) for i, group in enumerate(groups)]
        tasks += [
            TableTask(table=table, kind=kind, parts=(*shards, *partitions))
            for table in SCHEMAS
            for kind in formats
            if not (is_large and kind == "parquet")
        ]
        return self._finish("merge", tasks)

    def _finish(self, phase: str, tasks: Sequence[Task]) -> list[Part]:
        """Do what is not done yet, and return the parts of all tasks in their order."""
        ledger = self.folder.ledger
        missing = [task for task in tasks if task.name not in ledger]
        done = sum(task.n_reports for task in tasks) - sum(task.n_reports for task in missing)
        if done:
            self.tick(done)
        if missing:
            # What was made of other parts than these is of no use.
            later = tuple(_PHASES[_PHASES.index(phase) + 1 :])
            ledger.forget(lambda name: name.startswith(later))
            for part in self.executor.run(missing, self.folder.path, self.tick):
                ledger.add(part)
        return [ledger[task.name] for task in tasks]


def _groups(folders: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(folders), _SHARDS_PER_FILE):
        yield folders[start : start + _SHARDS_PER_FILE]


def _counts(audited: Sequence[Part], compared: Sequence[Part]) -> Counts:
    counts = Counts()
    for part in (*audited, *compared):
        counts.add_told(part.told)
    return counts


def _plan(
    facts: Mapping[str, object],
    shards: Sequence[Shard],
    *,
    job: AuditJob,
    agencies: AgencyMap | None,
) -> Plan:
    """Return all that two runs must share for one to go on with the other's parts."""
    forms = [sha256(path.read_bytes()).hexdigest() for path in job.selection.forms]
    known = None if agencies is None else _digest(sorted(agencies.entries.items()))
    return Plan(
        facts={**facts, "form files": forms, "agencies": known},
        shards=tuple(map(digest_of, shards)),
        names=tuple(map(_first, shards)),
    )


def _first(shard: Shard) -> str:
    return shard.failures[0].report if shard.failures else shard.items[0].report_id


def _digest(value: object) -> str:
    return sha256(repr(value).encode("utf-8", "surrogatepass")).hexdigest()


def _facts(job: AuditJob, formats: Sequence[str], *, forms: Sequence[str]) -> dict[str, object]:
    """Return all that decides about the results: no time and no number of workers."""
    return {
        "schema": 1,
        "mining": __version__,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in _PACKAGES},
        "settings": asdict(job.settings),
        "forms": forms,
        "select": job.selection.select,
        "ignore": job.selection.ignore,
        "formats": formats,
        "lang": job.lang,
    }
