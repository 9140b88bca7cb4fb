"""Throw broken files at every reader: ``python -m benchmarks.fuzz --seconds 600 --keep DIR``.

Each file must end in a result or in an error of ours within 2 seconds of processor time and
300 MB; any other is kept in the folder with the place where it went wrong. A file that ends in a
way not seen before becomes a seed itself.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks.bounded import Outcome, run_bounded
from benchmarks.mutations import FORMATS, mutate
from benchmarks.seeds import load_seeds
from mining.catalog import READERS, shipped_forms
from mining.corpus.inputs import collect
from mining.corpus.job import AuditJob, Selection
from mining.corpus.loading import Loader
from mining.errors import MiningError
from mining.finding import Result
from mining.pipeline import audit_report
from mining.present.cards import report_card
from mining.present.rows import result_rows
from mining.settings import Settings

SETTINGS = Settings()
_MAX_POOL = 400
_DIGITS = re.compile(r"\d+")
_PLACE = re.compile(r'File "[^"]*?((?:mining|lxml|pypdfium2)[^"]*)", line (\d+)')
_ERROR_NAME = re.compile(r"^(\w+(?:\.\w+)*)(?:: |$)", re.MULTILINE)


@dataclass(slots=True)
class Tally:
    """What the runs of one format came to."""

    runs: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    endings: set[str] = field(default_factory=set)
    slowest: float = 0.0
    largest: int = 0


def audit(data: bytes, suffix: str) -> str:
    """Take one file through everything that a run does with it, and say how it ended."""
    if suffix == "zip":
        return _audit_archive(data)
    path = Path(f"report.{suffix}")
    try:
        result = audit_report(data, report_id=path.name, path=path, settings=SETTINGS)
    except MiningError as error:
        return f"{error.code} {_DIGITS.sub('#', error.message)[:80]}"
    return _shown(result)


def _shown(result: Result) -> str:
    """Make the rows and the card of a result, and say roughly what is in it."""
    form = next(f for f in shipped_forms() if f.id == result.report.form)
    result_rows(result, labels=form.labels)
    report_card(result, form, settings=SETTINGS)
    report = result.report
    told = Counter(f"{f.rule}:{f.status}" for f in result.findings)
    size = [len(layer or ()).bit_length() for layer in (report.figures, report.links)]
    tables = [(t.key, t.style, len(t.leftovers).bit_length()) for t in report.tables or ()]
    sections = [s.key for s in report.sections or ()]
    codes = sorted({entry.code for entry in report.log})
    return f"ok {form.id} {sections} {tables} {size} {codes} {sorted(told)}"


def _audit_archive(data: bytes) -> str:
    with TemporaryDirectory() as folder:
        path = Path(folder, "reports.zip")
        path.write_bytes(data)
        found = collect([path], suffixes=frozenset(READERS), settings=SETTINGS)
        job = AuditJob(settings=SETTINGS, selection=Selection())
        ends = [failure.code for failure in found.failures]
        with Loader(settings=SETTINGS) as loader:
            for item in found.items:
                try:
                    list(job.steps(item, loader))  # past the handler that hides bugs
                    ends.append("ok")
                except MiningError as error:
                    ends.append(error.code)
    return f"{ends} {dict(found.skipped)}"


def place_of_failure(outcome: Outcome) -> str:
    """Return a name for a bad outcome: the kind of error and where it was raised."""
    places = _PLACE.findall(outcome.told)
    names = _ERROR_NAME.findall(outcome.told)
    where = "-".join(places[-1]).replace("/", ".") if places else outcome.told[-40:]
    name = names[-1] if names and outcome.kind == "exception" else outcome.kind
    return re.sub(r"[^\w.-]+", "-", f"{name}-{where}")[-100:]


def run(name: str, pool: list[bytes], tally: Tally, *, rng: Random, keep: Path) -> None:
    """Audit one broken file; keep it when it ends badly, breed from it when it is new."""
    data = mutate(rng.choice(pool), format_name=name, pool=pool, rng=rng)
    outcome = run_bounded(lambda: audit(data, name))
    tally.runs += 1
    tally.slowest = max(tally.slowest, outcome.seconds)
    tally.largest = max(tally.largest, outcome.growth)
    if outcome.kind == "done":
        tally.kinds[outcome.told.split(" ", 1)[0] if name != "zip" else "done"] += 1
        if outcome.told not in tally.endings and len(pool) < _MAX_POOL:
            pool.append(data)
        tally.endings.add(outcome.told)
        return
    label = f"{name}-{place_of_failure(outcome)}"
    tally.kinds[outcome.kind] += 1
    if label not in tally.endings:
        print(f"  {label}", file=sys.stderr, flush=True)
    tally.endings.add(label)
    target = keep / f"{label}.{name}"
    if not target.exists() or len(data) < target.stat().st_size:
        target.write_bytes(data)
        target.with_suffix(".log").write_text(outcome.told, encoding="utf-8")


def main() -> int:
    """Fuzz the formats by turns and print what came of it; 1 when anything ended badly."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60, help="for all formats together")
    parser.add_argument("--formats", default=",".join(FORMATS), help="txt,html,mht,docx,pdf,zip")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, required=True, help="folder of files that end badly")
    args = parser.parse_args()
    args.keep.mkdir(parents=True, exist_ok=True)
    rng = Random(args.seed)  # noqa: S311 -- chance makes files vary, it keeps no secrets
    names = args.formats.split(",")
    pools, tallies = load_seeds(names), {name: Tally() for name in names}
    for name in names:
        # What is loaded once in a process should not count for every file.
        audit(pools[name][0], name)
    share = args.seconds / len(names)
    for name in names:
        deadline = time.monotonic() + share
        while time.monotonic() < deadline:
            run(name, pools[name], tallies[name], rng=rng, keep=args.keep)
        tally = tallies[name]
        print(
            f"{name:<5}{tally.runs:>8} files {len(pools[name]):>4} seeds {len(tally.endings):>5}"
            f" endings, slowest {tally.slowest:.2f} s, most {tally.largest / 1e6:.0f} MB"
            f" {dict(tally.kinds.most_common())}",
            flush=True,
        )
    bad = ("exception", "timeout", "memory", "crash")
    return int(any(tally.kinds[kind] for tally in tallies.values() for kind in bad))


if __name__ == "__main__":
    sys.exit(main())
