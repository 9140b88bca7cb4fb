"""Tables of an audit's folder of results as data frames, with what groups reports."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds

from mining.errors import StudyError
from mining.origin.agencies import parse_agency
from mining.study.kinds import agency_kind

__all__ = ["GROUPINGS", "UNKNOWN", "agency_key", "load_reports", "load_table"]

GROUPINGS = ("year", "region", "province", "level", "kind", "template")
"""Columns of `load_reports` that a study can compare by."""

UNKNOWN = "unknown"
"""The group of reports that don't tell where they belong."""

_SPACES = re.compile(r"\s+")
_REPORT_COLUMNS = ("report", "agency", "region", "year", "template", "status")


def load_table(run: Path, name: str, columns: Sequence[str]) -> pd.DataFrame:
    """Return columns of one output table, from a Parquet file or a folder of Parquet files.

    Raises
    ------
    StudyError
        E701 when `run` is no folder of results, the table or a column is missing, or it can't be
        read.
    """
    path = run / f"{name}.parquet"
    hint = "give the folder that `mining audit --out` wrote"
    if not run.is_dir():
        msg = "there is no such folder"
        raise StudyError(msg, code="E701", path=run, hint=hint)
    if not path.exists():
        msg = f"the folder has no table {name}.parquet"
        raise StudyError(msg, code="E701", path=run, hint=hint)
    try:
        dataset = ds.dataset(path, format="parquet", partitioning="hive")
        if missing := [c for c in columns if c not in dataset.schema.names]:
            msg = f"the table lacks the columns: {', '.join(missing)}"
            raise StudyError(msg, code="E701", path=path, hint=hint)
        return dataset.to_table(columns=list(columns)).to_pandas()
    except (OSError, pa.ArrowException) as error:
        msg = f"the table can't be read ({str(error).splitlines()[0]})"
        raise StudyError(msg, code="E701", path=path, hint="run `mining audit` again") from error


def agency_key(name: str) -> str:
    """Return what names of one agency have in common: the name without blanks.

    Examples
    --------
    >>> agency_key("江宁区 水利局")
    '江宁区水利局'
    """
    return _SPACES.sub("", name)


def load_reports(run: Path, *, key: Callable[[str], str] = agency_key) -> pd.DataFrame:
    """Return the reports that could be read, with an agency key and the columns of `GROUPINGS`.

    A report whose agency is unknown is an agency of its own (column ``is_known`` tells), because
    nothing says that two of them belong together. Years are whole numbers or missing; the other
    groups are `UNKNOWN` where nothing is told.

    Parameters
    ----------
    run
        Folder of results of an audit.
    key
        Maps the name of an agency to what is the same in all years.
    """
    read = load_table(run, "reports", _REPORT_COLUMNS)
    reports = read[read["status"] == "ok"].drop_duplicates("report").sort_values("report")
    names = reports["agency"].fillna("").astype(str)
    parsed = names.map(parse_agency)
    return pd.DataFrame(
        {
            "report": reports["report"],
            "agency": [
                key(name) if name else f"report {report}"
                for name, report in zip(names, reports["report"], strict=True)
            ],
            "is_known": names != "",
            "year": pd.to_numeric(reports["year"]).astype("Int64"),
            "region": _told(reports["region"]),
            "province": _told(parsed.map(lambda name: name.province)),
            "level": _told(parsed.map(lambda name: name.level)),
            "kind": names.map(lambda name: agency_kind(name) if name else UNKNOWN),
            "template": _told(reports["template"]),
        }
    ).reset_index(drop=True)


def _told(values: pd.Series) -> pd.Series:
    filled = values.fillna("").astype(str)
    return filled.where(filled != "", UNKNOWN)
