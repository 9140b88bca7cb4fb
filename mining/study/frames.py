"""Tables of an audit's folder of results as data frames, with what groups reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds

from mining.errors import StudyError
from mining.history.mapping import AgencyMap
from mining.origin.agencies import parse_agency
from mining.study.agencies import Agency, name_agencies
from mining.study.kinds import agency_kind

__all__ = ["GROUPINGS", "UNKNOWN", "load_reports", "load_table", "stream_table"]

GROUPINGS = ("year", "region", "province", "level", "kind", "template")
"""Columns of `load_reports` that a study can compare by."""

UNKNOWN = "unknown"
"""The group of reports that don't tell where they belong."""

_REPORT_COLUMNS = ("report", "agency", "region", "year", "template", "status")


def load_table(run: Path, name: str, columns: Sequence[str]) -> pd.DataFrame:
    """Return columns of one output table, from a Parquet file or a folder of Parquet files.

    Raises
    ------
    StudyError
        E701 when `run` is no folder of results, the table or a column is missing, or it can't be
        read.
    """
    batches = list(stream_table(run, name, columns))
    return pa.Table.from_batches(batches).to_pandas()


def stream_table(
    run: Path, name: str, columns: Sequence[str], *, optional: Sequence[str] = ()
) -> Iterator[pa.RecordBatch]:
    """Yield one output table in pieces, at least one, so that memory does not grow with it.

    Parameters
    ----------
    optional
        Columns that are left out where the table lacks them.

    Raises
    ------
    StudyError
        As `load_table`.
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
        present = dataset.schema.names
        if missing := [c for c in columns if c not in present]:
            msg = f"the table lacks the columns: {', '.join(missing)}"
            raise StudyError(msg, code="E701", path=path, hint=hint)
        chosen = [*columns, *(c for c in optional if c in present)]
        yield from _with_an_empty_one(dataset, chosen)
    except (OSError, pa.ArrowException) as error:
        msg = f"the table can't be read ({str(error).splitlines()[0]})"
        raise StudyError(msg, code="E701", path=path, hint="run `mining audit` again") from error


def _with_an_empty_one(dataset: ds.Dataset, columns: list[str]) -> Iterator[pa.RecordBatch]:
    """Yield no rows first: a table without any still has its columns and their types."""
    schema = pa.schema([dataset.schema.field(name) for name in columns])
    yield pa.RecordBatch.from_pylist([], schema=schema)
    # One row group after the other: nothing is read ahead, as texts and evidence are long.
    for fragment in dataset.get_fragments():
        for group in fragment.split_by_row_group():
            yield from group.to_batches(schema=dataset.schema, columns=columns)


def load_reports(run: Path, *, agencies: AgencyMap | None = None) -> pd.DataFrame:
    """Return the reports that could be read, with their agencies and the columns of `GROUPINGS`.

    Column ``agency`` has one name for each agency, the same in all its years; ``is_known`` tells
    whether reports with that name are of one agency, which a missing name or one without a place
    does not tell. Years are whole numbers or missing; the other groups are `UNKNOWN` where nothing
    is told.

    Parameters
    ----------
    run
        Folder of results of an audit.
    agencies
        A user's file of agencies that are the same.
    """
    read = load_table(run, "reports", _REPORT_COLUMNS)
    reports = read[read["status"] == "ok"].drop_duplicates("report").sort_values("report")
    names = reports["agency"].fillna("").astype(str)
    years = pd.to_numeric(reports["year"]).astype("Int64")
    parsed = names.map(parse_agency)
    found = _agencies(reports, names, years, agencies)
    return pd.DataFrame(
        {
            "report": reports["report"],
            "agency": [agency.name for agency in found],
            "is_known": [agency.is_known for agency in found],
            "year": years,
            "region": _told(reports["region"]),
            "province": _told(parsed.map(lambda name: name.province)),
            "level": _told(parsed.map(lambda name: name.level)),
            "kind": names.map(lambda name: agency_kind(name) if name else UNKNOWN),
            "template": _told(reports["template"]),
        }
    ).reset_index(drop=True)


def _agencies(
    reports: pd.DataFrame, names: pd.Series, years: pd.Series, agencies: AgencyMap | None
) -> list[Agency]:
    """Return the agency of each report; a report without a name is an agency of its own."""
    regions = reports["region"].astype(object).where(reports["region"].notna(), None)
    rows = zip(names, regions, (None if pd.isna(y) else int(y) for y in years), strict=True)
    known = iter(name_agencies((row for row in rows if row[0]), agencies))
    return [
        next(known) if name else Agency(f"report {report}", is_known=False)
        for name, report in zip(names, reports["report"], strict=True)
    ]


def _told(values: pd.Series) -> pd.Series:
    filled = values.fillna("").astype(str)
    return filled.where(filled != "", UNKNOWN)
