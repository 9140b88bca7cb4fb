"""Packs hold what the files held, come out the same, and are gone on with after a break."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mining.corpus.loading import Loader, load_file
from mining.corpus.packinfo import describe_pack
from mining.corpus.packs import PLAN
from mining.corpus.sampling import draw_sample
from mining.corpus.variables import PathPattern, VariableSources, load_table
from mining.errors import OutputError, ReadError, SettingsError
from tests.packmaker import SETTINGS, contents, found, packed, write_corpus


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "年报")


@pytest.mark.parametrize("part_reports", [100, 4], ids=["file", "folder"])
def test_pack_holds_what_the_files_held(corpus: Path, tmp_path: Path, part_reports: int) -> None:
    out = tmp_path / "corpus.parquet"

    packed([corpus], out, part_reports=part_reports)

    assert contents(out) == contents(corpus)
    assert contents(out)["坏.zip"] == "E101"
    assert contents(out)["多份.zip/../外.txt"] == "E105"
    assert out.is_dir() == (part_reports == 4)


def test_pack_elsewhere(corpus: Path) -> None:
    packed([corpus], "memory://packs/corpus.parquet", part_reports=4)

    assert contents("memory://packs/corpus.parquet") == contents(corpus)


def test_address_of_no_file_system(corpus: Path) -> None:
    with pytest.raises(ReadError, match="E105"):
        packed([corpus], "nowhere://packs/corpus.parquet")


def test_same_bytes_from_another_folder(corpus: Path, tmp_path: Path) -> None:
    packed([corpus], tmp_path / "1.parquet")
    corpus.rename(tmp_path / "搬走")
    for path in (tmp_path / "搬走").rglob("*.txt"):
        path.touch()

    packed([tmp_path / "搬走"], tmp_path / "2.parquet")

    assert (tmp_path / "1.parquet").read_bytes() == (tmp_path / "2.parquet").read_bytes()


def test_row_tells_file_and_variables(corpus: Path, tmp_path: Path) -> None:
    table = tmp_path / "变量.csv"
    table.write_text("report,level,code\n甲县/水务局_2016.txt,county,010\n没有.txt,city,020\n")
    sources = VariableSources(
        table=load_table(table), pattern=PathPattern("{region}/{agency}_{year}.txt")
    )

    done = packed([corpus], tmp_path / "c.parquet", variables=sources)

    rows = {r["report"]: r for r in pq.read_table(tmp_path / "c.parquet").to_pylist()}
    row = rows["甲县/水务局_2016.txt"]
    names = ("suffix", "size", "region", "agency", "year", "level", "code")
    assert [row.get(n) for n in names] == [".txt", 13, "甲县", "水务局", 2016, "county", "010"]
    assert rows["网页.html"]["year"] is None
    assert (done.unmatched, done.unfitting) == (1, 3)


def test_texts_instead_of_files(sample: Path, tmp_path: Path) -> None:
    names = ["tonghu_health_2009.html", "yunzhou_gov_2020.txt"]

    packed([sample / "reports" / name for name in names], tmp_path / "t.parquet", as_text=True)

    table = pq.read_table(tmp_path / "t.parquet")
    assert "content" not in table.column_names
    assert all("政府信息公开" in text for text in table.column("text").to_pylist())
    assert [item.name for item in found(tmp_path / "t.parquet").items] == [
        f"{names[0]}.txt",
        names[1],
    ]


class Break(Exception):  # noqa: N818 - stands for a process that dies
    """The end of an attempt."""


def break_after(n_parts: int, corpus: Path, out: Path) -> None:
    left = [n_parts]

    def tick(_n: int) -> None:
        left[0] -= 1
        if not left[0]:
            raise Break

    with pytest.raises(Break):
        packed([corpus], out, part_reports=4, progress=tick)


def test_unfinished_pack_is_gone_on_with(corpus: Path, tmp_path: Path) -> None:
    packed([corpus], tmp_path / "whole.parquet", part_reports=4)
    out = tmp_path / "c.parquet"
    break_after(2, corpus, out)
    # A part that was damaged meanwhile is written again.
    (out / "part-00001.parquet").write_bytes(b"PAR1")

    done = packed([corpus], out, part_reports=4)

    assert (done.kept, done.parts) == (1, 4)
    names = sorted(p.name for p in out.iterdir())
    assert names == sorted(p.name for p in (tmp_path / "whole.parquet").iterdir())
    whole = tmp_path / "whole.parquet"
    assert all((out / n).read_bytes() == (whole / n).read_bytes() for n in names)


def test_unfinished_pack_is_not_read(corpus: Path, tmp_path: Path) -> None:
    break_after(2, corpus, tmp_path / "c.parquet")

    (failure,) = found(tmp_path / "c.parquet").failures

    assert (failure.code, failure.message) == ("E105", "packing was not finished")


def test_other_inputs_do_not_go_on(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "c.parquet"
    break_after(2, corpus, out)
    (corpus / "新.txt").write_text("新")

    with pytest.raises(OutputError, match="E505"):
        packed([corpus], out, part_reports=4)
    packed([corpus], out, part_reports=4, force=True)

    assert contents(out) == contents(corpus)
    assert not (out / PLAN).exists()


@pytest.mark.parametrize("force", [False, True])
def test_other_things_of_that_name_stay(corpus: Path, tmp_path: Path, force: bool) -> None:
    out = tmp_path / "c.parquet"
    out.mkdir()
    (out / "笔记.txt").write_text("别删")

    with pytest.raises(OutputError, match="E506"):
        packed([corpus], out, force=force)

    assert (out / "笔记.txt").read_text() == "别删"


def test_finished_pack_is_replaced_only_by_force(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "c.parquet"
    packed([corpus], out, part_reports=4)

    with pytest.raises(OutputError, match="E506"):
        packed([corpus / "甲县"], out)
    packed([corpus / "甲县"], out, force=True)

    assert len(contents(out)) == 4


def test_name_without_suffix_is_refused(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="parquet"):
        packed([corpus], tmp_path / "corpus")


def test_full_disk_leaves_nothing_half_written(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mining.corpus.packwriter.PartWriter.add", fail)

    with pytest.raises(OutputError, match="No space"):
        packed([corpus], tmp_path / "c.parquet")

    assert not list(tmp_path.glob("c.parquet*"))


def test_info_counts_and_tells_doubles(corpus: Path, tmp_path: Path) -> None:
    pattern = VariableSources(pattern=PathPattern("{region}/{_}_{year}.txt"))
    packed([corpus], tmp_path / "c.parquet", part_reports=4, variables=pattern)

    info = describe_pack(tmp_path / "c.parquet", verify=True)

    assert (info.parts, info.reports, info.failed, info.damage) == (4, 14, 2, [])
    assert info.formats == {".txt": 12, ".html": 1, ".zip": 1}
    assert (info.years["2016"], info.variables["region"]) == (1, 9)
    assert info.doubles == 1
    assert [sorted(names) for names in info.shown_doubles] == [
        ["又一份.txt", "甲县/水务局_2016.txt"]
    ]


def test_info_tells_what_is_missing_or_not_what_was_packed(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "c.parquet"
    packed([corpus], out, part_reports=4)
    (out / "part-00001.parquet").unlink()
    path = out / "part-00002.parquet"
    table = pq.read_table(path)
    other = pa.array([b"other"] + [None] * (len(table) - 1), pa.binary())
    changed = table.set_column(table.schema.get_field_index("content"), "content", other)
    pq.write_table(changed.slice(0, 1), path)

    told = {(d.code, d.message) for d in describe_pack(out, verify=True).damage}

    assert told == {
        ("E101", "its content is not what was packed"),
        ("E105", "1 of 4 parts are missing"),
    }
    assert "1 of 4 parts are missing" in {f.message for f in found(out).failures}


def test_merged_packs_keep_variables_and_tell_names_apart(corpus: Path, tmp_path: Path) -> None:
    pattern = VariableSources(pattern=PathPattern("{agency}_{year}.txt"))
    packed([corpus / "甲县"], tmp_path / "a.parquet", variables=pattern)
    packed([corpus / "甲县", corpus / "乙县"], tmp_path / "b.parquet")

    packed([tmp_path / "a.parquet", tmp_path / "b.parquet"], tmp_path / "ab.parquet")

    rows = {r["report"]: r["year"] for r in pq.read_table(tmp_path / "ab.parquet").to_pylist()}
    assert rows["a.parquet/水务局_2016.txt"] == 2016
    assert rows["b.parquet/水务局_2016.txt"] is None
    assert len(rows) == 4 + 9
    assert describe_pack(tmp_path / "ab.parquet").doubles == 4


def test_packs_that_contradict_each_other(tmp_path: Path) -> None:
    for name, value in (("a", 3), ("b", "三")):
        table = pa.table({"report": [f"{name}.txt"], "content": [b"1"], "level": [value]})
        pq.write_table(table, tmp_path / f"{name}.parquet")

    with pytest.raises(SettingsError, match="level"):
        packed([tmp_path / "a.parquet", tmp_path / "b.parquet"], tmp_path / "c.parquet")


def sampled(place: Path, n: int, **options: object) -> list[str]:
    return [i.report_id for i in draw_sample(place, n, **options).inputs.items]  # type: ignore[arg-type]


def test_sample_is_spread_and_the_same_again(corpus: Path, tmp_path: Path) -> None:
    pattern = VariableSources(pattern=PathPattern("{region}/{_}_{year}.txt"))
    packed([corpus], tmp_path / "one.parquet", variables=pattern)
    packed([corpus], tmp_path / "many.parquet", variables=pattern, part_reports=3)

    drawn = sampled(tmp_path / "one.parquet", 7, by=("region",), seed=1)

    # 5 of 乙县, 4 of 甲县 and 3 elsewhere that can be read.
    assert [sum(name.startswith(r) for name in drawn) for r in ("乙县", "甲县")] == [3, 2]
    assert drawn == sampled(tmp_path / "many.parquet", 7, by=("region",), seed=1)
    assert drawn != sampled(tmp_path / "one.parquet", 7, by=("region",), seed=2)
    assert len(sampled(tmp_path / "one.parquet", 100)) == 12


def test_sample_by_what_is_not_there(corpus: Path, tmp_path: Path) -> None:
    packed([corpus], tmp_path / "c.parquet")

    with pytest.raises(SettingsError, match="level"):
        draw_sample(tmp_path / "c.parquet", 3, by=("level",))


def test_path_into_a_pack(corpus: Path, tmp_path: Path) -> None:
    packed([corpus], tmp_path / "c.parquet", part_reports=4)
    wanted = (corpus / "甲县/水务局_2016.txt").read_bytes()
    part = next(i for i in found(tmp_path / "c.parquet").items if i.report_id.endswith("2016.txt"))

    assert load_file(tmp_path / "c.parquet/甲县/水务局_2016.txt", settings=SETTINGS) == wanted
    assert load_file(part.source, settings=SETTINGS) == wanted
    with pytest.raises(ReadError, match="E105"):
        load_file(tmp_path / "c.parquet/甲县/没有.txt", settings=SETTINGS)


def test_rows_are_read_in_any_order(tmp_path: Path) -> None:
    for number in range(450):
        (tmp_path / f"in{number:03}.txt").write_text(str(number))
    packed([f"{tmp_path}/in*.txt"], tmp_path / "c.parquet")
    items = found(tmp_path / "c.parquet").items
    assert pq.ParquetFile(tmp_path / "c.parquet").num_row_groups == 3

    with Loader(settings=SETTINGS) as loader:
        for number in (449, 3, 2, 200, 199, 201, 201, 448):
            assert loader.load(items[number]) == str(number).encode()


def test_parquet_in_a_folder_is_no_pack(corpus: Path, tmp_path: Path) -> None:
    packed([corpus], tmp_path / "c.parquet")

    inputs = found(tmp_path)

    assert "c.parquet" not in {i.path.name for i in inputs.items}
    assert inputs.skipped[".parquet"] == 1


def test_packs_by_pattern(corpus: Path, tmp_path: Path) -> None:
    packed([corpus / "甲县"], tmp_path / "c1.parquet")
    packed([corpus / "乙县"], tmp_path / "c2.parquet")

    assert len(found(f"{tmp_path}/c?.parquet").items) == 9
