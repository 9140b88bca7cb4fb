"""The part of a web page that is the report: text is weighed, navigation and copies are left out.

Losing a part of the report is worse than keeping a line of a site's furniture, so a part is left
out only when nothing that looks like a report stands in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mining.html.tree import Node, Page

__all__ = ["Weight", "find_main", "weigh"]

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


@dataclass(slots=True)
class Weight:
    """What stands in an element.

    Parameters
    ----------
    prose
        Characters of sentences and of table cells, links left out.
    marks
        First-level headings and cells that hold a number.
    chars, linked
        All characters, and those of links.
    links
        Number of links.
    """

    prose: int = 0
    marks: int = 0
    chars: int = 0
    linked: int = 0
    links: int = 0

    def add(self, other: Weight) -> None:
        """Take in the weight of a child."""
        self.prose += other.prose
        self.marks += other.marks
        self.chars += other.chars
        self.linked += other.linked
        self.links += other.links


def weigh(page: Page) -> dict[Node, Weight]:
    """Return the weight of every element; hidden elements weigh nothing.

    When all that weighs is hidden (a page saved with a dialog open), nothing counts as hidden.
    """
    weights = _weigh(page)
    if not weights[page.root].prose and any(node.hidden for node in page.nodes):
        for node in page.nodes:
            node.hidden = False
        weights = _weigh(page)
    return weights


def _weigh(page: Page) -> dict[Node, Weight]:
    weights: dict[Node, Weight] = {}
    # Children stand behind their parents, so the way back meets them first.
    for node in (*reversed(page.nodes), page.root):
        weight = weights[node] = Weight()
        if node.hidden:
            continue
        for child in node.children:
            if isinstance(child, str):
                _add_text(weight, child, in_cell=node.tag in ("td", "th"))
            else:
                weight.add(weights[child])
        if node.tag == "a" and node.attrs.get("href"):
            weight.prose = weight.marks = 0
            weight.linked, weight.links = weight.chars, 1
    return weights


def _add_text(weight: Weight, text: str, *, in_cell: bool) -> None:
    size = len(text)
    if text.isspace():
        return
    weight.chars += size
    if (size < _SHORT and _NUMBER.match(text)) or _HEADING.match(text):
        weight.marks += 1
        weight.prose += size
    elif in_cell or _SENTENCE.search(text):
        weight.prose += size


def find_main(page: Page, weights: dict[Node, Weight]) -> tuple[Node, set[Node]]:
    """Choose the element that holds the report, and the elements inside it to leave out."""
    main = _descend(page.root, weights)
    whole = weights[page.root]
    for node in page.nodes:
        if node.tag not in _NO_CONTAINER and _names(node, _CONTAINERS):
            own = weights[node]
            if own.marks >= whole.marks and own.prose >= _NAMED * whole.prose and own.prose:
                main = _descend(node, weights) if own.chars <= weights[main].chars else main
    left_out = _copies(main, weights)
    rest = [c for c in main.children if isinstance(c, Node) and c not in left_out]
    if left_out and len(rest) == 1:
        main = rest[0]
    left_out.update(_furniture(main, weights))
    return main, left_out


def _descend(start: Node, weights: dict[Node, Weight]) -> Node:
    """Go down as long as one child holds the report, and stop at an element that is a whole."""
    node = best = start
    while True:
        children = [c for c in node.children if isinstance(c, Node)]
        heaviest = max(children, key=lambda c: weights[c].prose, default=None)
        if heaviest is None or heaviest.tag == "p":
            return best
        own, all_of_it = weights[heaviest], weights[node]
        if own.marks < all_of_it.marks or own.prose <= _NEARLY_ALL * all_of_it.prose:
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


def _copies(main: Node, weights: dict[Node, Weight]) -> set[Node]:
    """Return the children of `main` that tell what another child tells (desktop and print)."""
    enough = max(_COPY * weights[main].prose, _PARAGRAPH)
    heavy = [c for c in main.children if isinstance(c, Node) and weights[c].prose >= enough]
    if len(heavy) != 2:
        return set()
    first, second = heavy
    mine, other = (set(_lines(n)) for n in heavy)
    if len(mine & other) < _SAME * min(len(mine), len(other)):
        return set()
    # A print view may have lost its tables: the fuller one stays, and the first of equals.
    return {first if weights[second].marks > weights[first].marks else second}


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


def _furniture(main: Node, weights: dict[Node, Weight]) -> set[Node]:
    """Return what is no report inside `main`: share buttons, link lists, footers."""
    limit = min(_LITTLE * weights[main].prose, _PARAGRAPH)
    found: set[Node] = set()
    stack = [c for c in main.children if isinstance(c, Node)]
    while stack:
        node = stack.pop()
        weight = weights[node]
        light = weight.prose <= limit and not weight.marks
        if light and weight.chars and _is_furniture(node, weight):
            found.add(node)
        elif weight.chars:
            stack.extend(c for c in node.children if isinstance(c, Node))
    return found


def _is_furniture(node: Node, weight: Weight) -> bool:
    if node.tag in ("h1", "h2", "h3", "td", "th", "tr"):
        return False
    if node.tag in _FURNITURE_TAGS or _names(node, _FURNITURE):
        return True
    return weight.links >= _MIN_LINKS and weight.linked * 10 > weight.chars * 7
