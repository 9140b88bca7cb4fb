"""Measure words: segmentation, counting and concordances from raw text; never fails.

Figures are processor time of one core, the best of several rounds, with dictionaries loaded. The
reports are the text files of corpora/sample, and real ones when a folder ``shared/seeds`` lies
beside the checkout, copied under other names. Run with ``python benchmarks/words.py``.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from mining import Corpus
from mining.study.frequency import count_terms, frequencies
from mining.study.keywords import keyness
from mining.study.kwic import Query, concordance
from mining.study.tokens import Tokenizer
from mining.words.segment import ENGINES, segmenter

ROOT = Path(__file__).parents[1]
FOLDERS = {
    "sample": ROOT / "corpora" / "sample" / "reports",
    "seeds": ROOT.parent / "shared" / "seeds",
}
REPORTS_BAR, CHARS_BAR = 200, 5_000_000
ROUNDS = 3


def best(action: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the shortest processor time of `action` in seconds."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        action()
        times.append(time.process_time() - start)
    return min(times)


def show(name: str, value: float, unit: str, bar: float | None = None) -> None:
    """Print one figure, beside its bar when there is one."""
    beside = "" if bar is None else f" bar {bar:,g} {unit}"
    print(f"{name:<46}{value:>14,.4g} {unit}{beside}")


def copies(folder: Path, out: Path, n: int) -> list[Path]:
    """Fill `out` with at least `n` copies of the text files of a folder."""
    files = sorted(folder.glob("*.txt"))
    for i in range(n):
        path = files[i % len(files)]
        shutil.copyfile(path, out / f"{i // len(files):05}-{path.name}")
    return sorted(out.iterdir())


def bench_segmentation(texts: Sequence[str]) -> None:
    """Measure each engine on whole texts."""
    n_chars = sum(map(len, texts))
    for engine in ENGINES:
        cut = segmenter(engine).cut
        cut(texts[0])
        spent = best(lambda cut=cut: [cut(text) for text in texts])  # type: ignore[misc]
        bar = CHARS_BAR if engine == "rjieba" else None
        show(f"  segmentation, {engine}", n_chars / spent, "chars/s", bar)


def bench_studies(files: Sequence[Path]) -> None:
    """Measure from raw text to frequencies, comparisons and places."""
    fast = Tokenizer(engine="rjieba")
    read = Corpus.from_folder(*files)
    bench_segmentation([d.text for d in read.documents()][:100])
    n = len(files)

    def cost(name: str, action: Callable[[], object], bar: float | None = None) -> None:
        show(f"  {name}", n / best(action), "reports/s", bar)

    cost("reading alone", lambda: Corpus.from_folder(*files))
    cost(
        "frequency from raw text, rjieba",
        lambda: frequencies(count_terms(Corpus.from_folder(*files), fast)),
        REPORTS_BAR,
    )
    cost(
        "KWIC from raw text",
        lambda: concordance(Corpus.from_folder(*files), Query(pattern="公开")),
        REPORTS_BAR,
    )
    cost("frequency of a corpus, rjieba", lambda: frequencies(count_terms(read, fast)))
    cost("KWIC of a corpus", lambda: concordance(read, Query(pattern="公开")))
    cost("KWIC of whole words, rjieba", lambda: _whole_words(read, fast))
    matrix = count_terms(read, fast)
    show("  keyness by year", best(lambda: keyness(matrix, "year")), "s")
    Tokenizer().words("公开")
    slow = best(lambda: count_terms(read.sample(n // 10), Tokenizer()), rounds=1)
    show("  frequency of a corpus, jieba", n // 10 / slow, "reports/s")


def _whole_words(corpus: Corpus, tokenizer: Tokenizer) -> object:
    return concordance(corpus, Query(pattern="公开", match="word"), tokenizer)


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--reports", type=int, default=1000)
    n = parser.parse_args().reports
    for name, folder in FOLDERS.items():
        if not any(folder.glob("*.txt")):
            continue
        with tempfile.TemporaryDirectory() as place:
            files = copies(folder, Path(place), n)
            size = sum(path.stat().st_size for path in files) / n
            print(f"{name}: {n} reports, {size:,.0f} bytes on average")
            bench_studies(files)


if __name__ == "__main__":
    main()
