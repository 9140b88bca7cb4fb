"""`mining query`: SQL over the tables of a run."""

from __future__ import annotations

import csv
import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mining.cli.options import LangOption, Language
from mining.cli.words import help_text, say

if TYPE_CHECKING:
    from mining.corpus.query import Answer

__all__ = ["query"]


class AnswerFormat(StrEnum):
    """How an answer is printed."""

    table = "table"
    csv = "csv"
    json = "json"


def query(
    run: Annotated[
        Path,
        typer.Argument(
            metavar="RUN",
            help=help_text("mining audit 写出的结果文件夹。", "Folder that mining audit wrote."),
        ),
    ],
    sql: Annotated[
        str,
        typer.Argument(
            metavar="SQL",
            help=help_text(
                "一条 SELECT 语句；- 表示从标准输入读取。", "One SELECT, or - for standard input."
            ),
        ),
    ],
    kind: Annotated[
        AnswerFormat, typer.Option("--format", help=help_text("输出格式。", "How to print it."))
    ] = AnswerFormat.table,
    limit: Annotated[
        int,
        typer.Option("--limit", min=1, help=help_text("最多输出多少行。", "Rows at most.")),
    ] = 1_000,
    memory: Annotated[
        int,
        typer.Option(
            "--memory", min=100, help=help_text("内存上限（MB）。", "Limit of memory in MB.")
        ),
    ] = 2_000,
    lang: LangOption = Language.zh,
) -> None:
    """Print the answer to a query; nothing is written."""
    from mining.corpus.query import run_query

    told = sys.stdin.read() if sql == "-" else sql
    answer = run_query(run, told, limit=limit, megabytes=memory)
    printers = {
        AnswerFormat.table: _print_table,
        AnswerFormat.csv: _print_csv,
        AnswerFormat.json: _print_json,
    }
    printers[kind](answer)
    if answer.is_cut:
        typer.secho(say("cut", lang=lang, n=limit), fg="yellow", err=True)


def _print_table(answer: Answer) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for name in answer.columns:
        table.add_column(Text(_printable(name)))
    for row in answer.rows:
        table.add_row(*(Text(_printable(value)) for value in row))
    Console(highlight=False).print(table)


def _printable(value: object) -> str:
    """Return a value on one line; what a report holds must not steer the terminal."""
    text = "" if value is None else str(value)
    return "".join(c if c.isprintable() else " " for c in text)


def _print_csv(answer: Answer) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(answer.columns)
    writer.writerows(answer.rows)


def _print_json(answer: Answer) -> None:
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    typer.echo(json.dumps(rows, ensure_ascii=False, indent=1, default=str))
