"""spaCy components: exact places, nothing lost on the way to tokens, bytes and other processes."""

import contextlib
import io
import json
import pickle
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span
from spacy.vocab import Vocab

from mining import spacy_components
from mining.errors import ReadError
from mining.form import Form
from mining.pipeline import parse_report
from mining.present.rows import figure_rows
from mining.report import Report, Source
from mining.settings import Settings
from mining.themes.classify import theme_classifier
from mining.themes.model import save_model

ROOT = Path(__file__).parents[2]
LAYERS = {"sections": "mining_sections", "figures": "mining_figures", "points": "mining_points"}
TEXT = """云州市水务局2022年政府信息公开工作年度报告
一、总体情况
2022年，我局新收政府信息公开申请12件，发布政策解读稿件30余篇，收入1.2万元。
五、存在的主要问题及改进情况
一是政策解读深度不够；二是专职人员偏少。
下一步，一是深入做好政策解读；二是增配一名专职人员。
"""


def pipeline(**tokenizer: object) -> Language:
    config = {"@tokenizers": "mining.segmenter.v1", **tokenizer}
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": config}})
    for name in ("mining_sections", "mining_figures", "mining_themes"):
        nlp.add_pipe(name)
    return nlp


@pytest.fixture(scope="module")
def nlp() -> Language:
    return pipeline()


def shown(doc: Doc) -> list[tuple[str, str, str, Any]]:
    """Return all that our spans tell, in a form that can be compared."""
    return [(g, s.text, s.label_, s._.mining) for g in LAYERS for s in doc.spans[g]]


def figures(doc: Doc) -> list[str]:
    return [row["text"] for row in doc._.mining_figures]


def test_a_report_becomes_spans(nlp: Language) -> None:
    doc = nlp(TEXT)
    points = doc.spans["points"]

    assert (doc._.mining_year, doc._.mining_agency) == (2022, "云州市水务局")
    assert [s.label_ for s in doc.spans["sections"]] == ["preface", "overview", "problems"]
    assert [s.text for s in doc.spans["figures"]] == ["12件", "30余篇", "1.2万元", "一名"]
    assert doc.spans["figures"][2]._.quantity["value"] == 12_000
    assert [s.label_ for s in points] == ["problem", "problem", "improvement", "improvement"]
    assert next(iter(points[1]._.themes)) == "staffing"
    assert points[3]._.answers.text == points[1].text
    assert points[0]._.answers is None


def test_spans_of_other_origin_have_no_row(nlp: Language) -> None:
    doc = nlp(TEXT)
    strangers = (doc[0:2], Span(doc, 0, 2, span_id="mining_figures-99"), doc.spans["figures"][0])

    assert [s._.mining is None for s in strangers] == [True, True, False]
    assert [s._.quantity is None for s in strangers] == [True, True, False]
    assert doc.spans["figures"][0]._.themes is None
    assert doc.spans["sections"][0]._.quantity is None


def test_what_ran_is_told_from_what_found_nothing() -> None:
    nlp = spacy.blank("zh")
    nlp.add_pipe("mining_figures")

    doc = nlp("本年无其他需要报告的事项。")

    assert doc._.mining_figures == []
    assert doc._.mining_sections is None
    assert set(doc.spans) == {"figures"}


def test_one_parse_serves_all_components(nlp: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def counted(report: Report, *, settings: Settings) -> tuple[Report, Form]:
        seen.append(report.raw_text)
        return parse_report(report, settings=settings)

    monkeypatch.setattr(spacy_components, "parse_report", counted)
    texts = [f"{TEXT}附{i}份。" for i in range(3)]
    list(nlp.pipe(texts))

    assert seen == texts


@pytest.mark.parametrize("name", ["lanyang_transport_2019.txt", "jiangling_health_2023.txt"])
def test_rows_are_those_of_the_output_tables(nlp: Language, name: str) -> None:
    text = (ROOT / "corpora" / "sample" / "reports" / name).read_bytes().decode()
    doc = nlp(text)
    raw = Report(id="r", source=Source(uri="r"), raw_text=text)
    report, _ = parse_report(raw, settings=Settings())
    wanted = list(figure_rows(report))

    assert doc.text == text
    assert [r["cell"] for r in doc._.mining_figures] == [r["cell"] for r in wanted]
    assert figures(doc) == [r["text"] for r in wanted]
    for group, layer in LAYERS.items():
        rows = doc._.get(layer)
        assert len(rows) == len(doc.spans[group]) > 1
        assert [s._.mining for s in doc.spans[group]] == rows
        for span, row in zip(doc.spans[group], rows, strict=True):
            assert text[row["start"] : row["end"]].strip() in span.text


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "\u3000\t一、 总体 情况\r\n\r\n",
        "abc 12.5 万\u200b件 ",
        "🙂政务\u2028公开",
        "\ufeff１",
    ],
)
def test_tokens_joined_are_the_text(nlp: Language, text: str) -> None:
    doc = nlp.make_doc(text)

    assert doc.text == "".join(t.text for t in doc) == text


@pytest.mark.parametrize(
    ("text", "figure", "value", "unit"),
    [
        ("一、总体情况\n新收申请12件。", "12件", 12, "件"),
        ("一、总体情况\r\n\r\n新收申请１２件。", "１２件", 12, "件"),
        ("\ufeff一、总体情况\n新收申请1\u200b2件。", "1\u200b2件", 12, "件"),
        ("㈠㈡㈢\n一、总体情况\n新收申请12件。", "12件", 12, "件"),
        ("一、總體情況\n主動公開(kāi)政府資訊及個別機關發佈訊息３條。", "３條", 3, "条"),
    ],
)
def test_places_point_into_the_text_as_written(
    nlp: Language, text: str, figure: str, value: int, unit: str
) -> None:
    doc = nlp(text)

    (row,) = doc._.mining_figures
    assert doc.text == text
    assert row["text"] == text[row["start"] : row["end"]] == figure
    assert doc.spans["figures"][0].text == figure
    assert (row["value"], row["unit"]) == (value, unit)


def test_figures_inside_of_one_token_are_all_kept() -> None:
    nlp = spacy.blank("zh")
    nlp.add_pipe("mining_figures")
    doc = nlp(Doc(nlp.vocab, words=["新收申请12件答复9件", "。"], spaces=[False, False]))

    spans = doc.spans["figures"]
    assert [s.text for s in spans] == ["新收申请12件答复9件"] * 2
    assert [s._.quantity["value"] for s in spans] == [12, 9]
    assert figures(doc) == ["12件", "9件"]


def test_any_tokenizer_will_do(nlp: Language) -> None:
    plain = spacy.blank("zh")
    plain.add_pipe("mining_figures")

    assert figures(plain(TEXT)) == figures(nlp(TEXT))


def test_results_survive_bytes(nlp: Language) -> None:
    doc = nlp(TEXT)
    packed = DocBin(docs=[doc], store_user_data=True).to_bytes()

    for again in (
        next(DocBin().from_bytes(packed).get_docs(Vocab())),
        Doc(Vocab()).from_bytes(doc.to_bytes()),
    ):
        assert shown(again) == shown(doc)
        assert again._.mining_year == 2022
        assert [s.id_ for s in again.spans["points"]] == [s.id_ for s in doc.spans["points"]]


def test_rows_survive_json(nlp: Language) -> None:
    doc = nlp(TEXT)

    told = json.loads(json.dumps(doc.to_json(underscore=list(LAYERS.values()))))

    assert told["_"] == {layer: doc._.get(layer) for layer in LAYERS.values()}
    assert figures(Doc(Vocab()).from_json(told)) == figures(doc)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_two_processes_give_the_same(nlp: Language) -> None:
    texts = [TEXT, "", TEXT.replace("12件", "90件"), "没有数字"]

    one, two = (list(nlp.pipe(texts, n_process=n, batch_size=2)) for n in (1, 2))

    assert [shown(d) for d in two] == [shown(d) for d in one]
    assert [d.user_data for d in two] == [d.user_data for d in one]
    assert figures(two[2])[0] == "90件"


def test_a_pipeline_can_be_sent_to_another_process(nlp: Language) -> None:
    again = pickle.loads(pickle.dumps(nlp))  # noqa: S301 - pickled right here

    assert shown(again(TEXT)) == shown(nlp(TEXT))


def test_a_saved_pipeline_keeps_words_and_groups(tmp_path: Path) -> None:
    nlp = pipeline(words=["新收政府信息公开申请"])
    nlp.replace_pipe("mining_figures", "mining_figures", config={"spans_key": "numbers"})
    nlp.to_disk(tmp_path / "nlp")
    data = nlp.to_bytes()

    loaded = spacy.load(tmp_path / "nlp")
    filled = spacy.blank("zh").from_config(nlp.config).from_bytes(data)

    for again in (loaded, filled):
        doc = again(TEXT)
        assert "新收政府信息公开申请" in [t.text for t in doc]
        assert next(s.text for s in doc.spans["numbers"]) == "12件"
        assert "figures" not in doc.spans


def test_a_saved_pipeline_holds_a_copy_of_the_users_model(tmp_path: Path) -> None:
    model = theme_classifier().model
    silent = replace(model, thresholds=np.full_like(model.thresholds, 2.0), floor=2.0)
    own, moved = tmp_path / "own", tmp_path / "moved"
    save_model(silent, own)
    nlp = spacy.blank("zh")
    nlp.add_pipe("mining_themes", config={"model": str(own)})
    nlp.to_disk(tmp_path / "nlp")
    own.rename(moved)

    again = spacy.load(tmp_path / "nlp")

    assert [p["themes"] for p in again(TEXT)._.mining_points] == [{}] * 4
    with pytest.raises(ReadError, match="E105"):
        nlp.from_config(nlp.config)(TEXT)


def test_the_models_of_the_package_are_not_copied(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "nlp")

    assert not (tmp_path / "nlp" / "mining_themes").exists()
    assert shown(spacy.load(tmp_path / "nlp")(TEXT)) == shown(nlp(TEXT))


@pytest.mark.parametrize("text", ["", "\u200b\u200c", " \n\t", "。……", "\ufeff"])
def test_a_text_without_words_has_empty_layers(nlp: Language, text: str) -> None:
    doc = nlp(text)

    assert [doc._.get(layer) for layer in LAYERS.values()] == [[], [], []]
    assert shown(doc) == []


def test_an_english_text_is_no_crash(nlp: Language) -> None:
    doc = nlp("Annual report\n1. Problems\nUpdates are late; staff is short of 3 people.\n")

    assert [r["section"] for r in doc._.mining_sections] == ["unknown"]


def test_a_text_over_the_limit_fails_alone(nlp: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spacy_components, "Settings", lambda: Settings(max_chars=len(TEXT)))
    failed: list[str] = []
    careful = pipeline()
    note: Any = lambda name, _proc, _docs, error: failed.append(f"{name} {error}")  # noqa: E731
    careful.set_error_handler(note)  # spaCy's types want one that never returns

    docs = list(careful.pipe([TEXT + "。", TEXT]))

    assert [d.text for d in docs] == [TEXT]
    assert failed[0].startswith("mining_sections [E104]")
    with pytest.raises(ReadError, match="E104"):
        nlp(TEXT + "。")


@pytest.fixture
def own_extension() -> Iterator[None]:
    ours = Span.get_extension("quantity")
    Span.set_extension("quantity", default="mine", force=True)
    yield
    Span.set_extension("quantity", getter=ours[2], force=True)


@pytest.mark.usefixtures("own_extension")
def test_an_extension_of_the_user_stays(nlp: Language) -> None:
    spacy_components._set_extensions()

    doc = nlp(TEXT)
    span = doc.spans["figures"][0]
    assert span._.quantity == "mine"
    assert span._.mining["value"] == 12


def test_declared_attributes_are_there(nlp: Language) -> None:
    told = nlp.analyze_pipes()
    assert told is not None

    assert set(told["problems"]) == set(nlp.pipe_names)
    assert not any(told["problems"].values())
    objects: dict[str, type[Doc | Span]] = {"doc": Doc, "span": Span}
    for name in nlp.pipe_names:
        for attribute in nlp.get_pipe_meta(name).assigns:
            kind, *path = attribute.split(".")
            assert path == ["spans"] or objects[kind].has_extension(path[-1])


def test_spacy_finds_the_parts_without_an_import(tmp_path: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = tmp_path / "mining_entry-0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: mining-entry\nVersion: 0\n")
    lines = []
    for group in ("spacy_factories", "spacy_tokenizers"):
        lines += [f"[{group}]", *(f"{k} = {v}" for k, v in project["entry-points"][group].items())]
    (info / "entry_points.txt").write_text("\n".join(lines))
    code = f"""
import sys
sys.path[:0] = [{str(tmp_path)!r}, {str(ROOT)!r}]
import mining
assert "spacy" not in sys.modules
import spacy
assert "mining.spacy_components" not in sys.modules
nlp = spacy.blank("zh", config={{"nlp": {{"tokenizer": {{"@tokenizers": "mining.segmenter.v1"}}}}}})
for name in ("mining_sections", "mining_figures", "mining_themes"):
    nlp.add_pipe(name)
doc = nlp("新收申请12件。")
print(*(span.text for span in doc.spans["figures"]))
"""

    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code], check=False, capture_output=True, text=True
    )

    assert (done.stdout, done.returncode) == ("12件\n", 0), done.stderr


def test_the_example_prints_what_the_page_says() -> None:
    page = (ROOT / "docs" / "spacy.md").read_text(encoding="utf-8")
    found = re.search(r"```python\n(.*?)```.*?```text\n(.*?)```", page, re.DOTALL)
    assert found is not None
    printed = io.StringIO()

    with contextlib.redirect_stdout(printed):
        exec(found[1], {})  # noqa: S102 - our own page

    assert printed.getvalue() == found[2]
