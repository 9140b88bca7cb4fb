"""Tables from elsewhere that the panel takes in: residents, and shares of copied text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from mining.errors import StudyError
from mining.study.panel.cells import Floats

__all__ = ["COPIED", "load_residents", "load_shares"]

COPIED = ("copied_share", "template_share")
_RESIDENTS = ("region", "year", "residents")


def load_residents(path: Path) -> pd.DataFrame:
    """Read a table ``region, year, residents`` from CSV (UTF-8) or Parquet.

    Raises
    ------
    StudyError
        E703 when it can't be read, a column is missing, a value is no number, or a region stands
        twice in a year.
    """
    try:
        is_parquet = path.suffix.lower() == ".parquet"
        table = pd.read_parquet(path) if is_parquet else pd.read_csv(path, encoding="utf-8-sig")
    except (OSError, ValueError, pa.ArrowException) as error:
        raise _fault(path, str(error).splitlines()[0]) from error
    if missing := [name for name in _RESIDENTS if name not in table]:
        raise _fault(path, f"no column {missing[0]}")
    table = table[list(_RESIDENTS)].dropna()
    for name in ("year", "residents"):
        numbers = pd.to_numeric(table[name], errors="coerce")
        if numbers.isna().any():
            raise _fault(path, f"{name} is {table.loc[numbers.isna(), name].iloc[0]!r}")
        table[name] = numbers
    if (table["residents"] <= 0).any():
        raise _fault(path, "residents must be above 0")
    table["region"] = table["region"].astype(str).str.strip()
    if table.duplicated(["region", "year"]).any():
        twice = table[table.duplicated(["region", "year"])].iloc[0]
        raise _fault(path, f"{twice['region']} stands twice in {twice['year']}")
    return table


def load_shares(folder: Path, order: pd.Index) -> dict[str, Floats]:
    """Read the shares of copied text that ``mining study reuse`` wrote, for the reports in `order`.

    Raises
    ------
    StudyError
        E703 when no Parquet file of the folder has the columns.
    """
    wanted = {"report", *COPIED}
    for path in sorted(folder.glob("*.parquet")):
        if wanted <= set(pq.read_schema(path).names):
            return _shares(pd.read_parquet(path).drop_duplicates("report"), order)
    raise _fault(folder, f"no table with the columns {', '.join(sorted(wanted))}")


def _shares(table: pd.DataFrame, order: pd.Index) -> dict[str, Floats]:
    told = table.set_index("report").reindex(order)
    columns = [f"{name}{end}" for name in COPIED for end in ("", "_n")]
    nothing = np.full(len(order), np.nan)
    return {
        name: told[name].to_numpy(dtype=np.float64, na_value=np.nan) if name in told else nothing
        for name in columns
    }


def _fault(path: Path, message: str) -> StudyError:
    hint = "give a CSV file in UTF-8 with region,year,residents, or the folder of study reuse"
    return StudyError(message, code="E703", path=path, hint=hint)
