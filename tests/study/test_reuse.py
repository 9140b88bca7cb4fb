"""Copied text: planted passages are found where they are, and nothing shorter."""

from pathlib import Path
from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mining.errors import SettingsError, StudyError
from mining.study.reuse import sources
from mining.study.reuse import texts as reusetexts
from mining.study.reuse.results import write_reuse_study
from mining.study.reuse.shingles import hash_runs
from mining.study.reuse.years import Limits
from tests.reuseruns import TextRun, prose, sentences
from tests.studyruns import shuffled


def between(before: int, text: str, after: int) -> str:
    """Return a text between others; not even the full stop before it is shared."""
    return prose(before)[:-1] + text + prose(after)


def study(made: TextRun, folder: Path, **options: object) -> dict[str, pd.DataFrame]:
    run = made.write(folder / "run")
    write_reuse_study(run, folder / "out", formats=(), **options)  # type: ignore[arg-type]
    names = ("passages", "shares", "years", "groups")
    return {name: pd.read_parquet(folder / "out" / f"reuse-{name}.parquet") for name in names}


def quotes(made: TextRun, passages: pd.DataFrame) -> list[tuple[str, str]]:
    """Return each passage as both of its reports print it, without white space."""
    rows = passages.to_dict("records")
    return [
        (
            "".join(made.text(r["report"])[r["start"] : r["end"]].split()),
            "".join(made.text(r["source_report"])[r["source_start"] : r["source_end"]].split()),
        )
        for r in rows
    ]


def share(tables: dict[str, pd.DataFrame], report: str, name: str) -> float:
    return float(tables["shares"].set_index("report").loc[report, name])


def test_passage_of_last_year_has_exact_places(tmp_path: Path) -> None:
    made = TextRun()
    copied = prose(1, 2)
    made.add("宁波市江宁区水利局", 2020, between(2, copied, 3))
    this = made.add("宁波市江宁区水利局", 2021, between(4, copied, 5))

    tables = study(made, tmp_path)

    (row,) = tables["passages"].to_dict("records")
    text = made.text(this)
    assert (row["kind"], row["report"], row["section"]) == ("last_year", this, "problems")
    assert text[row["start"] : row["end"]] == copied
    assert made.text("r000.txt")[row["source_start"] : row["source_end"]] == copied
    assert row["chars"] == len(copied)
    assert share(tables, this, "copied_share") == pytest.approx(
        len(copied) / len(between(4, copied, 5))
    )


@pytest.mark.parametrize(("length", "found"), [(12, 0), (13, 1)])
def test_thirteen_characters_are_a_passage_and_twelve_are_not(
    tmp_path: Path, length: int, found: int
) -> None:
    made = TextRun()
    copied = prose(1)[:length]
    made.add("宁波市江宁区水利局", 2020, between(2, copied, 3))
    made.add("宁波市江宁区水利局", 2021, between(4, copied, 5))

    assert len(study(made, tmp_path)["passages"]) == found


def test_white_space_does_not_count(tmp_path: Path) -> None:
    made = TextRun()
    copied = prose(1)[:30]
    made.add("宁波市江宁区水利局", 2020, between(2, copied, 3))
    broken = "\n".join((copied[:7], copied[7:18] + " 　", copied[18:]))
    made.add("宁波市江宁区水利局", 2021, between(4, f"\n {broken}\n", 5))

    tables = study(made, tmp_path)

    assert quotes(made, tables["passages"]) == [(copied, copied)]
    (row,) = tables["passages"].to_dict("records")
    assert (row["end"] - row["start"], row["chars"]) == (len(broken), 30)


def test_passage_ends_with_its_section(tmp_path: Path) -> None:
    made = TextRun()
    copied = prose(1)
    made.add("宁波市江宁区水利局", 2020, copied)
    made.add("宁波市江宁区水利局", 2021, copied[20:] + prose(2), overview=prose(3) + copied[:20])

    passages = study(made, tmp_path)["passages"]

    assert quotes(made, passages) == [(copied[:20],) * 2, (copied[20:],) * 2]
    assert list(passages["section"]) == ["overview", "problems"]


def test_headings_and_other_sections_are_not_compared(tmp_path: Path) -> None:
    made = TextRun()
    same = prose(1)
    made.add("宁波市江宁区水利局", 2020, prose(2), overview=prose(3), other=same)
    made.add("宁波市江宁区水利局", 2021, prose(4), overview=prose(5), other=same)

    tables = study(made, tmp_path)

    assert tables["passages"].empty
    assert share(tables, "r001.txt", "copied_share") == 0


def test_only_the_year_before_is_last_year(tmp_path: Path) -> None:
    made = TextRun()
    same = prose(1)
    made.add("宁波市江宁区水利局", 2018, same)
    made.add("宁波市江宁区水利局", 2020, same)

    tables = study(made, tmp_path)

    assert tables["passages"].empty
    assert tables["shares"]["copied_share"].isna().all()
    assert list(tables["shares"]["copied_share_n"]) == [0, 0]


def test_renamed_agency_is_followed(tmp_path: Path) -> None:
    made = TextRun()
    made.add("宁波市江宁区环保局", 2018, prose(1))
    made.add("宁波市生态环境局江宁分局", 2019, prose(1))

    assert share(study(made, tmp_path), "r001.txt", "copied_share") == 1


def test_agency_without_a_place_has_no_last_year(tmp_path: Path) -> None:
    made = TextRun()
    made.add("水务局", 2020, prose(1))
    made.add("水务局", 2021, prose(1))

    assert study(made, tmp_path)["passages"].empty


def test_passage_is_told_to_be_from_who_shares_most(tmp_path: Path) -> None:
    """Everybody has the middle of the passage; one other agency has all of it."""
    made = TextRun()
    whole = prose(1, 5)
    middle = whole[60:90]
    for i in range(5):
        made.add(f"宁波市江宁区第{i}水利局", 2021, between(10 + i, middle, 20 + i))
    source = made.add("宁波市江宁区第8水利局", 2021, prose(30) + whole)
    copier = made.add("宁波市江宁区第9水利局", 2021, whole + prose(31))

    passages = study(made, tmp_path)["passages"]

    (row,) = passages[passages["report"] == copier].to_dict("records")
    assert (row["source_report"], row["chars"], row["others"]) == (source, len(whole), 1)
    common = passages[passages["report"] == "r000.txt"]
    assert (list(common["chars"]), list(common["others"])) == ([30], [6])


def test_reports_of_one_agency_are_no_other_agency(tmp_path: Path) -> None:
    made = TextRun()
    made.add("宁波市江宁区水利局", 2021, prose(1))
    made.add("宁波市江宁区水利局", 2021, prose(1))
    made.add("宁波市江宁区民政局", 2021, prose(2))

    tables = study(made, tmp_path)

    assert tables["passages"].empty
    assert list(tables["groups"]["agencies"]) == [1, 1]


def test_template_share_counts_reports_of_other_agencies(tmp_path: Path) -> None:
    """Of 41 reports 5 % are 3 of the 40 others: two others with a sentence are not enough."""
    made = TextRun()
    often, seldom = sentences(1, 2)
    for i in range(41):
        shared = (often if i < 3 else "") + (seldom if i < 2 else "")
        made.add(f"宁波市江宁区第{i}水利局", 2021, shared + prose(100 + i, 3))

    tables = study(made, tmp_path, limits=Limits(template=0.05))

    text = often + seldom + prose(100, 3)
    assert share(tables, "r000.txt", "template_share") == pytest.approx(len(often) / len(text))
    assert share(tables, "r040.txt", "template_share") == 0


def test_repeated_sentence_of_one_other_is_counted_once(tmp_path: Path) -> None:
    made = TextRun()
    (often,) = sentences(1, 1)
    made.add("宁波市江宁区第0水利局", 2021, often + prose(2, 3))
    made.add("宁波市江宁区第1水利局", 2021, often * 9 + prose(3, 3))
    for i in range(2, 9):
        made.add(f"宁波市江宁区第{i}水利局", 2021, prose(10 + i, 3))

    assert (
        share(study(made, tmp_path, limits=Limits(template=0.25)), "r000.txt", "template_share")
        == 0
    )


def test_groups_hold_near_copies_and_no_others(tmp_path: Path) -> None:
    made = TextRun()
    told = sentences(1, 30)
    for i in range(4):
        own = [*told[: 2 * i], *sentences(50 + i, 2), *told[2 * i + 2 :]]
        made.add(f"宁波市江宁区第{i}水利局", 2021, "".join(own))
    half = [*told[:15], *sentences(60, 15)]
    made.add("宁波市江宁区民政局", 2021, "".join(half))

    groups = study(made, tmp_path)["groups"]

    assert list(groups["report"]) == [f"r{i:03}.txt" for i in range(4)]
    assert set(groups["group"]) == {1}
    assert (groups["alike"] > 0.6).all()


def test_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    made = mixed_run(Random(5), agencies=9, years=3)
    outs = []
    for name, order in (("one", list), ("two", shuffled)):
        run = made.write(tmp_path / name, order=order)
        write_reuse_study(run, tmp_path / f"{name}-out", formats=())
        files = sorted((tmp_path / f"{name}-out").glob("reuse-*"))
        outs.append({path.name: path.read_bytes() for path in files})

    assert outs[0] == outs[1]


def test_small_blocks_and_buckets_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = mixed_run(Random(6), agencies=9, years=3)
    whole = study(made, tmp_path / "whole")
    monkeypatch.setattr(reusetexts, "_BLOCK", 700)
    monkeypatch.setattr(sources, "_BUCKET", 500)

    parts = study(made, tmp_path / "parts")

    for name in ("shares", "groups", "years"):
        pd.testing.assert_frame_equal(parts[name], whole[name])
    by = list(whole["passages"].columns)
    pd.testing.assert_frame_equal(
        *(t["passages"].sort_values(by, ignore_index=True) for t in (parts, whole))
    )


def mixed_run(rng: Random, *, agencies: int, years: int) -> TextRun:
    """Return a run whose sentences are from a small stock, so that much is shared."""
    made = TextRun()
    stock = sentences(rng.randrange(10**6), 40)
    pieces = [part for text in stock for part in (text, text[:15], text[3:])]
    for agency in range(agencies):
        for year in range(years):
            parts = ["".join(rng.choices(pieces, k=rng.randint(0, 12))) for _ in range(2)]
            made.add(f"宁波市江宁区第{agency}水利局", 2020 + year, *parts)
    return made


def compared(made: TextRun, report: str) -> list[str]:
    """Return the compared sections of a report without headings and white space."""
    rows = [row for row in made.sections if row["report"] == report]
    text = made.text(report)
    bodies = (text[int(str(r["start"])) : int(str(r["end"]))].split("\n", 1)[1] for r in rows)
    return ["".join(body.split()) for body in bodies]


def brute_share(mine: list[str], others: list[str]) -> float:
    """Return the share of characters inside shared runs of 13, found by looking at all of them."""
    known = {text[i : i + 13] for text in others for i in range(len(text) - 12)}
    total = inside = 0
    for text in mine:
        marks = np.zeros(len(text), dtype=bool)
        for i in range(len(text) - 12):
            if text[i : i + 13] in known:
                marks[i : i + 13] = True
        total, inside = total + len(text), inside + int(marks.sum())
    return inside / total if total else float("nan")


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_shares_are_those_of_looking_at_everything(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    made = mixed_run(Random(seed), agencies=4, years=2)
    tables = study(made, tmp_path_factory.mktemp("run"))

    names = [str(row["report"]) for row in made.reports]
    for number, report in enumerate(names):
        agency, year = divmod(number, 2)
        mine = compared(made, report)
        same_year = [
            t for i in range(4) if i != agency for t in compared(made, names[2 * i + year])
        ]
        expected = brute_share(mine, same_year)
        assert share(tables, report, "others_share") == pytest.approx(expected, nan_ok=True)
        if year and "".join(compared(made, names[number - 1])):
            expected = brute_share(mine, compared(made, names[number - 1]))
            assert share(tables, report, "copied_share") == pytest.approx(expected, nan_ok=True)
    for here, there in quotes(made, tables["passages"]):
        assert here == there
        assert len(here) >= 13


def test_one_report_shares_nothing(tmp_path: Path) -> None:
    made = TextRun()
    made.add("宁波市江宁区水利局", 2021, prose(1))

    tables = study(made, tmp_path)

    assert tables["passages"].empty
    assert tables["groups"].empty
    told = tables["shares"].iloc[0]
    assert told[["copied_share", "template_share", "others_share"]].isna().all()
    assert told["n_chars"] == len(prose(1))
    assert tables["years"]["share"].isna().all()


def test_report_without_sections_or_year_is_missing_not_zero(tmp_path: Path) -> None:
    made = TextRun()
    made.add("宁波市江宁区水利局", 2020, "")
    made.add("宁波市江宁区水利局", 2021, prose(1))
    made.add("宁波市江宁区民政局", None, prose(1))
    made.add("宁波市江宁区教育局", 2021, "短。")

    tables = study(made, tmp_path)

    assert tables["shares"]["copied_share"].isna().all()
    assert list(tables["shares"]["others_share"].isna()) == [True, False, True, False]
    assert tables["passages"].empty


def test_run_without_texts_to_compare_is_told(tmp_path: Path) -> None:
    made = TextRun()
    made.add("宁波市江宁区水利局", None, prose(1))

    with pytest.raises(StudyError, match="E702"):
        study(made, tmp_path)
    assert not (tmp_path / "out").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_limit_that_is_no_share_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="E401"):
        study(TextRun(), tmp_path, limits=Limits(alike=0))


def test_nothing_is_told_that_only_hashes_share(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = mixed_run(Random(8), agencies=5, years=2)
    monkeypatch.setattr(reusetexts, "hash_runs", lambda codes: hash_runs(codes) % np.uint64(7))

    found = quotes(made, study(made, tmp_path)["passages"])

    assert found
    assert all(here == there and len(here) >= 13 for here, there in found)
