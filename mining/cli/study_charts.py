"""`mining study charts`: charts of a run for papers, each beside the table that it draws."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mining.cli.options import AgenciesOption, LangOption, Language, split_list
from mining.cli.study_options import (
    RunArgument,
    SamplesOption,
    SeedOption,
    StudyOutOption,
    WidthOption,
    tell_written,
)
from mining.cli.study_panel import Blank, BlankOption
from mining.cli.words import help_text

__all__ = ["charts"]

OnlyOption = Annotated[
    str,
    typer.Option(
        "--only",
        metavar="NAMES",
        help=help_text(
            "只画这些图（逗号隔开）：requests、rates、refusals、channels、mismatches、regions、keyness。",
            "These charts only (comma-separated): requests, rates, refusals, channels, "
            "mismatches, regions, keyness.",
        ),
    ),
]
FormatsOption = Annotated[
    str,
    typer.Option(
        "--formats",
        help=help_text(
            "图的格式：png、svg、pdf（逗号隔开），none 为只写数据表。",
            "Formats of charts: png, svg, pdf (comma-separated), or none for the tables only.",
        ),
    ),
]
KeywordsOption = Annotated[
    Path | None,
    typer.Option(
        "--keywords",
        help=help_text(
            "mining study keywords --by 写出的文件夹，用于各组特有的词。",
            "Folder that mining study keywords --by wrote, for the words of each group.",
        ),
    ),
]
RegionsOption = Annotated[
    str,
    typer.Option(
        "--by",
        help=help_text(
            "地区比较图的分组：region、province、level、kind、template。",
            "What the chart of regions compares: region, province, level, kind, template.",
        ),
    ),
]


def charts(
    run: RunArgument,
    out: StudyOutOption,
    only: OnlyOption = "",
    formats: FormatsOption = "png,svg,pdf",
    width: WidthOption = None,
    by: RegionsOption = "region",
    keywords: KeywordsOption = None,
    blank: BlankOption = Blank.missing,
    samples: SamplesOption = 1000,
    seed: SeedOption = 20_080_501,
    agencies: AgenciesOption = None,
    lang: LangOption = Language.zh,
) -> None:
    """Draw requests, rates, refusals, channels, mismatches, regions and words of a run."""
    from mining.study.bootstrap import Bootstrap
    from mining.study.chartstudy import write_chart_study

    files, notes = write_chart_study(
        run,
        out,
        only=split_list(only),
        keywords=keywords,
        regions=by,
        how=Bootstrap(samples=samples, seed=seed),
        agencies=agencies,
        blanks=blank.value,
        formats=() if formats == "none" else split_list(formats),
        width=None if width is None else width.value,
        lang=lang.value,
    )
    for note in notes:
        typer.secho(note.text(lang.value), fg="yellow", err=True)
    tell_written(out, len(files), lang=lang)
