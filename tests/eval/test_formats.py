"""The same report in every format: the same findings, and the same cells as in gold."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from mining.finding import Result
from mining.generate.corpus import load_truths, render
from mining.generate.gold import Gold, to_json
from mining.generate.page import LOOKS as PAGES
from mining.generate.pdf import find_printers, render_pdfs
from mining.generate.random_truth import FORMS, random_truth
from mining.generate.truth import Truth
from mining.generate.word import LOOKS as FILES
from mining.pipeline import audit_report
from mining.present.rows import result_rows
from mining.scoring import score_rows
from mining.settings import Settings

TRUTHS = load_truths(Path(__file__).parents[2] / "corpora" / "sample")
FLOORS = json.loads((Path(__file__).parent / "floors-formats.json").read_text(encoding="utf-8"))
# The three text styles that keep every cell; the others are scored in test_sample.
STYLES = ("tab", "line-blanks-kept", "pipe")
# Not used by anything else, so that neither readers nor rules are tuned on these reports.
SEEDS = range(150_000, 150_040)

pytestmark = pytest.mark.eval

Key = tuple[str, str, str, str, str]


def audit(data: bytes, gold: Gold) -> Result:
    path = Path(gold.report)
    return audit_report(data, report_id=path.stem, path=path, settings=Settings())


def keys(result: Result) -> Counter[Key]:
    """Return what findings say, apart from where they stand and how they are worded."""
    return Counter(
        (f.rule, str(f.status), str(f.cell or ""), f.stated, f.expected) for f in result.findings
    )


def plain(truth: Truth) -> Truth:
    """Return the truth without page furniture, which differs by format."""
    return replace(truth, encoding="utf-8", head="", tail="", look="", crlf=False, indent="")


@cache
def text_keys(name: str) -> Counter[Key]:
    truth = next(t for t in TRUTHS if t.name == name)
    return keys(audit(*render(replace(plain(truth), style="tab"), "txt")))


def differences(found: Counter[Key], name: str) -> dict[str, list[Key]]:
    wanted = text_keys(name)
    return {"lost": sorted((wanted - found).elements()), "new": sorted((found - wanted).elements())}


NOTHING: dict[str, list[Key]] = {"lost": [], "new": []}


@pytest.mark.parametrize("style", STYLES[1:])
@pytest.mark.parametrize("truth", TRUTHS, ids=lambda t: t.name)
def test_text_styles_give_the_same_findings(truth: Truth, style: str) -> None:
    result = audit(*render(replace(plain(truth), style=style), "txt"))

    assert differences(keys(result), truth.name) == NOTHING


@pytest.mark.parametrize("look", PAGES)
@pytest.mark.parametrize("truth", TRUTHS, ids=lambda t: t.name)
def test_pages_give_the_same_findings(truth: Truth, look: str) -> None:
    result = audit(*render(replace(plain(truth), look=look), "html"))

    assert differences(keys(result), truth.name) == NOTHING


@pytest.mark.parametrize("look", FILES)
@pytest.mark.parametrize("truth", TRUTHS, ids=lambda t: t.name)
def test_word_files_give_the_same_findings(truth: Truth, look: str) -> None:
    result = audit(*render(replace(plain(truth), look=look), "docx"))

    assert differences(keys(result), truth.name) == NOTHING


@pytest.fixture(scope="module")
def printed() -> dict[str, tuple[bytes, Gold]]:
    """Return every third report of the sample as a PDF; printing all takes minutes."""
    if not find_printers():
        pytest.skip("neither Chromium nor LibreOffice is installed")
    some = [plain(truth) for truth in TRUTHS[::3]]
    return dict(zip((t.name for t in some), render_pdfs(some), strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("name", [t.name for t in TRUTHS[::3]])
def test_pdfs_give_the_same_findings(printed: dict[str, tuple[bytes, Gold]], name: str) -> None:
    assert differences(keys(audit(*printed[name])), name) == NOTHING


@pytest.mark.parametrize("name", ["tab", "html", "docx"])
@pytest.mark.parametrize("truth", TRUTHS, ids=lambda t: t.name)
def test_cells_are_those_of_gold(truth: Truth, name: str) -> None:
    is_text = name == "tab"
    given = replace(plain(truth), style="tab" if is_text else truth.style)
    data, gold = render(given, "txt" if is_text else name)
    cells = {str(c.address): c for t in audit(data, gold).report.tables or () for c in t.cells}

    assert {c.address: c.raw for c in gold.cells} == {
        c.address: cells[c.address].raw if c.address in cells else None for c in gold.cells
    }


def random_rows(name: str) -> tuple[list[dict[str, Any]], dict[str, list[dict[str, Any]]]]:
    """Audit random reports in one format; return their gold and the rows found."""
    documents: list[dict[str, Any]] = []
    rows: dict[str, list[dict[str, Any]]] = {}
    for seed in SEEDS:
        truth = random_truth(seed, form=FORMS[seed % len(FORMS)])
        data, gold = render(truth, name)
        documents.append(json.loads(to_json(gold), parse_float=Decimal))
        result = audit_report(
            data, report_id=gold.report, path=Path(gold.report), settings=Settings()
        )
        for table, found in result_rows(result, labels={}).items():
            rows.setdefault(table, []).extend(found)
    return documents, rows


@pytest.mark.parametrize("name", ["txt", "html", "docx"])
def test_random_reports_reach_the_floors(name: str) -> None:
    score = score_rows(*random_rows(name))

    assert score.missing == ()
    for layer, floor in FLOORS[name].items():
        tally = score.layers[layer]
        errors = "\n".join(e for e in score.errors if e.startswith(f"{layer} "))
        assert tally.precision >= floor["precision"], errors
        assert tally.recall >= floor["recall"], errors
