"""Web pages as a light tree of elements, built within limits whatever the markup looks like."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from mining.errors import ReadError
from mining.settings import Settings

__all__ = ["BLOCKS", "Node", "Page", "parse_page"]

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

# Content that a reader of the page does not see as text; `rt` is the sound above a character.
_SKIPPED = frozenset(
    {
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "canvas",
        "audio",
        "video",
        "select",
        "option",
        "textarea",
        "button",
        "datalist",
        "rt",
        "rp",
        "applet",
        "frameset",
        "map",
        "noframes",
    }
)
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_TRUE = frozenset({"true", "TRUE", "True"})
_HIDING = frozenset({"style", "hidden", "aria-hidden"})
# Elements with more to them than their place in the tree.
_NOTED = frozenset({"meta", "pre", "table", "title"})
# A page of a report has 1 000 to 10 000 tags.
_MAX_TAGS = 200_000
# Unclosed font and span tags nest without end in old pages; only their number is bounded.
_INLINE_PER_BLOCK = 5
_CHUNK = 1 << 16


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


def parse_page(text: str, *, path: Path, settings: Settings) -> Page:
    """Parse a page; broken markup is repaired as far as it goes.

    No entity but those of HTML is known, nothing is loaded, and scripts, styles, form fields and
    other content that is no text are left out.

    Raises
    ------
    ReadError
        E102 nothing in it, E104 too many tags, nested too deeply, or too slow.
    """
    # Imported here: a run over plain text never needs it.
    from lxml import etree  # noqa: PLC0415

    builder = _Builder(path, settings)
    n_tags = text.count("<")
    if n_tags > _MAX_TAGS:
        builder.refuse(f"{n_tags} tags, the limit is {_MAX_TAGS}", "is this really a report?")
    # Browsers show nothing for the character zero; the parser would cut the text at each.
    data = _without_subset(text).encode("utf-8", errors="replace").replace(b"\0", b"")
    parser = etree.HTMLParser(target=builder, encoding="utf-8", no_network=True)
    try:
        for start in range(0, len(data), _CHUNK):
            builder.check_time()
            parser.feed(data[start : start + _CHUNK])
        page: Page = parser.close()
    except etree.XMLSyntaxError as error:
        # Broken markup is repaired; this is raised when there is nothing to be repaired.
        message, hint = "the page holds no text", "save the page after it has loaded"
        raise ReadError(message, code="E102", path=path, hint=hint) from error
    return page


def _without_subset(text: str) -> str:
    """Drop the declarations inside a document type: entities of a page's own are never used."""
    start = text.find("<!DOCTYPE", 0, 2000)
    opened = text.find("[", start, start + 2000) if start >= 0 else -1
    if opened < 0 or text.find(">", start, opened) >= 0:
        return text
    end = text.find("]>", opened)
    return text[:start] + (text[end + 2 :] if end >= 0 else "")


class _Kind:
    """What is known of the elements of one tag in a page, and how many there were so far."""

    __slots__ = ("is_block", "is_noted", "is_skipped", "number", "tag")

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.number = 0
        self.is_skipped = tag in _SKIPPED
        self.is_block = tag in BLOCKS
        self.is_noted = tag in _NOTED


class _Kinds(dict[str, _Kind]):
    """The kinds of elements in a page: one look-up instead of one for each set of tags."""

    def __missing__(self, tag: str) -> _Kind:
        kind = self[tag] = _Kind(tag)
        return kind


class _Builder:
    """Target of the parser: takes start tags, texts and end tags, and builds the tree."""

    def __init__(self, path: Path, settings: Settings) -> None:
        self._path = path
        self._max_depth = settings.max_depth
        self._max_lines = settings.max_lines
        self._max_seconds = settings.max_seconds
        self._deadline = time.monotonic() + settings.max_seconds
        self._kinds = _Kinds()
        self._skipping = 0
        self._n_blocks = 0
        self._n_lines = 0
        # Open elements whose text is not simply kept: titles and preformatted text.
        self._n_titles = 0
        self._n_pre = 0
        root = Node("#page", {}, 1, hidden=False)
        self._node = root
        self._around: list[Node] = []
        self._page = Page(root=root)
        self._nodes = self._page.nodes
        # Text since the last tag: it comes in pieces, one for each entity. The parser fills the
        # list itself; what it puts in while content is skipped is dropped at the end of that.
        self._pieces: list[str] = []
        self._n_kept = 0
        self.data = self._pieces.append

    # A page has hundreds of tags: what `start` and `end` do for each is written out.
    def start(self, tag: str, attrs: Mapping[str, str]) -> None:
        """Take a start tag."""
        kind = self._kinds[tag]
        if self._skipping or kind.is_skipped:
            if not self._skipping:
                self._n_kept = len(self._pieces)
            self._skipping += 1
            return
        if self._pieces:
            self._end_text()
        kind.number = number = kind.number + 1
        hidden = bool(attrs) and not _HIDING.isdisjoint(attrs) and _is_hidden(attrs)
        node = Node(kind.tag, attrs, number, hidden)
        around = self._node
        around.children.append(node)
        self._around.append(around)
        self._nodes.append(node)
        self._node = node
        if kind.is_block:
            self._n_blocks += 1
        if kind.is_noted:
            self._note(node)
        if len(self._around) >= self._max_depth:
            self._check_depth()

    def end(self, tag: str) -> None:
        """Take an end tag; the parser sends one for each start tag, in order."""
        if self._skipping:
            self._skipping -= 1
            if not self._skipping:
                del self._pieces[self._n_kept :]
            return
        if self._pieces:
            self._end_text()
        node = self._node
        node.end = len(self._nodes)
        self._node = self._around.pop()
        kind = self._kinds[tag]
        if kind.is_block:
            self._n_blocks -= 1
        if kind.is_noted:
            self._note_end(node)

    def close(self) -> Page:
        """Return the page."""
        if self._skipping:
            del self._pieces[self._n_kept :]
        self._end_text()
        for node in (*self._around, self._node):
            node.end = len(self._nodes)
        return self._page

    def check_time(self) -> None:
        """Refuse to go on when the file has taken too long."""
        if time.monotonic() > self._deadline:
            message = f"the file passes the limit max_seconds = {self._max_seconds}"
            self.refuse(message, "split the file or raise max_seconds")

    def refuse(self, message: str, hint: str) -> NoReturn:
        """Raise E104."""
        raise ReadError(message, code="E104", path=self._path, hint=hint)

    def _check_depth(self) -> None:
        n_inline = len(self._around) + 1 - self._n_blocks
        if self._n_blocks > self._max_depth or n_inline > self._max_depth * _INLINE_PER_BLOCK:
            message = f"elements nested deeper than max_depth = {self._max_depth}"
            self.refuse(message, "save the page again from a browser")

    def _note(self, node: Node) -> None:
        if node.tag == "meta":
            self._take_meta(node.attrs)
        elif node.tag == "title":
            self._n_titles += 1
        elif node.tag == "pre":
            self._n_pre += 1

    def _note_end(self, node: Node) -> None:
        if node.tag == "table":
            node.nested = self._kinds["table"].number > node.number
        elif node.tag == "title":
            self._n_titles -= 1
        elif node.tag == "pre":
            self._n_pre -= 1

    def _end_text(self) -> None:
        """Put the text since the last tag where it belongs."""
        text = "".join(self._pieces)
        self._pieces.clear()
        node = self._node
        if self._n_titles and node.tag == "title" and not node.children:
            self._page.title += text
        elif self._n_pre and "\n" in text:
            self._take_lines(text)
        elif text:
            node.children.append(text)

    def _take_lines(self, text: str) -> None:
        """Keep the line ends of preformatted text."""
        children = self._node.children
        lines = text.split("\n")
        self._n_lines += len(lines)
        if self._n_lines > self._max_lines:
            message = f"the file passes the limit max_lines = {self._max_lines}"
            self.refuse(message, "split the file or raise max_lines")
        for index, line in enumerate(lines):
            if index:
                line_end = Node("br", {}, 0, hidden=False)
                children.append(line_end)
                self._nodes.append(line_end)
                line_end.end = len(self._nodes)
            children.append(line)

    def _take_meta(self, attrs: Mapping[str, str]) -> None:
        name = (attrs.get("name") or attrs.get("property") or "").strip().lower()
        if name:
            self._page.meta.setdefault(name, attrs.get("content", "").strip())


def _is_hidden(attrs: Mapping[str, str]) -> bool:
    style = attrs.get("style")
    if style is not None:
        # Most styles hold neither word; to look for two words takes a quarter of the time.
        words = style.lower()
        if ("none" in words or "hidden" in words) and _HIDING_STYLE.search(style):
            return True
    return "hidden" in attrs or attrs.get("aria-hidden") in _TRUE
