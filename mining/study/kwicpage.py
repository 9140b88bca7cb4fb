"""The page of a concordance: one file that needs no network and no script."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

import pandas as pd
from jinja2 import Environment, StrictUndefined

from mining.present.sinks import encodable, writing
from mining.study.kwic import Concordance
from mining.study.labels import Lang

__all__ = ["write_kwic_page"]

_COLUMN = {"zh": 0, "en": 1}
# A page of more rows is slow to open; the table has all.
_MOST_ROWS = 2000
_SHOWN = ["report", "agency", "year", "start", "end", "left", "hit", "right"]


def write_kwic_page(found: Concordance, pattern: str, path: Path, *, lang: Lang = "zh") -> None:
    """Write places with the hit highlighted, at most 2,000 of them.

    Raises
    ------
    OutputError
        E501 when it can't be written.
    """
    data = files("mining") / "data"
    words = tomllib.loads((data / "kwic.toml").read_text(encoding="utf-8"))
    ui = {name: pair[_COLUMN[lang]] for name, pair in words.items()}
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string((data / "kwic.html.j2").read_text(encoding="utf-8"))
    n = len(found.table)
    with_hits, searched = found.documents
    page = template.render(
        ui=ui,
        lang=lang,
        pattern=encodable(pattern),
        summary=ui["found"].format(
            pattern=encodable(pattern), found=found.found, documents=with_hits, searched=searched
        ),
        n_drawn=n if n < found.found else 0,
        more=n > _MOST_ROWS,
        rows=_rows(found.table.head(_MOST_ROWS)),
    )
    with writing(path):
        path.write_text(page, encoding="utf-8", newline="\n")


def _rows(table: pd.DataFrame) -> list[dict[str, str]]:
    shown = table[_SHOWN].astype(object).where(table[_SHOWN].notna(), "")
    return [{k: encodable(str(v)) for k, v in row.items()} for row in shown.to_dict("records")]
