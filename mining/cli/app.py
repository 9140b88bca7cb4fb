"""The command `mining`: exit codes 0 ok, 1 findings (--fail-on), 2 usage, 3 failed inputs."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from mining.cli.audit import audit
from mining.cli.corpus import corpus
from mining.cli.forms import forms
from mining.cli.query import query
from mining.cli.read import read
from mining.cli.rules import rule
from mining.cli.score import score
from mining.cli.study import study
from mining.cli.themes import themes
from mining.cli.verify import verify
from mining.cli.words import help_text, say, word_error
from mining.errors import MiningError
from mining.version import __version__

__all__ = ["app", "main"]

app = typer.Typer(
    name="mining",
    help=help_text(
        "读取政府信息公开工作年度报告，逐项核对正文与表格。",
        "Read Chinese government-information-disclosure annual reports and check them.",
    ),
    no_args_is_help=True,
    add_completion=False,
    # An error that nobody planned for is a bug; its plain traceback is what a bug report needs.
    pretty_exceptions_enable=False,
)
app.command(help=help_text("核对报告，写出结果页面和数据表。", "Audit reports."))(audit)
app.command(help=help_text("显示一份报告读出的内容。", "Show what is read from a report."))(read)
app.command(help=help_text("列出规则，或说明一条规则。", "List rules or explain one."))(rule)
app.command(help=help_text("与标准答案比对，给出得分。", "Score a run against gold."))(score)
app.command(help=help_text("核对结果与其清单是否一致。", "Compare results with their manifest."))(
    verify
)
app.command(help=help_text("用 SQL 查询结果。", "Query the tables of a run."))(query)
app.add_typer(corpus, name="corpus")
app.add_typer(forms, name="form")
app.add_typer(study, name="study")
app.add_typer(themes, name="themes")


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"mining {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_show_version,
            is_eager=True,
            help=help_text("显示版本。", "Show the version."),
        ),
    ] = False,
) -> None:
    del version


def main() -> None:
    """Run the command line; a `MiningError` becomes one line on stderr and exit code 2."""
    lang = _asked_lang()
    try:
        app()
    except MiningError as error:
        line = word_error(
            code=error.code, message=error.message, hint=error.hint, path=error.path, lang=lang
        )
        typer.secho(line, fg="red", err=True)
        sys.exit(2)
    except SystemExit as end:
        if end.code == 130:
            typer.echo(say("interrupted", lang=lang), err=True)
        raise


def _asked_lang() -> str:
    """Return the language of errors, which may come before the options are known."""
    words = " ".join(sys.argv).replace("--lang=", "--lang ")
    told = "--lang en" in words, "--lang zh" in words
    english = told[0] if any(told) else os.environ.get("MINING_LANG") == "en"
    return "en" if english else "zh"
