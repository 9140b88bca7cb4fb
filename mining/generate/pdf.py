"""Truth to PDF through programs that print: Chromium for pages, LibreOffice for Word files.

Both date what they print; the dates are overwritten, so that only the program's version and the
fonts of the machine change the bytes.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from mining.errors import MiningError
from mining.generate.gold import Gold, gold_without_places
from mining.generate.page import print_view
from mining.generate.printout import print_items
from mining.generate.truth import Truth, TruthError
from mining.generate.word import render_docx

__all__ = ["LOOKS", "PrinterError", "find_printers", "render_pdfs"]

LOOKS = ("chromium", "chromium-plain", "office", "office-numbered", "office-textbox")
"""Printed by a browser with and without lines around the cells, or by an office program from a
Word file of the look named."""

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_OFFICES = ("soffice", "libreoffice")
_DATE = re.compile(rb"(/(?:CreationDate|ModDate) ?\(D:)\d{14}")
_FIXED = rb"\g<1>20240115090000"
_SECONDS_PER_FILE = 60


class PrinterError(MiningError):
    """A PDF can't be printed here: a program is missing or failed (E702)."""


def find_printers() -> dict[str, str]:
    """Return the programs that are installed: ``chromium`` and ``office``, by their paths."""
    there = {
        "chromium": next(filter(None, map(shutil.which, _BROWSERS)), None),
        "office": next(filter(None, map(shutil.which, _OFFICES)), None),
    }
    return {name: path for name, path in there.items() if path}


def render_pdfs(truths: Sequence[Truth]) -> list[tuple[bytes, Gold]]:
    """Return the PDF of each report and its gold, which has no places.

    Reports without a look get one of those that the installed programs can print.

    Raises
    ------
    PrinterError
        When a program that is needed is missing, or printed nothing.
    TruthError
        When the look or something in a truth is unsound.
    """
    printers = find_printers()
    if not printers:
        msg = "neither Chromium nor LibreOffice is installed"
        raise PrinterError(msg, code="E702", hint="install one of them, or leave out pdf")
    looks = [_choose_look(truth, printers) for truth in truths]
    # Chromium and LibreOffice choose file names that hold Chinese by the machine's locale.
    with tempfile.TemporaryDirectory(prefix="print-") as name:
        folder = Path(name)
        _print_pages(truths, looks, folder, printers)
        _print_files(truths, looks, folder, printers)
        return [
            (_read_printed(folder, place, truth), _gold(truth))
            for place, truth in enumerate(truths)
        ]


def _choose_look(truth: Truth, printers: dict[str, str]) -> str:
    known = [look for look in LOOKS if look.partition("-")[0] in printers]
    rng = Random(f"{truth.name}/pdf-look")
    look = truth.look or rng.choice(known)
    if look not in LOOKS:
        msg = f"unknown look {look!r} of a PDF"
        raise TruthError(msg, code="E701", path=f"{truth.name}.toml")
    if look not in known:
        msg = f"the look {look} needs {look.partition('-')[0]}, which is not installed"
        raise PrinterError(msg, code="E702", path=f"{truth.name}.toml", hint="install it")
    return look


def _print_pages(
    truths: Sequence[Truth], looks: Sequence[str], folder: Path, printers: dict[str, str]
) -> None:
    for place, (truth, look) in enumerate(zip(truths, looks, strict=True)):
        if not look.startswith("chromium"):
            continue
        page, target = folder / f"{place}.html", folder / f"{place}.pdf"
        page.write_text(print_view(truth, ruled=look == "chromium"), encoding="utf-8")
        command = [
            printers["chromium"],
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-pdf-header-footer",
            f"--user-data-dir={folder / 'browser'}",
            f"--print-to-pdf={target}",
            page.as_uri(),
        ]
        _run(command, _SECONDS_PER_FILE)


def _print_files(
    truths: Sequence[Truth], looks: Sequence[str], folder: Path, printers: dict[str, str]
) -> None:
    """Print all Word files at once: starting the office program takes longer than printing."""
    sources = []
    for place, (truth, look) in enumerate(zip(truths, looks, strict=True)):
        if look.startswith("office"):
            kind = look.partition("-")[2] or "plain"
            sources.append(folder / f"{place}.docx")
            sources[-1].write_bytes(render_docx(replace(truth, look=kind))[0])
    if not sources:
        return
    command = [
        printers["office"],
        "--headless",
        "--norestore",
        f"-env:UserInstallation={(folder / 'office').as_uri()}",
        *("--convert-to", "pdf", "--outdir", str(folder)),
        *map(str, sources),
    ]
    _run(command, _SECONDS_PER_FILE + 2 * len(sources))


def _run(command: list[str], seconds: float) -> None:
    try:
        # The program is one that find_printers found, its arguments are our own files.
        subprocess.run(command, check=True, capture_output=True, timeout=seconds)  # noqa: S603
    except (OSError, subprocess.SubprocessError) as error:
        msg = f"{Path(command[0]).name} printed nothing: {error}"
        raise PrinterError(msg, code="E702", hint="run it by hand to see why") from error


def _read_printed(folder: Path, place: int, truth: Truth) -> bytes:
    path = folder / f"{place}.pdf"
    if not path.exists():
        msg = "nothing was printed"
        raise PrinterError(msg, code="E702", path=f"{truth.name}.toml", hint="try another look")
    return _DATE.sub(_FIXED, path.read_bytes())


def _gold(truth: Truth) -> Gold:
    return gold_without_places(truth, print_items(truth), suffix=".pdf")
