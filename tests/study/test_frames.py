"""Tables of a run: files or folders, whole or broken."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pytest

from mining.errors import StudyError
from mining.study.frames import UNKNOWN, load_reports, load_table
from tests.studyruns import MadeRun


@pytest.fixture
def run(tmp_path: Path) -> Path:
    made = MadeRun()
    made.add("宁波市江宁区教育局", 2020, ["staffing"], region="宁波市江宁区")
    made.add("宁波市人民政府", 2021, ["timeliness"], region="宁波市")
    made.add(None, None, ["training"])
    return made.write(tmp_path / "run")


def test_reports_have_what_groups_them(run: Path) -> None:
    reports = load_reports(run).set_index("agency")

    school = reports.loc["宁波市江宁区教育局"]
    assert list(school[["year", "region", "level", "kind"]]) == [
        2020,
        "宁波市江宁区",
        "county",
        "education",
    ]
    assert reports.loc["宁波市人民政府", "kind"] == "prefecture_government"


def test_report_that_tells_nothing_is_unknown(run: Path) -> None:
    reports = load_reports(run)

    nobody = reports[~reports["is_known"]].iloc[0]
    assert {nobody["region"], nobody["level"], nobody["kind"]} == {UNKNOWN}
    assert nobody["year"] is pd.NA


def test_failed_reports_are_left_out(run: Path) -> None:
    path = run / "reports.parquet"
    table = pd.read_parquet(path)
    table.loc[0, "status"] = "failed"
    table.to_parquet(path)

    assert len(load_reports(run)) == len(table) - 1


def test_folder_of_parts_reads_like_a_file(run: Path, tmp_path: Path) -> None:
    whole = load_table(run, "points", ("report", "kind", "text"))
    parts = tmp_path / "parts" / "points.parquet"
    parts.parent.mkdir()
    table = pa.Table.from_pandas(pd.read_parquet(run / "points.parquet"))
    ds.write_dataset(
        table, parts, format="parquet", partitioning=["kind"], partitioning_flavor="hive"
    )

    found = load_table(parts.parent, "points", ("report", "kind", "text"))

    order = ["report", "text"]
    pd.testing.assert_frame_equal(
        found.sort_values(order, ignore_index=True).astype("string"),
        whole.sort_values(order, ignore_index=True).astype("string"),
    )


def broken(run: Path) -> None:
    (run / "points.parquet").write_bytes(b"PAR1 and no more")


def missing(run: Path) -> None:
    (run / "points.parquet").unlink()


def narrow(run: Path) -> None:
    pd.DataFrame({"report": ["a"]}).to_parquet(run / "points.parquet")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (broken, "can't be read"),
        (missing, "no table points.parquet"),
        (narrow, "lacks the columns"),
    ],
)
def test_spoilt_table_is_told(run: Path, spoil: object, told: str) -> None:
    assert callable(spoil)
    spoil(run)

    with pytest.raises(StudyError, match=told) as error:
        load_table(run, "points", ("report", "text"))

    assert error.value.code == "E701"


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="no such folder"):
        load_reports(tmp_path / "nowhere")
