"""The manifest of a run: what it tells, and what `verify` finds changed."""

import json
import os
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from mining import Selection, Settings, collect, run_audit
from mining.corpus.inputs import Input, Inputs
from mining.corpus.manifest import MANIFEST, digest, inputs_of, write_manifest
from mining.corpus.verify import Verdict, load_manifests, rerun_audit, verify
from mining.errors import ReadError
from mining.history.mapping import load_agencies
from tests.conftest import SAMPLE

NAMES = ("lanyang_transport_2019.txt", "lanyang_transport_2020.txt")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Return a folder with a report, and another one in an archive."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / NAMES[0]).write_bytes((SAMPLE / "reports" / NAMES[0]).read_bytes())
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        archive.write(SAMPLE / "reports" / NAMES[1], NAMES[1])
    return folder


def audited(arguments: Sequence[Path], out: Path, **options: object) -> Path:
    inputs = collect(arguments, suffixes=frozenset({".txt"}), settings=Settings())
    run_audit(inputs, out, **options)  # type: ignore[arg-type]
    return out


def verdict_of(run: Path, *, again: bool = False) -> Verdict:
    (manifest,) = load_manifests(run)
    return verify(manifest, rerun_audit if again else None)


def test_manifest_tells_inputs_outputs_and_settings(source: Path, tmp_path: Path) -> None:
    run = audited([source], tmp_path / "out", selection=Selection(select=("table-",)), lang="en")

    told = json.loads((run / MANIFEST).read_text(encoding="utf-8"))
    assert (told["task"], told["lang"], told["select"]) == ("audit", "en", ["table-"])
    assert {file["path"] for file in told["inputs"]} == {str(p) for p in source.iterdir()}
    assert told["inputs"][0]["sha256"] == digest(Path(told["inputs"][0]["path"]))
    assert told["inputs"][1]["reports"] == [
        {"report": f"more.zip/{NAMES[1]}", "member": 0, "name": NAMES[1]}
    ]
    names = {p.name for p in run.iterdir()} - {MANIFEST}
    assert set(told["outputs"]) == names
    assert all(facts["size"] == (run / n).stat().st_size for n, facts in told["outputs"].items())


@pytest.mark.parametrize("name", ["报告.txt", b"\xff.txt".decode(errors="surrogateescape")])
def test_manifest_is_laid_out_as_json_of_one_piece(name: str, tmp_path: Path) -> None:
    items = (Input(report_id="a\nb", path=Path(name)), Input(report_id="c", path=Path("d")))
    for number, inputs in enumerate(
        (Inputs(items=items, skipped={}), Inputs(items=(), skipped={}))
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        write_manifest(folder, {"formats": ("parquet",), "skipped": {}}, inputs)

        text = (folder / MANIFEST).read_text(encoding="utf-8")
        told = json.loads(text)
        is_plain = name.isprintable() or not inputs.items
        assert text == json.dumps(told, ensure_ascii=not is_plain, indent=1) + "\n"
        assert len(told["inputs"]) == len(inputs.items)


def test_manifest_does_not_depend_on_workers(source: Path, tmp_path: Path) -> None:
    one = audited([source], tmp_path / "one", workers=1)
    two = audited([source], tmp_path / "two", workers=2)

    assert (one / MANIFEST).read_bytes() == (two / MANIFEST).read_bytes()


def test_an_unchanged_run_is_the_same_and_comes_out_the_same(source: Path, tmp_path: Path) -> None:
    same = tmp_path / "same.csv"
    same.write_text("agency,same_as,from,to\n甲局,乙局,2015,\n丙局,丁局,,\n", encoding="utf-8")
    options: dict[str, object] = {"formats": ("parquet", "csv"), "agencies": load_agencies(same)}
    run = audited([source], tmp_path / "out", **options)

    verdict = verdict_of(run, again=True)

    assert verdict.is_same
    assert verdict.recomputed == ()
    assert verdict.n_files == len(list(run.iterdir())) - 1


def test_changed_and_missing_files_are_told(source: Path, tmp_path: Path) -> None:
    run = audited([source], tmp_path / "out")
    (run / "cells.parquet").write_bytes(b"another")
    (run / "audit.html").unlink()

    verdict = verdict_of(run)

    assert (verdict.changed, verdict.missing) == (("cells.parquet",), ("audit.html",))
    assert not verdict.is_same


def test_other_settings_come_out_differently(source: Path, tmp_path: Path) -> None:
    run = audited([source], tmp_path / "out")
    told = json.loads((run / MANIFEST).read_text(encoding="utf-8"))
    told["ignore"] = ["table-"]
    (run / MANIFEST).write_text(json.dumps(told), encoding="utf-8")

    verdict = verdict_of(run, again=True)

    assert not verdict.changed
    assert verdict.recomputed is not None
    assert {"findings.parquet", "audit.html"} <= set(verdict.recomputed)
    assert "cells.parquet" not in verdict.recomputed


def test_inputs_that_are_gone_or_changed_stop_the_recomputing(source: Path, tmp_path: Path) -> None:
    run = audited([source], tmp_path / "out")
    (source / NAMES[0]).write_text("改过了", encoding="utf-8")
    (source / "more.zip").unlink()

    verdict = verdict_of(run, again=True)

    assert verdict.inputs_changed == (str(source / NAMES[0]),)
    assert verdict.inputs_missing == (str(source / "more.zip"),)
    assert verdict.recomputed is None


def test_failed_inputs_fail_again(source: Path, tmp_path: Path) -> None:
    (source / "broken.zip").write_bytes(b"no archive")
    (source / "empty.txt").write_bytes(b"")
    run = audited([source], tmp_path / "out")

    assert json.loads((run / "run.json").read_text(encoding="utf-8"))["totals"]["failed"] == 2
    assert verdict_of(run, again=True).recomputed == ()


def test_names_that_are_no_utf8_are_kept(tmp_path: Path) -> None:
    path = Path(os.fsdecode(b"in/\xc4\xea.txt"))
    inputs = Inputs(items=(Input(report_id="年.txt", path=path),), skipped={})

    write_manifest(tmp_path, {"skipped": {}}, inputs)

    (manifest,) = load_manifests(tmp_path)
    assert inputs_of(manifest.told) == inputs
    assert manifest.inputs == {str(path): None}


def test_pipes_and_unreadable_things_have_no_digest(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    assert digest(tmp_path / "pipe") is None
    assert digest(tmp_path / "nothing") is None


@pytest.mark.parametrize("content", [None, "{", "[]", '{"outputs": {}}'])
def test_folder_without_a_sound_manifest(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / MANIFEST).write_text(content, encoding="utf-8")

    with pytest.raises(ReadError, match=r"\[E105\]"):
        load_manifests(tmp_path)
