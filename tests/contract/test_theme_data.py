"""The labelled data: nothing of the test voices in what training sees, enough of every theme."""

from collections import Counter
from pathlib import Path

import pytest

from mining.themes.copies import near_copies
from mining.themes.labelled import load_labelled
from mining.themes.names import THEMES
from mining.themes.themedata import ThemeData, from_sections

THEMES_DIR = Path(__file__).parents[2] / "corpora" / "themes"
# Names in the law, and a stock phrase without a theme: whoever writes on the subject uses them.
STOCK = ("“内部事务信息”“过程性信息”", "加大力度，狠抓落实")
TEST = [THEMES_DIR / "t6.toml", THEMES_DIR / "t7.toml"]
TRAIN = [
    *(path for path in sorted(THEMES_DIR.glob("t*.toml")) if path not in TEST),
    *sorted((THEMES_DIR / "single").glob("*.toml")),
]


@pytest.fixture(scope="module")
def train() -> ThemeData:
    return from_sections(load_labelled(*TRAIN))


@pytest.fixture(scope="module")
def test() -> ThemeData:
    return from_sections(load_labelled(*TEST))


def test_voices_are_apart(train: ThemeData, test: ThemeData) -> None:
    assert set(train.groups).isdisjoint(test.groups)


def test_no_near_copies_across(train: ThemeData, test: ThemeData) -> None:
    texts = [s.text for s in train.statements], [s.text for s in test.statements]

    copies = [(c.run, round(c.likeness, 2)) for c in near_copies(*texts)]

    assert [c for c in copies if not any(stock in c[0] for stock in STOCK)] == []


def test_every_theme_has_enough_labels(train: ThemeData, test: ThemeData) -> None:
    counts = Counter(theme for names in (*train.labels, *test.labels) for theme in names)

    assert len(train.statements) + len(test.statements) >= 1800
    assert min(counts[theme] for theme in THEMES) >= 60
