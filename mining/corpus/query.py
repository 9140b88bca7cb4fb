"""SQL over the tables of a run, in DuckDB: nothing else can be read, and nothing written."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mining.errors import MissingExtraError, ReadError, SettingsError

if TYPE_CHECKING:
    import duckdb

__all__ = ["Answer", "run_query"]

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_MAGIC = re.compile(r"[*?\[\]]")
_REPORTS, _YEAR = "reports", "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a query gave.

    Parameters
    ----------
    columns
        Names of the columns.
    rows
        At most as many as were asked for.
    is_cut
        Whether there are more.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    is_cut: bool


def run_query(run: Path, sql: str, *, limit: int, megabytes: int = 2_000) -> Answer:
    """Answer one SELECT over the tables in the folder `run`.

    Every ``NAME.parquet`` there, a file or a folder of files, is a table of that name. All tables
    of an audit have the column ``year``, however large the run was.

    Parameters
    ----------
    run
        What `mining audit` or `mining study` wrote.
    sql
        The query, in the SQL of DuckDB.
    limit
        Rows to return at most.
    megabytes
        Memory that the query may take; what needs more goes to temporary files.

    Raises
    ------
    MissingExtraError
        E601 when DuckDB is not installed.
    ReadError
        E105 when the folder has no tables, E101 when one is damaged.
    SettingsError
        E405 when `sql` is no query, or fails.
    """
    try:
        import duckdb  # noqa: PLC0415 - an extra
    except ImportError as error:
        hint = "pip install 'mining[query]'"
        raise MissingExtraError(str(error), code="E601", hint=hint) from error

    with tempfile.TemporaryDirectory() as scratch, duckdb.connect(":memory:") as database:
        _prepare(database, run, Path(scratch), megabytes=megabytes)
        try:
            statements = database.extract_statements(sql)
            # EXPLAIN is refused as well: EXPLAIN ANALYZE does what it explains.
            if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
                msg = "give one SELECT and nothing else"
                raise _refused(msg)
            answer = database.execute(statements[0])
            rows = answer.fetchmany(limit + 1)
            columns = tuple(column[0] for column in answer.description or ())
        except duckdb.Error as error:
            raise _refused(str(error).strip()) from error
    return Answer(columns=columns, rows=tuple(rows[:limit]), is_cut=len(rows) > limit)


def _refused(message: str) -> SettingsError:
    hint = "see docs/queries.md; DESCRIBE findings names the columns of a table"
    return SettingsError(message, code="E405", hint=hint)


def _prepare(
    database: duckdb.DuckDBPyConnection, run: Path, scratch: Path, *, megabytes: int
) -> None:
    """Make the views, then lock everything else away."""
    import duckdb  # noqa: PLC0415 - an extra

    tables = _tables(run)
    for setting, value in (
        ("memory_limit", f"{megabytes}MB"),
        ("temp_directory", str(scratch)),
        # Nothing is ever fetched.
        ("autoinstall_known_extensions", "false"),
        ("python_enable_replacements", "false"),
    ):
        database.execute(f"SET {setting} = {_text(value)}")
    columns: dict[str, list[str]] = {}
    for table, files in tables.items():
        source = f"read_parquet([{', '.join(map(_pattern, files))}], hive_partitioning = false)"
        try:
            found = database.execute(f"SELECT * FROM {source} LIMIT 0").description or ()  # noqa: S608
            columns[table] = [column[0] for column in found]
        except duckdb.Error as error:
            told = str(error).strip().splitlines()[0]
            msg = f"damaged Parquet file: {told}"
            path = run / f"{table}.parquet"
            raise ReadError(msg, code="E101", path=path, hint="make the run again") from error
        database.execute(f"CREATE VIEW {_file_view(table)} AS SELECT * FROM {source}")  # noqa: S608
    for table, names in columns.items():
        database.execute(f"CREATE VIEW {table} AS {_view(table, names, columns)}")
    allowed = dict.fromkeys(
        text
        for files in tables.values()
        for path in files
        for text in (_text(str(path)), _pattern(path))
    )
    database.execute(f"SET allowed_paths = [{', '.join(allowed)}]")
    database.execute("SET enable_external_access = false")
    database.execute("SET lock_configuration = true")


def _tables(run: Path) -> dict[str, list[Path]]:
    """Return the files of each table in a folder of results."""
    hint = "give a folder that `mining audit` or `mining study` wrote"
    try:
        found = sorted(path for path in run.iterdir() if path.suffix == ".parquet")
    except OSError as error:
        told = error.strerror or str(error)
        raise ReadError(told, code="E105", path=run, hint=hint) from error
    tables: dict[str, list[Path]] = {}
    for path in found:
        files = sorted(path.rglob("*.parquet")) if path.is_dir() else [path]
        if files and _NAME.fullmatch(path.stem):
            tables[path.stem] = [file.absolute() for file in files]
    if not tables:
        msg = "the folder has no tables"
        raise ReadError(msg, code="E105", path=run, hint=hint)
    return tables


def _file_view(table: str) -> str:
    return f'"{table}.parquet"'


def _view(table: str, names: list[str], columns: Mapping[str, list[str]]) -> str:
    """Return the query for a table; in a small run only ``reports`` tells the year by itself."""
    of_reports = columns.get(_REPORTS, [])
    if _YEAR in names or "report" not in names or not {"report", _YEAR} <= set(of_reports):
        return f"SELECT * FROM {_file_view(table)}"  # noqa: S608 - names of our own
    return (
        f"SELECT t.*, r.{_YEAR} FROM {_file_view(table)} t"  # noqa: S608 - names of our own
        f" LEFT JOIN {_file_view(_REPORTS)} r ON r.report = t.report"
    )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _pattern(path: Path) -> str:
    """Return a path as a pattern that stands for itself."""
    return _text(_MAGIC.sub(r"[\g<0>]", str(path)))
