"""Measure speeds and start-up times: figures only, beside their bars; never fails.

Run with ``make bench``. Inputs are the reports of corpora/sample, and real ones when a folder
``shared/seeds`` lies beside the checkout. A shared machine is never quiet, so that every figure is
the best of several rounds in processor time, and the time of a plain loop stands first: ratios to
it can be compared between machines.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from mining.catalog import STEPS, shipped_forms
from mining.contracts import Step
from mining.corpus.audittask import TOGETHER
from mining.corpus.loading import load_file
from mining.detect import select_form
from mining.form import Form
from mining.generate.corpus import render
from mining.generate.truth import load_truth
from mining.pipeline import audit_report, audit_steps, check_report, parse_report, read_report
from mining.quantities.mentions import find_mentions
from mining.report import Report
from mining.settings import Settings
from mining.steps.metadata import read_metadata
from mining.steps.normalize import normalize

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "corpora" / "sample"
INPUTS = (("seeds", ROOT.parent / "shared" / "seeds"), ("sample", SAMPLE / "reports"))
SETTINGS = Settings()
ROUNDS = 15
END = object()

Files = list[tuple[Path, bytes]]


def best(
    action: Callable[[], object],
    *,
    rounds: int = ROUNDS,
    clock: Callable[[], float] = time.process_time,
) -> float:
    """Return the shortest time of `action` in seconds: the one least disturbed."""
    times = []
    for _ in range(rounds):
        start = clock()
        action()
        times.append(clock() - start)
    return min(times)


def fresh(code: str) -> float:
    """Return the time of a fresh interpreter that runs `code`."""
    command = [sys.executable, "-c", code]

    def run() -> None:
        subprocess.run(command, check=True, capture_output=True)

    return best(run, rounds=5, clock=time.perf_counter)


def count() -> None:
    """Count to a million: how fast this machine is just now."""
    total = 0
    for i in range(1_000_000):
        total += i


def show(name: str, value: float, unit: str, bar: float | None = None) -> None:
    """Print one figure, beside its bar when there is one."""
    beside = "" if bar is None else f" bar {bar:,g} {unit}"
    print(f"{name:<42}{value:>12,.3g} {unit:<14}{beside}".rstrip())


def load(folder: Path, pattern: str = "*.txt") -> Files:
    """Return the files of a folder that fit a pattern."""
    return [(path, load_file(path, settings=SETTINGS)) for path in sorted(folder.glob(pattern))]


def read(path: Path, data: bytes) -> Report:
    """Return a raw report."""
    return read_report(data, report_id=path.name, path=path, settings=SETTINGS)


def bench_audit(files: Files, kind: str, bar: float, *, rounds: int = ROUNDS) -> None:
    """Measure reading to findings on one core, warm; together as runs do it."""

    def audit() -> None:
        for path, data in files:
            audit_report(data, report_id=path.name, path=path, settings=SETTINGS)

    def audit_together() -> None:
        for some in batched(files, TOGETHER):
            audits = [
                audit_steps(data, report_id=path.name, path=path, settings=SETTINGS)
                for path, data in some
            ]
            while audits:
                audits = [steps for steps in audits if next(steps, END) is not END]

    for action, how in ((audit_together, f"{TOGETHER} together"), (audit, "one by one")):
        action()
        speed = len(files) / best(action, rounds=rounds)
        show(f"audit of {kind}, one core, {how}", speed, "reports/s", bar)


def batched(files: Files, n: int) -> Iterator[Files]:
    """Yield files by so many."""
    return (files[start : start + n] for start in range(0, len(files), n))


def take(step: Step, reports: Sequence[Report], forms: Sequence[Form]) -> list[Report]:
    """Take one step with every report."""
    return [step(report, form, SETTINGS) for report, form in zip(reports, forms, strict=True)]


def bench_steps(files: Files) -> None:
    """Measure each step on what the steps before it made."""
    forms = shipped_forms()
    raw = [read(path, data) for path, data in files]
    plain = [normalize(report, forms[0], SETTINGS) for report in raw]
    known = [read_metadata(report, forms[0], SETTINGS) for report in plain]
    chosen = [select_form(report, forms)[0] for report in known]

    def cost(name: str, action: Callable[[], object]) -> None:
        show(f"  {name}", best(action) / len(files) * 1e3, "ms/report")

    cost("read", lambda: [read(path, data) for path, data in files])
    cost("normalize", lambda: [normalize(r, forms[0], SETTINGS) for r in raw])
    cost("read_metadata", lambda: [read_metadata(r, forms[0], SETTINGS) for r in plain])
    cost("select_form", lambda: [select_form(r, forms) for r in known])
    reports = known
    for step in STEPS:
        run = partial(take, step, reports, chosen)
        cost(getattr(step, "__name__", "step"), run)
        reports = run()
    whole = [parse_report(report, settings=SETTINGS) for report in raw]
    cost("check_report", lambda: [check_report(r, f, settings=SETTINGS) for r, f in whole])


def bench_mentions(files: Files) -> None:
    """Measure the search for figures over whole texts."""
    texts = [read(path, data).raw_text for path, data in files]
    spent = best(lambda: [find_mentions(text) for text in texts])
    show("figures in text", sum(map(len, texts)) / spent, "chars/s", 500_000)


def bench_formats() -> None:
    """Measure the other formats: every truth of the sample as html and docx, and its PDFs."""
    truths = [load_truth(path) for path in sorted((SAMPLE / "truth").glob("*.toml"))]
    for kind, bar in (("html", 150), ("docx", 50)):
        files = [(Path(f"{t.name}.{kind}"), render(replace(t, look=""), kind)[0]) for t in truths]
        bench_audit(files, kind, bar, rounds=5)
    bench_audit(load(SAMPLE / "reports", "*.pdf"), "pdf", 5, rounds=5)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    show("peak memory of this process", peak, "MB", 300)


def bench_start() -> None:
    """Measure what a fresh process needs before it can work."""
    bare = fresh("pass")
    show("import mining", fresh("import mining") - bare, "s", 0.15)
    code = "import sys; sys.argv = ['mining', '--help']; from mining.cli.app import main; main()"
    show("mining --help", fresh(code), "s", 0.4)


def main() -> None:
    """Print every figure."""
    show("counting to a million", best(count) * 1e3, "ms")
    for name, folder in INPUTS:
        files = load(folder)
        if not files:
            continue
        n_bytes = sum(len(data) for _, data in files)
        print(f"{name}: {len(files)} reports, {n_bytes / len(files):,.0f} bytes on average")
        bench_audit(files, "text", 400)
        bench_steps(files)
        bench_mentions(files)
    bench_formats()
    bench_start()


if __name__ == "__main__":
    main()
