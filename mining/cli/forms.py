"""`mining form`: whether a form file is sound, and which forms there are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mining.cli.options import LangOption, Language
from mining.cli.words import help_text, say
from mining.errors import FormError

__all__ = ["forms"]

forms = typer.Typer(
    name="form",
    help=help_text("表单：一类报告的格式说明。", "Forms: what a family of reports looks like."),
    no_args_is_help=True,
)


@forms.command("check", help=help_text("检查表单文件，列出全部问题。", "List all its problems."))
def check(
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help=help_text("TOML 文件。", "A TOML file."))
    ],
    lang: LangOption = Language.zh,
) -> None:
    """Check a form file, the form's own examples included."""
    from mining.catalog import RULES
    from mining.formload.file import load_form
    from mining.pipeline import check_examples
    from mining.settings import Settings

    try:
        form = load_form(path, rules=RULES)
        problems = check_examples(form, settings=Settings())
    except FormError as error:
        problems = error.problems
    if problems:
        typer.secho(f"{path}: {say('problems', lang=lang, n=len(problems))}", fg="red", err=True)
        typer.echo("\n".join(f"  {problem}" for problem in problems), err=True)
        raise typer.Exit(2)
    typer.echo(f"{path}: {say('sound', lang=lang, title=form.title or form.id)}")


@forms.command("list", help=help_text("列出自带的表单。", "List the shipped forms."))
def list_forms(lang: LangOption = Language.zh) -> None:
    """List the shipped forms with the number of their parts."""
    from mining.catalog import shipped_forms

    for form in shipped_forms():
        parts = say(
            "form-parts",
            lang=lang,
            tables=len(form.tables),
            phrases=len(form.phrases),
            checks=len(form.checks),
        )
        typer.echo(f"{form.id:<20}{form.title}  {parts}")
