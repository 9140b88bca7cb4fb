"""Document variables of a user's table, joined to reports by name, or by agency and year."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
from numpy.typing import NDArray

from mining.errors import StudyError

__all__ = ["Joined", "join_variables", "load_variables", "packed_variables"]

_REPORT = ["report"]
_AGENCY = ["agency", "year"]


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """Reports with a user's variables.

    Parameters
    ----------
    variables
        The reports, as many and in the same order as before.
    unmatched
        Rows of the user's table that no report has.
    n_without
        Reports that no row is for.
    """

    variables: pd.DataFrame
    unmatched: pd.DataFrame
    n_without: int


def load_variables(path: Path) -> pd.DataFrame:
    """Return a user's CSV or Parquet table.

    Raises
    ------
    StudyError
        E703 when it can't be read.
    """
    try:
        if path.suffix.lower() == ".parquet":
            return pd.read_parquet(path)
        return pd.read_csv(path, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        msg = f"the table can't be read ({str(error).splitlines()[0]})"
        hint = "save it as CSV in UTF-8, with a column report, or agency and year"
        raise StudyError(msg, code="E703", path=path, hint=hint) from error


def join_variables(
    variables: pd.DataFrame, table: pd.DataFrame, *, path: Path | None = None
) -> Joined:
    """Add the columns of `table`; what it tells stands above what the reports tell.

    Parameters
    ----------
    variables
        One row per report, with the columns ``report``, ``agency`` and ``year``.
    table
        With the column ``report``, or ``agency`` and ``year`` (several reports of an agency and
        year all get its row). Blanks in names of agencies do not count.
    path
        Where the table is from, for messages.

    Raises
    ------
    StudyError
        E703 when the table has neither key, nothing besides, or two rows for one key.
    """
    keys = next((k for k in (_REPORT, _AGENCY) if set(k) <= set(table.columns)), None)
    added = [] if keys is None else [c for c in table.columns if c not in keys]
    if keys is None or not added:
        msg = "the table has no column report, and not both agency and year"
        raise _fault(msg if keys is None else "the table has no column besides its key", path)
    left, right = _keyed(variables, keys), _keyed(table, keys)
    if twice := sorted(set(right[right.duplicated() & (right != "")])):
        msg = f"two rows are for {twice[0]}"
        raise _fault(msg, path)
    place = pd.Index(right).get_indexer(left)
    place[(left == "").to_numpy()] = -1
    joined = variables.reset_index(drop=True)
    for name in added:
        joined = joined.assign(**{name: _beside(joined.get(name), table[name], place)})
    unmatched = table.drop(index=table.index[pd.unique(place[place >= 0])])
    return Joined(joined, unmatched.reset_index(drop=True), int((place < 0).sum()))


def _beside(known: pd.Series | None, told: pd.Series, place: NDArray[np.intp]) -> pd.Series:
    """Return a user's values in the order of the reports, and elsewhere what was known."""
    # Position -1 takes the missing value put at the end.
    values = [*told.astype(object), pd.NA]
    ordered = pd.Series([values[i] for i in place], dtype=object)
    whole = ordered if known is None else ordered.combine_first(known.astype(object))
    return whole.convert_dtypes()


def packed_variables(path: Path) -> pd.DataFrame:
    """Return all columns of a Parquet file of texts but the text.

    Raises
    ------
    StudyError
        E701 when a column is missing, a name comes twice or the file can't be read.
    """
    hint = "give a file with the columns report and text"
    if not path.exists():
        msg = "there is no such file or folder"
        raise StudyError(msg, code="E701", path=path, hint=hint)
    try:
        dataset = ds.dataset(path, format="parquet")
        names = dataset.schema.names
        if missing := [c for c in ("report", "text") if c not in names]:
            msg = f"the table lacks the columns: {', '.join(missing)}"
            raise StudyError(msg, code="E701", path=path, hint=hint)
        table = dataset.to_table(columns=[c for c in names if c != "text"]).to_pandas()
    except (OSError, pa.ArrowException) as error:
        msg = f"the table can't be read ({str(error).splitlines()[0]})"
        raise StudyError(msg, code="E701", path=path, hint=hint) from error
    table["report"] = table["report"].astype(str)
    if twice := sorted(set(table.loc[table["report"].duplicated(), "report"])):
        msg = f"two texts are named {twice[0]}"
        raise StudyError(msg, code="E701", path=path, hint="give each text a name of its own")
    return table


def _keyed(table: pd.DataFrame, keys: list[str]) -> pd.Series:
    """Return one text per row to match by, empty where a part is missing."""
    if keys == _REPORT:
        return table["report"].fillna("").astype(str)
    names = table["agency"].fillna("").astype(str).str.replace(r"\s+", "", regex=True)
    years = pd.to_numeric(table["year"], errors="coerce")
    whole = years.notna() & (names != "")
    told = names + " " + years.fillna(0).astype(int).astype(str)
    return told.where(whole, "")


def _fault(message: str, path: Path | None) -> StudyError:
    hint = "give a table with one row per report, or per agency and year"
    return StudyError(message, code="E703", path=path, hint=hint)
