"""`mining rule`: the list of rules, or what one of them checks and why."""

from __future__ import annotations

from typing import Annotated

import typer

from mining.cli.options import LangOption, Language
from mining.cli.words import help_text
from mining.errors import SettingsError

__all__ = ["rule"]


def rule(
    rule_id: Annotated[
        str,
        typer.Argument(
            metavar="[ID]", help=help_text("规则编号；不写则列出全部。", "Id of a rule, or none.")
        ),
    ] = "",
    lang: LangOption = Language.zh,
) -> None:
    """List all rules, or print the documentation of one."""
    from mining.catalog import RULES
    from mining.present.messages import word_rule_titles

    titles = word_rule_titles(lang.value)
    if not rule_id:
        for known in RULES.values():
            title = titles.get(known.id, "")
            typer.echo(f"{known.id:<24}{known.severity:<9}{title}")
        return
    if rule_id not in RULES:
        raise _unknown(rule_id, list(RULES))
    found = RULES[rule_id]
    typer.secho(f"{found.id}  {titles.get(found.id, '')}", bold=True)
    typer.echo(f"severity: {found.severity}  since: {found.since}\n\n{found.doc}")


def _unknown(rule_id: str, known: list[str]) -> SettingsError:
    from difflib import get_close_matches

    near = get_close_matches(rule_id, known, n=1)
    hint = f"did you mean {near[0]}?" if near else "`mining rule` lists them"
    return SettingsError(f"there is no rule {rule_id!r}; {hint}", code="E402", hint=hint)
