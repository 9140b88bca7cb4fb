"""Reports that take each step together come out as they do one by one, whatever happens to one."""

from __future__ import annotations

from pathlib import Path

import pytest

from mining.catalog import READERS
from mining.corpus.audittask import _together
from mining.corpus.inputs import Input, collect
from mining.corpus.job import AuditJob, Outcome, Selection
from mining.corpus.loading import Loader
from mining.settings import Settings

SAMPLE = Path(__file__).parents[2] / "corpora" / "sample" / "reports"
JOB = AuditJob(settings=Settings(), selection=Selection(), with_facts=True)


def inputs(tmp_path: Path) -> list[Input]:
    """Return reports of the sample with two between them that can't be read."""
    (tmp_path / "空.txt").write_bytes(b"")
    (tmp_path / "图.docx").write_bytes(b"\x89PNG")
    chosen = sorted(p for p in SAMPLE.iterdir() if p.suffix != ".pdf")[:12]
    paths = [*chosen[:5], tmp_path / "空.txt", *chosen[5:9], tmp_path / "图.docx", *chosen[9:]]
    return list(collect(paths, suffixes=frozenset(READERS), settings=Settings()).items)


def audited(items: list[Input], told: list[tuple[int, int]]) -> list[Outcome]:
    def at(place: int, n: int = 1) -> None:
        told.append((place, n))

    with Loader(settings=Settings()) as loader:
        return JOB.outcomes(items, loader, at=at, first=100)


def test_together_is_as_one_by_one(tmp_path: Path) -> None:
    items = inputs(tmp_path)

    together = audited(items, [])
    alone = [outcome for item in items for outcome in audited([item], [])]

    assert together == alone
    codes = [outcome.failure.code for outcome in together if outcome.failure is not None]
    assert (len(together), codes) == (14, ["E102", "E101"])


def test_reading_is_told_one_by_one_and_the_rest_as_one(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []

    audited(inputs(tmp_path)[:3], told)

    assert told == [(100, 1), (101, 1), (102, 1), (100, 3)]


@pytest.mark.parametrize(
    ("n", "lost", "groups"),
    [
        (36, {}, [(0, 32), (32, 36)]),
        (32, {}, [(0, 32)]),
        (5, {2: ""}, [(0, 2), (2, 3), (3, 5)]),
        (4, {0: "E198", 1: "", 3: ""}, [(0, 1), (1, 2), (2, 3), (3, 4)]),
        (65, {32: ""}, [(0, 32), (32, 33), (33, 65)]),
        (0, {}, []),
    ],
)
def test_who_may_have_killed_a_process_is_alone(
    n: int, lost: dict[int, str], groups: list[tuple[int, int]]
) -> None:
    assert [(places.start, places.stop) for places in _together(range(n), lost)] == groups
