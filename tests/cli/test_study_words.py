"""`mining study kwic` and `keywords`: from reports or a run to tables and a page."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import Ran

Cli = Callable[..., Ran]

KEYWORDS = ("by-year", "collocations", "frequency", "tfidf")


def contents(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir()}


def test_kwic_writes_places_and_a_page(run_cli: Cli, reports: Path, tmp_path: Path) -> None:
    ran = run_cli("study", "kwic", "公开", reports, "--out", tmp_path / "out", "--sort", "right")

    assert (ran.code, ran.out) == (0, "")
    table = pd.read_csv(tmp_path / "out" / "kwic-places.csv")
    assert f"找到 {len(table)} 处，见于 3 篇（共检索 3 篇）" in ran.err
    assert "<mark>公开</mark>" in (tmp_path / "out" / "kwic-page.html").read_text(encoding="utf-8")
    told = json.loads((tmp_path / "out" / "kwic.json").read_text(encoding="utf-8"))
    assert told["settings"]["query"]["sort"] == "right"
    assert len(told["settings"]["files"]) == 3


def test_nothing_found_is_a_result(run_cli: Cli, reports: Path, tmp_path: Path) -> None:
    ran = run_cli("study", "kwic", "没有的词", reports, "--out", tmp_path / "out", "--lang", "en")

    assert ran.code == 0
    assert "0 places in 0 of 3 documents" in ran.err


def test_keywords_of_a_run_are_those_of_its_reports(
    run_cli: Cli, sample: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for path in (sample / "reports").glob("yunzhou_hrss*.txt"):
        (folder / path.name).write_bytes(path.read_bytes())
    run_cli("audit", folder, "--out", tmp_path / "run")
    options = ("--by", "year", "--min-documents", "1", "--min-count", "2", "--engine", "fast")

    for source, out in (("in", "one"), ("run", "two")):
        assert (
            run_cli("study", "keywords", tmp_path / source, "--out", tmp_path / out, *options).code
            == 0
        )

    one, two = contents(tmp_path / "one"), contents(tmp_path / "two")
    assert set(one) == {"keywords.json"} | {
        f"keywords-{n}.{k}" for n in KEYWORDS for k in ("csv", "parquet")
    }
    assert {n: b for n, b in one.items() if n != "keywords.json"} == {
        n: b for n, b in two.items() if n != "keywords.json"
    }
    assert run_cli("verify", tmp_path / "two").code == 0


def test_same_bytes_in_another_order_and_with_two_processes(
    run_cli: Cli, reports: Path, tmp_path: Path
) -> None:
    files = sorted(reports.iterdir())
    for out, given, workers in (("one", files, "1"), ("two", files[::-1], "2")):
        options = ("--workers", workers, "--min-documents", "1", "--ngrams", "2")
        assert run_cli("study", "keywords", *given, "--out", tmp_path / out, *options).code == 0

    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_a_dictionary_and_own_variables(run_cli: Cli, reports: Path, tmp_path: Path) -> None:
    names = sorted(p.name for p in reports.iterdir())
    table, words = tmp_path / "v.csv", tmp_path / "d.toml"
    rows = "".join(f"{name},{'ab'[i % 2]}\n" for i, name in enumerate(names))
    table.write_text(f"report,arm\n{rows}elsewhere.txt,a\n", encoding="utf-8")
    words.write_text('web = ["政府网站", "网站"]\n', encoding="utf-8")
    given = ("--by", "arm", "--variables", table, "--dictionary", words, "--min-documents", "1")

    ran = run_cli("study", "keywords", reports, "--out", tmp_path / "out", *given)

    assert ran.code == 0
    assert "有 1 行没有对应的报告" in ran.err
    categories = pd.read_csv(tmp_path / "out" / "keywords-categories.csv")
    assert set(categories["group"]) == {"all", "a", "b"}


def test_one_report_has_words_but_nothing_to_compare(
    run_cli: Cli, sample: Path, tmp_path: Path
) -> None:
    report = sample / "reports" / "yunzhou_hrss_2020.txt"

    ran = run_cli("study", "keywords", report, "--out", tmp_path / "out", "--by", "year，region")

    assert ran.code == 0
    assert "各报告的 year 相同或不详" in ran.err
    assert "各报告的 region 相同或不详" in ran.err
    assert not (tmp_path / "out" / "keywords-by-year.csv").exists()
    table = pd.read_csv(tmp_path / "out" / "keywords-frequency.csv")
    assert set(table["by"]) == {"all", "year", "region"}


def test_the_stand_in_of_the_fast_engine_is_told(
    run_cli: Cli, reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rjieba", None)

    ran = run_cli(
        "study", "keywords", reports, "--out", tmp_path / "out", "--engine", "fast", "--by", ""
    )

    assert ran.code == 0
    assert "未安装 rjieba，改用 jieba" in ran.err
    told = json.loads((tmp_path / "out" / "keywords.json").read_text(encoding="utf-8"))
    assert told["settings"]["words"]["engine"] == "jieba"


def test_an_unreadable_report_is_told_at_the_end(
    run_cli: Cli, reports: Path, tmp_path: Path
) -> None:
    (reports / "broken.docx").write_bytes(b"PK\x03\x04broken")

    ran = run_cli("study", "kwic", "公开", reports, "--out", tmp_path / "out")

    assert ran.code == 3
    assert "broken.docx" in ran.err
    assert len(pd.read_csv(tmp_path / "out" / "kwic-places.csv")) > 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("kwic", "(", "IN", "--match", "regex"), "[E401]"),
        (("kwic", "公开", "nowhere"), "[E105]"),
        (("kwic", "公开", "IN", "--sections", "colour"), "[E401]"),
        (("keywords", "IN", "--by", "colour"), "[E401]"),
        (("keywords", "IN", "--sections", "unknown"), "[E702]"),
        (("keywords", "IN", "--dictionary", "none.csv"), "[E703]"),
    ],
)
def test_wrong_arguments_are_told_and_nothing_is_written(
    run_cli: Cli, reports: Path, tmp_path: Path, arguments: tuple[str, ...], code: str
) -> None:
    given = [str(reports) if a == "IN" else a for a in arguments]

    ran = run_cli("study", *given, "--out", tmp_path / "out")

    assert ran.code == 2
    assert code in ran.err
    assert not (tmp_path / "out").exists()
