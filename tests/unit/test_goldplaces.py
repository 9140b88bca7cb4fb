"""Gold without places takes them from the rows of a run, and what is missing counts as missed."""

from __future__ import annotations

from typing import Any

import pytest

from mining.goldplaces import has_places, place_gold
from mining.scoring import score_rows


def section(key: str, title: str) -> dict[str, Any]:
    return {"key": key, "title": title, "start": None, "end": None}


def figure(section: str, text: str, value: int = 3, claim: str = "number") -> dict[str, Any]:
    return {
        "start": None,
        "end": None,
        "section": section,
        "text": text,
        "value": value,
        "unit": "件",
        "approx": "",
        "cell": None,
        "cells": [],
        "claim": claim,
        "loose": False,
        "optional": False,
    }


def row(section: str, text: str, start: int, value: int = 3) -> dict[str, Any]:
    return {
        "report": "a.html",
        "section": section,
        "text": text,
        "start": start,
        "end": start + len(text),
        "value": value,
        "unit": "件",
        "approx": "",
        "cell": None,
    }


def gold(*figures: dict[str, Any]) -> dict[str, Any]:
    return {
        "report": "a.html",
        "sections": [section("overview", "一、总体情况")],
        "cells": [],
        "figures": list(figures),
        "findings": [],
    }


def head(title: str, start: int = 7) -> dict[str, Any]:
    return {
        "report": "a.html",
        "section": "overview",
        "title": title,
        "start": start,
        "end": start + 90,
    }


@pytest.mark.parametrize(("start", "expected"), [(None, False), (0, True)])
def test_gold_says_whether_it_has_places(start: int | None, *, expected: bool) -> None:
    assert has_places({"sections": [{"start": start}]}) is expected


@pytest.mark.parametrize("title", ["一、总体情况", "总体情况", "一、总体 情况"])
def test_a_section_is_found_by_its_title(title: str) -> None:
    placed = place_gold(gold(), {"sections": [head(title)], "figures": []})

    assert placed["sections"][0]["start"] == 7


def test_another_title_is_another_section() -> None:
    placed = place_gold(gold(), {"sections": [head("二、主动公开")], "figures": []})

    assert placed["sections"][0]["start"] < 0


def test_equal_figures_are_paired_in_order() -> None:
    rows = [row("overview", "3件", 60), row("overview", "3件", 20), row("other", "3件", 5)]
    document = gold(figure("overview", "3件"), figure("overview", "3件"), figure("overview", "3件"))
    placed = place_gold(document, {"sections": [], "figures": rows})

    first, second, third = (f["start"] for f in placed["figures"])
    assert (first, second) == (20, 60)
    assert third < 0


def test_words_of_none_may_be_longer_or_shorter() -> None:
    rows = [row("overview", "未收到申请", 30, value=0)]
    document = gold(figure("overview", "本年度未收到申请", value=0, claim="none"))
    placed = place_gold(document, {"sections": [], "figures": rows})

    assert placed["figures"][0]["start"] == 30


def test_the_score_counts_what_was_found_and_what_was_not() -> None:
    document = gold(figure("overview", "3件"), figure("overview", "12件", value=12))
    rows = {
        "reports": [{"report": "a.html", "status": "ok"}],
        "sections": [head("总体情况")],
        "cells": [],
        "figures": [row("overview", "3件", 40), row("overview", "5件", 50, value=5)],
        "findings": [],
    }
    score = score_rows([document], rows)

    sections, figures = score.layers["sections"], score.layers["figures"]
    assert (sections.gold, sections.found, sections.right) == (1, 1, 1)
    assert (figures.gold, figures.found, figures.right) == (2, 2, 1)
