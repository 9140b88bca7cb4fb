"""Concordances and dictionaries: every place, exactly where it is."""

from pathlib import Path

import pytest

from mining.errors import SettingsError, StudyError
from mining.study.corpus.collection import Corpus
from mining.study.dictionaries import category_table, count_categories, load_dictionary
from mining.study.kwic import Query, Sort, concordance
from mining.study.kwicpage import write_kwic_page
from mining.study.tokens import Tokenizer
from tests.conftest import SAMPLE
from tests.study.wordcorpora import made_corpus

TEXTS = ["栏目更新不及时，政务公开不够。", "公开栏更新慢；\n公开。", "<b>公开</b> & =1+1"]


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return made_corpus(tmp_path / "run", TEXTS, agency=["甲局", "乙局", None])


def test_each_place_is_told_with_its_offsets_and_context(corpus: Corpus) -> None:
    found = concordance(corpus, Query(pattern="公开", width=3))

    table = found.table
    texts = dict(zip(corpus.variables["report"], TEXTS, strict=True))
    spans = zip(table["report"], table["start"], table["end"], strict=True)
    assert [texts[report][a:b] for report, a, b in spans] == ["公开"] * 4
    assert list(zip(table["left"], table["right"], strict=True)) == [
        ("，政务", "不够。"),
        ("", "栏更新"),
        ("慢； ", "。"),
        ("<b>", "</b"),
    ]
    assert (found.found, found.documents) == (4, (3, 3))
    assert table["agency"].fillna("").tolist() == ["甲局", "乙局", "乙局", ""]


def test_offsets_of_pieces_lead_into_the_whole_report() -> None:
    corpus = Corpus.from_folder(SAMPLE / "reports" / "yunzhou_hrss_2020.txt")
    text = next(iter(corpus.documents())).text

    table = concordance(corpus.sections("problems").sentences(), Query(pattern="查找")).table

    assert len(table) > 0
    assert [text[a:b] for a, b in zip(table["start"], table["end"], strict=True)] == ["查找"] * len(
        table
    )
    assert set(table["section"]) == {"problems"}


def test_whole_words_are_not_found_inside_of_others(corpus: Corpus) -> None:
    inside = concordance(corpus, Query(pattern="公开", match="word")).table

    # 政务公开 and 公开栏 are words of their own.
    assert list(zip(inside["report"], inside["start"], strict=True)) == [
        ("a001.txt", 8),
        ("a002.txt", 3),
    ]
    several = concordance(corpus, Query(pattern="更新不及时", match="word")).table
    assert list(several["hit"]) == ["更新不及时"]


def test_patterns_may_be_regular_and_empty_matches_are_no_places(corpus: Corpus) -> None:
    assert list(concordance(corpus, Query(pattern="更新[不慢]", match="regex")).table["hit"]) == [
        "更新不",
        "更新慢",
    ]
    assert concordance(corpus, Query(pattern="更*", match="regex")).found == 2
    assert concordance(corpus, Query(pattern="更新[不慢]")).found == 0
    with pytest.raises(SettingsError, match="no regular expression"):
        Query(pattern="(", match="regex")


def test_context_may_be_counted_in_words(corpus: Corpus) -> None:
    row = concordance(corpus, Query(pattern="不", width=2, unit="words")).table.iloc[0]

    assert (row["left"], row["right"]) == ("栏目更新", "及时，")
    assert (
        concordance(corpus, Query(pattern="不", width=0, unit="words")).table.iloc[0]["left"] == ""
    )


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("report", ["甲乙不够丁", "丙甲不及丁", "乙甲不及丙"]),
        # Outwards from the hit: 乙甲, 甲丙, 甲乙.
        ("left", ["甲乙不够丁", "丙甲不及丁", "乙甲不及丙"]),
        ("hit", ["丙甲不及丁", "乙甲不及丙", "甲乙不够丁"]),
        ("right", ["丙甲不及丁", "甲乙不够丁", "乙甲不及丙"]),
    ],
)
def test_places_are_sorted_by_context(tmp_path: Path, sort: Sort, expected: list[str]) -> None:
    corpus = made_corpus(tmp_path, ["甲乙不够丁", "丙甲不及丁", "乙甲不及丙"])

    table = concordance(corpus, Query(pattern="不.", match="regex", sort=sort)).table

    # 丁 4E01, 丙 4E19, 乙 4E59, 及 53CA, 够 591F, 甲 7532
    assert list(table["left"] + table["hit"] + table["right"]) == expected


def test_too_many_places_are_drawn_by_chance_always_the_same(tmp_path: Path) -> None:
    corpus = made_corpus(tmp_path, ["公开，" * 20, "公开；" * 20])

    half = corpus.filter(report="a000.txt")
    few, all_of_it = (concordance(corpus, Query(pattern="公开", most=n)) for n in (7, 40))

    assert (few.found, len(few.table), len(all_of_it.table)) == (40, 7, 40)
    places = {tuple(row) for row in few.table[["report", "start"]].to_numpy().tolist()}
    more = concordance(corpus, Query(pattern="公开", most=8)).table
    assert places < {tuple(row) for row in more[["report", "start"]].to_numpy().tolist()}
    # What is drawn of one report does not depend on the others.
    own = concordance(half, Query(pattern="公开", most=7)).table
    assert set(few.table.query("report == 'a000.txt'")["start"]) <= set(own["start"])


@pytest.mark.parametrize("wrong", [{"pattern": " "}, {"width": -1}, {"most": 0}])
def test_settings_that_find_nothing_are_told(wrong: dict[str, object]) -> None:
    with pytest.raises(SettingsError):
        Query(**{"pattern": "公开", **wrong})  # type: ignore[arg-type]


def test_the_page_marks_hits_and_escapes_texts(corpus: Corpus, tmp_path: Path) -> None:
    found = concordance(corpus, Query(pattern="公开"))

    write_kwic_page(found, "<公开>", tmp_path / "page.html")

    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert page.count("<mark>公开</mark>") == 4
    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    assert "“&lt;公开&gt;”共 4 处，见于 3 篇" in page


def test_the_page_says_so_when_nothing_is_found(corpus: Corpus, tmp_path: Path) -> None:
    found = concordance(corpus, Query(pattern="没有的词"))

    write_kwic_page(found, "没有的词", tmp_path / "page.html", lang="en")

    assert found.table.empty
    assert "Nothing was found." in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_entries_of_several_words_count_once_the_longest_first(tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    path.write_text(
        "category,word\n慢,更新\n慢,更新不及时\n公开,政务公开\n无,别处\n", encoding="utf-8-sig"
    )
    corpus = made_corpus(tmp_path / "run", [*TEXTS, ""], side=["a", "b", "b", "b"])

    counts = count_categories(corpus, load_dictionary(path), Tokenizer())

    words = counts.words.set_index("word")["n"].to_dict()
    assert words == {"更新": 1, "更新不及时": 1, "政务公开": 1, "别处": 0}
    assert list(counts.table["n:慢"]) == [1, 1, 0, 0]
    table = category_table(counts, "side").set_index(["group", "category"])
    assert table.loc[("b", "慢"), "share"] == pytest.approx(1 / 3)
    assert table.loc[("a", "无"), "n"] == 0


def test_a_dictionary_in_toml_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "d.toml").write_text('"慢" = ["滞后", "更新不及时"]\n', encoding="utf-8")
    (tmp_path / "d.csv").write_text("category,word\n慢,更新不及时\n慢,滞后\n", encoding="utf-8")

    toml, table = load_dictionary(tmp_path / "d.toml"), load_dictionary(tmp_path / "d.csv")

    assert toml == table
    assert toml.fingerprint == table.fingerprint


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("d.csv", "kind,word\na,b\n", "no column category"),
        ("d.csv", "category,word\n,\n", "no word in it"),
        ("d.toml", "a = 1\n", "a is no list"),
        ("d.toml", "a = [", "d.toml"),
    ],
)
def test_unfit_dictionaries_are_told(tmp_path: Path, name: str, text: str, what: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")

    with pytest.raises(StudyError, match=what):
        load_dictionary(tmp_path / name)
    with pytest.raises(StudyError, match="E703"):
        load_dictionary(tmp_path / "none.csv")
