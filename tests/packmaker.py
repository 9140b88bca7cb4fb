"""Packs of small made-up corpora, and what is read from them."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

from mining.catalog import READERS
from mining.corpus.inputs import Inputs, collect
from mining.corpus.loading import Loader
from mining.corpus.pack import Packed, pack_reports
from mining.errors import ReadError
from mining.settings import Settings

__all__ = ["SETTINGS", "contents", "found", "packed", "write_corpus"]

SETTINGS = Settings()


def write_corpus(folder: Path) -> Path:
    """Write files, an archive, a double and what can't be read; return `folder`."""
    for number in range(9):
        path = folder / ("甲县" if number % 2 else "乙县") / f"水务局_{2015 + number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(f"第{number}份年度报告".encode("gb18030"))
    (folder / "网页.html").write_bytes(b"<p>" + bytes(range(256)))
    (folder / "又一份.txt").write_bytes((folder / "甲县/水务局_2016.txt").read_bytes())
    with zipfile.ZipFile(folder / "多份.zip", "w") as archive:
        archive.writestr("内/一.txt", "一")
        archive.writestr("../外.txt", "外")
    (folder / "坏.zip").write_bytes(b"PK\3\4")
    return folder


def found(*arguments: Path | str) -> Inputs:
    return collect(arguments, suffixes=frozenset(READERS), settings=SETTINGS)


def packed(arguments: Sequence[Path | str], out: Path | str, **options: object) -> Packed:
    return pack_reports(found(*arguments), out, settings=SETTINGS, **options)  # type: ignore[arg-type]


def contents(place: Path | str) -> dict[str, bytes | str]:
    """Return the content of each report, or the code of its error."""
    told: dict[str, bytes | str] = {}
    inputs = found(place)
    with Loader(settings=SETTINGS) as loader:
        for item in inputs.items:
            try:
                told[item.report_id] = loader.load(item)
            except ReadError as error:
                told[item.report_id] = error.code
    return told | {failure.report: failure.code for failure in inputs.failures}
