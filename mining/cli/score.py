"""`mining score`: precision, recall and F1 of a run against gold."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mining.cli.options import LangOption, Language
from mining.cli.words import help_text

__all__ = ["score"]


def score(
    gold: Annotated[
        Path, typer.Argument(help=help_text("标准答案的文件夹。", "Folder of gold JSON."))
    ],
    run: Annotated[
        Path, typer.Argument(help=help_text("一次核对的结果文件夹。", "Folder of a run."))
    ],
    lang: LangOption = Language.zh,
) -> None:
    """Print how well a run agrees with gold, per layer and per rule."""
    from mining.score import render_score, score_run

    typer.echo(render_score(score_run(gold, run), lang=lang.value))
