"""Measure speeds and start-up times: figures only, beside their bars; never fails.

Run with ``make bench``. Inputs are the text files of corpora/sample, repeated.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from mining.corpus.loading import load_file
from mining.mentions import find_mentions
from mining.pipeline import audit_report, read_report
from mining.settings import Settings

SAMPLE = Path(__file__).parents[1] / "corpora" / "sample" / "reports"
SETTINGS = Settings()
ROUNDS = 5


def best(action: Callable[[], object], *, rounds: int = ROUNDS) -> float:
    """Return the shortest time of `action` in seconds: the one least disturbed."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def fresh(code: str) -> float:
    """Return the time of a fresh interpreter that runs `code`."""
    command = [sys.executable, "-c", code]
    return best(lambda: subprocess.run(command, check=True, capture_output=True))


def show(name: str, value: float, unit: str, bar: float) -> None:
    """Print one figure beside its bar."""
    print(f"{name:<42}{value:>12,.3g} {unit:<14} bar {bar:,g} {unit}")


def bench_audit(files: list[tuple[Path, bytes]]) -> None:
    """Measure reading to findings on one core, warm."""

    def audit() -> None:
        for path, data in files:
            audit_report(data, report_id=path.name, path=path, settings=SETTINGS)

    audit()
    show("audit of text, one core", len(files) / best(audit), "reports/s", 400)


def bench_mentions(files: list[tuple[Path, bytes]]) -> None:
    """Measure the search for figures over whole texts."""
    texts = [
        read_report(data, report_id=path.name, path=path, settings=SETTINGS).raw_text
        for path, data in files
    ]
    spent = best(lambda: [find_mentions(text) for text in texts])
    show("figures in text", sum(map(len, texts)) / spent, "chars/s", 500_000)


def bench_start() -> None:
    """Measure what a fresh process needs before it can work."""
    bare = fresh("pass")
    show("import mining", fresh("import mining") - bare, "s", 0.15)
    code = "import sys; sys.argv = ['mining', '--help']; from mining.cli.app import main; main()"
    show("mining --help", fresh(code), "s", 0.4)


def main() -> None:
    """Print every figure."""
    paths = sorted(SAMPLE.glob("*.txt"))
    files = [(path, load_file(path, settings=SETTINGS)) for path in paths]
    n_bytes = sum(len(data) for _, data in files)
    print(f"{len(files)} reports, {n_bytes / len(files):,.0f} bytes on average")
    bench_audit(files)
    bench_mentions(files)
    bench_start()


if __name__ == "__main__":
    main()
