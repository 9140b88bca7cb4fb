"""Packs that are damaged, foreign or hostile: a clear message, and never much memory."""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mining.corpus.loading import Loader
from mining.corpus.packs import FOOTER, PackPart
from mining.errors import ReadError
from tests.packmaker import SETTINGS, contents, found, packed, write_corpus

# Reads a report of a file, and tells the most memory that Arrow took.
READ_ONE = """
import sys, pyarrow as pa
from mining.corpus.packrows import PackContents
from mining.settings import Settings
contents = PackContents(sys.argv[1])
print(len(contents.read(90, settings=Settings())), pa.default_memory_pool().max_memory())
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "年报")


@dataclass(frozen=True, slots=True)
class Bad:
    """A file, and what is told of it."""

    table: pa.Table
    code: str
    message: str


BAD = {
    "schema": Bad(pa.table({"a": [1]}), "E101", "no packed corpus"),
    "types": Bad(pa.table({"report": [1], "content": [b"1"]}), "E101", "no packed corpus"),
    "nameless": Bad(
        pa.table({"report": pa.array([None], pa.string()), "content": [b"1"]}), "E101", "no name"
    ),
    "long name": Bad(pa.table({"report": ["a" * 5000], "content": [b"1"]}), "E101", "too long"),
    "outside": Bad(pa.table({"report": ["../../a.txt"], "content": [b"1"]}), "E105", "leads out"),
    "absolute": Bad(pa.table({"report": ["/etc/a.txt"], "content": [b"1"]}), "E105", "leads out"),
    "empty row": Bad(
        pa.table({"report": ["a.txt"], "content": pa.array([None], pa.binary())}),
        "E101",
        "no content",
    ),
    "own code": Bad(
        pa.table(
            {"report": ["../a.html"], "content": [b"1"], "error": ["x"], "error_message": ["m"]}
        ),
        "E101",
        "m",
    ),
    "large": Bad(
        pa.table({"report": ["a.txt"], "content": [random.Random(1).randbytes(20_500_000)]}),
        "E104",
        "more than the limit",
    ),
    "bomb": Bad(pa.table({"report": ["a.txt"], "content": [bytes(300_000_000)]}), "E104", "times"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_file_is_told(name: str, tmp_path: Path) -> None:
    bad = BAD[name]
    plain = bad.table.column_names[:1]
    pq.write_table(bad.table, tmp_path / "c.parquet", compression="zstd", use_dictionary=plain)

    inputs = found(tmp_path / "c.parquet")

    told = [f"{f.code} {f.message}" for f in inputs.failures]
    with Loader(settings=SETTINGS) as loader:
        for item in inputs.items:
            with pytest.raises(ReadError) as error:
                loader.load(item)
            told.append(f"{error.value.code} {error.value.message}")
    (line,) = told
    assert line.startswith(bad.code)
    assert bad.message in line


def test_claim_of_more_rows_than_any_corpus(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed([corpus], tmp_path / "c.parquet")
    monkeypatch.setattr("mining.corpus.packs._MAX_ROWS", 13)

    (failure,) = found(tmp_path / "c.parquet").failures

    assert failure.code == "E104"


def test_one_content_told_for_many_rows_stays_one_content(tmp_path: Path) -> None:
    """Ten gigabytes when all rows of a group are made at once: a file of a few kilobytes."""
    path = tmp_path / "c.parquet"
    value = pa.DictionaryArray.from_arrays(pa.array([0] * 1000, pa.int32()), [b"1" * 10_000_000])
    names = pa.array([f"{i}.txt" for i in range(1000)])
    # Without the schema of Arrow the file does not say that contents are told by number.
    table = pa.table({"report": names, "content": value})
    pq.write_table(table, path, dictionary_pagesize_limit=1 << 28, store_schema=False)
    assert path.stat().st_size < 2_000_000

    told = subprocess.run(
        [sys.executable, "-c", READ_ONE, str(path)], capture_output=True, text=True, check=True
    )

    size, memory = map(int, told.stdout.split())
    assert size == 10_000_000
    assert memory < 200_000_000


@pytest.mark.parametrize("keep", [0, 3, 300, -1])
def test_truncated_file_is_told(corpus: Path, tmp_path: Path, keep: int) -> None:
    packed([corpus], tmp_path / "c.parquet")
    whole = (tmp_path / "c.parquet").read_bytes()
    (tmp_path / "c.parquet").write_bytes(whole[:keep])

    inputs = found(tmp_path / "c.parquet")

    assert inputs.items == ()
    assert [f.code for f in inputs.failures] == ["E101"]


def test_damaged_contents_are_told_for_their_reports(tmp_path: Path) -> None:
    for number in range(250):
        (tmp_path / f"in{number:03}.txt").write_text(f"{number}" * 50)
    packed([f"{tmp_path}/in*.txt"], tmp_path / "c.parquet")
    facts = pq.ParquetFile(tmp_path / "c.parquet").metadata.row_group(1)
    columns = [facts.column(i) for i in range(facts.num_columns)]
    start = next(c.data_page_offset for c in columns if c.path_in_schema == "content")
    data = bytearray((tmp_path / "c.parquet").read_bytes())
    data[start + 60 : start + 80] = bytes(20)
    (tmp_path / "c.parquet").write_bytes(data)

    told = contents(tmp_path / "c.parquet")

    assert [told[f"in{n:03}.txt"] for n in (200, 230, 249)] == ["E101"] * 3
    assert told["in199.txt"] == b"199" * 50


def test_footer_of_other_origin_tells_no_parts(tmp_path: Path) -> None:
    table = pa.table({"report": ["a.txt"], "content": [b"1"]})
    pq.write_table(table.replace_schema_metadata({FOOTER: b"[]"}), tmp_path / "c.parquet")

    with PackPart(tmp_path / "c.parquet") as part:
        assert part.n_parts == 0
