"""`mining study reuse`: what reports share with last year's and with other agencies'."""

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

__all__ = ["reuse"]

TemplateOption = Annotated[
    float,
    typer.Option(
        "--template",
        help=help_text(
            "套话：当年至少这一比例的其他机关报告有同样的句子。",
            "Template: in at least this share of other agencies' reports of the year.",
        ),
    ),
]
AlikeOption = Annotated[
    float,
    typer.Option(
        "--alike",
        help=help_text(
            "雷同：相同的 13 字串至少占这一比例。", "Near-copies: share of common runs."
        ),
    ),
]
PairsOption = Annotated[
    int,
    typer.Option(
        "--pairs",
        min=0,
        max=500,
        help=help_text("网页上每类对照几对报告。", "Pairs of each kind that the page shows."),
    ),
]


def reuse(
    run: RunArgument,
    out: StudyOutOption,
    template: TemplateOption = 0.05,
    alike: AlikeOption = 0.6,
    pairs: PairsOption = 20,
    charts: ChartsOption = "png,svg,pdf",
    width: WidthOption = None,
    samples: SamplesOption = 1000,
    seed: SeedOption = 20_080_501,
    agencies: AgenciesOption = None,
    lang: LangOption = Language.zh,
) -> None:
    """Write passages, shares, near-copies, charts and a page that shows texts side by side."""
    from mining.history.mapping import load_agencies
    from mining.study.bootstrap import Bootstrap
    from mining.study.reuse.results import write_reuse_study
    from mining.study.reuse.years import Limits

    written = write_reuse_study(
        run,
        out,
        limits=Limits(template=template, alike=alike, pairs=pairs),
        how=Bootstrap(samples=samples, seed=seed),
        agencies=None if agencies is None else load_agencies(agencies),
        formats=() if charts == "none" else split_list(charts),
        width=None if width is None else width.value,
        lang=lang.value,
    )
    tell_written(out, len(written), lang=lang)
