"""`mining study panel`: one row per agency and year, with a codebook."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from mining.cli.options import AgenciesOption, LangOption, Language, split_list
from mining.cli.study_options import RunArgument, StudyOutOption, tell_written
from mining.cli.words import help_text

__all__ = ["panel"]


class Blank(StrEnum):
    """What a blank cell counts as."""

    missing = "missing"
    zero = "zero"


PanelFormatOption = Annotated[
    str,
    typer.Option(
        "--format",
        help=help_text(
            "写出的格式：csv、parquet、xlsx、dta（逗号隔开）。",
            "Formats to write: csv, parquet, xlsx, dta (comma-separated).",
        ),
    ),
]
ResidentsOption = Annotated[
    Path | None,
    typer.Option(
        "--residents",
        help=help_text(
            "常住人口表（region,year,residents），用于千人申请量。",
            "Table region,year,residents, for requests per 1,000 residents.",
        ),
    ),
]
ReuseOption = Annotated[
    Path | None,
    typer.Option(
        "--reuse",
        help=help_text(
            "mining study reuse 写出的文件夹，用于照搬和套话占比。",
            "Folder that mining study reuse wrote, for shares of copied text.",
        ),
    ),
]
BlankOption = Annotated[
    Blank,
    typer.Option(
        "--blank",
        help=help_text(
            "空白和“/”“无”的单元格作缺失还是 0。",
            "Whether blank cells, and marks such as /, are missing or 0.",
        ),
    ),
]


def panel(
    run: RunArgument,
    out: StudyOutOption,
    formats: PanelFormatOption = "csv,parquet,xlsx,dta",
    residents: ResidentsOption = None,
    reuse: ReuseOption = None,
    blank: BlankOption = Blank.missing,
    agencies: AgenciesOption = None,
    lang: LangOption = Language.zh,
) -> None:
    """Write the panel of a run: rates with their denominators, missing kept apart from 0."""
    from mining.study.panel.outputs import write_panel

    files, notes = write_panel(
        run,
        out,
        formats=split_list(formats),
        agencies=agencies,
        residents=residents,
        reuse=reuse,
        blanks=blank.value,
        lang=lang.value,
    )
    for note in notes:
        typer.secho(note.text(lang.value), fg="yellow", err=True)
    tell_written(out, len(files), lang=lang)
