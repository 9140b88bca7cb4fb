"""A corpus: the same documents from everywhere, whatever the order they come in."""

import json
import random
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from spacy.tokens import DocBin
from spacy.vocab import Vocab

from mining.catalog import READERS
from mining.corpus.inputs import collect
from mining.corpus.run import run_audit
from mining.errors import ReadError, SettingsError, StudyError
from mining.settings import Settings
from mining.study.corpus import ordering
from mining.study.corpus.collection import Corpus, open_corpus
from mining.study.corpus.document import Document
from mining.study.corpus.pieces import sentence_spans
from tests.conftest import SAMPLE

NAMES = (
    "lanyang_transport_2019",
    "lanyang_transport_2020",
    "qingyuan_sports_2020",
    "yunzhou_hrss_2020",
)
FILES = [SAMPLE / "reports" / f"{name}.txt" for name in NAMES]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus.from_folder(*FILES, points=True)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("audit") / "run"
    inputs = collect(FILES, suffixes=frozenset(READERS), settings=Settings())
    run_audit(inputs, out)
    return out


def plain(corpus: Corpus) -> list[tuple[object, ...]]:
    """Return all that documents tell, for comparisons."""
    return [(d.name, d.text, d.start, d.section, dict(d.variables)) for d in corpus.documents()]


def every_view(corpus: Corpus) -> list[list[tuple[object, ...]]]:
    views = (corpus, corpus.sections("problems"), corpus.points(), corpus.sections().sentences())
    return [plain(view) for view in views]


def test_reading_and_an_audit_give_the_same_documents(corpus: Corpus, run: Path) -> None:
    audited = Corpus.from_run(run)

    assert every_view(audited) == every_view(corpus)
    assert audited.origin["run"] == run.as_posix()
    assert len(plain(corpus.points("problem"))) > len(NAMES)


def test_order_of_inputs_and_number_of_processes_change_nothing(corpus: Corpus) -> None:
    other = Corpus.from_folder(*reversed(FILES), points=True, workers=2)

    assert every_view(other) == every_view(corpus)
    assert other.settings() == corpus.settings()


@pytest.mark.parametrize("block", [5_000_000, 3_000])
def test_order_of_rows_changes_nothing(
    corpus: Corpus, run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(ordering, "_BLOCK", block)
    for name in ("reports", "texts", "sections", "points"):
        table = pq.read_table(run / f"{name}.parquet")
        rows = random.Random(3).sample(range(len(table)), len(table))
        pq.write_table(table.take(pa.array(rows)), tmp_path / f"{name}.parquet")

    assert every_view(Corpus.from_run(tmp_path)) == every_view(corpus)


def test_packed_texts_give_the_same_documents(corpus: Corpus, tmp_path: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in FILES]
    packed = pd.DataFrame({"report": [p.name for p in FILES], "text": texts, "pilot": [1, 0, 0, 1]})
    packed.loc[3, "agency"] = "云州市新局"
    packed.sample(frac=1, random_state=5).to_parquet(tmp_path / "packed.parquet", row_group_size=2)

    read = Corpus.from_parquet(tmp_path / "packed.parquet", points=True, workers=2)

    assert [d.text for d in read.points().documents()] == [
        d.text for d in corpus.points().documents()
    ]
    assert list(read.variables["pilot"]) == [1, 0, 0, 1]
    assert list(read.variables["agency"])[:3] == list(corpus.variables["agency"])[:3]
    assert list(read.variables["agency"])[3] == "云州市新局"


@pytest.mark.parametrize(
    ("columns", "what"),
    [
        ({"text": ["x"]}, "lacks the columns: report"),
        ({"report": ["a", "a"], "text": ["x", "y"]}, "two texts"),
    ],
)
def test_unfit_packed_texts_are_told(
    tmp_path: Path, columns: dict[str, list[str]], what: str
) -> None:
    pd.DataFrame(columns).to_parquet(tmp_path / "packed.parquet")

    with pytest.raises(StudyError, match=what):
        Corpus.from_parquet(tmp_path / "packed.parquet")


def test_offsets_lead_to_the_text(corpus: Corpus) -> None:
    texts = {d.report: d.text for d in corpus.documents()}
    pieces: list[Document] = []
    for view in (corpus.sections(), corpus.points(), corpus.points().sentences()):
        found = list(view.documents())
        assert len({d.name for d in found}) == len(found)
        pieces += found

    assert len(pieces) > 60
    assert all(texts[d.report][d.start : d.end] == d.text for d in pieces)


def test_sections_come_without_their_headings(corpus: Corpus) -> None:
    whole = [d.text for d in corpus.sections("problems").documents()]

    assert len(whole) == len(NAMES)
    assert not any("五、" in text or text.startswith("\n") for text in whole)


def test_sentences_end_at_marks_and_lines_and_keep_their_quotes() -> None:
    text = "  要求“立即公开。”但未落实！\n附件：目录"

    found = [text[a:b] for a, b in sentence_spans(text, 0, len(text))]

    assert found == ["要求“立即公开。”", "但未落实！", "附件：目录"]


def test_filter_takes_values_collections_and_conditions(corpus: Corpus) -> None:
    assert len(corpus.filter(year=2020)) == 3
    assert len(corpus.filter(year=[2019, 2020], kind="transport")) == 2
    assert len(corpus.filter(lambda v: v["report"].str.startswith("yunzhou"))) == 1
    assert [d.report for d in corpus.filter(year=2019).documents()] == [f"{NAMES[0]}.txt"]
    assert list(corpus.filter(year=1999).documents()) == []
    with pytest.raises(SettingsError, match="no document variable colour"):
        corpus.filter(colour="red")


def test_groups_are_parts_of_the_whole(corpus: Corpus) -> None:
    groups = {value: len(part) for value, part in corpus.group_by("year")}

    assert groups == {2019: 1, 2020: 3}


def test_sample_depends_on_names_and_seed_alone(corpus: Corpus) -> None:
    reverse = Corpus.from_folder(*reversed(FILES))
    drawn = {seed: list(corpus.sample(2, seed=seed).variables["report"]) for seed in range(5)}

    assert len({tuple(names) for names in drawn.values()}) > 1
    assert list(reverse.sample(2, seed=3).variables["report"]) == drawn[3]
    assert len(corpus.sample(99)) == len(NAMES)


def test_variables_join_by_agency_and_year(corpus: Corpus) -> None:
    agency = corpus.variables["agency"].iloc[0]
    table = pd.DataFrame(
        {"agency": [f" {agency}", agency, "别处"], "year": [2019, 2021, 2019], "staff": [3, 4, 5]}
    )

    joined = corpus.join(table)

    assert list(joined.variables["staff"].fillna(0)) == [3, 0, 0, 0]
    assert list(joined.unmatched[0]["staff"]) == [4, 5]
    assert joined.settings() != corpus.settings()
    assert next(iter(joined.documents())).variables["staff"] == 3


def test_variables_of_a_file_join_by_report_and_stand_above(corpus: Corpus, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(f"report,region\n{NAMES[1]}.txt,另一处\n", encoding="utf-8-sig")

    joined = corpus.join(path)

    assert list(joined.variables["region"]).count("另一处") == 1
    assert joined.variables["region"].iloc[0] == corpus.variables["region"].iloc[0]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("agency,staff\nx,1\n", "not both agency and year"),
        ("report\nx\n", "no column besides"),
        ("report,n\na,1\na,2\n", "two rows are for a"),
        ("", "can't be read"),
    ],
)
def test_unfit_tables_of_variables_are_told(
    corpus: Corpus, tmp_path: Path, text: str, what: str
) -> None:
    (tmp_path / "table.csv").write_text(text, encoding="utf-8")

    with pytest.raises(StudyError, match=what):
        corpus.join(tmp_path / "table.csv")


def test_unreadable_reports_are_told_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_bytes(FILES[0].read_bytes())
    (tmp_path / "empty.txt").write_bytes(b"")

    corpus = Corpus.from_folder(tmp_path)

    assert (len(corpus), [f.report for f in corpus.failures]) == (1, ["empty.txt"])
    with pytest.raises(ReadError, match="no readable report"):
        Corpus.from_folder(tmp_path / "good.txt", settings=Settings()).from_folder(
            str(SAMPLE / "gold")
        )


def test_temporary_tables_go_with_the_corpus() -> None:
    corpus = Corpus.from_folder(FILES[0])
    part, place = corpus.sections(), corpus.run
    del corpus

    assert place.exists()
    assert list(part.documents())
    del part
    assert not place.exists()


def test_arguments_of_a_command_name_a_run_or_reports(run: Path) -> None:
    assert open_corpus([run]).run == run
    assert len(open_corpus([str(FILES[0]), str(FILES[1])])) == 2


def test_pandas_has_a_row_per_document(corpus: Corpus) -> None:
    table = corpus.sections("problems").to_pandas()

    assert len(table) == len(NAMES)
    assert {"document", "text", "start", "year", "agency"} <= set(table.columns)


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_quanteda_reads_names_texts_and_variables(
    corpus: Corpus, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / f"corpus.{kind}"

    n = corpus.sections("problems").to_quanteda(path)

    lines = path.read_text(encoding="utf-8")
    rows = (
        [json.loads(line) for line in lines.splitlines()]
        if kind == "jsonl"
        else pd.read_csv(path).to_dict("records")
    )
    assert [row["text"] for row in rows] == [
        d.text for d in corpus.sections("problems").documents()
    ]
    assert n == len(rows)
    assert [row["year"] for row in rows] == [2019, 2020, 2020, 2020]
    with pytest.raises(SettingsError, match=r"choose \.csv or \.jsonl"):
        corpus.to_quanteda(tmp_path / "corpus.rds")


def test_spacy_reads_words_offsets_and_variables(corpus: Corpus, tmp_path: Path) -> None:
    sections = corpus.sections("overview", "problems")

    paths = sections.to_docbin(tmp_path / "one")
    again = sections.to_docbin(tmp_path / "two")

    assert [p.read_bytes() for p in paths] == [p.read_bytes() for p in again]
    docs = list(DocBin().from_disk(paths[0]).get_docs(Vocab()))
    for doc, document in zip(docs, sections.documents(), strict=True):
        assert doc.text == document.text
        assert doc.user_data["mining"]["start"] == document.start
        assert doc.user_data["mining"]["variables"]["year"] == document.variables["year"]
