"""A folder of truth files to a folder of reports with gold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mining.generate.gold import to_json
from mining.generate.render import encode_text, render_text
from mining.generate.truth import load_truth

__all__ = ["iter_files", "write_corpus"]


def iter_files(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Yield the path and the bytes of every report and gold file of a corpus.

    `folder` holds ``truth/NAME.toml``; a report goes to ``NAME.txt``, its gold to
    ``gold/NAME.json``. Nothing is written.
    """
    for path in sorted((folder / "truth").glob("*.toml")):
        truth = load_truth(path)
        text, gold = render_text(truth)
        yield folder / f"{truth.name}.txt", encode_text(text, truth=truth)
        yield folder / "gold" / f"{truth.name}.json", to_json(gold).encode()


def write_corpus(folder: Path) -> int:
    """Write every report and gold file, remove those without truth, and return how many remain."""
    made = dict(iter_files(folder))
    (folder / "gold").mkdir(exist_ok=True)
    for path in [*folder.glob("*.txt"), *folder.glob("gold/*.json")]:
        if path not in made:
            path.unlink()
    for path, data in made.items():
        path.write_bytes(data)
    return len(made) // 2
