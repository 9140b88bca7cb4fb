"""Other libraries on the gold passages, scored like the toolkit: ``make bench-peers``.

Writes ``benchmarks/peers.json``, from which ``benchmarks/accuracy.py`` makes its table.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.peers_extract import PEERS
from mining.passages.counting import score_passages
from mining.passages.loading import Passage, load_passages
from mining.passages.reading import Extractor, Reading, read_with_toolkit
from mining.scoring import Score
from mining.version import __version__

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "peers.json"
_LAYERS = ("figures", "figures_full", "values")


def ask(python: Path, peer: str, passages: Sequence[Passage]) -> dict[str, Any]:
    """Return the version and the figures of a peer, or why there are none."""
    script = ROOT / "benchmarks" / "peers_extract.py"
    texts = json.dumps([p.text for p in passages])
    try:
        done = subprocess.run(
            [python, script, peer], input=texts, capture_output=True, text=True, check=False
        )
    except OSError as error:
        return {"reason": str(error.strerror)}
    if done.returncode:
        return {"reason": done.stderr.strip().splitlines()[-1]}
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def replay(
    passages: Sequence[Passage], answers: Sequence[Sequence[Mapping[str, Any]]]
) -> Extractor:
    """Return an extractor that gives what a peer answered."""
    by_id = {p.id: a for p, a in zip(passages, answers, strict=True)}
    return lambda passage: Reading(
        figures=[{**row, "claim": "number"} for row in by_id[passage.id]]
    )


def row(version: str, score: Score) -> dict[str, Any]:
    """Return one line of the results."""
    layers = {name: asdict(score.layers[name]) for name in _LAYERS}
    return {"version": version, "layers": layers, "traps": [score.n_taken, score.n_traps]}


def main() -> None:
    """Ask every peer about the test passages and write the results."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--python", type=Path, required=True, help="of the peers' environment")
    parser.add_argument("--gold", type=Path, default=ROOT / "corpora" / "gold" / "test")
    args = parser.parse_args()
    passages = load_passages(args.gold)
    results: dict[str, Any] = {"passages": len(passages)}
    results["mining"] = row(__version__, score_passages(passages, read_with_toolkit))
    for peer in PEERS:
        answer = ask(args.python, peer, passages)
        if "figures" in answer:
            score = score_passages(passages, replay(passages, answer["figures"]))
            results[peer] = row(answer["version"], score)
        else:
            results[peer] = answer
        print(peer, json.dumps(results[peer], ensure_ascii=False))
    text = json.dumps(results, ensure_ascii=False, indent=1) + "\n"
    RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
