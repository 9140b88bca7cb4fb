"""Tables of web pages: rows with their merged cells, and tables that only lay out a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mining.html.tree import BLOCKS, Node

__all__ = ["Row", "cell_text", "table_parts"]

# Old pages put forms around rows.
_GROUPS = frozenset({"tbody", "thead", "tfoot", "form"})
# No statutory table has so many columns; a larger number is a slip or an attack.
_MAX_SPAN = 1000
# A cell with more text than this holds paragraphs: the table lays out the page.
_MAX_CELL = 300
# A row of one cell with more text than this is a note, not a label.
_MAX_LABEL = 60


@dataclass(slots=True)
class Row:
    """One printed row: each cell's text and element; ``None`` for a cell merged from above."""

    cells: list[tuple[str, Node | None]]


def cell_text(cell: Node) -> str:
    """Return the text of a cell with a line end at each block and break."""
    children = cell.children
    before = after = ""
    # Most cells hold one text, alone or in a paragraph, or in a span of one.
    while len(children) == 1:
        only = children[0]
        if isinstance(only, str):
            text = only if children is cell.children else only.replace("\n", " ")
            return f"{before}{text}{after}"
        if only.hidden:
            return before + after
        if only.tag in BLOCKS:
            before += "\n"
            after += "\n"
        elif only.tag == "br":
            before += "\n"
        children = only.children
    return f"{before}{_joined(children)}{after}"


def _joined(children: list[Node | str]) -> str:
    pieces: list[str] = []
    stack: list[Node | str | None] = [*reversed(children)]
    while stack:
        item = stack.pop()
        if item is None:  # the end of a block
            pieces.append("\n")
        elif isinstance(item, str):
            pieces.append(item.replace("\n", " ") if "\n" in item else item)
        elif not item.hidden:
            is_block = item.tag in BLOCKS
            if is_block or item.tag == "br":
                pieces.append("\n")
            if is_block:
                stack.append(None)
            stack.extend(reversed(item.children))
    return "".join(pieces)


def table_parts(table: Node) -> Iterator[Row | Node]:
    """Yield the rows of a table, and as elements whatever in it is no row of cells.

    A row of a layout table comes as its cells, to be read like any other block.
    """
    merged: list[_Merged] = []
    parts = list(_row_parts(table))
    if table.nested:
        parts = [p if isinstance(p, Node) else _spliced(p) for p in parts]
    one_column = all(isinstance(part, Node) or len(part) == 1 for part in parts)
    for part in parts:
        if isinstance(part, Node):
            yield part
            continue
        texts = [cell_text(cell) for cell in part]
        outer = part if table.nested else []
        if one_column or _is_layout(texts, outer, alone=not merged):
            yield from part
        elif not merged and not any("rowspan" in cell.attrs for cell in part):
            yield Row(list(zip(texts, part, strict=True)))
        else:
            yield Row(_placed(part, texts, merged))
            merged = [m for m in merged if m.rows > 0]


@dataclass(slots=True)
class _Merged:
    """A cell that reaches into the rows below: its first column, width and rows still to come."""

    column: int
    width: int
    rows: int


def _row_parts(table: Node) -> Iterator[list[Node] | Node]:
    """Yield the cells of each row; cells without a row make rows of their own."""
    loose: list[Node] = []
    for item in _shown_children(table):
        if item.tag in ("td", "th"):
            loose.append(item)
            continue
        if loose:
            yield loose
            loose = []
        if item.tag == "tr":
            cells, others = _cells_of(item)
            yield from others
            if cells:
                yield cells
        else:
            yield item
    if loose:
        yield loose


def _shown_children(table: Node) -> Iterator[Node]:
    """Yield what a table holds, through groups of rows; stray text as a paragraph."""
    stack: list[Node | str] = list(reversed(table.children))
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            if item.strip():
                yield _wrapped(item, table)
        elif item.tag in _GROUPS and not item.hidden:
            stack.extend(reversed(item.children))
        elif not item.hidden:
            yield item


def _wrapped(text: str, near: Node) -> Node:
    node = Node("p", {}, near.number, hidden=False)
    node.children.append(text)
    return node


def _cells_of(row: Node) -> tuple[list[Node], list[Node]]:
    """Part the children of a row into cells and what stands there by mistake."""
    cells: list[Node] = []
    others: list[Node] = []
    for child in row.children:
        if isinstance(child, str):
            if child.strip():
                others.append(_wrapped(child, row))
        elif not child.hidden:
            (cells if child.tag in ("td", "th") else others).append(child)
    return cells, others


def _spliced(cells: list[Node]) -> list[Node]:
    """Put the cells of a nested table of one row in the place of the cell around it."""
    out: list[Node] = []
    for cell in cells:
        nested = _only_table(cell) if len(cells) > 1 else None
        rows = [p for p in _row_parts(nested) if isinstance(p, list)] if nested else []
        if len(rows) == 1 and len(rows[0]) > 1:
            out.extend(rows[0])
        else:
            out.append(cell)
    return out


def _only_table(cell: Node) -> Node | None:
    """Return the table that is all a cell holds."""
    filled = [c for c in cell.children if not isinstance(c, str) or c.strip()]
    only = filled[0] if len(filled) == 1 else None
    return only if isinstance(only, Node) and only.tag == "table" else None


def _is_layout(texts: list[str], outer: list[Node], *, alone: bool) -> bool:
    """Tell whether the cells of a row are parts of the page rather than cells of a table.

    `outer` are the cells, if the table holds other tables.
    """
    if len(texts) == 1 and alone:
        size = len(texts[0].strip())
        if size > _MAX_LABEL or not size:
            return True
    for text in texts:
        if len(text) > _MAX_CELL and len(text.strip()) > _MAX_CELL:
            return True
    return any(_holds_table(cell) for cell in outer)


def _holds_table(cell: Node) -> bool:
    """Tell whether a table of more than one cell stands inside a cell."""
    stack = [c for c in cell.children if isinstance(c, Node)]
    while stack:
        node = stack.pop()
        if node.tag == "table" and not node.hidden:
            rows = [p for p in _row_parts(node) if isinstance(p, list)]
            return len(rows) > 1 or any(len(r) > 1 for r in rows)
        stack.extend(c for c in node.children if isinstance(c, Node))
    return False


def _placed(
    cells: list[Node], texts: list[str], merged: list[_Merged]
) -> list[tuple[str, Node | None]]:
    """Return the cells of a row with an empty one wherever a cell from above reaches in."""
    placed: list[tuple[str, Node | None]] = []
    waiting = sorted((m for m in merged if m.rows > 0), key=lambda m: m.column)
    column = position = 0
    fresh: list[_Merged] = []
    for cell, text in zip(cells, texts, strict=True):
        while position < len(waiting) and waiting[position].column <= column:
            column = max(column, waiting[position].column + waiting[position].width)
            position += 1
            placed.append(("", None))
        attrs = cell.attrs
        width = _span(attrs["colspan"], 1) if "colspan" in attrs else 1
        # A row span of 0 reaches down to the end of the table.
        height = _span(attrs["rowspan"], _MAX_SPAN) if "rowspan" in attrs else 1
        if height > 1:
            fresh.append(_Merged(column, width, height - 1))
        column += width
        placed.append((text, cell))
    placed.extend(("", None) for _ in waiting[position:])
    for item in waiting:
        item.rows -= 1
    merged.extend(fresh)
    return placed


def _span(text: str, zero: int) -> int:
    """Return how many rows or columns an attribute says, `zero` for a 0."""
    text = text.strip()
    if not text.isascii() or not text.isdigit():
        return 1
    # A number of more digits than any table has columns means all that there are.
    number = int(text) if len(text) <= 6 else _MAX_SPAN
    return min(number, _MAX_SPAN) if number else zero
