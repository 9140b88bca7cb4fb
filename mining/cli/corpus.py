"""`mining corpus`: many small files into a few Parquet files, and what is in there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mining.cli.audit import find_inputs
from mining.cli.options import (
    DEFAULT_MAX_BYTES,
    InputsArgument,
    LangOption,
    Language,
    MaxBytesOption,
    split_list,
)
from mining.cli.progress import show_progress
from mining.cli.words import help_text, say, say_skipped
from mining.errors import SettingsError
from mining.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mining.corpus.inputs import Inputs
    from mining.corpus.pack import Packed
    from mining.corpus.packinfo import PackInfo
    from mining.corpus.variables import VariableSources

__all__ = ["corpus"]

corpus = typer.Typer(
    name="corpus",
    help=help_text("打包：把大量小文件装进少数 Parquet 文件。", "Pack many files into a few."),
    no_args_is_help=True,
)

PackArgument = Annotated[
    str,
    typer.Argument(
        metavar="CORPUS",
        help=help_text(
            "mining corpus pack 写出的 .parquet（本机路径或 s3:// 等地址）。",
            "A .parquet that mining corpus pack wrote: a path, or an address such as s3://….",
        ),
    ),
]
PackOutOption = Annotated[
    str,
    typer.Option(
        "--out",
        "-o",
        help=help_text("写到哪里，以 .parquet 结尾。", "Where to, ends in .parquet."),
    ),
]
ReplaceOption = Annotated[
    bool,
    typer.Option(
        "--force", help=help_text("替换已有的同名打包。", "Replace a pack that is there.")
    ),
]


@corpus.command("pack", help=help_text("打包文件夹、文件和压缩包。", "Pack folders and files."))
def pack(
    inputs: InputsArgument,
    out: PackOutOption,
    variables: Annotated[
        Path | None,
        typer.Option(
            "--variables",
            help=help_text(
                "文档变量表（CSV，report 一列为报告路径）。",
                "Document variables: CSV with a column report.",
            ),
        ),
    ] = None,
    pattern: Annotated[
        str,
        typer.Option(
            "--pattern",
            help=help_text(
                "从路径取变量，如 {region}/{agency}_{year}.txt。",
                "Variables in paths, as in {region}/{agency}_{year}.txt.",
            ),
        ),
    ] = "",
    as_text: Annotated[
        bool,
        typer.Option(
            "--text",
            help=help_text("存读出的文字，不存原文件。", "Keep the texts instead of the files."),
        ),
    ] = False,
    max_bytes: MaxBytesOption = DEFAULT_MAX_BYTES,
    force: ReplaceOption = False,
    lang: LangOption = Language.zh,
) -> None:
    """Pack inputs; the same command goes on with a pack that was left unfinished."""
    from mining.corpus.variables import PathPattern, VariableSources, load_table

    sources = VariableSources(
        table=load_table(variables) if variables else None,
        pattern=PathPattern(pattern) if pattern else None,
    )
    settings = Settings(max_bytes=max_bytes)
    found = find_inputs(inputs, Path(out), settings=settings)
    _pack(found, out, sources, settings=settings, as_text=as_text, force=force, lang=lang)


@corpus.command("merge", help=help_text("把几个打包并成一个。", "Put several packs together."))
def merge(
    inputs: InputsArgument,
    out: PackOutOption,
    force: ReplaceOption = False,
    lang: LangOption = Language.zh,
) -> None:
    """Put packs into one; reports of one name get the name of their pack before it."""
    from mining.corpus.packs import is_pack
    from mining.corpus.variables import VariableSources

    foreign = [name for name in inputs if not is_pack(name)]
    if foreign:
        msg = f"no packed corpus: {', '.join(foreign)}"
        raise SettingsError(msg, code="E401", hint="pack it with `mining corpus pack`")
    settings = Settings()
    found = find_inputs(inputs, Path(out), settings=settings)
    # A text has ".txt" behind its id; a name that was changed begins otherwise.
    renamed = sum(not item.name.startswith(item.report_id) for item in found.items)
    lines = [say("renamed", lang=lang, n=renamed)] if renamed else []
    _pack(found, out, VariableSources(), settings=settings, force=force, lang=lang, lines=lines)


@corpus.command("sample", help=help_text("从打包中抽样。", "Draw a sample of a pack."))
def sample(
    place: PackArgument,
    out: PackOutOption,
    size: Annotated[
        int, typer.Option("--size", "-n", min=1, help=help_text("抽多少份。", "How many."))
    ],
    by: Annotated[
        str,
        typer.Option(
            "--by",
            help=help_text(
                "按这些变量分层（逗号隔开），如 year,level。",
                "Variables that make the strata (comma-separated), as in year,level.",
            ),
        ),
    ] = "",
    seed: Annotated[
        int, typer.Option("--seed", min=0, help=help_text("随机数种子。", "Seed of chance."))
    ] = 0,
    force: ReplaceOption = False,
    lang: LangOption = Language.zh,
) -> None:
    """Draw reports by chance, from each stratum in proportion to its size."""
    from mining.corpus.sampling import draw_sample
    from mining.corpus.variables import VariableSources

    drawn = draw_sample(place, size, by=split_list(by), seed=seed)
    groups = drawn.groups.items() if by else ()
    lines = [
        say("stratum", lang=lang, name=" ".join(v or "–" for v in group), total=n, share=share)
        for group, (n, share) in groups
    ]
    settings, none = Settings(), VariableSources()
    _pack(drawn.inputs, out, none, settings=settings, force=force, lang=lang, lines=lines)


@corpus.command("info", help=help_text("打包里有什么、有无损坏。", "What is in a pack; damage."))
def info(
    place: PackArgument,
    verify: Annotated[
        bool,
        typer.Option(
            "--verify",
            help=help_text("逐份核对内容的 SHA-256。", "Compare each content with its SHA-256."),
        ),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help=help_text("输出 JSON。", "Print JSON."))
    ] = False,
    lang: LangOption = Language.zh,
) -> None:
    """Tell what a pack holds; exit code 3 when some of it is damaged."""
    import json

    from mining.corpus.packinfo import describe_pack

    found = describe_pack(place, verify=verify)
    if as_json:
        typer.echo(json.dumps(found.told(), ensure_ascii=False, indent=1))
    else:
        _tell_info(found, lang)
    if found.damage:
        raise typer.Exit(3)


def _pack(
    found: Inputs,
    out: str,
    sources: VariableSources,
    *,
    settings: Settings,
    as_text: bool = False,
    force: bool,
    lang: Language,
    lines: Sequence[str] = (),
) -> None:
    """Pack, and tell what came of it; `lines` tell more. Exit code 3 when reports failed."""
    from mining.corpus.pack import pack_reports
    from mining.corpus.packinfo import describe_pack

    total = len(found.items) + len(found.failures)
    with show_progress(total, lang=lang) as progress:
        done = pack_reports(
            found,
            out,
            settings=settings,
            variables=sources,
            as_text=as_text,
            force=force,
            progress=progress,
        )
    packed = describe_pack(out)
    _tell_packed(done, packed, found.skipped, out=out, lang=lang)
    for line in lines:
        typer.echo(line)
    if packed.failed:
        raise typer.Exit(3)


def _tell_packed(
    done: Packed, packed: PackInfo, skipped: Mapping[str, int], *, out: str, lang: Language
) -> None:
    lines = [say("packed", lang=lang, reports=packed.reports, parts=done.parts, out=out)]
    for key in ("kept", "unmatched", "unfitting"):
        n = getattr(done, key)
        lines += [say(f"packed-{key}", lang=lang, n=n)] if n else []
    lines += _troubles(packed, lang)
    lines += [say_skipped(skipped, lang=lang)] if skipped else []
    typer.echo("\n".join(lines), err=True)


def _troubles(found: PackInfo, lang: Language) -> Sequence[str]:
    lines = [say("packed-failed", lang=lang, n=found.failed)] if found.failed else []
    if found.doubles:
        shown = ["  " + " = ".join(names) for names in found.shown_doubles]
        lines += [say("doubles", lang=lang, n=found.doubles), *shown]
    return lines


def _tell_info(found: PackInfo, lang: Language) -> None:
    from mining.cli.words import word_error

    lines = [
        say(
            "pack-info",
            lang=lang,
            reports=found.reports,
            parts=found.parts,
            megabytes=f"{found.n_bytes / 1e6:,.1f}",
        )
    ]
    for key in ("formats", "years", "sizes", "variables"):
        counts = sorted(getattr(found, key).items(), key=lambda count: (len(count[0]), count))
        told = [f"{_name(key, name, lang)} {n}" for name, n in counts]
        lines += [say(f"pack-{key}", lang=lang, told=", ".join(told))] if told else []
    lines += _troubles(found, lang)
    typer.echo("\n".join(lines))
    for damage in found.damage:
        line = word_error(code=damage.code, message=damage.message, path=damage.where, lang=lang)
        typer.secho(line, fg="yellow", err=True)


def _name(key: str, name: str, lang: Language) -> str:
    if key == "sizes":
        return f"< {int(name) // 1000} kB" if name else say("larger", lang=lang)
    return name or say("no suffix", lang=lang)
