"""Parts of a run on their way into its tables."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from mining.corpus import merge
from mining.present.tables import PART_FORMAT, SCHEMAS, TableWriter
from tests.resultrows import a_finding, rows_of


def _written(folder: Path, kind: str, n_reports: int = 9) -> Path:
    with TableWriter(folder, formats=(kind,)) as writer:
        for n in range(n_reports):
            writer.write(rows_of(a_finding(), id=f"{n}.txt"))
    return folder


@pytest.mark.parametrize("table", SCHEMAS)
def test_parts_hold_what_parquet_would(tmp_path: Path, table: str) -> None:
    part = _written(tmp_path / "part", PART_FORMAT)
    plain = _written(tmp_path / "plain", "parquet")

    (rows,) = merge._batches([part], table)

    assert rows.equals(pq.read_table(plain / f"{table}.parquet"))


def test_a_part_without_the_table_has_no_rows(tmp_path: Path) -> None:
    assert list(merge._batches([tmp_path], "cells")) == []
