"""Ruled tables of a PDF page: grids out of straight rules, and the text of their cells."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from mining.pdf.lines import NUMBERED, join_text, make_lines
from mining.pdf.page import Box, Glyph, Rule
from mining.tabular.cellvalues import parse_cell

__all__ = ["Grid", "Row", "TableCell", "find_grids", "join_pages"]

# Rules this far apart are one rule: double lines, and cells that draw their own borders.
_SAME = 2.5
# A dashed rule has gaps; a rule may end this far from the one it meets.
_REACH = 4.0
# A page with more rules is a drawing.
_MAX_RULES = 1_000
_MAX_PLACES = 20_000
# Digits this close, as a share of the font size, are one number even across a rule.
_CLOSE = 0.12
# So far, as a share of the font size, may a number stand out of a table.
_OUT = 0.6
# A header row has so many texts at least.
_MANY = 3
_NUMBER_SIGNS = frozenset("0123456789.,，")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableCell:
    """One cell of a row: its text, its box (``None`` for an empty one), left edge and page.

    A cell merged over rows stands once with its text, and once without in each row below.
    """

    text: str
    box: Box | None
    left: float
    page: int


Row = Sequence[TableCell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table as drawn: its box and its rows of cells, each from left to right."""

    box: Box
    rows: tuple[Row, ...]


def find_grids(
    glyphs: Sequence[Glyph], across: Sequence[Rule], down: Sequence[Rule], *, page: int = 0
) -> tuple[list[Grid], list[Glyph]]:
    """Return the ruled tables of a page from top to bottom, and the glyphs outside of them.

    Parameters
    ----------
    glyphs, across, down
        As `mining.pdf.page.read_page` returns them, in points.
    page
        Number of the page, for the cells.
    """
    grids: list[Grid] = []
    rest = list(glyphs)
    for lines in _components(_merged(across), _merged(down)):
        frame = _Frame(*lines, page)
        inside = [g for g in rest if frame.holds(g)]
        if frame.is_table and inside:
            rest = [g for g in rest if not frame.holds(g)]
            grids.append(frame.fill(inside))
    return sorted(grids, key=lambda g: -g.box[3]), rest


def _merged(rules: Iterable[Rule]) -> list[Rule]:
    """Return rules with the pieces of one line joined."""
    groups: list[list[Rule]] = []
    for rule in sorted(rules):
        if groups and rule.at - groups[-1][0].at <= _SAME:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    out: list[Rule] = []
    for group in groups:
        at = sum(r.at for r in group) / len(group)
        pieces = sorted(group, key=lambda r: r.start)
        start, end = pieces[0].start, pieces[0].end
        for rule in pieces:
            if rule.start > end + _REACH:
                out.append(Rule(at, start, end))
                start = rule.start
            end = max(end, rule.end)
        out.append(Rule(at, start, end))
    return [r for r in out if r.end - r.start > _REACH]


def _components(
    across: Sequence[Rule], down: Sequence[Rule]
) -> list[tuple[list[Rule], list[Rule]]]:
    """Part the rules into groups that touch each other."""
    if len(across) > _MAX_RULES or len(down) > _MAX_RULES:
        return []
    parents = list(range(len(across) + len(down)))
    for i, h in enumerate(across):
        for j, v in enumerate(down, start=len(across)):
            if _touch(h, v):
                parents[_root(parents, i)] = _root(parents, j)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i in range(len(parents)):
        group = groups.setdefault(_root(parents, i), ([], []))
        if i < len(across):
            group[0].append(across[i])
        else:
            group[1].append(down[i - len(across)])
    return [g for g in groups.values() if g[0] and g[1]]


def _touch(h: Rule, v: Rule) -> bool:
    return h.start - _REACH <= v.at <= h.end + _REACH and v.start - _REACH <= h.at <= v.end + _REACH


def _root(parents: list[int], i: int) -> int:
    while parents[i] != i:
        parents[i] = parents[parents[i]]
        i = parents[i]
    return i


class _Frame:
    """The rules of one table, and which of its places belong together."""

    def __init__(self, across: list[Rule], down: list[Rule], page: int) -> None:
        self._page = page
        self._across = across
        self._down = down
        # A table may lack its outer rules: then the ends of the others are its edges.
        self.xs = _edges([v.at for v in down], [x for h in across for x in (h.start, h.end)])
        self.ys = _edges([h.at for h in across], [y for v in down for y in (v.start, v.end)])

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.ys) - 1

    @property
    def n_cols(self) -> int:
        """Number of columns."""
        return len(self.xs) - 1

    @property
    def is_table(self) -> bool:
        """Tell whether the rules part anything; a frame around a text is no table."""
        return self.n_cols > 1 and self.n_rows * self.n_cols <= _MAX_PLACES

    def holds(self, glyph: Glyph) -> bool:
        """Tell whether the middle of a glyph lies inside, or stands out by less than a sign."""
        x, y = _middle(glyph)
        out = _OUT * glyph.size
        return self.xs[0] - out <= x <= self.xs[-1] + out and self.ys[0] <= y <= self.ys[-1]

    def fill(self, glyphs: Sequence[Glyph]) -> Grid:
        """Return the grid with each glyph in its cell."""
        owners = self._owners()
        content: dict[int, list[Glyph]] = {}
        for atom in _atoms(glyphs):
            place = self._place(atom)
            content.setdefault(owners[place], []).extend(atom)
        texts = {owner: _cell_text(found) for owner, found in content.items()}
        rows = tuple(self._row(r, owners, texts) for r in range(self.n_rows - 1, -1, -1))
        box = (self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])
        return Grid(box=box, rows=rows)

    def _place(self, atom: Sequence[Glyph]) -> int:
        x = (atom[0].x0 + atom[-1].x1) / 2
        y = _middle(atom[0])[1]
        col = min(max(bisect_right(self.xs, x) - 1, 0), self.n_cols - 1)
        row = min(max(bisect_right(self.ys, y) - 1, 0), self.n_rows - 1)
        return row * self.n_cols + col

    def _owners(self) -> list[int]:
        """Return for each place, row by row from below, the number of its cell."""
        walls = [_along(self._down, x) for x in self.xs]
        floors = [_along(self._across, y) for y in self.ys]
        parents = list(range(self.n_rows * self.n_cols))
        for row in range(self.n_rows):
            y = (self.ys[row] + self.ys[row + 1]) / 2
            for col in range(self.n_cols):
                place = row * self.n_cols + col
                x = (self.xs[col] + self.xs[col + 1]) / 2
                if col + 1 < self.n_cols and not _crosses(walls[col + 1], y):
                    parents[_root(parents, place)] = _root(parents, place + 1)
                if row + 1 < self.n_rows and not _crosses(floors[row + 1], x):
                    parents[_root(parents, place)] = _root(parents, place + self.n_cols)
        return [_root(parents, place) for place in range(len(parents))]

    def _row(self, row: int, owners: list[int], texts: dict[int, str]) -> Row:
        """Return the cells of one row; the text of a cell stands in its highest row."""
        cells: list[TableCell] = []
        seen: set[int] = set()
        first = row * self.n_cols
        above = set(owners[first + self.n_cols : first + 2 * self.n_cols])
        for col in range(self.n_cols):
            owner = owners[first + col]
            if owner in seen:
                continue
            seen.add(owner)
            starts = owner not in above
            text = texts.get(owner, "") if starts else ""
            box = self._box(owner, owners) if text else None
            cells.append(TableCell(text=text, box=box, left=self.xs[col], page=self._page))
        return cells

    def _box(self, owner: int, owners: list[int]) -> Box:
        places = [divmod(i, self.n_cols) for i, o in enumerate(owners) if o == owner]
        rows, cols = [p[0] for p in places], [p[1] for p in places]
        return (
            self.xs[min(cols)],
            self.ys[min(rows)],
            self.xs[max(cols) + 1],
            self.ys[max(rows) + 1],
        )


def _edges(places: Iterable[float], ends: Sequence[float]) -> list[float]:
    """Return the places of rules, with the outermost ends where no rule stands."""
    out: list[float] = []
    for place in sorted((*places, min(ends), max(ends))):
        if not out or place - out[-1] > _REACH:
            out.append(place)
    return out


def _along(rules: Sequence[Rule], at: float) -> list[Rule]:
    return [r for r in rules if abs(r.at - at) <= _REACH]


def _crosses(rules: Sequence[Rule], at: float) -> bool:
    return any(r.start <= at <= r.end for r in rules)


def _middle(glyph: Glyph) -> tuple[float, float]:
    return (glyph.x0 + glyph.x1) / 2, glyph.y + 0.35 * glyph.size


def _atoms(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Return the pieces that lie in one cell each: single glyphs, and whole numbers.

    A long number may stand out of a narrow cell; it is not cut by the rule.
    """
    atoms: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: (-round(g.y, 1), g.x0)):
        last = atoms[-1][-1] if atoms else None
        if last is not None and _same_number(last, glyph):
            atoms[-1].append(glyph)
        else:
            atoms.append([glyph])
    return atoms


def _same_number(a: Glyph, b: Glyph) -> bool:
    if a.text not in _NUMBER_SIGNS or b.text not in _NUMBER_SIGNS:
        return False
    return abs(a.y - b.y) < 1.0 and -0.5 * a.size < b.x0 - a.x1 < _CLOSE * a.size


def _cell_text(glyphs: Sequence[Glyph]) -> str:
    """Return the text of a cell, its lines closed up."""
    text = ""
    for line in make_lines(glyphs):
        text = join_text(text, " ".join(w.text for w in line.words))
    return text


def join_pages(before: Sequence[Row], after: Sequence[Row]) -> list[Row]:
    """Return the rows of a table that goes on over a page.

    A header that the second page repeats is dropped, and a row that the break cuts in two is made
    whole.

    Parameters
    ----------
    before, after
        The rows on the first page and those on the next, neither empty.
    """
    head = list(before)
    rest = list(after[_n_repeated(before, after) :])
    if rest and len(rest[0]) == len(head[-1]):
        if _continues_label(head[-1], rest[0]):
            head[-1] = [_longer(old, new) for old, new in zip(head[-1], rest[0], strict=True)]
            rest = rest[1:]
        elif _continues_header(head[-1], rest[0]):
            head = _with_tails(head, rest[0])
            rest = rest[1:]
    return head + rest


def _n_repeated(head: Sequence[Row], rows: Sequence[Row]) -> int:
    count = 0
    for old, new in zip(head, rows, strict=False):
        texts = [c.text for c in new]
        is_header = any(texts) and not any(map(_is_value, texts))
        if not is_header or [c.text for c in old] != texts:
            break
        count += 1
    return count


def _continues_label(old: Row, new: Row) -> bool:
    """Tell whether a row is the rest of a numbered label, which has no number of its own."""
    labels = [_labels(row) for row in (old, new)]
    if not labels[0] or not labels[1] or not NUMBERED.match(labels[0][-1]):
        return False
    both = any(a.text and _is_value(b.text) for a, b in zip(old, new, strict=True))
    return not both and not any(NUMBERED.match(t) for t in labels[1])


def _continues_header(old: Row, new: Row) -> bool:
    """Tell whether a row is the lower half of header cells: many words, no value and no label."""
    if any(_is_value(c.text) for c in (*old, *new)):
        return False
    aligned = all(abs(a.left - b.left) <= _REACH for a, b in zip(old, new, strict=True))
    return aligned and min(len(_labels(old)), len(_labels(new))) >= _MANY


def _with_tails(rows: Sequence[Row], tails: Row) -> list[Row]:
    """Add the second half of each header cell to the lowest text above it."""
    out = [list(row) for row in rows]
    for tail in tails:
        places = (
            (r, c)
            for r in range(len(out) - 1, -1, -1)
            for c, cell in enumerate(out[r])
            if cell.text and abs(cell.left - tail.left) <= _REACH
        )
        place = next(places, None)
        if place is not None:
            out[place[0]][place[1]] = _longer(out[place[0]][place[1]], tail)
    return list(out)


def _longer(old: TableCell, new: TableCell) -> TableCell:
    return replace(old, text=join_text(old.text, new.text), box=old.box or new.box)


def _labels(row: Row) -> list[str]:
    return [c.text for c in row if c.text and not _is_value(c.text)]


def _is_value(text: str) -> bool:
    return bool(text) and parse_cell(text)[0] != "text"
