"""Web pages as a light tree of elements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["BLOCKS", "Node", "Page"]

BLOCKS = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    }
)
"""Elements that begin and end a line."""


class Node:
    """An element: its tag, attributes and children (elements and texts in order).

    Parameters
    ----------
    tag
        Lower-case name.
    attrs
        Attributes by name.
    number
        How many elements of this tag stand up to this one in the page, itself included.
    hidden
        The element says that it is not shown.

    Attributes
    ----------
    end
        Place in `Page.nodes` behind the last element inside this one.
    nested
        Other tables stand inside this table.
    prose, marks, chars, linked, links
        What stands in the element, once `mining.html.main.weigh` has told: characters of sentences
        and of table cells, links left out; first-level headings and cells that hold a number; all
        characters, and those of links; number of links.
    """

    __slots__ = (
        "attrs",
        "chars",
        "children",
        "end",
        "hidden",
        "linked",
        "links",
        "marks",
        "nested",
        "number",
        "prefix",
        "prose",
        "tag",
    )
    prose: int
    marks: int
    chars: int
    linked: int
    links: int

    # By position and with nothing that `weigh` fills: a page has hundreds of elements.
    def __init__(self, tag: str, attrs: Mapping[str, str], number: int, hidden: bool) -> None:  # noqa: FBT001
        self.tag = tag
        self.attrs = attrs
        self.number = number
        self.hidden = hidden
        self.children: list[Node | str] = []
        self.prefix = ""
        self.nested = False
        self.end = 0

    @property
    def path(self) -> str:
        """Where the element stands, as XPath: ``(//td)[12]``."""
        return f"(//{self.tag})[{self.number}]"


@dataclass(slots=True, kw_only=True)
class Page:
    """A parsed page.

    Parameters
    ----------
    root
        The element around everything.
    nodes
        All elements in document order.
    title
        Text of ``<title>``.
    meta
        ``<meta>`` contents by lower-case name or property.
    """

    root: Node
    nodes: list[Node] = field(default_factory=list)
    title: str = ""
    meta: dict[str, str] = field(default_factory=dict)
