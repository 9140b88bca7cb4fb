"""Charts of topics: every label inside the picture, what is drawn is what is written."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from mining.study.charts.style import Width
from mining.study.charts.topics import (
    draw_guide,
    draw_topic_groups,
    draw_topic_words,
    draw_topic_years,
)
from mining.study.labels import Lang
from mining.words.segment import domain_words
from tests.pictures import is_whole, overlaps

TOPICS = 20
REGION = "积石山保安族东乡族撒拉族自治县第{}区"
SIZES = [(lang, width) for lang in ("zh", "en") for width in ("column", "page")]


def word_rows(topics: int = TOPICS, top: int = 20) -> pd.DataFrame:
    long = sorted(domain_words(), key=len)[-300:]
    rows = [
        (topic, "relevance", rank, long[(topic * 17 + rank) % 300], 0.0, 0.12 / rank)
        for topic in range(1, topics + 1)
        for rank in range(1, top + 1)
    ]
    columns = ["topic", "measure", "rank", "term", "value", "probability"]
    return pd.DataFrame(rows, columns=columns)


def share_rows(by: str, groups: list[str], topics: int = TOPICS) -> pd.DataFrame:
    chance = np.random.default_rng(1)
    shares = chance.uniform(0.01, 0.1, len(groups) * topics)
    table = pd.DataFrame(
        [(by, g, t, i + 1) for i, g in enumerate(groups) for t in range(1, topics + 1)],
        columns=["by", "group", "topic", "documents"],
    )
    return table.assign(share=shares, low=shares * 0.8, high=shares * 1.2)


def labels() -> dict[int, str]:
    told = word_rows()
    return {t: "、".join(told[told["topic"] == t]["term"][:3]) for t in range(1, TOPICS + 1)}


@pytest.mark.parametrize(("lang", "width"), SIZES)
def test_words_fit(lang: Lang, width: Width) -> None:
    figure, rows = draw_topic_words(word_rows(), lang=lang, width=width)

    assert is_whole(figure)
    assert overlaps(figure) == []
    assert len(rows) == TOPICS * 8
    bars = [p.get_width() for a in figure.axes for p in a.patches if isinstance(p, Rectangle)]
    assert bars == pytest.approx((rows["probability"] * 100).tolist())


@pytest.mark.parametrize(("lang", "width"), SIZES)
def test_years_fit(lang: Lang, width: Width) -> None:
    table = share_rows("year", [str(year) for year in range(2008, 2024)])

    figure, rows = draw_topic_years(table, labels(), lang=lang, width=width)

    assert is_whole(figure)
    assert overlaps(figure) == []
    assert len(rows) == len(table)


@pytest.mark.parametrize(("lang", "width"), SIZES)
def test_many_groups_fit(lang: Lang, width: Width) -> None:
    table = share_rows("region", [REGION.format(i) for i in range(40)])

    figure, rows = draw_topic_groups(table, "region", labels(), lang=lang, width=width)

    assert is_whole(figure)
    assert overlaps(figure) == []
    # The largest are drawn, and their names have room beside those of the topics.
    shown = 16 if width == "column" else 30
    assert rows["documents"].min() == 40 - shown + 1
    names = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert all(len(name) > len("Topic 20…") for name in names)


@pytest.mark.parametrize(("lang", "width"), SIZES)
@pytest.mark.parametrize("numbers", [(5, 10), tuple(range(5, 55, 5))])
def test_guide_fits(lang: Lang, width: Width, numbers: tuple[int, ...]) -> None:
    values = np.linspace(0.1, 0.9, len(numbers))
    columns = dict.fromkeys(("npmi", "stability", "unseen", "score"), values)
    guide = pd.DataFrame({"k": numbers, **columns, "recommended": False})
    guide.loc[1, "recommended"] = True

    figure, rows = draw_guide(guide, lang=lang, width=width)

    assert is_whole(figure)
    assert overlaps(figure) == []
    assert rows is guide
    assert "10" in "".join(text.get_text() for text in figure.findobj(Text))


def test_levels_stand_from_high_to_low() -> None:
    table = share_rows("level", ["county", "township", "province", "unknown"], topics=2)

    figure, _ = draw_topic_groups(table, "level", {}, lang="en")

    names = [text.get_text() for text in figure.axes[0].get_xticklabels()]
    assert names == ["Province", "County", "Township", "Unknown"]


def test_little_or_nothing_to_draw() -> None:
    one = share_rows("year", ["2020"], topics=1).assign(low=np.nan, high=np.nan)
    nothing = share_rows("year", ["unknown"], topics=2)

    for figure, _ in (
        draw_topic_years(one, {1: "更新"}),
        draw_topic_years(nothing, {}),
        draw_topic_words(word_rows(1, 2)),
        draw_topic_words(word_rows(1, 2)[:0]),
        draw_topic_groups(nothing[:0], "level", {}),
    ):
        assert is_whole(figure)
        assert any(text.get_text().strip() for text in figure.findobj(Text))
