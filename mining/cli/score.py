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
        Path,
        typer.Argument(
            help=help_text(
                "标准答案的文件夹：整份报告（*.json）或段落（*.toml）。",
                "Folder of gold: whole reports (*.json) or passages (*.toml).",
            )
        ),
    ],
    run: Annotated[
        Path | None,
        typer.Argument(
            help=help_text(
                "一次核对的结果文件夹；段落自带文字，不需要。",
                "Folder of a run; passages hold their texts and need none.",
            )
        ),
    ] = None,
    agreement: Annotated[
        bool,
        typer.Option(
            "--agreement",
            help=help_text(
                "比较两人对同一批段落的标注（第二个文件夹为另一人的）。",
                "Compare two annotations of the same passages, the second in place of a run.",
            ),
        ),
    ] = False,
    errors: Annotated[
        bool,
        typer.Option(
            "--errors", help=help_text("列出每处遗漏和误报。", "List misses and false items.")
        ),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help=help_text("输出 JSON。", "Print JSON."))
    ] = False,
    lang: LangOption = Language.zh,
) -> None:
    """Print how well a run, or the toolkit on gold passages, agrees with gold."""
    from mining import score as scores

    if agreement and run is None:
        raise typer.BadParameter(
            help_text("--agreement 要两个文件夹", "--agreement needs two folders")
        )
    if agreement and run is not None:
        found = scores.agreement_of(gold, run)
        told = scores.score_to_json(found) if as_json else ""
        typer.echo(told or scores.render_agreement(found, lang=lang.value))
        return
    result = scores.score_folder(gold) if run is None else scores.score_run(gold, run)
    if as_json:
        typer.echo(scores.score_to_json(result, errors=errors))
    else:
        typer.echo(scores.render_score(result, lang=lang.value, errors=errors))
