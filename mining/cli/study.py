"""`mining study`: what a run shows about many reports, one command per subject."""

from __future__ import annotations

import typer

from mining.cli.study_charts import charts
from mining.cli.study_panel import panel
from mining.cli.study_reuse import reuse
from mining.cli.study_themes import themes
from mining.cli.study_topics import topics
from mining.cli.study_words import keywords, kwic
from mining.cli.words import help_text

__all__ = ["study"]

study = typer.Typer(
    name="study",
    help=help_text(
        "研究：由核对结果得出统计表和图。", "Studies: tables and charts from the results of a run."
    ),
    no_args_is_help=True,
)
study.command(
    "themes",
    help=help_text("存在问题与改进措施的主题。", "Themes of problems and improvements."),
)(themes)
study.command(
    "panel", help=help_text("机关—年度面板数据与变量说明。", "Panel of agencies and years.")
)(panel)
study.command(
    "reuse",
    help=help_text("照搬的文字：与上年、与其他机关。", "Copied text: from last year, from others."),
)(reuse)
study.command(
    "kwic",
    help=help_text("关键词索引：一个词的每一处及前后文。", "Each place of a word, in context."),
)(kwic)
study.command(
    "keywords",
    help=help_text("词频、搭配与各组特有的词。", "Frequencies, collocations, words of each group."),
)(keywords)
study.command(
    "charts",
    help=help_text("论文用图：申请、公开率、核对结果等。", "Charts for papers: requests, rates …"),
)(charts)
study.command(
    "topics",
    help=help_text(
        "主题模型：词、代表句、占比和趋势。", "Topics: words, sentences, shares, trends."
    ),
)(topics)
