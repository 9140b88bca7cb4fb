"""`mining themes`: train on your own labels, measure, choose what to label, compare labellers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mining.cli.options import LangOption, Language
from mining.cli.words import help_text, say

if TYPE_CHECKING:
    from mining.themes.labelcsv import LabelSheet
    from mining.themes.themedata import ThemeData

__all__ = ["themes"]

themes = typer.Typer(
    name="themes",
    help=help_text("问题与改进的主题：训练、评估、挑选、比较。", "Themes: train, measure, label."),
    no_args_is_help=True,
)
DataArgument = Annotated[
    Path,
    typer.Argument(
        metavar="DATA",
        help=help_text(
            "标注：CSV 文件，或 TOML 文件（夹）。",
            "Labels: a CSV, a TOML file or a folder of them.",
        ),
    ),
]


@themes.command(help=help_text("用标注训练模型。", "Train a model on labels."))
def train(
    data: DataArgument,
    out: Annotated[Path, typer.Option(help=help_text("模型文件夹。", "Folder of the model."))],
    lang: LangOption = Language.zh,
) -> None:
    """Train a model and print the scores of its cross-validation."""
    from mining.themes.cards import model_card
    from mining.themes.classify import ThemeClassifier

    found = _load(data, lang)
    classifier = ThemeClassifier.fit(found.statements, found.labels, groups=found.groups)
    classifier.save(out)
    card = model_card(classifier.model, data=found, test={})
    (out / "card.md").write_text(card, encoding="utf-8", newline="\n")
    held = classifier.model.facts["cross_validation"]
    typer.echo(
        say("trained", lang=lang, n=held["statements"], micro=held["micro_f1"],
            macro=held["macro_f1"], out=out)
    )  # fmt: skip


@themes.command(help=help_text("在标注上评估模型。", "Measure a model on labels."))
def evaluate(
    model: Annotated[Path, typer.Argument(help=help_text("模型文件夹。", "Folder of the model."))],
    data: DataArgument,
    lang: LangOption = Language.zh,
) -> None:
    """Print counts and F1 by theme."""
    from mining.themes.classify import ThemeClassifier
    from mining.themes.themedata import score_data
    from mining.themes.themescore import render_themes

    classifier = ThemeClassifier.load(model)
    typer.echo(render_themes(score_data(classifier, _load(data, lang))))


@themes.command(help=help_text("挑选最值得标注的语句。", "Choose what to label next."))
def suggest(
    run: Annotated[
        Path, typer.Argument(help=help_text("核对结果的文件夹。", "Folder of an audit's results."))
    ],
    out: Annotated[
        Path, typer.Option(help=help_text("写出的 CSV 文件。", "The CSV to write."))
    ] = Path("to_label.csv"),
    n: Annotated[int, typer.Option("--n", min=1, help=help_text("条数。", "How many."))] = 100,
    model: Annotated[
        Path | None,
        typer.Option(help=help_text("自己的模型文件夹。", "Folder of a model of your own.")),
    ] = None,
    lang: LangOption = Language.zh,
) -> None:
    """Write points that the model is unsure of, with columns to fill in."""
    from mining.errors import OutputError
    from mining.study.labelling import rows_to_label
    from mining.themes.classify import ThemeClassifier, theme_classifier
    from mining.themes.labelcsv import write_label_csv

    classifier = ThemeClassifier.load(model) if model else theme_classifier()
    rows = rows_to_label(run, classifier, n)
    try:
        write_label_csv(out, rows)
    except OSError as error:
        raise OutputError(str(error.strerror), code="E501", path=out) from error
    typer.echo(say("to-label", lang=lang, n=len(rows), out=out))


@themes.command(help=help_text("比较两人的标注。", "Compare two people's labels."))
def agreement(first: DataArgument, second: DataArgument, lang: LangOption = Language.zh) -> None:
    """Print kappa by theme, and Krippendorff's alpha with its interval."""
    from mining.themes.agreement import agree, render_agreement
    from mining.themes.names import THEMES

    sides = [_by_statement(_load(path, lang)) for path in (first, second)]
    shared = [key for key in sides[0] if key in sides[1]]
    if not shared:
        typer.echo(say("nothing-shared", lang=lang), err=True)
        raise typer.Exit(3)
    labels = [[side[key] for key in shared] for side in sides]
    typer.echo(render_agreement(agree(labels[0], labels[1], themes=THEMES)))


def _load(path: Path, lang: Language) -> ThemeData:
    """Return labelled statements; bad rows of a CSV are all told, and end the command with 3."""
    from mining.themes.labelcsv import read_label_csv
    from mining.themes.labelled import load_labelled
    from mining.themes.names import THEMES
    from mining.themes.themedata import from_sections

    if path.suffix.lower() != ".csv":
        return from_sections(load_labelled(path))
    sheet = read_label_csv(path, themes=THEMES)
    _tell(sheet, path, lang)
    if sheet.bad:
        raise typer.Exit(3)
    return sheet.data


def _tell(sheet: LabelSheet, path: Path, lang: Language) -> None:
    for row in sheet.bad:
        line = say("bad-row", lang=lang, line=row.line, message=row.message, remedy=row.remedy)
        typer.secho(f"{path}: {line}", fg="red", err=True)
    if sheet.n_unlabelled:
        typer.echo(say("unlabelled", lang=lang, n=sheet.n_unlabelled), err=True)


def _by_statement(data: ThemeData) -> dict[tuple[str, str, int], tuple[str, ...]]:
    """Return labels by writer and text; the same words told twice are counted apart."""
    found: dict[tuple[str, str, int], tuple[str, ...]] = {}
    for group, statement, labels in zip(data.groups, data.statements, data.labels, strict=True):
        n = 0
        while (group, statement.text, n) in found:
            n += 1
        found[group, statement.text, n] = labels
    return found
