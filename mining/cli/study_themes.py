"""`mining study themes`: how common themes are, what comes back, what answers what."""

from __future__ import annotations

from typing import Annotated

import typer

from mining.cli.options import AgenciesOption, LangOption, Language, split_list
from mining.cli.study_options import (
    ChartsOption,
    RunArgument,
    SamplesOption,
    SeedOption,
    StudyOutOption,
    WidthOption,
    tell_written,
)
from mining.cli.words import help_text

__all__ = ["themes"]

ByOption = Annotated[
    str,
    typer.Option(
        "--by",
        help=help_text(
            "分组：year、region、province、level、kind、template（逗号隔开）。",
            "Groups: year, region, province, level, kind, template (comma-separated).",
        ),
    ),
]


def themes(
    run: RunArgument,
    out: StudyOutOption,
    by: ByOption = "year,region,level,kind",
    charts: ChartsOption = "png,svg,pdf",
    width: WidthOption = None,
    samples: SamplesOption = 1000,
    seed: SeedOption = 20_080_501,
    agencies: AgenciesOption = None,
    lang: LangOption = Language.zh,
) -> None:
    """Write tables and charts of the themes in problem sections."""
    from mining.history.mapping import load_agencies
    from mining.study.bootstrap import Bootstrap
    from mining.study.themestudy import write_theme_study

    written = write_theme_study(
        run,
        out,
        by=split_list(by),
        how=Bootstrap(samples=samples, seed=seed),
        agencies=None if agencies is None else load_agencies(agencies),
        formats=() if charts == "none" else split_list(charts),
        width=None if width is None else width.value,
        lang=lang.value,
    )
    tell_written(out, len(written), lang=lang)
