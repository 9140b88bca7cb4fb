"""Scores of a run against gold: precision, recall and F1 per layer and per rule."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from mining.errors import ReadError, SettingsError
from mining.passages.agreement import Agreement, compare_annotators
from mining.passages.counting import score_passages
from mining.passages.loading import load_passages
from mining.passages.reading import read_with_toolkit
from mining.scoring import TABLES, Row, Score, Tally, score_rows

__all__ = [
    "agreement_of",
    "render_agreement",
    "render_score",
    "score_folder",
    "score_run",
    "score_to_json",
]


def score_folder(gold_dir: Path) -> Score:
    """Read the passages of a folder of gold TOML files, which hold their texts, and score that.

    Raises
    ------
    SettingsError
        When the folder holds no passages.
    TruthError
        When a passage is unsound.
    """
    passages = load_passages(gold_dir)
    if not passages:
        msg = "no gold passages"
        hint = "*.toml are expected; gold of whole reports (*.json) needs the folder of a run too"
        raise SettingsError(msg, code="E401", path=gold_dir, hint=hint)
    return score_passages(passages, read_with_toolkit)


def agreement_of(first_dir: Path, second_dir: Path) -> Agreement:
    """Compare the annotations of two folders of gold passages; raises as `score_folder`."""
    first, second = load_passages(first_dir), load_passages(second_dir)
    if not {p.id for p in first} & {p.id for p in second}:
        msg = "no passage that both annotated"
        raise SettingsError(msg, code="E401", path=second_dir, hint="passages match by id")
    return compare_annotators(first, second)


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
        "faults": "按植入的错误",
        "fault_head": ("规则与错误", "植入", "指出", "召回率", "只报存疑"),
        "labels": "按标签",
        "sections": "章节",
        "cells": "单元格",
        "figures": "数字（位置）",
        "figures_full": "数字（位置、值、单位、约数）",
        "bounds": "数字（位置、上下限）",
        "values": "数字（大致位置、值）",
        "kinds": "数字的种类",
        "roles": "数字的角色",
        "scopes": "数字的范围",
        "nones": "“无”的表述",
        "breakdowns": "分项（总数与各项）",
        "groups": "分项（整组）",
        "links": "数字与单元格的对应",
        "mismatches": "不一致",
        "suspects": "存疑",
        "clean": "无误报告 {n} 份，误报不一致 {k} 条，平均每份 {r:.3f}",
        "coverage": "覆盖：数字 {f} 个，已对应 {l} 个；检查 {c} 次，无法核对 {u} 次",
        "traps": "不是数字的数字串 {n} 处，误取 {k} 处，占 {r:.1%}",
        "missing": "缺少的报告：{m}",
        "annotators": "两人标注：段落 {n} 段，文字不同的 {c} 段，两人都标的数字 {s} 个",
        "spans": "数字（位置）",
        "equal": "相同的比例",
        "kappa": "一致性（κ）",
    },
    "en": {
        "head": ("layer", "gold", "found", "right", "precision", "recall", "F1"),
        "rules": "by rule (mismatches)",
        "faults": "by planted error",
        "fault_head": ("rule and error", "planted", "told", "recall", "as suspect only"),
        "labels": "by label",
        "sections": "sections",
        "cells": "cells",
        "figures": "figures (span)",
        "figures_full": "figures (span, value, unit, approximation)",
        "bounds": "figures (span, bounds)",
        "values": "figures (met, value)",
        "kinds": "kinds of figures",
        "roles": "roles of figures",
        "scopes": "scopes of figures",
        "nones": "statements of none",
        "breakdowns": "breakdowns (total and part)",
        "groups": "breakdowns (whole)",
        "links": "links",
        "mismatches": "mismatches",
        "suspects": "suspects",
        "clean": "{n} clean reports, {k} false mismatches, {r:.3f} per report",
        "coverage": "coverage: {f} figures, {l} linked; {c} checks, {u} unverifiable",
        "traps": "{n} numerals that are no figure, {k} taken for one, {r:.1%}",
        "missing": "missing reports: {m}",
        "annotators": "two annotators: {n} passages, {c} with another text, {s} figures of both",
        "spans": "figures (span)",
        "equal": "share that is equal",
        "kappa": "agreement (kappa)",
    },
}


def render_score(score: Score, *, lang: Literal["zh", "en"] = "zh", errors: bool = False) -> str:
    """Return the score as tab-parted lines for people; `errors` adds every miss and false item."""
    words: dict[str, Any] = dict(_WORDS[lang])
    lines = ["\t".join(words["head"])]
    lines += [_line(words[name], tally) for name, tally in score.layers.items()]
    for title, tallies in (("rules", score.rules), ("labels", score.labels)):
        if tallies:
            lines += ["", words[title], *(_line(name, t) for name, t in tallies.items())]
    if score.faults:
        lines += ["", words["faults"], "\t".join(words["fault_head"])]
        lines += _fault_lines(score)
    lines += ["", *_summary(score, words)]
    if errors:
        lines += ["", *score.errors]
    return "\n".join(lines) + "\n"


def _fault_lines(score: Score) -> Iterator[str]:
    for name, tally in score.faults.items():
        counts = (name, tally.gold, tally.right, f"{tally.recall:.3f}", score.weak.get(name, 0))
        yield "\t".join(map(str, counts))


def _summary(score: Score, words: dict[str, Any]) -> Iterator[str]:
    if score.n_clean:
        clean = {"n": score.n_clean, "k": score.false_in_clean, "r": score.false_per_clean}
        yield words["clean"].format(**clean)
    yield words["coverage"].format(
        f=score.n_figures, l=score.n_linked, c=score.n_findings, u=score.n_unverifiable
    )
    if score.n_traps:
        share = score.n_taken / score.n_traps
        yield words["traps"].format(n=score.n_traps, k=score.n_taken, r=share)
    if score.missing:
        yield words["missing"].format(m=", ".join(score.missing))


def render_agreement(found: Agreement, *, lang: Literal["zh", "en"] = "zh") -> str:
    """Return the agreement of two annotators as tab-parted lines for people."""
    words: dict[str, Any] = dict(_WORDS[lang])
    counts = {"n": found.n_passages, "c": found.n_changed, "s": found.n_shared}
    lines = [words["annotators"].format(**counts), "", "\t".join(words["head"])]
    lines += [_line(words[name], getattr(found, name)) for name in ("spans", "nones", "groups")]
    lines += ["", words["equal"]]
    lines += [f"{name}\t{x:.3f}" for name, x in {**found.equal, **found.same}.items()]
    lines += ["", words["kappa"], *(f"{name}\t{x:.3f}" for name, x in found.kappas.items())]
    return "\n".join(lines) + "\n"


def score_to_json(score: Score | Agreement, *, errors: bool = False) -> str:
    """Return a score or an agreement as JSON, each tally with its shares."""
    plain = asdict(score)
    if not errors:
        plain.pop("errors", None)
    for name, value in plain.items():
        if isinstance(value, dict) and {"gold", "found", "right"} <= value.keys():
            plain[name] = _with_shares(value)
        elif isinstance(value, dict):
            plain[name] = {
                k: _with_shares(v) if isinstance(v, dict) else v for k, v in value.items()
            }
    return json.dumps(plain, ensure_ascii=False, indent=1)


def _with_shares(counts: dict[str, int]) -> dict[str, float]:
    tally = Tally(**counts)
    return {**counts, "precision": tally.precision, "recall": tally.recall, "f1": tally.f1}


def _line(name: str, tally: Tally) -> str:
    shares = (f"{x:.3f}" for x in (tally.precision, tally.recall, tally.f1))
    return "\t".join([name, str(tally.gold), str(tally.found), str(tally.right), *shares])
