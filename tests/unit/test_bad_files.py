"""Files that once ended badly, found by ``benchmarks/fuzz.py``, and the fuzzer itself."""

import os
import time
from pathlib import Path
from random import Random

import pytest

from benchmarks import bounded
from benchmarks.bounded import Outcome, run_bounded
from benchmarks.fuzz import audit, place_of_failure
from benchmarks.mutations import FORMATS, mutate
from benchmarks.seeds import load_seeds

BAD = sorted((Path(__file__).parents[1] / "data" / "bad").iterdir())


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.name)
def test_bad_file_ends_in_a_result_or_a_clear_error(path: Path) -> None:
    data = path.read_bytes()

    outcome = run_bounded(lambda: audit(data, path.suffix[1:]))

    assert (outcome.kind, outcome.told[:2]) in {("done", "ok"), ("done", "E1"), ("done", "['")}


def test_bad_files_stay_small() -> None:
    assert {path.name: path.stat().st_size for path in BAD if path.stat().st_size > 30_000} == {}


@pytest.mark.parametrize("name", FORMATS)
def test_some_broken_files_of_every_format(name: str) -> None:
    pool, rng = load_seeds([name])[name], Random(20)
    audit(pool[0], name)

    files = [mutate(rng.choice(pool), format_name=name, pool=pool, rng=rng) for _ in range(8)]
    outcomes = [run_bounded(lambda data=data: audit(data, name)) for data in files]  # type: ignore[misc]

    assert [o for o in outcomes if o.kind != "done"] == []


def test_same_chance_gives_the_same_file() -> None:
    pool = load_seeds(["docx"])["docx"]
    first, second = (
        [mutate(pool[0], format_name="docx", pool=pool, rng=rng) for _ in range(3)]
        for rng in (Random(3), Random(3))
    )

    assert first == second
    assert pool[0] not in first


def wait() -> str:
    while True:
        pass


def swell() -> str:
    return str(len(bytearray(bounded.MEMORY + 50_000_000)))


def fail() -> str:
    return str(int("本年"))


def die() -> str:
    os._exit(7)


def sleep() -> str:
    time.sleep(60)
    return "late"


@pytest.mark.parametrize(
    ("action", "kind", "told"),
    [
        (lambda: "ok", "done", "ok"),
        (wait, "timeout", "signal"),
        (sleep, "timeout", "signal"),
        (swell, "memory", "MemoryError"),
        (fail, "exception", "ValueError"),
        (die, "crash", "signal 0"),
    ],
)
def test_bounds_hold(monkeypatch: pytest.MonkeyPatch, action: object, kind: str, told: str) -> None:
    monkeypatch.setattr(bounded, "SECONDS", 0.3)
    monkeypatch.setattr(bounded, "_PATIENCE", 1.5)

    outcome = run_bounded(action)  # type: ignore[arg-type]

    assert outcome.kind == kind
    assert told in outcome.told


def test_failure_is_named_by_error_and_place() -> None:
    told = (
        'Traceback\n  File "/x/mining/pipeline.py", line 120, in audit_report\n'
        '  File "/x/mining/html/mhtml.py", line 44, in _page_in\n'
        '  File "/lib/email/parser.py", line 5, in parse\n'
        "LookupError: unknown\n"
    )

    name = place_of_failure(Outcome(kind="exception", told=told, seconds=0.1, growth=0))

    assert name == "LookupError-mining.html.mhtml.py-44"
