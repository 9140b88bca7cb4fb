"""Runs over packs: whoever works, the bytes of the folder; damage is told and costs little."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from mining.corpus.audittask import ShardTask
from mining.corpus.pool import Here, Processes
from mining.corpus.run import run_audit
from mining.corpus.tasks import At, Lost, Part
from mining.errors import OutputError
from tests.packmaker import found, packed

TABLES = ("texts", "sections", "cells", "figures", "findings")


@pytest.fixture(autouse=True)
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mining.corpus.shards._SMALLEST", 3)
    monkeypatch.setattr("mining.corpus.packwriter._GROUP_ROWS", 4)


@pytest.fixture
def corpus(tmp_path: Path, sample: Path) -> Path:
    """Return a folder of 14 reports, some of one agency over years."""
    folder = tmp_path / "年报"
    folder.mkdir()
    for path in sorted((sample / "reports").glob("*.txt"))[-14:]:
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def tables(out: Path) -> dict[str, bytes]:
    return {name: (out / f"{name}.parquet").read_bytes() for name in TABLES}


def test_pool_over_a_pack_gives_the_bytes_of_the_folder(corpus: Path, tmp_path: Path) -> None:
    packed([corpus], tmp_path / "c.parquet", part_reports=5)

    run_audit(found(corpus), tmp_path / "1", executor=Here())
    run_audit(found(tmp_path / "c.parquet"), tmp_path / "2", executor=Processes(2))

    assert tables(tmp_path / "1") == tables(tmp_path / "2")


def test_truncated_part_costs_its_own_reports_only(corpus: Path, tmp_path: Path) -> None:
    packed([corpus], tmp_path / "c.parquet", part_reports=5)
    part = tmp_path / "c.parquet/part-00001.parquet"
    part.write_bytes(part.read_bytes()[:-200])

    summary = run_audit(found(tmp_path / "c.parquet"), tmp_path / "out", executor=Processes(2))

    assert (summary.totals["reports"], summary.totals["failed"]) == (9, 1)
    (failure,) = summary.failures
    assert failure.report == "c.parquet/part-00001.parquet"
    assert failure.code == "E101"
    reports = pd.read_parquet(tmp_path / "out/reports.parquet")
    names = sorted(p.name for p in corpus.iterdir())
    assert set(reports["report"]) == {failure.report, *names[:5], *names[10:]}


def test_part_that_is_truncated_in_mid_run_is_failed_rows(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed([corpus], tmp_path / "c.parquet")
    inputs = found(tmp_path / "c.parquet")
    audit = ShardTask.run

    def truncate_later(self: ShardTask, work: Path, at: At, lost: Lost) -> Part:
        if self.shard.index == 2:
            # Another file of that name: the one that is open is read on.
            data = (tmp_path / "c.parquet").read_bytes()
            (tmp_path / "c.parquet").unlink()
            (tmp_path / "c.parquet").write_bytes(data[:3000])
        return audit(self, work, at, lost)

    monkeypatch.setattr(ShardTask, "run", truncate_later)

    summary = run_audit(inputs, tmp_path / "out", executor=Here())

    assert (summary.totals["reports"], summary.totals["failed"]) == (6, 8)
    assert {failure.code for failure in summary.failures} == {"E101"}


def test_damaged_row_group_costs_its_own_reports_only(corpus: Path, tmp_path: Path) -> None:
    path = tmp_path / "c.parquet"
    packed([corpus], path)
    group = pq.ParquetFile(path).metadata.row_group(1)
    columns = [group.column(i) for i in range(group.num_columns)]
    start = next(c.data_page_offset for c in columns if c.path_in_schema == "content")
    data = bytearray(path.read_bytes())
    data[start + 100 : start + 120] = bytes(20)
    path.write_bytes(data)

    summary = run_audit(found(path), tmp_path / "out", executor=Processes(2))

    assert (summary.totals["reports"], summary.totals["failed"]) == (10, 4)
    names = sorted(p.name for p in corpus.iterdir())
    assert [f.report for f in summary.failures] == names[4:8]


def test_changed_pack_is_not_gone_on_with(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed([corpus], tmp_path / "c.parquet")
    audit = ShardTask.run

    def break_at_second(self: ShardTask, work: Path, at: At, lost: Lost) -> Part:
        if self.shard.index == 1:
            raise KeyboardInterrupt
        return audit(self, work, at, lost)

    with monkeypatch.context() as patch:
        patch.setattr(ShardTask, "run", break_at_second)
        with pytest.raises(KeyboardInterrupt):
            run_audit(found(tmp_path / "c.parquet"), tmp_path / "out", executor=Here())
    (corpus / max(p.name for p in corpus.iterdir())).write_text("另一份")
    packed([corpus], tmp_path / "c.parquet", force=True)

    with pytest.raises(OutputError, match="E503"):
        run_audit(found(tmp_path / "c.parquet"), tmp_path / "out", executor=Here(), resume=True)
