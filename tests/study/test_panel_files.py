"""The files of the panel: read again in every format, with labels, the same bytes twice."""

import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from pandas.io.stata import StataReader

from mining.errors import OutputError, SettingsError
from mining.study.panel.outputs import codebook, write_panel
from mining.study.panel.variables import panel_variables
from tests.panelruns import PanelRun
from tests.studyruns import shuffled

RECEIVED = "applications.received.total"


@pytest.fixture
def made() -> PanelRun:
    made = PanelRun()
    cells: dict[str, float | str | None] = {RECEIVED: 3, "disclosure.fees.amount": 12.5}
    made.add("云州市江宁区水利局", 2020, cells, region="江宁区", template="2019")
    made.add("云州市江宁区水利局", 2021, {RECEIVED: ""}, region="江宁区")
    made.add("云州市江宁区教育局", 2021, {RECEIVED: 0})
    return made


@pytest.fixture
def run(made: PanelRun, tmp_path: Path) -> Path:
    return made.write(tmp_path / "run")


def test_formats_tell_the_same(run: Path, tmp_path: Path) -> None:
    files, _ = write_panel(run, tmp_path / "out")

    names_of_data = {f"panel-data.{kind}" for kind in ("csv", "parquet", "xlsx", "dta")}
    assert set(files) == names_of_data | {"panel-codebook.csv", "panel-codebook.md"}
    stem = tmp_path / "out" / "panel-data"
    parquet = pd.read_parquet(f"{stem}.parquet")
    csv = pd.read_csv(f"{stem}.csv")
    dta = pd.read_stata(f"{stem}.dta")
    rows = list(openpyxl.load_workbook(f"{stem}.xlsx").active.values)
    names = [v.name for v in panel_variables()]
    assert list(parquet) == list(csv) == list(dta) == list(rows[0]) == names
    assert Path(f"{stem}.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    places = {"csv": csv, "parquet": parquet, "dta": dta}
    for frame in places.values():
        told = frame.sort_values(["agency", "year"])["req_new"]
        assert [None if pd.isna(v) else float(v) for v in told] == [0, 3, None]
    at = names.index("req_new")
    assert [row[at] for row in rows[1:]] == [0, 3, None]


def test_stata_has_labels_of_variables_and_values(run: Path, tmp_path: Path) -> None:
    write_panel(run, tmp_path / "out", formats=["dta"], lang="en")

    with StataReader(tmp_path / "out" / "panel-data.dta", convert_categoricals=False) as reader:
        labels, values = reader.variable_labels(), reader.value_labels()
        frame = reader.read()
    assert labels["closure_rate_n"] == "Denominator: Closure rate"
    assert labels["theme_staffing"] == "Problem: Staffing"
    assert set(labels) == {v.name for v in panel_variables()}
    assert {0: "no", 1: "yes"} in values.values()
    assert set(values["template"].values()) == {"2019", "2021"}
    assert frame["form_break"].dropna().tolist() == [1]
    # A missing number is a dot, a missing text is empty.
    assert frame.sort_values("year")["region"].tolist()[0] == "江宁区"
    assert "" in set(frame["region"])


def test_very_long_texts_reach_stata_whole(made: PanelRun, tmp_path: Path) -> None:
    name = "年报" * 1100 + ".txt"
    made.add("云州市江宁区财政局", 2021, name=name)

    write_panel(made.write(tmp_path / "long"), tmp_path / "out", formats=["dta"])

    assert name in set(pd.read_stata(tmp_path / "out" / "panel-data.dta")["report"])


def test_codebook_tells_all_of_each_variable() -> None:
    book = codebook().set_index("name")

    told = (
        "label_zh",
        "label_en",
        "definition_zh",
        "definition_en",
        "unit_zh",
        "unit_en",
        "source",
    )
    assert all((book[column].str.len() > 0).all() for column in told)
    # Stata cuts labels at 80 characters.
    assert max(book["label_zh"].str.len().max(), book["label_en"].str.len().max()) <= 80
    assert book.loc["backlog_rate", "source"] == (
        "applications.carried_out.total / applications.received.total"
        " +applications.carried_in.total"
    )
    assert (book.loc["procurement_amount", "years"], book.loc["req_new", "years"]) == (
        "2019-2020",
        "2019-",
    )
    assert book.loc["rules_new", "breaks_en"]


def test_codebook_to_read_has_a_row_for_each_variable(run: Path, tmp_path: Path) -> None:
    write_panel(run, tmp_path / "out", formats=[])

    lines = (tmp_path / "out" / "panel-codebook.md").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("|")]
    assert len(rows) == len(panel_variables()) + 2
    columns = {row.replace("\\|", "").count("|") for row in rows}
    assert len(columns) == 1


def test_same_bytes_twice_in_any_order(made: PanelRun, run: Path, tmp_path: Path) -> None:
    other = made.write(tmp_path / "other", order=shuffled)
    one, two = tmp_path / "one", tmp_path / "two"

    files, _ = write_panel(run, one)
    write_panel(other, two)

    assert [n for n in files if (one / n).read_bytes() != (two / n).read_bytes()] == []


def test_manifest_tells_source_settings_and_files(run: Path, tmp_path: Path) -> None:
    residents = tmp_path / "residents.csv"
    residents.write_text("region,year,residents\n江宁区,2020,1000\n", encoding="utf-8")

    files, _ = write_panel(run, tmp_path / "out", residents=residents, blanks="zero")

    told = json.loads((tmp_path / "out" / "panel.json").read_text(encoding="utf-8"))
    assert set(told["files"]) == set(files)
    assert set(told["tables"]) == {"reports", "cells", "sections", "figures", "findings", "texts"}
    settings = told["settings"]
    assert (settings["blanks"], settings["given"]) == ("zero", {"residents": str(residents)})
    assert len(settings["files"][str(residents)]) == 64


def test_unknown_format_is_told(run: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"\[E401\] unknown format: sas"):
        write_panel(run, tmp_path / "out", formats=["csv", "sas"])
    assert not (tmp_path / "out").exists()


def test_folder_of_the_run_takes_no_panel(run: Path) -> None:
    with pytest.raises(OutputError, match="E501"):
        write_panel(run, run)
