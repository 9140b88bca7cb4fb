"""The part of a web page that is the report: text is weighed, navigation and copies are left out.

Losing a part of the report is worse than keeping a line of a site's furniture, so a part is left
out only when nothing that looks like a report stands in it.
"""

from __future__ import annotations

import re
from operator import attrgetter

from mining.html.tree import Node, Page

__all__ = ["find_main", "weigh"]

# Sentences, and first-level headings, which may be all that is left of a report without tables.
_SENTENCE = re.compile(r"[。；，]")
_HEADING = re.compile(r"^\s*[一二三四五六七八九]\s{0,2}[、.．]\s{0,2}\S")
_NUMBER = re.compile(r"^\s*[+＋-]?\d[\d.,]*\s*$")
_CONTAINERS = re.compile(
    r"trs_editor|zoom|ucapcontent|article|content|detail|main|wznr|nr|text|xxgk|pages_content",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"share|print|tool|bread|crumb|position|location|nav|menu|foot|copyright|relat|recommend|pager|"
    r"pagination|qrcode|ewm|fontsize|sidebar|hidden|visible-print|d-none|\bhide\b|banner|\btop\b",
    re.IGNORECASE,
)
_FURNITURE_TAGS = frozenset({"nav", "footer", "aside", "menu", "dialog"})
_NO_FURNITURE = frozenset({"h1", "h2", "h3", "td", "th", "tr"})
_CELLS = frozenset({"td", "th"})
_NO_CONTAINER = frozenset({"table", "tbody", "thead", "tfoot", "tr", "ul", "ol", "dl"})
# Shares of the weight of sentences: a child holds the report when next to nothing stands beside
# it; a container known by its name may leave more outside.
_NEARLY_ALL = 0.9
_NAMED = 0.5
# Furniture holds less than this share, and less than a paragraph.
_LITTLE = 0.2
_PARAGRAPH = 200
_COPY = 0.3
_SAME = 0.9
_MIN_LINE = 6
_MIN_LINKS = 3
_SHORT = 12
_prose_of = attrgetter("prose")


def weigh(page: Page) -> None:
    """Fill in what stands in every element; hidden elements weigh nothing.

    When all that weighs is hidden (a page saved with a dialog open), nothing counts as hidden.
    """
    _weigh(page)
    if not page.root.prose and any(node.hidden for node in page.nodes):
        for node in page.nodes:
            node.hidden = False
        _weigh(page)


def _weigh(page: Page) -> None:
    # Children stand behind their parents, so the way back meets them first.
    for node in (*reversed(page.nodes), page.root):
        prose = marks = chars = linked = links = 0
        for child in () if node.hidden else node.children:
            if isinstance(child, str):
                if child.isspace():
                    continue
                size = len(child)
                chars += size
                # Most cells hold nothing but digits.
                if (size < _SHORT and child.isdecimal()) or _is_mark(child):
                    marks += 1
                    prose += size
                elif node.tag in _CELLS or _SENTENCE.search(child):
                    prose += size
            elif child.chars or child.links:
                prose += child.prose
                marks += child.marks
                chars += child.chars
                linked += child.linked
                links += child.links
        if node.tag == "a" and node.attrs.get("href") and not node.hidden:
            prose = marks = 0
            linked, links = chars, 1
        node.prose, node.marks, node.chars = prose, marks, chars
        node.linked, node.links = linked, links


def _is_mark(text: str) -> bool:
    if len(text) < _SHORT and _NUMBER.match(text):
        return True
    return _HEADING.match(text) is not None


def find_main(page: Page) -> tuple[Node, set[Node]]:
    """Choose the element that holds the report, and the elements inside it to leave out."""
    whole = page.root
    main = _descend(whole)
    enough = max(_NAMED * whole.prose, 1)
    for node in page.nodes:
        # Few elements hold so much, so their names are asked last.
        is_heavy = node.prose >= enough and node.marks >= whole.marks
        if is_heavy and node.tag not in _NO_CONTAINER and _names(node, _CONTAINERS):
            main = _descend(node) if node.chars <= main.chars else main
    left_out = _copies(main)
    rest = [c for c in main.children if isinstance(c, Node) and c not in left_out]
    if left_out and len(rest) == 1:
        main = rest[0]
    left_out.update(_furniture(main, page))
    return main, left_out


def _descend(start: Node) -> Node:
    """Go down as long as one child holds the report, and stop at an element that is a whole."""
    node = best = start
    while True:
        children = [c for c in node.children if isinstance(c, Node)]
        heaviest = max(children, key=_prose_of, default=None)
        if heaviest is None or heaviest.tag == "p":
            return best
        if heaviest.marks < node.marks or heaviest.prose <= _NEARLY_ALL * node.prose:
            return best
        node = heaviest
        if node.tag in ("div", "td", "article", "body", "section", "main", "form", "center"):
            best = node


def _names(node: Node, pattern: re.Pattern[str]) -> bool:
    """Tell whether the id or class of an element matches."""
    attrs = node.attrs
    if not attrs:
        return False
    name, kind = attrs.get("id"), attrs.get("class")
    return bool((name and pattern.search(name)) or (kind and pattern.search(kind)))


def _copies(main: Node) -> set[Node]:
    """Return the children of `main` that tell what another child tells (desktop and print)."""
    enough = max(_COPY * main.prose, _PARAGRAPH)
    heavy = [c for c in main.children if isinstance(c, Node) and c.prose >= enough]
    if len(heavy) != 2:
        return set()
    first, second = heavy
    mine, other = (set(_lines(n)) for n in heavy)
    if len(mine & other) < _SAME * min(len(mine), len(other)):
        return set()
    # A print view may have lost its tables: the fuller one stays, and the first of equals.
    return {first if second.marks > first.marks else second}


def _lines(node: Node) -> list[str]:
    texts = ("".join(t.split()) for t in _texts(node))
    return [t for t in texts if len(t) >= _MIN_LINE]


def _texts(node: Node) -> list[str]:
    found: list[str] = []
    stack: list[Node | str] = [node]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            found.append(item)
        elif not item.hidden:
            stack.extend(reversed(item.children))
    return found


def _furniture(main: Node, page: Page) -> set[Node]:
    """Return what is no report inside `main`: share buttons, link lists, footers."""
    limit = min(_LITTLE * main.prose, _PARAGRAPH)
    nodes = page.nodes
    found: set[Node] = set()
    place = 0 if main is page.root else nodes.index(main) + 1
    while place < main.end:
        node = nodes[place]
        light = node.prose <= limit and not node.marks
        if light and node.chars and _is_furniture(node):
            found.add(node)
            place = node.end
        else:
            place = place + 1 if node.chars else node.end
    return found


def _is_furniture(node: Node) -> bool:
    if node.tag in _NO_FURNITURE:
        return False
    if node.tag in _FURNITURE_TAGS or _names(node, _FURNITURE):
        return True
    return node.links >= _MIN_LINKS and node.linked * 10 > node.chars * 7
