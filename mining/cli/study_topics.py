"""`mining study topics`: topics of many texts, how common they are and how that changes."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from mining.cli.options import (
    AgenciesOption,
    InputsArgument,
    LangOption,
    Language,
    WorkersOption,
    split_list,
)
from mining.cli.study_options import (
    ChartsOption,
    SamplesOption,
    SeedOption,
    StudyOutOption,
    WidthOption,
)
from mining.cli.study_words import (
    EngineName,
    EngineOption,
    OwnWordsOption,
    SectionsOption,
    StopWordsOption,
    UnitName,
    UnitOption,
    VariablesOption,
    end_study,
    make_corpus,
    make_tokenizer,
)
from mining.cli.words import help_text, say

__all__ = ["topics"]


class MethodName(StrEnum):
    """Models of topics."""

    nmf = "nmf"
    lda = "lda"


NumberOption = Annotated[
    str,
    typer.Option(
        "--k",
        help=help_text(
            "主题数；给多个（逗号隔开）则比较后选用建议的一个。",
            "Number of topics; of several (comma-separated) the one recommended is taken.",
        ),
    ),
]
MethodOption = Annotated[
    MethodName,
    typer.Option(
        "--method",
        help=help_text("nmf 快，lda 为概率模型。", "nmf is quick; lda is a probabilistic model."),
    ),
]
SeedsOption = Annotated[
    int,
    typer.Option(
        "--seeds",
        min=1,
        max=50,
        help=help_text(
            "建几次模型以检验稳定性：一次用全部文档，其余各用随机八成。",
            "Models for stability: one of all documents, the others of a random 80 %.",
        ),
    ),
]
TopicsByOption = Annotated[
    str,
    typer.Option(
        "--by",
        help=help_text(
            "按哪些变量比较占比：year、region、level、kind 或自己的（逗号隔开）。",
            "Variables to compare by: year, region, level, kind or own ones.",
        ),
    ),
]
LeastOption = Annotated[
    int,
    typer.Option(
        "--min-documents",
        min=1,
        help=help_text("只用至少见于几份文档的词。", "Only words of at least so many documents."),
    ),
]
ShareOption = Annotated[
    float,
    typer.Option(
        "--max-share",
        help=help_text("不用见于更大比例文档的词。", "No words of a larger share of documents."),
    ),
]
CovariatesOption = Annotated[
    str,
    typer.Option(
        "--covariates",
        help=help_text(
            "另建含这些变量的模型（DMR，需扩展 topics），如 year,level。",
            "A further model with these variables (DMR, extra topics), as in year,level.",
        ),
    ),
]
DynamicOption = Annotated[
    bool,
    typer.Option(
        "--dynamic",
        help=help_text(
            "另建用词逐年变化的模型（DTM，需扩展 topics）。",
            "A further model whose words change over years (DTM, extra topics).",
        ),
    ),
]
ModelOption = Annotated[
    Path | None,
    typer.Option(
        "--model",
        help=help_text(
            "用以前的模型（topics-model.json），不再新建。",
            "An earlier model (topics-model.json) instead of a new one.",
        ),
    ),
]


def topics(
    inputs: InputsArgument,
    out: StudyOutOption,
    k: NumberOption = "20",
    method: MethodOption = MethodName.nmf,
    seeds: SeedsOption = 5,
    by: TopicsByOption = "year,level",
    min_documents: LeastOption = 5,
    max_share: ShareOption = 0.5,
    covariates: CovariatesOption = "",
    dynamic: DynamicOption = False,
    model: ModelOption = None,
    sections: SectionsOption = "problems",
    unit: UnitOption = UnitName.section,
    engine: EngineOption = EngineName.jieba,
    words: OwnWordsOption = None,
    stop: StopWordsOption = None,
    variables: VariablesOption = None,
    charts: ChartsOption = "png,svg,pdf",
    width: WidthOption = None,
    samples: SamplesOption = 1000,
    seed: SeedOption = 20_080_501,
    workers: WorkersOption = 1,
    agencies: AgenciesOption = None,
    lang: LangOption = Language.zh,
) -> None:
    """Write topics with their words and sentences, shares by group, trends, charts, the model."""
    from mining.study.bootstrap import Bootstrap
    from mining.study.topics.topicstudy import TopicChoices, write_topic_study
    from mining.study.topics.vocabulary import Vocabulary

    choices = TopicChoices(
        numbers=_numbers(k),
        method=method.value,
        seeds=seeds,
        seed=seed,
        by=split_list(by),
        vocabulary=Vocabulary(min_documents=min_documents, max_share=max_share),
        covariates=split_list(covariates),
        dynamic=dynamic,
        model=model,
    )
    tokenizer = make_tokenizer(engine, words, stop, lang)
    corpus = make_corpus(inputs, sections, unit, variables, workers, agencies, lang)
    told = write_topic_study(
        corpus,
        out,
        choices,
        tokenizer=tokenizer,
        how=Bootstrap(samples=samples, seed=seed),
        workers=workers,
        formats=() if charts == "none" else split_list(charts),
        width=None if width is None else width.value,
        lang=lang.value,
    )
    if not model and told.topics < min(choices.numbers):
        line = say("fewer-topics", lang=lang, topics=told.topics, documents=told.documents)
        typer.secho(line, fg="yellow", err=True)
    end_study(corpus, out, len(told.files), lang)


def _numbers(text: str) -> tuple[int, ...]:
    from mining.errors import SettingsError

    try:
        return tuple(int(part) for part in split_list(text))
    except ValueError as error:
        msg = f"no number of topics: {text}"
        raise SettingsError(msg, code="E401", hint="give whole numbers, as in 10,15,20") from error
