"""Options and arguments of the commands: their help, and the lists that they choose from."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from mining.cli.words import help_text
from mining.corpus.limits import Limits
from mining.settings import Settings

__all__ = [
    "DEFAULT_MAX_BYTES",
    "DEFAULT_MEGABYTES",
    "DEFAULT_SECONDS",
    "AgenciesOption",
    "DaskLocalOption",
    "FailOnOption",
    "ForceOption",
    "FormOption",
    "FormatOption",
    "IgnoreOption",
    "InputsArgument",
    "LangOption",
    "Language",
    "Level",
    "MaxBytesOption",
    "OutOption",
    "ReportSecondsOption",
    "RestartOption",
    "ResumeOption",
    "SchedulerOption",
    "SelectOption",
    "WorkerMemoryOption",
    "WorkersOption",
    "split_list",
]

DEFAULT_MAX_BYTES = Settings().max_bytes
DEFAULT_SECONDS = Limits().seconds
DEFAULT_MEGABYTES = Limits().megabytes


class Language(StrEnum):
    """Languages of messages."""

    zh = "zh"
    en = "en"


class Level(StrEnum):
    """What ``--fail-on`` asks for: findings of this kind or worse."""

    error = "error"
    warning = "warning"
    suspect = "suspect"


def split_list(text: str) -> tuple[str, ...]:
    """Return the items of a comma-separated option, full-width commas allowed.

    Examples
    --------
    >>> split_list("csv, xlsx，json")
    ('csv', 'xlsx', 'json')
    """
    items = (item.strip() for item in text.replace("，", ",").split(","))
    return tuple(item for item in items if item)


InputsArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT...",
        help=help_text(
            "文件、文件夹、通配符、zip 压缩包、网页存档（.warc）或打包的 .parquet。",
            "Files, folders, globs, zip and WARC archives or packed corpora (.parquet).",
        ),
    ),
]
OutOption = Annotated[
    Path, typer.Option(help=help_text("写结果的文件夹。", "Folder for the results."))
]
WorkersOption = Annotated[
    int, typer.Option(min=1, max=256, help=help_text("并行的进程数。", "Number of processes."))
]
FormatOption = Annotated[
    str,
    typer.Option(
        "--format",
        help=help_text(
            "除 Parquet 外再写 csv、xlsx、json（逗号隔开）。",
            "Write csv, xlsx, json as well (comma-separated).",
        ),
    ),
]
LangOption = Annotated[
    Language,
    typer.Option(
        "--lang", envvar="MINING_LANG", help=help_text("消息的语言。", "Language of messages.")
    ),
]
FailOnOption = Annotated[
    Level | None,
    typer.Option(
        help=help_text(
            "有这类或更严重的问题时，退出码为 1。", "Exit with 1 when there are such findings."
        )
    ),
]
SelectOption = Annotated[
    str,
    typer.Option(
        help=help_text(
            "只用编号以此开头的规则（逗号隔开），如 table-。",
            "Only rules that start with these prefixes, as in table-.",
        )
    ),
]
IgnoreOption = Annotated[
    str,
    typer.Option(
        help=help_text(
            "不用编号以此开头的规则（逗号隔开）。", "No rules that start with these prefixes."
        )
    ),
]
FormOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--form",
        help=help_text("自己的表单文件，优先于自带的。", "Form files of your own, tried first."),
    ),
]
AgenciesOption = Annotated[
    Path | None,
    typer.Option(
        "--agencies",
        help=help_text(
            "单位对照表（CSV，列名 agency、same_as，可加 from、to），用于跨年核对。",
            "CSV of agencies that are the same: agency, same_as and, if wanted, from, to.",
        ),
    ),
]
MaxBytesOption = Annotated[
    int,
    typer.Option(
        min=1,
        help=help_text("超过这么多字节的文件不读。", "Larger files (in bytes) are refused."),
    ),
]
ForceOption = Annotated[
    bool,
    typer.Option(
        "--force",
        help=help_text(
            "文件夹里有别的文件也写（别的文件不动）。",
            "Write to a folder with other files, which stay.",
        ),
    ),
]
ResumeOption = Annotated[
    bool,
    typer.Option(
        "--resume",
        help=help_text(
            "接着上次没有做完的继续（输入和选项须与上次相同）。",
            "Go on with an unfinished run of the same inputs and options.",
        ),
    ),
]
RestartOption = Annotated[
    bool,
    typer.Option(
        "--restart",
        help=help_text("丢弃上次没有做完的，从头开始。", "Throw an unfinished run away."),
    ),
]
SchedulerOption = Annotated[
    str,
    typer.Option(
        help=help_text(
            "用这个 Dask 调度器的机器核对，如 tcp://node1:8786。",
            "Use the workers of this Dask scheduler, as in tcp://node1:8786.",
        )
    ),
]
DaskLocalOption = Annotated[
    int,
    typer.Option(
        min=0,
        max=256,
        help=help_text("在本机用 Dask 并行的进程数。", "Processes of this machine, under Dask."),
    ),
]
ReportSecondsOption = Annotated[
    float,
    typer.Option(
        min=1,
        help=help_text(
            "一份报告超过这么多秒就放弃（多进程时）。",
            "A report that takes longer is given up (with several processes).",
        ),
    ),
]
WorkerMemoryOption = Annotated[
    int,
    typer.Option(
        min=200,
        help=help_text(
            "一个进程最多用多少 MB 内存。", "Memory of a process in MB, beyond which it is killed."
        ),
    ),
]
