"""Charts of a run: whole and readable with much, little and no data, and the same bytes twice."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from mining.errors import MiningError
from mining.study.bootstrap import Bootstrap
from mining.study.charts.keyness import draw_keyness
from mining.study.charts.requests import draw_requests
from mining.study.charts.stacks import STACK_COLOURS
from mining.study.charts.style import Width, ink_on
from mining.study.charts.themes import Drawn
from mining.study.chartstudy import CHARTS, ChartFrames, write_chart_study
from mining.study.labels import Lang
from mining.study.outcomes import outcome_table, request_table
from mining.study.panel.build import build_panel
from tests.chartruns import keyness_of, many, table_cells
from tests.panelruns import PanelRun
from tests.pictures import is_whole, overlaps
from tests.studyruns import shuffled

HOW = Bootstrap(samples=100)
YEARS = tuple(range(2009, 2024))


def one_report() -> PanelRun:
    made = PanelRun()
    made.add("江宁区水利局", 2021, table_cells((1, 0, 0, 0, 0), (0,) * 8, 1), region="江宁区")
    return made


def zeros() -> PanelRun:
    made = PanelRun()
    for year in (2019, 2021):
        for office in ("水利局", "教育局"):
            cells = table_cells((0,) * 5, (0,) * 8, 0)
            report = made.add(f"江宁区{office}", year, cells, region="江宁区")
            made.add_finding(report, "table-balance", "consistent")
    return made


RUNS: dict[str, tuple[Callable[[], PanelRun], list[str]]] = {
    "many": (lambda: many(YEARS, regions=42), [str(year) for year in YEARS]),
    "one year": (lambda: many((2022,), regions=3), ["county", "township"]),
    "one report": (one_report, []),
    "zeros": (zeros, ["2019", "2021"]),
}


@pytest.fixture(scope="module", params=RUNS)
def frames(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ChartFrames:
    make, groups = RUNS[request.param]
    run = make().write(tmp_path_factory.mktemp("run"))
    return frames_of(run, {"year": keyness_of(groups or ["2021"], words=20 if groups else 1)})


def frames_of(run: Path, keyness: dict[str, pd.DataFrame]) -> ChartFrames:
    return ChartFrames(run, build_panel(run).frame, "missing", "region", keyness, HOW)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return many((2017, 2018, 2019, 2021), regions=3).write(tmp_path_factory.mktemp("small"))


def words(drawn: Drawn) -> list[str]:
    return [text for part in drawn[0].findobj(Text) if (text := part.get_text())]


@pytest.mark.parametrize("chart", CHARTS)
@pytest.mark.parametrize(("lang", "width"), [("zh", "page"), ("en", "column")])
def test_labels_are_whole_and_apart(
    frames: ChartFrames, chart: str, lang: Lang, width: Width
) -> None:
    for name, drawn in CHARTS[chart](frames, lang, width).items():
        assert is_whole(drawn[0]), name
        assert overlaps(drawn[0]) == [], name
        # An empty chart has words too.
        assert words(drawn), name


def test_empty_charts_say_so(tmp_path: Path) -> None:
    frames = frames_of(zeros().write(tmp_path / "run"), {})

    for chart in ("rates", "refusals", "channels", "regions"):
        (drawn,) = CHARTS[chart](frames, "en", None).values()
        assert words(drawn) == ["No data to draw"]
    drawn = CHARTS["mismatches"](frames, "en", None)["mismatches-rule-kind"]
    assert words(drawn) == ["No mismatches"]


def test_breaks_between_forms_are_marked_and_lines_end_there(small: Path) -> None:
    frames = frames_of(small, {})
    (drawn,) = CHARTS["rates"](frames, "en", None).values()
    axes = drawn[0].axes[0]

    lines = [(line.get_linestyle(), np.asarray(line.get_xydata())) for line in axes.lines]

    assert [points[0, 0] for style, points in lines if style == "--"] == [2018.5, 2020.5]
    assert any("new form" in text for text in words(drawn))
    points = next(points for _, points in lines if len(points) > 2)
    # Between 2018 and 2019 the form, in 2020 no report.
    assert points[np.isnan(points[:, 1]), 0].round(1).tolist() == [2018.4, 2019.9]


def test_years_of_one_form_have_no_break(tmp_path: Path) -> None:
    run = many((2021, 2022), regions=2).write(tmp_path / "run")
    (drawn,) = CHARTS["refusals"](frames_of(run, {}), "zh", None).values()

    assert list(drawn[0].axes[0].lines) == []
    assert not any("虚线" in text for text in words(drawn))


def test_table_is_what_is_drawn(small: Path) -> None:
    frames = frames_of(small, {})
    received = request_table(frames.panel, frames.requests, HOW)
    outcomes = outcome_table(frames.panel, frames.requests, HOW)

    figure, table = draw_requests(received, outcomes)

    mean, stack = figure.axes
    told = table[table["measure"] == "received"].set_index("year")["share"]
    points = max((np.asarray(line.get_xydata()) for line in mean.lines), key=len)
    drawn = {int(x): float(y) for x, y in points.tolist() if not np.isnan(y)}
    assert drawn == told.to_dict()
    bars = [bar.get_height() for bar in stack.patches if isinstance(bar, Rectangle)]
    shares = table[(table["measure"] != "received") & (table["share"] > 0)]["share"] * 100
    assert sorted(round(h, 6) for h in bars if h) == sorted(shares.round(6))


def test_words_of_two_groups_are_drawn_once() -> None:
    table = keyness_of(["b", "a"])

    _, rows = draw_keyness(table)

    assert set(rows["group"]) == {"a"}
    assert (rows["p_adjusted"] < 0.05).all()
    assert rows["log_ratio"].is_monotonic_decreasing
    assert {True, False} == set(rows["log_ratio"] > 0)


def test_many_groups_of_words_are_told() -> None:
    drawn = draw_keyness(keyness_of([str(year) for year in YEARS]), lang="en")

    assert drawn[1]["group"].nunique() == 6
    assert any("The 6 largest groups of 15" in text for text in words(drawn))


def test_numbers_can_be_read_in_every_part() -> None:
    def light(colour: str) -> float:
        rgb = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in rgb]
        return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))

    lights = [light(colour) for colour in STACK_COLOURS]
    for colour, one in zip(STACK_COLOURS, lights, strict=True):
        contrast = (1.05 / (one + 0.05)) if ink_on(colour) == "white" else (one + 0.05) / 0.05
        assert contrast >= 4.5, colour
    # In grey print neighbours differ too.
    ratios = [(max(p) + 0.05) / (min(p) + 0.05) for p in pairwise(lights)]
    assert min(ratios) > 1.15


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_same_bytes_whatever_the_order(tmp_path: Path, kind: str) -> None:
    made = many((2018, 2021), regions=3)
    runs = [made.write(tmp_path / "a"), made.write(tmp_path / "b", order=shuffled)]
    only = ("requests", "mismatches")

    for run in runs:
        write_chart_study(run, tmp_path / f"{run.name}-out", only=only, how=HOW, formats=(kind,))

    first, again = (
        {p.name: p.read_bytes() for p in (tmp_path / f"{run.name}-out").iterdir()} for run in runs
    )
    assert len(first) == 9
    for name in first.keys() - {"charts.json"}:
        assert first[name] == again[name], name


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"only": ("pies",)}, "E401"),
        ({"only": ("keyness",)}, "E401"),
        ({"regions": "year"}, "E401"),
        ({"formats": ("gif",)}, "E401"),
        ({"width": "wall"}, "E401"),
        ({"keywords": Path("nowhere")}, "E703"),
    ],
)
def test_wrong_choices_are_told(
    small: Path, tmp_path: Path, options: dict[str, object], code: str
) -> None:
    with pytest.raises(MiningError) as told:
        write_chart_study(small, tmp_path / "out", how=HOW, **options)  # type: ignore[arg-type]

    assert told.value.code == code
    assert not (tmp_path / "out").exists()


def test_table_that_is_no_keyness_is_told(small: Path, tmp_path: Path) -> None:
    pd.DataFrame({"term": ["x"]}).to_parquet(tmp_path / "keywords-by-year.parquet")

    with pytest.raises(MiningError, match="lacks the columns") as told:
        write_chart_study(small, tmp_path / "out", keywords=tmp_path, how=HOW)

    assert told.value.code == "E703"
