"""The folder of a study: whole or not there, and never mixed with other people's files."""

import json
from pathlib import Path

import pandas as pd
import pytest

from mining.errors import OutputError, SettingsError
from mining.study.results import study_results
from tests.studyruns import MadeRun

TABLE = pd.DataFrame({"主题": ["人员"], "n": [3]})


@pytest.fixture
def run(tmp_path: Path) -> Path:
    made = MadeRun()
    made.add("江宁区教育局", 2020, ["staffing"])
    return made.write(tmp_path / "run")


def write(run: Path, out: Path, *names: str, study: str = "mine") -> dict[str, dict[str, object]]:
    with study_results(out, study, run=run, tables=["reports"], settings={"k": 2}) as results:
        for name in names:
            results.add_table(name, TABLE)
    told: dict[str, dict[str, object]] = json.loads(
        (out / f"{study}.json").read_text(encoding="utf-8")
    )
    return told


def test_tables_and_what_they_were_made_from(run: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"

    told = write(run, out, "one")

    assert list(told["files"]) == ["mine-one.csv", "mine-one.parquet"]
    assert told["settings"] == {"k": 2}
    assert (out / "mine-one.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    pd.testing.assert_frame_equal(pd.read_parquet(out / "mine-one.parquet"), TABLE)
    assert sorted(p.name for p in out.parent.iterdir()) == ["out"]


def test_later_result_replaces_the_earlier_one_only(run: Path, tmp_path: Path) -> None:
    write(run, tmp_path / "out", "one")
    write(run, tmp_path / "out", "one", study="other")
    (tmp_path / "out" / "notes.txt").write_text("mine", encoding="utf-8")

    write(run, tmp_path / "out", "two")

    names = {p.stem for p in (tmp_path / "out").iterdir()}
    assert names == {"mine", "mine-two", "other", "other-one", "notes"}


def test_changed_run_has_another_hash(run: Path, tmp_path: Path) -> None:
    before = write(run, tmp_path / "a")["tables"]
    MadeRun().write(run)

    assert write(run, tmp_path / "b")["tables"] != before


def test_foreign_file_stays(run: Path, tmp_path: Path) -> None:
    (tmp_path / "mine-one.csv").write_text("not yours", encoding="utf-8")

    with pytest.raises(OutputError, match=r"mine-one\.csv"):
        write(run, tmp_path, "one")

    assert (tmp_path / "mine-one.csv").read_text(encoding="utf-8") == "not yours"
    assert not (tmp_path / "mine.json").exists()


@pytest.mark.parametrize("text", ["[]", "{}", "no json", '{"study": "else"}'])
def test_foreign_manifest_stays(run: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "mine.json").write_text(text, encoding="utf-8")

    with pytest.raises(OutputError, match=r"mine\.json"):
        write(run, tmp_path, "one")

    assert (tmp_path / "mine.json").read_text(encoding="utf-8") == text


def test_manifest_removes_no_files_elsewhere(run: Path, tmp_path: Path) -> None:
    out, kept = tmp_path / "out", tmp_path / "kept.txt"
    kept.write_text("mine", encoding="utf-8")
    write(run, out, "one")
    told = json.loads((out / "mine.json").read_text(encoding="utf-8"))
    (out / "mine.json").write_text(
        json.dumps(told | {"files": ["../kept.txt", "", ".", ".."]}), "utf-8"
    )
    (out / "mine-one.csv").unlink()
    (out / "mine-one.parquet").unlink()

    write(run, out, "two")

    assert kept.exists()


def test_error_leaves_the_earlier_result(run: Path, tmp_path: Path) -> None:
    write(run, tmp_path / "out", "one")

    with (
        pytest.raises(ZeroDivisionError),
        study_results(tmp_path / "out", "mine", run=run, tables=[], settings={}) as results,
    ):
        results.add_table("one", pd.DataFrame({"主题": [1 / 0]}))

    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "out" / "mine-one.parquet"), TABLE)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "run"]


def test_folder_that_is_a_file_or_the_run(run: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(OutputError, match="a file of this name"):
        write(run, tmp_path / "file", "one")
    with pytest.raises(OutputError, match="the run itself"):
        write(run, run, "one")


def test_unknown_chart_format(run: Path, tmp_path: Path) -> None:
    with (
        pytest.raises(SettingsError, match="unknown chart format: gif"),
        study_results(
            tmp_path / "out", "mine", run=run, tables=[], settings={}, formats=["png", "gif"]
        ),
    ):
        pass
