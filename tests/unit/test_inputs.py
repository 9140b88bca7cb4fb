"""Inputs are found in a stable order, named once, and nothing is lost silently."""

import io
import os
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mining.corpus import archives
from mining.corpus.inputs import Input, Inputs, collect
from mining.corpus.loading import Loader, load_file
from mining.errors import ReadError
from mining.settings import Settings

SUFFIXES = frozenset({".txt"})
TEXT = "青原县司法局2020年政府信息公开工作年度报告\n".encode()


def found(*arguments: Path | str, settings: Settings | None = None) -> Inputs:
    return collect(arguments, suffixes=SUFFIXES, settings=settings or Settings())


def ids(*arguments: Path | str) -> list[str]:
    return [item.report_id for item in found(*arguments).items]


def write(path: Path, data: bytes = TEXT) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in members.items():
            out.writestr(name, data)
    return path


def test_folder_is_searched_to_the_bottom_in_order(tmp_path: Path) -> None:
    for name in ("丙/2020.txt", "甲.txt", "乙/a/2021.TXT"):
        write(tmp_path / name)

    assert ids(tmp_path) == ["丙/2020.txt", "乙/a/2021.TXT", "甲.txt"]


def test_file_is_named_by_its_name(tmp_path: Path) -> None:
    assert ids(write(tmp_path / "a/b/年报.txt")) == ["年报.txt"]


def test_glob_is_relative_to_its_fixed_part(tmp_path: Path) -> None:
    for name in ("市/局/2020.txt", "市/委/2020.txt", "省/2020.txt"):
        write(tmp_path / name)

    assert ids(f"{tmp_path}/市/**/*.txt") == ["委/2020.txt", "局/2020.txt"]


def test_glob_may_match_a_folder(tmp_path: Path) -> None:
    write(tmp_path / "市一/2020.txt")
    write(tmp_path / "市二/2021.txt")

    assert ids(f"{tmp_path}/市*") == ["市一/2020.txt", "市二/2021.txt"]


def test_existing_name_with_brackets_is_no_pattern(tmp_path: Path) -> None:
    assert ids(write(tmp_path / "年报[1].txt")) == ["年报[1].txt"]


@pytest.mark.parametrize("argument", ["没有.txt", "没有/*.txt"])
def test_argument_that_names_nothing_is_refused(tmp_path: Path, argument: str) -> None:
    with pytest.raises(ReadError, match="E105"):
        found(tmp_path / argument)


def test_same_names_of_two_folders_get_the_folder(tmp_path: Path) -> None:
    for name in ("2020/公安局.txt", "2021/公安局.txt", "2021/教育局.txt"):
        write(tmp_path / name)

    names = ids(tmp_path / "2020", tmp_path / "2021")

    assert names == ["2020/公安局.txt", "2021/公安局.txt", "教育局.txt"]


def test_same_names_below_folders_of_the_same_name_get_a_number(tmp_path: Path) -> None:
    for name in ("甲/年报/1.txt", "乙/年报/1.txt"):
        write(tmp_path / name)

    assert ids(tmp_path / "甲/年报", tmp_path / "乙/年报") == ["年报/1.txt", "年报/1~2.txt"]


def test_same_file_named_twice_comes_once_and_is_counted(tmp_path: Path) -> None:
    path = write(tmp_path / "年报.txt")

    inputs = found(tmp_path, path)

    assert [i.report_id for i in inputs.items] == ["年报.txt"]
    assert inputs.skipped == {"duplicate": 1}


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    for name in ("a.txt", ".b.txt", ".git/c.txt", "~$d.txt", "e.jpg", "f.JPG", "README"):
        write(tmp_path / name)

    inputs = found(tmp_path)

    assert [i.report_id for i in inputs.items] == ["a.txt"]
    assert inputs.skipped == {".jpg": 2, "hidden": 3, "no suffix": 1}


def test_results_of_an_earlier_run_inside_the_input_are_left_out(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    write(tmp_path / "out/notes.txt")

    inputs = collect([tmp_path], suffixes=SUFFIXES, settings=Settings(), exclude=tmp_path / "out")

    assert [i.report_id for i in inputs.items] == ["a.txt"]


def test_link_loop_ends(tmp_path: Path) -> None:
    write(tmp_path / "a/年报.txt")
    (tmp_path / "a/again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "a/self").symlink_to("self")

    assert ids(tmp_path) == ["a/年报.txt"]


def test_folder_nested_deeper_than_the_call_limit(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(600):
        deep /= "d"
        deep.mkdir()
    (deep / "a.txt").write_bytes(TEXT)

    assert ids(tmp_path) == ["d/" * 600 + "a.txt"]


def test_unreadable_folder_becomes_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "甲/a.txt")
    write(tmp_path / "乙/b.txt")
    real = Path.iterdir

    def iterdir(path: Path) -> Iterator[Path]:
        if path == tmp_path / "乙":
            raise PermissionError(13, "Permission denied")
        return real(path)

    # The superuser may read every folder, so the refusal is played.
    monkeypatch.setattr(Path, "iterdir", iterdir)
    inputs = found(tmp_path)

    assert [i.report_id for i in inputs.items] == ["甲/a.txt"]
    assert [(f.report, f.code, f.message) for f in inputs.failures] == [
        ("乙", "E105", "Permission denied")
    ]


def test_archive_alone_and_in_a_folder(tmp_path: Path) -> None:
    path = archive(tmp_path / "年报.zip", {"乙/2.txt": TEXT, "甲.txt": TEXT, "pic.png": b""})

    assert ids(path) == ["乙/2.txt", "甲.txt"]
    assert ids(tmp_path) == ["年报.zip/乙/2.txt", "年报.zip/甲.txt"]
    assert found(path).skipped == {".png": 1}
    assert found(path).items[0].source == path / "乙/2.txt"


def test_names_of_an_archive_made_on_a_chinese_windows(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"XXXXXXXX.txt": TEXT})
    # An old packer writes GBK bytes and sets no flag; the stand-in has the same length.
    path.write_bytes(path.read_bytes().replace(b"XXXXXXXX", "统计年报".encode("gbk")))

    assert ids(path) == ["统计年报.txt"]


@pytest.mark.parametrize("name", ["../../etc/年报.txt", "/年报.txt", "C:/年报.txt", "..\\年报.txt"])
def test_name_that_leads_out_of_the_archive_is_refused(tmp_path: Path, name: str) -> None:
    inputs = found(archive(tmp_path / "a.zip", {name: TEXT, "好.txt": TEXT}))

    assert [i.report_id for i in inputs.items] == ["好.txt"]
    assert [f.code for f in inputs.failures] == ["E105"]


def test_bomb_is_refused_by_its_directory(tmp_path: Path) -> None:
    inputs = found(archive(tmp_path / "a.zip", {"零.txt": b"0" * 5_000_000}))

    assert inputs.items == ()
    assert [(f.report, f.code) for f in inputs.failures] == [("零.txt", "E104")]


def test_member_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"大.txt": os.urandom(4000), "小.txt": TEXT})

    inputs = found(path, settings=Settings(max_bytes=2000))

    assert [i.report_id for i in inputs.items] == ["小.txt"]
    assert [f.code for f in inputs.failures] == ["E104"]


def test_archive_of_too_many_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 2)
    inputs = found(archive(tmp_path / "a.zip", dict.fromkeys(("1.txt", "2.txt", "3.txt"), TEXT)))

    assert [(f.report, f.code) for f in inputs.failures] == [("a.zip", "E104")]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 cut", TEXT])
def test_damaged_archive_becomes_a_failure(tmp_path: Path, data: bytes) -> None:
    inputs = found(write(tmp_path / "a.zip", data))

    assert [(f.report, f.code) for f in inputs.failures] == [("a.zip", "E101")]


def test_encrypted_member_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"密.txt": TEXT})
    data = bytearray(path.read_bytes())
    flags = data.index(b"PK\x01\x02") + 8
    struct.pack_into("<H", data, flags, struct.unpack_from("<H", data, flags)[0] | 1)
    path.write_bytes(data)

    assert [f.message for f in found(path).failures] == ["it is encrypted"]


def test_loader_reads_files_and_members(tmp_path: Path) -> None:
    one = write(tmp_path / "a.txt", b"one")
    two = archive(tmp_path / "b.zip", {"x.txt": b"two", "y.txt": b"three"})

    with Loader(settings=Settings()) as loader:
        contents = [loader.load(item) for item in found(one, two).items]

    assert contents == [b"one", b"two", b"three"]


def test_loader_does_not_believe_the_directory_of_an_archive(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("x.txt", b"0" * 3000)
    data = buffer.getvalue().replace(struct.pack("<I", 3000), struct.pack("<I", 10))
    path = write(tmp_path / "a.zip", data)
    item = Input(report_id="x.txt", path=path, member=0, name="x.txt")

    with Loader(settings=Settings()) as loader, pytest.raises(ReadError, match=r"E10[14]"):
        loader.load(item)


def test_file_over_the_limit_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "big.txt"
    with path.open("wb") as out:
        out.truncate(200_000_000)
    never: Callable[..., bytes] = lambda *_: pytest.fail("was read")  # noqa: E731
    monkeypatch.setattr(Path, "read_bytes", never)

    with pytest.raises(ReadError, match="E104"):
        load_file(path, settings=Settings())


def test_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")

    with pytest.raises(ReadError, match="not a regular file"):
        load_file(tmp_path / "pipe.txt", settings=Settings())


def test_file_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="E105"):
        load_file(tmp_path / "gone.txt", settings=Settings())


def test_unfinished_run_inside_the_input_is_no_input(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    write(tmp_path / ".out.work/audit-00000.1/b.txt")

    inputs = collect([tmp_path], suffixes=SUFFIXES, settings=Settings(), exclude=tmp_path / "out")

    assert [item.report_id for item in inputs.items] == ["a.txt"]
    assert inputs.skipped == {}
