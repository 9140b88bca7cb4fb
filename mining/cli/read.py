"""`mining read`: one report as the toolkit sees it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mining.cli.options import LangOption, Language
from mining.cli.words import help_text

if TYPE_CHECKING:
    from mining.finding import Result
    from mining.form import Form

__all__ = ["read"]


def read(
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help=help_text("一份报告。", "A report."))
    ],
    as_json: Annotated[
        bool,
        typer.Option(
            "--json",
            help=help_text("输出 JSON，列名与数据表相同。", "Print JSON with the tables' columns."),
        ),
    ] = False,
    lang: LangOption = Language.zh,
) -> None:
    """Show sections, tables, figures, links and findings of one report."""
    from mining.catalog import shipped_forms
    from mining.corpus.single import audit

    result = audit(path)
    form = next(f for f in shipped_forms() if f.id == result.report.form)
    if as_json:
        typer.echo(_as_json(result, form, lang))
    else:
        _print(result, form, lang)


def _as_json(result: Result, form: Form, lang: Language) -> str:
    from mining.present.rows import result_rows

    rows = result_rows(result, labels=form.labels, lang=lang.value)
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _print(result: Result, form: Form, lang: Language) -> None:
    from rich.console import Console

    from mining.cli.show import show_result

    console = Console(highlight=False, soft_wrap=True)
    for part in show_result(result, form, lang=lang.value):
        console.print(part)
