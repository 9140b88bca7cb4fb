"""Labels as CSV, agreement between labellers, what to label next, hard negatives."""

from pathlib import Path

import numpy as np
import pytest

from mining.errors import ReadError
from mining.themes.agreement import agree, cohen_kappa, krippendorff_alpha
from mining.themes.classify import theme_classifier
from mining.themes.features import Statement
from mining.themes.labelcsv import read_label_csv, write_label_csv
from mining.themes.names import THEMES
from mining.themes.suggest import choose_statements
from mining.themes.themedata import baits
from mining.themes.themescore import calibration_error, score_themes


def sheet(tmp_path: Path, text: str, encoding: str = "utf-8-sig") -> Path:
    path = tmp_path / "labels.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_reads_what_spreadsheets_write(tmp_path: Path, mark: str) -> None:
    lines = [
        "id,kind,text,answers,themes",
        "1,问题,更新慢,,timeliness",
        "2,改进,按周更新,1,timeliness",
        "3,,继续努力,,-",
        "4,,还没看,,",
        ",,,,",
    ]
    found = read_label_csv(sheet(tmp_path, "\r\n".join(lines).replace(",", mark)), themes=THEMES)

    assert [s.text for s in found.data.statements] == ["更新慢", "按周更新", "继续努力"]
    assert found.data.statements[1].answers == 0
    assert found.data.labels == (("timeliness",), ("timeliness",), ())
    assert (found.n_unlabelled, found.bad) == (1, ())


def test_several_themes_in_any_usual_way(tmp_path: Path) -> None:
    text = 'text,themes\na,staffing training\nb,"staffing, training"\nc,staffing；training\n'
    found = read_label_csv(sheet(tmp_path, text), themes=THEMES)

    assert found.data.labels == (("staffing", "training"),) * 3


def test_every_bad_row_is_told_with_its_line_and_remedy(tmp_path: Path) -> None:
    bad = (",慢,timelines", "错,慢,-", ",,staffing", ",多,staffing training reform platform")
    text = "\n".join(("kind,text,themes", ",好,-", *bad))
    found = read_label_csv(sheet(tmp_path, text), themes=THEMES)

    assert [row.line for row in found.bad] == [3, 4, 5, 6]
    assert "timelines" in found.bad[0].message
    assert "timeliness" in found.bad[0].remedy


@pytest.mark.parametrize(
    ("text", "encoding", "told"),
    [
        ("text,themes\n慢,-\n", "gb18030", "UTF-8"),
        ("words,themes\n慢,-\n", "utf-8", "missing: text"),
    ],
)
def test_a_file_that_is_no_label_sheet(tmp_path: Path, text: str, encoding: str, told: str) -> None:
    with pytest.raises(ReadError, match=told):
        read_label_csv(sheet(tmp_path, text, encoding), themes=THEMES)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write_label_csv(path, [{"id": "r#1", "text": "一，“二”\n三", "themes": "reform"}])

    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert read_label_csv(path, themes=THEMES).data.statements[0].text == "一，“二”\n三"


def test_kappa_of_perfect_chance_and_opposite_labels() -> None:
    yes = np.array([True, False, True, False])

    assert cohen_kappa(yes, yes) == 1.0
    assert cohen_kappa(yes, np.array([True, True, False, False])) == 0.0
    assert cohen_kappa(yes, ~yes) == -1.0
    assert cohen_kappa(yes & False, yes & False) is None


def test_alpha_matches_a_count_by_hand() -> None:
    # Ten units, 1 disagreement, 9 of 20 values are yes: De = 2·9·11/(20·19), Do = 0.1.
    first = np.array([True] * 5 + [False] * 5)
    second = np.array([True] * 4 + [False] * 6)

    assert krippendorff_alpha(first, second) == pytest.approx(1 - 0.1 * 380 / 198)


def test_agreement_interval_holds_alpha_and_is_reproducible() -> None:
    first = [["staffing"], ["training"], [], ["reform"]] * 10
    second = [["staffing"], ["staffing"], [], ["reform"]] * 10
    found = agree(first, second, themes=THEMES)

    assert found.low < found.alpha < found.high < 1.0
    assert found == agree(first, second, themes=THEMES)
    assert (found.kappas["reform"], found.kappas["platform"]) == (1.0, None)


def test_baits_are_words_without_their_label() -> None:
    assert baits("微信公众号发的通知太晚", ["timeliness"]) == {"new_media"}
    assert baits("发得太晚", ["timeliness"]) == frozenset()


def test_hard_statements_count_baits_and_any_wrong_theme() -> None:
    gold: list[list[str]] = [["timeliness"], ["timeliness"], ["timeliness"]]
    told = [["timeliness"], ["timeliness", "new_media"], ["reform"]]
    traps = [frozenset({"new_media"})] * 3
    score = score_themes(gold, told, np.zeros((3, 19)), themes=THEMES, traps=traps)

    assert (score.n_hard, score.n_resisted, score.n_clean) == (3, 2, 1)


def test_calibration_error_of_known_cases() -> None:
    probabilities = np.array([0.75] * 4)

    assert calibration_error(probabilities, np.array([True] * 3 + [False])) == 0.0
    assert calibration_error(probabilities, np.array([True] * 4)) == pytest.approx(0.25)


def test_suggestions_are_unsure_and_unlike() -> None:
    sure = Statement("部分信息更新不及时")
    unsure = Statement("这方面办法不多，还在想")
    other = Statement("有的做了，有的没做，说不好")
    aside = Statement("有的做了", "neither")

    chosen = choose_statements(theme_classifier(), [sure, unsure, unsure, other, aside], 2)

    assert set(chosen) <= {1, 2, 3}
    assert 3 in chosen
