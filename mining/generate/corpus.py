"""Folders of reports with gold: from truth files, or random ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from mining.generate.gold import Gold, gold_without_places, to_json
from mining.generate.page import render_html
from mining.generate.pdf import render_pdfs
from mining.generate.printout import print_items
from mining.generate.random_truth import random_truth
from mining.generate.render import encode_text, render_text
from mining.generate.truth import Truth, TruthError, load_truth
from mining.generate.word import render_docx

__all__ = ["iter_files", "load_truths", "render", "write_corpus", "write_random"]

_PDFS_AT_ONCE = 40


def render(truth: Truth, format_name: str) -> tuple[bytes, Gold]:
    """Return the file of a report in one format (``txt``, ``html``, ``docx``, ``pdf``), and gold.

    Raises
    ------
    TruthError
        When the format is unknown, or something in the truth is unsound.
    PrinterError
        When a PDF is asked for and no program can print it.
    """
    match format_name:
        case "txt":
            text, gold = render_text(truth)
            return encode_text(text, truth=truth), gold
        case "html":
            return render_html(truth)
        case "docx":
            return render_docx(truth)
        case "pdf":
            return render_pdfs([truth])[0]
    msg = f"unknown format {format_name!r}"
    raise TruthError(msg, code="E701")


def load_truths(folder: Path) -> list[Truth]:
    """Return the truths of a corpus folder, by name."""
    return [load_truth(path) for path in sorted((folder / "truth").glob("*.toml"))]


def iter_files(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Yield the path and the bytes of every report and gold file of a corpus.

    `folder` holds ``truth/NAME.toml``; a report goes to ``reports/NAME.txt`` or another suffix,
    its gold to ``gold/NAME.json``. PDFs are left out, as no two machines print the same bytes;
    their gold is there. Nothing is written.
    """
    for truth in load_truths(folder):
        for name in truth.formats:
            if name == "pdf":
                gold = gold_without_places(truth, print_items(truth), suffix=".pdf")
            else:
                data, gold = render(truth, name)
                yield folder / "reports" / f"{truth.name}.{name}", data
            yield folder / "gold" / f"{truth.name}.json", to_json(gold).encode()


def write_corpus(folder: Path) -> int:
    """Write every report and gold file, remove those without truth, and return how many remain.

    A PDF is printed again only when it is missing or its gold has changed.
    """
    made = dict(iter_files(folder))
    to_print = [t for t in load_truths(folder) if "pdf" in t.formats]
    kept = {folder / "reports" / f"{truth.name}.pdf" for truth in to_print}
    stale = [t for t in to_print if _is_stale(folder, t, made)]
    if stale:
        for truth, (data, _) in zip(stale, render_pdfs(stale), strict=True):
            made[folder / "reports" / f"{truth.name}.pdf"] = data
    for name in ("reports", "gold"):
        (folder / name).mkdir(exist_ok=True)
        for path in (folder / name).iterdir():
            if path not in made and path not in kept:
                path.unlink()
    for path, data in made.items():
        path.write_bytes(data)
    return sum(path.suffix == ".json" for path in made)


def _is_stale(folder: Path, truth: Truth, made: dict[Path, bytes]) -> bool:
    gold = folder / "gold" / f"{truth.name}.json"
    printed = folder / "reports" / f"{truth.name}.pdf"
    return not (printed.exists() and gold.exists() and gold.read_bytes() == made[gold])


def write_random(
    folder: Path,
    *,
    n: int,
    seed: int,
    formats: Sequence[str],
    form: str | None = None,
    n_faults: int | None = None,
) -> int:
    """Write `n` random reports and their gold, the formats by turns, and return `n`.

    Parameters
    ----------
    folder
        Gets ``reports/`` and ``gold/``.
    n
        How many reports.
    seed
        Of the first report; the others count on, so that two ranges share reports.
    formats
        Names as in `render`.
    form, n_faults
        As in `random_truth`.

    Raises
    ------
    PrinterError
        When PDFs are asked for and no program can print them.
    """
    for name in ("reports", "gold"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    truths = (
        replace(
            random_truth(seed + place, form=form, n_faults=n_faults),
            formats=(formats[place % len(formats)],),
        )
        for place in range(n)
    )
    for truth, data, gold in _rendered(truths):
        (folder / "reports" / gold.report).write_bytes(data)
        text = to_json(gold, indent=None)
        (folder / "gold" / f"{truth.name}.json").write_text(text, encoding="utf-8")
    return n


def _rendered(truths: Iterable[Truth]) -> Iterator[tuple[Truth, bytes, Gold]]:
    """Yield each truth with its file and gold; PDFs are printed many at once."""
    rest = iter(truths)
    while batch := list(islice(rest, _PDFS_AT_ONCE)):
        to_print = [t for t in batch if t.formats == ("pdf",)]
        printed = render_pdfs(to_print) if to_print else []
        yield from ((t, *done) for t, done in zip(to_print, printed, strict=True))
        yield from ((t, *render(t, t.formats[0])) for t in batch if t not in to_print)
