"""`mining verify`: whether results are still what they were, and come out the same again."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mining.cli.options import LangOption, Language
from mining.cli.words import help_text, say
from mining.errors import SettingsError

if TYPE_CHECKING:
    from mining.corpus.verify import Manifest, Rerun, Verdict

__all__ = ["verify"]

# Parts of a verdict, and the text for each file in them.
_PARTS = ("missing", "changed", "inputs_missing", "inputs_changed", "recomputed")


def verify(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="RUN",
            help=help_text(
                "mining audit 或 mining study 写出的文件夹。",
                "Folder that mining audit or mining study wrote.",
            ),
        ),
    ],
    recompute: Annotated[
        bool,
        typer.Option(
            "--recompute",
            help=help_text(
                "按清单重新计算，逐字节比较。",
                "Compute again as the manifest tells, and compare byte by byte.",
            ),
        ),
    ] = False,
    root: Annotated[
        Path,
        typer.Option(
            "--root",
            help=help_text(
                "清单中的相对路径从哪个文件夹算起。",
                "Folder that relative paths of the manifest start from.",
            ),
        ),
    ] = Path(),
    lang: LangOption = Language.zh,
) -> None:
    """Compare results with their manifest: exit code 0 same, 1 different, 3 inputs missing."""
    from mining.corpus.verify import load_manifests
    from mining.corpus.verify import verify as verify_one

    manifests = load_manifests(folder.absolute())
    if not root.is_dir():
        msg = "there is no such folder"
        raise SettingsError(msg, code="E401", path=root)
    with contextlib.chdir(root):
        verdicts = [verify_one(m, _rerun(m) if recompute else None) for m in manifests]
    for verdict in verdicts:
        _show(verdict, lang)
    if any(verdict.inputs_missing for verdict in verdicts):
        raise typer.Exit(3)
    if not all(verdict.is_same for verdict in verdicts):
        raise typer.Exit(1)


def _rerun(manifest: Manifest) -> Rerun:
    """Return what makes the results of a manifest again."""
    if manifest.task == "audit":
        from mining.corpus.verify import rerun_audit

        return rerun_audit
    if manifest.task == "panel":
        return _rerun_panel
    if manifest.task == "charts":
        return _rerun_charts
    msg = f"the study {manifest.task} can't be computed again from its manifest"
    hint = "verify it without --recompute, or run the study again and compare"
    raise SettingsError(msg, code="E401", path=manifest.path, hint=hint)


def _rerun_panel(manifest: Manifest, out: Path) -> None:
    from mining.study.panel.outputs import read_settings, write_panel

    write_panel(out=out, **read_settings(manifest.told["settings"]))


def _rerun_charts(manifest: Manifest, out: Path) -> None:
    from mining.study.chartstudy import read_settings, write_chart_study

    write_chart_study(out=out, **read_settings(manifest.told["settings"]))


def _show(verdict: Verdict, lang: str) -> None:
    for part in _PARTS:
        for name in getattr(verdict, part) or ():
            typer.secho(say(f"verify-{part}", lang=lang, name=name), fg="red", err=True)
    told = {"task": verdict.task, "files": verdict.n_files}
    if verdict.recomputed == ():
        typer.echo(say("verify-recomputed-same", lang=lang, **told), err=True)
    elif verdict.is_same and not verdict.inputs_missing:
        typer.echo(say("verify-same", lang=lang, **told), err=True)
