"""The sample corpus: is it sound in itself, and does the pipeline reach the floors on it?"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path, PurePath
from typing import Any

import pytest

from mining.generate.corpus import iter_files
from mining.scoring import LAYERS, Score, score_rows
from mining.steps.normalize import normalize_text

SAMPLE = Path(__file__).parents[2] / "corpora" / "sample"
FLOORS = json.loads((Path(__file__).parent / "floors.json").read_text(encoding="utf-8"))
GOLD = [
    json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    for path in sorted((SAMPLE / "gold").glob("*.json"))
]
IDS = [g["report"] for g in GOLD]
REPORTS = SAMPLE / "reports"
TEXTS = [g for g in GOLD if g["report"].endswith(".txt")]
RULES = {
    "narrative-table",
    "narrative-parts",
    "narrative-percent",
    "narrative-conflict",
    "narrative-none",
    "table-row-total",
    "table-results-total",
    "table-balance",
    "table-litigation-total",
    "table-indicator-total",
    "table-indicator-bound",
    "table-value",
    "table-unit",
    "table-decisions",
    "form-section-missing",
    "form-year",
    "form-agency",
    "form-template",
}
COLUMNS = ("natural_person", "business", "research", "social", "legal", "other")
INDICATOR_PARTS = {
    "applications": ("in_person", "fax", "online", "letter"),
    "completed": ("on_time", "extended"),
    "review": ("upheld", "corrected", "other"),
    "lawsuits": ("upheld", "corrected", "other"),
    "staff": ("full_time", "part_time"),
    "replies": (
        "already_public",
        "granted",
        "partial",
        "denied",
        "not_this_agency",
        "not_exist",
        "clarify",
        "other_route",
    ),
}
CHANNELS = ("gazette", "website", "weibo", "wechat", "other_channels")


def decode(data: bytes) -> str:
    """Decode a sample file by trial; the four encodings exclude each other."""
    if data.startswith(b"\xff\xfe"):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def cell_values(gold: dict[str, Any]) -> dict[str, Decimal]:
    return {c["address"]: Decimal(c["value"] or 0) for c in gold["cells"]}


def broken_sums(cells: dict[str, Decimal]) -> Iterator[tuple[str, str]]:
    """Yield rule and cell of every identity that a table breaks, worked out the plain way."""
    rows = dict.fromkeys(
        a.removeprefix("applications.").removesuffix(".total")
        for a in cells
        if a.startswith("applications.") and a.endswith(".total")
    )
    for row in rows:
        total = cells[f"applications.{row}.total"]
        if total != sum(cells[f"applications.{row}.{c}"] for c in COLUMNS):
            yield "table-row-total", f"applications.{row}.total"
    results = [r for r in rows if r not in {"received", "carried_in", "total", "carried_out"}]
    for column in (*COLUMNS, "total") if rows else ():
        value = {row: cells[f"applications.{row}.{column}"] for row in rows}
        if value["total"] != sum(value[r] for r in results):
            yield "table-results-total", f"applications.total.{column}"
        if value["received"] + value["carried_in"] != value["total"] + value["carried_out"]:
            yield "table-balance", f"applications.carried_out.{column}"
    for row in ("review", "direct", "after_review"):
        parts = [cells.get(f"litigation.{row}.{c}", 0) for c in ("upheld", "corrected", "other")]
        pending = cells.get(f"litigation.{row}.pending", 0)
        if sum(parts) + pending != cells.get(f"litigation.{row}.total", 0):
            yield "table-litigation-total", f"litigation.{row}.total"
    yield from broken_indicators(cells)


def broken_indicators(cells: dict[str, Decimal]) -> Iterator[tuple[str, str]]:
    if "indicators.published.count" not in cells:
        return
    for total, parts in INDICATOR_PARTS.items():
        told = sum(cells.get(f"indicators.{total}_{part}.count", 0) for part in parts)
        if told != cells.get(f"indicators.{total}.count", 0):
            yield "table-indicator-total", f"indicators.{total}.count"
    channels = [cells[f"indicators.{c}.count"] for c in CHANNELS]
    if not max(channels) <= cells["indicators.published.count"] <= sum(channels):
        yield "table-indicator-bound", "indicators.published.count"


def derived_values(cells: dict[str, Decimal]) -> dict[str, Decimal]:
    """Return the derived quantities that the sample's narratives state."""
    groups: dict[str, Decimal] = defaultdict(Decimal)
    for address, value in cells.items():
        parts = address.split(".")
        if len(parts) == 4 and parts[3] == "total":
            groups[f"derived.{parts[1]}"] += value
        if parts[:2] == ["applications", "received"] and parts[2] in COLUMNS[1:]:
            groups["derived.organizations"] += value
    get = cells.get
    zero = Decimal()
    return groups | {
        "derived.handled": get("applications.total.total", zero),
        "derived.accepted": get("applications.received.total", zero)
        + get("applications.carried_in.total", zero),
        "derived.granted_or_partial": get("applications.granted.total", zero)
        + get("applications.partial.total", zero),
        "derived.weibo_wechat": get("indicators.weibo.count", zero)
        + get("indicators.wechat.count", zero),
        "derived.lawsuits": get("litigation.direct.total", zero)
        + get("litigation.after_review.total", zero),
    }


def wrong_claims(gold: dict[str, Any]) -> set[tuple[str, str]]:
    """Return rule and cell of every figure whose cell holds something else."""
    cells = cell_values(gold)
    values = cells | derived_values(cells)
    wrong = set()
    for figure in gold["figures"]:
        if not figure["cell"] or figure["optional"] or figure["loose"]:
            continue
        scale = 10_000 if figure["kind"] == "money" else 1
        value = values[figure["cell"]] * scale
        low = figure["low"] if figure["low"] is not None else value
        high = figure["high"] if figure["high"] is not None else value
        if not low <= value <= high:
            is_none = figure["claim"] == "none" or value == 0
            rule = "narrative-none" if is_none else "narrative-table"
            wrong.add((rule, figure["cell"]))
    return wrong


def expected(gold: dict[str, Any], prefix: str) -> set[tuple[str, str]]:
    return {
        (f["rule"], f["cell"])
        for f in gold["findings"]
        if f["rule"].startswith(prefix) and f["status"] == "mismatch"
    }


def test_committed_files_are_what_the_truth_makes() -> None:
    made = dict(iter_files(SAMPLE))
    # No two machines print the same PDF; what the committed ones say is scored below.
    printed = {REPORTS / g["report"] for g in GOLD if g["report"].endswith(".pdf")}
    there = {*REPORTS.iterdir(), *SAMPLE.glob("gold/*.json")}
    assert {*made, *printed} == there
    stale = [path.name for path, data in made.items() if path.read_bytes() != data]
    assert stale == []


def test_sample_has_the_promised_variety() -> None:
    clean = [g for g in GOLD if not g["findings"]]
    assert len(GOLD) >= 26
    assert len(clean) * 3 >= len(GOLD)
    suffixes = Counter(PurePath(g["report"]).suffix for g in GOLD)
    assert (suffixes[".html"], suffixes[".docx"], suffixes[".pdf"]) == (4, 3, 3)
    assert {g["template"] for g in GOLD} == {"2008", "2014", "2019", "2021"}
    assert {f["rule"] for g in GOLD for f in g["findings"]} == RULES


def test_every_planted_error_is_in_the_readme() -> None:
    text = (SAMPLE / "README.md").read_text(encoding="utf-8")
    missing = [
        (g["report"], f["rule"])
        for g in GOLD
        for f in g["findings"]
        if not any(
            PurePath(g["report"]).stem in line and f["rule"] in line for line in text.splitlines()
        )
    ]
    assert missing == []


@pytest.mark.parametrize("gold", TEXTS, ids=[g["report"] for g in TEXTS])
def test_gold_offsets_point_at_what_they_name(gold: dict[str, Any]) -> None:
    text, _ = normalize_text(decode((REPORTS / gold["report"]).read_bytes()))
    for figure in gold["figures"]:
        assert text[figure["start"] : figure["end"]] == figure["text"]
    for cell in gold["cells"]:
        assert text[cell["start"] : cell["end"]] == cell["raw"]
    sections = gold["sections"]
    assert sections[0]["start"] == 0
    assert sections[-1]["end"] == len(text)
    for section, following in pairwise(sections):
        assert section["end"] == following["start"]
        assert text.startswith(following["title"], following["start"])


@pytest.mark.parametrize("gold", GOLD, ids=IDS)
def test_broken_tables_are_exactly_the_planted_ones(gold: dict[str, Any]) -> None:
    sums = {"table-value", "table-unit", "table-decisions"}
    planted = {f for f in expected(gold, "table-") if f[0] not in sums}
    assert set(broken_sums(cell_values(gold))) == planted


@pytest.mark.parametrize("gold", GOLD, ids=IDS)
def test_wrong_claims_are_exactly_the_planted_ones(gold: dict[str, Any]) -> None:
    planted = expected(gold, "narrative-table") | expected(gold, "narrative-none")
    assert wrong_claims(gold) == planted


def run_rows() -> dict[str, list[dict[str, Any]]]:
    """Audit the sample in this process and return the rows that a run would write."""
    pipeline = pytest.importorskip("mining.pipeline")
    made = pytest.importorskip("mining.present.rows")
    from mining.settings import Settings

    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for path in sorted(REPORTS.iterdir()):
        result = pipeline.audit_report(
            path.read_bytes(), report_id=path.name, path=path, settings=Settings()
        )
        for name, found in made.result_rows(result, labels={}).items():
            rows[name].extend(found)
    return rows


@pytest.fixture(scope="module")
def score() -> Score:
    return score_rows(GOLD, run_rows())


@pytest.mark.eval
@pytest.mark.parametrize("layer", LAYERS)
def test_layer_reaches_its_floor(score: Score, layer: str) -> None:
    tally = score.layers[layer]
    errors = "\n".join(e for e in score.errors if e.startswith(f"{layer} "))
    floor = FLOORS["layers"][layer]
    assert tally.precision >= floor["precision"], errors
    assert tally.recall >= floor["recall"], errors


@pytest.mark.eval
def test_clean_reports_stay_clean(score: Score) -> None:
    assert score.missing == ()
    assert score.false_per_clean <= FLOORS["false_per_clean"], "\n".join(score.errors)


@pytest.mark.parametrize("agency", ["lanyang_transport", "yunzhou_hrss"])
def test_consecutive_years_carry_their_numbers_on(agency: str) -> None:
    years = [cell_values(g) for g in GOLD if g["report"].startswith(agency)]
    assert len(years) == 3
    for last, this in pairwise(years):
        for column in (*COLUMNS, "total"):
            carried = last[f"applications.carried_out.{column}"]
            assert this[f"applications.carried_in.{column}"] == carried
