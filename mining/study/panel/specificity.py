"""How specific the prose is: figures, names and dates for each hundred characters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mining.study.panel.cells import Floats
from mining.study.panel.counting import Sections
from mining.study.panel.positions import Order, stream_rows
from mining.study.panel.variables import section_names

__all__ = ["PROSE", "count_names_and_dates"]

PROSE = ("overview", "problems", "other")
"""Sections of prose in every form: no statutory table stands in them."""

_YEAR = r"(?:(?:19|20)[0-9]{2}|[二两一][〇○零九0][〇○零一二三四五六七八九0]{2})年"
_DATES = (
    rf"{_YEAR}(?:[0-9]{{1,2}}月(?:[0-9]{{1,2}}日)?)?"
    r"|[0-9]{1,2}月[0-9]{1,2}日"
    r"|(?:19|20)[0-9]{2}[-./][0-9]{1,2}[-./][0-9]{1,2}"
)
# Titles, numbers of documents, and offices that stand right after a place.
_NAMES = (
    r"《[^《》]{1,60}》"
    r"|[〔\[(（](?:19|20)[0-9]{2}[〕\])）]第?[0-9]{1,5}号"
    r"|[省市县区州旗镇乡]\p{Han}{0,6}?(?:局|委员会|厅|办公室|人民政府|办事处|管委会|中心|支队|大队)"
)


def count_names_and_dates(
    run: Path, order: Order, sections: Sections
) -> tuple[Floats, Floats, Floats]:
    """Return for each report how many names, dates and characters its prose has.

    White space is no character. A report without prose has 0 characters.
    """
    wanted = [section_names().index(name) for name in PROSE]
    prose = sections.frame[sections.frame["section"].isin(wanted)]
    spans: dict[int, list[tuple[int, int]]] = {}
    for row, start, end in prose[["row", "start", "end"]].itertuples(index=False):
        spans.setdefault(row, []).append((start, end))
    names, dates, chars = (np.zeros(len(order)) for _ in range(3))
    for rows, batch in stream_rows(run, "texts", order, ("text",)):
        told = list(_proses(rows.tolist(), batch["text"], spans))
        if told:
            places = np.array([row for row, _ in told])
            texts = pa.array([text for _, text in told], type=pa.large_string())
            names[places] = pc.count_substring_regex(texts, _NAMES).to_numpy()
            dates[places] = pc.count_substring_regex(texts, _DATES).to_numpy()
            chars[places] = pc.utf8_length(texts).to_numpy()
    return names, dates, chars


def _proses(
    rows: list[int], texts: pa.Array, spans: dict[int, list[tuple[int, int]]]
) -> Iterator[tuple[int, str]]:
    """Yield the prose of each report without white space, sections kept apart."""
    for row, text in zip(rows, texts, strict=True):
        if row in spans:
            whole = text.as_py() or ""
            parts = ("".join(whole[a:b].split()) for a, b in spans[row])
            yield row, "".join(parts)
