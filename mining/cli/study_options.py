"""Options that the commands of `mining study` share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from mining.cli.words import help_text, say

__all__ = [
    "ChartsOption",
    "RunArgument",
    "SamplesOption",
    "SeedOption",
    "StudyOutOption",
    "Width",
    "WidthOption",
    "tell_written",
]


class Width(StrEnum):
    """Widths of charts: a journal's column or its page."""

    column = "column"
    page = "page"


RunArgument = Annotated[
    Path,
    typer.Argument(
        metavar="RUN",
        help=help_text("mining audit 写出的结果文件夹。", "Folder that mining audit wrote."),
    ),
]
StudyOutOption = Annotated[
    Path,
    typer.Option(
        "--out",
        help=help_text("写统计表和图的文件夹。", "Folder for the tables and charts."),
    ),
]
ChartsOption = Annotated[
    str,
    typer.Option(
        "--charts",
        help=help_text(
            "图的格式：png、svg、pdf（逗号隔开），none 为不画。",
            "Formats of charts: png, svg, pdf (comma-separated), or none.",
        ),
    ),
]
WidthOption = Annotated[
    Width | None,
    typer.Option(
        "--width",
        help=help_text(
            "图宽：column 8.9 厘米，page 18.3 厘米；不给则各图自定。",
            "Width of charts: column 8.9 cm, page 18.3 cm; by default what suits each.",
        ),
    ),
]
SamplesOption = Annotated[
    int,
    typer.Option(
        "--samples",
        min=100,
        max=100_000,
        help=help_text("自助法抽样次数。", "Samples of the bootstrap."),
    ),
]
SeedOption = Annotated[
    int,
    typer.Option("--seed", min=0, help=help_text("随机数种子。", "Seed of random numbers.")),
]


def tell_written(out: Path, files: int, *, lang: str) -> None:
    """Tell on the terminal where the tables and charts are."""
    typer.echo(say("study", lang=lang, out=out, files=files), err=True)
