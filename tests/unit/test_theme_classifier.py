"""The theme classifier: what it tells, why, how it is kept, what it refuses."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mining.errors import ReadError, SettingsError
from mining.themes.classify import ThemeClassifier, shipped_folder, theme_classifier
from mining.themes.features import Statement, fold_text
from mining.themes.model import decide
from mining.themes.names import THEMES

FILES = ("model.json", "weights.npz", "lexicon.toml")

# Toy vocabulary on purpose: whatever is learnt from it must come from it.
_WORDS = {
    "staffing": "人手不够缺专人",
    "timeliness": "更新太慢常常滞后",
    "platform": "网页打不开链接失效",
}


def statements() -> tuple[list[Statement], list[list[str]], list[str]]:
    names = list(_WORDS)
    found, labels, groups = [], [], []
    for i in range(60):
        theme = names[i % 3]
        words = _WORDS[theme]
        found.append(Statement(f"第{'甲乙丙丁戊'[i % 5]}科{words[i % 4 :]}{words[: 4 + i % 3]}"))
        labels.append([theme])
        groups.append(f"g{i % 4}")
    return found, labels, groups


@pytest.fixture(scope="module")
def trained() -> ThemeClassifier:
    found, labels, groups = statements()
    return ThemeClassifier.fit(found, labels, groups=groups)


def themes_of(classifier: ThemeClassifier, text: str) -> list[str]:
    return [label.theme for label in classifier.predict([Statement(text)])[0]]


def test_learns_what_it_is_shown(trained: ThemeClassifier) -> None:
    assert themes_of(trained, "本局人手不够") == ["staffing"]
    assert themes_of(trained, "更新太慢") == ["timeliness"]


def test_same_data_give_the_same_bytes(trained: ThemeClassifier, tmp_path: Path) -> None:
    found, labels, groups = statements()
    trained.save(tmp_path / "a")
    ThemeClassifier.fit(found, labels, groups=groups).save(tmp_path / "b")

    for name in FILES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_a_model_read_again_tells_the_same(trained: ThemeClassifier, tmp_path: Path) -> None:
    trained.save(tmp_path)
    again = ThemeClassifier.load(tmp_path)
    found, _, _ = statements()

    assert np.array_equal(trained.predict_proba(found), again.predict_proba(found))


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_told_as_such(
    trained: ThemeClassifier, tmp_path: Path, name: str
) -> None:
    trained.save(tmp_path)
    (tmp_path / name).write_bytes(b"\x80\x04broken [")

    with pytest.raises(ReadError, match="E109"):
        ThemeClassifier.load(tmp_path)


def test_pickled_arrays_are_refused(trained: ThemeClassifier, tmp_path: Path) -> None:
    trained.save(tmp_path)
    arrays = dict(np.load(tmp_path / "weights.npz"))
    arrays["bias"] = np.array([{"a": 1}], dtype=object)
    np.savez(tmp_path / "weights.npz", allow_pickle=True, **arrays)

    with pytest.raises(ReadError, match="E109"):
        ThemeClassifier.load(tmp_path)


def test_arrays_of_another_model_are_refused(trained: ThemeClassifier, tmp_path: Path) -> None:
    trained.save(tmp_path)
    told = json.loads((tmp_path / "model.json").read_text(encoding="utf-8"))
    told["cues"].remove("people")
    (tmp_path / "model.json").write_text(json.dumps(told), encoding="utf-8")

    with pytest.raises(ReadError, match="weights has the shape"):
        ThemeClassifier.load(tmp_path)


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="E105"):
        ThemeClassifier.load(tmp_path / "none")


def test_too_few_statements_are_refused() -> None:
    with pytest.raises(SettingsError, match="too few"):
        ThemeClassifier.fit([Statement("缺人")], [["staffing"]], groups=["a"])


def test_at_most_three_themes_and_the_likeliest_first() -> None:
    rows = np.array([[0.9, 0.5, 0.7, 0.6], [0.1, 0.3, 0.2, 0.0], [0.1, 0.05, 0.0, 0.0]])

    chosen = decide(rows, np.full(4, 0.4, np.float32), floor=0.25)

    assert [[k for k, _ in picks] for picks in chosen] == [[0, 2, 3], [1], []]


def test_digits_are_alike_and_offsets_stay() -> None:
    assert fold_text("第19条，２０２１年") == "第00条，００００年".replace("０", "0")


def test_shipped_model_needs_no_training_library() -> None:
    code = (
        "import sys; from mining.themes.classify import theme_classifier; theme_classifier();"
        "print(sorted({'sklearn', 'scipy', 'jieba'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "[]"


def test_shipped_model_has_the_public_themes() -> None:
    assert theme_classifier().model.themes == THEMES


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("微信公众号长期不更新，粉丝寥寥", "new_media"),
        ("工作人员身兼数职，没有专职人员", "staffing"),
        ("部分信息更新不及时", "timeliness"),
        ("组织业务培训，提高工作人员业务能力", "training"),
        ("政策解读形式单一", "interpretation"),
        ("依申请公开答复不规范", "requests"),
        ("个别干部对公开工作认识不足、重视不够", "awareness"),
        ("机构改革后职能划转尚未理顺", "reform"),
        ("严格保密审查，落实三审三校", "security_review"),
    ],
)
def test_plain_wordings_are_told(text: str, theme: str) -> None:
    assert theme in themes_of(theme_classifier(), text)


@pytest.mark.parametrize(
    "text", ["继续努力，再上新台阶", "", "。", "The website is slow", "政府信息公開", "字" * 5000]
)
def test_any_text_gets_at_most_three_scores(text: str) -> None:
    (labels,) = theme_classifier().predict([Statement(text)])

    assert len(labels) <= 3
    assert all(0.0 <= label.score <= 1.0 for label in labels)
    assert [x.score for x in labels] == sorted((x.score for x in labels), reverse=True)


def test_what_is_neither_has_no_theme() -> None:
    (labels,) = theme_classifier().predict([Statement("部分信息更新不及时", "neither")])

    assert labels == ()


def test_a_pair_lends_its_theme() -> None:
    alone = Statement("每周一由办公室过一遍，慢了就催", "improvement")
    pair = [Statement("网站信息更新不及时，经常滞后"), Statement(alone.text, alone.kind, 0)]
    k = THEMES.index("timeliness")

    before = theme_classifier().predict_proba([alone])[0, k]
    after = theme_classifier().predict_proba(pair)[1, k]

    assert after > before


def test_evidence_quotes_the_text() -> None:
    said = [Statement("微信公众号长期不更新")]
    evidence = theme_classifier().explain(said, 0)

    assert {e.theme for e in evidence} == {x.theme for x in theme_classifier().predict(said)[0]}
    assert all(e.span.of(said[0].text) == e.text and e.weight > 0 for e in evidence)
    (first, *_) = [e for e in evidence if e.theme == "new_media"]
    assert "公众号" in first.text or "微信" in first.text


def test_a_copy_of_the_shipped_model_loads_alone(tmp_path: Path) -> None:
    copied = tmp_path / "model"
    copied.mkdir()
    for name in FILES:
        shutil.copy(shipped_folder() / name, copied)

    assert ThemeClassifier.load(copied).model.themes == THEMES
