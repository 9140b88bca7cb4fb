"""`mining study kwic` and `keywords`: where a word stands, and which words set groups apart."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mining.cli.options import (
    AgenciesOption,
    InputsArgument,
    LangOption,
    Language,
    WorkersOption,
    split_list,
)
from mining.cli.study_options import StudyOutOption, tell_written
from mining.cli.words import help_text, say, word_error

if TYPE_CHECKING:
    from mining.study.corpus.collection import Corpus
    from mining.study.tokens import Tokenizer

__all__ = [
    "EngineName",
    "EngineOption",
    "OwnWordsOption",
    "SectionsOption",
    "StopWordsOption",
    "UnitName",
    "UnitOption",
    "VariablesOption",
    "end_study",
    "keywords",
    "kwic",
    "make_corpus",
    "make_tokenizer",
]

# So many failed inputs are named on the terminal.
_SHOWN_FAILURES = 10


class EngineName(StrEnum):
    """Segmenters: ``fast`` is rjieba where it is installed."""

    jieba = "jieba"
    rjieba = "rjieba"
    fast = "fast"


class UnitName(StrEnum):
    """What a document is."""

    report = "report"
    section = "section"
    point = "point"
    sentence = "sentence"


class MatchName(StrEnum):
    """How a word is looked for."""

    text = "text"
    word = "word"
    regex = "regex"


class SortName(StrEnum):
    """Order of places."""

    report = "report"
    left = "left"
    hit = "hit"
    right = "right"


class WidthUnitName(StrEnum):
    """What the width of the context counts."""

    chars = "chars"
    words = "words"


PatternArgument = Annotated[
    str,
    typer.Argument(
        metavar="WORD", help=help_text("要找的词或正则表达式。", "Word or regular expression.")
    ),
]
SectionsOption = Annotated[
    str,
    typer.Option(
        "--sections",
        help=help_text(
            "只看这些部分（逗号隔开），如 overview,problems；空为全文。",
            "Only these sections (comma-separated), as in overview,problems; empty for all.",
        ),
    ),
]
UnitOption = Annotated[
    UnitName,
    typer.Option(
        "--unit",
        help=help_text(
            "检索单位：整篇、部分、要点或句子。",
            "What a document is: report, section, point, sentence.",
        ),
    ),
]
EngineOption = Annotated[
    EngineName,
    typer.Option(
        "--engine",
        help=help_text(
            "分词引擎；fast 为 rjieba，未安装时用 jieba。",
            "Segmenter; fast is rjieba, or jieba where that is not installed.",
        ),
    ),
]
OwnWordsOption = Annotated[
    Path | None,
    typer.Option(
        "--words",
        help=help_text(
            "自己的词表（每行一词），分词时不拆。", "Own words, one a line, kept whole."
        ),
    ),
]
StopWordsOption = Annotated[
    Path | None,
    typer.Option(
        "--stop",
        help=help_text(
            "停用词表（每行一词），代替自带的。", "Words left out, instead of the list here."
        ),
    ),
]
VariablesOption = Annotated[
    Path | None,
    typer.Option(
        "--variables",
        help=help_text(
            "文档变量表（CSV，列 report，或 agency 和 year）。",
            "Table of document variables: CSV with report, or agency and year.",
        ),
    ),
]
DictionaryOption = Annotated[
    Path | None,
    typer.Option(
        "--dictionary",
        help=help_text(
            "分类词典（CSV：category,word；或 TOML）。",
            "Dictionary with categories: CSV category,word, or TOML.",
        ),
    ),
]
ByOption = Annotated[
    str,
    typer.Option(
        "--by",
        help=help_text(
            "按哪些变量比较：year、region、level、kind、template 或自己的（逗号隔开）。",
            "Variables to compare by: year, region, level, kind, template or own ones.",
        ),
    ),
]

MatchOption = Annotated[
    MatchName,
    typer.Option(
        "--match",
        help=help_text(
            "text 任意位置，word 整词，regex 正则表达式。",
            "text anywhere, word whole words, regex a regular expression.",
        ),
    ),
]
ContextOption = Annotated[
    int,
    typer.Option("--width", help=help_text("前后文的长度。", "Length of context on each side.")),
]
ContextUnitOption = Annotated[
    WidthUnitName,
    typer.Option("--width-in", help=help_text("长度单位：字或词。", "Characters or words.")),
]
SortOption = Annotated[
    SortName, typer.Option("--sort", help=help_text("排序依据。", "Order of the places."))
]
MostOption = Annotated[
    int,
    typer.Option(
        "--most",
        help=help_text("最多列出几处，超出时随机抽取。", "List at most so many, drawn by chance."),
    ),
]
NgramsOption = Annotated[
    int,
    typer.Option(
        "--ngrams",
        min=1,
        max=5,
        help=help_text(
            "最多几个相邻的词作一项。", "Up to how many neighbouring words make a term."
        ),
    ),
]
WindowOption = Annotated[
    int,
    typer.Option(
        "--window", help=help_text("搭配词的最大间距。", "How far apart collocations may be.")
    ),
]
MinCountOption = Annotated[
    int,
    typer.Option("--min-count", min=1, help=help_text("至少出现几次。", "Least count of a word.")),
]
MinDocumentsOption = Annotated[
    int,
    typer.Option(
        "--min-documents",
        min=1,
        help=help_text("至少见于几份报告。", "Least number of reports."),
    ),
]


def kwic(
    pattern: PatternArgument,
    inputs: InputsArgument,
    out: StudyOutOption,
    match: MatchOption = MatchName.text,
    width: ContextOption = 30,
    width_unit: ContextUnitOption = WidthUnitName.chars,
    sort: SortOption = SortName.report,
    most: MostOption = 100_000,
    sections: SectionsOption = "",
    unit: UnitOption = UnitName.report,
    engine: EngineOption = EngineName.jieba,
    words: OwnWordsOption = None,
    variables: VariablesOption = None,
    workers: WorkersOption = 1,
    agencies: AgenciesOption = None,
    lang: LangOption = Language.zh,
) -> None:
    """Write every place of a word with its context, as a table and a page."""
    from mining.study.kwic import Query
    from mining.study.wordstudy import write_kwic

    query = Query(
        pattern=pattern,
        match=match.value,
        width=width,
        unit=width_unit.value,
        sort=sort.value,
        most=most,
    )
    tokenizer = make_tokenizer(engine, words, None, lang)
    corpus = make_corpus(inputs, sections, unit, variables, workers, agencies, lang)
    files, found = write_kwic(corpus, out, query, tokenizer=tokenizer, lang=lang.value)
    with_hits, searched = found.documents
    typer.echo(
        say("kwic", lang=lang, found=found.found, documents=with_hits, searched=searched), err=True
    )
    end_study(corpus, out, len(files), lang)


def keywords(
    inputs: InputsArgument,
    out: StudyOutOption,
    by: ByOption = "year",
    sections: SectionsOption = "overview,problems,other",
    unit: UnitOption = UnitName.section,
    engine: EngineOption = EngineName.jieba,
    words: OwnWordsOption = None,
    stop: StopWordsOption = None,
    dictionary: DictionaryOption = None,
    variables: VariablesOption = None,
    ngrams: NgramsOption = 1,
    window: WindowOption = 1,
    min_count: MinCountOption = 5,
    min_documents: MinDocumentsOption = 3,
    workers: WorkersOption = 1,
    agencies: AgenciesOption = None,
    lang: LangOption = Language.zh,
) -> None:
    """Write frequencies, collocations, TF-IDF and the words that set groups apart."""
    from mining.study.dictionaries import load_dictionary
    from mining.study.wordstudy import Counting, write_keywords

    tokenizer = make_tokenizer(engine, words, stop, lang)
    known = None if dictionary is None else load_dictionary(dictionary)
    corpus = make_corpus(inputs, sections, unit, variables, workers, agencies, lang)
    how = Counting(longest=ngrams, window=window, min_count=min_count, min_documents=min_documents)
    files, alone = write_keywords(
        corpus,
        out,
        tokenizer,
        by=split_list(by),
        counting=how,
        dictionary=known,
        workers=workers,
    )
    for name in alone:
        typer.secho(say("alone", lang=lang, name=name), fg="yellow", err=True)
    end_study(corpus, out, len(files), lang)


def make_tokenizer(
    engine: EngineName, words: Path | None, stop: Path | None, lang: Language
) -> Tokenizer:
    """Return how texts become words; tell when the fast engine is not installed."""
    from mining.study.tokens import Tokenizer, choose_engine, load_words

    chosen, is_stand_in = choose_engine(engine.value)
    if is_stand_in:
        typer.secho(say("engine", lang=lang), fg="yellow", err=True)
    return Tokenizer(
        engine=chosen,
        own_words=() if words is None else load_words(words),
        stop=None if stop is None else load_words(stop),
    )


def make_corpus(
    inputs: list[str],
    sections: str,
    unit: UnitName,
    variables: Path | None,
    workers: int,
    agencies: Path | None,
    lang: Language,
) -> Corpus:
    """Return the corpus that the arguments name; tell what can't be read or joined."""
    from mining.history.mapping import load_agencies
    from mining.study.corpus.collection import open_corpus

    known = None if agencies is None else load_agencies(agencies)
    points = unit is UnitName.point
    corpus = open_corpus(inputs, points=points, workers=workers, agencies=known)
    for failure in corpus.failures[:_SHOWN_FAILURES]:
        line = word_error(
            code=failure.code, message=failure.message, path=failure.source, lang=lang
        )
        typer.secho(line, fg="yellow", err=True)
    if variables is not None:
        corpus = corpus.join(variables)
        rows = len(corpus.unmatched[-1])
        if rows:
            typer.secho(say("unmatched", lang=lang, rows=rows), fg="yellow", err=True)
    if points:
        return corpus.points("problem", "improvement")
    if sections or unit is UnitName.section:
        corpus = corpus.sections(*split_list(sections))
    return corpus.sentences() if unit is UnitName.sentence else corpus


def end_study(corpus: Corpus, out: Path, files: int, lang: Language) -> None:
    """Tell what was written; the exit code is 3 when reports could not be read."""
    tell_written(out, files, lang=lang)
    if corpus.failures:
        raise typer.Exit(3)
