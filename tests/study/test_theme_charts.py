"""Charts: every label inside the picture, none over another, the same bytes twice."""

import random
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.text import Text

from mining.study.bootstrap import Bootstrap
from mining.study.charts.fonts import drawable, register_fonts
from mining.study.charts.style import WIDTHS, Width, chart_style, new_figure, save_chart
from mining.study.charts.themes import (
    Drawn,
    draw_by_group,
    draw_by_year,
    draw_recurrence,
    draw_remedies,
)
from mining.study.labels import Lang, theme_label
from mining.study.themes import load_theme_frames, prevalence, recurrence, remedies
from mining.themes.names import THEMES
from tests.pictures import is_whole, overlaps
from tests.studyruns import MadeRun

HOW = Bootstrap(samples=100)
REGIONS = ("黔西南布依族苗族自治州", "积石山保安族东乡族撒拉族自治县", "宁波市江宁区", "海门市")
OFFICES = ("人民政府", "公安局", "教育局", "生态环境局", "水利局", "审计局")


@dataclass(frozen=True, slots=True)
class Tables:
    common: pd.DataFrame
    again: pd.DataFrame
    answers: pd.DataFrame

    def draw(self, chart: str, lang: Lang, width: Width) -> Drawn:
        if chart == "recurrence":
            return draw_recurrence(self.again, lang=lang, width=width)
        if chart == "remedies":
            return draw_remedies(self.answers, lang=lang, width=width)
        if chart == "year":
            return draw_by_year(self.common, lang=lang, width=width)
        return draw_by_group(self.common, chart, lang=lang, width=width)


def large() -> MadeRun:
    """Return a run with every theme, fifteen years, long names and more places than are drawn."""
    chance = random.Random(1)
    made = MadeRun()
    for i in range(40):
        region = REGIONS[i % 4] if i < 20 else f"宁波市第{i}县"
        agency = region + OFFICES[i % 6]
        for year in range(2009, 2024):
            problems = [t for k, t in enumerate(THEMES) if chance.random() < 0.8 * 0.85**k]
            answers = {k: chance.choice(THEMES) for k in range(len(problems))}
            made.add(agency, year, problems, answers, region=region)
    return made


def small(years: tuple[int, ...], agencies: int = 6) -> MadeRun:
    made = MadeRun()
    for i in range(agencies):
        for year in years:
            problems = ["timeliness", "staffing"][: 1 + i % 2]
            made.add(f"江宁区第{i}水利局", year, problems, {0: "timeliness"}, region="江宁区")
    return made


def silent() -> MadeRun:
    made = MadeRun()
    made.add(None, None, [])
    return made


RUNS = {
    "large": large,
    "two themes, a gap": lambda: small((2020, 2021, 2023)),
    "one year": lambda: small((2021,)),
    "one report": lambda: small((2021,), agencies=1),
    "nothing": silent,
}
CHARTS = ("year", "region", "level", "kind", "recurrence", "remedies")


@pytest.fixture(scope="module", params=RUNS)
def tables(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    return tables_of(RUNS[request.param](), tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def gap(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    return tables_of(small((2020, 2021, 2023)), tmp_path_factory.mktemp("run"))


def tables_of(made: MadeRun, folder: Path) -> Tables:
    frames = load_theme_frames(made.write(folder))
    common = prevalence(frames, ("year", "region", "level", "kind"), HOW)
    return Tables(common, recurrence(frames, HOW), remedies(frames, HOW))


@pytest.mark.parametrize("chart", CHARTS)
@pytest.mark.parametrize(("lang", "width"), [("zh", "page"), ("en", "column")])
def test_labels_are_whole_and_apart(tables: Tables, chart: str, lang: Lang, width: Width) -> None:
    figure, _ = tables.draw(chart, lang, width)

    assert is_whole(figure)
    assert overlaps(figure) == []
    assert figure.findobj(Text)


def test_checks_see_clipped_and_overlapping_labels() -> None:
    with chart_style():
        clipped, crowded = new_figure("column", 3), new_figure("column", 3)
        clipped.text(0.97, 0.5, "政务新媒体")
        crowded.subplots().set_xticks([0, 0.05, 1], ["政务新媒体", "网站平台", "机构改革"])

    assert not is_whole(clipped)
    assert is_whole(crowded)
    assert overlaps(crowded) == [("政务新媒体", "网站平台")]


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_same_bytes_twice(gap: Tables, tmp_path: Path, kind: str) -> None:
    first, again = (
        save_chart(*gap.draw("recurrence", "zh", "column"), tmp_path / name, (kind,))
        for name in ("a", "b")
    )

    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in again]


def test_chart_stands_beside_its_table(gap: Tables, tmp_path: Path) -> None:
    figure, table = gap.draw("year", "zh", "page")

    paths = save_chart(figure, table, tmp_path / "a.b")

    assert [p.name for p in paths] == ["a.b.csv", "a.b.png", "a.b.svg", "a.b.pdf"]
    assert len(pd.read_csv(paths[0], encoding="utf-8-sig")) == len(table)


def test_pdf_holds_its_fonts(tmp_path: Path) -> None:
    with chart_style():
        figure = new_figure("column", 3)
        figure.text(0.1, 0.5, "政务新媒体 new media")

    _, path = save_chart(figure, pd.DataFrame(), tmp_path / "a", ("pdf",))

    pdf = path.read_bytes()
    # Outlines as TrueType (type 42) of both fonts; type 3 is what journals refuse.
    assert pdf.count(b"/FontFile2") == 2
    assert b"/Type3" not in pdf
    assert b"CreationDate" not in pdf


def test_width_is_that_of_a_journal(gap: Tables) -> None:
    figure, _ = gap.draw("level", "zh", "column")

    assert figure.get_size_inches()[0] == pytest.approx(8.9 / 2.54)
    assert WIDTHS["page"] * 2.54 == pytest.approx(18.3)


def test_font_has_every_character_in_common_use() -> None:
    known = register_fonts()
    codes = (bytes([high, low]) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    common = "".join(code.decode("gb2312", "ignore") for code in codes)

    assert len(common) == 6763
    assert {c for c in common if ord(c) not in known} == set()
    assert (
        drawable("，。、；：（）《》“”〔2021〕％±≥αβ ABC")
        == "，。、；：（）《》“”〔2021〕％±≥αβ ABC"
    )


def test_labels_of_themes_are_drawable() -> None:
    for theme in THEMES:
        pair = theme_label(theme, "zh"), theme_label(theme, "en")
        assert pair == tuple(map(drawable, pair))
        assert theme not in pair
