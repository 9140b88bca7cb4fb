"""Scores of a run against gold: precision, recall and F1 per layer and per rule."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from mining.errors import ReadError
from mining.scoring import LAYERS, TABLES, Row, Score, Tally, score_rows

__all__ = ["Score", "Tally", "render_score", "score_rows", "score_run"]


def score_run(gold_dir: Path, run_dir: Path) -> Score:
    """Score the Parquet tables of a run folder against a folder of gold JSON files.

    Raises
    ------
    ReadError
        When the gold folder holds no gold, or the run folder lacks a table.
    """
    paths = sorted(gold_dir.glob("*.json"))
    if not paths:
        msg = "no gold files"
        raise ReadError(msg, code="E105", path=gold_dir, hint="*.json are expected")
    gold = [json.loads(p.read_text(encoding="utf-8"), parse_float=Decimal) for p in paths]
    return score_rows(gold, {name: _read_table(run_dir, name) for name in TABLES})


def _read_table(folder: Path, name: str) -> list[Row]:
    # pyarrow takes long to import, and scoring plain rows does not need it.
    import pyarrow.parquet as pq  # noqa: PLC0415

    path = folder / f"{name}.parquet"
    if not path.exists():
        msg = "a table of the run is missing"
        raise ReadError(msg, code="E105", path=path)
    rows: list[Row] = pq.read_table(path).to_pylist()
    return rows


_WORDS = {
    "zh": {
        "head": ("层", "标注", "找到", "正确", "准确率", "召回率", "F1"),
        "rules": "按规则（不一致）",
        "sections": "章节",
        "cells": "单元格",
        "figures": "数字（位置）",
        "figures_full": "数字（位置、值、单位、约数）",
        "nones": "“无”的表述",
        "links": "数字与单元格的对应",
        "mismatches": "不一致",
        "suspects": "存疑",
        "clean": "无误报告 {n} 份，误报不一致 {k} 条，平均每份 {r:.3f}",
        "coverage": "覆盖：数字 {f} 个，已对应 {l} 个；检查 {c} 次，无法核对 {u} 次",
        "missing": "缺少的报告：{m}",
    },
    "en": {
        "head": ("layer", "gold", "found", "right", "precision", "recall", "F1"),
        "rules": "by rule (mismatches)",
        "sections": "sections",
        "cells": "cells",
        "figures": "figures (span)",
        "figures_full": "figures (span, value, unit, approximation)",
        "nones": "statements of none",
        "links": "links",
        "mismatches": "mismatches",
        "suspects": "suspects",
        "clean": "{n} clean reports, {k} false mismatches, {r:.3f} per report",
        "coverage": "coverage: {f} figures, {l} linked; {c} checks, {u} unverifiable",
        "missing": "missing reports: {m}",
    },
}


def render_score(score: Score, *, lang: Literal["zh", "en"] = "zh") -> str:
    """Return the score as tab-parted lines for people, in Chinese or English."""
    words: dict[str, Any] = dict(_WORDS[lang])
    lines = ["\t".join(words["head"])]
    lines += [_line(words[name], score.layers[name]) for name in LAYERS]
    lines += ["", words["rules"]]
    lines += [_line(rule, tally) for rule, tally in score.rules.items()]
    clean = {"n": score.n_clean, "k": score.false_in_clean, "r": score.false_per_clean}
    coverage = {
        "f": score.n_figures,
        "l": score.n_linked,
        "c": score.n_findings,
        "u": score.n_unverifiable,
    }
    lines += ["", words["clean"].format(**clean), words["coverage"].format(**coverage)]
    if score.missing:
        lines.append(words["missing"].format(m=", ".join(score.missing)))
    return "\n".join(lines) + "\n"


def _line(name: str, tally: Tally) -> str:
    shares = (f"{x:.3f}" for x in (tally.precision, tally.recall, tally.f1))
    return "\t".join([name, str(tally.gold), str(tally.found), str(tally.right), *shares])
