"""Measure how well reports are read and write ``docs/accuracy.md``: ``make accuracy``.

The part of the page below its last heading is written by hand and kept. ``--raise-floors``
measures the small sizes that the tests use and raises their floors; no floor ever falls.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.measure import FIRST_SEED, Sizes, measure_clean, measure_planted, measure_series
from mining.passages.agreement import Agreement, compare_annotators
from mining.passages.counting import score_passages
from mining.passages.loading import load_passages
from mining.passages.reading import read_with_toolkit
from mining.scoring import Score, Tally

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "corpora" / "gold"
PAGE = ROOT / "docs" / "accuracy.md"
PEERS = ROOT / "benchmarks" / "peers.json"
FLOORS = ROOT / "tests" / "eval" / "floors-accuracy.json"
PARTS = ("tune", "test")
FULL = Sizes(planted=40, clean=1500, series=60)
SMALL = Sizes(planted=4, clean=120, series=4)
BY_HAND = "## What is still wrong, and why"
_HEAD = """# Accuracy

Written by `make accuracy`; only the last part is by hand. P = precision, R = recall.
"""
_HAND = f"""{BY_HAND}

### Figures

### Roles and scopes

### Links

### Findings
"""


def measure(sizes: Sizes) -> dict[str, Score]:
    """Return all scores by name: gold by its part, ``planted``, ``clean`` and ``series``."""
    scores = {}
    for part in PARTS:
        passages = load_passages(GOLD / part)
        if passages:
            scores[f"gold {part}"] = score_passages(passages, read_with_toolkit)
    scores["planted"] = measure_planted(sizes)
    scores["clean"] = measure_clean(sizes)
    scores["series"] = measure_series(sizes)
    return scores


def agreement() -> Agreement | None:
    """Return how far two annotators agree, where a second one has been at work."""
    second = load_passages(GOLD / "second")
    first = [p for part in PARTS for p in load_passages(GOLD / part)]
    return compare_annotators(first, second) if second else None


def floors_of(scores: Mapping[str, Score]) -> dict[str, float]:
    """Return what the tests hold, each value rounded down at the third digit."""
    found: dict[str, float] = {}
    for name, score in scores.items():
        for layer, tally in score.layers.items():
            found[f"{name}/{layer}/precision"] = tally.precision
            found[f"{name}/{layer}/recall"] = tally.recall
        if score.n_traps:
            found[f"{name}/traps left alone"] = 1 - score.n_taken / score.n_traps
        if score.n_clean:
            found[f"{name}/clean reports without false mismatch"] = 1 - score.false_per_clean
        found |= {f"{name}/{fault}": tally.recall for fault, tally in score.faults.items()}
    return {name: math.floor(value * 1000 + 1e-9) / 1000 for name, value in found.items()}


def raise_floors() -> None:
    """Raise the floors of the tests to what is reached now."""
    old = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
    new = floors_of(measure(SMALL))
    for name in sorted(n for n, v in old.items() if new.get(n, 0) < v):
        print(f"below its floor, which stays: {name} {new.get(name)} < {old[name]}")
    best = {name: max(value, old.get(name, 0)) for name, value in (old | new).items()}
    FLOORS.write_text(json.dumps(dict(sorted(best.items())), indent=1) + "\n", encoding="utf-8")


def interval(wrong: int, n: int) -> tuple[float, float]:
    """Return the Wilson interval (95 %) of a share.

    Examples
    --------
    >>> [round(x, 4) for x in interval(0, 1000)]
    [0.0, 0.0038]
    """
    z = 1.96
    share, spread = wrong / n, z * z / n
    middle = share + spread / 2
    half = z * math.sqrt(share * (1 - share) / n + spread / (4 * n))
    return max(0.0, (middle - half) / (1 + spread)), (middle + half) / (1 + spread)


def tally_table(first: str, tallies: Mapping[str, Tally]) -> Iterator[str]:
    """Yield the lines of a table of tallies."""
    yield f"| {first} | gold | found | right | P | R | F1 |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for name, t in tallies.items():
        shares = " | ".join(f"{x:.3f}" for x in (t.precision, t.recall, t.f1))
        yield f"| {name} | {t.gold} | {t.found} | {t.right} | {shares} |"
    yield ""


def gold_lines(name: str, score: Score) -> Iterator[str]:
    """Yield the part of the page about gold passages."""
    title = {"gold tune": "seen while building", "gold test": "never looked at"}[name]
    yield f"## Passages annotated by hand: `{name.split()[1]}` ({title})"
    yield ""
    yield f"{score.n_reports} passages, {score.layers['figures'].gold} figures."
    share = score.n_taken / score.n_traps if score.n_traps else 0
    yield f"Of {score.n_traps} numerals that are no figure, {score.n_taken} were taken for one"
    yield f"({share:.1%})."
    yield ""
    yield from tally_table("layer", score.layers)
    yield from tally_table("label", score.labels)


def fault_lines(title: str, score: Score) -> Iterator[str]:
    """Yield the part of the page about planted errors."""
    yield f"## {title}"
    yield ""
    yield f"{score.n_reports} reports."
    yield ""
    layers = {k: t for k, t in score.layers.items() if t.gold or t.found}
    yield from tally_table("layer", layers)
    yield from tally_table("rule (mismatches)", score.rules)
    yield "| rule and kind of error | planted | told | R | only as suspect |"
    yield "|---|--:|--:|--:|--:|"
    for name, t in score.faults.items():
        yield f"| {name} | {t.gold} | {t.right} | {t.recall:.3f} | {score.weak.get(name, 0)} |"
    yield ""


def clean_lines(scores: Mapping[str, Score]) -> Iterator[str]:
    """Yield the part of the page about false mismatches and coverage."""
    yield "## False mismatches in clean reports, and coverage"
    yield ""
    yield (
        "| reports | clean | false mismatches | per clean report | 95 % of the share |"
        " linked figures | checks | unverifiable |"
    )
    yield "|---|--:|--:|--:|---|--:|--:|--:|"
    for name, s in scores.items():
        if not s.n_findings:
            continue
        low, high = interval(min(s.false_in_clean, s.n_clean), s.n_clean) if s.n_clean else (0, 1)
        around = f"{low:.4f}–{high:.4f}" if s.n_clean else "—"
        yield (
            f"| {name} | {s.n_clean} | {s.false_in_clean} | {s.false_per_clean:.4f} | {around} |"
            f" {s.n_linked} of {s.n_figures} | {s.n_findings} | {s.n_unverifiable} |"
        )
    yield ""


def agreement_lines(found: Agreement | None) -> Iterator[str]:
    """Yield the part of the page about two annotators."""
    yield "## Agreement of two annotators"
    yield ""
    if found is None:
        yield "There is no second annotation in `corpora/gold/second`."
        yield ""
        return
    yield f"{found.n_passages} passages ({found.n_changed} more have another text), on which the"
    yield f"second annotator did not see the first; {found.n_shared} figures marked by both."
    yield ""
    sides = {"figures (span)": found.spans, "nones": found.nones, "breakdowns": found.groups}
    yield from tally_table("items", sides)
    yield "| of figures marked by both | same | Cohen's kappa |"
    yield "|---|--:|--:|"
    for name, share in {**found.equal, **found.same}.items():
        kappa = f"{found.kappas[name]:.3f}" if name in found.kappas else "—"
        yield f"| {name} | {share:.3f} | {kappa} |"
    yield ""


def peer_lines() -> Iterator[str]:
    """Yield the part of the page about other libraries, as `make bench-peers` left it."""
    yield "## Other libraries on the same passages"
    yield ""
    if not PEERS.exists():
        yield "Not measured: run `make bench-peers`."
        yield ""
        return
    results: dict[str, Any] = json.loads(PEERS.read_text(encoding="utf-8"))
    yield f"{results.pop('passages')} passages, the same scorer. *Span* asks for the exact figure"
    yield "with its approximation and measure word, *whole* for value, unit and approximation too;"
    yield "*value* only asks that a figure was met somewhere and its number read rightly, for"
    yield "libraries that leave the measure word out. cn2an converts numerals and does not look for"
    yield "them: it was given every run of numerals. JioNLP extracts amounts of money only."
    yield ""
    yield "| library | version | span P | R | F1 | whole F1 | value P | R | F1 | traps taken |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    for name, result in results.items():
        if "reason" in result:
            yield f"| {name} | not measured: {result['reason']} |" + " |" * 8
            continue
        spans, whole, values = (
            Tally(**result["layers"][k]) for k in ("figures", "figures_full", "values")
        )
        shares = [spans.precision, spans.recall, spans.f1, whole.f1]
        shares += [values.precision, values.recall, values.f1]
        taken, traps = result["traps"]
        told = " | ".join(f"{x:.3f}" for x in shares)
        yield f"| {name} | {result['version'] or '—'} | {told} | {taken} of {traps} |"
    yield ""


def page(scores: Mapping[str, Score], found: Agreement | None, by_hand: str) -> str:
    """Return the whole page."""
    lines = [_HEAD]
    for name in (f"gold {part}" for part in PARTS):
        if name in scores:
            lines += gold_lines(name, scores[name])
    lines += agreement_lines(found)
    title = f"Planted errors: random reports from seed {FIRST_SEED} on, one error each"
    lines += fault_lines(title, scores["planted"])
    lines += fault_lines("Planted errors: series of one agency over years", scores["series"])
    lines += clean_lines({k: scores[k] for k in ("planted", "clean", "series")})
    lines += peer_lines()
    return "\n".join(lines) + "\n" + by_hand


def main() -> None:
    """Write the page, or raise the floors."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--raise-floors", action="store_true", help="of tests/eval, upwards only")
    args = parser.parse_args()
    if args.raise_floors:
        raise_floors()
        return
    old = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    by_hand = old[old.index(BY_HAND) :] if BY_HAND in old else _HAND
    PAGE.write_text(page(measure(FULL), agreement(), by_hand), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
