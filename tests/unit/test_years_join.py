"""Reports over years joined by agency: names, a user's file, duplicates, and whole runs."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from mining.corpus.inputs import collect
from mining.corpus.run import run_audit
from mining.errors import SettingsError
from mining.history.mapping import AgencyMap, load_agencies
from mining.history.names import identify, likeness
from mining.history.pairs import Entry, Gap, Pair, match_years
from mining.settings import Settings
from tests.conftest import Ran

Run = Callable[..., Ran]


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ("青原县水务局", "青原县水务局", 1, 1),
        ("宁波市江宁区环保局", "宁波市生态环境局江宁分局", 0.8, 0.99),
        ("江宁区环保局", "宁波市生态环境局江宁分局", 0.8, 0.99),
        ("宁波市国土资源局", "宁波市自然资源和规划局", 0.8, 0.99),
        ("宁波市卫计委", "宁波市卫生健康委员会", 0.8, 0.99),
        ("江宁县教育局", "江宁区教育局", 0.8, 0.99),
        ("柳塘乡人民政府", "江宁区柳塘街道办事处", 0.8, 0.99),
        ("云州市兰阳县交通局", "兰阳县交通运输局", 0.8, 0.99),
        ("宁波市工商局", "宁波市市场监督管理局", 0.1, 0.79),
        ("宁波市旅游局", "宁波市文化和旅游局", 0.1, 0.79),
        ("宁波市安监局", "宁波市应急管理局", 0.1, 0.79),
        ("青原县人民政府", "青原县人民政府办公室", 0.1, 0.79),
        ("水务局", "水务局", 0.1, 0.79),
        ("宁波市工商局", "宁波市质监局", 0, 0),
        ("南京市鼓楼区教育局", "福州市鼓楼区教育局", 0, 0),
        ("吉林省水利厅", "吉林市水利局", 0, 0),
        ("青原县水务局", "青原县教育局", 0, 0),
    ],
)
def test_likeness(one: str, other: str, low: float, high: float) -> None:
    score = likeness(identify(one), identify(other))

    assert low <= score <= high
    assert score == likeness(identify(other), identify(one))


def entry(agency: str, year: int | None, *, n_cells: int = 200, report: str = "") -> Entry:
    return Entry(
        report=report or f"{agency}{year}",
        identity=identify(agency) if agency else None,
        year=year,
        n_cells=n_cells,
        n_chars=3000,
    )


def matched(entries: list[Entry]) -> set[tuple[str, str]]:
    """Return each report with last year's, or with the reason why there is none."""
    found = set()
    for match in match_years(entries):
        told = entries[match.last].report if isinstance(match, Pair) else match.reason
        found.add((entries[match.this].report, told))
    return found


SERIES = [
    entry("宁波市环境保护局", 2018),
    entry("宁波市生态环境局", 2019),
    entry("宁波市生态环境局", 2019, n_cells=3, report="附件"),
    entry("宁波市生态环境局", 2020),
    entry("宁波市生态环境局", 2022),
    entry("", 2020, report="无名"),
    entry("宁波市财政局", None, report="无年"),
]


def test_series_with_a_new_name_a_twin_and_a_gap() -> None:
    assert matched(SERIES) == {
        ("宁波市生态环境局2019", "宁波市环境保护局2018"),
        ("附件", "duplicate-report"),
        ("宁波市生态环境局2020", "宁波市生态环境局2019"),
        ("无名", "no-agency"),
        ("无年", "no-year"),
    }


def test_order_of_reports_changes_nothing() -> None:
    wanted = matched(SERIES[:5])

    assert all(matched(list(order)) == wanted for order in itertools.permutations(SERIES[:5]))


def test_a_run_over_one_year_misses_nothing() -> None:
    assert match_years([entry("宁波市财政局", 2020), entry("宁波市教育局", 2020)]) == []


def test_a_name_that_two_agencies_bear_is_no_sure_match() -> None:
    entries = [
        entry("鼓楼区教育局", 2020),
        entry("南京市鼓楼区教育局", 2021),
        entry("福州市鼓楼区教育局", 2021),
    ]
    [pair] = [m for m in match_years(entries) if isinstance(m, Pair)]

    assert pair.score < Settings().sure_agency


def test_a_township_and_a_subdistrict_of_one_year_are_two_agencies() -> None:
    entries = [
        entry("和埠乡人民政府", 2021),
        entry("和埠街道办事处", 2021, n_cells=300),
        entry("和埠乡人民政府", 2022),
    ]

    assert matched(entries) == {("和埠乡人民政府2022", "和埠乡人民政府2021")}


def test_a_name_of_hundreds_matches_nothing() -> None:
    entries = [
        entry("水务局", year, report=f"{i}-{year}") for i in range(60) for year in (2020, 2021)
    ]

    assert all(isinstance(m, Gap) for m in match_years(entries))


def mapping(tmp_path: Path, text: str | bytes) -> AgencyMap:
    path = tmp_path / "单位.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return load_agencies(path)


def test_mapping_decides_over_names(tmp_path: Path) -> None:
    known = mapping(
        tmp_path,
        "\ufeffagency,same_as,from,to\n旧县水务局,青原县水利局,,2020\n甲局,乙局,,\n乙局,丙局,,\n\n",
    )

    def key(agency: str, year: int) -> str:
        return known.identify(agency, None, year).key

    assert key("旧县 水务局", 2020) == key("青原县水利局", 2021)
    assert key("旧县水务局", 2021) != key("青原县水利局", 2021)
    assert key("甲局", 2019) == key("丙局", 2020)
    assert key("别县水利局", 2020) == identify("别县水利局").key


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("", 1, "no column agency"),
        ("agency\n甲局\n", 1, "no column same_as"),
        ("agency,same_as,note\n", 1, "unknown column 'note'"),
        ("agency,same_as,agency\n", 1, "stands twice"),
        ("agency,same_as\n甲局,\n", 2, "same_as is empty"),
        ("agency,same_as\n甲局,乙局,丙局\n", 2, "more values"),
        ("agency,same_as,from\n甲局,乙局,去年\n", 2, "from is '去年'"),
        ("agency,same_as,from,to\n甲局,乙局,2021,2019\n", 2, "later than"),
        ("agency,same_as\n甲局,乙局\n甲局,丙局\n", 3, "in line 2"),
        ("agency,same_as\n甲局,乙局\n乙局,甲局\n", 2, "leads back"),
        ('agency,same_as\n"甲局,乙局\n', 2, "unexpected end"),
        ("agency,same_as\n甲局,乙局\n".encode("gb18030"), 2, "not UTF-8"),
        ("agency,same_as\n" + "".join(f"局{i},局{i + 1}\n" for i in range(90)), 2, "leads over"),
    ],
)
def test_bad_mapping_names_line_and_remedy(
    tmp_path: Path, text: str | bytes, line: int, problem: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        mapping(tmp_path, text)

    assert (caught.value.code, bool(caught.value.hint)) == ("E403", True)
    assert caught.value.message.startswith(f"line {line}: ")
    assert problem in caught.value.message


def test_missing_mapping_is_a_usage_error(run_cli: Run, reports: Path, tmp_path: Path) -> None:
    ran = run_cli("audit", reports, "--out", tmp_path / "out", "--agencies", tmp_path / "无.csv")

    assert ran.code == 2
    assert "单位对照表有误" in ran.err
    assert not (tmp_path / "out").exists()


@pytest.fixture
def series(tmp_path: Path, sample: Path) -> Path:
    """Return three years of one agency: renamed, the middle one with a wrong 上年结转."""
    folder = tmp_path / "三年"
    folder.mkdir()
    for year in (2020, 2021, 2022):
        text = (sample / f"reports/yunzhou_hrss_{year}.txt").read_bytes().decode()
        (folder / f"{year}.txt").write_text(text, encoding="utf-8")
    last = folder / "2020.txt"
    last.write_text(
        last.read_text(encoding="utf-8").replace("人力资源和社会保障局", "卫生健康委员会"),
        encoding="utf-8",
    )
    return folder


def audited(
    folder: Path, out: Path, *, workers: int = 1, agencies: AgencyMap | None = None
) -> list[tuple[str, str, str]]:
    found = collect([folder], suffixes=frozenset({".txt"}), settings=Settings())
    run_audit(found, out, workers=workers, agencies=agencies)
    rows = pq.read_table(out / "findings.parquet").to_pylist()
    return [(r["report"], r["rule"], r["status"]) for r in rows]


def test_a_run_compares_years_and_a_file_overrides_names(series: Path, tmp_path: Path) -> None:
    def carried(found: list[tuple[str, str, str]]) -> set[str]:
        return {report for report, rule, _ in found if rule == "years-carried"}

    alone = audited(series, tmp_path / "1")
    known = mapping(tmp_path, "agency,same_as\n云州市卫生健康委员会,云州市人力资源和社会保障局\n")
    told = audited(series, tmp_path / "2", agencies=known)

    assert carried(alone) == {"2022.txt"}
    assert carried(told) == {"2021.txt", "2022.txt"}


def test_workers_write_the_same_bytes_with_years(
    series: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So few reports would be compared in one group otherwise.
    monkeypatch.setattr("mining.corpus.shards._REPORTS_PER_PARTITION", 1)
    audited(series, tmp_path / "1")
    audited(series, tmp_path / "2", workers=2)

    one, two = ({p.name: p.read_bytes() for p in (tmp_path / n).iterdir()} for n in "12")
    assert one == two
    assert not {"facts.bin", "years.jsonl", "cards.jsonl"} & set(one)


def test_a_mismatch_over_years_reaches_page_totals_and_table(series: Path, tmp_path: Path) -> None:
    later = series / "2022.txt"
    text = later.read_text(encoding="utf-8")
    # 收到28件, 下降9.7% are right; 收到28件, 增加3件 is not.
    assert "全年新收申请28件" in text
    changed = text.replace("全年新收申请28件", "全年新收申请28件，较2021年增加3件")
    later.write_text(changed, encoding="utf-8")
    found = collect([series], suffixes=frozenset({".txt"}), settings=Settings())
    summary = run_audit(found, tmp_path / "out")

    rows = pq.read_table(tmp_path / "out/findings.parquet").to_pylist()
    [row] = [r for r in rows if r["rule"] == "narrative-growth" and r["status"] == "mismatch"]
    last = [e for e in json.loads(row["evidence"]) if e.get("report") == "2021.txt"]
    assert [(e["quote"], e["value"]) for e in last] == [("31", "31")]
    page = (tmp_path / "out/audit.html").read_text(encoding="utf-8")
    assert "2021年报告：" in page
    assert summary.totals["mismatch"] == sum(r["status"] == "mismatch" for r in rows)
    assert summary.totals["checks"] == len(rows)
    assert sum(summary.mismatches.values()) == summary.totals["mismatch"]


def test_one_report_alone_has_no_findings_over_years(series: Path, tmp_path: Path) -> None:
    for year in (2020, 2021):
        (series / f"{year}.txt").unlink()
    found = audited(series, tmp_path / "out")

    assert {rule for _, rule, _ in found} & {"years-carried", "narrative-growth"} == set()
