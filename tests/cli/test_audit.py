"""`mining audit` from end to end: exit codes, messages, and every kind of bad input."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from mining.present.sinks import Row
from mining.present.tables import TableWriter
from tests.conftest import Ran

Cli = Callable[..., Ran]

NO_SECTION = "青原县人民政府办公室通知\n请各单位按时报送材料。\n"
TABLE_CUT = """青原县林业局2020年政府信息公开工作年度报告
一、总体情况
2020年，本局主动公开政府信息36条，收到信息公开申请4件。
三、收到和处理政府信息公开申请情况
（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）
申请人情况
自然人
法人或其他组织
总计
一、本年新收政府信息公开申请数量
4
0
"""


def status(out: Path) -> dict[str, tuple[str, str]]:
    table = pq.read_table(out / "reports.parquet").to_pylist()
    return {row["report"]: (row["status"], row["error"] or "") for row in table}


def test_summary_says_what_was_found_and_which_file_to_open(
    run_cli: Cli, reports: Path, tmp_path: Path
) -> None:
    ran = run_cli("audit", reports, "--out", tmp_path / "out")

    assert ran.code == 0
    assert ran.out == ""
    assert "核对了 3 份报告" in ran.err
    assert "不一致" in ran.err
    assert f"请打开 {tmp_path / 'out' / 'audit.html'}" in ran.err
    assert (tmp_path / "out/audit.html").is_file()


def test_english(run_cli: Cli, reports: Path, tmp_path: Path) -> None:
    ran = run_cli("audit", reports, "--out", tmp_path / "out", "--lang", "en")

    assert "Audited 3 reports" in ran.err
    assert "Open " in ran.err


def test_formats_and_selection(run_cli: Cli, reports: Path, tmp_path: Path) -> None:
    ran = run_cli(
        "audit", reports, "--out", tmp_path, "--force", "--format", "csv,json", "--select", "table-"
    )

    findings = json.loads((tmp_path / "findings.json").read_text(encoding="utf-8"))
    assert ran.code == 0
    assert (tmp_path / "cells.csv").is_file()
    assert {f["rule"].split("-")[0] for f in findings} == {"table"}


@pytest.mark.parametrize(
    ("report", "level", "code"),
    [
        ("wrong", "error", 1),
        ("wrong", "suspect", 1),
        ("clean", "error", 0),
        ("clean", "suspect", 0),
    ],
)
def test_fail_on(run_cli: Cli, tmp_path: Path, report: str, level: str, code: int) -> None:
    # New 4 and carried in 0, but handled 3 and carried out 0: the balance fails or holds.
    handled = {"wrong": "3", "clean": "4"}[report]
    text = (
        "青原县林业局2020年政府信息公开工作年度报告\n"
        "三、收到和处理政府信息公开申请情况\n"
        "申请人情况|自然人|商业企业|科研机构|社会公益组织|法律服务机构|其他|总计\n"
        "一、本年新收政府信息公开申请数量|4|0|0|0|0|0|4\n"
        "二、上年结转政府信息公开申请数量|0|0|0|0|0|0|0\n"
        f"三、本年度办理结果|（一）予以公开|{handled}|0|0|0|0|0|{handled}\n"
        f"（七）总计|{handled}|0|0|0|0|0|{handled}\n"
        "四、结转下年度继续办理|0|0|0|0|0|0|0\n"
    )
    path = tmp_path / "林业局.txt"
    path.write_text(text, encoding="utf-8")

    ran = run_cli(
        "audit", path, "--out", tmp_path / "out", "--fail-on", level, "--select", "table-balance"
    )

    assert ran.code == code


def test_bad_inputs_are_named_and_the_rest_is_audited(
    run_cli: Cli, reports: Path, tmp_path: Path
) -> None:
    (reports / "空.txt").write_bytes(b"")
    (reports / "图.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 30)
    mixed = "青原县教育局主动公开信息。".encode() + "收到申请三件，均已答复。".encode("gb18030")
    (reports / "混.txt").write_bytes(mixed * 40)
    with (reports / "大.txt").open("wb") as out:
        out.truncate(200_000_000)

    ran = run_cli("audit", reports, "--out", tmp_path / "out")

    codes = {name: error[1:5] for name, (_, error) in status(tmp_path / "out").items() if error}
    assert ran.code == 3
    assert codes == {"空.txt": "E102", "图.txt": "E101", "混.txt": "E103", "大.txt": "E104"}
    assert all(name in ran.err for name in codes)
    assert "核对了 3 份报告，另有 4 份未能读取" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("text", [NO_SECTION, TABLE_CUT], ids=["no section", "table cut"])
def test_odd_reports_are_results_not_failures(run_cli: Cli, tmp_path: Path, text: str) -> None:
    path = tmp_path / "年报.txt"
    path.write_text(text, encoding="utf-8")

    ran = run_cli("audit", path, "--out", tmp_path / "out")

    assert ran.code == 0
    assert status(tmp_path / "out") == {"年报.txt": ("ok", "")}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_of_one_report_give_one_text(run_cli: Cli, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "年报.txt"
    path.write_text(TABLE_CUT, encoding=encoding)

    run_cli("audit", path, "--out", tmp_path / "out")

    (row,) = pq.read_table(tmp_path / "out/texts.parquet").to_pylist()
    assert row["text"].strip() == TABLE_CUT.strip()


def test_unreadable_folder_is_a_failed_row(
    run_cli: Cli, reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (reports / "密").mkdir()
    real = Path.iterdir

    def iterdir(path: Path) -> object:
        if path.name == "密":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    ran = run_cli("audit", reports, "--out", tmp_path / "out")

    assert ran.code == 3
    assert f"[E105] {reports / '密'}: 打不开" in ran.err
    assert status(tmp_path / "out")["密"] == ("failed", "[E105] Permission denied")


def test_archive_and_what_is_left_out(run_cli: Cli, reports: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "年报.zip", "w") as archive:
        for path in reports.iterdir():
            archive.write(path, f"2020/{path.name}")
        archive.writestr("2020/封面.jpg", b"")

    ran = run_cli("audit", tmp_path / "年报.zip", "--out", tmp_path / "out")

    assert ran.code == 0
    assert set(status(tmp_path / "out")) == {f"2020/{p.name}" for p in reports.iterdir()}
    assert "跳过 1 个文件：.jpg 1" in ran.err


def test_folder_with_other_files_is_refused(run_cli: Cli, reports: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/论文.docx").write_text("mine", encoding="utf-8")

    ran = run_cli("audit", reports, "--out", tmp_path / "out")

    assert ran.code == 2
    assert "[E501]" in ran.err
    assert "论文.docx" in ran.err
    assert "--force" in ran.err
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["论文.docx"]


def test_full_disk(
    run_cli: Cli, reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(TableWriter, "write", write)
    ran = run_cli("audit", reports, "--out", tmp_path / "out")

    assert ran.code == 2
    assert f"[E501] {tmp_path / 'out'}: 结果无法写入（No space left on device）" in ran.err
    assert "Traceback" not in ran.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("没有这个文件.txt",), "[E105] 没有这个文件.txt: 打不开"),
        ((".", "--select", "tabel-"), "[E401]"),
        ((".", "--format", "docx"), "[E401]"),
        ((".", "--form", "没有.toml"), "没有.toml"),
        ((".", "--workers", "0"), "--workers"),
        ((), "INPUT"),
    ],
    ids=["missing", "rule", "format", "form", "workers", "no input"],
)
def test_wrong_usage(
    run_cli: Cli,
    reports: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    told: str,
) -> None:
    monkeypatch.chdir(reports)
    ran = run_cli("audit", *arguments, "--out", tmp_path / "out")

    assert ran.code == 2
    assert told in ran.err
    assert not (tmp_path / "out").exists()


def test_folder_without_reports(run_cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    ran = run_cli("audit", tmp_path / "空", "--out", tmp_path / "out")

    assert ran.code == 2
    assert "没有找到可读的报告" in ran.err


def test_interrupt_ends_with_130(
    run_cli: Cli, reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(TableWriter, "write", write)
    ran = run_cli("audit", reports, "--out", tmp_path / "out")

    assert ran.code == 130
    assert "已中断" in ran.err
    assert not (tmp_path / "out").exists()


def test_module_runs_with_two_workers(reports: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "mining", "audit", str(reports), "--out", str(out)]
    environment = {k: v for k, v in os.environ.items() if k != "MINING_LANG"}

    ran = subprocess.run(
        [*command, "--workers", "2"], check=True, capture_output=True, env=environment
    )

    assert "核对了 3 份报告" in ran.stderr.decode()


def test_unfinished_run_is_told_and_gone_on_with(
    run_cli: Cli, reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mining.corpus.shards._SMALLEST", 1)
    write, n_calls = TableWriter.write, 0

    def interrupt(self: TableWriter, rows: Mapping[str, Sequence[Row]]) -> None:
        nonlocal n_calls
        n_calls += 1
        if n_calls == 3:
            raise KeyboardInterrupt
        write(self, rows)

    arguments = ("audit", reports, "--out", tmp_path / "out")
    with monkeypatch.context() as patched:
        patched.setattr(TableWriter, "write", interrupt)
        broken = run_cli(*arguments)
    refused = run_cli(*arguments)
    other = run_cli(*arguments, "--resume", "--lang", "en")
    resumed = run_cli(*arguments, "--resume")

    assert broken.code == 130
    assert "已做完 3 批中的 2 批；用同样的命令加 --resume 可以接着做" in broken.err
    assert (refused.code, "这里有一次没有做完的核对" in refused.err) == (2, True)
    assert (other.code, "its settings were others: lang" in other.err) == (2, True)
    assert resumed.code == 0
    assert "核对了 3 份报告" in resumed.err
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--workers", "2", "--dask-local", "2"), "[E401]"),
        (("--scheduler", "tcp://127.0.0.1:1", "--dask-local", "1"), "[E401]"),
        (("--worker-memory", "1"), "--worker-memory"),
    ],
)
def test_options_that_exclude_each_other(
    run_cli: Cli, reports: Path, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    ran = run_cli("audit", reports, "--out", tmp_path / "out", *arguments)

    assert ran.code == 2
    assert told in ran.err
    assert not (tmp_path / "out").exists()
