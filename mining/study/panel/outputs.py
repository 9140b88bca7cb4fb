"""The panel as files: CSV, Parquet, Excel and Stata, each with its codebook beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from mining.corpus.manifest import digest
from mining.errors import SettingsError
from mining.history.mapping import load_agencies
from mining.present.sinks import XlsxSink
from mining.study.labels import Lang
from mining.study.panel.build import Note, build_panel
from mining.study.panel.cells import Blanks
from mining.study.panel.variables import Variable, panel_variables, years_of
from mining.study.results import StudyResults, study_results

__all__ = ["PANEL_FORMATS", "codebook", "panel_tables", "read_settings", "write_panel"]

_TABLES = ("reports", "cells", "sections", "figures", "findings", "texts", "points", "themes")
_BOM = b"\xef\xbb\xbf"
_NO_TIME = datetime(2000, 1, 1)  # noqa: DTZ001 - the file format knows no time zones
# Stata: the longest text of fixed width, and the longest label.
_LONGEST_TEXT = 2045
_LONGEST_LABEL = 80
_ROWS = 2000
_FLAG_WORDS = {"zh": {0: "否", 1: "是"}, "en": {0: "no", 1: "yes"}}
_LANGS = ("zh", "en")
_CODED = ("level", "kind", "template")

Writer = Callable[[pd.DataFrame, Path, Lang], None]


def write_panel(
    run: Path,
    out: Path,
    *,
    formats: Sequence[str] = ("csv", "parquet", "xlsx", "dta"),
    agencies: Path | None = None,
    residents: Path | None = None,
    reuse: Path | None = None,
    blanks: Blanks = "missing",
    lang: Lang = "zh",
) -> tuple[tuple[str, ...], tuple[Note, ...]]:
    """Write the panel of a run, its codebook and its manifest.

    Parameters
    ----------
    run
        Folder of results of an audit.
    out, formats
        Folder for the files ``panel-data.*`` and ``panel-codebook.*``; some of `PANEL_FORMATS`.
    agencies, residents, reuse, blanks
        As for `mining.study.panel.build.build_panel`; the agencies as a file.
    lang
        Language of labels in the Stata file.

    Returns
    -------
    tuple
        Names of the files written, and what is to be told.

    Raises
    ------
    StudyError
        E701 when tables are missing, E702 when no report tells its year, E703 when `residents` or
        `reuse` can't be used.
    SettingsError, OutputError
        E401 when a format is unknown, E403 when `agencies` can't be used; E501 for `out`.
    """
    _check(formats)
    panel = build_panel(
        run,
        agencies=None if agencies is None else load_agencies(agencies),
        residents=residents,
        reuse=reuse,
        blanks=blanks,
    )
    settings = {
        **_given(agencies=agencies, residents=residents, reuse=reuse),
        "run": run.as_posix(),
        "formats": list(dict.fromkeys(formats)),
        "blanks": blanks,
        "lang": lang,
        "notes": [note.text(lang) for note in panel.notes],
    }
    with study_results(
        out, "panel", run=run, tables=panel_tables(run), settings=settings, formats=()
    ) as results:
        _write_files(results, panel.frame, dict.fromkeys(formats), lang)
    return tuple(results.files), panel.notes


def panel_tables(run: Path) -> list[str]:
    """Return the tables of a run that its panel is made of."""
    return [name for name in _TABLES if (run / f"{name}.parquet").exists()]


def _write_files(
    results: StudyResults, frame: pd.DataFrame, formats: Iterable[str], lang: Lang
) -> None:
    for kind in formats:
        PANEL_FORMATS[kind](frame, results.add_file(f"data.{kind}"), lang)
    book = codebook()
    _write_csv(book, results.add_file("codebook.csv"), lang)
    text = _markdown(book)
    results.add_file("codebook.md").write_text(text, encoding="utf-8", newline="\n")


def _check(formats: Sequence[str]) -> None:
    if unknown := [name for name in formats if name not in PANEL_FORMATS]:
        msg = f"unknown format: {', '.join(unknown)}"
        raise SettingsError(msg, code="E401", hint=f"choose from {', '.join(PANEL_FORMATS)}")


def _given(**paths: Path | None) -> dict[str, object]:
    """Return the other inputs by their roles, and what they were by their paths."""
    given = {name: path.as_posix() for name, path in paths.items() if path is not None}
    return {"given": given, "files": {path: digest(Path(path)) for path in given.values()}}


def read_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of `write_panel` (but for `out`) that a manifest tells."""
    given = {name: Path(path) for name, path in settings["given"].items()}
    kept = {name: settings[name] for name in ("formats", "blanks", "lang")}
    return {"run": Path(settings["run"]), **kept, **given}


def codebook() -> pd.DataFrame:
    """Return the codebook: one row for each column of the panel."""
    return pd.DataFrame([_entry(variable) for variable in panel_variables()])


def _entry(variable: Variable) -> dict[str, str]:
    pairs = {
        "label": variable.label,
        "definition": variable.definition,
        "unit": variable.unit,
        "breaks": variable.breaks,
    }
    told = {
        f"{name}_{lang}": pair[i] for name, pair in pairs.items() for i, lang in enumerate(_LANGS)
    }
    return {"name": variable.name, **told, "years": years_of(variable), "source": variable.source}


def _markdown(book: pd.DataFrame) -> str:
    """Return the codebook as a table to read."""
    rows = [book.columns, ["---"] * len(book.columns), *book.itertuples(index=False)]
    lines = (" | ".join(str(value).replace("|", "\\|") for value in row) for row in rows)
    return "# 变量说明 · Codebook\n\n" + "".join(f"| {line} |\n" for line in lines)


def _write_csv(frame: pd.DataFrame, path: Path, _lang: Lang) -> None:
    with path.open("wb") as file:
        # With the byte order mark Excel reads Chinese right.
        file.write(_BOM)
        options = pa.csv.WriteOptions(quoting_style="needed")
        pa.csv.write_csv(pa.Table.from_pandas(frame, preserve_index=False), file, options)


def _write_parquet(frame: pd.DataFrame, path: Path, _lang: Lang) -> None:
    table = pa.Table.from_pandas(frame, preserve_index=False)
    pq.write_table(table, path, compression="zstd")


def _write_xlsx(frame: pd.DataFrame, path: Path, _lang: Lang) -> None:
    table = pa.Table.from_pandas(frame, preserve_index=False)
    sink = XlsxSink(path, table.schema, name="panel")
    for batch in table.to_batches(max_chunksize=_ROWS):
        sink.write(pa.Table.from_batches([batch]))
    sink.close()


def _write_dta(frame: pd.DataFrame, path: Path, lang: Lang) -> None:
    """Write Stata's format of versions 14 and later, with labels of variables and of values."""
    side = _LANGS.index(lang)
    columns, long_texts, flags = {}, [], []
    for variable in panel_variables():
        values = frame[variable.name]
        if variable.kind == "text":
            columns[variable.name] = _stata_text(values, variable.name)
            if values.str.encode("utf-8").str.len().max() > _LONGEST_TEXT:
                long_texts.append(variable.name)
        else:
            columns[variable.name] = _stata_number(values)
            if variable.kind == "flag":
                flags.append(variable.name)
    pd.DataFrame(columns).to_stata(
        path,
        version=118,
        write_index=False,
        time_stamp=_NO_TIME,
        variable_labels={v.name: v.label[side][:_LONGEST_LABEL] for v in panel_variables()},
        value_labels=dict.fromkeys(flags, _FLAG_WORDS[lang]),
        convert_strl=long_texts,
    )


def _stata_text(values: pd.Series, name: str) -> pd.Series:
    """Return texts, or codes with a label for each group."""
    if name in _CODED and values.notna().any():
        return values.astype(object).where(values.notna(), None).astype("category")
    return values.fillna("").astype(object)


def _stata_number(values: pd.Series) -> pd.Series:
    """Return numbers with nan where missing, which Stata shows as a dot."""
    return pd.Series(values.to_numpy(dtype=np.float64, na_value=np.nan), name=values.name)


PANEL_FORMATS: Mapping[str, Writer] = {
    "csv": _write_csv,
    "parquet": _write_parquet,
    "xlsx": _write_xlsx,
    "dta": _write_dta,
}
"""Formats that `write_panel` knows, and their writers."""
