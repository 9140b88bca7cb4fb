"""Names of addresses for people, put together from the labels of a form."""

from __future__ import annotations

from mining.form import DerivedSpec, TableSpec
from mining.textkeys import strip_numbering

__all__ = ["address_labels"]


def address_labels(
    tables: tuple[TableSpec, ...], derived: tuple[DerivedSpec, ...]
) -> dict[str, str]:
    """Return the printed name of every cell and derived quantity, by address.

    Returns
    -------
    dict of str to str
        Such as ``{"applications.received.total": "本年新收政府信息公开申请数量·总计"}``.
    """
    out: dict[str, str] = {d.address: d.label for d in derived}
    for table in tables:
        columns = {c.key: c.labels[0] for c in table.columns if c.labels}
        for row in table.rows:
            name = strip_numbering(row.labels[0]) if row.labels else row.key
            for column in row.columns:
                alone = table.layout == "indicators"
                label = name if alone else f"{name}·{columns.get(column, column)}"
                out[f"{table.key}.{row.key}.{column}"] = label
    return out
