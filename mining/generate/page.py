"""Truth to a web page: the report inside a site, a print view, a layout table or Word's markup."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from random import Random

from mining.generate.gold import Gold, gold_without_places
from mining.generate.layout import PrintCell, PrintGrid
from mining.generate.printout import PrintItem, print_items
from mining.generate.truth import Truth, TruthError

__all__ = ["LOOKS", "print_view", "render_html"]

LOOKS = ("site", "modern", "old", "word", "print")
"""Kinds of page: a site of the 2010s, one of today, one of layout tables, Word's own markup, and
a print view with nothing around the report."""

_SLOT = re.compile(r"%%([a-z]+)%%")
_RUN = re.compile(r"([0-9A-Za-z.%,]+)")
_CHARSETS = {"utf-8": ("utf-8", "utf-8"), "utf-8-sig": ("utf-8", "utf-8-sig")}
_LEGACY_NAMES = ("gb2312", "gbk", "GB2312")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Style:
    """Markup of one page; every string is what opens or fills a piece."""

    indent: str
    paragraph: str
    heading: tuple[str, str]
    title: tuple[str, str]
    table: str
    line_break: str
    blank: str
    gap: str
    runs: bool
    wrap_cells: bool


def render_html(truth: Truth) -> tuple[bytes, Gold]:
    """Return the page of a report and its gold, which has no places.

    What `truth` asks for is kept where a page can hold it: the encoding (any but UTF-8 becomes
    GBK under one of its usual names) and the look. The same truth gives the same bytes.

    Raises
    ------
    TruthError
        When the look or something in the truth is unsound.
    """
    rng = Random(f"{truth.name}/html")
    look = truth.look or rng.choice(LOOKS)
    if look not in LOOKS:
        msg = f"unknown look {look!r} of a page"
        raise TruthError(msg, code="E701", path=f"{truth.name}.toml")
    items = print_items(truth)
    charset, codec = _CHARSETS.get(truth.encoding) or (rng.choice(_LEGACY_NAMES), "gbk")
    page = _page(truth, items, look=look, charset=charset, rng=rng)
    # Characters that GBK lacks are written as references, as editors of that time did.
    data = page.encode(codec, "xmlcharrefreplace")
    return data, gold_without_places(truth, items, suffix=".html")


def print_view(truth: Truth, *, ruled: bool = True) -> str:
    """Return the page that a browser prints to PDF, with or without lines around the cells."""
    rng = Random(f"{truth.name}/pdf")
    style = _style("print", rng)
    page = _fill("print", _slots(truth, print_items(truth), style=style, charset="utf-8", rng=rng))
    return page if ruled else page.replace("1px solid #000", "0 none")


def _page(
    truth: Truth, items: tuple[PrintItem, ...], *, look: str, charset: str, rng: Random
) -> str:
    style = _style(look, rng)
    return _fill(look, _slots(truth, items, style=style, charset=charset, rng=rng))


def _fill(look: str, slots: dict[str, str]) -> str:
    page = files("mining.generate").joinpath("pages", f"{look}.html").read_text(encoding="utf-8")
    return _SLOT.sub(lambda match: slots[match[1]], page)


def _slots(
    truth: Truth, items: tuple[PrintItem, ...], *, style: _Style, charset: str, rng: Random
) -> dict[str, str]:
    """Return what the places of a page template hold, by name."""
    year = truth.year + 1
    titles = [escape(item.text) for item in items if item.kind == "title"]
    body = [_item(item, style) for item in items if item.kind != "title"]
    furniture = [
        f"<p>{escape(line)}</p>" for line in (truth.head + truth.tail).splitlines() if line.strip()
    ]
    return {
        "charset": charset,
        "title": "".join(titles),
        "heading": style.title[0] + "<br>".join(titles) + style.title[1],
        "body": style.gap.join(body),
        "furniture": "\n".join(furniture),
        "agency": escape(truth.agency),
        "region": escape(truth.region),
        "date": f"{year}-{rng.randint(1, 3):02}-{rng.randint(4, 28):02}",
        "nextdate": f"{year}-04-{rng.randint(4, 28):02}",
        "views": str(rng.randint(40, 4000)),
        "number": f"{rng.randint(100000, 999999)}/{year}-{rng.randint(10000, 99999)}",
        "lastyear": str(truth.year - 1),
    }


def _style(look: str, rng: Random) -> _Style:
    """Choose the markup of one page; old pages indent by blanks, new ones by style."""
    blanks = ("　　", "&nbsp;&nbsp;&nbsp;&nbsp;", "&emsp;&emsp;", "&#12288;&#12288;")
    return _Style(
        indent="" if look in ("modern", "print") else rng.choice(blanks),
        paragraph={
            "word": '<p class="MsoNormal" style="text-indent:32.0pt;line-height:28.0pt">',
            "modern": '<p style="text-indent: 2em;">',
            "old": "<P>",
        }.get(look, "<p>"),
        heading=rng.choice(
            (("<p><strong>", "</strong></p>"), ("<h3>", "</h3>"), ('<p class="h">', "</p>"))
        ),
        title=("<h1>", "</h1>")
        if look in ("site", "modern", "print")
        else ('<p align="center"><b>', "</b></p>"),
        table=rng.choice(
            (
                '<table border="1" cellspacing="0" cellpadding="0">',
                '<table class="MsoTableGrid" style="border-collapse:collapse" width="100%">',
            )
        ),
        line_break=rng.choice(("<br>", "<br/>", "<br />\n")),
        blank=rng.choice(("", "&nbsp;", " ")),
        gap=rng.choice(("\n", "\n\n", "\r\n      ")),
        runs=look == "word",
        wrap_cells=look == "word" or rng.random() < 0.4,
    )


def _item(item: PrintItem, style: _Style) -> str:
    if item.grid is not None:
        return _table(item.grid, style)
    if item.kind == "heading":
        return style.heading[0] + _text(item.text, style) + style.heading[1]
    if not item.text.strip():
        return f"{style.paragraph}&nbsp;</p>"
    return f"{style.paragraph}{style.indent}{_text(item.text, style)}</p>"


def _text(text: str, style: _Style) -> str:
    """Return escaped text; Word sets digits and letters in runs of their own."""
    if not style.runs:
        return escape(text, quote=False)
    pieces = (escape(piece, quote=False) for piece in _RUN.split(text))
    return "".join(
        f'<span lang="EN-US">{piece}</span>' if place % 2 else piece
        for place, piece in enumerate(pieces)
    )


def _table(grid: PrintGrid, style: _Style) -> str:
    rows = (
        "<tr>"
        + style.gap
        + style.gap.join(_cell(c, style) for c, is_first in grid.places(row) if is_first)
        + "</tr>"
        for row in range(grid.n_rows)
    )
    return style.table + "<tbody>" + style.gap.join(rows) + "</tbody></table>"


def _cell(cell: PrintCell, style: _Style) -> str:
    spans = "".join(
        f' {name}="{size}"'
        for name, size in (("rowspan", cell.row_span), ("colspan", cell.col_span))
        if size > 1
    )
    lines = (_text(line, style) for line in cell.text.split("\n"))
    text = style.line_break.join(lines) or style.blank
    if style.wrap_cells:
        text = f'<p style="text-align:center">{text}</p>'
    return f'<td{spans} valign="middle">{text}</td>'
