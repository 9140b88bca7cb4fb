"""Points of the five real reports by offsets, and of hand-labelled sections; figures, no text."""

from __future__ import annotations

from pathlib import Path

import pytest

from mining.pipeline import parse_report, read_report
from mining.settings import Settings
from mining.themes.labelled import load_labelled
from mining.themes.points import cut_section
from mining.themes.pointscore import score_points

ROOT = Path(__file__).parents[2]
SEEDS = ROOT.parent / "shared" / "seeds"
UNSEEN = [ROOT / "corpora" / "themes" / f"{name}.toml" for name in ("t6", "t7")]
# kind, start and end, as docs/points.md tells them
TOLD = {
    "000": "p 2884 2935 p 2938 2975 p 2978 3009 i 3019 3070 i 3073 3115 i 3118 3179",
    "001": "p 2149 2187 p 2190 2214 p 2217 2245 i 2259 2329 i 2333 2396 i 2400 2465",
    "002": "p 2747 2756 p 2757 2774 i 2818 2900 i 2905 3051 i 3056 3134",
    "003": "p 6054 6070 p 6071 6078 p 6079 6091 p 6092 6103 i 6118 6251 i 6255 6356 i 6360 6544",
    "004": "n 1517 1561 n 1562 1653 p 1668 1737 p 1740 1801 p 1804 1861 p 1864 1947"
    " i 1981 2068 i 2071 2150 i 2153 2219 i 2222 2276",
}


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the real reports are not beside this checkout")
@pytest.mark.parametrize("name", TOLD)
def test_points_of_real_reports(name: str) -> None:
    (path,) = SEEDS.glob(f"{name}_*.txt")
    raw = read_report(path.read_bytes(), report_id=name, path=path, settings=Settings())
    report, _ = parse_report(raw, settings=Settings())
    found = (f"{p.kind[0]} {p.span.start} {p.span.end}" for p in report.points or ())

    assert " ".join(found) == TOLD[name]


def test_unseen_voices_are_cut_no_worse_than_told() -> None:
    sections = load_labelled(*UNSEEN)
    score = score_points(sections, [cut_section(s.text) for s in sections])

    assert score.points.f1 >= 0.93
    assert score.spans.f1 >= 0.96
    assert score.pairing >= 0.80
