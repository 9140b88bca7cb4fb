"""The folder of results is complete or not there, and other files are never touched."""

from pathlib import Path

import pytest

from mining.corpus.outputs import MARKER
from mining.corpus.tasks import PartFolder
from mining.corpus.workfolder import Plan, work_folder
from mining.errors import OutputError

OWN = frozenset({MARKER, "reports.csv", "audit.html"})


PLAN = Plan(facts={}, shards=(), names=())


def publish(out: Path, *names: str, force: bool = False) -> None:
    with work_folder(out, PLAN, own=OWN, force=force) as folder:
        with PartFolder.fresh(folder.path, "merge-all") as made:
            for name in set(names) - {MARKER}:
                (made.path / name).write_text(f"new {name}", encoding="utf-8")
            part = made.seal({})
        folder.publish([part], {}, out, OWN)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_new_folder_appears_with_its_parents(tmp_path: Path) -> None:
    publish(tmp_path / "a/b/out", MARKER, "reports.csv")

    assert names(tmp_path / "a/b/out") == ["reports.csv", MARKER]
    assert names(tmp_path / "a/b") == ["out"]


def test_earlier_result_is_replaced_as_a_whole(tmp_path: Path) -> None:
    publish(tmp_path / "out", MARKER, "reports.csv", "audit.html")
    publish(tmp_path / "out", MARKER, "reports.csv")

    assert names(tmp_path / "out") == ["reports.csv", MARKER]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_earlier_result_stays_when_the_run_fails(
    tmp_path: Path, error: type[BaseException]
) -> None:
    publish(tmp_path / "out", MARKER, "reports.csv")
    before = (tmp_path / "out/reports.csv").stat().st_mtime_ns

    def write() -> None:
        with work_folder(tmp_path / "out", PLAN, own=OWN) as folder:
            (folder.path / "reports.csv").write_text("half", encoding="utf-8")
            raise error

    with pytest.raises(error):
        write()
    assert (tmp_path / "out/reports.csv").stat().st_mtime_ns == before
    assert names(tmp_path) == ["out"]


def test_full_disk_names_the_folder(tmp_path: Path) -> None:
    def write() -> None:
        with work_folder(tmp_path / "out", PLAN, own=OWN):
            raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match=r"E501.*out: No space left"):
        write()
    assert names(tmp_path) == []


@pytest.mark.parametrize("name", ["我的笔记.docx", "reports.csv"])
def test_foreign_files_are_refused(tmp_path: Path, name: str) -> None:
    # A "reports.csv" without the marker beside it was not written by an audit.
    (tmp_path / name).write_text("mine", encoding="utf-8")

    with pytest.raises(OutputError, match=name):
        publish(tmp_path, MARKER)
    assert (tmp_path / name).read_text(encoding="utf-8") == "mine"


def test_foreign_files_stay_with_force(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/笔记.docx").write_text("mine", encoding="utf-8")

    publish(tmp_path / "out", MARKER, "audit.html", force=True)

    assert names(tmp_path / "out") == ["audit.html", MARKER, "笔记.docx"]


def test_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file", encoding="utf-8")

    with pytest.raises(OutputError, match="file of this name"):
        publish(tmp_path / "out", MARKER, force=True)
